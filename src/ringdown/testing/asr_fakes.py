"""Recognisers for tests that do as they are told: fail, hang, come late, or hear."""

import threading
from collections.abc import Sequence

from ringdown.speech.engine_errors import EngineFailed, EngineUnreachable
from ringdown.speech.ports import (
    ASR_RATE,
    AsrCapabilities,
    Piece,
    Pulse,
    Recognised,
    RecognisedWord,
)


class ScriptedAsr:
    """Hears its own name for each half second of a piece, once it is allowed to.

    `failure` is raised while it is set; while `gate` is closed it waits there, as a hanging engine
    does. What it was given is in `given`.
    """

    def __init__(self, name: str, *, local: bool = True, partials: bool = False) -> None:
        self.name = name
        self.capabilities = AsrCapabilities(
            name=name,
            languages=("en",),
            partials=partials,
            word_confidence=True,
            word_times="estimated",
            local=local,
            batch=4,
        )
        self.failure: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.given: list[Piece] = []
        self.answered = 0

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """`NAME NAME …`, one for each half second begun."""
        self.given.extend(pieces)
        if pulse:
            pulse()
        self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.answered += len(pieces)
        return [self._one(piece) for piece in pieces]

    def _one(self, piece: Piece) -> Recognised:
        count = -(-len(piece.samples) // (ASR_RATE // 2))
        words = (RecognisedWord(self.name, 0.9),) * count
        return Recognised(" ".join([self.name] * count), words, tuple(range(count)))


class ScriptedRemote(ScriptedAsr):
    """The same, elsewhere, and able to say whether it is there."""

    def __init__(self, name: str = "remote") -> None:
        super().__init__(name, local=False)
        self.absent: EngineFailed | None = None
        self.checks = 0

    def check(self) -> None:
        """Raises what it is told to raise."""
        self.checks += 1
        if self.absent is not None:
            raise self.absent

    def die(self) -> None:
        """From now on there is no connection."""
        self.failure = self.absent = EngineUnreachable("gone")

    def come_back(self) -> None:
        """All is well again."""
        self.failure = self.absent = None
