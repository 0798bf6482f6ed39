"""Rooms of a LiveKit server, through its Python SDK.

A piece of audio costs the SDK about the same whatever its length, so pieces are long. The SDK
hands each of its answers to every room of the process; what no room needs is kept from them, so
that the cost of a session does not grow with their number.
"""

import asyncio
import contextlib
import ctypes
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, Final

from livekit import rtc
from livekit.rtc._ffi_client import FfiClient
from livekit.rtc.participant import PublishDataError, PublishTrackError

from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.mix import RATE, Pcm16
from ringdown.listening.worker.publisher import (
    Came,
    Lost,
    Packet,
    PublisherFailed,
    RoomEvent,
    RoomLeft,
    RoomRefused,
    RoomUnreachable,
    Went,
)
from ringdown.runtime.tasks import Tasks

TRACK: Final = "call"
BITRATE: Final = 20_000
QUEUE_MS: Final = 200
"""More than is ever pushed ahead, so that handing over does not wait."""
CONNECT_S: Final = 10.0
CLOSE_S: Final = 2.0
WAITING_PIECES: Final = 3
POSTS: Final = 64
EVENTS: Final = 2000
"""Events that wait at most; a listener that floods loses packets, never the news of leaving."""
_ANSWERS: Final = frozenset(
    {"capture_audio_frame", "publish_data", "audio_stream_event", "video_stream_event"}
)
"""Answers that whoever asked waits for by itself."""
_REFUSED: Final = ("401", "403", "404", "not exist", "unauthorized", "not found", "permission")
_LEAVING: Final = (
    rtc.DisconnectReason.ROOM_DELETED,
    rtc.DisconnectReason.PARTICIPANT_REMOVED,
    rtc.DisconnectReason.DUPLICATE_IDENTITY,
    rtc.DisconnectReason.ROOM_CLOSED,
)


class LiveKitOutput:
    """One room. The SDK reconnects by itself; `Lost` comes when it has given up."""

    def __init__(self, room: rtc.Room, tasks: Tasks) -> None:
        self._room = room
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=QUEUE_MS)
        self._tasks = tasks
        self._events: asyncio.Queue[RoomEvent | None] = asyncio.Queue()
        self._posts: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue(POSTS)
        self._pushing = 0
        self._closed = False
        self._sender: asyncio.Task[None] | None = None
        handlers: dict[rtc.room.EventTypes, Callable[[Any], None]] = {
            "participant_connected": self._came,
            "participant_active": self._came,
            "participant_disconnected": self._went,
            "data_received": self._data,
            "disconnected": self._disconnected,
        }
        for event, handler in handlers.items():
            room.on(event, handler)  # pyright: ignore[reportUnknownMemberType] - untyped there

    async def join(self, url: str, token: Sensitive[str]) -> None:
        """Connect and publish. Raises the port's errors."""
        options = rtc.RoomOptions(auto_subscribe=False, dynacast=False)
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._room.connect(
                    url.replace("http", "ws", 1) if url.startswith("http") else url,
                    token.reveal("joining the room"),
                    options,
                )
                for participant in self._room.remote_participants.values():
                    self._came(participant)  # before a command of theirs can come
                track = rtc.LocalAudioTrack.create_audio_track(TRACK, self._source)
                await self._room.local_participant.publish_track(track, _publish_options())
                _keep_from(self._room)
        except rtc.ConnectError as error:
            said = str(error).lower()
            if any(word in said for word in _REFUSED):
                raise RoomRefused("the media server refused the worker") from None
            raise RoomUnreachable("the media server cannot be reached") from None
        except TimeoutError:
            raise RoomUnreachable("the media server does not answer") from None
        except PublishTrackError:
            raise PublisherFailed("the track could not be published") from None
        self._sender = self._tasks.spawn("posts", self._send())

    def push(self, samples: Pcm16) -> None:
        """Hand over to the SDK's queue, which plays in real time."""
        if self._closed or self._pushing >= WAITING_PIECES:
            return  # the SDK does not keep up: what waits there is enough
        frame = rtc.AudioFrame(samples.tobytes(), RATE, 1, len(samples))
        self._pushing += 1
        self._tasks.spawn("push", self._capture(frame))

    def clear(self) -> None:
        """Empty the SDK's queue."""
        if not self._closed:
            self._source.clear_queue()

    def post(self, data: bytes, to: str) -> None:
        """Queue for sending; what a listener does not take is dropped, the oldest first."""
        if self._posts.full():
            self._posts.get_nowait()
        self._posts.put_nowait((data, to))

    async def events(self) -> AsyncIterator[RoomEvent]:
        """Events in the order in which the SDK tells them."""
        while (event := await self._events.get()) is not None:
            yield event
            if isinstance(event, Lost):
                return

    async def close(self) -> None:
        """Leave the room and let go of the SDK's objects."""
        if self._closed:
            return
        self._closed = True
        self._events.put_nowait(None)
        if self._sender is not None:
            self._sender.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await self._room.disconnect()
        await self._source.aclose()

    # -- the inside ------------------------------------------------------------------------------

    async def _capture(self, frame: rtc.AudioFrame) -> None:
        try:
            await self._source.capture_frame(frame)
        except Exception:
            if not self._closed:  # the SDK raises nothing more exact than this
                raise
        finally:
            self._pushing -= 1

    async def _send(self) -> None:
        while True:
            data, to = await self._posts.get()
            with contextlib.suppress(PublishDataError):  # status is told again in a second
                await self._room.local_participant.publish_data(
                    data, reliable=True, destination_identities=[to]
                )

    def _came(self, participant: rtc.RemoteParticipant) -> None:
        self._events.put_nowait(Came(participant.identity))

    def _went(self, participant: rtc.RemoteParticipant) -> None:
        self._events.put_nowait(Went(participant.identity))

    def _data(self, packet: rtc.DataPacket) -> None:
        # The SDK keeps the identity of a sender who is not announced yet to itself.
        sender = "" if packet.participant is None else packet.participant.identity
        if self._events.qsize() < EVENTS:
            self._events.put_nowait(Packet(sender, packet.data, packet.topic or ""))

    def _disconnected(self, reason: object) -> None:
        code = RoomLeft.code if reason in _LEAVING else RoomUnreachable.code
        self._events.put_nowait(Lost(code))


