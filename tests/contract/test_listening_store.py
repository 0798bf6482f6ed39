"""One suite for the store of listening sessions, on the fake and on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ringdown.core.principal import TokenMark
from ringdown.listening.fakes import MemoryListeningStore
from ringdown.listening.model.session import Session
from ringdown.listening.ports import ListeningStore
from ringdown.listening.store import SqlListeningStore
from ringdown.runtime.db import Database, MemoryDatabase
from ringdown.testing.clock import START


@pytest.fixture
def store(database: Database) -> ListeningStore:
    return MemoryListeningStore() if isinstance(database, MemoryDatabase) else SqlListeningStore()


def session(number: int, centre: str = "a") -> Session:
    return Session(
        session_id=f"lsn_{number}", centre_id=centre, call_id="call_1", principal_kind="client",
        principal_id="client_1", principal_name="Partner", sign_in_id=None, participant="Unit 7",
        token=TokenMark("token_1", "mark", START + timedelta(hours=2)),
        room=f"ls_{number}", listener=f"lst_{number}", worker=f"wrk_{number}", autoplay=None,
        created_at=START + timedelta(seconds=number), expires_at=START + timedelta(seconds=600),
    )  # fmt: skip


def played(known: Session) -> Session:
    return replace(
        known, autoplay=False, state="away", joined_at=START + timedelta(seconds=1),
        left_at=START + timedelta(seconds=9, milliseconds=120), position_ms=61_000,
        duration_ms=90_000, paused=True, at_edge=False, gain_caller=-12.5, gain_call_taker=3.0,
        heard=((0, 1000), (60_000, 61_000)), heard_at=START + timedelta(seconds=2),
    )  # fmt: skip


async def test_a_session_is_kept_with_its_place(database: Database, store: ListeningStore) -> None:
    """Everything that is needed to go on elsewhere comes back as it was."""
    async with database.write() as tx:
        await store.add(tx, session(1))
    async with database.write() as tx:
        assert await store.get(tx, "a", "lsn_1") == session(1)
        await store.save(tx, played(session(1)))
    async with database.read() as tx:
        assert await store.get(tx, "a", "lsn_1") == played(session(1))


async def test_another_centres_session_looks_missing(
    database: Database, store: ListeningStore
) -> None:
    """Neither read nor listed nor changed under another centre's name."""
    async with database.write() as tx:
        await store.add(tx, session(1))
        await store.save(tx, replace(session(1), centre_id="b", state="closed"))
    async with database.read() as tx:
        assert await store.get(tx, "b", "lsn_1") is None
        assert await store.of_centre(tx, "b", START) == []
        assert await store.get(tx, "a", "lsn_1") == session(1)


async def test_sessions_closed_long_ago_are_not_listed(
    database: Database, store: ListeningStore
) -> None:
    """Those that go on are, and those closed since the moment asked for; the oldest first."""
    early, late = START + timedelta(minutes=1), START + timedelta(minutes=90)
    async with database.write() as tx:
        await store.add(tx, session(3))
        await store.add(tx, session(1).closed(early, "asked"))
        await store.add(tx, session(2).closed(late, "asked"))
        await store.add(tx, session(4, "b"))
    async with database.read() as tx:
        listed = await store.of_centre(tx, "a", START + timedelta(minutes=30))
    assert [one.session_id for one in listed] == ["lsn_2", "lsn_3"]


async def test_what_is_left_to_do_is_found_in_every_centre(
    database: Database, store: ListeningStore
) -> None:
    """A closed one counts while its room may exist or somebody's listening is not written down."""
    done = replace(session(1).closed(START, "asked"), room_gone=True)
    async with database.write() as tx:
        await store.add(tx, done)
        await store.add(tx, session(2, "b"))
        await store.add(tx, session(3).closed(START, "asked"))
        await store.add(tx, replace(done, session_id="lsn_4", room="ls_4", heard=((0, 5),)))
    async with database.write() as tx:
        left = await store.unfinished(tx)
        assert [one.session_id for one in left] == ["lsn_4", "lsn_2", "lsn_3"]
        await store.save(tx, replace(session(3).closed(START, "asked"), room_gone=True))
        assert [one.session_id for one in await store.unfinished(tx)] == ["lsn_4", "lsn_2"]
