"""Local names in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from sqlalchemy import (
    Column,
    Float,
    Integer,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from ringdown.core.clock import iso, parse_iso
from ringdown.runtime.db import Tx, metadata
from ringdown.speech.model.names import NameKind
from ringdown.speech.model.names_table import LocalName
from ringdown.speech.names_ports import BookRecord

name_books = Table(
    "name_books",
    metadata,
    Column("centre_id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("total", Integer, nullable=False),
    Column("source", String, nullable=False),
    Column("loaded_at", String, nullable=False),
    Column("loaded_by", String, nullable=False),
)
local_names = Table(
    "local_names",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    PrimaryKeyConstraint("centre_id", "version", "number"),
)


class SqlNamesStore:
    """The `NamesStore` on SQLite and PostgreSQL."""

    async def book(self, tx: Tx, centre_id: str) -> BookRecord | None:
        """The book in use."""
        query = select(name_books).where(name_books.c.centre_id == centre_id)
        row = (await tx.sql.execute(query)).first()
        return None if row is None else _record(row)

    async def books(self, tx: Tx) -> list[BookRecord]:
        """The books of every centre: for the start and the command line."""
        query = select(name_books).order_by(name_books.c.centre_id)
        return [_record(row) for row in await tx.sql.execute(query)]

    async def stage(
        self, tx: Tx, centre_id: str, version: str, start: int, names: Sequence[LocalName]
    ) -> None:
        """Keep names `start`, `start + 1`, … of a version; those that are kept already stay."""
        rows = [
            {"centre_id": centre_id, "version": version, "number": number, "key": name.key}
            | asdict(name)
            for number, name in enumerate(names, start=start)
        ]
        if rows:
            dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
            await tx.sql.execute(dialect.insert(local_names).on_conflict_do_nothing(), rows)

    async def staged(self, tx: Tx, centre_id: str, version: str) -> int:
        """How many names of a version are kept."""
        columns = local_names.c
        query = (
            select(func.count())
            .select_from(local_names)
            .where(columns.centre_id == centre_id, columns.version == version)
        )
        return (await tx.sql.execute(query)).scalar_one()

    async def use(self, tx: Tx, record: BookRecord) -> None:
        """Put a version into use in its centre."""
        row = asdict(record) | {"loaded_at": iso(record.loaded_at)}
        dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(name_books).values(**row)
        await tx.sql.execute(
            statement.on_conflict_do_update(index_elements=["centre_id"], set_=row)
        )

    async def retire(self, tx: Tx, centre_id: str) -> None:
        """No version is in use in the centre any more."""
        await tx.sql.execute(delete(name_books).where(name_books.c.centre_id == centre_id))

    async def forget(self, tx: Tx, centre_id: str, *, keep: str | None) -> None:
        """Delete the names of every version but one."""
        columns = local_names.c
        others = delete(local_names).where(columns.centre_id == centre_id)
        if keep is not None:
            others = others.where(columns.version != keep)
        await tx.sql.execute(others)

    async def names(
        self, tx: Tx, centre_id: str, version: str, *, start: int, limit: int
    ) -> list[LocalName]:
        """Names of a version in their order."""
        columns = local_names.c
        query = (
            select(local_names)
            .where(
                columns.centre_id == centre_id,
                columns.version == version,
                columns.number >= start,
                columns.number < start + limit,
            )
            .order_by(columns.number)
        )
        return [_name(row) for row in await tx.sql.execute(query)]

    async def find(
        self, tx: Tx, centre_id: str, version: str, text: str, *, limit: int
    ) -> list[LocalName]:
        """Names whose key holds the text, in the order of their keys."""
        columns = local_names.c
        query = (
            select(local_names)
            .where(
                columns.centre_id == centre_id,
                columns.version == version,
                columns.key.contains(text, autoescape=True),
            )
            .order_by(columns.key, columns.number)
            .limit(limit)
        )
        return [_name(row) for row in await tx.sql.execute(query)]


def _record(row: Row[tuple[object, ...]]) -> BookRecord:
    return BookRecord(
        centre_id=row.centre_id,
        version=row.version,
        total=row.total,
        source=row.source,
        loaded_at=parse_iso(row.loaded_at),
        loaded_by=row.loaded_by,
    )


def _name(row: Row[tuple[object, ...]]) -> LocalName:
    return LocalName(row.name, cast("NameKind", row.kind), row.lat, row.lon)
