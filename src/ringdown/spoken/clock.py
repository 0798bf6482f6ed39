"""Times of day: "quarter past ten", "ten oh five p m", "oh six hundred hours", "noon". Pure."""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.spoken.groups import Run, below_hundred, follows, run, single_digit, text_at
from ringdown.spoken.pieces import Piece
from ringdown.spoken.reading import Reading
from ringdown.spoken.vocabulary import ZEROS

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(am|pm|a|p)?")
_ATTACHED: Final = re.compile(r"(1[0-2]|0?[1-9])(?::?([0-5][0-9]))?(am|pm)")
_PAST: Final = frozenset(["past", "after"])
_TO: Final = frozenset(["to", "till", "til", "before", "of"])
_HALVES: Final = {
    ("pm",): "PM",
    ("am",): "AM",
    ("p", "m"): "PM",
    ("a", "m"): "AM",
    ("in", "the", "morning"): "AM",
    ("this", "morning"): "AM",
    ("in", "the", "afternoon"): "PM",
    ("this", "afternoon"): "PM",
    ("in", "the", "evening"): "PM",
    ("this", "evening"): "PM",
    ("tonight",): "PM",
    ("at", "night"): "",
}


def read_time(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A time of day, with what says which half of the day it is in."""
    text = pieces[at].text
    if text == "noon":
        return Reading(at + 1, "time", "12:00 PM")
    if text == "midnight":
        return Reading(at + 1, "time", "12:00 AM")
    attached = _ATTACHED.fullmatch(text)
    if attached:
        hour, minute = int(attached[1]), attached[2] or "00"
        return Reading(at + 1, "time", f"{hour}:{minute} {attached[3].upper()}")
    clock = _CLOCK.fullmatch(text)
    if clock and not clock[3]:
        return _with_half(pieces, at + 1, clock[1], int(clock[2]))
    return _relative(pieces, at) or _military(pieces, at) or _said(pieces, at)


def _relative(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Readings such as "quarter past ten", "ten to eleven pm", "twenty minutes to six"."""
    start = at + 1 if text_at(pieces, at) == "a" and not pieces[at].pause else at
    text, sure = text_at(pieces, start), True
    if text == "quarter":
        minutes, index = 15, start + 1
    elif text == "half" and start == at:
        minutes, index = 30, start + 1
    elif start == at:
        group = _small(pieces, at)
        if group is None:
            return None
        minutes, index, sure = *group, False
        if (
            text_at(pieces, index) in {"minutes", "minute", "min", "mins"}
            and not pieces[index - 1].pause
        ):
            index, sure = index + 1, True
    else:
        return None
    joint = text_at(pieces, index)
    hour = _small(pieces, index + 1)
    if pieces[index - 1].pause or hour is None or not 0 < minutes < 60 or not 1 <= hour[0] <= 12:
        return None
    if joint in _PAST:
        return _with_half(pieces, hour[1], str(hour[0]), minutes)
    if joint in _TO:
        earlier = _with_half(pieces, hour[1], str((hour[0] - 2) % 12 + 1), 60 - minutes)
        # "five to six" is a count as often as a time.
        return earlier if sure or earlier.written.endswith("M") else None
    return None


def _small(pieces: Sequence[Piece], at: int) -> tuple[int, int] | None:
    text = text_at(pieces, at)
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text), at + 1
    group = below_hundred(pieces, at)
    return None if group is None else (int(group.digits), group.end)


def _said(pieces: Sequence[Piece], at: int) -> Reading | None:
    """A number that "o'clock", "p m" or "hours" makes a time."""
    found = run(pieces, at)
    if found is None or len(found.digits) > 4:
        return None
    digits, end = found.digits, found.end
    for clock in (("o'clock",), ("oclock",), ("o", "clock")):
        if follows(pieces, end, *clock) and 1 <= int(digits) <= 12:
            return _with_half(pieces, end + len(clock), str(int(digits)), 0)
    # "five o" of "five o clock" is taken for digits first.
    if digits[-1] == "0" and follows(pieces, end, "clock") and 1 <= int(digits[:-1] or 0) <= 12:
        return _with_half(pieces, end + 1, str(int(digits[:-1])), 0)
    if follows(pieces, end, "hours") and len(digits) in (3, 4):
        hour, minute = int(digits[:-2]), int(digits[-2:])
        sure = len(digits) == 4 or pieces[end - 1].text == "hundred"
        if hour < 24 and minute < 60 and sure:
            return Reading(end + 1, "time", f"{hour:02}:{minute:02}", (digits,))
    time = _hour_minute(digits)
    half = _half(pieces, end, time[0]) if time else None
    if time and half:
        return Reading(half[1], "time", f"{time[0]}:{time[1]:02} {half[0]}")
    return None


def _military(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Hours with a leading nought: "oh one ten hours", "zero nine oh five hours"."""
    hour = single_digit(text_at(pieces, at + 1))
    if pieces[at].text not in ZEROS or not hour or pieces[at].pause or pieces[at + 1].pause:
        return None
    index, minute = at + 2, "00"
    if text_at(pieces, index) in ZEROS:
        minute, index = f"0{single_digit(text_at(pieces, index + 1))}", index + 2
    elif text_at(pieces, index) == "hundred":
        index += 1
    else:
        group = below_hundred(pieces, index)
        minute, index = (group.digits, group.end) if group else ("", index)
    if len(minute) != 2 or int(minute) > 59 or not follows(pieces, index, "hours"):
        return None
    return Reading(index + 1, "time", f"0{hour}:{minute}", (f"0{hour}{minute}",))


def _hour_minute(digits: str) -> tuple[int, int] | None:
    hour, minute = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    return (hour, minute) if 1 <= hour <= 12 and minute < 60 else None


def _half(pieces: Sequence[Piece], at: int, hour: int) -> tuple[str, int] | None:
    for texts, half in _HALVES.items():
        if follows(pieces, at, *texts):
            night = "PM" if 6 <= hour < 12 else "AM"
            return half or night, at + len(texts)
    return None


def _with_half(pieces: Sequence[Piece], end: int, hour: str, minute: int) -> Reading:
    half = _half(pieces, end, int(hour)) if 1 <= int(hour) <= 12 else None
    if half:
        return Reading(half[1], "time", f"{int(hour)}:{minute:02} {half[0]}")
    if follows(pieces, end, "hours"):
        end += 1
    return Reading(end, "time", f"{hour}:{minute:02}")


def bare_time(found: Run) -> tuple[str, ...]:
    """The time that a number said like one may be: "ten oh five", "eight twenty nine"."""
    groups, digits = found.groups, found.digits
    if not 2 <= len(groups) <= 3 or not 3 <= len(digits) <= 4:
        return ()
    if len(groups) == 3 and groups[1].digits != "0":
        return ()
    time = _hour_minute(digits)
    if time is None or str(time[0]) != groups[0].digits:
        return ()
    return (f"{time[0]}:{time[1]:02}",)
