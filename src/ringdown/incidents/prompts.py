"""What to ask next, in the order a call-taker asks; never what is known or was just asked. Pure."""

from collections.abc import Collection, Sequence
from typing import Final

from ringdown.incidents.evidence import cited
from ringdown.incidents.questions import Question, QuestionView, Topic

TEXTS: Final[dict[Topic, str]] = {
    "location": "Where exactly is it?",
    "callback_number": "What number can we call back?",
    "type": "What happened?",
    "victims": "Is anybody hurt or in danger? How many?",
}
"""What is suggested while it is unknown, in this order."""
ASKED: Final[dict[Topic, str]] = {
    **TEXTS,
    "weapons": "Are there weapons?",
    "hazards": "Is anything dangerous there?",
    "persons": "Who is it? What do they look like?",
    "vehicles": "What vehicle is it?",
    "relation": "How do you know them?",
    "safety": "Are you safe?",
    "breathing": "Is anybody not breathing as usual?",
    "conscious": "Are they awake?",
    "name": "What is the name?",
    "age": "How old?",
    "direction": "Which way did they go?",
}


def waiting(asked: Sequence[Question]) -> tuple[QuestionView, ...]:
    """What was asked and not answered, as everybody sees it."""
    return tuple(
        QuestionView(
            topic=each.topic,
            text=ASKED.get(each.topic, "This was not answered yet"),
            asked=cited(each.evidence)[0],
        )
        for each in asked
        if each.evidence
    )


def asked_next(known: Collection[Topic], asked: Sequence[QuestionView]) -> tuple[QuestionView, ...]:
    """First what was asked and not answered, then what is unknown and was not asked yet."""
    taken = {each.topic for each in asked} | set(known)
    suggested: list[Topic] = [topic for topic in TEXTS if topic not in taken]
    return (*asked, *(QuestionView(topic=topic, text=TEXTS[topic]) for topic in suggested))
