"""Confidence and doubts from what the decoder thought."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.adapters.assets import package_file
from ringdown.speech.adapters.moonshine_calibration import read_calibration
from ringdown.speech.model.calibration import (
    FEATURES,
    Calibration,
    ScoredWord,
    TokenScore,
    features,
    uncalibrated,
)
from ringdown.speech.model.calibration_doubts import doubts, loops

chances = st.floats(0, 1)
scores = st.builds(TokenScore, chances, chances, st.floats(0, 11))
words = st.lists(
    st.builds(ScoredWord, st.text(min_size=1), st.lists(scores, max_size=4).map(tuple)), max_size=8
)


def stored() -> Calibration:
    file = package_file("ringdown.speech", "models", "calibration-tiny-en.json")
    return Calibration.model_validate(json.loads(file.read_text()))


@given(words)
def test_every_word_has_a_confidence_between_nought_and_one(heard: list[ScoredWord]) -> None:
    """However odd the scores."""
    assert [len(found) for found in features(heard)] == [len(FEATURES)] * len(heard)
    for found in (stored().confidences(heard), uncalibrated(heard)):
        assert len(found) == len(heard)
        assert all(0 <= confidence <= 1 for confidence in found)


def test_a_sure_word_among_sure_words_is_surer_than_a_guess_among_guesses() -> None:
    """The stored calibration points the right way."""
    sure = ScoredWord("fire", (TokenScore(0.99, 0.002, 0.05),))
    guess = ScoredWord("fire", (TokenScore(0.2, 0.15, 3.0),))
    assert stored().confidences([sure] * 3)[1] > 0.9
    assert stored().confidences([guess] * 3)[1] < 0.4


def test_the_stored_calibration_belongs_to_the_bundled_model() -> None:
    """It says what it was fitted on and is found by the hash of the decoder."""
    decoder = package_file("moonshine_voice", "assets", "tiny-en", "decoder_model_merged.ort")
    found = read_calibration(decoder)
    assert found is not None
    assert found == stored()
    assert found.origin.words > 1000
    assert found.origin.data


def test_another_decoder_has_no_calibration(tmp_path: Path) -> None:
    """A model that was not measured gets no borrowed confidence."""
    other = tmp_path / "decoder_model_merged.ort"
    other.write_bytes(b"something else")
    assert read_calibration(other) is None


def test_an_end_before_the_first_word_says_that_nothing_was_said() -> None:
    """Even if the decoder then writes something."""
    sure = [TokenScore(0.9, 0.05, 0.3)]
    assert doubts([5], sure, [0.9], end_first=0.01, overrun=False) == ("noise",)
    assert doubts([5], sure, [0.9], end_first=1e-6, overrun=False) == ()


def test_guesswork_and_overruns_are_told() -> None:
    """Low confidence, ten ways to go on, and a text that never ends."""
    lost = [TokenScore(0.2, 0.1, 3.0)]
    assert doubts([5], lost, [0.2], end_first=0, overrun=True) == ("loop", "unsure")
    assert doubts([5], lost, [0.9], end_first=0, overrun=False) == ("unsure",)
    assert doubts([], [], [], end_first=0, overrun=False) == ()


def test_a_loop_is_seen_in_the_tokens_and_a_number_said_twice_is_none() -> None:
    """Ten digits repeated once are speech."""
    assert loops([7] * 12)
    assert loops([1, 2, 3] * 10)
    assert not loops([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] * 2)
    assert not loops([1, 2, 3, 4])
