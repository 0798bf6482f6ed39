"""The spectrum of telephone audio in short and long frames, and the strongest tones in it.

Frames lie at fixed places of the leg and are worked on a fixed number at a time, so that what is
found depends on the audio alone, to the last bit.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]
Floats = NDArray[np.float32]

TONE_RATE: Final = 8000
"""Samples a second of everything here."""


@dataclass(frozen=True)
class Grid:
    """Frames of `size` samples, one each `hop` samples."""

    size: int
    hop: int

    @property
    def step(self) -> float:
        """Hertz from one bin to the next."""
        return TONE_RATE / self.size


SHORT: Final = Grid(size=200, hop=80)
"""For what changes quickly: keys pressed."""
LONG: Final = Grid(size=1024, hop=320)
"""For tones that lie close to each other."""


class Spectra:
    """Powers of a row of frames; the power of a sine of amplitude A is A²/2 at its peak."""

    def __init__(self, audio: Audio, grid: Grid, window: Floats) -> None:
        frames = np.lib.stride_tricks.sliding_window_view(audio, grid.size)[:: grid.hop]
        weighed = frames * window
        self._grid = grid
        spectrum = np.fft.rfft(weighed, axis=1)
        scale = 2.0 / float(window.sum()) ** 2
        self.power = (np.square(spectrum.real) + np.square(spectrum.imag)) * scale
        self.total = np.square(weighed).sum(axis=1) / float(np.square(window).sum())
        """Mean square of each frame."""

    def tonal(self, share: float, above: float = 0.0) -> bool:
        """Whether one bin above some hertz holds that share of a frame's energy, in any frame.

        A cheap look first: most audio needs no closer one.
        """
        first = int(above / self._grid.step)
        return bool((self.power[:, first:].max(axis=1) >= share * self.total + 1e-12).any())

    def peak(self, low: float, high: float) -> tuple[Floats, Floats]:
        """Frequency and power of the strongest peak between two frequencies, in each frame."""
        step = self._grid.step
        first, last = int(np.floor(low / step)), int(np.ceil(high / step)) + 1
        rows = np.arange(len(self.power))
        at = self.power[:, first:last].argmax(axis=1) + first
        before = np.log(self.power[rows, at - 1] + 1e-20)
        top = np.log(self.power[rows, at] + 1e-20)
        after = np.log(self.power[rows, at + 1] + 1e-20)
        bend = np.minimum(before - 2 * top + after, -1e-6)
        shift = np.clip(0.5 * (before - after) / bend, -0.5, 0.5)
        power = np.exp(top - 0.25 * (before - after) * shift)
        return (at + shift) * step, power


def hann(size: int) -> Floats:
    """The periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
