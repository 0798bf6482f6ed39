"""Distances on the ground."""

import math
from typing import Final

_EARTH_M: Final = 6_371_009.0


def metres_apart(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """How far apart two points of WGS84 are, along a sphere of the earth's mean radius."""
    first, second = math.radians(lat), math.radians(other_lat)
    height = math.sin((second - first) / 2) ** 2
    width = math.sin(math.radians(other_lon - lon) / 2) ** 2
    chord = height + math.cos(first) * math.cos(second) * width
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, chord)))
