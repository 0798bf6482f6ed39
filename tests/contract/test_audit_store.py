"""The promises of `AuditStore`, on memory, SQLite and PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ringdown.audit.catalogue import UnknownAuditTag
from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.model import EMPTY, Head, next_row
from ringdown.audit.ports import AuditSequenceBroken, AuditStore
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.audit.verify_export import verify
from ringdown.core.principal import Principal, system
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.testing.clock import ManualClock

ACTOR = Principal("user", "user_1", "Anna", "centre_a", frozenset({"audit:read"}), "ses_1")


@pytest.fixture
def store(database: Database) -> AuditStore:
    return MemoryAuditStore() if isinstance(database, MemoryDatabase) else SqlAuditStore()


@pytest.fixture
def log(store: AuditStore, clock: ManualClock) -> AuditLog:
    return AuditLog(store, clock)


async def write(log: AuditLog, database: Database, centre_id: str, count: int) -> None:
    for number in range(count):
        async with database.write() as tx:
            await log.append(
                tx,
                centre_id=centre_id,
                tag="identity:user:changed",
                actor=system(centre_id, "tests"),
                subject=f"user_{number}",
                details={"ünï": [number, None, 1.5, "\x00 \ud800"]},
            )


async def test_each_centre_has_a_chain_of_its_own(
    log: AuditLog, store: AuditStore, database: Database
) -> None:
    """Numbers are gapless per centre, however the centres take turns."""
    for _ in range(2):
        await write(log, database, "centre_a", 1)
        await write(log, database, "centre_b", 2)
    async with database.read() as tx:
        a = await store.rows(tx, "centre_a", after=0, limit=10)
        b = await store.rows(tx, "centre_b", after=0, limit=10)
        assert await store.centres(tx) == ["centre_a", "centre_b"]
        assert (await store.head(tx, "centre_b")) == Head(4, b[-1].hash)
        assert (await store.head(tx, "centre_c")) == EMPTY
    assert [row.seq for row in a] == [1, 2]
    assert [row.seq for row in b] == [1, 2, 3, 4]


async def test_a_failed_transaction_leaves_no_row_and_no_gap(
    log: AuditLog, store: AuditStore, database: Database
) -> None:
    """The act and its row are kept together or not at all."""
    await write(log, database, "centre_a", 1)
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            await log.append(
                tx, centre_id="centre_a", tag="identity:user:changed", actor=ACTOR, subject="user_x"
            )
            raise ZeroDivisionError
    await write(log, database, "centre_a", 1)
    assert (await log.verify(database, "centre_a")).findings == ()
    assert (await log.verify(database, "centre_a")).head.count == 2


async def test_pages_follow_one_another(
    log: AuditLog, store: AuditStore, database: Database
) -> None:
    """`after` and `limit` give each row once, in order."""
    await write(log, database, "centre_a", 5)
    async with database.read() as tx:
        first = await store.rows(tx, "centre_a", after=0, limit=3)
        second = await store.rows(tx, "centre_a", after=3, limit=3)
    assert [row.seq for row in first + second] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("count", [0, 2, 6], ids=["again", "over a row", "leaving a gap"])
async def test_only_the_next_number_is_taken(
    log: AuditLog, store: AuditStore, database: Database, count: int
) -> None:
    """A row that is there already, or beyond the next, is refused by the store itself."""
    await write(log, database, "centre_a", 3)
    row = next_row(
        Head(count, "0" * 64),
        centre_id="centre_a",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        tag="identity:user:changed",
        actor=ACTOR,
        subject="user_9",
        details={},
    )
    with pytest.raises(AuditSequenceBroken):
        async with database.write() as tx:
            await store.add(tx, row)


async def test_an_unknown_tag_keeps_nothing(log: AuditLog, database: Database) -> None:
    """The transaction fails with the tag."""
    with pytest.raises(UnknownAuditTag):
        async with database.write() as tx:
            await log.append(tx, centre_id="centre_a", tag="a:b:c", actor=ACTOR, subject="x")
    assert await log.centres(database) == []


async def test_an_export_is_whole_and_records_itself(log: AuditLog, database: Database) -> None:
    """The lines satisfy the verifier, and the last row tells of this very export."""
    await write(log, database, "centre_a", 7)
    await write(log, database, "centre_b", 1)
    head = await log.begin_export(database, ACTOR, "centre_a")
    await write(log, database, "centre_a", 1)
    lines = [line.encode() async for line in log.lines(database, "centre_a", head.count)]
    report = verify(lines, centre_id="centre_a", head=head.hash, count=8)
    assert report.findings == []
    assert report.count == 8
    assert b'"tag":"audit:log:exported"' in lines[-1]


async def test_reading_is_recorded(log: AuditLog, store: AuditStore, database: Database) -> None:
    """CJIS AU-2: access to the audit log is an event; only the reader's own centre is shown."""
    await write(log, database, "centre_b", 2)
    assert await log.read(database, ACTOR, after=0, limit=10) == []
    rows = await log.read(database, ACTOR, after=0, limit=10)
    assert [(row.tag, row.actor_id) for row in rows] == [("audit:log:read", "user_1")]


