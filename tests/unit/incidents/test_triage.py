"""Emergency or not, and what kind: sentences that only sound alike, one row each with its reason."""

import pytest
from pydantic import ValidationError

from ringdown.incidents.adapters.rules import RuleExtractor, RulesSettings
from ringdown.incidents.adapters.rules.tokens import tokenise
from ringdown.incidents.adapters.rules.triage import Triage, first_said, triage
from ringdown.incidents.ports import Proposal
from ringdown.incidents.types import BY_CODE
from ringdown.testing.extractor import dialogue, hear_all


def heard(script: str) -> tuple[Proposal, ...]:
    return hear_all(RuleExtractor().open(), dialogue(script))


def triaged(script: str, *, emergency_at: float = 0.4) -> Triage | None:
    first = first_said(tokenise(utterance) for utterance in dialogue(script))
    return triage(heard(script), first, emergency_at=emergency_at)


def category(script: str) -> str | None:
    kinds = [each.value for each in heard(script) if each.field == "type"]
    return BY_CODE[kinds[0]].category if kinds else None


EMERGENCIES = [
    ("C: hello", "nothing is known yet"),
    ("C: I locked my keys in my car and my baby is inside", "a lockout with a child in it"),
    ("C: it's not an emergency I think but he's not breathing", "danger said outright"),
    ("C: no I have an emergency my house is on fire", "a no that answers nothing"),
    ("C: he accidentally shot himself", "an accident is no misdial"),
    ("C: my daughter accidentally swallowed a battery", "the same with poison"),
    ("C: how do I get out, the stairs are full of smoke", "how to is no question for information"),
    ("C: the kids were playing and my son fell off the roof", "playing is no noise"),
    ("C: I have a restraining order and he's at my door", "an order that nobody cooked"),
    ("C: everyone is okay but the car is on fire", "nobody hurt is still a fire"),
    ("C: I ordered a pizza | C: yes he has a gun to my head", "danger after a pretext"),
    ("C: there's a dog | C: please hurry", "an animal alone, and not clearly calm"),
]


@pytest.mark.parametrize(("script", "reason"), EMERGENCIES)
def test_in_doubt_a_call_is_an_emergency(script: str, reason: str) -> None:
    """It goes to a person."""
    found = triaged(script)
    assert found is not None
    assert found.emergency, reason
    assert found.evidence


CALM = [
    ("C: sorry I dialed by accident, I meant to call my sister", "a misdial"),
    ("C: my neighbor's music is so loud it's killing me", "a way of speaking"),
    ("C: the kids are shooting off fireworks again", "shooting that is none"),
    ("C: they gave me cold fries and won't give me my money back", "a cold meal"),
    ("C: I have a question about a parking ticket", "a question"),
    ("C: I locked myself out of my house", "a lockout"),
    ("C: there's a raccoon in my attic", "an animal that harms nobody"),
    ("C: I'm so bored I wanted somebody to talk to | T: don't call 911 for that", "a nuisance"),
    ("C: I want an officer | C: the pizza is wrong and I want a refund", "an officer for a meal"),
]


@pytest.mark.parametrize(("script", "reason"), CALM)
def test_a_call_that_wants_no_help_is_told_apart(script: str, reason: str) -> None:
    """With the words that say so."""
    found = triaged(script)
    assert found is not None
    assert not found.emergency, reason
    assert found.evidence


def test_silence_is_not_judged() -> None:
    """No words of the caller, no answer."""
    assert triaged("T: 911 hello") is None


def test_the_operating_point_decides() -> None:
    """The same call falls on either side of it."""
    script = "C: there's a loud party | C: somebody said there was a fight"
    assert triaged(script, emergency_at=0.01).emergency  # type: ignore[union-attr] # words were said
    assert not triaged(script, emergency_at=0.99).emergency  # type: ignore[union-attr] # the same


KINDS = [
    ("T: police fire or ambulance | C: police", "police", "the service asked for"),
    ("T: police fire or ambulance | C: ambulance please", "medical", "the same"),
    ("C: he just fell | T: start cpr, push down hard", "medical", "what the call-taker tells"),
    ("C: I can hear him | T: is there a fire?", None, "a question tells nothing"),
    ("C: the roof collapsed on them", "rescue", "a building collapses, not a person"),
    ("C: a car just flipped over", "traffic", "a car flips, not a boat"),
    ("C: our boat flipped over", "rescue", "a boat does"),
    ("T: is anyone hurt | C: no he's been shot", "police", "a no that denies nothing after it"),
    ("C: no one has been shot", None, "no one denies"),
    ("C: the man who stabbed her has passed out", "police", "fainting adds to a stabbing"),
    ("C: the plane disappeared and then crashed", "rescue", "a plane is no missing person"),
    ("C: a bear is chasing us", "animal", "an animal that attacks"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), KINDS)
def test_the_category_is_of_what_it_is_about(
    script: str, expected: str | None, reason: str
) -> None:
    """The better name of two, and unknown where nothing was said."""
    assert category(script) == expected, reason


def proposed(script: str, name: str, *, emergency_at: float = 0.4) -> list[Proposal]:
    session = RuleExtractor(emergency_at).open()
    return [each for each in hear_all(session, dialogue(script)) if each.field == name]


def test_the_draft_says_whether_it_is_an_emergency() -> None:
    """With the words that say so, and no emergency only where that is what was said."""
    (fire,) = proposed("C: my house is on fire", "emergency")
    assert (fire.value, fire.text) == ("yes", "Emergency")
    assert fire.evidence
    (calm,) = proposed("C: I locked myself out of my house", "emergency")
    assert (calm.value, calm.text) == ("no", "No emergency")


def test_an_agency_sets_the_operating_point_of_the_rules() -> None:
    """At zero everything goes to a person."""
    script = "C: there's a loud party | C: somebody said there was a fight"
    assert proposed(script, "emergency", emergency_at=0.0)[0].value == "yes"
    assert proposed(script, "emergency", emergency_at=1.0)[0].value == "no"
    assert RulesSettings.model_validate({"emergency_at": 0.2}).emergency_at == 0.2
    with pytest.raises(ValidationError):
        RulesSettings.model_validate({"emergency_at": 1.2})


def test_talk_that_says_nothing_leaves_emergency_and_category_unknown() -> None:
    """Nobody has decided anything: the call stays with a person."""
    assert not proposed("C: hello | T: 911 | C: can you hear me", "emergency")
    assert not proposed("C: hello | T: 911 | C: can you hear me", "category")


def test_each_category_is_proposed_once_by_its_likeliest_type() -> None:
    """The first is that of the type."""
    script = "C: my house is on fire | C: and my father can't breathe | C: the smoke alarm too"
    categories = [each.value for each in proposed(script, "category")]
    first = proposed(script, "type")[0].value
    assert categories[0] == BY_CODE[first].category
    assert len(set(categories)) == len(categories)
    assert {"fire", "medical"} <= set(categories)
