"""What to ask next, in the order a call-taker asks; never what is known or was just asked. Pure.

The order: where, how to call back, what happened, who is hurt and what is dangerous, then what
responders need for this kind of incident. Only the first few are suggested, so that a list never
stands between a call-taker and the caller. Nothing here is advice.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from ringdown.incidents.evidence import cited
from ringdown.incidents.questions import Question, QuestionView, Topic
from ringdown.incidents.types import BY_CODE, Category

FIRST: Final[tuple[Topic, ...]] = ("location", "callback_number", "type")
"""What every call needs, in this order."""
NEXT: Final[dict[Category | None, tuple[Topic, ...]]] = {
    None: ("victims",),
    "police": ("weapons", "victims", "hazards", "persons", "vehicles", "relation"),
    "fire": ("victims", "hazards", "relation"),
    "medical": ("victims", "hazards", "persons", "relation"),
    "traffic": ("victims", "hazards", "vehicles", "relation"),
    "rescue": ("victims", "hazards", "persons", "relation"),
    "animal": ("victims", "hazards", "relation"),
    "non_emergency": ("relation",),
}
"""What is asked after that, by the kind of incident; None while it is not known."""
MOST: Final = 4
"""Suggestions shown at a time."""
TEXTS: Final[dict[Topic, str]] = {
    "location": "Where exactly is it?",
    "callback_number": "What number can we call back?",
    "type": "What happened?",
    "victims": "Is anybody hurt or in danger? How many?",
    "weapons": "Are there weapons?",
    "hazards": "Is anything dangerous there? Are you safe?",
    "persons": "Who is it? What do they look like?",
    "vehicles": "What vehicle is it?",
    "relation": "How are you involved?",
}
"""What is suggested for a topic, as long as it is unknown."""
FOR: Final[dict[tuple[Category, Topic], str]] = {
    ("police", "weapons"): "Are there weapons? Where are they now?",
    ("police", "hazards"): "Are they still there? Are you safe?",
    ("police", "vehicles"): "Is there a vehicle? Which way did it go?",
    ("fire", "victims"): "Is everybody out? Is anybody hurt?",
    ("fire", "hazards"): "Are you out and safe? What is burning or leaking?",
    ("medical", "victims"): "Who is ill or hurt? Are they awake, are they breathing?",
    ("medical", "hazards"): "Is it safe to come in? Are there dogs?",
    ("medical", "persons"): "How old are they?",
    ("traffic", "victims"): "Is anybody hurt or trapped? How many?",
    ("traffic", "hazards"): "Is anything leaking, smoking, or in the road?",
    ("traffic", "vehicles"): "Which vehicles? How many?",
    ("rescue", "victims"): "How many are there? Is anybody hurt?",
    ("animal", "victims"): "Is anybody hurt?",
    ("animal", "hazards"): "Where is the animal now?",
}
"""Where the kind of incident makes another question the better one."""
ASKED: Final[dict[Topic, str]] = {
    **TEXTS,
    "safety": "Are you safe?",
    "breathing": "Are they breathing?",
    "conscious": "Are they awake?",
    "name": "What is the name?",
    "age": "How old?",
    "direction": "Which way did they go?",
    "emergency": "Is it an emergency?",
}
"""A question that was asked, in words of our own."""
UNANSWERED: Final = "This was not answered yet"


def waiting(asked: Sequence[Question]) -> tuple[QuestionView, ...]:
    """What was asked and not answered, as everybody sees it."""
    return tuple(
        QuestionView(
            topic=each.topic,
            text=ASKED.get(each.topic, UNANSWERED),
            asked=cited(each.evidence)[0],
        )
        for each in asked
        if each.evidence
    )


def asked_next(
    known: Mapping[Topic, str], asked: Sequence[QuestionView]
) -> tuple[QuestionView, ...]:
    """First what was asked and not answered, then what is unknown and was not asked yet.

    The kind of incident among the values decides what is asked after the first three.
    """
    category = category_of(known)
    taken: set[Topic] = {*(each.topic for each in asked), *known, *_told_with(asked)}
    order: list[Topic] = [*FIRST, *NEXT[category]]
    suggested: list[Topic] = [topic for topic in order if topic not in taken]
    return (
        *asked,
        *(QuestionView(topic=topic, text=_text(category, topic)) for topic in suggested[:MOST]),
    )


def category_of(values: Mapping[Topic, str]) -> Category | None:
    """The kind of incident as far as it is known: its type tells more than its category."""
    kind = BY_CODE.get(values.get("type", ""))
    if kind is not None:
        return kind.category
    said = values.get("category")
    return cast("Category", said) if said in NEXT else None


def _text(category: Category | None, topic: Topic) -> str:
    return FOR.get((category, topic), TEXTS[topic]) if category is not None else TEXTS[topic]


_TOLD_WITH: Final[dict[Topic, Topic]] = {
    "safety": "hazards",
    "breathing": "victims",
    "conscious": "victims",
    "age": "persons",
    "direction": "vehicles",
}
"""What an open question leaves for later: its answer may tell both."""


def _told_with(asked: Sequence[QuestionView]) -> set[Topic]:
    return {_TOLD_WITH[each.topic] for each in asked if each.topic in _TOLD_WITH}
