"""How the caller stands to the incident: one row each, with the reason it is there."""

import pytest
from tests.unit.incidents.scene import contradicts, value

ROWS = [
    ("C: I'm having chest pains", "self", "the caller is ill"),
    ("C: I've been shot", "self", "the caller is hurt"),
    ("C: he's hitting me", "self", "the caller is attacked"),
    ("C: we just got robbed", "self", "several callers"),
    ("C: a pickup sideswiped me", "self", "a vehicle did it"),
    ("C: my truck is gone somebody took it", "self", "the caller's loss"),
    ("C: I've got this pressure in my chest", "self", "an illness in other words"),
    ("C: there's a snake in my garage", "self", "the caller's place"),
    ("C: somebody broke into my house", "self", "the caller's house"),
    ("C: my house is on fire", "self", "the same"),
    ("C: we were just in a car accident", "self", "the caller's crash"),
    ("C: I want to kill myself", "self", "the caller's life"),
    ("C: my husband is having chest pain", "relative", "a relative in need"),
    ("C: my mom says she can't breathe", "relative", "said by a relative"),
    ("C: he shot my brother", "relative", "a relative harmed"),
    ("T: are you related to her | C: yes I'm her daughter", "relative", "said outright"),
    ("T: what's your relation | C: son", "relative", "a bare word in answer"),
    ("T: are you family | C: yes", "relative", "a yes"),
    ("C: my son ate a peanut and he can't get any air", "relative", "a relative, any verb"),
    ("C: mommy's sick", "relative", "a child of its mother"),
    ("C: my two year old bit into a laundry pod", "relative", "a child by its age"),
    ("C: I just saw two cars crash", "witness", "saw it"),
    ("C: my neighbors are fighting again", "witness", "hears it"),
    ("T: did you see it happen | C: yes", "witness", "a yes"),
    ("C: there's a man lying on the sidewalk", "bystander", "a stranger"),
    ("T: do you know him | C: no", "bystander", "a no"),
    ("C: I don't know who he is he's just passed out here", "bystander", "not known"),
    ("C: I'm driving by and there's a car on fire", "passer_by", "driving by"),
    ("C: I work at the gas station and a customer fell", "employee", "works there"),
    ("C: I'm the manager, there's a guy stealing", "employee", "runs it"),
    ("C: calling from the nursing home one of our residents fell", "employee", "staff"),
    ("C: this is officer Reyes I need an ambulance", "officer", "an officer"),
    (
        "C: this is Mark with ADT I have a burglar alarm at 40 Oak Street",
        "alarm_company",
        "an alarm company",
    ),
    ("C: one of our residents is gone", "employee", "theirs to look after"),
    ("C: we got an employee with his arm caught in the press", "employee", "theirs"),
    ("C: it's my ex husband he's outside", "other", "no relative any more"),
    ("C: I'm with a coworker, her face is hanging", "other", "a coworker"),
    ("C: my friend won't wake up", "other", "a friend"),
    ("C: he called me and said he's going to kill himself", "other", "heard from afar"),
    # Nothing
    ("C: hello", None, "small talk"),
    ("C: if I have a heart attack who do I call", None, "supposed"),
    ("T: are you his wife", None, "a question tells nothing"),
    ("C: I'm not from here", None, "where somebody is from is no work"),
    ("C: my husband is at work", None, "a relative who is elsewhere"),
    ("C: my wife called the doctor", None, "a relative who does something"),
    ("C: there is a fire on Oak Street", None, "nothing of the caller"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_relation(script: str, expected: str | None, reason: str) -> None:
    """The best code, and its evidence stands where it says."""
    assert value("relation", script) == expected, reason
    assert contradicts("relation", script) == []
