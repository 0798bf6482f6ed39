"""Finding the calibration that was fitted for exactly this decoder."""

import hashlib
import json
from pathlib import Path
from typing import Final

from ringdown.speech.adapters.assets import package_file
from ringdown.speech.model.calibration import FEATURES, Calibration

PATTERN: Final = "calibration-*.json"


def digest(decoder: Path) -> str:
    """SHA-256 of a decoder's file."""
    with decoder.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_calibration(decoder: Path) -> Calibration | None:
    """The calibration beside the model or in the package whose hash is this decoder's, if any."""
    folders = (decoder.parent, package_file("ringdown.speech", "models"))
    files = [file for folder in folders for file in sorted(folder.glob(PATTERN))]
    if not files:
        return None
    wanted = digest(decoder)
    for file in files:
        found = Calibration.model_validate(json.loads(file.read_text(encoding="utf-8")))
        if found.model == wanted and found.features == FEATURES:
            return found
    return None
