"""The log of facts: written in the same transaction as what they tell of (the outbox).

A fact has two numbers. `seq` orders every fact of this database and is what durable handlers
remember; `position` counts within a centre, without a hole, and is what a console resumes from.
Writers take turns (`runtime.db`), so both grow in commit order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar, cast

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint, insert, select
from sqlalchemy import func as sql
from sqlalchemy.engine import Row

from ringdown.core.clock import Clock, iso, parse_iso
from ringdown.core.errors import RingdownError
from ringdown.core.events import Fact, FactRecord
from ringdown.core.ids import IdSource
from ringdown.runtime.db import Tx, metadata

F = TypeVar("F", bound=Fact)

facts_table = Table(
    "facts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("centre_id", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("event_id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("call_id", String),
    Column("at", String, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("centre_id", "position"),
    Index("ix_facts_call", "centre_id", "call_id", "position"),
    sqlite_autoincrement=True,
)


class UnknownFact(RingdownError):
    """The log holds a kind of fact that this version does not know."""

    code: ClassVar[str] = "runtime.facts.unknown_kind"
    action: ClassVar[str] = "The data was written by a newer version: run that version again."


@dataclass(frozen=True)
class Stored:
    """A fact as the log keeps it: `seq` over the database, `position` within the centre."""

    seq: int
    record: FactRecord

    @property
    def centre_id(self) -> str:
        """Whose fact it is."""
        return self.record.fact.centre_id

    def envelope(self) -> dict[str, object]:
        """The fact as a feed or a bus message carries it."""
        fact = self.record.fact
        return {
            "position": self.record.position,
            "event_id": self.record.event_id,
            "kind": fact.kind,
            "at": iso(self.record.at),
            "call_id": fact.call_id,
            "body": fact.model_dump(mode="json", exclude={"centre_id", "call_id"}),
        }


class FactStore(Protocol):
    """Where the log is kept."""

    async def head(self, tx: Tx, centre_id: str) -> int:
        """The position of the centre's newest fact; 0 when there is none."""
        ...

    async def add(self, tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
        """Append rows; `seq` is given by the store."""
        ...

    async def since(
        self, tx: Tx, centre_id: str, position: int, limit: int
    ) -> list[dict[str, Any]]:
        """The centre's rows after a position, in order."""
        ...

    async def after_seq(self, tx: Tx, seq: int, limit: int) -> list[dict[str, Any]]:
        """Every centre's rows after a sequence number, in order."""
        ...

    async def last_seq(self, tx: Tx) -> int:
        """The newest sequence number; 0 when the log is empty."""
        ...

    async def of_call(
        self, tx: Tx, centre_id: str, call_id: str, kind: str
    ) -> list[dict[str, Any]]:
        """A call's rows of one kind, in order."""
        ...

    async def of_calls(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str], kind: str
    ) -> list[dict[str, Any]]:
        """The rows of one kind of these calls, in order."""
        ...


