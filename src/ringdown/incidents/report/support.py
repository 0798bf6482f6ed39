"""Whether cited words hold a value: numbers in figures, whatever way they were said. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import BOUND, DIRECTIONS, SUFFIXES
from ringdown.incidents.adapters.rules.numbers import (
    last_group,
    read_count,
    read_number,
    read_ordinal,
)
from ringdown.incidents.adapters.rules.phone import digit_runs
from ringdown.incidents.adapters.rules.spelled import spelled_in
from ringdown.incidents.adapters.rules.streets import read_house
from ringdown.incidents.adapters.rules.tokens import Line, tokenise
from ringdown.incidents.report.lines import TextUtterance, TextWord

_PLAIN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FREE: Final = frozenset(
    word.lower()
    for words in (
        *(SUFFIXES, SUFFIXES.values(), DIRECTIONS, DIRECTIONS.values(), BOUND),
        ("and", "of", "the", "from", "to", "block", "apt"),
        ("interstate", "state", "county", "route", "marker"),
    )
    for word in words
)
"""Words that a reading writes in one form however they were said, or adds between two parts."""


def as_line(text: str) -> Line:
    """A text as the rules read it."""
    words = tuple(TextWord(word, 0, 0, 0, 0) for word in text.split())
    return tokenise(TextUtterance(0, "caller", 0, 0, words))


def holds_count(count: int, cited: Sequence[str]) -> bool:
    """Whether somebody says this number of people."""
    for text in cited:
        tokens = as_line(text).tokens
        for at in range(len(tokens)):
            found = read_count(tokens, at)
            if found is not None and found[0] == count:
                return True
    return False


def holds_digits(digits: str, cited: Sequence[str]) -> bool:
    """Whether the cited pieces say these digits one after another."""
    said = "".join(run.digits for text in cited for run in digit_runs(as_line(text)))
    return digits in said


def digits_until(text: str, digits: str, rest: str) -> int | None:
    """How many characters of `text` say the digits that `rest` then ends, or None."""
    ending = "".join(run.digits for run in digit_runs(as_line(rest)))
    for end in range(len(text), 0, -1):
        said = "".join(run.digits for run in digit_runs(as_line(text[:end])))
        if said + ending == digits and text[end - 1].isalnum():
            return end
    return None


def holds_place(place: str, cited: Sequence[str]) -> bool:
    """Whether every number and every name of a place is among the cited words."""
    lines = [as_line(text) for text in cited]
    words = {word for text in cited for word in _PLAIN.findall(text.lower())}
    words |= {name[0].lower() for text in cited for name in spelled_in(text.split())}
    numbers = {number for line in lines for number in _numbers(line)}
    wanted = re.findall(r"\d+[a-z]{0,2}", place.lower())
    if any(not _among(number, numbers) for number in wanted):
        return False
    names: list[str] = _PLAIN.findall(re.sub(r"\d+[a-z]*", " ", place.lower()))
    return all(word in words or word in _FREE or len(word) == 1 for word in names)


def _numbers(line: Line) -> set[str]:
    """Everything in a line that can be read as a number."""
    found: set[str] = {run.digits for run in digit_runs(line)}
    for at in range(len(line.tokens)):
        house, ordinal = read_house(line.tokens, at), read_ordinal(line.tokens, at)
        found |= {each[0].lower() for each in (house, ordinal) if each is not None}
        found |= {re.sub(r"\D", "", ordinal[0])} if ordinal else set()
        found |= _first_of_two(line, at)
        found |= set(re.findall(r"\d+[a-z]*", line.tokens[at].text))
    return found


def _first_of_two(line: Line, at: int) -> set[str]:
    """As in "thirty thirty four | forty eight court": a house before a street by its number."""
    whole = read_number(line.tokens, at)
    split = last_group(line.tokens, at, whole[1]) if whole else at
    first = read_number(line.tokens[:split], at) if split > at else None
    return {first[0]} if first else set()


def _among(number: str, numbers: set[str]) -> bool:
    """A unit such as 4b may be said as a number and a letter."""
    return number in numbers or number.rstrip("abcdefghijklmnopqrstuvwxyz") in numbers
