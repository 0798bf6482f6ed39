"""The worker: takes orders, keeps each session's room, and turns every call 50 times a second."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ringdown.core.clock import Clock
from ringdown.core.errors import RingdownError
from ringdown.core.events import Value
from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.pace import TICK_MS
from ringdown.listening.model.protocol import (
    Close,
    Closed,
    Failed,
    Here,
    Joined,
    Left,
    Legs,
    Open,
    Opened,
    Order,
    Ping,
    Pong,
    Ready,
    Stats,
)
from ringdown.listening.model.rules import PlayoutRules
from ringdown.listening.worker.call_audio import CallAudio
from ringdown.listening.worker.player import CallPlayer
from ringdown.listening.worker.publisher import (
    Came,
    Lost,
    Output,
    Packet,
    Publisher,
    PublisherFailed,
    Went,
)
from ringdown.listening.worker.session import Counts, Session
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import get_logger

STATS_S = 2.0
LATE_MS = 60
"""A turn this late may have been heard as a gap."""


class Worker:
    """Holds many rooms. `tell` takes reports and must not wait."""

    def __init__(
        self,
        publisher: Publisher,
        tell: Callable[[Value], None],
        *,
        clock: Clock,
        tasks: Tasks,
        rules: PlayoutRules,
        cpu_s: Callable[[], float],
    ) -> None:
        self._publisher = publisher
        self._tell = tell
        self._clock = clock
        self._tasks = tasks
        self._rules = rules
        self._cpu_s = cpu_s
        self._calls: dict[str, CallPlayer] = {}
        self._sessions: dict[str, Session] = {}
        self._rooms: dict[str, asyncio.Task[None]] = {}
        self._counts = Counts()
        self._loading: set[tuple[str, int]] = set()
        self._polls = ThreadPoolExecutor(1, "playout-poll")
        self._loads = ThreadPoolExecutor(2, "playout-load")
        self._ticks = 0
        self._late = 0
        self._gaps_gone = 0
        self._log = get_logger("listening.worker")

    def obey(self, order: Order) -> None:
        """Do as the server says; never waits."""
        match order:
            case Open():
                self._open(order)
            case Legs():
                call = self._calls.get(order.call_key)
                if call is not None:
                    call.audio.update(
                        order.legs, over=order.call_over, duration_ms=order.duration_ms
                    )
            case Here():
                self._here(order)
            case Close():
                self._close(order.session_id)
            case Ping():
                self._tell(Pong(number=order.number))

    async def run(self) -> None:
        """Turn until cancelled."""
        self._tasks.supervise("poll", self._poll)
        self._tell(Ready())
        next_at = stats_at = self._clock.monotonic()
        try:
            while True:
                now = self._clock.monotonic()
                if now - next_at > LATE_MS / 1000:
                    self._late += 1
                    next_at = now  # what was missed is not made up for in a burst
                self._ticks += 1
                for call in list(self._calls.values()):
                    call.turn(now)
                if now - stats_at >= STATS_S:
                    stats_at = now
                    self._say_stats()
                next_at += TICK_MS / 1000
                await asyncio.sleep(max(0.0, next_at - self._clock.monotonic()))
        finally:
            self._polls.shutdown(wait=False, cancel_futures=True)
            self._loads.shutdown(wait=False, cancel_futures=True)

    async def stop(self) -> None:
        """Leave every room."""
        outputs = [s.output for s in self._sessions.values() if s.output is not None]
        await asyncio.gather(*(output.close() for output in outputs), return_exceptions=True)

    # -- sessions and their rooms ----------------------------------------------------------------

    def _open(self, order: Open) -> None:
        call = self._calls.get(order.call_key)
        if call is None:
            call = self._calls[order.call_key] = CallPlayer(order.call_key, self._load)
        call.audio.update(order.legs, over=order.call_over, duration_ms=order.duration_ms)
        session = self._sessions.get(order.session_id)
        if session is None:
            session = Session(order, self._rules, self._tell, self._counts)
            self._sessions[order.session_id] = call.sessions[order.session_id] = session
        else:
            session.order = order
        before = self._rooms.pop(order.session_id, None)
        if before is not None:
            before.cancel()  # it leaves its room by itself: that may take a while, and nobody waits
        self._rooms[order.session_id] = self._tasks.spawn("room", self._room(session, call))

    def _close(self, session_id: str) -> None:
        room = self._rooms.pop(session_id, None)
        if room is not None:
            room.cancel()
        session = self._sessions.pop(session_id, None)
        if session is not None:
            if session.present:
                session.went(self._clock.monotonic())
            key = session.order.call_key
            call = self._calls[key]
            del call.sessions[session_id]
            if not call.sessions:
                self._gaps_gone += call.gaps
                del self._calls[key]
                self._loads.submit(call.audio.close)
        self._tell(Closed(session_id=session_id))

    async def _room(self, session: Session, call: CallPlayer) -> None:
        """Be in the session's room until it is lost or left."""
        output: Output | None = None
        try:
            # How the call stands must be known before the listener's coming is dealt with.
            await asyncio.get_running_loop().run_in_executor(self._loads, call.audio.poll)
            output = await self._publisher.open(
                session.order.url, Sensitive(session.order.token, "room.token")
            )
            session.output = output
            self._tell(Opened(session_id=session.session_id))
            if session.seated:
                self._came(session, call, self._clock.monotonic())
            await self._events(session, call, output)
        except RingdownError as error:
            self._failed(session, error.code)
        except Exception as error:  # noqa: BLE001 - the other sessions go on
            self._log.error("a room failed", error=type(error).__name__)
            self._failed(session, PublisherFailed.code)
        finally:
            if session.output is output and output is not None:
                if session.present:
                    session.lost(self._clock.monotonic())
                session.output = None
            if output is not None:
                await output.close()

    async def _events(self, session: Session, call: CallPlayer, output: Output) -> None:
        async for event in output.events():
            now = self._clock.monotonic()
            match event:
                case Came(identity) if identity == session.order.listener:
                    self._came(session, call, now)
                case Went(identity) if identity == session.order.listener:
                    self._went(session, now)
                case Came() | Went():
                    session.forget_kept()  # somebody else had the seat: it may have been theirs
                case Packet(identity="") if not session.seated:
                    session.keep(event, now)
                case Packet(identity=""):
                    mine = replace(event, identity=session.order.listener)
                    self._packet(session, call, mine, now)
                case Packet(identity=identity):
                    if identity == session.order.listener and not session.begun:
                        self._came(session, call, now)  # a command is the first we hear of them
                    self._packet(session, call, event, now)
                case Lost(code):
                    self._failed(session, code)
                    return

    def _came(self, session: Session, call: CallPlayer, now: float) -> None:
        if session.came(now, call.audio.duration, over=call.audio.over):
            self._tell(Joined(session_id=session.session_id))
        call.turn(now)
        for packet in session.kept(now) if session.seated else ():
            self._packet(session, call, packet, now)

    def _went(self, session: Session, now: float) -> None:
        if session.present:
            session.went(now)
            session.say_state()
            self._tell(Left(session_id=session.session_id))

    def _packet(self, session: Session, call: CallPlayer, packet: Packet, now: float) -> None:
        if session.present and session.packet(packet, now):
            call.turn(now)

    def _here(self, order: Here) -> None:
        session, now = self._sessions.get(order.session_id), self._clock.monotonic()
        if session is None:
            return
        session.seated = order.present
        if session.output is None:
            return  # the worker is on its way into the room
        if order.present:
            self._came(session, self._calls[session.order.call_key], now)
        else:
            self._went(session, now)

    def _failed(self, session: Session, code: str) -> None:
        if session.present:
            session.lost(self._clock.monotonic())
            session.say_state()
        self._tell(Failed(session_id=session.session_id, code=code))

    # -- the recording ---------------------------------------------------------------------------

    async def _poll(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            for call in list(self._calls.values()):
                await loop.run_in_executor(self._polls, call.audio.poll)
            await asyncio.sleep(TICK_MS / 1000)

    def _load(self, audio: CallAudio, position: int) -> None:
        key = next((k for k, call in self._calls.items() if call.audio is audio), None)
        wanted = (key or "", position // 1000)
        if key is None or wanted in self._loading:
            return
        self._loading.add(wanted)
        self._tasks.spawn("load", self._load_and_turn(wanted, self._calls[key], position))

    async def _load_and_turn(
        self, wanted: tuple[str, int], call: CallPlayer, position: int
    ) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._loads, call.audio.load, position)
        finally:
            self._loading.discard(wanted)
        call.turn(self._clock.monotonic())

    def _say_stats(self) -> None:
        calls = list(self._calls.values())
        self._tell(
            Stats(
                sessions=len(self._sessions),
                shared=sum(call.shared for call in calls),
                cpu_ms=round(self._cpu_s() * 1000),
                ticks=self._ticks,
                late_ticks=self._late,
                gaps=self._gaps_gone + sum(call.gaps for call in calls),
                commands=self._counts.commands,
                refused=self._counts.refused,
                edge_lag_ms=max((call.edge_lag_ms for call in calls), default=0),
            )
        )
        for call in calls:
            call.edge_lag_ms = 0
