"""Reading an agency's map: CSV or GeoJSON in, features and refused rows out.

No row is skipped in silence: each is taken, or refused with its number and a reason.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, cast

from ringdown.core.errors import Invalid
from ringdown.streets.model import columns as c
from ringdown.streets.model.features import (
    MOST,
    Address,
    Feature,
    Landmark,
    Layer,
    Milepost,
    Parity,
    Point,
    Range,
    Road,
)
from ringdown.streets.model.shapes import Unusable, from_degrees, is_line, line, point

LONGEST: Final = 120
REASONS: Final = 20
"""Refused rows told one by one; the others are counted."""
HIGHEST: Final = 999_999
_HOUSE: Final = re.compile(r"([a-z]{0,3})(\d{1,6})([a-z]{0,2}|-\d{1,4}|( \d/\d))", re.IGNORECASE)
_SEEN: Final = 50
"""Rows looked at to see what a file holds."""


class MapUnreadable(Invalid):
    """The file is not one of a map: not CSV or GeoJSON, or without what a layer needs."""

    code: ClassVar[str] = "streets.unreadable"
    action: ClassVar[str] = (
        "Send GeoJSON in WGS84, or CSV with a header. Roads need a name and a line (in CSV a "
        "column wkt), addresses a number, a street and a point, landmarks a name and a point, "
        "mileposts a road, a mile and a point."
    )


class MapTooLarge(Invalid):
    """More features than one centre may have."""

    code: ClassVar[str] = "streets.too_many"
    action: ClassVar[str] = "Load the part of the map that your calls come from."


@dataclass(frozen=True)
class Refused:
    """A row that cannot be taken: its line (CSV) or the place of its feature, and why."""

    row: int
    reason: str


@dataclass
class MapTable:
    """What a file holds, in the order of the file."""

    layer: Layer
    features: list[Feature] = field(default_factory=list[Feature])
    rows: int = 0
    refused: int = 0
    reasons: list[Refused] = field(default_factory=list[Refused])


@dataclass(frozen=True)
class _Row:
    number: int
    values: c.Columns
    shape: object


def read_map(data: bytes, layer: Layer | None = None) -> MapTable:
    """Read a file; without a layer, by what its rows hold.

    Raises `MapUnreadable` or `MapTooLarge`.
    """
    text = _text(data)
    rows = _geojson(text) if text.lstrip()[:1] in {"{", "["} else _csv(text)
    first: list[_Row] = []
    for row in rows:
        first.append(row)
        if len(first) == _SEEN:
            break
    if not first:
        raise MapUnreadable("the file has no rows")
    table = MapTable(layer or _layer_of(first))
    for row in _chained(first, rows):
        table.rows += 1
        try:
            table.features.append(_feature(table.layer, row))
        except Unusable as error:
            table.refused += 1
            if len(table.reasons) < REASONS:
                table.reasons.append(Refused(row.number, str(error)))
        if len(table.features) > MOST[table.layer]:
            raise MapTooLarge(
                f"there are more than {MOST[table.layer]} {table.layer}",
                details={"most": MOST[table.layer], "row": row.number},
            )
    if not table.features:
        told = [f"row {each.row}: {each.reason}" for each in table.reasons[:3]]
        raise MapUnreadable(
            f"the file holds no {table.layer}",
            details={"rows": table.rows, "layer": table.layer, "first_refused": told},
        )
    return table


def _chained(first: list[_Row], rest: Iterator[_Row]) -> Iterator[_Row]:
    yield from first
    yield from rest


def _layer_of(rows: list[_Row]) -> Layer:
    if any(is_line(row.shape) for row in rows):
        return "roads"
    for layer, wanted in (("addresses", c.NUMBER), ("mileposts", c.MILE)):
        if sum(bool(c.text(row.values, wanted)) for row in rows) * 2 >= len(rows):
            return cast("Layer", layer)
    return "landmarks"


def _feature(layer: Layer, row: _Row) -> Feature:
    if layer == "roads":
        return _road(row)
    if layer == "addresses":
        return _address(row)
    return _landmark(row) if layer == "landmarks" else _milepost(row)


def _road(row: _Row) -> Road:
    name = _name(c.street(row.values), "the road has no name")
    return Road(
        name,
        line(row.shape),
        _range(row.values, c.LEFT),
        _range(row.values, c.RIGHT),
        _city(c.city(row.values, "l")),
        _city(c.city(row.values, "r")),
        tuple(_name(each, "") for each in c.aliases(row.values, name)),
        c.major(row.values),
    )


def _range(row: c.Columns, names: tuple[tuple[str, ...], ...]) -> Range | None:
    said = [c.text(row, each) for each in names]
    ends: list[int] = []
    for end in filter(None, said[:2]):
        found = re.search(r"\d+", end)
        if found is None or int(found[0]) > HIGHEST:
            raise Unusable(f"{end[:20]!r} in its range is no house number")
        ends.append(int(found[0]))
    if not any(ends):
        return None
    first, last = ends[0], ends[-1]
    known: dict[str, Parity] = {"o": "odd", "e": "even", "b": "both"}
    told = known.get(said[2].lower()[:1])
    usual: Parity = "both" if first % 2 != last % 2 else "odd" if first % 2 else "even"
    return Range(first, last, told or usual)


def _address(row: _Row) -> Address:
    number = c.text(row.values, c.NUMBER)
    before, after = c.text(row.values, c.BEFORE_NUMBER), c.text(row.values, c.AFTER_NUMBER)
    joint = " " if after[:1].isdigit() else ""
    number = f"{before}{number}{joint}{after}".upper()
    if not number:
        raise Unusable("the address has no number")
    if not _HOUSE.fullmatch(number):
        raise Unusable(f"{number[:20]!r} is no house number")
    return Address(
        number,
        _name(c.street(row.values), "the address has no street"),
        _place(row),
        _name(c.text(row.values, c.UNIT), None),
        _city(c.city(row.values)),
        _name(c.readable(c.text(row.values, c.NAMED)), None),
    )


def _landmark(row: _Row) -> Landmark:
    name = _name(c.readable(c.text(row.values, c.LANDMARK)), "the landmark has no name")
    also = tuple(_name(each, "") for each in c.aliases(row.values, name))
    return Landmark(name, _place(row), _city(c.city(row.values)), also)


def _milepost(row: _Row) -> Milepost:
    road = _name(c.text(row.values, c.MILE_ROAD), "the milepost names no road")
    said = c.text(row.values, c.MILE)
    found = re.fullmatch(r"(?:MM|MP|mile ?(?:marker|post)?)? ?(\d{1,4}(?:\.\d{1,3})?)", said)
    if found is None:
        raise Unusable("the milepost has no mile" if not said else f"{said[:20]!r} is no mile")
    exits = any(each in row.values for each in ("exit", "exitnumber", "exitno"))
    kind: Literal["mile marker", "exit"] = "mile marker"
    if "exit" in c.text(row.values, c.MILE_KIND).lower() or exits:
        kind = "exit"
    return Milepost(road, float(found[1]), _place(row), kind)


def _place(row: _Row) -> Point:
    if row.shape is not None:
        return point(row.shape)
    return from_degrees(c.text(row.values, c.LAT), c.text(row.values, c.LON))


def _name(name: str, missing: str | None) -> str:
    if not name:
        if missing is None:
            return ""
        raise Unusable(missing)
    if len(name) > LONGEST:
        raise Unusable(f"a name is longer than {LONGEST} characters")
    if not name.isprintable() or "\ufffd" in name:
        raise Unusable("a name holds characters that cannot be read")
    return name


def _city(name: str) -> str:
    return _name(name, None)


def _text(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text[:4096]:
        raise MapUnreadable("the file is not text; export it as GeoJSON or CSV")
    return text


def _csv(text: str) -> Iterator[_Row]:
    head = text.lstrip("\r\n").partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=head.count))
    try:
        nothing: list[str] = []
        header = next((row for row in lines if any(cell.strip() for cell in row)), nothing)
        names = [c.column(cell) for cell in header]
        if not set(names) & {*c.WHOLE, *c.LANDMARK, *c.MILE_ROAD, "lstname"}:
            raise MapUnreadable(
                f"line {lines.line_num or 1} names no column that holds names",
                details={"line": lines.line_num or 1, "columns": len(names)},
            )
        before = lines.line_num
        for row in lines:
            number, before = before + 1, lines.line_num
            if not any(cell.strip() for cell in row):
                continue
            values: dict[str, object] = dict(zip(names, row, strict=False))
            shape = next(
                (
                    row_shape
                    for each in c.SHAPE
                    if (row_shape := str(values.get(each) or "").strip())
                ),
                None,
            )
            yield _Row(number, values, shape)
    except csv.Error as error:
        raise MapUnreadable(
            f"line {lines.line_num} is not CSV", details={"line": lines.line_num}
        ) from error


def _geojson(text: str) -> Iterator[_Row]:
    try:
        found: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = getattr(error, "lineno", 1)
        raise MapUnreadable(f"line {at} is not JSON", details={"line": at}) from error
    if isinstance(found, dict):
        whole = cast("dict[str, Any]", found)
        if "crs" in whole and not re.search(r"CRS84|4326|4269|WGS ?84", json.dumps(whole["crs"])):
            raise MapUnreadable("the file is in a coordinate system other than WGS84")
        found = whole.get("features")
    if not isinstance(found, list):
        raise MapUnreadable("the file is JSON, but no FeatureCollection")
    for number, feature in enumerate(cast("list[object]", found), start=1):
        of = cast("dict[str, Any]", feature) if isinstance(feature, dict) else {}
        properties = of.get("properties")
        values = cast("dict[str, object]", properties) if isinstance(properties, dict) else {}
        yield _Row(
            number, {c.column(key): each for key, each in values.items()}, of.get("geometry")
        )
