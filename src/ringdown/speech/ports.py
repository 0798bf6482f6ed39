"""What speech needs from outside: a recogniser, voice activity, a store and worker processes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ringdown.runtime.db import Tx
from ringdown.speech.model.names import NameBook
from ringdown.speech.model.utterance import LegRef, UtteranceView

Samples = NDArray[np.float32]
"""Mono audio, from minus one to one."""

ASR_RATE = 16000
"""What recognisers listen to, in Hz."""

VAD_RATE = 8000
"""What voice activity listens to, in Hz."""

VAD_WINDOW = 256
"""Samples of one window of voice activity: 32 ms."""

ASR_GROUP = "ringdown.asr"
"""The entry-point group of recognisers."""

Pulse = Callable[[], None]
"""Called between the steps of a long recognition, so that a watcher sees it is alive."""


@dataclass(frozen=True)
class AsrCapabilities:
    """What a recogniser can do; the rest of speech asks this, never the engine's name."""

    name: str
    languages: tuple[str, ...]
    partials: bool
    """Whether earlier tokens given back make a growing segment cheaper to recognise again."""
    word_confidence: bool
    word_times: Literal["exact", "estimated"]
    local: bool = True
    """Whether the audio stays on this machine."""
    batch: int = 1
    """How many pieces of about the same length are cheaper in one call than one by one; 1: none."""
    names: bool = False
    """Whether local names given with a piece are favoured."""
    calibrated: bool = True
    """Whether word confidence was fitted for exactly this model; if not, it is a bare score."""


@dataclass(frozen=True)
class RecognisedWord:
    """One word as heard, punctuation attached, with the calibrated chance that it is right."""

    word: str
    confidence: float
    start_ms: int | None = None
    """From the beginning of the piece, where the engine knows it; so is `end_ms`."""
    end_ms: int | None = None


@dataclass(frozen=True)
class Before:
    """What was said shortly before a piece: its audio, up to the piece's own, and its tokens."""

    samples: Samples
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class Piece:
    """One segment to be recognised: mono, 16 kHz."""

    samples: Samples
    previous: tuple[int, ...] = ()
    """The tokens of an earlier look at the beginning of the same segment."""
    names: NameBook | None = None
    """Local names that are likely here."""
    partial: bool = False
    """Whether the words are only shown and soon replaced; of several engines, one with `partials`
    hears such a piece."""
    hurried: bool = False
    """Whether time is short: what costs more than one look is left out."""
    before: Before | None = None
    """For an engine that hears better with what went before; its words are not given again."""


@dataclass(frozen=True)
class Recognised:
    """What a recogniser made of one piece. `tokens` can be given back for the next look."""

    text: str
    words: tuple[RecognisedWord, ...]
    tokens: tuple[int, ...]
    engine: str = ""
    """Which engine heard it, when several stand behind one; empty means the one asked."""
    doubts: tuple[str, ...] = ()
    """Why the whole may be no speech at all: codes such as `loop` or `noise`."""
    again: tuple[RecognisedWord, ...] | None = None
    """What the engine made of the same piece when it listened twice; None when once was enough.
    Real words mostly come both times, invented ones do not."""
    sent_to: tuple[str, ...] = ()
    """Engines beside `engine` that were given the audio and whose answer does not count: it came
    late, or not at all, or was a trial. For the audit log."""


@dataclass(frozen=True)
class EngineCount:
    """What one engine has done since it was opened."""

    name: str
    pieces: int = 0
    failures: int = 0
    """Calls that gave no words because the engine failed."""
    audio_s: float = 0.0
    busy_s: float = 0.0
    """Seconds it took; beside `audio_s`, how fast it is."""


@dataclass(frozen=True)
class EngineState:
    """Which engine listens now, and why it is not the preferred one if it is not."""

    name: str
    fallback: bool = False
    text: str = ""
    """For the lamp, in plain words; empty when all is well."""
    counts: tuple[EngineCount, ...] = ()


@runtime_checkable
class Reporting(Protocol):
    """An engine made of several, that tells which of them listens."""

    def state(self) -> EngineState:
        """How it stands now; cheap, called at every heartbeat."""
        ...


class AsrEngine(Protocol):
    """Turns segments of speech into words. Not thread-safe; the same input, the same words."""

    @property
    def capabilities(self) -> AsrCapabilities:
        """What this engine can do."""
        ...

    def transcribe(self, pieces: Sequence[Piece], pulse: Pulse | None = None) -> list[Recognised]:
        """Recognise each piece, in order; no audio or nothing said gives no words."""
        ...


class VoiceActivity(Protocol):
    """Gives the chance of speech for each 32 ms window of 8 kHz audio, in order."""

    def probabilities(self, samples: Samples) -> list[float]:
        """One value for each window of 256 samples; `samples` must be whole windows."""
        ...

    def reset(self) -> None:
        """Forget everything heard so far, as if newly made."""
        ...


@runtime_checkable
class SharedVoiceActivity(VoiceActivity, Protocol):
    """Voice activity that is cheaper for several legs at once."""

    def together(
        self, vads: Sequence[VoiceActivity], samples: Sequence[Samples]
    ) -> list[list[float]]:
        """`probabilities` of each, all of them of this kind."""
        ...


class Calls(Protocol):
    """What speech asks of calls (`calls.api.Calls` offers it)."""

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> object:
        """The call, if the centre has it. Raises NotFound."""
        ...


@dataclass(frozen=True)
class LegCursor:
    """How far a leg has been turned into words. `closed` once nothing more will come."""

    leg: LegRef
    through_sample: int = 0
    ended: bool = False
    closed: bool = False


class TranscriptStore(Protocol):
    """Where utterances and cursors are kept. Every question is about one centre."""

    async def add(self, tx: Tx, centre_id: str, utterance: UtteranceView) -> bool:
        """Keep a final utterance; False if it is there already."""
        ...

    async def utterances(
        self, tx: Tx, centre_id: str, call_id: str, *, after: str | None = None
    ) -> list[UtteranceView] | None:
        """In the order they were kept; None when `after` is not an utterance of the call."""
        ...

    async def follow(self, tx: Tx, leg: LegRef) -> bool:
        """Keep a cursor at the beginning of a new leg; False if there is one already."""
        ...

    async def cursor(self, tx: Tx, centre_id: str, leg_id: str) -> LegCursor | None:
        """The cursor of a leg."""
        ...

    async def save(self, tx: Tx, cursor: LegCursor) -> None:
        """Keep the new state of a cursor."""
        ...

    async def open_cursors(self, tx: Tx) -> list[LegCursor]:
        """Every leg of this machine, of any centre, that is not closed: for the lane at start."""
        ...
