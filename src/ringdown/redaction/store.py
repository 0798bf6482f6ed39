"""Sealed values in SQL."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import (
    Column,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
)

from ringdown.core.clock import iso, parse_iso
from ringdown.redaction.model.pieces import Label
from ringdown.redaction.ports import SealedValue
from ringdown.runtime.db import Tx, metadata

redaction_values = Table(
    "redaction_values",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("token", String, nullable=False),
    Column("label", String, nullable=False),
    Column("sealed", String, nullable=False),
    Column("kept_at", String, nullable=False),
    PrimaryKeyConstraint("centre_id", "call_id", "number"),
    UniqueConstraint("centre_id", "call_id", "token"),
)


class SqlValueStore:
    """The `ValueStore` on SQLite and PostgreSQL."""

    async def values(self, tx: Tx, centre_id: str, call_id: str) -> list[SealedValue]:
        """The values of a call in the order they were said."""
        columns = redaction_values.c
        query = (
            select(redaction_values)
            .where(columns.centre_id == centre_id, columns.call_id == call_id)
            .order_by(columns.number)
        )
        return [
            SealedValue(
                row.number, row.token, cast("Label", row.label), row.sealed, parse_iso(row.kept_at)
            )
            for row in await tx.sql.execute(query)
        ]

    async def count(self, tx: Tx, centre_id: str, call_id: str) -> int:
        """How many there are."""
        columns = redaction_values.c
        query = (
            select(func.count())
            .select_from(redaction_values)
            .where(columns.centre_id == centre_id, columns.call_id == call_id)
        )
        return (await tx.sql.execute(query)).scalar_one()

    async def add(
        self, tx: Tx, centre_id: str, call_id: str, values: Sequence[SealedValue]
    ) -> None:
        """Keep more values of a call."""
        rows = [
            {
                "centre_id": centre_id,
                "call_id": call_id,
                "number": value.number,
                "token": value.token,
                "label": value.label,
                "sealed": value.sealed,
                "kept_at": iso(value.kept_at),
            }
            for value in values
        ]
        if rows:
            await tx.sql.execute(insert(redaction_values), rows)
