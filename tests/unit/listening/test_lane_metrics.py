"""What playout workers count grows in the metrics by what is new, over workers that come and go."""

import asyncio
from pathlib import Path

from tests.listening_world import Theatre

from ringdown.listening.model.protocol import Stats
from ringdown.runtime.tasks import Tasks
from ringdown.testing.loop import VirtualLoop


def stats(cpu_ms: int, late: int, gaps: int, *, lag_ms: int = 0, shared: int = 0) -> Stats:
    return Stats(
        sessions=1, shared=shared, cpu_ms=cpu_ms, ticks=100, late_ticks=late, gaps=gaps,
        commands=0, refused=0, edge_lag_ms=lag_ms,
    )  # fmt: skip


def test_counts_grow_by_what_is_new_and_a_new_worker_begins_again(tmp_path: Path) -> None:
    """Two workers are told apart; one that is replaced loses nothing and counts nothing twice."""

    async def scene() -> None:
        async with Tasks() as tasks:
            theatre = Theatre(tasks, tmp_path, workers=2)
            await asyncio.sleep(0.1)
            one, other = theatre.started

            def value(name: str, worker: str) -> float | None:
                return theatre.metrics.registry.get_sample_value(
                    f"ringdown_playout_{name}", {"worker": worker}
                )

            def of(worker: str) -> tuple[float | None, ...]:
                return tuple(
                    value(name, worker)
                    for name in ("cpu_seconds_total", "late_ticks_total", "gaps_total")
                )

            for told in (stats(1000, 2, 1), stats(1000, 2, 1), stats(2500, 3, 1, lag_ms=250)):
                one.tell(told)
            other.tell(stats(500, 0, 7, shared=3))
            await asyncio.sleep(0.1)
            assert of("0") == (2.5, 3, 1)
            assert of("1") == (0.5, 0, 7)
            assert value("edge_lag_seconds", "0") == 0.25
            assert value("shared_sessions", "1") == 3

            one.kill()
            await asyncio.sleep(1)
            new = theatre.started[2]
            new.tell(stats(400, 1, 2))
            await asyncio.sleep(0.1)
            assert of("0") == (2.5 + 0.4, 3 + 1, 1 + 2)
            assert of("1") == (0.5, 0, 7)
            assert value("edge_lag_seconds", "0") == 0
            restarts = "ringdown_playout_worker_restarts_total"
            assert theatre.metrics.registry.get_sample_value(restarts) == 1

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scene())
