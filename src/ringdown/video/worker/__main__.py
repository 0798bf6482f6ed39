"""`python -m ringdown.video.worker`: records one camera; one order on stdin, the film on stdout.

A part that is large enough is followed by another. It ends when stdin ends, so it never outlives
its server, and writes nothing to any disk.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Mapping
from typing import Any, Final

from livekit import rtc

from ringdown.runtime.clock import SystemClock
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import configure_logs
from ringdown.runtime.workers import LONGEST_LINE
from ringdown.video.worker.film import FilmWriter
from ringdown.video.worker.sound import PIECE_MS
from ringdown.wire.webm_writer import SOUND_HZ

CLOCK: Final = SystemClock()
CONNECT_S: Final = 5.0
WAITING: Final = 3
"""Pictures that wait to be written, at most; what comes too fast is left out."""
I420: Final = rtc.VideoBufferType.I420
NICE: Final = 10
"""Calls, their sound, the console and words go before recordings of cameras."""


class Pipe(asyncio.BaseProtocol):
    """Knows when everything written is out."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - of asyncio
        """Nothing more is to be written."""
        self.closed.set()


class Recorder:
    """One room's camera as a film, until told to stop or the room is gone."""

    def __init__(
        self, order: Mapping[str, Any], transport: asyncio.WriteTransport, pipe: "Pipe"
    ) -> None:
        self._order = order
        self._pipe = pipe
        self._transport = transport
        self._sound = bool(order["sound"])
        self._film = self._new_film()
        self._size = 0
        self._began: float | None = None
        self._room = rtc.Room()
        self.gone = asyncio.Event()
        self.why = "room_gone"

    async def run(self, tasks: Tasks) -> None:
        """Join; what comes from then on is recorded."""
        room = self._room

        def on_track(track: rtc.Track, *_: object) -> None:
            if track.kind == rtc.TrackKind.KIND_VIDEO:
                tasks.spawn("camera", self._record(track))
            elif self._sound:
                tasks.spawn("microphone", self._hear(track))

        def on_end(*_: object) -> None:
            self.gone.set()

        room.on("track_subscribed", on_track)  # pyright: ignore[reportUnknownMemberType]
        # What is lost meanwhile is no hole in this film: the next one begins after it.
        for event in ("disconnected", "reconnecting"):
            room.on(event, on_end)  # pyright: ignore[reportUnknownMemberType]
        try:
            async with asyncio.timeout(CONNECT_S):
                await room.connect(
                    self._order["url"], self._order["token"], rtc.RoomOptions(dynacast=False)
                )
        except (rtc.ConnectError, TimeoutError):
            self.why = "not_joined"
            self.gone.set()

    def end(self, why: str) -> None:
        """The rest of the film, and no more."""
        if self._began is not None:
            self._tell(self._film.end())
        self._say({"kind": "ended", "why": why})

    async def written(self) -> None:
        """Until the server has taken everything."""
        self._transport.close()
        await self._pipe.closed.wait()

    async def _record(self, track: rtc.Track) -> None:
        stream = rtc.VideoStream(track, capacity=WAITING, format=I420)
        async for event in stream:
            frame = event.frame
            if self._began is None:
                self._began = CLOCK.monotonic()
            size = (frame.width, frame.height)
            self._data(self._film.picture(bytes(frame.data), size, self._passed(), CLOCK.now()))

    async def _hear(self, track: rtc.Track) -> None:
        first = True
        stream = rtc.AudioStream(
            track, sample_rate=SOUND_HZ, num_channels=1, frame_size_ms=PIECE_MS
        )
        async for event in stream:
            if self._began is not None:
                pcm = bytes(event.frame.data)
                self._data(self._film.heard(pcm, self._passed(), first=first))
                first = False

    def _passed(self) -> int:
        assert self._began is not None
        return round((CLOCK.monotonic() - self._began) * 1000)

    def _data(self, data: bytes) -> None:
        self._tell(data)
        self._size += len(data)
        if self._size >= self._order["most_bytes"]:
            self._tell(self._film.end())
            self._say({"kind": "part"})
            self._film, self._size, self._began = self._new_film(), 0, None

    def _tell(self, data: bytes) -> None:
        if data:
            text = base64.b64encode(data).decode()
            self._say({"kind": "film", "since_ms": self._passed(), "data": text})

    def _new_film(self) -> FilmWriter:
        return FilmWriter(int(self._order["kbps"]), sound=self._sound)

    def _say(self, report: Mapping[str, object]) -> None:
        self._transport.write(json.dumps(report).encode() + b"\n")


async def run() -> None:
    """Record until stdin ends, says stop, or the room is gone."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    transport, pipe = await loop.connect_write_pipe(Pipe, sys.stdout.buffer)
    line = await reader.readline()
    if not line:
        return
    async with Tasks() as tasks:
        recorder = Recorder(json.loads(line), transport, pipe)
        told = tasks.spawn("told", reader.readline())
        tasks.spawn("joining", recorder.run(tasks))
        gone = tasks.spawn("gone", recorder.gone.wait())
        await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
        recorder.end("told" if told.done() else recorder.why)
        await recorder.written()


def main() -> int:
    """Work."""
    argparse.ArgumentParser(prog="ringdown.video.worker").parse_known_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    configure_logs(level="info")
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold what the caller shows
    # The media client's own log names rooms and network addresses.
    logging.getLogger("livekit").setLevel(logging.CRITICAL)
    asyncio.run(run())
    return 0


if __name__ == "__main__":
    code = main()
    with contextlib.suppress(ValueError):  # closed with the pipe to the server
        sys.stdout.flush()
    # The media client's threads may still be at work on a room that is gone.
    os._exit(code)
