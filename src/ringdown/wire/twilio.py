"""Twilio Media Streams messages, both directions, without any I/O.

Reads what a client of that protocol sends (`connected`, `start`, `media`, `dtmf`, `mark`,
`stop`), writes the same messages for our own replay client, and the one message we send back,
`error`. Audio is base64 µ-law, 8000 Hz, one channel; track `inbound` is the caller, `outbound`
the call-taker. Numbers may come as JSON strings, as Twilio sends them, or as JSON numbers.

TwilioError                     (Invalid)
    NotJson                     the message is no JSON object
    FieldInvalid                a field is missing or has the wrong type
    MessageTooLarge             above 64 kB; ends the connection
    PayloadInvalid              truncated or wrong base64, or no audio in it
    UnknownTrack                neither inbound nor outbound
    CodecUnsupported            `mediaFormat` is not µ-law, one channel; ends the connection
    RateUnsupported             `mediaFormat` is not 8000 Hz; ends the connection
    NotStarted                  anything but connected before start; a stop before start
    AlreadyStarted              a second start on one connection
    AlreadyStopped              anything after stop
    WrongStream                 the message names another stream
    ClockJumped                 a timestamp leaps; the audio is placed by arrival instead
An error whose `fatal` is false costs one message, never the call.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, cast

from ringdown.core.errors import Invalid

Side = Literal["caller", "call_taker"]

SIDES: Final[Mapping[str, Side]] = {"inbound": "caller", "outbound": "call_taker"}
TRACKS: Final[Mapping[Side, str]] = {side: track for track, side in SIDES.items()}
MAX_MESSAGE_BYTES: Final = 65_536
MAX_NUMBER: Final = 1 << 40
ENCODINGS: Final = frozenset({"audio/x-mulaw", "audio/pcmu", "audio/basic"})
MAX_TEXT: Final = 1024


class TwilioError(Invalid):
    """A message of a media stream is wrong."""

    code: ClassVar[str] = "media.ingest.message_invalid"
    fatal: ClassVar[bool] = False


class NotJson(TwilioError):
    """The message is no JSON object."""

    code: ClassVar[str] = "media.ingest.not_json"
    action: ClassVar[str] = "Send each message as one JSON object in a text frame."


class FieldInvalid(TwilioError):
    """A field is missing or has the wrong type."""

    code: ClassVar[str] = "media.ingest.field_invalid"
    action: ClassVar[str] = "Send the field named in the form that Media Streams gives it."


class MessageTooLarge(TwilioError):
    """One message is larger than 64 kB."""

    code: ClassVar[str] = "media.ingest.message_too_large"
    action: ClassVar[str] = "Send audio in pieces of 20 ms; a message holds at most 64 kB."
    fatal: ClassVar[bool] = True


class PayloadInvalid(TwilioError):
    """The payload is no base64, is truncated, or holds no audio."""

    code: ClassVar[str] = "media.ingest.payload_invalid"
    action: ClassVar[str] = "Send whole µ-law bytes in base64 with padding. The gap is silence."


class UnknownTrack(TwilioError):
    """The track is neither inbound nor outbound."""

    code: ClassVar[str] = "media.ingest.track_unknown"
    action: ClassVar[str] = "Name the track inbound (caller) or outbound (call-taker)."


class CodecUnsupported(TwilioError):
    """The source would send something else than µ-law with one channel."""

    code: ClassVar[str] = "media.ingest.codec_unsupported"
    action: ClassVar[str] = "Set the source to audio/x-mulaw, 8000 Hz, one channel for each track."
    fatal: ClassVar[bool] = True


class RateUnsupported(TwilioError):
    """The source would send another sample rate than 8000 Hz."""

    code: ClassVar[str] = "media.ingest.rate_unsupported"
    action: ClassVar[str] = "Set the source to 8000 Hz."
    fatal: ClassVar[bool] = True


class NotStarted(TwilioError):
    """A message came before `start`."""

    code: ClassVar[str] = "media.ingest.not_started"
    action: ClassVar[str] = "Send start first; it names the call and the audio format."


class AlreadyStarted(TwilioError):
    """A second `start` on the same connection; the first goes on."""

    code: ClassVar[str] = "media.ingest.already_started"
    action: ClassVar[str] = "Open a connection of its own for each stream."


class AlreadyStopped(TwilioError):
    """A message came after `stop`."""

    code: ClassVar[str] = "media.ingest.already_stopped"
    action: ClassVar[str] = "Open a new connection to go on with the call."


class WrongStream(TwilioError):
    """The message names another stream than `start` did."""

    code: ClassVar[str] = "media.ingest.stream_wrong"
    action: ClassVar[str] = "Open a connection of its own for each stream."


class ClockJumped(TwilioError):
    """A timestamp leapt; the audio is kept, placed by its arrival."""

    code: ClassVar[str] = "media.ingest.clock_jumped"
    action: ClassVar[str] = "Check the source's clock: timestamps count milliseconds from start."


@dataclass(frozen=True)
class Connected:
    """The first message: which protocol the client speaks."""

    protocol: str
    version: str


@dataclass(frozen=True)
class Started:
    """A stream begins. `parameters` may hold a credential and an ANI: never log them."""

    stream_sid: str
    call_sid: str
    account_sid: str
    sides: tuple[Side, ...]
    parameters: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Media:
    """Audio of one side; `timestamp` in ms since the stream's start, as the source says it."""

    side: Side
    timestamp: int
    payload: bytes = field(repr=False)
    chunk: int | None = None
    jumped: ClockJumped | None = None
    """Set when `timestamp` is not what the source said, but our correction of a leap."""


