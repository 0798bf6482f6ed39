"""`ringdown run`: everything, until Ctrl-C."""

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console

from ringdown.cli import phone as phones
from ringdown.cli.config import Data, File
from ringdown.runtime import preflight
from ringdown.runtime.telemetry import configure_logs
from ringdown.settings import Settings, load

STOP_S = 2
"""How long open connections may take to end after Ctrl-C."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    data: Data = None,
    config: File = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    practice_cad: Annotated[
        bool,
        typer.Option(help="Without a CAD of your own, run a small practice CAD on this machine."),
    ] = True,
    practice_carrier: Annotated[
        bool,
        typer.Option(
            help="Without a carrier of your own, texts of demo calls reach practice phones here."
        ),
    ] = True,
    phone: Annotated[
        str | None,
        typer.Option(
            help="Let real phones of the local network in, by HTTPS at this address of this "
            "machine; `auto` finds it.",
            show_default=False,
        ),
    ] = None,
    phone_port: Annotated[int, typer.Option(help="The port for them.")] = phones.PORT,
    announce: Annotated[
        bool, typer.Option("--announce-json", help="Print the address as one line of JSON.")
    ] = False,
) -> None:
    """Run Ringdown: the console, recording, speech and everything else, until Ctrl-C."""
    overrides: dict[str, Any] = {}
    if data is not None:
        overrides["data"] = data
    http = {k: v for k, v in {"host": host, "port": port}.items() if v is not None}
    if http:
        overrides["http"] = http
    settings = load(config, overrides=overrides)
    folder = settings.data.absolute()
    preflight.check_all(folder, settings.http.host, settings.http.port)
    door = None
    if phone is not None:
        door = phones.phone_door(phone, phone_port, folder)
        preflight.check_port(door.address, door.port)
        overrides["caller"] = {"public_url": door.url}
        overrides["media_server"] = {"address": door.address}
        settings = load(config, overrides=overrides)
    address = f"http://{settings.http.host}:{settings.http.port}"
    with preflight.only_copy(folder, address) as tell_address:
        configure_logs(level=settings.logs.level, file=folder / "logs" / "ringdown.log")
        asyncio.run(
            _serve(
                settings,
                practice_cad=practice_cad,
                practice_carrier=practice_carrier,
                door=door,
                announce=announce,
                tell_address=tell_address,
            )
        )


async def _serve(
    settings: Settings,
    *,
    practice_cad: bool,
    practice_carrier: bool,
    door: phones.PhoneDoorAt | None,
    announce: bool,
    tell_address: Callable[[str], None],
) -> None:
    # Imported here: it takes half a second, and the checks before it should answer at once.
    from ringdown.app import World, build  # noqa: PLC0415
    from ringdown.runtime.serving import serving  # noqa: PLC0415

    console = Console(stderr=announce, highlight=False)
    began = time.monotonic()

    def step(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.1f} s[/dim]  {text}")

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with (
        build(
            settings,
            World.real(),
            practice_cad=practice_cad,
            practice_carrier=practice_carrier,
            step=step,
        ) as app,
        contextlib.AsyncExitStack() as stack,
    ):
        http = settings.http
        server = await stack.enter_async_context(
            serving(
                "web server",
                app.asgi,
                http.host,
                http.port,
                certificate=http.tls_certificate,
                key=http.tls_key,
                stop_s=STOP_S,
            )
        )
        scheme = "https" if http.tls_certificate is not None else "http"
        own = f"{scheme}://{http.host}:{server.port}"
        address = http.public_url or own
        tell_address(own)
        await app.serving(own)
        link = await app.setup_link(address)
        if announce:
            told = {"address": own, "setup_link": link, "phones": app.phones and app.phones.url}
            print(json.dumps(told), flush=True)  # noqa: T201
        step(f"Ringdown is ready: [bold link={address}]{address}[/bold link]")
        if link is not None:
            console.print(
                "\nOpen this link once to make the first administrator (valid for 24 hours):\n"
                f"  [bold]{link}[/bold]\n",
                soft_wrap=True,
            )
        if settings.phones_warning is not None:
            console.print(f"[bold]Warning:[/bold] {settings.phones_warning}", soft_wrap=True)
        if app.phones is not None:
            console.print(f"Texts of demo calls reach the practice phones at {app.phones.url}")
        if door is not None:
            practice = None if app.phones is None else app.phones.asgi
            await stack.enter_async_context(phones.letting_in(door, app.asgi, practice))
            phones.show(console, door, practice=practice is not None)
        console.print("[dim]Ctrl-C stops everything.[/dim]")
        await stop.wait()
        console.print("\nStopping; recordings are closed safely …")
        await app.stopping()
