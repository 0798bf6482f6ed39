"""Replaying recorded calls: a media client like any other, fed from files.

It speaks Twilio Media Streams to the media socket, at the pace of the audio or N times it, and
comes back after a drop with the same call. Files are anything libsndfile reads; the sound is
brought to 8 kHz µ-law here.
"""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, NoReturn

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from ringdown.core.errors import Invalid, RingdownError, Unavailable
from ringdown.core.sensitive import Sensitive
from ringdown.wire import twilio
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.twilio import Side

RATE: Final = 8000
FRAME_MS: Final = 20
FRAME: Final = RATE * FRAME_MS // 1000
REFUSALS: Final = frozenset({1003, 1007, 1008, 1009, 4401, 4403, 4404, 4409, 4422})
"""Close codes after which coming back would not help (RFC 6455 §7.4; 4xxx are ours)."""
REACH: Final = 32
"""Half the length of the resampling filter, in periods of the lower rate."""


class AudioUnreadable(Invalid):
    """The file is missing, or not a recording that can be read."""

    code: ClassVar[str] = "media.replay.unreadable"
    action: ClassVar[str] = "Give a WAV (PCM or µ-law), FLAC or Ogg Opus file."


class ChannelsUnsupported(Invalid):
    """The files do not give one or two sides."""

    code: ClassVar[str] = "media.replay.channels"
    action: ClassVar[str] = (
        "Give one stereo file (caller left, call-taker right), or one mono file for each side."
    )


class SourceRefused(RingdownError):
    """The server refused what was sent; its own code says why."""

    code: ClassVar[str] = "media.replay.refused"
    action: ClassVar[str] = "Read the server's code; check the client id, its secret and scope."


class ServerGone(Unavailable):
    """The media socket cannot be reached."""

    code: ClassVar[str] = "media.replay.server_gone"
    action: ClassVar[str] = "Check the address, and that Ringdown runs there."


@dataclass(frozen=True)
class Recording:
    """The sides of a call as µ-law at 8 kHz, all equally long."""

    sides: dict[Side, bytes]

    @property
    def duration_ms(self) -> int:
        """How long the call is."""
        return max(len(audio) for audio in self.sides.values()) * 1000 // RATE


@dataclass(frozen=True)
class Target:
    """Where to send a call, and as whom."""

    url: str
    client_id: str
    secret: Sensitive[str]


@dataclass(frozen=True)
class CallFacts:
    """What the source says of the call."""

    call_sid: str
    ani: Sensitive[str] | None = None
    demo: bool = False


