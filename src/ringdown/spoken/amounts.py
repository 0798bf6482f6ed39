"""Amounts: decimals, money, degrees, per cent, fractions. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import Run, follows, ordinal, pause_before, run, single_digit, text_at
from ringdown.spoken.pieces import Piece
from ringdown.spoken.reading import Reading, labelled
from ringdown.spoken.vocabulary import TEENS, TENS, word_set

_DECIMAL: Final = re.compile(r"-?[0-9]{0,12}\.[0-9]{1,8}|-[0-9]{1,12}")
_MONEY: Final = re.compile(r"\$[0-9]{1,12}(\.[0-9]{1,2})?")
_SHARE: Final = re.compile(r"[0-9]{1,6}(\.[0-9]+)?[%\u00b0][cf]?")
_FRACTION: Final = re.compile(r"[0-9]{1,3}/[0-9]{1,3}")
_DOLLARS: Final = frozenset(["dollar", "dollars", "buck", "bucks"])
_CENTS: Final = frozenset(["cent", "cents"])
_SCALES: Final = {"fahrenheit": "F", "celsius": "C", "centigrade": "C", "f": "F", "c": "C"}
_NO_POINT: Final = word_set("that this some one the at a what which any every")
_PARTS: Final = {
    "half": 2,
    "halves": 2,
    "quarter": 4,
    "quarters": 4,
    "third": 3,
    "thirds": 3,
    "fourth": 4,
    "fourths": 4,
    "fifth": 5,
    "fifths": 5,
    "sixth": 6,
    "sixths": 6,
    "seventh": 7,
    "sevenths": 7,
    "eighth": 8,
    "eighths": 8,
    "ninth": 9,
    "ninths": 9,
    "tenth": 10,
    "tenths": 10,
}


def read_amount(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A number with a sign, a decimal point or a unit that changes how it is written."""
    text = pieces[at].text
    if _MONEY.fullmatch(text):
        return _scaled_money(pieces, at, text)
    if _SHARE.fullmatch(text):
        return Reading(at + 1, "percent" if "%" in text else "temperature", text.upper())
    negative = text in {"minus", "negative"} and not pieces[at].pause
    start = at + 1 if negative else at
    number, end, others, kind = _number(pieces, start)
    if not number or (negative and not pause_ok(pieces, start)):
        return None
    if negative and text == "negative" and text_at(pieces, end) not in {"degree", "degrees"}:
        return None
    if negative:
        number, kind = f"-{number}", "decimal"
    unit = text_at(pieces, end) if not pause_before(pieces, end) else ""
    if unit == "percent":
        return Reading(end + 1, "percent", f"{number}%")
    if follows(pieces, end, "per", "cent"):
        return Reading(end + 2, "percent", f"{number}%")
    if unit in {"degree", "degrees"}:
        scale = _SCALES.get(text_at(pieces, end + 1), "") if not pieces[end].pause else ""
        return Reading(end + (2 if scale else 1), "temperature", f"{number}\u00b0{scale}")
    if unit in _DOLLARS:
        return _dollars(pieces, end + 1, number, others)
    if unit in _CENTS and number.isdecimal() and int(number) < 100:
        return Reading(end + 1, "money", f"$0.{int(number):02}")
    if kind == "decimal":
        return labelled(pieces, at, Reading(end, "decimal", number, others))
    return None


def pause_ok(pieces: Sequence[Piece], at: int) -> bool:
    """Whether nothing parts piece `at` from the one before it."""
    return at < len(pieces) and not pause_before(pieces, at)


def _number(pieces: Sequence[Piece], at: int) -> tuple[str, int, tuple[str, ...], str]:
    """The number at `at`, the piece after it, other readings, and "decimal" if it has a point."""
    text = text_at(pieces, at)
    if _DECIMAL.fullmatch(text):
        return (f"0{text}" if text[0] == "." else text), at + 1, (), "decimal"
    found = run(pieces, at)
    if found is None:
        begins = text == "point" and text_at(pieces, at - 1) not in _NO_POINT
        digits, end = _after_point(pieces, at) if begins else ("", at)
        return (f"0.{digits}", end, (), "decimal") if digits else ("", at, (), "")
    apart = found.apart()
    digits, end = _after_point(pieces, found.end)
    if digits:
        others = tuple(f"{other}.{digits}" for other in apart)
        return f"{found.digits}.{digits}", end, others, "decimal"
    return found.digits, found.end, apart, ""


