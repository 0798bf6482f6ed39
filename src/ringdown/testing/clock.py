"""Time and ids that a test owns."""

from datetime import UTC, datetime, timedelta

from ringdown.core.ids import encode_id

START = datetime(2026, 3, 1, 3, 0, 0, tzinfo=UTC)


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


class CountingIds:
    """Ids in a fixed order, so that a test can name them."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, prefix: str) -> str:
        """The next id: `call_00000000000000000000000001`, …."""
        self._count += 1
        return encode_id(prefix, 0, self._count)

    def secret(self) -> str:
        """A secret that is different each time and worthless."""
        self._count += 1
        return f"test-secret-{self._count:032d}"
