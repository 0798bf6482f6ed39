"""A three-hour call at twenty times its pace: memory and cost a minute stay flat."""

import asyncio
import secrets
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil

from bench.report import Measured
from ringdown.core.sensitive import Sensitive
from ringdown.demo import load as load_demo
from ringdown.media.replay import CallFacts, Recording, Replay, Target, load
from ringdown.testing.instance import Person, running

HOURS = 3
SPEED = 20.0
SAMPLES = 36
SETTLED = 0.25
"""The share of the call after which memory counts: caches and the engine are warm by then."""


@dataclass(frozen=True)
class Sample:
    """One look at the server: how far the call is (min), memory (MB), CPU used so far (s)."""

    at_min: float
    server_mb: float
    worker_mb: float
    cpu_s: float
    yardstick_s: float
    """CPU time of the same small piece of work at this moment: a busy machine makes it dearer."""


def run() -> Measured:
    """Play it and look at the processes as it goes."""
    samples, words = asyncio.run(_play())
    late = [s for s in samples if s.at_min >= HOURS * 60 * SETTLED]
    third = len(late) // 3
    rows: dict[str, object] = {"minutes of call": HOURS * 60, "speed": SPEED, "final words": words}
    flat: list[float] = []
    for name, of in (("server", "server_mb"), ("speech worker", "worker_mb")):
        first = _mean([getattr(s, of) for s in late[:third]])
        last = _mean([getattr(s, of) for s in late[-third:]])
        flat.append(abs(last / first - 1))
        rows[f"{name} memory, first and last third (MB)"] = f"{first:.0f} → {last:.0f}"
    costs = [(b.cpu_s - a.cpu_s) / (b.at_min - a.at_min) for a, b in pairwise(late)]
    first, last = _mean(costs[: len(costs) // 3]), _mean(costs[-(len(costs) // 3) :])
    rows["CPU a minute of call, first and last third (s)"] = f"{first:.2f} → {last:.2f}"
    sticks = [(a.yardstick_s + b.yardstick_s) / 2 for a, b in pairwise(late)]
    fair = [cost / stick for cost, stick in zip(costs, sticks, strict=True)]
    growth = _mean(fair[-(len(fair) // 3) :]) / _mean(fair[: len(fair) // 3]) - 1
    rows["the yardstick, least and most (ms)"] = (
        f"{min(sticks) * 1e3:.1f} / {max(sticks) * 1e3:.1f}"
    )
    return Measured(
        title="A three-hour call",
        asked="memory flat within 5 %, cost a minute flat",
        got=f"memory {max(flat):+.1%} at most, cost {growth:+.1%}",
        met=max(flat) <= 0.05 and growth <= 0.1,
        rows=rows,
        how=(
            "The demo call, repeated, fed to the media socket of a server process. First and last "
            f"third of the call after its first {SETTLED:.0%}; a minute's cost is the CPU time of "
            "the server and its speech worker together, divided by the CPU time of the same small "
            "piece of work at that moment, since other work on the machine makes every step dearer."
        ),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _long(recording: Recording) -> Recording:
    times = HOURS * 3600 * 1000 // recording.duration_ms + 1
    size = HOURS * 3600 * 8000
    return Recording({side: (audio * times)[:size] for side, audio in recording.sides.items()})


async def _play() -> tuple[list[Sample], int]:
    recording = _long(load([load_demo().audio]))
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data") as server:
            person = Person(server.address)
            assert server.setup_link is not None
            await person.set_up(
                server.setup_link, username="bench", password=secrets.token_urlsafe(16)
            )
            issued = await person.ask(
                "POST", "/v1/clients", {"name": "Bench", "scopes": ["media:ingest"]}
            )
            sent_ms = 0

            def moved(ms: int) -> None:
                nonlocal sent_ms
                sent_ms = ms

            replay = Replay(
                Target(
                    server.media_url,
                    issued["client_id"],
                    Sensitive(issued["client_secret"], "client.secret"),
                ),
                CallFacts("bench-long"),
                recording,
                speed=SPEED,
                on_progress=moved,
            )
            process = psutil.Process(server.process.pid)
            async with asyncio.TaskGroup() as group:
                playing = group.create_task(replay.run())
                while not playing.done():
                    await asyncio.wait([playing], timeout=HOURS * 3600 / SPEED / SAMPLES)
                    samples.append(_look(process, sent_ms))
            (call,) = (await person.ask("GET", "/v1/calls?state=ended"))["calls"]
            said = await person.ask("GET", f"/v1/calls/{call['call_id']}/transcript")
            await person.close()
    return samples[:-1], sum(len(u["words"]) for u in said["utterances"])


def _look(process: psutil.Process, sent_ms: int) -> Sample:
    workers = [c for c in process.children() if "ringdown.speech.worker" in c.cmdline()]
    every = [process, *workers]
    return Sample(
        at_min=sent_ms / 60_000,
        server_mb=process.memory_info().rss / 1e6,
        worker_mb=sum(w.memory_info().rss for w in workers) / 1e6,
        cpu_s=sum(p.cpu_times().user + p.cpu_times().system for p in every),
        yardstick_s=_yardstick(),
    )


def _yardstick() -> float:
    """CPU seconds of a fixed piece of work on one thread; the median of five."""
    signal = np.sin(np.arange(1 << 16))
    times: list[float] = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(20):
            np.fft.rfft(signal)
        times.append(time.process_time() - began)
    return sorted(times)[2]
