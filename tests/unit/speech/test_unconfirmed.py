"""Which words are to be checked with the caller."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.unconfirmed import unconfirmed
from ringdown.spoken.numbers import find_numbers


def marked(text: str) -> str:
    words = text.split()
    marks = unconfirmed(words, find_numbers(words))
    return " ".join(word for word, mark in zip(words, marks, strict=True) if mark)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("There is a fire in the kitchen.", ""),
        ("My number is five five five.", "five five five."),
        ("My name is Dana Miller.", "Dana Miller."),
        ("My name is dana, please hurry.", "dana,"),
        ("This is Dana calling.", "Dana"),
        ("This is not a drill.", ""),
        ("We are on Genesee Street now.", "Genesee Street"),
        ("It's near the old mill on north elm street.", "north elm street."),
        ("Turn left on Elm. Street is blocked.", "Elm."),
        ("I drive home.", ""),
        ("Apartment four, please.", "Apartment four,"),
        ("It is S-M-I-T-H.", "S-M-I-T-H."),
        ("Okay. I see. The man ran.", ""),
    ],
)
def test_numbers_names_and_addresses_are_marked(text: str, found: str) -> None:
    """By simple cues; the rest stays as it is."""
    assert marked(text) == found


@given(st.lists(st.text(max_size=8), max_size=12))
def test_any_words_get_one_mark_each(words) -> None:
    """Whatever the recogniser writes."""
    assert len(unconfirmed(words, find_numbers(words))) == len(words)
