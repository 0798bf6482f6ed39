"""Audit rows in SQL, with triggers by which the database itself refuses any change to one."""

import json

from sqlalchemy import Column, Integer, String, Table, Text, insert, select
from sqlalchemy.exc import DBAPIError

from ringdown.audit.model import EMPTY, AuditRow, Head, canonical, row_from
from ringdown.audit.ports import AuditSequenceBroken
from ringdown.runtime.db import Tx, metadata

audit_table = Table(
    "audit_rows",
    metadata,
    Column("centre_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("tag", String, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("session_id", String),
    Column("subject", String, nullable=False),
    # Text, not JSON: the very characters that were hashed are kept.
    Column("details", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

_REFUSAL = "the audit log is append-only"

TRIGGERS: dict[str, list[str]] = {
    # The insert trigger also stops INSERT OR REPLACE, which deletes without a delete trigger.
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS audit_rows_no_update BEFORE UPDATE ON audit_rows
            BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS audit_rows_no_delete BEFORE DELETE ON audit_rows
            BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS audit_rows_next BEFORE INSERT ON audit_rows
            WHEN NEW.seq IS NOT 1 + COALESCE(
                (SELECT MAX(seq) FROM audit_rows WHERE centre_id = NEW.centre_id), 0)
            BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",  # noqa: S608 - every part is a constant above
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_rows_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        f"""CREATE OR REPLACE FUNCTION audit_rows_check_next() RETURNS trigger
            LANGUAGE plpgsql AS
            $$ BEGIN
                IF NEW.seq IS DISTINCT FROM 1 + COALESCE(
                    (SELECT MAX(seq) FROM audit_rows WHERE centre_id = NEW.centre_id), 0)
                THEN RAISE EXCEPTION '{_REFUSAL}'; END IF;
                RETURN NEW;
            END $$""",  # noqa: S608 - every part is a constant above
        """CREATE OR REPLACE TRIGGER audit_rows_no_change BEFORE UPDATE OR DELETE ON audit_rows
            FOR EACH ROW EXECUTE FUNCTION audit_rows_refuse()""",
        """CREATE OR REPLACE TRIGGER audit_rows_no_truncate BEFORE TRUNCATE ON audit_rows
            FOR EACH STATEMENT EXECUTE FUNCTION audit_rows_refuse()""",
        """CREATE OR REPLACE TRIGGER audit_rows_next BEFORE INSERT ON audit_rows
            FOR EACH ROW EXECUTE FUNCTION audit_rows_check_next()""",
    ],
}
"""By dialect: what a migration runs after making the table. Running it again does no harm."""


class SqlAuditStore:
    """`AuditStore` over SQLite or PostgreSQL."""

    async def head(self, tx: Tx, centre_id: str) -> Head:
        """Where the centre's chain ends."""
        query = (
            select(audit_table.c.seq, audit_table.c.hash)
            .where(audit_table.c.centre_id == centre_id)
            .order_by(audit_table.c.seq.desc())
            .limit(1)
        )
        found = (await tx.sql.execute(query)).first()
        return EMPTY if found is None else Head(found.seq, found.hash)

    async def add(self, tx: Tx, row: AuditRow) -> None:
        """Keep a row. Raises `AuditSequenceBroken`."""
        columns = {**row.columns(), "details": canonical(dict(row.details))}
        try:
            await tx.sql.execute(insert(audit_table).values(columns))
        except DBAPIError as error:
            if _REFUSAL not in str(error.orig) or error.connection_invalidated:
                raise
            raise AuditSequenceBroken(
                "an audit row does not follow the last one", details={"seq": row.seq}
            ) from None

    async def rows(self, tx: Tx, centre_id: str, *, after: int, limit: int) -> list[AuditRow]:
        """A page of one centre, in order."""
        query = (
            select(audit_table)
            .where(audit_table.c.centre_id == centre_id, audit_table.c.seq > after)
            .order_by(audit_table.c.seq)
            .limit(limit)
        )
        found = (await tx.sql.execute(query)).mappings()
        return [row_from({**row, "details": json.loads(row["details"])}) for row in found]

    async def centres(self, tx: Tx) -> list[str]:
        """Every centre that has a chain."""
        query = select(audit_table.c.centre_id).distinct().order_by(audit_table.c.centre_id)
        return list((await tx.sql.execute(query)).scalars())
