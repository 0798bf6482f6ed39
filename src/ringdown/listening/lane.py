"""The playout lane: keeps the workers alive and every session with one of them.

A worker that ends, or is silent for longer than it should be, is killed and replaced; its
sessions go on at once in another worker, or in the new one as soon as it is ready. What a session
is, and where it stands, is the service's to know: the lane asks it for each order to open one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from ringdown.core.clock import Clock
from ringdown.core.errors import RingdownError, Unavailable
from ringdown.core.events import Value
from ringdown.listening.model.protocol import (
    Close,
    Closed,
    Failed,
    Heard,
    Here,
    Joined,
    Left,
    Legs,
    Open,
    Opened,
    Ping,
    Pong,
    Ready,
    Report,
    State,
    Stats,
    decode_report,
    encode,
)
from ringdown.listening.settings import ListeningSettings
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import Metrics, get_logger
from ringdown.runtime.workers import WorkerFactory, WorkerProcess

PING_EVERY_S = 0.5
RESTART_S = (0.05, 0.2, 0.5, 1, 2, 5)
AGAIN_S = 0.5

Of = Opened | Joined | Left | State | Heard | Failed | Closed
"""Reports that are about one session."""
OrderOf = Callable[[str], Awaitable[Open | None]]
"""The order to open a session as it stands now; None when it is over."""
OnReport = Callable[[Of], Awaitable[None]]


class PlayoutWorkerLost(Unavailable):
    """A playout worker ended or hung; another takes over."""

    code: ClassVar[str] = "listening.worker.lost"
    action: ClassVar[str] = "It is replaced by itself; if this repeats, read the worker's log."


@dataclass
class _Slot:
    number: int
    process: WorkerProcess | None = None
    ready: bool = False
    seen_at: float = 0.0
    stats: Stats | None = None
    reports: deque[Of | Ready] = field(default_factory=deque[Of | Ready])
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def keep(self, report: Of | Ready) -> None:
        """Queue a report; of a session's states only the newest waits."""
        if isinstance(report, State):
            for at in range(len(self.reports) - 1, -1, -1):
                known = self.reports[at]
                if isinstance(known, Ready) or known.session_id != report.session_id:
                    continue
                if isinstance(known, State):
                    self.reports[at] = report
                    return
                break
        self.reports.append(report)
        self.wake.set()


