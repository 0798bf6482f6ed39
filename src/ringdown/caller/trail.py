"""What a phone says of where it is: what can be believed, when that was, and what is news. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from ringdown.caller.views import FixView
from ringdown.core.clock import parse_iso
from ringdown.core.earth import metres_apart

MOST_AT_ONCE: Final = 100
BEFORE_OPENING: Final = timedelta(seconds=60)
"""A phone may give the place that it knew a moment before its page was opened; none older."""
STILL_THERE: Final = timedelta(seconds=30)
"""After this time a fix is kept though it says nothing new: the phone is still there."""
_REPEATED: Final = timedelta(seconds=20)
"""The same figures within this time are the same reading, sent again after a lost answer."""
_LEAST_M: Final = 1.0
"""No phone is better than this: whoever claims to be exact does not know."""
_MOST_M: Final = 100_000.0
_MOVED_M: Final = 5.0
_STOREY_M: Final = 3.0
_LOWEST_M, _HIGHEST_M = -500.0, 20_000.0
_FASTEST_MPS: Final = 350.0
_NORTH, _EAST = 90.0, 180.0
_TURN: Final = 360.0
_LONGEST_FLOOR: Final = 12


class PhoneFix(BaseModel):
    """One reading as a page sends it: WGS84, metres at 95 %, `at` by the clock of the phone."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    lat: float = Field(repr=False)
    lon: float = Field(repr=False)
    accuracy_m: float
    altitude_m: float | None = Field(default=None, repr=False)
    altitude_accuracy_m: float | None = None
    floor: str | None = Field(default=None, repr=False)
    heading_deg: float | None = None
    speed_mps: float | None = None
    at: str = Field(max_length=40)


@dataclass(frozen=True)
class Reading:
    """What can be believed of a fix; `at` is by our own clock."""

    lat: float
    lon: float
    accuracy_m: float
    altitude_m: float | None
    altitude_accuracy_m: float | None
    floor: str | None
    heading_deg: float | None
    speed_mps: float | None
    at: datetime


def believed(
    sent: Sequence[PhoneFix], clock: str | None, *, now: datetime, since: datetime
) -> list[Reading]:
    """The readings that can be true, the earliest first, with their times put right.

    `clock` is what the phone's own clock said on sending; without it the newest of the fixes counts
    as taken now. Nothing is later than `now`, and what is clearly from before `since` is left out.
    """
    times = [_instant(fix.at) for fix in sent]
    known = [time for time in times if time is not None]
    theirs = _instant(clock) or max(known, default=None)
    if theirs is None:
        return []
    shift = now - theirs
    found: list[Reading] = []
    for fix, time in zip(sent, times, strict=True):
        at = None if time is None else _shifted(time, shift, now)
        if at is None or at < since - BEFORE_OPENING or not _somewhere(fix):
            continue
        found.append(_reading(fix, at))
    return sorted(found, key=lambda one: one.at)


def is_news(kept: Sequence[FixView], new: Reading, every_s: int) -> bool:
    """Whether a reading tells more than what is kept around its time."""
    before = after = None
    for fix in kept:
        at = parse_iso(fix.at)
        if _same(fix, new) and abs(at - new.at) < _REPEATED:
            return False
        if at <= new.at and (before is None or at >= before[0]):
            before = (at, fix)
        if at > new.at and (after is None or at < after[0]):
            after = (at, fix)
    near = timedelta(seconds=every_s * 0.6)
    for at, fix in filter(None, (before, after)):
        if abs(at - new.at) < near and new.accuracy_m > fix.accuracy_m / 2:
            return False
    if before is None:
        return True
    return new.at - before[0] >= STILL_THERE or _differs(before[1], new)


def _same(fix: FixView, new: Reading) -> bool:
    return (fix.lat, fix.lon, fix.accuracy_m, fix.altitude_m, fix.floor) == (
        new.lat, new.lon, new.accuracy_m, new.altitude_m, new.floor,
    )  # fmt: skip


def _differs(fix: FixView, new: Reading) -> bool:
    """Whether the phone has moved, as far as one can tell, or knows better where it is."""
    moved = metres_apart(fix.lat, fix.lon, new.lat, new.lon)
    if moved > max(_MOVED_M, new.accuracy_m / 4) or new.accuracy_m < 0.8 * fix.accuracy_m:
        return True
    if new.altitude_m is None:
        return new.floor not in {None, fix.floor}
    if fix.altitude_m is None or new.floor not in {None, fix.floor}:
        return True
    return abs(new.altitude_m - fix.altitude_m) > max(
        _STOREY_M, (new.altitude_accuracy_m or 0.0) / 2
    )


def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else parse_iso(text)
    except (ValueError, OverflowError):
        return None


def _shifted(time: datetime, shift: timedelta, now: datetime) -> datetime | None:
    try:
        return min(time + shift, now)
    except OverflowError:
        return None


def _somewhere(fix: PhoneFix) -> bool:
    """Whether it is a place on earth, told with an uncertainty; nought and nought is none."""
    figures = (fix.lat, fix.lon, fix.accuracy_m)
    return (
        all(math.isfinite(figure) for figure in figures)
        and abs(fix.lat) <= _NORTH
        and abs(fix.lon) <= _EAST
        and (abs(fix.lat) > 1e-6 or abs(fix.lon) > 1e-6)
        and 0 <= fix.accuracy_m <= _MOST_M
    )


def _reading(fix: PhoneFix, at: datetime) -> Reading:
    """The fix without whatever in it cannot be true."""
    altitude = _within(fix.altitude_m, _LOWEST_M, _HIGHEST_M)
    floor = (fix.floor or "").strip()
    heading = _within(fix.heading_deg, 0.0, _TURN)
    return Reading(
        lat=round(fix.lat, 7),
        lon=round(fix.lon, 7),
        accuracy_m=round(max(fix.accuracy_m, _LEAST_M), 1),
        altitude_m=altitude,
        altitude_accuracy_m=None
        if altitude is None
        else _within(fix.altitude_accuracy_m, _LEAST_M, _HIGHEST_M),
        floor=floor if floor.isprintable() and 0 < len(floor) <= _LONGEST_FLOOR else None,
        heading_deg=None if heading is None else heading % _TURN,
        speed_mps=_within(fix.speed_mps, 0.0, _FASTEST_MPS),
        at=at,
    )


def _within(figure: float | None, least: float, most: float) -> float | None:
    """The figure, if it can be one: not a number compares with nothing."""
    return round(figure, 1) if figure is not None and least <= figure <= most else None
