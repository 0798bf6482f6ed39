"""The resampler: the same output however the input is cut, and the right frequencies in it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.resample import Resampler

RATES = [(8000, 16000), (16000, 8000), (44100, 16000), (48000, 8000), (11025, 16000)]


def resample(audio: np.ndarray, rate_in: int, rate_out: int) -> np.ndarray:
    resampler = Resampler(rate_in, rate_out)
    return np.concatenate([resampler.push(audio), resampler.flush()])


def tone(hz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate).astype(np.float32)


@given(st.sampled_from(RATES), st.lists(st.integers(0, 700), max_size=8), st.integers(0, 2**32 - 1))
def test_how_the_input_is_cut_makes_no_difference(rates, sizes, seed) -> None:
    """A reader that gets the audio in other pieces hears the very same samples."""
    audio = np.random.default_rng(seed).standard_normal(sum(sizes)).astype(np.float32)
    resampler = Resampler(*rates)
    cuts = np.split(audio, np.cumsum(sizes)[:-1]) if sizes else [audio]
    parts = [resampler.push(piece) for piece in cuts] + [resampler.flush()]
    assert np.array_equal(np.concatenate(parts), resample(audio, *rates))


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
def test_the_length_is_that_of_the_same_time(rate_in, rate_out) -> None:
    """Nothing is lost at the end."""
    audio = np.zeros(12_345, np.float32)
    assert len(resample(audio, rate_in, rate_out)) == -(-12_345 * rate_out // rate_in)


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
def test_a_tone_of_speech_keeps_level_and_place(rate_in, rate_out) -> None:
    """1 kHz comes out as 1 kHz, not shifted in time."""
    made = resample(tone(1000, rate_in), rate_in, rate_out)
    wanted = tone(1000, rate_out)
    middle = slice(len(wanted) // 4, 3 * len(wanted) // 4)
    assert np.abs(made[middle] - wanted[middle]).max() < 0.003


def test_widening_adds_no_mirror_image() -> None:
    """3 kHz at 8 kHz must not come back as 5 kHz: 60 dB down at least."""
    made = resample(tone(3000, 8000), 8000, 16000)
    spectrum = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    hz = np.fft.rfftfreq(len(made), 1 / 16000)
    assert spectrum[hz > 4500].max() < spectrum.max() / 1000


def test_narrowing_removes_what_cannot_be_kept() -> None:
    """6 kHz does not fold into the telephone band."""
    made = resample(tone(6000, 16000), 16000, 8000)
    middle = slice(len(made) // 4, 3 * len(made) // 4)
    assert np.abs(made[middle]).max() < 0.001


@pytest.mark.parametrize("rates", [(0, 16000), (8000, 0), (-1, 8000)])
def test_a_rate_that_is_none_is_refused(rates) -> None:
    """A broken header cannot make a resampler."""
    with pytest.raises(ValueError, match="positive"):
        Resampler(*rates)
