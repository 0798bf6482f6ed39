"""After a call: each complete leg is sealed in the audit log, archived, and the raw file removed.

Every step is on record before the next begins, so a crash anywhere is healed at the next start.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock
from ringdown.core.errors import NotFound, RingdownError
from ringdown.core.principal import system
from ringdown.media import archive
from ringdown.media.archive import Digest
from ringdown.media.events import LegSealed
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.model import MediaLeg, to_ms
from ringdown.media.ports import MediaStore, SpeechProgress
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import get_logger

LOOK_S: Final = 1.0
RETRY_S: Final = (1, 5, 30, 120)
SEALED_TAG: Final = "media:leg:sealed"


class Archivist:
    """Takes complete legs and brings each to `archived`, one at a time."""

    def __init__(
        self,
        db: Database,
        store: MediaStore,
        *,
        folders: Folders,
        calls: Calls,
        audit: Audit,
        facts: Facts,
        clock: Clock,
        tasks: Tasks,
        speech: SpeechProgress,
        archive_wait_s: float,
    ) -> None:
        self._db = db
        self._store = store
        self._folders = folders
        self._calls = calls
        self._audit = audit
        self._facts = facts
        self._clock = clock
        self._tasks = tasks
        self._speech = speech
        self._wait_s = archive_wait_s
        self._one_at_a_time = asyncio.Semaphore(1)
        self._log = get_logger("archivist")

    def take(self, record: MediaLeg) -> None:
        """Bring this leg to its archive in the background, however often that must be tried."""
        self._tasks.spawn("media:archive", self._until_done(record))

    async def _until_done(self, record: MediaLeg) -> None:
        record = await self._retried(record, self.seal)
        await self._heard(record)
        await self._retried(record, self.archive)

    async def _retried(
        self, record: MediaLeg, step: Callable[[MediaLeg], Awaitable[MediaLeg]]
    ) -> MediaLeg:
        tries = 0
        while True:
            try:
                async with self._one_at_a_time:
                    return await step(record)
            except RingdownError as error:
                self._log.error("archiving waits", leg_id=record.leg_id, **describe(error))
                await asyncio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
                tries += 1

    async def seal(self, record: MediaLeg) -> MediaLeg:
        """Write the digest of the raw leg into the audit log. Repeating it changes nothing."""
        if record.state == "complete":
            found = await asyncio.to_thread(archive.digest, self._place(record))
            record = replace(
                record,
                state="sealed",
                samples=found.samples,
                sha256=found.sha256,
                bytes=found.bytes,
            )
            async with self._db.write() as tx:
                kept = await self._store.leg(tx, record.centre_id, record.leg_id)
                if kept is not None and kept.state in ("sealed", "archived"):
                    return kept
                await self._store.save_leg(tx, record)
                await self._tell(tx, record)
        duration = to_ms(record.samples or 0)
        actor = system(record.centre_id, "media")
        try:
            await self._calls.seal_leg(actor, record.call_id, record.leg_id, duration)
        except NotFound as error:
            # The seal stands by itself; a call that is not there any more cannot show it.
            self._log.error("sealed leg without a call", leg_id=record.leg_id, **describe(error))
        return record

    async def archive(self, record: MediaLeg) -> MediaLeg:
        """Write the archive, check it, remove the raw file. Repeating it changes nothing."""
        assert record.sha256 is not None
        assert record.bytes is not None
        place, seal = self._place(record), Digest(record.sha256, record.bytes)
        await asyncio.to_thread(archive.write_archive, place, seal)
        await asyncio.to_thread(archive.remove_raw, place, seal)
        archived = replace(record, state="archived")
        async with self._db.write() as tx:
            await self._store.save_leg(tx, archived)
        return archived

    async def _tell(self, tx: Tx, record: MediaLeg) -> None:
        assert record.sha256 is not None
        assert record.bytes is not None
        duration = to_ms(record.samples or 0)
        await self._audit.append(
            tx,
            centre_id=record.centre_id,
            tag=SEALED_TAG,
            actor=system(record.centre_id, "media"),
            subject=record.leg_id,
            details={
                "call_id": record.call_id,
                "side": record.side,
                "sha256": record.sha256,
                "bytes": record.bytes,
                "duration_ms": duration,
            },
        )
        await self._facts.append(
            tx,
            LegSealed(
                centre_id=record.centre_id,
                call_id=record.call_id,
                leg_id=record.leg_id,
                side=record.side,
                sha256=record.sha256,
                duration_ms=duration,
                bytes=record.bytes,
            ),
        )

    async def _heard(self, record: MediaLeg) -> None:
        """Wait until the leg has been heard to its end, but not for ever."""
        deadline = self._clock.monotonic() + self._wait_s
        while self._clock.monotonic() < deadline:
            try:
                if await self._speech.done_with(record.centre_id, record.leg_id):
                    return
            except RingdownError as error:
                self._log.warning("speech does not say", leg_id=record.leg_id, **describe(error))
            await asyncio.sleep(LOOK_S)

    def _place(self, record: MediaLeg) -> LegPlace:
        return LegPlace(self._folders, record.centre_id, record.call_id, record.leg_id)
