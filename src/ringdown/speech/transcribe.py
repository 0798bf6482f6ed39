"""A whole file into words, with the same cutting and the same engine as on a call."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import soundfile as sf  # pyright: ignore[reportMissingTypeStubs]

from ringdown.core.errors import Invalid, NotFound
from ringdown.speech.listen import Ear, Spoken, recognise, widen, word_views
from ringdown.speech.model.resample import Resampler
from ringdown.speech.model.segment import CutRules
from ringdown.speech.model.words import WordView
from ringdown.speech.ports import ASR_RATE, VAD_RATE, AsrEngine, Samples, VoiceActivity

BLOCK_S = 10
LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000


class AudioMissing(NotFound):
    """There is no such file."""

    code: ClassVar[str] = "speech.audio.missing"
    action: ClassVar[str] = "Check the path."


class AudioUnreadable(Invalid):
    """The file is no audio that we can read."""

    code: ClassVar[str] = "speech.audio.unreadable"
    action: ClassVar[str] = "Give WAV, FLAC or Ogg (Opus, Vorbis); the file may be damaged."


def transcribe_file(
    path: Path,
    engine: AsrEngine,
    vad: VoiceActivity,
    *,
    rules: CutRules | None = None,
    doubtful_below: float = 0.8,
) -> list[WordView]:
    """The words of a file, channels mixed; times from its beginning.

    Memory does not grow with its length. Raises AudioMissing or AudioUnreadable.
    """
    words: list[WordView] = []
    for spoken, rate in _spoken(path, vad, rules or CutRules()):
        if spoken.segment is None:
            continue
        recognised = recognise(engine, widen(spoken.samples, rate))
        found, _ = word_views(
            recognised, spoken.segment, origin_ms=0, doubtful_below=doubtful_below
        )
        words.extend(found)
    return words


def _spoken(path: Path, vad: VoiceActivity, rules: CutRules) -> Iterator[tuple[Spoken, int]]:
    if not path.is_file():
        raise AudioMissing("there is no such file")
    try:
        with sf.SoundFile(path) as file:
            yield from _cut(file, vad, rules)
    except (sf.SoundFileError, RuntimeError, OSError) as error:
        # libsndfile names every failure in words of its own; none of them is ours to show.
        raise AudioUnreadable(
            "this file is no audio that we can read", details={"reason": type(error).__name__}
        ) from None


def _cut(file: sf.SoundFile, vad: VoiceActivity, rules: CutRules) -> Iterator[tuple[Spoken, int]]:
    rate = file.samplerate
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioUnreadable("this sample rate is not that of speech", details={"rate": rate})
    kept_rate = VAD_RATE if rate == VAD_RATE else ASR_RATE
    ear = Ear(vad, rules, rate=kept_rate)
    wide, narrow = _Rate(rate, kept_rate), _Rate(rate, VAD_RATE)
    for block in file.blocks(blocksize=BLOCK_S * rate, dtype="float32", always_2d=True):
        mono = np.nan_to_num(np.asarray(block, np.float32).mean(axis=1))
        yield from ((found, kept_rate) for found in ear.push(wide.push(mono), narrow.push(mono)))
    rest = ear.push(wide.flush(), narrow.flush())
    yield from ((found, kept_rate) for found in [*rest, *ear.finish()])


class _Rate:
    """A resampler that does nothing between equal rates."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._resampler = None if rate_in == rate_out else Resampler(rate_in, rate_out)

    def push(self, samples: Samples) -> Samples:
        """More audio."""
        return samples if self._resampler is None else self._resampler.push(samples)

    def flush(self) -> Samples:
        """What is left."""
        return np.zeros(0, np.float32) if self._resampler is None else self._resampler.flush()
