"""Lines between server and worker: what one writes the other reads, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.protocol import (
    Channel,
    Counted,
    Done,
    Drop,
    End,
    Follow,
    Heartbeat,
    Partial,
    Progress,
    Ready,
    Trouble,
    WorkerLineError,
    decode_order,
    decode_report,
    encode,
)
from ringdown.speech.model.utterance import sample_ms, utterance_id

from .test_lane import final, leg
from .test_transcript_service import said

ORDERS = [Follow(leg=leg(), from_sample=512), End(leg_id="leg_1"), Drop(leg_id="leg_1")]
REPORTS = [
    Ready(engine="counting"),
    Heartbeat(lag_ms=3, legs=2, shed=1, channels=(Channel(leg_id="leg_1", lag_ms=9),)),
    Heartbeat(lag_ms=0, legs=0, shed=0, counts=(Counted(engine="a", pieces=2, busy_s=0.1),)),
    Partial(utterance=said(1)),
    final(2, 9000),
    Progress(leg_id="leg_1", through_sample=512),
    Trouble(leg_id="leg_1", code="speech.engine_failed", from_sample=0),
    Done(leg_id="leg_1"),
]


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_is_read_as_it_was_written(order) -> None:
    """One line, whatever it holds."""
    line = encode(order)
    assert line.count(b"\n") == 1
    assert decode_order(line) == order


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_read_as_it_was_written(report) -> None:
    """One line, whatever it holds."""
    line = encode(report)
    assert line.count(b"\n") == 1
    assert decode_report(line) == report


@given(st.binary(max_size=200))
def test_any_other_bytes_are_a_documented_error(line: bytes) -> None:
    """And the error quotes nothing of them."""
    for decode in (decode_order, decode_report):
        with pytest.raises(WorkerLineError):
            decode(line)


def test_an_utterance_id_is_a_function_of_leg_and_sample() -> None:
    """So that a repeat is no double."""
    assert utterance_id("leg_01ABC", 512) == "utt_01ABC_512"
    assert sample_ms(8004) == 1000
