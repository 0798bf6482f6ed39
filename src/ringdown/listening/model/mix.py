"""From the two sides at 8 kHz to one mono track at 16 kHz: gains, mix and a limiter.

Every piece is made from the recording by sample index, with a little of what lies around it, so a
piece does not depend on how the audio was cut before, and a scrub needs no warming up. Only the
gains (which move in ramps) and the limiter go on from piece to piece.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.listening.model.protocol import Gains

RATE_IN: Final = 8000
RATE: Final = 16_000
PER_MS: Final = RATE // 1000
BLOCK: Final = PER_MS
"""The limiter decides once a millisecond."""
AHEAD_MS: Final = 6
"""How far the limiter looks ahead."""
HALF: Final = 24
"""Samples of the recording that the resampler needs on each side."""
CONTEXT_MS: Final = AHEAD_MS + HALF * 1000 // RATE_IN
"""How much of the recording is needed after the end of a piece."""
RAMP_MS: Final = 10
CEILING: Final = 0.97 * 32767
_RELEASE: Final = 1 / 120
"""The limiter lets go in about a tenth of a second."""

Audio = NDArray[np.float32]
Pcm16 = NDArray[np.int16]
Sides = dict[str, Audio]


def _phases() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Windowed-sinc taps of the samples on the input's grid and of those half-way between."""
    cutoff = 0.96
    made: list[NDArray[np.float32]] = []
    for shift in (0.0, 0.5):
        distance = np.arange(-HALF + 1, HALF + 1) - shift
        inside = np.clip(1 - (distance / HALF) ** 2, 0, 1)
        taps = cutoff * np.sinc(cutoff * distance) * np.i0(8.0 * np.sqrt(inside)) / np.i0(8.0)
        made.append((taps / taps.sum()).astype(np.float32)[::-1].copy())
    return made[0], made[1]


_ON, _BETWEEN = _phases()


def widen(samples: Audio) -> Audio:
    """8 kHz to 16 kHz. The first `HALF` - 1 and the last `HALF` samples are context alone."""
    made = np.empty(2 * (len(samples) - 2 * HALF + 1), np.float32)
    made[0::2] = np.convolve(samples, _ON, "valid")
    made[1::2] = np.convolve(samples, _BETWEEN, "valid")
    return made


def linear(decibels: float) -> float:
    """A level as a factor."""
    return float(10 ** (decibels / 20))


@dataclass(frozen=True)
class Span:
    """The samples of the recording (8 kHz) that a piece of `ms` at `position` ms is made from."""

    position: int
    ms: int

    @property
    def first(self) -> int:
        """The first sample, which may lie before the call."""
        return self.position * (RATE_IN // 1000) - HALF + 1

    @property
    def end(self) -> int:
        """The sample after the last."""
        return (self.position + self.ms + AHEAD_MS) * (RATE_IN // 1000) + HALF


class Voice:
    """One mix as somebody hears it: the gains on their way, and the limiter."""

    def __init__(self, gains: Gains) -> None:
        self.gains = gains
        self._level = {side: linear(gain) for side, gain in _by_side(gains).items()}
        self._limit = 1.0

    def copy(self) -> "Voice":
        """Another that goes on exactly as this one would."""
        other = Voice(self.gains)
        other._level, other._limit = dict(self._level), self._limit
        return other

    @property
    def plain(self) -> bool:
        """Whether it neither changes levels nor is on its way to or from doing so."""
        return all(level == 1.0 for level in self._level.values()) and self.gains == Gains()

    def settle(self) -> None:
        """What comes next has nothing to do with what was played: no ramps from there."""
        self._level = {side: linear(gain) for side, gain in _by_side(self.gains).items()}
        self._limit = 1.0

    def play(self, sides: Sides) -> Pcm16:
        """Mix a piece that was widened with `AHEAD_MS` of what follows; those are not returned."""
        total = self._mixed(sides)
        return np.rint(self._limited(total)).astype(np.int16)

    def _mixed(self, sides: Sides) -> Audio:
        total: Audio | None = None
        for side, wanted in _by_side(self.gains).items():
            samples = sides.get(side)
            level, goal = self._level[side], linear(wanted)
            if samples is not None:
                part: Audio = samples * np.float32(goal)
                if level != goal:
                    ramp = np.full(len(samples), goal, np.float32)
                    count = min(RAMP_MS * PER_MS, len(samples) - AHEAD_MS * PER_MS)
                    ramp[:count] = np.linspace(level, goal, count, endpoint=False)
                    part = samples * ramp
                total = part if total is None else total + part
            self._level[side] = goal
        return np.zeros(0, np.float32) if total is None else total

    def _limited(self, total: Audio) -> Audio:
        keep = len(total) - AHEAD_MS * PER_MS
        if self._limit == 1.0 and float(np.abs(total).max(initial=0.0)) <= CEILING:
            return total[:keep]
        peaks = np.abs(total.reshape(-1, BLOCK)).max(axis=1)
        allowed = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9)).tolist()
        # The gain at the border before block b; inside a block it goes straight from one border
        # to the next, and both lie below what the block allows.
        borders = [min(self._limit, allowed[0])]
        for block in range(keep // BLOCK):
            coming = (
                allowed[block + ahead] + max(ahead - 1, 0) / AHEAD_MS
                for ahead in range(AHEAD_MS + 1)
            )
            borders.append(min(*coming, borders[-1] + _RELEASE, 1.0))
        self._limit = borders[-1]
        at = np.arange(keep, dtype=np.float32) / BLOCK
        gain = np.interp(at, np.arange(len(borders)), borders).astype(np.float32)
        return total[:keep] * gain


def _by_side(gains: Gains) -> dict[str, float]:
    """The gain of each kind of channel; one that mixes both sides goes with the caller's.

    With a single channel the sides are not separable, so both gains are the same.
    """
    return {"caller": gains.caller, "call_taker": gains.call_taker, "mixed": gains.caller}


def fade(samples: Pcm16, *, rising: bool, ms: int = 5) -> Pcm16:
    """The samples with a short ramp at their beginning: up from silence, or down to it."""
    count = min(ms * PER_MS, len(samples))
    ramp = np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)
    made = samples.astype(np.float32)
    if rising:
        made[:count] *= ramp
    else:
        made[:count] *= 1 - ramp
        made[count:] = 0
    return np.rint(made).astype(np.int16)


def joined(old: Pcm16, new: Pcm16) -> Pcm16:
    """`new`, coming up from silence while `old` (what would have been played) goes down."""
    made = fade(new, rising=True).astype(np.int32)
    tail = fade(old[: len(new)], rising=False)
    made[: len(tail)] += tail
    return np.clip(made, -32768, 32767).astype(np.int16)
