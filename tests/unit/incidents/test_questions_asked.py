"""What was asked and not answered yet: one row each, with the reason it is there."""

import pytest
from tests.unit.incidents.scene import extracted

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.testing.extractor import spoken

ROWS: list[tuple[str, list[str], str]] = [
    ("T: 911 what is the address of your emergency?", ["location"], "asked"),
    (
        "T: 911 what is the address of your emergency? | C: 4120 Juniper Street",
        [],
        "answered with a place",
    ),
    (
        "T: what is the address? | C: my house is on fire",
        ["location"],
        "answered with something else",
    ),
    ("T: where are you | C: I don't know", ["location"], "not known is no place"),
    ("T: where are you? | C: what? | T: where are you", ["location"], "asked twice is one"),
    ("T: 911 what's your emergency", ["type"], "what happened"),
    ("T: 911 what's your emergency | C: my dad fell", [], "and what did"),
    ("T: what's your phone number? | C: hold on", ["callback_number"], "not yet"),
    ("T: what's your phone number? | C: 585-555-0142", [], "given"),
    ("T: is he breathing", ["breathing"], "breathing"),
    ("T: is he breathing | C: yes", [], "a yes"),
    ("T: is he breathing | C: he's gasping", [], "words that speak of it"),
    ("T: is he awake? is he breathing?", ["conscious", "breathing"], "two in one breath"),
    (
        "T: is he awake? is he breathing? | C: he's not moving",
        ["breathing"],
        "one of them answered",
    ),
    ("T: is he breathing | C: please hurry", ["breathing"], "no answer"),
    ("T: any weapons? | C: no", [], "a no"),
    ("T: any weapons? | C: please hurry", ["weapons"], "no answer"),
    ("T: is anybody hurt? | C: yeah my leg", [], "a yes and more"),
    ("T: are you safe right now?", ["safety"], "safety"),
    ("T: are you safe right now? | C: I'm hiding in the bathroom", [], "where they are"),
    ("T: what's your name? | C: Dana", [], "a name"),
    ("T: what's your name? | C: yes", ["name"], "a yes is no name"),
    ("T: how old is he | C: he's 54", [], "an age"),
    ("T: how old is he | C: please hurry", ["age"], "no age"),
    ("T: which way did he go? | C: north", [], "a direction"),
    ("T: what was he wearing?", ["persons"], "looks"),
    ("T: what was he wearing? | C: a red hoodie", [], "clothes"),
    ("T: what kind of car was it? | C: just send somebody", ["vehicles"], "no car"),
    ("T: what kind of car was it? | C: a blue Honda", [], "a car"),
    ("T: is anything leaking?", ["hazards"], "danger there"),
    ("T: do you know him | C: no", [], "how they are related"),
    ("T: does he take any medication?", ["other"], "anything else"),
    ("T: did you call earlier? | C: yes", [], "anything else, answered"),
    ("T: are they awake? | C: one of them is", [], "an echo is a yes"),
    ("T: is she breathing? | C: she's crying so yeah", [], "a yes at the end"),
    ("T: is he able to talk? | C: barely", [], "nearly no"),
    ("T: is everybody out of the house? | C: we're all going out now", [], "on their way"),
    ("T: do you see any weapons? | C: I don't think so", [], "thinks not"),
    ("T: where is he now? | C: he's on the porch", [], "where somebody is, answered"),
    ("T: what's his name? | C: I'd rather not say it", [], "will not say"),
    ("T: any injuries? | C: I think so nobody has gotten out", [], "a guess first"),
    ("T: are any wires down? | C: not that I can see", [], "none seen"),
    ("T: what's the closest cross street | C: uh Maple", [], "a street alone"),
    ("T: what's the closest cross street | C: hold on", ["location"], "not yet"),
    ("T: what did the vehicle look like", ["vehicles"], "looks of a vehicle"),
    ("T: Where are you bleeding from?", ["other"], "where on the body"),
    ("T: Can you see the car from where you are?", ["other"], "a where inside"),
    ("T: stay on the phone with me, where is the fire", ["location"], "behind other words"),
    # What is no question
    ("T: are you there? | C: yes", [], "only whether the line is open"),
    ("T: okay stay on the line | C: okay", [], "an instruction"),
    ("T: I have your location as 40 Oak Street", [], "a statement"),
    (
        "T: Good. Take the crew to where your sister lies and put your shoes on.",
        [],
        "a where that asks nothing",
    ),
    (
        "T: In a moment I can say which door they come by. Wait inside.",
        [],
        "a which way that asks nothing",
    ),
    ("T: Then I'll say which stairs are safe, okay?", [], "an okay asks nothing"),
    ("T: What matters now is that you keep the door shut.", [], "a what that tells"),
    ("T: Right, you need to ring the office tomorrow.", [], "a need that asks nothing"),
    ("T: Where are you, okay?", ["location"], "a question with an okay"),
    ("T: help is on the way", [], "the same"),
    ("C: where are you? are you coming?", [], "the caller asks"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_open_questions(script: str, expected: list[str], reason: str) -> None:
    """In the order asked; each cites the call-taker."""
    questions = extracted(script).questions
    assert [each.topic for each in questions] == expected, reason
    assert all(cited.side == "call_taker" for each in questions for cited in each.evidence)


def test_somebody_who_does_not_know_is_asked_again_later() -> None:
    """For a minute the question stays; then it is no longer waited for."""
    session = RuleExtractor().open()
    session.hear(spoken(0, "call_taker", "any weapons?"))
    assert [q.topic for q in session.hear(spoken(1, "caller", "I don't know")).questions] == [
        "weapons"
    ]
    for number in range(2, 9):
        session.hear(spoken(number, "caller", "please come"))
    assert session.hear(spoken(9, "caller", "please come")).questions == ()


def test_an_answer_outlives_its_lines() -> None:
    """A question answered long ago does not open again; one that was not stays open."""
    session = RuleExtractor().open()
    session.hear(spoken(0, "call_taker", "is he breathing?"))
    session.hear(spoken(1, "caller", "yes"))
    session.hear(spoken(2, "call_taker", "which way did he go?"))
    for number in range(3, 90):
        session.hear(spoken(number, "caller", "please come"))
    last = session.hear(spoken(90, "caller", "he was so angry"))
    assert [each.topic for each in last.questions] == ["direction"]
