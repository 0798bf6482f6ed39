"""One recogniser on probation: a deadline for each answer, and a rest after failures.

It works in a thread of its own, always the same one, so that whoever waits can stop waiting. After
failures it is set aside for a while; then it is asked whether it is there, if it can say so without
audio, and given a copy of a real piece whose words come from elsewhere. Nothing waits for either.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from ringdown.core.clock import Clock
from ringdown.runtime.telemetry import get_logger
from ringdown.speech.engine_errors import (
    EngineAnswerBad,
    EngineBusy,
    EngineFailed,
    EngineLate,
    EngineRefused,
)
from ringdown.speech.ports import AsrEngine, Piece, Pulse, Recognised

PULSE_S: Final = 0.05


@runtime_checkable
class Checking(Protocol):
    """An engine that can say without audio whether it is there."""

    def check(self) -> None:
        """Ask it. Raises EngineFailed."""
        ...


@dataclass(frozen=True)
class Patience:
    """When a recogniser is set aside, and for how long."""

    failures: int = 2
    """In a row; no connection at all, a refused key or a used-up quota counts at once."""
    first_rest_s: float = 2.0
    longest_rest_s: float = 60.0


@dataclass
class _Trial:
    """Something under way that nobody waits for."""

    done: "Future[bool]"
    since: float
    given_up: bool = False


class Guard:
    """One recogniser, its thread and its record."""

    def __init__(
        self, engine: AsrEngine, clock: Clock, *, deadline_s: float, patience: Patience
    ) -> None:
        self.engine = engine
        self.trouble: type[EngineFailed] = EngineFailed
        """How it failed last."""
        self._clock = clock
        self._deadline_s = deadline_s
        self._patience = patience
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="asr-guarded")
        self._under_way: Future[list[Recognised]] | None = None
        self._trial: _Trial | None = None
        self._failures = 0
        self._rest_s = patience.first_rest_s
        self._rests_until: float | None = None
        self._answers = False
        self._log = get_logger("speech.engine")

    @property
    def name(self) -> str:
        """The engine's own name."""
        return self.engine.capabilities.name

    @property
    def well(self) -> bool:
        """Whether it listens, or will be tried with the next words since it answers again."""
        self._settle()
        return self._rests_until is None or self._answers

    @property
    def usable(self) -> bool:
        """Whether it may be asked for words that count."""
        self._settle()
        return self._rests_until is None and not self._busy

    @property
    def _busy(self) -> bool:
        late = self._under_way is not None and not self._under_way.done()
        return late or self._trial is not None

    @property
    def _may_be_tried(self) -> bool:
        self._settle()
        rested = self._rests_until is not None and self._clock.monotonic() >= self._rests_until
        return rested and not self._busy

    def ask(self, pieces: Sequence[Piece], pulse: Pulse | None) -> list[Recognised]:
        """The words, in time. Raises EngineFailed; what comes later is thrown away."""
        deadline = self._clock.monotonic() + self._deadline_s
        asked = self._pool.submit(self.engine.transcribe, tuple(pieces))
        self._under_way = asked
        while not asked.done() and (left := deadline - self._clock.monotonic()) > 0:
            wait([asked], min(left, PULSE_S))
            if pulse:
                pulse()
        try:
            heard = _heard(asked, len(pieces))
        except EngineFailed as error:
            self._failed(error)
            raise
        self._recovered()
        return heard

    def try_with(self, piece: Piece) -> bool:
        """Give it a copy of a piece if it is time; whether it got one. Waits for nothing."""
        if not self._may_be_tried:
            return False
        copy = Piece(piece.samples.copy(), names=piece.names)
        self._begin(lambda: len(self.engine.transcribe([copy])) == 1)
        return True

    def tend(self) -> None:
        """Ask whether it is there again, if it is time and it can be asked. Waits for nothing."""
        inner = getattr(self.engine, "inner", self.engine)
        if isinstance(inner, Checking) and self._may_be_tried and not self._answers:
            check = inner.check

            def there() -> bool:
                check()
                return False  # it is there; whether it hears is another matter

            self._begin(there)

    def close(self) -> None:
        """Ask nothing more; what is under way is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, work: Callable[[], bool]) -> None:
        self._trial = _Trial(self._pool.submit(work), self._clock.monotonic())

    def _settle(self) -> None:
        """See what has become of the trial, if there is one."""
        trial = self._trial
        if trial is None:
            return
        late = self._clock.monotonic() - trial.since > self._deadline_s
        if late and not trial.given_up:
            trial.given_up = True
            self._failed(EngineLate("a trial took too long"))
        if not trial.done.done():
            return
        self._trial = None
        if trial.given_up:
            return
        try:
            hears = trial.done.result()
        except Exception as error:  # noqa: BLE001 - an engine is somebody else's code
            self._failed(_as_failure(error))
            return
        if hears:
            self._recovered()
        else:
            self._answers = True

    def _failed(self, error: EngineFailed) -> None:
        self._failures += 1
        self._answers = False
        self.trouble = type(error)
        at_once = isinstance(error, EngineRefused | EngineBusy) or not error.sent
        if self._rests_until is None and not at_once and self._failures < self._patience.failures:
            return
        if self._rests_until is None:
            self._log.warning("engine set aside", engine=self.name, code=error.code)
        rest = max(self._rest_s, error.retry_after_s or 0.0)
        self._rests_until = self._clock.monotonic() + rest
        self._rest_s = min(self._rest_s * 2, self._patience.longest_rest_s)

    def _recovered(self) -> None:
        if self._rests_until is not None:
            self._log.info("engine listens again", engine=self.name)
        self._failures, self._rests_until, self._answers = 0, None, False
        self._rest_s = self._patience.first_rest_s


def _heard(asked: "Future[list[Recognised]]", pieces: int) -> list[Recognised]:
    if not asked.done():
        raise EngineLate("the recogniser did not answer in time")
    try:
        heard = asked.result()
    except Exception as error:  # noqa: BLE001 - an engine is somebody else's code
        raise _as_failure(error) from None
    if len(heard) != pieces:
        raise EngineAnswerBad("the recogniser answered for more or fewer pieces than it was given")
    return heard


def _as_failure(error: Exception) -> EngineFailed:
    if isinstance(error, EngineFailed):
        return error
    return EngineFailed(f"the recogniser failed ({type(error).__name__})")
