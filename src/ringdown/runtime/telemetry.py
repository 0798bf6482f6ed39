"""Logs and metrics that cannot carry personal data.

Logs are JSON lines. A key must be on the reviewed list, or its value is dropped; an error is
logged as its type, code and place, never its text; records of other libraries keep their level
and their unformatted message, since arguments may quote a caller.
"""

import logging
import sys
from collections.abc import MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.registry import Collector

REVIEWED_KEYS = frozenset(
    {
        "event", "level", "timestamp", "logger",
        "call_id", "leg_id", "centre_id", "user_id", "client_id", "delivery_id", "source",
        "worker", "pid", "task", "subscription", "kind", "code", "error", "where", "details",
        "state", "port", "host", "path_kind", "attempt", "attempts", "pause_s", "status", "reason",
        "count", "bytes", "ms", "side", "lamp", "part", "version", "exit_code", "signal", "legs",
        "engine", "lag_ms", "part_name", "dialect", "seconds", "limit", "name",
    }
)  # fmt: skip
SAFE_TYPES = (str, int, float, bool, type(None))
DROPPED = "<dropped>"


def keep_reviewed(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every value under a key nobody has reviewed, and every value that is not plain."""
    for key in list(entry):
        value = entry[key]
        if key not in REVIEWED_KEYS:
            entry[key] = DROPPED
        elif key == "details" and isinstance(value, dict):
            continue
        elif not isinstance(value, SAFE_TYPES):
            entry[key] = f"<{type(value).__name__}>"
    return entry


def hand_over(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> tuple[tuple[dict[str, Any]], dict[str, Any]]:
    """Give the whole entry to the standard library's logger as its message."""
    return (dict(entry),), {}


class _Foreign(logging.Formatter):
    """Other libraries' records as JSON lines, without their arguments or exception text."""

    def __init__(self) -> None:
        super().__init__()
        self._render = structlog.processors.JSONRenderer()
        self._stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        message = cast("object", record.msg)
        if isinstance(message, dict):
            ours = cast("dict[str, Any]", message)
            return str(self._render(None, record.levelname, ours))
        entry: MutableMapping[str, Any] = {
            "event": str(record.msg).split("\n", 1)[0][:200],
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
        return str(self._render(None, record.levelname, dict(self._stamp(None, "", entry))))


def configure_logs(
    *, level: str = "info", file: Path | None = None, to: TextIO | None = None
) -> None:
    """Send every log line to `file` (rotated at 20 MB, five kept), else to `to` or stderr."""
    handler: logging.Handler
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=20_000_000, backupCount=5, encoding="utf-8")
    else:
        handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(_Foreign())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for quiet in (
        "uvicorn.access",
        "httpx",
        "httpcore",
        "websockets",
        "aiosqlite",
        "sqlalchemy",
        "alembic",
    ):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_reviewed,
            hand_over,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def get_logger(name: str) -> Any:
    """A structured logger; give it words that never change and reviewed keys."""
    return structlog.get_logger(name)


class Metrics:
    """The metrics of one application, in a registry of its own; labels are never personal."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._made: dict[str, Counter | Gauge | Histogram] = {}

    def counter(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Counter:
        """A number that only grows."""
        made = self._made.get(name) or Counter(name, text, labels, registry=self.registry)
        self._made[name] = made
        assert isinstance(made, Counter)
        return made

    def gauge(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Gauge:
        """A number that goes up and down."""
        made = self._made.get(name) or Gauge(name, text, labels, registry=self.registry)
        self._made[name] = made
        assert isinstance(made, Gauge)
        return made

    def histogram(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Histogram:
        """A spread of durations in seconds."""
        made = self._made.get(name) or Histogram(name, text, labels, registry=self.registry)
        self._made[name] = made
        assert isinstance(made, Histogram)
        return made

    def watch(self, collector: Collector) -> None:
        """Have numbers read from a part at each look, instead of kept."""
        self.registry.register(collector)

    def page(self) -> bytes:
        """The Prometheus text page."""
        return generate_latest(self.registry)