def resample(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Bring audio to 8 kHz through a windowed-sinc filter, whatever its rate."""
    if rate == RATE or samples.size == 0:
        return samples
    size = max(round(samples.size * RATE / rate), 1)
    cutoff = min(1.0, RATE / rate) * 0.95
    reach = int(REACH / cutoff)
    out = np.empty(size)
    padded = np.pad(samples, (reach, reach + 1))
    offsets = np.arange(-reach + 1, reach + 1)
    for start in range(0, size, RATE):
        at = np.arange(start, min(start + RATE, size)) * (rate / RATE)
        whole = np.floor(at).astype(int)
        distance = offsets[None, :] - (at - whole)[:, None]
        window = np.cos(np.clip(distance / reach, -1, 1) * np.pi / 2) ** 2
        taps = np.sinc(distance * cutoff) * cutoff * window
        index = whole[:, None] + offsets[None, :] + reach
        out[start : start + at.size] = np.sum(padded[index] * taps, axis=1)
    return out


def _read(file: Path) -> tuple[NDArray[np.float64], int]:
    try:
        samples, rate = soundfile.read(file, dtype="float64", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise AudioUnreadable(
            f"{file.name} cannot be read", details={"reason": type(error).__name__}
        ) from None
    return np.asarray(samples, dtype=np.float64), rate


def load(files: list[Path]) -> Recording:
    """One stereo file, or one mono file for each side (caller first). Raises `Invalid`s."""
    columns: list[NDArray[np.float64]] = []
    for file in files:
        samples, rate = _read(file)
        if samples.shape[0] == 0:
            raise AudioUnreadable(f"{file.name} holds no audio")
        columns.extend(resample(samples[:, n], rate) for n in range(samples.shape[1]))
    sides: tuple[Side, ...] = ("caller", "call_taker")
    if not 1 <= len(columns) <= len(sides):
        raise ChannelsUnsupported(f"{len(columns)} sides were given; one or two are needed")
    size = max(column.size for column in columns)
    spoken: dict[Side, bytes] = {}
    for side, column in zip(sides, columns, strict=False):
        whole = np.zeros(size)
        whole[: column.size] = column
        spoken[side] = encode_ulaw((whole.clip(-1, 1) * 32767).astype(np.int16))
    return Recording(spoken)


def packets(recording: Recording, from_ms: int = 0) -> Iterator[tuple[int, Side, bytes]]:
    """Each 20 ms of each side with its timestamp in ms, in order."""
    for at in range(from_ms, recording.duration_ms, FRAME_MS):
        place = at * RATE // 1000
        for side, audio in recording.sides.items():
            payload = audio[place : place + FRAME]
            if payload:
                yield at, side, payload


class _Dropped(Exception):
    """The connection was lost, or could not be made."""


def _only_drops(group: BaseExceptionGroup[BaseException]) -> NoReturn:
    """Raise what the group is about: a refusal of the server, else that the line dropped."""
    refused = group.subgroup(SourceRefused)
    if refused is not None:
        raise next(e for e in refused.exceptions if isinstance(e, SourceRefused)) from None
    if group.split((ConnectionClosed, OSError))[1] is None:
        raise _Dropped from None
    raise group


class Replay:
    """One call sent to a media socket."""

    def __init__(
        self,
        target: Target,
        call: CallFacts,
        recording: Recording,
        *,
        speed: float = 1.0,
        on_progress: Callable[[int], None] = lambda _ms: None,
        patience_s: float = 30.0,
    ) -> None:
        if speed <= 0:
            raise Invalid("the speed must be above zero", details={"speed": speed})
        self._target = target
        self._call = call
        self._recording = recording
        self._speed = speed
        self._on_progress = on_progress
        self._patience_s = patience_s
        self._sent_ms = 0
        self._sequence = 0
        self.first_packet_at: float | None = None
        """Loop time at which the first packet left."""

    async def run(self) -> None:
        """Send the whole call; after a drop go on where the audio should be by now.

        Raises `SourceRefused` when the server says no, `ServerGone` when it stays away.
        """
        loop = asyncio.get_running_loop()
        last_heard = loop.time()
        while True:
            sent = self._sent_ms
            try:
                await self._session()
            except _Dropped:
                now = loop.time()
                last_heard = now if self._sent_ms > sent else last_heard
                if self.first_packet_at is None or now - last_heard > self._patience_s:
                    raise ServerGone("the media socket does not answer") from None
                await asyncio.sleep(0.2)
            else:
                return

    async def _session(self) -> None:
        secret = self._target.secret.reveal("to open the media socket")
        pair = base64.b64encode(f"{self._target.client_id}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        try:
            async with (
                connect(
                    self._target.url,
                    additional_headers=headers,
                    compression=None,
                    open_timeout=10,
                    proxy=None,
                ) as socket,
                asyncio.TaskGroup() as group,
            ):
                listening = group.create_task(self._listen(socket))
                await self._send(socket)
                listening.cancel()
        except InvalidURI:
            raise ServerGone("that is not the address of a media socket") from None
        except (ConnectionClosed, OSError, InvalidHandshake):
            raise _Dropped from None
        except BaseExceptionGroup as raised:
            _only_drops(raised)

    async def _listen(self, socket: ClientConnection) -> None:
        """Hear what the server objects to."""
        refusal = SourceRefused("the server closed the socket")
        try:
            async for text in socket:
                told = twilio.parse_error(text)
                if told is not None:
                    refusal = SourceRefused(
                        f"the server refused: {told.detail}", details={"code": told.code}
                    )
        except ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code in REFUSALS:
                raise refusal from None
            raise
        if socket.close_code in REFUSALS:
            raise refusal

    async def _send(self, socket: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        sid = f"MZ{self._call.call_sid}"
        parameters: dict[str, str] = {}
        if self._call.ani is not None:
            parameters["ani"] = self._call.ani.reveal("to tell the call-taker who calls")
        if self._call.demo:
            parameters["demo"] = "true"
        if self._speed > 1:
            # Else the server would take a gap at this pace for a clock that leaps.
            parameters["speed"] = str(self._speed)
        await socket.send(twilio.connected_message())
        await socket.send(
            twilio.start_message(
                stream_sid=sid,
                call_sid=self._call.call_sid,
                sides=tuple(self._recording.sides),
                parameters=parameters,
                sequence=self._next(),
            )
        )
        if self.first_packet_at is None:
            self.first_packet_at = loop.time()
        began = self.first_packet_at
        # After a drop the call has gone on: what was said meanwhile is lost, as on a real line.
        if self._sent_ms:
            missed = int((loop.time() - began) * 1000 * self._speed)
            self._sent_ms = max(self._sent_ms, missed - missed % FRAME_MS)
        for at, side, payload in packets(self._recording, self._sent_ms):
            due = began + at / 1000 / self._speed
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            await socket.send(
                twilio.media_message(
                    stream_sid=sid,
                    side=side,
                    timestamp=at,
                    payload=payload,
                    sequence=self._next(),
                    chunk=at // FRAME_MS + 1,
                )
            )
            self._sent_ms = at + FRAME_MS
            self._on_progress(self._sent_ms)
        await socket.send(
            twilio.stop_message(stream_sid=sid, call_sid=self._call.call_sid, sequence=self._next())
        )
        await socket.close()

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence
