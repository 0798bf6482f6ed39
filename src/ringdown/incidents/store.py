"""Drafts, their history and confirmations in SQL; the database itself refuses a forged one."""
# ruff: noqa: S608 - the triggers are built from constants

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError, IntegrityError

from ringdown.incidents.model import ConfirmationRow, Draft, FieldView
from ringdown.incidents.ports import Attempt, NotStored
from ringdown.runtime.db import Tx, metadata

drafts_table = Table(
    "incident_drafts",
    metadata,
    Column("centre_id", String, primary_key=True),
    Column("call_id", String, primary_key=True),
    Column("incident_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
)
history_table = Table(
    "field_history",
    metadata,
    Column("entry_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("field", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("view", JSON, nullable=False),
    Column("at", String, nullable=False),
    UniqueConstraint("centre_id", "call_id", "number"),
)
confirmations_table = Table(
    "confirmations",
    metadata,
    Column("confirmation_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("incident_id", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("draft_version", Integer, nullable=False),
    Column("user_id", String, ForeignKey("users.user_id"), nullable=False),
    Column("user_name", String, nullable=False),
    Column("at", String, nullable=False),
    Column("digest", String(64), nullable=False),
    # Text, not JSON: the very characters that the digest covers are kept.
    Column("content", Text, nullable=False),
    # What an outbound row refers to, so that it cannot name another call's confirmation.
    UniqueConstraint("confirmation_id", "centre_id", "call_id", "digest"),
    UniqueConstraint("centre_id", "call_id", "sequence"),
)
Index("ix_confirmations_call", confirmations_table.c.centre_id, confirmations_table.c.call_id)

_KEPT = "confirmations and field history are kept as they are"
_NO_PERSON = "a confirmation needs a person of its centre"
_GAP = "confirmations of a call are numbered without a gap"


def _sqlite(table: str) -> list[str]:
    return [
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"""CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION incidents_refuse()""",
        f"""CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION incidents_refuse()""",
    ]


TRIGGERS: dict[str, list[str]] = {
    # INSERT OR REPLACE deletes without a delete trigger; the sequence check stops it.
    "sqlite": [
        *_sqlite("confirmations"),
        *_sqlite("field_history"),
        f"""CREATE TRIGGER IF NOT EXISTS confirmations_person BEFORE INSERT ON confirmations
            WHEN NOT EXISTS (SELECT 1 FROM users
                WHERE users.user_id = NEW.user_id AND users.centre_id = NEW.centre_id)
            BEGIN SELECT RAISE(ABORT, '{_NO_PERSON}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS confirmations_next BEFORE INSERT ON confirmations
            WHEN NEW.sequence IS NOT 1 + COALESCE((SELECT MAX(sequence) FROM confirmations
                WHERE centre_id = NEW.centre_id AND call_id = NEW.call_id), 0)
                OR EXISTS (SELECT 1 FROM confirmations
                    WHERE confirmation_id = NEW.confirmation_id)
            BEGIN SELECT RAISE(ABORT, '{_GAP}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS field_history_new BEFORE INSERT ON field_history
            WHEN EXISTS (SELECT 1 FROM field_history WHERE entry_id = NEW.entry_id
                OR (centre_id = NEW.centre_id AND call_id = NEW.call_id
                    AND number = NEW.number))
            BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END""",
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION incidents_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{_KEPT}'; END $$""",
        f"""CREATE OR REPLACE FUNCTION confirmations_check() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM users
                    WHERE users.user_id = NEW.user_id AND users.centre_id = NEW.centre_id)
                THEN RAISE EXCEPTION '{_NO_PERSON}'; END IF;
                IF NEW.sequence IS DISTINCT FROM 1 + COALESCE((SELECT MAX(sequence)
                    FROM confirmations
                    WHERE centre_id = NEW.centre_id AND call_id = NEW.call_id), 0)
                THEN RAISE EXCEPTION '{_GAP}'; END IF;
                RETURN NEW;
            END $$""",
        *_postgresql("confirmations"),
        *_postgresql("field_history"),
        """CREATE OR REPLACE TRIGGER confirmations_next BEFORE INSERT ON confirmations
            FOR EACH ROW EXECUTE FUNCTION confirmations_check()""",
    ],
}
"""By dialect: what a migration runs after making the tables. Running it again does no harm."""


class SqlIncidentStore:
    """`IncidentStore` over SQLite or PostgreSQL."""

    async def load(self, tx: Tx, centre_id: str, call_id: str) -> Draft | None:
        """The draft of a call."""
        query = select(drafts_table.c.body).where(
            drafts_table.c.centre_id == centre_id, drafts_table.c.call_id == call_id
        )
        body = (await tx.sql.execute(query)).scalar()
        return None if body is None else Draft.model_validate(body)

    async def save(self, tx: Tx, centre_id: str, draft: Draft) -> None:
        """Keep a draft in place of the one before."""
        values: dict[str, Any] = {
            "incident_id": draft.incident_id,
            "version": draft.version,
            "body": draft.model_dump(mode="json"),
        }
        here = (
            drafts_table.c.centre_id == centre_id,
            drafts_table.c.call_id == draft.call_id,
        )
        done = await tx.sql.execute(update(drafts_table).where(*here).values(**values))
        if not done.rowcount:
            key = {"centre_id": centre_id, "call_id": draft.call_id}
            await tx.sql.execute(insert(drafts_table).values(**key, **values))

    async def drafts(self, tx: Tx, centre_id: str, call_ids: Sequence[str]) -> list[Draft]:
        """The drafts there are for these calls."""
        query = select(drafts_table.c.body).where(
            drafts_table.c.centre_id == centre_id, drafts_table.c.call_id.in_(call_ids)
        )
        return [Draft.model_validate(body) for body in (await tx.sql.execute(query)).scalars()]

    async def add_history(
        self, tx: Tx, centre_id: str, call_id: str, entry_id: str, attempt: Attempt
    ) -> None:
        """Keep a version of a field, or an attempt to change it."""
        last = (
            select(history_table.c.number)
            .where(history_table.c.centre_id == centre_id, history_table.c.call_id == call_id)
            .order_by(history_table.c.number.desc())
            .limit(1)
        )
        number = ((await tx.sql.execute(last)).scalar() or 0) + 1
        await tx.sql.execute(
            insert(history_table).values(
                entry_id=entry_id,
                centre_id=centre_id,
                call_id=call_id,
                number=number,
                field=attempt.field,
                version=attempt.version,
                kind=attempt.kind,
                view=attempt.view.model_dump(mode="json"),
                at=attempt.at,
            )
        )

    async def history(self, tx: Tx, centre_id: str, call_id: str) -> list[Attempt]:
        """Everything a call's fields ever were."""
        query = (
            select(history_table)
            .where(history_table.c.centre_id == centre_id, history_table.c.call_id == call_id)
            .order_by(history_table.c.number)
        )
        return [
            Attempt(row.field, row.version, row.kind, FieldView.model_validate(row.view), row.at)
            for row in await tx.sql.execute(query)
        ]

    async def add_confirmation(self, tx: Tx, row: ConfirmationRow) -> None:
        """Keep a confirmation for good. Raises `NotStored`."""
        values = {column.name: getattr(row, column.name) for column in confirmations_table.c}
        try:
            await tx.sql.execute(insert(confirmations_table).values(**values))
        except DBAPIError as error:
            said = str(error.orig)
            if isinstance(error, IntegrityError) or _NO_PERSON in said or _GAP in said:
                raise NotStored(
                    "the database refused this confirmation",
                    details={"confirmation_id": row.confirmation_id},
                ) from None
            raise

    async def confirmation(
        self, tx: Tx, centre_id: str, confirmation_id: str
    ) -> ConfirmationRow | None:
        """One stored confirmation of the centre."""
        query = select(confirmations_table).where(
            confirmations_table.c.centre_id == centre_id,
            confirmations_table.c.confirmation_id == confirmation_id,
        )
        found = (await tx.sql.execute(query)).first()
        return None if found is None else _confirmation(found)

    async def confirmations(self, tx: Tx, centre_id: str, call_id: str) -> list[ConfirmationRow]:
        """The confirmations of a call, by sequence."""
        query = (
            select(confirmations_table)
            .where(
                confirmations_table.c.centre_id == centre_id,
                confirmations_table.c.call_id == call_id,
            )
            .order_by(confirmations_table.c.sequence)
        )
        return [_confirmation(row) for row in await tx.sql.execute(query)]


def _confirmation(row: Row[Any]) -> ConfirmationRow:
    return ConfirmationRow(**row._mapping)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] # public in SQLAlchemy
