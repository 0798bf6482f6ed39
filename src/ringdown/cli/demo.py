"""`ringdown demo`: the demo call, on a running Ringdown or in a throw-away one."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ringdown.demo import load as load_demo


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Play it in a throw-away installation and check it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    speed: Annotated[float, typer.Option(help="N times the pace of the audio.")] = 1.0,
    client_id: Annotated[
        str | None, typer.Option(help="API client of a running Ringdown to send the call to.")
    ] = None,
    client_secret_file: Annotated[Path | None, typer.Option(help="File with its secret.")] = None,
    url: Annotated[
        str, typer.Option(help="The media socket.")
    ] = "ws://127.0.0.1:8911/v1/media/twilio",
) -> None:
    """Play the demo call: a house fire with a person inside, invented and marked DEMO.

    Into a running Ringdown with a client's credential (or press Start demo call on its console),
    or with --headless from end to end in an installation of its own; exit code 1 if a step failed.
    """
    if not headless:
        from ringdown.cli.call import replay  # noqa: PLC0415 - only this way needs it

        if client_id is None or client_secret_file is None:
            raise typer.BadParameter(
                "give --client-id and --client-secret-file of an API client with the scope "
                "media:ingest, or --headless"
            )
        call = load_demo()
        replay([call.audio], client_id, client_secret_file, url, speed, call.ani, demo=True)
        return
    from ringdown.testing.headless import run  # noqa: PLC0415 - it brings the whole product

    console = Console(stderr=True, highlight=False)
    report = asyncio.run(run(speed=speed, say=console.print))
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        for step in report.steps:
            mark = "[green]ok[/green]    " if step["ok"] else "[red]FAILED[/red]"
            console.print(f"{mark} {step['step']}: {step['happened']}", soft_wrap=True)
    raise typer.Exit(0 if report.ok else 1)
