"""Recorders as the operating system runs them, each with one camera."""

from importlib.util import find_spec
from pathlib import Path

from ringdown.core.errors import BadConfig
from ringdown.runtime.workers import SystemWorkers


def recorders(log_folder: Path | None = None) -> SystemWorkers:
    """Starts recorders. Raises `BadConfig` when the library that they need is not installed."""
    if find_spec("av") is None:
        raise BadConfig(
            "video.record needs the library PyAV; install it with: pip install ringdown[record]"
        )
    return SystemWorkers("ringdown.video.worker", "{}", "recorder", log_folder)
