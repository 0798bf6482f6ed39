"""The trail of a caller's phone: taken from its page, kept thinned, read by people."""

from collections.abc import Sequence
from typing import Final

from ringdown.audit.api import Audit
from ringdown.caller.events import CallerLocated
from ringdown.caller.model import LinkNotFound, LinkOver, NotAgreed, PageSession, TooOften, over
from ringdown.caller.ports import CallerStore
from ringdown.caller.trail import BEFORE_OPENING, PhoneFix, Reading, believed, is_news
from ringdown.caller.views import FixView, LinkView
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock, iso, ms_between, parse_iso
from ringdown.core.events import Value
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts

A_MINUTE: Final = 60
"""How often in a minute a page may send fixes: far more than a trail needs."""
SAME_READING_S: Final = 600
"""Within this time the same person's console showing the same call again is one reading."""


class Taken(Value):
    """What became of the fixes that a page sent, and how many seconds apart others are wanted."""

    kept: int
    unbelievable: int
    every_s: int


class TrailView(Value):
    """Where the phones of a call were, in the order kept."""

    call_id: str
    fixes: tuple[FixView, ...]


class TrailService:
    """Fixes of every centre. Each is taken only from a phone whose caller agrees to it now."""

    def __init__(
        self,
        db: Database,
        store: CallerStore,
        *,
        calls: Calls,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        every_s: int,
    ) -> None:
        self._db = db
        self._store = store
        self._calls = calls
        self._facts = facts
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._every_s = every_s
        self._buckets = Buckets(A_MINUTE, clock)
        self._shown: dict[tuple[str, str | None, str], float] = {}

    async def take(self, page: PageSession, sent: Sequence[PhoneFix], clock: str | None) -> Taken:
        """Keep what is news of what a page sends; `clock` is its phone's own time.

        Raises `TooOften`, `NotAgreed`, `LinkOver`: consent is looked at again as each is kept.
        """
        wait = self._buckets.take(page.link_id)
        if wait is not None:
            raise TooOften("too many fixes from one page", details={"retry_after_s": wait})
        page.agreed_to("location")
        if not sent:
            return Taken(kept=0, unbelievable=0, every_s=self._every_s)
        now = self._clock.now()
        async with self._db.write() as tx:
            link = await self._agreed(tx, page)
            since = parse_iso(link.opened_at or link.made_at)
            readings = believed(sent, clock, now=now, since=since)
            kept = 0
            if readings:
                kept = await self._keep(tx, page, readings, iso(now))
        return Taken(kept=kept, unbelievable=len(sent) - len(readings), every_s=self._every_s)

    async def _keep(
        self, tx: Tx, page: PageSession, readings: Sequence[Reading], received_at: str
    ) -> int:
        call = await self._calls.read(tx, page.centre_id, page.call_id)
        began = parse_iso(call.started_at)
        first = readings[0].at - BEFORE_OPENING
        known = await self._store.fixes.around(tx, page.centre_id, page.link_id, first)
        count = len(known)
        for reading in readings:
            if not is_news(known, reading, self._every_s):
                continue
            fix = FixView(
                fix_id=self._ids.new("fix"),
                call_id=page.call_id,
                link_id=page.link_id,
                lat=reading.lat,
                lon=reading.lon,
                accuracy_m=reading.accuracy_m,
                altitude_m=reading.altitude_m,
                altitude_accuracy_m=reading.altitude_accuracy_m,
                floor=reading.floor,
                heading_deg=reading.heading_deg,
                speed_mps=reading.speed_mps,
                at=iso(reading.at),
                received_at=received_at,
                at_ms=ms_between(began, reading.at),
            )
            known.append(fix)
            await self._store.fixes.add_fix(tx, page.centre_id, fix)
            await self._facts.append(
                tx, CallerLocated(centre_id=page.centre_id, call_id=page.call_id, fix=fix)
            )
        return len(known) - count

    async def _agreed(self, tx: Tx, page: PageSession) -> LinkView:
        """The link as it is in this transaction, if its caller agrees to be located."""
        found = await self._store.links.get(tx, page.centre_id, page.link_id)
        if found is None:
            raise LinkNotFound("there is no such link")
        if over(found.value):
            raise LinkOver("this link is over")
        if "location" not in found.value.agreed:
            raise NotAgreed("the caller has not agreed to this", details={"share": "location"})
        return found.value

    async def read(self, principal: Principal, call_id: str) -> TrailView:
        """The trail of a call; that it was read is in the audit log. Raises `NotFound`."""
        async with self._db.write() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            fixes = await self._store.fixes.of_call(tx, principal.centre_id, call_id)
            await self._write_down(tx, principal, call_id, {"fixes": len(fixes)})
        return TrailView(call_id=call_id, fixes=tuple(fixes))

    async def shown(self, principal: Principal, call_id: str, *, fixes: int) -> None:
        """The console shows the trail with the call: one row for a person, call and session.

        A console that opens the call again soon afterwards, as each one does whose connection was
        lost, is the same reading.
        """
        now = self._clock.monotonic()
        key = (principal.id, principal.session_id, call_id)
        self._shown = {one: at for one, at in self._shown.items() if now - at < SAME_READING_S}
        if key in self._shown:
            return
        async with self._db.write() as tx:
            await self._write_down(tx, principal, call_id, {"fixes": fixes, "by": "console"})
        self._shown[key] = now

    async def _write_down(
        self, tx: Tx, principal: Principal, call_id: str, details: dict[str, object]
    ) -> None:
        await self._audit.append(
            tx,
            centre_id=principal.centre_id,
            tag="caller:location:read",
            actor=principal,
            subject=call_id,
            details=details,
        )
