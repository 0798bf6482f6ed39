"""The Action Cable protocol and AnyCable's extension of it, on the server's side, without any I/O.

`opening` reads the handshake, `parse` a client's frame; the functions that end in `_frame` write
ours. `Connection` knows what one client has subscribed to and what it must be told about it.

CableError
    FrameUnreadable      not a JSON object in text
    CommandUnknown       an object with a command that is not of these protocols
    IdentifierInvalid    a command without a usable identifier
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, cast

from ringdown.core.errors import Invalid

BASE: Final = "actioncable-v1-json"
EXTENDED: Final = "actioncable-v1-ext-json"
PING_S: Final = 3.0
"""How often a client hears of us; both clients give up after about twice that."""
MOST_IDENTIFIER: Final = 4_096
MOST_SESSION: Final = 128
MILLISECONDS_FROM: Final = 1e11
"""A `since` from here on is in milliseconds: as seconds it would be in the year 5138."""

Reason = Literal[
    "unauthorized", "token_expired", "server_restart", "remote", "idle_timeout", "no_pong",
    "too_slow",
]  # fmt: skip
Precision = Literal["s", "ms", "ns"]
_PRECISIONS: dict[str, Precision] = {"s": "s", "ms": "ms", "ns": "ns"}


class CableError(Invalid):
    """A client's frame that says nothing we could act on."""

    code: ClassVar[str] = "wire.cable.invalid"
    action: ClassVar[str] = "Send the commands of Action Cable, as one JSON object a frame."


class FrameUnreadable(CableError):
    """Not a JSON object in text."""

    code: ClassVar[str] = "wire.cable.unreadable"


class CommandUnknown(CableError):
    """An object with a command that is not of these protocols."""

    code: ClassVar[str] = "wire.cable.command_unknown"


class IdentifierInvalid(CableError):
    """A command without a usable identifier."""

    code: ClassVar[str] = "wire.cable.identifier_invalid"
    action: ClassVar[str] = "Send `identifier` as a string of JSON of at most 4096 characters."


@dataclass(frozen=True)
class Opening:
    """What a handshake asks for.

    `subprotocol` is to be selected, None when nothing known was offered. `session` is the one that
    a client had before; it is no credential.
    """

    subprotocol: str | None
    extended: bool
    ping_s: float = PING_S
    precision: Precision = "s"
    session: str | None = None


def opening(offered: Sequence[str], query: Mapping[str, str]) -> Opening:
    """Read a handshake: the subprotocols offered and the query string.

    An entry that carries a token is never selected: that would send the token back.
    """
    chosen = next((name for name in offered if name in {BASE, EXTENDED}), None)
    session = query.get("sid", "")
    return Opening(
        subprotocol=chosen,
        extended=chosen == EXTENDED,
        ping_s=_interval(query.get("pi", "")),
        precision=_PRECISIONS.get(query.get("ptp", ""), "s"),
        session=session if 0 < len(session) <= MOST_SESSION else None,
    )


def _interval(text: str) -> float:
    """The seconds asked for, from 1 to 60; the usual ones when that is no number."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return PING_S
    return float(min(max(int(text), 1), 60))


@dataclass(frozen=True)
class Position:
    """How far a client has read a stream: the epoch and offset of the last frame it had."""

    epoch: str
    offset: int


@dataclass(frozen=True)
class History:
    """What a client asks to have again. `since`: Unix seconds."""

    since: float | None = None
    streams: Mapping[str, Position] = field(default_factory=dict[str, Position])


@dataclass(frozen=True)
class Subscribe:
    """Asks to hear a channel; `history` is None when none was asked for (or on a base one)."""

    identifier: str
    history: History | None = None


@dataclass(frozen=True)
class Unsubscribe:
    """No longer wants to hear a channel."""

    identifier: str


@dataclass(frozen=True)
class AskHistory:
    """Asks for what was missed on a channel that it hears."""

    identifier: str
    history: History


@dataclass(frozen=True)
class Pong:
    """Says that it heard a ping."""


@dataclass(frozen=True)
class Ignored:
    """Something that these protocols know and we have no use for."""

    command: str


Command = Subscribe | Unsubscribe | AskHistory | Pong | Ignored
_NAMED = frozenset({"subscribe", "unsubscribe", "history"})
_IGNORED = frozenset({"message", "whisper", "join", "leave", "presence"})


def parse(data: str | bytes) -> Command:
    """Read a client's frame. Raises `CableError`."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        raise FrameUnreadable("a frame is not JSON") from None
    if not isinstance(read, dict):
        raise FrameUnreadable("a frame is not a JSON object")
    frame = cast("dict[str, Any]", read)
    # A diagram of AnyCable's documentation writes `type` for `command` in front of `history`.
    name = frame.get("command", "history" if frame.get("type") == "history" else None)
    if name == "pong":
        return Pong()
    if isinstance(name, str) and name in _IGNORED:
        return Ignored(name)
    if not isinstance(name, str) or name not in _NAMED:
        raise CommandUnknown("a frame has no command that we know")
    identifier = frame.get("identifier")
    if not isinstance(identifier, str) or not 0 < len(identifier) <= MOST_IDENTIFIER:
        raise IdentifierInvalid("a command has no identifier")
    if name == "unsubscribe":
        return Unsubscribe(identifier)
    asked = frame.get("history")
    if name == "history":
        return AskHistory(identifier, _history(asked) or History())
    return Subscribe(identifier, _history(asked))


