"""What every media store promises, in memory, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from ringdown.media.fakes import MemoryMediaStore
from ringdown.media.model import LegGap, MediaLeg
from ringdown.media.store import SqlMediaStore
from ringdown.runtime.db import MemoryDatabase
from ringdown.testing.clock import START

LEG = MediaLeg("leg_2", "a", "call_1", "caller", 0, START)


@pytest.fixture
def store(database):
    return MemoryMediaStore() if isinstance(database, MemoryDatabase) else SqlMediaStore()


async def keep(database, store, *legs):
    async with database.write() as tx:
        for leg in legs:
            await store.save_leg(tx, leg)


async def test_a_leg_is_given_back_as_it_was_kept(database, store):
    """Every field survives, and saving again replaces."""
    sealed = replace(
        LEG, state="sealed", samples=8000, sha256="ab", bytes=8512, stream_sid="MZ1", anchor_ms=-7
    )
    await keep(database, store, LEG)
    async with database.read() as tx:
        assert await store.leg(tx, "a", "leg_2") == LEG
    await keep(database, store, sealed)
    async with database.read() as tx:
        assert await store.leg(tx, "a", "leg_2") == sealed


async def test_another_centre_s_leg_looks_missing(database, store):
    """A centre sees only its own legs and gaps."""
    await keep(database, store, LEG)
    async with database.write() as tx:
        await store.add_gap(tx, "a", "call_1", LegGap("leg_2", 0, 10, "missing"))
    async with database.read() as tx:
        assert await store.leg(tx, "b", "leg_2") is None
        assert await store.legs_of(tx, "b", "call_1") == []
        assert await store.gaps_of(tx, "b", "call_1") == []


async def test_the_legs_of_a_call_come_in_the_order_they_began(database, store):
    """By start, then by id; other calls' legs are left out."""
    first = replace(LEG, leg_id="leg_1")
    later = replace(LEG, leg_id="leg_0", start_ms=500, side="call_taker")
    await keep(database, store, later, LEG, first, replace(LEG, leg_id="leg_9", call_id="call_2"))
    async with database.read() as tx:
        assert await store.legs_of(tx, "a", "call_1") == [first, LEG, later]


async def test_only_archived_legs_need_nothing_more(database, store):
    """At start every leg that is open, complete or sealed is gone on with, of any centre."""
    legs = [
        replace(LEG, leg_id=f"leg_{number}", centre_id=centre, state=state)
        for number, (centre, state) in enumerate(
            [("a", "open"), ("a", "archived"), ("a", "sealed"), ("b", "complete")]
        )
    ]
    await keep(database, store, *legs)
    async with database.read() as tx:
        assert await store.unfinished(tx) == [legs[0], legs[2], legs[3]]


async def test_sealed_legs_come_by_id_a_page_at_a_time(database, store):
    """Of every centre, whatever became of them after the seal; others are left out."""
    legs = [
        replace(LEG, leg_id=f"leg_{number}", centre_id=centre, state=state, sha256=digest)
        for number, (centre, state, digest) in enumerate(
            [
                ("a", "open", None),
                ("b", "sealed", "cd"),
                ("a", "archived", "ab"),
                ("a", "sealed", "ef"),
            ]
        )
    ]
    await keep(database, store, *reversed(legs))
    async with database.read() as tx:
        assert await store.sealed(tx, "", 2) == [legs[1], legs[2]]
        assert await store.sealed(tx, "leg_2", 2) == [legs[3]]


async def test_a_gap_is_kept_once_and_in_order(database, store):
    """Telling the same gap again after a crash does not double it."""
    gaps = [LegGap("leg_2", 500, 700, "missing"), LegGap("leg_2", 20, 40, "source_lost")]
    async with database.write() as tx:
        for gap in [*gaps, gaps[0]]:
            await store.add_gap(tx, "a", "call_1", gap)
    async with database.read() as tx:
        assert await store.gaps_of(tx, "a", "call_1") == [gaps[1], gaps[0]]