@dataclass(frozen=True)
class Dtmf:
    """A key was pressed on the telephone."""

    side: Side
    digit: str


@dataclass(frozen=True)
class Mark:
    """A named moment."""

    name: str


@dataclass(frozen=True)
class Stopped:
    """The stream ended on purpose."""

    stream_sid: str
    call_sid: str | None


Event = Connected | Started | Media | Dtmf | Mark | Stopped


@dataclass(frozen=True)
class ErrorFrame:
    """What we tell a source: what was wrong and what to do."""

    code: str
    detail: str
    action: str


# -- reading --------------------------------------------------------------------------------


def parse(text: str | bytes) -> Event | None:
    """Read one message; None for an event that we do not know. Raises `TwilioError`."""
    message = _load(text)
    kind = _text(message, "event")
    match kind:
        case "connected":
            return Connected(
                _text(message, "protocol", default="Call"),
                _text(message, "version", default="1.0.0"),
            )
        case "start":
            return _started(message)
        case "media":
            return _media(_object(message, "media"))
        case "dtmf":
            dtmf = _object(message, "dtmf")
            track = _text(dtmf, "track", default="inbound").removesuffix("_track")
            digit = _text(dtmf, "digit")
            if len(digit) != 1 or digit not in "0123456789*#ABCD":
                raise FieldInvalid("this is no key", details={"field": "dtmf.digit"})
            return Dtmf(_side(track), digit)
        case "mark":
            return Mark(_text(_object(message, "mark"), "name"))
        case "stop":
            stop = _object(message, "stop") if "stop" in message else {}
            call_sid = _text(stop, "callSid", default="") or None
            return Stopped(_text(message, "streamSid", default=""), call_sid)
        case _:
            return None


def parse_error(text: str | bytes) -> ErrorFrame | None:
    """Read what a server sent back; None when it is not an error. Raises `TwilioError`."""
    message = _load(text)
    if message.get("event") != "error":
        return None
    return ErrorFrame(
        _text(message, "code"),
        _text(message, "detail", default=""),
        _text(message, "action", default=""),
    )


def stream_of(text: str | bytes) -> str | None:
    """The `streamSid` that a message names, if any. Raises `TwilioError`."""
    return _text(_load(text), "streamSid", default="") or None


def _load(text: str | bytes) -> dict[str, object]:
    if len(text) > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(
            "the message is too large", details={"bytes": len(text), "limit": MAX_MESSAGE_BYTES}
        )
    try:
        loaded: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise NotJson("the message is not JSON") from None
    if not isinstance(loaded, dict):
        raise NotJson("the message is not a JSON object")
    return cast("dict[str, object]", loaded)


def _started(message: dict[str, object]) -> Started:
    start = _object(message, "start")
    form = _object(start, "mediaFormat")
    encoding = _text(form, "encoding").lower()
    channels = _number(form, "channels", default=1)
    if encoding not in ENCODINGS or channels != 1:
        # Named in the message, which goes to the source alone; details go to the log.
        raise CodecUnsupported(
            f"the audio is {encoding[:40]!r} with {channels} channels, not µ-law with one"
        )
    rate = _number(form, "sampleRate")
    if rate != 8000:
        raise RateUnsupported(f"the sample rate is {rate} Hz, not 8000")
    return Started(
        stream_sid=_text(start, "streamSid", default="") or _text(message, "streamSid"),
        call_sid=_text(start, "callSid"),
        account_sid=_text(start, "accountSid", default=""),
        sides=_sides(start.get("tracks", ["inbound"])),
        parameters=_parameters(start.get("customParameters") or {}),
    )


