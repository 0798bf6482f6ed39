"""WAVE headers are read by an independent library."""

import io

import numpy as np
import pytest
import soundfile

from ringdown.wire import g711, wav


def test_pcm16_is_read_back_by_libsndfile():
    """A stereo file holds the caller left, the call-taker right."""
    left, right = np.arange(-50, 50, dtype=np.int16), np.arange(100, dtype=np.int16)
    samples, rate = soundfile.read(
        io.BytesIO(wav.pcm16_wav([left, right], rate=8000)), dtype="int16"
    )
    assert rate == 8000
    np.testing.assert_array_equal(samples, np.stack([left, right], axis=1))


def test_mulaw_is_read_back_by_libsndfile():
    """A µ-law file decodes to the same samples as our table gives."""
    codes = bytes(range(256))
    file = wav.mulaw_header(frames=128, rate=8000, channels=2) + codes
    samples, rate = soundfile.read(io.BytesIO(file), dtype="int16")
    assert rate == 8000
    np.testing.assert_array_equal(samples.reshape(-1), g711.decode_ulaw(codes))


def test_channels_of_different_length_are_refused():
    """Sides that do not match would play shifted: refused."""
    with pytest.raises(ValueError, match="equally long"):
        wav.pcm16_wav([np.zeros(1, np.int16), np.zeros(2, np.int16)], rate=8000)
