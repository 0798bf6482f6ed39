"""Recordings of any kind, read block by block: WAV, FLAC, Ogg and MP3 through libsndfile."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import soundfile as sf  # pyright: ignore[reportMissingTypeStubs]

from ringdown.core.errors import Invalid, NotFound
from ringdown.speech.model.resample import Resampler
from ringdown.speech.ports import Samples

BLOCK_S = 10
LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000
APART_BELOW = 0.5
"""Two channels more alike than this are one recording of the same thing; a call's two sides are
hardly alike at all."""
Sides = Literal["auto", "each", "mix"]


class AudioMissing(NotFound):
    """There is no such file."""

    code: ClassVar[str] = "speech.audio.missing"
    action: ClassVar[str] = "Check the path."


class AudioUnreadable(Invalid):
    """The file is no audio that we can read."""

    code: ClassVar[str] = "speech.audio.unreadable"
    action: ClassVar[str] = "Give WAV, FLAC, Ogg (Opus, Vorbis) or MP3; the file may be damaged."


class AudioFile:
    """A recording. Its blocks are mono, from minus one to one, one for each side."""

    def __init__(self, path: Path, file: sf.SoundFile) -> None:
        self._path = path
        self.rate: int = file.samplerate
        self.channels: int = file.channels
        self.duration_s: float = max(file.frames, 0) / file.samplerate
        """As its header says; some compressed files only estimate it."""

    def sides(self, wanted: Sides) -> int:
        """How many sides to listen to: 1 when channels are mixed. `auto` reads the file once.

        Two channels are a call's two sides when they differ; more than two, or two of the same
        sound, are mixed. Raises AudioUnreadable.
        """
        if wanted == "each":
            return self.channels
        return 2 if wanted == "auto" and self.channels == 2 and self._apart() else 1

    def blocks(self, sides: int) -> Iterator[list[Samples]]:
        """The whole file from its beginning. Raises AudioUnreadable."""
        for block in self._read():
            yield (
                [np.ascontiguousarray(block[:, side]) for side in range(sides)]
                if sides > 1
                else [block.mean(axis=1, dtype=np.float32)]
            )

    def _apart(self) -> bool:
        products = np.zeros((2, 2))
        for block in self._read():
            wide = block.astype(np.float64)
            products += wide.T @ wide
        powers = np.sqrt(np.diag(products))
        if not powers.all():
            return bool(powers.any())  # one side is silent: mixing would only halve the other
        return abs(products[0, 1]) < APART_BELOW * powers[0] * powers[1]

    def _read(self) -> Iterator[Samples]:
        # Opened anew for each reading: not every codec can go back to the beginning.
        with _opened(self._path) as file:
            while True:
                try:
                    block = file.read(BLOCK_S * self.rate, dtype="float32", always_2d=True)
                except (sf.SoundFileError, RuntimeError, OSError) as error:
                    raise unreadable(error) from None
                if not len(block):
                    return
                found = np.nan_to_num(np.asarray(block, np.float32), posinf=0.0, neginf=0.0)
                yield np.clip(found, -1.0, 1.0)


def unreadable(error: Exception) -> AudioUnreadable:
    """The error we show; libsndfile names every failure in words of its own."""
    return AudioUnreadable(
        "this file is no audio that we can read", details={"reason": type(error).__name__}
    )


def open_audio(path: Path) -> AudioFile:
    """A recording that can be read. Raises AudioMissing or AudioUnreadable."""
    with _opened(path) as file:
        return AudioFile(path, file)


def _opened(path: Path) -> sf.SoundFile:
    if not path.is_file():
        raise AudioMissing("there is no such file")
    try:
        file = sf.SoundFile(path)
    except (sf.SoundFileError, RuntimeError, OSError) as error:
        raise unreadable(error) from None
    if not LOWEST_RATE <= file.samplerate <= HIGHEST_RATE:
        file.close()
        raise AudioUnreadable(
            "this sample rate is not that of speech", details={"rate": file.samplerate}
        )
    return file


class Rate:
    """A resampler that does nothing between equal rates."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._resampler = None if rate_in == rate_out else Resampler(rate_in, rate_out)

    def push(self, samples: Samples) -> Samples:
        """More audio."""
        return samples if self._resampler is None else self._resampler.push(samples)

    def flush(self) -> Samples:
        """What is left."""
        return np.zeros(0, np.float32) if self._resampler is None else self._resampler.flush()
