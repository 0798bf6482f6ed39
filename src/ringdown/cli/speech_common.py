"""What the commands of `ringdown speech` share: their options, the engine, a progress bar."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ringdown.settings import load
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.engines import open_engine
from ringdown.speech.ports import AsrEngine
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.transcribe import Listener

Engine = Annotated[
    str | None,
    typer.Option("--engine", help="The recogniser, by name; the settings' own by default."),
]
ModelFolder = Annotated[
    str | None, typer.Option(help="Folder with another model for the recogniser.")
]
Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help="Take the path of a live call (telephone audio, cut while it is spoken, with "
        "partials) in virtual time: at full speed, and always with the same result.",
    ),
]


def speech_settings(
    config: Path | None, engine: str | None, model_folder: str | None
) -> SpeechSettings:
    """The installation's settings of speech, with what the command line says instead."""
    named = {"engine": engine, "model_folder": model_folder}
    own = {name: value for name, value in named.items() if value is not None}
    return load(config, overrides={"speech": own} if own else {}).speech


@contextmanager
def listener(settings: SpeechSettings) -> Generator[Listener, None, None]:
    """An open engine and how to listen with it; says so when audio leaves the machine."""
    with open_engine(settings) as engine:
        _warn(engine)
        yield Listener(
            engine,
            SileroModel().new,
            doubtful_below=settings.doubtful_below,
            partial_every_s=settings.partial_every_ms / 1000,
        )


def _warn(engine: AsrEngine) -> None:
    if not engine.capabilities.local:
        Console(stderr=True, highlight=False, markup=False).print(
            f"The recogniser {engine.capabilities.name} is not on this machine: "
            "the recordings are sent to it.",
            soft_wrap=True,
        )


def bar(console: Console) -> Progress:
    """A progress bar that leaves nothing behind."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)
