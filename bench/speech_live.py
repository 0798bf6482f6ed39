"""A real worker process on one core, fed with legs at the pace of calls; what it told, and when."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.report import percentile
from bench.speech_data import RATE, Leg, Turn
from ringdown.core.events import Value
from ringdown.speech.model.protocol import (
    Done,
    End,
    Final,
    Follow,
    Heartbeat,
    Partial,
    Ready,
    decode_report,
    encode,
)
from ringdown.speech.model.segment import WINDOW_MS, CutRules
from ringdown.speech.model.utterance import LegRef, UtteranceView
from ringdown.speech.model.words import plain
from ringdown.speech.settings import SpeechSettings
from ringdown.wire.legfile import LegHeader, encode_header

TICK_S = 0.04
HANG_S = CutRules().hang_over * WINDOW_MS / 1000
"""The pause that ends an utterance: before it nobody can know that it has ended."""
SETTLE_S = 6.0
"""How long words may come after the last audio."""


@dataclass
class Told:
    """One report and when it came, in seconds since the first audio."""

    at: float
    report: Value


@dataclass
class Run:
    """What a worker did with some legs."""

    told: list[Told] = field(default_factory=list)
    core_share: float = 0.0
    memory_mb: list[float] = field(default_factory=list)
    """At equal steps of the audio."""

    def of(self, kind: type) -> list[Told]:
        return [one for one in self.told if isinstance(one.report, kind)]


class WorkerRun:
    """A worker process and the files of the legs it follows."""

    def __init__(self, folder: Path, core: int | None) -> None:
        self._folder = folder
        self.told: list[Told] = []
        self._ready = threading.Event()
        self._done = 0
        self.began = time.perf_counter()
        settings = SpeechSettings().model_dump_json()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ringdown.speech.worker", "--settings", settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self._process.pid, {core})  # its threads will inherit it
        self.process = psutil.Process(self._process.pid)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(60):
            raise RuntimeError("the worker did not get ready")

    def follow(self, number: int) -> Path:
        """Begin a leg; gives the file to write to."""
        leg_id = f"leg_{number}"
        header = LegHeader("centre_b", "call_b", leg_id, "caller", datetime(2026, 3, 1, tzinfo=UTC))
        path = self._folder / f"{leg_id}.leg"
        path.write_bytes(encode_header(header))
        ref = LegRef(
            centre_id="centre_b",
            call_id="call_b",
            leg_id=leg_id,
            side="caller",
            start_ms=0,
            folders=(str(self._folder),),
        )
        self.send(Follow(leg=ref, from_sample=0))
        return path

    def send(self, order: Value) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(encode(order))
        self._process.stdin.flush()

    def wait_done(self, legs: int, within_s: float) -> bool:
        """Whether every leg is done in time."""
        until = time.perf_counter() + within_s
        while self._done < legs and time.perf_counter() < until and self._process.poll() is None:
            time.sleep(0.02)
        return self._done >= legs

    def cpu_s(self) -> float:
        used = self.process.cpu_times()
        return used.user + used.system

    def memory_mb(self) -> float:
        return self.process.memory_info().rss / 1e6

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(5)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            report = decode_report(line)
            self.told.append(Told(time.perf_counter() - self.began, report))
            if isinstance(report, Ready):
                self._ready.set()
            self._done += isinstance(report, Done)


@contextmanager
def worker(core: int | None) -> Generator[WorkerRun, None, None]:
    """A worker with its folder, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        made = WorkerRun(Path(folder), core)
        try:
            yield made
        finally:
            made.close()


def cores() -> tuple[int, int]:
    """The core of the worker and the core of what feeds it."""
    if not hasattr(os, "sched_getaffinity"):
        return 0, 0
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[-1]


@contextmanager
def pinned(core: int) -> Generator[None, None, None]:
    """This process on one core."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def play(made: Sequence[Leg]) -> Run:
    """Legs at real-time pace; the worker has one core, this process another."""
    theirs, ours = cores()
    size = len(made[0].codes)
    step = round(TICK_S * RATE)
    with worker(theirs) as one, pinned(ours):
        files = [one.follow(number).open("ab", buffering=0) for number in range(len(made))]
        time.sleep(0.3)
        one.told.clear()
        cpu = one.cpu_s()
        one.began = began = time.perf_counter()
        for at in range(0, size, step):
            wait = began + (at + step) / RATE - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            for file, leg in zip(files, made, strict=True):
                file.write(leg.codes[at : at + step])
        share = (one.cpu_s() - cpu) / (time.perf_counter() - began)
        memory = one.memory_mb()
        for number, file in enumerate(files):
            file.close()
            one.send(End(leg_id=f"leg_{number}"))
        one.wait_done(len(made), SETTLE_S)
        return Run(list(one.told), share, [memory])


@dataclass
class Delays:
    """Seconds from what happened on a leg to what was told of it."""

    final: list[float]
    """From the end of a turn to its last final words."""
    first: list[float]
    """From the beginning of a turn to the first words of it."""
    missed: int
    """Turns of which no final words came."""

    def lag(self, share: float = 0.95) -> float:
        """How late final words are beyond the pause that ends an utterance; a miss is endless."""
        every = [one - HANG_S for one in self.final] + [float("inf")] * self.missed
        return percentile(every, share) if every else float("inf")


Said = tuple[int, float, float, float, bool]
"""Leg, when it was told, start and end of the speech it covers, and whether it was final."""


def ours(run: Run) -> list[Said]:
    """What our worker said of which stretch."""
    found: list[Said] = []
    for one in run.told:
        if isinstance(one.report, Partial | Final):
            said = one.report.utterance
            number = int(said.leg_id.rpartition("_")[2])
            done = isinstance(one.report, Final)
            found.append((number, one.at, said.start_ms / 1000, said.end_ms / 1000, done))
    return found


def delays(made: Sequence[Leg], said: Sequence[Said]) -> Delays:
    """Match what was said with the turns of the legs."""
    found = Delays([], [], 0)
    for number, leg in enumerate(made):
        here = [one for one in said if one[0] == number]
        for turn in leg.turns:
            mine = [one for one in here if _covers(one, turn)]
            last = [at for _, at, _, end, done in mine if done and end > turn.end - 1.0]
            if last:
                found.final.append(max(last) - turn.end)
            else:
                found.missed += 1
            if mine:
                found.first.append(min(at for _, at, _, _, _ in mine) - turn.start)
    return found


def _covers(said: Said, turn: Turn) -> bool:
    _, _, start, end, _ = said
    return min(end, turn.end) - max(start, turn.start) > 0.1


def flicker(run: Run) -> tuple[int, int]:
    """How many words that were shown changed or went away again, and how many were shown."""
    latest: dict[str, list[str]] = {}
    shown = changed = 0
    for one in run.told:
        if not isinstance(one.report, Partial | Final):
            continue
        view: UtteranceView = one.report.utterance
        words = [plain(word.word) for word in view.words]
        before = latest.get(view.utterance_id, [])
        same = [a == b for a, b in zip(before, words, strict=False)]
        changed += len(before) - sum(same)
        shown += len(words) - sum(same)
        latest[view.utterance_id] = words
    return changed, shown


def worst_backlog(run: Run) -> float:
    """The most audio that ever waited, in seconds, as the worker itself tells."""
    return max((one.report.lag_ms / 1000 for one in run.of(Heartbeat)), default=0.0)
