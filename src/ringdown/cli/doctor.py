"""`ringdown doctor`: what is on this machine, where it was taken from, and what to do."""

import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from ringdown.cli.config import Data, File, settings_of
from ringdown.core.errors import BadConfig, RingdownError
from ringdown.media.adapters.livekit_build import Builder
from ringdown.media.adapters.livekit_settings import VERSION, MediaServerSettings
from ringdown.runtime import parts, preflight
from ringdown.runtime.clock import SystemClock
from ringdown.settings import Settings
from ringdown.speech.adapters import assets
from ringdown.speech.engine_errors import EngineFailed
from ringdown.speech.engines import OVER_HTTP, Chosen, chain_of, check_engine
from ringdown.speech.names_file import BookUnreadable, NameFiles, read_book

State = Literal["ok", "note", "bad"]
MARKS: Mapping[State, str] = {
    "ok": "[green]ok  [/green]",
    "note": "[yellow]note[/yellow]",
    "bad": "[bold red]bad [/bold red]",
}
MODELS = (
    ("speech recognition", "moonshine_voice", ("assets", "tiny-en")),
    ("voice activity", "ringdown.speech", ("models", "silero_vad.onnx")),
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice` is empty when there is nothing to do."""

    name: str
    state: State
    text: str
    advice: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    data: Data = None,
    config: File = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say where things are and what keeps Ringdown from working; exit code 1 if anything does."""
    settings = settings_of(data, config)
    found = list(look(settings, os.environ))
    if as_json:
        typer.echo(json.dumps({"findings": [asdict(one) for one in found]}, indent=2))
    else:
        show(found)
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


def show(found: list[Finding]) -> None:
    """Print the findings for a person."""
    console = Console(highlight=False)
    for one in found:
        console.print(f"{MARKS[one.state]}  {one.name:<26} ", end="", soft_wrap=True)
        console.print(one.text, markup=False, soft_wrap=True)
        if one.advice:
            console.print(f"{'':34}{one.advice}", markup=False, soft_wrap=True)
    troubles = sum(one.state == "bad" for one in found)
    console.print()
    console.print(
        "Nothing keeps Ringdown from working."
        if not troubles
        else f"{troubles} of these keep Ringdown from working."
    )


def look(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Everything worth looking at, in the order that a person would ask."""
    yield from versions()
    yield from folder(settings)
    yield from listening(settings)
    yield Finding("database", "ok", "PostgreSQL" if settings.database.url else "SQLite")
    yield Finding("bus", "ok", "NATS" if settings.bus.url else "in this process")
    yield from models()
    yield from recognisers(settings)
    yield from names(settings)
    cache = parts.cache_folder(environment)
    yield Finding("cache folder", "ok", str(cache))
    yield from tools(environment, cache)
    yield media_server(settings, environment, cache)


def versions() -> Iterator[Finding]:
    """Ours, Python's, the machine's."""
    try:
        own = version("ringdown")
    except PackageNotFoundError:
        own = "not installed as a package"
    yield Finding("ringdown", "ok", own)
    yield Finding("python", "ok", f"{platform.python_version()} ({sys.executable})")
    yield Finding("machine", "ok", f"{platform.platform()}, {os.cpu_count()} cores")


def folder(settings: Settings) -> Iterator[Finding]:
    """The data folder: where, whether it can be written, how much room is left."""
    data = settings.data.absolute()
    try:
        preflight.prepare_folder(data)
        yield Finding("data folder", "ok", str(data))
        free = preflight.check_space(data)
        yield Finding("free space", "ok", f"{free / 1e9:.1f} GB")
    except preflight.PreflightFailed as error:
        yield Finding("data folder", "bad", error.message, error.action)


def listening(settings: Settings) -> Iterator[Finding]:
    """Whether a copy runs, else whether its port is free."""
    running = preflight.holder(settings.data.absolute())
    if running is not None:
        yield Finding("running", "ok", f"yes, process {running.pid} at {running.address}")
        return
    yield Finding("running", "ok", "no; start it with `ringdown run`")
    try:
        preflight.check_port(settings.http.host, settings.http.port)
        yield Finding("port", "ok", f"{settings.http.port} on {settings.http.host} is free")
    except preflight.PortTaken as error:
        yield Finding("port", "bad", error.message, error.action)


def models() -> Iterator[Finding]:
    """The speech models that come with the packages."""
    for name, package, file in MODELS:
        try:
            path = assets.package_file(package, *file)
            yield Finding(f"model: {name}", "ok", str(path))
        except assets.ModelMissing as error:
            yield Finding(f"model: {name}", "bad", error.message, error.action)


def recognisers(settings: Settings) -> Iterator[Finding]:
    """The recognisers in their order, where each listens, and whether those elsewhere answer."""
    try:
        chain = chain_of(settings.speech)
    except BadConfig as error:
        yield Finding("recogniser", "bad", error.message, error.action)
        return
    for number, one in enumerate(chain, 1):
        name = "recogniser" if len(chain) == 1 else f"recogniser {number}"
        yield _recogniser(name, one)


def _recogniser(name: str, one: Chosen) -> Finding:
    model = f" ({one.model})" if one.model else ""
    place = f"audio goes to {one.goes_to}" if one.goes_to else "on this machine"
    behind = ", behind the others" if one.added else ""
    text = f"{one.name}{model}, {place}{behind}"
    if one.goes_to is None and one.name != OVER_HTTP:
        return Finding(name, "ok", text)
    try:
        check_engine(one)
    except EngineFailed as error:  # a call has words all the same
        return Finding(name, "note", f"{text}: {error.plainly}", error.action)
    except BadConfig as error:
        return Finding(name, "bad", f"{text}: {error.message}", error.action)
    return Finding(name, "ok", f"{text}: answers")


def names(settings: Settings) -> Iterator[Finding]:
    """How many local names each centre has."""
    files = NameFiles(settings.data.absolute())
    centres = sorted(files.centres())
    for centre_id in centres:
        name = "local names" if len(centres) == 1 else f"local names: {centre_id}"
        try:
            book = read_book(files.names_of(centre_id) or "")
            yield Finding(name, "ok", f"{len(book.names)} names")
        except BookUnreadable as error:
            yield Finding(name, "note", error.message, error.action)
    if not centres:
        advice = "`ringdown names load FILE` lets misheard streets be recognised."
        yield Finding("local names", "note", "none are loaded", advice)


def tools(environment: Mapping[str, str], cache: Path) -> Iterator[Finding]:
    """Which tool would be taken, and from where. None of them is needed once all is built."""
    for tool in parts.TOOLS:
        try:
            found = parts.find(tool, environment, cache)
        except RingdownError as error:
            yield Finding(tool.name, "bad", error.message, error.action)
            continue
        if found is not None:
            yield Finding(tool.name, "ok", str(found))
        else:
            text = f"not on this machine; its package {tool.package} is fetched when needed"
            yield Finding(tool.name, "note", text)


def media_server(settings: Settings, environment: Mapping[str, str], cache: Path) -> Finding:
    """Whether the media server has been built."""
    wanted = getattr(settings, "media_server", None) or MediaServerSettings()
    if wanted.mode != "build":
        return Finding("media server", "ok", f"{wanted.mode}, as the settings say")
    builder = Builder(
        wanted,
        cache=cache,
        logs=settings.data / "logs",
        environment=environment,
        clock=SystemClock(),
    )
    try:
        found = builder.find()
    except RingdownError as error:
        return Finding("media server", "bad", error.message, error.action)
    if found is None:
        text = f"LiveKit {VERSION} is not built yet"
        return Finding("media server", "note", text, "`ringdown run` builds it in the background.")
    return Finding("media server", "ok", f"LiveKit {VERSION} ({found})")
