"""What the server and its playout workers say to each other: one JSON object a line.

Orders go to a worker's stdin, reports come from its stdout. A session is opened before anybody
joins; how it begins (live edge or start, playing or paused) is decided by the state of the call
when the listener joins. All positions and durations are milliseconds on the call's clock.
"""

import json
from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from ringdown.core.errors import RingdownError
from ringdown.core.events import Value


class PlayoutLineError(RingdownError):
    """A line between server and playout worker that neither would write."""

    code: ClassVar[str] = "listening.worker.line_invalid"
    action: ClassVar[str] = "The worker is started again by itself; report this if it repeats."


class Leg(Value):
    """One leg of a call and where its files lie (the values of a `LegPlace`).

    `side` is `caller` or `call_taker`; any other side is one channel that mixes both.
    """

    leg_id: str
    side: str
    start_ms: int
    centre_id: str
    call_id: str
    folders: tuple[str, ...]
    """The recordings folder and, if there is one, the spare folder."""
    open: bool
    """Whether it may still grow."""
    duration_ms: int | None = None
    """Its whole length, when it has ended."""


class Gains(Value):
    """How loud each side is played, in decibels."""

    caller: float = 0.0
    call_taker: float = 0.0


class Restore(Value):
    """Where a session stood that goes on in this worker."""

    position: int | None
    """None: at the live edge."""
    paused: bool
    gains: Gains = Gains()


class Open(Value):
    """Join the session's room and play to its listener, once that listener is there.

    Opening a session that the worker already has joins anew (a new room or token) and keeps the
    session as it is: place, pause and gains.
    """

    do: Literal["open"] = "open"
    session_id: str
    call_key: str
    """Sessions with the same key hear the same call."""
    url: str
    token: str = Field(repr=False)
    """The worker's own token for the session's room."""
    listener: str
    """The only identity that is listened to and told anything."""
    legs: tuple[Leg, ...]
    call_over: bool
    duration_ms: int | None = None
    """The length of a call that is over, if it is longer than its legs."""
    autoplay: bool | None = None
    restore: Restore | None = None


class Legs(Value):
    """The legs of a call as they are now: one began or ended, or the call is over."""

    do: Literal["legs"] = "legs"
    call_key: str
    legs: tuple[Leg, ...]
    call_over: bool
    duration_ms: int | None = None


class Here(Value):
    """Whether the listener is in the room, as the media server says.

    It announces who only listens to the others in a room with up to three seconds of delay
    (to us at once), and until then its client keeps to itself who sent a packet. The room is full
    with the worker and the listener, so from here on such a packet is the listener's.
    """

    do: Literal["here"] = "here"
    session_id: str
    present: bool


class Close(Value):
    """Stop playing, leave the room, forget the session; answered by `closed`."""

    do: Literal["close"] = "close"
    session_id: str


class Ping(Value):
    """Say that you are alive."""

    do: Literal["ping"] = "ping"
    number: int


class Ready(Value):
    """The worker takes orders."""

    tell: Literal["ready"] = "ready"


class Opened(Value):
    """The worker is in the session's room and its track is published."""

    tell: Literal["opened"] = "opened"
    session_id: str


class Joined(Value):
    """The listener is in the room (for the first time, or again)."""

    tell: Literal["joined"] = "joined"
    session_id: str


class Left(Value):
    """The listener is gone; the session is kept as it is until it is closed."""

    tell: Literal["left"] = "left"
    session_id: str


class State(Value):
    """How a session stands: each second, and after everything that changes it.

    Of a session that nobody has joined yet there is no state.
    """

    tell: Literal["state"] = "state"
    session_id: str
    position: int
    duration: int
    paused: bool
    at_edge: bool
    """Whether it follows the live edge: then `Restore.position` is None."""
    gains: Gains


class Heard(Value):
    """Stretches of the call that were played to the listener since this was last told."""

    tell: Literal["heard"] = "heard"
    session_id: str
    stretches: tuple[tuple[int, int], ...]


class Failed(Value):
    """The session cannot be played any longer by itself: open it again, or close it.

    `code` is an error code: `listening.room.unreachable` (no connection, or lost for good),
    `listening.room.refused` (token or room unknown), `listening.room.left` (the worker was
    removed, or the room was deleted), `listening.publisher.failed` (anything else).
    """

    tell: Literal["failed"] = "failed"
    session_id: str
    code: str


class Closed(Value):
    """The session is forgotten; the last one to be told of it."""

    tell: Literal["closed"] = "closed"
    session_id: str


class Stats(Value):
    """How the worker does, every few seconds. Counts are since its start."""

    tell: Literal["stats"] = "stats"
    sessions: int
    shared: int
    """How many of the sessions listen to a mix they share."""
    cpu_ms: int
    """Processor time used."""
    ticks: int
    late_ticks: int
    """Ticks that came so late that a listener may have heard a gap."""
    gaps: int
    """Times that a live call's recording did not come on in time and silence was played."""
    commands: int
    refused: int
    edge_lag_ms: int = 0
    """The largest distance of a live listener behind the recording since this was last told."""


class Pong(Value):
    """The worker is alive."""

    tell: Literal["pong"] = "pong"
    number: int


Order = Annotated[Open | Legs | Here | Close | Ping, Field(discriminator="do")]
Report = Annotated[
    Ready | Opened | Joined | Left | State | Heard | Failed | Closed | Stats | Pong,
    Field(discriminator="tell"),
]
_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def encode(message: Value) -> bytes:
    """One line."""
    return json.dumps(message.model_dump(mode="json"), separators=(",", ":")).encode() + b"\n"


def decode_order(line: bytes) -> Order:
    """Read a line from the server. Raises PlayoutLineError, which quotes nothing of it."""
    try:
        return _ORDER.validate_json(line)
    except ValidationError:
        raise PlayoutLineError("an order to a playout worker cannot be read") from None


def decode_report(line: bytes) -> Report:
    """Read a line from a worker. Raises PlayoutLineError, which quotes nothing of it."""
    try:
        return _REPORT.validate_json(line)
    except ValidationError:
        raise PlayoutLineError("a report of a playout worker cannot be read") from None
