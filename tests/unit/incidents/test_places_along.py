"""Where within, beside and along a place something is, and roads that are named in other ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.ports import Proposal
from ringdown.incidents.report.support import holds_place
from ringdown.spoken.vocabulary import word_set
from ringdown.testing.extractor import dialogue, hear_all

ASK = "T: where are you | "

ROADS = [
    ("C: 3034 48 Court", "3034 48 Court", "a street named by a bare number"),
    ("C: it's thirty thirty four forty eight court", "3034 48 Court", "in words"),
    ("C: 3034-48 Court", "3034 48 Court", "as some recognisers join the two"),
    ("C: I'm on 48 court", "48 Court", "without a house"),
    ("C: we are on F-28", "F-28", "a county road by letter and number"),
    ("C: he's on a F-150 truck", None, "a truck is no road"),
    ("C: we're on upper old Highway 6 Road", "Upper Old Highway 6 Road", "words before and after"),
    ("C: 4120 Old Highway 12", "4120 Old Highway 12", "a house on one"),
    ("C: 1207 County Road 340 West", "1207 County Road 340 West", "with its direction"),
    ("C: N6412 County Road E", "N6412 County Road E", "a lettered road and house"),
    ("C: 104 West 200 South", "104 West 200 South", "a street of a grid"),
    ("C: 123-45 67th Avenue", "123-45 67th Avenue", "a house number in two parts"),
    ("C: 18-20 Oak Street", "18-20 Oak Street", "a house with two numbers"),
    ("C: 1600 Avenue of the Elms", "1600 Avenue of the Elms", "the kind of street first"),
    ("C: 412 Calle Real", "412 Calle Real", "in Spanish"),
    ("C: 88 Camino del Rio", "88 Camino del Rio", "with small words in it"),
    ("C: there's a wreck on 95", "95", "a bare number where traffic is spoken of"),
    ("C: he's on 40 milligrams", None, "a dose is no road"),
    ("C: the driver is on 20, right, 20 pills a day", None, "nor are pills"),
    ("C: push hard and fast, one, two, three, four drive", None, "counting is no address"),
    ("C: she's on 95 percent oxygen", None, "nor is a percentage"),
    (f"{ASK}C: on the 405 north", "405 northbound", "with the article"),
    (f"{ASK}C: interstate 80 mile 123", "Interstate 80, mile marker 123", "a mile in short"),
    (f"{ASK}C: I-80 by the 42 mile marker", "I-80, mile marker 42", "the number first"),
    (
        f"{ASK}C: I-80 at mile marker forty two point five",
        "I-80, mile marker 42.5",
        "tenths of a mile",
    ),
    (f"{ASK}C: I-80 at exit 12 B", "I-80, exit 12B", "an exit with its letter"),
    (f"{ASK}C: on the turnpike at mile post 42", "Turnpike, mile marker 42", "the only one"),
    (f"{ASK}C: I'm on the turnpike", None, "which part of it was not said"),
]
ALONG = [
    (
        f"{ASK}C: on Harmon between Third and Fourth",
        "Harmon, between 3rd and 4th",
        "two streets say which part of a third",
    ),
    (
        f"{ASK}C: on the 405 north near the Harmon exit",
        "405 northbound, near the Harmon exit",
        "an exit by name",
    ),
    (
        f"{ASK}C: Highway 20 about two miles east of Fairview",
        "Highway 20, two miles east of Fairview",
        "a distance from a town",
    ),
    (
        "C: we're on I-90 eastbound | T: what are you passing | C: uh I think it's Miller Gap",
        "I-90 eastbound, passing Miller Gap",
        "a name that answers what is passed",
    ),
    (
        "C: we're on Route 9 | T: what are you near | C: I don't know",
        "Route 9",
        "no name, nothing near",
    ),
    ("C: we're on Elm Street, in the woods", "Elm Street, in the woods", "where beside the road"),
    ("C: I'm walking in the field", None, "some field"),
    (f"{ASK}C: hanging out in the woods in Fairview", "Fairview, in the woods", "in a town"),
    ("C: he's between Mark and Steve", None, "two people are no streets"),
]
BESIDE = [
    ("C: I'm at the 14th Street Bridge", "14th Street Bridge", "a place named by its street"),
    (
        "C: I'm on Oak Street, by Elm Street School",
        "Oak Street, by Elm Street School",
        "a place named by a street is no crossing",
    ),
    (
        "C: I'm at the park at Elm Boulevard by the Elm Boulevard Station",
        "Elm Boulevard, by the Elm Boulevard Station, the park",
        "several in one breath",
    ),
    (
        "C: I'm at the Wendy's | T: which Wendy's are you at | C: on Ashby | T: near the Harmon Parkway? | C: yeah",
        "Wendy's, on Ashby, near Harmon Parkway",
        "which of many, in answer and in agreement",
    ),
    (
        "C: there's a body in the Ohio River | T: will you be at Elm Street? | C: yeah",
        "Ohio River",
        "where the caller will wait is not the place",
    ),
    (f"{ASK}C: the fire station", "the fire station", "a service that a town has one of"),
    (
        f"{ASK}C: at the Dollar General across from the fire station",
        "Dollar General, across from the fire station",
        "a shop and what it faces",
    ),
    (
        f"{ASK}C: lot 14 in the Cedar Creek trailer park",
        "Cedar Creek Trailer Park, Lot 14",
        "a trailer park by its whole name",
    ),
    (
        f"{ASK}C: we're at Cedar Lake Pool. Cedar Lake Pool | T: Cedar Lake Pool? | C: yes | C: we're at the Cedar swimming pool",
        "Cedar Lake Pool",
        "what was said again and agreed to stands before what was said once",
    ),
    (
        "C: the house across the street from 77 Linden Court is on fire",
        "across the street from 77 Linden Court",
        "an address that is not the place says so",
    ),
    ("C: it's next door to 77 Linden Court", "next door to 77 Linden Court", "nor is this one"),
]
WHOSE = [
    (
        "C: I'm calling from 12 Oak Street but the crash is at Route 9 and Elm Street",
        "Route 9 and Elm Street",
        "where the caller is gives way to where it happened",
    ),
    (
        "T: what's your address | C: 12 Oak Street | T: and where's the accident | C: Route 9 and Elm Street",
        "Route 9 and Elm Street",
        "two questions, two places",
    ),
    (
        "T: where's the fire | C: 77 Linden Court | T: and what's your address | C: 12 Oak Street",
        "77 Linden Court",
        "in the other order",
    ),
    (
        "T: what's your home address | C: 12 Oak Street | T: where are you now | C: 77 Linden Court",
        "77 Linden Court",
        "home and now",
    ),
    (
        "C: I'm on Elm Street | T: what's your address | C: 77 Elm Street",
        "77 Elm Street",
        "an address on the street that was named is the place",
    ),
    ("C: my address is 77 Linden Court", "77 Linden Court", "the only one is the place"),
    (
        "C: there was a fire at 12 Oak Street last year, now there's one at 77 Linden Court",
        "77 Linden Court",
        "long ago and now in one sentence",
    ),
    ("C: last year there was a fire at 12 Oak Street", None, "long ago alone"),
]
SPELLED = [
    ("C: 12 Reed Road, R-E-I-D", "12 Reid Road", "spelled in the same breath"),
    (f"{ASK}C: 12 Reed Road | T: spell that | C: R E I D", "12 Reid Road", "when asked to"),
    ("C: 12 Reed Road | C: that's R-E-E-D", "12 Reed Road", "as it was heard already"),
    ("C: 12 Tanner Road | C: my name is K-I-M-B-E-R", "12 Tanner Road", "another name"),
    (
        "C: 44 Hallander Road. H-O-L-L? A-N-D-E-R",
        "44 Hollander Road",
        "in two pieces",
    ),
]
GARBLED = [
    (f"{ASK}C: seventeen less per court", "17 less per Court", "a name taken for words"),
    (f"{ASK}C: 17 people on the street", None, "people are no name"),
    (f"{ASK}C: I was 17 years in court", None, "nor are years"),
    ("C: seventeen less per court", None, "unasked it is no address"),
    ("C: a van on root seven by exit twelve", "Route 7, exit 12", "route as some say it"),
]
SAID_SO = [
    (
        "C: I am at the Wendys on Ashby Road near the Harmon Parkway, in the parking lot",
        "Ashby Road, near Harmon Parkway, Wendys",
        "all of it, two things beside the road at most",
    ),
    (f"{ASK}C: It's one, two, three, four Elm Street.", "1234 Elm Street", "pauses in a number"),
    (f"{ASK}C: 4-0 Oak Street", "40 Oak Street", "two figures joined"),
    (f"{ASK}C: uh, 40, uh, Oak, uh, Street", "40 Oak Street", "sounds that say nothing"),
    (f"{ASK}C: It is 715, um, 715 Laurel Road.", "715 Laurel Road", "one number said twice"),
    (f"{ASK}C: It's forty Oak. Oak Street.", "40 Oak Street", "the kind of street added"),
    (f"{ASK}C: where Elm Avenue meets Third Street", "Elm Avenue and 3rd Street", "two that meet"),
    (
        f"{ASK}C: Harmon Avenue where it crosses Third",
        "Harmon Avenue and 3rd",
        "one that crosses another",
    ),
    (
        "C: I'm in the parking lot of the Target on Elm Street",
        "in the parking lot of the Target, on Elm Street",
        "which part of it",
    ),
    ("T: what hotel | C: the Days Inn", "the Days Inn", "a brand made of everyday words"),
    (
        f"{ASK}C: 22 Elm Street | T: is that where it is | C: no it's across the street",
        "across the street from 22 Elm Street",
        "said to be another place",
    ),
    (
        "C: I'm at 22 Elm Street. He's screaming. | T: at your address? | C: it's next door",
        "next door to 22 Elm Street",
        "the neighbor's",
    ),
    (
        "C: I'm at 22 Elm Street | T: is your neighbor there | C: she ran next door to get help",
        "22 Elm Street",
        "where somebody ran does not move the place",
    ),
    ("C: I'm in Fairview on Avondale.", "Avondale, Fairview", "a road in a town"),
    ("C: fire at 40 Oak Street, upstairs", "40 Oak Street, Upstairs", "a floor without a number"),
    (
        f"{ASK}C: 40 Oak Street, it's the basement apartment",
        "40 Oak Street, Basement",
        "an apartment by its floor",
    ),
    ("C: 40 Oak Street, ground floor", "40 Oak Street, Ground floor", "another"),
]
ROWS = [*SAID_SO, *ROADS, *ALONG, *BESIDE, *WHOSE, *SPELLED, *GARBLED]


def places(script: str) -> list[Proposal]:
    proposals = hear_all(RuleExtractor().open(), dialogue(script))
    return [each for each in proposals if each.field == "location"]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_the_place_is_said_whole(script: str, expected: str | None, reason: str) -> None:
    """As much of it as was said, and no more."""
    found = places(script)
    assert (found[0].text if found else None) == expected, reason


@pytest.mark.parametrize("script", [row[0] for row in ROWS])
def test_every_part_is_among_the_words_cited(script: str) -> None:
    """Numbers in figures, names as said."""
    for place in places(script):
        assert holds_place(place.text, [cited.quote for cited in place.evidence]), place.text


WORDS = st.lists(
    st.sampled_from(
        sorted(
            word_set(
                "I'm on at near the between and 40 12 Oak Elm Street Avenue Route exit mile miles east of "
                "Fairview woods in park by Wendy's behind across from yes no, yeah. where? Highway old "
                "48 Court 7th Calle Real passing two block turnpike"
            )
        )
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from("CT"), WORDS), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_no_order_of_words_makes_a_place_that_was_not_said(turns: list[tuple[str, str]]) -> None:
    """Whatever is said, each place holds only what its cited words hold."""
    for place in places(" | ".join(f"{side}: {text}" for side, text in turns)):
        assert holds_place(place.text, [cited.quote for cited in place.evidence]), place.text
