"""One leg's ear: audio in, segments of speech out, each with its audio."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ringdown.speech.model.resample import Resampler
from ringdown.speech.model.segment import (
    WINDOW_MS,
    Answer,
    Cut,
    CutRules,
    Segment,
    Segmenter,
    Window,
)
from ringdown.speech.model.unconfirmed import unconfirmed
from ringdown.speech.model.utterance import NumberView
from ringdown.speech.model.words import FirstHeard, Heard, WordView, assemble
from ringdown.speech.ports import (
    ASR_RATE,
    VAD_RATE,
    VAD_WINDOW,
    Before,
    Recognised,
    Samples,
    SharedVoiceActivity,
    VoiceActivity,
)
from ringdown.spoken.numbers import find_numbers

STEP = 32
"""Windows judged at a time while catching up: a second, so that a cut repeats little work."""

CLOSE = 40
"""Windows between two segments up to which the second may go on with what the first said."""


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

    With `asks`, the ear stops in a pause until somebody says what the words before it mean for it
    (`question`, `answer`); audio that comes meanwhile is kept.
    """

    def __init__(
        self,
        vad: VoiceActivity,
        rules: CutRules,
        *,
        rate: int,
        cursor: int = 0,
        asks: bool = False,
    ) -> None:
        self.vad = vad
        self._rules = rules
        self._asks = asks
        self._window = rate * WINDOW_MS // 1000
        self._audio = _Store()
        """Everything from the cursor on, judged or not."""
        self._narrow = _Store()
        """The same at 8 kHz, for voice activity."""
        self._restart(cursor)

    def _restart(self, cursor: int) -> None:
        self.vad.reset()
        self._segmenter = Segmenter(self._rules, cursor, self._asks)
        self._chances: deque[float] = deque()
        """Chances of windows that are not judged yet."""

    @property
    def segmenter(self) -> Segmenter:
        """The state of the cutting, to look at."""
        return self._segmenter

    def push(self, audio: Samples, narrow: Samples | None = None) -> list[Spoken]:
        """Take more audio of any length; give what is decided by it.

        `narrow` is the same stretch at 8 kHz; without it `audio` is at 8 kHz itself.
        """
        self.add(audio, narrow)
        return listen([self])[0]

    def add(self, audio: Samples, narrow: Samples | None = None) -> None:
        """Take more audio and decide nothing yet; `listen` does."""
        self._audio.add(audio)
        self._narrow.add(audio if narrow is None else narrow)

    def unheard(self) -> Samples:
        """The next whole windows for voice activity, a second at most; none while asking."""
        known = len(self._segmenter.windows) + len(self._chances)
        whole = min(len(self._audio) // self._window, len(self._narrow) // VAD_WINDOW)
        if self._segmenter.asking or self._chances:
            whole = known
        return self._narrow.part(known * VAD_WINDOW, min(whole, known + STEP) * VAD_WINDOW)

    def judge(self, chances: Iterable[float] = ()) -> Spoken | None:
        """Go on with these chances of speech of the windows after those judged, up to a cut."""
        self._chances.extend(chances)
        while self._chances and not self._segmenter.asking:
            at = len(self._segmenter.windows) * VAD_WINDOW
            level = float(np.sqrt(np.square(self._narrow.part(at, at + VAD_WINDOW)).mean()))
            cut = self._segmenter.push(Window(self._chances.popleft(), level))
            if cut is not None:
                return self._take(cut)
        return None

    @property
    def asking(self) -> bool:
        """Whether the words of `so_far` must be judged before this ear goes on."""
        return self._segmenter.asking

    def answer(self, verdict: Answer, apart: Sequence[tuple[int, int]] = ()) -> None:
        """See `Segmenter.answer`; the ear goes on at the next `listen`."""
        self._segmenter.answer(verdict, apart)

    def finish(self) -> list[Spoken]:
        """The audio has ended: decide the rest. While the ear asks, it cannot be finished."""
        windows = -(-len(self._audio) // self._window)
        found = self.push(
            np.zeros(windows * self._window - len(self._audio), np.float32),
            np.zeros(max(windows * VAD_WINDOW - len(self._narrow), 0), np.float32),
        )
        if self.asking:
            return found
        return [*found, self._take(self._segmenter.finish())]

    def so_far(self) -> tuple[Segment, Samples] | None:
        """The segment that is being spoken, with its audio up to now."""
        segment = self._segmenter.so_far()
        return None if segment is None else (segment, self._cut_out(segment))

    def open_segment(self) -> Segment | None:
        """The same without the audio."""
        return self._segmenter.so_far()

    def _take(self, cut: Cut) -> Spoken:
        samples = np.zeros(0, np.float32)
        if cut.segment is not None:
            samples = self._cut_out(cut.segment)
        done = cut.cursor - self._segmenter.begin
        self._audio.drop(done * self._window)
        self._narrow.drop(done * VAD_WINDOW)
        self._restart(cut.cursor)
        return Spoken(cut.cursor, cut.segment, samples)

    def _cut_out(self, segment: Segment) -> Samples:
        begin, size = self._segmenter.begin, self._window
        return self._audio.part((segment.start - begin) * size, (segment.end - begin) * size).copy()


class _Store:
    """Samples that grow at the end and are dropped at the beginning, without copying them all."""

    def __init__(self) -> None:
        self._held = np.zeros(VAD_RATE, np.float32)
        self._from = self._to = 0

    def __len__(self) -> int:
        return self._to - self._from

    def add(self, samples: Samples) -> None:
        if self._to + len(samples) > len(self._held):
            kept = self.part(0, len(self))
            room = np.zeros(2 * (len(kept) + len(samples)) + VAD_RATE, np.float32)
            room[: len(kept)] = kept
            self._held, self._from, self._to = room, 0, len(kept)
        self._held[self._to : self._to + len(samples)] = samples
        self._to += len(samples)

    def part(self, start: int, end: int) -> Samples:
        return self._held[self._from + start : min(self._from + max(start, end), self._to)]

    def drop(self, count: int) -> None:
        self._from += count


def listen(ears: Sequence[Ear]) -> list[list[Spoken]]:
    """What each ear decides by the audio it has; windows of several ears are heard together."""
    found: list[list[Spoken]] = [[] for _ in ears]
    busy = list(range(len(ears)))
    while busy:
        fresh = [ears[index].unheard() for index in busy]
        chances = _chances([ears[index].vad for index in busy], fresh)
        going: list[int] = []
        for index, mine, samples in zip(busy, chances, fresh, strict=True):
            ear = ears[index]
            spoken = ear.judge(mine)
            if spoken is not None:
                found[index].append(spoken)
            if spoken is not None or len(samples):
                going.append(index)
        busy = going
    return found


def _chances(vads: Sequence[VoiceActivity], fresh: Sequence[Samples]) -> list[list[float]]:
    chances: list[list[float]] = [[] for _ in vads]
    waiting = [index for index, samples in enumerate(fresh) if len(samples)]
    if len(waiting) > 1 and isinstance(first := vads[waiting[0]], SharedVoiceActivity):
        together = first.together(
            [vads[index] for index in waiting], [fresh[index] for index in waiting]
        )
        for index, mine in zip(waiting, together, strict=True):
            chances[index] = mine
    else:
        for index in waiting:
            chances[index] = vads[index].probabilities(fresh[index])
    return chances


def widen(samples: Samples, rate: int) -> Samples:
    """A segment at the recogniser's rate."""
    if rate == ASR_RATE:
        return samples
    resampler = Resampler(rate, ASR_RATE)
    return np.concatenate([resampler.push(samples), resampler.flush()])


@dataclass(frozen=True)
class Said:
    """What was said last on a leg: where it ends (window), its audio and its tokens."""

    end: int
    samples: Samples
    tokens: tuple[int, ...]

    def before(self, segment: Segment, rate: int) -> Before | None:
        """For a segment that follows closely; silence between them is left out."""
        if not self.tokens or not 0 <= segment.start - self.end <= CLOSE:
            return None
        return Before(widen(self.samples, rate), self.tokens)


def word_views(
    recognised: Recognised,
    segment: Segment,
    *,
    origin_ms: int,
    first_heard: FirstHeard | None = None,
    doubtful_below: float,
) -> tuple[tuple[WordView, ...], bool]:
    """Words on the call's clock; `origin_ms` is where the leg begins on it."""
    heard = [Heard(w.word, w.confidence, w.start_ms, w.end_ms) for w in recognised.words]
    bounds = first_heard.bounds([w.word for w in heard]) if first_heard else ()
    views, doubtful = assemble(
        heard,
        origin_ms=origin_ms + segment.start * WINDOW_MS,
        voiced=segment.voiced,
        bounds=bounds,
        doubtful_below=doubtful_below,
        doubted=bool(recognised.doubts),
    )
    words = [view.word for view in views]
    marks = unconfirmed(words, find_numbers(words))
    return tuple(
        view.model_copy(update={"unconfirmed": mark})
        for view, mark in zip(views, marks, strict=True)
    ), doubtful


def numbers_in(words: Sequence[WordView]) -> tuple[NumberView, ...]:
    """The numbers among these words, written."""
    return tuple(
        NumberView(
            first_word=found.first,
            last_word=found.last,
            kind=found.kind,
            written=found.written,
            alternatives=found.alternatives,
        )
        for found in find_numbers([word.word for word in words])
    )
