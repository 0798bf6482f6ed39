"""Keys pressed on a telephone (DTMF), within the tolerances of ITU-T Q.23 and Q.24."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.tone_frames import SHORT, Spectra

LOW: Final = np.array([697.0, 770.0, 852.0, 941.0])
HIGH: Final = np.array([1209.0, 1336.0, 1477.0, 1633.0])
KEYS: Final = ("123A", "456B", "789C", "*0#D")

OFF_BY: Final = 0.022
"""±1.5 % must be taken and ±3.5 % refused (Q.24): between them, nearer to the first."""
HIGH_ABOVE_DB: Final = 5.5
HIGH_BELOW_DB: Final = -10.0
"""+4 and -8 dB must be taken; what noise and rounding add is allowed for."""
PURE: Final = 0.85
"""Least share of a frame's energy in its two tones: speech has more beside them."""
FAINTEST: Final = 1e-5
"""Least mean square, about -47 dBm0 for both tones together."""
LEAST_FRAMES: Final = 2
"""Frames of 25 ms, one each 10 ms, that must agree: 40 ms of tone give two, 20 ms do not."""
SAME_PRESS: Final = 1
"""Frames that may fail in the middle of a press (an interruption of up to 10 ms)."""
RUN_ENDS: Final = 120
"""Frames without a key after which a run of digits is complete: 1.2 s."""
MARGIN: Final = 32
"""Samples by which a frame that still agrees reaches over a tone's edge."""


@dataclass(frozen=True)
class Press:
    """One key, and where its tone lies (samples)."""

    key: str
    start: int
    end: int


def keys_in(spectra: Spectra) -> list[str]:
    """The key that sounds in each frame, or an empty text."""
    if not spectra.tonal(0.3):
        return [""] * len(spectra.total)
    low_hz, low = spectra.peak(670, 970)
    high_hz, high = spectra.peak(1170, 1680)
    row, row_off = _nearest(low_hz, LOW)
    column, column_off = _nearest(high_hz, HIGH)
    with np.errstate(divide="ignore", invalid="ignore"):
        twist = 10 * np.log10(high / np.maximum(low, 1e-20) + 1e-20)
    total = spectra.total
    good = (
        (row_off <= OFF_BY)
        & (column_off <= OFF_BY)
        & (twist <= HIGH_ABOVE_DB)
        & (twist >= HIGH_BELOW_DB)
        & (low + high >= PURE * total)
        & (total >= FAINTEST)
    )
    return [
        KEYS[r][c] if fits else "" for r, c, fits in zip(row, column, good.tolist(), strict=True)
    ]


def _nearest(
    heard: NDArray[np.floating], nominal: NDArray[np.float64]
) -> tuple[list[int], NDArray[np.float64]]:
    away = np.abs(heard[:, None] / nominal[None, :] - 1)
    return [int(i) for i in away.argmin(axis=1)], away.min(axis=1)


@dataclass
class KeyRuns:
    """Frames into presses, presses into runs of digits."""

    presses: list[Press] = field(default_factory=list[Press])
    _key: str = ""
    _hits: int = 0
    _misses: int = 0
    _since: int = 0
    _last: int = 0
    _quiet: int = 0

    def push(self, key: str, end: int) -> tuple[Press, ...]:
        """The next frame, which ends before sample `end`; a run of presses when one is over."""
        if key and key == self._key:
            self._hits += 1
            self._misses = 0
            self._last = end
        elif self._key:
            self._misses += 1
            if key or self._misses > SAME_PRESS:
                self._close()
        if key and not self._key:
            self._key, self._hits, self._misses = key, 1, 0
            self._since, self._last = end - SHORT.size, end
        self._quiet = 0 if self._key else self._quiet + 1
        return self.take() if self._quiet >= RUN_ENDS else ()

    def finish(self) -> tuple[Press, ...]:
        """The leg has ended: what is there of a run."""
        self._close()
        return self.take()

    def take(self) -> tuple[Press, ...]:
        """The presses so far; a new run begins."""
        found = tuple(self.presses)
        self.presses.clear()
        return found

    def _close(self) -> None:
        if self._key and self._hits >= LEAST_FRAMES:
            start, end = self._since + MARGIN, self._last - MARGIN
            self.presses.append(Press(self._key, max(start, 0), max(end, start + 1)))
        self._key, self._hits, self._misses = "", 0, 0
