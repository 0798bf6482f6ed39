"""The playout workers as the operating system runs them."""

from pathlib import Path

from ringdown.listening.settings import ListeningSettings
from ringdown.runtime.workers import SystemWorkers


def playout_workers(settings: ListeningSettings, log_folder: Path | None = None) -> SystemWorkers:
    """Starts playout workers with these settings."""
    return SystemWorkers(
        "ringdown.listening.worker", settings.model_dump_json(), "playout", log_folder
    )
