"""`ringdown cad`: the small receiver for practice and tests, and what a real one needs to know."""

import asyncio
import contextlib
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ringdown.cad.receiver import FAILURES, Receiver, serving
from ringdown.cad.schema import schema_text
from ringdown.cad.summary import summary_schema_text
from ringdown.core.errors import BadConfig
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.ids import SystemIds
from ringdown.wire.standard_webhooks import Secret, write_secret

app = typer.Typer()


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Write to this file instead.")] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="That of `incident.summary.{id}` instead.")
    ] = False,
) -> None:
    """Print the JSON schema of the incidents that a CAD is sent."""
    text = summary_schema_text() if summary else schema_text()
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


@app.command()
def secret() -> None:
    """Print a fresh secret for the CAD webhook; give the same one to both sides."""
    typer.echo(_fresh_secret())


@app.command()
def receiver(
    secret_file: Annotated[
        Path,
        typer.Option(help="File with the secrets, one a line. Made with a fresh one if missing."),
    ],
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8912,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    out: Annotated[
        Path | None, typer.Option(help="Append what is received to this file, not the screen.")
    ] = None,
    fail: Annotated[
        str, typer.Option(help=f"Misbehave on purpose: {', '.join(FAILURES)}.")
    ] = "none",
    times: Annotated[
        int | None, typer.Option(help="Misbehave this many times, then behave; always if left out.")
    ] = None,
) -> None:
    """Receive incidents as a CAD would: verified, each once, as JSON lines.

    GET /received lists everything.

    Try it: `ringdown cad receiver --secret-file secret.txt --fail 500 --times 3`
    """
    if fail not in FAILURES:
        raise typer.BadParameter(f"use one of {', '.join(FAILURES)}", param_hint="--fail")
    made = Receiver(
        _secrets(secret_file),
        SystemClock(),
        failure=fail,
        failures=times,
        sink=lambda line: _write(out, line),
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_receive(made, host, port))


async def _receive(made: Receiver, host: str, port: int) -> None:
    try:
        async with serving(made, host=host, port=port) as url:
            typer.echo(f"The CAD receiver listens on {url}", err=True)
            await asyncio.Event().wait()
    except OSError:
        raise BadConfig("this address cannot be listened on", details={"port": port}) from None


def _write(out: Path | None, line: dict[str, Any]) -> None:
    text = json.dumps(line, ensure_ascii=False)
    if out is None:
        typer.echo(text)
        return
    with out.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def _fresh_secret() -> str:
    return write_secret(SystemIds(SystemClock()).secret().encode("ascii"))


def _secrets(file: Path) -> list[Secret]:
    """The secrets of the file; a missing file is made, readable by its owner alone."""
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w", encoding="ascii") as opened:
                opened.write(_fresh_secret() + "\n")
        texts = file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        raise BadConfig("the secret file cannot be read", details={"file": file.name}) from None
    if not texts:
        raise BadConfig("the secret file is empty", details={"file": file.name})
    return [Secret.parse(text) for text in texts]
