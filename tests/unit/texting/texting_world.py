"""Real calls, facts, audit and texting over a database, with a carrier that follows a script."""

from ringdown.audit.model import AuditRow
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.calls.events import FACTS as CALL_FACTS
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.core.principal import Principal
from ringdown.identity.model import Centre, User
from ringdown.identity.store import SqlCentreStore, SqlUserStore
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.lamps import Lamps
from ringdown.testing.clock import START, CountingIds, ManualClock
from ringdown.texting.events import FACTS, MessageChanged, TextBackChanged
from ringdown.texting.fakes import Album, ScriptedCarrier
from ringdown.texting.model import MessageView, TextBackView
from ringdown.texting.ports import Arrived, Carrier, Picture, Reported
from ringdown.texting.service import TextingService
from ringdown.texting.settings import TextingSettings
from ringdown.texting.store import SqlTextingStore

DANA = Principal("user", "user_1", "Dana", "a", frozenset({"texting:send", "calls:read"}), "ses_1")
STRANGER = Principal("user", "user_2", "Sam", "b", frozenset({"texting:send"}), "ses_2")
PHONES = Principal("client", "client_1", "Phones", "a", frozenset({"calls:write"}))
CALLER = "+12025550142"


class Names:
    async def centre_name(self, tx, centre_id: str) -> str:
        return {"a": "Spruce County", "b": "Alder County"}[centre_id]

    async def centre_ids(self, tx) -> list[str]:
        return ["a", "b"]


class Words:
    """What speech knows of a call's legs: nothing, until a test says so."""

    def __init__(self) -> None:
        self.silent: dict[str, bool] = {}

    async def silent_in(self, tx, centre_id: str, call_id: str, leg_ids) -> bool | None:
        assert leg_ids
        return self.silent.get(call_id)


class Quiet:
    def signal(self, signal) -> None:
        """Nobody looks at lamps but the test."""


class World:
    """One installation; `restarted` is another process over the same database."""

    def __init__(
        self,
        db: Database,
        *,
        carrier: Carrier | None = None,
        manual: bool = False,
        practice: bool = False,
        clock: ManualClock | None = None,
        ids: CountingIds | None = None,
        **settings: object,
    ) -> None:
        self.db, self.clock, self.ids = db, clock or ManualClock(), ids or CountingIds()
        self.carrier = carrier if carrier or manual else ScriptedCarrier()
        self.facts = Facts(SqlFactStore(), self.clock, self.ids, (*CALL_FACTS, *FACTS))
        self.audit = AuditLog(SqlAuditStore(), self.clock)
        self.lamps = Lamps(self.clock, Quiet())
        common = {
            "facts": self.facts, "audit": self.audit, "clock": self.clock, "ids": self.ids,
        }  # fmt: skip
        self.calls = CallService(db, SqlCallStore(), **common)
        self.store = SqlTextingStore()
        self.album, self.words = Album(), Words()
        self.texting = TextingService(
            db, self.store, calls=self.calls, centres=Names(), lamps=self.lamps,
            carrier=self.carrier, settings=TextingSettings(**settings),
            practice=practice, words=self.words, **common,
        )  # fmt: skip
        self.texting.pictures.taker = self.album
        self.settings = settings
        self._heard = 0

    def restarted(self) -> "World":
        """Another process."""
        return World(self.db, carrier=self.carrier, clock=self.clock, ids=self.ids, **self.settings)

    async def people(self) -> None:
        async with self.db.write() as tx:
            for centre_id, user_id in (("a", "user_1"), ("b", "user_2")):
                await SqlCentreStore().add(tx, Centre(centre_id, centre_id, START))
                user = User(
                    user_id, centre_id, user_id, "Dana", frozenset(), "x", START, False, START
                )
                await SqlUserStore().add(tx, user)

    async def ring(
        self, external_id: str = "CA-1", *, ani: str | None = CALLER, demo: bool = False
    ) -> str:
        call = await self.calls.start(
            PHONES, external_id=external_id, ani=ani, source="phones", demo=demo
        )
        self.clock.advance(1)
        return call.call_id

    async def answered(self, external_id: str = "CA-1", **more) -> str:
        call_id = await self.ring(external_id, **more)
        await self.calls.answer(PHONES, call_id)
        return call_id

    async def hang_up(self, call_id: str) -> None:
        await self.calls.end(PHONES, call_id, "hangup")
        await self.settle()

    async def settle(self) -> None:
        """Hand what happened to calls to the queue, twice, as a bus may."""
        async with self.db.read() as tx:
            new = await self.facts.since(tx, "a", self._heard)
        for stored in new:
            self._heard = stored.record.position
            for _ in range(2):
                if stored.record.fact.kind == "calls.call.ended.v1":
                    await self.texting.text_backs.on_ended(stored.record)
                    await self.texting.silent.on_ended(stored.record)
                elif stored.record.fact.kind == "calls.event.noted.v1":
                    await self.texting.text_backs.on_noted(stored.record)

    async def writes(
        self, text: str, *, sender: str = CALLER, sid: str = "", pictures: tuple[str, ...] = (),
        answered: bool = False, receiver: str = "",
    ) -> MessageView | None:  # fmt: skip
        """A phone writes."""
        self.clock.advance(1)
        kept = tuple(Picture(url, "image/jpeg") for url in pictures)
        arrived = Arrived(sid or self.ids.new("IN"), sender, text, kept, answered, receiver)
        return await self.texting.incoming.take(arrived)

    async def reported(self, state: str, *, message: MessageView, sid: str = "SM1") -> MessageView:
        await self.texting.incoming.reported(Reported(message.message_id, sid, state, None))
        return await self.message(message.message_id)

    async def message(self, message_id: str) -> MessageView:
        async with self.db.read() as tx:
            held = await self.store.find(tx, message_id=message_id, carrier_id=None)
        assert held is not None
        return held.view

    async def thread(self, call_id: str) -> list[MessageView]:
        return await self.texting.thread(DANA, call_id)

    async def queue(self) -> list[TextBackView]:
        return await self.texting.queue(DANA)

    async def told(self) -> list[MessageView | TextBackView]:
        """What the facts of texting said, in their order."""
        async with self.db.read() as tx:
            found = [one.record.fact for one in await self.facts.since(tx, "a", 0)]
        return [
            one.message if isinstance(one, MessageChanged) else one.text_back
            for one in found
            if isinstance(one, MessageChanged | TextBackChanged)
        ]

    async def rows(self, centre_id: str = "a") -> list[AuditRow]:
        """The acts of texting in the audit log, in their order."""
        async with self.db.read() as tx:
            rows = await SqlAuditStore().rows(tx, centre_id, after=0, limit=500)
        return [row for row in rows if row.tag.startswith("texting:")]

    async def tags(self) -> list[str]:
        """The names of those acts."""
        return [row.tag for row in await self.rows()]
