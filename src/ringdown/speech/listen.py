"""One leg's ear: audio in, segments of speech out, each with its audio."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringdown.speech.model.resample import Resampler
from ringdown.speech.model.segment import WINDOW_MS, Cut, CutRules, Segment, Segmenter, Window
from ringdown.speech.model.words import FirstHeard, Heard, WordView, assemble
from ringdown.speech.ports import (
    ASR_RATE,
    VAD_WINDOW,
    AsrEngine,
    Piece,
    Pulse,
    Recognised,
    Samples,
    VoiceActivity,
)

STEP = 32
"""Windows judged at a time while catching up: a second, so that a cut repeats little work."""


@dataclass(frozen=True)
class Spoken:
    """What is decided up to window `cursor`: a segment with its audio, or silence."""

    cursor: int
    segment: Segment | None
    samples: Samples


class Ear:
    """Cuts one leg. Its whole state is a function of the audio from its cursor on.

    `rate` is that of the audio kept for the recogniser. Voice activity always listens at 8 kHz:
    it hears telephone speech far better there than in the same audio brought to 16 kHz.
    """

    def __init__(self, vad: VoiceActivity, rules: CutRules, *, rate: int, cursor: int = 0) -> None:
        self._vad = vad
        self._rules = rules
        self._window = rate * WINDOW_MS // 1000
        nothing = np.zeros(0, np.float32)
        self._restart(cursor, nothing, nothing)

    def _restart(self, cursor: int, audio: Samples, narrow: Samples) -> None:
        self._vad.reset()
        self._segmenter = Segmenter(self._rules, cursor)
        self._audio = audio
        """Everything from the cursor on, judged or not."""
        self._narrow = narrow
        """The same at 8 kHz."""

    @property
    def segmenter(self) -> Segmenter:
        """The state of the cutting, to look at."""
        return self._segmenter

    def push(self, audio: Samples, narrow: Samples | None = None) -> list[Spoken]:
        """Take more audio of any length; give what is decided by it.

        `narrow` is the same stretch at 8 kHz; without it `audio` is at 8 kHz itself.
        """
        self._audio = np.concatenate([self._audio, audio])
        self._narrow = np.concatenate([self._narrow, audio if narrow is None else narrow])
        found: list[Spoken] = []
        while True:
            judged = len(self._segmenter.windows)
            whole = min(len(self._audio) // self._window, len(self._narrow) // VAD_WINDOW)
            if whole == judged:
                return found
            cut = self._judge(judged, min(whole, judged + STEP))
            if cut is not None:
                found.append(self._take(cut))

    def finish(self) -> list[Spoken]:
        """The audio has ended: decide the rest."""
        windows = -(-len(self._audio) // self._window)
        found = self.push(
            np.zeros(windows * self._window - len(self._audio), np.float32),
            np.zeros(max(windows * VAD_WINDOW - len(self._narrow), 0), np.float32),
        )
        return [*found, self._take(self._segmenter.finish())]

    def so_far(self) -> tuple[Segment, Samples] | None:
        """The segment that is being spoken, with its audio up to now."""
        segment = self._segmenter.so_far()
        return None if segment is None else (segment, self._cut_out(segment))

    def _judge(self, start: int, end: int) -> Cut | None:
        fresh = self._narrow[start * VAD_WINDOW : end * VAD_WINDOW]
        levels = np.sqrt(np.square(fresh.reshape(-1, VAD_WINDOW)).mean(axis=1))
        chances = self._vad.probabilities(fresh)
        for chance, level in zip(chances, levels, strict=True):
            cut = self._segmenter.push(Window(chance, float(level)))
            if cut is not None:
                return cut
        return None

    def _take(self, cut: Cut) -> Spoken:
        samples = np.zeros(0, np.float32)
        if cut.segment is not None:
            samples = self._cut_out(cut.segment)
        done = cut.cursor - self._segmenter.begin
        audio, narrow = self._audio[done * self._window :], self._narrow[done * VAD_WINDOW :]
        self._restart(cut.cursor, audio, narrow)
        return Spoken(cut.cursor, cut.segment, samples)

    def _cut_out(self, segment: Segment) -> Samples:
        begin, size = self._segmenter.begin, self._window
        return self._audio[(segment.start - begin) * size : (segment.end - begin) * size]


def widen(samples: Samples, rate: int) -> Samples:
    """A segment at the recogniser's rate."""
    if rate == ASR_RATE:
        return samples
    resampler = Resampler(rate, ASR_RATE)
    return np.concatenate([resampler.push(samples), resampler.flush()])


def recognise(
    engine: AsrEngine,
    samples: Samples,
    *,
    previous: Sequence[int] | None = None,
    pulse: Pulse | None = None,
) -> Recognised:
    """Recognise a segment; finals give no `previous`, so that the same audio gives the same."""
    (found,) = engine.transcribe([Piece(samples, tuple(previous or ()))], pulse)
    return found


def word_views(
    recognised: Recognised,
    segment: Segment,
    *,
    origin_ms: int,
    first_heard: FirstHeard | None = None,
    doubtful_below: float,
) -> tuple[tuple[WordView, ...], bool]:
    """Words on the call's clock; `origin_ms` is where the leg begins on it."""
    heard = [Heard(w.word, w.confidence) for w in recognised.words]
    bounds = first_heard.bounds([w.word for w in heard]) if first_heard else ()
    return assemble(
        heard,
        origin_ms=origin_ms + segment.start * WINDOW_MS,
        voiced=segment.voiced,
        bounds=bounds,
        doubtful_below=doubtful_below,
    )
