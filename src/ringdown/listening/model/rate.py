"""How many commands a listener may send, as a pure token bucket."""


class CommandRate:
    """At most `per_s` at once, and `per_s` a second in the long run."""

    def __init__(self, per_s: int) -> None:
        self._per_s = per_s
        self._tokens = float(per_s)
        self._at: float | None = None

    def allow(self, now: float) -> bool:
        """Whether one more, at monotonic second `now`, is within the limit."""
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._at = now
        self._tokens = min(float(self._per_s), self._tokens + passed * self._per_s)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
