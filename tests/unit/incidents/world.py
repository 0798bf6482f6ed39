"""An incident service on any database, with its people and calls."""

from dataclasses import dataclass, field
from typing import Any

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.ports import AuditStore
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.calls import events as call_events
from ringdown.calls.fakes import MemoryCallStore
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.core.principal import Principal
from ringdown.identity.fakes import MemoryUserStore
from ringdown.identity.model import Centre, User
from ringdown.identity.store import SqlCentreStore, SqlUserStore
from ringdown.incidents import events
from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.fakes import MemoryIncidentStore, MemoryTranscript
from ringdown.incidents.ports import Gazetteer, IncidentStore
from ringdown.incidents.service import IncidentService
from ringdown.incidents.store import SqlIncidentStore
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore, SqlFactStore, Stored
from ringdown.testing.clock import START, CountingIds, ManualClock
from ringdown.testing.extractor import Utterance, dialogue

RIGHTS = frozenset({"incidents:read", "incidents:edit", "incidents:confirm", "calls:read"})
DANA = Principal("user", "user_dana", "Dana Reyes", "centre_a", RIGHTS, "ses_1")
LEE = Principal("user", "user_lee", "Lee Park", "centre_a", RIGHTS, "ses_2")
MAX = Principal("user", "user_max", "Max Orr", "centre_b", RIGHTS, "ses_3")
PHONES = Principal("client", "client_1", "Phones", "centre_a", frozenset({"calls:write"}))
OTHER_PHONES = Principal("client", "client_2", "Phones", "centre_b", frozenset({"calls:write"}))


@dataclass
class World:
    """Two centres, three people, and everything an incident needs."""

    db: Database = field(default_factory=MemoryDatabase)
    gazetteer: Gazetteer | None = None

    def __post_init__(self) -> None:
        memory = isinstance(self.db, MemoryDatabase)
        self.memory = memory
        self.clock, ids = ManualClock(), CountingIds()
        kinds = (*call_events.FACTS, *events.FACTS)
        self.facts = Facts(MemoryFactStore() if memory else SqlFactStore(), self.clock, ids, kinds)
        self.audit_store: AuditStore = MemoryAuditStore() if memory else SqlAuditStore()
        audit = AuditLog(self.audit_store, self.clock)
        self.store: IncidentStore = MemoryIncidentStore() if memory else SqlIncidentStore()
        self.calls = CallService(
            self.db,
            MemoryCallStore() if memory else SqlCallStore(),
            facts=self.facts,
            audit=audit,
            clock=self.clock,
            ids=ids,
        )
        self.transcript = MemoryTranscript()
        self._make = lambda: IncidentService(
            database=self.db,
            store=self.store,
            facts=self.facts,
            audit=audit,
            calls=self.calls,
            transcript=self.transcript,
            extractor=RuleExtractor(),
            clock=self.clock,
            ids=ids,
            gazetteer=self.gazetteer,
        )
        self.service = self._make()

    def restart(self) -> None:
        """A new process on the same database: nothing in memory is left."""
        self.service = self._make()

    async def people(self) -> None:
        """Dana and Lee of one centre, Max of another."""
        async with self.db.write() as tx:
            for centre_id in ("centre_a", "centre_b"):
                if not self.memory:
                    await SqlCentreStore().add(tx, Centre(centre_id, centre_id, START))
            users = MemoryUserStore() if self.memory else SqlUserStore()
            for person in (DANA, LEE, MAX):
                await users.add(
                    tx,
                    User(
                        user_id=person.id,
                        centre_id=person.centre_id,
                        username=person.id,
                        display_name=person.name,
                        roles=frozenset(),
                        password_hash="x",
                        password_changed_at=START,
                        must_change_password=False,
                        created_at=START,
                    ),
                )

    async def begin(self, external_id: str = "x1", *, by: Principal = PHONES, **more: Any) -> str:
        """A call, by id."""
        call = await self.calls.start(by, external_id=external_id, source="phones", **more)
        return call.call_id

    async def hear(self, call_id: str, script: str, *, centre_id: str = "centre_a") -> None:
        """Finished utterances, kept in the transcript as speech would, then heard."""
        for utterance in self.said(call_id, script, centre_id):
            await self.service.hear(centre_id, call_id, utterance)

    def said(self, call_id: str, script: str, centre_id: str = "centre_a") -> list[Utterance]:
        """The utterances of a script, after those the transcript already has."""
        kept = self.transcript.utterances.setdefault((centre_id, call_id), [])
        new = (
            dialogue("|".join([*["T:"] * len(kept), script]))[len(kept) :]
            if kept
            else dialogue(script)
        )
        kept.extend(new)
        return new

    async def told(self, kind: str | None = None) -> list[Stored]:
        """The facts of centre A about incidents."""
        async with self.db.read() as tx:
            found = await self.facts.since(tx, "centre_a", 0)
        prefix = kind or "incidents."
        return [each for each in found if each.record.fact.kind.startswith(prefix)]

    async def audited(self, tag: str = "incidents:") -> list[tuple[str, str, dict]]:
        """The audit rows of centre A about incidents."""
        async with self.db.read() as tx:
            rows = await self.audit_store.rows(tx, "centre_a", after=0, limit=500)
        return [
            (row.tag, row.actor_id, dict(row.details)) for row in rows if row.tag.startswith(tag)
        ]


async def made(db: Database | None = None) -> World:
    """A world with its people."""
    world = World(db) if db is not None else World()
    await world.people()
    return world
