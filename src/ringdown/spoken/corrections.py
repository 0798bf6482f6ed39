"""Numbers taken back half-way: "five five five no five six five". Pure.

Both numbers are kept: the one said last is written, the one before it is the first alternative.
Where the last is shorter, the number before with its end replaced is an alternative too.
"""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.pieces import FULL_STOP, Piece
from ringdown.spoken.vocabulary import CORRECTING, CORRECTS, word_set

_CORRECTABLE: Final = word_set(
    "number code digits phone serial plate spelling unit zip ssn mile_marker exit time ordinal "
    "corrected decimal road block"
)


def corrects(pieces: Sequence[Piece], end: int, start: int, before: str, after: str) -> bool:
    """Whether the pieces from `end` to before `start` take back the number in front of them."""
    between = pieces[end:start]
    if not 1 <= len(between) <= 4 or {before, after} - _CORRECTABLE:
        return False
    if any(piece.pause == FULL_STOP for piece in pieces[end - 1 : start - 1]):
        return False
    texts = [piece.text for piece in between]
    return all(text in CORRECTING for text in texts) and any(text in CORRECTS for text in texts)


def with_end_replaced(before: str, after: str) -> str:
    """The earlier number with its last digits replaced by the later ones, or ""."""
    if not re.fullmatch(r"[0-9]+", after) or not re.fullmatch(r"[0-9-]+", before):
        return ""
    places = [at for at, c in enumerate(before) if c != "-"]
    if len(after) >= len(places):
        return ""
    row = list(before)
    for place, digit in zip(places[-len(after) :], after, strict=True):
        row[place] = digit
    return "".join(row)
