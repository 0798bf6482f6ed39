"""Transcript sockets without the rest of the product: words are said by hand, tokens are made up."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from fastapi import FastAPI

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.calls.api import CallView
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import NotFound, Unavailable
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.api import TokenExpired, TokenRefused
from ringdown.media import events as media_events
from ringdown.partners.cable import SCOPE, CableService, Gone
from ringdown.partners.cable_http import cable_routes
from ringdown.partners.cable_streams import Streams
from ringdown.partners.model import incident_uuid
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.runtime.facts import Facts, FactStore, MemoryFactStore
from ringdown.runtime.http import install
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.serving import Server
from ringdown.runtime.sockets import FirmWebSockets
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.speech import events as speech_events
from ringdown.speech.api import UtteranceView, WordView
from ringdown.speech.events import UtteranceFinalised, UtterancePartial
from ringdown.testing.clock import START, ManualClock

CENTRE, CALL = "centre_a", "call_1"
INCIDENT = incident_uuid(CALL)
SIDES = {"leg_c": "caller", "leg_t": "call_taker"}
PARTNER = Principal("client", "client_p", "Partner", CENTRE, frozenset({SCOPE}))


def words(text: str, start_ms: int, step_ms: int = 300) -> tuple[WordView, ...]:
    return tuple(
        WordView(
            word=word, start_ms=start_ms + n * step_ms, end_ms=start_ms + (n + 1) * step_ms - 20,
            confidence=0.9, timing_estimated=True, doubtful=False,
        )
        for n, word in enumerate(text.split())
    )  # fmt: skip


def utterance(
    text: str, start_ms: int, *, leg: str = "leg_c", revision: int = 1, call_id: str = CALL
) -> UtteranceView:
    spoken = words(text, start_ms)
    return UtteranceView(
        utterance_id=f"utt_{leg}_{start_ms}",
        call_id=call_id,
        leg_id=leg,
        side=SIDES[leg],
        start_ms=start_ms,
        end_ms=spoken[-1].end_ms if spoken else start_ms,
        text=text,
        revision=revision,
        engine="test",
        doubtful=False,
        words=spoken,
    )


def a_call(call_id: str) -> CallView:
    return CallView(
        call_id=call_id, external_id="x", source="test", direction="inbound", state="active",
        started_at=iso(START), answered_at=None, ended_at=None, end_reason=None, ani=None,
        ali=None, demo=False, assigned_to=None, attention=None, legs=[],
    )  # fmt: skip


@dataclass
class Tokens:
    """Access tokens by name."""

    known: dict[str, Principal] = field(default_factory=lambda: {"good": PARTNER})
    old: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    expired: bool = False

    async def principal_of(self, token: Sensitive[str], *, source: str = "unknown") -> Principal:
        text = token.reveal("a test")
        if text in self.old:
            raise TokenExpired
        if text not in self.known or self.known[text].id in self.stopped:
            raise TokenRefused
        return self.known[text]

    async def may_begin(self, principal: Principal) -> bool:
        return not self.expired and await self.may_go_on(principal)

    async def may_go_on(self, principal: Principal) -> bool:
        return principal.id not in self.stopped


@dataclass
class World:
    """One machine with calls on it."""

    clock: Clock
    ids: IdSource
    db: Database = field(default_factory=MemoryDatabase)
    store: FactStore = field(default_factory=MemoryFactStore)
    tokens: Tokens = field(default_factory=Tokens)
    calls: dict[str, str] = field(default_factory=lambda: {CALL: CENTRE})
    said: dict[str, list[UtteranceView]] = field(default_factory=dict)
    database_away: bool = False

    def __post_init__(self) -> None:
        kinds = (*speech_events.FACTS, *media_events.FACTS)
        self.facts = Facts(self.store, self.clock, self.ids, kinds)
        self.audit_store = MemoryAuditStore()
        self.audit_db = MemoryDatabase()
        self.start()

    def start(self) -> None:
        """What is in memory, as it is after a start."""
        self.streams = Streams(self.db, self.facts, self, self, self.clock, self.ids)  # type: ignore[arg-type]
        self.service = CableService(
            self.audit_db, self.streams, self, self.tokens,  # type: ignore[arg-type]
            AuditLog(self.audit_store, self.clock), self.clock, self.ids, Metrics(),
        )  # fmt: skip

    # what the service asks for

    async def call_of(self, centre_id: str, incident_id: str) -> str | None:
        if self.database_away:
            raise Unavailable("the database is away")
        found = (call for call in self.calls if incident_uuid(call) == incident_id)
        call_id = next(found, None)
        return call_id if call_id and self.calls[call_id] == centre_id else None

    async def read(self, tx: Any, centre_id: str, call_id: str) -> CallView:
        if self.calls.get(call_id) != centre_id:
            raise NotFound("no such call")
        return a_call(call_id)

    async def read_in(self, tx: Any, centre_id: str, call_id: str) -> list[UtteranceView]:
        return list(self.said.get(call_id, []))

    # what happens

    async def final(self, text: str, start_ms: int, **options: Any) -> UtteranceView:
        told = utterance(text, start_ms, **options)
        centre = self.calls[told.call_id]
        async with self.db.write() as tx:
            self.said.setdefault(told.call_id, []).append(told)
            fact = UtteranceFinalised(centre_id=centre, call_id=told.call_id, utterance=told)
            await self.facts.append(tx, fact)
        return told

    def partial(self, text: str, start_ms: int, **options: Any) -> UtteranceView:
        told = utterance(text, start_ms, **options)
        centre = self.calls[told.call_id]
        self.streams.partial(
            UtterancePartial(centre_id=centre, call_id=told.call_id, utterance=told)
        )
        return told

    def held(self, side: str, call_id: str = CALL) -> list[dict[str, Any]]:
        """What every partner must hold."""
        stream = self.streams._streams.get(call_id)
        if stream is None or stream.transcript is None:
            return []
        return [json.loads(text) for text in stream.transcript.held(side)]

    def audited(self) -> list[tuple[str, str, str]]:
        """What the audit log says: act, of what, by whom."""
        rows = self.audit_db._tables.get("audit_rows", {}).values()
        return [(row.tag, row.subject, row.actor_id) for row in rows]

    def head(self, call_id: str = CALL) -> int:
        return self.streams._streams[call_id].head


def manual() -> World:
    return World(ManualClock(), SystemIds(ManualClock()))


@dataclass
class FakeSocket:
    """A WebSocket in memory. While `stuck`, nothing is taken."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    inbox: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    stuck: asyncio.Event | None = None
    closed: bool = False

    async def receive(self) -> str | None:
        return await self.inbox.get()

    async def send(self, text: str) -> None:
        if self.stuck is not None:
            await self.stuck.wait()
        if self.closed:
            raise Gone
        self.sent.append(json.loads(text))

    async def close(self) -> None:
        self.closed = True

    def command(self, command: str, **fields: Any) -> None:
        self.inbox.put_nowait(json.dumps({"command": command, **fields}))

    def data(self) -> list[dict[str, Any]]:
        return [frame for frame in self.sent if "message" in frame and "type" not in frame]

    def types(self) -> list[str]:
        return [frame.get("type", "data") for frame in self.sent]


