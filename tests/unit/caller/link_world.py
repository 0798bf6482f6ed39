"""Caller links over a real database, real calls and real texting, with time that a test owns."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import _create
from tests.sync_world import SteppedBus

from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore, audit_table
from ringdown.caller import events as caller_events
from ringdown.caller.door import Knock, Opened
from ringdown.caller.service import CallerService
from ringdown.caller.settings import CallerSettings
from ringdown.caller.store import SqlCallerStore
from ringdown.caller.views import ConsentView, LinkView, Share
from ringdown.calls import events as call_events
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.core.events import Signal
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import SqlDatabase, metadata
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.link_tokens import LinkTokens
from ringdown.testing.clock import CountingIds, ManualClock
from ringdown.texting import events as texting_events
from ringdown.texting.api import MessageView
from ringdown.texting.service import TextingService
from ringdown.texting.store import SqlTextingStore

CENTRE = "centre_a"
DANA = Principal("user", "user_dana", "Dana Reyes", CENTRE, frozenset({"caller:ask"}), "ses_1")
SAM = Principal(
    "user", "user_sam", "Sam Ortiz", CENTRE, frozenset({"caller:ask", "caller:override"}), "ses_2"
)
FAR = Principal("user", "user_far", "Far Away", "centre_b", SAM.permissions, "ses_3")
PHONES = Principal("client", "client_1", "Phones", CENTRE, frozenset({"calls:write"}))
ANI = "+12025550142"
HERE = "203.0.113.7"
EVERYTHING: tuple[Share, ...] = ("location", "video", "upload", "chat")


class Names:
    async def centre_name(self, tx, centre_id: str) -> str:
        return "Spruce County 911"

    async def centre_ids(self, tx) -> list[str]:
        return [CENTRE]


class Heard(SteppedBus):
    """Facts step by step; signals are kept to be looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.signals: list[Signal] = []

    def signal(self, signal: Signal) -> None:
        self.signals.append(signal)


class LinkWorld:
    """One call of a centre, and everything about its caller's phone."""

    def __init__(self, folder: Path, *, carrier: Any = None) -> None:
        self.clock, self.ids, self.bus = ManualClock(), CountingIds(), Heard()
        self.db = SqlDatabase(f"sqlite:///{folder / 'links.sqlite3'}")
        kinds = (*call_events.FACTS, *texting_events.FACTS, *caller_events.FACTS)
        self.facts = Facts(SqlFactStore(), self.clock, self.ids, kinds)
        audit = AuditLog(SqlAuditStore(), self.clock)
        common: Any = {
            "facts": self.facts, "audit": audit, "clock": self.clock, "ids": self.ids,
        }  # fmt: skip
        self.calls = CallService(self.db, SqlCallStore(), **common)
        self.texting = TextingService(
            self.db, SqlTextingStore(), calls=self.calls, centres=Names(),
            lamps=Lamps(self.clock, self.bus), carrier=carrier, **common,
        )  # fmt: skip
        self._drawn = 0
        self.store = SqlCallerStore()
        self.tokens = LinkTokens(b"k" * 32, "caller", self._chance)
        self.caller = CallerService(
            self.db, self.store, calls=self.calls, texting=self.texting,
            centres=Names(), signals=self.bus, tokens=self.tokens, settings=CallerSettings(),
            address=lambda: "https://psap.example", **common,
        )  # fmt: skip
        self.caller.subscribe(self.bus)
        self.texting.goes_by(self.caller)
        self.pages = self.caller.pages
        self.call_id = ""
        self._handed_on = 0

    def _chance(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.sha256(str(self._drawn).encode()).digest()[:count]

    # ---- the call

    async def ring(self, external_id: str = "CA-1", ani: str | None = ANI) -> str:
        call = await self.calls.start(PHONES, external_id=external_id, ani=ani, source="phones")
        await self.calls.answer(PHONES, call.call_id)
        self.call_id = self.call_id or call.call_id
        self.clock.advance(20)
        return call.call_id

    async def settle(self) -> None:
        """Hand every new fact to its handlers, and what that brings about."""
        while True:
            async with self.db.read() as tx:
                new = await self.facts.since(tx, CENTRE, self._handed_on)
            if not new:
                return
            for stored in new:
                await self.bus.give(stored.record)
                self._handed_on = stored.record.position

    async def tick(self, seconds: float = 0) -> None:
        """Time passes and links are looked at."""
        self.clock.advance(seconds)
        await self.caller.watch.tick()
        await self.settle()

    # ---- the console

    async def agree(
        self, shares: tuple[Share, ...] = EVERYTHING, call_id: str | None = None
    ) -> ConsentView:
        return await self.caller.consents.record(
            DANA, call_id or self.call_id, shares=shares, outcome="agreed", language="es"
        )

    async def send(
        self, shares: tuple[Share, ...] = EVERYTHING, call_id: str | None = None
    ) -> tuple[str, LinkView, MessageView]:
        """Consent, link, message; the token as the caller's phone gets it."""
        consent = await self.agree(shares, call_id)
        link, message = await self.caller.make(
            DANA, call_id or self.call_id, consent_id=consent.consent_id
        )
        await self.settle()
        return message.text.rpartition("#")[2], link, message

    async def link(self, link_id: str) -> LinkView:
        async with self.db.read() as tx:
            return await self.caller.read_link(tx, CENTRE, link_id)

    # ---- the phone

    async def look(self, token: str, cookie: str | None = None, source: str = HERE):
        return await self.caller.door.look(
            Knock(Sensitive(token, "token"), source, _sensitive(cookie))
        )

    async def open(
        self,
        token: str,
        shares: tuple[Share, ...] = EVERYTHING,
        cookie: str | None = None,
        source: str = HERE,
        proposed: str | None = None,
    ) -> Opened:
        knock = Knock(Sensitive(token, "token"), source, _sensitive(cookie), _sensitive(proposed))
        opened = await self.caller.door.open(knock, shares=shares, device="iPhone, Safari")
        await self.settle()
        return opened

    # ---- what is written down

    async def story(self) -> list[str]:
        """The tags of the audit log about this feature, in order."""
        async with self.db.read() as tx:
            query = audit_table.select().order_by(audit_table.c.centre_id, audit_table.c.seq)
            rows = (await tx.sql.execute(query)).all()
        return [row.tag for row in rows if row.tag.startswith("caller:")]

    async def everything_kept(self) -> str:
        """Every row of every table, as text: to look for what must not be in it."""
        found = []
        async with self.db.read() as tx:
            for table in metadata.sorted_tables:
                found += [str(tuple(row)) for row in (await tx.sql.execute(table.select())).all()]
        return "\n".join(found)


def _sensitive(cookie: str | None) -> Sensitive[str] | None:
    return Sensitive(cookie, "cookie") if cookie else None


def cookie_of(opened: Opened) -> str:
    return opened.cookie.reveal("the phone keeps it")


async def prepare(folder: Path) -> None:
    """A database that each world begins with a copy of."""
    db = SqlDatabase(f"sqlite:///{folder / 'links.sqlite3'}")
    await _create(db)
    await db.close()


def copied(prepared: Path, folder: Path) -> Callable[..., LinkWorld]:
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    return lambda **more: LinkWorld(folder, **more)
