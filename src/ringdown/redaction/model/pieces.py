"""Text cut into words, digits and tokens, each with its place. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Label = Literal[
    "NAME", "ADDRESS", "ADDRESS_FRAGMENT", "PHONE", "PLATE", "SSN", "DATE_OF_BIRTH", "CARD",
    "ACCOUNT", "EMAIL", "POLICY", "MEDICAL_RECORD",
]  # fmt: skip
LABELS: Final[tuple[Label, ...]] = (
    "NAME", "ADDRESS", "ADDRESS_FRAGMENT", "PHONE", "PLATE", "SSN", "DATE_OF_BIRTH", "CARD",
    "ACCOUNT", "EMAIL", "POLICY", "MEDICAL_RECORD",
)  # fmt: skip
TOKEN: Final = re.compile(rf"\[(?P<label>{'|'.join(LABELS)})_(?P<number>[1-9][0-9]{{0,5}})\]")
"""What stands for a value."""

_PIECE: Final = re.compile(
    rf"{TOKEN.pattern}|(?P<figure>[0-9]+)|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)"
)


_DIGITS: Final = frozenset("0123456789")
_made: Final = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] # typeshed says Iterable of unknown


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` … `end` (not included) of a text that are a value of this kind."""

    start: int
    end: int
    label: Label


class Piece(NamedTuple):
    """A word, a row of figures, or a token. A tuple, since most of the time goes into making it."""

    raw: str
    text: str
    start: int
    end: int
    gap: str
    """What stands between it and the piece before it."""
    sort: Literal["word", "figure", "token"]
    capital: bool


def cut(text: str) -> list[Piece]:
    """The pieces of a text; everything between them is a gap."""
    found: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(text):
        start, here = match.span()
        raw = text[start:here]
        plain = raw.lower()
        if "\u2019" in plain:
            plain = plain.replace("\u2019", "'")
        sort: Literal["word", "figure", "token"] = "word"
        if raw[0] in _DIGITS:
            sort = "figure"
        elif raw[0] == "[":
            sort = "token"
        made = (raw, plain, start, here, text[end:start], sort, raw[0].isupper())
        found.append(_made(Piece, made))
        end = here
    return found


def sentence_before(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a sentence begins at piece `at`."""
    if at == 0:
        return True
    gap = pieces[at].gap
    if not any(mark in gap for mark in ".?!\n\u2026"):
        return False
    # "Mr. Haye", "J. Cole": a full stop after an initial or a title ends nothing.
    before = pieces[at - 1]
    return not (gap == ". " and before.capital and before.text in _SHORT)


_SHORT: Final = frozenset(["mr", "mrs", "ms", "dr", "st", "sgt", "lt", "capt", "jr", "sr"])


def text_at(pieces: Sequence[Piece], at: int) -> str:
    """The plain text of piece `at`; "" outside and for a token."""
    if not 0 <= at < len(pieces) or pieces[at].sort == "token":
        return ""
    return pieces[at].text
