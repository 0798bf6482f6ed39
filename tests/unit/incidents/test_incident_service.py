"""The use cases of incidents: what is told, kept and audited."""

import pytest
from tests.unit.incidents.world import DANA, LEE, MAX, OTHER_PHONES, World

from ringdown.core.errors import NotFound
from ringdown.incidents.model import FieldChanged, NothingToDecide

FIRE = "C: my house is on fire at 40 Oak Street"


async def test_what_is_heard_becomes_a_draft_with_evidence(world: World) -> None:
    """One fact tells of it, and names the fields that changed."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].value == "40 Oak Street"
    assert draft.fields["location"].evidence[0].quote == "40 Oak Street"
    (told,) = await world.told()
    changed = ("emergency", "category", "type", "location", "severity", "relation")
    assert told.record.fact.changed == changed
    assert told.record.fact.because == "heard"
    assert told.record.fact.draft == draft


async def test_a_call_of_which_nothing_is_known_has_an_unknown_draft(world: World) -> None:
    """Unknown is always allowed."""
    call_id = await world.begin()
    draft = await world.service.draft(DANA, call_id)
    assert draft.version == 0
    assert {field.state for field in draft.fields.values()} == {"unknown"}


async def test_talk_that_says_nothing_tells_nothing(world: World) -> None:
    """No fact without a change."""
    call_id = await world.begin()
    await world.hear(call_id, "C: hello | T: yes go ahead | C: okay")
    assert await world.told() == []


async def test_the_same_utterance_twice_changes_nothing(world: World) -> None:
    """Delivery is at least once."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    before = await world.service.draft(DANA, call_id)
    await world.service.hear(
        "centre_a", call_id, world.transcript.utterances["centre_a", call_id][0]
    )
    assert await world.service.draft(DANA, call_id) == before
    assert len(await world.told()) == 1


async def test_after_a_restart_the_session_is_rebuilt_from_the_transcript(world: World) -> None:
    """The correction needs the line before, which was heard in another life."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    world.restart()
    await world.hear(call_id, "C: no 42 not 40")
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].value == "42 Oak Street"


async def test_a_session_is_dropped_when_the_call_ends(world: World) -> None:
    """What comes late is read with the whole transcript."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    world.service.forget("centre_a", call_id)
    assert not world.service._sessions
    await world.hear(call_id, "C: no 42 not 40")
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["location"].value == "42 Oak Street"


async def test_a_persons_edit_is_kept_whatever_is_heard(world: World) -> None:
    """The news becomes a suggestion."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    await world.service.edit(DANA, call_id, "location", "44 Oak Street", 1)
    await world.hear(call_id, "C: no 42 not 40")
    view = (await world.service.draft(DANA, call_id)).fields["location"]
    assert (view.value, view.state, view.origin) == ("44 Oak Street", "edited", "typed")
    assert view.suggestion is not None
    assert view.suggestion.value == "42 Oak Street"


async def test_the_audit_names_the_person_and_the_text_before_and_after(world: World) -> None:
    """Each act, with its time."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    await world.service.edit(DANA, call_id, "location", "42 Oak Street", 1)
    await world.service.confirm_field(LEE, call_id, "location", 2)
    await world.service.reject(LEE, call_id, "type", 1)
    rows = await world.audited("incidents:field:")
    assert [(tag, who) for tag, who, _ in rows] == [
        ("incidents:field:edited", "user_dana"),
        ("incidents:field:confirmed", "user_lee"),
        ("incidents:field:rejected", "user_lee"),
    ]
    assert (rows[0][2]["before"], rows[0][2]["after"]) == ("40 Oak Street", "42 Oak Street")
    assert (rows[2][2]["before"], rows[2][2]["after"]) == ("Building fire", None)
    assert all(row[2]["at"] == "2026-03-01T03:00:00.000Z" for row in rows)


async def test_two_consoles_edit_one_field_and_no_edit_is_lost(world: World) -> None:
    """The second is told what stands there; what was typed is kept and told to everybody."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    await world.service.edit(DANA, call_id, "location", "42 Oak Street", 1)
    with pytest.raises(FieldChanged) as caught:
        await world.service.edit(LEE, call_id, "location", "44 Oak Street", 1)
    assert caught.value.private["current"]["value"] == "42 Oak Street"
    (conflict,) = await world.told("incidents.edit.conflicted")
    assert conflict.record.fact.attempted_value == "44 Oak Street"
    assert conflict.record.fact.by.user_id == "user_lee"
    kept = [
        (each.kind, each.view.value)
        for each in await world.service.history(DANA, call_id)
        if each.field == "location"
    ]
    assert kept == [
        ("heard", "40 Oak Street"),
        ("edited", "42 Oak Street"),
        ("conflicted", "44 Oak Street"),
    ]


async def test_confirming_sends_every_confirmed_field(world: World) -> None:
    """Those named now and those confirmed before."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    await world.service.confirm_field(DANA, call_id, "type", 1)
    view = await world.service.confirm(LEE, call_id, {"location": 1})
    assert set(view.fields) == {"type", "location"}
    assert (view.sequence, view.by.name) == (1, "Lee Park")
    kinds = [each.record.fact.kind for each in await world.told()]
    assert kinds[-2:] == ["incidents.draft.revised.v1", "incidents.incident.confirmed.v1"]
    draft = await world.service.draft(DANA, call_id)
    assert (draft.confirmations, draft.sent_version) == (1, draft.version)
    (_, who, details) = (await world.audited("incidents:incident:"))[0]
    assert (who, details["digest"]) == ("user_lee", view.digest)


