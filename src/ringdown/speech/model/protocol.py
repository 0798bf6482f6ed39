"""What the server and its speech workers say to each other: one JSON object a line."""

import json
from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from ringdown.core.errors import RingdownError
from ringdown.core.events import Value
from ringdown.speech.model.utterance import ChannelMode, LegRef, ToneView, UtteranceView


class WorkerLineError(RingdownError):
    """A line between server and worker that neither would write."""

    code: ClassVar[str] = "speech.worker.line_invalid"
    action: ClassVar[str] = "The worker is started again by itself; report this if it repeats."


class Follow(Value):
    """Listen to a leg from a sample on; everything before it is done with."""

    do: Literal["follow"] = "follow"
    leg: LegRef
    from_sample: int
    names_file: str | None = None
    """The compiled local names of the leg's centre, if it has any."""


class End(Value):
    """The leg is complete: decide what remains, then say done."""

    do: Literal["end"] = "end"
    leg_id: str


class Drop(Value):
    """Forget the leg at once."""

    do: Literal["drop"] = "drop"
    leg_id: str


class Ready(Value):
    """The worker has its models and listens."""

    tell: Literal["ready"] = "ready"
    engine: str


class Channel(Value):
    """How one leg stands in its worker."""

    leg_id: str
    lag_ms: int
    mode: ChannelMode = "live"


class Listened(Value):
    """A stretch of a leg (ms on the call's clock) that an engine was given, for the audit log.

    `words` is how many it heard; `sent_to` are engines that were given the audio as well.
    """

    engine: str
    from_ms: int
    to_ms: int
    words: int
    sent_to: tuple[str, ...] = ()


class Counted(Value):
    """What one recogniser has done since its worker began."""

    engine: str
    pieces: int = 0
    failures: int = 0
    audio_s: float = 0.0
    busy_s: float = 0.0


class Heartbeat(Value):
    """The worker's main loop is turning; `lag_ms` is audio heard but not yet recognised."""

    tell: Literal["heartbeat"] = "heartbeat"
    lag_ms: int
    legs: int
    shed: int
    """Partials left out for lack of time since the last heartbeat."""
    changed: int = 0
    """Words that had been shown and were shown differently since the last heartbeat."""
    shown: int = 0
    """Words shown for the first time since the last heartbeat."""
    channels: tuple[Channel, ...] = ()
    engine: str = ""
    """The recogniser that listens at the moment."""
    fallback: bool = False
    """Whether it stands in for the one that was asked for."""
    state: str = ""
    """What there is to say about it, in plain words."""
    counts: tuple[Counted, ...] = ()


class Partial(Value):
    """Words that may still change."""

    tell: Literal["partial"] = "partial"
    utterance: UtteranceView


class Final(Value):
    """Words that will not change; all before `through_sample` is done with.

    `heard_at` is when the audio that ended the utterance had been read, `ready_at` when the
    words were there (ISO 8601); `engine_ms` is the time the recogniser took.
    """

    tell: Literal["final"] = "final"
    utterance: UtteranceView
    through_sample: int
    engine_ms: int
    heard_at: str
    ready_at: str
    tones: tuple[ToneView, ...] = ()
    """Tones that ended before `through_sample` and have not been told."""
    listened: Listened | None = None


class Progress(Value):
    """Nothing was said before `through_sample` that has not been told."""

    tell: Literal["progress"] = "progress"
    leg_id: str
    through_sample: int
    tones: tuple[ToneView, ...] = ()
    listened: Listened | None = None


class Trouble(Value):
    """A stretch of a leg could not be read or recognised; the rest goes on."""

    tell: Literal["trouble"] = "trouble"
    leg_id: str
    code: str
    from_sample: int


class Done(Value):
    """The leg had ended and everything said on it has been told."""

    tell: Literal["done"] = "done"
    leg_id: str


Order = Annotated[Follow | End | Drop, Field(discriminator="do")]
Report = Annotated[
    Ready | Heartbeat | Partial | Final | Progress | Trouble | Done, Field(discriminator="tell")
]
_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def encode(message: Value) -> bytes:
    """One line."""
    return json.dumps(message.model_dump(mode="json"), separators=(",", ":")).encode() + b"\n"


def decode_order(line: bytes) -> Order:
    """Read a line from the server. Raises WorkerLineError, which quotes nothing of it."""
    try:
        return _ORDER.validate_json(line)
    except ValidationError:
        raise WorkerLineError("an order to a speech worker cannot be read") from None


def decode_report(line: bytes) -> Report:
    """Read a line from a worker. Raises WorkerLineError, which quotes nothing of it."""
    try:
        return _REPORT.validate_json(line)
    except ValidationError:
        raise WorkerLineError("a report of a speech worker cannot be read") from None
