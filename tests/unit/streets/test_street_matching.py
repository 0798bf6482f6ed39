"""A spoken place is found on the agency's own map, or not at all."""

import pytest
from tests.unit.streets.town import TOWN, at

from ringdown.streets.model.features import Landmark, Point, Range, Road
from ringdown.streets.model.geometry import metres
from ringdown.streets.model.index import StreetIndex
from ringdown.streets.model.matching import Found, match


def best(text: str) -> Found:
    found = match(TOWN, text)
    assert found, text
    return found[0]


EXACT = [
    ("412 Maple Street, Fairhaven", "412 Maple St, Fairhaven", "address"),
    ("412 Maple Street, Apt 4B", "412 Maple St, Unit 4B, Fairhaven", "address"),
    ("415 B Maple Street, Fairhaven", "415 Maple St, Fairhaven", "address"),
    ("412 Maple Street, Brookside, IL", "412 Maple St, Brookside", "address"),
    ("four twelve Maple Street in town", "412 Maple St, Fairhaven", "address"),
    ("350 Schuyler Avenue", "350 Schuyler Ave, Fairhaven", "address"),
    ("77 Harbor View", "77 Harbor View Court, Fairhaven", "address"),
    ("the 300 block of Genesee Street", "300 block of Genesee St, Fairhaven", "block"),
    ("Genesee Street and 3rd Avenue", "Genesee St and 3rd Ave, Fairhaven", "intersection"),
    ("corner of Third and Genesee", "3rd Ave and Genesee St, Fairhaven", "intersection"),
    ("Route 7 and Maple Street", "State Route 7 and Maple St", "intersection"),
    ("I-90 Eastbound, mile marker 42", "I-90, mile marker 42", "milepost"),
    ("Interstate 90 at mile marker 42", "I-90, mile marker 42", "milepost"),
    ("I-90, exit 12", "I-90, exit 12", "milepost"),
    ("State Route 7, mile marker 42", "SR 7, mile marker 42", "milepost"),
    ("Highway 20", "US 20", "street"),
    ("Lakeshore Freeway", "Lakeshore Freeway", "street"),
    ("CR 12", "County Road 12", "street"),
    ("Saint Mary's Hospital", "St. Mary's Hospital, Fairhaven", "landmark"),
    ("near Lincoln High School", "Abraham Lincoln High School, Fairhaven", "landmark"),
    ("the Shell station on Genesee", "Shell Station, Fairhaven", "landmark"),
]


@pytest.mark.parametrize(("said", "text", "kind"), EXACT)
def test_what_is_on_the_map_is_found(said: str, text: str, kind: str) -> None:
    """By its number, its range, its crossing, its name."""
    found = match(TOWN, said)
    assert (text, kind) in [(each.text, each.kind) for each in found[:2]], found


MISHEARD = [
    ("300 Jenna see Street", "300 Genesee St, Fairhaven"),
    ("350 Skyler Avenue", "350 Schuyler Ave, Fairhaven"),
    ("214 wooster road", "214 Worcester Rd, Fairhaven"),
    ("350 Finney Avenue", "350 N Phinney Ave, Fairhaven"),
    ("230 Chop a too list", "230 Tchoupitoulas St, Fairhaven"),
    ("450 Kirk would lane", "450 Kirkwood Ln, Fairhaven"),
    ("corner of wooster and Lincoln", "Worcester Rd and Lincoln Blvd, Fairhaven"),
]


@pytest.mark.parametrize(("heard", "text"), MISHEARD)
def test_a_misheard_name_is_found_by_its_sound(heard: str, text: str) -> None:
    """The score says that it is not what was heard."""
    assert best(heard).text == text
    assert best(heard).score < 0.95


NOTHING = [
    "", " ", ",", "999 Elm Street", "Elm Street", "12 Baker Street", "Main Street", "Avenue K",
    "5th Avenue", "Walmart", "the school", "the gas station", "my house", "I don't know",
    "2nd Avenue and Avenue J", "Genesee Street and Maple Street", "I-95, mile marker 42",
    "I-90, mile marker 99", "I-90, exit 13", "Route 66", "mile marker 7", "the corner",
]  # fmt: skip


