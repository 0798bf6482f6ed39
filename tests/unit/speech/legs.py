"""Leg files and fast fakes for the tests of speech."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ringdown.speech.model.utterance import LegRef
from ringdown.wire.g711 import encode_ulaw
from ringdown.wire.legfile import LegHeader, encode_header

CENTRE, CALL = "centre_1", "call_1"


def ref(folder: Path, leg_id: str = "leg_1", *, start_ms: int = 0, call: str = CALL) -> LegRef:
    return LegRef(
        centre_id=CENTRE,
        call_id=call,
        leg_id=leg_id,
        side="caller",
        start_ms=start_ms,
        folders=(str(folder),),
    )


def header(leg_id: str = "leg_1", *, part: int = 1, from_sample: int = 0) -> bytes:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    return encode_header(
        LegHeader(CENTRE, CALL, leg_id, "caller", first, part=part, from_sample=from_sample)
    )


def talk(*runs: tuple[float, bool]) -> np.ndarray:
    """16-bit audio of so many seconds, loud or silent, the loud parts all different."""
    random = np.random.default_rng(5)
    parts = []
    for seconds, loud in runs:
        size = round(seconds * 8000)
        wave = random.standard_normal(size) * 6000 if loud else np.zeros(size)
        parts.append(np.clip(wave, -32000, 32000).astype(np.int16))
    return np.concatenate(parts)


def write_leg(folder: Path, audio: np.ndarray, leg_id: str = "leg_1") -> Path:
    path = folder / f"{leg_id}.leg"
    path.write_bytes(header(leg_id) + encode_ulaw(audio))
    return path
