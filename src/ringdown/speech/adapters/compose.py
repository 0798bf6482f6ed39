"""Recognisers made of recognisers: one behind the other, and one that is measured."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ringdown.core.clock import Clock
from ringdown.speech.adapters.guard import Guard, Patience
from ringdown.speech.engine_errors import EngineFailed
from ringdown.speech.ports import (
    ASR_RATE,
    AsrCapabilities,
    AsrEngine,
    EngineCount,
    EngineState,
    Piece,
    Pulse,
    Recognised,
)

DEADLINE_S: Final = 1.6


class Measured:
    """An engine whose work is counted."""

    def __init__(self, inner: AsrEngine, clock: Clock) -> None:
        self.inner = inner
        self._clock = clock
        self._count = EngineCount(inner.capabilities.name)

    @property
    def capabilities(self) -> AsrCapabilities:
        """Those of the engine."""
        return self.inner.capabilities

    @property
    def count(self) -> EngineCount:
        """What it has done so far."""
        return self._count

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """As the engine does; a failure is counted and goes on."""
        began = self._clock.monotonic()
        failed = True
        try:
            heard = self.inner.transcribe(pieces, pulse)
            failed = False
            return heard
        finally:
            before = self._count
            audio = sum(len(piece.samples) for piece in pieces) / ASR_RATE
            self._count = EngineCount(
                before.name,
                before.pieces + len(pieces),
                before.failures + failed,
                before.audio_s + audio,
                before.busy_s + self._clock.monotonic() - began,
            )

    def state(self) -> EngineState:
        """It listens, and has done so much."""
        return EngineState(self._count.name, counts=(self._count,))


class Fallback:
    """Several engines, the preferred first; each piece is answered once, by the first that can.

    All but the last have a deadline. Pieces that one does not answer in time are heard by the next
    at once; what comes later counts for nothing. A piece that is only to be shown goes to the first
    engine that has `partials`; tokens go back to the engine that made them and to no other.
    """

    def __init__(
        self,
        engines: Sequence[AsrEngine],
        clock: Clock,
        *,
        deadlines_s: Sequence[float] = (),
        patience: Patience | None = None,
    ) -> None:
        *first, self._last = engines
        waits = [*deadlines_s, *([DEADLINE_S] * len(first))]
        self._guards = [
            Guard(engine, clock, deadline_s=wait_s, patience=patience or Patience())
            for engine, wait_s in zip(first, waits, strict=False)
        ]
        self._engines = [*first, self._last]

    @property
    def capabilities(self) -> AsrCapabilities:
        """What can be relied upon whichever of them listens."""
        can = [engine.capabilities for engine in self._engines]
        return AsrCapabilities(
            name=can[0].name,
            languages=can[0].languages,
            partials=any(one.partials for one in can),
            word_confidence=all(one.word_confidence for one in can),
            word_times="exact" if all(o.word_times == "exact" for o in can) else "estimated",
            local=all(one.local for one in can),
            batch=can[0].batch,
            names=any(one.names for one in can),
        )

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """Recognise each piece. Raises what the last engine raises, if none can."""
        answers: dict[int, Recognised] = {}
        given: dict[int, list[str]] = {at: [] for at in range(len(pieces))}
        for number, guard in enumerate(self._guards):
            left = [at for at in range(len(pieces)) if at not in answers]
            can = guard.engine.capabilities
            wanted = [at for at in left if can.partials or not pieces[at].partial]
            if not wanted:
                continue
            if not guard.usable:
                if guard.try_with(pieces[wanted[0]]):
                    given[wanted[0]].append(guard.name)
                continue
            asked = [_for_engine(pieces[at], number) for at in wanted]
            try:
                heard: Sequence[Recognised | None] = guard.ask(asked, pulse)
            except EngineFailed as error:
                heard = error.heard if len(error.heard) == len(wanted) else [None] * len(wanted)
                for at, one in zip(wanted, heard, strict=True):
                    if one is None and error.sent:
                        given[at].append(guard.name)
            for at, one in zip(wanted, heard, strict=True):
                if one is not None:
                    answers[at] = _answer(one, number, can.name, given[at])
        number = len(self._guards)
        left = [at for at in range(len(pieces)) if at not in answers]
        if left:
            asked = [_for_engine(pieces[at], number) for at in left]
            name = self._last.capabilities.name
            for at, one in zip(left, self._last.transcribe(asked, pulse), strict=True):
                answers[at] = _answer(one, number, name, given[at])
        elif pulse:
            pulse()
        return [answers[at] for at in range(len(pieces))]

    def state(self) -> EngineState:
        """Who listens to what is kept, and why, if that is not the preferred one."""
        for guard in self._guards:
            guard.tend()
        well = [guard.name for guard in self._guards if guard.well]
        name = (well or [self._last.capabilities.name])[0]
        counts = tuple(one.count for one in self._engines if isinstance(one, Measured))
        first = self._guards[0] if self._guards else None
        if first is None or first.well:
            return EngineState(name, counts=counts)
        bundled = "the bundled one" if not well else name
        text = f"The engine {first.name} {first.trouble.plainly}; {bundled} listens."
        return EngineState(name, fallback=True, text=text, counts=counts)

    def close(self) -> None:
        """Ask the engines nothing more."""
        for guard in self._guards:
            guard.close()


def _for_engine(piece: Piece, number: int) -> Piece:
    """The piece with such earlier tokens as this engine made itself."""
    before = piece.before
    if before is not None:
        tokens = _own(before.tokens, number)
        before = replace(before, tokens=tokens) if tokens else None
    return replace(piece, previous=_own(piece.previous, number), before=before)


def _own(tokens: tuple[int, ...], number: int) -> tuple[int, ...]:
    own = bool(tokens) and tokens[0] == -1 - number
    return tuple(t for t in tokens if t >= 0) if own else ()


def _answer(one: Recognised, number: int, name: str, given: Sequence[str]) -> Recognised:
    """The words with whose they are; the first token says it too, for when they come back."""
    tokens = (-1 - number, *one.tokens) if one.tokens else ()
    return replace(one, engine=one.engine or name, tokens=tokens, sent_to=tuple(given))
