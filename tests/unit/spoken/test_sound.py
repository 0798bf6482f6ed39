"""Names that sound alike come out close, whatever their letters; the distance behaves like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.spoken.sound import ALPHABET, coded, distance, likeness, sounds, word_sounds

ALIKE = [
    ("genesee", "jenna see"),
    ("schuyler", "skyler"),
    ("worcester", "wooster"),
    ("gough", "goff"),
    ("houston", "how stun"),
    ("phinney", "finney"),
    ("wright", "right"),
    ("knightsbridge", "nights bridge"),
    ("clearwater", "clear water"),
    ("mcallister", "mac alister"),
    ("leary", "leery"),
]
APART = [("oak", "ash"), ("maple", "cedar"), ("genesee", "holly"), ("river", "college")]

said = st.text(alphabet=ALPHABET, max_size=20)


def nearest(one: str, other: str) -> float:
    return max(likeness(a, b) for a in sounds(one.split()) for b in sounds(other.split()))


@pytest.mark.parametrize(("name", "heard"), ALIKE)
def test_what_a_recogniser_writes_for_a_name_sounds_like_it(name: str, heard: str) -> None:
    """Spelled otherwise, said the same."""
    assert nearest(name, heard) >= 0.85


@pytest.mark.parametrize(("name", "other"), APART)
def test_different_names_are_far_apart(name: str, other: str) -> None:
    """Nobody takes one for the other."""
    assert nearest(name, other) <= 0.5


@given(said, said)
def test_the_distance_is_the_same_both_ways(one: str, other: str) -> None:
    """Which one was heard makes no difference."""
    assert distance(one, other) == pytest.approx(distance(other, one), abs=1e-3)


@given(said, said, said)
def test_a_detour_is_never_shorter_than_it_can_be(one: str, other: str, third: str) -> None:
    """Likeness is between 0 and 1, and a string is most like itself."""
    assert distance(one, one) == pytest.approx(0, abs=1e-3)
    for text in (other, third):
        assert 0 <= likeness(one, text) <= likeness(one, one) == 1


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_every_word_has_a_sound_made_of_the_alphabet(word: str) -> None:
    """No letters break the rules."""
    for sound in word_sounds(word):
        assert set(sound) <= set(ALPHABET)
        assert 0 not in coded(sound)
