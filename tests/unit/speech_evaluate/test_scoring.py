"""Scoring: alignment, error rates, intervals and the figures of confidence."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown.speech.evaluate import align as aligning
from ringdown.speech.evaluate.align import align, distance
from ringdown.speech.evaluate.figures import (
    Errors,
    auc,
    bootstrap,
    calibration_error,
    count,
    rate_interval,
    reliability,
    wilson,
)
from ringdown.speech.evaluate.normalise import digit_share, normalise, number_words

TEXTS = st.lists(st.sampled_from("abcd"), max_size=12)
JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def plain_distance(said: list[str], heard: list[str]) -> int:
    """The textbook table, to compare with."""
    table = {(i, 0): i for i in range(len(said) + 1)}
    table |= {(0, j): j for j in range(len(heard) + 1)}
    for i, j in product(range(1, len(said) + 1), range(1, len(heard) + 1)):
        table[i, j] = min(
            table[i - 1, j] + 1,
            table[i, j - 1] + 1,
            table[i - 1, j - 1] + (said[i - 1] != heard[j - 1]),
        )
    return table[len(said), len(heard)]


@given(TEXTS, TEXTS)
def test_an_alignment_has_the_fewest_errors(said: list[str], heard: list[str]) -> None:
    """As many as the textbook says, and never more than the longer text has words."""
    assert distance(said, heard) == plain_distance(said, heard) <= max(len(said), len(heard))


@given(TEXTS, TEXTS)
def test_every_word_is_in_the_alignment_once(said: list[str], heard: list[str]) -> None:
    """Both sides can be read off it, and what is right is the same on both."""
    steps = align(said, heard)
    assert [s.said for s in steps if s.said is not None] == list(range(len(said)))
    assert [s.heard for s in steps if s.heard is not None] == list(range(len(heard)))
    for step in steps:
        if step.said is not None and step.heard is not None:
            assert (step.kind == "right") == (said[step.said] == heard[step.heard])


@settings(max_examples=30)
@given(TEXTS, TEXTS)
def test_a_long_text_is_halved_without_harm(said: list[str], heard: list[str]) -> None:
    """The way that needs little memory finds as few errors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aligning, "SMALL", 6)
        steps = align(said, heard)
    assert sum(s.kind != "right" for s in steps) == plain_distance(said, heard)
    assert [s.heard for s in steps if s.heard is not None] == list(range(len(heard)))


@given(TEXTS)
def test_the_same_text_has_no_error(text: list[str]) -> None:
    """And all of it deleted is an error rate of one."""
    assert count(align(text, text)) == Errors(words=len(text))
    assert count(align(text, [])).rate == (1.0 if text else None)


def test_kinds_of_errors_are_told_apart() -> None:
    """One of each."""
    errors = count(align(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"]))
    assert errors == Errors(words=4, substituted=1, deleted=0, inserted=1)
    assert count(align(["a", "b", "c"], ["a", "c"])) == Errors(words=3, deleted=1)
    assert errors.rate == 0.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's on the 21st, at 10:30.", "it's on the twenty first at ten thirty"),
        ("2210 Oak", "twenty two ten oak"),
        ("the 900 block", "the nine hundred block"),
        ("1,500 people", "fifteen hundred people"),
        ("mile 104.5", "mile one hundred four point five"),
        ("in 1905", "in nineteen oh five"),
        ("2007", "two thousand seven"),
        ("12000", "twelve thousand"),
        ("5551234", "five five five one two three four"),
        ("Mr. O\u2019Neil \u2013 twenty-two", "mister o'neil twenty two"),
        ("$5 & 20%", "five dollars and twenty percent"),
        ("the 12th and the 30th", "the twelfth and the thirtieth"),
        ("at 9:05 or 9:00", "at nine oh five or nine"),
        ("", ""),
    ],
)
def test_numerals_are_spelled_out_as_people_say_them(text: str, words: str) -> None:
    """So that "22" and "twenty two" are the same answer."""
    assert " ".join(normalise(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("555-0143", "five five five zero one four three"),
        ("five five five oh one four three", "five five five zero one four three"),
        ("K7 double two", "k seven two two"),
        ("niner, 3.", "nine three"),
        ("double", ""),
    ],
)
def test_digits_and_plates_are_taken_apart(text: str, words: str) -> None:
    """Numerals, number words and "oh" are the same digits."""
    assert " ".join(normalise(text, digits=True)) == words


