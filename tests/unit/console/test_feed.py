"""The feed gives every fact once and in order, however slow the console and however it resumes."""

import asyncio
import json
from typing import ClassVar

import pytest

from ringdown.console import feed
from ringdown.console.feed import FeedHub
from ringdown.core.events import Fact, Signal
from ringdown.media.events import LegSealed
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore
from ringdown.runtime.lamps import EVERY_CENTRE, LampChanged, LampView
from ringdown.runtime.tasks import Tasks
from ringdown.speech.api import ChannelView
from ringdown.speech.events import ChannelChanged
from ringdown.testing.clock import CountingIds, ManualClock


class Rang(Fact):
    kind: ClassVar[str] = "test.bell.rang.v1"
    times: int


class Level(Signal):
    kind: ClassVar[str] = "test.level.v1"
    db: int


class Rig:
    def __init__(self) -> None:
        self.db = MemoryDatabase()
        self.facts = Facts(MemoryFactStore(), ManualClock(), CountingIds(), [Rang, LegSealed])
        self.hub = FeedHub(self.db, self.facts)
        self.count = 0

    async def ring(self, n: int = 1, centre: str = "a") -> None:
        async with self.db.write() as tx:
            facts = [Rang(centre_id=centre, times=self.count + i + 1) for i in range(n)]
            await self.facts.append(tx, *facts)
        self.count += n


async def take(stream, until: int) -> list[dict]:
    got: list[dict] = []
    async with asyncio.timeout(10):
        async for messages in stream:
            got += map(json.loads, messages)
            if got[-1].get("position") == until and got[-1]["type"] == "fact":
                return got
    return got


async def one(stream) -> dict:
    """The next message, which comes alone."""
    (message,) = await anext(stream)
    return json.loads(message)


def positions(messages: list[dict]) -> list[int]:
    return [m["position"] for m in messages if m["type"] == "fact"]


async def test_a_console_gets_what_it_missed_and_then_what_happens() -> None:
    """Resuming from position N gives N+1 and on, without loss or doubles."""
    rig = Rig()
    await rig.ring(5)
    async with Tasks() as tasks:
        tasks.spawn("hub", rig.hub.run())
        await asyncio.sleep(0)
        stream = rig.hub.listen("a", 2)
        ready = await one(stream)
        assert ready == {"type": "ready", "position": 5}
        await rig.ring(3)
        assert positions(await take(stream, 8)) == [3, 4, 5, 6, 7, 8]
        await stream.aclose()
    assert rig.hub.count() == 0


async def test_a_console_slower_than_the_ring_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What has left the ring is read from the log, at the console's own pace."""
    monkeypatch.setattr(feed, "RING", 4)
    rig = Rig()
    async with Tasks() as tasks:
        tasks.spawn("hub", rig.hub.run())
        await asyncio.sleep(0)
        stream = rig.hub.listen("a", 0)
        assert (await one(stream))["type"] == "ready"
        await rig.ring(1)
        first = await one(stream)
        for _ in range(10):
            await rig.ring(5)
            await asyncio.sleep(0.001)
        rest = await take(stream, 51)
        await stream.aclose()
    assert [first["position"], *positions(rest)] == list(range(1, 52))


async def test_a_console_hopelessly_behind_is_told_to_start_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the limit a snapshot is cheaper, and it says so first."""
    monkeypatch.setattr(feed, "TOO_FAR", 10)
    rig = Rig()
    await rig.ring(20)
    stream = rig.hub.listen("a", 1)
    assert (await one(stream))["type"] == "resync"
    assert await one(stream) == {"type": "ready", "position": 20}
    await stream.aclose()


async def test_a_position_from_another_database_starts_over() -> None:
    """A console that knows more than the log has seen another log."""
    rig = Rig()
    stream = rig.hub.listen("a", 7)
    assert (await one(stream))["type"] == "resync"
    await stream.aclose()


async def test_centres_do_not_see_each_other() -> None:
    """A fact or signal of one centre never reaches a console of another."""
    rig = Rig()
    async with Tasks() as tasks:
        tasks.spawn("hub", rig.hub.run())
        await asyncio.sleep(0)
        stream = rig.hub.listen("a", 0)
        await anext(stream)
        await rig.ring(3, centre="b")
        rig.hub.signal(Level(centre_id="b", db=-3))
        await rig.ring(1, centre="a")
        got = await take(stream, 1)
        await stream.aclose()
    assert [m["type"] for m in got] == ["fact"]


async def test_signals_are_latest_wins_and_bounded() -> None:
    """A console that does not read keeps one signal a subject, and not too many subjects."""
    rig = Rig()
    stream = rig.hub.listen("a", 0)
    await anext(stream)
    for db in range(1000):
        rig.hub.signal(Level(centre_id="a", db=db, call_id="call_1"))
    message = await one(stream)
    assert message["body"] == {"db": 999}
    for n in range(2000):
        rig.hub.signal(Level(centre_id="a", db=n, call_id=f"call_{n}"))
    (listener,) = rig.hub._listeners["a"]
    assert len(listener.signals) == feed.SIGNALS
    await stream.aclose()


async def test_a_late_console_is_told_how_each_leg_is_followed() -> None:
    """The newest word about a leg waits for consoles that come later, until the leg is sealed."""
    rig = Rig()

    def follow(leg_id: str, lag_ms: int) -> ChannelChanged:
        channel = ChannelView(
            leg_id=leg_id, side="caller", lag_ms=lag_ms, engine="tiny", mode="catching_up"
        )
        return ChannelChanged(centre_id="a", call_id="c1", channel=channel)

    for signal in (follow("leg_1", 9_000), follow("leg_2", 400), follow("leg_1", 4_000)):
        rig.hub.signal(signal)
    sealed = LegSealed(
        centre_id="a",
        call_id="c1",
        leg_id="leg_2",
        side="caller",
        sha256="0",
        duration_ms=1,
        bytes=1,
    )
    tasks = Tasks()
    tasks.spawn("hub", rig.hub.run())
    await asyncio.sleep(0)
    async with rig.db.write() as tx:
        await rig.facts.append(tx, sealed)
    async with asyncio.timeout(5):
        while not rig.hub.told:
            await asyncio.sleep(0.001)
    stream = rig.hub.listen("a", after=1)
    assert (await one(stream))["type"] == "ready"
    told = await one(stream)
    assert (told["body"]["channel"]["leg_id"], told["body"]["channel"]["lag_ms"]) == (
        "leg_1",
        4_000,
    )
    await stream.aclose()
    other = rig.hub.listen("b", after=0)
    assert (await one(other))["type"] == "ready"
    await rig.ring(centre="b")
    assert (await one(other))["type"] == "fact"
    await other.aclose()
    await tasks.close()


async def test_a_lamp_reaches_every_centre() -> None:
    """The lamps of the machine are everybody's."""
    rig = Rig()
    here, there = rig.hub.listen("a", 0), rig.hub.listen("b", 0)
    await anext(here)
    await anext(there)
    lamp = LampView(name="speech", state="down", since="", text="", still_works="")
    rig.hub.signal(LampChanged(centre_id=EVERY_CENTRE, lamp=lamp))
    for stream in (here, there):
        assert (await one(stream))["kind"] == "ops.lamp.changed.v1"
        await stream.aclose()


async def test_a_quiet_feed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead line is noticed because a live one speaks."""
    monkeypatch.setattr(feed, "PING_S", 0.01)
    rig = Rig()
    stream = rig.hub.listen("a", 0)
    await anext(stream)
    assert await one(stream) == {"type": "ping"}
    await stream.aclose()
