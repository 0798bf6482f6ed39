"""Positions of the audio and offsets of words count from one instant: the start of the call."""

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.unit.speech.legs import CALL, CENTRE, ref, talk, write_leg
from tests.unit.speech.test_worker_loop import Desk

from ringdown.core.clock import parse_iso
from ringdown.listening.model.protocol import Leg
from ringdown.listening.worker.call_audio import CallAudio
from ringdown.partners.words import Transcript
from ringdown.speech.model.protocol import End, Final, Follow
from ringdown.testing.clock import START

PIECE_MS = 20


def heard_from(folder: Path, start_ms: int, duration_ms: int) -> int:
    """The position of the first sound that a listener who plays the call from 0 hears."""
    leg = Leg(
        leg_id="leg_1", side="caller", start_ms=start_ms, centre_id=CENTRE, call_id=CALL,
        folders=(str(folder),), open=False, duration_ms=duration_ms,
    )  # fmt: skip
    audio = CallAudio()
    audio.update([leg], over=True, duration_ms=None)
    audio.poll()
    try:
        assert audio.duration == start_ms + duration_ms
        for position in range(0, audio.duration, PIECE_MS):
            audio.load(position)
            sides = audio.sides(position, PIECE_MS)
            if any(np.abs(samples).max() > 0.01 for samples in sides.values()):
                return position
    finally:
        audio.close()
    raise AssertionError("nothing is heard")


def first_word(folder: Path, start_ms: int) -> dict[str, object]:
    """The first word as partners are sent it."""
    desk = Desk()
    desk.loop.obey(Follow(leg=ref(folder, start_ms=start_ms), from_sample=0))
    desk.loop.obey(End(leg_id="leg_1"))
    desk.until_done()
    transcript = Transcript(START)
    for final in desk.of(Final):
        transcript.hear(final.utterance, final=True)
    return json.loads(transcript.held("caller")[0])


@pytest.mark.parametrize("start_ms", [0, 3_000, 61_234])
def test_a_word_is_heard_at_its_offset_however_late_the_first_leg_starts(
    tmp_path: Path, start_ms: int
) -> None:
    """Until the first leg there is silence, which counts; the word's time of day says the same."""
    folder = tmp_path / CENTRE / CALL
    folder.mkdir(parents=True)
    write_leg(folder, talk((1, False), (2, True), (1, False)))
    position = heard_from(tmp_path, start_ms, 4_000)
    assert position == pytest.approx(start_ms + 1_000, abs=PIECE_MS)
    word = first_word(folder, start_ms)
    assert word["start_offset"] == pytest.approx(position / 1000, abs=0.1)
    since = parse_iso(str(word["started_at"])) - START
    assert since == timedelta(seconds=float(str(word["start_offset"])))
