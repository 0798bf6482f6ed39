"""Files of names as agencies have them are read whole; no row is skipped in silence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model import names_table
from ringdown.speech.model.names_table import (
    LocalName,
    NamesUnreadable,
    RefusedRow,
    TooManyNames,
    merge,
    read_table,
)


def geojson(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_csv_with_a_mark_semicolons_quotes_and_empty_lines() -> None:
    """As spreadsheets write it; the line of each refused row is that of the file."""
    table = read_table(
        '\ufeffFULL_NAME;Kind;Lat;Lon\r\n"Rose; St";road;1;-2\r\n\r\n"Two\nlines";business;;\r\n'
        ";road;1;2\r\nX St;road;999;1\r\nROSE; ST.;;;\r\n".encode()
    )
    assert table.names == (
        LocalName("Rose; St", "street", 1.0, -2.0),
        LocalName("Two lines", "business"),
        LocalName("ROSE", "street"),
    )
    assert table.rows == 5
    assert table.reasons == (
        RefusedRow(6, "the name is empty"),
        RefusedRow(7, "lat and lon are not degrees in WGS84"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_encodings_that_agencies_use(encoding: str) -> None:
    """Accents survive."""
    assert read_table("street\nCafé Weg\n".encode(encoding)).names[0].name == "Café Weg"


def test_a_street_in_parts_is_put_together() -> None:
    """As in the data model of the national standard for 9-1-1 maps."""
    table = read_table(b"St_PreDir,St_Name,St_PosTyp,St_PosDir\nN,Oak,St,\n,Elm,Ave,NW\n,,Ave,\n")
    assert [name.name for name in table.names] == ["N Oak St", "Elm Ave NW"]
    assert table.refused == 1


def test_geojson_of_lines_points_and_areas() -> None:
    """The middle of a line stands for it; a feature without a name is refused by its place."""
    line = {"type": "LineString", "coordinates": [[-1, 2], [-3, 4], [-5, 6]]}
    area = {"type": "MultiPolygon", "coordinates": [[[[-1, 2], [-3, 4], [-5, 6], [-1, 2]]]]}
    table = read_table(
        geojson(
            {"properties": {"FULLNAME": "Oak St"}, "geometry": line},
            {"properties": {"NAME": "Fairhaven School"}, "geometry": area},
            {"properties": {"NAME": None}, "geometry": line},
            {"properties": {"street": "Elm Ave"}, "geometry": None},
            7,
        )
    )
    assert table.names == (
        LocalName("Oak St", "street", 4.0, -3.0),
        LocalName("Fairhaven School", "place", 6.0, -5.0),
        LocalName("Elm Ave", "street"),
    )
    assert [each.row for each in table.reasons] == [3, 5]


def test_rows_that_say_the_same_are_merged() -> None:
    """Case, accents and abbreviations make no difference; a point is kept from whichever has it."""
    table = read_table(b"name,lat,lon\nOak Street,,\nOAK ST.,1,2\nOak St,3,4\nOak Avenue,,\n")
    assert table.names == (LocalName("Oak Street", "street", 1.0, 2.0), LocalName("Oak Avenue"))
    assert table.merged == 2
    names, repeated = merge([LocalName("oak st"), LocalName("Elm St")], table)
    assert [name.name for name in names] == ["oak st", "Elm St", "Oak Avenue"]
    assert repeated == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"a,b\n1,2\n", b"name\n\n", b"{", b"{}", b"[]", b"PK\x03\x04\0\0\0", geojson(1)],
)
def test_what_is_no_file_of_names_is_an_error(data: bytes) -> None:
    """With a code and what to do."""
    with pytest.raises(NamesUnreadable):
        read_table(data)


def test_too_many_names_are_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a county would be worse than none: nobody would know which half."""
    monkeypatch.setattr(names_table, "MOST_NAMES", 2)
    with pytest.raises(TooManyNames):
        read_table(b"name\nA St\nB St\nC St\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but errors of ours comes out."""
    for head in (b"", b"name,lat,lon\n", b'{"features": ['):
        try:
            table = read_table(head + data)
        except (NamesUnreadable, TooManyNames):
            continue
        assert table.rows == len(table.names) + table.merged + table.refused
