"""Real calls, incidents and deliveries over any database, with a CAD that a test chooses."""

from typing import Any

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.cad.eido import Sender
from ringdown.cad.events import FACTS as CAD_FACTS
from ringdown.cad.events import DeliveryChanged, IncidentSummarised
from ringdown.cad.fakes import MemoryDeliveryStore, ScriptedCad
from ringdown.cad.ports import CadAdapter, SummaryPublisher
from ringdown.cad.service import DeliveryService
from ringdown.cad.store import SqlDeliveryStore
from ringdown.calls.events import FACTS as CALL_FACTS
from ringdown.calls.fakes import MemoryCallStore
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.core.principal import Principal
from ringdown.identity.fakes import MemoryCentreStore, MemoryUserStore
from ringdown.identity.model import Centre, User
from ringdown.identity.store import SqlCentreStore, SqlUserStore
from ringdown.incidents.events import FACTS as INCIDENT_FACTS
from ringdown.incidents.events import IncidentConfirmed
from ringdown.incidents.fakes import MemoryIncidentStore, MemoryTranscript
from ringdown.incidents.service import IncidentService
from ringdown.incidents.store import SqlIncidentStore
from ringdown.runtime.bus import MemoryBus, MemoryCursorStore
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore, SqlFactStore, Stored
from ringdown.runtime.lamps import Lamps, LampView
from ringdown.testing.clock import START, CountingIds, ManualClock

DANA = Principal("user", "user_1", "Dana", "a", frozenset({"incidents:confirm"}), "ses_1")
PHONES = Principal("client", "client_1", "Phones", "a", frozenset({"calls:write"}))
NO_CAD = object()


class NoExtractor:
    def open(self):
        raise AssertionError("nobody speaks in these tests")


class Centres:
    async def centre_name(self, tx, centre_id: str) -> str:
        return f"Centre {centre_id}"


async def people(db: Database) -> None:
    """Two centres with a person each, where the database wants to see them."""
    memory = db.dialect == "memory"
    centres = MemoryCentreStore() if memory else SqlCentreStore()
    users = MemoryUserStore() if memory else SqlUserStore()
    async with db.write() as tx:
        if await centres.get(tx, "a") is not None:
            return
        for centre_id, user_id in (("a", "user_1"), ("b", "user_2")):
            await centres.add(tx, Centre(centre_id, centre_id, START))
            user = User(user_id, centre_id, user_id, "Dana", frozenset(), "x", START, False, START)
            await users.add(tx, user)


class World:
    """One installation; `restarted` is another process over the same database."""

    def __init__(
        self,
        db: Database | None = None,
        *,
        cad: CadAdapter | object | None = NO_CAD,
        clock: ManualClock | None = None,
        ids: CountingIds | None = None,
        publisher: SummaryPublisher | None = None,
        sender: Sender | None = None,
        type_codes: dict[str, str] | None = None,
    ) -> None:
        self.publisher, self.sender = publisher, sender
        self.type_codes = type_codes
        self.db = db or MemoryDatabase()
        memory = self.db.dialect == "memory"
        self.clock, self.ids = clock or ManualClock(), ids or CountingIds()
        facts_store = MemoryFactStore() if memory else SqlFactStore()
        kinds = [*CALL_FACTS, *INCIDENT_FACTS, *CAD_FACTS]
        self.facts = Facts(facts_store, self.clock, self.ids, kinds)
        self.audit_store = MemoryAuditStore() if memory else SqlAuditStore()
        self.audit = AuditLog(self.audit_store, self.clock)
        shared = {"facts": self.facts, "audit": self.audit, "clock": self.clock, "ids": self.ids}
        call_store = MemoryCallStore() if memory else SqlCallStore()
        self.calls = CallService(self.db, call_store, **shared)
        self.incident_store = MemoryIncidentStore() if memory else SqlIncidentStore()
        self.incidents = IncidentService(
            database=self.db,
            store=self.incident_store,
            calls=self.calls,
            transcript=MemoryTranscript(),
            extractor=NoExtractor(),
            **shared,
        )
        self.store = MemoryDeliveryStore() if memory else SqlDeliveryStore()
        bus = MemoryBus(self.db, self.facts, MemoryCursorStore(), self.clock)
        self.lamps = Lamps(self.clock, bus)
        self.cad = ScriptedCad() if cad is NO_CAD else cad
        self.deliveries = DeliveryService(
            self.db,
            self.store,
            adapter=self.cad,
            incidents=self.incidents,
            calls=self.calls,
            centres=Centres(),
            lamps=self.lamps,
            jitter=lambda: 0.5,
            publisher=publisher,
            sender=sender,
            type_codes=type_codes,
            **shared,
        )
        self._seen = 0

    def restarted(self, cad: CadAdapter | object | None = NO_CAD) -> "World":
        return World(
            self.db,
            cad=self.cad if cad is NO_CAD else cad,
            clock=self.clock,
            ids=self.ids,
            publisher=self.publisher,
            sender=self.sender,
        )

    async def begin(
        self, external_id: str = "x1", ani: str | None = "+15550100", **more: Any
    ) -> str:
        await people(self.db)
        call = await self.calls.start(
            PHONES, external_id=external_id, ani=ani, source="phones", **more
        )
        return call.call_id

    async def cancel(self, call_id: str, sequence: int = 1, reason: str = "False alarm") -> str:
        """Dana takes back what was sent; the id of the cancellation. Nothing is queued yet."""
        return (await self.incidents.cancel(DANA, call_id, sequence, reason)).confirmation_id

    async def summaries(self) -> list[Stored]:
        """Every summary that was told, in order."""
        async with self.db.read() as tx:
            stored = await self.facts.after_seq(tx, 0, 1000)
        return [one for one in stored if isinstance(one.record.fact, IncidentSummarised)]

    async def confirm(self, call_id: str, location: str = "12 Elm St") -> str:
        """Dana types and confirms a location; the confirmation's id. Nothing is queued yet."""
        draft = await self.incidents.draft(DANA, call_id)
        field = await self.incidents.edit(
            DANA, call_id, "location", location, draft.fields["location"].version
        )
        view = await self.incidents.confirm(DANA, call_id, {"location": field.version})
        return view.confirmation_id

    async def hear(self) -> None:
        """Give the CAD lane every confirmation told since the last time."""
        async with self.db.read() as tx:
            stored = await self.facts.after_seq(tx, self._seen, 1000)
        for one in stored:
            self._seen = one.seq
            if isinstance(one.record.fact, IncidentConfirmed):
                await self.deliveries.on_confirmed(one.record)

    async def queue(self, external_id: str = "x1", location: str = "12 Elm St") -> str:
        call_id = await self.begin(external_id)
        await self.confirm(call_id, location)
        await self.hear()
        return call_id

    async def of(self, call_id: str):
        async with self.db.read() as tx:
            return await self.deliveries.read(tx, "a", call_id)

    async def states(self, call_id: str) -> list[str]:
        """Every state that was told, in order."""
        async with self.db.read() as tx:
            stored = await self.facts.after_seq(tx, 0, 1000)
        return [
            one.record.fact.delivery.state
            for one in stored
            if isinstance(one.record.fact, DeliveryChanged) and one.record.fact.call_id == call_id
        ]

    async def tags(self) -> list[str]:
        async with self.db.read() as tx:
            rows = await self.audit_store.rows(tx, "a", after=0, limit=100)
        return [row.tag for row in rows if row.tag.startswith("cad:")]

    def lamp(self) -> LampView:
        found = self.lamps.get("cad")
        assert found is not None
        return found
