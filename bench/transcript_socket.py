"""The transcript socket: a fact to its frame, 200 partners on one call, beside a bare server."""

import asyncio
import contextlib
import json
import multiprocessing
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from bench.report import Measured, percentile
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.calls.api import CallView
from ringdown.core.clock import iso
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.partners.cable import SCOPE, CableService
from ringdown.partners.cable_http import cable_routes
from ringdown.partners.cable_streams import Streams
from ringdown.partners.model import incident_uuid
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase, Tx, metadata
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.http import PUBLIC, Routes, install
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.sockets import FirmWebSockets
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.speech.api import UtteranceView, WordView
from ringdown.speech.events import FACTS, UtteranceFinalised
from ringdown.wire.actioncable import EXTENDED

PARTNERS = 200
FACTS_SENT = 200
EVERY_S = 0.05
"""Twenty utterances a second: more than twice what two people say with every revision counted."""
WORDS = 8
ROUNDS = 3
CENTRE, CALL = "centre_bench", "call_bench"
PARTNER = Principal("client", "client_bench", "Bench", CENTRE, frozenset({SCOPE}))
IDENTIFIER = json.dumps({"channel": "PartnerEventsChannel", "incident_id": incident_uuid(CALL)})
STAMP = "stamp"
Write = Callable[[int], Awaitable[None]]


def _stamped() -> str:
    """The first word of an utterance: when it was said, on the clock that both processes share."""
    return f"{STAMP}{time.monotonic_ns()}."


def _utterance(number: int) -> UtteranceView:
    texts = [_stamped(), *(["behind"] * (WORDS - 1))]
    start = number * 2_000
    words = tuple(
        WordView(
            word=text, start_ms=start + n * 200, end_ms=start + n * 200 + 180, confidence=0.9,
            timing_estimated=True, doubtful=False,
        )
        for n, text in enumerate(texts)
    )  # fmt: skip
    return UtteranceView(
        utterance_id=f"utt_{number}", call_id=CALL, leg_id="leg_bench", side="caller",
        start_ms=start, end_ms=start + 1_800, text=" ".join(texts), revision=1, engine="bench",
        doubtful=False, words=words,
    )  # fmt: skip


class _Around:
    """What the socket asks of the rest: one call, one partner, nothing said before."""

    async def call_of(self, _centre_id: str, _incident_id: str) -> str | None:
        return CALL

    async def read(self, _tx: Tx, _centre_id: str, _call_id: str) -> CallView:
        return CallView(
            call_id=CALL, external_id="x", source="bench", direction="inbound", state="active",
            started_at=iso(SystemClock().now()), answered_at=None, ended_at=None, end_reason=None,
            ani=None, ali=None, demo=False, assigned_to=None, attention=None, legs=[],
        )  # fmt: skip

    async def read_in(self, _tx: Tx, _centre_id: str, _call_id: str) -> list[UtteranceView]:
        return []

    async def principal_of(self, _token: Sensitive[str], *, source: str = "") -> Principal:  # noqa: ARG002
        return PARTNER

    async def may_begin(self, _principal: Principal) -> bool:
        return True

    async def may_go_on(self, _principal: Principal) -> bool:
        return True


async def _anybody(_connection: HTTPConnection) -> None:
    return None


async def _at_pace(write: Write) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(FACTS_SENT):
        await asyncio.sleep(max(began + number * EVERY_S - loop.time(), 0))
        await write(number)


@contextlib.asynccontextmanager
async def _ours(folder: Path) -> AsyncIterator[Any]:
    """The product's socket over its own log in SQLite."""
    db = SqlDatabase(f"sqlite:///{folder / 'bench.sqlite3'}")
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    clock = SystemClock()
    ids, around = SystemIds(clock), _Around()
    facts = Facts(SqlFactStore(), clock, ids, FACTS)
    streams = Streams(db, facts, around, around, clock, ids)  # type: ignore[arg-type]
    audit = AuditLog(SqlAuditStore(), clock)
    service = CableService(db, streams, around, around, audit, clock, ids, Metrics())  # type: ignore[arg-type]
    routes = Routes("bench")

    @routes.post("/write", permission=PUBLIC)
    async def write() -> dict[str, int]:
        async def one(number: int) -> None:
            fact = UtteranceFinalised(centre_id=CENTRE, call_id=CALL, utterance=_utterance(number))
            async with db.write() as tx:
                await facts.append(tx, fact)

        await _at_pace(one)
        return {}

    app = FastAPI(openapi_url=None)
    install(app, _anybody, [routes, cable_routes(service, around)])  # type: ignore[arg-type]
    async with Tasks() as tasks:
        tasks.spawn("streams", streams.run())
        yield app
    await db.close()


