"""Tasks have an owner; a supervised one is started again, and the end of the owner ends them."""

import asyncio

from ringdown.runtime.tasks import Tasks
from ringdown.testing.loop import VirtualLoop


def run(scenario) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scenario)


def test_a_failing_task_is_started_again_with_growing_pauses() -> None:
    """The pauses follow the list and stay at its end."""
    starts: list[float] = []

    async def scenario() -> None:
        async def work() -> None:
            starts.append(asyncio.get_running_loop().time())
            if len(starts) < 5:
                raise RuntimeError

        async with Tasks() as tasks:
            await tasks.supervise("w", work, backoff_s=(1, 2, 4))

    run(scenario())
    assert starts == [0, 1, 3, 7, 11]


def test_a_long_good_run_forgives_earlier_failures() -> None:
    """After ten seconds of work the first pause is the short one again."""
    starts: list[float] = []

    async def scenario() -> None:
        async def work() -> None:
            starts.append(asyncio.get_running_loop().time())
            if len(starts) == 2:
                await asyncio.sleep(20)
            if len(starts) < 4:
                raise RuntimeError

        async with Tasks() as tasks:
            await tasks.supervise("w", work, backoff_s=(1, 2, 4))

    run(scenario())
    assert starts == [0, 1, 22, 24]


def test_leaving_the_owner_ends_every_task() -> None:
    """Nothing outlives the one that started it."""
    ended: list[str] = []

    async def scenario() -> None:
        async def work(name: str) -> None:
            try:
                await asyncio.sleep(1000)
            finally:
                ended.append(name)

        async with Tasks() as tasks:
            tasks.spawn("a", work("a"))
            tasks.spawn("b", work("b"))
            await asyncio.sleep(1)

    run(scenario())
    assert sorted(ended) == ["a", "b"]


def test_a_failure_is_told_to_whoever_asked() -> None:
    """A lamp can be lit when a task fails."""
    told: list[str] = []

    async def scenario() -> None:
        async def work() -> None:
            if not told:
                raise KeyError

        async with Tasks() as tasks:
            await tasks.supervise("w", work, on_failure=lambda e: told.append(type(e).__name__))

    run(scenario())
    assert told == ["KeyError"]
