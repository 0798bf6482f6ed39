"""What the rules make of plain sentences: one row each, with the reason it is there."""

import pytest

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.ports import Proposal
from ringdown.testing.extractor import dialogue, hear_all


def best(field: str, script: str) -> Proposal | None:
    proposals = hear_all(RuleExtractor().open(), dialogue(script))
    return next((each for each in proposals if each.field == field), None)


def text(field: str, script: str) -> str | None:
    proposal = best(field, script)
    return proposal.text if proposal else None


def value(field: str, script: str) -> str | None:
    proposal = best(field, script)
    return proposal.value if proposal else None


ASK = "T: what is the address of your emergency | "

LOCATIONS = [
    ("C: I'm at 2210 Genesee Street", "2210 Genesee Street", "figures"),
    ("C: we are at twenty two ten Genesee street", "2210 Genesee Street", "pairs of words"),
    ("C: twenty-two ten Genesee Street.", "2210 Genesee Street", "a hyphen between number words"),
    ("C: it's 22 10 Genesee Street", "2210 Genesee Street", "figures split by the recogniser"),
    ("C: number 40 to 10 Genesee Street", "4210 Genesee Street", "a two heard as to"),
    ("C: it is forty to ten Genesee Street", "4210 Genesee Street", "the same in words"),
    ("C: two two one oh Genesee Street", "2210 Genesee Street", "single digits with oh"),
    ("C: five oh five Alder Avenue", "505 Alder Avenue", "oh in the middle"),
    ("C: twelve hundred Monroe Avenue", "1200 Monroe Avenue", "hundreds above nine"),
    ("C: one twenty three Laurel Court", "123 Laurel Court", "a digit and a pair"),
    ("C: one hundred and five Laurel Court", "105 Laurel Court", "hundred and"),
    ("C: two thousand ten Harbor Road", "2010 Harbor Road", "thousands"),
    ("C: forty two Oak Lane", "42 Oak Lane", "a short number"),
    ("C: forty Oak Lane", "40 Oak Lane", "tens alone"),
    ("C: eleven Birch Drive please hurry", "11 Birch Drive", "a teen"),
    ("C: double five Birch Drive", "55 Birch Drive", "double"),
    ("C: 17 south Union Street", "17 South Union Street", "a direction before the name"),
    ("C: 17 Union Street Southwest", "17 Union Street Southwest", "a direction after it"),
    ("C: 900 Martin Van Buren Boulevard", "900 Martin Van Buren Boulevard", "three name words"),
    ("C: twelve forty eighth street", "12 48th Street", "the ordinal is not part of the number"),
    ("C: 305 west tenth street", "305 West 10th Street", "an ordinal in words"),
    ("C: 61 52nd Court", "61 52nd Court", "an ordinal in figures"),
    ("C: 700 east one eighty seventh street", "700 East 187th Street", "a three-digit ordinal"),
    ("C: 18 Park Avenue", "18 Park Avenue", "a name that is also a place"),
    ("C: 18 Mill Run Road", "18 Mill Run Road", "a weak suffix inside the name"),
    ("C: 5 Court Street", "5 Court Street", "a suffix as the name"),
    ("C: 88 Avenue J", "88 Avenue J", "the suffix comes first"),
    ("C: 4120 County Road 12", "4120 County Road 12", "a house on a numbered road"),
    ("C: 4120 Juniper St.", "4120 Juniper Street", "a short form with its full stop"),
    ("C: 4120 juniper street apartment four", "4120 Juniper Street, Apt 4", "a unit follows"),
    ("C: 4120 Juniper Street, unit 2B", "4120 Juniper Street, Unit 2B", "a unit after a comma"),
    (
        "C: 4120 Juniper Street apartment twelve b",
        "4120 Juniper Street, Apt 12B",
        "unit and letter",
    ),
    (
        "C: 4120 Juniper Street | C: apartment six",
        "4120 Juniper Street, Apt 6",
        "the unit comes later",
    ),
    ("C: it's the nine hundred block of Oak Street", "900 block of Oak Street", "a block in words"),
    ("C: the 900 block of Oak Street", "900 block of Oak Street", "a block in figures"),
    ("C: Main Street and Second Avenue", "Main Street and 2nd Avenue", "two streets"),
    ("C: at the corner of elm and maple", "Elm and Maple", "a corner without suffixes"),
    (
        "C: the intersection of Elm Street and Route 7",
        "Elm Street and Route 7",
        "a street and a route",
    ),
    (
        "C: I'm on I-90 eastbound at mile marker 42",
        "I-90 eastbound, mile marker 42",
        "a mile marker",
    ),
    (
        "C: on interstate ninety westbound near mile marker forty two",
        "Interstate 90 westbound, mile marker 42",
        "the same in words",
    ),
    ("C: I'm on I ninety near exit twelve", "I-90, exit 12", "an exit"),
    ("C: we crashed on Highway 9", "Highway 9", "a highway alone"),
    ("C: on Route 7 northbound", "Route 7 northbound", "with its direction"),
    ("C: northbound on State Route 31 by exit 4", "State Route 31, exit 4", "a state route"),
    ("C: we are behind the school", "behind the school", "a landmark with its relation"),
    ("C: I'm in front of the public market", "in front of the public market", "three words"),
    ("C: we are across from Lincoln High School", "across from Lincoln High School", "a name"),
    ("C: I'm at Cedar Park", "Cedar Park", "a named park"),
    (f"{ASK}C: Cedar Park.", "Cedar Park", "an answer needs no preposition"),
    ("C: we're at the Walmart", "Walmart", "a chain"),
    ("C: I'm in Fairview.", "Fairview", "an area that the caller says to be in"),
    (f"{ASK}C: 815 Summerfield", "815 Summerfield", "an answer without a suffix"),
    ("C: near Alder Street", "Alder Street", "a street alone is better than nothing"),
    # Corrections
    ("C: 40 Oak Street. No, 42 Oak Street.", "42 Oak Street", "said again in full"),
    (
        "C: forty Oak Street | C: no forty two not forty",
        "42 Oak Street",
        "only the number corrected",
    ),
    ("C: 2210 Genesee Street. | C: no, 2212", "2212 Genesee Street", "a bare number after no"),
    ("C: 2210 Oak Street | C: sorry, Elm Street", "2210 Elm Street", "only the street corrected"),
    ("C: Oak Street, not Oak Avenue", "Oak Street", "the denied one is dropped"),
    (
        "C: forty Oak Street | T: forty Oak Street | C: no forty two",
        "42 Oak Street",
        "corrected after a read-back",
    ),
    (
        "C: forty two Oak Street | T: that's forty Oak Street | C: no, forty two not forty",
        "42 Oak Street",
        "the call-taker misheard",
    ),
    # Read-backs
    ("T: is that 15 Elm Street | C: yes", "15 Elm Street", "affirmed by the caller"),
    ("T: 15 Elm Street? | C: that's right", "15 Elm Street", "affirmed in other words"),
    ("T: 15 Elm Street | C: 15 Elm Street yes", "15 Elm Street", "said by both"),
    ("T: are you at 15 Elm Street | C: no", None, "denied by the caller"),
    ("T: I am sending them to 15 Elm Street", None, "the call-taker alone counts for nothing"),
    ("T: 15 Elm Street | C: okay", None, "okay affirms nothing"),
    ("T: 15 Elm Street | C: please hurry", None, "neither does anything else"),
    (
        "C: 42 Oak Street | T: 40 Oak Street | C: please hurry",
        "42 Oak Street",
        "what the caller said stands before an unanswered read-back",
    ),
    # Parts that come in two lines
    (f"{ASK}C: twenty two ten | C: Genesee Street", "2210 Genesee Street", "a pause in the middle"),
    (f"{ASK}C: Genesee Street | T: what number | C: 2210", "2210 Genesee Street", "number last"),
    # Nothing
    ("C: hello", None, "small talk"),
    (f"{ASK}C: I don't know", None, "unknown stays unknown"),
    (f"{ASK}C: I don't know where I am", None, "where is not a place"),
    ("C: just a moment, one second", None, "a second is not Second Street"),
    ("C: my son is 15 years old", None, "an age is no house number"),
    ("C: there are 2 people fighting", None, "a count is no house number"),
    ("C: it happened 20 minutes ago on the street", None, "the street has no name"),
    ("C: he is lying in the middle of the road", None, "the road has no name"),
    ("C: we are on a dirt road", None, "a kind of road is no name"),
    ("C: they ran across the street", None, "across the street is no address"),
    ("C: he's going to drive away", None, "to drive is a verb here"),
    ("C: I called 911 ten minutes ago", None, "911 is no house number"),
    ("C: he has a gun in his hand", None, "nothing about a place"),
    ("C: my number is 585-555-0142", None, "a telephone number is no address"),
    ("C: I live in a house", None, "every caller may say so"),
    ("C: on Friday and Saturday", None, "days are no streets"),
    ("C: he was going 90", None, "a speed"),
    ("C: I'm at home", None, "home is nowhere in particular"),
    ("C: he ran in a parking lot", None, "which one was not said"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), LOCATIONS)
