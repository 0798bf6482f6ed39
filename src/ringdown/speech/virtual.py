"""The live path in virtual time: legs grow as on a call, the worker's own loop listens to them.

Cutting, partials and finals are those of a call. Time is that of the audio: it stands still while
the loop works, so that the result does not depend on the machine. With a `cost` clock the work
takes as long as it really takes, and audio keeps coming: one core as it would be on a call.
"""

import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from ringdown.core.events import Value
from ringdown.speech.model.protocol import Done, End, Follow
from ringdown.speech.model.utterance import LegRef
from ringdown.speech.ports import VAD_RATE, AsrEngine, Samples, VoiceActivity
from ringdown.speech.worker.loop import LoopRules, WorkerLoop
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.legfile import LegHeader, encode_header

STEP_S: Final = 0.04
"""A call's recording grows, and an idle worker looks, about this often."""
BEGAN: Final = datetime(2000, 1, 1, tzinfo=UTC)
AT_MOST: Final = 10_000
"""Turns in one step; a loop that is never done would be a mistake of ours."""


class AudioClock:
    """A clock that moves with the audio; with `cost`, work moves it too."""

    def __init__(self, cost: Callable[[], float] | None = None) -> None:
        self._cost = cost
        self._passed = 0.0
        self._began: float | None = None

    def now(self) -> datetime:
        """An instant of the virtual day."""
        return BEGAN + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds of audio, and of work in progress where work counts."""
        if self._cost is None or self._began is None:
            return self._passed
        return self._passed + self._cost() - self._began

    def advance_to(self, seconds: float) -> None:
        """Let time pass; it never goes back."""
        self._passed = max(self._passed, seconds)

    def work(self, do: Callable[[], bool]) -> bool:
        """Do a piece of work; it takes the time that it costs."""
        if self._cost is None:
            return do()
        self._began = self._cost()
        try:
            return do()
        finally:
            self._passed, self._began = self.monotonic(), None


class VirtualWorker:
    """One worker's loop and the legs it follows; use it as a context manager.

    `tell` gets every report of the loop, with the virtual time in seconds.
    """

    def __init__(
        self,
        engine: AsrEngine,
        new_vad: Callable[[], VoiceActivity],
        tell: Callable[[Value, float], None],
        rules: LoopRules,
        *,
        cost: Callable[[], float] | None = None,
    ) -> None:
        self.clock = AudioClock(cost)
        self._tell = tell
        self._done = 0
        self._heard = 0
        self._folder = tempfile.TemporaryDirectory(prefix="ringdown-speech-")
        self._files: list[Path] = []
        self._rests: list[bytes] = []
        self._loop = WorkerLoop(engine, new_vad, self._told, self.clock, rules)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.close()
        self._folder.cleanup()

    def follow(self, side: str = "caller") -> int:
        """Begin a leg; gives its number. Its first sample is at call time zero."""
        number = len(self._files)
        leg_id = f"leg_{number}"
        header = LegHeader("centre_local", "call_local", leg_id, side, BEGAN)
        path = Path(self._folder.name) / f"{leg_id}.leg"
        path.write_bytes(encode_header(header))
        self._files.append(path)
        self._rests.append(b"")
        ref = LegRef(
            centre_id="centre_local",
            call_id="call_local",
            leg_id=leg_id,
            side=side,
            start_ms=0,
            folders=(self._folder.name,),
        )
        self._loop.obey(Follow(leg=ref, from_sample=0))
        return number

    def hear(self, blocks: Sequence[Samples]) -> None:
        """Let the legs grow by these 8 kHz samples (equally long, one array a leg) at call pace."""
        step = round(STEP_S * VAD_RATE)
        coded = [
            rest + encode_ulaw(pcm16(block))
            for rest, block in zip(self._rests, blocks, strict=True)
        ]
        at, size = 0, max(map(len, coded), default=0)
        while at + step <= size:
            # All that has come while the loop was at work, and at least one step.
            due = int(self.clock.monotonic() * VAD_RATE) - self._heard
            end = min(at + max(step, due), size)
            self._grow([codes[at:end] for codes in coded])
            at = end
            self._work((self._heard + step) / VAD_RATE)
        self._rests = [codes[at:] for codes in coded]

    def end(self) -> None:
        """The call is over: listen to what is left, however long that takes."""
        self._grow(self._rests)
        for number in range(len(self._files)):
            self._loop.obey(End(leg_id=f"leg_{number}"))
        for _ in range(AT_MOST):
            if self._done == len(self._files):
                return
            self.clock.advance_to(self.clock.monotonic() + STEP_S)
            self._work(None)
        raise RuntimeError("the loop did not come to an end")

    def _grow(self, parts: Sequence[bytes]) -> None:
        for path, codes in zip(self._files, parts, strict=True):
            with path.open("ab") as file:
                file.write(codes)
        self._heard += max(map(len, parts), default=0)
        self.clock.advance_to(self._heard / VAD_RATE)

    def _work(self, until: float | None) -> None:
        """Turn until there is nothing to do, or until more audio is due."""
        for _ in range(AT_MOST):
            if not self.clock.work(self._loop.turn):
                return
            if until is not None and self.clock.monotonic() >= until:
                return

    def _told(self, report: Value) -> None:
        self._done += isinstance(report, Done)
        self._tell(report, self.clock.monotonic())


def pcm16(samples: Samples) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """As a telephone codec takes it."""
    return np.clip(np.round(samples * 32768.0), -32768, 32767).astype(np.int16)
