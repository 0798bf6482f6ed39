"""Listening on a real media server with real playout workers, and listeners with the real SDK."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from fastapi import FastAPI
from livekit import rtc

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.core.principal import Principal
from ringdown.listening.adapters.livekit_rooms import LiveKitRooms
from ringdown.listening.adapters.processes import playout_workers
from ringdown.listening.api import StreamGrant
from ringdown.listening.fakes import MemoryListeningStore
from ringdown.listening.http import EVENTS_PATH, listening_routes
from ringdown.listening.lane import PlayoutLane
from ringdown.listening.ports import RoomEvent
from ringdown.listening.service import ListeningService
from ringdown.listening.settings import ListeningSettings
from ringdown.media.adapters.livekit import MediaServer, Places
from ringdown.media.adapters.livekit_settings import MediaServerSettings
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.http import install
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.parts import cache_folder
from ringdown.runtime.serving import Server
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.runtime.workers import WorkerFactory
from ringdown.testing.clock import START
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.legfile import HEADER_BYTES, LegHeader, encode_header
from tests.listening_world import PARTNER, OneCall, call_view, leg
from tests.services import free_ports

PATIENCE_S = 240.0


async def until(condition: Callable[[], Any], seconds: float = PATIENCE_S) -> None:
    """Wait for a state. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def media_settings() -> MediaServerSettings:
    """Ports of its own, so that nothing else is disturbed."""
    port, tcp = free_ports(socket.SOCK_STREAM, 2)
    udp, turn = free_ports(socket.SOCK_DGRAM, 2)
    first = 41_000 + (os.getpid() % 200) * 20
    return MediaServerSettings(
        port=port, tcp_port=tcp, udp_port=udp, turn_port=turn, relay_ports=(first, first + 19)
    )


def tone(seconds: int, hertz: int) -> bytes:
    at = np.arange(seconds * 8000) / 8000
    return encode_ulaw((12_000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16))


class RecordedCall(OneCall):
    """A finished call of two minutes: a tone of 400 Hz, and 1000 Hz on the other side."""

    def __init__(self, folder: Path, seconds: int = 120) -> None:
        super().__init__(folder)
        sides = {"caller": 400, "call_taker": 1000}
        place = folder / "a" / "call_1"
        place.mkdir(parents=True)
        for side, hertz in sides.items():
            header = LegHeader("a", "call_1", f"leg_{side}", side, START)
            (place / f"leg_{side}.leg").write_bytes(encode_header(header) + tone(seconds, hertz))
        legs = tuple(leg(side, "sealed", seconds * 1000) for side in sides)
        self.view = call_view("ended", legs)

    def record(self, side: str, audio: bytes) -> None:
        """Another recording of a side, as long as the first."""
        path = self.folder / "a" / "call_1" / f"leg_{side}.leg"
        path.write_bytes(path.read_bytes()[:HEADER_BYTES] + audio)

    def remove(self) -> None:
        """As if the centre had deleted the recording."""
        for path in (self.folder / "a" / "call_1").iterdir():
            path.unlink()