def test_location(script: str, expected: str | None, reason: str) -> None:
    """The location is what the caller said, or unknown."""
    assert text("location", script) == expected, reason


TYPES = [
    ("C: my house is on fire", "structure_fire", "the plain words"),
    ("C: there's smoke coming from the kitchen", "structure_fire", "smoke out of a room"),
    ("C: there is a fire", "fire", "no more is known"),
    ("C: a car is on fire on the shoulder", "vehicle_fire", "a vehicle"),
    ("C: the grass is on fire", "outdoor_fire", "outdoors"),
    ("C: my smoke alarm keeps going off", "smoke_alarm", "an alarm is no fire"),
    ("C: I smell gas in my basement", "gas_leak", "a smell"),
    ("C: he's not breathing", "cardiac_arrest", "a denial that is the point"),
    ("C: we are doing CPR", "cardiac_arrest", "what is being done"),
    ("C: she's unconscious", "unconscious", "the plain word"),
    ("C: I can't breathe", "breathing", "can't is the point"),
    ("C: my father has chest pain", "chest_pain", "the plain words"),
    ("C: I think she is having a stroke", "stroke", "the plain words"),
    ("C: he overdosed", "overdose", "the plain word"),
    ("C: she swallowed all of her pills", "overdose", "told by what was done"),
    ("C: he wants to kill himself", "suicidal", "an intent"),
    ("C: my wife is in labor", "childbirth", "the plain words"),
    ("C: she's having a seizure", "seizure", "the plain words"),
    ("C: my grandmother fell down the stairs", "fall", "the plain words"),
    ("C: somebody got shot", "shooting", "a victim"),
    ("C: I heard gunshots", "shooting", "a sound"),
    ("C: he stabbed my brother", "stabbing", "a victim"),
    ("C: a man with a gun is outside", "person_with_weapon", "no shot yet"),
    ("C: they are fighting in the yard", "assault", "a fight"),
    ("C: my husband is hitting me", "domestic", "a partner"),
    ("C: I was robbed", "robbery", "the plain word"),
    ("C: someone is breaking into my house", "burglary", "in progress"),
    ("C: somebody stole my bike", "theft", "nobody was threatened"),
    ("C: I can't find my son", "missing_person", "a child"),
    ("C: there's been a car accident", "crash", "the plain words"),
    ("C: a truck hit a pole", "crash", "told by what happened"),
    ("C: a man was hit by a car", "struck_by_vehicle", "a person, not a car"),
    ("C: there's a drunk driver in front of me", "impaired_driver", "the plain words"),
    ("C: a tree is down across the road", "traffic_hazard", "nobody hurt"),
    ("C: the gas pedal is stuck", "runaway_vehicle", "a vehicle that cannot stop"),
    ("C: a child is drowning", "drowning", "the plain word"),
    ("C: we are lost in the woods", "lost", "the plain words"),
    ("C: a small plane just crashed", "aircraft", "not a vehicle crash"),
    ("C: a dog bit me", "animal_attack", "a person attacked"),
    ("C: there's a squirrel in our garage", "animal", "nobody attacked"),
    ("C: the neighbors are playing loud music", "noise", "the plain words"),
    ("C: I left my keys inside the truck", "lockout", "the plain words"),
    ("C: I dialed by accident", "misdial", "the plain words"),
    ("C: this isn't an emergency", "information", "said so"),
    ("T: is he breathing | C: no", "cardiac_arrest", "the answer to a question"),
    ("T: is the house on fire | C: yes", "structure_fire", "affirmed by the caller"),
    # Not said
    ("T: is there a fire", None, "the call-taker alone counts for nothing"),
    ("T: is there a fire | C: no", None, "denied"),
    ("C: there's no fire", None, "negated"),
    ("C: nobody was shot", None, "negated by nobody"),
    ("C: there isn't any smoke", None, "negated by isn't"),
    ("C: what do I do if there is a fire", None, "hypothetical"),
    ("C: my house was on fire last year", None, "long ago"),
    ("C: I am calling the fire department", None, "a department, not a fire"),
    ("C: hello hello", None, "small talk"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), TYPES)
