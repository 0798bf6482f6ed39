"""Counts, house numbers, strings of digits, ordinals and figures. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.clock import bare_time
from ringdown.spoken.dates import bare_date
from ringdown.spoken.groups import Run, counted_next, ordinal, run, text_at, with_ending
from ringdown.spoken.idioms import is_figure_of_speech
from ringdown.spoken.pieces import Piece
from ringdown.spoken.places import ROADS
from ringdown.spoken.reading import Reading, labelled
from ringdown.spoken.vocabulary import AFTER_TO, HOMOPHONES

_FIGURE: Final = re.compile(
    r"[a-z+-]?[0-9][a-z0-9.:/+-]{0,40}[%\u00b0]?|[a-z]{1,8}[0-9][a-z0-9-]{0,40}"
)
_TENS: Final = re.compile(r"[2-9]0")
_DIGIT_AFTER_TENS: Final = frozenset(["to", "too", "for"])
_JOINING: Final = frozenset(
    ["on", "in", "at", "of", "and", "or", "from", "by", "near", "to", "for"]
)
_STREET_WORDS: Final = 4
"""A street is called by so many words at most, its kind among them."""
_ORDINAL: Final = re.compile(r"[0-9]{1,6}(st|nd|rd|th)")


def read_run(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Plain numbers: counts, house numbers, strings of digits."""
    found = run(pieces, at)
    if found is None or is_figure_of_speech(pieces, at, found.end):
        return None
    apart = found.apart()
    if not apart and len(found.groups) == 2:
        # "two three guys": about so many.
        apart = (" ".join(found.digits),) if counted_next(pieces, found.end) else ()
    if apart and counted_next(pieces, found.end):
        return Reading(found.end, "number", apart[0], (found.digits, *apart[1:]))
    sigh = (found.digits[:-1],) if pieces[found.end - 1].text == "oh" and apart else ()
    counted = len(found.groups) == 1 and len(found.digits) > 6 and _is_count(pieces, at, found)
    reading = Reading(
        found.end,
        "number" if counted else kind_of(found.digits),
        f"{int(found.digits):,}" if counted else found.digits,
        (*apart, *bare_time(found), *bare_date(found), *sigh),
        misheard(pieces, found),
    )
    return labelled(pieces, at, reading)


def _is_count(pieces: Sequence[Piece], at: int, found: Run) -> bool:
    """Whether a long number was said with "million", or written with commas."""
    return "," in pieces[at].raw or not pieces[found.end - 1].text.isdecimal()


def kind_of(digits: str) -> str:
    """A string of digits that is no count has the kind digits."""
    return "digits" if len(digits) > 6 or (len(digits) > 1 and digits[0] == "0") else "number"


def misheard(pieces: Sequence[Piece], found: Run) -> tuple[str, ...]:
    """The number with the word after it taken for a digit: "413 to" may be 4132."""
    word = text_at(pieces, found.end)
    house = _misheard_house(pieces, found)
    if house:
        return (house,)
    if len(found.digits) < 3 or word not in HOMOPHONES or pieces[found.end - 1].pause:
        return ()
    if text_at(pieces, found.end + 1) in AFTER_TO:
        return ()
    longer = found.digits + HOMOPHONES[word]
    more = None if pieces[found.end].pause else run(pieces, found.end + 1)
    return (longer, longer + more.digits) if more and len(more.digits) < 8 else (longer,)


def _misheard_house(pieces: Sequence[Piece], found: Run) -> str:
    """4210 for "forty to ten Maple Street": no range of houses runs backwards."""
    word = text_at(pieces, found.end)
    if not _TENS.fullmatch(found.digits) or word not in _DIGIT_AFTER_TENS:
        return ""
    if any(piece.pause for piece in pieces[found.end - 1 : found.end + 1]):
        return ""
    rest = run(pieces, found.end + 1)
    if rest is None or len(rest.digits) != 2 or not 10 <= int(rest.digits) < int(found.digits):
        return ""
    if counted_next(pieces, rest.end) or not _street_next(pieces, rest.end):
        return ""
    return str(int(found.digits) + int(HOMOPHONES[word])) + rest.digits


def _street_next(pieces: Sequence[Piece], at: int) -> bool:
    """Whether what follows at once looks like the name of a street."""
    if at >= len(pieces) or pieces[at - 1].pause or pieces[at].text in _JOINING:
        return False
    return pieces[at].raw[:1].isupper() or any(
        piece.text in ROADS for piece in pieces[at : at + _STREET_WORDS]
    )


def read_ordinal(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Ordinals: "first", "one eighty seventh", "10th"."""
    text = text_at(pieces, at)
    if _ORDINAL.fullmatch(text):
        return Reading(at + 1, "ordinal", text)
    found = ordinal(pieces, at)
    if found is None or is_figure_of_speech(pieces, at, found[1]):
        return None
    value, end, others = found
    return Reading(end, "ordinal", with_ending(value), others)


def read_figure(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Whatever else the recogniser wrote with figures; it stays as it is."""
    piece = pieces[at]
    if not _FIGURE.fullmatch(piece.text):
        return None
    letters = any(c.isalpha() for c in piece.text)
    written = piece.raw.upper() if letters else piece.raw
    return labelled(pieces, at, Reading(at + 1, "serial" if letters else "digits", written))
