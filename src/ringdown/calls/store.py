"""Calls in SQL: three tables and their legs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    and_,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ringdown.calls.model import Ali, Call, EventView, Leg, NoteView
from ringdown.core.clock import iso, parse_iso
from ringdown.core.principal import Person
from ringdown.runtime.db import Tx, metadata

calls = Table(
    "calls",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("source", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("phase", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("interrupted_at", String),
    Column("answered_at", String),
    Column("ended_at", String),
    Column("end_reason", String),
    Column("ani", String),
    Column("ali", JSON),
    Column("assigned_to", JSON),
    Column("attention", String),
    Column("closed_at", String),
    Column("close_reason", String),
    Column("closed_by", JSON),
    Index("ix_calls_board", "centre_id", "phase", "attention"),
)
Index(
    "uq_calls_open_external_id",
    calls.c.centre_id,
    calls.c.client_id,
    calls.c.external_id,
    unique=True,
    sqlite_where=text("phase <> 'ended'"),
    postgresql_where=text("phase <> 'ended'"),
)
call_legs = Table(
    "call_legs",
    metadata,
    Column("leg_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("side", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("codec", String, nullable=False),
    Column("rate", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("ended_at", String),
    Column("duration_ms", Integer),
)
Index(
    "uq_call_legs_open_side",
    call_legs.c.call_id,
    call_legs.c.side,
    unique=True,
    sqlite_where=text("state = 'recording'"),
    postgresql_where=text("state = 'recording'"),
)
call_events = Table(
    "call_events",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("data", JSON, nullable=False),
)
call_notes = Table(
    "call_notes",
    metadata,
    Column("note_id", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False, index=True),
    Column("text", String, nullable=False),
    Column("by", JSON, nullable=False),
    Column("at", String, nullable=False),
)


class SqlCallStore:
    """The `CallStore` on SQLite and PostgreSQL."""

    async def insert(self, tx: Tx, call: Call) -> bool:
        """Keep a new call; False if this client has an open one with the same external id."""
        dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(calls).values(**_call_row(call)).on_conflict_do_nothing()
        kept = (await tx.sql.execute(statement.returning(calls.c.call_id))).first() is not None
        if kept:
            await self._save_legs(tx, call)
        return kept

    async def save(self, tx: Tx, call: Call) -> None:
        """Keep the new state of a call that is there."""
        here = and_(calls.c.centre_id == call.centre_id, calls.c.call_id == call.call_id)
        await tx.sql.execute(update(calls).where(here).values(**_call_row(call)))
        await self._save_legs(tx, call)

    async def get(self, tx: Tx, centre_id: str, call_id: str) -> Call | None:
        """One call of the centre."""
        found = await self._load(tx, centre_id, _of(centre_id).where(calls.c.call_id == call_id))
        return found[0] if found else None

    async def find_open(
        self, tx: Tx, centre_id: str, client_id: str, external_id: str
    ) -> Call | None:
        """The open call of this client with that external id."""
        query = _of(centre_id).where(
            calls.c.client_id == client_id,
            calls.c.external_id == external_id,
            calls.c.phase != "ended",
        )
        found = await self._load(tx, centre_id, query)
        return found[0] if found else None

    async def on_the_board(self, tx: Tx, centre_id: str) -> list[Call]:
        """Open calls and those in attention, oldest first."""
        wanted = or_(calls.c.phase != "ended", calls.c.attention.is_not(None))
        query = _of(centre_id).where(wanted).order_by(calls.c.call_id)
        return await self._load(tx, centre_id, query)

    async def ended(self, tx: Tx, centre_id: str, before: str | None, limit: int) -> list[Call]:
        """Ended calls, latest id first, with ids lower than `before`."""
        query = _of(centre_id).where(calls.c.phase == "ended").order_by(calls.c.call_id.desc())
        if before is not None:
            query = query.where(calls.c.call_id < before)
        return await self._load(tx, centre_id, query.limit(limit))

    async def add_event(
        self, tx: Tx, centre_id: str, call_id: str, event_id: str, event: EventView
    ) -> None:
        """Keep an event of a call."""
        row = event.model_dump() | {
            "event_id": event_id,
            "centre_id": centre_id,
            "call_id": call_id,
        }
        await tx.sql.execute(insert(call_events).values(**row))

    async def events(self, tx: Tx, centre_id: str, call_id: str) -> list[EventView]:
        """The events of a call, in the order they were kept."""
        query = (
            select(call_events.c.type, call_events.c.at_ms, call_events.c.data)
            .where(call_events.c.centre_id == centre_id, call_events.c.call_id == call_id)
            .order_by(call_events.c.event_id)
        )
        rows = await tx.sql.execute(query)
        return [EventView(type=row.type, at_ms=row.at_ms, data=row.data) for row in rows]

    async def add_note(self, tx: Tx, centre_id: str, note: NoteView) -> None:
        """Keep a version of a note; earlier versions stay."""
        await tx.sql.execute(insert(call_notes).values(centre_id=centre_id, **note.model_dump()))

    async def note_versions(
        self, tx: Tx, centre_id: str, call_id: str, note_id: str
    ) -> list[NoteView]:
        """Every version of a note, first to newest."""
        query = (
            _notes_of(centre_id, call_id)
            .where(call_notes.c.note_id == note_id)
            .order_by(call_notes.c.version)
        )
        return [_note(row) for row in await tx.sql.execute(query)]

    async def notes(self, tx: Tx, centre_id: str, call_id: str) -> list[NoteView]:
        """The newest version of each note of a call, oldest note first."""
        newest = (
            select(call_notes.c.note_id, func.max(call_notes.c.version).label("version"))
            .where(call_notes.c.centre_id == centre_id, call_notes.c.call_id == call_id)
            .group_by(call_notes.c.note_id)
            .subquery()
        )
        query = (
            _notes_of(centre_id, call_id)
            .join(
                newest,
                and_(
                    call_notes.c.note_id == newest.c.note_id,
                    call_notes.c.version == newest.c.version,
                ),
            )
            .order_by(call_notes.c.note_id)
        )
        return [_note(row) for row in await tx.sql.execute(query)]

    async def _load(self, tx: Tx, centre_id: str, query: Select[Any]) -> list[Call]:
        rows = (await tx.sql.execute(query)).all()
        if not rows:
            return []
        legs_query = (
            select(call_legs)
            .where(
                call_legs.c.centre_id == centre_id,
                call_legs.c.call_id.in_([row.call_id for row in rows]),
            )
            .order_by(call_legs.c.number)
        )
        legs: dict[str, list[Leg]] = {}
        for leg in await tx.sql.execute(legs_query):
            legs.setdefault(leg.call_id, []).append(_leg(leg))
        return [_call(row, legs.get(row.call_id, ())) for row in rows]

    async def _save_legs(self, tx: Tx, call: Call) -> None:
        dialect = sqlite if tx.sql.dialect.name == "sqlite" else postgresql
        for number, leg in enumerate(call.legs):
            row = _leg_row(call, number, leg)
            statement = dialect.insert(call_legs).values(**row)
            changing = {name: row[name] for name in ("state", "ended_at", "duration_ms")}
            await tx.sql.execute(
                statement.on_conflict_do_update(index_elements=["leg_id"], set_=changing)
            )


def _of(centre_id: str) -> Select[Any]:
    return select(calls).where(calls.c.centre_id == centre_id)


def _notes_of(centre_id: str, call_id: str) -> Select[Any]:
    return select(call_notes).where(
        call_notes.c.centre_id == centre_id, call_notes.c.call_id == call_id
    )


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else iso(instant)


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else parse_iso(stored)


def _call_row(call: Call) -> dict[str, object]:
    return {
        "call_id": call.call_id,
        "centre_id": call.centre_id,
        "client_id": call.client_id,
        "external_id": call.external_id,
        "source": call.source,
        "direction": call.direction,
        "demo": call.demo,
        "phase": call.phase,
        "started_at": iso(call.started_at),
        "interrupted_at": _iso(call.interrupted_at),
        "answered_at": _iso(call.answered_at),
        "ended_at": _iso(call.ended_at),
        "end_reason": call.end_reason,
        "ani": call.ani,
        "ali": None if call.ali is None else call.ali.model_dump(),
        "assigned_to": _person_row(call.assigned_to),
        "attention": call.attention,
        "closed_at": _iso(call.closed_at),
        "close_reason": call.close_reason,
        "closed_by": _person_row(call.closed_by),
    }


def _person_row(person: Person | None) -> dict[str, str] | None:
    return None if person is None else person.model_dump()


def _person(stored: dict[str, str] | None) -> Person | None:
    return None if stored is None else Person.model_validate(stored)


def _leg_row(call: Call, number: int, leg: Leg) -> dict[str, object]:
    return {
        "leg_id": leg.leg_id,
        "centre_id": call.centre_id,
        "call_id": call.call_id,
        "number": number,
        "side": leg.side,
        "started_at": iso(leg.started_at),
        "codec": leg.codec,
        "rate": leg.rate,
        "state": leg.state,
        "ended_at": _iso(leg.ended_at),
        "duration_ms": leg.duration_ms,
    }


def _leg(row: Row[Any]) -> Leg:
    return Leg(
        leg_id=row.leg_id,
        side=row.side,
        started_at=parse_iso(row.started_at),
        codec=row.codec,
        rate=row.rate,
        state=row.state,
        ended_at=_instant(row.ended_at),
        duration_ms=row.duration_ms,
    )


def _call(row: Row[Any], legs: Sequence[Leg]) -> Call:
    return Call(
        call_id=row.call_id,
        centre_id=row.centre_id,
        client_id=row.client_id,
        external_id=row.external_id,
        source=row.source,
        direction=row.direction,
        demo=row.demo,
        phase=row.phase,
        started_at=parse_iso(row.started_at),
        interrupted_at=_instant(row.interrupted_at),
        answered_at=_instant(row.answered_at),
        ended_at=_instant(row.ended_at),
        end_reason=row.end_reason,
        ani=row.ani,
        ali=None if row.ali is None else Ali.model_validate(row.ali),
        assigned_to=_person(row.assigned_to),
        attention=row.attention,
        closed_at=_instant(row.closed_at),
        close_reason=row.close_reason,
        closed_by=_person(row.closed_by),
        legs=tuple(legs),
    )


def _note(row: Row[Any]) -> NoteView:
    return NoteView(
        note_id=row.note_id,
        call_id=row.call_id,
        text=row.text,
        version=row.version,
        by=Person.model_validate(row.by),
        at=row.at,
    )
