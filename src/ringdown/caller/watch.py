"""Looks after links that are not over: time, silence, the call's end, what became of the SMS."""

import asyncio
from typing import Final, cast

from ringdown.caller.links import LinkBook
from ringdown.caller.model import OPEN, Rules, after_message, ended, judged, over
from ringdown.caller.ports import CallerStore, LinkRow
from ringdown.caller.pulse import Pulse
from ringdown.caller.views import LinkView
from ringdown.calls.api import CallView
from ringdown.calls.events import CallChanged, CallEnded
from ringdown.core.clock import Clock
from ringdown.core.events import FactRecord
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Database, Tx
from ringdown.texting.events import MessageChanged

EVERY_S: Final = 0.5
NAME: Final = "caller links"


def call_over(call: CallView) -> bool:
    """Whether nobody attends to the call any more: it has ended, and needs no closing."""
    return call.state == "ended" and call.attention is None


class LinkWatch:
    """Ends links that are over, and says when their console should offer to go on by text."""

    def __init__(
        self,
        db: Database,
        store: CallerStore,
        book: LinkBook,
        pulse: Pulse,
        *,
        clock: Clock,
        rules: Rules,
    ) -> None:
        self._db = db
        self._store = store
        self._book = book
        self._pulse = pulse
        self._clock = clock
        self._rules = rules
        self._live: dict[str, LinkRow] = {}
        self._read = False

    def subscribe(self, bus: Bus) -> None:
        """Hear of calls and of messages."""
        bus.subscribe(CallEnded, self._on_call, name=NAME)
        bus.subscribe(CallChanged, self._on_call, name=NAME)
        bus.subscribe(MessageChanged, self._on_message, name=NAME)

    async def run(self) -> None:
        """Look twice a second; without links there is nothing to look at."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.tick()

    async def tick(self) -> None:
        """Look at every link that is not over."""
        if not self._read:
            async with self._db.read() as tx:
                self._live = {row.link.link_id: row for row in await self._store.live(tx)}
            self._read = True
        for row in list(self._live.values()):
            if self.judge(row.link) != row.link:
                await self.look(row.centre_id, row.link.link_id)

    def knows(self, row: LinkRow) -> None:
        """A link is new or has changed."""
        if over(row.link):
            self._live.pop(row.link.link_id, None)
            self._pulse.forget(row.link.link_id)
        else:
            self._live[row.link.link_id] = row

    async def look(self, centre_id: str, link_id: str) -> None:
        """Look at one link as it is kept now."""
        async with self._db.write() as tx:
            row = await self._store.by_id(tx, centre_id, link_id)
            if row is None:
                return
            after = self.judge(row.link)
            row = await self.put(tx, row, after, why=after.reason or after.offer or "alive")

    async def put(self, tx: Tx, row: LinkRow, after: LinkView, *, why: str) -> LinkRow:
        """Keep a changed link and know it once that is certain."""
        kept = await self._book.put(tx, row, after, why=why)
        tx.after_commit(lambda: self.knows(kept))
        return kept

    async def end_all(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """The call is over: so is every link of it."""
        now = self._clock.now()
        for row in await self._store.rows_of_call(tx, centre_id, call_id):
            if not over(row.link):
                after = ended(row.link, "stopped", now, "call_over")
                await self.put(tx, row, after, why="call_over")

    def judge(self, link: LinkView) -> LinkView:
        """The link as it must be now, by the clock and by what is known of its page."""
        signs = self._pulse.signs(link.link_id)
        return judged(link, signs, self._clock.now(), self._rules)

    async def _on_call(self, record: FactRecord) -> None:
        fact = cast("CallEnded | CallChanged", record.fact)
        if not call_over(fact.call):
            return
        call_id = fact.call.call_id
        async with self._db.read() as tx:
            links = await self._store.links.of_call(tx, fact.centre_id, call_id)
        if any(not over(link) for link in links):
            async with self._db.write() as tx:
                await self.end_all(tx, fact.centre_id, call_id)

    async def _on_message(self, record: FactRecord) -> None:
        fact = cast("MessageChanged", record.fact)
        message = fact.message
        if message.kind != "link" or message.link_id is None:
            return
        async with self._db.write() as tx:
            row = await self._store.by_id(tx, fact.centre_id, message.link_id)
            if row is None or row.link.state in OPEN or over(row.link):
                return
            await self.put(tx, row, after_message(row.link, message.state), why=message.state)
