"""The lane, in virtual time with scripted workers: deaths, hangs, cursors and the lamp."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from ringdown.core.errors import Unavailable
from ringdown.core.events import Value
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.telemetry import Metrics
from ringdown.speech.events import ChannelChanged
from ringdown.speech.lane import SpeechLane
from ringdown.speech.model.protocol import (
    Channel,
    Done,
    Drop,
    End,
    Final,
    Follow,
    Heartbeat,
    Listened,
    Partial,
    Progress,
    Ready,
    Trouble,
    decode_order,
    encode,
)
from ringdown.speech.model.utterance import LegRef, ToneView
from ringdown.speech.settings import SpeechSettings
from ringdown.testing.clock import START
from ringdown.testing.loop import VirtualLoop

from .test_transcript_service import Desk, said


class LoopClock:
    """The virtual loop's time as a clock."""

    def now(self):
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass
class FakeWorker:
    """A worker that does what the test says."""

    number: int
    pid: int
    orders: list[Value] = field(default_factory=list)
    reports: asyncio.Queue = field(default_factory=asyncio.Queue)
    killed: bool = False
    beating: bool = True

    async def send(self, line: bytes) -> None:
        self.orders.append(decode_order(line))

    async def lines(self) -> AsyncIterator[bytes]:
        while (line := await self.reports.get()) is not None:
            yield line

    def tell(self, report: Value) -> None:
        self.reports.put_nowait(encode(report))

    def kill(self) -> None:
        self.killed = True
        self.reports.put_nowait(None)

    async def close(self) -> None:
        self.kill()

    async def beat(self) -> None:
        while not self.killed:
            if self.beating:
                self.tell(Heartbeat(lag_ms=0, legs=0, shed=0))
            await asyncio.sleep(0.3)

    def followed(self) -> list[tuple[str, int]]:
        return [(o.leg.leg_id, o.from_sample) for o in self.orders if isinstance(o, Follow)]


class Theatre(Desk):
    """A lane on a memory database, whose workers are ours."""

    def __init__(self, tasks: Tasks, workers: int = 1, *, ready: bool = True) -> None:
        super().__init__()
        self.tasks = tasks
        self.started: list[FakeWorker] = []
        self.ready = ready
        self.signals: list[object] = []
        self.lamps = Lamps(LoopClock(), self)
        settings = SpeechSettings(workers=workers)
        self.lane = SpeechLane(
            self.service, self.start, self.lamps, LoopClock(), settings, Metrics()
        )

    def signal(self, signal: object) -> None:
        self.signals.append(signal)

    async def start(self, number: int) -> FakeWorker:
        worker = FakeWorker(number, 1000 + len(self.started))
        self.started.append(worker)
        self.tasks.spawn("beat", worker.beat())
        if self.ready:
            worker.tell(Ready(engine="counting"))
        return worker

    def run(self) -> None:
        self.tasks.spawn("lane", self.lane.run())

    def lamp(self) -> tuple[str, str]:
        lamp = self.lamps.get("speech")
        assert lamp is not None
        return lamp.state, lamp.text


def leg(name: str = "leg_1", call: str = "call_1") -> LegRef:
    return LegRef(
        centre_id="a", call_id=call, leg_id=name, side="caller", start_ms=0, folders=("/r",)
    )


def final(number: int, through: int) -> Final:
    return Final(
        utterance=said(number), through_sample=through, engine_ms=5,
        heard_at="2026-03-01T03:00:00.000Z", ready_at="2026-03-01T03:00:00.100Z",
    )  # fmt: skip


