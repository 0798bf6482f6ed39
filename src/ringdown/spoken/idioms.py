"""Codes and figures of speech: "nine one one", "twenty four seven", "one of them". Pure."""

from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import follows, text_at
from ringdown.spoken.pieces import Piece
from ringdown.spoken.reading import Reading
from ringdown.spoken.vocabulary import ORDINALS, word_set

_CODES: Final[dict[str, list[tuple[tuple[str, ...], str, tuple[str, ...]]]]] = {
    "nine": [
        (("nine", "one", "one"), "911", ()),
        (("nine", "eleven"), "911", ("9 11", "9:11", "9/11")),
    ],
    "9": [(("9", "1", "1"), "911", ())],
    "911": [(("911",), "911", ())],
    "9/11": [(("9/11",), "911", ("9/11",))],
    "twenty": [(("twenty", "four", "seven"), "24/7", ("247", "24 7"))],
    "24": [(("24", "seven"), "24/7", ("247", "24 7")), (("24", "7"), "24/7", ("247", "24 7"))],
    "24/7": [(("24/7",), "24/7", ())],
    "fifty": [(("fifty", "fifty"), "50/50", ("5050", "50 50"))],
    "50/50": [(("50/50",), "50/50", ())],
    "ten": [(("ten", "four"), "10-4", ("104", "10 4"))],
    "10": [(("10", "four"), "10-4", ("104", "10 4")), (("10", "4"), "10-4", ("104", "10 4"))],
    "10-4": [(("10-4",), "10-4", ())],
    "k": [(("k", "nine"), "K-9", ()), (("k", "9"), "K-9", ())],
    "k9": [(("k9",), "K-9", ())],
}
_BEFORE_ONE: Final = word_set(
    "no this that which any every each another other some the last next only whole wrong "
    "right good bad big little old new young first second third many"
)
_AFTER_ONE: Final = word_set("of another day moment second sec more thing things who")
_BEFORE_SECOND: Final = word_set("a one split just every any per wait hold this last few")
_AFTER_FIRST: Final = word_set("of name names aid responder responders off thing time")
FIGURES_OF_SPEECH: Final = _AFTER_ONE | _AFTER_FIRST
"""Words that take back a number before them: "one of", "first name"."""


def read_idiom(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Numbers with a meaning of their own; the digits stay among the alternatives."""
    for texts, written, others in _CODES.get(pieces[at].text, ()):
        first, *rest = texts
        if text_at(pieces, at) == first and follows_inside(pieces, at, rest):
            return Reading(at + len(texts), "code", written, others)
    return None


def follows_inside(pieces: Sequence[Piece], at: int, rest: Sequence[str]) -> bool:
    """Whether `rest` follows piece `at` without a pause."""
    return follows(pieces, at + 1, *rest)


def is_figure_of_speech(pieces: Sequence[Piece], at: int, end: int) -> bool:
    """Whether the one piece at `at` counts nothing: "no one", "a second", "at first"."""
    if end != at + 1:
        return False
    text = pieces[at].text
    before = text_at(pieces, at - 1) if at and not pieces[at - 1].pause else ""
    after = text_at(pieces, end) if not pieces[at].pause else ""
    if text == "one":
        return before in _BEFORE_ONE or before in ORDINALS or after in _AFTER_ONE
    if text == "second":
        return before in _BEFORE_SECOND
    if text == "first":
        return before == "at" or after in _AFTER_FIRST
    return False
