"""What a telephone network sends instead of speech: dial, busy, ringing, fax and special tones."""

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from ringdown.speech.model.tone_frames import LONG, Spectra

ProgressKind = Literal["dial", "busy", "reorder", "ringback", "fax", "sit", "alarm"]

PAIRS: Final = {"dial": (350.0, 440.0), "ringback": (440.0, 480.0), "busy": (480.0, 620.0)}
"""The precise tone plan of North America."""
SINGLES: Final = {
    "425": (425.0, 8.0),
    "cng": (1100.0, 38.0),
    "ans": (2100.0, 20.0),
    "sit1": (950.0, 45.0),
    "sit2": (1400.0, 35.0),
    "sit3": (1790.0, 35.0),
}
"""Frequency and tolerance in hertz; 425 Hz is the tone plan of most other countries."""
ALARM_HZ: Final = (2900.0, 3380.0)
"""Where the sounders of smoke alarms lie."""
PURE: Final = 0.85
FAINTEST: Final = 3e-6
FRAME_MS: Final = LONG.hop // 8
GAP: Final = 2
"""Frames that may fail inside a burst: a reversal of phase, a click."""
STEADY: Final = 0.012
"""Frequencies of frames that follow each other may differ by this share."""
CONTINUOUS_MS: Final = 1500
LONGEST_MS: Final = 20_000
"""A tone that goes on is told again after so long."""
FORGET_MS: Final = 8000


@dataclass(frozen=True)
class Burst:
    """One tone without a pause (ms of the leg)."""

    name: str
    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it sounded."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True)
class Progress:
    """A tone of the network, or an alarm (ms of the leg)."""

    kind: ProgressKind
    start_ms: int
    end_ms: int


def names_in(spectra: Spectra) -> list[str]:
    """The name of the tone or pair of tones in each frame, or an empty text."""
    total = np.maximum(spectra.total, 1e-20)
    loud = spectra.total >= FAINTEST
    names = _alarms_in(spectra) if spectra.tonal(0.03, 2800) else [""] * len(total)
    if not spectra.tonal(0.25):
        return names
    top_hz, top = spectra.peak(300, 2300)
    single = loud & (top >= PURE * total)
    pairs = {name: _pair(spectra, first, second) & loud for name, (first, second) in PAIRS.items()}
    for row in range(len(names)):
        if single[row]:
            found = _single(float(top_hz[row]))
        else:
            found = next((name for name, fits in pairs.items() if fits[row]), "")
        names[row] = found or names[row]
    return names


def _single(hertz: float) -> str:
    fitting = (name for name, (hz, off) in SINGLES.items() if abs(hertz - hz) <= off)
    return next(fitting, "")


def _alarms_in(spectra: Spectra) -> list[str]:
    """Sharp high tones, by their pitch in steps of 40 Hz; whatever is said below them."""
    hertz, power = spectra.peak(*ALARM_HZ)
    above = int(2500 / (8000 / LONG.size))
    rest = spectra.power[:, above:].sum(axis=1) / 1.5  # a Hann window spreads a tone by 1.5 bins
    sharp = (power >= 0.8 * rest) & (power >= 0.05 * spectra.total) & (power >= FAINTEST)
    return [
        f"alarm {round(one / 40)}" if fits else "" for one, fits in zip(hertz, sharp, strict=True)
    ]


def _pair(spectra: Spectra, first: float, second: float) -> np.ndarray:
    first_hz, one = spectra.peak(first - 12, first + 12)
    second_hz, two = spectra.peak(second - 12, second + 12)
    near = (np.abs(first_hz - first) <= 9) & (np.abs(second_hz - second) <= 9)
    balance = (one <= 6.3 * two) & (two <= 6.3 * one)
    return near & balance & (one + two >= PURE * spectra.total)


@dataclass
class Progressing:
    """Frames into bursts, bursts into tones by their lengths and pauses."""

    bursts: deque[Burst] = field(default_factory=lambda: deque[Burst](maxlen=12))
    _name: str = ""
    _since: int = 0
    _last: int = 0
    _told_to: int = -1

    def push(self, name: str, middle_ms: int) -> tuple[Progress, ...]:
        """The next frame, around `middle_ms`."""
        found: tuple[Progress, ...] = ()
        if self._name and _same(name, self._name):
            self._last = middle_ms
            if middle_ms - self._since >= LONGEST_MS:
                found = self._close(going_on=True)
                self._name, self._since = name, middle_ms
            return found
        if self._name and middle_ms - self._last > GAP * FRAME_MS:
            found = self._close()
        if name and not self._name:
            self._name, self._since, self._last = name, middle_ms, middle_ms
        return found

    def finish(self) -> tuple[Progress, ...]:
        """The leg has ended."""
        return self._close()

    def _close(self, *, going_on: bool = False) -> tuple[Progress, ...]:
        if not self._name:
            return ()
        half = FRAME_MS // 2
        burst = Burst(self._name, self._since - half, self._last + half)
        self._name = ""
        while self.bursts and burst.start_ms - self.bursts[-1].end_ms > FORGET_MS:
            self.bursts.popleft()
        self.bursts.append(burst)
        told = self._judge(burst)
        if told is None or told.end_ms <= self._told_to:
            return ()
        self._told_to = burst.end_ms
        if not going_on and told.kind not in {"busy", "reorder"}:
            self.bursts.clear()
        return (told,)

    def _judge(self, burst: Burst) -> Progress | None:
        name, length = burst.name, burst.length_ms
        if name in {"dial", "425"}:
            if length >= CONTINUOUS_MS:
                return Progress("dial", burst.start_ms, burst.end_ms)
        elif name == "ringback" and 700 <= length <= 2600:
            return Progress("ringback", burst.start_ms, burst.end_ms)
        elif (name == "cng" and 380 <= length <= 700) or (name == "ans" and length >= 600):
            return Progress("fax", burst.start_ms, burst.end_ms)
        elif name == "sit3":
            return self._special(burst)
        if name in {"busy", "425"}:
            return self._rhythm(name, 3, (("busy", 1000, 250, 700), ("reorder", 500, 120, 380)))
        if name.startswith("alarm"):
            return self._rhythm(name, 3, (("alarm", 1000, 300, 750),))
        return None

    def _special(self, burst: Burst) -> Progress | None:
        last = list(self.bursts)[-3:]
        names = [one.name for one in last]
        if names != ["sit1", "sit2", "sit3"] or any(b.length_ms > 480 for b in last):
            return None
        if burst.start_ms - last[0].start_ms > 1000:
            return None
        return Progress("sit", last[0].start_ms, burst.end_ms)

    def _rhythm(
        self, name: str, times: int, plans: tuple[tuple[ProgressKind, int, int, int], ...]
    ) -> Progress | None:
        """Bursts that begin at a steady distance (within 12 %) and are of a plausible length."""
        last = [one for one in self.bursts if _same(one.name, name)][-times:]
        if len(last) < times:
            return None
        steps = [b.start_ms - a.start_ms for a, b in itertools.pairwise(last)]
        for kind, step, shortest, longest in plans:
            if all(abs(one - step) <= 0.12 * step + FRAME_MS for one in steps) and all(
                shortest <= one.length_ms <= longest for one in last
            ):
                begin = last[0].start_ms if last[0].end_ms > self._told_to else last[-1].start_ms
                return Progress(kind, begin, last[-1].end_ms)
        return None


def _same(name: str, other: str) -> bool:
    """Whether two frames hold one tone; an alarm may drift by a step."""
    if name.startswith("alarm ") and other.startswith("alarm "):
        return abs(int(name[6:]) - int(other[6:])) <= 1
    return name == other
