"""Points and lines out of GeoJSON geometries and WKT. What is wrong with one is said in words."""

import re
from collections.abc import Sequence
from math import isfinite
from typing import Final, cast

from ringdown.streets.model.features import MOST_POINTS, Point
from ringdown.streets.model.geometry import centre, metres

APART: Final = 30.0
"""Metres between pieces of one line that are still taken as meeting."""
_WKT: Final = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?M?\s*(\(.*\))\s*",
    re.IGNORECASE | re.DOTALL,
)


class Unusable(Exception):
    """A geometry that cannot be taken, and why."""


def line(shape: object) -> tuple[Point, ...]:
    """The points of a line; pieces that meet are one. Raises `Unusable`."""
    kind, found = _shape(shape)
    if kind not in {"LineString", "MultiLineString"}:
        raise Unusable("the feature is no line")
    pieces = [found] if kind == "LineString" else _list(found)
    path: list[Point] = []
    for piece in pieces:
        points = [_point(each) for each in _list(piece)]
        if path and points and metres(path[-1], points[0]) > APART:
            raise Unusable("the line is in pieces that do not meet")
        path += points if not path else points[1:]
    path = [point for at, point in enumerate(path) if at == 0 or point != path[at - 1]]
    if len(path) < 2:
        raise Unusable("the line has fewer than two points")
    if len(path) > MOST_POINTS:
        raise Unusable(f"the line has more than {MOST_POINTS} points")
    return tuple(path)


def point(shape: object) -> Point:
    """A point; of an area its middle. Raises `Unusable`."""
    kind, found = _shape(shape)
    if kind == "Point":
        return _point(found)
    if kind == "MultiPoint":
        return _point(_list(found)[0])
    if kind in {"Polygon", "MultiPolygon"}:
        rings = _list(found) if kind == "Polygon" else _list(_list(found)[0])
        ring = [_point(each) for each in _list(rings[0])]
        if len(ring) < 2:
            raise Unusable("the area has no border")
        return centre(ring[:-1])
    raise Unusable("the feature is no point")


def is_line(shape: object) -> bool:
    """Whether a geometry is a line."""
    if isinstance(shape, str):
        return "linestring" in shape[:40].lower()
    form = cast("dict[str, object]", shape).get("type") if isinstance(shape, dict) else None
    return form in {"LineString", "MultiLineString"}


def from_degrees(lat: str, lon: str) -> Point:
    """A point of two cells. Raises `Unusable`."""
    if not lat or not lon:
        raise Unusable("lat or lon is empty")
    try:
        return _point([float(lon), float(lat)])
    except ValueError:
        raise Unusable("lat and lon are not numbers") from None


def _shape(shape: object) -> tuple[str, object]:
    if isinstance(shape, str):
        return _wkt(shape)
    if not isinstance(shape, dict):
        raise Unusable("the feature has no geometry")
    found = cast("dict[str, object]", shape)
    return str(found.get("type")), found.get("coordinates")


def _wkt(text: str) -> tuple[str, object]:
    found = _WKT.fullmatch(text)
    if found is None:
        raise Unusable("the geometry is no WKT")
    kind = {"point": "Point", "linestring": "LineString", "polygon": "Polygon"}[found[2].lower()]
    depth = {"Point": 0, "LineString": 1, "Polygon": 2}[kind] + bool(found[1])
    return ("Multi" if found[1] else "") + kind, _nested(found[3].strip(), depth)


def _nested(text: str, depth: int) -> object:
    if not (text.startswith("(") and text.endswith(")")):
        if depth:
            raise Unusable("the geometry is no WKT")
        return text.split()
    inner = text[1:-1].strip()
    if depth == 0:
        return inner.split()
    if depth == 1:
        return [part.strip(" ()").split() for part in inner.split(",")]
    parts = re.split(r"\)\s*,\s*\(", inner)
    if depth == 2:
        return [_nested(f"({part.strip(' ()')})", 1) for part in parts]
    parts = re.split(r"\)\s*\)\s*,\s*\(\s*\(", inner)
    return [_nested(f"(({part.strip(' ()')}))", 2) for part in parts]


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list) or not value:
        raise Unusable("the geometry has no coordinates")
    return cast("list[object]", value)


def _point(value: object) -> Point:
    pair = _list(value)
    if len(pair) < 2:
        raise Unusable("a point has two coordinates")
    try:
        lon, lat = (_number(each) for each in pair[:2])
    except (TypeError, ValueError):
        raise Unusable("a coordinate is no number") from None
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise Unusable("the coordinates are not degrees in WGS84 (longitude, then latitude)")
    return Point(round(lat, 7), round(lon, 7))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("not a number")
    return float(value)
