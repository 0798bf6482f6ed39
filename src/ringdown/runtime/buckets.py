"""How often somebody may ask: a token bucket for each, forgotten once it is full again."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from ringdown.core.clock import Clock

MOST_KNOWN: Final = 10_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """At most so many a minute for each key, all of them at once if need be."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str) -> int | None:
        """Count one; None if it is let through, else the seconds after which one will be."""
        now = self._clock.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[key] = _Bucket(self._most, now)
        bucket.tokens = self._filled(bucket, now)
        bucket.at = now
        if bucket.tokens < 1:
            return max(1, ceil((1 - bucket.tokens) * 60 / self._most))
        bucket.tokens -= 1
        return None

    def _filled(self, bucket: _Bucket, now: float) -> float:
        return min(self._most, bucket.tokens + (now - bucket.at) * self._most / 60)

    def _forget(self, now: float) -> None:
        if len(self._buckets) >= MOST_KNOWN:
            full = [k for k, one in self._buckets.items() if self._filled(one, now) >= self._most]
            for key in full:
                del self._buckets[key]
