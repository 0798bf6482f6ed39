"""The live transcript socket: who is connected, what each hears, and when a connection ends.

Each connection has a place in every stream that it hears and no queue of its own: what it lacks is
made from the words when it is ready to take it. One that is too far behind is told so and closed;
it comes back and gets what it lacks.
"""

import asyncio
import contextlib
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.errors import NotFound, Unavailable
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.identity.api import AccessTokens
from ringdown.identity.events import ClientStopped
from ringdown.partners.api import PartnerIncidents
from ringdown.partners.cable_channel import incident_of
from ringdown.partners.cable_streams import Stream, Streams
from ringdown.runtime.db import Database
from ringdown.runtime.telemetry import Metrics
from ringdown.wire.actioncable import (
    AskHistory,
    CableError,
    Connection,
    History,
    Opening,
    Reason,
    Subscribe,
    Unsubscribe,
    disconnect_frame,
    ping_frame,
    welcome_frame,
)

SCOPE: Final = "incident_events"
BEHIND: Final = 256
"""Events that may wait for a connection; with one more it is too slow."""
WAITING: Final = 256
"""Answers to its commands that may wait for a connection."""
STALL_S: Final = 15.0
"""How long a client may take nothing at all."""
LAST_WORD_S: Final = 3.0
"""How long the word that ends a connection may take to get out."""
MOST_FRAME: Final = 64 * 1024
MOST_CHANNELS: Final = 100
"""Subscriptions of one connection."""
BACK_WITHIN_S: Final = 300.0
"""How long a session that lost its connection is remembered."""
MOST_SESSIONS: Final = 4_096
ASKS_WITHIN_S: Final = 2.0
"""A restored subscription that asks for no history by then is told everything."""
RECHECK_S: Final = 5.0


