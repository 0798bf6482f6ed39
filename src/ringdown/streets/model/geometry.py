"""Distances and places along lines, on the small plane that a town is."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.streets.model.features import Point

METRES: Final = 111_195.0
"""Metres of one degree of latitude."""


def metres(one: Point, other: Point) -> float:
    """How far apart two points are; good to a per cent within a county."""
    east = (other.lon - one.lon) * cos(radians((one.lat + other.lat) / 2))
    return METRES * hypot(other.lat - one.lat, east)


def length(path: Sequence[Point]) -> float:
    """How long a line is."""
    return sum(metres(one, other) for one, other in pairwise(path))


def along(path: Sequence[Point], share: float, aside: float = 0.0) -> Point:
    """The point at a share (0 to 1) of a line, `aside` metres to its right (negative: left)."""
    steps = [metres(one, other) for one, other in pairwise(path)]
    left = min(max(share, 0.0), 1.0) * sum(steps)
    for at, step in enumerate(steps):
        if step and (left <= step or not any(steps[at + 1 :])):
            return _beside(path[at], path[at + 1], min(left / step, 1.0), aside)
        left -= step
    return path[0]


def _beside(one: Point, other: Point, share: float, aside: float) -> Point:
    lat = one.lat + share * (other.lat - one.lat)
    lon = one.lon + share * (other.lon - one.lon)
    if aside:
        shrink = cos(radians(lat))
        north, east = other.lat - one.lat, (other.lon - one.lon) * shrink
        long = hypot(north, east)
        # To the right of north is east, to the right of east is south.
        lat += aside / METRES * -east / long
        lon += aside / METRES * north / long / shrink
    return Point(round(lat, 7), round(lon, 7))


def flat(path: Sequence[Point], origin: Point) -> NDArray[np.float64]:
    """A line in metres east and north of an origin."""
    points = np.array(path, np.float64).reshape(-1, 2)
    east = (points[:, 1] - origin.lon) * METRES * cos(radians(origin.lat))
    return np.stack([east, (points[:, 0] - origin.lat) * METRES], axis=1)


def distance_to(point: Point, path: Sequence[Point]) -> float:
    """How far a point is from a line."""
    line = flat(path, point)
    start, step = line[:-1], np.diff(line, axis=0)
    long = np.maximum((step**2).sum(axis=1), 1e-9)
    share = np.clip(-(start * step).sum(axis=1) / long, 0, 1)
    return float(np.hypot(*(start + share[:, None] * step).T).min())


def crossing(one: Sequence[Point], other: Sequence[Point]) -> Point | None:
    """Where two lines first cross or touch, or None."""
    origin = one[0]
    a, b = flat(one, origin), flat(other, origin)
    if (a.min(axis=0) > b.max(axis=0) + 1).any() or (b.min(axis=0) > a.max(axis=0) + 1).any():
        return None
    start, step = a[:-1, None], np.diff(a, axis=0)[:, None]
    from_, way = b[None, :-1], np.diff(b, axis=0)[None]
    turn = step[..., 0] * way[..., 1] - step[..., 1] * way[..., 0]
    gap = from_ - start
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (gap[..., 0] * way[..., 1] - gap[..., 1] * way[..., 0]) / turn
        shared = (gap[..., 0] * step[..., 1] - gap[..., 1] * step[..., 0]) / turn
    slack = 1e-6
    hits = np.argwhere(
        (share >= -slack) & (share <= 1 + slack) & (shared >= -slack) & (shared <= 1 + slack)
    )
    if not len(hits):
        return None
    at, to = (int(each) for each in hits[0])
    return _beside(one[at], one[at + 1], float(np.clip(share[at, to], 0, 1)), 0.0)


def centre(points: Sequence[Point]) -> Point:
    """The middle of points that are near each other."""
    count = len(points)
    return Point(
        round(sum(point.lat for point in points) / count, 7),
        round(sum(point.lon for point in points) / count, 7),
    )
