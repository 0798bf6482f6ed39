"""Kinds told by what is named together, by hints and by answers: one row each with its reason."""

import pytest

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.adapters.rules.concepts import CONCEPTS
from ringdown.incidents.adapters.rules.topics import MOST, TOPICS
from ringdown.incidents.ports import Proposal
from ringdown.incidents.types import BY_CODE
from ringdown.testing.extractor import dialogue, hear_all


def types(script: str) -> list[Proposal]:
    return [
        each for each in hear_all(RuleExtractor().open(), dialogue(script)) if each.field == "type"
    ]


def kind(script: str) -> str | None:
    found = types(script)
    return found[0].value if found else None


TOLD = [
    ("C: my front door's been kicked in", "burglary", "a passive, the thing first"),
    ("C: they kicked in the front door", "burglary", "the same the other way round"),
    ("C: he jumped the counter and emptied the register", "robbery", "no word of robbing"),
    ("C: he ripped the purse right off her arm", "robbery", "a thing torn from a person"),
    ("C: a lady is taking the packages off my porch", "theft", "taking, and where from"),
    ("C: they drove off, sixty bucks of gas, never paid", "theft", "gas that is no leak"),
    ("C: five guys are stomping on one guy", "assault", "what is done, then to whom"),
    ("C: somebody broke a bottle over the bartender's head", "assault", "a weapon that is none"),
    ("C: my stepdad has my mom by the hair", "domestic", "kin against kin"),
    ("C: he rolled down his window and pointed a pistol", "person_with_weapon", "no roll-over"),
    ("C: there's a backpack with wires sticking out of it", "explosive", "a thing and its sign"),
    ("C: kids are throwing rocks at windows", "damage", "a hail of stones"),
    ("C: my father has dementia and he walked off", "missing_person", "kin, and gone"),
    ("C: he dragged a girl into a white van", "kidnapping", "three things together"),
    ("C: he keeps texting that he knows where I live", "threat", "a threat without the word"),
    ("C: I haven't been able to reach my aunt, she lives alone", "welfare", "nobody answers"),
    ("C: the tablecloth caught and now the curtains are burning", "structure_fire", "what burns"),
    ("C: the back wheels of the truck are on fire", "vehicle_fire", "a part of it burns"),
    ("C: the weeds and the grass on the bank are burning", "outdoor_fire", "nothing with a roof"),
    ("C: a backhoe broke a line and it's hissing", "gas_leak", "gas that nobody names"),
    ("C: my chest, it's like an elephant standing on it", "chest_pain", "a picture of pain"),
    ("C: one side of her face is hanging", "stroke", "no word of stroke"),
    ("C: I ate shrimp and my tongue is getting thick", "breathing", "a swelling that closes"),
    ("C: he's got a piece of meat stuck and he can't talk", "breathing", "he cannot talk as he chokes"),
    ("C: she bit into one of those laundry pods", "overdose", "no word of poison"),
    ("C: I have a pistol in my lap and I'm tired", "suicidal", "quiet, and the gravest"),
    ("C: she's thirty-nine weeks and she has to push", "childbirth", "no word of birth"),
    ("C: a man went through the ice on the pond", "drowning", "ice that is water"),
    ("C: the trench caved in on one of my guys", "trapped", "the earth holds him"),
    ("C: their platform tilted and they're dangling", "trapped", "held by a rope"),
    ("C: we're off the trail and it's getting dark", "lost", "nobody says lost"),
    ("C: somebody backed into me in the parking lot", "crash", "a small one"),
    ("C: an SUV took out a kid on a scooter", "struck_by_vehicle", "an idiom"),
    ("C: a couch fell off a truck, it's sitting in the middle lane", "traffic_hazard", "no person fell"),
    ("C: the traffic lights are dark and nobody's stopping", "traffic_hazard", "no power cut"),
    ("C: the shepherd has my boy by the arm", "animal_attack", "a dog, not a farmer"),
    ("C: a dog in a car with the windows up, he's panting", "animal_danger", "it dies in the heat"),
    ("C: our horse fell through the ice", "animal_danger", "no person in the water"),
    ("C: the cat's been up in a tree since yesterday", "animal", "since is no past"),
    ("C: I sat on my phone", "misdial", "an accident of one's own"),
    ("C: the manager won't take it back without the receipt", "dispute", "money, not theft"),
    ("T: is he hurting you? | C: yes", "domestic", "a yes is as good as saying it"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected", "reason"), TOLD)
def test_what_is_named_together_tells_the_kind(script: str, expected: str, reason: str) -> None:
    """In whatever order it is said."""
    assert kind(script) == expected, reason


NOT_TOLD = [
    ("C: the door wasn't kicked in", "burglary", "denied"),
    ("C: I almost hit a deer with my car", "crash", "it almost happened"),
    ("C: nobody's hurt", "bleeding", "nobody's is a denial"),
    ("C: we don't see any flames in the kitchen", "structure_fire", "denied"),
    ("C: the fire panel in the school shows a zone", "structure_fire", "a panel is no fire"),
    ("C: I live on Lake Road with my wife in the back", "drowning", "a lake in a street's name"),
    ("C: the kids keep kicking their ball", "assault", "kicking what is no person"),
    ("C: my finger slipped when I dialed", "fall", "a finger is no person"),
    ("C: I'm driving on the highway", "traffic_hazard", "a place is no event"),
    ("C: he used to take heroin", "overdose", "long past"),
    ("C: I'm calling the fire department", "fire", "a department"),
    ("C: it fell off the truck into the middle lane", "fall", "a thing fell"),
]


@pytest.mark.parametrize(("script", "wrong", "reason"), NOT_TOLD)
def test_what_only_sounds_alike_is_not_taken_for_it(script: str, wrong: str, reason: str) -> None:
    """A thing without what is done to it, or done to something else."""
    assert kind(script) != wrong, reason


def test_a_hint_gives_way_to_what_is_said_outright() -> None:
    """Single words count only while nothing clearer is heard."""
    (hint,) = types("C: something about a guardrail")
    assert hint.value == "crash"
    assert hint.confidence <= MOST
    assert "crash" not in [each.value for each in types("C: guardrail | C: my house is on fire")]


def test_several_hints_are_surer_than_one() -> None:
    """And less sure than a phrase, however many."""
    one = types("C: the bumper")[0].confidence
    many = types("C: the bumper the windshield the guardrail the fender the hood the ditch")[0]
    assert one < many.confidence <= MOST


def test_every_concept_and_hint_is_of_a_type_that_there_is() -> None:
    """No claim is lost by a slip of the pen."""
    assert {concept.code for concept in CONCEPTS} <= set(BY_CODE)
    assert set(TOPICS.values()) <= set(BY_CODE)
    assert all(0.5 <= concept.strength < 0.9 for concept in CONCEPTS)
