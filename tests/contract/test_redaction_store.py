"""What redaction promises of its store, on memory, SQLite and PostgreSQL."""

import pytest

from ringdown.redaction.fakes import MemoryValueStore
from ringdown.redaction.ports import SealedValue, ValueStore
from ringdown.redaction.store import SqlValueStore
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.testing.clock import START

FIRST = SealedValue(0, "[NAME_1]", "NAME", "c2VhbGVk", START)
SECOND = SealedValue(1, "[PHONE_1]", "PHONE", "b3RoZXI=", START)


@pytest.fixture
def store(database: Database) -> ValueStore:
    return MemoryValueStore() if isinstance(database, MemoryDatabase) else SqlValueStore()


async def test_values_come_back_in_the_order_they_were_said(
    database: Database, store: ValueStore
) -> None:
    """Also when they are kept one after another, and nothing is kept of nothing."""
    async with database.write() as tx:
        await store.add(tx, "a", "call", [FIRST])
        await store.add(tx, "a", "call", [SECOND])
        await store.add(tx, "a", "call", [])
    async with database.read() as tx:
        assert await store.values(tx, "a", "call") == [FIRST, SECOND]
        assert await store.count(tx, "a", "call") == 2


async def test_another_call_and_another_centre_have_no_values(
    database: Database, store: ValueStore
) -> None:
    """The same id of a call in another centre is another call."""
    async with database.write() as tx:
        await store.add(tx, "a", "call", [FIRST])
    async with database.read() as tx:
        assert await store.values(tx, "b", "call") == []
        assert await store.values(tx, "a", "other") == []
        assert await store.count(tx, "b", "call") == 0
