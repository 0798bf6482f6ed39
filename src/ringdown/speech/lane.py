"""The speech lane: keeps the workers alive and every leg with one of them.

A worker that ends, or is silent for longer than it should be, is killed and replaced; its legs are
listened to again from their stored cursors, so that no word is lost or doubled.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from ringdown.core.clock import Clock, parse_iso
from ringdown.core.errors import Unavailable
from ringdown.core.events import Value
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics, get_logger
from ringdown.runtime.workers import WorkerFactory, WorkerProcess
from ringdown.speech.lane_counts import EngineCounts
from ringdown.speech.lane_lamp import Standing, lamp_for
from ringdown.speech.model.protocol import (
    Channel,
    Done,
    Drop,
    End,
    Final,
    Follow,
    Heartbeat,
    Listened,
    Partial,
    Progress,
    Ready,
    Report,
    Trouble,
    decode_report,
    encode,
)
from ringdown.speech.model.utterance import ChannelView, LegRef, sample_ms
from ringdown.speech.ports import LegCursor
from ringdown.speech.service import TranscriptService
from ringdown.speech.settings import SpeechSettings

LOOK_S = 0.1
SILENCE_KEPT_EVERY = 10 * 8000
"""Samples of silence after which a cursor is stored; listening to silence again costs little."""
TROUBLE_SHOWN_S = 300
STORE_AGAIN_S = 0.5
CHANNEL_EVERY_S = 1.0
"""How a leg is followed is told this often at most, and only when it has changed."""
CHANNEL_LAG_MS = 500
LATE_MS = 2000
"""From here on the words of a leg count as late."""
RESTART_S = (0.05, 0.2, 0.5, 1, 2)


class WorkerLost(Unavailable):
    """A speech worker ended or hung; another takes over."""

    code: ClassVar[str] = "speech.worker.lost"
    action: ClassVar[str] = "It is replaced by itself; if this repeats, read the worker's log."


@dataclass
class _Leg:
    ref: LegRef
    through_sample: int
    stored_sample: int
    ended: bool
    slot: int | None = None
    channel: ChannelView | None = None
    """As it was told last, at `channel_at`."""
    channel_at: float = -CHANNEL_EVERY_S
    listened: list[Listened] = field(default_factory=list[Listened])

    def stand_at(self, cursor: LegCursor) -> None:
        self.through_sample = self.stored_sample = cursor.through_sample
        self.ended = self.ended or cursor.ended


@dataclass
class _Slot:
    number: int
    process: WorkerProcess | None = None
    ready: bool = False
    seen_at: float = 0.0
    lag_ms: int = 0
    stand_in: str = ""
    heartbeat: Heartbeat | None = None
    reports: asyncio.Queue[Report] = field(default_factory=asyncio.Queue["Report"])


NamesOf = Callable[[str], str | None]
"""The file of a centre's local names as it is now: `names_file.NameFiles.names_of`."""


