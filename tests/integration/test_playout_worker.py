"""The worker with rooms in memory: who hears what, from which mix, and what is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.playout_stage import (
    Recording,
    caller_hz,
    demo_call,
    levels,
    run_ms,
    soon,
    taker_hz,
    tones,
)

from ringdown.core.events import Value
from ringdown.listening.model.mix import PER_MS
from ringdown.listening.model.pace import CHUNK_MS
from ringdown.listening.model.protocol import (
    Close,
    Closed,
    Failed,
    Heard,
    Here,
    Joined,
    Left,
    Ping,
    Pong,
    Restore,
    State,
    Stats,
)
from ringdown.listening.model.rules import PlayoutRules
from ringdown.listening.worker.fakes import FakePublisher, FakeRoom
from ringdown.listening.worker.loop import Worker
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.tasks import Tasks
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.legfile import decode_header, encode_header

CHUNK = CHUNK_MS * PER_MS


class Stage:
    def __init__(self, folder: Path, tasks: Tasks) -> None:
        self.folder = folder
        self.told: list[Value] = []
        self.publisher = FakePublisher()
        self.worker = Worker(
            self.publisher, self.told.append, clock=SystemClock(), tasks=tasks,
            rules=PlayoutRules(), cpu_s=lambda: 1.0,
        )  # fmt: skip

    def open(self, call: Recording, session: str, **more: Any) -> FakeRoom:
        room = self.publisher.room(f"room_{session}")
        self.worker.obey(call.open(session, f"room_{session}", "ws://x", **more))
        return room

    async def listen(self, call: Recording, session: str, **more: Any) -> FakeRoom:
        room = self.open(call, session, **more)
        room.come(f"lst_{session}")
        await soon(lambda: room.sent)
        return room

    def of(self, kind: type[Value]) -> list[Any]:
        return [one for one in self.told if isinstance(one, kind)]


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    async with Tasks() as tasks:
        made = Stage(folder, tasks)
        tasks.spawn("worker", made.worker.run())
        yield made


def status(room: FakeRoom) -> dict[str, Any]:
    return next(t for _, d in reversed(room.sent) if (t := json.loads(d))["kind"] == "status")


def errors(room: FakeRoom) -> list[dict[str, Any]]:
    return [t for _, d in room.sent if (t := json.loads(d))["kind"] == "error"]


def say(room: FakeRoom, session: str, **command: Any) -> None:
    room.say(f"lst_{session}", json.dumps(command).encode())


def hears(room: FakeRoom, hz: int, since: int = 0) -> Any:
    def look() -> bool:
        audio = room.audio()[since:]
        return len(audio) > 1600 and float(levels(audio, hz).max()) > 3000

    return soon(look)


async def test_a_scrub_begins_with_the_first_sample_of_the_place(tmp_path: Path) -> None:
    """What was pushed before is thrown away; the next piece is the place, exactly."""
    async with stage(tmp_path) as made:
        room = await made.listen(demo_call(tmp_path), "a")
        say(room, "a", cmd="resume")
        await hears(room, caller_hz(0))
        say(room, "a", cmd="scrub", position=61_250)
        await hears(room, caller_hz(61))
        since = room.cleared_at[-1] * CHUNK
        await hears(room, caller_hz(62), since)
        audio = room.audio()
        assert abs(run_ms(audio, since, caller_hz(61)) - 250) <= 20
        assert float(levels(audio[since : since + 3200], taker_hz(61)).max()) > 3000


async def test_listeners_at_the_edge_share_one_mix(tmp_path: Path) -> None:
    """They are given the very same samples; whoever turns a side down has a mix of their own."""
    call = Recording(tmp_path)
    call.write("caller", tones(0, 5, caller_hz), growing=True)
    async with stage(tmp_path) as made:
        rooms = [await made.listen(call, name) for name in "abc"]
        say(rooms[2], "c", cmd="set-gain", gain=-60, callerType="caller")
        audio = tones(5, 11, caller_hz)
        for at in range(0, len(audio), 320):
            call.grow(audio[at : at + 320])
            await asyncio.sleep(0.04)
        await soon(lambda: made.of(Stats))
        same = [piece for piece in rooms[0].heard if any(piece is p for p in rooms[1].heard)]
        assert len(same) > 10
        assert not any(piece is p for p in rooms[2].heard[5:] for piece in rooms[0].heard)
        assert float(levels(rooms[0].audio(), caller_hz(7)).max()) > 3000
        assert float(levels(rooms[2].audio(), caller_hz(7)).max()) < 50
        assert made.of(Stats)[-1].shared == 2


@pytest.mark.parametrize("autoplay", [None, True, False])
async def test_how_the_call_is_at_joining_decides_and_not_at_asking(
    tmp_path: Path, autoplay: bool | None
) -> None:
    """Asked for while live, joined when it was over: a recording, which waits paused at 0."""
    call = Recording(tmp_path)
    call.write("caller", tones(0, 5, caller_hz), growing=True)
    async with stage(tmp_path) as made:
        before = await made.listen(call, "before", autoplay=autoplay)
        room = made.open(call, "a", autoplay=autoplay)
        await soon(lambda: room.outputs)
        made.worker.obey(call.over())
        await soon(lambda: status(before)["callOver"])
        room.come("lst_a")
        await soon(lambda: room.sent)
        first = json.loads(room.sent[0][1])
        assert (first["position"], first["paused"], first["callOver"]) == (0, True, True)
        assert (first["duration"], first["atEnd"]) == (5000, False)
        if autoplay is not False:
            # Who had joined while it was live was at its end.
            assert json.loads(before.sent[0][1])["paused"] is False
            assert json.loads(before.sent[0][1])["position"] > 4000


async def test_a_finished_call_pauses_at_its_end(tmp_path: Path) -> None:
    """Played to the last millisecond, told once it was heard, and all of it was heard."""
    call = Recording(tmp_path)
    call.write("caller", tones(0, 1, caller_hz) + bytes([0xFF]) * 1000)
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a")
        say(room, "a", cmd="resume")
        await soon(lambda: status(room)["paused"] is False)
        await soon(lambda: status(room)["paused"] is True)
        told = status(room)
        assert (told["position"], told["duration"], told["atEnd"]) == (1125, 1125, True)
        made.worker.obey(Close(session_id="a"))
        assert [s for h in made.of(Heard) for s in h.stretches] == [(0, 1125)]
        assert isinstance(made.told[-1], Closed)


async def test_only_the_listeners_packets_without_topic_count(tmp_path: Path) -> None:
    """Other identities, other topics, and bad packets change nothing."""
    async with stage(tmp_path) as made:
        room = await made.listen(demo_call(tmp_path), "a")
        room.come("lst_other")
        room.say("lst_other", b'{"cmd":"scrub","position":5}')
        room.say("", b'{"cmd":"scrub","position":5}')
        room.say("lst_a", b'{"cmd":"scrub","position":5}', "chat")
        room.say("lst_a", b"nonsense")
        await soon(lambda: errors(room))
        assert status(room)["position"] == 0
        assert {to for to, _ in room.sent} == {"lst_a"}


async def test_a_listener_who_speaks_before_being_announced_is_heard(tmp_path: Path) -> None:
    """Quick clients send a command as soon as they have the track: it counts, and once."""
    async with stage(tmp_path) as made:
        room = made.open(demo_call(tmp_path), "a")
        await soon(lambda: room.outputs)
        room.inside.append("lst_a")
        room.say("lst_a", b'{"cmd":"resume"}')
        await hears(room, caller_hz(0))
        room.inside.remove("lst_a")
        room.come("lst_a")
        await hears(room, caller_hz(2))
        assert status(room)["paused"] is False
        assert len(made.of(Joined)) == 1


async def test_a_nameless_command_counts_once_the_listener_is_known_to_be_there(
    tmp_path: Path,
) -> None:
    """The media server's word is enough; who is there by the media client's word alone is not."""
    async with stage(tmp_path) as made:
        room = made.open(demo_call(tmp_path), "a")
        await soon(lambda: room.outputs)
        room.say("", b'{"cmd":"scrub","position":31000}')
        room.come("lst_a")
        await soon(lambda: room.sent)
        assert status(room)["position"] == 0
        made.worker.obey(Here(session_id="lsn_unknown", present=True))
        made.worker.obey(Here(session_id="a", present=True))
        await soon(lambda: status(room)["position"] == 31_000)
        room.say("", b'{"cmd":"resume"}')
        await hears(room, caller_hz(31))
        assert len(made.of(Joined)) == 1


@pytest.mark.parametrize("news", ["announced and gone", "gone unannounced"])
async def test_a_nameless_command_of_somebody_else_never_counts(tmp_path: Path, news: str) -> None:
    """Who had the seat before the listener may have sent it: once they are known it is nobody's."""
    async with stage(tmp_path) as made:
        room = made.open(demo_call(tmp_path), "a")
        await soon(lambda: room.outputs)
        room.say("", b'{"cmd":"scrub","position":31000}')
        room.inside.append("lst_other")
        if news == "announced and gone":
            room.inside.remove("lst_other")
            room.come("lst_other")
        room.go("lst_other")
        room.inside.append("lst_a")
        await soon(room.outputs[0].queue.empty)
        made.worker.obey(Here(session_id="a", present=True))
        room.say("", b'{"cmd":"set-gain","gain":-6}')
        await soon(lambda: len(room.sent) >= 2)
        assert [status(room)["position"], made.of(State)[-1].gains.caller] == [0, -6]
        assert {told.position for told in made.of(State)} == {0}


