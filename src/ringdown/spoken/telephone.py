"""Telephone numbers, however their digits are said. Pure.

A string of digits is taken for a telephone number of North America when it has seven or ten digits
(or eleven with a leading one), begins as one may, and nothing else is said in the same breath.
"""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import below_hundred, cardinal, pause_before, run, single_digit, text_at
from ringdown.spoken.pieces import FULL_STOP, Piece
from ringdown.spoken.reading import Reading
from ringdown.spoken.vocabulary import HOMOPHONES, REPEATS

_FIGURES: Final = re.compile(r"[+]?[0-9][0-9().-]{0,20}")
_WHOLE: Final = re.compile(r"(1[-.])?(\(?[2-9][0-9]{2}\)?[-.]?)?[2-9][0-9]{2}[-.][0-9]{4}")
_DECIMAL: Final = re.compile(r"(?![0-9]{3}\.[0-9]{4}$)[0-9]+\.[0-9]+")
_JOINTS: Final = frozenset(["dash", "hyphen", "and", "then", "um", "uh", "like", "dot"])
_EXTENSIONS: Final = frozenset(["extension", "ext", "x"])
_REACH: Final = 44
_MAY_STOP_AFTER: Final = frozenset([1, 3, 4, 6])
"""A recogniser puts full stops between the groups of a telephone number."""


def read_phone(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A telephone number that begins at piece `at`."""
    text = pieces[at].text
    if text == "plus" and not pieces[at].pause:
        return _international(pieces, at + 1)
    if text.startswith("+") and _FIGURES.fullmatch(text):
        return _international(pieces, at)
    if not _options(pieces, at):
        return None
    best = _longest(pieces, at, apart=False)
    if best is None and "hundred" in (text_at(pieces, at + 1), text_at(pieces, at + 2)):
        best = _longest(pieces, at, apart=True)
    if best is None:
        return None
    end, digits = best
    extension = text_at(pieces, end) in _EXTENSIONS
    more = run(pieces, end + 1) if extension else None
    if more and len(more.digits) <= 6:
        return Reading(more.end, "phone", f"{formatted(digits)} ext. {more.digits}")
    return Reading(end, "phone", formatted(digits))


def _longest(pieces: Sequence[Piece], at: int, *, apart: bool) -> tuple[int, str] | None:
    """The longest telephone number from `at` on; `apart` hears "eight hundred five" as 800 5."""
    best: tuple[int, str] | None = None
    for end, digits in _strings(pieces, at, apart=apart):
        fits = _possible(digits) and (not apart or len(digits) > 7)
        if fits and _closed(pieces, end) and (best is None or end > best[0]):
            best = (end, digits)
    return best


def formatted(digits: str) -> str:
    """Seven, ten or eleven digits as people write them."""
    if len(digits) == 11:
        return f"{digits[0]}-{formatted(digits[1:])}"
    if len(digits) == 10:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return f"{digits[:3]}-{digits[3:]}"


def _possible(digits: str) -> bool:
    if len(digits) == 11:
        return digits[0] == "1" and _possible(digits[1:])
    if len(digits) not in (7, 10) or digits.startswith("911"):
        return False
    return digits[0] in "23456789" and (len(digits) == 7 or digits[3] in "23456789")


def _closed(pieces: Sequence[Piece], end: int) -> bool:
    """Whether no more digits follow in the same breath."""
    if pause_before(pieces, end) or _WHOLE.fullmatch(pieces[end - 1].text):
        return True
    return not _options(pieces, end) and text_at(pieces, end) not in {"hundred", "thousand"}


def _strings(pieces: Sequence[Piece], at: int, *, apart: bool = False) -> list[tuple[int, str]]:
    """Every string of digits that can be heard from `at` on, with the piece after it."""
    states: dict[int, dict[int, str]] = {at: {0: ""}}
    found: list[tuple[int, str]] = []
    for index in range(at, min(len(pieces), at + _REACH)):
        here = states.pop(index, None)
        if not here:
            continue
        options = _options(pieces, index, apart=apart)
        for length, digits in here.items():
            if (
                length
                and pause_before(pieces, index) == FULL_STOP
                and length not in _MAY_STOP_AFTER
            ):
                continue
            step = _joint(pieces, index) if length else 0
            if step:
                states.setdefault(index + step, {}).setdefault(length, digits)
            for more, end in options:
                longer = digits + more
                if len(longer) > 15:
                    continue
                if states.setdefault(end, {}).setdefault(len(longer), longer) == longer:
                    found.append((end, longer))
    return found


def _joint(pieces: Sequence[Piece], at: int) -> int:
    if text_at(pieces, at) == "area" and text_at(pieces, at + 1) == "code":
        return 2
    return int(text_at(pieces, at) in _JOINTS)


def _options(pieces: Sequence[Piece], at: int, *, apart: bool = False) -> list[tuple[str, int]]:
    """The digits that the pieces at `at` may stand for, the likeliest first."""
    text = text_at(pieces, at)
    if not text or "," in pieces[at].raw or _DECIMAL.fullmatch(text):
        return []
    if _FIGURES.fullmatch(text):
        return [(re.sub(r"[^0-9]", "", text), at + 1)]
    single = single_digit(text)
    if text in REPEATS:
        twice = single_digit(text_at(pieces, at + 1))
        return [(twice * REPEATS[text], at + 2)] if twice and not pieces[at].pause else []
    found: list[tuple[str, int]] = []
    counted = cardinal(pieces, at)
    if counted and len(counted.digits) <= 4:
        found.append((counted.digits, counted.end))
    base = below_hundred(pieces, at)
    if base and apart and text_at(pieces, base.end) == "hundred" and len(base.digits) == 1:
        found.append((f"{base.digits}00", base.end + 1))
    if single:
        found.append((single, at + 1))
    return list(dict.fromkeys(found))


def _international(pieces: Sequence[Piece], at: int) -> Reading | None:
    best: tuple[int, str] | None = None
    for end, digits in _strings(pieces, at):
        if 8 <= len(digits) <= 15 and _closed(pieces, end) and (best is None or end > best[0]):
            best = (end, digits)
    if best is None:
        return None
    end, digits = best
    if len(digits) < 11:
        return Reading(end, "phone", f"+{digits}")
    return Reading(end, "phone", f"+{digits[:-10]} {formatted(digits[-10:])}")


def read_misheard_phone(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A telephone number if words such as "for" are digits; written as heard, as it is a guess."""
    if not single_digit(text_at(pieces, at)):
        return None
    guesses = 0
    index = at
    while index < len(pieces) and index - at <= 10:
        text = pieces[index].text
        if text in HOMOPHONES and index > at:
            guesses += 1
        elif not single_digit(text):
            break
        index += 1
        if pieces[index - 1].pause == FULL_STOP:
            break
    said = pieces[at:index]
    digits = "".join(single_digit(piece.text) or HOMOPHONES[piece.text] for piece in said)
    if not 1 <= guesses <= 2 or not _possible(digits):
        return None
    return Reading(index, "phone", " ".join(piece.text for piece in said), (), (formatted(digits),))
