"""Weapons: what was said of them, and what was not. One row each, with the reason it is there."""

import pytest
from tests.unit.incidents.scene import contradicts, proposed, value

ROWS = [
    ("C: he has a gun", "gun, carried", "had"),
    ("C: he's got a knife in his hand and he's coming at me", "knife, in hand", "in the hand"),
    ("C: he pulled a pistol on me", "handgun, in hand", "another name for it"),
    ("C: there's a guy with a machete at the bus stop", "machete, carried", "with"),
    ("C: I saw a guy with a long gun near the school", "rifle, seen", "seen"),
    ("C: somebody's been shot", "gun, used", "nobody named it"),
    ("C: he stabbed my brother", "blade, used", "what cut is not known"),
    ("C: I heard gunshots down the street", "gun, heard", "heard, not seen"),
    ("C: the gun went off", "gun, used", "said after it"),
    ("C: they robbed me at gunpoint", "gun, in hand", "at gunpoint"),
    ("C: he robbed the store with a handgun and ran", "handgun, used", "a robbery with it"),
    ("C: he stuck me with a kitchen knife", "knife, used", "another verb"),
    (
        "C: he said he's coming back here with a gun",
        "gun, said to be carried",
        "who comes with it has it",
    ),
    ("C: he's coming at me with a knife", "knife, in hand", "who comes at somebody uses it"),
    ("C: she sprayed me with pepper spray", "pepper spray, used", "sprayed"),
    ("C: they're armed", "weapon, carried", "armed, with what is not said"),
    ("C: he came at me with a screwdriver", "screwdriver, in hand", "called what it is"),
    ("C: he threw a chair at me", "chair, in hand", "thrown"),
    ("C: he pulled a gun on the guy in the red car", "gun, in hand", "a person is no place"),
    ("C: she's holding a knife to her throat", "knife, in hand", "against oneself"),
    ("C: he said he has a gun", "gun, said to be carried", "only said to be there"),
    (
        "C: I think he might have a gun in his waistband",
        "gun, carried, in his waistband, not sure",
        "doubt is told",
    ),
    ("C: he's threatening to shoot me", "gun, threatened", "a threat, no gun seen"),
    ("C: I have a gun and he's at my door", "gun, with the caller", "the caller is armed"),
    ("C: my gun was stolen from my truck", "gun, stolen", "stolen"),
    ("C: it's a BB gun", "BB gun, spoken of", "no firearm"),
    ("C: he hit me with a bat", "bat, used", "a thing that strikes"),
    ("C: he's swinging a hammer around", "hammer, in hand", "the same in the hand"),
    ("C: he's throwing rocks at cars", "rock, in hand", "thrown"),
    ("C: he had a gun but he put it away", "gun, carried, put down or away", "put away since"),
    (
        "C: he had a knife | C: he dropped the knife",
        "knife, carried, put down or away",
        "dropped later",
    ),
    ("C: he's got a gun | C: no wait it's a rifle", "rifle, carried", "said more exactly"),
    ("C: he doesn't have a gun he has a knife", "knife, carried", "one denied, one not"),
    (
        "C: he's waving a kitchen knife around and there's a gun in the house",
        "knife, in hand; gun, on the premises, in the house",
        "two, the graver first",
    ),
    ("T: does he have a gun | C: yes", "gun, carried", "a yes to one kind"),
    ("T: any weapons | C: yes", "weapon, carried", "a yes to all kinds"),
    (
        "T: are there weapons in the house | C: yeah he has a rifle in the closet",
        "rifle, on the premises, in the closet",
        "more than a yes",
    ),
    (
        "C: he has a gun | T: what kind of gun | C: a black handgun",
        "handgun, carried",
        "the kind in answer",
    ),
    (
        "T: where is the gun now | C: it's on the kitchen table",
        "gun, on the premises, on the kitchen table",
        "its place in answer",
    ),
    # None, said outright
    ("T: any weapons? | C: no", "none", "a no to all kinds"),
    ("T: is he armed | C: no he isn't", "none", "the same of armed"),
    ("T: any weapons on you? | C: no ma'am", "none", "with courtesy"),
    ("T: any weapons involved? | C: not that I know of", "none", "none known"),
    ("T: do you see any weapons? | C: I don't think so", "none", "thinks not"),
    ("T: does he have any weapons? | C: no nothing like that", "none", "no and more"),
    ("T: did you see any weapons? | C: none", "none", "none"),
    ("C: there were no weapons", "none", "told without being asked"),
    ("T: does he have a gun | C: no", "no gun", "a no to one kind says nothing of others"),
    # Nothing
    ("T: does he have any weapons | C: I don't know", None, "not known"),
    ("T: does he have any weapons | C: please hurry", None, "not answered"),
    ("T: put the gun down", None, "the call-taker alone tells nothing"),
    ("C: there's no gun I just heard fireworks", None, "denied"),
    ("C: if he comes back with a gun what do I do", None, "supposed"),
    ("C: my grandpa got shot in the war long ago", None, "the past"),
    ("C: I got a flu shot and my arm is swollen", None, "an injection"),
    ("C: the shooting pain in my leg", None, "pain"),
    ("C: the kids have water guns", None, "a toy"),
    ("C: I shot myself in the foot with a nail gun", None, "a tool"),
    ("C: he shot himself in the head", "gun, used", "against oneself"),
    ("C: I cut my finger with a kitchen knife", None, "a kitchen accident"),
    ("C: he plays baseball with a bat", None, "a thing that strikes nobody"),
    ("C: he cut himself shaving with a razor", None, "shaving"),
    ("C: the officer has his gun out", None, "an officer's"),
    ("C: they're not armed", "none", "denied"),
    ("C: I have a hammer", None, "the same"),
    ("C: we're watching a movie where a guy has a gun", None, "a film"),
    ("C: this is a drill he has a gun", None, "a drill"),
    ("C: we live off Gun Club Road", None, "a road"),
    ("C: hello", None, "small talk"),
]


@pytest.mark.parametrize(("script", "expected", "reason"), ROWS)
def test_weapons(script: str, expected: str | None, reason: str) -> None:
    """The best reading, and its evidence stands where it says."""
    assert value("weapons", script) == expected, reason
    assert contradicts("weapons", script) == []


def test_a_no_after_a_weapon_was_seen_does_not_take_it_away() -> None:
    """Both stand there, the weapon first."""
    found = proposed("weapons", "C: he has a gun | T: any weapons? | C: no")
    assert [each.value for each in found] == ["gun, carried", "none"]


def test_a_no_cites_the_question_too() -> None:
    """A no alone says nothing."""
    (found,) = proposed("weapons", "T: any weapons? | C: no")
    assert [each.side for each in found.evidence] == ["call_taker", "caller"]
