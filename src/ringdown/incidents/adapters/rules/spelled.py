"""Names that are spelled after they were said: "Reed Road, R-E-I-D". Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import SUFFIXES
from ringdown.incidents.adapters.rules.tokens import Line
from ringdown.spoken.numbers import find_numbers
from ringdown.spoken.places import plain_letters
from ringdown.spoken.sound import likeness, sounds

Spelled = tuple[str, int, int]
"""A name, and the first and last word that spell it."""

_LETTERS: Final = re.compile(r"\W*[A-Za-z](?:[-.][A-Za-z])*\W*")
_FEWEST: Final = 3
_WHOLE: Final = 0.7
_ALIKE: Final = 0.5
"""How alike a spelled name and the one heard must sound to be the same."""


def spelled_in(words: Sequence[str]) -> list[Spelled]:
    """The names that words spell; pieces said one after another are tried as one name too."""
    if sum(len(word) // 2 + 1 for word in words if _LETTERS.fullmatch(word)) < _FEWEST:
        return []
    found = [
        (each.written.title(), each.first, each.last)
        for each in find_numbers(words)
        if each.kind == "spelling"
    ]
    joined = [
        (f"{one[0]}{other[0].lower()}", one[1], other[2])
        for one, other in pairwise(found)
        if other[1] == one[2] + 1
    ]
    return [name for name in (*joined, *found) if len(name[0]) > _FEWEST]


def put_right(name: str, spelled: Sequence[Spelled]) -> tuple[str, Spelled] | None:
    """A name of a street or place with the word that was spelled, and the spelling.

    None if nothing spelled sounds like a word of it.
    """
    words = name.split()
    best = max(
        (
            (_likeness(word, each[0]), -at, each)
            for each in spelled
            for at, word in enumerate(words)
        ),
        default=None,
        key=lambda rated: rated[:2],
    )
    if best is None or best[0] < _ALIKE:
        return None
    words[-best[1]] = best[2][0]
    return " ".join(words), best[2]


def tokens_of(line: Line, spelled: Spelled) -> tuple[int, int] | None:
    """The first and last token of the words that spell a name."""
    inside = [at for at, each in enumerate(line.tokens) if spelled[1] <= each.word <= spelled[2]]
    return (inside[0], inside[-1]) if inside else None


def _likeness(heard: str, spelled: str) -> float:
    one, other = plain_letters(heard), plain_letters(spelled)
    if not one.isalpha() or not other.isalpha() or one in SUFFIXES:
        return 0.0
    if len(other) < _WHOLE * len(one):
        return 0.0  # a piece of the name
    return max(likeness(a, b) for a in sounds([one]) for b in sounds([other]))