def _sides(tracks: object) -> tuple[Side, ...]:
    if not isinstance(tracks, list) or not tracks:
        raise FieldInvalid("tracks is no list of tracks", details={"field": "start.tracks"})
    named = cast("list[object]", tracks)
    return tuple(dict.fromkeys(_side(track) for track in named))


def _parameters(given: object) -> dict[str, str]:
    wrong = FieldInvalid(
        "customParameters is no object of texts", details={"field": "start.customParameters"}
    )
    if not isinstance(given, dict):
        raise wrong
    parameters: dict[str, str] = {}
    for name, value in cast("dict[str, object]", given).items():
        text = str(value) if isinstance(value, int) else value
        if not isinstance(text, str) or len(text) > MAX_TEXT or not (name + text).isprintable():
            raise wrong
        parameters[name] = text.lower() if isinstance(value, bool) else text
    return parameters


def _media(media: dict[str, object]) -> Media:
    track = media.get("track", "inbound")
    side = _side(track)
    timestamp = _number(media, "timestamp")
    chunk = _number(media, "chunk", default=0) or None
    encoded = media.get("payload")
    if not isinstance(encoded, str):
        raise FieldInvalid("the payload is missing", details={"field": "media.payload"})
    try:
        payload = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise PayloadInvalid(
            "the payload is not whole base64", details={"characters": len(encoded)}
        ) from None
    if not payload:
        raise PayloadInvalid("the payload holds no audio")
    return Media(side, timestamp, payload, chunk)


def _side(track: object) -> Side:
    if not isinstance(track, str):
        raise FieldInvalid("the track is no text", details={"field": "track"})
    side = SIDES.get(track)
    if side is None:
        raise UnknownTrack(f"the track {track[:40]!r} is unknown")
    return side


def _object(message: dict[str, object], name: str) -> dict[str, object]:
    value = message.get(name)
    if not isinstance(value, dict):
        raise FieldInvalid("an object is missing", details={"field": name})
    return cast("dict[str, object]", value)


def _text(message: dict[str, object], name: str, *, default: str | None = None) -> str:
    value = message.get(name, default)
    # Not printable: control characters and lone surrogates, which no store or socket takes.
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise FieldInvalid("a text is missing or wrong", details={"field": name})
    if default is None and not value:
        raise FieldInvalid("a text is missing or wrong", details={"field": name})
    return value


def _number(message: dict[str, object], name: str, *, default: int | None = None) -> int:
    value = message.get(name, default)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 14:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MAX_NUMBER:
        raise FieldInvalid("a whole number is missing or wrong", details={"field": name})
    return value


# -- writing --------------------------------------------------------------------------------


def connected_message() -> str:
    """The client's first message."""
    return _dump({"event": "connected", "protocol": "Call", "version": "1.0.0"})


def start_message(
    *,
    stream_sid: str,
    call_sid: str,
    sides: tuple[Side, ...],
    parameters: Mapping[str, str],
    sequence: int = 1,
) -> str:
    """A stream begins."""
    return _dump(
        {
            "event": "start",
            "sequenceNumber": str(sequence),
            "streamSid": stream_sid,
            "start": {
                "streamSid": stream_sid,
                "callSid": call_sid,
                "accountSid": "AC00000000000000000000000000000000",
                "tracks": [TRACKS[side] for side in sides],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": dict(parameters),
            },
        }
    )


def media_message(
    *, stream_sid: str, side: Side, timestamp: int, payload: bytes, sequence: int, chunk: int
) -> str:
    """Audio of one side; `timestamp` in ms since the stream's start."""
    return _dump(
        {
            "event": "media",
            "sequenceNumber": str(sequence),
            "streamSid": stream_sid,
            "media": {
                "track": TRACKS[side],
                "chunk": str(chunk),
                "timestamp": str(timestamp),
                "payload": base64.b64encode(payload).decode("ascii"),
            },
        }
    )


def dtmf_message(*, stream_sid: str, side: Side, digit: str, sequence: int) -> str:
    """A key was pressed."""
    dtmf = {"track": f"{TRACKS[side]}_track", "digit": digit}
    return _dump(
        {"event": "dtmf", "streamSid": stream_sid, "sequenceNumber": str(sequence), "dtmf": dtmf}
    )


