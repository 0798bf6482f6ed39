"""Consoles that read slowly, not at all, or no longer may: the server and the others go on."""

import asyncio
import base64
import json
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil
import pytest
import pytest_asyncio
from tests.live import Phones, Watch, colleague, first_person, phones
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ringdown.testing.instance import Person, Running, running
from ringdown.wire import twilio

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="module"),
]

MB = 1 << 20
NOTE = "\N{FIRE}" * 9_900
NOTES = 150
GAPS = 2_500
SLOW = 24
LITTLE = 64 * MB
"""Far less than what the slow consoles have waiting: 24 times 150 times 40 kB = 144 MB, and the gaps."""


@dataclass
class Centre:
    server: Running
    dana: Person
    phones: Phones
    call_id: str

    def console(self, person: Person, after: int = 0) -> connect:
        cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
        return connect(
            f"{self.server.address.replace('http', 'ws', 1)}/v1/console/feed?after={after}",
            additional_headers={"Cookie": cookies, "Origin": self.server.address},
            proxy=None,
            max_queue=1,
            sock=self.narrow(),
        )

    def narrow(self, size: int = 65_536) -> socket.socket:
        """A connection through which little fits until somebody reads."""
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        plain.connect(("127.0.0.1", urlsplit(self.server.address).port))
        plain.setblocking(False)
        return plain

    async def write_notes(self, count: int) -> None:
        """That many large facts."""
        for _ in range(count):
            await self.dana.ask("POST", f"/v1/calls/{self.call_id}/notes", {"text": NOTE})

    async def lose_packets(self, count: int) -> None:
        """That many small facts: a source on a bad line, each hole of which is put on record."""
        pair = base64.b64encode(f"{self.phones.client_id}:{self.phones.secret}".encode()).decode()
        async with connect(
            self.server.media_url,
            additional_headers={"Authorization": f"Basic {pair}"},
            proxy=None,
        ) as source:
            await source.send(twilio.connected_message())
            start = twilio.start_message(
                stream_sid="MZholes",
                call_sid="holes",
                sides=("caller",),
                parameters={"speed": "100"},
                sequence=1,
            )
            await source.send(start)
            for n in range(count + 1):
                packet = twilio.media_message(
                    stream_sid="MZholes",
                    side="caller",
                    timestamp=n * 100,
                    payload=b"\xff" * 160,
                    sequence=n + 2,
                    chunk=n + 1,
                )
                await source.send(packet)
                await asyncio.sleep(0.001)
            stop = twilio.stop_message(stream_sid="MZholes", call_sid="holes", sequence=count + 3)
            await source.send(stop)
            await source.wait_closed()

    async def head(self) -> int:
        return (await self.dana.ask("GET", "/v1/console/snapshot"))["position"]

    def memory(self) -> int:
        return psutil.Process(self.server.process.pid).memory_info().rss


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Centre]:
    async with running(tmp_path_factory.mktemp("slow") / "data") as server:
        dana = await first_person(server)
        source = await phones(dana, server)
        async with source.web as web:
            answer = await web.post("/v1/calls", json={"external_id": "slow"})
        yield Centre(server, dana, source, answer.raise_for_status().json()["call_id"])
        await dana.close()


async def read_on(socket: ClientConnection, until: int) -> list[int]:
    """The positions that come, up to this one or until the server lets go."""
    positions: list[int] = []
    try:
        async with asyncio.timeout(60):
            while not positions or positions[-1] < until:
                message = json.loads(await socket.recv())
                assert message["type"] != "resync"
                if message["type"] == "fact":
                    positions.append(message["position"])
    except ConnectionClosed:
        pass
    return positions


def deaf(centre: Centre) -> socket.socket:
    """A console whose machine has frozen: it asks for the feed and never reads a byte."""
    plain = centre.narrow(4_096)
    cookies = "; ".join(f"{name}={value}" for name, value in centre.dana.http.cookies.items())
    lines = [
        "GET /v1/console/feed?after=0 HTTP/1.1",
        f"Host: {urlsplit(centre.server.address).netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        f"Origin: {centre.server.address}",
        f"Cookie: {cookies}",
        "",
        "",
    ]
    plain.sendall("\r\n".join(lines).encode())
    return plain


async def test_slow_and_dead_consoles_cost_nobody_anything(centre: Centre) -> None:
    """Consoles stop reading, one never reads a byte, while thousands of facts come.

    The server's memory stays flat, another console has every fact at once, the slow ones find
    everything in its order when they read again, and the dead one is let go.
    """
    watch = Watch(centre.dana)
    watching = asyncio.create_task(watch.run())
    await centre.write_notes(1)
    start = await centre.head()
    await watch.reach(start)
    before = centre.memory()

    slow = [await centre.console(centre.dana, start) for _ in range(SLOW)]
    dead = deaf(centre)
    await centre.write_notes(NOTES)
    await centre.lose_packets(GAPS)
    async with asyncio.timeout(60):
        while (end := await centre.head()) - start < NOTES + GAPS:
            await asyncio.sleep(0.2)
    await watch.reach(end)  # while nobody else reads
    assert watch.whole
    grown = centre.memory() - before
    assert grown < LITTLE, f"{grown / MB:.0f} MB for consoles that do not read"

    await asyncio.gather(*(catches_up(centre, one, start, end) for one in slow))

    server = psutil.Process(centre.server.process.pid)
    mine = dead.getsockname()[1]
    async with asyncio.timeout(60):
        while any(c.raddr and c.raddr.port == mine for c in server.net_connections("tcp")):
            await asyncio.sleep(0.5)
    dead.close()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def catches_up(centre: Centre, slow: ClientConnection, start: int, end: int) -> None:
    """A slow console that reads again has every fact once, in order."""
    got = await read_on(slow, end)
    await slow.close()
    if not got or got[-1] < end:  # it was let go: it comes back from where it was
        async with centre.console(centre.dana, got[-1] if got else start) as again:
            got += await read_on(again, end)
    assert got == list(range(start + 1, end + 1))


async def closed_with(socket: ClientConnection) -> int:
    """The code with which the server ends the feed."""
    async with asyncio.timeout(30):
        with pytest.raises(ConnectionClosed) as over:
            while True:
                await socket.recv()
    assert over.value.rcvd is not None
    return over.value.rcvd.code


async def test_the_feed_ends_with_the_session(centre: Centre) -> None:
    """Signing out closes one's feed with 4401, and so does being disabled by an administrator;
    other people's feeds go on."""
    kim, _ = await colleague(centre.dana, "kim")
    lee, lee_id = await colleague(centre.dana, "lee")
    after = await centre.head()
    async with (
        centre.console(centre.dana, after) as mine,
        centre.console(kim, after) as of_kim,
        centre.console(lee, after) as of_lee,
    ):
        await kim.ask("DELETE", "/v1/session")
        await centre.dana.ask("PATCH", f"/v1/users/{lee_id}", {"disabled": True})
        assert await closed_with(of_kim) == 4401
        assert await closed_with(of_lee) == 4401
        await centre.write_notes(4)
        assert len(await read_on(mine, after + 4)) == 4
    await kim.close()
    await lee.close()
