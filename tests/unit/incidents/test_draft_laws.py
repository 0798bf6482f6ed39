"""Laws of the draft: whoever acts, in whatever order."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ringdown.core.principal import Person
from ringdown.incidents.evidence import Evidence
from ringdown.incidents.model import (
    FIELD_NAMES,
    FieldChanged,
    NothingConfirmed,
    NothingToDecide,
    Proposal,
    ValueInvalid,
    confirmed,
    edited,
    heard,
    new_draft,
    rejected,
    sent,
    to_send,
    typed,
)

DANA = Person(user_id="user_dana", name="Dana Reyes")
AT = "2026-03-01T03:00:00.000Z"
VALUES = {
    "type": ["fire", "noise", "crash"],
    "severity": ["low", "high", "critical"],
    "location": ["42 Oak Street", "40 Oak Street", "behind the school"],
    "victims": ["1", "2", "0"],
    "callback_number": ["5550142", "5855550142", "5550143"],
    "emergency": ["yes", "no"],
    "category": ["police", "fire"],
    "persons": ["a tall man", "a woman in red"],
    "vehicles": ["a blue van", "a truck"],
    "weapons": ["knife", "none"],
    "hazards": ["gas smell", "power line down"],
    "relation": ["self", "witness"],
}


def proposal(field: str, value: str, confidence: float = 0.8, at: int = 0) -> Proposal:
    cited = Evidence(f"utt_{at}", "caller", 0, 1, at, at + 500, "as heard")
    return Proposal(field, value, f"{value}!", confidence, (cited,), "because")


FIELDS = st.sampled_from(FIELD_NAMES)
PROPOSALS = st.lists(
    FIELDS.flatmap(
        lambda name: st.builds(
            proposal,
            st.just(name),
            st.sampled_from(VALUES[name]),
            st.sampled_from([0.3, 0.9]),
            st.integers(0, 3),
        )
    ),
    max_size=5,
    unique_by=lambda each: (each.field, each.value),
)
ACTS = st.one_of(
    st.tuples(st.just("heard"), PROPOSALS),
    FIELDS.flatmap(
        lambda name: st.tuples(st.just("edit"), st.just(name), st.sampled_from(VALUES[name]))
    ),
    st.tuples(st.just("confirm"), FIELDS),
    st.tuples(st.just("reject"), FIELDS),
)


def apply(draft, act):
    """Do one thing to a draft as it stands; what cannot be done changes nothing."""
    if act[0] == "heard":
        return heard(draft, act[1])[0]
    name = act[1]
    version = draft.fields[name].view.version
    try:
        if act[0] == "edit":
            return edited(draft, name, act[2], version, by=DANA, at=AT)
        return (confirmed if act[0] == "confirm" else rejected)(draft, name, version, DANA, AT)
    except NothingToDecide:
        return draft


@given(st.lists(ACTS, max_size=12), PROPOSALS)
@settings(max_examples=200, deadline=None)
def test_the_machine_never_overwrites_a_person(acts, proposals) -> None:
    """Value, state, person and time of a decided field are the same after anything is heard."""
    draft = new_draft("call_1")
    for act in acts:
        draft = apply(draft, act)
    after, _ = heard(draft, proposals)
    for name, field in draft.fields.items():
        if field.view.state in {"edited", "confirmed", "rejected"}:
            kept = after.fields[name].view
            same = ("value", "text", "state", "by", "at", "origin", "evidence")
            assert [getattr(kept, key) for key in same] == [
                getattr(field.view, key) for key in same
            ]


@given(st.lists(ACTS, max_size=15))
@settings(max_examples=200, deadline=None)
def test_every_change_is_a_new_version_and_nothing_else_is(acts) -> None:
    """A field's version grows by one exactly when its view changes; the draft's likewise."""
    draft = new_draft("call_1")
    for act in acts:
        after = apply(draft, act)
        changed = [
            name
            for name in FIELD_NAMES
            if after.fields[name].view.model_copy(update={"version": 0})
            != draft.fields[name].view.model_copy(update={"version": 0})
        ]
        bumped = [
            name
            for name in FIELD_NAMES
            if after.fields[name].view.version == draft.fields[name].view.version + 1
        ]
        assert set(changed) <= set(bumped)
        if act[0] == "heard":
            assert changed == bumped
        assert after.version - draft.version == bool(bumped)
        draft = after


@given(st.lists(ACTS, max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_field_has_evidence_a_person_or_no_value(acts) -> None:
    """Nothing without evidence, ever."""
    draft = new_draft("call_1")
    for act in acts:
        draft = apply(draft, act)
    for field in draft.fields.values():
        view = field.view
        assert (view.value is None) == (view.state in {"unknown", "rejected"})
        if view.value is not None:
            assert view.evidence or (view.origin == "typed" and view.by is not None)


@given(st.lists(ACTS, max_size=8), PROPOSALS)
@settings(max_examples=100, deadline=None)
def test_hearing_the_same_again_changes_nothing(acts, proposals) -> None:
    """Folding is idempotent."""
    draft = new_draft("call_1")
    for act in acts:
        draft = apply(draft, act)
    once, _ = heard(draft, proposals)
    twice, changed = heard(once, proposals)
    assert (twice, changed) == (once, ())


@given(st.lists(ACTS, max_size=12))
@settings(max_examples=150, deadline=None)
def test_only_confirmed_fields_are_sent(acts) -> None:
    """What a person has not confirmed does not leave."""
    draft = new_draft("call_1")
    for act in acts:
        draft = apply(draft, act)
    wanted = {name for name, field in draft.fields.items() if field.view.state == "confirmed"}
    if not wanted:
        with pytest.raises(NothingConfirmed):
            to_send(draft)
    else:
        assert set(to_send(draft)) == wanted


def test_something_newer_after_a_decision_becomes_a_suggestion() -> None:
    """The person's value stays; the news stands beside it."""
    draft, _ = heard(new_draft("call_1"), [proposal("location", "40 Oak Street")])
    draft = confirmed(draft, "location", 1, DANA, AT)
    draft, changed = heard(draft, [proposal("location", "42 Oak Street", at=3)])
    view = draft.fields["location"].view
    assert changed == ("location",)
    assert (view.value, view.state) == ("40 Oak Street", "confirmed")
    assert view.suggestion is not None
    assert view.suggestion.value == "42 Oak Street"


