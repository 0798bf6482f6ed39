"""What a reader makes of a place in the row, and the labels that say what a number is. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdown.spoken.groups import follows, pause_before, text_at
from ringdown.spoken.pieces import FULL_STOP, Piece


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of the pieces from its place up to `end` (not included)."""

    end: int
    kind: str
    written: str
    alternatives: tuple[str, ...] = ()
    misheard: tuple[str, ...] = ()
    """Readings that take a neighbouring word for a digit."""


_FILLING: Final = frozenset(["number", "is", "it's", "um", "uh", "#", "no"])
_LABELS: Final = {
    "marker": "mile_marker",
    "milepost": "mile_marker",
    "milemarker": "mile_marker",
    "post": "mile_marker",
    "exit": "exit",
    "apartment": "unit",
    "apt": "unit",
    "unit": "unit",
    "suite": "unit",
    "ste": "unit",
    "room": "unit",
    "lot": "unit",
    "trailer": "unit",
    "zip": "zip",
    "zipcode": "zip",
    "code": "zip",
    "postcode": "zip",
    "social": "ssn",
    "security": "ssn",
    "ssn": "ssn",
    "age": "age",
    "aged": "age",
}
_NEEDS_BEFORE: Final = {
    "post": ("mile",),
    "code": ("zip", "postal"),
    "security": ("social",),
}


def label_before(pieces: Sequence[Piece], at: int) -> str:
    """The kind that a label such as "exit" or "apartment number" gives to what follows, or ""."""
    index = at - 1
    while index >= 0 and at - index <= 2 and pieces[index].text in _FILLING:
        index -= 1
    if index < 0 or any(piece.pause == FULL_STOP for piece in pieces[index:at]):
        return ""
    text = pieces[index].text
    if text in _NEEDS_BEFORE and text_at(pieces, index - 1) not in _NEEDS_BEFORE[text]:
        return ""
    return _LABELS.get(text, "")


def cued(pieces: Sequence[Piece], at: int, cues: frozenset[str], reach: int = 6) -> bool:
    """Whether one of `cues` stands among the last words before piece `at`."""
    return any(piece.text in cues for piece in pieces[max(0, at - reach) : at])


def labelled(pieces: Sequence[Piece], at: int, reading: Reading) -> Reading:
    """The same reading with the kind that its surroundings give it."""
    digits = reading.written.replace("-", "")
    if follows(pieces, reading.end, "block"):
        return replace(reading, kind="block")
    if text_at(pieces, reading.end) in {"year", "years"} and follows(
        pieces, reading.end + 1, "old"
    ):
        return replace(reading, kind="age")
    kind = label_before(pieces, at)
    if kind == "zip" and re.fullmatch(r"[0-9]{9}", digits):
        return replace(reading, kind=kind, written=f"{digits[:5]}-{digits[5:]}")
    if kind == "ssn" and re.fullmatch(r"[0-9]{9}", digits):
        parts = f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
        return replace(reading, kind=kind, written=parts)
    if kind == "zip" and len(digits) != 5:
        return reading
    if kind in {"", "ssn"} or pause_before(pieces, at) == FULL_STOP:
        return reading
    return replace(reading, kind=kind)
