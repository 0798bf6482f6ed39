"""What speech promises of its store, on memory, SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from ringdown.runtime.db import Database
from ringdown.speech.fakes import MemoryTranscriptStore
from ringdown.speech.model.utterance import LegRef, UtteranceView
from ringdown.speech.model.words import WordView
from ringdown.speech.ports import LegCursor, TranscriptStore
from ringdown.speech.store import SqlTranscriptStore


@pytest.fixture
def store(database: Database) -> TranscriptStore:
    return MemoryTranscriptStore() if database.dialect == "memory" else SqlTranscriptStore()


def leg(name: str = "leg_1", centre: str = "a", call: str = "call_1") -> LegRef:
    return LegRef(
        centre_id=centre,
        call_id=call,
        leg_id=name,
        side="caller",
        start_ms=1200,
        folders=("/r/a/call_1", "/spare/a/call_1"),
    )


def utterance(name: str, start_ms: int = 0, call: str = "call_1") -> UtteranceView:
    word = WordView(
        word="Où?",
        start_ms=start_ms,
        end_ms=start_ms + 300,
        confidence=0.625,
        timing_estimated=True,
        doubtful=True,
    )
    return UtteranceView(
        utterance_id=name,
        call_id=call,
        leg_id="leg_1",
        side="caller",
        start_ms=start_ms,
        end_ms=start_ms + 400,
        text="Où?",
        revision=7,
        engine="counting",
        doubtful=False,
        words=(word,),
    )


async def test_an_utterance_comes_back_as_it_was_kept(
    database: Database, store: TranscriptStore
) -> None:
    """Words, times and doubts survive the store."""
    async with database.write() as tx:
        assert await store.add(tx, "a", utterance("utt_1", 1500))
    async with database.read() as tx:
        assert await store.utterances(tx, "a", "call_1") == [utterance("utt_1", 1500)]


async def test_the_same_utterance_is_kept_once(database: Database, store: TranscriptStore) -> None:
    """A repeat after a crash doubles nothing."""
    async with database.write() as tx:
        assert await store.add(tx, "a", utterance("utt_1"))
        assert not await store.add(tx, "a", utterance("utt_1", 99))
    async with database.write() as tx:
        assert not await store.add(tx, "a", utterance("utt_1"))
    async with database.read() as tx:
        assert await store.utterances(tx, "a", "call_1") == [utterance("utt_1")]


async def test_reading_on_misses_nothing_kept_later(
    database: Database, store: TranscriptStore
) -> None:
    """The order is that of keeping, whatever the times of the words are."""
    async with database.write() as tx:
        for name, start in (("utt_z", 500), ("utt_a", 100), ("utt_m", 300)):
            await store.add(tx, "a", utterance(name, start))
        await store.add(tx, "a", utterance("utt_other", call="call_2"))
    async with database.read() as tx:
        after = await store.utterances(tx, "a", "call_1", after="utt_z")
        assert [u.utterance_id for u in after or []] == ["utt_a", "utt_m"]
        assert await store.utterances(tx, "a", "call_1", after="utt_m") == []


async def test_an_unknown_place_in_the_transcript_is_told_apart(
    database: Database, store: TranscriptStore
) -> None:
    """Also when it is an utterance of another call."""
    async with database.write() as tx:
        await store.add(tx, "a", utterance("utt_1"))
        await store.add(tx, "a", utterance("utt_2", call="call_2"))
    async with database.read() as tx:
        assert await store.utterances(tx, "a", "call_1", after="utt_9") is None
        assert await store.utterances(tx, "a", "call_1", after="utt_2") is None


async def test_a_centre_sees_only_its_own_words(database: Database, store: TranscriptStore) -> None:
    """Another centre's transcript looks like an empty one."""
    async with database.write() as tx:
        await store.add(tx, "a", utterance("utt_1"))
        await store.follow(tx, leg())
    async with database.read() as tx:
        assert await store.utterances(tx, "b", "call_1") == []
        assert await store.utterances(tx, "b", "call_1", after="utt_1") is None
        assert await store.cursor(tx, "b", "leg_1") is None


async def test_a_leg_is_followed_from_its_beginning_once(
    database: Database, store: TranscriptStore
) -> None:
    """Hearing of a leg again does not send its cursor back."""
    async with database.write() as tx:
        assert await store.follow(tx, leg())
        await store.save(tx, LegCursor(leg(), 512, ended=True))
        assert not await store.follow(tx, leg())
    async with database.read() as tx:
        assert await store.cursor(tx, "a", "leg_1") == LegCursor(leg(), 512, ended=True)
        assert await store.cursor(tx, "a", "leg_2") is None


async def test_another_centre_cannot_move_a_cursor(
    database: Database, store: TranscriptStore
) -> None:
    """The tenant is part of every change."""
    async with database.write() as tx:
        await store.follow(tx, leg())
        await store.save(tx, LegCursor(leg(centre="b"), 9999))
    async with database.read() as tx:
        assert await store.cursor(tx, "a", "leg_1") == LegCursor(leg())


async def test_legs_not_finished_are_found_at_start(
    database: Database, store: TranscriptStore
) -> None:
    """Those of every centre, ended or not, until they are closed."""
    async with database.write() as tx:
        for one in (leg("leg_1"), leg("leg_2", "b"), leg("leg_3")):
            await store.follow(tx, one)
        await store.save(tx, LegCursor(leg("leg_2", "b"), 256, ended=True))
        await store.save(tx, LegCursor(leg("leg_3"), 512, ended=True, closed=True))
    async with database.read() as tx:
        found = await store.open_cursors(tx)
    assert found == [LegCursor(leg("leg_1")), LegCursor(leg("leg_2", "b"), 256, ended=True)]


async def test_a_failed_transaction_leaves_no_trace(
    database: Database, store: TranscriptStore
) -> None:
    """Words and cursor are kept together or not at all."""
    async with database.write() as tx:
        await store.follow(tx, leg())
    with pytest.raises(RuntimeError, match="crash"):
        async with database.write() as tx:
            await store.add(tx, "a", utterance("utt_1"))
            await store.save(tx, replace(LegCursor(leg()), through_sample=512))
            raise RuntimeError("crash")
    async with database.read() as tx:
        assert await store.utterances(tx, "a", "call_1") == []
        assert await store.cursor(tx, "a", "leg_1") == LegCursor(leg())
