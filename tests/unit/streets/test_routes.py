"""Numbered roads are told from names, however they are written."""

import pytest

from ringdown.streets.model.routes import Route, route

ROADS = [
    ("I-90", Route("90", "interstate")),
    ("Interstate 90", Route("90", "interstate")),
    ("I-35W", Route("35w", "interstate")),
    ("I-90 Eastbound", Route("90", "interstate", "east")),
    ("eastbound I-90", Route("90", "interstate", "east")),
    ("US 20", Route("20", "us")),
    ("U.S. Route 20", Route("20", "us")),
    ("NY-17", Route("17", "state")),
    ("M-59", Route("59", "state")),
    ("SR 7", Route("7", "state")),
    ("State Highway 7", Route("7", "state")),
    ("County Road 12 North", Route("12", "county", "north")),
    ("Farm to Market Road 1960", Route("1960", "farm")),
    ("Highway 61 South", Route("61", "", "south")),
    ("90 Eastbound", Route("90", "", "east")),
]


@pytest.mark.parametrize(("written", "known"), ROADS)
def test_a_numbered_road_is_known(written: str, known: Route) -> None:
    """Its class, its number, its way."""
    assert route(written) == known


@pytest.mark.parametrize(
    "name",
    ["", "95", "Maple Street", "Michigan Avenue", "North 5th Street", "Old Route 7", "I", "US"],
)
def test_other_names_are_no_numbered_roads(name: str) -> None:
    """Not even when a number or such a letter is in them."""
    assert route(name) is None


def test_a_road_without_a_class_may_be_any_of_its_number() -> None:
    """Two classes are two roads, and so are two ways."""
    known = Route("90", "interstate", "east")
    assert known.may_be(known) == 1
    assert 0 < Route("90").may_be(known) < 1
    assert Route("90", "us").may_be(known) == 0
    assert Route("90", "", "west").may_be(known) == 0
    assert Route("91").may_be(known) == 0
