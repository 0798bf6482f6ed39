"""What calls promise of their store, on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ringdown.calls import model
from ringdown.calls.fakes import MemoryCallStore
from ringdown.calls.model import Ali, Call, EventView, NoteView
from ringdown.calls.ports import CallStore
from ringdown.calls.store import SqlCallStore
from ringdown.core.principal import Person
from ringdown.runtime.db import Database
from ringdown.testing.clock import START

DANA = Person(user_id="user_1", name="Dana")


@pytest.fixture
def store(database: Database) -> CallStore:
    return MemoryCallStore() if database.dialect == "memory" else SqlCallStore()


def call(number: int, *, centre: str = "a", external: str | None = None) -> Call:
    return Call(f"call_{number:03d}", centre, "client_1", external or f"x{number}", "phones", START)


def full(number: int) -> Call:
    made = replace(
        call(number),
        ani="+15550100",
        ali=Ali(text="12 Elm St", lat=1.5, lon=-2.5, class_of_service="WPH2", altitude_m=7),
        assigned_to=DANA,
        direction="outbound",
        demo=True,
    )
    made = model.add_leg(made, f"leg_{number}a", "caller", START, rate=16000)
    made = model.add_leg(made, f"leg_{number}b", "call_taker", START + timedelta(seconds=1))
    made = model.seal_leg(made, f"leg_{number}a", 900, START + timedelta(seconds=2))
    return model.lose(model.interrupt(made, START + timedelta(seconds=3)))


async def test_a_call_comes_back_as_it_was_kept(database: Database, store: CallStore) -> None:
    """Nothing of a call is lost in the store."""
    async with database.write() as tx:
        assert await store.insert(tx, full(1))
    async with database.read() as tx:
        assert await store.get(tx, "a", "call_001") == full(1)


async def test_a_saved_change_comes_back(database: Database, store: CallStore) -> None:
    """The last saved state counts, legs included."""
    ended = model.close(model.end(full(1), "hangup", START), "done", DANA, START)
    async with database.write() as tx:
        await store.insert(tx, call(1))
        await store.save(tx, full(1))
        await store.save(tx, ended)
    async with database.read() as tx:
        assert await store.get(tx, "a", "call_001") == ended


async def test_one_open_call_per_client_and_external_id(
    database: Database, store: CallStore
) -> None:
    """A repeated report never makes a second call; after the end the id may serve again."""
    first = call(1, external="same")
    async with database.write() as tx:
        assert await store.insert(tx, first)
        assert not await store.insert(tx, call(2, external="same"))
        assert await store.insert(tx, call(3, centre="b", external="same"))
        await store.save(tx, model.end(first, "hangup", START))
        assert await store.find_open(tx, "a", "client_1", "same") is None
        assert await store.insert(tx, call(4, external="same"))
        assert await store.find_open(tx, "a", "client_1", "same") == call(4, external="same")


async def test_a_centre_sees_only_its_own(database: Database, store: CallStore) -> None:
    """Another centre's call, event or note looks like a missing one."""
    note = NoteView(note_id="n1", call_id="call_001", text="x", version=1, by=DANA, at="t")
    async with database.write() as tx:
        await store.insert(tx, call(1))
        await store.add_event(tx, "a", "call_001", "evt_1", EventView(type="m", at_ms=0, data={}))
        await store.add_note(tx, "a", note)
        await store.save(tx, replace(call(1), centre_id="b", ani="+1"))
    async with database.read() as tx:
        assert await store.get(tx, "b", "call_001") is None
        assert await store.on_the_board(tx, "b") == []
        assert await store.ended(tx, "b", None, 10) == []
        assert await store.find_open(tx, "b", "client_1", "x1") is None
        assert await store.events(tx, "b", "call_001") == []
        assert await store.notes(tx, "b", "call_001") == []
        assert await store.note_versions(tx, "b", "call_001", "n1") == []
        assert await store.get(tx, "a", "call_001") == call(1)


async def test_the_board_holds_open_calls_and_those_in_attention(
    database: Database, store: CallStore
) -> None:
    """An abandoned call stays until a person closed it; an answered one leaves when it ends."""
    abandoned = model.end(call(1), "hangup", START)
    answered = model.end(model.answer(call(2), START), "hangup", START)
    closed = model.close(model.end(call(4), "hangup", START), "called back", DANA, START)
    async with database.write() as tx:
        for one in (abandoned, answered, call(3), closed):
            assert await store.insert(tx, one)
    async with database.read() as tx:
        assert await store.on_the_board(tx, "a") == [abandoned, call(3)]
        assert await store.ended(tx, "a", None, 2) == [closed, answered]
        assert await store.ended(tx, "a", "call_002", 2) == [abandoned]


async def test_events_keep_their_order_and_data(database: Database, store: CallStore) -> None:
    """Keys pressed are read back as they were pressed."""
    kept = [EventView(type="dtmf", at_ms=n * 10, data={"digit": str(n)}) for n in range(3)]
    async with database.write() as tx:
        for number, event in enumerate(kept):
            await store.add_event(tx, "a", "call_001", f"evt_{number}", event)
    async with database.read() as tx:
        assert await store.events(tx, "a", "call_001") == kept


async def test_every_version_of_a_note_is_kept(database: Database, store: CallStore) -> None:
    """An edit adds; what was written first can still be read."""

    def version(note_id: str, number: int) -> NoteView:
        return NoteView(
            note_id=note_id, call_id="call_001", text=f"v{number}", version=number, by=DANA, at="t"
        )

    async with database.write() as tx:
        for note in (version("n1", 1), version("n2", 1), version("n1", 2)):
            await store.add_note(tx, "a", note)
    async with database.read() as tx:
        assert await store.note_versions(tx, "a", "call_001", "n1") == [
            version("n1", 1),
            version("n1", 2),
        ]
        assert await store.notes(tx, "a", "call_001") == [version("n1", 2), version("n2", 1)]
