"""Answered calls on which nobody was heard: over, they join the queue by themselves."""

import asyncio
from datetime import timedelta
from typing import Final

from ringdown.calls.events import CallEnded
from ringdown.core.clock import parse_iso
from ringdown.core.events import FactRecord
from ringdown.runtime.bus import Bus
from ringdown.runtime.db import Tx
from ringdown.texting.desk import Desk
from ringdown.texting.ports import Words
from ringdown.texting.text_backs import TextBacks

LOOK_S: Final = 2
GIVE_UP_AFTER: Final = timedelta(hours=1)
"""A call whose words never come: whether somebody spoke is not known, and nothing is claimed."""
CLOSED_BY_PERSON: Final = "closed_by_person"


class SilentCalls:
    """Waits for the last words of a call that ended; if there were none, it joins the queue."""

    def __init__(self, desk: Desk, text_backs: TextBacks, words: Words | None) -> None:
        self._desk = desk
        self._text_backs = text_backs
        self._words = words
        self._wake = asyncio.Event()

    def subscribe(self, bus: Bus) -> None:
        """Hear of calls that end."""
        bus.subscribe(CallEnded, self.on_ended, name="silent calls")

    async def on_ended(self, record: FactRecord) -> None:
        """Remember an answered call until its words are known."""
        fact = record.fact
        assert isinstance(fact, CallEnded), "the bus gives what was subscribed to"
        call = fact.call
        closed = call.end_reason == CLOSED_BY_PERSON
        if call.direction != "inbound" or call.answered_at is None or closed:
            return
        async with self._desk.db.write() as tx:
            await self._desk.store.listen_to(tx, fact.centre_id, call.call_id)
        self._wake.set()

    async def run(self) -> None:
        """Look for ever; for `Tasks.supervise`."""
        self._wake.set()
        while True:
            await self._wake.wait()
            self._wake.clear()
            if await self.look():
                await asyncio.sleep(LOOK_S)
                self._wake.set()

    async def look(self) -> bool:
        """Judge what can be judged; whether anything is left."""
        desk = self._desk
        async with desk.db.read() as tx:
            waiting = await desk.store.listened_to(tx)
            known = [(*one, await self._silent(tx, *one)) for one in waiting]
        for centre_id, call_id, silent in known:
            if silent is None:
                continue
            async with desk.db.write() as tx:
                if silent:
                    await self._text_backs.join_silent(tx, centre_id, call_id)
                await desk.store.listened(tx, centre_id, call_id)
        return any(silent is None for _, _, silent in known)

    async def _silent(self, tx: Tx, centre_id: str, call_id: str) -> bool | None:
        call = await self._desk.calls.read(tx, centre_id, call_id)
        legs = [leg.leg_id for leg in call.legs if leg.side == "caller"]
        if self._words is None or not legs or call.ended_at is None:
            return False
        silent = await self._words.silent_in(tx, centre_id, call_id, legs)
        late = self._desk.clock.now() - parse_iso(call.ended_at) > GIVE_UP_AFTER
        return False if silent is None and late else silent
