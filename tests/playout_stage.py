"""A stage for playout: recordings whose sound tells where in the call it is, the real media
server, a real worker process, and listeners who use the SDK as it comes."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from livekit import api, rtc
from numpy.typing import NDArray

from ringdown.core.events import Value
from ringdown.listening.model.protocol import Leg, Legs, Open, Ping, Report, decode_report, encode
from ringdown.media.adapters.livekit_build import Builder
from ringdown.media.adapters.livekit_settings import MediaServerSettings, Notices, write_config
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.parts import cache_folder
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.legfile import LegHeader, encode_header
from tests.services import free_ports

KEY, SECRET = "testkey", "a-test-secret-of-at-least-32-characters"
RATE = 16_000
PATIENCE_S = 60.0


def caller_hz(second: int) -> int:
    """The caller's tone in the first half of a second. Tones 100 Hz apart are told from one another
    by a window of 30 ms; they come again after 13 seconds."""
    return 400 + 100 * (second % 13)


def taker_hz(second: int) -> int:
    """The call-taker's tone in the first half of each second."""
    return 2000 + 100 * (second % 13)


def tones(first: int, last: int, hz: Any, level: float = 6000) -> bytes:
    """µ-law seconds [first, last): half a second of the second's tone, then silence."""
    at = np.arange(8000) / 8000
    made = []
    for second in range(first, last):
        samples = level * np.sin(2 * np.pi * hz(second) * at)
        samples[4000:] = 0
        made.append(encode_ulaw(samples.astype(np.int16)))
    return b"".join(made)


