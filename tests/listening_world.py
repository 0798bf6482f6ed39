"""Listening put together for tests: one call, workers that a test scripts, any rooms."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.calls.api import CallView, LegView
from ringdown.core.errors import NotFound
from ringdown.core.events import Value
from ringdown.core.principal import Principal
from ringdown.listening.fakes import MemoryListeningStore, MemoryRooms
from ringdown.listening.lane import PlayoutLane
from ringdown.listening.model.protocol import (
    Close,
    Closed,
    Gains,
    Heard,
    Joined,
    Legs,
    Open,
    Opened,
    Ping,
    Pong,
    Ready,
    State,
    decode_order,
    encode,
)
from ringdown.listening.service import ListeningService
from ringdown.listening.settings import ListeningSettings
from ringdown.media.folders import Folders, LegPlace
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.testing.clock import START

DANA = Principal(
    "user", "user_1", "Dana", "a", frozenset({"media:listen", "session:self"}), "ses_1"
)
SUPERVISOR = Principal("user", "user_2", "Sam", "a", frozenset({"audit:read"}), "ses_2")
PARTNER = Principal("client", "client_1", "Responders", "a", frozenset({"incident_events"}))
STRANGER = Principal("client", "client_9", "Elsewhere", "b", frozenset({"incident_events"}))


class LoopClock:
    """The running loop's time as a clock: virtual in a virtual loop."""

    def now(self):
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def leg(side: str = "caller", state: str = "recording", duration: int | None = None) -> LegView:
    return LegView(
        leg_id=f"leg_{side}", side=side, started_at="2026-03-01T03:00:00.000Z", start_ms=0,  # type: ignore[arg-type]
        codec="pcmu", rate=8000, state=state, duration_ms=duration,  # type: ignore[arg-type]
    )  # fmt: skip


def call_view(state: str = "active", legs: tuple[LegView, ...] = (leg(),)) -> CallView:
    return CallView(
        call_id="call_1", external_id="x", source="test", direction="inbound", state=state,  # type: ignore[arg-type]
        started_at="2026-03-01T03:00:00.000Z", answered_at=None, ended_at=None, end_reason=None,
        ani=None, ali=None, demo=False, assigned_to=None, attention=None, legs=list(legs),
    )  # fmt: skip


class OneCall:
    """The call `call_1` of centre `a`; its files lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.view = call_view()

    async def get(self, principal: Principal, call_id: str) -> CallView:
        return await self.read(None, principal.centre_id, call_id)

    async def read(self, tx: object, centre_id: str, call_id: str) -> CallView:
        if (centre_id, call_id) != ("a", "call_1"):
            raise NotFound("there is no such call")
        return self.view

    def place(self, centre_id: str, call_id: str, leg_id: str) -> LegPlace:
        return LegPlace(Folders(self.folder), centre_id, call_id, leg_id)


@dataclass
class ScriptedWorker:
    """A worker that answers pings and says what the test tells it to say."""

    number: int
    pid: int
    orders: list[Value] = field(default_factory=list)
    reports: asyncio.Queue = field(default_factory=asyncio.Queue)
    killed: bool = False
    hangs: bool = False
    last_heard: tuple[tuple[int, int], ...] = ()
    """What it tells before it says `closed`."""

    async def send(self, line: bytes) -> None:
        order = decode_order(line)
        if isinstance(order, Ping):
            if not self.hangs:
                self.tell(Pong(number=order.number))
            return
        self.orders.append(order)
        if isinstance(order, Open):
            self.tell(Opened(session_id=order.session_id))
        if isinstance(order, Close):
            if self.last_heard:
                self.tell(Heard(session_id=order.session_id, stretches=self.last_heard))
            self.tell(Closed(session_id=order.session_id))

    async def lines(self) -> AsyncIterator[bytes]:
        while (line := await self.reports.get()) is not None:
            yield line

    def tell(self, report: Value) -> None:
        self.reports.put_nowait(encode(report))

    def kill(self) -> None:
        self.killed = True
        self.reports.put_nowait(None)

    async def close(self) -> None:
        self.kill()

    def opened(self) -> list[Open]:
        return [order for order in self.orders if isinstance(order, Open)]

    def closed(self) -> list[str]:
        return [order.session_id for order in self.orders if isinstance(order, Close)]

    def legs(self) -> list[Legs]:
        return [order for order in self.orders if isinstance(order, Legs)]

    def joined(self, session_id: str) -> None:
        self.tell(Joined(session_id=session_id))

    def stands(self, session_id: str, position: int, **changes: object) -> None:
        given = {"duration": 90_000, "paused": False, "at_edge": False, "gains": Gains()} | changes
        self.tell(State(session_id=session_id, position=position, **given))  # type: ignore[arg-type]


class Theatre:
    """Listening on a memory database; a second one on the same database is a restart."""

    def __init__(self, tasks: Tasks, folder: Path, *, before: "Theatre | None" = None, **settings):
        self.tasks = tasks
        self.started: list[ScriptedWorker] = []
        self.ready = True
        self.gone: set[str] = set()
        self.clock = LoopClock()
        self.settings = ListeningSettings(**{"ready_within_s": 0, **settings})
        self.db = before.db if before else MemoryDatabase()
        self.calls = before.calls if before else OneCall(folder)
        self.rooms = before.rooms if before else MemoryRooms()
        self.rows = before.rows if before else MemoryAuditStore()
        self.audit = AuditLog(self.rows, self.clock)
        self.metrics = Metrics()
        self.listening = ListeningService(
            self.db, MemoryListeningStore(), self.rooms, calls=self.calls, places=self.calls,
            audit=self.audit, clock=self.clock, ids=SystemIds(self.clock),
            settings=self.settings, metrics=self.metrics, still_valid=self.still_valid,
        )  # fmt: skip
        self.lane = PlayoutLane(
            self.start, self.clock, self.settings, self.metrics,
            order_of=self.listening.order_of, on_report=self.listening.on_report,
        )  # fmt: skip
        self.listening.play_with(self.lane)
        self.running = tasks.spawn("listening", self.listening.run())

    async def still_valid(self, principal: Principal) -> bool:
        secret = principal.token and principal.token.secret
        return principal.id not in self.gone and secret not in self.gone

    async def start(self, number: int) -> ScriptedWorker:
        worker = ScriptedWorker(number, 1000 + len(self.started))
        self.started.append(worker)
        if self.ready:
            worker.tell(Ready())
        return worker

    async def audited(self) -> list[tuple[str, str, dict]]:
        async with self.db.read() as tx:
            rows = await self.rows.rows(tx, "a", after=0, limit=1000)
        return [(row.tag, row.subject, dict(row.details)) for row in rows]

    async def states(self) -> list[tuple[str, str | None]]:
        return [(s.state, s.closed_because) for s in await self.listening.sessions(SUPERVISOR)]
