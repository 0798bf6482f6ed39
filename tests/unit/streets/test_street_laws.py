"""Laws of the map: whatever is asked, what comes out is on the map and in order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.streets.town import ADDRESSES, LANDMARKS, MILEPOSTS, ROADS, TOWN, at

from ringdown.streets.model.features import Point, Range, Road
from ringdown.streets.model.geometry import along, distance_to, metres
from ringdown.streets.model.index import StreetIndex
from ringdown.streets.model.kept import read, written
from ringdown.streets.model.matching import OFFERED, match

WORDS = st.sampled_from(
    [
        "412",
        "four",
        "twelve",
        "Maple",
        "Street",
        "Genesee",
        "and",
        "at",
        "block",
        "of",
        "the",
        "300",
        "I-90",
        "mile",
        "marker",
        "42",
        "exit",
        "corner",
        "near",
        ",",
        "Apt",
        "4B",
        "Fairhaven",
        "Avenue",
        "J",
        "3rd",
        "Shell",
        "Lincoln",
        "School",
        "north",
        "½",
        "é",
        "/",
        "&",
        "7",
        "Route",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_whatever_is_said_the_answer_is_ranked_and_on_the_map(text: str) -> None:
    """Scores from 0 to 1, best first, few, and each in the town or the one beside it."""
    found = match(TOWN, text)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len(found) <= OFFERED
    assert all(39.9 < each.at.lat < 40.4 and -90.1 < each.at.lon < -89.9 for each in found)
    assert match(TOWN, text) == found


@settings(deadline=None)
@given(st.integers(100, 698))
def test_every_number_of_a_range_is_found_beside_its_street(number: int) -> None:
    """And the text says that number."""
    found = match(TOWN, f"{number} Genesee Street")
    if number % 100 == 0 or number % 100 < 99 or number % 2:
        assert found[0].text == f"{number} Genesee St, Fairhaven"
    road = (at(1, 1), at(7, 1))
    assert 7 < distance_to(found[0].at, road) < 9


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(-20, 20))
def test_a_place_along_a_line_is_as_far_aside_as_asked(share: float, aside: float) -> None:
    """To the metre, whichever way the line runs."""
    line = (at(0, 0), at(2, 1), at(4, 2))
    assert abs(distance_to(along(line, share, aside), line) - abs(aside)) < 0.2


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_a_range_holds_what_lies_between_its_ends(first: int, last: int, number: int) -> None:
    """Whichever end is the higher."""
    held = Range(first, last).holds(number)
    assert held == (min(first, last) <= number <= max(first, last))
    assert Range(first, last, "odd").holds(number) == (held and number % 2 == 1)


def test_what_is_kept_comes_back_the_same() -> None:
    """Every feature of every layer."""
    for road in ROADS:
        assert read("roads", written(road)) == road
    for address in ADDRESSES:
        assert read("addresses", written(address)) == address
    for landmark in LANDMARKS:
        assert read("landmarks", written(landmark)) == landmark
    for post in MILEPOSTS:
        assert read("mileposts", written(post)) == post


def test_distances_are_metres() -> None:
    """A minute of latitude is a nautical mile."""
    assert abs(metres(Point(40, -90), Point(40 + 1 / 60, -90)) - 1852) < 3


def test_a_map_may_be_asked_for_any_part_of_it() -> None:
    """Each road once, none that is elsewhere, and all of them in the largest part."""
    bounds = TOWN.bounds()
    assert bounds is not None
    assert len(TOWN.within(bounds)) == len(ROADS)
    assert StreetIndex([Road("A St", (at(0, 0), at(1, 0)))]).within(bounds)
    assert not TOWN.within(bounds._replace(west=10.0, east=11.0))
