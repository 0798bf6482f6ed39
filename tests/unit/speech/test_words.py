"""Words: doubt about numbers, loops collapsed, times estimated within bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.words import (
    FirstHeard,
    Heard,
    assemble,
    collapse_repeats,
    number_like,
    plain,
    spread,
)

WORDS = st.lists(
    st.sampled_from(["no", "fire", "a", "help,", "555-1234", "neighbour's"]), max_size=30
)
VOICED = st.lists(st.booleans(), min_size=1, max_size=120)


@pytest.mark.parametrize(
    ("word", "doubtful"),
    [
        ("5", True), ("555-1234.", True), ("Five,", True), ("oh", True), ("twenty-two", True),
        ("K", True), ("B.", True), ("Twenty-First", True), ("zero", True), ("4B", True),
        ("a", False), ("I", False), ("fire", False), ("someone", False), ("often", False),
        ("won", False), ("-", False), ("", False),
    ],
)  # fmt: skip
def test_numbers_and_letters_are_never_trusted(word, doubtful) -> None:
    """House numbers, plates and spelled names are always marked."""
    assert number_like(word) is doubtful


@given(WORDS)
def test_collapsing_twice_changes_nothing(words) -> None:
    """What is left has no loop."""
    once, _ = collapse_repeats([Heard(word, 1.0) for word in words])
    assert collapse_repeats(once) == (once, False)


@pytest.mark.parametrize(
    ("said", "kept", "looped"),
    [
        ("no no no no no no no", "no", True),
        ("seven, seven seven Seven seven.", "seven,", True),
        ("call me call me call me call me now", "call me now", True),
        ("no no no no", "no no no no", False),
        ("help help help please", "help help help please", False),
        ("", "", False),
    ],
)
def test_a_loop_is_shortened_and_reported(said, kept, looped) -> None:
    """Five of the same word or four of the same phrase is a loop; less may be a cry for help."""
    words, found = collapse_repeats([Heard(word, 1.0) for word in said.split()])
    assert " ".join(word.word for word in words) == kept
    assert found is looped


@given(WORDS, VOICED, st.lists(st.none() | st.integers(0, 4000), max_size=30))
def test_estimated_times_are_in_order_and_within_bounds(words, voiced, bounds) -> None:
    """Each word lies in the segment, after the one before it, and no later than first heard."""
    times = spread(words, voiced, bounds)
    assert len(times) == len(words)
    last = 0
    for (start, end), bound in zip(times, [*bounds, *[None] * len(words)], strict=False):
        assert last <= start <= end <= len(voiced) * 32
        assert bound is None or end <= bound
        last = end


def test_words_lie_where_something_is_voiced() -> None:
    """A pause inside an utterance belongs to no word."""
    voiced = [False] * 10 + [True] * 10 + [False] * 30 + [True] * 10 + [False] * 5
    first, second = spread(["help", "fire"], voiced, [])
    assert first == (320, 640)
    assert second == (1600, 1920)


def test_the_partial_in_which_a_word_came_bounds_its_end() -> None:
    """A word that was shown after one second ended within that second."""
    heard = FirstHeard.empty()
    heard.update(["There", "is"], 1000)
    heard.update(["There", "is", "a", "fire"], 2000)
    assert heard.bounds(["There", "is", "a", "fire.", "here"]) == [1000, 1000, 2000, 2000, None]


def test_a_revised_word_loses_the_earlier_bound() -> None:
    """A word that replaces another was first heard when it appeared."""
    heard = FirstHeard.empty()
    heard.update(["Money"], 600)
    heard.update(["My", "neighbor"], 1600)
    assert heard.bounds(["My", "neighbor", "is"]) == [1600, 1600, None]


def test_doubt_is_marked_word_by_word() -> None:
    """An unsure word is doubtful; the others are not."""
    heard = [Heard("number", 0.99), Heard("is", 0.5), Heard("555", 1.0)]
    words, doubtful = assemble(heard, origin_ms=1000, voiced=[True] * 30, doubtful_below=0.8)
    assert [word.doubtful for word in words] == [False, True, False]
    assert not doubtful
    assert words[0].start_ms == 1000
    assert all(word.timing_estimated for word in words)


def test_no_word_of_a_doubted_line_is_relied_on() -> None:
    """What the sound says against a line is said of each of its words."""
    words, doubtful = assemble(
        [Heard("help", 1.0)], origin_ms=0, voiced=[True] * 30, doubtful_below=0.8, doubted=True
    )
    assert doubtful
    assert words[0].doubtful


def test_times_that_the_engine_knows_are_used_as_they_are() -> None:
    """And are not marked as estimated."""
    heard = [Heard("help", 1.0, 40, 310), Heard("me", 1.0)]
    (first, second), _ = assemble(heard, origin_ms=1000, voiced=[True] * 30, doubtful_below=0.8)
    assert (first.start_ms, first.end_ms, first.timing_estimated) == (1040, 1310, False)
    assert second.timing_estimated


def test_a_loop_makes_the_whole_utterance_doubtful() -> None:
    """Nothing about a repetition loop is to be relied on."""
    words, doubtful = assemble(
        [Heard("go", 0.99)] * 9, origin_ms=0, voiced=[True] * 30, doubtful_below=0.8
    )
    assert doubtful
    assert [(word.word, word.doubtful) for word in words] == [("go", True)]


def test_a_plain_word_has_no_case_and_no_punctuation() -> None:
    """Comparing words ignores how they are written."""
    assert plain("Don't,") == "don't"
