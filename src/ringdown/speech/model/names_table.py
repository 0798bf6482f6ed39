"""Reading an agency's file of names: CSV or GeoJSON in, names and refused rows out. Pure.

No row is skipped in silence: each is taken, merged with one that says the same, or refused with its
number and a reason.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, Literal, cast

from ringdown.core.errors import Invalid
from ringdown.speech.model.names import MOST_NAMES, NameKind
from ringdown.spoken.places import DIRECTIONS, STREET_TYPES, plain_words

Format = Literal["csv", "geojson"]
LONGEST_NAME: Final = 120
REASONS: Final = 20
"""Refused rows told one by one; the others are counted."""

_NAME: Final = ("name", "fullname", "full_name", "fullstreet", "full_street", "street_name",
                "streetname", "street", "st_name", "stname", "road_name", "label", "landmark",
                "business", "business_name", "place", "poi")  # fmt: skip
_BEFORE: Final = (("st_premod",), ("st_predir", "predir", "pre_dir", "prefix_direction", "dir"),
                  ("st_pretyp", "pretype", "pre_type"))  # fmt: skip
_AFTER: Final = (("st_postyp", "st_type", "street_type", "streettype", "suffix", "posttype",
                  "post_type", "sttype"),
                 ("st_posdir", "sufdir", "postdir", "post_dir", "suffix_direction"))  # fmt: skip
"""Columns of a street name in parts (NENA NG9-1-1 GIS data model and what is like it)."""
_PARTED: Final = frozenset({"st_name", "stname", "street_name", "streetname", "name", "street"})
_KIND: Final = ("kind", "type", "category", "class", "feature_type")
_LAT: Final = ("lat", "latitude", "y", "point_y", "lat_dd")
_LON: Final = ("lon", "lng", "long", "longitude", "x", "point_x", "lon_dd")
_KINDS: Final[Mapping[str, NameKind]] = {
    "street": "street", "road": "street", "st": "street", "centerline": "street",
    "centreline": "street", "highway": "street", "intersection": "street",
    "business": "business", "shop": "business", "store": "business", "restaurant": "business",
    "commercial": "business", "company": "business", "poi": "business",
    "place": "place", "landmark": "place", "school": "place", "park": "place",
    "hospital": "place", "church": "place", "neighborhood": "place", "neighbourhood": "place",
    "city": "place", "town": "place", "building": "place", "bridge": "place", "water": "place",
}  # fmt: skip


class NamesUnreadable(Invalid):
    """The file is not one of names: no header, no names, not CSV or GeoJSON."""

    code: ClassVar[str] = "speech.names.unreadable"
    action: ClassVar[str] = (
        "Send CSV with a header line that has a column name, street or full_name, or a GeoJSON "
        "FeatureCollection whose features have one of these properties."
    )


class TooManyNames(Invalid):
    """More names than one centre may have."""

    code: ClassVar[str] = "speech.names.too_many"
    action: ClassVar[str] = "Load streets and the places callers name; leave out the rest."


@dataclass(frozen=True)
class LocalName:
    """One name of a centre, as written; a point in WGS84 degrees where the agency gave one."""

    name: str
    kind: NameKind = "street"
    lat: float | None = None
    lon: float | None = None

    @property
    def key(self) -> str:
        """Names with the same key are one: case, accents and abbreviations make no difference."""
        words = plain_words(self.name)
        full = [STREET_TYPES.get(word) or DIRECTIONS.get(word) or word for word in words]
        return " ".join(full) or self.name.casefold()


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be taken: its line (CSV) or the place of its feature, and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class NameTable:
    """What a file holds, each name once, in the order of the file."""

    names: tuple[LocalName, ...]
    rows: int
    merged: int
    refused: int
    reasons: tuple[RefusedRow, ...]


@dataclass
class _Reading:
    names: dict[str, LocalName] = field(default_factory=dict[str, LocalName])
    rows: int = 0
    merged: int = 0
    refused: int = 0
    reasons: list[RefusedRow] = field(default_factory=list[RefusedRow])

    def refuse(self, row: int, reason: str) -> None:
        self.refused += 1
        if len(self.reasons) < REASONS:
            self.reasons.append(RefusedRow(row, reason))

    def take(self, name: LocalName) -> None:
        key = name.key
        before = self.names.get(key)
        if before is None:
            self.names[key] = name
            if len(self.names) > MOST_NAMES:
                raise TooManyNames(
                    f"there are more than {MOST_NAMES} different names",
                    details={"most": MOST_NAMES, "row": self.rows},
                )
            return
        self.merged += 1
        if before.lat is None and name.lat is not None:
            self.names[key] = replace(before, lat=name.lat, lon=name.lon)

    def done(self) -> NameTable:
        if not self.names:
            raise NamesUnreadable(
                "the file holds no names",
                details={"rows": self.rows, "first_refused": _told(self.reasons)},
            )
        return NameTable(
            tuple(self.names.values()), self.rows, self.merged, self.refused, tuple(self.reasons)
        )


def read_table(data: bytes, form: Format | None = None) -> NameTable:
    """Read a file of names; without a form, by what it begins with.

    Raises `NamesUnreadable` or `TooManyNames`.
    """
    text = _text(data)
    if form is None:
        form = "geojson" if text.lstrip()[:1] in {"{", "["} else "csv"
    return _geojson(text) if form == "geojson" else _csv(text)


def merge(before: Iterable[LocalName], fresh: NameTable) -> tuple[tuple[LocalName, ...], int]:
    """Add a file to the names there are; how many of its names were there already."""
    reading = _Reading()
    for name in (*before, *fresh.names):
        reading.take(name)
    return tuple(reading.names.values()), reading.merged


def _text(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text[:4096]:
        raise NamesUnreadable("the file is not text")
    return text


def _csv(text: str) -> NameTable:
    reading = _Reading()
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        nothing: list[str] = []
        header = next((row for row in lines if any(cell.strip() for cell in row)), nothing)
        columns = [_column(cell) for cell in header]
        name_at = _first(columns, _NAME)
        if name_at is None:
            raise NamesUnreadable(
                f"line {lines.line_num or 1} names no column that holds names",
                details={"line": lines.line_num or 1, "columns": len(columns)},
            )
        parts = _parts(columns, name_at)
        others = (_first(columns, _KIND), _first(columns, _LAT), _first(columns, _LON))
        if columns[name_at] == "business" or columns[name_at] == "business_name":
            usual: NameKind = "business"
        else:
            usual = "place" if columns[name_at] in {"landmark", "place", "poi"} else "street"
        before = lines.line_num
        for row in lines:
            line, before = before + 1, lines.line_num
            if not any(cell.strip() for cell in row):
                continue
            reading.rows += 1
            kind, lat, lon = (None if at is None or at >= len(row) else row[at] for at in others)
            if name_at >= len(row):
                reading.refuse(line, "the row has no cell in the column of names")
                continue
            name = " ".join(row[at] for at in parts if at < len(row))
            _take(reading, line, name if row[name_at].strip() else "", kind, (lat, lon), usual)
    except csv.Error as error:
        raise NamesUnreadable(
            f"line {lines.line_num} is not CSV", details={"line": lines.line_num}
        ) from error
    return reading.done()


def _delimiter(text: str) -> str:
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t|", key=head.count)


def _column(cell: str) -> str:
    return "_".join(cell.strip().lower().replace("-", " ").split())


def _first(columns: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((columns.index(name) for name in wanted if name in columns), None)


def _parts(columns: Sequence[str], name_at: int) -> list[int]:
    """Where the parts of a name stand, in the order in which they are read."""
    if columns[name_at] not in _PARTED:
        return [name_at]
    found = [_first(columns, wanted) for wanted in (*_BEFORE, (columns[name_at],), *_AFTER)]
    return [at for at in found if at is not None]


def _geojson(text: str) -> NameTable:
    try:
        found: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise NamesUnreadable(f"line {line} is not JSON", details={"line": line}) from error
    features = _features(found)
    reading = _Reading()
    for number, feature in enumerate(features, start=1):
        reading.rows += 1
        properties = _member(feature, "properties")
        if not isinstance(properties, dict):
            reading.refuse(number, "the feature has no properties")
            continue
        values = {_column(k): v for k, v in cast("dict[str, Any]", properties).items()}
        name = next((key for key in _NAME if isinstance(values.get(key), str)), None)
        if name is None:
            reading.refuse(number, "the feature has no property with a name")
            continue
        columns = [key for key, value in values.items() if isinstance(value, str)]
        chosen = next(at for at, key in enumerate(columns) if key == name)
        name = " ".join(str(values[columns[at]]) for at in _parts(columns, chosen))
        geometry = _member(feature, "geometry")
        form = _member(geometry, "type")
        kind = next((values[key] for key in _KIND if isinstance(values.get(key), str)), None)
        usual: NameKind = "place" if form in {"Point", "Polygon", "MultiPolygon"} else "street"
        _take(reading, number, name, kind, _point(geometry), usual)
    return reading.done()


def _features(found: Any) -> list[object]:
    features = cast("object", found if isinstance(found, list) else _member(found, "features"))
    if not isinstance(features, list):
        raise NamesUnreadable("the file is JSON, but no FeatureCollection")
    return cast("list[object]", features)


def _member(of: object, name: str) -> object:
    return cast("dict[str, object]", of).get(name) if isinstance(of, dict) else None


def _point(geometry: object) -> tuple[object, object]:
    """A point of the geometry as (lat, lon): the middle one of its first line or ring."""
    found = _member(geometry, "coordinates")
    while isinstance(found, list) and found:
        line = cast("list[object]", found)
        if not isinstance(line[0], list):
            return (line[1], line[0]) if len(line) > 1 else (None, None)
        inner = cast("list[object]", line[0])
        found = inner if inner and isinstance(inner[0], list) else line[len(line) // 2]
    return (None, None)


def _take(
    reading: _Reading,
    row: int,
    name: str,
    kind: str | None,
    point: tuple[object, object],
    usual: NameKind,
) -> None:
    written = " ".join(name.split())
    if not written:
        reading.refuse(row, "the name is empty")
    elif len(written) > LONGEST_NAME:
        reading.refuse(row, f"the name is longer than {LONGEST_NAME} characters")
    elif not written.isprintable() or "\ufffd" in written:
        reading.refuse(row, "the name holds characters that cannot be read")
    elif not any(c.isalpha() for c in written) and not any(c.isdigit() for c in written):
        reading.refuse(row, "the name has no letter and no digit")
    else:
        try:
            lat, lon = _degrees(point[0], 90), _degrees(point[1], 180)
        except ValueError:
            reading.refuse(row, "lat and lon are not degrees in WGS84")
            return
        if (lat is None) != (lon is None):
            reading.refuse(row, "lat and lon go together")
            return
        reading.take(LocalName(written, _kind(kind) or usual, lat, lon))


def _kind(text: str | None) -> NameKind | None:
    """The kind that a cell names, if it is one we know."""
    for word in (text or "").lower().split():
        known = _KINDS.get(word) or _KINDS.get(word.rstrip("s"))
        if known is not None:
            return known
    return None


def _degrees(value: object, most: float) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("not a number")  # noqa: TRY004 - what a file says is a value
    number = float(value)
    if not -most <= number <= most:
        raise ValueError("out of range")
    return round(number, 7)


def _told(reasons: Sequence[RefusedRow]) -> list[str]:
    return [f"row {each.row}: {each.reason}" for each in reasons[:3]]
