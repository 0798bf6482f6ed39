"""`ringdown speech`: recordings into words, on this machine alone."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ringdown.core.errors import RingdownError
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.model.words import WordView
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.transcribe import transcribe_file

app = typer.Typer(no_args_is_help=True)


@app.callback()
def speech() -> None:
    """Turn recordings into words."""


@app.command("transcribe")
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="WAV, FLAC or Ogg files; any rate.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per line for each file.")
    ] = False,
    model_folder: Annotated[
        str | None, typer.Option(help="Folder with another model for the recogniser.")
    ] = None,
) -> None:
    """Write down what is said in recordings. Words marked ? are doubtful; check every number."""
    settings = SpeechSettings(model_folder=model_folder)
    failed = False
    with open_engine(settings) as engine:
        vad = SileroModel()
        for path in files:
            try:
                words = transcribe_file(
                    path, engine, vad.new(), doubtful_below=settings.doubtful_below
                )
            except RingdownError as error:
                failed = True
                _tell_error(path, error, as_json=as_json)
            else:
                _tell_words(path, words, as_json=as_json)
    if failed:
        raise typer.Exit(1)


def _tell_words(path: Path, words: list[WordView], *, as_json: bool) -> None:
    if not as_json:
        line = " ".join(word.word + ("?" if word.doubtful else "") for word in words)
        console = Console(highlight=False, markup=False)
        console.print(str(path), style="bold", soft_wrap=True)
        console.print(line, soft_wrap=True)
        return
    told = {
        "file": str(path),
        "text": " ".join(word.word for word in words),
        "words": [word.model_dump(mode="json", exclude={"doubtful"}) for word in words],
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


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