async def test_an_expected_head_shows_truncation(log: AuditLog, database: Database) -> None:
    """A chain shorter than what was noted elsewhere is not whole."""
    await write(log, database, "centre_a", 2)
    verdict = await log.verify(database, "centre_a", expected=Head(3, "a" * 64))
    assert {finding.code for finding in verdict.findings} == {"truncated", "head"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_rows SET subject = 'user_forged' WHERE seq = 1",
        "UPDATE audit_rows SET seq = 9 WHERE seq = 2",
        "DELETE FROM audit_rows WHERE seq = 2",
        "DELETE FROM audit_rows",
        (
            "INSERT INTO audit_rows SELECT centre_id, 9, at, tag, actor_kind, actor_id, actor_name, session_id,"
            " subject, details, prev_hash, hash FROM audit_rows WHERE seq = 2"
        ),
    ],
)
async def test_the_database_refuses_every_change(
    sql_database: Database, clock: ManualClock, statement: str
) -> None:
    """Triggers stand in the way even of somebody who writes SQL by hand."""
    log = AuditLog(SqlAuditStore(), clock)
    await write(log, sql_database, "centre_a", 2)
    with pytest.raises(DBAPIError, match="append-only"):
        async with sql_database.write() as tx:
            await tx.sql.execute(text(statement))
    assert (await log.verify(sql_database, "centre_a")).findings == ()


@pytest.mark.parametrize("sql_database", ["sqlite"], indirect=True)
async def test_sqlite_refuses_to_replace_a_row(sql_database: Database, clock: ManualClock) -> None:
    """INSERT OR REPLACE deletes without a delete trigger; the insert trigger stops it."""
    log = AuditLog(SqlAuditStore(), clock)
    await write(log, sql_database, "centre_a", 2)
    with pytest.raises(DBAPIError, match="append-only"):
        async with sql_database.write() as tx:
            await tx.sql.execute(
                text(
                    "INSERT OR REPLACE INTO audit_rows SELECT centre_id, seq, at, tag, actor_kind, actor_id,"
                    " actor_name, session_id, 'forged', details, prev_hash, hash FROM audit_rows WHERE seq = 2"
                )
            )


@pytest.mark.postgres
@pytest.mark.parametrize("sql_database", ["postgres"], indirect=True)
async def test_postgresql_refuses_to_truncate(sql_database: Database, clock: ManualClock) -> None:
    """TRUNCATE fires no row trigger; a statement trigger stops it."""
    log = AuditLog(SqlAuditStore(), clock)
    await write(log, sql_database, "centre_a", 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with sql_database.write() as tx:
            await tx.sql.execute(text("TRUNCATE audit_rows"))


async def test_tampering_past_the_triggers_is_found(
    sql_database: Database, clock: ManualClock
) -> None:
    """Somebody who drops the triggers and changes a row is found by the chain."""
    log = AuditLog(SqlAuditStore(), clock)
    await write(log, sql_database, "centre_a", 3)
    name = (
        "audit_rows_no_update"
        if sql_database.dialect == "sqlite"
        else "audit_rows_no_change ON audit_rows"
    )
    async with sql_database.write() as tx:
        await tx.sql.execute(text(f"DROP TRIGGER {name}"))
        await tx.sql.execute(
            text("UPDATE audit_rows SET actor_name = 'Somebody else' WHERE seq = 2")
        )
    findings = (await log.verify(sql_database, "centre_a")).findings
    assert [(finding.seq, finding.code) for finding in findings] == [(2, "changed")]