def test_type(script: str, expected: str | None, reason: str) -> None:
    """The type is what the caller described, or unknown."""
    assert value("type", script) == expected, reason


VICTIMS = [
    ("C: two people are hurt", "2", "a count in words"),
    ("C: there are 3 people trapped inside", "3", "a count in figures"),
    ("C: my mother is not breathing", "1", "one person"),
    ("C: my uncle got stabbed and my aunt got stabbed", "2", "two persons named"),
    (
        "C: my mom is bleeding | C: my mother is bleeding from the leg",
        "1",
        "mom and mother are one",
    ),
    ("C: he is unconscious", "1", "a pronoun"),
    ("C: I've been stabbed", "1", "the caller"),
    ("C: people are trapped", "unknown_number", "more than nobody"),
    ("C: nobody is hurt", "0", "none known"),
    ("C: no injuries", "0", "in other words"),
    ("C: everybody is okay", "0", "everybody accounted for"),
    ("T: is anyone hurt | C: no", "0", "the answer to a question"),
    ("T: is he breathing | C: no", "1", "one person asked about"),
    ("T: how many people are hurt | C: three", "3", "the answer is a count"),
    ("C: he is not hurt", "0", "denied"),
    ("C: my brother shot a deer", None, "he is not the one shot"),
    ("C: there is a fire", None, "nobody was spoken of"),
    ("T: is anyone hurt | C: I don't know", None, "unknown stays unknown"),
    ("T: two people are hurt", None, "the call-taker alone counts for nothing"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), VICTIMS)
