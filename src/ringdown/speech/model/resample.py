"""A streaming resampler between any two rates: a windowed-sinc filter, one phase per output.

The output does not depend on how the input was cut into blocks, so a reader that starts again
somewhere in a recording hears exactly what it heard before.
"""

from math import gcd

import numpy as np
from numpy.typing import NDArray

HALF_TAPS = 24
"""Zero crossings of the sinc on each side; the stop band begins about 7 % above the pass band."""
BETA = 8.0
"""Kaiser window: about 80 dB of stop-band attenuation."""
PASS = 0.94
"""Cut-off as a share of the lower of the two Nyquist frequencies."""
BLOCK = 16384

Audio = NDArray[np.float32]


class Resampler:
    """Turns a stream at `rate_in` Hz into one at `rate_out`, sample 0 onto sample 0.

    Raises ValueError for a rate that is not positive.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        if rate_in <= 0 or rate_out <= 0:
            raise ValueError("a sample rate is a positive number of hertz")
        common = gcd(rate_in, rate_out)
        self._up, self._down = rate_out // common, rate_in // common
        cutoff = PASS * min(1.0, rate_out / rate_in)
        self.half = int(np.ceil(HALF_TAPS / cutoff))
        offsets = np.arange(-self.half + 1, self.half + 1)
        phases = np.arange(self._up)[:, None] / self._up
        distance = offsets[None, :] - phases
        window = np.i0(BETA * np.sqrt(np.clip(1 - (distance / self.half) ** 2, 0, 1))) / np.i0(BETA)
        taps = cutoff * np.sinc(cutoff * distance) * window
        self._taps: NDArray[np.float64] = taps / taps.sum(axis=1, keepdims=True)
        self._held = np.zeros(self.half - 1, np.float64)  # silence before the first sample
        self._held_from = 1 - self.half
        self._received = 0
        self._sent = 0

    def push(self, samples: Audio) -> Audio:
        """Take more input; give the output that is now complete (about 3 ms behind)."""
        self._held = np.concatenate([self._held, samples])
        self._received += len(samples)
        ready = (self._received - self.half - 1) * self._up // self._down + 1
        return self._until(ready)

    def flush(self) -> Audio:
        """The rest of the output, as if silence followed. Nothing may be pushed afterwards."""
        self._held = np.concatenate([self._held, np.zeros(self.half + 1, np.float64)])
        return self._until(-(-self._received * self._up // self._down))

    def _until(self, end: int) -> Audio:
        parts = [
            self._block(start, min(start + BLOCK, end)) for start in range(self._sent, end, BLOCK)
        ]
        self._sent = max(self._sent, end)
        keep_from = self._sent * self._down // self._up - self.half + 1
        drop = min(max(keep_from - self._held_from, 0), len(self._held))
        self._held, self._held_from = self._held[drop:], self._held_from + drop
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _block(self, start: int, end: int) -> Audio:
        if self._down == 1 and end - start >= self._up:
            return self._whole_steps(start, end)
        at = np.arange(start, end) * self._down
        first = at // self._up - self.half + 1 - self._held_from
        rows = np.lib.stride_tricks.sliding_window_view(self._held, 2 * self.half)[first]
        return np.einsum("ij,ij->i", rows, self._taps[at % self._up]).astype(np.float32)

    def _whole_steps(self, start: int, end: int) -> Audio:
        """To a multiple of the rate: each phase is one plain convolution, which is much faster."""
        made = np.empty(end - start, np.float32)
        for phase in range(self._up):
            begin = start + (phase - start) % self._up
            count = len(range(begin, end, self._up))
            first = begin // self._up - self.half + 1 - self._held_from
            rows = self._held[first : first + count + 2 * self.half - 1]
            made[begin - start :: self._up] = np.convolve(rows, self._taps[phase, ::-1], "valid")
        return made
