"""What was said last goes with a segment that follows closely, and with no other."""

import numpy as np
import pytest

from ringdown.speech.adapters.compose import Fallback
from ringdown.speech.listen import CLOSE, Said
from ringdown.speech.model.segment import Segment
from ringdown.speech.ports import ASR_RATE, VAD_RATE, Before, Piece
from ringdown.testing.asr_fakes import ScriptedAsr
from ringdown.testing.clock import ManualClock

SAID = Said(100, np.ones(VAD_RATE, np.float32), (5, 6))


@pytest.mark.parametrize(
    ("start", "goes"), [(100, True), (100 + CLOSE, True), (101 + CLOSE, False), (90, False)]
)
def test_only_a_segment_that_follows_closely_goes_on(start: int, goes: bool) -> None:
    segment = Segment(start, start + 10, (True,) * 10)
    before = SAID.before(segment, VAD_RATE)
    assert (before is not None) is goes
    if before is not None:
        assert before.tokens == SAID.tokens
        assert abs(len(before.samples) - ASR_RATE) <= 2


def test_what_left_no_tokens_helps_nobody() -> None:
    empty = Said(100, SAID.samples, ())
    assert empty.before(Segment(100, 110, (True,) * 10), VAD_RATE) is None


def test_what_was_said_goes_back_to_the_engine_that_heard_it_only() -> None:
    """Tokens of one mean nothing to another."""
    first, last = ScriptedAsr("first"), ScriptedAsr("last")
    engine = Fallback([first, last], ManualClock(), deadlines_s=[60])
    audio = np.zeros(ASR_RATE, np.float32)
    for mark, tokens in ((-1, (5, 6)), (-2, None)):
        engine.transcribe([Piece(audio, before=Before(audio, (mark, 5, 6)))])
        given = first.given[-1].before
        assert (None if given is None else given.tokens) == tokens
    engine.close()
