"""`ringdown demo`: the demo call, on the Ringdown that runs here or in a throw-away one."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, ClassVar

import typer
from rich.console import Console

from ringdown.cli.call import send
from ringdown.cli.config import File, settings_of
from ringdown.core.errors import BadConfig, Unavailable
from ringdown.core.sensitive import Sensitive
from ringdown.demo import load as load_demo
from ringdown.media.api import CallFacts, Target
from ringdown.runtime import preflight
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.ids import SystemIds
from ringdown.settings import Settings

CLIENT_NAME = "Demo call (command line)"


class NothingRuns(Unavailable):
    """No Ringdown runs on this data folder."""

    code: ClassVar[str] = "cli.demo.nothing_runs"
    action: ClassVar[str] = "Start one with `ringdown run`, or play it with --headless."


class WhichCentre(BadConfig):
    """There is no centre yet, or several to choose from."""

    code: ClassVar[str] = "cli.demo.which_centre"
    action: ClassVar[str] = (
        "Use the link that `ringdown run` prints, or name one of several with --centre."
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Play it in a throw-away installation and check it.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --headless: print the report as JSON.")
    ] = False,
    speed: Annotated[float, typer.Option(help="N times the pace of the audio.")] = 1.0,
    data: Annotated[
        Path | None,
        typer.Option(help="Data folder of the Ringdown that runs here.", show_default=False),
    ] = None,
    config: File = None,
    centre: Annotated[
        str | None, typer.Option(help="Id of the centre, if there are several.")
    ] = None,
) -> None:
    """Play the demo call: a house fire with a person inside, invented and marked DEMO.

    It arrives at the Ringdown that runs on the data folder. With --headless it is played from end
    to end in an installation of its own and checked; exit code 1 if a step failed.

    Example: ringdown demo --headless --json
    """
    if not headless:
        asyncio.run(_into_running(settings_of(data, config), centre, speed))
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


async def _into_running(settings: Settings, centre: str | None, speed: float) -> None:
    # Imported here: it takes half a second, and `--help` should answer at once.
    from ringdown.composition.commands import administration  # noqa: PLC0415
    from ringdown.console.demo import demo_credential  # noqa: PLC0415

    running = preflight.holder(settings.data.absolute())
    if running is None:
        raise NothingRuns(f"no Ringdown runs on the data folder {settings.data}")
    async with administration(settings) as administered:
        known = [one.centre_id for one in await administered.installation.centres()]
        chosen = [one for one in known if centre in {None, one}]
        if len(chosen) != 1:
            raise WhichCentre("it is not clear which centre is meant", details={"centres": known})
        client_id, secret = await demo_credential(administered.clients, chosen[0], CLIENT_NAME)
    call = load_demo()
    await send(
        [call.audio],
        Target(f"{running.address.replace('http', 'ws', 1)}/v1/media/twilio", client_id, secret),
        CallFacts(
            SystemIds(SystemClock()).new("demo"), Sensitive(call.ani, "caller.number"), demo=True
        ),
        speed=speed,
    )
