"""Legs' recordings and their gaps in SQL."""

from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    insert,
    select,
    update,
)

from ringdown.core.clock import iso, parse_iso
from ringdown.media.model import GapReason, LegGap, LegState, MediaLeg
from ringdown.runtime.db import Tx, metadata

legs_media = Table(
    "legs_media",
    metadata,
    Column("leg_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("side", String, nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("first_instant", String, nullable=False),
    Column("state", String, nullable=False),
    Column("samples", BigInteger),
    Column("sha256", String),
    Column("bytes", BigInteger),
    Column("stream_sid", String),
    Column("anchor_ms", BigInteger, nullable=False),
    Index("ix_legs_media_call", "centre_id", "call_id"),
    Index("ix_legs_media_state", "state"),
)
media_gaps = Table(
    "media_gaps",
    metadata,
    Column("leg_id", String, primary_key=True),
    Column("from_ms", Integer, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("to_ms", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Index("ix_media_gaps_call", "centre_id", "call_id"),
)


class SqlMediaStore:
    """The `MediaStore` over SQLite or PostgreSQL."""

    async def save_leg(self, tx: Tx, leg: MediaLeg) -> None:
        """Keep a new leg, or the new state of one."""
        values = {**leg.__dict__, "first_instant": iso(leg.first_instant)}
        known = (legs_media.c.leg_id == leg.leg_id) & (legs_media.c.centre_id == leg.centre_id)
        changed = await tx.sql.execute(update(legs_media).where(known).values(values))
        if not changed.rowcount:
            await tx.sql.execute(insert(legs_media).values(values))

    async def leg(self, tx: Tx, centre_id: str, leg_id: str) -> MediaLeg | None:
        """One leg of this centre."""
        query = select(legs_media).where(
            legs_media.c.centre_id == centre_id, legs_media.c.leg_id == leg_id
        )
        row = (await tx.sql.execute(query)).first()
        return None if row is None else _leg(row)

    async def legs_of(self, tx: Tx, centre_id: str, call_id: str) -> list[MediaLeg]:
        """The legs of a call in the order they began."""
        query = (
            select(legs_media)
            .where(legs_media.c.centre_id == centre_id, legs_media.c.call_id == call_id)
            .order_by(legs_media.c.start_ms, legs_media.c.leg_id)
        )
        return [_leg(row) for row in await tx.sql.execute(query)]

    async def unfinished(self, tx: Tx) -> list[MediaLeg]:
        """Every leg of every centre that is not archived."""
        query = (
            select(legs_media)
            .where(legs_media.c.state != "archived")
            .order_by(legs_media.c.centre_id, legs_media.c.leg_id)
        )
        return [_leg(row) for row in await tx.sql.execute(query)]

    async def sealed(self, tx: Tx, after: str, limit: int) -> list[MediaLeg]:
        """Every centre's legs with a seal, by id."""
        query = (
            select(legs_media)
            .where(legs_media.c.sha256.is_not(None), legs_media.c.leg_id > after)
            .order_by(legs_media.c.leg_id)
            .limit(limit)
        )
        return [_leg(row) for row in await tx.sql.execute(query)]

    async def add_gap(self, tx: Tx, centre_id: str, call_id: str, gap: LegGap) -> None:
        """Keep a gap once."""
        known = (media_gaps.c.leg_id == gap.leg_id) & (media_gaps.c.from_ms == gap.from_ms)
        if (await tx.sql.execute(select(media_gaps.c.to_ms).where(known))).first() is None:
            await tx.sql.execute(
                insert(media_gaps).values(**gap.__dict__, centre_id=centre_id, call_id=call_id)
            )

    async def gaps_of(self, tx: Tx, centre_id: str, call_id: str) -> list[LegGap]:
        """The gaps of a call's legs, by leg and time."""
        query = (
            select(media_gaps)
            .where(media_gaps.c.centre_id == centre_id, media_gaps.c.call_id == call_id)
            .order_by(media_gaps.c.leg_id, media_gaps.c.from_ms)
        )
        return [
            LegGap(row.leg_id, row.from_ms, row.to_ms, cast("GapReason", row.reason))
            for row in await tx.sql.execute(query)
        ]


def _leg(row: Row[Any]) -> MediaLeg:
    return MediaLeg(
        leg_id=row.leg_id,
        centre_id=row.centre_id,
        call_id=row.call_id,
        side=row.side,
        start_ms=row.start_ms,
        first_instant=parse_iso(row.first_instant),
        state=cast("LegState", row.state),
        samples=row.samples,
        sha256=row.sha256,
        bytes=row.bytes,
        stream_sid=row.stream_sid,
        anchor_ms=row.anchor_ms,
    )
