"""What is shown of a line while it is spoken: words that will likely stay, and how often they do."""

from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.steady import Flicker, Steady, changed_words, flicker

LINES = st.lists(st.sampled_from(["There", "is", "a", "fire", "fire.", "five"]), max_size=8)


@given(LINES, LINES)
def test_words_that_are_only_added_to_change_nothing(before, more) -> None:
    """And what is compared with itself is the same."""
    assert changed_words(before, before + more) == 0
    assert changed_words(before, more) <= len(before)
    assert changed_words(before, []) == len(before)


def test_case_and_punctuation_are_no_change() -> None:
    """A full stop that comes and goes is not read as another word."""
    assert changed_words(["There", "is", "a", "fire."], ["there", "is", "a", "fire", "in"]) == 0
    assert changed_words(["Money", "is"], ["My", "neighbor", "is"]) == 1


@given(st.lists(LINES, max_size=6))
def test_every_word_that_changes_has_been_shown(revisions) -> None:
    """No line flickers more than it shows."""
    found = flicker(revisions)
    assert 0 <= found.changed <= found.shown


def test_flicker_counts_each_word_once_for_each_way_it_was_shown() -> None:
    """Two words, then one of them replaced, then one added."""
    revisions = [["a", "car"], ["a", "card"], ["a", "card", "game"]]
    assert flicker(revisions) == Flicker(shown=4, changed=1)


def test_the_last_word_is_held_back_until_it_stands() -> None:
    """A word cut in the middle is guessed at; the next look knows better."""
    steady = Steady()
    assert steady.look(["There", "is", "fi"], [0.9, 0.9, 0.5]) == 2
    assert steady.look(["There", "is", "a"], [0.9, 0.9, 0.5]) == 2
    assert steady.look(["There", "is", "a"], [0.9, 0.9, 0.5]) == 3


def test_in_a_pause_everything_is_shown() -> None:
    """Nothing more will come of that breath."""
    assert Steady().look(["Help"], [0.3], whole=True) == 1


@given(st.lists(LINES, min_size=1, max_size=6))
def test_never_more_is_shown_than_was_heard(looks) -> None:
    """Whatever the looks say."""
    steady = Steady()
    for words in looks:
        assert 0 <= steady.look(words, [0.5] * len(words)) <= len(words)
