"""Listening to calls, live or finished: audio, waveform, and who listened to which seconds."""

import asyncio
from dataclasses import dataclass, field
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls, CallView, LegView
from ringdown.core.clock import Clock
from ringdown.core.errors import Invalid, Unavailable
from ringdown.core.principal import Principal
from ringdown.media.api import AudioSlice, GapView, LegRecordingView, Waveform
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.model import LegGap, MediaLeg, bucket_count, peaks, to_ms, to_samples
from ringdown.media.ports import MediaStore
from ringdown.media.reader import LegNotReadable, LegReader
from ringdown.runtime.db import Database
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import get_logger

SIDES: Final = ("caller", "call_taker")
LONGEST_MS: Final = 60_000
LONGEST_WAVEFORM_MS: Final = 4 * 3_600_000
MOST_BUCKETS: Final = 20_000
AUDIT_EVERY_S: Final = 60.0
PLAYED_TAG: Final = "media:audio:played"


class StretchInvalid(Invalid):
    """The stretch asked for is empty, too long or too finely divided."""

    code: ClassVar[str] = "media.stretch.invalid"
    action: ClassVar[str] = "Ask for at most 60 s of audio, or for wider buckets."


@dataclass
class _Played:
    """What one person heard of one call since the last audit row."""

    principal: Principal
    call_id: str
    written_at: float
    stretches: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


