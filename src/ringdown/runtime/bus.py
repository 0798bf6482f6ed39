"""The bus: two lanes, never confused.

Facts are durable: each named subscription keeps a cursor in the database and is given every fact
of its kind at least once, in order, also after a crash. A handler that keeps failing has the fact
set aside as a dead letter and a lamp lit, so that the others go on. Signals are disposable: they
reach whoever listens now.

`MemoryBus` serves one machine; `runtime.nats_bus.NatsBus` carries both lanes over NATS.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

import structlog
from sqlalchemy import Column, Integer, String, Table, delete, insert, select, update

from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Unavailable
from ringdown.core.events import Fact, FactRecord, Signal
from ringdown.runtime.db import Database, Tx, metadata
from ringdown.runtime.facts import Facts, Stored
from ringdown.runtime.tasks import Tasks, describe

F = TypeVar("F", bound=Fact)
S = TypeVar("S", bound=Signal)
Handler = Callable[[FactRecord], Awaitable[None]]

cursors_table = Table(
    "bus_cursors",
    metadata,
    Column("name", String, primary_key=True),
    Column("seq", Integer, nullable=False),
)

dead_letters_table = Table(
    "dead_letters",
    metadata,
    Column("name", String, primary_key=True),
    Column("event_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("error", String, nullable=False),
    Column("at", String, nullable=False),
)


class Bus(Protocol):
    """What features see."""

    def subscribe(self, kind: type[F], handler: Handler, /, *, name: str) -> None:
        """Have `handler` called with every fact of `kind`, at least once, in order."""
        ...

    def signal(self, signal: Signal) -> None:
        """Tell whoever listens now; never blocks, never fails."""
        ...

    def on_signal(self, kind: type[S], handler: Callable[[S], None], /) -> None:
        """Have `handler` called with each signal of `kind`."""
        ...


class CursorStore(Protocol):
    """Where subscriptions remember how far they have come."""

    async def load(self, tx: Tx, name: str) -> int | None:
        """The last handled `seq`, or None for a new subscription."""
        ...

    async def save(self, tx: Tx, name: str, seq: int) -> None:
        """Remember `seq`."""
        ...

    async def bury(self, tx: Tx, name: str, stored: Stored, error: str, at: str) -> None:
        """Set a fact aside for a person to look at."""
        ...

    async def buried(self, tx: Tx) -> int:
        """How many facts are set aside."""
        ...


@dataclass
class Subscription:
    """One named handler and the kinds of fact it is given."""

    name: str
    handlers: dict[str, Handler] = field(default_factory=lambda: cast("dict[str, Handler]", {}))


@dataclass(frozen=True)
class Patience:
    """How long a failing handler is tried: the pauses between tries (s), then a dead letter."""

    pauses_s: tuple[float, ...] = (0.05, 0.2, 0.5, 1, 2)


class Subscriptions:
    """Who wants what: shared by every bus, so that they cannot differ in it."""

    def __init__(self) -> None:
        self.facts: dict[str, Subscription] = {}
        self._signals: dict[str, list[Callable[[Any], None]]] = {}
        self._log = structlog.get_logger("bus")

    def subscribe(self, kind: type[Fact], handler: Handler, name: str) -> None:
        """Add a handler; one name may take several kinds and keeps their common order."""
        subscription = self.facts.setdefault(name, Subscription(name))
        if kind.kind in subscription.handlers:
            raise ValueError(f"{name} already handles {kind.kind}")
        subscription.handlers[kind.kind] = handler

    def on_signal(self, kind: type[Signal], handler: Callable[[Any], None]) -> None:
        """Add a listener."""
        self._signals.setdefault(kind.kind, []).append(handler)

    def tell(self, signal: Signal) -> None:
        """Give a signal to its listeners; one that fails is logged and harms no other."""
        for handler in self._signals.get(signal.kind, ()):
            try:
                handler(signal)
            except Exception as error:  # noqa: BLE001 - a signal never harms its sender
                self._log.error("signal handler failed", kind=signal.kind, **describe(error))


@dataclass(frozen=True)
class Giver:
    """Gives facts to handlers: shared by every bus, so that they cannot differ in patience."""

    db: Database
    cursors: CursorStore
    clock: Clock
    patience: Patience
    on_dead_letter: Callable[[str], None]

    async def give(self, name: str, handler: Handler, stored: Stored) -> None:
        """Call a handler until it succeeds or patience ends; an outage never buries a fact."""
        log = structlog.get_logger("bus")
        tries = 0
        while True:
            try:
                await handler(stored.record)
            except Unavailable as error:
                log.warning("handler waits", subscription=name, **describe(error))
                await asyncio.sleep(self.patience.pauses_s[-1])
            except Exception as error:  # noqa: BLE001 - the bus is a supervisor
                # Not `exception`: a traceback's text may quote a caller.
                log.error("handler failed", subscription=name, **describe(error))  # noqa: TRY400
                if tries == len(self.patience.pauses_s):
                    async with self.db.write() as tx:
                        at = iso(self.clock.now())
                        await self.cursors.bury(tx, name, stored, type(error).__name__, at)
                    self.on_dead_letter(name)
                    return
                await asyncio.sleep(self.patience.pauses_s[tries])
                tries += 1
            else:
                return


class MemoryBus:
    """One machine's bus: the log itself is the queue, so nothing is held in memory only."""

    def __init__(
        self,
        db: Database,
        facts: Facts,
        cursors: CursorStore,
        clock: Clock,
        *,
        patience: Patience | None = None,
        on_dead_letter: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._db = db
        self._facts = facts
        self._cursors = cursors
        self._giver = Giver(db, cursors, clock, patience or Patience(), on_dead_letter)
        self._subscriptions = Subscriptions()
        self._wakes: list[asyncio.Event] = []
        self._log = structlog.get_logger("bus")
        facts.on_commit(self._wake)

    def subscribe(self, kind: type[F], handler: Handler, /, *, name: str) -> None:
        """Have `handler` called with every fact of `kind`, at least once, in order."""
        self._subscriptions.subscribe(kind, handler, name)

    def signal(self, signal: Signal) -> None:
        """Tell whoever listens now."""
        self._subscriptions.tell(signal)

    def on_signal(self, kind: type[S], handler: Callable[[S], None], /) -> None:
        """Have `handler` called with each signal of `kind`."""
        self._subscriptions.on_signal(kind, handler)

    def start(self, tasks: Tasks) -> None:
        """Begin to serve every subscription made so far, each on its own task."""
        for subscription in self._subscriptions.facts.values():
            wake = asyncio.Event()
            wake.set()
            self._wakes.append(wake)

            async def run(
                subscription: Subscription = subscription, wake: asyncio.Event = wake
            ) -> None:
                await self._serve(subscription, wake)

            tasks.supervise(f"bus:{subscription.name}", run)

    def _wake(self) -> None:
        for wake in self._wakes:
            wake.set()

    async def _serve(self, subscription: Subscription, wake: asyncio.Event) -> None:
        wake.set()  # an earlier run may have failed after taking the call
        async with self._db.read() as tx:
            cursor = await self._cursors.load(tx, subscription.name) or 0
        while True:
            await wake.wait()
            wake.clear()
            while True:
                async with self._db.read() as tx:
                    batch = await self._facts.after_seq(tx, cursor)
                if not batch:
                    break
                handled = False
                for stored in batch:
                    handler = subscription.handlers.get(stored.record.fact.kind)
                    if handler is not None:
                        await self._giver.give(subscription.name, handler, stored)
                        handled = True
                    cursor = stored.seq
                if handled:
                    async with self._db.write() as tx:
                        await self._cursors.save(tx, subscription.name, cursor)


class SqlCursorStore:
    """Cursors and dead letters in SQL tables."""

    async def load(self, tx: Tx, name: str) -> int | None:
        """The last handled `seq`."""
        query = select(cursors_table.c.seq).where(cursors_table.c.name == name)
        return (await tx.sql.execute(query)).scalar()

    async def save(self, tx: Tx, name: str, seq: int) -> None:
        """Remember `seq`."""
        changed = await tx.sql.execute(
            update(cursors_table).where(cursors_table.c.name == name).values(seq=seq)
        )
        if not changed.rowcount:
            await tx.sql.execute(insert(cursors_table).values(name=name, seq=seq))

    async def bury(self, tx: Tx, name: str, stored: Stored, error: str, at: str) -> None:
        """Set a fact aside."""
        record = stored.record
        await tx.sql.execute(
            delete(dead_letters_table).where(
                dead_letters_table.c.name == name,
                dead_letters_table.c.event_id == record.event_id,
            )
        )
        await tx.sql.execute(
            insert(dead_letters_table).values(
                name=name,
                event_id=record.event_id,
                centre_id=stored.centre_id,
                position=record.position,
                kind=record.fact.kind,
                error=error,
                at=at,
            )
        )

    async def buried(self, tx: Tx) -> int:
        """How many facts are set aside."""
        rows = await tx.sql.execute(select(dead_letters_table.c.event_id))
        return len(rows.all())


class MemoryCursorStore:
    """Cursors and dead letters in dictionaries; passes the same contract."""

    async def load(self, tx: Tx, name: str) -> int | None:
        """The last handled `seq`."""
        return tx.memory("bus_cursors").get(name)

    async def save(self, tx: Tx, name: str, seq: int) -> None:
        """Remember `seq`."""
        tx.memory("bus_cursors")[name] = seq

    async def bury(self, tx: Tx, name: str, stored: Stored, error: str, at: str) -> None:
        """Set a fact aside."""
        tx.memory("dead_letters")[name, stored.record.event_id] = (error, at)

    async def buried(self, tx: Tx) -> int:
        """How many facts are set aside."""
        return len(tx.memory("dead_letters"))
