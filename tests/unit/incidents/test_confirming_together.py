"""Several fields are confirmed in one act, all or none, and nothing is sent."""

import dataclasses

import pytest
from tests.unit.incidents.world import DANA, LEE, MAX, World, made

from ringdown.core.errors import NotFound, Refused
from ringdown.incidents.model import FieldChanged, NothingToDecide

FIRE = "C: my house is on fire at 40 Oak Street"


@pytest.fixture
async def world() -> World:
    return await made()


async def burning(world: World) -> str:
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    return call_id


async def test_each_is_confirmed_audited_and_told_once_and_nothing_is_sent(world: World) -> None:
    """One revision names both fields; there is no confirmation that a CAD could be sent."""
    call_id = await burning(world)
    draft = await world.service.confirm_fields(DANA, call_id, {"type": 1, "location": 1})
    states = {name: field.state for name, field in draft.fields.items()}
    assert (states["type"], states["location"]) == ("confirmed", "confirmed")
    assert "confirmed" not in {states["severity"], states["callback_number"]}
    assert (draft.confirmations, draft.sent_version) == (0, None)
    last = (await world.told())[-1].record.fact
    assert last.kind == "incidents.draft.revised.v1"
    assert set(last.model_dump()["changed"]) == {"type", "location"}
    assert await world.told("incidents.incident.confirmed") == []
    audited = [details["field"] for _, _, details in await world.audited("incidents:field:")]
    assert sorted(audited) == ["location", "type"]


async def test_a_stale_field_stops_them_all(world: World) -> None:
    """What one person typed is not confirmed unseen by another, nor is anything beside it."""
    call_id = await burning(world)
    await world.service.edit(LEE, call_id, "location", "42 Oak Street", 1)
    with pytest.raises(FieldChanged):
        await world.service.confirm_fields(DANA, call_id, {"type": 1, "location": 1})
    draft = await world.service.draft(DANA, call_id)
    assert (draft.fields["type"].state, draft.fields["location"].state) == ("proposed", "edited")


async def test_confirming_again_changes_and_tells_nothing(world: World) -> None:
    """A double press is one act; no field at all is none."""
    call_id = await burning(world)
    await world.service.confirm_fields(DANA, call_id, {"type": 1})
    before = len(await world.told())
    await world.service.confirm_fields(DANA, call_id, {"type": 2})
    await world.service.confirm_fields(DANA, call_id, {})
    assert len(await world.told()) == before


async def test_who_may_not_is_refused(world: World) -> None:
    """A program, another centre, a field of which nothing is known."""
    call_id = await burning(world)
    program = dataclasses.replace(DANA, kind="client", session_id=None)
    with pytest.raises(Refused):
        await world.service.confirm_fields(program, call_id, {"type": 1})
    with pytest.raises(NotFound):
        await world.service.confirm_fields(MAX, call_id, {"type": 1})
    with pytest.raises(NothingToDecide):
        await world.service.confirm_fields(DANA, call_id, {"type": 1, "victims": 0})
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["type"].state == "proposed"
