"""The log of facts keeps its promises on every database."""

from typing import ClassVar

import pytest

from ringdown.core.events import Fact
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts, MemoryFactStore, SqlFactStore, UnknownFact
from ringdown.testing.clock import CountingIds, ManualClock


class Rang(Fact):
    kind: ClassVar[str] = "test.bell.rang.v1"
    times: int


class Fell(Fact):
    kind: ClassVar[str] = "test.tree.fell.v1"


@pytest.fixture
def facts(database: Database, clock: ManualClock, ids: CountingIds) -> Facts:
    store = MemoryFactStore() if database.dialect == "memory" else SqlFactStore()
    return Facts(store, clock, ids, [Rang])


async def test_positions_have_no_hole_and_count_per_centre(
    facts: Facts, database: Database
) -> None:
    """A console can tell from the positions alone that it has missed nothing."""
    async with database.write() as tx:
        await facts.append(tx, Rang(centre_id="a", times=1), Rang(centre_id="b", times=2))
    async with database.write() as tx:
        await facts.append(tx, Rang(centre_id="a", times=3))
    async with database.read() as tx:
        stored = await facts.since(tx, "a", 0)
        assert [s.record.position for s in stored] == [1, 2]
        assert [s.record.fact for s in stored] == [
            Rang(centre_id="a", times=1),
            Rang(centre_id="a", times=3),
        ]
        assert [s.record.position for s in await facts.since(tx, "b", 0)] == [1]
        assert await facts.head(tx, "a") == 2


async def test_a_failed_transaction_leaves_no_fact_and_no_hole(
    facts: Facts, database: Database
) -> None:
    """What did not happen is not told."""
    with pytest.raises(RuntimeError):
        async with database.write() as tx:
            await facts.append(tx, Rang(centre_id="a", times=1))
            raise RuntimeError
    async with database.write() as tx:
        await facts.append(tx, Rang(centre_id="a", times=2))
    async with database.read() as tx:
        stored = await facts.since(tx, "a", 0)
    assert [(s.record.position, s.record.fact) for s in stored] == [
        (1, Rang(centre_id="a", times=2))
    ]


async def test_a_calls_facts_of_one_kind(database: Database, clock: ManualClock) -> None:
    """In order, of that call, that kind and that centre alone."""
    store = MemoryFactStore() if database.dialect == "memory" else SqlFactStore()
    facts = Facts(store, clock, CountingIds(), [Rang, Fell])
    first, second = (Rang(centre_id="a", call_id="1", times=times) for times in (1, 2))
    async with database.write() as tx:
        await facts.append(tx, first, Fell(centre_id="a", call_id="1"))
        await facts.append(tx, Rang(centre_id="a", call_id="2", times=3))
        await facts.append(tx, Rang(centre_id="b", call_id="1", times=4), second)
    async with database.read() as tx:
        assert await facts.of_call(tx, "a", "1", Rang) == [first, second]
        assert await facts.of_call(tx, "c", "1", Rang) == []


async def test_waking_happens_after_the_commit_only(facts: Facts, database: Database) -> None:
    """Whoever is woken finds the fact."""
    woken: list[str] = []
    facts.on_commit(lambda: woken.append("now"))
    async with database.write() as tx:
        await facts.append(tx, Rang(centre_id="a", times=1))
        assert woken == []
    assert woken == ["now"]
    with pytest.raises(RuntimeError):
        async with database.write() as tx:
            await facts.append(tx, Rang(centre_id="a", times=1))
            raise RuntimeError
    assert woken == ["now"]


async def test_reading_stops_at_the_limit_and_resumes(facts: Facts, database: Database) -> None:
    """A reader takes the log in pieces without loss or doubles."""
    async with database.write() as tx:
        await facts.append(tx, *[Rang(centre_id="a", times=n) for n in range(5)])
    async with database.read() as tx:
        first = await facts.after_seq(tx, 0, 2)
        rest = await facts.after_seq(tx, first[-1].seq, 10)
    assert [s.record.fact.times for s in first + rest] == [0, 1, 2, 3, 4]  # type: ignore[attr-defined]


async def test_an_unregistered_fact_is_refused(facts: Facts, database: Database) -> None:
    """A kind that nobody could read back never enters the log."""
    with pytest.raises(UnknownFact):
        async with database.write() as tx:
            await facts.append(tx, Fell(centre_id="a"))
