"""Utterances and cursors in SQL."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ringdown.runtime.db import Tx, metadata
from ringdown.speech.model.utterance import LegRef, UtteranceView
from ringdown.speech.ports import LegCursor

utterances = Table(
    "utterances",
    metadata,
    Column("utterance_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("leg_id", String, nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("view", JSON, nullable=False),
    UniqueConstraint("centre_id", "call_id", "number"),
)
speech_cursors = Table(
    "speech_cursors",
    metadata,
    Column("leg_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False, index=True),
    Column("leg", JSON, nullable=False),
    Column("through_sample", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False, index=True),
)


class SqlTranscriptStore:
    """The `TranscriptStore` on SQLite and PostgreSQL."""

    async def add(self, tx: Tx, centre_id: str, utterance: UtteranceView) -> bool:
        """Keep a final utterance; False if it is there already."""
        columns = utterances.c
        known = select(columns.utterance_id).where(
            columns.centre_id == centre_id, columns.utterance_id == utterance.utterance_id
        )
        if (await tx.sql.execute(known)).first() is not None:
            return False
        last = select(func.max(columns.number)).where(
            columns.centre_id == centre_id, columns.call_id == utterance.call_id
        )
        number = ((await tx.sql.execute(last)).scalar() or 0) + 1
        row = {
            "utterance_id": utterance.utterance_id,
            "centre_id": centre_id,
            "call_id": utterance.call_id,
            "number": number,
            "leg_id": utterance.leg_id,
            "start_ms": utterance.start_ms,
            "end_ms": utterance.end_ms,
            "view": utterance.model_dump(mode="json"),
        }
        await tx.sql.execute(insert(utterances).values(**row))
        return True

    async def utterances(
        self, tx: Tx, centre_id: str, call_id: str, *, after: str | None = None
    ) -> list[UtteranceView] | None:
        """In the order they were kept; None when `after` is not an utterance of the call."""
        columns = utterances.c
        here = and_(columns.centre_id == centre_id, columns.call_id == call_id)
        number = 0
        if after is not None:
            query = select(columns.number).where(here, columns.utterance_id == after)
            found = (await tx.sql.execute(query)).scalar()
            if found is None:
                return None
            number = found
        query = select(columns.view).where(here, columns.number > number).order_by(columns.number)
        rows = await tx.sql.execute(query)
        return [UtteranceView.model_validate(row.view) for row in rows]

    async def follow(self, tx: Tx, leg: LegRef) -> bool:
        """Keep a cursor at the beginning of a new leg; False if there is one already."""
        dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(speech_cursors).values(**_row(LegCursor(leg)))
        kept = statement.on_conflict_do_nothing().returning(speech_cursors.c.leg_id)
        return (await tx.sql.execute(kept)).first() is not None

    async def cursor(self, tx: Tx, centre_id: str, leg_id: str) -> LegCursor | None:
        """The cursor of a leg."""
        columns = speech_cursors.c
        query = select(speech_cursors).where(
            columns.centre_id == centre_id, columns.leg_id == leg_id
        )
        row = (await tx.sql.execute(query)).first()
        if row is None:
            return None
        leg = LegRef.model_validate(row.leg)
        return LegCursor(leg, row.through_sample, row.ended, row.closed)

    async def save(self, tx: Tx, cursor: LegCursor) -> None:
        """Keep the new state of a cursor."""
        columns = speech_cursors.c
        here = and_(columns.centre_id == cursor.leg.centre_id, columns.leg_id == cursor.leg.leg_id)
        await tx.sql.execute(update(speech_cursors).where(here).values(**_row(cursor)))

    async def open_cursors(self, tx: Tx) -> list[LegCursor]:
        """Every leg of this machine, of any centre, that is not closed: for the lane at start."""
        columns = speech_cursors.c
        query = select(speech_cursors).where(columns.closed.is_(False)).order_by(columns.leg_id)
        return [
            LegCursor(LegRef.model_validate(row.leg), row.through_sample, row.ended, row.closed)
            for row in await tx.sql.execute(query)
        ]


def _row(cursor: LegCursor) -> dict[str, object]:
    return {
        "leg_id": cursor.leg.leg_id,
        "centre_id": cursor.leg.centre_id,
        "call_id": cursor.leg.call_id,
        "leg": cursor.leg.model_dump(mode="json"),
        "through_sample": cursor.through_sample,
        "ended": cursor.ended,
        "closed": cursor.closed,
    }