async def test_who_is_told_to_be_there_is_played_to_at_once(tmp_path: Path) -> None:
    """The media client announces a listener late; the word of the media server is not late."""
    async with stage(tmp_path) as made:
        room = made.open(demo_call(tmp_path), "a")
        room.inside.append("lst_a")
        made.worker.obey(Here(session_id="a", present=True))  # before the worker is in the room
        await soon(lambda: made.of(Joined) and room.sent)
        room.say("", b'{"cmd":"resume"}')
        await hears(room, caller_hz(0))
        made.worker.obey(Here(session_id="a", present=False))
        await soon(lambda: made.of(Left))
        room.say("", b'{"cmd":"scrub","position":31000}')
        room.say("lst_other", b"{}")
        await soon(room.outputs[0].queue.empty)
        assert made.of(State)[-1].position < 31_000


async def test_a_flood_is_refused_and_not_answered_by_a_flood(tmp_path: Path) -> None:
    """A thousand commands at once: twenty or so are obeyed, as many are answered."""
    async with stage(tmp_path) as made:
        room = await made.listen(demo_call(tmp_path), "a")
        for _ in range(1000):
            say(room, "a", cmd="scrub", position=5)
        say(room, "a", cmd="scrub", position=9)
        await soon(room.outputs[0].queue.empty)
        limited = [e for e in errors(room) if e["code"] == "rate_limited"]
        assert 1 <= len(limited) <= 100
        assert status(room)["position"] == 5