class Socket(Protocol):
    """A WebSocket that was accepted."""

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the other side has gone."""
        ...

    async def send(self, text: str) -> None:
        """Send a frame; waits for a slow client. Raises `Gone`."""
        ...

    async def close(self) -> None:
        """Close in good order; a connection that is closed already stays so."""
        ...


class Gone(Exception):
    """The other side is no longer there."""


class _Over(Exception):
    """The connection ends."""


@dataclass(eq=False)
class _Heard:
    """A subscription: its stream, and the offset up to which it was sent."""

    identifier: str
    stream: Stream
    offset: int = 0
    live: bool = False


@dataclass(frozen=True)
class _CatchUp:
    """Send a subscription what it lacks; then, if it was asked for, say that this was all."""

    heard: _Heard
    offset: int
    confirm: bool


class Line:
    """One connection: what it hears and what it is to be sent, in order."""

    def __init__(
        self, opened: Opening, principal: Principal, session: str, socket: Socket, clock: Clock
    ) -> None:
        self.principal = principal
        self.session = session
        self.connection = Connection(opened)
        self.heard: dict[str, _Heard] = {}
        self.why: tuple[Reason, bool] | None = None
        """The reason with which it is ended, and whether the client may come back."""
        self.done = asyncio.Event()
        self._opened = opened
        self._socket = socket
        self._clock = clock
        self._todo: deque[str | _CatchUp] = deque()
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()
        self._ping_at = clock.monotonic() + opened.ping_s
        self.sent = 0

    def say(self, frame: str | None) -> None:
        """Send a frame when its turn comes."""
        if frame is not None:
            self._add(frame)

    def tell(self, heard: _Heard, offset: int, *, confirm: bool) -> None:
        """Send a subscription what it lacks from `offset` on; from then on it is live."""
        self._add(_CatchUp(heard, offset, confirm))

    def _add(self, item: str | _CatchUp) -> None:
        if len(self._todo) >= WAITING:
            self.end("too_slow", reconnect=True)
            return
        self._todo.append(item)
        self._wake.set()

    def grown(self, stream: Stream) -> None:
        """A stream has grown."""
        for heard in self.heard.values():
            if heard.stream is stream and heard.live and stream.head - heard.offset > BEHIND:
                self.end("too_slow", reconnect=True)
        self._wake.set()

    def end(self, reason: Reason, *, reconnect: bool) -> None:
        """End the connection with this reason; the first one counts."""
        if self.why is None:
            self.why = (reason, reconnect)
        self._ended.set()

    async def until_ended(self) -> None:
        """Raise once somebody has ended the connection."""
        await self._ended.wait()
        raise _Over

    async def pump(self) -> None:
        """Send what is due, one thing after the other, until the connection is over."""
        timer: asyncio.TimerHandle | None = None
        try:
            while True:
                self._wake.clear()
                await self._ping()
                while self._todo:
                    item = self._todo.popleft()
                    await (self._send(item) if isinstance(item, str) else self._catch_up(item))
                for heard in list(self.heard.values()):
                    if heard.live:
                        await self._send_all(heard)
                if not self._wake.is_set():
                    timer = self._remind(timer)
                    await self._wake.wait()
        finally:
            if timer is not None:
                timer.cancel()

    def _remind(self, timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle:
        """Have the pump woken for the next ping; a reminder that still stands is kept."""
        loop = asyncio.get_running_loop()
        if timer is not None and not timer.cancelled() and timer.when() > loop.time():
            return timer
        wait = max(self._ping_at - self._clock.monotonic(), 0.0)
        return loop.call_later(wait, self._wake.set)

    async def _ping(self) -> None:
        now = self._clock.monotonic()
        if now < self._ping_at:
            return
        self._ping_at = now + self._opened.ping_s
        unix_ns = int(self._clock.now().timestamp() * 1000) * 1_000_000
        await self._send(ping_frame(unix_ns, self._opened.precision))

    async def _catch_up(self, item: _CatchUp) -> None:
        item.heard.offset = item.offset
        await self._send_all(item.heard)
        if item.confirm:
            done = self.connection.history_told(item.heard.identifier)
            if done is not None:
                await self._send(done)
        item.heard.live = True

    async def _send_all(self, heard: _Heard) -> None:
        stream, extended = heard.stream, self.connection.extended
        while heard.offset < stream.head:
            for offset, frame in stream.frames(heard.identifier, heard.offset, extended=extended):
                if self.heard.get(heard.identifier) is not heard:
                    return
                await self._ping()
                await self._send(frame)
                heard.offset = offset

    async def _send(self, frame: str) -> None:
        try:
            async with asyncio.timeout(STALL_S):
                await self._socket.send(frame)
        except TimeoutError:
            self.end("too_slow", reconnect=True)
            raise _Over from None
        except Gone:
            raise _Over from None
        self.sent += 1


@dataclass
class _Session:
    """What a session of the extended protocol heard, for a client that comes back."""

    principal: Principal
    identifiers: tuple[str, ...] = ()
    line: Line | None = None
    lost_at: float = field(default=0.0)


class CableService:
    """Every connection of this machine."""

    def __init__(
        self,
        db: Database,
        streams: Streams,
        incidents: PartnerIncidents,
        tokens: AccessTokens,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        metrics: Metrics,
    ) -> None:
        self._db = db
        self._streams = streams
        self._incidents = incidents
        self._tokens = tokens
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._lines: set[Line] = set()
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._stopping = False
        self._open = metrics.gauge("ringdown_partner_sockets", "Transcript sockets that are open.")
        self._sent = metrics.counter(
            "ringdown_partner_socket_frames_total", "Frames sent on transcript sockets."
        )
        self._ended = metrics.counter(
            "ringdown_partner_sockets_ended_total", "Transcript sockets we ended.", ("reason",)
        )

    def count(self) -> int:
        """How many connections there are."""
        return len(self._lines)

    async def serve(self, opened: Opening, principal: Principal, socket: Socket) -> None:
        """Serve an accepted connection until it ends. Its token was looked at by the caller."""
        session = self._ids.secret()
        line = Line(opened, principal, session, socket, self._clock)
        self._lines.add(line)
        self._open.set(len(self._lines))
        if self._stopping:
            line.end("server_restart", reconnect=True)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(line.until_ended())
                group.create_task(self._converse(line, opened, socket))
        except* _Over:
            pass
        finally:
            self._forget(line)
        try:
            await _say_why(line, socket)
        finally:
            line.done.set()
        if line.why is not None:
            self._ended.labels(line.why[0]).inc()

    def _forget(self, line: Line) -> None:
        """The connection is over; what it heard is remembered if it may come back for it."""
        self._lines.discard(line)
        self._open.set(len(self._lines))
        self._sent.inc(line.sent)
        for heard in line.heard.values():
            self._streams.leave(heard.stream, line)
        kept = self._sessions.get(line.session)
        if kept is not None:
            kept.identifiers, kept.line = line.connection.identifiers, None
            kept.lost_at = self._clock.monotonic()
            if line.why is not None:  # AnyCable's client forgets its session, too
                del self._sessions[line.session]
        line.heard.clear()

    async def _converse(self, line: Line, opened: Opening, socket: Socket) -> None:
        try:
            await self._welcome(line, opened)
            async with asyncio.TaskGroup() as group:
                group.create_task(line.pump())
                group.create_task(self._obey(line, socket))
        except* (Unavailable, _Over) as ended:
            if ended.subgroup(Unavailable) is not None:
                line.end("server_restart", reconnect=True)
            raise _Over from None

    async def _welcome(self, line: Line, opened: Opening) -> None:
        """Let the client in; one that comes back in time finds its subscriptions again."""
        if not line.connection.extended:
            line.say(welcome_frame())
            return
        found = self._session_of(opened.session, line.principal)
        self._sessions[line.session] = _Session(line.principal, line=line)
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        for identifier in found:
            stream = await self._stream(line, identifier)
            if stream is not None:
                line.heard[identifier] = _Heard(identifier, stream)
        line.connection.restore(list(line.heard))
        line.say(welcome_frame(line.session, line.connection.identifiers))
        loop = asyncio.get_running_loop()
        for heard in line.heard.values():
            loop.call_later(ASKS_WITHIN_S, _tell_unasked, line, heard)

    def _session_of(self, session: str | None, principal: Principal) -> tuple[str, ...]:
        """What the session heard, which is then no more. Its id proves nothing: the token does."""
        kept = self._sessions.get(session or "")
        if session is None or kept is None or kept.principal.id != principal.id:
            return ()
        del self._sessions[session]
        if kept.line is not None:  # the old connection is dead and we had not noticed
            identifiers = kept.line.connection.identifiers
            kept.line.end("remote", reconnect=True)
            return identifiers
        fresh = self._clock.monotonic() - kept.lost_at <= BACK_WITHIN_S
        return kept.identifiers if fresh else ()

    async def _obey(self, line: Line, socket: Socket) -> None:
        """Do what the client asks for, in the order in which it asks."""
        while True:
            try:
                data = await socket.receive()
            except Gone:
                data = None
            if data is None:
                raise _Over
            if len(data) > MOST_FRAME:
                continue
            try:
                asked = line.connection.receive(data)
            except CableError:
                continue  # as Action Cable's own server does
            if isinstance(asked, Subscribe):
                await self._subscribe(line, asked)
            elif isinstance(asked, AskHistory):
                heard = line.heard.get(asked.identifier)
                if heard is None:
                    line.say(line.connection.history_refused(asked.identifier))
                else:
                    line.tell(heard, _place(heard.stream, asked.history), confirm=True)
            elif isinstance(asked, Unsubscribe):
                self._unsubscribe(line, asked.identifier)

    async def _subscribe(self, line: Line, asked: Subscribe) -> None:
        full = len(line.heard) >= MOST_CHANNELS
        stream = None if full else await self._stream(line, asked.identifier)
        if stream is None:
            line.say(line.connection.reject(asked.identifier))
            return
        line.say(line.connection.confirm(asked.identifier))
        heard = line.heard[asked.identifier] = _Heard(asked.identifier, stream)
        line.tell(heard, _place(stream, asked.history), confirm=asked.history is not None)

    async def _stream(self, line: Line, identifier: str) -> Stream | None:
        """The stream that an identifier names, if the client may hear it now; audited."""
        principal = line.principal
        incident_id = incident_of(identifier)
        if incident_id is None or not principal.may(SCOPE):
            return None
        if not await self._tokens.may_begin(principal):
            return None
        call_id = await self._incidents.call_of(principal.centre_id, incident_id)
        if call_id is None:
            return None
        try:
            stream = await self._streams.listen(principal.centre_id, call_id, incident_id, line)
        except NotFound:
            return None
        try:
            async with self._db.write() as tx:
                await self._audit.append(
                    tx,
                    centre_id=principal.centre_id,
                    tag="partners:transcript:heard",
                    actor=principal,
                    subject=call_id,
                    details={"incident_id": incident_id},
                )
        except BaseException:
            self._release(line, stream)
            raise
        return stream

    def _unsubscribe(self, line: Line, identifier: str) -> None:
        heard = line.heard.pop(identifier, None)
        if heard is not None:
            self._release(line, heard.stream)

    def _release(self, line: Line, stream: Stream) -> None:
        """The connection no longer listens to a stream, unless it does so under another name."""
        if all(heard.stream is not stream for heard in line.heard.values()):
            self._streams.leave(stream, line)

    # ---- ends

    def stopped(self, signal: ClientStopped) -> None:
        """A credential was disabled or given a new secret: its connections end now."""
        for line in list(self._lines):
            if line.principal.id == signal.client_id:
                line.end("unauthorized", reconnect=False)

    async def watch(self) -> None:
        """Look now and then whether each client still stands; supervised.

        A credential that another process disables is told to nobody here.
        """
        while True:
            await asyncio.sleep(RECHECK_S)
            asked: dict[tuple[str, str], bool] = {}
            for line in list(self._lines):
                principal = line.principal
                key = (principal.id, principal.token.secret if principal.token else "")
                if key not in asked:
                    asked[key] = await self._still(principal)
                if not asked[key]:
                    line.end("unauthorized", reconnect=False)

    async def _still(self, principal: Principal) -> bool:
        try:
            return await self._tokens.may_go_on(principal)
        except Unavailable:
            return True  # while the database is away, nobody is shut out

    async def stop(self) -> None:
        """Tell everybody to come back later, and wait until they know."""
        self._stopping = True
        lines = list(self._lines)
        for line in lines:
            line.end("server_restart", reconnect=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORD_S):
                for line in lines:
                    await line.done.wait()


def _place(stream: Stream, history: History | None) -> int:
    """From where to tell. `since` counts for nothing: it would hide how the call began."""
    return stream.place(history.streams.get(stream.name) if history else None)


def _tell_unasked(line: Line, heard: _Heard) -> None:
    """Nobody asked what was missed: everything is told, which does no harm."""
    if not heard.live and line.heard.get(heard.identifier) is heard:
        line.tell(heard, 0, confirm=False)


async def _say_why(line: Line, socket: Socket) -> None:
    """Tell the client why it is over, as long as it takes anything at all."""
    with contextlib.suppress(TimeoutError, Gone):
        async with asyncio.timeout(LAST_WORD_S):
            if line.why is not None:
                reason, reconnect = line.why
                await socket.send(disconnect_frame(reason, reconnect=reconnect))
            await socket.close()
