"""How soon a listener hears: after asking for a token, and again after something was lost."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.listening_stage import Ear, Stage, staged, token_of, until

from bench.report import Measured, percentile

JOINS = 30
LOSSES = 10
SETTLED_S = 10.5
"""A worker that ran for so long is replaced at once."""
ASKED_S = 3


def run() -> list[Measured]:
    """Everything, on the real media server and a real worker process."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(Path(folder)))


async def _run(folder: Path) -> list[Measured]:
    async with staged(folder) as stage:
        return [await _joins(stage), await _server_lost(stage), await _worker_lost(stage)]


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
        " asks to play, and the first samples leave its jitter buffer. One listener after"
        " another, on the same machine.",
    )


async def _server_lost(stage: Stage) -> Measured:
    async def lose() -> float:
        await stage.kill_media_server()
        return time.monotonic()

    return await _again(
        stage,
        lose,
        "From the media server's return to hearing again",
        "The server is killed while somebody listens; their SDK reconnects by itself, with the"
        " token and in the room it had. From the new server's first answer to the next samples of"
        " the call.",
    )


async def _worker_lost(stage: Stage) -> Measured:
    async def lose() -> float:
        await asyncio.sleep(SETTLED_S)
        (pid,) = stage.lane.pids
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        await until(lambda: stage.lane.pids not in ([], [pid]))
        return began

    return await _again(
        stage,
        lose,
        "From the loss of a playout worker to hearing again",
        "From the worker's death, so with the start of the one that takes its place, which most of"
        " it is.",
    )


async def _again(
    stage: Stage, lose: Callable[[], Awaitable[float]], title: str, how: str
) -> Measured:
    """`lose` has something lost and says from when to count."""
    took: list[float] = []
    for _ in range(LOSSES):
        ear = await _playing(stage)
        await asyncio.sleep(1)
        since = await lose()
        ear.packets.clear()
        await until(ear.status)  # what was on its way before has been heard by then
        await ear.hears()
        took.append(time.monotonic() - since)
        await stage.over()
    return Measured(
        title,
        f"at most {ASKED_S} s",
        f"{max(took):.1f} s at most",
        max(took) <= ASKED_S,
        {"Losses": LOSSES, "Each, s": [round(one, 2) for one in took]},
        how,
    )


async def _playing(stage: Stage) -> Ear:
    grant = await stage.grant()
    ear = Ear()
    stage.ears.append(ear)
    await ear.join(grant.url, token_of(grant))
    await ear.send({"cmd": "resume"})
    await ear.hears()
    return ear