async def test_who_leaves_finds_everything_as_it_was(tmp_path: Path) -> None:
    """The cursor is frozen, nothing is played to nobody, and it goes on from there."""
    async with stage(tmp_path) as made:
        room = await made.listen(demo_call(tmp_path), "a")
        say(room, "a", cmd="scrub", position=30_000)
        say(room, "a", cmd="resume")
        await hears(room, caller_hz(30))
        room.go("lst_a")
        await soon(lambda: made.of(Left))
        pieces, place = len(room.heard), made.of(State)[-1].position
        made.worker.obey(Ping(number=3))
        await asyncio.sleep(0.2)
        assert len(room.heard) == pieces
        room.come("lst_a")
        await hears(room, caller_hz(31), pieces * CHUNK)
        assert len(made.of(Joined)) == 2
        assert place <= status(room)["position"]
        assert made.of(Pong) == [Pong(number=3)]


async def test_a_lost_room_is_told_and_opening_again_goes_on(tmp_path: Path) -> None:
    """Same session, another room: place and pause are kept."""
    call = demo_call(tmp_path)
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a")
        say(room, "a", cmd="scrub", position=20_000)
        await soon(lambda: status(room)["position"] == 20_000)
        room.delete()
        await soon(lambda: made.of(Failed))
        assert made.of(Failed)[0].code == "listening.room.left"
        other = made.publisher.room("other")
        other.come("lst_a")
        made.worker.obey(call.open("a", "other", "ws://x"))
        await soon(lambda: other.sent)
        assert status(other)["position"] == 20_000


async def test_a_refused_room_is_told_by_its_code(tmp_path: Path) -> None:
    """And other sessions go on."""
    call = demo_call(tmp_path)
    async with stage(tmp_path) as made:
        made.worker.obey(call.open("a", "nowhere", "ws://x"))
        await soon(lambda: made.of(Failed))
        assert made.of(Failed)[0].code == "listening.room.refused"
        room = await made.listen(call, "b")
        assert status(room)["paused"]


