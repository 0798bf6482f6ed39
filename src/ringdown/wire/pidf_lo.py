"""PIDF-LO (RFC 4119, 5139, 5491) with confidence (RFC 7459): a place as XML, written and read.

The rules that bite: latitude comes first; radii are metres; a bare point says nothing of its
uncertainty and carries no confidence, every other shape carries one; what is rounded is rounded so
that it claims less: uncertainty up, confidence down.

PlaceUnreadable        a text is no PIDF-LO with a place that we know
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal
from xml.etree import ElementTree as ET

from ringdown.core.errors import Invalid

PIDF: Final = "urn:ietf:params:xml:ns:pidf"
DATA_MODEL: Final = "urn:ietf:params:xml:ns:pidf:data-model"
GEOPRIV: Final = "urn:ietf:params:xml:ns:pidf:geopriv10"
POLICY: Final = "urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy"
CIVIC: Final = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
GML: Final = "http://www.opengis.net/gml"
SHAPES: Final = "http://www.opengis.net/pidflo/1.0"
CONFIDENCE: Final = "urn:ietf:params:xml:ns:geopriv:conf"
TWO_D: Final = "urn:ogc:def:crs:EPSG::4326"
METRES: Final = "urn:ogc:def:uom:EPSG::9001"
CIVIC_NAMES: Final = (
    *("country", "A1", "A2", "A3", "A4", "A5", "A6", "PRM", "PRD", "RD", "STS", "POD", "POM"),
    *("RDSEC", "RDBR", "RDSUBBR", "HNO", "HNS", "LMK", "LOC", "FLR", "NAM", "PC", "BLD", "UNIT"),
    *("ROOM", "SEAT", "PLC", "PCN", "POBOX", "ADDCODE"),
)
"""In the order in which RFC 5139 §4 has them."""
LARGEST: Final = 100_000

Pdf = Literal["unknown", "normal", "rectangular"]
_PREFIXES: Final = {
    "": PIDF,
    "dm": DATA_MODEL,
    "gp": GEOPRIV,
    "gbp": POLICY,
    "ca": CIVIC,
    "gml": GML,
    "gs": SHAPES,
    "con": CONFIDENCE,
}


class PlaceUnreadable(Invalid):
    """A text is no PIDF-LO with a place that we know."""

    code: ClassVar[str] = "wire.pidf_lo.unreadable"
    action: ClassVar[str] = "Send a point, a circle or a civic address."


@dataclass(frozen=True)
class Geo:
    """A point, or with `radius_m` a circle. `confidence` in percent; None: nobody knows it."""

    lat: float
    lon: float
    radius_m: float | None = None
    confidence: float | None = None
    pdf: Pdf = "unknown"


@dataclass(frozen=True)
class Location:
    """What one PIDF-LO says. `civic` holds elements of RFC 5139 by name."""

    entity: str
    geo: Geo | None = None
    civic: Mapping[str, str] = field(default_factory=dict[str, str])
    method: str | None = None
    at: str | None = None
    of_device: bool = False
    """Whether it is where a device is; otherwise it is a place that somebody told of."""


def write(location: Location) -> str:
    """The XML text. Raises PlaceUnreadable for what cannot be said in one."""
    geo, civic = location.geo, location.civic
    if geo is None and not civic:
        raise PlaceUnreadable("there is no place to write")
    presence = ET.Element(_name(PIDF, "presence"), entity=_xml_text(location.entity))
    if location.of_device:
        holder = ET.SubElement(presence, _name(DATA_MODEL, "device"), id="device")
        around = holder
    else:
        holder = ET.SubElement(presence, _name(PIDF, "tuple"), id="place")
        around = ET.SubElement(holder, _name(PIDF, "status"))
    geopriv = ET.SubElement(around, _name(GEOPRIV, "geopriv"))
    info = ET.SubElement(geopriv, _name(GEOPRIV, "location-info"))
    if geo is not None:
        _write_geo(info, geo)
    if civic:
        _write_civic(info, civic)
    if geo is not None and geo.radius_m is not None:
        told = ET.SubElement(info, _name(CONFIDENCE, "confidence"), pdf=geo.pdf)
        told.text = _confidence(geo.confidence)
    rules = ET.SubElement(geopriv, _name(GEOPRIV, "usage-rules"))
    ET.SubElement(rules, _name(POLICY, "retransmission-allowed")).text = "true"
    if location.method is not None:
        ET.SubElement(geopriv, _name(GEOPRIV, "method")).text = _xml_text(location.method)
    if location.at is not None:
        space = DATA_MODEL if location.of_device else PIDF
        ET.SubElement(holder, _name(space, "timestamp")).text = _xml_text(location.at)
    return _text(presence)


def read(text: str) -> Location:
    """The place in a text that `write` made, or one as simple. Raises PlaceUnreadable."""
    # Entities could stand for anything, and for very much of it: none is ever needed.
    if len(text) > LARGEST or "<!" in text:
        raise PlaceUnreadable("this cannot be read as a place")
    try:
        presence = ET.fromstring(text)  # noqa: S314 - without a document type, so no entities
    except ET.ParseError:
        raise PlaceUnreadable("this is not XML") from None
    device = presence.find(_name(DATA_MODEL, "device"))
    holder = presence.find(_name(PIDF, "tuple")) if device is None else device
    info = None if holder is None else holder.find(f".//{_name(GEOPRIV, 'location-info')}")
    if presence.tag != _name(PIDF, "presence") or holder is None or info is None:
        raise PlaceUnreadable("this is no PIDF-LO")
    geo, civic = _read_geo(info), _read_civic(info)
    if geo is not None:
        _ensure_on_earth(geo)
    if geo is None and not civic:
        raise PlaceUnreadable("it has no point, circle or civic address")
    space = PIDF if device is None else DATA_MODEL
    return Location(
        entity=presence.get("entity", ""),
        geo=geo,
        civic=civic,
        method=holder.findtext(f".//{_name(GEOPRIV, 'method')}"),
        at=holder.findtext(_name(space, "timestamp")),
        of_device=device is not None,
    )


def _write_geo(info: ET.Element, geo: Geo) -> None:
    _ensure_on_earth(geo)
    if geo.radius_m is None:
        shape = ET.SubElement(info, _name(GML, "Point"), srsName=TWO_D)
    else:
        shape = ET.SubElement(info, _name(SHAPES, "Circle"), srsName=TWO_D)
    ET.SubElement(shape, _name(GML, "pos")).text = f"{geo.lat:.7f} {geo.lon:.7f}"
    if geo.radius_m is not None:
        radius = ET.SubElement(shape, _name(SHAPES, "radius"), uom=METRES)
        radius.text = f"{math.ceil(round(geo.radius_m * 10, 6)) / 10:.1f}"


def _ensure_on_earth(geo: Geo) -> None:
    if not (abs(geo.lat) <= 90 and abs(geo.lon) <= 180):  # also false for what is no number
        raise PlaceUnreadable("this is no place on Earth")
    if geo.radius_m is not None and not (math.isfinite(geo.radius_m) and geo.radius_m >= 0):
        raise PlaceUnreadable("this is no radius")


def _write_civic(info: ET.Element, civic: Mapping[str, str]) -> None:
    if unknown := civic.keys() - set(CIVIC_NAMES):
        raise PlaceUnreadable("no such civic element", details={"names": sorted(unknown)})
    address = ET.SubElement(info, _name(CIVIC, "civicAddress"))
    for name in CIVIC_NAMES:
        if civic.get(name):
            ET.SubElement(address, _name(CIVIC, name)).text = _xml_text(civic[name])


def _confidence(percent: float | None) -> str:
    """0 < NN < 100 (RFC 7459 §4.1), rounded down; what cannot be said so is unknown."""
    if percent is None or not 1 <= percent < 100:
        return "unknown"
    return str(math.floor(percent))


def _read_geo(info: ET.Element) -> Geo | None:
    point = info.find(_name(GML, "Point"))
    shape = info.find(_name(SHAPES, "Circle")) if point is None else point
    if shape is None:
        return None
    try:
        lat, lon = map(float, (shape.findtext(_name(GML, "pos")) or "").split())
        if point is not None:
            return Geo(lat, lon)
        radius = float(shape.findtext(_name(SHAPES, "radius")) or "")
    except ValueError:
        raise PlaceUnreadable("its numbers cannot be read") from None
    told = info.find(_name(CONFIDENCE, "confidence"))
    if told is None:
        return Geo(lat, lon, radius, 95)  # RFC 7459 §4: absent means 95 %
    pdf: Pdf = "unknown"
    for known in ("normal", "rectangular"):
        pdf = known if told.get("pdf") == known else pdf
    try:
        return Geo(lat, lon, radius, float(told.text or ""), pdf)
    except ValueError:
        return Geo(lat, lon, radius, None, pdf)


def _read_civic(info: ET.Element) -> dict[str, str]:
    address = info.find(_name(CIVIC, "civicAddress"))
    if address is None:
        return {}
    found = ((one.tag.rpartition("}")[2], (one.text or "").strip()) for one in address)
    return {name: value for name, value in found if value}


def _name(space: str, local: str) -> str:
    return f"{{{space}}}{local}"


def _xml_text(text: str) -> str:
    """Without the characters that XML 1.0 §2.2 does not know."""
    return "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or c >= "\ue000")


def _text(presence: ET.Element) -> str:
    """With prefixes of our own, without touching the library's table of them, which is shared."""
    spaces: dict[str, str] = {}
    for one in presence.iter():
        space = one.tag[1:].partition("}")[0]
        prefix = next(name for name, known in _PREFIXES.items() if known == space)
        spaces[prefix] = space
        local = one.tag.rpartition("}")[2]
        one.tag = f"{prefix}:{local}" if prefix else local
    for prefix, space in sorted(spaces.items()):
        presence.set(f"xmlns:{prefix}" if prefix else "xmlns", space)
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(presence, encoding="unicode")
