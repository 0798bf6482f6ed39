"""The demo call: a scripted house fire with two synthesised voices, marked DEMO wherever it shows.

`tools/make_demo_call.py` remakes the audio from the script.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

Side = Literal["caller", "call_taker"]


@dataclass(frozen=True)
class Line:
    """Something one side says. Times are ms since the start of the recording."""

    side: Side
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class DemoCall:
    """The recording, who says what when, and what a listener is to find in it."""

    title: str
    external_id: str
    ani: str
    audio: Path
    lines: tuple[Line, ...]
    fields: dict[str, str]
    words: dict[Side, tuple[str, ...]]


def load() -> DemoCall:
    """The demo call as installed with this package."""
    folder = files(__name__)
    script = tomllib.loads((folder / "script.toml").read_text(encoding="utf-8"))
    times = tomllib.loads((folder / "times.toml").read_text(encoding="utf-8"))["lines"]
    with as_file(folder / "call.wav") as audio:
        return DemoCall(
            title=script["title"],
            external_id=script["external_id"],
            ani=script["ani"],
            audio=audio,
            lines=tuple(
                Line(line["side"], line["text"], time["start_ms"], time["end_ms"])
                for line, time in zip(script["lines"], times, strict=True)
            ),
            fields=script["expect"]["fields"],
            words={side: tuple(said) for side, said in script["expect"]["words"].items()},
        )
