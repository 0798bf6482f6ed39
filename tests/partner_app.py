"""A partner's app for tests: its credential, its requests, its listeners and what they hear.

Everything goes through what partners have: the REST interface, LiveKit's own client and tokens.
"""

import asyncio
import json
import os
import socket
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import numpy as np
from livekit import rtc
from numpy.typing import NDArray

from ringdown.media.replay import Recording
from ringdown.runtime.parts import cache_folder
from ringdown.testing.instance import Person, Running
from ringdown.wire.g711 import encode_ulaw
from tests.live import lamp, until
from tests.services import free_ports
from tests.tool import load_tool

T = TypeVar("T")
Run = Callable[[Callable[[T], Coroutine[Any, Any, None]]], None]
"""Runs a test's coroutine on what was set up once for its module."""

RATE = 48_000
SECONDS = 60
BASS_HZ = 300
LIVEKIT = Path(cache_folder(os.environ)) / "livekit-server" / "v1.13.5" / "livekit-server"


def example_node() -> str:
    """The Node.js of the set-up; the examples' libraries are there once it returns."""
    return str(load_tool("setup").Setup().examples().path)


def tone_hz(second: int) -> int:
    """What the caller of the tone call whistles in that second; each second has its own pitch."""
    return 500 + 40 * (second % SECONDS)


def tone_call(seconds: int) -> Recording:
    """A call in which each second can be told by its tone; the call-taker hums, always the same."""
    at = np.arange(8000) / 8000
    whistled = [0.4 * np.sin(2 * np.pi * tone_hz(second) * at) for second in range(seconds)]
    hummed = 0.1 * np.sin(2 * np.pi * BASS_HZ * np.arange(seconds * 8000) / 8000)
    return Recording(
        {
            "caller": encode_ulaw((np.concatenate(whistled) * 32767).astype(np.int16)),
            "call_taker": encode_ulaw((hummed * 32767).astype(np.int16)),
        }
    )


def loudest_hz(samples: NDArray[np.int16], rate: int = RATE) -> float:
    """The pitch of the strongest tone; 0 in silence."""
    if samples.size == 0 or np.abs(samples).max() < 200:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.argmax(spectrum) * rate / samples.size)


def with_media_server() -> dict[str, str]:
    """Settings of an installation that runs the real media server, on ports of its own."""
    port, tcp = free_ports(socket.SOCK_STREAM, 2)
    udp, turn = free_ports(socket.SOCK_DGRAM, 2)
    settings = {
        "MODE": "build",
        "PORT": port,
        "TCP_PORT": tcp,
        "UDP_PORT": udp,
        "TURN_PORT": turn,
    }
    return {f"RINGDOWN_MEDIA_SERVER__{name}": str(value) for name, value in settings.items()}


