"""Audio packets put in their places, as pure functions: disorder in, one row of bytes out."""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ringdown.wire.g711 import ULAW_SILENCE, fold_minus_zero

RATE: Final = 8000
SAMPLES_PER_MS: Final = RATE // 1000
SILENCE_SECOND: Final = bytes([ULAW_SILENCE]) * RATE

GapReason = Literal["missing", "source_lost", "ended_early", "disk"]
LegState = Literal["open", "complete", "sealed", "archived"]
"""open: being written; complete: all of it durable; sealed: its digest is in the audit log;
archived: only the archive is left."""


@dataclass(frozen=True)
class MediaLeg:
    """What is known of a leg's recording. `anchor_ms` is where on the leg the stream began."""

    leg_id: str
    centre_id: str
    call_id: str
    side: str
    start_ms: int
    first_instant: datetime
    state: LegState = "open"
    samples: int | None = None
    sha256: str | None = None
    bytes: int | None = None
    stream_sid: str | None = None
    anchor_ms: int = 0


@dataclass(frozen=True)
class LegGap:
    """A stretch of a leg, in ms from its first sample, in which no audio came."""

    leg_id: str
    from_ms: int
    to_ms: int
    reason: GapReason


def to_samples(ms: int) -> int:
    """The sample index at a moment of the leg."""
    return ms * SAMPLES_PER_MS


def to_ms(samples: int) -> int:
    """The moment of a sample, rounded down to a millisecond."""
    return samples // SAMPLES_PER_MS


def silence(samples: int) -> list[bytes]:
    """So much µ-law silence, in pieces that share their memory."""
    whole, rest = divmod(samples, RATE)
    pieces = [SILENCE_SECOND] * whole
    if rest:
        pieces.append(SILENCE_SECOND[:rest])
    return pieces


@dataclass(frozen=True)
class Gap:
    """A stretch of the leg, in samples, in which no audio came: it is silence."""

    start: int
    end: int


@dataclass(frozen=True)
class Placed:
    """What is to be appended to the leg now."""

    pieces: tuple[bytes, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass
class Counts:
    """What happened to the packets of a leg."""

    packets: int = 0
    duplicates: int = 0
    late: int = 0
    trimmed: int = 0


@dataclass
class LegAssembler:
    """Puts the packets of one leg in order of their positions (in samples).

    A packet that fits the end is appended at once. One that lies ahead waits until what lies
    before it has come, or until something `window` samples further on has, or until `flush`; then
    the hole is silence. What comes later than that is dropped and counted. Up to `slack` samples
    of disagreement between a position and the end are taken for jitter of the source's clock:
    the packet is appended as if it fitted, so that no click is made.
    """

    end: int = 0
    window: int = 200 * SAMPLES_PER_MS
    slack: int = 10 * SAMPLES_PER_MS
    counts: Counts = field(default_factory=Counts)
    _waiting: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    _waiting_at: set[int] = field(default_factory=set[int])
    _recent: deque[int] = field(default_factory=lambda: deque[int](maxlen=64))
    _newest: int = 0

    @property
    def waiting(self) -> bool:
        """Whether packets wait for what should lie before them."""
        return bool(self._waiting)

    def push(self, position: int, payload: bytes) -> Placed:
        """Take one packet of µ-law bytes whose first sample belongs at `position`."""
        self.counts.packets += 1
        if position in self._waiting_at or position in self._recent:
            self.counts.duplicates += 1
            return Placed()
        if position + len(payload) <= self.end:
            self.counts.late += 1
            return Placed()
        if not self._waiting and abs(position - self.end) <= self.slack:
            # By far the most packets come this way.
            self._newest = max(self._newest, position + len(payload))
            return Placed((self._append(position, payload),))
        heapq.heappush(self._waiting, (position, payload))
        self._waiting_at.add(position)
        self._newest = max(self._newest, position + len(payload))
        return self._release(until=self._newest - self.window)

    def flush(self) -> Placed:
        """Append everything that waits, with silence in the holes."""
        return self._release(until=self._newest)

    def pad_to(self, position: int) -> Placed:
        """Flush, then append silence up to `position`; never shortens the leg."""
        flushed = self.flush()
        missing = position - self.end
        if missing <= 0:
            return flushed
        gap = Gap(self.end, position)
        self.end = position
        return Placed((*flushed.pieces, *silence(missing)), (*flushed.gaps, gap))

    def _release(self, until: int) -> Placed:
        pieces: list[bytes] = []
        gaps: list[Gap] = []
        while self._waiting:
            position, payload = self._waiting[0]
            ahead = position - self.end
            if ahead > self.slack and position > until:
                break
            heapq.heappop(self._waiting)
            self._waiting_at.discard(position)
            if ahead > self.slack:
                gaps.append(Gap(self.end, position))
                pieces += silence(ahead)
                self.end = position
            elif position + len(payload) <= self.end:
                self.counts.late += 1
                continue
            pieces.append(self._append(position, payload))
        return Placed(tuple(pieces), tuple(gaps))

    def _append(self, position: int, payload: bytes) -> bytes:
        overlap = self.end - position
        if overlap > self.slack:
            self.counts.trimmed += 1
            payload = payload[overlap:]
        self._recent.append(position)
        self.end += len(payload)
        return fold_minus_zero(payload)


def peaks(samples: NDArray[np.int16], bucket: int) -> list[int]:
    """The loudest sample of each `bucket` samples as 0…255; a last partial bucket counts too."""
    if len(samples) == 0:
        return []
    loudness = np.abs(samples.astype(np.int32))
    starts = np.arange(0, len(samples), bucket)
    return np.minimum(np.maximum.reduceat(loudness, starts) >> 7, 255).tolist()


def bucket_count(from_ms: int, to_ms: int, bucket_ms: int) -> int:
    """How many buckets cover the stretch."""
    return max(0, -(-(to_ms - from_ms) // bucket_ms))


class RateLimit:
    """At most `most` events in any one second, by a clock that is passed in (a token bucket)."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._most = most
        self._now = now
        self._tokens = float(most)
        self._at = now()

    def allow(self) -> bool:
        """Whether one more is within the limit."""
        now = self._now()
        self._tokens = min(float(self._most), self._tokens + (now - self._at) * self._most)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
