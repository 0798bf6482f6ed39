"""Where help is needed, out of all the places a caller names: one row each, with the reason."""

import pytest

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.ports import Proposal
from ringdown.incidents.report.support import holds_place
from ringdown.testing.extractor import dialogue, hear_all


def places(script: str) -> list[Proposal]:
    proposals = hear_all(RuleExtractor().open(), dialogue(script))
    return [each for each in proposals if each.field == "location"]


def first(script: str) -> str | None:
    found = places(script)
    return found[0].text if found else None


ASK = "T: 911 where is your emergency | "

HERE_AND_ELSEWHERE = [
    (
        "C: I'm at 40 Oak Street. My mother lives at 81 Elm Avenue.",
        "40 Oak Street",
        "where the caller is stands before another's home",
    ),
    (
        "C: my mother lives at 81 Elm Avenue | C: I'm at 40 Oak Street",
        "40 Oak Street",
        "whichever is said first",
    ),
    (
        "C: can you check on my mother, she lives at 81 Elm Avenue",
        "81 Elm Avenue",
        "another's home is the place when nothing else is said",
    ),
    ("C: the suspect ran to Elm Street", None, "where somebody ran is not where help is needed"),
    ("C: he took off running down Elm Street", None, "nor the street he ran along"),
    ("C: she was headed toward Cedar Park", None, "nor where she was headed"),
    ("C: they drove off to the Walmart", None, "nor where they drove"),
    (
        "C: we're at 40 Oak Street and the guy ran toward Elm Street",
        "40 Oak Street",
        "the flight does not move the place",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: which way did he go | C: he ran down Elm Street",
        "40 Oak Street",
        "an answer about the flight is not the place",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: where did he go | C: Cedar Park",
        "40 Oak Street",
        "a where that asks for somebody else's way",
    ),
    ("C: I used to live at 81 Elm Avenue", None, "long ago is not now"),
    ("C: he grew up in Cedar Park", None, "where somebody is from"),
    ("C: I'm from Fairview", None, "where the caller is from"),
    ("C: she's a student at Lincoln High School", None, "where somebody belongs"),
    ("C: I bought it at Target", None, "where something was bought"),
    ("C: my doctor at Mercy Hospital told me to call", None, "where somebody works"),
    ("C: I'm on my way to Cedar Park", None, "where the caller is going"),
    ("C: they need to take him to Mercy Hospital", None, "where he is to be brought"),
    ("C: I saw it on Facebook at 40 Oak Street", None, "a story is no place"),
    ("C: he came from Elm Street", None, "where somebody came from"),
    (
        "C: I live at 40 Oak Street but the fire is at 81 Elm Avenue",
        "81 Elm Avenue",
        "the fire's place stands before the home",
    ),
    (
        "C: I live at 40 Oak Street",
        "40 Oak Street",
        "the home is the place when nothing else is said",
    ),
    (
        "C: I work at 81 Elm Avenue. I'm at 40 Oak Street now.",
        "40 Oak Street",
        "the place of work is another",
    ),
    (
        "C: he was at 81 Elm Avenue but now he's at 40 Oak Street",
        "40 Oak Street",
        "where it was and where it is",
    ),
    ("C: my mailing address is 81 Elm Avenue. I'm at 40 Oak Street.", "40 Oak Street", "by mail"),
    ("C: not on Elm Street, on Oak Street", "Oak Street", "the one denied is dropped"),
    ("C: there was a shooting at 40 Oak Street", "40 Oak Street", "what happened there counts"),
    ("C: the car crashed into Cedar Lake", "Cedar Lake", "where something crashed is the place"),
    ("C: somebody jumped off the Miller Bridge", "off the Miller Bridge", "so is the bridge"),
    ("C: a man ran into the road", None, "a road without a name"),
]
QUESTIONS = [
    (
        "C: I'm on Maple Street | T: what's the cross street | C: Second Avenue",
        "Maple Street and 2nd Avenue",
        "the cross street answers",
    ),
    (
        "C: I'm on Maple Street | T: what's the nearest intersection | C: Oak Street",
        "Maple Street and Oak Street",
        "asked in other words",
    ),
    (
        "C: I'm on Maple Street | T: are you hurt | C: no I was on Oak Street",
        "Maple Street",
        "a street that answers something else is no cross street",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: what city | C: Fairview",
        "40 Oak Street, Fairview",
        "the city answers",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: what city is that in | C: it's in Cedar Falls",
        "40 Oak Street, Cedar Falls",
        "with words before it",
    ),
    (f"{ASK}C: 40 Oak Street | T: what city | C: hurry", "40 Oak Street", "no answer, no city"),
    (f"{ASK}C: 40 Oak Street | T: your name | C: Dana", "40 Oak Street", "a name is no city"),
    (
        f"{ASK}C: 40 Oak Street in Fairview",
        "40 Oak Street, Fairview",
        "the city in the same breath",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: apartment? | C: four B",
        "40 Oak Street, Apt 4B",
        "question and answer joined",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: what's the apartment number | C: it's 12",
        "40 Oak Street, Apt 12",
        "a number answers for the unit, not for the house",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: is it a house or an apartment | C: a house",
        "40 Oak Street",
        "a house has no unit",
    ),
    (
        f"{ASK}C: 40 Oak Street | T: which room | C: two oh six",
        "40 Oak Street, Room 206",
        "a room",
    ),
    (
        f"{ASK}C: 40 Oak Street | C: third floor",
        "40 Oak Street, Floor 3",
        "a floor said after the address",
    ),
    (
        f"{ASK}C: 40 Oak Street on the third floor",
        "40 Oak Street, Floor 3",
        "a floor in the same breath",
    ),
    (
        "C: we're on I-90 eastbound | T: what mile marker | C: forty two",
        "I-90 eastbound, mile marker 42",
        "the marker answers",
    ),
    (
        "C: we're on I-90 eastbound | C: I see mile marker 42",
        "I-90 eastbound, mile marker 42",
        "a marker belongs to the road said before",
    ),
    (
        "C: we're on Route 9 | T: which exit | C: twelve I think",
        "Route 9, exit 12",
        "the exit answers",
    ),
    (
        "C: I'm on Oak Street | T: what block | C: the nine hundred block",
        "900 block of Oak Street",
        "the block answers",
    ),
    (
        "C: there's smoke in the hallway | T: which school are you at | C: Lincoln High School",
        "Lincoln High School",
        "a name answers",
    ),
    (
        f"{ASK}C: Genesee Street | T: what's the house number | C: twenty two ten",
        "2210 Genesee Street",
        "the number answers",
    ),
    (
        "C: 40 Oak Street | T: is that forty two Oak Street | C: no, forty",
        "40 Oak Street",
        "a read-back denied and put right",
    ),
    (
        "C: 40 Oak Street, I mean 42",
        "42 Oak Street",
        "corrected in the same breath",
    ),
    (
        "C: 40 Oak Street wait no 40 Elm Street",
        "40 Elm Street",
        "the street corrected in the same breath",
    ),
]
READ_BACK = [
    ("T: 15 Elm Street? | C: Elm Street", "15 Elm Street", "saying the street again agrees"),
    ("T: 15 Elm Street? | C: 15", "15 Elm Street", "so does saying the number again"),
    ("T: is it 15 Elm Street | C: it is", "15 Elm Street", "agreeing in other words"),
    ("T: 15 Elm Street | C: right", "15 Elm Street", "in one word"),
    ("T: 15 Elm Street? | C: 50", None, "another number does not agree"),
    ("T: 15 Elm Street? | C: not Elm", None, "nor does a denial"),
    ("T: units to 15 Elm Street | C: he's not breathing", None, "nor does something else"),
    (f"{ASK}C: twelve forty | T: okay | C: on Elm Street", "1240 Elm Street", "in two breaths"),
]
ONE_TRACK = [
    (
        "T: 911 what's the address? It's 40 Oak Street. Okay, and what's going on?",
        "40 Oak Street",
        "an answer that the recogniser put into the call-taker's words",
    ),
    ("T: what's the address? I show 40 Oak Street.", None, "the call-taker's own record"),
    ("T: what's the address? 40 Oak Street?", None, "the call-taker's own guess"),
    ("T: what happened? 40 Oak Street, copy.", None, "no answer to a question for the place"),
]
KINDS = [
    ("C: I'm at the Marlowe.", "Marlowe", "an area with its article"),
    (
        "C: I'm in Cedar Park. I'm at the Miller Library.",
        "Miller Library, Cedar Park",
        "a place in a larger one",
    ),
    ("C: there's an accident at Fifth and Main", "5th and Main", "a crossing in short"),
    ("C: Fifth Street at Main Avenue", "5th Street and Main Avenue", "a crossing with at"),
    (
        "C: on Main Street between Oak and Elm",
        "Main Street, between Oak and Elm",
        "two streets say which part of a third",
    ),
    ("C: they're driving south 81", "81 southbound", "a bare road after a direction of travel"),
    ("C: northbound 81 at exit 7", "81 northbound, exit 7", "with its exit"),
    ("C: he was going 81", None, "a speed is no road"),
    ("C: I'm across from the library", "across from the library", "a relation to a landmark"),
    (
        "C: he's behind the Walgreens on Oak Street",
        "Oak Street, behind the Walgreens",
        "a landmark on its street",
    ),
    (
        "C: we're on Route 9 just past Cedar Lake",
        "Route 9, just past Cedar Lake",
        "a road and how far along it",
    ),
    (
        f"{ASK}C: Route 9 near Fairview",
        "Route 9, near Fairview",
        "near a name without a kind, in answer",
    ),
    (
        "C: I'm at 40 Oak Street behind the school",
        "40 Oak Street",
        "a house number needs no landmark",
    ),
    (
        "C: I'm on Oak Street. He works over there at the Walmart downtown, and he's fine.",
        "Oak Street",
        "a landmark said of something else stays apart",
    ),
]
UNKNOWN = [
    ("C: I don't know where I am", "where is not a place"),
    ("C: I'm in trouble", "trouble is no city"),
    ("C: I'm in Pain", "nor is a feeling, even with a capital"),
    ("C: hurry up please he's in the house", "which house was not said"),
    ("C: she's in the bathroom", "a room of some house"),
    ("C: he jumped into the car", "a car is no place"),
    ("C: he fell off the roof", "a roof is no place"),
    ("C: get off the phone", "nothing about a place"),
    ("C: I was at work all day", "work is nowhere in particular"),
    ("C: she's 40 and he's 42", "ages"),
    ("C: it's been 15 minutes", "a time"),
    ("C: he shot at me three or four times", "a count"),
    ("C: there's 40 of them", "people"),
    ("C: it's a 2015 Honda Accord", "a model year and a car"),
    ("C: the plate is seven two four Alpha Bravo", "a plate"),
    ("C: my date of birth is March 4 1980", "a date"),
    ("C: there's 2-3 people in the street", "a range of people"),
    ("T: where are you | C: Mom and Dad.", "two people are no crossing"),
    ("T: where are you | C: I'm on Percocet and I don't know", "a medicine is no street"),
    ("C: my boyfriend Marcus Lane is drunk", "a person with a street's name"),
    ("C: his name is Christian Street", "another"),
    ("C: she takes the Wall Street Journal", "a paper"),
    ("C: she's on Valium and Xanax", "two medicines are no crossing"),
    ("C: they're at the store down the road", "some store"),
    ("C: he works for Kings Road Construction", "a firm"),
    ("C: it's 1 block away", "a distance"),
    ("C: I'm in Recovery", "a state, not a city"),
    ("C: it's apartment four", "a unit without its address"),
    ("T: I have you at 40 Oak Street | C: my baby isn't breathing", "the caller did not say so"),
    ("T: what's your city | C: please just come", "no answer"),
    ("T: where is your husband bleeding | C: on his arm", "a wound is no place"),
    ("T: where are you hurt | C: my left arm", "nor is an arm"),
    ("T: officer 40 copy I'm at Oak Street", "units on the radio are not the caller"),
]


@pytest.mark.parametrize(
    ("script", "expected", "reason"),
    [*HERE_AND_ELSEWHERE, *QUESTIONS, *READ_BACK, *ONE_TRACK, *KINDS],
)
def test_the_place_is_where_help_is_needed(script: str, expected: str | None, reason: str) -> None:
    """Not where somebody lives, ran or was; with what questions and answers add."""
    assert first(script) == expected, reason


@pytest.mark.parametrize(
    "script",
    [row[0] for row in (*HERE_AND_ELSEWHERE, *QUESTIONS, *READ_BACK, *ONE_TRACK, *KINDS)],
)
def test_what_is_cited_holds_the_place(script: str) -> None:
    """Every number and name of every place proposed is among the words it cites."""
    for place in places(script):
        assert holds_place(place.text, [cited.quote for cited in place.evidence]), place.text


@pytest.mark.parametrize(("script", "reason"), UNKNOWN)
def test_nothing_is_made_a_place_that_is_none(script: str, reason: str) -> None:
    """Unknown is an answer."""
    assert [each.text for each in places(script)] == [], reason
