"""Words written where nobody speaks: ten minutes of sounds through the live path."""

from collections import Counter

import numpy as np
import soundfile as sf

from bench.report import Measured
from bench.speech_data import RATE, scale
from bench.speech_peer import peer
from ringdown import demo
from ringdown.core.events import Value
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.model.protocol import Final, Partial
from ringdown.speech.model.segment import CutRules
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.virtual import VirtualWorker
from ringdown.speech.worker.loop import LoopRules
from ringdown.testing.sounds import Stretch, non_speech

MINUTES = 10
BAR = 2
CHUNK_S = 30


def run() -> Measured:
    """Ours as on a call; the library on the same audio in pieces of half a minute."""
    minutes = max(1.0, MINUTES * scale())
    voices, _ = sf.read(demo.load().audio, dtype="float32", always_2d=True)
    audio, stretches = non_speech(minutes, np.concatenate([voices[:, 0], voices[:, 1]]))
    audio = np.asarray(audio, np.float32)
    by_kind: Counter[str] = Counter()
    unmarked = 0
    shown: dict[str, int] = {}

    def tell(report: Value, _: float) -> None:
        nonlocal unmarked
        if isinstance(report, Partial | Final):
            said = report.utterance
            words = len(said.words)
            shown[said.utterance_id] = max(shown.get(said.utterance_id, 0), words)
            if isinstance(report, Final):
                by_kind[_kind(stretches, (said.start_ms + said.end_ms) / 2000)] += words
                unmarked += 0 if said.doubtful else words

    settings = SpeechSettings()
    rules = LoopRules(CutRules(), settings.doubtful_below, settings.partial_every_ms / 1000)
    with (
        open_engine(settings) as engine,
        VirtualWorker(engine, SileroModel().new, tell, rules) as worker,
    ):
        worker.follow()
        for at in range(0, len(audio), RATE):
            worker.hear([audio[at : at + RATE]])
        worker.end()
    step = CHUNK_S * RATE
    with peer() as library:
        theirs = sum(
            len(library.whole(audio[at : at + step]).split()) for at in range(0, len(audio), step)
        )
    written = sum(by_kind.values())
    kinds = Counter(stretch.label for stretch in stretches)
    per_ten = written * MINUTES / minutes
    return Measured(
        title="Words written in 10 minutes without speech",
        asked=f"≤ {BAR}",
        got=f"{per_ten:g}",
        met=per_ten <= BAR,
        rows={
            "minutes": f"{len(audio) / RATE / 60:.1f}",
            "by kind of sound": _listed(by_kind),
            "of them in a line that is not marked doubtful": unmarked,
            "words shown in passing, at most": sum(shown.values()),
            "the library": theirs,
            "kinds of sound": ", ".join(sorted(kinds)),
        },
        how=(
            "Generated: silence, noise, tones, keys, text telephones, sirens, music, screams and "
            "the like, at telephone levels; babble and stutter are cut from the demo call's "
            "voices. Through the worker's loop in virtual time; the library gets the same in "
            f"pieces of {CHUNK_S} s."
        ),
        peer=f"{theirs * MINUTES / minutes:g}",
    )


def _kind(stretches: list[Stretch], at_s: float) -> str:
    sample = at_s * RATE
    return next((one.label for one in stretches if sample < one.end + RATE // 2), "the end")


def _listed(counted: Counter[str]) -> str:
    found = +counted
    return ", ".join(f"{kind} {count}" for kind, count in found.most_common()) or "none"