@dataclass
class Ear:
    """A listener with the real SDK: what it was told and what it heard."""

    room: rtc.Room = field(default_factory=rtc.Room)
    packets: list[dict[str, Any]] = field(default_factory=list)
    loudest: int = 0
    """Of the frames heard since it was last set to 0."""
    frames: int = 0
    over: bool = False
    reading: list[asyncio.Task[None]] = field(default_factory=list)

    async def join(self, url: str, token: str) -> "Ear":
        self.room.on("data_received", self._told)
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("disconnected", self._ended)
        await self.room.connect(url, token, rtc.RoomOptions(connect_timeout=20))
        return self

    def _ended(self, *_reason: object) -> None:
        self.over = True

    def _told(self, packet: rtc.DataPacket) -> None:
        if not packet.topic:
            self.packets.append(json.loads(packet.data))

    def _subscribed(self, track: rtc.Track, *_more: object) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self.reading.append(asyncio.get_running_loop().create_task(self._hear(track)))

    async def _hear(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=16_000, num_channels=1)
        async for event in stream:
            samples = np.frombuffer(event.frame.data, dtype=np.int16)
            self.frames += 1
            self.loudest = max(self.loudest, int(np.abs(samples.astype(np.int32)).max(initial=0)))

    async def send(self, command: dict[str, Any] | bytes, *, reliable: bool = True) -> None:
        data = command if isinstance(command, bytes) else json.dumps(command).encode()
        await self.room.local_participant.publish_data(data, reliable=reliable)

    def status(self) -> dict[str, Any]:
        """The newest status, or an empty one."""
        return next((p for p in reversed(self.packets) if p.get("kind") == "status"), {})

    def errors(self) -> list[str]:
        return [packet["code"] for packet in self.packets if packet.get("kind") == "error"]

    async def hears(self) -> None:
        """Wait for sound that begins from now on."""
        self.loudest = 0
        await until(lambda: self.loudest > 2000)

    async def leave(self) -> None:
        for task in self.reading:
            task.cancel()
        await asyncio.gather(*self.reading, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self.room.disconnect()


class Stage:
    """Everything of listening that is real, beside a call in files and a database in memory."""

    def __init__(
        self, folder: Path, media: MediaServerSettings, *, port: int | None = None, **settings: Any
    ) -> None:
        self.folder = folder
        self.clock = SystemClock()
        self.call = RecordedCall(folder / "recordings")
        self.settings = ListeningSettings(start_within_s=60, hang_after_s=10, **settings)
        self.db, self.rows = MemoryDatabase(), MemoryAuditStore()
        self.metrics = Metrics()
        ids = SystemIds(self.clock)
        self.lamps = Lamps(self.clock, self)
        self.notices: list[tuple[str, str]] = []
        """What the media server told of listeners: what happened, and to whom."""
        self.port = port or free_ports(socket.SOCK_STREAM, 1)[0]
        self.server = MediaServer(
            media,
            places=Places(cache_folder(os.environ), *(folder / n for n in ("keys", "run", "log"))),
            environment=os.environ,
            lamps=self.lamps,
            clock=self.clock,
            ids=ids,
            on_up=lambda: self.listening.media_server_up(),  # noqa: PLW0108 - made below
            notices_to=self._notices_to,
        )
        self.rooms = LiveKitRooms(self.server.access, public_url=self.settings.public_url)
        self.listening = ListeningService(
            self.db,
            MemoryListeningStore(),
            self.rooms,
            calls=self.call,
            places=self.call,
            audit=AuditLog(self.rows, self.clock),
            clock=self.clock,
            ids=ids,
            settings=self.settings,
            metrics=self.metrics,
        )
        act = self.listening.on_room_event

        async def count(event: RoomEvent) -> None:
            self.notices.append((event.kind, event.identity))
            await act(event)

        self.listening.on_room_event = count  # type: ignore[method-assign]
        workers: WorkerFactory = playout_workers(self.settings, folder / "log")
        self.lane = PlayoutLane(
            workers,
            self.clock,
            self.settings,
            self.metrics,
            order_of=self.listening.order_of,
            on_report=self.listening.on_report,
        )
        self.listening.play_with(self.lane)
        self.ears: list[Ear] = []

    def signal(self, signal: object) -> None:
        """Lamps tell; nobody looks."""

    async def _notices_to(self) -> str:
        return f"http://127.0.0.1:{self.port}{EVENTS_PATH}"

    async def up(self) -> None:
        """Wait until the media server answers and a worker takes orders."""

        def ready() -> bool:
            lamp = self.lamps.get("media_server")
            return lamp is not None and lamp.state == "ok" and self.lane.ready > 0

        await until(ready)

    @property
    def media_pid(self) -> int:
        """The process id of the media server."""
        return int(json.loads((self.folder / "run" / "media-server.pid").read_text())["pid"])

    async def kill_media_server(self) -> None:
        """As a crash would, and wait until it is back."""
        pid = self.media_pid
        os.kill(pid, signal.SIGKILL)

        def back() -> bool:
            with contextlib.suppress(OSError, ValueError, KeyError):
                lamp = self.lamps.get("media_server")
                return self.media_pid != pid and lamp is not None and lamp.state == "ok"
            return False

        await until(back)

    async def grant(self, who: Principal = PARTNER, *, autoplay: bool | None = None) -> StreamGrant:
        return await self.listening.open(who, "call_1", autoplay=autoplay)

    async def ear(self, grant: StreamGrant) -> Ear:
        """A listener who has joined and knows where they stand."""
        ear = Ear()
        self.ears.append(ear)
        await ear.join(grant.url, token_of(grant))
        await until(ear.status)
        return ear

    async def listener(self, who: Principal = PARTNER) -> tuple[StreamGrant, Ear]:
        grant = await self.grant(who)
        return grant, await self.ear(grant)

    async def over(self) -> None:
        """End every session and let every listener go, so that the next test is alone."""
        await self.listening.close_all_of("a", PARTNER.id, "test_over")
        for ear in self.ears:
            await ear.leave()
        self.ears.clear()

    async def state_of(self, grant: StreamGrant) -> tuple[str, str | None]:
        admin = Principal("user", "u", "Admin", "a", frozenset({"audit:read"}))
        for one in await self.listening.sessions(admin):
            if one.session_id == grant.session_id:
                return one.state, one.closed_because
        raise AssertionError("the session is not listed")

    async def becomes(self, grant: StreamGrant, state: str, because: str | None = None) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self.state_of(grant) != (state, because):
                await asyncio.sleep(0.02)

    async def audited(self) -> list[tuple[str, str, dict[str, Any]]]:
        async with self.db.read() as tx:
            rows = await self.rows.rows(tx, "a", after=0, limit=10_000)
        return [(row.tag, row.subject, dict(row.details)) for row in rows]


def token_of(grant: StreamGrant) -> str:
    return grant.token.reveal("a test joins with it")


@asynccontextmanager
async def staged(
    folder: Path,
    media: MediaServerSettings | None = None,
    *,
    port: int | None = None,
    **settings: Any,
) -> AsyncIterator[Stage]:
    """Everything running, until the block is left; `port` is where notices come to."""
    stage = Stage(folder, media or media_settings(), port=port, **settings)
    app = FastAPI(openapi_url=None)

    async def nobody(_connection: object) -> None:
        return None

    install(app, nobody, [listening_routes(stage.listening)])
    config = uvicorn.Config(app, port=stage.port, log_level="error", lifespan="off")
    web = Server(config)
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(Tasks())
        stack.push_async_callback(stage.rooms.close)
        serving = tasks.spawn("web", web.serve())
        tasks.spawn("media server", stage.server.run())
        tasks.spawn("listening", stage.listening.run())
        try:
            await stage.up()
            yield stage
        finally:
            for ear in stage.ears:
                await ear.leave()
            web.should_exit = True
            await asyncio.gather(serving, return_exceptions=True)
