"""Old deliveries are forgotten in time, in small batches, and again after a failure."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.listening_world import LoopClock

from ringdown.core.errors import Unavailable
from ringdown.partners.fakes import MemoryDeliveryLedger
from ringdown.partners.ledger import Delivery
from ringdown.partners.pruning import BATCH, EVERY_S, Pruner
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.tasks import Tasks
from ringdown.testing.clock import START
from ringdown.testing.loop import VirtualLoop

KEEP = timedelta(days=30)


class Database(MemoryDatabase):
    """Counts what is written, and fails when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.down = False

    @asynccontextmanager
    async def write(self):
        self.writes += 1
        if self.down:
            raise Unavailable("the database does not answer")
        async with super().write() as tx:
            yield tx


def delivered(number: int, at) -> Delivery:
    return Delivery(
        f"dlv_{number}", "a", "whk_1", f"e{number}", "media", "i1", "{}", at,
        state="delivered", delivered_at=at,
    )  # fmt: skip


async def kept(db: Database) -> set[str]:
    async with db.read() as tx:
        found = await MemoryDeliveryLedger().page(
            tx, "a", endpoint_id=None, state=None, before=None, limit=10_000
        )
    return {one.delivery_id for one in found}


def play(scene) -> None:
    async def whole() -> None:
        async with Tasks() as tasks:
            await scene(tasks)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())


def test_a_delivery_is_kept_for_its_days_and_then_forgotten() -> None:
    """By the clock of the server: not an hour too early, and within an hour of its time."""

    async def scene(tasks: Tasks) -> None:
        db, ledger = Database(), MemoryDeliveryLedger()
        async with db.write() as tx:
            await ledger.add(tx, [delivered(0, START - KEEP - timedelta(days=1)),
                                  delivered(1, START)])  # fmt: skip
        tasks.supervise("old", Pruner(db, ledger, LoopClock(), keep=KEEP).run)
        await asyncio.sleep(1)
        assert await kept(db) == {"dlv_1"}
        await asyncio.sleep(KEEP.total_seconds() - 2)
        assert await kept(db) == {"dlv_1"}
        await asyncio.sleep(2 * EVERY_S)
        assert await kept(db) == set()

    play(scene)


def test_many_are_forgotten_in_batches_with_room_for_others_between() -> None:
    """Each batch is a transaction of its own, and time passes between two."""

    async def scene(tasks: Tasks) -> None:
        del tasks
        db, ledger = Database(), MemoryDeliveryLedger()
        old = START - KEEP - timedelta(days=1)
        async with db.write() as tx:
            await ledger.add(tx, [delivered(n, old) for n in range(2 * BATCH + 1)])
        db.writes, began = 0, asyncio.get_running_loop().time()
        assert await Pruner(db, ledger, LoopClock(), keep=KEEP).prune() == 2 * BATCH + 1
        assert (db.writes, await kept(db)) == (3, set())
        assert asyncio.get_running_loop().time() > began

    play(scene)


def test_a_database_that_does_not_answer_is_asked_again_later() -> None:
    """Nothing is lost, and the task goes on."""

    async def scene(tasks: Tasks) -> None:
        db, ledger = Database(), MemoryDeliveryLedger()
        async with db.write() as tx:
            await ledger.add(tx, [delivered(0, START - KEEP - timedelta(days=1))])
        db.down = True
        tasks.supervise("old", Pruner(db, ledger, LoopClock(), keep=KEEP).run)
        await asyncio.sleep(10)
        db.down = False
        assert await kept(db) == {"dlv_0"}
        assert db.writes == 2, "asked once"
        await asyncio.sleep(EVERY_S)
        assert await kept(db) == set()

    play(scene)