def replaced(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a partner holds after these data frames, by the documented rule."""
    held: list[dict[str, Any]] = []
    for frame in frames:
        new = frame["message"]["words"]
        speaker, since = new[0]["speaker"], new[0]["started_at"]
        held = [w for w in held if w["speaker"] != speaker or w["started_at"] < since]
        held += new
    return held


def text_of(held: list[dict[str, Any]], speaker: str = "Caller") -> str:
    return " ".join(word["word"] for word in held if word["speaker"] == speaker)


def with_token(principal: Principal, **changes: Any) -> Principal:
    return replace(principal, **changes)


@asynccontextmanager
async def serving(world: World, port: int = 0) -> AsyncIterator[int]:
    """The world behind a real web server on loopback, as the product runs it; yields its port."""
    app = FastAPI(openapi_url=None)

    async def nobody(_connection: Any) -> None:
        return None

    install(app, nobody, [cable_routes(world.service, world.tokens)])  # type: ignore[arg-type]
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        port = taken.getsockname()[1]
        taken.listen()
        config = uvicorn.Config(
            app, lifespan="off", ws=FirmWebSockets, log_level="critical", log_config=None,
            timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = Server(config)
        async with Tasks() as tasks:
            tasks.spawn("streams", world.streams.run())
            tasks.spawn("watch", world.service.watch())
            served = tasks.spawn("http", server.serve(sockets=[taken]))
            while not server.started:
                await asyncio.sleep(0.01)
            try:
                yield port
            finally:
                await world.service.stop()
                server.should_exit = True
                await served
