"""`ringdown speech`: recordings into words, how good they are, what this machine can carry."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ringdown.cli.config import File
from ringdown.cli.speech_common import Engine, Live, ModelFolder, bar, listener, speech_settings
from ringdown.cli.speech_doctor import doctor
from ringdown.cli.speech_evaluate import evaluate
from ringdown.core.errors import RingdownError
from ringdown.speech.audio_files import open_audio
from ringdown.speech.transcribe import Heard, Line

app = typer.Typer(no_args_is_help=True)

LONG_S = 60
"""Shorter files are done before a progress bar says anything."""


class SidesOption(StrEnum):
    """What the channels of a recording are."""

    AUTO = "auto"
    EACH = "each"
    MIX = "mix"


@app.callback()
def speech() -> None:
    """Turn recordings into words, and measure how good they are."""


app.command("evaluate")(evaluate)
app.command("doctor")(doctor)


@app.command("transcribe")
def transcribe(
    files: Annotated[
        list[Path], typer.Argument(help="WAV, FLAC, Ogg or MP3 files; any rate and channels.")
    ],
    engine: Engine = None,
    live: Live = False,
    sides: Annotated[
        SidesOption,
        typer.Option(
            help="What channels are: `each` a side of the call, `mix` one recording; `auto` takes "
            "two channels that differ as two sides.",
        ),
    ] = SidesOption.AUTO,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per line for each file.")
    ] = False,
    model_folder: ModelFolder = None,
    config: File = None,
) -> None:
    """Write down what is said in recordings. Words marked ? are doubtful; check every number.

    Exit code 1 if a file could not be read; the others are written all the same.

    Example: `ringdown speech transcribe --json call.wav`
    """
    settings = speech_settings(config, engine, model_folder)
    failed = False
    with listener(settings) as heard_by:
        for path in files:
            try:
                with _progress(path) as progress:
                    heard = heard_by.file(path, sides=sides.value, live=live, progress=progress)
            except RingdownError as error:
                failed = True
                _tell_error(path, error, as_json=as_json)
            else:
                _tell_words(path, heard, as_json=as_json)
    if failed:
        raise typer.Exit(1)


@contextmanager
def _progress(path: Path) -> Generator[Callable[[float], None] | None, None, None]:
    """A bar on a terminal's standard error, for a long file."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    duration = open_audio(path).duration_s
    if duration < LONG_S:
        yield None
        return
    with bar(console) as progress:
        task = progress.add_task(path.name, total=duration)
        yield lambda seconds: progress.update(task, completed=seconds)


def _tell_words(path: Path, heard: Heard, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(_as_json(path, heard), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    console = Console(highlight=False, markup=False)
    console.print(str(path), style="bold", soft_wrap=True)
    for line in heard.lines:
        side = f"  side {line.side}" if heard.sides > 1 else ""
        minutes, seconds = divmod(line.start_ms // 1000, 60)
        text = " ".join(word.word + ("?" if word.doubtful else "") for word in line.words)
        console.print(f"{minutes:3}:{seconds:02}{side}  {text}", soft_wrap=True)


def _as_json(path: Path, heard: Heard) -> dict[str, Any]:
    return {
        "file": str(path),
        "duration_s": round(heard.duration_s, 3),
        "sides": heard.sides,
        "text": heard.text,
        "lines": [_line(line) for line in heard.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "side": line.side,
        "start_ms": line.start_ms,
        "end_ms": line.end_ms,
        "text": line.text,
        "doubtful": line.doubtful,
        "doubts": line.doubts,
        "engine": line.engine,
        "words": [word.model_dump(mode="json") for word in line.words],
    }


def _tell_error(path: Path, error: RingdownError, *, as_json: bool) -> None:
    if as_json:
        told = {
            "file": str(path),
            "error": {
                "code": error.code,
                "message": error.message,
                "action": error.action,
                "details": error.details,
            },
        }
        sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    console = Console(stderr=True, highlight=False, markup=False)
    console.print(f"{path}: {error.message}. {error.action} ({error.code})", soft_wrap=True)
