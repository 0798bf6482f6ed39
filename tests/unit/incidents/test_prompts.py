"""What is suggested to ask next."""

from typing import cast

import pytest

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.model import FIELD_NAMES, new_draft, understood
from ringdown.incidents.prompts import ASKED, FOR, NEXT, TEXTS, asked_next
from ringdown.incidents.questions import QuestionView, Topic
from ringdown.incidents.types import CATEGORIES
from ringdown.testing.extractor import dialogue, extract_all


def suggested(script: str) -> list[str]:
    draft = new_draft("call_1")
    heard = extract_all(RuleExtractor().open(), dialogue(script))
    view = understood(draft, heard)[0].view()
    return [each.topic for each in view.questions if each.asked is None]


def some(**known: str) -> dict[Topic, str]:
    return cast("dict[Topic, str]", known)


def test_a_new_call_is_asked_in_the_order_of_a_call_taker() -> None:
    """Where, how to call back, what, who."""
    topics = [each.topic for each in asked_next({}, ())]
    assert topics == ["location", "callback_number", "type", "victims"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("C: my house is on fire", ["location", "callback_number", "victims", "hazards"]),
        (
            "C: somebody broke into my house at 40 Oak Street",
            ["callback_number", "weapons", "victims", "hazards"],
        ),
        (
            "C: there was a crash at 40 Oak Street two people are hurt",
            ["callback_number", "hazards", "vehicles"],
        ),
    ],
)
def test_what_is_known_is_not_asked(script: str, expected: list[str]) -> None:
    """What the kind of incident needs comes after what every call needs."""
    assert [topic for topic in suggested(script) if topic != "relation"] == expected


def test_what_was_just_asked_is_not_suggested() -> None:
    """Not even as part of another question."""
    asked = (QuestionView(topic="breathing", text="", asked=None),)
    topics = [each.topic for each in asked_next(some(category="medical"), asked)][1:]
    assert "victims" not in topics
    script = "C: he has a gun and he's robbing the store | T: is anybody hurt?"
    assert "victims" not in suggested(script)


@pytest.mark.parametrize("category", CATEGORIES)
def test_nothing_is_asked_when_all_is_known(category: str) -> None:
    """A full draft has no prompts; an empty one never has more than four."""
    known: dict[Topic, str] = dict.fromkeys(FIELD_NAMES, "x")
    known["category"] = category
    assert asked_next(known, ()) == ()
    assert len(asked_next(some(category=category), ())) <= 4


def test_the_type_decides_where_type_and_category_differ() -> None:
    """A person may have corrected only one of them."""
    found = asked_next(some(type="crash", category="police", location="x"), ())
    assert "weapons" not in [each.topic for each in found]


def test_every_topic_has_its_words() -> None:
    """What a person reads exists for each, and ends as a question does."""
    topics = {topic for topics in NEXT.values() for topic in topics}
    assert topics <= set(TEXTS) <= set(ASKED)
    assert {topic for _, topic in FOR} <= topics
    assert all(text.endswith("?") for text in (*ASKED.values(), *FOR.values()))
