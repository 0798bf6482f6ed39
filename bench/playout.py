"""Playing to listeners: cost of a session, silences, the live edge, and scrub to sound."""

import asyncio
import json
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import psutil
from tests.playout_stage import (
    Listener,
    Recording,
    WorkerProcess,
    caller_hz,
    demo_call,
    make_room,
    media_server,
    soon,
    token,
    worker,
)

from bench.report import Measured, percentile
from ringdown.listening.model.protocol import Close, Gains, Restore, State, Stats
from ringdown.wire.g711 import encode_ulaw

SECONDS = float(os.environ.get("RINGDOWN_BENCH_PLAYOUT_S", "300"))
LIVE = int(os.environ.get("RINGDOWN_BENCH_PLAYOUT_LIVE", "25"))
OWN = int(os.environ.get("RINGDOWN_BENCH_PLAYOUT_OWN", "16"))
PEERS = 4
SCRUBS = 40
WARM_S = 4.0


def run() -> list[Measured]:
    """Everything, on the real media server and one worker process."""
    with tempfile.TemporaryDirectory() as folder, media_server(Path(folder)) as url:
        return asyncio.run(_run(url, Path(folder)))


async def _run(url: str, folder: Path) -> list[Measured]:
    peer_worker, peer_server = await _peers(url)
    peer = peer_worker + peer_server
    made: list[Measured] = []
    for title, count, asked, own in (
        ("Live-edge listeners on one core", LIVE, 25, False),
        ("Listeners with cursors and gains of their own on one core", OWN, 16, True),
    ):
        async with worker() as process:
            call = _speech(folder, secrets.token_hex(4), live=not own)
            cost = await _cost(url, process, call, count, own=own)
            each = (cost.worker + cost.server) / count
            made.append(
                Measured(
                    title,
                    f"at least {asked}, no silence over 60 ms",
                    f"{1 / each:.0f} at {each * 100:.1f} % of a core each, server included",
                    1 / each >= asked and cost.silence_ms <= 60,
                    {
                        "Sessions played at once": count,
                        "Seconds": round(cost.seconds),
                        "Worker, % of a core for each": round(100 * cost.worker / count, 2),
                        "Media server, % of a core for each": round(100 * cost.server / count, 2),
                        "Longest silence heard, ms": cost.silence_ms,
                        "Late turns": cost.late,
                        "One SDK publisher per session, % of a core for each": round(100 * peer, 2),
                        "Ratio to that": round(peer / each, 2),
                    },
                    "Noise as loud as speech, so that nothing is saved by silence. The cost is the"
                    " processor time of the worker and of the media server, by session.",
                )
            )
            if not own:
                made.append(
                    Measured(
                        "Live edge behind the recording",
                        "p95 at most 250 ms",
                        f"{cost.lag_ms} ms",
                        cost.lag_ms <= 250,
                        {"Looks": cost.looks},
                        "From the newest sample in the file to what has been played, as told each"
                        " second for every listener.",
                    )
                )
    async with worker() as process:
        made.append(await _scrubs(url, process, demo_call(folder / "scrubs")))
    return made


class Cost:
    """Shares of a core, and what was heard."""

    worker = server = seconds = 0.0
    silence_ms = late = lag_ms = looks = 0


def _speech(folder: Path, name: str, *, live: bool) -> Recording:
    call = Recording(folder / name)
    noise = np.random.default_rng(2).normal(0, 3000, 8000 * 5).astype(np.int16)
    audio = encode_ulaw(noise) * (1 if live else 24 + int(SECONDS / 5))
    call.write("caller", audio, growing=live)
    call.write("call_taker", audio, growing=live)
    return call


