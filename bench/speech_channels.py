"""How many channels one core carries, ours and the library, at the pace of calls."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.report import Measured
from bench.speech_data import RATE, Spoken, legs, pool, scale, talk_share
from bench.speech_latency import peer_said, three
from bench.speech_live import (
    Run,
    Told,
    cores,
    delays,
    flicker,
    ours,
    pinned,
    play,
    worst_backlog,
)
from bench.speech_peer import run_live
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.model.segment import CutRules
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.virtual import VirtualWorker
from ringdown.speech.worker.loop import LoopRules
from ringdown.wire.g711 import decode_ulaw

SECONDS = 40
STEP = 4
FIRST = 16
MOST = 64
LAG_S = 1.5
PEER_FIRST = 2


def run() -> Measured:
    """Upwards from the bar until words come late; downwards if they are late there."""
    seconds = max(15.0, SECONDS * scale())
    kind, said = pool()
    rows: dict[str, object] = {}
    best = _search(lambda n: _ours(n, seconds, said, rows), FIRST, STEP)
    other = _search(lambda n: _peer(n, seconds, said, rows), PEER_FIRST, 1)
    rows[f"ours, {FIRST} channels on a core of its own, in virtual time"] = _virtual(seconds, said)
    share = talk_share(legs(FIRST, seconds, said), seconds)
    return Measured(
        title="Channels on one core",
        asked="≥ 16 with the lag of final words p95 ≤ 1.5 s",
        got=f"{best}",
        met=best >= 16,
        rows=rows,
        how=(
            f"Legs of {seconds:.0f} s of {kind}, speech {share:.0%} of the time in turns of 1 to "
            "12 s, at the pace of calls; one worker process on one core, what feeds it on the "
            "other. Lag: from the end of a turn and the pause that ends an utterance to its last "
            f"final words; a turn without words counts as endless. {STEP} channels more until p95 "
            f"is above {LAG_S} s. The library: streams of one process on the same core."
        ),
        peer=f"{other}",
    )


def _search(ok: Callable[[int], bool], first: int, step: int) -> int:
    """The highest count that is all right, by `step`; 0 if none is. Upwards two steps at once."""
    count = first
    while count > 0 and not ok(count):
        count -= step
    if count < first:
        return max(count, 0)
    while count + 2 * step <= MOST and ok(count + 2 * step):
        count += 2 * step
    return count + step if count + step <= MOST and ok(count + step) else count


def _ours(count: int, seconds: float, said: list[Spoken], rows: dict[str, object]) -> bool:
    made = legs(count, seconds, said)
    done = play(made)
    found = delays(made, ours(done))
    changed, shown = flicker(done)
    rows[f"ours, {count} channels"] = (
        f"lag p95 {found.lag():.2f} s; end of speech to final words, median / p95 / worst "
        f"{three(found.final)} s; first words {three(found.first)} s; {found.missed} of "
        f"{found.missed + len(found.final)} turns without words; core {done.core_share:.0%}; "
        f"most audio waiting {worst_backlog(done):.1f} s; "
        f"words that changed {changed / max(shown, 1):.1%}"
    )
    print(f"    ours, {count}: {rows[f'ours, {count} channels']}", flush=True)
    return found.lag() <= LAG_S


def _virtual(seconds: float, said: list[Spoken]) -> str:
    """The bar's count where other programs on the machine do not count: CPU time is the clock."""
    made = legs(FIRST, seconds, said)
    run = Run()
    settings = SpeechSettings()
    rules = LoopRules(CutRules(), settings.doubtful_below, settings.partial_every_ms / 1000)
    audio = [decode_ulaw(leg.codes).astype(np.float32) / 32768 for leg in made]
    began = time.process_time()
    with (
        open_engine(settings) as engine,
        VirtualWorker(
            engine,
            SileroModel().new,
            lambda report, at: run.told.append(Told(at, report)),
            rules,
            cost=time.process_time,
        ) as worker,
    ):
        for _ in made:
            worker.follow()
        for at in range(0, len(audio[0]), RATE // 5):
            worker.hear([leg[at : at + RATE // 5] for leg in audio])
        used = (time.process_time() - began) / seconds
        worker.end()
    found = delays(made, ours(run))
    return (
        f"lag p95 {found.lag():.2f} s; end of speech to final words {three(found.final)} s; "
        f"first words {three(found.first)} s; core {used:.0%}"
    )


def _peer(count: int, seconds: float, said: list[Spoken], rows: dict[str, object]) -> bool:
    made = legs(count, seconds, said)
    core, feeder = cores()
    with tempfile.TemporaryDirectory() as folder, pinned(feeder):
        done = run_live(made, core, Path(folder), within_s=seconds + 10)
    found = delays(made, peer_said(done))
    rows[f"the library, {count} channels"] = (
        f"lag p95 {found.lag():.2f} s; end of speech to final words {three(found.final)} s; "
        f"{found.missed} of {found.missed + len(found.final)} turns without words; "
        f"core {done.core_share:.0%}"
    )
    print(f"    the library, {count}: {rows[f'the library, {count} channels']}", flush=True)
    return found.lag() <= LAG_S
