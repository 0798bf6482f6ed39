"""A circuit breaker: what keeps failing is left alone for a while, longer each time. Pure."""

from typing import Final

FAILURES: Final = 3
FIRST_WAIT_S: Final = 15.0
LONGEST_WAIT_S: Final = 600.0


class Breaker:
    """Counts failures of a server; `now` is a monotonic clock's seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0
        self._wait_s = FIRST_WAIT_S
        self._trying = False

    @property
    def failing(self) -> bool:
        """Whether it has failed so often that it is left alone, or is only being tried."""
        return self._failures >= FAILURES

    def may_ask(self, now: float) -> bool:
        """Whether to ask now. While it is open nobody does; after that one does, as a trial."""
        if not self.failing:
            return True
        if now < self._open_until or self._trying:
            return False
        self._trying = True
        return True

    def wait_s(self, now: float) -> float:
        """Seconds until it may be asked again; 0 if it may be."""
        return max(0.0, self._open_until - now) if self.failing else 0.0

    def succeeded(self) -> None:
        """It answered."""
        self._failures, self._wait_s, self._trying = 0, FIRST_WAIT_S, False

    def failed(self, now: float, retry_after_s: float | None = None) -> None:
        """It did not. What the server itself says of coming back counts, within reason."""
        self._failures += 1
        self._trying = False
        if self.failing or retry_after_s is not None:
            self._failures = max(self._failures, FAILURES)
            wait = max(self._wait_s, min(retry_after_s or 0.0, LONGEST_WAIT_S))
            self._open_until = now + wait
            self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)

    def let_go(self) -> None:
        """A trial was not carried out after all."""
        self._trying = False
