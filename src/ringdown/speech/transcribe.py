"""A whole file into words: as one looks at a finished recording, or as live as on a call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from ringdown.core.errors import Unavailable
from ringdown.core.events import Value
from ringdown.speech.audio_files import AudioFile, Rate, Sides, open_audio
from ringdown.speech.listen import Ear, Said, Spoken, widen, word_views
from ringdown.speech.model.gate import hopeless, measure
from ringdown.speech.model.protocol import Final, Trouble
from ringdown.speech.model.segment import WINDOW_MS, CutRules
from ringdown.speech.model.words import WordView
from ringdown.speech.ports import ASR_RATE, VAD_RATE, AsrEngine, Piece, Samples, VoiceActivity
from ringdown.speech.virtual import VirtualWorker
from ringdown.speech.worker.loop import LoopRules
from ringdown.speech.worker.say import judged

Progress = Callable[[float], None]
"""Told how many seconds of the recording have been listened to."""

Watch = Callable[[Value, float], None]
"""Told each report of the worker's loop and the time of the audio in seconds."""


class StretchUnheard(Unavailable):
    """The recogniser failed on part of a recording; the words would not be complete."""

    code: ClassVar[str] = "speech.stretch_unheard"
    action: ClassVar[str] = "Try again; if it repeats, use another engine and report this."


@dataclass(frozen=True)
class Line:
    """What one side said without a long pause; times are ms from the file's beginning."""

    side: int
    """The channel, from 1; 1 as well when the channels were mixed."""
    start_ms: int
    end_ms: int
    words: tuple[WordView, ...]
    doubtful: bool
    engine: str
    doubts: tuple[str, ...] = ()
    """Why the whole is doubtful, as codes."""

    @property
    def text(self) -> str:
        """The words as they are read."""
        return " ".join(word.word for word in self.words)


@dataclass(frozen=True)
class Heard:
    """A file in words: its lines in the order in which they begin."""

    duration_s: float
    sides: int
    lines: tuple[Line, ...]

    @property
    def words(self) -> list[WordView]:
        """All words."""
        return [word for line in self.lines for word in line.words]

    @property
    def text(self) -> str:
        """All text."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Listener:
    """How to listen; the engine is not shared between threads."""

    engine: AsrEngine
    new_vad: Callable[[], VoiceActivity]
    rules: CutRules = field(default_factory=CutRules)
    doubtful_below: float = 0.8
    partial_every_s: float = 1.0

    def file(
        self,
        path: Path,
        *,
        sides: Sides = "mix",
        live: bool = False,
        watch: Watch | None = None,
        progress: Progress | None = None,
    ) -> Heard:
        """Memory grows with what is said only. Raises AudioMissing, AudioUnreadable, or what
        the engine raises.

        `live` takes the path of a call: telephone audio (8 kHz µ-law) in a leg file, followed by
        the worker's loop in virtual time; `watch` then sees its every report.
        """
        audio = open_audio(path)
        count = audio.sides(sides)
        blocks = _counted(audio, count, progress)
        if live:
            return self._live(audio.rate, count, blocks, watch)
        return self._whole(audio.rate, count, blocks)

    def _whole(self, rate: int, sides: int, blocks: Iterable[list[Samples]]) -> Heard:
        ears = [_SideEar(self, side + 1, rate) for side in range(sides)]
        frames = 0
        for block in blocks:
            frames += len(block[0])
            for ear, samples in zip(ears, block, strict=True):
                ear.push(samples)
        for ear in ears:
            ear.finish()
        return Heard(frames / rate, sides, _ordered(line for ear in ears for line in ear.lines))

    def _live(
        self, rate: int, sides: int, blocks: Iterable[list[Samples]], watch: Watch | None
    ) -> Heard:
        lines: list[Line] = []

        def tell(report: Value, at: float) -> None:
            if watch:
                watch(report, at)
            if isinstance(report, Trouble):
                raise StretchUnheard("part of the recording could not be recognised")
            if isinstance(report, Final):
                said = report.utterance
                side = int(said.leg_id.rpartition("_")[2]) + 1
                lines.append(
                    Line(
                        side,
                        said.start_ms,
                        said.end_ms,
                        said.words,
                        said.doubtful,
                        said.engine,
                        said.doubts,
                    )
                )

        rules = LoopRules(self.rules, self.doubtful_below, self.partial_every_s)
        rates = [Rate(rate, VAD_RATE) for _ in range(sides)]
        frames = 0
        with VirtualWorker(self.engine, self.new_vad, tell, rules) as worker:
            for _ in range(sides):
                worker.follow()
            for block in blocks:
                frames += len(block[0])
                worker.hear([one.push(samples) for one, samples in zip(rates, block, strict=True)])
            worker.hear([one.flush() for one in rates])
            worker.end()
        return Heard(frames / rate, sides, _ordered(lines))


class _SideEar:
    """One side of a file: cut, and each segment recognised once it is complete."""

    def __init__(self, listener: Listener, side: int, rate: int) -> None:
        self._listener = listener
        self._side = side
        self._rate = VAD_RATE if rate == VAD_RATE else ASR_RATE
        self._ear = Ear(listener.new_vad(), listener.rules, rate=self._rate)
        self._wide, self._narrow = Rate(rate, self._rate), Rate(rate, VAD_RATE)
        self.lines: list[Line] = []
        self._said: Said | None = None

    def push(self, samples: Samples) -> None:
        """More audio, at the file's rate."""
        self._take(self._ear.push(self._wide.push(samples), self._narrow.push(samples)))

    def finish(self) -> None:
        """The file has ended."""
        self._take(self._ear.push(self._wide.flush(), self._narrow.flush()))
        self._take(self._ear.finish())

    def _take(self, found: Iterable[Spoken]) -> None:
        for spoken in found:
            segment = spoken.segment
            if segment is None:
                continue
            engine = self._listener.engine
            sound = measure(spoken.samples, rate=self._rate)
            if hopeless(sound):
                continue
            before = self._said.before(segment, self._rate) if self._said else None
            piece = Piece(widen(spoken.samples, self._rate), before=before)
            (recognised,) = engine.transcribe([piece])
            recognised = judged(recognised, sound, segment)
            words, doubtful = word_views(
                recognised, segment, origin_ms=0, doubtful_below=self._listener.doubtful_below
            )
            if words:
                self._said = Said(segment.end, spoken.samples, recognised.tokens)
                start, end = segment.start * WINDOW_MS, segment.end * WINDOW_MS
                name = recognised.engine or engine.capabilities.name
                self.lines.append(
                    Line(self._side, start, end, words, doubtful, name, recognised.doubts)
                )


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.start_ms, line.side)))


def _counted(audio: AudioFile, sides: int, progress: Progress | None) -> Iterable[list[Samples]]:
    frames = 0
    for block in audio.blocks(sides):
        # In seconds of audio, so that progress moves while a long block is listened to.
        for at in range(0, len(block[0]), audio.rate):
            part = [np.ascontiguousarray(one[at : at + audio.rate]) for one in block]
            yield part
            frames += len(part[0])
            if progress:
                progress(frames / audio.rate)
