"""Listening sessions in SQL."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    insert,
    or_,
    select,
    update,
)

from ringdown.core.clock import iso, parse_iso
from ringdown.core.principal import TokenMark
from ringdown.listening.model.session import Session
from ringdown.runtime.db import Tx, metadata

_TIMES = ("created_at", "expires_at", "joined_at", "left_at", "closed_at", "heard_at")

sessions = Table(
    "listening_sessions",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("principal_kind", String, nullable=False),
    Column("principal_id", String, nullable=False),
    Column("principal_name", String, nullable=False),
    Column("sign_in_id", String),
    Column("participant", String),
    Column("room", String, nullable=False),
    Column("listener", String, nullable=False),
    Column("worker", String, nullable=False),
    Column("autoplay", Boolean),
    Column("created_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("state", String, nullable=False),
    Column("joined_at", String),
    Column("left_at", String),
    Column("closed_at", String),
    Column("closed_because", String),
    Column("position_ms", Integer),
    Column("duration_ms", Integer),
    Column("paused", Boolean),
    Column("at_edge", Boolean, nullable=False),
    Column("gain_caller", Float, nullable=False),
    Column("gain_call_taker", Float, nullable=False),
    Column("heard", JSON, nullable=False),
    Column("heard_at", String),
    Column("room_gone", Boolean, nullable=False),
    Column("token", JSON(none_as_null=True)),
    Column("unfinished", Boolean, nullable=False),
    Index("ix_listening_sessions_centre_id_closed_at", "centre_id", "closed_at"),
    Index("ix_listening_sessions_unfinished", "unfinished"),
)


class SqlListeningStore:
    """The `ListeningStore` on SQLite and PostgreSQL."""

    async def add(self, tx: Tx, session: Session) -> None:
        """Keep a new session."""
        await tx.sql.execute(insert(sessions).values(**_row(session)))

    async def save(self, tx: Tx, session: Session) -> None:
        """Keep the new state of a session."""
        mine = (
            sessions.c.centre_id == session.centre_id,
            sessions.c.session_id == session.session_id,
        )
        await tx.sql.execute(update(sessions).where(*mine).values(**_row(session)))

    async def get(self, tx: Tx, centre_id: str, session_id: str) -> Session | None:
        """One session of this centre."""
        query = select(sessions).where(
            sessions.c.centre_id == centre_id, sessions.c.session_id == session_id
        )
        row = (await tx.sql.execute(query)).mappings().first()
        return None if row is None else _session(row)

    async def of_centre(self, tx: Tx, centre_id: str, closed_after: datetime) -> list[Session]:
        """Sessions that are not closed, and those closed later than that; oldest first."""
        columns = sessions.c
        query = (
            select(sessions)
            .where(
                columns.centre_id == centre_id,
                or_(columns.closed_at.is_(None), columns.closed_at > iso(closed_after)),
            )
            .order_by(columns.created_at, columns.session_id)
        )
        return [_session(row) for row in (await tx.sql.execute(query)).mappings()]

    async def unfinished(self, tx: Tx) -> list[Session]:
        """Every session of every centre for which something is left to be done."""
        columns = sessions.c
        query = (
            select(sessions)
            .where(columns.unfinished.is_(True))
            .order_by(columns.created_at, columns.session_id)
        )
        return [_session(row) for row in (await tx.sql.execute(query)).mappings()]


def _row(session: Session) -> dict[str, Any]:
    row = asdict(session)
    for name in _TIMES:
        row[name] = None if row[name] is None else iso(row[name])
    token = session.token
    return row | {
        "token": token and {**asdict(token), "expires_at": iso(token.expires_at)},
        "heard": [list(stretch) for stretch in session.heard],
        "unfinished": session.unfinished,
    }


def _session(row: RowMapping) -> Session:
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    del values["unfinished"]
    for name in _TIMES:
        values[name] = None if values[name] is None else parse_iso(values[name])
    values["heard"] = tuple((start, end) for start, end in values["heard"])
    token = values["token"]
    if token is not None:
        ends = parse_iso(token["expires_at"])
        values["token"] = TokenMark(token["token_id"], token["secret"], ends)
    return Session(**values)
