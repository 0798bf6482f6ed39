"""The audio of a call: its legs on one clock, each side mixed, up to where all can be played."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ringdown.listening.model.mix import CONTEXT_MS, RATE_IN, Sides, Span, widen
from ringdown.listening.model.protocol import Leg
from ringdown.listening.worker.leg_audio import LegAudio

STALLED_MS: Final = 300
"""An open leg further than this behind the others has stalled, and nobody waits for it."""
LOAD_MS: Final = 3000
"""How far ahead of a listener the recording is read."""
GIVE_UP_POLLS: Final = 50
_SIDES: Final = ("caller", "call_taker")


class CallAudio:
    """Shared by everybody who hears the call in this worker."""

    def __init__(self) -> None:
        self._legs: dict[str, LegAudio] = {}
        self._told_ms = 0
        self.over = False
        self._quiet = 0

    def update(self, legs: Sequence[Leg], *, over: bool, duration_ms: int | None) -> None:
        """The legs as they are now; none is ever taken back, and a call that is over stays so."""
        self.over = self.over or over
        self._told_ms = max(self._told_ms, duration_ms or 0)
        for leg in legs:
            known = self._legs.get(leg.leg_id)
            if known is None:
                self._legs[leg.leg_id] = LegAudio(leg)
            else:
                known.leg = leg

    @property
    def separable(self) -> bool:
        """Whether each side has channels of its own."""
        return all(leg.leg.side in _SIDES for leg in self._legs.values())

    @property
    def duration(self) -> int:
        """How long the call is by now."""
        ends = [leg.end_ms for leg in self._legs.values()]
        return max(self._told_ms, *ends, 0)

    @property
    def playable(self) -> int:
        """Up to where a live call can be played now, with what the mixer needs ahead."""
        ends = [leg.leg.start_ms + leg.edge // 8 for leg in self._legs.values()]
        if not ends:
            return 0
        top = max(ends)
        grows = [leg.leg.start_ms + leg.edge // 8 for leg in self._legs.values() if leg.leg.open]
        return min([end for end in grows if end >= top - STALLED_MS], default=top) - CONTEXT_MS

    @property
    def complete(self) -> bool:
        """Whether the call is over and all of it was seen, or nothing came for a second."""
        growing = any(leg.growing for leg in self._legs.values())
        return self.over and (not growing or self._quiet > GIVE_UP_POLLS)

    def poll(self) -> None:
        """See how far the legs have come. Blocks: call it off the event loop."""
        before = self.duration
        for leg in list(self._legs.values()):
            if leg.growing:
                leg.poll()
        grown = self.duration > before or not self.over
        self._quiet = 0 if grown else self._quiet + 1

    def load(self, position: int) -> None:
        """Read what lies at and after a position into memory. Blocks."""
        span = Span(position, LOAD_MS)
        for leg in list(self._legs.values()):
            shift = leg.leg.start_ms * (RATE_IN // 1000)
            leg.load(span.first - shift, span.end - shift)

    def has(self, position: int, ms: int) -> bool:
        """Whether a piece can be mixed from what is in memory."""
        span = Span(position, ms)
        return all(
            leg.has(span.first - shift, span.end - shift)
            for leg in self._legs.values()
            for shift in (leg.leg.start_ms * (RATE_IN // 1000),)
        )

    def sides(self, position: int, ms: int) -> Sides:
        """Each side of a piece at 16 kHz, with what the limiter needs ahead."""
        span = Span(position, ms)
        found: Sides = {}
        for leg in self._legs.values():
            shift = leg.leg.start_ms * (RATE_IN // 1000)
            if span.end <= shift or span.first >= shift + leg.edge:
                continue
            name = leg.leg.side if leg.leg.side in _SIDES else "mixed"
            samples = leg.take(span.first - shift, span.end - shift)
            found[name] = found[name] + samples if name in found else samples
        if not found:
            found["mixed"] = np.zeros(span.end - span.first, np.float32)
        return {side: widen(samples) for side, samples in found.items()}

    def close(self) -> None:
        """Let go of the files."""
        for leg in self._legs.values():
            leg.close()
