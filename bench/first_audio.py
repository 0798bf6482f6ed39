"""How soon a listener hears: after asking for a token, and after the media server came back."""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

from tests.listening_stage import Ear, Stage, staged, token_of, until

from bench.report import Measured, percentile

JOINS = 30
RESTARTS = 5
SETTLED_S = 10.5
"""A worker that ran for so long is replaced at once."""


def run() -> list[Measured]:
    """Both, on the real media server and a real worker process."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(Path(folder)))


async def _run(folder: Path) -> list[Measured]:
    async with staged(folder) as stage:
        return [await _joins(stage), await _restarts(stage), await _workers(stage)]


async def _joins(stage: Stage) -> Measured:
    took: list[float] = []
    for number in range(JOINS):
        began = time.monotonic()
        await _playing(stage)
        took.append((time.monotonic() - began) * 1000)
        await stage.over()
        await asyncio.sleep(0.1 + 0.037 * (number % 10))
    p95 = percentile(took, 0.95)
    return Measured(
        "From asking for a token to the first audio",
        "p95 at most 1500 ms",
        f"{p95:.0f} ms",
        p95 <= 1500,
        {"Listeners": JOINS, "p50, ms": round(percentile(took, 0.5)), "p95, ms": round(p95)},
        "A room is made, a worker joins it, the token is given, the listener's SDK joins with it,"
        " is told how the call stands, asks to play, and the first samples leave its jitter"
        " buffer. One listener after another, on the same machine.",
    )


async def _restarts(stage: Stage) -> Measured:
    took: list[float] = []
    for _ in range(RESTARTS):
        ear = await _playing(stage)
        await asyncio.sleep(1)
        await stage.kill_media_server()
        came_back = time.monotonic()
        await ear.hears()
        took.append(time.monotonic() - came_back)
        await stage.over()
    return Measured(
        "From the media server's return to hearing again",
        "at most 3 s",
        f"{max(took):.1f} s at most",
        max(took) <= 3,
        {"Restarts": RESTARTS, "Each, s": [round(one, 2) for one in took]},
        "The server is killed while somebody listens; their SDK reconnects by itself, with the"
        " token and in the room it had. From the new server's first answer to the next samples of"
        " the call.",
    )


async def _workers(stage: Stage) -> Measured:
    took: list[float] = []
    for _ in range(RESTARTS):
        ear = await _playing(stage)
        await asyncio.sleep(SETTLED_S)
        began = time.monotonic()
        (pid,) = stage.lane.pids
        os.kill(pid, signal.SIGKILL)
        await until(lambda pid=pid: stage.lane.pids not in ([], [pid]))
        ear.packets.clear()
        await until(ear.status)
        await ear.hears()
        took.append(time.monotonic() - began)
        await stage.over()
    return Measured(
        "From the loss of a playout worker to hearing again",
        "at most 3 s",
        f"{max(took):.1f} s at most",
        max(took) <= 3,
        {"Workers killed": RESTARTS, "Each, s": [round(one, 2) for one in took]},
        "From the worker's death, so with the start of the one that takes its place, which most of"
        " it is.",
    )


async def _playing(stage: Stage) -> Ear:
    grant = await stage.grant()
    ear = Ear()
    stage.ears.append(ear)
    await ear.join(grant.url, token_of(grant))
    await until(ear.status)
    await ear.send({"cmd": "resume"})
    await ear.hears()
    return ear
