"""Text cut into words, digits and tokens, each with its place. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

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


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` … `end` (not included) of a text that are a value of this kind."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a row of figures, or a token."""

    raw: str
    text: str
    start: int
    end: int
    gap: str
    """What stands between it and the piece before it."""
    sort: Literal["word", "figure", "token"]

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.raw[0].isupper()


def cut(text: str) -> list[Piece]:
    """The pieces of a text; everything between them is a gap."""
    found: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(text):
        sort: Literal["word", "figure", "token"] = "token"
        if match["figure"]:
            sort = "figure"
        elif match["word"]:
            sort = "word"
        raw = match.group()
        plain = raw.lower().replace("\u2019", "'")
        gap = text[end : match.start()]
        found.append(Piece(raw, plain, match.start(), match.end(), gap, sort))
        end = match.end()
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
