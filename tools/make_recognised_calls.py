"""Speak our scripted calls, put noise on the line, and write down what the bundled engine hears.

Needs the Debian package `flite` and this project's environment:
    uv run python tools/make_recognised_calls.py
Reads tests/data/scripted_calls.jsonl and writes tests/data/scripted_calls_heard.jsonl: each call at
three noise levels, with the sureness of each word. The caller stands in the noise; the call-taker's
side is quiet. Calls whose words have not changed since are kept as they are.
"""

import argparse
import json
import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from synthetic_speech import LINE, VOICES, band, noisy, speak, ulaw

from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.transcribe import Listener

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
SCRIPTED, HEARD = DATA / "scripted_calls.jsonl", DATA / "scripted_calls_heard.jsonl"
LEVELS_DB = (20, 10, 5)
"""How much louder the caller is than the noise around."""
TAKER_DB = 25
TAKER_VOICE = "slt"
CALLERS = tuple(voice for voice in VOICES if voice != TAKER_VOICE)
PAUSE_S = 0.8
PEAK = 0.5
MURMUR = (
    "The train leaves at a quarter past nine from the other platform.",
    "I told them we would paint the fence before winter comes.",
    "Could you bring me the blue folder from the shelf over there?",
    "They play cards every evening until the lights are turned off.",
    "It was a long day and the children were glad to be home.",
    "We had soup and bread and then somebody opened a window.",
    "My uncle keeps bees, and in summer he gives us honey.",
    "The radio said it would be sunny in the afternoon.",
)
"""What the people in the background say: nothing that matters."""


def spoken_text(text: str) -> str:
    """Digits as people say them, where a voice would read them as an amount."""
    return re.sub(r"\d(?:[\d.-]*\d)?", lambda found: _digits(found.group()), text)


def _digits(run: str) -> str:
    if "-" not in run and len(run) < 3:
        return run
    groups = [" ".join(group) for group in re.split(r"[.-]", run)]
    return ", ".join(groups) if len(groups) > 1 else groups[0]


def crowd() -> list[np.ndarray]:
    """The people in the background."""
    return [
        np.asarray(speak(text, VOICES[at % len(VOICES)]), np.float64)
        for at, text in enumerate(MURMUR)
    ]


def on_line(call: dict[str, Any], level_db: int, others: list[np.ndarray]) -> np.ndarray:
    """A whole call as it comes over the telephone, caller left, call-taker right."""
    seed = zlib.crc32(f"{call['id']} {level_db}".encode())
    rng = np.random.default_rng(seed)
    voice = CALLERS[zlib.crc32(call["id"].encode()) % len(CALLERS)]
    parts: list[tuple[int, int, np.ndarray]] = []
    place = PAUSE_S
    for turn in call["turns"]:
        taker = turn["speaker"] == "call_taker"
        said = speak(spoken_text(turn["text"]), TAKER_VOICE if taker else voice)
        level = TAKER_DB if taker else level_db
        heard = noisy(np.asarray(said, np.float64), others, rng, level)
        narrow = band(heard * PEAK / max(np.abs(heard).max(), 1e-6))
        parts.append((int(taker), round(place * LINE), narrow))
        place += len(narrow) / LINE + PAUSE_S
    sides = rng.standard_normal((round((place + 1) * LINE), 2)) * 1e-4
    for side, start, narrow in parts:
        sides[start : start + len(narrow), side] += narrow
    return ulaw(sides)


def listened(
    listener: Listener, call: dict[str, Any], level: int, others: list[Any]
) -> dict[str, Any]:
    """A call as recognised, one line of the file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "call.wav"
        soundfile.write(file, on_line(call, level, others), LINE, subtype="PCM_16")
        lines = listener.file(file, sides="each").lines
    turns = [
        {
            "speaker": "caller" if line.side == 1 else "call_taker",
            "text": line.text,
            "sure": [round(word.confidence, 2) for word in line.words],
        }
        for line in lines
    ]
    return {
        "id": call["id"],
        "condition": f"recognised, noise {level} dB below the caller",
        "words": fingerprint(call),
        "turns": turns,
        "labels": call["labels"],
    }


def fingerprint(call: dict[str, Any]) -> str:
    """Of the words that were spoken."""
    words = json.dumps([[turn["speaker"], turn["text"]] for turn in call["turns"]])
    return f"{zlib.crc32(words.encode()):08x}"


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file, if it is there."""
    if file.exists():
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Listen to what is new, keep the rest, write the file in the order of the calls."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--all", action="store_true", help="listen to every call again")
    again = options.parse_args().all
    kept = {(row["id"], row["condition"], row["words"]): row for row in rows(HEARD) if not again}
    others = crowd()
    made: list[dict[str, Any]] = []
    with open_engine(SpeechSettings()) as engine:
        listener = Listener(engine, SileroModel().new)
        for level in LEVELS_DB:
            for call in rows(SCRIPTED):
                name = f"recognised, noise {level} dB below the caller"
                known = kept.get((call["id"], name, fingerprint(call)))
                row = known or listened(listener, call, level, others)
                made.append({**row, "labels": call["labels"]})
    lines = [json.dumps(row, ensure_ascii=False) for row in made]
    HEARD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(HEARD, len(made))


if __name__ == "__main__":
    main()