def _after_point(pieces: Sequence[Piece], at: int) -> tuple[str, int]:
    if text_at(pieces, at) != "point" or pieces[at].pause or (at and pause_before(pieces, at)):
        return "", at
    digits, index = "", at + 1
    while index < len(pieces) and len(digits) < 8:
        text = text_at(pieces, index)
        said = single_digit(text)
        if not said and not digits and (text in TENS or text in TEENS or text.isdecimal()):
            found: Run | None = run(pieces, index)
            return (found.digits, found.end) if found and len(found.digits) < 8 else ("", at)
        if not said:
            break
        digits, index = digits + said, index + 1
        if pieces[index - 1].pause:
            break
    return digits, index


def _dollars(pieces: Sequence[Piece], end: int, number: str, others: tuple[str, ...]) -> Reading:
    start = end + 1 if text_at(pieces, end) == "and" else end
    cents = run(pieces, start) if not pieces[end - 1].pause else None
    written = _money(number)
    also = tuple(f"${other}" for other in others)
    if (
        cents
        and len(cents.digits) <= 2
        and text_at(pieces, cents.end) in _CENTS
        and not pause_before(pieces, cents.end)
    ):
        return Reading(cents.end + 1, "money", f"{written}.{int(cents.digits):02}", also)
    return Reading(end, "money", written, also)


def _money(number: str) -> str:
    return f"${int(number):,}" if number.isdecimal() and len(number) > 6 else f"${number}"


def _scaled_money(pieces: Sequence[Piece], at: int, text: str) -> Reading:
    scale = text_at(pieces, at + 1)
    if scale in {"million", "thousand", "billion", "hundred"} and not pieces[at].pause:
        zeros = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9}[scale]
        whole, _, part = text[1:].partition(".")
        number = str(int((whole + part).ljust(len(whole) + zeros, "0")))
        return Reading(at + 2, "money", _money(number))
    return Reading(at + 1, "money", _money(text[1:]))


def read_fraction(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Fractions: "a half", "three quarters", "one and a half", "3/4"."""
    text = pieces[at].text
    if _FRACTION.fullmatch(text):
        return Reading(at + 1, "fraction", text)
    part = _part(pieces, at)
    if part:
        return Reading(part[1], "fraction", part[0])
    whole = run(pieces, at)
    if whole is None or len(whole.digits) > 3:
        return None
    index = whole.end
    if text_at(pieces, index) == "and" and not pause_before(pieces, index):
        index += 1
    elif not _FRACTION.fullmatch(text_at(pieces, index)):
        return None
    inner = text_at(pieces, index)
    rest = (inner, index + 1) if _FRACTION.fullmatch(inner) else _part(pieces, index)
    if rest is None or pause_before(pieces, index):
        return None
    return Reading(rest[1], "fraction", f"{int(whole.digits)} {rest[0]}")


def _part(pieces: Sequence[Piece], at: int) -> tuple[str, int] | None:
    text = text_at(pieces, at)
    below = text_at(pieces, at + 1)
    if not text or below not in _PARTS or pieces[at].pause:
        return None
    if text == "a":
        # "A third" is as often a third one, so only "a third of" is a fraction.
        sure = below in {"half", "quarter"} or follows(pieces, at + 2, "of")
        return (f"1/{_PARTS[below]}", at + 2) if sure else None
    digit = single_digit(text)
    if not digit or digit == "0":
        return None
    if digit == "1":
        return (
            (f"1/{_PARTS[below]}", at + 2) if below[-1] != "s" and not ordinal(pieces, at) else None
        )
    return (f"{digit}/{_PARTS[below]}", at + 2) if below[-1] == "s" else None
