"""The checker on whole scripted calls: what was said shows, and the same with one change does not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ringdown.assist.model.checker import Line, check
from ringdown.redaction.model.tokens import Tokens

CALLS = Path(__file__).parents[2] / "data" / "scripted_calls.jsonl"
SWAPS = {
    "gun": "knife", "knife": "gun", "husband": "wife", "wife": "husband", "son": "daughter",
    "daughter": "son", "black": "white", "white": "black", "red": "blue", "blue": "red",
    "north": "south", "man": "woman", "woman": "man", "car": "truck", "truck": "car",
    "breathing": "bleeding", "kitchen": "garage", "chest": "head", "mother": "father",
    "two": "three", "three": "four", "four": "seven", "five": "six", "ten": "twenty",
}  # fmt: skip
ADDED = (" at [ADDRESS_77].", " with a rifle.", " said Margaret Olsen.", " and seventeen others.")
SHOWN_AT_LEAST = 0.95


def calls() -> list[dict[int, Line]]:
    """The lines of each call, as a language model is given them."""
    found = []
    for row in map(json.loads, CALLS.read_text(encoding="utf-8").splitlines()):
        tokens = Tokens()
        found.append(
            {
                number: Line(turn["speaker"], tokens.redact(turn["text"]).text)
                for number, turn in enumerate(row["turns"], 1)
            }
        )
    return found


def statements() -> Iterator[tuple[str, int, dict[int, Line]]]:
    """What callers state, told in their words."""
    for lines in calls():
        for number, line in lines.items():
            for said in re.split(r"(?<=[.?!])\s+", line.text):
                if line.side == "caller" and 12 <= len(said) <= 230 and not said.endswith("?"):
                    yield f"Caller reports: {said}", number, lines


@pytest.fixture(scope="module")
def shown() -> list[tuple[str, int, dict[int, Line]]]:
    return [each for each in statements() if not check(each[0], [each[1]], each[2])]


def test_what_callers_said_shows(shown: list[tuple[str, int, dict[int, Line]]]) -> None:
    assert len(shown) >= SHOWN_AT_LEAST * len(list(statements()))


def test_hardly_a_sentence_shows_with_another_line_cited(
    shown: list[tuple[str, int, dict[int, Line]]],
) -> None:
    """Nor with a line that is not there. By chance a short one may be said by another, too."""
    tried = passed = 0
    for sentence, number, lines in shown:
        assert check(sentence, [len(lines) + 1], lines)
        for other, line in list(lines.items())[::3]:
            if other != number and not _says_it_too(sentence, line.text):
                tried += 1
                passed += not check(sentence, [other], lines)
    assert tried > 100
    assert passed <= 0.01 * tried


def test_no_sentence_shows_with_a_word_changed(
    shown: list[tuple[str, int, dict[int, Line]]],
) -> None:
    """Another weapon, colour, person, direction, part of the body or number."""
    tried = 0
    for sentence, number, lines in shown:
        for word, other in SWAPS.items():
            changed = re.sub(rf"\b{word}\b", other, sentence, count=1)
            if changed != sentence and other not in sentence:
                tried += 1
                assert check(changed, [number], lines), changed
    assert tried > 40


def test_no_sentence_shows_with_something_added(
    shown: list[tuple[str, int, dict[int, Line]]],
) -> None:
    for sentence, number, lines in shown:
        for more in ADDED:
            changed = sentence.rstrip(".!") + more
            assert check(changed, [number], lines), changed


def test_no_sentence_shows_with_a_not_put_in(
    shown: list[tuple[str, int, dict[int, Line]]],
) -> None:
    for sentence, number, lines in shown:
        changed = re.sub(r"\b(is|are|was|has) ", r"\1 not ", sentence, count=1)
        denied = re.search(r"n't\b|\b(?:no|not|never|nothing|nobody)\b", lines[number].text)
        if changed != sentence and not denied:
            assert check(changed, [number], lines), changed


def test_hardly_a_sentence_shows_with_its_not_left_out(
    shown: list[tuple[str, int, dict[int, Line]]],
) -> None:
    """What stays is a sentence that still denies in another word, or only says what is thought."""
    tried = passed = 0
    for sentence, number, lines in shown:
        changed = sentence.replace("can't", "can").replace("won't", "will")
        changed = re.sub(r"n't\b|\b(?:not|no) ", "", changed)
        if changed != sentence:
            tried += 1
            passed += not check(changed, [number], lines)
    assert tried > 20
    assert passed <= 0.05 * tried


def _says_it_too(sentence: str, text: str) -> bool:
    """Whether a line says the same in its own words, as when somebody repeats it."""
    words = set(re.findall(r"\w+", sentence.lower().removeprefix("caller reports: ")))
    return len(words & set(re.findall(r"\w+", text.lower()))) > 0.4 * len(words)
