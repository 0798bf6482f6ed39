"""Forgets old deliveries: each holds what a partner was told of a caller.

A few at a time, since whoever writes to the database waits for whoever else does.
"""

import asyncio
from datetime import timedelta
from typing import Final

from ringdown.core.clock import Clock
from ringdown.core.errors import Unavailable
from ringdown.partners.ports import DeliveryArchive
from ringdown.runtime.db import Database
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger

BATCH: Final = 200
BETWEEN_S: Final = 0.5
"""Between two batches, so that calls and webhooks come first."""
EVERY_S: Final = 3600.0


class Pruner:
    """Keeps deliveries for as long as the settings say."""

    def __init__(
        self, db: Database, archive: DeliveryArchive, clock: Clock, *, keep: timedelta
    ) -> None:
        self._db = db
        self._archive = archive
        self._clock = clock
        self._keep = keep
        self._log = get_logger("partners")

    async def run(self) -> None:
        """Look now and each hour; for `Tasks.supervise`."""
        while True:
            try:
                gone = await self.prune()
            except Unavailable as error:
                self._log.warning("old deliveries wait for the database", **describe(error))
            else:
                if gone:
                    self._log.info("old deliveries forgotten", count=gone)
            await asyncio.sleep(EVERY_S)

    async def prune(self) -> int:
        """Forget everything that is old by now, a batch at a time; how many there were."""
        before = self._clock.now() - self._keep
        gone = 0
        while True:
            async with self._db.write() as tx:
                found = await self._archive.prune(tx, before, BATCH)
            gone += found
            if found < BATCH:
                return gone
            await asyncio.sleep(BETWEEN_S)
