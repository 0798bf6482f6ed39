"""What is counted of listening while somebody listens; with the real server and a real worker."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.listening_stage import staged, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


async def test_who_listens_and_what_it_costs_is_counted(tmp_path: Path) -> None:
    """One live session, processor time that grows and never falls, gaps and lag that are there."""
    async with staged(tmp_path) as stage:

        def value(name: str, labels: Mapping[str, str]) -> float | None:
            return stage.metrics.registry.get_sample_value(f"ringdown_{name}", dict(labels))

        def sessions(state: str) -> float | None:
            return value("listening_sessions", {"state": state})

        worker = {"worker": "0"}

        def cpu() -> float:
            return value("playout_cpu_seconds_total", worker) or 0.0

        grant = await stage.grant()
        assert (sessions("issued"), sessions("live")) == (1, 0)
        ear = await stage.ear(grant)
        await until(lambda: sessions("live") == 1)
        assert (sessions("issued"), sessions("away")) == (0, 0)
        await ear.send({"cmd": "resume"})
        await ear.hears()
        await until(lambda: cpu() > 0)
        for name in ("gaps_total", "late_ticks_total", "edge_lag_seconds", "shared_sessions"):
            assert value(f"playout_{name}", worker) is not None, name
        assert value("playout_gaps_total", worker) == 0  # a recording is there as a whole
        before = cpu()
        (pid,) = stage.lane.pids
        os.kill(pid, signal.SIGKILL)
        await until(lambda: value("playout_worker_restarts_total", {}) == 1)
        await until(lambda: cpu() > before)
        await until(lambda: sessions("live") == 1)
        await stage.over()
        assert [sessions(state) for state in ("issued", "live", "away")] == [0, 0, 0]
        assert value("listening_closed_total", {"reason": "test_over"}) == 1