def test_victims(script: str, expected: str | None, reason: str) -> None:
    """The people hurt or in danger are those spoken of, or unknown."""
    assert value("victims", script) == expected, reason


SEVERITIES = [
    ("C: he's not breathing", "critical", "danger to life"),
    ("C: the music is loud music again", "low", "a nuisance"),
    ("C: somebody stole my bike", "medium", "over, nobody hurt"),
    ("C: there's been a car accident", "high", "perhaps somebody hurt"),
    ("C: there's a fire and people are trapped inside", "critical", "raised by the people"),
    ("C: she is bleeding a lot", "critical", "raised by the amount"),
    ("C: no one is trapped", None, "a denial raises nothing"),
    ("C: hello", None, "nothing said"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), SEVERITIES)
def test_severity(script: str, expected: str | None, reason: str) -> None:
    """The severity follows from what was said, or is unknown."""
    assert value("severity", script) == expected, reason


PHONE = "T: what is the phone number you're calling from | "
NUMBERS = [
    ("C: my number is 585-555-0142", "(585) 555-0142", "ten figures"),
    ("C: you can call me at 585 555 0142", "(585) 555-0142", "in groups"),
    (
        "C: five eight five five five five oh one four two",
        "(585) 555-0142",
        "ten digits in words",
    ),
    (f"{PHONE}C: 555-0142", "555-0142", "seven digits in answer"),
    (f"{PHONE}C: five five five oh one four two", "555-0142", "seven in words"),
    (f"{PHONE}C: double five five zero one four two", "555-0142", "double"),
    (f"{PHONE}C: triple five zero one four two", "555-0142", "triple"),
    (f"{PHONE}C: five fifty five oh one forty two", "555-0142", "pairs"),
    (
        f"{PHONE}C: area code five eight five, five five five, oh one four two",
        "(585) 555-0142",
        "an area code",
    ),
    (
        f"{PHONE}C: five eight five | T: okay | C: five five five | T: okay | C: oh one four two",
        "(585) 555-0142",
        "in three parts",
    ),
    (f"{PHONE}C: 1-585-555-0142", "(585) 555-0142", "a leading one"),
    (f"{PHONE}C: 585-555-0142 | C: no, 585-555-0143", "(585) 555-0143", "corrected in full"),
    (f"{PHONE}C: 585-555-0142 | C: sorry 0143", "(585) 555-0143", "the last four corrected"),
    ("T: is it 585-555-0142 | C: yes", "(585) 555-0142", "affirmed by the caller"),
    ("T: call them at 585-555-0142", None, "the call-taker alone counts for nothing"),
    ("T: call 555-0142 instead | C: okay", None, "okay affirms nothing"),
    ("C: 4120 Juniper Street", None, "an address"),
    ("C: he stole 5000000 dollars", None, "a sum without a cue"),
    (f"{PHONE}C: I don't know it", None, "unknown stays unknown"),
    (f"{PHONE}C: 585", None, "three digits are no number"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), NUMBERS)
