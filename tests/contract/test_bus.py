"""Every bus keeps the promises of its two lanes: memory on each database, and a real NATS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.services import free_port, nats_at

from ringdown.core.events import Fact, FactRecord, Signal
from ringdown.runtime.bus import Bus, MemoryBus, MemoryCursorStore, Patience, SqlCursorStore
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts, MemoryFactStore, SqlFactStore
from ringdown.runtime.nats_bus import NatsBus
from ringdown.runtime.tasks import Tasks
from ringdown.testing.clock import CountingIds, ManualClock

HASTY = Patience(pauses_s=(0.001, 0.001))


class Rang(Fact):
    kind: ClassVar[str] = "test.bell.rang.v1"
    times: int


class Fell(Fact):
    kind: ClassVar[str] = "test.tree.fell.v1"


class Level(Signal):
    kind: ClassVar[str] = "test.level.v1"
    db: int


class Rig:
    """A bus over a database, restartable; one life is one `async with rig.life()`."""

    def __init__(self, database: Database, clock: ManualClock, nats_url: str | None, prefix: str):
        self.database = database
        self.clock = clock
        self.nats_url = nats_url
        self.prefix = prefix
        self.ids = CountingIds()
        memory = database.dialect == "memory"  # type: ignore[attr-defined]
        self.cursors = MemoryCursorStore() if memory else SqlCursorStore()
        self.store = MemoryFactStore() if memory else SqlFactStore()
        self.dead: list[str] = []
        self.facts: Facts | None = None

    @asynccontextmanager
    async def life(self, prepare: Callable[[Bus], None]) -> AsyncIterator[Bus]:
        self.facts = Facts(self.store, self.clock, self.ids, [Rang, Fell])
        async with Tasks() as tasks:
            if self.nats_url is None:
                bus = MemoryBus(
                    self.database, self.facts, self.cursors, self.clock,
                    patience=HASTY, on_dead_letter=self.dead.append,
                )  # fmt: skip
                prepare(bus)
                bus.start(tasks)
                yield bus
            else:
                remote = NatsBus(
                    self.nats_url, self.database, self.facts, self.cursors, self.clock,
                    prefix=self.prefix, patience=HASTY, on_dead_letter=self.dead.append,
                )  # fmt: skip
                prepare(remote)
                remote.start(tasks)
                try:
                    yield remote
                finally:
                    await tasks.close()
                    await remote.close()

    async def emit(self, *facts: Fact) -> None:
        assert self.facts is not None
        async with self.database.write() as tx:
            await self.facts.append(tx, *facts)


@pytest.fixture(params=["memory", pytest.param("nats", marks=pytest.mark.nats)])
def rig(
    request: pytest.FixtureRequest, database: Database, clock: ManualClock, tmp_path: Any
) -> Rig:
    if request.param == "memory":
        return Rig(database, clock, None, "")
    if database.dialect != "sqlite":  # type: ignore[attr-defined]
        pytest.skip("NATS is tried over one database")
    return Rig(
        database, clock, request.getfixturevalue("nats_server"), f"t{abs(hash(str(tmp_path)))}"
    )


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def numbers(records: list[FactRecord]) -> list[int]:
    return [r.fact.times for r in records if isinstance(r.fact, Rang)]


async def test_facts_arrive_in_order_and_only_to_who_asked(rig: Rig) -> None:
    """A handler gets the kinds it named, in the order of the log."""
    got: list[FactRecord] = []

    async def hear(record: FactRecord) -> None:
        got.append(record)

    async with rig.life(lambda bus: bus.subscribe(Rang, hear, name="one")):
        await rig.emit(Rang(centre_id="a", times=1), Fell(centre_id="a"))
        await rig.emit(Rang(centre_id="b", times=2), Rang(centre_id="a", times=3))
        await until(lambda: len(got) >= 3)
    assert numbers(got) == [1, 2, 3]
    assert [r.position for r in got] == [1, 1, 3]


async def test_a_restart_goes_on_where_it_was(rig: Rig) -> None:
    """Facts written while nobody served are handled by the next life, in order."""
    got: list[FactRecord] = []

    async def hear(record: FactRecord) -> None:
        got.append(record)

    async with rig.life(lambda bus: bus.subscribe(Rang, hear, name="one")):
        await rig.emit(Rang(centre_id="a", times=1))
        await until(lambda: len(got) == 1)
    await rig.emit(Rang(centre_id="a", times=2))
    async with rig.life(lambda bus: bus.subscribe(Rang, hear, name="one")):
        await until(lambda: 2 in numbers(got))
    seen = list(dict.fromkeys(r.event_id for r in got))
    assert len(seen) == 2


async def test_a_failing_handler_is_tried_again(rig: Rig) -> None:
    """A passing fault loses nothing and keeps the order."""
    got: list[int] = []
    faults = [RuntimeError(), RuntimeError()]

    async def hear(record: FactRecord) -> None:
        if faults:
            raise faults.pop()
        got.extend(numbers([record]))

    async with rig.life(lambda bus: bus.subscribe(Rang, hear, name="one")):
        await rig.emit(Rang(centre_id="a", times=1), Rang(centre_id="a", times=2))
        await until(lambda: len(got) >= 2)
    assert got == [1, 2]
    assert rig.dead == []


async def test_a_hopeless_fact_is_set_aside_and_the_rest_goes_on(rig: Rig) -> None:
    """One poisoned fact becomes a dead letter, told to the lamp; later ones are handled."""
    got: list[int] = []

    async def hear(record: FactRecord) -> None:
        if numbers([record]) == [1]:
            raise RuntimeError
        got.extend(numbers([record]))

    async with rig.life(lambda bus: bus.subscribe(Rang, hear, name="one")):
        await rig.emit(Rang(centre_id="a", times=1), Rang(centre_id="a", times=2))
        await until(lambda: got == [2])
        async with rig.database.read() as tx:
            assert await rig.cursors.buried(tx) == 1
    assert rig.dead == ["one"]


async def test_handlers_do_not_wait_for_each_other(rig: Rig) -> None:
    """A subscription that hangs does not hold up another one."""
    got: list[int] = []
    never = asyncio.Event()

    async def hang(record: FactRecord) -> None:
        await never.wait()

    async def hear(record: FactRecord) -> None:
        got.extend(numbers([record]))

    def prepare(bus: Bus) -> None:
        bus.subscribe(Rang, hang, name="stuck")
        bus.subscribe(Rang, hear, name="free")

    async with rig.life(prepare):
        await rig.emit(Rang(centre_id="a", times=1), Rang(centre_id="a", times=2))
        await until(lambda: got == [1, 2])


async def test_signals_reach_who_listens_now(rig: Rig) -> None:
    """A signal is told at once, and a listener that fails harms no other."""
    got: list[int] = []

    def fail(signal: Level) -> None:
        raise RuntimeError

    def prepare(bus: Bus) -> None:
        bus.on_signal(Level, fail)
        bus.on_signal(Level, lambda signal: got.append(signal.db))

    async with rig.life(prepare) as bus:
        bus.signal(Level(centre_id="a", db=-20))
        await until(lambda: got == [-20])


def nats_bus(rig: Rig, url: str, told: list[bool]) -> NatsBus:
    """A bus over a NATS of the test's own, and what it tells of the connection."""
    rig.facts = Facts(rig.store, rig.clock, rig.ids, [Rang, Fell])
    return NatsBus(
        url, rig.database, rig.facts, rig.cursors, rig.clock,
        prefix="away", patience=HASTY, on_dead_letter=rig.dead.append, on_state=told.append,
    )  # fmt: skip