@contextlib.asynccontextmanager
async def _bare(_folder: Path) -> AsyncIterator[Any]:
    """A bare server: whoever posts has a text of the same size sent to everybody connected."""
    sockets: set[WebSocket] = set()
    padding = "x" * 2_500

    async def one(_number: int) -> None:
        text = f'{{"word":"{_stamped()}","padding":"{padding}"}}'
        for web in list(sockets):
            await web.send_text(text)

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
        await _at_pace(one)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    yield app


def _serve(kind: str, ready: Any, folder: str) -> None:
    asyncio.run(_server(kind, ready, Path(folder)))


async def _server(kind: str, ready: Any, folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(PARTNERS)
        port = taken.getsockname()[1]
        async with (_ours if kind == "ours" else _bare)(folder) as app:
            config = uvicorn.Config(
                app, lifespan="off", log_level="error", ws_per_message_deflate=False,
                ws=FirmWebSockets if kind == "ours" else "websockets-sansio",
            )  # fmt: skip
            server = uvicorn.Server(config)
            async with asyncio.TaskGroup() as group:
                group.create_task(server.serve(sockets=[taken]))
                while not server.started:  # noqa: ASYNC110 - uvicorn has no event
                    await asyncio.sleep(0.01)
                ready.send(port)


async def _listen(
    port: int, kind: str, connected: asyncio.Barrier, took: list[float], sizes: set[int]
) -> None:
    path = "/cable?token=bench" if kind == "ours" else "/"
    async with connect(
        f"ws://127.0.0.1:{port}{path}", compression=None, proxy=None, max_queue=None,
        subprotocols=[EXTENDED] if kind == "ours" else None,  # type: ignore[list-item]
    ) as web:  # fmt: skip
        if kind == "ours":
            await web.send(json.dumps({"command": "subscribe", "identifier": IDENTIFIER}))
            while '"confirm_subscription"' not in str(await web.recv()):
                pass
        await connected.wait()
        count = 0
        while count < FACTS_SENT:
            text = str(await web.recv())
            now = time.monotonic_ns()
            # Several utterances may come in one frame; each counts.
            for piece in text.split(STAMP)[1:]:
                took.append((now - int(piece[: piece.index(".")])) / 1e6)
                count += 1
                sizes.add(len(text))


async def _clients(port: int, kind: str) -> tuple[list[float], int]:
    """The milliseconds that each frame took to each partner, and the size of a frame."""
    connected = asyncio.Barrier(PARTNERS + 1)
    took: list[float] = []
    sizes: set[int] = set()
    async with asyncio.TaskGroup() as group:
        for _ in range(PARTNERS):
            group.create_task(_listen(port, kind, connected, took, sizes))
        await connected.wait()
        async with httpx.AsyncClient(timeout=300, trust_env=False) as http:
            await http.post(f"http://127.0.0.1:{port}/write")
    return took, min(sizes)


def _measure(kind: str) -> tuple[list[float], int]:
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(kind, theirs, folder), daemon=True
        )
        process.start()
        try:
            return asyncio.run(_clients(mine.recv(), kind))
        finally:
            process.terminate()
            process.join()


def run() -> Measured:
    """Both in turn, three rounds; the median of the rounds' 99th percentiles counts."""
    rounds = [(_measure("bare"), _measure("ours")) for _ in range(ROUNDS)]

    def of(which: int, share: float) -> list[float]:
        return [round(percentile(one[which][0], share), 1) for one in rounds]

    late = sorted(of(1, 0.99))[ROUNDS // 2]
    return Measured(
        title=f"Transcript socket, {PARTNERS} partners on one call",
        asked="p99 of at most 100 ms from a fact to its frame",
        got=f"p99 {late:.0f} ms",
        met=late <= 100,
        rows={
            "partners": PARTNERS,
            "utterances a second": round(1 / EVERY_S),
            "frames a second": round(PARTNERS / EVERY_S),
            "bytes a frame, bare and ours": [rounds[0][0][1], rounds[0][1][1]],
            "p50, bare (ms, each round)": of(0, 0.5),
            "p50, ours (ms, each round)": of(1, 0.5),
            "p99, bare (ms, each round)": of(0, 0.99),
            "p99, ours (ms, each round)": of(1, 0.99),
        },
        how=(
            f"{FACTS_SENT} utterances of {WORDS} words, each a transaction in SQLite, are read "
            f"back from the log, made into events and sent to {PARTNERS} extended connections of "
            "one client process. Timed from before the transaction to the frame in the client. The "
            "peer sends about as many bytes from memory, without any log. Server and client share "
            "the machine's cores."
        ),
    )
