"""The speech workers as the operating system runs them."""

from pathlib import Path

from ringdown.runtime.workers import SystemWorkers
from ringdown.speech.settings import SpeechSettings


def speech_workers(settings: SpeechSettings, log_folder: Path | None = None) -> SystemWorkers:
    """Starts speech workers with these settings."""
    return SystemWorkers("ringdown.speech.worker", settings.model_dump_json(), "speech", log_folder)
