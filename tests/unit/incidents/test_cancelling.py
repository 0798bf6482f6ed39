"""What was sent can be taken back by a person, with a reason, and opened again; nothing else can."""

import dataclasses
import json

import pytest
from tests.unit.incidents.world import DANA, LEE, MAX, PHONES, World

from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal, system
from ringdown.incidents.api import ConfirmationForged
from ringdown.incidents.cancelling import CancelReasonMissing, NothingToCancel, SentMeanwhile
from ringdown.incidents.model import ConfirmationView, digest_of
from ringdown.incidents.service import OnlyPeopleConfirm

FIRE = "C: my house is on fire at 42 Oak Street"


async def sent(world: World) -> tuple[str, ConfirmationView]:
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    return call_id, await world.service.confirm(DANA, call_id, {"location": 1})


async def stored(world: World, call_id: str) -> list[ConfirmationView]:
    async with world.db.read() as tx:
        return await world.service.read_confirmations(tx, "centre_a", call_id)


async def test_a_cancellation_holds_what_was_sent_and_why_it_holds_no_more(world: World) -> None:
    """It is a confirmation of its own: person, time, number, digest."""
    call_id, first = await sent(world)
    view = await world.service.cancel(LEE, call_id, 1, "  False alarm,\n owner says ")
    assert (view.state, view.reason) == ("cancelled", "False alarm, owner says")
    assert (view.sequence, view.by.name, view.fields) == (2, "Lee Park", first.fields)
    assert view.digest != first.digest
    assert await stored(world, call_id) == [first, view]
    told = (await world.told("incidents.incident.confirmed"))[-1].record.fact
    assert told.confirmation == view
    (_, who, details) = (await world.audited("incidents:incident:cancelled"))[0]
    assert (who, details["reason"], details["digest"]) == (
        "user_lee", "False alarm, owner says", view.digest,
    )  # fmt: skip
    draft = await world.service.draft(DANA, call_id)
    assert (draft.confirmations, draft.sent_version) == (2, draft.version)


async def test_the_digest_covers_state_and_reason(world: World) -> None:
    """Neither can be changed, added or taken away in the store, not even with a new digest."""
    call_id, _ = await sent(world)
    view = await world.service.cancel(DANA, call_id, 1, "False alarm")
    async with world.db.read() as tx:
        row = await world.store.confirmation(tx, "centre_a", view.confirmation_id)
    assert row is not None
    content = json.loads(row.content)
    assert (content["state"], content["reason"]) == ("cancelled", "False alarm")
    other = {**content, "reason": "Other"}
    senseless = [
        {**content, "state": "active"},
        {**content, "reason": None},
        {**content, "state": "off"},
        {**content, "more": 1},
        {name: value for name, value in content.items() if name != "state"},
    ]
    texts = [json.dumps(one, sort_keys=True, separators=(",", ":")) for one in (other, *senseless)]
    tries = [(text, row.digest) for text in texts]
    tries += [(text, digest_of(text)) for text in texts[1:]]
    for text, digest in tries:
        tampered = dataclasses.replace(row, content=text, digest=digest)
        async with world.db.write() as tx:
            tx.memory("confirmations")[row.confirmation_id] = tampered
        async with world.db.read() as tx:
            with pytest.raises(ConfirmationForged):
                await world.service.confirmation(tx, "centre_a", row.confirmation_id)


async def test_an_active_confirmation_is_written_as_before(world: World) -> None:
    """Old rows and new ones have one shape, so that old digests stay right."""
    call_id, first = await sent(world)
    assert (first.state, first.reason) == ("active", None)
    async with world.db.read() as tx:
        row = await world.store.confirmation(tx, "centre_a", first.confirmation_id)
    assert row is not None
    assert {"state", "reason"}.isdisjoint(json.loads(row.content))
    assert call_id == row.call_id


async def test_cancelling_twice_is_one_cancellation(world: World) -> None:
    """A double click, or a second person who saw the same."""
    call_id, _ = await sent(world)
    first = await world.service.cancel(DANA, call_id, 1, "False alarm")
    assert await world.service.cancel(LEE, call_id, 1, "Other words") == first
    assert await world.service.cancel(LEE, call_id, 2, "Other words") == first
    assert len(await stored(world, call_id)) == 2


async def test_sending_after_a_cancellation_opens_it_again(world: World) -> None:
    """Also when no value has changed since; after that it is an active one."""
    call_id, _ = await sent(world)
    await world.service.cancel(DANA, call_id, 1, "False alarm")
    again = await world.service.confirm(LEE, call_id, {})
    assert (again.state, again.reason, again.sequence) == ("reopened", None, 3)
    assert await world.service.confirm(LEE, call_id, {}) == again
    more = await world.service.confirm(LEE, call_id, {"type": 1})
    assert (more.state, more.sequence) == ("active", 4)


async def test_what_was_not_sent_cannot_be_taken_back(world: World) -> None:
    """A draft reaches nobody."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    with pytest.raises(NothingToCancel):
        await world.service.cancel(DANA, call_id, 1, "False alarm")
    assert await stored(world, call_id) == []


async def test_a_version_that_the_person_did_not_see_is_not_taken_back(world: World) -> None:
    """A colleague's update in the same second survives."""
    call_id, _ = await sent(world)
    await world.service.confirm(LEE, call_id, {"type": 1})
    for seen in (1, 3):
        with pytest.raises(SentMeanwhile):
            await world.service.cancel(DANA, call_id, seen, "False alarm")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x00b"])
async def test_a_reason_is_needed(world: World, reason: str) -> None:
    """Somebody will ask."""
    call_id, _ = await sent(world)
    with pytest.raises(CancelReasonMissing):
        await world.service.cancel(DANA, call_id, 1, reason)


@pytest.mark.parametrize(
    "principal",
    [
        PHONES,
        dataclasses.replace(PHONES, permissions=DANA.permissions),
        system("centre_a", "cad"),
        dataclasses.replace(DANA, session_id=None),
        Principal("user", "", "Nobody", "centre_a", DANA.permissions, "ses_9"),
    ],
)
async def test_only_a_signed_in_person_cancels(world: World, principal: Principal) -> None:
    """Machines neither send nor take back."""
    call_id, _ = await sent(world)
    with pytest.raises(OnlyPeopleConfirm):
        await world.service.cancel(principal, call_id, 1, "False alarm")


async def test_another_centre_finds_nothing_to_cancel(world: World) -> None:
    """Tenancy."""
    call_id, _ = await sent(world)
    with pytest.raises(NotFound):
        await world.service.cancel(MAX, call_id, 1, "False alarm")