async def test_a_session_is_restored_at_its_place(tmp_path: Path) -> None:
    """Another worker goes on where this one is told it stood."""
    async with stage(tmp_path) as made:
        restore = Restore(position=40_000, paused=False)
        room = await made.listen(demo_call(tmp_path), "a", restore=restore)
        await hears(room, caller_hz(40))
        assert status(room)["position"] >= 40_000


async def test_legs_that_begin_later_are_heard_at_their_time(tmp_path: Path) -> None:
    """Two legs of one side, the second from 10 s on; between them silence."""
    call = Recording(tmp_path)
    call.write("caller", tones(0, 3, caller_hz))
    call.write("caller", tones(10, 14, caller_hz), start_ms=10_000)
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a")
        assert status(room)["duration"] == 14_000
        say(room, "a", cmd="scrub", position=9000)
        say(room, "a", cmd="resume")
        await hears(room, caller_hz(11))
        audio = room.audio()[room.cleared_at[-1] * CHUNK :]
        loud = np.flatnonzero(levels(audio, caller_hz(10)) > 3000)
        assert abs(int(loud[0]) * 10 - 1000) <= 40


async def test_one_mixed_channel_has_no_sides(tmp_path: Path) -> None:
    """A gain for one side is refused, one for both is taken."""
    call = Recording(tmp_path)
    call.write("both", tones(0, 5, caller_hz))
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a")
        say(room, "a", cmd="set-gain", gain=-60, callerType="callTaker")
        await soon(lambda: errors(room))
        assert errors(room)[0]["code"] == "sides_not_separable"
        say(room, "a", cmd="resume")
        await hears(room, caller_hz(0))


async def test_a_recording_that_stalls_is_waited_for(tmp_path: Path) -> None:
    """The place stays at the edge, nothing is played twice, and it goes on with the next sample."""
    call = Recording(tmp_path)
    call.write("caller", tones(0, 4, caller_hz), growing=True)
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a")
        await soon(lambda: len(room.heard) > 1)
        await soon(lambda: len(made.of(Stats)) > 1)
        pieces, told = len(room.heard), status(room)
        assert told["duration"] - told["position"] <= 250
        await soon(lambda: len(made.of(Stats)) > 2)
        assert (len(room.heard), status(room)["position"]) == (pieces, told["position"])
        call.grow(tones(4, 5, caller_hz)[:1600])
        await hears(room, caller_hz(4), pieces * CHUNK)


async def test_a_leg_that_moves_to_another_folder_is_heard_on(tmp_path: Path) -> None:
    """A second part in the spare folder goes on where the first ends; a lost disk is silence."""
    spare = tmp_path / "spare"
    call = Recording(tmp_path / "main")
    call.write("caller", tones(0, 2, caller_hz), growing=True)
    (leg,) = call.legs.values()
    call.legs[leg.leg_id] = leg.model_copy(update={"folders": (*leg.folders, str(spare))})
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a", autoplay=False)
        first = decode_header(call.path(leg.leg_id).read_bytes()[:512])
        header = replace(first, part=2, from_sample=16_000)
        path = spare / "a" / call.call / f"{leg.leg_id}.2.leg"
        path.parent.mkdir(parents=True)
        path.write_bytes(encode_header(header) + tones(2, 6, caller_hz))
        await soon(lambda: status(room)["duration"] == 6000)
        say(room, "a", cmd="resume")
        await hears(room, caller_hz(1))
        await hears(room, caller_hz(3))


async def test_a_burst_of_the_recording_is_caught_up_with_softly(tmp_path: Path) -> None:
    """Far behind, a listener is taken to the edge: 250 ms behind at most, and without a click."""
    at = np.arange(8000) / 8000
    second = encode_ulaw((9000 * np.sin(2 * np.pi * 203 * at)).astype(np.int16))
    call = Recording(tmp_path)
    call.write("caller", second * 3, growing=True)
    async with stage(tmp_path) as made:
        room = await made.listen(call, "a")
        await soon(lambda: len(room.heard) > 1)
        for _ in range(3):
            pieces = len(room.heard)
            call.grow(second + second[:4040])
            await soon(lambda n=pieces: len(room.heard) > n)
        await soon(lambda: status(room)["duration"] - status(room)["position"] <= 250)
        steps = np.abs(np.diff(room.audio().astype(np.int32)))
        assert int(steps.max()) < 2 * 9000 * 2 * np.pi * 203 / 16_000
