"""How features of the map are kept: one line of JSON each."""

import json
from typing import Any, cast

from ringdown.streets.model.features import (
    Address,
    Feature,
    Landmark,
    Layer,
    Milepost,
    Point,
    Range,
    Road,
)


def written(feature: Feature) -> str:
    """A feature as a line; the same feature always gives the same line."""
    match feature:
        case Road():
            flat = [degree for point in feature.path for degree in point]
            row: list[object] = [
                feature.name, flat, _range(feature.left), _range(feature.right),
                feature.city_left, feature.city_right, list(feature.also), feature.major,
            ]  # fmt: skip
        case Address():
            row = [feature.number, feature.street, *feature.at, feature.unit, feature.city,
                   feature.landmark]  # fmt: skip
        case Landmark():
            row = [feature.name, *feature.at, feature.city, list(feature.also)]
        case Milepost():
            row = [feature.road, feature.mile, *feature.at, feature.kind]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def read(layer: Layer, line: str) -> Feature:
    """The feature of a line that `written` made."""
    row = cast("list[Any]", json.loads(line))
    if layer == "roads":
        name, flat, left, right, city_left, city_right, also, major = row
        path = tuple(Point(*pair) for pair in zip(flat[::2], flat[1::2], strict=True))
        return Road(
            name, path, _side(left), _side(right), city_left, city_right, tuple(also), major
        )
    if layer == "addresses":
        number, street, lat, lon, unit, city, landmark = row
        return Address(number, street, Point(lat, lon), unit, city, landmark)
    if layer == "landmarks":
        name, lat, lon, city, also = row
        return Landmark(name, Point(lat, lon), city, tuple(also))
    road, mile, lat, lon, kind = row
    return Milepost(road, mile, Point(lat, lon), kind)


def _range(side: Range | None) -> list[object] | None:
    return None if side is None else [side.first, side.last, side.parity]


def _side(row: list[Any] | None) -> Range | None:
    return None if row is None else Range(*row)