async def test_a_later_correction_needs_a_new_confirmation(world: World) -> None:
    """The CAD gets an update with the next number, never silence and never a guess."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    first = await world.service.confirm(DANA, call_id, {"location": 1, "type": 1})
    await world.service.edit(DANA, call_id, "location", "42 Oak Street", 2)
    assert (await world.service.draft(DANA, call_id)).confirmations == 1
    second = await world.service.confirm(DANA, call_id, {"location": 3})
    assert (first.sequence, second.sequence) == (1, 2)
    field = second.fields["location"]
    assert (field.before, field.after) == ("40 Oak Street", "42 Oak Street")


async def test_sending_twice_with_nothing_new_gives_the_same_confirmation(world: World) -> None:
    """A double click is one act."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    first = await world.service.confirm(DANA, call_id, {"location": 1})
    again = await world.service.confirm(DANA, call_id, {"location": 2})
    assert again == first
    assert len(await world.told("incidents.incident.confirmed")) == 1


async def test_a_stale_field_stops_the_whole_confirmation(world: World) -> None:
    """All or nothing: the other field is not confirmed either."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    await world.service.edit(LEE, call_id, "location", "42 Oak Street", 1)
    with pytest.raises(FieldChanged):
        await world.service.confirm(DANA, call_id, {"type": 1, "location": 1})
    draft = await world.service.draft(DANA, call_id)
    assert draft.fields["type"].state == "proposed"
    assert draft.confirmations == 0


async def test_an_unknown_field_cannot_be_confirmed_or_rejected(world: World) -> None:
    """There is nothing to say yes to."""
    call_id = await world.begin()
    with pytest.raises(NothingToDecide):
        await world.service.confirm_field(DANA, call_id, "location", 0)
    with pytest.raises(NothingToDecide):
        await world.service.reject(DANA, call_id, "location", 0)


async def test_an_unknown_field_can_be_typed(world: World) -> None:
    """The call-taker knows more than the rules."""
    call_id = await world.begin()
    view = await world.service.edit(DANA, call_id, "victims", "two adults", 0)
    assert (view.value, view.state, view.version) == ("two adults", "edited", 1)


async def test_another_centres_call_looks_like_a_missing_one(world: World) -> None:
    """For reading and for each act."""
    call_id = await world.begin()
    service = world.service
    for act in (
        service.draft(MAX, call_id),
        service.history(MAX, call_id),
        service.edit(MAX, call_id, "type", "fire", 0),
        service.confirm_field(MAX, call_id, "type", 0),
        service.reject(MAX, call_id, "type", 0),
        service.confirm(MAX, call_id, {}),
    ):
        with pytest.raises(NotFound):
            await act


async def test_two_centres_do_not_share_a_session(world: World) -> None:
    """Even where both hear the same words."""
    ours = await world.begin()
    theirs = await world.begin(by=OTHER_PHONES)
    await world.hear(ours, FIRE)
    await world.hear(theirs, "C: hello", centre_id="centre_b")
    assert (await world.service.draft(MAX, theirs)).version == 0


async def test_several_drafts_at_once_for_the_board(world: World) -> None:
    """Calls of which nothing is known are left out."""
    one, two = await world.begin("x1"), await world.begin("x2")
    await world.hear(one, FIRE)
    async with world.db.read() as tx:
        found = await world.service.read_drafts(tx, "centre_a", [one, two])
        assert await world.service.read_drafts(tx, "centre_b", [one, two]) == {}
    assert list(found) == [one]


async def test_the_snapshot_is_the_fold_of_the_facts(world: World) -> None:
    """Whoever has followed the facts has what a fresh reader sees."""
    call_id = await world.begin()
    await world.hear(call_id, FIRE)
    await world.service.edit(DANA, call_id, "location", "42 Oak Street", 1)
    await world.service.confirm(DANA, call_id, {"location": 2, "type": 1})
    await world.hear(call_id, "C: two people are hurt")
    last = (await world.told("incidents.draft.revised"))[-1].record.fact
    assert last.draft == await world.service.draft(DANA, call_id)
