"""The use cases of calls: idempotence, tenancy, facts, notes, audit."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.calls import events, model, service
from ringdown.calls.api import Calls
from ringdown.calls.fakes import MemoryCallStore
from ringdown.core.principal import Principal, system
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore
from ringdown.testing.clock import START, CountingIds, ManualClock

PHONES = Principal("client", "client_1", "Phones", "a", frozenset({"calls:write"}))
OTHER_CLIENT = Principal("client", "client_2", "Radio", "a", frozenset({"calls:write"}))
OTHER_CENTRE = Principal("client", "client_1", "Phones", "b", frozenset({"calls:write"}))
DANA = Principal("user", "user_1", "Dana", "a", frozenset())
LEE = Principal("user", "user_2", "Lee", "a", frozenset())


class World:
    def __init__(self) -> None:
        self.clock, self.db = ManualClock(), MemoryDatabase()
        ids = CountingIds()
        self.facts = Facts(MemoryFactStore(), self.clock, ids, events.FACTS)
        self.audit = AuditLog(MemoryAuditStore(), self.clock)
        self.service = service.CallService(
            self.db,
            MemoryCallStore(),
            facts=self.facts,
            audit=self.audit,
            clock=self.clock,
            ids=ids,
        )
        self.calls: Calls = self.service

    async def told(self) -> list[str]:
        async with self.db.read() as tx:
            return [stored.record.fact.kind for stored in await self.facts.since(tx, "a", 0)]

    async def audited(self) -> list[tuple[str, str]]:
        async with self.db.read() as tx:
            rows = await MemoryAuditStore().rows(tx, "a", after=0, limit=100)
            return [(row.tag, row.actor_id) for row in rows]

    async def begin(self, external_id: str = "x1") -> model.CallView:
        return await self.calls.start(PHONES, external_id=external_id, source="phones")


@pytest.fixture
def world() -> World:
    return World()


async def test_starting_twice_gives_one_call_and_takes_the_number_that_came_later(
    world: World,
) -> None:
    """A telephone system may repeat itself; the media source may be first."""
    first = await world.begin()
    again = await world.calls.start(PHONES, external_id="x1", ani="+15550100", source="phones")
    assert again == first.model_copy(update={"ani": "+15550100"})
    assert await world.told() == ["calls.call.started.v1", "calls.call.changed.v1"]


async def test_after_the_end_the_same_external_id_is_a_new_call(world: World) -> None:
    """Telephone systems use their ids again."""
    first = await world.begin()
    await world.calls.end(PHONES, first.call_id, "hangup")
    assert (await world.begin()).call_id != first.call_id


async def test_a_call_through_its_life_tells_each_change_once(world: World) -> None:
    """Repeating a command changes nothing and tells nobody."""
    call = await world.begin()
    for _ in range(2):
        leg = await world.calls.add_leg(PHONES, call.call_id, "call_taker", START)
        await world.calls.interrupt(PHONES, call.call_id)
    for _ in range(2):
        await world.calls.resume(PHONES, call.call_id)
    for _ in range(2):
        await world.calls.end(PHONES, call.call_id, "hangup")
    for _ in range(2):
        sealed = await world.calls.seal_leg(system("a", "media"), call.call_id, leg.leg_id, 1234)
    assert (sealed.state, sealed.duration_ms) == ("sealed", 1234)
    # added, interrupted, resumed, ended, sealed
    changed, ended = "calls.call.changed.v1", "calls.call.ended.v1"
    assert await world.told() == [
        "calls.call.started.v1",
        changed,
        changed,
        changed,
        ended,
        changed,
    ]


@pytest.mark.parametrize("stranger", [OTHER_CLIENT, OTHER_CENTRE])
async def test_a_stranger_finds_no_call_to_change(world: World, stranger: Principal) -> None:
    """Another centre's call, and another client's, look like missing ones."""
    call = await world.begin()
    with pytest.raises(service.CallNotFound):
        await world.calls.end(stranger, call.call_id, "hangup")


async def test_what_a_source_reports_acts_on_the_call(world: World) -> None:
    """A telephone system without audio drives the call by events alone."""
    call = await world.begin()
    note = world.calls.note_event
    await note(PHONES, call.call_id, "ali", 0, {"text": "12 Elm St", "lat": 1.0, "lon": 2.0})
    await note(PHONES, call.call_id, "answered", 2500, {})
    await note(PHONES, call.call_id, "held", 3000, {})
    seen = await world.calls.get(DANA, call.call_id)
    assert (seen.state, seen.answered_at) == ("held", "2026-03-01T03:00:02.500Z")
    assert seen.ali is not None
    assert seen.ali.text == "12 Elm St"
    await note(PHONES, call.call_id, "resumed", 4000, {})
    await note(PHONES, call.call_id, "dtmf", 4100, {"digit": "5"})
    async with world.db.read() as tx:
        kept = await world.calls.read_events(tx, "a", call.call_id)
    assert [event.type for event in kept] == ["ali", "answered", "held", "resumed", "dtmf"]


@pytest.mark.parametrize("data", [{"lat": "12 Elm Street"}, {"text": "x" * 20_000}])
async def test_an_event_that_cannot_be_kept_is_refused_without_quoting_it(
    world: World, data
) -> None:
    """The error never repeats a caller's location."""
    call = await world.begin()
    with pytest.raises(service.EventInvalid) as caught:
        await world.calls.note_event(PHONES, call.call_id, "ali", 0, data)
    assert "Elm" not in f"{caught.value} {caught.value.details}"
    assert caught.value.__cause__ is None