class PlayoutLane:
    """Owns the worker processes for as long as `run` runs."""

    def __init__(
        self,
        start_worker: WorkerFactory,
        clock: Clock,
        settings: ListeningSettings,
        metrics: Metrics,
        *,
        order_of: OrderOf,
        on_report: OnReport,
    ) -> None:
        self._start_worker = start_worker
        self._clock = clock
        self._settings = settings
        self._order_of = order_of
        self._on_report = on_report
        self._slots = [_Slot(number) for number in range(settings.workers)]
        self._sessions: dict[str, int | None] = {}
        """Which slot has each session; None while none has it."""
        self._call_keys: dict[str, str] = {}
        self._placing = asyncio.Lock()
        self._log = get_logger("listening.lane")
        self._restarts = metrics.counter(
            "ringdown_playout_worker_restarts_total", "Playout workers that were replaced."
        )
        self._moves = metrics.counter(
            "ringdown_playout_sessions_moved_total",
            "Listening sessions taken up by a worker again.",
        )
        names = ("worker",)
        self._cpu = metrics.counter(
            "ringdown_playout_cpu_seconds_total", "Processor time of playout workers.", names
        )
        self._late = metrics.counter(
            "ringdown_playout_late_ticks_total", "Times a listener may have heard a gap.", names
        )
        self._gaps = metrics.counter(
            "ringdown_playout_gaps_total", "Times a live recording did not come on in time.", names
        )
        self._lag = metrics.gauge(
            "ringdown_playout_edge_lag_seconds", "Most a live listener is behind the recording.",
            names,
        )  # fmt: skip
        self._shared = metrics.gauge(
            "ringdown_playout_shared_sessions", "Sessions that listen to a mix they share.", names
        )

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        return [slot.process.pid for slot in self._slots if slot.process is not None]

    @property
    def ready(self) -> int:
        """How many workers take orders."""
        return sum(slot.ready for slot in self._slots)

    async def add(self, session_id: str, call_key: str) -> None:
        """Have a session played from now on; repeating it changes nothing."""
        self._sessions.setdefault(session_id, None)
        self._call_keys[session_id] = call_key
        await self._place()

    async def again(self, session_id: str) -> None:
        """Have its worker join the session's room anew."""
        number = self._sessions.get(session_id)
        if number is None:
            await self._place()
            return
        order = await self._order_of(session_id)
        if order is not None and self._sessions.get(session_id) == number:
            await self._send(self._slots[number], order)

    async def remove(self, session_id: str) -> bool:
        """Play a session no longer; whether a worker had it and will say `closed`."""
        self._call_keys.pop(session_id, None)
        number = self._sessions.pop(session_id, None)
        if number is None:
            return False
        await self._send(self._slots[number], Close(session_id=session_id))
        return True

    async def here(self, session_id: str, *, present: bool) -> None:
        """Tell the worker of a session whether its listener is in the room."""
        number = self._sessions.get(session_id)
        if number is not None:
            await self._send(self._slots[number], Here(session_id=session_id, present=present))

    async def tell(self, legs: Legs) -> None:
        """Tell every worker that has a session of this call."""
        numbers = {
            number
            for session_id, number in self._sessions.items()
            if number is not None and self._call_keys.get(session_id) == legs.call_key
        }
        for number in sorted(numbers):
            await self._send(self._slots[number], legs)

    async def run(self) -> None:
        """Keep the workers alive until cancelled."""
        async with Tasks() as tasks:
            for slot in self._slots:
                tasks.supervise(
                    f"playout-worker-{slot.number}",
                    lambda slot=slot: self._keep(slot),
                    backoff_s=RESTART_S,
                )
            await asyncio.Event().wait()

    async def _keep(self, slot: _Slot) -> None:
        """One worker's life. Always raises: PlayoutWorkerLost, or OSError if it cannot start."""
        async with self._process(slot) as process, Tasks() as tasks:
            running = [
                tasks.spawn(f"playout-read-{slot.number}", self._receive(slot, process)),
                tasks.spawn(f"playout-handle-{slot.number}", self._handle_all(slot)),
                tasks.spawn(f"playout-watch-{slot.number}", self._watch(slot)),
            ]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            process.kill()  # it ended or hangs: there is nothing to wait for
            self._restarts.inc()
        await self._place()
        raise PlayoutWorkerLost("a playout worker was lost", details={"worker": slot.number})

    @asynccontextmanager
    async def _process(self, slot: _Slot) -> AsyncGenerator[WorkerProcess, None]:
        slot.seen_at = self._clock.monotonic()
        slot.reports.clear()
        process = await self._start_worker(slot.number)
        slot.process = process
        try:
            yield process
        finally:
            slot.process, slot.ready, slot.stats = None, False, None
            for session_id, number in self._sessions.items():
                if number == slot.number:
                    self._sessions[session_id] = None
            await process.close()

    async def _receive(self, slot: _Slot, process: WorkerProcess) -> None:
        """Read reports; returns when the worker is gone. Never waits for the database."""
        async for line in process.lines():
            report = decode_report(line)
            slot.seen_at = self._clock.monotonic()
            self._note(slot, report)
        self._log.warning("playout worker ended", worker=slot.number)

    def _note(self, slot: _Slot, report: Report) -> None:
        if isinstance(report, Ready):
            slot.ready = True
            slot.keep(report)
        elif isinstance(report, Stats):
            self._count(slot, report)
        elif not isinstance(report, Pong):
            mine = self._sessions.get(report.session_id, slot.number)
            # What a worker says of a session that another has by now counts for nothing; what
            # it says of one that is closed (the last seconds heard) does.
            if mine == slot.number:
                slot.keep(report)

    async def _handle_all(self, slot: _Slot) -> None:
        while True:
            while not slot.reports:
                slot.wake.clear()
                await slot.wake.wait()
            report = slot.reports.popleft()
            while not await self._handled(report):  # noqa: ASYNC110 - tried again, not polled
                await asyncio.sleep(AGAIN_S)

    async def _handled(self, report: Of | Ready) -> bool:
        """Pass a report on; False when the database did not take it and it must be tried again."""
        try:
            if isinstance(report, Ready):
                await self._place()
            else:
                await self._on_report(report)
        except Unavailable as error:
            self._log.error("a listening session waits for the database", code=error.code)
            return False
        return True

    async def _watch(self, slot: _Slot) -> None:
        """Ask whether it lives; return when it has been silent for too long.

        Silence is counted in our own turns, each with a chance to read: when it is we who were
        held up, no worker is to blame.
        """
        number, silent_s, seen_at = 0, 0.0, slot.seen_at
        while True:
            if slot.seen_at != seen_at:
                silent_s, seen_at = 0.0, slot.seen_at
            patience = self._settings.hang_after_s if slot.ready else self._settings.start_within_s
            if silent_s >= patience:
                self._log.error("playout worker hangs", worker=slot.number)
                return
            if slot.ready:
                number += 1
                await self._send(slot, Ping(number=number))
            await asyncio.sleep(PING_EVERY_S)
            silent_s += PING_EVERY_S

    async def _place(self) -> None:
        """Give every session that no worker has to the one with the fewest."""
        async with self._placing:
            for session_id in [s for s, number in self._sessions.items() if number is None]:
                ready = [slot for slot in self._slots if slot.ready and slot.process is not None]
                if not ready:
                    return
                try:
                    order = await self._order_of(session_id)
                except RingdownError as error:
                    # One session that cannot be opened keeps no other waiting.
                    self._log.error("a listening session cannot be placed", **describe(error))
                    continue
                if self._sessions.get(session_id, 0) is not None:
                    continue  # closed while we asked
                if order is None:
                    self._sessions.pop(session_id, None)
                    self._call_keys.pop(session_id, None)
                    continue
                slot = min(ready, key=self._load)
                if not slot.ready:
                    return  # lost while we asked; whoever is ready next places all
                self._sessions[session_id] = slot.number
                if order.restore is not None:
                    self._moves.inc()
                await self._send(slot, order)

    def _load(self, slot: _Slot) -> tuple[int, int]:
        return (sum(number == slot.number for number in self._sessions.values()), slot.number)

    async def _send(self, slot: _Slot, order: Value) -> None:
        if slot.process is not None:
            await slot.process.send(encode(order))

    def _count(self, slot: _Slot, stats: Stats) -> None:
        before = slot.stats or Stats(
            sessions=0, shared=0, cpu_ms=0, ticks=0, late_ticks=0, gaps=0, commands=0, refused=0
        )
        slot.stats, worker = stats, str(slot.number)
        self._cpu.labels(worker).inc(max(0, stats.cpu_ms - before.cpu_ms) / 1000)
        self._late.labels(worker).inc(max(0, stats.late_ticks - before.late_ticks))
        self._gaps.labels(worker).inc(max(0, stats.gaps - before.gaps))
        self._lag.labels(worker).set(stats.edge_lag_ms / 1000)
        self._shared.labels(worker).set(stats.shared)
