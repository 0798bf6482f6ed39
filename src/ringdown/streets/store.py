"""The map in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from sqlalchemy import (
    Column,
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
from ringdown.streets.model.features import Layer
from ringdown.streets.ports import LayerRecord

street_layers = Table(
    "street_layers",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("layer", String, nullable=False),
    Column("version", String, nullable=False),
    Column("total", Integer, nullable=False),
    Column("source", String, nullable=False),
    Column("loaded_at", String, nullable=False),
    Column("loaded_by", String, nullable=False),
    PrimaryKeyConstraint("centre_id", "layer"),
)
street_features = Table(
    "street_features",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("layer", String, nullable=False),
    Column("version", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", String, nullable=False),
    PrimaryKeyConstraint("centre_id", "layer", "version", "number"),
)


class SqlStreetStore:
    """The `StreetStore` on SQLite and PostgreSQL."""

    async def layers(self, tx: Tx, centre_id: str | None = None) -> list[LayerRecord]:
        """The layers in use in one centre, or in all."""
        columns = street_layers.c
        query = select(street_layers).order_by(columns.centre_id, columns.layer)
        if centre_id is not None:
            query = query.where(columns.centre_id == centre_id)
        return [_record(row) for row in await tx.sql.execute(query)]

    async def stage(
        self, tx: Tx, centre_id: str, layer: Layer, version: str, start: int, lines: Sequence[str]
    ) -> None:
        """Keep features `start`, `start + 1`, … of a version; those that are kept already stay."""
        whose = {"centre_id": centre_id, "layer": layer, "version": version}
        rows = [
            whose | {"number": number, "body": body} for number, body in enumerate(lines, start)
        ]
        if rows:
            dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
            await tx.sql.execute(dialect.insert(street_features).on_conflict_do_nothing(), rows)

    async def staged(self, tx: Tx, centre_id: str, layer: Layer, version: str) -> int:
        """How many features of a version are kept."""
        columns = street_features.c
        query = (
            select(func.count())
            .select_from(street_features)
            .where(
                columns.centre_id == centre_id,
                columns.layer == layer,
                columns.version == version,
            )
        )
        return (await tx.sql.execute(query)).scalar_one()

    async def use(self, tx: Tx, record: LayerRecord) -> None:
        """Put a version into use."""
        row = asdict(record) | {"loaded_at": iso(record.loaded_at)}
        dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(street_layers).values(**row)
        await tx.sql.execute(
            statement.on_conflict_do_update(index_elements=["centre_id", "layer"], set_=row)
        )

    async def retire(self, tx: Tx, centre_id: str, layer: Layer) -> None:
        """No version of the layer is in use in the centre any more."""
        columns = street_layers.c
        await tx.sql.execute(
            delete(street_layers).where(columns.centre_id == centre_id, columns.layer == layer)
        )

    async def forget(self, tx: Tx, centre_id: str, layer: Layer, *, keep: str | None) -> None:
        """Delete the features of every version of the layer but one."""
        columns = street_features.c
        others = delete(street_features).where(
            columns.centre_id == centre_id, columns.layer == layer
        )
        if keep is not None:
            others = others.where(columns.version != keep)
        await tx.sql.execute(others)

    async def features(
        self, tx: Tx, centre_id: str, layer: Layer, version: str, *, start: int, limit: int
    ) -> list[str]:
        """Features of a version in their order."""
        columns = street_features.c
        query = (
            select(columns.body)
            .where(
                columns.centre_id == centre_id,
                columns.layer == layer,
                columns.version == version,
                columns.number >= start,
                columns.number < start + limit,
            )
            .order_by(columns.number)
        )
        return list((await tx.sql.execute(query)).scalars())


def _record(row: Row[tuple[object, ...]]) -> LayerRecord:
    return LayerRecord(
        centre_id=row.centre_id,
        layer=cast("Layer", row.layer),
        version=row.version,
        total=row.total,
        source=row.source,
        loaded_at=parse_iso(row.loaded_at),
        loaded_by=row.loaded_by,
    )
