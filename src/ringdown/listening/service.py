"""Listening sessions: opened, taken up again after whatever failed, and ended for good.

What ends a session is written down first; then the room is deleted, which disconnects everybody
and makes every token for it useless; then the worker forgets it. A room that cannot be deleted
now is deleted as soon as the media server answers again.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Final, Protocol

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls, CallView
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Limited, NotFound, RingdownError, Unavailable
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.listening.api import NoAudio, RecordingRemoved, SessionView, StreamGrant
from ringdown.listening.lane import Of, PlayoutLane
from ringdown.listening.model.protocol import (
    Closed,
    Failed,
    Heard,
    Joined,
    Left,
    Leg,
    Legs,
    Open,
    Opened,
    State,
)
from ringdown.listening.model.session import Session, merged, without
from ringdown.listening.ports import (
    EventRefused,
    ListeningStore,
    RoomEvent,
    Rooms,
    RoomsUnreachable,
)
from ringdown.listening.settings import ListeningSettings
from ringdown.media.api import LegPlace
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import Metrics, get_logger

KEEP_EVERY_S: Final = 1.0
LOOK_EVERY_S: Final = 0.5
ROOMS_EVERY_S: Final = 2.0
CREDENTIALS_EVERY_S: Final = 5.0
HEARD_EVERY: Final = timedelta(minutes=1)
CLOSING_S: Final = 3.0
"""So long a worker may take to tell the last seconds heard in a session that is over."""
PACKET_S: Final = 0.3
"""Between the packet that says why and the end of the room."""
AGAIN_S: Final = (0.1, 0.5, 1, 2, 5)
SHOWN_CLOSED: Final = timedelta(hours=1)
ROOM_SLACK_S: Final = 300
SET_UP_S: Final = 60
"""When to ask again while there is no media server: somebody has to set one up."""
FREE_S: Final = 10
"""When to ask again while the centre has all the sessions it may have: any may end by then."""
SEES_ALL: Final = "audit:read"
REMOVED_PACKET: Final[Mapping[str, str]] = {
    "kind": "closed",
    "code": "recording_removed",
    "detail": "the recording of this call is no longer held",
}


class NoMediaServer(Unavailable):
    """No media server is set up, so nobody can listen through one."""

    code: ClassVar[str] = "listening.media_server.off"
    action: ClassVar[str] = "Set media_server.mode to build or external."


class TooManySessions(Limited):
    """The centre has as many listening sessions as it may have."""

    code: ClassVar[str] = "listening.sessions.too_many"
    action: ClassVar[str] = "Close some, or raise listening.most_sessions."


class SessionNotFound(NotFound):
    """No such listening session of one's own."""

    code: ClassVar[str] = "listening.session.not_found"


class Places(Protocol):
    """Where the files of legs lie: `media.api.Recordings`."""

    def place(self, centre_id: str, call_id: str, leg_id: str) -> LegPlace:
        """Where the files of a leg are."""
        ...