def _history(asked: Any) -> History | None:
    """What was asked for. An unreadable part counts as not said: that gives more, never less."""
    if not isinstance(asked, dict):
        return None
    said = cast("dict[str, Any]", asked)
    streams: dict[str, Position] = {}
    listed = said.get("streams")
    if isinstance(listed, dict):
        for name, place in cast("dict[str, Any]", listed).items():
            if not isinstance(place, dict):
                continue
            fields = cast("dict[str, Any]", place)
            epoch, offset = fields.get("epoch"), fields.get("offset", 0)
            if isinstance(epoch, str) and type(offset) is int and offset >= 0:
                streams[name] = Position(epoch, offset)
    since = said.get("since")
    if isinstance(since, bool) or not isinstance(since, (int, float)) or not 0 <= since < 1e300:
        return History(None, streams)
    seconds = float(since)
    return History(seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds, streams)


def encode(message: Mapping[str, object]) -> str:
    """Compact JSON that fits into any text frame, unpaired surrogates included."""
    return json.dumps(message, separators=(",", ":"))


def welcome_frame(session: str | None = None, restored: Sequence[str] | None = None) -> str:
    """The client is let in; `restored` are the subscriptions that it finds again."""
    frame: dict[str, object] = {"type": "welcome"}
    if session is not None:
        frame["sid"] = session
    if restored:
        frame |= {"restored": True, "restored_ids": list(restored)}
    return encode(frame)


def disconnect_frame(reason: Reason, *, reconnect: bool) -> str:
    """The connection ends after this."""
    return encode({"type": "disconnect", "reason": reason, "reconnect": reconnect})


def ping_frame(unix_ns: int, precision: Precision = "s") -> str:
    """We are there; the instant in the unit that the client asked for."""
    divisor = {"s": 1_000_000_000, "ms": 1_000_000, "ns": 1}[precision]
    return encode({"type": "ping", "message": unix_ns // divisor})


def data_prefix(identifier: str) -> str:
    """How a data frame of this subscription begins; the message follows as JSON, then `suffix`."""
    return f'{{"identifier":{json.dumps(identifier)},"message":'


def data_suffix(stream: str | None = None, position: Position | None = None) -> str:
    """How a data frame ends: with its place in the stream, on an extended connection."""
    if stream is None or position is None:
        return "}"
    place = {"stream_id": stream, "epoch": position.epoch, "offset": position.offset}
    return f",{encode(place)[1:]}"


def data_frame(
    identifier: str, message: str, stream: str | None = None, position: Position | None = None
) -> str:
    """A message, already JSON, for one subscription."""
    return f"{data_prefix(identifier)}{message}{data_suffix(stream, position)}"


Asked = Subscribe | AskHistory | Unsubscribe


class Connection:
    """One client's subscriptions: what it asked for, was told, and may still be told.

    `receive` says what there is to decide; the answer goes out with `confirm` or `reject`.
    """

    def __init__(self, opened: Opening) -> None:
        self.extended = opened.extended
        self._waiting: set[str] = set()
        self._confirmed: dict[str, None] = {}

    @property
    def identifiers(self) -> tuple[str, ...]:
        """What it hears, in the order it began to."""
        return tuple(self._confirmed)

    def restore(self, identifiers: Sequence[str]) -> None:
        """It hears again what it heard before, without having asked."""
        self._confirmed |= dict.fromkeys(identifiers)

    def receive(self, data: str | bytes) -> Asked | None:
        """What a frame asks for; None when there is nothing to do. Raises `CableError`.

        A subscription that is asked for again is not told again: a second confirmation makes
        AnyCable's client unsubscribe.
        """
        command = parse(data)
        if isinstance(command, Subscribe):
            if command.identifier in self._waiting or command.identifier in self._confirmed:
                return None
            self._waiting.add(command.identifier)
            return command if self.extended else Subscribe(command.identifier)
        if isinstance(command, Unsubscribe):
            known = command.identifier in self._waiting or command.identifier in self._confirmed
            self._waiting.discard(command.identifier)
            self._confirmed.pop(command.identifier, None)
            return command if known else None
        if isinstance(command, AskHistory):
            return command if self.extended else None
        return None

    def confirm(self, identifier: str) -> str | None:
        """The frame that says yes; None when it no longer waits for an answer."""
        if identifier not in self._waiting:
            return None
        self._waiting.discard(identifier)
        self._confirmed[identifier] = None
        return encode({"type": "confirm_subscription", "identifier": identifier})

    def reject(self, identifier: str) -> str | None:
        """The frame that says no; None when it no longer waits for an answer."""
        if identifier not in self._waiting:
            return None
        self._waiting.discard(identifier)
        return encode({"type": "reject_subscription", "identifier": identifier})

    def history_told(self, identifier: str) -> str | None:
        """The frame after what was missed; None on a base connection, which knows no such thing."""
        if not self.extended or identifier not in self._confirmed:
            return None
        return encode({"type": "confirm_history", "identifier": identifier})

    def history_refused(self, identifier: str) -> str | None:
        """The frame in its place, for what the client does not hear."""
        if not self.extended:
            return None
        return encode({"type": "reject_history", "identifier": identifier})
