"""Fixtures every test may use: databases of each kind, owned time, real servers on demand."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import ringdown
from ringdown.runtime.db import Database, MemoryDatabase, SqlDatabase, metadata
from ringdown.testing.clock import CountingIds, ManualClock
from tests import services


def _stores() -> list[object]:
    """Every feature's store module, imported so that its tables are known."""
    found = []
    for info in pkgutil.iter_modules(ringdown.__path__):
        name = f"ringdown.{info.name}.store"
        if info.ispkg and importlib.util.find_spec(name):
            found.append(importlib.import_module(name))
    importlib.import_module("ringdown.runtime.facts")
    importlib.import_module("ringdown.runtime.bus")
    return found


async def _create(db: SqlDatabase) -> None:
    stores = _stores()
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for store in stores:
            for statement in getattr(store, "TRIGGERS", {}).get(db.dialect, []):
                await connection.execute(text(statement.replace(":", "\\:")))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if not services.postgres_installed():
        pytest.skip("the package with PostgreSQL is not installed")
    with services.postgres_url() as url:
        yield url


@pytest.fixture(scope="session")
def nats_server() -> Iterator[str]:
    if services.nats_program() is None:
        pytest.skip("the package with the NATS server is not installed")
    with services.nats_url() as url:
        yield url


async def _postgres(request: pytest.FixtureRequest, tmp_path: Path) -> SqlDatabase:
    """A database of its own for one test, on the session's server."""
    server = request.getfixturevalue("postgres_server")
    name = f"t_{abs(hash(str(tmp_path))):x}"
    admin = SqlDatabase(server)
    async with admin.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await plain.execute(text(f'CREATE DATABASE "{name}"'))
    await admin.close()
    return SqlDatabase(server.rpartition("/")[0] + "/" + name)


async def _open(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if kind == "memory":
        return MemoryDatabase()
    if kind == "sqlite":
        db = SqlDatabase(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    else:
        db = await _postgres(request, tmp_path)
    await _create(db)
    return db


POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["memory", "sqlite", POSTGRES])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    db = await _open(request.param, request, tmp_path)
    yield db
    await db.close()


@pytest.fixture(params=["sqlite", POSTGRES])
async def sql_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    db = await _open(request.param, request, tmp_path)
    yield db
    await db.close()