class ListeningService:
    """The listening sessions of this server; implements `listening.api.Listening`."""

    def __init__(
        self,
        db: Database,
        store: ListeningStore,
        rooms: Rooms | None,
        *,
        calls: Calls,
        places: Places,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        settings: ListeningSettings,
        metrics: Metrics,
        still_valid: Callable[[Principal], Awaitable[bool]] | None = None,
    ) -> None:
        """`rooms` is None when no media server is set up.

        `still_valid` says whether the sign-in or the client behind a session may go on: for what
        was stopped while nobody could tell us.
        """
        self._still_valid = still_valid
        self._db = db
        self._store = store
        self._rooms = rooms
        self._calls = calls
        self._places = places
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._lane: PlayoutLane | None = None
        self._tasks: Tasks | None = None
        self._reachable = True
        """Whether the media server answered last; nobody is away too long while it does not."""
        self._came_up = False
        """The media server came up before we were ready to do anything about it."""
        self._open: dict[str, Session] = {}
        self._awaited: dict[str, asyncio.Event] = {}
        """Sessions whose listener waits for a worker to be in the room."""
        self._ending: dict[str, tuple[Session, float]] = {}
        """Closed sessions whose worker may still tell what was heard, and since when."""
        self._rooms_to_remove: dict[str, Session] = {}
        self._dirty: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._complete: dict[str, int] = {}
        """Legs known to be complete, by id, with their length; calls know it a little later."""
        self._told: dict[str, Legs] = {}
        self._changing = asyncio.Lock()
        self._log = get_logger("listening")
        self._by_state = metrics.gauge(
            "ringdown_listening_sessions", "Listening sessions by state.", ("state",)
        )
        self._opened = metrics.counter("ringdown_listening_opened_total", "Sessions opened.")
        self._ended = metrics.counter(
            "ringdown_listening_closed_total", "Sessions closed, by reason.", ("reason",)
        )
        self._failed = metrics.counter(
            "ringdown_listening_failed_total", "Sessions that had to be opened anew.", ("code",)
        )

    # ---- start and run

    def play_with(self, lane: PlayoutLane) -> None:
        """Use these workers."""
        self._lane = lane

    async def run(self) -> None:
        """Take up what an earlier run left, then keep everything true until cancelled."""
        if self._rooms is None or self._lane is None:
            return
        await self._take_up()
        async with Tasks() as tasks:
            self._tasks = tasks
            tasks.supervise("listening:workers", self._lane.run)
            tasks.supervise("listening:time", self._watch_time)
            tasks.supervise("listening:keep", self._keep_for_ever)
            tasks.supervise("listening:rooms", self._watch_rooms)
            tasks.supervise("listening:recordings", self._watch_recordings)
            tasks.supervise("listening:credentials", self._watch_credentials)
            if self._came_up:
                self.media_server_up()
            try:
                await asyncio.Event().wait()
            finally:
                self._tasks = None

    async def stop(self) -> None:
        """Write down where everybody stands, so that the next start goes on there."""
        await self._keep()

    async def _take_up(self) -> None:
        """Sessions of an earlier run go on: their listeners have the full time to come back."""
        assert self._lane is not None
        now = self._clock.now()
        async with self._db.read() as tx:
            found = await self._store.unfinished(tx)
        for session in found:
            if session.state == "closed":
                if session.heard:
                    self._ending[session.session_id] = (session, -CLOSING_S)
                if not session.room_gone:
                    self._rooms_to_remove[session.session_id] = session
                continue
            if not await self._may_go_on(session.principal):
                await self._never_again(session)
                continue
            self._set(session if session.state == "issued" else session.left(now))
            await self._lane.add(session.session_id, session.call_id)
        self._show()

    async def _may_go_on(self, principal: Principal) -> bool:
        return self._still_valid is None or await self._still_valid(principal)

    async def _never_again(self, session: Session) -> None:
        """What was opened with a credential that ended while we were down is not taken up."""
        closed = await self._write_over(session, "credential_over")
        self._ending[session.session_id] = (closed, -CLOSING_S)
        self._rooms_to_remove[session.session_id] = closed

    # ---- what others ask

    async def open(
        self,
        principal: Principal,
        call_id: str,
        *,
        autoplay: bool | None = None,
        participant: str | None = None,
    ) -> StreamGrant:
        """Make a room and a token for one listener of one call."""
        try:
            call = await self._calls.get(principal, call_id)
        except NotFound as error:
            await self._refused(principal, "call:unknown", error)
            raise
        try:
            return await self._opened_for(principal, call, autoplay, participant)
        except RingdownError as error:
            await self._refused(principal, call_id, error)
            raise

    async def _opened_for(
        self, principal: Principal, call: CallView, autoplay: bool | None, participant: str | None
    ) -> StreamGrant:
        rooms, lane = self._rooms, self._lane
        if rooms is None or lane is None:
            raise NoMediaServer("no media server is set up", details={"retry_after_s": SET_UP_S})
        mine = sum(one.centre_id == principal.centre_id for one in self._open.values())
        if mine >= self._settings.most_sessions:
            raise TooManySessions(
                "the centre has too many listening sessions", details={"retry_after_s": FREE_S}
            )
        if not call.legs:
            raise NoAudio("this call has no audio")
        if call.state == "ended" and not await self._held(principal.centre_id, call):
            raise RecordingRemoved("the recording of this call is no longer held")
        now = self._clock.now()
        lifetime = timedelta(seconds=self._settings.token_lifetime_s)
        session = Session(
            session_id=self._ids.new("lsn"),
            centre_id=principal.centre_id,
            call_id=call.call_id,
            principal_kind=principal.kind,
            principal_id=principal.id,
            principal_name=principal.name,
            sign_in_id=principal.session_id,
            token=principal.token,
            participant=participant,
            room=f"ls_{self._ids.secret()}",
            listener=f"lst_{self._ids.secret()}",
            worker=f"wrk_{self._ids.secret()}",
            autoplay=autoplay,
            created_at=now,
            expires_at=now + lifetime,
        )
        await self._make_room(session)
        details: dict[str, object] = {
            "call_id": call.call_id, "listener": session.listener, "autoplay": autoplay,
        }  # fmt: skip
        if participant is not None:
            details["participant"] = participant
        try:
            token = rooms.listener_token(session, lifetime)
            async with self._db.write() as tx:
                await self._store.add(tx, session)
                await self._record(tx, session, "listening:session:opened", details)
        except BaseException:
            await self._give_back(rooms, session)
            raise
        self._set(session)
        self._opened.inc()
        self._show()
        self._awaited[session.session_id] = there = asyncio.Event()
        try:
            await lane.add(session.session_id, session.call_id)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.ready_within_s):
                    await there.wait()  # what is said to a worker that is not there yet is lost
        finally:
            del self._awaited[session.session_id]
        return StreamGrant(
            session_id=session.session_id,
            url=rooms.public_url,
            token=token,
            identity=session.listener,
            autoplay=autoplay is not False,
            expires_in=self._settings.token_lifetime_s,
            expires_at=session.expires_at,
        )

    async def _give_back(self, rooms: Rooms, session: Session) -> None:
        """Delete the room of a session that could not be kept, now or as soon as that works."""
        self._rooms_to_remove[session.session_id] = session
        try:
            await rooms.remove(session.room)
        except RoomsUnreachable as error:
            self._log.warning("a room is deleted later", **describe(error))
        else:
            self._rooms_to_remove.pop(session.session_id, None)

    async def close(self, principal: Principal, session_id: str) -> None:
        """End one session of one's own; closing twice changes nothing."""
        async with self._db.read() as tx:
            known = await self._store.get(tx, principal.centre_id, session_id)
        if known is None or known.principal_id != principal.id:
            raise SessionNotFound("there is no such listening session")
        await self._end(session_id, "asked")

    async def close_all_of(self, centre_id: str, principal_id: str, reason: str) -> int:
        """End every session of a client or a person at once."""
        return await self._end_all(
            [
                one.session_id
                for one in self._open.values()
                if one.centre_id == centre_id and one.principal_id == principal_id
            ],
            reason,
        )

    async def close_signed_out(self, sign_in_ids: list[str]) -> int:
        """End every session of people whose sign-in is over."""
        ended = set(sign_in_ids)
        mine = [one.session_id for one in self._open.values() if one.sign_in_id in ended]
        return await self._end_all(mine, "signed_out")

    async def sessions(self, principal: Principal) -> list[SessionView]:
        """Sessions of the centre, or of oneself for who may not see who else listens."""
        since = self._clock.now() - SHOWN_CLOSED
        async with self._db.read() as tx:
            kept = await self._store.of_centre(tx, principal.centre_id, since)
        newest = [self._open.get(one.session_id, one) for one in kept]
        everybody = principal.may(SEES_ALL)
        return [_view(one) for one in newest if everybody or one.principal_id == principal.id]

    def event(self, body: bytes, authorization: str) -> RoomEvent:
        """Read a notice of the media server. Raises `EventRefused`."""
        if self._rooms is None:
            raise EventRefused("there is no media server that could send this")
        return self._rooms.event(body, authorization)

    async def on_room_event(self, event: RoomEvent) -> None:
        """What the media server tells: a second pair of eyes beside the worker's."""
        session = next((one for one in self._open.values() if one.room == event.room), None)
        if session is None or self._rooms is None:
            return
        if event.kind == "room_over":
            await self._reopen(session.session_id)
        elif event.identity != session.listener:
            return
        elif event.kind in ("joined", "left"):
            # Notices may be late, and one connection may have replaced another: how it is counts.
            present = await self._rooms.has(session.room, session.listener)
            if self._lane is not None:
                await self._lane.here(session.session_id, present=present)
            await (self._joined if present else self._left)(session.session_id)

    # ---- what happens to calls

    async def call_changed(self, centre_id: str, call_id: str) -> None:
        """Tell the workers of a call that somebody listens to, if its legs or its state changed."""
        if self._lane is None or not any(one.call_id == call_id for one in self._open.values()):
            return
        async with self._db.read() as tx:
            call = await self._calls.read(tx, centre_id, call_id)
        legs = self._legs(centre_id, call)
        if self._told.get(call_id) != legs:
            self._told[call_id] = legs
            await self._lane.tell(legs)

    async def leg_complete(
        self, centre_id: str, call_id: str, leg_id: str, duration_ms: int
    ) -> None:
        """All of a leg's audio is durable and no more will come."""
        if any(one.call_id == call_id for one in self._open.values()):
            self._complete[leg_id] = duration_ms
            await self.call_changed(centre_id, call_id)

    def media_server_up(self) -> None:
        """The media server has come up, without any room: make ours again, join them again."""
        self._came_up = self._tasks is None
        if self._tasks is not None:
            self._tasks.spawn("listening:rooms-again", self._all_again())

    # ---- orders to workers

    async def order_of(self, session_id: str) -> Open | None:
        """The order to play a session from where it stands; None when it is over."""
        session = self._open.get(session_id)
        if session is None or self._rooms is None:
            return None
        if session.state == "live":
            # Whether the listener is still there is the worker's to tell, once it is in the room.
            session = session.left(self._clock.now())
            self._set(session)
            self._dirty.add(session_id)
            self._show()
        async with self._db.read() as tx:
            call = await self._calls.read(tx, session.centre_id, session.call_id)
        legs = self._legs(session.centre_id, call)
        self._told[session.call_id] = legs
        token = self._rooms.worker_token(session)
        return Open(
            session_id=session.session_id,
            call_key=session.call_id,
            url=self._rooms.worker_url,
            token=token.reveal("the worker joins the room with it"),
            listener=session.listener,
            legs=legs.legs,
            call_over=legs.call_over,
            duration_ms=legs.duration_ms,
            autoplay=session.autoplay,
            restore=session.restore,
        )

    def _legs(self, centre_id: str, call: CallView) -> Legs:
        found: list[Leg] = []
        for leg in call.legs:
            place = self._places.place(centre_id, call.call_id, leg.leg_id)
            duration = self._complete.get(leg.leg_id, leg.duration_ms)
            whole = leg.state == "sealed" or leg.leg_id in self._complete
            found.append(
                Leg(
                    leg_id=leg.leg_id,
                    side=leg.side,
                    start_ms=leg.start_ms,
                    centre_id=centre_id,
                    call_id=call.call_id,
                    folders=tuple(str(folder) for folder in place.folders.all),
                    open=not whole,
                    duration_ms=duration if whole else None,
                )
            )
        return Legs(call_key=call.call_id, legs=tuple(found), call_over=call.state == "ended")

    # ---- what workers tell

    async def on_report(self, report: Of) -> None:
        """Act on what a worker tells of a session."""
        session_id = report.session_id
        if isinstance(report, Opened):
            self._failures.pop(session_id, None)
            if session_id in self._awaited:
                self._awaited[session_id].set()
        elif isinstance(report, Joined):
            await self._joined(session_id)
        elif isinstance(report, Left):
            await self._left(session_id)
        elif isinstance(report, State):
            session = self._open.get(session_id)
            if session is not None:
                self._set(session.stands(report))
                self._dirty.add(session_id)
        elif isinstance(report, Heard):
            self._heard(session_id, report.stretches)
        elif isinstance(report, Failed) and session_id in self._open:
            self._failed.labels(report.code).inc()
            self._log.warning("a listening session failed", code=report.code)
            await self._later_again(session_id)
        elif isinstance(report, Closed):
            await self._say_goodbye(session_id)

    async def _joined(self, session_id: str) -> None:
        async with self._changing:
            session = self._open.get(session_id)
            if session is None or session.state == "live":
                return
            now = self._clock.now()
            again = session.joined_at is not None
            await self._change(session.joined(now), "listening:session:joined", {"again": again})

    async def _left(self, session_id: str) -> None:
        async with self._changing:
            session = self._open.get(session_id)
            if session is not None and session.state == "live":
                await self._change(session.left(self._clock.now()))

    def _heard(self, session_id: str, stretches: tuple[tuple[int, int], ...]) -> None:
        session = self._open.get(session_id)
        if session is not None:
            self._set(replace(session, heard=merged(session.heard, stretches)))
            self._dirty.add(session_id)
        elif session_id in self._ending:
            session, since = self._ending[session_id]
            self._ending[session_id] = (
                replace(session, heard=merged(session.heard, stretches)), since,
            )  # fmt: skip

    async def _later_again(self, session_id: str) -> None:
        """Have a session opened again after a pause that grows."""
        if session_id not in self._open or self._tasks is None:
            return
        failures = self._failures[session_id]
        self._failures[session_id] += 1
        pause = AGAIN_S[min(failures, len(AGAIN_S) - 1)]

        async def again() -> None:
            await asyncio.sleep(pause)
            try:
                await self._reopen(session_id)
            except Unavailable as error:
                self._log.warning("a room waits for the media server", **describe(error))
                await self._later_again(session_id)

        self._tasks.spawn("listening:again", again())

    async def _reopen(self, session_id: str) -> None:
        session = self._open.get(session_id)
        if session is None or self._lane is None:
            return
        await self._make_room(session)
        if self._open.get(session_id) is None and self._rooms is not None:
            await self._rooms.remove(session.room)  # closed meanwhile: it must not come back
            return
        await self._lane.again(session_id)

    async def _all_again(self) -> None:
        """Rooms first, for everybody, since clients are already knocking; then the workers."""
        self._reachable = True
        now = self._clock.now()
        for session in list(self._open.values()):
            if session.state in ("live", "away"):
                self._set(session.left(now))
                self._dirty.add(session.session_id)
        opened = list(self._open.values())
        for session in opened:
            try:
                await self._make_room(session)
            except RoomsUnreachable as error:
                self._log.warning("a room waits for the media server", **describe(error))
                await self._later_again(session.session_id)
        for session in opened:
            if self._lane is not None and session.session_id in self._open:
                await self._lane.again(session.session_id)

    async def _make_room(self, session: Session) -> None:
        assert self._rooms is not None
        settings = self._settings
        slack = max(settings.token_lifetime_s, settings.back_within_s) + ROOM_SLACK_S
        await self._rooms.make(session, empty_s=slack, departure_s=slack)

    # ---- the end of a session

    async def _end_all(self, session_ids: list[str], because: str) -> int:
        await asyncio.gather(*(self._end(session_id, because) for session_id in session_ids))
        return len(session_ids)

    async def _end(
        self, session_id: str, because: str, packet: Mapping[str, str] | None = None
    ) -> None:
        async with self._changing:
            session = self._open.get(session_id)
            if session is None:
                return
            closed = await self._write_over(session, because)
            del self._open[session_id]
            self._dirty.discard(session_id)
            self._failures.pop(session_id, None)
            self._ending[session_id] = (closed, self._clock.monotonic())
            self._rooms_to_remove[session_id] = closed
        self._forget_call(closed.call_id)
        self._show()
        if packet is not None and self._rooms is not None:
            try:
                await self._rooms.tell(closed, dict(packet))
                await asyncio.sleep(PACKET_S)
            except RoomsUnreachable as error:
                self._log.warning("a listener was not told why", **describe(error))
        try:
            await self._remove_room(closed)
        except RoomsUnreachable as error:
            self._log.warning("a room is deleted later", **describe(error))
        if self._lane is None or not await self._lane.remove(session_id):
            await self._say_goodbye(session_id)

    async def _write_over(self, session: Session, because: str) -> Session:
        """The session, closed for good in the store and in the audit log."""
        closed = session.closed(self._clock.now(), because)
        details: dict[str, object] = {"call_id": session.call_id, "because": because}
        async with self._db.write() as tx:
            await self._store.save(tx, closed)
            await self._record(tx, closed, "listening:session:closed", details)
        self._ended.labels(because).inc()
        return closed

    async def _remove_room(self, session: Session) -> None:
        assert self._rooms is not None
        await self._rooms.remove(session.room)
        self._rooms_to_remove.pop(session.session_id, None)
        ending = self._ending.get(session.session_id)
        if ending is not None:
            self._ending[session.session_id] = (replace(ending[0], room_gone=True), ending[1])
        else:
            async with self._db.write() as tx:
                kept = await self._store.get(tx, session.centre_id, session.session_id)
                if kept is not None:
                    await self._store.save(tx, replace(kept, room_gone=True))

    async def _say_goodbye(self, session_id: str) -> None:
        """Write down what was heard last; nothing more will come of this session."""
        ending = self._ending.get(session_id)
        if ending is None:
            return
        session, _ = ending
        async with self._db.write() as tx:
            done = await self._write_heard(tx, session)
            await self._store.save(tx, done)
        after = self._ending.pop(session_id, None)
        if after is not None and after[0].room_gone and not done.room_gone:
            async with self._db.write() as tx:
                await self._store.save(tx, replace(done, room_gone=True))

    # ---- time

    async def _watch_time(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now, back = self._clock.now(), timedelta(seconds=self._settings.back_within_s)
            for session in list(self._open.values()):
                because = session.over_because(now, back)
                if because == "stayed_away" and await self._may_be_there(session.session_id):
                    continue
                if because is not None:
                    await self._end(session.session_id, because)
            late = self._clock.monotonic() - CLOSING_S
            for session_id, (_, since) in list(self._ending.items()):
                if since < late:
                    await self._say_goodbye(session_id)

    async def _may_be_there(self, session_id: str) -> bool:
        """Whether who seems to have stayed away is there after all.

        With no worker in the room nobody could tell us, and a pause never expires.
        """
        session = self._open.get(session_id)
        if session is None or session.state != "away" or not self._reachable or not self._rooms:
            return True
        try:
            present = await self._rooms.has(session.room, session.listener)
        except RoomsUnreachable as error:
            self._log.warning("absences wait for the media server", **describe(error))
            return True
        newest = self._open.get(session_id)
        if newest != session:
            return True  # they came or went meanwhile: looked at anew
        if present:
            self._set(session.left(self._clock.now()))
            self._dirty.add(session_id)
        return present

    async def _watch_credentials(self) -> None:
        while True:
            asked: dict[Principal, bool] = {}
            for session in list(self._open.values()):
                who = session.principal
                try:
                    if who not in asked:
                        asked[who] = await self._may_go_on(who)
                    if not asked[who]:
                        await self._end(session.session_id, "credential_over")
                except Unavailable as error:
                    self._log.warning("a credential waits for the database", **describe(error))
            await asyncio.sleep(CREDENTIALS_EVERY_S)

    async def _keep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(KEEP_EVERY_S)
            try:
                await self._keep()
            except Unavailable as error:
                self._log.warning("places wait for the database", **describe(error))

    async def _keep(self) -> None:
        """Keep where everybody stands, in one transaction; who heard what, once a minute."""
        async with self._changing:
            now = self._clock.now()
            due = [self._open[session_id] for session_id in self._dirty if session_id in self._open]
            if not due:
                return
            kept: list[tuple[Session, Session]] = []
            async with self._db.write() as tx:
                for session in due:
                    written = session
                    if session.heard_at is None or now - session.heard_at >= HEARD_EVERY:
                        written = await self._write_heard(tx, session)
                    await self._store.save(tx, written)
                    kept.append((session, written))
            for before, after in kept:
                newest = self._open.get(before.session_id)
                if newest is None:
                    continue
                if newest is before:
                    self._dirty.discard(before.session_id)
                heard = newest.heard if after.heard else without(newest.heard, before.heard)
                self._set(replace(newest, heard=heard, heard_at=after.heard_at))

    async def _write_heard(self, tx: Tx, session: Session) -> Session:
        """One row that says who heard which seconds; none when nothing was heard."""
        if not session.heard:
            return session
        seconds = [[start / 1000, end / 1000] for start, end in session.heard]
        details: dict[str, object] = {"session_id": session.session_id, "seconds": seconds}
        if session.participant is not None:
            details["participant"] = session.participant
        await self._audit.append(
            tx,
            centre_id=session.centre_id,
            tag="listening:call:heard",
            actor=session.principal,
            subject=session.call_id,
            details=details,
        )
        return replace(session, heard=(), heard_at=self._clock.now())

    # ---- rooms and recordings

    async def _watch_rooms(self) -> None:
        """Rooms that are gone are made again; rooms that should be gone are deleted."""
        assert self._rooms is not None
        while True:
            await asyncio.sleep(ROOMS_EVERY_S)
            try:
                for session in list(self._rooms_to_remove.values()):
                    await self._remove_room(session)
                expected = {one.room: one.session_id for one in self._open.values()}
                missing = expected.keys() - await self._rooms.existing(sorted(expected))
                if not self._reachable:
                    self._reachable = True
                    await self._all_again()
                    continue
                for room in sorted(missing):
                    self._log.warning("a room was gone")
                    await self._reopen(expected[room])
            except RoomsUnreachable as error:
                self._reachable = False
                self._log.warning("rooms wait for the media server", **describe(error))
            except Unavailable as error:
                self._log.warning("rooms wait for the database", **describe(error))

    async def _watch_recordings(self) -> None:
        """Whoever hears a recording that is removed is told so, and hears no more."""
        while True:
            await asyncio.sleep(KEEP_EVERY_S)
            calls = {(one.centre_id, one.call_id) for one in self._open.values()}
            for centre_id, call_id in sorted(calls):
                try:
                    await self._look_at(centre_id, call_id)
                except Unavailable as error:
                    self._log.warning("a recording waits for the database", **describe(error))

    async def _look_at(self, centre_id: str, call_id: str) -> None:
        async with self._db.read() as tx:
            call = await self._calls.read(tx, centre_id, call_id)
        if call.state != "ended" or await self._held(centre_id, call):
            return
        for session in [one for one in self._open.values() if one.call_id == call_id]:
            await self._end(session.session_id, "recording_removed", REMOVED_PACKET)

    async def _held(self, centre_id: str, call: CallView) -> bool:
        """Whether anything of the recording is there."""

        def look() -> bool:
            places = (self._places.place(centre_id, call.call_id, leg.leg_id) for leg in call.legs)
            return any(place.archive() is not None or place.raw_paths() for place in places)

        return await asyncio.to_thread(look)

    # ---- small things

    def _set(self, session: Session) -> None:
        self._open[session.session_id] = session

    async def _change(
        self, session: Session, tag: str | None = None, details: dict[str, object] | None = None
    ) -> None:
        """Keep a new state of a session that is not closed, with its row in the audit log."""
        async with self._db.write() as tx:
            await self._store.save(tx, session)
            if tag is not None:
                await self._record(
                    tx, session, tag, {"call_id": session.call_id, **(details or {})}
                )
        newest = self._open[session.session_id]  # the worker may have told more meanwhile
        self._set(
            replace(
                newest, state=session.state, joined_at=session.joined_at, left_at=session.left_at
            )
        )
        self._show()

    async def _record(
        self, tx: Tx, session: Session, tag: str, details: Mapping[str, object]
    ) -> None:
        await self._audit.append(
            tx,
            centre_id=session.centre_id,
            tag=tag,
            actor=session.principal,
            subject=session.session_id,
            details=details,
        )

    async def _refused(self, principal: Principal, subject: str, error: RingdownError) -> None:
        async with self._db.write() as tx:
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag="listening:session:refused",
                actor=principal,
                subject=subject,
                details={"code": error.code},
            )

    def _forget_call(self, call_id: str) -> None:
        if any(one.call_id == call_id for one in self._open.values()):
            return
        told = self._told.pop(call_id, None)
        for leg in told.legs if told is not None else ():
            self._complete.pop(leg.leg_id, None)

    def _show(self) -> None:
        count = Counter(one.state for one in self._open.values())
        for state in ("issued", "live", "away"):
            self._by_state.labels(state).set(count[state])


def _view(session: Session) -> SessionView:
    def told(moment: datetime | None) -> str | None:
        return None if moment is None else iso(moment)

    return SessionView(
        session_id=session.session_id,
        call_id=session.call_id,
        listener=session.principal_name,
        listener_kind=session.principal_kind,
        state=session.state,
        created_at=iso(session.created_at),
        joined_at=told(session.joined_at),
        closed_at=told(session.closed_at),
        closed_because=session.closed_because,
        position_ms=session.position_ms,
        duration_ms=session.duration_ms,
        paused=session.paused,
    )