def test_what_the_person_already_saw_is_no_news() -> None:
    """An edited field does not nag with the reading that was edited away."""
    draft, _ = heard(new_draft("call_1"), [proposal("location", "40 Oak Street")])
    draft = edited(draft, "location", "42 Oak Street", 1, by=DANA, at=AT)
    again, changed = heard(draft, [proposal("location", "40 Oak Street", 0.9, at=2)])
    assert changed == ()
    assert again.fields["location"].view.suggestion is None


def test_the_heard_text_is_kept_beside_the_typed_one() -> None:
    """What the machine heard and what the person typed are kept apart."""
    draft, _ = heard(new_draft("call_1"), [proposal("location", "40 Oak Street")])
    view = edited(draft, "location", "42 Oak Street", 1, by=DANA, at=AT).fields["location"].view
    assert (view.origin, view.evidence) == ("typed", ())
    assert [other.value for other in view.alternatives] == ["40 Oak Street"]
    assert view.alternatives[0].evidence


def test_a_field_that_changed_since_it_was_looked_at_is_not_decided_on() -> None:
    """The second console is told what the field says now."""
    draft, _ = heard(new_draft("call_1"), [proposal("location", "40 Oak Street")])
    draft = edited(draft, "location", "42 Oak Street", 1, by=DANA, at=AT)
    with pytest.raises(FieldChanged) as caught:
        edited(draft, "location", "44 Oak Street", 1, by=DANA, at=AT)
    assert caught.value.private["current"]["value"] == "42 Oak Street"
    assert "Oak" not in str(caught.value.details)


def test_more_evidence_for_the_same_value_does_not_refuse_the_person() -> None:
    """Only a change of what the field says is a conflict."""
    draft, _ = heard(new_draft("call_1"), [proposal("location", "40 Oak Street", 0.3)])
    draft, _ = heard(draft, [proposal("location", "40 Oak Street", 0.9, at=2)])
    assert draft.fields["location"].view.version == 2
    assert confirmed(draft, "location", 1, DANA, AT).fields["location"].view.state == "confirmed"


def test_a_version_from_the_future_is_refused() -> None:
    """Nobody has seen it."""
    with pytest.raises(FieldChanged):
        edited(new_draft("call_1"), "location", "42 Oak Street", 7, by=DANA, at=AT)


def test_before_and_after_of_an_edit() -> None:
    """A confirmation says what stood there before the person decided."""
    draft, _ = heard(new_draft("call_1"), [proposal("location", "40 Oak Street")])
    draft = edited(draft, "location", "42 Oak Street", 1, by=DANA, at=AT)
    field = to_send(confirmed(draft, "location", 2, DANA, AT))["location"]
    assert (field.before, field.after, field.origin) == (
        "40 Oak Street!",
        "42 Oak Street",
        "typed",
    )


def test_sending_is_a_new_version_of_the_draft() -> None:
    """The console sees which version was sent."""
    view = sent(new_draft("call_1")).view()
    assert (view.version, view.sent_version, view.confirmations) == (1, 1, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("location", ""),
        ("location", "   "),
        ("location", "x" * 501),
        ("location", "a\x00b"),
        ("type", "no such type"),
        ("severity", "very"),
    ],
)
def test_a_value_that_cannot_stand_is_refused(name, value) -> None:
    """Empty, too long, not text, or not on the list."""
    with pytest.raises(ValueInvalid):
        typed(name, value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("location", "  42   Oak Street ", ("42 Oak Street", "42 Oak Street")),
        ("type", "structure_fire", ("structure_fire", "Building fire")),
        ("severity", "High", ("high", "High")),
    ],
)
def test_a_typed_value_is_tidied(name, value, expected) -> None:
    """Spaces folded, codes given their labels."""
    assert typed(name, value) == expected
