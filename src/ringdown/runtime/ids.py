"""Real ids and secrets, from the operating system's randomness."""

import secrets

from ringdown.core.clock import Clock
from ringdown.core.ids import encode_id


class SystemIds:
    """Ids that sort by time; two made in the same millisecond still sort in the order made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_ms = 0
        self._last_random = 0

    def new(self, prefix: str) -> str:
        """A fresh id such as `call_01JD3Q…`."""
        ms = int(self._clock.now().timestamp() * 1000)
        if ms <= self._last_ms:
            self._last_random += 1
        else:
            self._last_ms = ms
            self._last_random = secrets.randbits(79)
        return encode_id(prefix, self._last_ms, self._last_random)

    def secret(self) -> str:
        """A URL-safe secret with 256 bits of randomness."""
        return secrets.token_urlsafe(32)