async def test_a_lost_call_stays_on_the_board_until_a_person_closes_it(world: World) -> None:
    """A machine cannot close it; a person does with a reason, and both are written down."""
    call = await world.begin()
    await world.calls.interrupt(PHONES, call.call_id)
    lost = await world.calls.lose(PHONES, call.call_id)
    assert lost.attention == "source_lost"
    with pytest.raises(service.PersonNeeded):
        await world.service.close(PHONES, call.call_id, "done")
    assert [c.call_id for c in await world.calls.open_calls("a")] == [call.call_id]
    await world.service.close(DANA, call.call_id, "unit on scene")
    assert await world.calls.open_calls("a") == []
    assert await world.audited() == [("calls:call:closed", "user_1")]
    async with world.db.read() as tx:
        (event,) = await world.calls.read_events(tx, "a", call.call_id)
    assert (event.type, event.data["reason"]) == ("closed", "unit on scene")


async def test_taking_a_call_names_the_person(world: World) -> None:
    """The board shows who has it, and the audit log who took it when."""
    call = await world.begin()
    taken = await world.service.assign(DANA, call.call_id)
    assert taken.assigned_to is not None
    assert taken.assigned_to.name == "Dana"
    assert await world.audited() == [("calls:call:assigned", "user_1")]


async def test_the_second_editor_of_a_note_is_told_and_nothing_is_lost(world: World) -> None:
    """Both versions are kept; whoever wrote over an old one gets the current one back."""
    call = await world.begin()
    note = await world.service.write_note(DANA, call.call_id, "blue door")
    await world.service.edit_note(LEE, call.call_id, note.note_id, "blue door, rear", 1)
    with pytest.raises(service.NoteConflict) as caught:
        await world.service.edit_note(DANA, call.call_id, note.note_id, "green door", 1)
    current = caught.value.private["current"]
    assert current["text"] == "blue door, rear"  # type: ignore[index]
    assert "door" not in str(caught.value.details)
    newest = await world.service.notes(DANA, call.call_id)
    assert [(n.text, n.version, n.by.name) for n in newest] == [("blue door, rear", 2, "Lee")]
    assert [tag for tag, _ in await world.audited()] == ["calls:note:written", "calls:note:edited"]


async def test_a_note_that_is_not_there_is_not_found(world: World) -> None:
    """Editing cannot create."""
    call = await world.begin()
    with pytest.raises(service.NoteNotFound):
        await world.service.edit_note(DANA, call.call_id, "note_x", "hello", 1)


async def test_ended_calls_come_newest_first_in_pages(world: World) -> None:
    """The list of old calls can be walked to its end."""
    made = []
    for number in range(3):
        call = await world.begin(f"x{number}")
        await world.calls.answer(PHONES, call.call_id)
        made.append((await world.calls.end(PHONES, call.call_id, "hangup")).call_id)
    first = await world.calls.ended_calls(DANA, limit=2)
    rest = await world.calls.ended_calls(DANA, before=first[-1].call_id, limit=2)
    assert [c.call_id for c in first + rest] == made[::-1]


async def test_a_leg_knows_its_place_on_the_calls_clock(world: World) -> None:
    """Positions are milliseconds since the call's first instant."""
    call = await world.begin()
    at = START + timedelta(seconds=1.5)
    leg = await world.calls.add_leg(PHONES, call.call_id, "caller", at)
    ended = await world.calls.end_leg(PHONES, call.call_id, leg.leg_id, at)
    assert (leg.start_ms, leg.state, ended.state) == (1500, "recording", "ended")


def test_what_a_location_does_not_tell_of_later_fields_is_left_out() -> None:
    """A location written before there were these fields is read, and written the same."""
    before = {"text": "12 Elm St", "lat": 1.0, "lon": 2.0, "uncertainty_m": None,
              "provider": None, "at": None}  # fmt: skip
    assert model.Ali.model_validate(before).model_dump(mode="json") == before
    told = before | {"class_of_service": "WPH2", "altitude_m": -3.5}
    assert model.Ali.model_validate(told).model_dump(mode="json") == told


@pytest.mark.parametrize(
    "data",
    [
        {"class_of_service": ""}, {"class_of_service": " "}, {"class_of_service": "x" * 33},
        {"class_of_service": "W\n"}, {"class_of_service": 7}, {"altitude_m": float("nan")},
        {"altitude_m": float("inf")}, {"altitude_m": "high"},
    ],
)  # fmt: skip
def test_a_class_of_service_is_a_short_text_and_an_altitude_a_number(data: object) -> None:
    """What cannot be passed on is refused where it comes in."""
    with pytest.raises(ValidationError):
        model.Ali.model_validate(data)


def test_views_refuse_what_they_do_not_know() -> None:
    """A view is exactly its documented shape."""
    with pytest.raises(ValidationError):
        model.Ali.model_validate({"street": "Elm"})
