"""Four channels on one core: how soon words come, and how often they change."""

import tempfile
from pathlib import Path

from bench.report import Measured, percentile
from bench.speech_data import legs, pool, real_pool, scale, talk_share
from bench.speech_live import HANG_S, Delays, Run, cores, delays, flicker, ours, pinned, play
from bench.speech_peer import PeerRun, run_live
from ringdown.speech.model.protocol import Final, Partial
from ringdown.speech.model.segment import WINDOW_MS, CutRules

CHANNELS = 4
SECONDS = 90
INSIDE_S = CutRules().hang_inside * WINDOW_MS / 1000
"""The pause after something that may go on as a number: it is never cut in the middle."""


def run() -> list[Measured]:
    """Ours, then the library on the same legs."""
    seconds = max(20.0, SECONDS * scale())
    kind, said = pool()
    made = legs(CHANNELS, seconds, said)
    mine = play(made)
    theirs, feeder = cores()
    with tempfile.TemporaryDirectory() as folder, pinned(feeder):
        other = run_live(made, theirs, Path(folder), within_s=2 * seconds)
    us = delays(made, ours(mine))
    them = delays(made, peer_said(other))
    how = (
        f"{CHANNELS} legs of {seconds:.0f} s of {kind}, speech {talk_share(made, seconds):.0%} of "
        "the time in turns of 1 to 12 s, written to leg files at the pace of calls; one worker "
        "process on one core. The clock is that of the worker's reports. The library gets the same "
        "legs in chunks of 100 ms, updates every second, in a process on the same core."
    )
    found = [_first(us, them, how), _final(us, them, mine, other), _changes(mine)]
    if real := real_pool():
        heard = legs(CHANNELS, seconds, real)
        late = delays(heard, ours(play(heard)))
        for measured, values in zip(found, (late.first, late.final), strict=False):
            measured.rows["turns of the recordings, median / p95 / worst (s)"] = three(values)
        found[1].rows["of them, those that end in a number wait up to (s)"] = f"{INSIDE_S:.2f}"
    return found


def peer_said(run: PeerRun) -> list[tuple[int, float, float, float, bool]]:
    """What the library said of which stretch."""
    return [(line.leg, line.at, line.start, line.end, line.done) for line in run.lines]


def three(values: list[float]) -> str:
    """Median, 95th percentile and worst."""
    if not values:
        return "none"
    shown = (percentile(values, 0.5), percentile(values, 0.95), max(values))
    return " / ".join(f"{value:.2f}" for value in shown)


def _first(us: Delays, them: Delays, how: str) -> Measured:
    median = percentile(us.first, 0.5) if us.first else float("inf")
    return Measured(
        title="First words after speech begins, 4 channels on a core",
        asked="median ≤ 0.7 s",
        got=f"median {median:.2f} s",
        met=median <= 0.7,
        rows={
            "turns": len(us.first),
            "ours, median / p95 / worst (s)": three(us.first),
            "the library, median / p95 / worst (s)": three(them.first),
        },
        how=how,
        peer=f"median {percentile(them.first, 0.5):.2f} s" if them.first else "no words",
    )


def _final(us: Delays, them: Delays, mine: Run, other: PeerRun) -> Measured:
    late = percentile(us.final, 0.95) if us.final else float("inf")
    return Measured(
        title="End of speech to final words, 4 channels on a core",
        asked="p95 ≤ 0.9 s",
        got=f"p95 {late:.2f} s",
        met=late <= 0.9 and us.missed == 0,
        rows={
            "turns": len(us.final) + us.missed,
            "turns without final words: ours / the library": f"{us.missed} / {them.missed}",
            "ours, median / p95 / worst (s)": three(us.final),
            "the library, median / p95 / worst (s)": three(them.final),
            "share of the core: ours / the library": (
                f"{mine.core_share:.0%} / {other.core_share:.0%}"
            ),
            "memory: ours / the library (MB)": f"{mine.memory_mb[-1]:.0f} / {other.memory_mb:.0f}",
            "the longest pause that ends an utterance by itself (s)": f"{HANG_S:.2f}",
        },
        how=(
            "In the same run; from the last sound of a turn to its last final words. Part of it is "
            "the pause that shows that somebody has finished."
        ),
        peer=f"p95 {percentile(them.final, 0.95):.2f} s" if them.final else "no words",
    )


def _changes(mine: Run) -> Measured:
    changed, shown = flicker(mine)
    share = changed / shown if shown else 0.0
    return Measured(
        title="Words shown that change again",
        asked="measured and published",
        got=f"{share:.1%} of {shown} words shown",
        met=True,
        rows={
            "revisions shown": len(mine.of(Partial)),
            "utterances": len(mine.of(Final)),
            "words that changed or went away": changed,
        },
        how=(
            "In the same run; a word counts once each time it appears at its place, case and "
            "punctuation aside, and as changed when another takes its place or it goes away."
        ),
    )
