"""Estimated word times against synthesised speech whose times are known."""

import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf

from bench.report import Measured, percentile
from bench.speech_data import RATE, Audio, Spoken, scale, sentences
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.evaluate.align import align
from ringdown.speech.evaluate.normalise import normalise
from ringdown.speech.model.words import WordView
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.transcribe import Listener

LEAD_S = 1.5
PAIRS = 2
"""Sentences said in one breath as well, so that segments are long."""


def run() -> Measured:
    """Each sentence alone, then two at a time, through the live path."""
    every = sentences()
    if not every[0].times:
        raise RuntimeError("flite is needed: it says when each word is spoken")
    every = every[: max(4, round(len(every) * scale()))]
    passages = [[one] for one in every] + [
        every[n : n + PAIRS] for n in range(0, len(every), PAIRS)
    ]
    starts: list[float] = []
    ends: list[float] = []
    words = 0
    with open_engine(SpeechSettings()) as engine, tempfile.TemporaryDirectory() as folder:
        listener = Listener(engine, SileroModel().new)
        path = Path(folder) / "said.wav"
        for passage in passages:
            audio, truth = _lay(passage)
            sf.write(path, audio, RATE, subtype="PCM_16")
            heard = listener.file(path, live=True).words
            words += len(truth)
            for said, view in _right(truth, heard):
                starts.append(abs(view.start_ms / 1000 - said[0]))
                ends.append(abs(view.end_ms / 1000 - said[1]))
    both = starts + ends
    return Measured(
        title="Word times, estimated",
        asked="measured and published",
        got=f"off by {_ms(both, 0.5)} ms at the median, {_ms(both, 0.95)} ms at p95",
        met=True,
        rows={
            "words said": words,
            "words heard right, whose times count": len(starts),
            "beginning of a word, median / p95 (ms)": f"{_ms(starts, 0.5)} / {_ms(starts, 0.95)}",
            "end of a word, median / p95 (ms)": f"{_ms(ends, 0.5)} / {_ms(ends, 0.95)}",
        },
        how=(
            "Sentences spoken by flite, which prints when each phone ends; the phones of a word "
            "spoken alone are aligned with those of the sentence, which gives each word's true "
            "times. Alone and two in one breath, as telephone audio through the live path."
        ),
        peer="gives no word times with this model",
    )


Truth = list[tuple[str, tuple[float, float]]]


def _lay(passage: list[Spoken]) -> tuple[Audio, Truth]:
    parts: list[Audio] = [np.zeros(round(LEAD_S * RATE), np.float32)]
    truth: Truth = []
    at = LEAD_S
    for one in passage:
        truth += [
            (word, (at + start, at + end))
            for word, (start, end) in zip(normalise(one.text), one.times, strict=True)
        ]
        pause = np.zeros(RATE // 4, np.float32)
        parts += [one.samples, pause]
        at += one.seconds + len(pause) / RATE
    parts.append(np.zeros(2 * RATE, np.float32))
    return np.concatenate(parts), truth


def _right(truth: Truth, heard: list[WordView]) -> list[tuple[tuple[float, float], WordView]]:
    """Words heard right, with their true times; a heard word that is several is left out."""
    single = [(parts[0], view) for view in heard if len(parts := normalise(view.word)) == 1]
    steps = align([word for word, _ in truth], [word for word, _ in single])
    return [
        (truth[step.said][1], single[step.heard][1])
        for step in steps
        if step.kind == "right" and step.said is not None and step.heard is not None
    ]


def _ms(values: list[float], share: float) -> int:
    return round(1000 * percentile(values, share)) if values else -1
