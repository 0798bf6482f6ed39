"""What each recogniser has done, counted over all workers and their replacements."""

from collections.abc import Sequence

from ringdown.runtime.telemetry import Metrics
from ringdown.speech.model.protocol import Counted

LABELS = ("engine",)


class EngineCounts:
    """Workers tell how much since they began; the metrics grow by what is new of it."""

    def __init__(self, metrics: Metrics) -> None:
        self._before: dict[tuple[int, str], Counted] = {}
        self._pieces = metrics.counter(
            "ringdown_speech_engine_pieces_total", "Pieces of speech given to an engine.", LABELS
        )
        self._failures = metrics.counter(
            "ringdown_speech_engine_failures_total",
            "Calls that gave no words because the engine failed.",
            LABELS,
        )
        self._audio = metrics.counter(
            "ringdown_speech_engine_audio_seconds_total", "Audio given to an engine.", LABELS
        )
        self._busy = metrics.counter(
            "ringdown_speech_engine_busy_seconds_total", "Time an engine took.", LABELS
        )

    def note(self, worker: int, counts: Sequence[Counted]) -> None:
        """What a worker has counted so far."""
        for now in counts:
            before = self._before.get((worker, now.engine), Counted(engine=now.engine))
            self._before[worker, now.engine] = now
            self._pieces.labels(now.engine).inc(max(now.pieces - before.pieces, 0))
            self._failures.labels(now.engine).inc(max(now.failures - before.failures, 0))
            self._audio.labels(now.engine).inc(max(now.audio_s - before.audio_s, 0.0))
            self._busy.labels(now.engine).inc(max(now.busy_s - before.busy_s, 0.0))

    def forget(self, worker: int) -> None:
        """The worker is gone; the next one counts from the beginning."""
        for key in [key for key in self._before if key[0] == worker]:
            del self._before[key]
