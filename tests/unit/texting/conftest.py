"""A world for texting over SQLite; its tables are made once and copied, since making takes time."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests import conftest
from tests.unit.texting.texting_world import World

from ringdown.runtime.db import SqlDatabase


async def _make(file: Path) -> None:
    db = SqlDatabase(f"sqlite:///{file}")
    await conftest._create(db)
    await World(db).people()
    await db.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("texting") / "made.sqlite3"
    asyncio.run(_make(file))
    return file


@pytest.fixture
async def db(made: Path, tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    shutil.copy(made, tmp_path / "texting.sqlite3")
    db = SqlDatabase(f"sqlite:///{tmp_path / 'texting.sqlite3'}")
    yield db
    await db.close()


@pytest.fixture
def world(db: SqlDatabase) -> World:
    return World(db)