class Facts:
    """The log, as features see it: append in a transaction, read from anywhere."""

    def __init__(
        self, store: FactStore, clock: Clock, ids: IdSource, kinds: Iterable[type[Fact]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._kinds = {kind.kind: kind for kind in kinds}
        self._wake: list[Callable[[], None]] = []

    def on_commit(self, wake: Callable[[], None]) -> None:
        """Have `wake` called after each transaction that appended facts."""
        self._wake.append(wake)

    async def append(self, tx: Tx, *facts: Fact) -> list[FactRecord]:
        """Add facts of one or more centres to the log, inside the caller's transaction."""
        records: list[FactRecord] = []
        rows: list[dict[str, Any]] = []
        heads: dict[str, int] = {}
        now = self._clock.now()
        for fact in facts:
            if fact.kind not in self._kinds:
                raise UnknownFact("this fact is not registered", details={"kind": fact.kind})
            if fact.centre_id not in heads:
                heads[fact.centre_id] = await self._store.head(tx, fact.centre_id)
            heads[fact.centre_id] += 1
            record = FactRecord(heads[fact.centre_id], self._ids.new("evt"), now, fact)
            records.append(record)
            rows.append(
                {
                    "centre_id": fact.centre_id,
                    "position": record.position,
                    "event_id": record.event_id,
                    "kind": fact.kind,
                    "call_id": fact.call_id,
                    "at": iso(now),
                    "body": fact.model_dump(mode="json", exclude={"centre_id", "call_id"}),
                }
            )
        if rows:
            await self._store.add(tx, rows)
            tx.after_commit(self._tell)
        return records

    async def head(self, tx: Tx, centre_id: str) -> int:
        """The position of the centre's newest fact."""
        return await self._store.head(tx, centre_id)

    async def since(self, tx: Tx, centre_id: str, position: int, limit: int = 500) -> list[Stored]:
        """The centre's facts after `position`, in order, at most `limit`."""
        rows = await self._store.since(tx, centre_id, position, limit)
        return [self.load(row) for row in rows]

    async def after_seq(self, tx: Tx, seq: int, limit: int = 200) -> list[Stored]:
        """Every centre's facts after `seq`, in order, at most `limit`."""
        return [self.load(row) for row in await self._store.after_seq(tx, seq, limit)]

    async def last_seq(self, tx: Tx) -> int:
        """The newest sequence number."""
        return await self._store.last_seq(tx)

    async def of_call(self, tx: Tx, centre_id: str, call_id: str, kind: type[F]) -> list[F]:
        """A call's facts of one kind, in order; for what is kept nowhere else."""
        rows = await self._store.of_call(tx, centre_id, call_id, kind.kind)
        return [cast("F", self.load(row).record.fact) for row in rows]

    async def of_calls(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str], kind: type[F]
    ) -> list[F]:
        """The facts of one kind of some calls, in order."""
        rows = await self._store.of_calls(tx, centre_id, call_ids, kind.kind)
        return [cast("F", self.load(row).record.fact) for row in rows]

    def load(self, row: dict[str, Any]) -> Stored:
        """Read a stored row back. Raises `UnknownFact`."""
        kind = self._kinds.get(row["kind"])
        if kind is None:
            raise UnknownFact("the log holds an unknown kind", details={"kind": row["kind"]})
        fact = kind.model_validate(
            {"centre_id": row["centre_id"], "call_id": row["call_id"], **row["body"]}
        )
        record = FactRecord(row["position"], row["event_id"], parse_iso(row["at"]), fact)
        return Stored(row["seq"], record)

    def _tell(self) -> None:
        for wake in self._wake:
            wake()


def _row(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] # SQLAlchemy's public name


class SqlFactStore:
    """The log in a SQL table."""

    async def head(self, tx: Tx, centre_id: str) -> int:
        """The centre's newest position."""
        query = select(sql.max(facts_table.c.position)).where(facts_table.c.centre_id == centre_id)
        return (await tx.sql.execute(query)).scalar() or 0

    async def add(self, tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
        """Append rows."""
        await tx.sql.execute(insert(facts_table), list(rows))

    async def since(
        self, tx: Tx, centre_id: str, position: int, limit: int
    ) -> list[dict[str, Any]]:
        """The centre's rows after a position."""
        query = (
            select(facts_table)
            .where(facts_table.c.centre_id == centre_id, facts_table.c.position > position)
            .order_by(facts_table.c.position)
            .limit(limit)
        )
        return [_row(row) for row in await tx.sql.execute(query)]

    async def after_seq(self, tx: Tx, seq: int, limit: int) -> list[dict[str, Any]]:
        """Every centre's rows after a sequence number."""
        query = (
            select(facts_table)
            .where(facts_table.c.seq > seq)
            .order_by(facts_table.c.seq)
            .limit(limit)
        )
        return [_row(row) for row in await tx.sql.execute(query)]

    async def last_seq(self, tx: Tx) -> int:
        """The newest sequence number."""
        return (await tx.sql.execute(select(sql.max(facts_table.c.seq)))).scalar() or 0

    async def of_call(
        self, tx: Tx, centre_id: str, call_id: str, kind: str
    ) -> list[dict[str, Any]]:
        """A call's rows of one kind."""
        columns = facts_table.c
        query = (
            select(facts_table)
            .where(columns.centre_id == centre_id, columns.call_id == call_id)
            .where(columns.kind == kind)
            .order_by(columns.position)
        )
        return [_row(row) for row in await tx.sql.execute(query)]

    async def of_calls(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str], kind: str
    ) -> list[dict[str, Any]]:
        """The rows of one kind of these calls."""
        columns = facts_table.c
        query = (
            select(facts_table)
            .where(columns.centre_id == centre_id, columns.call_id.in_(call_ids))
            .where(columns.kind == kind)
            .order_by(columns.position)
        )
        return [_row(row) for row in await tx.sql.execute(query)]


class MemoryFactStore:
    """The log in a dictionary; passes the same contract."""

    async def head(self, tx: Tx, centre_id: str) -> int:
        """The centre's newest position."""
        rows = tx.memory("facts").values()
        return max((row["position"] for row in rows if row["centre_id"] == centre_id), default=0)

    async def add(self, tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
        """Append rows."""
        table = tx.memory("facts")
        for row in rows:
            seq = len(table) + 1
            table[seq] = {"seq": seq, **row}

    async def since(
        self, tx: Tx, centre_id: str, position: int, limit: int
    ) -> list[dict[str, Any]]:
        """The centre's rows after a position."""
        rows = tx.memory("facts").values()
        return [r for r in rows if r["centre_id"] == centre_id and r["position"] > position][:limit]

    async def after_seq(self, tx: Tx, seq: int, limit: int) -> list[dict[str, Any]]:
        """Every centre's rows after a sequence number."""
        return [r for r in tx.memory("facts").values() if r["seq"] > seq][:limit]

    async def last_seq(self, tx: Tx) -> int:
        """The newest sequence number."""
        return max(tx.memory("facts"), default=0)

    async def of_call(
        self, tx: Tx, centre_id: str, call_id: str, kind: str
    ) -> list[dict[str, Any]]:
        """A call's rows of one kind."""
        return await self.of_calls(tx, centre_id, [call_id], kind)

    async def of_calls(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str], kind: str
    ) -> list[dict[str, Any]]:
        """The rows of one kind of these calls."""
        wanted = {(centre_id, call_id, kind) for call_id in call_ids}
        rows = tx.memory("facts").values()
        return [row for row in rows if (row["centre_id"], row["call_id"], row["kind"]) in wanted]
