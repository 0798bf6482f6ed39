"""Partners' endpoints and deliveries over any database, with receivers that a test chooses."""

import asyncio
from contextlib import asynccontextmanager

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.calls.api import Ali, CallView
from ringdown.calls.events import CallChanged, CallStarted
from ringdown.core.events import FactRecord
from ringdown.core.principal import Principal
from ringdown.partners.endpoints import Bearer, EndpointService
from ringdown.partners.fakes import (
    KnownPartners,
    MemoryDeliveryLedger,
    MemoryEndpointStore,
    MemoryIncidentStore,
    OpenVault,
    ScriptedPost,
)
from ringdown.partners.ledger import Delivery, Endpoint
from ringdown.partners.links import Links
from ringdown.partners.model import EVENT_TYPES
from ringdown.partners.ports import Partner
from ringdown.partners.sender import Sender, Sending
from ringdown.partners.service import IncidentService
from ringdown.partners.settings import PartnersSettings
from ringdown.partners.store import SqlDeliveryLedger, SqlEndpointStore, SqlIncidentStore
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.testing.clock import CountingIds, ManualClock

ADMIN = Principal("user", "user_1", "Ada", "a", frozenset({"partners:manage"}), "ses_1")
OTHER = Principal("user", "user_2", "Olaf", "b", frozenset({"partners:manage"}), "ses_2")
PARTNER = Principal("client", "client_1", "App", "a", frozenset({"incident_events"}))
URL = "https://hooks.example.org/in"


class Quiet:
    def signal(self, signal: object) -> None:
        """Nobody listens."""


def call(call_id: str = "call_1", **more: object) -> CallView:
    base = {
        "call_id": call_id, "external_id": "x", "source": "x", "direction": "inbound",
        "state": "active", "started_at": "2026-03-01T02:59:00Z", "answered_at": None,
        "ended_at": None, "end_reason": None, "ani": "+12025550143", "ali": None, "demo": False,
        "assigned_to": None, "attention": None, "legs": [],
    }  # fmt: skip
    return CallView.model_validate({**base, **more})


class World:
    """One installation with one partner in centre a; every endpoint gets the post `posts` says."""

    def __init__(self, db: Database | None = None) -> None:
        self.db = db or MemoryDatabase()
        memory = self.db.dialect == "memory"
        self.clock, self.ids = ManualClock(), CountingIds()
        self.incident_store = MemoryIncidentStore() if memory else SqlIncidentStore()
        self.endpoint_store = MemoryEndpointStore() if memory else SqlEndpointStore()
        self.ledger = MemoryDeliveryLedger() if memory else SqlDeliveryLedger()
        self.audit_store = MemoryAuditStore() if memory else SqlAuditStore()
        self.audit = AuditLog(self.audit_store, self.clock)
        self.lamps = Lamps(self.clock, Quiet())
        self.partners = KnownPartners(
            Partner("client_1", "a", "App", True), Partner("client_2", "a", "Other", True)
        )
        self.tasks = Tasks()
        self.posts: dict[bool, ScriptedPost] = {}
        self.made_posts: list[ScriptedPost] = []
        self.next_posts: list[ScriptedPost] = []
        self.position = 0
        self.sender = Sender(
            self.db, self.endpoint_store, self.ledger,
            partners=self.partners, open_post=self.open_post, vault=OpenVault(), audit=self.audit,
            lamps=self.lamps, clock=self.clock, tasks=self.tasks, metrics=Metrics(),
            jitter=lambda: 0.0, sending=Sending(at_once=2),
        )  # fmt: skip
        self.endpoints = EndpointService(
            self.db, self.endpoint_store, self.ledger,
            partners=self.partners, vault=OpenVault(), open_post=self.open_post, audit=self.audit,
            clock=self.clock, ids=self.ids, random_bytes=lambda n: bytes(range(n)),
            on_changed=self.sender.changed, on_queued=self.sender.look,
        )  # fmt: skip
        self.incidents = IncidentService(
            self.db, self.incident_store, self.endpoint_store, self.ledger,
            partners=self.partners, calls=None, recordings=None, listening=None,  # type: ignore[arg-type]
            links=Links(b"k" * 32), settings=PartnersSettings(), address=lambda: "https://x.test",
            clock=self.clock, ids=self.ids, on_queued=self.sender.look,
        )  # fmt: skip

    def open_post(self, *, allow_private: bool, connections: int) -> ScriptedPost:
        del allow_private, connections
        post = self.next_posts.pop(0) if self.next_posts else ScriptedPost()
        self.made_posts.append(post)
        return post

    async def add(self, post: ScriptedPost | None = None, **more: object) -> Endpoint:
        form = {"client_id": "client_1", "name": "Hook", "url": URL, "events": EVENT_TYPES,
                "bearer": Bearer("none"), **more}  # fmt: skip
        if post is not None:
            self.next_posts.append(post)
        made = await self.endpoints.add(ADMIN, **form)  # type: ignore[arg-type]
        return await self.endpoint(made.view.endpoint_id)

    async def endpoint(self, endpoint_id: str) -> Endpoint:
        async with self.db.read() as tx:
            found = await self.endpoint_store.get(tx, "a", endpoint_id)
        assert found is not None
        return found

    async def hear(self, view: CallView, *, centre_id: str = "a") -> FactRecord:
        """The next fact of a call."""
        self.position += 1
        kind = CallStarted if self.position == 1 else CallChanged
        fact = kind(centre_id=centre_id, call_id=view.call_id, call=view)
        record = FactRecord(self.position, f"evt_{self.position}", self.clock.now(), fact)
        await self.incidents.on_call(record)
        return record

    async def all(self) -> list[Delivery]:
        async with self.db.read() as tx:
            return await self.ledger.page(
                tx, "a", endpoint_id=None, state=None, before=None, limit=100
            )

    async def until(self, condition) -> list[Delivery]:
        """The deliveries once they are as wanted."""
        async with asyncio.timeout(60):
            while not condition(found := await self.all()):
                await asyncio.sleep(0.005)
        return found

    async def audited(self) -> list[str]:
        async with self.db.read() as tx:
            rows = await self.audit_store.rows(tx, "a", after=0, limit=100)
        return [row.tag for row in rows]

    @asynccontextmanager
    async def running(self):
        """With the sender at work."""
        async with self.tasks:
            self.tasks.supervise("webhooks", self.sender.run)
            yield self


PLACE = Ali(text="14 Elm St", lat=40.1, lon=-75.2)
