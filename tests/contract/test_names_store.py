"""What local names promise of their store, on memory, SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from ringdown.runtime.db import Database
from ringdown.speech.model.names_table import LocalName
from ringdown.speech.names_fakes import MemoryNamesStore
from ringdown.speech.names_ports import BookRecord, NamesStore
from ringdown.speech.names_store import SqlNamesStore
from ringdown.testing.clock import START

NAMES = (
    LocalName("Genesee St", "street", 47.5, -117.25),
    LocalName("Café 100%", "business"),
    LocalName("Fairhaven_School", "place"),
)


@pytest.fixture
def store(database: Database) -> NamesStore:
    return MemoryNamesStore() if database.dialect == "memory" else SqlNamesStore()


def record(centre: str = "a", version: str = "v1") -> BookRecord:
    return BookRecord(centre, version, 3, "streets.csv", START, "Dana")


async def test_names_come_back_as_they_were_kept(database: Database, store: NamesStore) -> None:
    """In their order, each once however often it is kept, points and kinds included."""
    async with database.write() as tx:
        await store.stage(tx, "a", "v1", 0, NAMES[:2])
        await store.stage(tx, "a", "v1", 1, NAMES[1:])
        await store.stage(tx, "a", "v1", 3, ())
    async with database.read() as tx:
        assert await store.staged(tx, "a", "v1") == 3
        assert await store.names(tx, "a", "v1", start=0, limit=9) == list(NAMES)
        assert await store.names(tx, "a", "v1", start=1, limit=1) == [NAMES[1]]


async def test_the_book_in_use_is_the_last_one_put_into_use(
    database: Database, store: NamesStore
) -> None:
    """One for each centre; after it is retired there is none."""
    newer = replace(record(version="v2"), source="other.csv", total=1)
    async with database.write() as tx:
        assert await store.book(tx, "a") is None
        await store.use(tx, record())
        await store.use(tx, newer)
        await store.use(tx, record("b"))
    async with database.read() as tx:
        assert await store.book(tx, "a") == newer
        assert await store.books(tx) == [newer, record("b")]
    async with database.write() as tx:
        await store.retire(tx, "a")
        assert await store.books(tx) == [record("b")]


async def test_other_versions_are_forgotten_in_their_own_centre_alone(
    database: Database, store: NamesStore
) -> None:
    """What is in use stays, and another centre's names always do."""
    async with database.write() as tx:
        for centre, version in (("a", "v1"), ("a", "v2"), ("b", "v1")):
            await store.stage(tx, centre, version, 0, NAMES)
        await store.forget(tx, "a", keep="v2")
        assert await store.staged(tx, "a", "v1") == 0
        assert await store.staged(tx, "a", "v2") == 3
        assert await store.staged(tx, "b", "v1") == 3
        await store.forget(tx, "a", keep=None)
        assert await store.staged(tx, "a", "v2") == 0
        assert await store.staged(tx, "b", "v1") == 3


async def test_names_are_found_by_a_part_of_their_key(
    database: Database, store: NamesStore
) -> None:
    """A sign that means something to SQL is an ordinary one; another version has none."""
    async with database.write() as tx:
        await store.stage(tx, "a", "v1", 0, NAMES)
        assert await store.find(tx, "a", "v1", "street", limit=5) == [NAMES[0]]
        assert await store.find(tx, "a", "v1", "e", limit=2) == [NAMES[1], NAMES[2]]
        assert await store.find(tx, "a", "v1", "%", limit=5) == []
        assert await store.find(tx, "a", "v2", "street", limit=5) == []
        assert await store.find(tx, "b", "v1", "street", limit=5) == []
