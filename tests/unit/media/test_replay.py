"""A recorded call is read, brought to the line's rate and cut into packets that lose nothing."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from ringdown.media.replay import (
    AudioUnreadable,
    ChannelsUnsupported,
    Recording,
    load,
    packets,
    resample,
)
from ringdown.wire.g711 import decode_ulaw


def tone(hertz: float, rate: int, seconds: float = 1.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize(
    ("name", "subtype", "rate"),
    [("a.wav", "PCM_16", 44_100), ("a.wav", "ULAW", 8_000), ("a.flac", "PCM_16", 16_000),
     ("a.ogg", "OPUS", 48_000), ("a.wav", "FLOAT", 11_025)],
)  # fmt: skip
def test_every_format_gives_the_same_tone(
    tmp_path: Path, name: str, subtype: str, rate: int
) -> None:
    """Caller left and call-taker right keep their own tone, at the line's rate."""
    stereo = np.stack([tone(440, rate), tone(1000, rate)], axis=1)
    soundfile.write(tmp_path / name, stereo, rate, subtype=subtype)
    recording = load([tmp_path / name])
    for side, hertz in (("caller", 440), ("call_taker", 1000)):
        heard = decode_ulaw(recording.sides[side]).astype(float)  # type: ignore[index]
        middle = heard[1000:7000]
        peak = np.argmax(np.abs(np.fft.rfft(middle * np.hanning(middle.size))))
        assert abs(peak * 8000 / middle.size - hertz) < 5


def test_what_the_line_cannot_carry_is_filtered_out() -> None:
    """A tone above 4 kHz does not come back as another tone."""
    kept = resample(tone(1000, 48_000), 48_000)
    lost = resample(tone(7000, 48_000), 48_000)
    assert np.std(lost[100:-100]) < 0.003 * np.std(kept[100:-100])


def test_one_file_for_each_side(tmp_path: Path) -> None:
    """The first is the caller; the shorter one is filled with silence."""
    soundfile.write(tmp_path / "a.wav", tone(440, 8000, 1.0), 8000)
    soundfile.write(tmp_path / "b.wav", tone(440, 8000, 0.5), 8000)
    recording = load([tmp_path / "a.wav", tmp_path / "b.wav"])
    assert len(recording.sides["caller"]) == len(recording.sides["call_taker"]) == 8000
    assert not decode_ulaw(recording.sides["call_taker"][5000:]).any()


def test_packets_hold_every_byte_once(tmp_path: Path) -> None:
    """Put together again, the packets are the recording, from any moment on."""
    recording = Recording({"caller": bytes(range(250)) * 10, "call_taker": b"\xff" * 2500})
    got = b"".join(payload for _, side, payload in packets(recording) if side == "caller")
    assert got == recording.sides["caller"]
    late = b"".join(payload for _, side, payload in packets(recording, 100) if side == "caller")
    assert late == recording.sides["caller"][800:]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not audio at all" * 100])
def test_a_file_that_is_no_audio_is_told(tmp_path: Path, content: bytes) -> None:
    """The error names the file and what to give instead."""
    (tmp_path / "x.wav").write_bytes(content)
    with pytest.raises(AudioUnreadable, match=r"x\.wav"):
        load([tmp_path / "x.wav"])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """Likewise."""
    with pytest.raises(AudioUnreadable):
        load([tmp_path / "nothing.wav"])


def test_more_than_two_sides_are_told(tmp_path: Path) -> None:
    """A file with three channels is no call of two sides."""
    soundfile.write(tmp_path / "three.wav", np.zeros((800, 3)), 8000)
    with pytest.raises(ChannelsUnsupported):
        load([tmp_path / "three.wav"])