def play(scene: Callable[[Tasks], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        async with Tasks() as tasks:
            await scene(tasks)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())


def test_a_leg_is_followed_and_its_words_are_kept() -> None:
    """The plain way: opened, heard, ended, done."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(0.1)
        (worker,) = theatre.started
        assert worker.followed() == [("leg_1", 0)]
        worker.tell(final(1, 8000))
        await theatre.lane.end("a", "leg_1")
        await asyncio.sleep(0.1)
        assert worker.orders[-1] == End(leg_id="leg_1")
        worker.tell(Done(leg_id="leg_1"))
        await asyncio.sleep(0.1)
        assert await theatre.told() == ["utt_1"]
        assert await theatre.service.open_legs() == []
        assert theatre.lamp() == ("ok", "Calls are turned into words as people speak.")

    play(scene)


def test_a_worker_that_dies_is_replaced_and_goes_on_at_the_cursor() -> None:
    """No word is lost or doubled, and the lamp says what to do."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(0.1)
        theatre.started[0].tell(final(1, 24_000))
        await asyncio.sleep(0.1)
        theatre.ready = False
        theatre.started[0].kill()
        await asyncio.sleep(0.2)
        assert theatre.lamp() == ("down", "No transcript since 0:03. Keep taking notes.")
        theatre.started[1].tell(Ready(engine="counting"))
        await asyncio.sleep(0.1)
        assert theatre.started[1].followed() == [("leg_1", 24_000)]
        assert theatre.lamp()[0] == "ok"
        theatre.started[1].tell(final(1, 24_000))
        theatre.started[1].tell(final(2, 40_000))
        await asyncio.sleep(0.1)
        assert await theatre.told() == ["utt_1", "utt_2"]

    play(scene)


def test_a_worker_that_hangs_is_killed_within_two_seconds() -> None:
    """A stopped process looks alive to the operating system, but not to us."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(1)
        theatre.ready = False
        theatre.started[0].beating = False
        await asyncio.sleep(2)
        assert theatre.started[0].killed
        assert len(theatre.started) == 2
        assert theatre.lamp()[0] == "down"

    play(scene)


def test_a_busy_worker_is_left_alone() -> None:
    """As long as it beats, it is not replaced."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await asyncio.sleep(120)
        assert len(theatre.started) == 1

    play(scene)


def test_a_worker_that_never_gets_ready_is_replaced() -> None:
    """Loading the model may hang too."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, ready=False)
        theatre.run()
        await asyncio.sleep(0.1)
        theatre.started[0].beating = False
        assert theatre.lamp() == ("working", "Speech recognition is starting.")
        await asyncio.sleep(31)
        assert theatre.started[0].killed
        assert len(theatre.started) == 2

    play(scene)


def test_legs_are_spread_and_move_to_a_worker_that_lives() -> None:
    """With two workers a death costs nobody the wait for a new one."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, workers=2)
        theatre.run()
        await asyncio.sleep(0.1)
        for number in range(4):
            await theatre.lane.follow(leg(f"leg_{number}"))
        first, second = theatre.started
        assert len(first.followed()) == len(second.followed()) == 2
        theatre.ready = False
        first.kill()
        await asyncio.sleep(0.2)
        assert len(second.followed()) == 4
        assert theatre.lamp() == ("warn", "Part of speech recognition is starting again.")

    play(scene)


def test_a_late_report_of_a_worker_that_lost_the_leg_counts_for_nothing() -> None:
    """Only one worker speaks for a leg."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks, workers=2)
        theatre.run()
        await asyncio.sleep(0.1)
        await theatre.lane.follow(leg())
        theatre.started[1].tell(final(1, 8000))
        theatre.started[1].tell(Partial(utterance=said(1)))
        theatre.started[1].tell(Done(leg_id="leg_1"))
        await asyncio.sleep(0.1)
        assert await theatre.told() == []
        assert len(await theatre.service.open_legs()) == 1

    play(scene)


def test_a_server_that_starts_again_takes_up_what_is_unfinished() -> None:
    """Legs come from the store, with the cursor they had and whether they had ended."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        await theatre.service.follow(leg("leg_1"))
        await theatre.service.advance("a", "leg_1", through_sample=16_000)
        await theatre.service.follow(leg("leg_2"))
        await theatre.service.advance("a", "leg_2", ended=True)
        await theatre.service.follow(leg("leg_3"))
        await theatre.service.advance("a", "leg_3", closed=True)
        theatre.run()
        await asyncio.sleep(0.1)
        (worker,) = theatre.started
        assert worker.followed() == [("leg_1", 16_000), ("leg_2", 0)]
        assert [o for o in worker.orders if isinstance(o, End)] == [End(leg_id="leg_2")]

    play(scene)


def test_news_of_a_leg_told_twice_changes_nothing() -> None:
    """Facts come at least once, also long after the leg was done."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await asyncio.sleep(0.1)
        await theatre.lane.follow(leg())
        await theatre.lane.follow(leg())
        (worker,) = theatre.started
        worker.tell(Done(leg_id="leg_1"))
        await asyncio.sleep(0.1)
        await theatre.lane.follow(leg())
        await theatre.lane.end("a", "leg_1")
        await theatre.lane.end("a", "leg_unknown")
        assert worker.followed() == [("leg_1", 0)]

    play(scene)


def test_words_wait_for_a_database_that_is_down() -> None:
    """They are stored when it answers again, in order, and the lamp says so meanwhile."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(0.1)
        finalise, down = theatre.service.finalise, [True]

        async def failing(*given: Any) -> Any:
            if down[0]:
                raise Unavailable("no database")
            return await finalise(*given)

        theatre.service.finalise = failing  # type: ignore[method-assign]
        theatre.started[0].tell(final(1, 8000))
        theatre.started[0].tell(final(2, 16_000))
        await asyncio.sleep(4)
        assert theatre.lamp()[0] == "down"
        assert len(theatre.started) == 1
        down[0] = False
        await asyncio.sleep(1)
        assert await theatre.told() == ["utt_1", "utt_2"]
        assert theatre.lamp()[0] == "ok"

    play(scene)


def test_long_silence_moves_the_stored_cursor_now_and_then() -> None:
    """Not at every step, since listening to silence again costs little."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(0.1)
        for seconds in (2, 4, 6):
            theatre.started[0].tell(Progress(leg_id="leg_1", through_sample=seconds * 8000))
        await asyncio.sleep(0.1)
        assert (await theatre.service.follow(leg())).through_sample == 0
        theatre.started[0].tell(Progress(leg_id="leg_1", through_sample=12 * 8000))
        await asyncio.sleep(0.1)
        assert (await theatre.service.follow(leg())).through_sample == 12 * 8000

    play(scene)


@pytest.mark.parametrize(
    ("report", "state", "text"),
    [
        (Heartbeat(lag_ms=12_400, legs=1, shed=0), "warn",
         "Words are 12 s late."),
        (Trouble(leg_id="leg_1", code="speech.engine_failed", from_sample=0), "warn",
         "Part of a call could not be turned into words. Listen to it again."),
    ],
)  # fmt: skip
def test_the_lamp_says_what_a_worker_reports(report: Value, state: str, text: str) -> None:
    """In plain words, with what to do."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await asyncio.sleep(0.05)
        theatre.started[0].beating = False
        theatre.started[0].tell(report)
        await asyncio.sleep(0.35)
        assert theatre.lamp() == (state, text)

    play(scene)


def test_a_line_that_cannot_be_read_costs_the_worker_its_life() -> None:
    """A worker that writes nonsense is not to be relied on."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await asyncio.sleep(0.1)
        theatre.started[0].reports.put_nowait(b"nonsense\n")
        await asyncio.sleep(0.3)
        assert theatre.started[0].killed
        assert len(theatre.started) == 2

    play(scene)


def test_words_of_a_leg_closed_meanwhile_are_dropped() -> None:
    """The store has the last word, and the worker is told."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(0.1)
        await theatre.service.advance("a", "leg_1", closed=True)
        theatre.started[0].tell(final(1, 8000))
        await asyncio.sleep(0.1)
        assert theatre.started[0].orders[-1] == Drop(leg_id="leg_1")
        assert await theatre.told() == []

    play(scene)


def channel(lag_ms: int = 0, mode: str = "live") -> Heartbeat:
    one = Channel(leg_id="leg_1", lag_ms=lag_ms, mode=mode)  # type: ignore[arg-type]
    return Heartbeat(lag_ms=lag_ms, legs=1, shed=0, channels=(one,), engine="counting")


def test_how_closely_a_leg_is_followed_is_told_when_it_changes() -> None:
    """At once when it is taken up, then at most every second, and only what is new."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        seen: list[tuple[int, str]] = []
        theatre.bus.on_signal(
            ChannelChanged, lambda one: seen.append((one.channel.lag_ms, one.channel.mode))
        )
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(1)
        (worker,) = theatre.started
        worker.beating = False
        for beat in (channel(), channel(300), channel(5000, "no_partials")):
            worker.tell(beat)
            await asyncio.sleep(0.1)
        assert seen == [(0, "live")]
        await asyncio.sleep(1)
        worker.tell(channel(6100, "no_partials"))
        await asyncio.sleep(0.2)
        assert seen == [(0, "live"), (6100, "no_partials")]
        assert theatre.lamp() == ("warn", "Words are 6 s late on 1 call; partials are off.")

    play(scene)


def test_tones_are_told_once_and_the_leg_is_written_down_when_it_is_done() -> None:
    """With the cursor that passes them, so that a repeat tells nothing again."""

    async def scene(tasks: Tasks) -> None:
        theatre = Theatre(tasks)
        theatre.run()
        await theatre.lane.follow(leg())
        await asyncio.sleep(0.1)
        (worker,) = theatre.started
        tone = ToneView(
            leg_id="leg_1", side="caller", tone="dtmf", digits="5", start_ms=100, end_ms=200
        )
        listened = Listened(engine="counting", from_ms=0, to_ms=900, words=2, sent_to=("far",))
        report = Progress(leg_id="leg_1", through_sample=8000, tones=(tone,), listened=listened)
        worker.tell(report)
        worker.tell(report)
        worker.tell(Done(leg_id="leg_1"))
        await asyncio.sleep(0.1)
        async with theatre.db.read() as tx:
            told = [one.record.fact for one in await theatre.facts.since(tx, "a", 0)]
            rows = await theatre.audit.rows(tx, "a", after=0, limit=10)
        assert [fact.digits for fact in told] == ["5"]
        assert [(row.tag, row.subject) for row in rows] == [("speech:leg:heard", "leg_1")]
        assert rows[0].details["spans"] == [listened.model_dump(mode="json")]

    play(scene)
