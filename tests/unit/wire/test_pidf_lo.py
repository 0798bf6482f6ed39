"""A place survives being written and read, and never claims more than was known of it."""

import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringdown.wire.pidf_lo import (
    CIVIC_NAMES,
    CONFIDENCE,
    Geo,
    Location,
    PlaceUnreadable,
    read,
    write,
)

LAT = st.floats(-90, 90)
LON = st.floats(-180, 180)

EASY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine fails nothing."""


def of(geo: Geo | None = None, **civic: str) -> Location:
    return Location("pres:a@example.invalid", geo, civic)


def test_latitude_comes_before_longitude() -> None:
    """The order of EPSG:4326, which is not GeoJSON's."""
    text = write(of(Geo(42.5463, -73.2512)))
    assert "<gml:pos>42.5463000 -73.2512000</gml:pos>" in text
    assert 'srsName="urn:ogc:def:crs:EPSG::4326"' in text


@EASY
@given(LAT, LON)
def test_a_bare_point_never_carries_a_confidence(lat: float, lon: float) -> None:
    """RFC 7459 §4: it would be one of nothing."""
    text = write(of(Geo(lat, lon, None, 90, "normal")))
    assert CONFIDENCE not in text
    back = read(text).geo
    assert back is not None
    assert (back.radius_m, back.confidence) == (None, None)


@EASY
@given(LAT, LON, st.floats(0, 1e6), st.one_of(st.none(), st.floats(-5, 120)))
def test_a_circle_always_carries_one_and_nothing_is_rounded_in_its_favour(
    lat: float, lon: float, radius: float, confidence: float | None
) -> None:
    """Uncertainty up, confidence down; what is no percentage between 0 and 100 is unknown."""
    text = write(of(Geo(lat, lon, radius, confidence)))
    root = ET.fromstring(text)
    told = root.find(f".//{{{CONFIDENCE}}}confidence")
    assert told is not None
    back = read(text).geo
    assert back is not None
    assert back.radius_m is not None
    assert back.radius_m >= radius - 1e-6
    assert back.radius_m <= radius + 0.11
    if confidence is None or not 1 <= confidence < 100:
        assert told.text == "unknown"
        assert back.confidence is None
    else:
        assert back.confidence == math.floor(confidence)
    assert back.lat == pytest.approx(lat, abs=1e-7)
    assert back.lon == pytest.approx(lon, abs=1e-7)


def test_a_circle_without_a_confidence_means_95() -> None:
    """RFC 7459 §4."""
    text = write(of(Geo(1, 2, 30, 90)))
    start = text.index("<con:confidence")
    end = text.index("</con:confidence>") + len("</con:confidence>")
    geo = read(text[:start] + text[end:]).geo
    assert geo is not None
    assert geo.confidence == 95


@EASY
@given(st.dictionaries(st.sampled_from(CIVIC_NAMES), st.text(min_size=1), min_size=1))
def test_any_text_of_a_civic_address_is_good_xml(civic: dict[str, str]) -> None:
    """Markup, quotes and control characters do no harm."""
    try:
        back = read(write(of(**civic)))
    except PlaceUnreadable:
        assert all(not value.strip() or not value.isprintable() for value in civic.values())
        return
    for name, value in civic.items():
        if value.isprintable() and value == value.strip():
            assert back.civic[name] == value


def test_all_parts_come_back() -> None:
    """Shape, address, method, time and whose place it is."""
    told = Location(
        "pres:x@example.invalid",
        Geo(1.5, -2.5, 30, 90, "normal"),
        {"HNO": "42", "RD": "Oak", "STS": "Street"},
        "Manual",
        "2026-11-21T10:00:00.000Z",
        of_device=True,
    )
    assert read(write(told)) == told


@pytest.mark.parametrize(
    "impossible",
    [
        of(),
        of(Geo(91, 0)),
        of(Geo(0, 181)),
        of(Geo(math.nan, 0)),
        of(Geo(0, 0, math.inf)),
        of(Geo(0, 0, -1)),
        of(STREET="Oak"),
    ],
)
def test_what_is_no_place_is_not_written(impossible: Location) -> None:
    """Nowhere, off the Earth, without end, or under a name that the standard does not know."""
    with pytest.raises(PlaceUnreadable):
        write(impossible)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<presence/>",
        "no xml",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><presence xmlns='urn:ietf:params:xml:ns:pidf'/>",
        write(of(Geo(1, 2))).replace("1.0000000", "north"),
        write(of(Geo(1, 2))).replace("1.0000000", "nan"),
        write(of(Geo(1, 2))).replace("2.0000000", "181"),
        write(of(Geo(1, 2, 30))).replace("30.0", "inf"),
        "x" * 200_000,
    ],
)
def test_what_is_no_pidf_lo_is_refused(text: str) -> None:
    """Also what could swell when it is read."""
    with pytest.raises(PlaceUnreadable):
        read(text)