async def _cost(
    url: str, process: WorkerProcess, call: Recording, count: int, *, own: bool
) -> Cost:
    growing = asyncio.ensure_future(_grow(call))
    tokens: list[str] = []
    for number in range(count):
        name = f"s{number}"
        room = secrets.token_hex(6)
        await make_room(url, room)
        restore = None
        if own:
            gains = Gains(caller=-3, call_taker=3)
            restore = Restore(position=number * 1000, paused=False, gains=gains)
        jwt = token(room, f"wrk_{name}", publishes=True)
        process.order(call.open(name, jwt, url, restore=restore))
        tokens.append(token(room, f"lst_{name}"))
    async with _program("bench.playout_listeners", url, str(SECONDS + 3 * WARM_S), *tokens) as ears:
        assert ears.stdout is not None
        await ears.stdout.readline()
        await asyncio.sleep(WARM_S)
        first = len(process.reports)
        server = _server()
        ours = psutil.Process(process.process.pid)
        before = (_cpu(ours), _cpu(server), asyncio.get_running_loop().time())
        late = process.of(Stats)[-1].late_ticks
        await asyncio.sleep(SECONDS)
        cost = Cost()
        cost.seconds = asyncio.get_running_loop().time() - before[2]
        cost.worker = (_cpu(ours) - before[0]) / cost.seconds
        cost.server = (_cpu(server) - before[1]) / cost.seconds
        stats = [r for r in process.reports[first:] if isinstance(r, Stats)]
        cost.late = stats[-1].late_ticks - late
        behind = [
            float(r.duration - r.position)
            for r in process.reports[first:]
            if isinstance(r, State) and r.at_edge
        ]
        cost.looks = len(behind)
        cost.lag_ms = round(percentile(behind, 0.95)) if behind else 0
        heard = json.loads(await ears.stdout.readline())
        cost.silence_ms = heard["longest_silence_ms"]
    growing.cancel()
    for number in range(count):
        process.order(Close(session_id=f"s{number}"))
    return cost


async def _grow(call: Recording) -> None:
    """Live legs go on in real time, 40 ms at a time, as the recorder writes them."""
    noise = np.random.default_rng(3).normal(0, 3000, 320).astype(np.int16)
    piece = encode_ulaw(noise)
    loop = asyncio.get_running_loop()
    began, sent = loop.time(), 0
    while True:
        due = int((loop.time() - began) / 0.04)
        call.grow(piece * (due - sent))
        sent = due
        await asyncio.sleep(0.02)


async def _peers(url: str) -> tuple[float, float]:
    """What one SDK publisher per session costs: of a core, in its process and in the server."""
    running: list[asyncio.subprocess.Process] = []
    tokens: list[str] = []
    server = _server()
    try:
        for number in range(PEERS):
            room = secrets.token_hex(6)
            await make_room(url, room)
            jwt = token(room, f"wrk_{number}", publishes=True)
            running.append(
                await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "bench.playout_peer", url, jwt
                )
            )
            tokens.append(token(room, f"lst_{number}"))
        async with _program("bench.playout_listeners", url, "3600", *tokens) as ears:
            assert ears.stdout is not None
            await ears.stdout.readline()
            await asyncio.sleep(WARM_S)
            processes = [psutil.Process(one.pid) for one in running]
            began = asyncio.get_running_loop().time()
            before = sum(map(_cpu, processes)), _cpu(server)
            await asyncio.sleep(min(SECONDS, 15))
            seconds = asyncio.get_running_loop().time() - began
            after = sum(map(_cpu, processes)), _cpu(server)
    finally:
        for one in running:
            one.kill()
            await one.wait()
    return tuple((b - a) / seconds / PEERS for a, b in zip(before, after, strict=True))  # type: ignore[return-value]


async def _scrubs(url: str, process: WorkerProcess, call: Recording) -> Measured:
    room = secrets.token_hex(6)
    await make_room(url, room)
    process.order(call.open("s", token(room, "wrk_s", publishes=True), url))
    listener = Listener()
    await listener.join(url, token(room, "lst_s"))
    await soon(lambda: listener.told and listener.tracks)
    await listener.send(cmd="resume")
    await listener.hears(caller_hz(1))
    loop = asyncio.get_running_loop()
    took: list[float] = []
    for number in range(SCRUBS):
        second = (7 * number + 20) % 80
        since, at = len(listener.audio), loop.time()
        await listener.send(cmd="scrub", position=second * 1000)
        await listener.hears(caller_hz(second), since, 1500)
        took.append((loop.time() - at) * 1000)
        await asyncio.sleep(0.35 + 0.01 * (number % 7))
    await listener.leave()
    p95 = percentile(took, 0.95)
    return Measured(
        "From scrub to sound",
        "p95 at most 120 ms",
        f"{p95:.0f} ms",
        p95 <= 120,
        {"Scrubs": SCRUBS, "p50, ms": round(percentile(took, 0.5)), "p95, ms": round(p95)},
        "From sending the command to the first samples of the new place out of the listener's"
        " jitter buffer, on the same machine; the tone is looked for every 20 ms, over 30 ms.",
    )


@asynccontextmanager
async def _program(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield running
    finally:
        running.kill()
        await running.wait()


def _server() -> psutil.Process:
    """The media server that this process has started."""
    children = psutil.Process().children()
    return next(child for child in children if "livekit-server" in child.name())


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
