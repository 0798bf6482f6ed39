"""An agency's files are read as they come, and no row is skipped in silence."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.streets.model import table as tables
from ringdown.streets.model.features import (
    LAYERS,
    Address,
    Landmark,
    Layer,
    Milepost,
    Point,
    Range,
    Road,
)
from ringdown.streets.model.kept import read, written
from ringdown.streets.model.table import MapTooLarge, MapUnreadable, read_map

LINE = {"type": "LineString", "coordinates": [[-90.0, 40.0], [-90.0, 40.1, 12.5]]}
PATH = (Point(40.0, -90.0), Point(40.1, -90.0))


def geojson(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_a_road_centre_line_of_the_nena_model_is_read() -> None:
    """The name out of its parts, the ranges of both sides, the cities, the class."""
    row = feature(
        LINE, NGUID="urn:x", St_PreDir="North", St_Name="MAPLE", St_PosTyp="STREET", FromAddr_L=101,
        ToAddr_L=199, FromAddr_R=100.0, ToAddr_R="198", Parity_L="O", Parity_R="E",
        IncMuni_L="Fairhaven", IncMuni_R="Unincorporated", MSAGComm_R="Brookside",
        RoadClass="Secondary",
    )  # fmt: skip
    found = read_map(geojson(row))
    assert found.layer == "roads"
    assert found.features == [
        Road(
            "North MAPLE STREET", PATH, Range(101, 199, "odd"), Range(100, 198, "even"),
            "Fairhaven", "Brookside", (), True,
        )
    ]  # fmt: skip


def test_a_site_address_point_of_the_nena_model_is_read() -> None:
    """Number in three parts, unit, the name of the place."""
    row = feature(
        {"type": "Point", "coordinates": [-90.5, 40.5]}, AddNum_Pre=None, Add_Number=412,
        AddNum_Suf="1/2", St_PreMod="Old", St_Name="Maple", St_PosTyp="Street", Unit="4B",
        Inc_Muni="Fairhaven", LandmkName="HARBOR HOUSE",
    )  # fmt: skip
    found = read_map(geojson(row))
    assert found.layer == "addresses"
    assert found.features == [
        Address(
            "412 1/2", "Old Maple Street", Point(40.5, -90.5), "4B", "Fairhaven", "Harbor House"
        )
    ]


def test_plain_tables_are_read() -> None:
    """Commas, semicolons or tabs; points by columns, lines by WKT."""
    addresses = b"number;street;city;lat;lon\n12;Oak Ln;Fairhaven;40.5;-90.5\n"
    assert read_map(addresses).features == [
        Address("12", "Oak Ln", Point(40.5, -90.5), "", "Fairhaven")
    ]
    landmarks = "\ufeffName\tLatitude\tLongitude\nCafé Noir\t40.5\t-90.5\n".encode()
    assert read_map(landmarks).features == [Landmark("Café Noir", Point(40.5, -90.5))]
    roads = b'name,from_left,to_left,wkt\nOak Ln,2,98,"LINESTRING (-90 40, -90 40.1)"\n'
    assert read_map(roads).features == [Road("Oak Ln", PATH, Range(2, 98, "even"))]
    posts = b"route,mile,lat,lon\nI-90,42.5,40.5,-90.5\n"
    assert read_map(posts).features == [Milepost("I-90", 42.5, Point(40.5, -90.5))]
    exits = b"route,exit,lat,lon\nI-90,12,40.5,-90.5\n"
    assert read_map(exits).features == [Milepost("I-90", 12, Point(40.5, -90.5), "exit")]


def test_the_census_names_of_columns_are_read() -> None:
    """A full name, four ends of ranges, the class of the road; aliases with a semicolon."""
    row = feature(
        {"type": "MultiLineString", "coordinates": [LINE["coordinates"]]}, FULLNAME="I- 90",
        LFROMADD="", LTOADD=None, RFROMADD="2-10", RTOADD="98", MTFCC="S1100",
        alias="Lakeshore Fwy; US 20",
    )  # fmt: skip
    (road,) = read_map(geojson(row)).features
    assert isinstance(road, Road)
    assert (road.left, road.right) == (None, Range(2, 98, "even"))
    assert road.also == ("Lakeshore Fwy", "US 20")
    assert road.major


POINT = {"type": "Point", "coordinates": [-90.5, 40.5]}
REFUSED = [
    (feature(None, name="Oak Ln"), "the feature has no geometry"),
    (feature(LINE, name=" "), "the road has no name"),
    (feature(LINE, name="x" * 121), "a name is longer than 120 characters"),
    (feature(LINE, name="Oak\x07Ln"), "a name holds characters that cannot be read"),
    (feature(LINE, name="Oak Ln", fromaddr_l="many"), "'many' in its range is no house number"),
    (feature(POINT, name="Oak Ln"), "the feature is no line"),
    (feature({"type": "LineString", "coordinates": [[-90, 40]]}, name="Oak Ln"),
     "the line has fewer than two points"),
    (feature({"type": "LineString", "coordinates": [[500000, 4500000], [500001, 4500001]]},
             name="Oak Ln"),
     "the coordinates are not degrees in WGS84 (longitude, then latitude)"),
    (feature({"type": "LineString", "coordinates": [["a", "b"], [1, 2]]}, name="Oak Ln"),
     "a coordinate is no number"),
    (feature({"type": "MultiLineString", "coordinates": [[[-90, 40], [-90, 41]], [[-80, 40],
              [-80, 41]]]}, name="Oak Ln"), "the line is in pieces that do not meet"),
    (feature({"type": "LineString", "coordinates": [[-90, 40 + n / 1e4] for n in range(2001)]},
             name="Oak Ln"), "the line has more than 2000 points"),
    ("no feature", "the road has no name"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), REFUSED)
def test_a_row_that_cannot_be_taken_is_told_with_its_reason(row: object, reason: str) -> None:
    """Its place in the file, and in words what is wrong; the others are taken."""
    found = read_map(geojson(feature(LINE, name="Elm St"), row), "roads")
    assert [each.name for each in found.features if isinstance(each, Road)] == ["Elm St"]
    assert (found.rows, found.refused) == (2, 1)
    assert [(each.row, each.reason) for each in found.reasons] == [(2, reason)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("12,Oak Ln,,-90", "lat or lon is empty"),
        ("12,Oak Ln,north,-90", "lat and lon are not numbers"),
        (
            "12,Oak Ln,nan,-90",
            "the coordinates are not degrees in WGS84 (longitude, then latitude)",
        ),
        (",Oak Ln,40,-90", "the address has no number"),
        ("twelve,Oak Ln,40,-90", "'TWELVE' is no house number"),
        ("12,,40,-90", "the address has no street"),
    ],
)
def test_a_line_of_a_table_is_told_by_its_number(line: str, reason: str) -> None:
    """Counted from the header, blank lines included."""
    found = read_map(f"number,street,lat,lon\n7,Elm St,40,-90\n\n{line}\n".encode())
    assert [(each.row, each.reason) for each in found.reasons] == [(4, reason)]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b'{"type": "Topology"}', b"a,b\n1,2\n", b"\x00\x01\x02name",
        b"name,lat,lon\n", b"name,lat,lon\nOak,,\n",
        geojson(feature(LINE, name="Oak Ln"), crs={"properties": {"name": "EPSG:26915"}}),
    ],
)  # fmt: skip
def test_a_file_that_is_no_map_is_refused_whole(data: bytes) -> None:
    """With a code, and what to send instead."""
    with pytest.raises(MapUnreadable):
        read_map(data)


def test_more_than_one_centre_may_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the row where it is too much."""
    monkeypatch.setitem(tables.MOST, "landmarks", 2)
    rows = b"name,lat,lon\n" + b"Oak,40,-90\n" * 3
    with pytest.raises(MapTooLarge) as refused:
        read_map(rows)
    assert refused.value.details == {"most": 2, "row": 4}


