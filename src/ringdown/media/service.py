"""Live legs: sources attach to a call, their audio is placed and recorded, calls outlive sources.

A source is one connection. It owns the legs it feeds; a newer connection for the same side takes
them over. When the last source of a call goes without saying stop, the call is `interrupted`, and
after the grace time a person is told (`source_lost`); it is never ended for that reason alone.
"""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final

from ringdown.calls.api import CallHasEnded, Calls, LegView, Side
from ringdown.core.clock import Clock, iso, ms_between, parse_iso
from ringdown.core.errors import Conflict, NotFound, Unavailable
from ringdown.core.principal import Principal, system
from ringdown.media.events import GapFound, LegCompleted, LegOpened, LegRecording
from ringdown.media.folders import Folders
from ringdown.media.model import (
    RATE,
    Gap,
    GapReason,
    LegAssembler,
    LegGap,
    MediaLeg,
    Placed,
    to_ms,
    to_samples,
)
from ringdown.media.ports import MediaStore
from ringdown.media.recorder import Recorder, RecorderState
from ringdown.media.sealing import Archivist
from ringdown.media.settings import MediaSettings
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import get_logger
from ringdown.wire.legfile import LegHeader

HOUSEKEEPING_S: Final = 0.2
GAP_WORTH_TELLING_MS: Final = 60
RETRY_S: Final = (0.2, 0.5, 1, 2, 5)


class Superseded(Conflict):
    """A newer connection feeds this side of the call now."""

    code: ClassVar[str] = "media.ingest.superseded"
    action: ClassVar[str] = "Nothing: the call goes on with the newer connection."


class CallOver(Conflict):
    """The call has ended; no more audio is taken for it."""

    code: ClassVar[str] = "media.ingest.call_over"
    action: ClassVar[str] = "Start a new call with a new callSid."


@dataclass
class LiveLeg:
    """A leg while it is recorded."""

    record: MediaLeg
    assembler: LegAssembler
    owner: object | None = None
    pushed_at: float = 0.0
    silent_reason: GapReason = "missing"
    """Why the next gap is: set while the source is away."""

    @property
    def end_ms(self) -> int:
        """Where its audio ends, on the call's clock."""
        return self.record.start_ms + to_ms(self.assembler.end)


@dataclass
class LiveCall:
    """A call while any of its legs is recorded."""

    call_id: str
    centre_id: str
    started_at: datetime
    legs: dict[Side, LiveLeg] = field(default_factory=dict[Side, LiveLeg])
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    grace: asyncio.Task[None] | None = None
    over: bool = False


@dataclass
class Attachment:
    """A source's hold on a call: which legs it feeds and where its time 0 lies (call clock)."""

    principal: Principal
    call: LiveCall
    stream_sid: str
    anchor_ms: int
    sides: set[Side] = field(default_factory=set[Side])
    resumed_ms: dict[Side, int] = field(default_factory=dict[Side, int])
    """For a stream that came back: the timestamp its audio had reached, by side."""