@pytest.mark.parametrize("said", NOTHING)
def test_what_the_map_does_not_have_is_not_made_up(said: str) -> None:
    """Streets that do not meet have no corner, and a word of every call is no landmark."""
    assert match(TOWN, said) == ()


def test_two_plausible_places_are_two() -> None:
    """The same street in two towns, two stations of one name, two roads with that mile."""
    two = match(TOWN, "250 Maple Street")
    assert {each.text for each in two} == {"250 Maple St, Fairhaven", "250 Maple St, Brookside"}
    assert two[0].score == two[1].score
    assert len(match(TOWN, "250 Maple")) == 3
    assert len(match(TOWN, "Shell station")) == 2
    assert len(match(TOWN, "mile marker 42")) == 2


def test_a_name_that_says_too_little_finds_nothing() -> None:
    """Eight shops of one name are no place."""
    assert match(TOWN, "Quick Stop") == ()


def test_a_number_that_the_street_lacks_leaves_the_street_alone() -> None:
    """Below any street that has the number, and never as an address."""
    found = match(TOWN, "9000 Maple Street")
    assert {each.kind for each in found} == {"street"}
    assert all(each.score <= 0.6 for each in found)


def test_a_house_stands_on_its_side_at_its_place() -> None:
    """Odd numbers north of the line, even ones south; the higher, the further east."""
    low, high, odd = best("320 Genesee St"), best("380 Genesee St"), best("381 Genesee St")
    line = at(3, 1).lat
    assert low.at.lat < line < odd.at.lat
    assert low.at.lon < high.at.lon
    assert metres(high.at, odd.at) < 30
    assert metres(best("320 Genesee St").at, at(3.2, 1)) < 15


def test_a_number_of_the_other_side_counts_for_less() -> None:
    """A street with even numbers alone has no 51, but it may be the one."""
    road = Road("Dock Rd", (at(0, 0), at(1, 0)), None, Range(2, 98, "even"))
    index = StreetIndex([road])
    assert match(index, "50 Dock Road")[0].score > match(index, "51 Dock Road")[0].score > 0.8


def test_numbers_may_run_against_the_line() -> None:
    """From 98 down to 2."""
    road = Road("Dock Rd", (at(0, 0), at(1, 0)), Range(98, 2, "even"))
    found = match(StreetIndex([road]), "90 Dock Road")[0]
    assert metres(found.at, at(0.1, 0)) < 20


def test_a_mile_between_two_posts_lies_between_them() -> None:
    """Only where the posts are near each other."""
    found = best("I-90, mile marker 42.5")
    assert found.at == Point(at(2.5, 9).lat, at(2.5, 9).lon)
    assert found.score < best("I-90, mile marker 42").score


def test_a_street_that_crosses_without_a_common_point_crosses() -> None:
    """Some maps do not cut their lines at corners."""
    index = StreetIndex(
        [Road("Long Rd", (at(0, 0), at(9, 0))), Road("High St", (at(4, -3), at(4, 3)))]
    )
    (found,) = match(index, "Long Road and High Street")
    assert metres(found.at, at(4, 0)) < 1


def test_what_stands_beside_a_place_is_the_last_resort() -> None:
    """An address that is not on the map, behind a school that is."""
    assert best("12 Nowhere Lane, behind Lincoln High School").kind == "landmark"
    assert best("412 Maple Street, behind Lincoln High School").kind == "address"


def test_an_empty_map_finds_nothing() -> None:
    """No layer is needed for any other."""
    for said, _, _ in EXACT:
        assert match(StreetIndex(), said) == ()


def test_a_hospital_is_told_by_its_own_name() -> None:
    """What all of them are called tells none of them."""
    index = StreetIndex(
        landmarks=[Landmark("Preshaven Hospital", at(0, 0)), Landmark("Mercy Hospital", at(9, 9))]
    )
    assert match(index, "Fairhaven Hospital") == ()
    assert [each.text for each in match(index, "Murcy Hospital")] == ["Mercy Hospital"]
    assert match(index, "the hospital") == ()


def test_another_street_without_the_number_is_not_offered() -> None:
    """Maple Avenue without a 9000 is no answer to 9000 Maple Street."""
    assert {each.text for each in match(TOWN, "9000 Maple Street")} == {
        "Maple St, Fairhaven", "Maple St, Brookside",
    }  # fmt: skip
