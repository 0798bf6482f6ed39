"""The memory of a worker over an hour of audio, faster than life."""

import time

from bench.report import Measured
from bench.speech_data import RATE, legs, pool, scale
from bench.speech_live import cores, worker
from ringdown.speech.model.protocol import End, Final

HOUR_S = 3600
SPEED = 30.0
LEGS = 2
"""Two sides of a call, so that both batches and single segments occur."""
SAMPLES = 60
WARM = 0.15
"""The share of the hour after which memory counts."""


def run() -> Measured:
    """An hour of two legs, in pieces of a second."""
    seconds = HOUR_S * scale()
    kind, said = pool()
    made = legs(LEGS, seconds, said)
    theirs, _ = cores()
    memory: list[float] = []
    with worker(theirs) as one:
        files = [one.follow(number).open("ab", buffering=0) for number in range(LEGS)]
        started = one.memory_mb()
        began = time.perf_counter()
        one.began = began
        every = max(1, int(seconds) // SAMPLES)
        for second in range(int(seconds)):
            wait = began + second / SPEED - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            for file, leg in zip(files, made, strict=True):
                file.write(leg.codes[second * RATE : (second + 1) * RATE])
            if second % every == 0:
                memory.append(one.memory_mb())
        for number, file in enumerate(files):
            file.close()
            one.send(End(leg_id=f"leg_{number}"))
        whole = one.wait_done(LEGS, 3 * seconds)
        memory.append(one.memory_mb())
        words = sum(
            len(told.report.utterance.words) for told in one.told if isinstance(told.report, Final)
        )
        took = time.perf_counter() - began
    late = memory[int(len(memory) * WARM) :]
    third = max(1, len(late) // 3)
    first, last = sum(late[:third]) / third, sum(late[-third:]) / third
    growth = last / first - 1
    return Measured(
        title="Memory of a worker over an hour of audio",
        asked="≤ 400 MB and flat",
        got=f"{max(memory):.0f} MB at most, {growth:+.1%} from the first to the last third",
        met=whole and max(memory) <= 400 and growth <= 0.05,
        rows={
            "minutes of audio, each leg": f"{seconds / 60:.0f}",
            "legs": LEGS,
            "every leg done": "yes" if whole else "no",
            "final words": words,
            "with the models loaded (MB)": f"{started:.0f}",
            "first third / last third / most (MB)": (
                f"{first:.0f} / {last:.0f} / {max(memory):.0f}"
            ),
            "times real pace": f"{seconds / took:.1f}",
        },
        how=(
            f"Two legs of {kind}, speech 45 % of the time, written {SPEED:.0f} times faster than "
            f"life, so that the worker is always behind; resident memory at {SAMPLES} points, from "
            f"{WARM:.0%} of the hour on."
        ),
    )
