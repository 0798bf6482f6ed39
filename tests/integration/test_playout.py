"""What listeners hear, by content, through the real media server and a real worker process."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.playout_stage import (
    RATE,
    Listener,
    Recording,
    WorkerProcess,
    caller_hz,
    delete_room,
    demo_call,
    levels,
    make_room,
    media_server,
    run_ms,
    soon,
    taker_hz,
    token,
    tones,
    worker,
)

from ringdown.listening.model.protocol import (
    Close,
    Closed,
    Failed,
    Gains,
    Heard,
    Joined,
    Left,
    Opened,
    Restore,
    State,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with media_server(tmp_path_factory.mktemp("media")) as address:
        yield address


class Stage:
    """Rooms, sessions and listeners of one test."""

    def __init__(self, url: str, process: WorkerProcess, folder: Path) -> None:
        self.url = url
        self.worker = process
        self.folder = folder
        self.listeners: list[Listener] = []
        self._room = f"{folder.name}_"

    def room(self, session: str) -> str:
        return self._room + session

    async def open(self, call: Recording, session: str, **more: object) -> None:
        room = self.room(session)
        await make_room(self.url, room)
        jwt = token(room, f"wrk_{session}", publishes=True)
        opened = len(self.worker.of(Opened, session))
        self.worker.order(call.open(session, jwt, self.url, **more))
        await soon(lambda: len(self.worker.of(Opened, session)) > opened)

    async def join(self, session: str, identity: str | None = None) -> Listener:
        listener = Listener()
        self.listeners.append(listener)
        jwt = token(self.room(session), identity or f"lst_{session}")
        await listener.join(self.url, jwt)
        if identity is None:
            await soon(lambda: listener.told and listener.tracks)
        return listener

    async def listen(self, call: Recording, session: str, **more: object) -> Listener:
        await self.open(call, session, **more)
        return await self.join(session)


@pytest.fixture
async def stage(url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with worker() as process:
        made = Stage(url, process, tmp_path)
        try:
            yield made
        finally:
            for listener in made.listeners:
                await listener.leave()


async def test_a_scrub_plays_the_very_place(stage: Stage) -> None:
    """Scrub to 61 250 ms: the tone of that second for the quarter second that is left of it."""
    listener = await stage.listen(demo_call(stage.folder), "one")
    assert listener.tracks == ["call"]
    assert listener.told[0] == {
        "kind": "status",
        "position": 0,
        "duration": 90_000,
        "paused": True,
        "atEnd": False,
        "callOver": True,
    }
    await listener.send(cmd="scrub", position=20_500)
    await soon(lambda: listener.status["position"] == 20_500)
    assert listener.status["paused"]
    await listener.send(cmd="resume")
    await listener.hears(caller_hz(21))
    await listener.hears(caller_hz(22))  # by now the client's jitter buffer has settled
    assert abs(await length_after_scrub(listener, 61_250) - 250) <= 40
    both = levels(listener.audio, taker_hz(61))
    assert float(both.max()) > 3000


async def length_after_scrub(listener: Listener, position: int) -> int:
    """How long the second's tone is heard from there on, in ms: the middle one of five scrubs, for
    a busy machine stretches or shortens one now and then."""
    second = position // 1000
    found = []
    for _ in range(5):
        since = len(listener.audio)
        await listener.send(cmd="scrub", position=position)
        start = await listener.hears(caller_hz(second), since)
        await listener.hears(caller_hz(second + 1), start)
        found.append(run_ms(listener.audio, start, caller_hz(second)))
    return sorted(found)[2]


async def test_a_scrub_while_playing_leaves_the_old_place_at_once(stage: Stage) -> None:
    """From the middle of one second to the beginning of another, on the lossy channel too."""
    listener = await stage.listen(demo_call(stage.folder), "one")
    await listener.send(cmd="resume")
    await listener.hears(caller_hz(3))
    await listener.send(cmd="scrub", position=61_000, reliable=False)
    start = await listener.hears(caller_hz(61))
    await listener.hears(caller_hz(62), start)
    assert float(levels(listener.audio[start + RATE // 10 :], caller_hz(3)).max()) < 1000
    await soon(lambda: listener.status["position"] > 62_000)
    assert listener.status["paused"] is False
    assert abs(await length_after_scrub(listener, 61_000) - 500) <= 40


async def test_the_callers_gain_moves_only_the_caller(stage: Stage) -> None:
    """20 dB down on one side: a tenth of it, and the other side as it was."""
    listener = await stage.listen(demo_call(stage.folder), "one")
    await listener.send(cmd="resume")
    start = await listener.hears(caller_hz(2))
    await listener.hears(caller_hz(3), start)
    loud = float(levels(listener.audio[start : start + RATE // 2], caller_hz(2)).max())
    await listener.send(cmd="set-gain", gain=-20, callerType="CALLER")
    since = len(listener.audio)
    await listener.send(cmd="scrub", position=45_000)
    start = await listener.hears(taker_hz(45), since)
    await listener.hears(taker_hz(46), start)
    piece = listener.audio[start : start + RATE // 2]
    assert float(levels(piece, taker_hz(45)).max()) == pytest.approx(loud, rel=0.3)
    assert float(levels(piece, caller_hz(45)).max()) == pytest.approx(loud / 10, rel=0.4)


async def test_a_pause_is_silent_and_keeps_the_place(stage: Stage) -> None:
    """The track stays; not a sound; then it goes on where it stopped."""
    listener = await stage.listen(demo_call(stage.folder), "one")
    await listener.send(cmd="resume")
    await listener.hears(caller_hz(2))
    told = await listener.ask(cmd="pause")
    place, since = told["position"], len(listener.audio)
    await soon(lambda: len(listener.audio) - since > 3 * RATE)
    assert int(np.abs(listener.audio[since + RATE // 2 :].astype(np.int32)).max()) < 60
    assert listener.status["position"] == place
    await listener.ask(cmd="resume")
    third = await listener.hears(caller_hz(3), since)
    assert listener.tracks == ["call"]
    assert float(levels(listener.audio[: third + RATE // 10], caller_hz(4)).max()) < 1000


async def test_one_listeners_scrub_changes_nothing_for_another(stage: Stage) -> None:
    """While A scrubs about, B hears second after second, each half a second long."""
    call = demo_call(stage.folder)
    a, b = await stage.listen(call, "a"), await stage.listen(call, "b")
    await a.send(cmd="resume")
    await b.send(cmd="resume")
    start = await b.hears(caller_hz(1))
    for position in (61_000, 30_000, 80_000, 5000):
        await a.send(cmd="scrub", position=position)
        await a.hears(caller_hz(position // 1000))
    starts = [start]
    for second in range(2, 6):
        starts.append(await b.hears(caller_hz(second), starts[-1]))
    assert abs(float(np.median(np.diff(starts))) / RATE - 1) < 0.04
    assert float(levels(b.audio, caller_hz(61)).max()) < 1000


async def test_the_live_edge_follows_a_growing_recording(stage: Stage) -> None:
    """Two listeners hear what is recorded while it grows; at its end they are paused there."""
    call = Recording(stage.folder)
    call.write("caller", tones(0, 5, caller_hz), growing=True)
    call.write("call_taker", bytes([0xFF]) * 5 * 8000, growing=True)
    over = threading.Event()
    growing = asyncio.ensure_future(asyncio.to_thread(grow, call, over))
    a, b = await stage.listen(call, "a"), await stage.listen(call, "b", autoplay=True)
    assert not a.status["paused"]
    assert a.status["atEnd"]
    second = a.status["duration"] // 1000 + 1
    start = await a.hears(caller_hz(second))
    after = await a.hears(caller_hz(second + 1), start)
    await b.hears(caller_hz(second + 1))
    assert abs((after - start) / RATE - 1) < 0.3
    assert 300 <= run_ms(a.audio, start, caller_hz(second)) <= 700
    behind = a.status["duration"] - a.status["position"]
    assert behind <= 1000
    over.set()
    await growing
    stage.worker.order(call.over())
    await soon(lambda: a.status["callOver"] and a.status["paused"])
    assert a.status["position"] == a.status["duration"]
    assert a.status["atEnd"]


def grow(call: Recording, over: threading.Event) -> None:
    """The recording goes on from its fifth second in real time, in pieces of 40 ms.

    In a thread of its own: what the listeners heard is looked at meanwhile, which takes time.
    """
    audio = tones(5, 40, caller_hz)
    began, sent = time.monotonic(), 0
    while sent < len(audio) and not over.wait(0.02):
        due = min(int((time.monotonic() - began) / 0.04) * 320, len(audio))
        call.grow(audio[sent:due])
        sent = due


async def test_nothing_is_played_before_resume_and_the_start_is_not_missed(stage: Stage) -> None:
    """`autoplay: false` on a live call: paused at 0, then from the first sample on."""
    call = Recording(stage.folder)
    call.write("caller", tones(0, 20, caller_hz), growing=True)
    listener = await stage.listen(call, "one", autoplay=False)
    assert (listener.status["position"], listener.status["paused"]) == (0, True)
    assert listener.status["callOver"] is False
    await listener.send(cmd="resume")
    start = await listener.hears(caller_hz(0))
    await listener.hears(caller_hz(1), start)
    # At the first sound the client's jitter buffer may shorten what it plays.
    assert 400 <= run_ms(listener.audio, start, caller_hz(0)) <= 560
    assert not listener.status["atEnd"]


async def test_who_comes_back_finds_everything_as_it_was(stage: Stage) -> None:
    """Place, pause and gains of the same identity, and what was heard is told."""
    listener = await stage.listen(demo_call(stage.folder), "one")
    await listener.send(cmd="set-gain", gain=-20, callerType="callTaker")
    await listener.send(cmd="scrub", position=30_000)
    await listener.send(cmd="resume")
    await listener.hears(caller_hz(31))
    told = await listener.ask(cmd="pause")
    await listener.leave()
    await soon(lambda: stage.worker.of(Left, "one"))
    again = await stage.join("one")
    assert (again.status["position"], again.status["paused"]) == (told["position"], True)
    assert len(stage.worker.of(Joined, "one")) == 2
    assert stage.worker.of(State, "one")[-1].gains == Gains(call_taker=-20)
    (stretch,) = [s for h in stage.worker.of(Heard, "one") for s in h.stretches][-1:]
    assert stretch[1] == told["position"]


async def test_bad_packets_are_answered_to_the_sender_and_change_nothing(stage: Stage) -> None:
    """Each with its code; another topic is not read; a flood is cut to the rate."""
    listener = await stage.listen(demo_call(stage.folder), "one")
    await listener.send(cmd="scrub", position=5, topic="chat")
    await listener.send(cmd="rewind")
    await listener.send(cmd="scrub")
    await listener.room.local_participant.publish_data(b"x" * 14_000, reliable=True)
    await soon(lambda: len(errors(listener)) == 3)
    assert [e["code"] for e in errors(listener)] == [
        "unknown_command",
        "invalid_position",
        "bad_message",
    ]
    for _ in range(100):
        await listener.send(cmd="scrub", position=7)
    limited = await soon(lambda: [e for e in errors(listener) if e["code"] == "rate_limited"])
    assert limited[0]["kind"] == "error"
    assert listener.status["position"] == 7
    assert all(len(t) == 6 for t in listener.told if t["kind"] == "status")


def errors(listener: Listener) -> list[dict[str, object]]:
    return [t for t in listener.told if t["kind"] == "error"]


async def test_only_the_listener_is_listened_to(stage: Stage) -> None:
    """Somebody else in the room commands nothing and is told nothing."""
    call = demo_call(stage.folder)
    await stage.open(call, "one")
    other = await stage.join("one", "lst_other")
    await other.send(cmd="scrub", position=5000)
    await other.send(cmd="resume")
    await other.leave()
    listener = await stage.join("one")
    assert (listener.status["position"], listener.status["paused"]) == (0, True)
    assert other.told == []


async def test_a_session_goes_on_in_another_worker(stage: Stage) -> None:
    """Restored elsewhere: the listener, who never left, hears on at the place that was told."""
    call = demo_call(stage.folder)
    listener = await stage.listen(call, "one")
    await listener.send(cmd="scrub", position=50_000)
    await listener.send(cmd="resume")
    await listener.hears(caller_hz(50))
    last = stage.worker.of(State, "one")[-1]
    stage.worker.process.kill()
    await stage.worker.process.wait()
    async with worker() as second:
        jwt = token(stage.room("one"), "wrk_one", publishes=True)
        restore = Restore(position=last.position + 10_000, paused=False, gains=last.gains)
        second.order(call.open("one", jwt, stage.url, restore=restore))
        await listener.hears(caller_hz(61))


async def test_a_deleted_room_is_told_and_a_new_one_goes_on(stage: Stage) -> None:
    """Opened again with a new room, the session is where it was; closing tells the last."""
    call = demo_call(stage.folder)
    listener = await stage.listen(call, "one")
    await listener.send(cmd="scrub", position=20_000)
    await soon(lambda: listener.status["position"] == 20_000)
    await delete_room(stage.url, stage.room("one"))
    failed = await soon(lambda: stage.worker.of(Failed, "one"))
    assert failed[0].code == "listening.room.left"
    again = await stage.listen(call, "one")
    assert again.status["position"] == 20_000
    stage.worker.order(Close(session_id="one"))
    await soon(lambda: stage.worker.of(Closed, "one"))


async def test_a_room_that_is_not_there_is_refused(stage: Stage) -> None:
    """A typed code, and the worker goes on."""
    jwt = token("nowhere", "wrk_one", publishes=True)
    stage.worker.order(demo_call(stage.folder).open("one", jwt, stage.url))
    failed = await soon(lambda: stage.worker.of(Failed, "one"))
    assert failed[0].code == "listening.room.refused"