class SpeechLane:
    """Owns the worker processes for as long as `run` runs."""

    def __init__(
        self,
        transcript: TranscriptService,
        start_worker: WorkerFactory,
        lamps: Lamps,
        clock: Clock,
        settings: SpeechSettings,
        metrics: Metrics,
        names_of: NamesOf = lambda _centre_id: None,
    ) -> None:
        self._transcript = transcript
        self._names_of = names_of
        self.goes_to: tuple[str, ...] = ()
        """Hosts off this machine that get the audio; for the lamp."""
        self._start_worker = start_worker
        self._lamps = lamps
        self._clock = clock
        self._settings = settings
        self._legs: dict[str, _Leg] = {}
        self._slots = [_Slot(number) for number in range(settings.workers)]
        self._placing = asyncio.Lock()
        self._was_ready = False
        self._trouble_at: float | None = None
        self._store_down = False
        self._log = get_logger("speech.lane")
        self._restarts = metrics.counter(
            "ringdown_speech_worker_restarts_total", "Speech workers that were replaced."
        )
        self._words = metrics.counter("ringdown_speech_words_total", "Final words stored.")
        self._shed = metrics.counter(
            "ringdown_speech_partials_shed_total", "Revisions left out for lack of time."
        )
        self._lag = metrics.gauge(
            "ringdown_speech_lag_seconds", "Audio recorded but not yet turned into words."
        )
        self._channel_lag = metrics.gauge(
            "ringdown_speech_channel_lag_max_seconds", "Lag of the leg that is latest."
        )
        self._channel_lags = metrics.histogram(
            "ringdown_speech_channel_lag_seconds", "Lag of each leg at each heartbeat."
        )
        self._shown = metrics.counter(
            "ringdown_speech_words_shown_total", "Words shown while they were spoken."
        )
        self._changed = metrics.counter(
            "ringdown_speech_words_changed_total", "Words shown that were shown differently later."
        )
        self._counts = EngineCounts(metrics)
        self._tones = metrics.counter("ringdown_speech_tones_total", "Tones heard on legs.")
        self._delay = metrics.histogram(
            "ringdown_speech_final_seconds", "From the end of an utterance to its stored words."
        )

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        return [slot.process.pid for slot in self._slots if slot.process is not None]

    async def follow(self, leg: LegRef) -> None:
        """Begin to listen; repeating it changes nothing. Returns once it is on record."""
        self._know(await self._transcript.follow(leg))
        await self._place()

    async def end(self, centre_id: str, leg_id: str) -> None:
        """The leg is complete on disk; repeating it changes nothing."""
        cursor = await self._transcript.advance(centre_id, leg_id, ended=True)
        if cursor is None or cursor.closed:
            return
        self._know(cursor)
        leg = self._legs[leg_id]
        leg.ended = True
        if leg.slot is not None:
            await self._send(self._slots[leg.slot], End(leg_id=leg_id))
        else:
            await self._place()

    async def run(self) -> None:
        """Work until cancelled: take up every open leg, keep the workers alive."""
        self._light()
        for cursor in await self._transcript.open_legs():
            self._know(cursor)
        async with Tasks() as tasks:
            for slot in self._slots:
                tasks.supervise(
                    f"speech-worker-{slot.number}",
                    lambda slot=slot: self._keep(slot),
                    backoff_s=RESTART_S,
                )
            await asyncio.Event().wait()

    def _know(self, cursor: LegCursor) -> None:
        if not cursor.closed and cursor.leg.leg_id not in self._legs:
            at = cursor.through_sample
            self._legs[cursor.leg.leg_id] = _Leg(cursor.leg, at, at, cursor.ended)

    async def _keep(self, slot: _Slot) -> None:
        """One worker's life. Always raises: WorkerLost, or OSError when it cannot start."""
        async with self._process(slot) as process, Tasks() as tasks:
            running = [
                tasks.spawn(f"speech-read-{slot.number}", self._receive(slot, process)),
                tasks.spawn(f"speech-keep-{slot.number}", self._handle_all(slot)),
                tasks.spawn(f"speech-watch-{slot.number}", self._watch(slot)),
            ]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            process.kill()  # it ended or hangs: there is nothing to wait for
            self._restarts.inc()
        await self._place()
        raise WorkerLost("a speech worker was lost", details={"worker": slot.number})

    @asynccontextmanager
    async def _process(self, slot: _Slot) -> AsyncGenerator[WorkerProcess, None]:
        slot.seen_at = self._clock.monotonic()
        slot.reports = asyncio.Queue()
        process = await self._start_worker(slot.number)
        slot.process = process
        try:
            yield process
        finally:
            slot.process, slot.ready, slot.lag_ms, slot.stand_in = None, False, 0, ""
            slot.heartbeat = None
            self._counts.forget(slot.number)
            for leg in self._legs.values():
                if leg.slot == slot.number:
                    leg.slot = None
            self._light()
            await process.close()

    async def _receive(self, slot: _Slot, process: WorkerProcess) -> None:
        """Read reports; returns when the worker is gone. Never waits for the database."""
        async for line in process.lines():
            report = decode_report(line)
            slot.seen_at = self._clock.monotonic()
            if isinstance(report, Heartbeat):
                self._note(slot, report)
            elif isinstance(report, Partial):
                self._show(slot, report)
            else:
                slot.reports.put_nowait(report)
        self._log.warning("speech worker ended", worker=slot.number)

    def _note(self, slot: _Slot, report: Heartbeat) -> None:
        """Count, and tell of each leg whether it is followed otherwise than before."""
        slot.lag_ms, slot.heartbeat = report.lag_ms, report
        slot.stand_in = report.state if report.fallback else ""
        self._shed.inc(report.shed)
        self._shown.inc(report.shown)
        self._changed.inc(report.changed)
        self._counts.note(slot.number, report.counts)
        latest = max(one.lag_ms for one in self._slots) / 1000
        self._lag.set(latest)
        self._channel_lag.set(latest)
        now = self._clock.monotonic()
        for channel in report.channels:
            self._channel_lags.observe(channel.lag_ms / 1000)
            leg = self._mine(slot, channel.leg_id)
            if leg is None:
                continue
            view = ChannelView(
                leg_id=channel.leg_id,
                side=leg.ref.side,
                lag_ms=channel.lag_ms,
                engine=report.engine,
                mode=channel.mode,
            )
            if _worth_telling(leg.channel, view) and now - leg.channel_at >= CHANNEL_EVERY_S:
                leg.channel, leg.channel_at = view, now
                self._transcript.follow_closely(leg.ref, view)

    async def _watch(self, slot: _Slot) -> None:
        """Return when the worker has been silent for too long."""
        while True:
            patience = self._settings.hang_after_s if slot.ready else self._settings.start_within_s
            if self._clock.monotonic() - slot.seen_at > patience:
                self._log.error("speech worker hangs", worker=slot.number)
                return
            self._light()
            await asyncio.sleep(LOOK_S)

    async def _handle_all(self, slot: _Slot) -> None:
        while True:
            report = await slot.reports.get()
            while not await self._handled(slot, report):  # noqa: ASYNC110 - tried again, not polled
                await asyncio.sleep(STORE_AGAIN_S)

    async def _handled(self, slot: _Slot, report: Report) -> bool:
        """Act on a report; False when the database did not take it and it must be tried again."""
        try:
            await self._handle(slot, report)
        except Unavailable as error:
            self._log.error("words cannot be stored", code=error.code)
            self._store_down = True
            return False
        self._store_down = False
        return True

    async def _handle(self, slot: _Slot, report: Report) -> None:
        if isinstance(report, Ready):
            slot.ready = self._was_ready = True
            await self._place()
            self._light()
        elif isinstance(report, Final):
            await self._keep_words(slot, report)
        elif isinstance(report, Progress):
            leg = self._mine(slot, report.leg_id)
            if leg is not None:
                await self._move(leg, report)
        elif isinstance(report, Done):
            leg = self._mine(slot, report.leg_id)
            if leg is not None:
                await self._store_cursor(leg, closed=True)
                del self._legs[report.leg_id]
        elif isinstance(report, Trouble):
            self._trouble_at = self._clock.monotonic()
            self._log.error("a leg lacks words", leg_id=report.leg_id, code=report.code)

    async def _move(self, leg: _Leg, report: Progress) -> None:
        """Over silence; stored now and then, and with tones at once."""
        if report.through_sample > leg.through_sample and report.listened is not None:
            leg.listened.append(report.listened)
        leg.through_sample = max(leg.through_sample, report.through_sample)
        moved = leg.through_sample - leg.stored_sample
        if moved >= SILENCE_KEPT_EVERY or (report.tones and moved):
            await self._transcript.advance(
                leg.ref.centre_id,
                leg.ref.leg_id,
                through_sample=leg.through_sample,
                tones=report.tones,
            )
            leg.stored_sample = leg.through_sample
            self._tones.inc(len(report.tones))

    async def _keep_words(self, slot: _Slot, report: Final) -> None:
        leg = self._mine(slot, report.utterance.leg_id)
        if leg is None:
            return
        centre_id = leg.ref.centre_id
        cursor = await self._transcript.finalise(
            centre_id, report.utterance, report.through_sample, report.tones
        )
        if cursor is None or cursor.closed:
            self._legs.pop(leg.ref.leg_id, None)
            await self._send(slot, Drop(leg_id=leg.ref.leg_id))
            return
        if report.through_sample > leg.through_sample:
            self._tones.inc(len(report.tones))
            if report.listened is not None:
                leg.listened.append(report.listened)
        leg.through_sample = leg.stored_sample = cursor.through_sample
        self._words.inc(len(report.utterance.words))
        took = self._clock.now() - parse_iso(report.heard_at)
        self._delay.observe(max(took.total_seconds(), 0.0))

    async def _store_cursor(self, leg: _Leg, *, closed: bool = False) -> None:
        await self._transcript.advance(
            leg.ref.centre_id,
            leg.ref.leg_id,
            through_sample=leg.through_sample,
            closed=closed,
            listened=leg.listened,
        )
        leg.stored_sample = leg.through_sample

    def _mine(self, slot: _Slot, leg_id: str) -> _Leg | None:
        """The leg, if this worker has it; a report from one that lost it counts for nothing."""
        leg = self._legs.get(leg_id)
        return leg if leg is not None and leg.slot == slot.number else None

    def _show(self, slot: _Slot, report: Partial) -> None:
        leg = self._mine(slot, report.utterance.leg_id)
        if leg is not None:
            self._transcript.show(leg.ref.centre_id, report.utterance)

    async def _place(self) -> None:
        """Give every leg without a worker to the one with the fewest, from its stored cursor."""
        async with self._placing:
            for leg in [leg for leg in self._legs.values() if leg.slot is None]:
                ready = [slot for slot in self._slots if slot.ready and slot.process is not None]
                if not ready:
                    return
                cursor = await self._transcript.follow(leg.ref)
                if cursor.closed:
                    self._legs.pop(leg.ref.leg_id, None)
                    continue
                leg.stand_at(cursor)
                slot = min(ready, key=self._load)
                if not slot.ready:
                    return  # lost while we asked the database; whoever is ready next places all
                leg.slot = slot.number
                order = Follow(
                    leg=leg.ref,
                    from_sample=cursor.through_sample,
                    names_file=self._names_of(leg.ref.centre_id),
                )
                await self._send(slot, order)
                if leg.ended:
                    await self._send(slot, End(leg_id=leg.ref.leg_id))

    def _load(self, slot: _Slot) -> tuple[int, int]:
        legs = sum(leg.slot == slot.number for leg in self._legs.values())
        return (legs, slot.number)

    async def _send(self, slot: _Slot, order: Value) -> None:
        if slot.process is not None:
            await slot.process.send(encode(order))

    def _light(self) -> None:
        now = self._clock.monotonic()
        lost = [leg for leg in self._legs.values() if leg.slot is None]
        beats = [slot.heartbeat for slot in self._slots if slot.heartbeat is not None]
        channels = [channel for beat in beats for channel in beat.channels]
        standing = Standing(
            workers=len(self._slots),
            ready=sum(slot.ready for slot in self._slots),
            starting_first=not self._was_ready,
            lost=[
                (leg.ref.call_id, leg.ref.start_ms + sample_ms(leg.through_sample))
                for leg in lost
                if self._was_ready
            ],
            lag_ms=max((slot.lag_ms for slot in self._slots), default=0),
            behind_after_ms=round(self._settings.behind_after_s * 1000),
            late=len(self._late_calls(channels)),
            no_partials=any(channel.mode == "no_partials" for channel in channels),
            troubled=self._trouble_at is not None and now - self._trouble_at < TROUBLE_SHOWN_S,
            store_down=self._store_down,
            stand_in=next((slot.stand_in for slot in self._slots if slot.stand_in), ""),
            goes_to=self.goes_to,
        )
        state, text, still = lamp_for(standing)
        self._lamps.set("speech", state, text, still_works=still)

    def _late_calls(self, channels: Sequence[Channel]) -> set[str]:
        legs = [self._legs.get(one.leg_id) for one in channels if one.lag_ms >= LATE_MS]
        return {leg.ref.call_id for leg in legs if leg is not None}


def _worth_telling(told: ChannelView | None, now: ChannelView) -> bool:
    if told is None or (told.engine, told.mode) != (now.engine, now.mode):
        return True
    return abs(told.lag_ms - now.lag_ms) > CHANNEL_LAG_MS
