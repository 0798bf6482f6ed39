"""The feed: the same messages to 200 consoles, against a bare WebSocket server that sends them."""

import asyncio
import contextlib
import json
import multiprocessing
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from bench.report import Measured
from ringdown.console.feed import FeedHub, encode_fact
from ringdown.console.http import routes
from ringdown.core.events import Fact, FactRecord
from ringdown.core.principal import Principal
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase, metadata
from ringdown.runtime.facts import Facts, SqlFactStore, Stored
from ringdown.runtime.http import install
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.sockets import FirmWebSockets
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics

CONSOLES = 200
MESSAGES = 400
AT_ONCE = 20
ROUNDS = 3
CENTRE = "centre_bench"
VIEWER = Principal("user", "user_bench", "Bench", CENTRE, frozenset({"incidents:read"}))


class Said(Fact):
    """A message of the size of a short utterance."""

    kind: ClassVar[str] = "bench.said.v1"
    number: int
    text: str = "there is smoke behind the school and I can hear somebody inside " * 3


def _serve(kind: str, ready: Any, folder: str) -> None:
    asyncio.run(_server(kind, ready, Path(folder)))


async def _server(kind: str, ready: Any, folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    async with contextlib.AsyncExitStack() as stack:
        app = await stack.enter_async_context(_ours(folder) if kind == "ours" else _bare())
        config = uvicorn.Config(
            app, host="127.0.0.1", port=port, lifespan="off",
            ws=FirmWebSockets if kind == "ours" else "websockets-sansio",
            log_level="error", ws_per_message_deflate=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve())
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event
                await asyncio.sleep(0.01)
            ready.send(port)


def _sample() -> str:
    now = SystemClock().now()
    return encode_fact(
        Stored(1, FactRecord(1, "evt_" + "0" * 26, now, Said(centre_id=CENTRE, number=1)))
    )


@contextlib.asynccontextmanager
async def _bare() -> AsyncIterator[Any]:
    """A bare server: whoever posts has the message sent to everybody connected."""
    sockets: set[WebSocket] = set()
    text = _sample()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            web = WebSocket(scope, receive, send)
            await web.accept()
            sockets.add(web)
            try:
                while (await web.receive())["type"] != "websocket.disconnect":
                    pass
            finally:
                sockets.discard(web)
            return
        for _ in range(MESSAGES // AT_ONCE):
            for _ in range(AT_ONCE):
                for web in list(sockets):
                    await web.send_text(text)
            await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    yield app


@contextlib.asynccontextmanager
async def _ours(folder: Path) -> AsyncIterator[Any]:
    """The product's feed over its own log."""
    db = SqlDatabase(f"sqlite:///{folder / 'bench.sqlite3'}")
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    clock = SystemClock()
    facts = Facts(SqlFactStore(), clock, SystemIds(clock), [Said])
    hub = FeedHub(db, facts)

    class _Quiet:
        def signal(self, signal: object) -> None: ...

    async def authenticate(_connection: HTTPConnection) -> Principal:
        return VIEWER

    async def still(_principal: Principal) -> bool:
        return True

    async def ready() -> bool:
        return True

    app = FastAPI(openapi_url=None)
    made = routes(None, hub, Lamps(clock, _Quiet()), Metrics(), still, ready=ready)  # type: ignore[arg-type]

    @made.post("/write", permission="incidents:read")
    async def write() -> dict[str, int]:
        for start in range(0, MESSAGES, AT_ONCE):
            async with db.write() as tx:
                said = [Said(centre_id=CENTRE, number=start + n) for n in range(AT_ONCE)]
                await facts.append(tx, *said)
        return {}

    install(app, authenticate, [made])
    async with Tasks() as tasks:
        tasks.spawn("hub", hub.run())
        yield app
    await db.close()


async def _listen(port: int, kind: str, connected: asyncio.Barrier, go: asyncio.Event) -> float:
    path = "/v1/console/feed?after=999999999" if kind == "ours" else "/"
    async with connect(
        f"ws://127.0.0.1:{port}{path}", compression=None, proxy=None, max_queue=None
    ) as web:
        if kind == "ours":
            while json.loads(await web.recv())["type"] != "ready":
                pass
        await connected.wait()
        await go.wait()
        count = 0
        while count < MESSAGES:
            text = await web.recv()
            count += '"fact"' in text[:20]
        return time.perf_counter()


async def _clients(port: int, kind: str) -> float:
    """Messages a second that reached all the consoles together."""
    connected = asyncio.Barrier(CONSOLES + 1)
    go = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        listening = [group.create_task(_listen(port, kind, connected, go)) for _ in range(CONSOLES)]
        await connected.wait()
        async with httpx.AsyncClient(timeout=120, trust_env=False) as http:
            go.set()
            began = time.perf_counter()
            await http.post(f"http://127.0.0.1:{port}/write")
    return CONSOLES * MESSAGES / (max(task.result() for task in listening) - began)


def _measure(kind: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(kind, theirs, folder), daemon=True
        )
        process.start()
        try:
            port = mine.recv()
            return asyncio.run(_clients(port, kind))
        finally:
            process.terminate()
            process.join()


def run() -> Measured:
    """Both in turn, three rounds; the median of the ratios counts."""
    rounds = [(_measure("bare"), _measure("ours")) for _ in range(ROUNDS)]
    ratios = sorted(ours / bare for bare, ours in rounds)
    ratio = ratios[len(ratios) // 2]
    return Measured(
        title=f"Feed to {CONSOLES} consoles",
        asked="at least 80 % of a bare uvicorn WebSocket server sending the same messages",
        got=f"{ratio:.0%} of it",
        met=ratio >= 0.8,
        rows={
            "consoles": CONSOLES,
            "bytes a message": len(_sample()),
            "messages a second, bare (each round)": [round(bare) for bare, _ in rounds],
            "messages a second, ours (each round)": [round(ours) for _, ours in rounds],
            "ratio (each round)": [f"{ours / bare:.0%}" for bare, ours in rounds],
        },
        how=(
            f"{MESSAGES} facts, {AT_ONCE} to a transaction, written to SQLite and read back by the "
            f"hub, to {CONSOLES} connections of one client process; the peer sends the same bytes "
            "from memory to as many. Server and client share the machine's cores."
        ),
    )