def mark_message(*, stream_sid: str, name: str, sequence: int) -> str:
    """A named moment."""
    return _dump(
        {
            "event": "mark",
            "sequenceNumber": str(sequence),
            "streamSid": stream_sid,
            "mark": {"name": name},
        }
    )


def stop_message(*, stream_sid: str, call_sid: str, sequence: int) -> str:
    """The stream ends on purpose."""
    return _dump(
        {
            "event": "stop",
            "sequenceNumber": str(sequence),
            "streamSid": stream_sid,
            "stop": {"accountSid": "AC00000000000000000000000000000000", "callSid": call_sid},
        }
    )


def error_message(code: str, detail: str, action: str) -> str:
    """What we tell a source that sent something wrong."""
    return _dump({"event": "error", "code": code, "detail": detail, "action": action})


def _dump(message: dict[str, object]) -> str:
    return json.dumps(message, separators=(",", ":"))


# -- the state of one connection ------------------------------------------------------------


@dataclass
class _TrackClock:
    """Where a track's timestamps are, against when they arrived (seconds, monotonic)."""

    newest: int
    arrived: float
    offset: int = 0
    length: int = 0
    """How long the newest message's audio is, in ms."""


class TwilioStream:
    """One connection's stream: order of messages, and timestamps that stay believable.

    A timestamp that runs ahead of the time since the track's last message by more than
    `leap_ms`, or falls behind the newest one by as much, is a leap: it is reported once and the
    track goes on from where it was plus the time that has really passed.
    """

    def __init__(self, *, leap_ms: int = 10_000) -> None:
        self.pace = 1.0
        """How many times faster than time the source says it plays (a replay at speed N)."""
        self._leap_ms = leap_ms
        self._started: Started | None = None
        self._started_at = 0.0
        self._stopped = False
        self._tracks: dict[Side, _TrackClock] = {}

    @property
    def started(self) -> Started | None:
        """The `start` of this stream, once it has come."""
        return self._started

    def continue_from(self, side: Side, timestamp: int, arrived: float) -> None:
        """Judge the next timestamp against an earlier connection's last one of this stream."""
        self._tracks[side] = _TrackClock(timestamp, arrived)

    def receive(self, text: str | bytes, at: float) -> Event | None:
        """Take one message that arrived `at` (s, monotonic); None if unknown. Raises TwilioError.

        After an error the stream is as it was before the message.
        """
        event = parse(text)
        if self._stopped:
            raise AlreadyStopped("the stream has been stopped")
        match event:
            case None | Connected():
                return event
            case Started():
                if self._started is not None:
                    raise AlreadyStarted("the stream has been started already")
                self._started, self._started_at = event, at
                return event
            case _ if self._started is None:
                raise NotStarted("the stream has not been started")
            case Media():
                self._check_stream(text)
                return self._placed(event, at)
            case Stopped():
                if event.stream_sid not in ("", self._started.stream_sid):
                    raise WrongStream("the message names another stream")
                self._stopped = True
                return Stopped(self._started.stream_sid, self._started.call_sid)
            case _:
                self._check_stream(text)
                return event

    def _check_stream(self, text: str | bytes) -> None:
        assert self._started is not None
        sid = self._started.stream_sid
        # The usual message names the stream literally: no second decoding on the fast path.
        present = sid in text if isinstance(text, str) else sid.encode() in text
        if not present and stream_of(text) not in (None, sid):
            raise WrongStream("the message names another stream")

    def _placed(self, media: Media, at: float) -> Media:
        clock = self._tracks.get(media.side)
        if clock is None:
            clock = self._tracks[media.side] = _TrackClock(0, self._started_at)
        timestamp = media.timestamp + clock.offset
        passed = max(0, round((at - clock.arrived) * 1000 * self.pace))
        ahead = timestamp - clock.newest - passed
        jumped: ClockJumped | None = None
        if ahead > self._leap_ms or clock.newest - timestamp > self._leap_ms:
            corrected = clock.newest + max(passed, clock.length)
            clock.offset += corrected - timestamp
            jumped = ClockJumped(
                "the timestamp leapt",
                details={"track": TRACKS[media.side], "by_ms": timestamp - corrected},
            )
            timestamp = corrected
        if timestamp >= clock.newest:
            clock.newest, clock.arrived = timestamp, at
            clock.length = len(media.payload) // 8
        if timestamp == media.timestamp:
            return media
        return Media(media.side, timestamp, media.payload, media.chunk, jumped)
