"""The recorder: how many legs of 50 packets a second one core takes without a gap."""

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.report import Measured, percentile
from ringdown.media.files import SystemFiles
from ringdown.media.folders import Folders
from ringdown.media.model import LegAssembler
from ringdown.media.recorder import Recorder
from ringdown.wire.legfile import HEADER_BYTES, LegHeader

SECONDS = 20
LEGS = 200
STEP_S = 0.02


def run() -> Measured:
    """Feed LEGS legs for SECONDS seconds, pinned to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        return _run()
    finally:
        os.sched_setaffinity(0, before)


def _run() -> Measured:
    payload = bytes(range(160))
    with tempfile.TemporaryDirectory() as folder:
        lost: list[int] = []
        recorder = Recorder(
            Folders(Path(folder)),
            SystemFiles(),
            on_state=lambda _state: None,
            on_lost=lambda _leg, start, end: lost.append(end - start),
        )
        assemblers: dict[str, LegAssembler] = {}
        for n in range(LEGS):
            leg_id = f"leg_{n:03d}"
            recorder.open(
                LegHeader(
                    first_instant=datetime(2026, 3, 1, tzinfo=UTC),
                    centre_id="centre_bench",
                    call_id=f"call_{n // 2:03d}",
                    leg_id=leg_id,
                    side="caller" if n % 2 else "call_taker",
                )
            )
            assemblers[leg_id] = LegAssembler()
        recorder.start()
        late: list[float] = []
        cpu = time.process_time()
        began = time.perf_counter()
        for tick in range(int(SECONDS / STEP_S)):
            due = began + tick * STEP_S
            if (wait := due - time.perf_counter()) > 0:
                time.sleep(wait)
            for leg_id, assembler in assemblers.items():
                placed = assembler.push(tick * 160, payload)
                recorder.push(leg_id, placed.pieces)
            late.append(max(0.0, time.perf_counter() - due - STEP_S) * 1000)
        used = (time.process_time() - cpu) / (time.perf_counter() - began)
        for leg_id, assembler in assemblers.items():
            recorder.push(leg_id, assembler.flush().pieces)
        ends = {leg_id: recorder.finish(leg_id) for leg_id in assemblers}
        samples = {leg_id: end.result(timeout=30) for leg_id, end in ends.items()}
        recorder.stop()
        sizes = [f.stat().st_size - HEADER_BYTES for f in Path(folder).rglob("*.leg")]
    whole = sum(n == SECONDS * 8000 for n in samples.values())
    on_disk = sum(size == SECONDS * 8000 for size in sizes)
    gaps = LEGS - min(whole, on_disk) + len(lost)
    room = int(LEGS / used) if used else LEGS
    return Measured(
        title="Recorder on one core",
        asked=f"{LEGS} legs of 50 packets a second, no gap",
        got=f"{min(whole, on_disk)} legs whole, {gaps} with a gap, {used:.0%} of the core",
        met=gaps == 0 and percentile(late, 0.99) < 1000,
        rows={
            "legs": LEGS,
            "packets a second": LEGS * 50,
            "legs whole on disk": on_disk,
            "share of one core": f"{used:.0%}",
            "legs one core would carry at that rate": room,
            "step late, p99 (ms)": round(percentile(late, 0.99), 1),
        },
        how=(
            f"{SECONDS} s of 20 ms packets through placement, queue, writing and syncing threads, "
            "the whole process pinned to one core; then every file is compared in length."
        ),
    )