@contextmanager
def set_up_once(whole: AbstractAsyncContextManager[T]) -> Iterator[Run[T]]:
    """What many tests share, on a loop of its own: a browser's driver may have this thread's."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    async def enter() -> T:
        return await whole.__aenter__()

    async def leave() -> None:
        await whole.__aexit__(None, None, None)

    try:
        shared = wait(enter())
        try:
            yield lambda test: wait(test(shared))
        finally:
            wait(leave())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def media_server_ready(person: Person) -> None:
    """Wait for it; the first time on a machine it is built, which takes minutes."""
    await until(lambda: lamp(person, "media_server"), lambda got: got["state"] == "ok", 900)


@dataclass
class Partner:
    """A credential with the scope for incidents, and the requests made with it."""

    server: Running
    client_id: str
    client_secret: str
    http: httpx.AsyncClient
    held: str = ""

    @property
    def cable(self) -> str:
        """Its transcript socket."""
        return f"{self.server.address.replace('http', 'ws', 1)}/cable"

    async def token(self) -> str:
        """A fresh access token."""
        form = {"grant_type": "client_credentials", "scope": "incident_events"}
        answer = await self.http.post(
            "/oauth/token", data=form, auth=(self.client_id, self.client_secret)
        )
        return answer.raise_for_status().json()["access_token"]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request with an access token."""
        self.held = self.held or await self.token()
        answer = await self.http.request(
            method, path, json=body, headers={"Authorization": f"Bearer {self.held}"}
        )
        assert not answer.is_error, (method, path, answer.status_code, answer.text)
        return answer.json()

    async def incident(self, number: str, *, live: bool | None = None) -> dict[str, Any]:
        """The incident of a caller's number, once it is there."""

        def found(listed: dict[str, Any]) -> list[dict[str, Any]]:
            return [
                one
                for one in listed["data"]
                if one["caller_phone_number"] == number and live in {None, one["is_audio_live"]}
            ]

        path = "/v1/incident_events?limit=100"
        return found(await until(lambda: self.ask("GET", path), found, 240, every=0.5))[0]

    async def stream(self, incident: str, **body: Any) -> dict[str, Any]:
        """A stream token's whole answer."""
        return await self.ask("POST", f"/v1/incident_events/{incident}/stream_token", body)


@asynccontextmanager
async def partner(person: Person, server: Running) -> AsyncGenerator[Partner, None]:
    """A partner of the person's centre."""
    wanted = {"name": "Fire app", "scopes": ["incident_events"]}
    issued = await person.ask("POST", "/v1/clients", wanted)
    async with httpx.AsyncClient(base_url=server.address, timeout=30, trust_env=False) as http:
        yield Partner(server, issued["client_id"], issued["client_secret"], http)


@dataclass
class Listener:
    """A listener with LiveKit's Python client: what it was told, what it hears."""

    room: rtc.Room
    told: list[dict[str, Any]] = field(default_factory=list)
    samples: list[NDArray[np.int16]] = field(default_factory=list)

    @property
    def status(self) -> dict[str, Any]:
        """The last status."""
        return next(one for one in reversed(self.told) if one["kind"] == "status")

    async def send(self, *, reliable: bool = True, **command: Any) -> None:
        """One command."""
        await self.room.local_participant.publish_data(json.dumps(command), reliable=reliable)

    async def until_told(self, **wanted: Any) -> dict[str, Any]:
        """The next status with these values."""
        seen = len(self.told)

        async def new() -> list[dict[str, Any]]:
            return [
                one
                for one in self.told[seen:]
                if one["kind"] == "status" and wanted.items() <= one.items()
            ]

        return (await until(new, bool))[0]

    async def tone(self) -> float:
        """The pitch heard within the newest fifth of a second."""
        heard = np.concatenate(self.samples[-20:]) if self.samples else np.zeros(0, np.int16)
        return loudest_hz(heard)


@asynccontextmanager
async def listener(granted: dict[str, Any]) -> AsyncGenerator[Listener, None]:
    """Somebody who has joined with a stream token, until the block ends."""
    room = rtc.Room()
    mine = Listener(room)
    streams: list[rtc.AudioStream] = []
    tasks: list[asyncio.Task[None]] = []

    async def hear(stream: rtc.AudioStream) -> None:
        async for event in stream:
            mine.samples.append(np.frombuffer(event.frame.data, dtype=np.int16))
            del mine.samples[:-200]

    def subscribed(track: rtc.Track, *_: Any) -> None:
        streams.append(rtc.AudioStream(track, sample_rate=RATE, num_channels=1))
        tasks.append(asyncio.ensure_future(hear(streams[-1])))

    room.on("track_subscribed", subscribed)
    room.on("data_received", lambda packet: mine.told.append(json.loads(packet.data)))
    await room.connect(granted["url"], granted["token"])
    try:
        await until(lambda: asyncio.sleep(0, mine.told), bool)
        yield mine
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for stream in streams:
            await stream.aclose()
        await room.disconnect()
