"""Values that belong to a call, each kept whole in a row with a version; a table for each kind."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, Column, Integer, PrimaryKeyConstraint, String, Table, insert, update
from sqlalchemy import select as choose

from ringdown.core.errors import Conflict
from ringdown.core.events import Value
from ringdown.runtime.db import Tx, metadata

V = TypeVar("V", bound=Value)


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing between reading and writing."""

    code = "documents.changed_meanwhile"
    action = "Look at how it is now, then try again."


@dataclass(frozen=True)
class Kept(Generic[V]):
    """A value as it is kept; `version` counts its changes from 1."""

    value: V
    version: int


def document_table(name: str, *columns: Any) -> Table:
    """A table for values of a call; `columns` are those that are looked for beside id and call."""
    return Table(
        name,
        metadata,
        Column("centre_id", String, nullable=False),
        Column("id", String, nullable=False),
        Column("call_id", String, nullable=False, index=True),
        Column("version", Integer, nullable=False),
        Column("body", JSON, nullable=False),
        *columns,
        PrimaryKeyConstraint("centre_id", "id"),
    )


class Documents(Generic[V]):
    """The rows of one table as values of one kind. Every read names its centre."""

    def __init__(self, table: Table, kind: type[V]) -> None:
        self._table = table
        self._kind = kind

    async def get(self, tx: Tx, centre_id: str, key: str) -> Kept[V] | None:
        """One value by its id."""
        columns = self._table.c
        found = await self.where(tx, columns.centre_id == centre_id, columns.id == key)
        return found[0] if found else None

    async def of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[V]:
        """Every value of a call, in the order of their ids, which is the order they were made."""
        columns = self._table.c
        found = await self.where(tx, columns.centre_id == centre_id, columns.call_id == call_id)
        return [kept.value for kept in found]

    async def where(self, tx: Tx, *conditions: Any) -> list[Kept[V]]:
        """The values whose columns are as asked, in the order of their ids."""
        query = choose(self._table).where(*conditions).order_by(self._table.c.id)
        return [
            Kept(self._kind.model_validate(row.body), row.version)
            for row in (await tx.sql.execute(query)).all()
        ]

    async def add(
        self, tx: Tx, centre_id: str, key: str, call_id: str, value: V, **columns: Any
    ) -> None:
        """Keep a new value. Raises `ChangedMeanwhile` if there is one with that id."""
        # Writers take turns, so what is not there now is not there when it is written.
        if await self.get(tx, centre_id, key) is not None:
            raise ChangedMeanwhile("there is one with this id already")
        row = {"centre_id": centre_id, "id": key, "call_id": call_id, "version": 1, **columns}
        await tx.sql.execute(insert(self._table).values(**row, body=value.model_dump(mode="json")))

    async def replace(
        self, tx: Tx, centre_id: str, key: str, before: Kept[V], value: V, **columns: Any
    ) -> Kept[V]:
        """Put a value in the place of `before`. Raises `ChangedMeanwhile` if that is not there."""
        table = self._table.c
        done = await tx.sql.execute(
            update(self._table)
            .where(table.centre_id == centre_id, table.id == key, table.version == before.version)
            .values(version=before.version + 1, body=value.model_dump(mode="json"), **columns)
        )
        if done.rowcount != 1:
            raise ChangedMeanwhile("it is no longer what it was when it was read")
        return Kept(value, before.version + 1)
