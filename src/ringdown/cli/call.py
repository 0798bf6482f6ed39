"""`ringdown call`: replay recorded calls into a running Ringdown."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ringdown.core.sensitive import Sensitive
from ringdown.media.replay import CallFacts, Replay, Target, load
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.settings import read_secret

app = typer.Typer()


@app.callback()
def group() -> None:
    """Replay recorded calls into a running Ringdown."""


@app.command()
def replay(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="One stereo file (caller left, call-taker right) or one file for each side, "
            "caller first. WAV (PCM or µ-law), FLAC or Ogg Opus."
        ),
    ],
    client_id: Annotated[str, typer.Option(help="API client with the scope media:ingest.")],
    client_secret_file: Annotated[Path, typer.Option(help="File that holds its secret.")],
    url: Annotated[
        str, typer.Option(help="The media socket.")
    ] = "ws://127.0.0.1:8911/v1/media/twilio",
    speed: Annotated[float, typer.Option(help="N times the pace of the audio.")] = 1.0,
    ani: Annotated[str | None, typer.Option(help="The caller's number.")] = None,
    demo: Annotated[bool, typer.Option(help="Mark the call DEMO wherever it shows.")] = False,
    call_id: Annotated[
        str | None, typer.Option(help="The telephone system's id of the call; new if absent.")
    ] = None,
) -> None:
    """Send a recorded call to the media socket, as a telephone system would."""
    target = Target(url, client_id, Sensitive(read_secret(client_secret_file), "client.secret"))
    sid = call_id or SystemIds(SystemClock()).new("CA")
    facts = CallFacts(sid, Sensitive(ani, "caller.number") if ani else None, demo=demo)
    asyncio.run(send(files, target, facts, speed=speed))


async def send(files: list[Path], target: Target, facts: CallFacts, *, speed: float) -> None:
    """Send a recorded call with a progress bar."""
    recording = load(files)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}"),
        TimeElapsedColumn(),
    ) as progress:  # fmt: skip
        bar = progress.add_task("replaying", total=recording.duration_ms, at="0:00")

        def moved(ms: int) -> None:
            at = f"{ms // 60000}:{ms // 1000 % 60:02d}"
            progress.update(bar, completed=ms, at=at)

        await Replay(target, facts, recording, speed=speed, on_progress=moved).run()
    typer.echo(f"{recording.duration_ms / 1000:.1f} s sent as call {facts.call_sid}")
