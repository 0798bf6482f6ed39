"""The peer: the moonshine-voice library with the model in its wheel, used as its page says."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.speech_data import RATE, Audio, Leg
from ringdown.wire.g711 import decode_ulaw

CHUNK_S = 0.1
UPDATE_S = 1.0


def _transcriber() -> Any:
    import moonshine_voice as mv  # noqa: PLC0415 - its engine is loaded only to be measured

    folder = str(mv.get_model_path("tiny-en"))
    return mv.Transcriber(folder, mv.ModelArch.TINY, update_interval=UPDATE_S)


class Peer:
    """The library on whole clips and on streams, in this process."""

    def __init__(self) -> None:
        self._transcriber = _transcriber()

    def whole(self, samples: Audio) -> str:
        """The text of a clip at 8 kHz."""
        found = self._transcriber.transcribe_without_streaming(samples.tolist(), RATE)
        return " ".join(line.text for line in found.lines)

    def live(self, samples: Audio) -> str:
        """The same fed in chunks of 100 ms, as fast as it takes them."""
        lines: dict[int, str] = {}
        stream = self._transcriber.create_stream()
        stream.add_listener(lambda event: lines.update({event.line.line_id: event.line.text}))
        stream.start()
        step = round(CHUNK_S * RATE)
        padded = np.concatenate([samples, np.zeros(RATE, np.float32)])
        for at in range(0, len(padded), step):
            stream.add_audio(padded[at : at + step].tolist(), RATE)
        stream.stop()
        stream.close()
        return " ".join(lines[key] for key in sorted(lines))

    def close(self) -> None:
        self._transcriber.close()


@contextmanager
def peer() -> Generator[Peer, None, None]:
    made = Peer()
    try:
        yield made
    finally:
        made.close()


@dataclass
class Line:
    """One event of a stream: `done` lines do not change. Times in seconds of the run."""

    leg: int
    at: float
    start: float
    end: float
    done: bool


@dataclass
class PeerRun:
    """What the library did with some legs at real-time pace on one core."""

    lines: list[Line] = field(default_factory=list)
    core_share: float = 0.0
    memory_mb: float = 0.0


def run_live(made: Sequence[Leg], core: int, folder: Path, *, within_s: float) -> PeerRun:
    """Feed legs at the pace of a call to a process of its own that may use one core."""
    for number, leg in enumerate(made):
        (folder / f"{number}.ulaw").write_bytes(leg.codes)
    command = [sys.executable, "-m", "bench.speech_peer", str(folder), str(len(made)), str(core)]
    done = subprocess.run(
        [*command, str(within_s)],
        capture_output=True,
        text=True,
        check=False,
        timeout=within_s + 60,
    )
    if done.returncode:
        raise RuntimeError(f"the library's process ended with {done.returncode}")
    told = json.loads(done.stdout.splitlines()[-1])
    lines = [Line(*line) for line in told["lines"]]
    return PeerRun(lines, told["core_share"], told["memory_mb"])


def _feed(folder: Path, count: int, core: int, within_s: float) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    transcriber = _transcriber()
    legs = [
        decode_ulaw((folder / f"{n}.ulaw").read_bytes()).astype(np.float32) / 32768
        for n in range(count)
    ]
    lines: list[Line] = []
    lock = threading.Lock()
    streams: list[Any] = []
    step = round(CHUNK_S * RATE)
    size = max(map(len, legs))

    def note(number: int, event: Any) -> None:
        line = getattr(event, "line", None)
        if line is None:
            return
        at = time.perf_counter() - began
        with lock:
            end = line.start_time + line.duration
            lines.append(Line(number, at, line.start_time, end, bool(line.is_complete)))

    for number in range(count):
        stream = transcriber.create_stream()
        stream.add_listener(lambda event, number=number: note(number, event))
        stream.start()
        streams.append(stream)
    for stream in streams:  # warm
        stream.add_audio([0.0] * step, RATE)
    offset = CHUNK_S
    began = time.perf_counter()
    cpu = time.process_time()
    at = 0
    while at < size:
        due = began + (at + step) / RATE
        now = time.perf_counter()
        if now - began > within_s:
            break
        if due > now:
            time.sleep(due - now)
        for stream, leg in zip(streams, legs, strict=True):
            stream.add_audio(leg[at : at + step].tolist(), RATE)
        at += step
    passed = time.perf_counter() - began
    share = (time.process_time() - cpu) / passed
    rss = Path("/proc/self/status").read_text(encoding="utf-8") if sys.platform == "linux" else ""
    memory = next((int(x.split()[1]) / 1e3 for x in rss.splitlines() if x.startswith("VmRSS")), 0)
    with lock:
        told = [
            [x.leg, x.at, x.start - offset, x.end - offset, x.done] for x in lines if x.end > offset
        ]
    print(json.dumps({"lines": told, "core_share": share, "memory_mb": memory}), flush=True)
    os._exit(0)  # its threads may be far behind; what counts has been told


if __name__ == "__main__":
    _feed(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
