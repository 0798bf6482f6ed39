"""Migrations bring an empty database to exactly the tables that the code uses, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from tests import conftest

import ringdown.app  # noqa: F401 - every table is known once this is imported
from ringdown.runtime.db import SqlDatabase, metadata
from ringdown.runtime.schema import NewerDatabase, newest, upgrade


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    if request.param == "sqlite":
        db = SqlDatabase(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    else:
        db = await conftest._postgres(request, tmp_path)
    yield db
    await db.close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_migrations_make_what_the_code_uses(empty: SqlDatabase) -> None:
    """No table, column or index is missing or left over; running again changes nothing."""
    await upgrade(empty)
    await upgrade(empty)
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_database_keeps_its_own_guard(empty: SqlDatabase) -> None:
    """A confirmation without a person is refused by what the migrations made, not by the code."""
    await upgrade(empty)
    if empty.dialect == "sqlite":
        query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
    async with empty.engine.connect() as connection:
        assert (await connection.execute(text(query))).scalar_one() >= 8
        for table in ("confirmations", "cad_deliveries", "audit_rows"):
            owner = (
                f"SELECT count(*) FROM sqlite_master WHERE type='trigger' AND tbl_name='{table}'"
                if empty.dialect == "sqlite"
                else f"SELECT count(*) FROM pg_trigger WHERE tgrelid = '{table}'::regclass "
                "AND NOT tgisinternal"
            )
            assert (await connection.execute(text(owner))).scalar_one() > 0, table


async def test_a_database_of_a_newer_version_is_left_alone(empty: SqlDatabase) -> None:
    """An older program says so instead of guessing."""
    await upgrade(empty)
    async with empty.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase):
        await upgrade(empty)
    assert newest() != "9999"
