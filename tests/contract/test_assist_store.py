"""What the leash promises of its store, on memory, SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from ringdown.assist.fakes import MemoryAssistStore
from ringdown.assist.model.narrative import (
    CiteView,
    NarrativeMark,
    ProposalView,
    RoundView,
    SentenceView,
    Switch,
)
from ringdown.assist.ports import AssistStore, NotKept
from ringdown.assist.store import SqlAssistStore
from ringdown.core.clock import iso
from ringdown.core.principal import Person
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.testing.clock import START

CITE = CiteView(utterance_id="utt_1", side="caller", start_ms=1000, end_ms=2000)


def written(number: int, at=START, tokens: int = 100) -> RoundView:
    return RoundView(
        number=number,
        at=iso(at),
        model="m",
        version="m#1",
        host="llm.example.org",
        prompt_hash="a" * 64,
        request_hash="b" * 64,
        tokens=tokens,
        sentences=(
            SentenceView(number=number, text="[NAME_1] é.", cites=(CITE,), model="m", at=iso(at)),
        ),
        proposals=(
            ProposalView(
                field="location", value="[ADDRESS_1]", cites=(CITE,), model="m", at=iso(at)
            ),
        ),
        withheld={"number": 2},
        covered_ms=2000,
    )


@pytest.fixture
def store(database: Database) -> AssistStore:
    return MemoryAssistStore() if isinstance(database, MemoryDatabase) else SqlAssistStore()


async def test_rounds_come_back_as_they_were_written(
    database: Database, store: AssistStore
) -> None:
    """In order, and each exactly."""
    async with database.write() as tx:
        await store.add(tx, "a", "call", written(1))
        await store.add(tx, "a", "call", written(2))
    async with database.read() as tx:
        assert await store.rounds(tx, "a", "call") == [written(1), written(2)]
        assert await store.rounds(tx, "b", "call") == []
        assert await store.rounds(tx, "a", "other") == []


async def test_a_round_is_kept_once(database: Database, store: AssistStore) -> None:
    """A second one of the same number is refused, and changes nothing."""
    async with database.write() as tx:
        await store.add(tx, "a", "call", written(1))
    with pytest.raises(NotKept):
        async with database.write() as tx:
            await store.add(tx, "a", "call", written(1, tokens=7))
    async with database.read() as tx:
        assert await store.rounds(tx, "a", "call") == [written(1)]


async def test_a_call_is_on_until_somebody_switches_it_off(
    database: Database, store: AssistStore
) -> None:
    """And the state is that of the last word."""
    dana = Person(user_id="user_dana", name="Dana Reyes")
    off = Switch(NarrativeMark(version=1, sentences=2, withheld=3, off=True), dana, iso(START))
    on = Switch(NarrativeMark(version=2, sentences=2, withheld=3), dana, iso(START))
    async with database.read() as tx:
        assert await store.switch(tx, "a", "call") == Switch()
    async with database.write() as tx:
        await store.set_switch(tx, "a", "call", off)
    async with database.read() as tx:
        assert await store.switch(tx, "a", "call") == off
        assert await store.switch(tx, "b", "call") == Switch()
    async with database.write() as tx:
        await store.set_switch(tx, "a", "call", on)
    async with database.read() as tx:
        assert await store.switch(tx, "a", "call") == on


async def test_tokens_of_all_centres_count_from_an_instant_on(
    database: Database, store: AssistStore
) -> None:
    async with database.write() as tx:
        await store.add(tx, "a", "call", written(1, START - timedelta(hours=1), 1))
        await store.add(tx, "a", "call", written(2, START, 10))
        await store.add(tx, "b", "call", written(1, START + timedelta(seconds=1), 100))
    async with database.read() as tx:
        assert await store.tokens_since(tx, START) == 110
        assert await store.tokens_since(tx, START + timedelta(days=1)) == 0