@dataclass
class Recording:
    """A call in files, as the recorder writes them."""

    folder: Path
    call: str = "call_1"
    legs: dict[str, Leg] = field(default_factory=dict)

    def write(self, side: str, audio: bytes, *, start_ms: int = 0, growing: bool = False) -> None:
        """A leg as far as it has come."""
        leg_id = f"leg_{side}_{start_ms}"
        header = LegHeader("a", self.call, leg_id, side, datetime(2026, 3, 1, tzinfo=UTC))
        path = self.path(leg_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_header(header) + audio)
        self.legs[leg_id] = Leg(
            leg_id=leg_id, side=side, start_ms=start_ms, centre_id="a", call_id=self.call,
            folders=(str(self.folder),), open=growing,
            duration_ms=None if growing else len(audio) // 8,
        )  # fmt: skip

    def path(self, leg_id: str) -> Path:
        return self.folder / "a" / self.call / f"{leg_id}.leg"

    def grow(self, audio: bytes) -> None:
        """Every open leg goes on."""
        for leg in self.legs.values():
            if leg.open:
                with self.path(leg.leg_id).open("ab") as file:
                    file.write(audio)

    def open(self, session: str, token: str, url: str, **more: Any) -> Open:
        """The order to play it."""
        return Open(
            session_id=session, call_key=self.call, url=url, token=token, listener=f"lst_{session}",
            legs=tuple(self.legs.values()),
            call_over=not any(leg.open for leg in self.legs.values()), **more,
        )  # fmt: skip

    def over(self) -> Legs:
        """The call is over."""
        for leg_id, leg in self.legs.items():
            size = self.path(leg_id).stat().st_size - 512
            self.legs[leg_id] = leg.model_copy(update={"open": False, "duration_ms": size // 8})
        return Legs(call_key=self.call, legs=tuple(self.legs.values()), call_over=True)


def demo_call(folder: Path, seconds: int = 90) -> Recording:
    """Both sides of a finished call, each second with its own two tones."""
    made = Recording(folder)
    made.write("caller", tones(0, seconds, caller_hz))
    made.write("call_taker", tones(0, seconds, taker_hz))
    return made


# -- the media server ------------------------------------------------------------------------------


@dataclass
class OwnServer:
    """A media server that runs beside everything else, as somebody else's does."""

    folder: Path
    notices_to: str | None = None
    """Where it tells what happens in its rooms, if it does."""
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        """Free ports, kept over restarts."""
        port, tcp_port = free_ports(socket.SOCK_STREAM, 2)
        udp_port, turn_port = free_ports(socket.SOCK_DGRAM, 2)
        self.settings = MediaServerSettings(
            port=port, tcp_port=tcp_port, udp_port=udp_port, turn_port=turn_port
        )
        self.url = f"ws://127.0.0.1:{port}"

    def start(self, config: str | None = None) -> None:
        """Start, and wait until it answers. Ours makes no room by joining it (`auto_create`)."""
        builder = Builder(
            self.settings, cache=cache_folder(os.environ), logs=self.folder,
            environment=os.environ, clock=SystemClock(),
        )  # fmt: skip
        program = asyncio.run(builder.program(lambda _: None))
        keys = self.folder / "keys.yaml"
        keys.write_text(f"{KEY}: {SECRET}\n")
        keys.chmod(0o600)
        notices = None if self.notices_to is None else Notices(self.notices_to, KEY)
        if config is None:
            write_config(self.settings, keys, self.folder / "config.json", notices)
        else:
            (self.folder / "config.json").write_text(config)  # YAML too is read from it
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, "--config", self.folder / "config.json"], stdout=log, stderr=log
            )
        with httpx.Client(trust_env=False) as web:
            while True:
                assert self.process.poll() is None, (self.folder / "server.log").read_text()
                with contextlib.suppress(httpx.TransportError):
                    if web.get(self.url.replace("ws", "http", 1)).status_code == 200:
                        return

    def stop(self) -> None:
        """As a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def own_server(folder: Path, notices_to: str | None = None) -> Iterator[OwnServer]:
    """The real server on free ports, for as long as the block lasts."""
    server = OwnServer(folder, notices_to)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def media_server(folder: Path) -> Iterator[str]:
    """The real server on free ports; its WebSocket address."""
    with own_server(folder) as server:
        yield server.url


async def make_room(url: str, name: str) -> None:
    async with api.LiveKitAPI(url.replace("ws", "http", 1), KEY, SECRET) as server:
        await server.room.create_room(
            api.CreateRoomRequest(name=name, max_participants=2, empty_timeout=600)
        )


async def delete_room(url: str, name: str) -> None:
    async with api.LiveKitAPI(url.replace("ws", "http", 1), KEY, SECRET) as server:
        await server.room.delete_room(api.DeleteRoomRequest(room=name))


def token(room: str, identity: str, *, publishes: bool = False) -> str:
    grants = api.VideoGrants(
        room_join=True, room=room, can_publish=publishes, can_subscribe=not publishes,
        can_publish_data=True, can_update_own_metadata=False,
    )  # fmt: skip
    return api.AccessToken(KEY, SECRET).with_identity(identity).with_grants(grants).to_jwt()


# -- a worker process ------------------------------------------------------------------------------


@dataclass
class WorkerProcess:
    process: asyncio.subprocess.Process
    reports: list[Report] = field(default_factory=list)

    def order(self, order: Value) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(encode(order))

    async def read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.reports.append(decode_report(line))

    def of(self, kind: type[Report], session: str | None = None) -> list[Any]:
        return [
            report
            for report in self.reports
            if isinstance(report, kind)
            and (session is None or getattr(report, "session_id", None) == session)
        ]


@asynccontextmanager
async def worker() -> AsyncIterator[WorkerProcess]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ringdown.listening.worker",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    made = WorkerProcess(process)
    reading = asyncio.ensure_future(made.read())
    try:
        made.order(Ping(number=7))
        await soon(lambda: any(getattr(r, "number", 0) == 7 for r in made.reports))
        yield made
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await process.wait()
        if process.returncode is None:
            process.kill()
        await reading


async def soon(condition: Any, seconds: float = PATIENCE_S) -> Any:
    """Wait until something is so, and give it."""
    async with asyncio.timeout(seconds):
        while not (found := condition()):
            await asyncio.sleep(0.02)
        return found


# -- a listener ------------------------------------------------------------------------------------


class Listener:
    """Somebody with the SDK as it comes."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.told: list[dict[str, Any]] = []
        self.audio: NDArray[np.int16] = np.zeros(0, np.int16)
        self.tracks: list[str] = []
        self._reading: list[asyncio.Future[None]] = []

    async def join(self, url: str, jwt: str) -> None:
        self.room.on("data_received", lambda p: self.told.append(json.loads(p.data)))
        self.room.on("track_subscribed", self._subscribed)
        await self.room.connect(url, jwt)

    def _subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, _: Any
    ) -> None:
        self.tracks.append(publication.name)
        self._reading.append(asyncio.ensure_future(self._read(track)))

    async def _read(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
        async for event in stream:
            samples = np.frombuffer(event.frame.data, np.int16)
            self.audio = np.concatenate([self.audio, samples])
        await stream.aclose()

    async def send(self, reliable: bool = True, topic: str = "", **command: Any) -> None:
        data = json.dumps(command).encode()
        await self.room.local_participant.publish_data(data, reliable=reliable, topic=topic)

    async def ask(self, **command: Any) -> dict[str, Any]:
        """Send a command and give the first status or error told after it."""
        known = len(self.told)
        await self.send(**command)
        cmd = command["cmd"]
        want = {
            "pause": lambda t: t.get("paused"),
            "resume": lambda t: t.get("paused") is False,
        }.get(cmd, lambda t: True)
        return await soon(lambda: next((t for t in self.told[known:] if want(t)), None))

    @property
    def status(self) -> dict[str, Any]:
        return next(t for t in reversed(self.told) if t["kind"] == "status")

    async def leave(self) -> None:
        await self.room.disconnect()
        for reading in self._reading:
            reading.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    async def hears(self, hz: int, since: int = 0, level: float = 2000) -> int:
        """Wait for a tone after a sample; where it begins."""
        return await soon(lambda: _first(self.audio, since, hz, level))


WINDOW = 160


def levels(audio: NDArray[np.int16], hz: int) -> NDArray[np.float64]:
    """The amplitude of a tone in windows of 10 ms (looked at over 30 ms)."""
    at = np.arange(len(audio))
    turned = np.cumsum(audio * np.exp(-2j * np.pi * hz * at / RATE))
    return 2 * np.abs(turned[3 * WINDOW :: WINDOW] - turned[: -3 * WINDOW : WINDOW]) / (3 * WINDOW)


def _first(audio: NDArray[np.int16], since: int, hz: int, level: float) -> int | None:
    found = np.flatnonzero(levels(audio[since:], hz) > level) if len(audio) - since > 800 else []
    return since + int(found[0] + 1) * WINDOW if len(found) else None


def run_ms(audio: NDArray[np.int16], since: int, hz: int) -> int:
    """How long a tone that begins at `since` goes on, in ms."""
    loud = levels(audio[since:], hz)
    over = loud > float(loud[:100].max()) / 2
    first = int(np.argmax(over))
    quiet = np.flatnonzero(~over[first:])
    return 10 * (int(quiet[0]) if len(quiet) else len(over) - first)
