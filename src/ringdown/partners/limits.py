"""How often one credential may ask: a token bucket for each, forgotten once it is full again."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Final

from ringdown.core.clock import Clock
from ringdown.core.errors import Limited
from ringdown.core.principal import Principal

MOST_KNOWN: Final = 10_000


class TooManyRequests(Limited):
    """The credential asks more often than it may."""

    code: ClassVar[str] = "partners.requests.limited"
    action: ClassVar[str] = "Wait as long as Retry-After says; webhooks tell what has changed."


@dataclass
class _Bucket:
    tokens: float
    at: float


class RequestLimit:
    """At most so many requests a minute for each credential, all of them at once if need be."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, principal: Principal) -> None:
        """Count one request. Raises `TooManyRequests` saying when to come back."""
        now = self._clock.monotonic()
        bucket = self._buckets.get(principal.id)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[principal.id] = _Bucket(self._most, now)
        bucket.tokens = self._filled(bucket, now)
        bucket.at = now
        if bucket.tokens < 1:
            wait = ceil((1 - bucket.tokens) * 60 / self._most)
            raise TooManyRequests("too many requests", details={"retry_after_s": max(1, wait)})
        bucket.tokens -= 1

    def _filled(self, bucket: _Bucket, now: float) -> float:
        return min(self._most, bucket.tokens + (now - bucket.at) * self._most / 60)

    def _forget(self, now: float) -> None:
        if len(self._buckets) >= MOST_KNOWN:
            full = [k for k, one in self._buckets.items() if self._filled(one, now) >= self._most]
            for key in full:
                del self._buckets[key]