class Playback:
    """Reads recordings for people; implements `media.api.Recordings`."""

    def __init__(
        self,
        db: Database,
        store: MediaStore,
        *,
        folders: Folders,
        calls: Calls,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._db = db
        self._store = store
        self._folders = folders
        self._calls = calls
        self._audit = audit
        self._clock = clock
        self._played: dict[tuple[str, str, str], _Played] = {}
        self._log = get_logger("playback")

    def start(self, tasks: Tasks) -> None:
        """Begin to write down what was played meanwhile."""
        tasks.supervise("media:played", self._write_down_for_ever)

    async def stop(self) -> None:
        """Write down what was played and is not written yet."""
        await self.write_down(self._clock.monotonic())

    def place(self, centre_id: str, call_id: str, leg_id: str) -> LegPlace:
        """Where the files of a leg are."""
        return LegPlace(self._folders, centre_id, call_id, leg_id)

    def folders_of(self, centre_id: str, call_id: str) -> tuple[str, ...]:
        """The folders that may hold files of a call's legs, the preferred one first."""
        return tuple(str(root / centre_id / call_id) for root in self._folders.all)

    async def audio(
        self, principal: Principal, call_id: str, from_ms: int, to_ms: int, sides: tuple[str, ...]
    ) -> AudioSlice:
        """Read a stretch of at most 60 s; audited as played. Raises `StretchInvalid`, NotFound."""
        if not 0 <= from_ms < to_ms or to_ms - from_ms > LONGEST_MS:
            raise StretchInvalid("ask for more than nothing and at most 60 s")
        call = await self._calls.get(principal, call_id)
        found = await asyncio.to_thread(self._slice, principal, call, from_ms, to_ms, sides)
        if found.to_ms > found.from_ms:
            await self._note_played(principal, call_id, found.from_ms, found.to_ms)
        return found

    async def waveform(
        self, principal: Principal, call_id: str, from_ms: int, to_ms: int | None, bucket_ms: int
    ) -> Waveform:
        """The outline of a stretch, to the live edge if no end is given. Raises `StretchInvalid`.

        An outline says nothing of what was said, so looking at it is not audited.
        """
        if from_ms < 0 or (to_ms is not None and to_ms < from_ms) or bucket_ms < 1:
            raise StretchInvalid("the stretch ends before it begins, or has no buckets")
        call = await self._calls.get(principal, call_id)
        return await asyncio.to_thread(self._outline, principal, call, from_ms, to_ms, bucket_ms)

    async def recording(self, principal: Principal, call_id: str) -> list[LegRecordingView]:
        """What is known of the recordings of a call's legs. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            legs = await self._store.legs_of(tx, principal.centre_id, call_id)
            gaps = await self._store.gaps_of(tx, principal.centre_id, call_id)
        return [_view(leg, gaps) for leg in legs]

    # ---- reading, off the event loop

    def _readers(self, principal: Principal, call: CallView) -> list[tuple[LegView, LegReader]]:
        return [
            (leg, LegReader(self.place(principal.centre_id, call.call_id, leg.leg_id)))
            for leg in call.legs
        ]

    def _live_edge(self, readers: list[tuple[LegView, LegReader]]) -> int:
        """Up to where any side can be read. Raises `LegNotReadable` if none can."""
        edges: list[int] = []
        trouble: LegNotReadable | None = None
        for leg, reader in readers:
            try:
                edges.append(leg.start_ms + reader.edge_ms())
            except LegNotReadable as error:
                trouble = error  # a leg that has just begun has no file for a moment
        if (
            not edges
            and trouble is not None
            and all(leg.state != "recording" for leg, _ in readers)
        ):
            raise trouble
        return max(edges, default=0)

    def _slice(
        self,
        principal: Principal,
        call: CallView,
        from_ms: int,
        to_ms: int,
        sides: tuple[str, ...],
    ) -> AudioSlice:
        readers = self._readers(principal, call)
        edge = self._live_edge(readers)
        start, end = min(from_ms, edge), min(to_ms, edge)
        audio = {side: self._side(readers, side, start, end) for side in sides}
        return AudioSlice(start, end, edge, audio)

    def _side(
        self, readers: list[tuple[LegView, LegReader]], side: str, start: int, end: int
    ) -> NDArray[np.int16]:
        """One side of [start, end) of the call, silence where no leg of it was recorded."""
        audio = np.zeros(to_samples(end - start), np.int16)
        for leg, reader in readers:
            first, last = max(start, leg.start_ms), end
            if leg.side != side or first >= last:
                continue
            try:
                heard = reader.read_pcm(first - leg.start_ms, last - leg.start_ms)
            except LegNotReadable:
                continue  # the other side can still be heard
            at = to_samples(first - start)
            audio[at : at + len(heard)] = heard
        return audio

    def _outline(
        self, principal: Principal, call: CallView, from_ms: int, to_ms: int | None, bucket_ms: int
    ) -> Waveform:
        readers = self._readers(principal, call)
        edge = self._live_edge(readers)
        end = edge if to_ms is None else min(to_ms, edge)
        start = min(from_ms, end)
        if end - start > LONGEST_WAVEFORM_MS or bucket_count(start, end, bucket_ms) > MOST_BUCKETS:
            raise StretchInvalid("this would be too many buckets", details={"most": MOST_BUCKETS})
        sides: dict[str, list[int]] = {side: [] for side in SIDES}
        # In whole buckets of about a minute, so that a long call needs little memory.
        step = max(1, LONGEST_MS // bucket_ms) * bucket_ms
        for side in SIDES:
            for at in range(start, end, step):
                heard = self._side(readers, side, at, min(at + step, end))
                sides[side] += peaks(heard, to_samples(bucket_ms))
        return Waveform(
            from_ms=start, to_ms=end, bucket_ms=bucket_ms, live_edge_ms=edge, sides=sides
        )

    # ---- who listened

    async def _note_played(
        self, principal: Principal, call_id: str, from_ms: int, to_ms: int
    ) -> None:
        """The first seconds are written down at once; more within a minute go into one row."""
        key = (principal.centre_id, principal.id, call_id)
        played = self._played.get(key)
        if played is None:
            self._played[key] = _Played(principal, call_id, self._clock.monotonic())
            await self._append(principal, call_id, [(from_ms, to_ms)])
        else:
            played.stretches = merge([*played.stretches, (from_ms, to_ms)])

    async def _write_down_for_ever(self) -> None:
        while True:
            await asyncio.sleep(1)
            before = self._clock.monotonic() - AUDIT_EVERY_S
            try:
                await self.write_down(before)
            except Unavailable as error:
                self._log.warning("played seconds wait for the database", **describe(error))

    async def write_down(self, before: float) -> None:
        """Write a row for everybody whose last one was written at `before` (s) or earlier."""
        for key, played in list(self._played.items()):
            if played.written_at > before:
                continue
            stretches = played.stretches
            if stretches:
                await self._append(played.principal, played.call_id, stretches)
            if played.stretches is stretches:
                del self._played[key]
            else:  # heard while this was being written
                played.stretches = [s for s in played.stretches if s not in stretches]

    async def _append(
        self, principal: Principal, call_id: str, stretches: list[tuple[int, int]]
    ) -> None:
        seconds = [[start / 1000, end / 1000] for start, end in stretches[:200]]
        async with self._db.write() as tx:
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag=PLAYED_TAG,
                actor=principal,
                subject=call_id,
                details={"seconds": seconds},
            )


def merge(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that touch or overlap become one; in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _view(leg: MediaLeg, gaps: list[LegGap]) -> LegRecordingView:
    return LegRecordingView(
        leg_id=leg.leg_id,
        side=leg.side,
        start_ms=leg.start_ms,
        duration_ms=None if leg.samples is None else to_ms(leg.samples),
        state=leg.state,
        sha256=leg.sha256,
        bytes=leg.bytes,
        gaps=[
            GapView(
                from_ms=leg.start_ms + gap.from_ms,
                to_ms=leg.start_ms + gap.to_ms,
                reason=gap.reason,
            )
            for gap in gaps
            if gap.leg_id == leg.leg_id
        ],
    )
