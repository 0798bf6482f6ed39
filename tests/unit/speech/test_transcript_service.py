"""The transcript: words, cursor and fact together, once, and only for its own centre."""

import pytest

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal
from ringdown.runtime.bus import MemoryBus, MemoryCursorStore
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore
from ringdown.speech import events
from ringdown.speech.events import UtterancePartial
from ringdown.speech.fakes import MemoryTranscriptStore
from ringdown.speech.model.utterance import LegRef, UtteranceView
from ringdown.speech.service import TranscriptService, UtteranceUnknown
from ringdown.testing.clock import CountingIds, ManualClock

LEG = LegRef(
    centre_id="a", call_id="call_1", leg_id="leg_1", side="caller", start_ms=0, folders=("/r",)
)
DANA = Principal("user", "user_1", "Dana", "a", frozenset({"calls:read"}))


class KnownCalls:
    """One call of one centre."""

    async def read(self, tx, centre_id: str, call_id: str) -> object:
        if (centre_id, call_id) != ("a", "call_1"):
            raise NotFound("no such call")
        return call_id


class Desk:
    def __init__(self) -> None:
        self.db = MemoryDatabase()
        clock = ManualClock()
        self.facts = Facts(MemoryFactStore(), clock, CountingIds(), events.FACTS)
        self.bus = MemoryBus(self.db, self.facts, MemoryCursorStore(), clock)
        self.store = MemoryTranscriptStore()
        self.audit = MemoryAuditStore()
        log = AuditLog(self.audit, clock)
        self.service = TranscriptService(
            self.db, self.store, self.facts, self.bus, KnownCalls(), log
        )

    async def told(self) -> list[str]:
        async with self.db.read() as tx:
            stored = await self.facts.since(tx, "a", 0)
        return [one.record.fact.utterance.utterance_id for one in stored]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def said(number: int, start_ms: int | None = None) -> UtteranceView:
    start = number * 1000 if start_ms is None else start_ms
    return UtteranceView(
        utterance_id=f"utt_{number}", call_id="call_1", leg_id="leg_1", side="caller",
        start_ms=start, end_ms=start + 500, text=f"word{number}", revision=1,
        engine="counting", doubtful=False, words=(),
    )  # fmt: skip


async def test_final_words_are_kept_and_told_once(desk: Desk) -> None:
    """A worker that repeats itself after a crash changes nothing."""
    await desk.service.follow(LEG)
    first = await desk.service.finalise("a", said(1), 8000)
    again = await desk.service.finalise("a", said(1), 8000)
    assert first == again
    assert first is not None
    assert first.through_sample == 8000
    assert await desk.told() == ["utt_1"]


async def test_what_lies_before_the_cursor_is_not_taken_again(desk: Desk) -> None:
    """Words cut differently the second time do not double those already told."""
    await desk.service.follow(LEG)
    await desk.service.finalise("a", said(2), 24_000)
    await desk.service.finalise("a", said(1), 20_000)
    assert await desk.told() == ["utt_2"]


async def test_words_of_an_unknown_or_closed_leg_are_not_taken(desk: Desk) -> None:
    """Nothing is written about a leg that nobody follows."""
    assert await desk.service.finalise("a", said(1), 8000) is None
    await desk.service.follow(LEG)
    await desk.service.advance("a", "leg_1", closed=True)
    cursor = await desk.service.finalise("a", said(1), 8000)
    assert cursor is not None
    assert cursor.closed
    assert await desk.told() == []


async def test_following_again_keeps_the_cursor(desk: Desk) -> None:
    """The server was started again."""
    await desk.service.follow(LEG)
    await desk.service.finalise("a", said(1), 8000)
    assert (await desk.service.follow(LEG)).through_sample == 8000


async def test_a_cursor_never_moves_back(desk: Desk) -> None:
    """Late progress is of no consequence."""
    await desk.service.follow(LEG)
    await desk.service.advance("a", "leg_1", through_sample=9000)
    cursor = await desk.service.advance("a", "leg_1", through_sample=100, ended=True)
    assert cursor is not None
    assert (cursor.through_sample, cursor.ended) == (9000, True)


async def test_only_unfinished_legs_are_taken_up_again(desk: Desk) -> None:
    """At the start of the server."""
    await desk.service.follow(LEG)
    assert [one.leg for one in await desk.service.open_legs()] == [LEG]
    await desk.service.advance("a", "leg_1", closed=True)
    assert await desk.service.open_legs() == []


async def test_the_transcript_reads_by_time_and_goes_on_by_arrival(desk: Desk) -> None:
    """Sides are finalised side by side; reading on misses nothing that came late."""
    await desk.service.follow(LEG)
    await desk.service.finalise("a", said(1, 5000), 8000)
    await desk.service.finalise("a", said(2, 1000), 16_000)
    view = await desk.service.read(DANA, "call_1")
    assert [u.utterance_id for u in view.utterances] == ["utt_2", "utt_1"]
    assert view.next == "utt_2"
    await desk.service.finalise("a", said(3, 3000), 24_000)
    later = await desk.service.read(DANA, "call_1", after=view.next)
    assert [u.utterance_id for u in later.utterances] == ["utt_3"]
    nothing = await desk.service.read(DANA, "call_1", after=later.next)
    assert (nothing.utterances, nothing.next) == ((), "utt_3")


async def test_a_wrong_place_and_another_centres_call_are_not_found(desk: Desk) -> None:
    """Both look like something that does not exist."""
    with pytest.raises(UtteranceUnknown):
        await desk.service.read(DANA, "call_1", after="utt_9")
    with pytest.raises(NotFound):
        await desk.service.read(DANA, "call_2")


async def test_partials_are_told_and_never_kept(desk: Desk) -> None:
    """They are worth having only now."""
    heard: list[UtterancePartial] = []
    desk.bus.on_signal(UtterancePartial, heard.append)
    await desk.service.follow(LEG)
    desk.service.show("a", said(1))
    assert [one.utterance for one in heard] == [said(1)]
    assert (await desk.service.read(DANA, "call_1")).utterances == ()


async def test_silence_is_known_once_no_more_words_can_come(desk: Desk) -> None:
    """Of every leg that is asked about; words on another leg are somebody else's."""
    other = LEG.model_copy(update={"leg_id": "leg_2", "side": "call_taker"})

    async def silent(*legs: str) -> bool | None:
        async with desk.db.read() as tx:
            return await desk.service.silent_in(tx, "a", "call_1", legs)

    assert await silent("leg_1") is None
    await desk.service.follow(LEG)
    await desk.service.follow(other)
    await desk.service.finalise("a", said(1), 8000)
    await desk.service.advance("a", "leg_2", closed=True)
    assert (await silent("leg_2"), await silent("leg_1", "leg_2")) == (True, None)
    await desk.service.advance("a", "leg_1", closed=True)
    assert (await silent("leg_1"), await silent("leg_2", "leg_1")) == (False, False)
