"""The demo call is what it promises: its form, its story, and that the script tells of its audio."""

from itertools import pairwise

import numpy as np
import pytest
import soundfile

from ringdown import demo
from ringdown.media.replay import load
from ringdown.wire.g711 import decode_ulaw


@pytest.fixture(scope="module")
def call():
    return demo.load()


def loudness(call, side, from_ms, to_ms):
    samples = decode_ulaw(load([call.audio]).sides[side])[from_ms * 8 : to_ms * 8]
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


def test_the_recording_has_the_promised_form(call):
    """Stereo µ-law at 8 kHz, about 75 s, under 2 MB."""
    info = soundfile.info(call.audio)
    assert (info.channels, info.samplerate, info.subtype) == (2, 8000, "ULAW")
    assert 70 <= info.duration <= 80
    assert call.audio.stat().st_size < 2_000_000


def test_there_is_a_stretch_of_silence(call):
    """For at least six seconds nobody speaks, and only the background is heard."""
    start, end = max(
        ((a.end_ms, b.start_ms) for a, b in pairwise(call.lines)), key=lambda gap: gap[1] - gap[0]
    )
    assert end - start >= 6000
    assert 0 < loudness(call, "caller", start, end) < 400


def test_every_line_is_heard_where_the_script_says(call):
    """On the side of its speaker and at its time, much louder than the background."""
    quiet = loudness(call, "caller", 0, 1000)
    for line in call.lines:
        assert loudness(call, line.side, line.start_ms, line.end_ms) > 4 * quiet


def test_the_address_is_misheard_and_corrected(call):
    """The call-taker says it wrong once; in the end both say it right."""
    said = [(line.side, line.text) for line in call.lines if "Washington" in line.text]
    assert [side for side, _ in said][:2] == ["caller", "call_taker"]
    assert "forty two twenty" in said[1][1]
    assert "forty two ten" in said[-1][1]
    assert call.fields["location"].startswith("4210 ")


def test_the_number_is_one_reserved_for_fiction(call):
    """555-01xx belongs to nobody."""
    assert call.fields["callback_number"].removeprefix("315").startswith("55501")