@asynccontextmanager
async def living(bus: NatsBus) -> AsyncIterator[None]:
    async with Tasks() as tasks:
        bus.start(tasks)
        try:
            yield
        finally:
            await tasks.close()
            await bus.close()


@pytest.mark.nats
@pytest.mark.parametrize("rig", ["nats"], indirect=True)
async def test_nats_may_come_late_go_and_forget(rig: Rig, tmp_path: Path) -> None:
    """Not there at the start, killed, back with its store, back without it: no fact is lost."""
    port = free_port()
    got: list[int] = []
    told: list[bool] = []

    async def hear(record: FactRecord) -> None:
        got.extend(numbers([record]))

    bus = nats_bus(rig, f"nats://127.0.0.1:{port}", told)
    bus.subscribe(Rang, hear, name="one")
    async with living(bus):
        await until(lambda: told == [False])
        await rig.emit(Rang(centre_id="a", times=1))
        with nats_at(port, tmp_path / "first"):
            await until(lambda: got == [1], 20)
            assert told == [False, True]
        await until(lambda: told == [False, True, False])
        await rig.emit(Rang(centre_id="a", times=2))
        with nats_at(port, tmp_path / "first"):
            await until(lambda: 2 in got, 20)
            # Killed before it took the answer, NATS gives the first one again: at least once.
            assert got in ([1, 2], [1, 1, 2])
        await rig.emit(Rang(centre_id="a", times=3))
        with nats_at(port, tmp_path / "second"):
            # An empty store: the whole log comes again, which handlers allow.
            await until(lambda: got[-3:] == [1, 2, 3], 20)
    assert rig.dead == []
