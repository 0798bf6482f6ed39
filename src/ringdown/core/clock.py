"""Time as something passed in, so that tests own it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is; `runtime.clock.SystemClock` is the real one."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never steps back; only differences mean anything."""
        ...


def iso(instant: datetime) -> str:
    """Write an instant as ISO 8601 in UTC with milliseconds, the one form stored and sent."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """Read an ISO 8601 instant; one without an offset is taken as UTC. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def ms_between(start: datetime, end: datetime) -> int:
    """Whole milliseconds from `start` to `end`; negative when `end` is earlier."""
    return round((end - start).total_seconds() * 1000)
