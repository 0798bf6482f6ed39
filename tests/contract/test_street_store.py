"""What maps promise of their store, on memory, SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from ringdown.runtime.db import Database
from ringdown.streets.fakes import MemoryStreetStore
from ringdown.streets.model.features import Layer
from ringdown.streets.ports import LayerRecord, StreetStore
from ringdown.streets.store import SqlStreetStore
from ringdown.testing.clock import START

LINES = ('["Genesee St"]', '["Café ½"]', '["Fairhaven_School"]')


@pytest.fixture
def store(database: Database) -> StreetStore:
    return MemoryStreetStore() if database.dialect == "memory" else SqlStreetStore()


def record(centre: str = "a", version: str = "v1", layer: Layer = "roads") -> LayerRecord:
    return LayerRecord(centre, layer, version, 3, "streets.csv", START, "Dana")


async def test_features_come_back_as_they_were_kept(database: Database, store: StreetStore) -> None:
    """In their order, each once however often it is kept."""
    async with database.write() as tx:
        await store.stage(tx, "a", "roads", "v1", 0, LINES[:2])
        await store.stage(tx, "a", "roads", "v1", 1, LINES[1:])
        await store.stage(tx, "a", "roads", "v1", 3, ())
    async with database.read() as tx:
        assert await store.staged(tx, "a", "roads", "v1") == 3
        assert await store.features(tx, "a", "roads", "v1", start=0, limit=9) == list(LINES)
        assert await store.features(tx, "a", "roads", "v1", start=1, limit=1) == [LINES[1]]
        assert await store.features(tx, "a", "landmarks", "v1", start=0, limit=9) == []
        assert await store.features(tx, "b", "roads", "v1", start=0, limit=9) == []


async def test_a_layer_in_use_is_the_last_one_put_into_use(
    database: Database, store: StreetStore
) -> None:
    """One for each centre and layer; after it is retired there is none."""
    newer = replace(record(version="v2"), source="other.csv", total=1)
    marks = record(layer="landmarks")
    async with database.write() as tx:
        assert await store.layers(tx, "a") == []
        for each in (record(), newer, marks, record("b")):
            await store.use(tx, each)
    async with database.read() as tx:
        assert await store.layers(tx, "a") == [marks, newer]
        assert await store.layers(tx) == [marks, newer, record("b")]
    async with database.write() as tx:
        await store.retire(tx, "a", "roads")
        assert await store.layers(tx) == [marks, record("b")]


async def test_other_versions_are_forgotten_in_their_own_layer_alone(
    database: Database, store: StreetStore
) -> None:
    """What is in use stays, and another centre's or layer's features always do."""
    places: list[tuple[str, Layer, str]] = [
        ("a", "roads", "v1"), ("a", "roads", "v2"), ("a", "landmarks", "v1"), ("b", "roads", "v1"),
    ]  # fmt: skip
    async with database.write() as tx:
        for centre, layer, version in places:
            await store.stage(tx, centre, layer, version, 0, LINES)
        await store.forget(tx, "a", "roads", keep="v2")
        assert [await store.staged(tx, *place) for place in places] == [0, 3, 3, 3]
        await store.forget(tx, "a", "roads", keep=None)
        assert [await store.staged(tx, *place) for place in places] == [0, 0, 3, 3]
