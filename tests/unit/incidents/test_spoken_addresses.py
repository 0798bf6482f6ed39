"""What is made of an address as it is said on the telephone: one row each, with the reason."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ringdown.cli.main import build
from ringdown.incidents.adapters.rules.addresses import parse
from ringdown.incidents.adapters.rules.parts import parts_of
from ringdown.spoken.vocabulary import word_set

SAID = [
    ("four one two Maple Street", "number 412, street Maple Street", "single digits"),
    ("four twelve Maple Street", "number 412, street Maple Street", "a digit and a teen"),
    ("it's forty one twenty Juniper Drive", "number 4120, street Juniper Drive", "two pairs"),
    ("five oh five Alder Avenue", "number 505, street Alder Avenue", "oh"),
    ("oh five Alder Avenue", "number 05, street Alder Avenue", "oh at the beginning"),
    ("It is 715, um, 715 Laurel Road.", "number 715, street Laurel Road", "said twice"),
    ("52 7 Laurel Road", "number 527, street Laurel Road", "figures with a gap between"),
    ("412 Maple", "number 412, street Maple", "without the word Street"),
    ("412 N. Maple St.", "number 412, street North Maple Street", "as people write"),
    ("412 Maple Street Southwest", "number 412, street Maple Street Southwest", "direction last"),
    ("twelve forty eighth street", "number 12, street 48th Street", "an ordinal name"),
    ("88 Avenue J", "number 88, street Avenue J", "a letter for a name"),
    ("4120 County Road 12", "number 4120, street County Road 12", "on a numbered road"),
    ("217 to Elm Street", "number 2172, number_as_heard 217, street Elm Street", "two as to"),
    ("from 217 to Elm Street", "street Elm Street", "from here to there is no number"),
    ("1-2-4-0 Laurel Road", "number 1240, street Laurel Road", "figures said one by one"),
    ("12 hundred Laurel Road", "number 1200, street Laurel Road", "figures and a word"),
    ("1240 and a half Laurel Road", "number 1240, street Laurel Road", "the half house is left"),
    ("1240-B Laurel Road", "number 1240B, street Laurel Road", "a letter on the house"),
    ("2 North Main", "number 2, street North Main", "one figure and a direction"),
    (
        "fourteen oh two south east fifth place",
        "number 1402, street Southeast 5th Place",
        "a quarter of the town in two words",
    ),
    (
        "2020 Broadway, between 44th and 45th",
        "number 2020, street Broadway",
        "a street without the word Street, and the streets beside it",
    ),
    # Units
    (
        "412 Maple Street apartment four B",
        "number 412, street Maple Street, unit 4B, unit_kind Apt",
        "number and letter",
    ),
    (
        "412 Maple Street. Apartment? Four B.",
        "number 412, street Maple Street, unit 4B, unit_kind Apt",
        "question and answer",
    ),
    (
        "412 Maple Street, unit Charlie",
        "number 412, street Maple Street, unit C, unit_kind Unit",
        "a letter by its word",
    ),
    (
        "412 Maple Street, suite 200",
        "number 412, street Maple Street, unit 200, unit_kind Suite",
        "a suite",
    ),
    (
        "412 Maple Street, third floor, apartment 3C",
        "number 412, street Maple Street, floor 3, unit 3C, unit_kind Apt",
        "a floor before the unit",
    ),
    (
        "412 Maple Street apartment nine on the second floor",
        "number 412, street Maple Street, floor 2, unit 9, unit_kind Apt",
        "a floor after the unit",
    ),
    (
        "412 Maple Street, building 6, apartment 12",
        "number 412, street Maple Street, building 6, unit 12, unit_kind Apt",
        "building and apartment",
    ),
    ("412 Maple Street #7", "number 412, street Maple Street, unit 7, unit_kind Apt", "a sign"),
    ("It's Sunrise, 230 DD.", "number 230, unit DD", "an apartment of a place with no street"),
    ("We're in 230D", "number 230, unit D", "number and letter in one word"),
    (
        "Apartment 6, 9 Elm Lane",
        "number 9, street Elm Lane, unit 6, unit_kind Apt",
        "the unit said first",
    ),
    ("9 Elm Lane number 4", "number 9, street Elm Lane, unit 4, unit_kind Unit", "just number"),
    (
        "room 214 at the Holiday Inn",
        "landmark Holiday Inn, street Holiday Inn, unit 214, unit_kind Room",
        "a room of a hotel",
    ),
    (
        "Sunny Acres trailer park lot 14",
        (
            "landmark Sunny Acres Trailer Park, street Sunny Acres Trailer Park, unit 14, "
            "unit_kind Lot"
        ),
        "a lot of a trailer park",
    ),
    # Cities
    (
        "412 Maple Street in Fairview",
        "number 412, street Maple Street, city Fairview",
        "in a city",
    ),
    (
        "412 Maple Street, Fairview",
        "number 412, street Maple Street, city Fairview",
        "a city after a comma",
    ),
    (
        "412 Maple Street. Okay. Cedar Falls.",
        "number 412, street Maple Street, city Cedar Falls",
        "a city in a sentence of its own",
    ),
    (
        "412 maple street in cedar falls ohio",
        "number 412, street Maple Street, city Cedar Falls, state Ohio",
        "without capitals the state tells",
    ),
    (
        "412 Maple Street in trouble, please hurry",
        "number 412, street Maple Street",
        "trouble is no city",
    ),
    (
        "412 Maple Street, that's in Fairview, New York",
        "number 412, street Maple Street, city Fairview, state New York",
        "a city and its state",
    ),
    ("412 Maple Street. Maple?", "number 412, street Maple Street", "an echo is no city"),
    ("412 Maple Street, please hurry", "number 412, street Maple Street", "nor is a plea"),
    # Crossings, blocks, highways
    (
        "Maple Street and Second Avenue",
        "street Maple Street, cross_street 2nd Avenue",
        "two streets",
    ),
    ("the corner of elm and maple", "street Elm, cross_street Maple", "a corner"),
    ("Maple and Third.", "street Maple, cross_street 3rd", "one of two is surely a street"),
    ("Sam and Dave.", "", "two names are no crossing"),
    ("Fifth and Main", "street 5th, cross_street Main", "the shortest way to say it"),
    (
        "the nine hundred block of Maple Street",
        "number 900, street Maple Street, block 900",
        "a block",
    ),
    (
        "I-90 eastbound at mile marker 42",
        "street I-90, highway I-90, direction eastbound, mile 42",
        "a mile marker",
    ),
    (
        "interstate seventy westbound near exit twelve",
        "street Interstate 70, highway Interstate 70, direction westbound, exit 12",
        "an exit",
    ),
    ("Route 9", "street Route 9, highway Route 9", "a road with a number"),
    ("we're at mile marker 31", "mile 31", "a mile marker of some road"),
    # Places
    ("We're at Harbor Tower.", "landmark Harbor Tower, street Harbor Tower", "a named place"),
    (
        "behind Lincoln High School",
        "landmark Lincoln High School, street Lincoln High School, relation behind",
        "a relation to one",
    ),
    ("Pier 39", "landmark Pier 39, street Pier 39", "one of many, by its number"),
    (
        "the Motel 6 on Route 11",
        "street Route 11, highway Route 11, landmark Motel 6",
        "a place on its road",
    ),
    # Corrections and spelling
    ("40 Oak Street. No, 42 Oak Street.", "number 42, street Oak Street", "said again in full"),
    ("forty Oak Street, no, forty two.", "number 42, street Oak Street", "only the number"),
    ("2210 Oak Street. Sorry, Elm Street.", "number 2210, street Elm Street", "only the street"),
    ("15 Oak Street, not Elm Street", "number 15, street Oak Street", "a street denied"),
    ("12 Mable Lane, Maple Lane", "number 12, street Maple Lane", "the name put right at once"),
    ("12 Reed Road. R-E-I-D?", "number 12, street Reid Road", "a spelled name is written so"),
    ("12 Tanner Road. K-I-M-B-E-R.", "number 12, street Tanner Road", "another name is not"),
    # What is none
    (
        "76 Willow Road and my cell phone is 585-555-0142",
        "number 76, street Willow Road",
        "the telephone is no house",
    ),
    ("I called 911 from Elm Street", "street Elm Street", "911 is no house"),
    ("I don't know where I am", "", "unknown stays unknown"),
    ("please hurry", "", "nothing was said"),
    ("he's 15 years old", "", "an age"),
    ("", "", "no words"),
]


def told(parts: dict[str, str]) -> set[str]:
    return {f"{name} {value}" for name, value in parts.items()}


@pytest.mark.parametrize(("text", "expected", "reason"), SAID)
def test_an_address_is_taken_apart(text: str, expected: str, reason: str) -> None:
    """Each part in figures and in full; what was not said is absent."""
    assert told(parse(text)) == set(filter(None, expected.split(", "))), reason


WRITTEN = [
    ("2210 Genesee Street, Apt 4, Fairview", "number street unit unit_kind city"),
    ("900 block of Oak Street", "number street block"),
    ("Elm Street and Route 7", "street cross_street"),
    ("I-90 eastbound, mile marker 42", "street highway direction mile"),
    ("12 Oak Street, Cedar Falls, Ohio", "number street city state"),
    ("behind the school", "landmark street relation"),
    ("across the street from 40 Oak Street", "number street relation"),
    ("Wendy's, on Ashby, near Harmon Parkway", "landmark street near"),
    ("Elm Street, by the school, in the woods", "street landmark relation spot"),
    ("Harmon Avenue, between 3rd and 4th", "street between"),
    ("Highway 20, 2 miles east of Fairview", "street highway along"),
    ("Ashby Road, near Harmon Parkway, Wendys", "street landmark relation near"),
    ("Ashby Road, Burger King", "street landmark"),
    ("County Road E, exit 12B", "street highway exit"),
    ("81 southbound", "street highway direction"),
    ("123-45 67th Avenue", "number street"),
    ("Old Highway 6 Road", "street highway"),
    ("Fairview, in the woods", "landmark street spot"),
    ("Fairview", "landmark street"),
]


@pytest.mark.parametrize(("text", "names"), WRITTEN)
def test_a_place_as_drafts_write_it_is_taken_apart(text: str, names: str) -> None:
    """The words of a draft are enough; no other record of the parts is kept."""
    parts = parts_of(text)
    assert set(parts) == set(names.split())
    assert all(value in text for value in parts.values())


WORDS = st.lists(
    st.sampled_from(
        sorted(
            word_set(
                "I'm at on the Oak Maple Street Avenue and corner of behind school Walmart in no "
                "Fairview Ohio sorry, wait. B, apartment floor mile marker exit highway route to "
                "A-B-C-D north near block please Yes. who? 's -- . #"
            )
        )
    ),
    max_size=16,
).map(" ".join)


@given(WORDS)
@settings(max_examples=150, deadline=None)
def test_no_figure_is_invented(text: str) -> None:
    """Where no number was said there is none in any part."""
    assert not any(letter.isdigit() for part in parse(text).values() for letter in part)


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    """Whatever stands in a file."""
    assert all(parse(text).values())


def test_the_command_writes_a_line_for_each_text(tmp_path: Path) -> None:
    """With the id as it came."""
    file = tmp_path / "texts.jsonl"
    rows = [{"id": "a", "text": "four one two Maple Street"}, {"id": 2, "text": "hello"}]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    words = ["address", "parse", "--json", str(file)]
    done = CliRunner().invoke(build(words), words)
    assert done.exit_code == 0, done.output
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "a", "parts": {"number": "412", "street": "Maple Street"}},
        {"id": 2, "parts": {}},
    ]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}', '{"text": "x"}', "1"])
def test_a_line_that_is_no_text_is_told_by_its_number(tmp_path: Path, line: str) -> None:
    """Without what stands in it."""
    file = tmp_path / "texts.jsonl"
    file.write_text(f'{{"id": 1, "text": "hello"}}\n{line}\n', encoding="utf-8")
    words = ["address", "parse", str(file)]
    done = CliRunner().invoke(build(words), words)
    assert done.exit_code == 1
    assert "line 2" in str(done.exception)