@given(st.text(alphabet="abcxyzo 0123456789.,:'-$%&", max_size=40), st.booleans())
def test_normalising_twice_changes_nothing(text: str, digits: bool) -> None:
    """And what comes out holds letters only."""
    once = normalise(text, digits=digits)
    assert normalise(" ".join(once), digits=digits) == once
    assert all(set(word) <= set("abcdefghijklmnopqrstuvwxyz'") for word in once)


@given(st.integers(0, 10**7))
def test_every_number_has_words(number: int) -> None:
    """Two numbers below ten thousand never sound the same."""
    assert number_words(number)
    if number < 9999:
        assert number_words(number) != number_words(number + 1)


def test_digit_share_tells_phone_numbers_from_speech() -> None:
    """A plate is nearly all digits and letters; a sentence is not."""
    assert digit_share("four one seven K L") == 1
    assert digit_share("there is a fire at 12 Oak Street") < 0.5
    assert digit_share("") == 0


@given(JUDGED)
def test_auc_is_the_share_of_pairs_in_order(judged: list[tuple[float, bool]]) -> None:
    """Counted pair by pair."""
    right = [score for score, good in judged if good]
    wrong = [score for score, good in judged if not good]
    if not right or not wrong:
        assert auc(judged) is None
        return
    pairs = [(a > b) + (a == b) / 2 for a in right for b in wrong]
    assert auc(judged) == pytest.approx(sum(pairs) / len(pairs))


@given(JUDGED, st.integers(1, 20))
def test_every_word_is_in_one_bin(judged: list[tuple[float, bool]], bins: int) -> None:
    """And the error is at most the largest difference of any bin."""
    found = reliability(judged, bins=bins)
    assert sum(one.words for one in found) == len(judged)
    assert sum(one.right for one in found) == sum(good for _, good in judged)
    assert all(one.low - 1e-9 <= one.mean <= one.high + 1e-9 for one in found)
    error = calibration_error(judged, bins=bins)
    assert error is not None
    assert 0 <= error <= max(abs(b.mean - b.right / b.words) for b in found if b.words) + 1e-9


def test_honest_confidence_has_no_calibration_error() -> None:
    """Three of four right at 75 %; always sure and half right is off by a half."""
    assert calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == 0
    assert calibration_error([(1.0, True), (1.0, False)]) == 0.5
    assert calibration_error([]) is None


def test_an_interval_is_the_same_each_time_and_holds_the_figure() -> None:
    """Seeded; wider with fewer clips; none for a single clip."""
    random = np.random.default_rng(4)
    many = [Errors(words=20, substituted=int(n)) for n in random.integers(0, 5, 80)]
    rate = sum((e for e in many), Errors()).rate
    low, high = rate_interval(many) or (1, 0)
    assert low <= rate <= high
    assert rate_interval(many) == (low, high)
    few = rate_interval(many[:8])
    assert few is not None
    assert few[1] - few[0] > high - low
    assert rate_interval(many[:1]) is None
    assert bootstrap(5, lambda _: None) is None


@given(st.integers(0, 50), st.integers(0, 50))
def test_wilson_holds_the_share(right: int, more: int) -> None:
    """Within 0 and 1, around the share counted."""
    low, high = wilson(right, right + more)
    assert 0 <= low <= high <= 1
    if right + more:
        assert low - 1e-9 <= right / (right + more) <= high + 1e-9
