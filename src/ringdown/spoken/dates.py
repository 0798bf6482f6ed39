"""Dates: "july fourth", "the twenty third of may nineteen eighty four", "3/14/99". Pure.

Figures are read as month, day, year. A year of two digits up to 29 is of this century, a later one
of the last; the other century stays an alternative.
"""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import Run, below_hundred, ordinal, run, text_at
from ringdown.spoken.pieces import FULL_STOP, Piece
from ringdown.spoken.reading import Reading, cued
from ringdown.spoken.vocabulary import MONTH_NAMES, MONTHS, TENS

_FIGURES: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_ISO: Final = re.compile(r"((?:1[89]|20)[0-9]{2})-([0-9]{1,2})-([0-9]{1,2})")
_ORDINAL: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_BIRTH: Final = frozenset(["born", "birth", "birthday", "birthdate", "dob", "date", "b"])
_VERBS: Final = frozenset(["may", "march"])
_DECADES: Final = {f"{word[:-1]}ies": value for word, value in TENS.items() if word != "fourty"}
_LAST_OF_THIS_CENTURY: Final = 29


def read_date(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A date beginning at piece `at`."""
    text = pieces[at].text
    iso = _ISO.fullmatch(text)
    if iso:
        return _numeric(at + 1, iso[2], iso[3], iso[1])
    figures = _FIGURES.fullmatch(text)
    if figures:
        return _numeric(at + 1, figures[1], figures[2], figures[3])
    if text in MONTHS:
        return _month_first(pieces, at)
    decade = _decade(pieces, at)
    if decade:
        return decade
    return _day_first(pieces, at) or _digits(pieces, at)


def _decade(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Decades: "nineteen eighties", "the nineties", "1980s"."""
    text = pieces[at].text
    if re.fullmatch(r"'?([0-9]{2})?[0-9]0s", text):
        return Reading(at + 1, "date", text.lstrip("'"))
    if text in _DECADES:
        return Reading(at + 1, "date", f"{_DECADES[text]}s")
    if text in {"eighteen", "nineteen", "twenty"} and text_at(pieces, at + 1) in _DECADES:
        century = {"eighteen": "18", "nineteen": "19", "twenty": "20"}[text]
        return Reading(at + 2, "date", f"{century}{_DECADES[text_at(pieces, at + 1)]}s")
    return None


def _month_first(pieces: Sequence[Piece], at: int) -> Reading | None:
    month, name = MONTHS[pieces[at].text], pieces[at].text
    if pieces[at].pause == FULL_STOP and name in _VERBS:
        return None
    start = at + 1
    if text_at(pieces, start) == "the":
        start += 1
    year = _year(pieces, start, four=True)
    if year and len(year[2]) > 0 and start == at + 1:
        return Reading(year[1], "date", f"{MONTH_NAMES[month - 1]} {year[0]}")
    day = _day(pieces, start)
    if day is None:
        return None
    value, end, sure = day
    year = _year(pieces, end)
    named = pieces[at].raw[:1].isupper() and text_at(pieces, start).isdecimal()
    if name in _VERBS and not sure and not named and year is None:
        return None
    return _write(month, value, year, end)


def _day_first(pieces: Sequence[Piece], at: int) -> Reading | None:
    day = _day(pieces, at)
    if day is None:
        return None
    value, end, sure = day
    if text_at(pieces, end) == "day":
        end += 1
    if text_at(pieces, end) == "of":
        end += 1
    elif sure or pieces[end - 1].pause:
        return None
    name = text_at(pieces, end)
    if name not in MONTHS or (name in _VERBS and not sure):
        return None
    return _write(MONTHS[name], value, _year(pieces, end + 1), end + 1)


def _digits(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Month, day and year as three numbers, where somebody speaks of a birth or a date."""
    if not cued(pieces, at, _BIRTH):
        return None
    found = run(pieces, at)
    reading = None if found is None else _three(found)
    if found is None or reading is None:
        return None
    others = (*reading.alternatives, found.digits, *found.apart()[:1])
    return Reading(reading.end, "date", reading.written, others)


def bare_date(found: Run) -> tuple[str, ...]:
    """The date that a number said like one may be: "three fourteen ninety nine"."""
    spelled = all(len(group.digits) == 1 for group in found.groups)
    reading = None if spelled else _three(found)
    return (reading.written,) if reading and len(found.groups) <= 6 else ()


def _three(found: Run) -> Reading | None:
    """Month, day and year of digits that were said in such groups."""
    if not 3 <= len(found.groups) <= 8:
        return None
    groups = [group.digits for group in found.groups]
    if groups[0] == "0" and len(groups) > 3:
        groups = [groups[0] + groups[1], *groups[2:]]
    if len(groups) > 3 and groups[1] == "0":
        groups = [groups[0], groups[1] + groups[2], *groups[3:]]
    if len(groups) < 3:
        return None
    month, day, year = groups[0], groups[1], "".join(groups[2:])
    if len(year) not in (2, 4):
        return None
    if len(year) == 4 and not 1800 <= int(year) < 2100:
        return None
    return _numeric(found.end, month, day, year)


def _numeric(end: int, month: str, day: str, year: str) -> Reading | None:
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        if 1 <= int(day) <= 12 and 1 <= int(month) <= 31:
            month, day = day, month
        else:
            return None
    whole, other = _century(year)
    head = f"{int(month)}/{int(day)}"
    return Reading(end, "date", f"{head}/{whole}", (f"{head}/{other}",) if other else ())


def _century(year: str) -> tuple[str, str]:
    if len(year) == 4:
        return year, ""
    this, last = f"20{year}", f"19{year}"
    return (this, last) if int(year) <= _LAST_OF_THIS_CENTURY else (last, this)


def _day(pieces: Sequence[Piece], at: int) -> tuple[int, int, bool] | None:
    """A day of the month, the piece after it, and whether it was said as an ordinal."""
    text = text_at(pieces, at)
    figure = _ORDINAL.fullmatch(text)
    if figure:
        value, end, sure = int(figure[1]), at + 1, True
    elif re.fullmatch(r"[0-9]{1,2}", text):
        value, end, sure = int(text), at + 1, False
    else:
        said = ordinal(pieces, at)
        group = below_hundred(pieces, at)
        if said and not said[2]:
            value, end, sure = said[0], said[1], True
        elif group:
            value, end, sure = int(group.digits), group.end, False
        else:
            return None
    return (value, end, sure) if 1 <= value <= 31 else None


def _year(
    pieces: Sequence[Piece], at: int, *, four: bool = False
) -> tuple[str, int, tuple[str, ...]] | None:
    """A year, the piece after it, and how it was said."""
    if at < 1 or pieces[at - 1].pause == FULL_STOP:
        return None
    if text_at(pieces, at) in {"in", "of"} and at + 1 < len(pieces):
        at += 1
    found = run(pieces, at)
    if found is None:
        return None
    digits = found.digits
    said = tuple(group.digits for group in found.groups)
    if len(digits) == 4 and 1800 <= int(digits) < 2100:
        return digits, found.end, said
    if not four and len(digits) == 2 and len(said) <= 2 and digits not in {"10", "11", "12"}:
        return _century(digits)[0], found.end, said
    return None


def _write(
    month: int, day: int, year: tuple[str, int, tuple[str, ...]] | None, end: int
) -> Reading:
    head = f"{MONTH_NAMES[month - 1]} {day}"
    if year is None:
        return Reading(end, "date", head)
    whole, after, said = year
    other = _century(whole[2:])[1] if len("".join(said)) == 2 else ""
    return Reading(after, "date", f"{head}, {whole}", (f"{head}, {other}",) if other else ())