def test_callback_number(script: str, expected: str | None, reason: str) -> None:
    """The number is the one the caller gave, or unknown."""
    assert text("callback_number", script) == expected, reason


def test_an_unresolved_disagreement_keeps_both_readings() -> None:
    """The caller's words first, the call-taker's read-back beside them."""
    said = dialogue("C: 42 Oak Street | T: 40 Oak Street | C: please hurry")
    found = [
        each.text for each in hear_all(RuleExtractor().open(), said) if each.field == "location"
    ]
    assert found == ["42 Oak Street", "40 Oak Street"]


def test_a_corrected_reading_stays_as_an_alternative() -> None:
    """Nothing heard is thrown away."""
    said = dialogue("C: 40 Oak Street | C: no, 42 Oak Street")
    found = [
        each.text for each in hear_all(RuleExtractor().open(), said) if each.field == "location"
    ]
    assert found == ["42 Oak Street", "40 Oak Street"]


def test_a_joined_address_cites_both_lines() -> None:
    """The number and the street were said ten seconds apart; both can be played."""
    proposal = best("location", f"{ASK}C: twenty two ten | C: Genesee Street")
    assert proposal is not None
    assert [cited.quote for cited in proposal.evidence] == ["twenty two ten", "Genesee Street"]


def test_the_heard_words_stay_beside_the_formatted_number() -> None:
    """The value is tidy, the evidence is as heard."""
    proposal = best("callback_number", f"{PHONE}C: five five five oh one four two")
    assert proposal is not None
    assert proposal.value == "5550142"
    assert proposal.evidence[0].quote == "five five five oh one four two"