class LiveKitPublisher:
    """Joins rooms of the LiveKit server."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def open(self, url: str, token: Sensitive[str]) -> LiveKitOutput:
        """Join and publish the track. Raises the port's errors."""
        output = LiveKitOutput(rtc.Room(), self._tasks)
        try:
            await output.join(url, token)
        except BaseException:
            await output.close()
            raise
        return output


def _publish_options() -> rtc.TrackPublishOptions:
    options = rtc.TrackPublishOptions(dtx=True, red=False, source=rtc.TrackSource.SOURCE_MICROPHONE)
    options.audio_encoding.max_bitrate = BITRATE
    return options


def _keep_from(room: rtc.Room) -> None:
    """Keep answers about audio and data, and other rooms' events, from a room's own queue.

    This only saves time: with an SDK that is made differently inside nothing is changed.
    """
    try:
        queue: Any = FfiClient.instance.queue
        mine: Any = getattr(room, "_ffi_queue")  # noqa: B009
        handle: int = getattr(room, "_ffi_handle").handle  # noqa: B009
        with queue._lock:  # noqa: SLF001
            subscribers: list[tuple[Any, Any, Any]] = queue._subscribers  # noqa: SLF001
            for place, (each, loop, _) in enumerate(subscribers):
                if each is mine:
                    subscribers[place] = (each, loop, partial(_concerns, handle))
    except AttributeError:
        return


def _concerns(handle: int, event: Any) -> bool:
    _stay_known()
    kind = event.WhichOneof("message")
    if kind == "room_event":
        return event.room_event.room_handle == handle
    return kind not in _ANSWERS


_known = threading.local()


def _stay_known() -> None:
    """Keep what the interpreter remembers of this thread of the SDK for the thread's lifetime.

    It is else made and thrown away at each answer, which maps and unmaps memory each time: a
    quarter of what a session costs.
    """
    if not getattr(_known, "kept", False):
        ctypes.pythonapi.PyGILState_Ensure()
        _known.kept = True
