"""Counts of engines grow in the metrics by what is new, over workers that come and go."""

from ringdown.runtime.telemetry import Metrics
from ringdown.speech.lane_counts import EngineCounts
from ringdown.speech.model.protocol import Counted

PIECES = "ringdown_speech_engine_pieces_total"


def test_counts_grow_by_what_is_new_and_a_new_worker_begins_again() -> None:
    """Two workers add up; one that is replaced loses nothing and counts nothing twice."""
    metrics = Metrics()
    counts = EngineCounts(metrics)
    for worker, pieces in ((0, 3), (0, 3), (1, 2), (0, 5)):
        counts.note(worker, [Counted(engine="near", pieces=pieces, failures=1, busy_s=0.5)])
    counts.forget(0)
    counts.note(0, [Counted(engine="near", pieces=1), Counted(engine="far", pieces=9)])

    def value(name: str, engine: str) -> float | None:
        return metrics.registry.get_sample_value(name, {"engine": engine})

    assert value(PIECES, "near") == 5 + 2 + 1
    assert value(PIECES, "far") == 9
    assert value("ringdown_speech_engine_failures_total", "near") == 2
    assert value("ringdown_speech_engine_busy_seconds_total", "near") == 1.0
