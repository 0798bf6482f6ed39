"""`ringdown audit`: verify the audit log, and export it for whoever wants to check it."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from ringdown.audit.model import Head
from ringdown.audit.service import AuditLog
from ringdown.audit.verify_export import Finding, verify
from ringdown.cli.config import Data, File, settings_of
from ringdown.cli.user import administration, operator
from ringdown.core.errors import BadConfig
from ringdown.identity.service.setup import CentreNotFound
from ringdown.runtime.db import Database
from ringdown.settings import Settings

app = typer.Typer()

CentreId = Annotated[str | None, typer.Option("--centre", help="Only this centre's log.")]


@app.command("verify")
def verify_log(
    centre: CentreId = None,
    expect: Annotated[
        str | None,
        typer.Option(help="COUNT:HASH noted earlier for the centre; shows rows that were cut off."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Check this export instead of the database.")
    ] = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Check that no row of the audit log was changed, removed, moved or put in.

    Prints for each centre COUNT:HASH, worth noting somewhere else: pass it with --expect next
    time. Exit code 1 if anything is not as it was written.
    """
    expected = None if expect is None else _head(expect)
    if file is not None:
        whole = _verify_file(file, centre, expected)
    else:
        if expected is not None and centre is None:
            raise typer.BadParameter("say which centre it was noted for: --centre")
        settings = settings_of(data, config)
        whole = asyncio.run(_verify_database(settings, centre, expected))
    if not whole:
        raise typer.Exit(1)


@app.command("export")
def export_log(
    centre: CentreId = None,
    out: Annotated[Path | None, typer.Option(help="Write here; the screen if left out.")] = None,
    data: Data = None,
    config: File = None,
) -> None:
    """Export one centre's audit log as JSON lines; the export itself is written down in it.

    Anybody can check the file with Python alone: `python verify_export.py FILE`. The verifier is
    `ringdown/audit/verify_export.py`, one file without any other.
    """
    settings = settings_of(data, config)
    if out is None:
        head = asyncio.run(_export(settings, centre, sys.stdout))
    else:
        try:
            with out.open("w", encoding="ascii", newline="\n") as file:
                head = asyncio.run(_export(settings, centre, file))
        except OSError as error:
            raise BadConfig(
                "the export cannot be written", details={"reason": type(error).__name__}
            ) from None
    typer.echo(f"{head.count}:{head.hash}", err=True)


async def _verify_database(settings: Settings, centre: str | None, expected: Head | None) -> bool:
    async with administration(settings) as found:
        names = await _chains(found.audit, found.database, centre)
        verdicts = [
            await found.audit.verify(found.database, each, expected=expected) for each in names
        ]
    for verdict in verdicts:
        _tell(verdict.centre_id, verdict.head, list(verdict.findings))
    return not any(verdict.findings for verdict in verdicts)


async def _export(settings: Settings, centre: str | None, to: TextIO) -> Head:
    async with administration(settings) as found:
        names = await _chains(found.audit, found.database, centre)
        real = [each for each in names if each != "installation"] or names
        if len(real) != 1 and centre is None:
            raise CentreNotFound("name one of the centres", details={"centres": len(real)})
        chosen = centre or real[0]
        head = await found.audit.begin_export(found.database, operator(chosen), chosen)
        async for line in found.audit.lines(found.database, chosen, head.count):
            to.write(line)
    return head


async def _chains(log: AuditLog, database: Database, centre: str | None) -> list[str]:
    known = await log.centres(database)
    if centre is not None and centre not in known:
        raise CentreNotFound("this centre has no audit log", details={"centres": len(known)})
    return known if centre is None else [centre]


def _verify_file(file: Path, centre: str | None, expected: Head | None) -> bool:
    try:
        with file.open("rb") as lines:
            report = verify(
                lines,
                centre_id=centre,
                head=expected.hash if expected else None,
                count=expected.count if expected else None,
            )
    except OSError as error:
        raise BadConfig(
            "the export cannot be read", details={"reason": type(error).__name__}
        ) from None
    _tell(file.name, Head(report.count, report.head), report.findings)
    return report.whole


def _tell(name: str, head: Head, findings: list[Finding]) -> None:
    typer.echo(f"{name}: {'NOT WHOLE' if findings else 'whole'} {head.count}:{head.hash}")
    for finding in findings:
        row = "" if finding.seq is None else f" (row {finding.seq})"
        typer.echo(f"  line {finding.line}{row}: {finding.text}")


def _head(text: str) -> Head:
    match = re.fullmatch(r"(\d+):([0-9a-f]{64})", text.strip())
    if match is None:
        raise typer.BadParameter("write COUNT:HASH as `ringdown audit verify` printed it")
    return Head(int(match[1]), match[2])
