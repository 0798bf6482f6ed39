"""The readers: each looks at one place in the row of pieces for one sort of number. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.spoken.groups import counted_next, ordinal, run, text_at, with_ending
from ringdown.spoken.pieces import Piece
from ringdown.spoken.vocabulary import LETTERS, NUMBER_WORDS


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of the pieces from its place up to `end` (not included)."""

    end: int
    kind: str
    written: str
    alternatives: tuple[str, ...] = ()
    misheard: tuple[str, ...] = ()
    """Readings that take a neighbouring word for a digit."""


def read_run(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Plain numbers: counts, house numbers, strings of digits."""
    found = run(pieces, at)
    if found is None:
        return None
    apart = found.apart()
    if apart and counted_next(pieces, found.end):
        return Reading(found.end, "number", apart[0], (found.digits, *apart[1:]))
    return Reading(found.end, kind_of(found.digits), found.digits, apart)


def kind_of(digits: str) -> str:
    """A string of digits that is no count has the kind digits."""
    return "digits" if len(digits) > 6 or (len(digits) > 1 and digits[0] == "0") else "number"


def read_ordinal(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Ordinals: "first", "one eighty seventh", "10th"."""
    text = text_at(pieces, at)
    if re.fullmatch(r"[0-9]{1,6}(st|nd|rd|th)", text):
        return Reading(at + 1, "ordinal", text)
    found = ordinal(pieces, at)
    if found is None:
        return None
    value, end, others = found
    return Reading(end, "ordinal", with_ending(value), others)


def starts_number(pieces: Sequence[Piece], at: int) -> bool:
    """Whether piece `at` may be part of a number."""
    text = text_at(pieces, at)
    if text in NUMBER_WORDS or any(c.isdigit() for c in text):
        return True
    return text in LETTERS and text not in {"a", "i"}


READERS: Final[tuple[Callable[[Sequence[Piece], int], Reading | None], ...]] = (
    read_ordinal,
    read_run,
)
