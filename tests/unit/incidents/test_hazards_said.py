"""What is dangerous at the place: one row each, with the reason it is there."""

import pytest
from tests.unit.incidents.scene import contradicts, proposed, value

ROWS = [
    ("C: there's a power line down across the road", "power line down", "wires"),
    (
        "C: there's a power line down and it's sparking",
        "power line down; wires sparking",
        "two in one sentence",
    ),
    ("C: the car hit a telephone pole", "power line down", "a pole brought down"),
    ("C: a tree fell on the wires", "power line struck; tree down", "a tree on wires"),
    ("C: I smell gas in my basement", "gas smell", "a smell"),
    ("C: a car hit the gas main and gas is leaking", "gas leak", "a leak"),
    ("C: I smell gas | C: the gas line is broken", "gas leak", "the graver one is shown"),
    ("C: my car is leaking gas on the road", "fuel leaking", "a car's gas is fuel"),
    ("C: gasoline is leaking all over the road", "fuel leaking", "fuel"),
    ("C: my carbon monoxide detector is going off", "carbon monoxide", "an alarm"),
    ("C: the truck is on fire", "vehicle on fire", "a burning truck"),
    ("C: the car is smoking but nobody's in it", "vehicle smoking", "smoke from it"),
    ("C: it's blocking the left lane", "in the roadway", "in the way of traffic"),
    ("C: the car is stuck on the train tracks", "on the tracks", "on rails"),
    ("C: the ceiling caved in", "collapse", "a part of a building"),
    ("C: the water is rising and my car is stuck", "water", "water that rises"),
    ("C: he fell through the ice", "ice", "ice"),
    ("C: I have oxygen tanks in the bedroom", "explosive materials", "tanks"),
    ("C: there's a suspicious package by the door", "suspicious package", "a package"),
    ("C: someone spilled chlorine and there are fumes", "chemicals", "a chemical"),
    ("C: the dog is biting everybody", "aggressive dog", "a dog that bites"),
    ("C: he has a pit bull in the house", "dog on the premises", "a dog that is there"),
    ("C: there's a bear in my yard", "dangerous animal", "a bear"),
    ("C: there are needles on the floor", "needles", "needles"),
    ("C: he's drunk", "intoxicated person", "drink"),
    ("C: he's throwing things at us", "violent person", "violence"),
    ("C: he said he will shoot any cop that comes", "hostile to police", "a threat to helpers"),
    ("C: he locked himself in the bathroom", "barricaded", "shut in"),
    ("C: he broke in and he's still in the house", "suspect still there", "still there"),
    ("C: he hit me | T: is he still there? | C: yes", "suspect still there", "a yes"),
    (
        "C: he hit me | T: is he there now? | C: he's in the other room",
        "suspect still there",
        "where he is",
    ),
    ("C: the chlorine line let go", "chemicals", "a line of a chemical"),
    ("C: he hit me and he's coming back", "suspect coming back", "not there, yet not gone"),
    ("C: the transformer keeps popping", "wires sparking", "a transformer"),
    ("T: has he been drinking | C: yeah a lot", "intoxicated person", "a yes to drink"),
    ("T: any dogs in the house? | C: yes", "dog on the premises", "a yes to dogs"),
    ("T: any animals? | C: yes", "animal on the premises", "a yes to animals"),
    ("T: any hazards? | C: no", "none", "a no to all"),
    ("T: is the scene safe? | C: yes", "none", "a yes to safe"),
    # Nothing
    ("C: he broke in | C: he's still in the house | C: okay he just ran off", None, "gone since"),
    ("C: he hit me | T: is he still there? | C: no he left", None, "a no"),
    ("C: my husband fell and he's still on the floor", None, "a patient is no suspect"),
    ("T: are there any power lines down? | C: no", None, "a no to one kind denies only that"),
    ("T: any dogs? | C: no", None, "the same of dogs"),
    ("T: is anything leaking?", None, "a question tells nothing"),
    ("C: no wires are down", None, "denied"),
    ("C: he's not violent", None, "denied inside"),
    ("C: if the wires come down what do I do", None, "supposed"),
    ("C: I'm at the gas station on Main", None, "a gas station smells of nothing"),
    ("C: he's got a hot dog stuck in his throat", None, "food"),
    ("C: the coyotes are here they're being aggressive", "dangerous animal", "they are animals"),
    ("C: he shot himself he's in the house", None, "the one who is hurt"),
    ("C: in the movie a power line is down", None, "a film"),
    ("C: my dad is talking like he's drunk", None, "somebody ill may sound so"),
    ("C: he's been drinking water all day", None, "water"),
    ("C: my dog ran away", None, "a lost dog harms nobody"),
    ("C: hello can you hear me", None, "small talk"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_hazards(script: str, expected: str | None, reason: str) -> None:
    """The best reading, and its evidence stands where it says."""
    assert value("hazards", script) == expected, reason
    assert contradicts("hazards", script) == []


def test_that_nothing_is_dangerous_stands_behind_what_is() -> None:
    """What was said first is not taken back by a no."""
    found = proposed("hazards", "C: I smell gas | T: any hazards? | C: no")
    assert [each.value for each in found] == ["gas smell", "none"]