def test_areas_count_as_the_middle_of_them() -> None:
    """Landmarks are often drawn as areas."""
    ring = [[-90, 40], [-89, 40], [-89, 41], [-90, 41], [-90, 40]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    wkt = "POLYGON ((-90 40, -89 40, -89 41, -90 41, -90 40))"
    assert read_map(geojson(feature(shape, name="Park"))).features == [
        Landmark("Park", Point(40.5, -89.5))
    ]
    assert read_map(f'name,wkt\nPark,"{wkt}"\n'.encode()).features == [
        Landmark("Park", Point(40.5, -89.5))
    ]


COORDINATE = st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=3), st.booleans())
SHAPE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "X"]
        )
    },
    optional={
        "coordinates": st.recursive(
            COORDINATE, lambda inner: st.lists(inner, max_size=4), max_leaves=12
        )
    },
)
VALUE = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=8), st.just("12"))
NAMES = st.sampled_from(
    ["name", "St_Name", "St_PosTyp", "FromAddr_L", "ToAddr_L", "Add_Number", "lat", "lon", "wkt",
     "mile", "route", "alias", "RoadClass", "Unit"]
)  # fmt: skip
ROW = st.fixed_dictionaries(
    {
        "properties": st.dictionaries(NAMES, VALUE, max_size=6),
        "geometry": st.one_of(SHAPE, st.none()),
    }
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROW | VALUE, max_size=4), st.none() | st.sampled_from(LAYERS))
def test_whatever_the_features_are_each_row_is_taken_or_told(
    rows: list[object], layer: Layer | None
) -> None:
    """Nothing else is raised, and the counts add up."""
    try:
        found = read_map(json.dumps({"features": rows}).encode(), layer)
    except MapUnreadable:
        return
    assert found.rows == len(rows) == len(found.features) + found.refused
    for each in found.features:
        assert read(found.layer, written(each)) == each


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_bytes_are_they_are_read_or_refused(data: bytes) -> None:
    """With a header before them too."""
    for before in (b"", b"name,number,lat,lon,wkt\n"):
        try:
            read_map(before + data)
        except MapUnreadable:
            continue