class MediaService:
    """Everything between a source's packets and the files of a call."""

    def __init__(
        self,
        db: Database,
        store: MediaStore,
        recorder: Callable[
            [Callable[[RecorderState], None], Callable[[str, int, int], None]], Recorder
        ],
        *,
        folders: Folders,
        calls: Calls,
        archivist: Archivist,
        facts: Facts,
        lamps: Lamps,
        clock: Clock,
        tasks: Tasks,
        settings: MediaSettings,
    ) -> None:
        self._db = db
        self._store = store
        self._folders = folders
        self._recorder = recorder(self._on_state, self._on_lost)
        self._calls = calls
        self._archivist = archivist
        self._facts = facts
        self._lamps = lamps
        self._clock = clock
        self._tasks = tasks
        self._settings = settings
        self._live: dict[str, LiveCall] = {}
        self._gaps: list[tuple[MediaLeg, LegGap]] = []
        self._flushing = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._log = get_logger("media")

    # ---- start and stop

    async def start(self) -> None:
        """Make the folders, go on with the legs an earlier run left, begin to record."""
        self._loop = asyncio.get_running_loop()
        for root in self._folders.all:
            try:
                await asyncio.to_thread(root.mkdir, parents=True, exist_ok=True)
            except OSError as error:
                # The recorder finds it out again at its first step and lights the lamp.
                self._log.error("no recordings folder", error=errno.errorcode.get(error.errno or 0))
        self._show(RecorderState("ok"))
        async with self._db.read() as tx:
            unfinished = await self._store.unfinished(tx)
        for record in unfinished:
            if record.state == "open":
                await self._reopen(record)
            else:
                self._archivist.take(record)
        self._recorder.start()
        for call in list(self._live.values()):
            await self._recover(call)
        self._tasks.supervise("media:housekeeping", self._housekeeping)

    async def stop(self) -> None:
        """Write everything down. Calls stay open: the next start goes on with them."""
        for call in self._live.values():
            for leg in call.legs.values():
                self._record(leg, leg.assembler.flush())
        await asyncio.to_thread(self._recorder.stop)
        await self._flush_gaps()

    # ---- sources

    async def attach(
        self,
        principal: Principal,
        *,
        owner: object,
        external_id: str,
        stream_sid: str,
        sides: tuple[Side, ...],
        source: str,
        ani: str | None = None,
        demo: bool = False,
    ) -> Attachment:
        """Begin or find the call of a source and give it the legs of its sides.

        Raises what `Calls.start` raises; the caller tries again when that is retryable.
        """
        now = self._clock.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as calls are kept
        view = await self._calls.start(
            principal,
            external_id=external_id,
            ani=ani,
            source=source,
            demo=demo,
            started_at=now,
        )
        call = self._live.setdefault(
            view.call_id, LiveCall(view.call_id, principal.centre_id, parse_iso(view.started_at))
        )
        async with call.lock:
            if call.grace is not None:
                call.grace.cancel()
                await asyncio.gather(call.grace, return_exceptions=True)
                call.grace = None
            # After the cancelling, so that no late interruption can follow it.
            await self._calls.resume(principal, view.call_id)
            known = [leg for leg in call.legs.values() if leg.record.stream_sid == stream_sid]
            wall_ms = max(0, ms_between(call.started_at, now))
            reached = [leg.end_ms for side, leg in call.legs.items() if side in sides]
            # The same stream goes on with its own timestamps; a new one begins now, but never
            # before what is already recorded (a fast replay is ahead of the clock).
            anchor = known[0].record.anchor_ms if known else max(wall_ms, *reached, 0)
            attachment = Attachment(principal, call, stream_sid, anchor)
            for side in sides:
                await self._claim(attachment, owner, side, now)
        return attachment

    async def claim(self, attachment: Attachment, owner: object, side: Side) -> None:
        """Give the source a side that it had not declared."""
        async with attachment.call.lock:
            await self._claim(attachment, owner, side, self._clock.now())

    def push(
        self, attachment: Attachment, owner: object, side: Side, timestamp: int, payload: bytes
    ) -> None:
        """Take audio of one side; `timestamp` in ms of the stream. Never waits.

        Raises `CallOver`, `Superseded`.
        """
        leg = attachment.call.legs.get(side)
        if leg is None or attachment.call.over:
            raise CallOver("the call has ended")
        if leg.owner is not owner:
            raise Superseded("a newer connection feeds this side")
        position = attachment.anchor_ms + timestamp - leg.record.start_ms
        leg.pushed_at = self._clock.monotonic()
        self._record(leg, leg.assembler.push(to_samples(position), payload))
        if not leg.assembler.waiting:
            leg.silent_reason = "missing"

    def note(self, attachment: Attachment, type_: str, data: dict[str, object]) -> None:
        """Keep a key or a mark on the call's clock, at the live edge."""
        call = attachment.call
        at_ms = self._edge(call)
        self._later(
            "media:note",
            lambda: self._calls.note_event(attachment.principal, call.call_id, type_, at_ms, data),
        )

    async def release(self, attachment: Attachment, owner: object, *, stopped: bool) -> None:
        """The source is gone: on purpose (`stopped`), or without a word."""
        call = attachment.call
        async with call.lock:
            for leg in call.legs.values():
                if leg.owner is owner:
                    leg.owner = None
                    leg.silent_reason = "ended_early" if stopped else "source_lost"
                    self._record(leg, leg.assembler.flush())
            if call.over or any(leg.owner is not None for leg in call.legs.values()):
                return
            if not stopped:
                call.grace = self._tasks.spawn(
                    "media:grace", self._interrupted(attachment.principal, call)
                )
                return
            ended = call.started_at + timedelta(milliseconds=self._edge(call))
        await self._eventually(
            "media:end",
            lambda: self._calls.end(
                attachment.principal, call.call_id, "hangup", max(ended, self._clock.now())
            ),
        )
        await self.end_call(call.call_id)

    async def end_call(self, call_id: str) -> None:
        """The call has ended: make its legs equally long, durable, and hand them on to sealing.

        Repeating it changes nothing.
        """
        call = self._live.get(call_id)
        if call is None:
            return
        async with call.lock:
            if call.over:
                return
            call.over = True
            if call.grace is not None and call.grace is not asyncio.current_task():
                call.grace.cancel()
            for leg in call.legs.values():
                self._record(leg, leg.assembler.flush())
            edge = self._edge(call)
            for leg in call.legs.values():
                leg.silent_reason = "ended_early"
                self._record(leg, leg.assembler.pad_to(to_samples(edge - leg.record.start_ms)))
            finished = [
                (leg, self._recorder.finish(leg.record.leg_id)) for leg in call.legs.values()
            ]
        self._tasks.spawn("media:complete", self._complete(call, finished))

    # ---- the inside

    async def _claim(
        self, attachment: Attachment, owner: object, side: Side, now: datetime
    ) -> None:
        call = attachment.call
        if call.over:
            raise CallOver("the call has ended")
        leg = call.legs.get(side)
        if leg is None:
            view = await self._calls.add_leg(attachment.principal, call.call_id, side, now)
            leg = call.legs.get(side) or await self._open(call, view, attachment)
        elif leg.record.stream_sid == attachment.stream_sid:
            reached = leg.end_ms - attachment.anchor_ms
            attachment.resumed_ms[side] = max(0, reached)
        else:
            record = replace(
                leg.record, stream_sid=attachment.stream_sid, anchor_ms=attachment.anchor_ms
            )
            await self._save(record)
            leg.record = record
        leg.owner = owner
        attachment.sides.add(side)

    async def _open(self, call: LiveCall, view: LegView, attachment: Attachment) -> LiveLeg:
        record = MediaLeg(
            leg_id=view.leg_id,
            centre_id=call.centre_id,
            call_id=call.call_id,
            side=view.side,
            start_ms=view.start_ms,
            first_instant=call.started_at + timedelta(milliseconds=view.start_ms),
            stream_sid=attachment.stream_sid,
            anchor_ms=attachment.anchor_ms,
        )
        opened = LegRecording(
            leg_id=record.leg_id,
            side=record.side,
            start_ms=record.start_ms,
            first_instant=iso(record.first_instant),
            codec=view.codec,
            rate=view.rate,
        )
        async with self._db.write() as tx:
            await self._store.save_leg(tx, record)
            fact = LegOpened(centre_id=call.centre_id, call_id=call.call_id, leg=opened)
            await self._facts.append(tx, fact)
        # Only now: a leg that is not on record would not be found again after a crash.
        self._recorder.open(_header(record))
        leg = LiveLeg(record, LegAssembler(), pushed_at=self._clock.monotonic())
        call.legs[view.side] = leg
        return leg

    async def _save(self, record: MediaLeg) -> None:
        async with self._db.write() as tx:
            await self._store.save_leg(tx, record)

    def _record(self, leg: LiveLeg, placed: Placed) -> None:
        if placed.pieces:
            self._recorder.push(leg.record.leg_id, placed.pieces)
        for gap in placed.gaps:
            self._note_gap(leg, gap, leg.silent_reason)

    def _note_gap(self, leg: LiveLeg, gap: Gap, reason: GapReason) -> None:
        found = LegGap(leg.record.leg_id, to_ms(gap.start), to_ms(gap.end), reason)
        if found.to_ms - found.from_ms >= GAP_WORTH_TELLING_MS:
            self._gaps.append((leg.record, found))

    def _edge(self, call: LiveCall) -> int:
        """Where the longest leg ends, on the call's clock."""
        return max((leg.end_ms for leg in call.legs.values()), default=0)

    async def _interrupted(self, principal: Principal, call: LiveCall) -> None:
        """Tell that the source has gone; after the grace time, that it is lost."""
        try:
            await self._eventually(
                "media:interrupt", lambda: self._calls.interrupt(principal, call.call_id)
            )
            await asyncio.sleep(self._settings.grace_s)
            await self._eventually("media:lose", lambda: self._calls.lose(principal, call.call_id))
        except CallHasEnded:
            await self.end_call(call.call_id)

    async def _complete(self, call: LiveCall, legs: list[tuple[LiveLeg, Future[int]]]) -> None:
        """Once the audio is durable, say so and hand the legs on."""
        await self._eventually("media:gaps", self._flush_gaps)
        for leg, durable in legs:
            samples = await asyncio.wrap_future(durable)
            record = replace(leg.record, state="complete", samples=samples)
            fact = LegCompleted(
                centre_id=record.centre_id,
                call_id=record.call_id,
                leg_id=record.leg_id,
                side=record.side,
                duration_ms=to_ms(samples),
            )

            async def keep(record: MediaLeg = record, fact: LegCompleted = fact) -> None:
                async with self._db.write() as tx:
                    await self._store.save_leg(tx, record)
                    await self._facts.append(tx, fact)

            await self._eventually("media:complete", keep)
            self._archivist.take(record)
        self._live.pop(call.call_id, None)

    async def _reopen(self, record: MediaLeg) -> None:
        samples = await asyncio.to_thread(self._recorder.resume, _header(record))
        started = record.first_instant - timedelta(milliseconds=record.start_ms)
        call = self._live.setdefault(
            record.call_id, LiveCall(record.call_id, record.centre_id, started)
        )
        leg = LiveLeg(record, LegAssembler(end=samples), silent_reason="source_lost")
        side: Side = "caller" if record.side == "caller" else "call_taker"
        call.legs[side] = leg

    async def _recover(self, call: LiveCall) -> None:
        """A call that was going on when the last run ended: it waits for its source."""
        principal = system(call.centre_id, "media")
        try:
            view = await self._calls.get(principal, call.call_id)
        except NotFound:
            view = None
        if view is None or view.state == "ended":
            await self.end_call(call.call_id)
            return
        call.grace = self._tasks.spawn("media:grace", self._interrupted(principal, call))

    async def _housekeeping(self) -> None:
        """Let nothing wait for ever: packets behind a hole, and gaps to be told."""
        while True:
            await asyncio.sleep(HOUSEKEEPING_S)
            now = self._clock.monotonic()
            for call in self._live.values():
                for leg in call.legs.values():
                    if leg.assembler.waiting and now - leg.pushed_at >= HOUSEKEEPING_S:
                        self._record(leg, leg.assembler.flush())
            try:
                await self._flush_gaps()
            except Unavailable as error:
                self._log.warning("gaps wait for the database", **describe(error))

    async def _flush_gaps(self) -> None:
        async with self._flushing:
            gaps = list(self._gaps)
            if gaps:
                await self._tell_gaps(gaps)
                del self._gaps[: len(gaps)]

    async def _tell_gaps(self, gaps: list[tuple[MediaLeg, LegGap]]) -> None:
        async with self._db.write() as tx:
            for record, gap in gaps:
                await self._store.add_gap(tx, record.centre_id, record.call_id, gap)
                await self._facts.append(
                    tx,
                    GapFound(
                        centre_id=record.centre_id,
                        call_id=record.call_id,
                        leg_id=record.leg_id,
                        side=record.side,
                        from_ms=record.start_ms + gap.from_ms,
                        to_ms=record.start_ms + gap.to_ms,
                        reason=gap.reason,
                    ),
                )

    def _later(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        self._tasks.spawn(name, self._eventually(name, work))

    async def _eventually(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do it, trying again for as long as what it needs is down."""
        tries = 0
        while True:
            try:
                await work()
            except Unavailable as error:
                self._log.warning("tried again later", task=name, **describe(error))
                await asyncio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
                tries += 1
            else:
                return

    # ---- called by the recorder, on its own threads

    def _on_state(self, state: RecorderState) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._show, state)

    def _on_lost(self, leg_id: str, start: int, end: int) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._lost, leg_id, start, end)

    def _lost(self, leg_id: str, start: int, end: int) -> None:
        for call in self._live.values():
            for leg in call.legs.values():
                if leg.record.leg_id == leg_id:
                    self._note_gap(leg, Gap(start, end), "disk")

    def _show(self, state: RecorderState) -> None:
        why = _REASONS.get(state.reason, "it gives errors")
        match state.kind:
            case "ok":
                self._lamps.set("recording", "ok", "Every call is being recorded.")
            case "spare":
                self._lamps.set(
                    "recording",
                    "down",
                    f"The recordings folder cannot be written: {why}.",
                    still_works="Recording goes on in the spare folder. Everything else works.",
                )
            case "memory":
                minutes = self._settings.memory_mb * 1_000_000 // RATE // 60
                self._lamps.set(
                    "recording",
                    "down",
                    f"No folder can be written: {why}. Audio is kept in memory only.",
                    still_works=(
                        f"Calls go on; about {minutes} minutes of one voice fit into memory. "
                        "New words are not heard until a folder works again: take notes."
                    ),
                )


_REASONS: Final = {
    "no_space": "no space is left",
    "folder_gone": "the folder is gone",
    "not_writable": "writing is not allowed",
}


def _header(record: MediaLeg) -> LegHeader:
    return LegHeader(
        record.centre_id, record.call_id, record.leg_id, record.side, record.first_instant
    )
