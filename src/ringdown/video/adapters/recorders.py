"""Recorders as the operating system runs them, each with one camera."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ringdown.core.errors import BadConfig
from ringdown.runtime.workers import SystemWorkers

KEPT_ENVIRONMENT: Final = (
    "PATH", "LD_LIBRARY_PATH", "LANG", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip
"""What a caller sends is decoded in a recorder: none of our secrets is in its reach."""


def recorders(log_folder: Path | None = None) -> SystemWorkers:
    """Starts recorders. Raises `BadConfig` when the library that they need is not installed."""
    if find_spec("av") is None:
        raise BadConfig(
            "video.record needs the library PyAV; install it with: pip install ringdown[record]"
        )
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    return SystemWorkers("ringdown.video.worker", "{}", "recorder", log_folder, kept)
