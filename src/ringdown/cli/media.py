"""`ringdown media`: check recordings against their seals."""

import asyncio
import json
from collections import Counter
from typing import Annotated, Final

import typer

from ringdown.cli.config import Data, File, settings_of
from ringdown.media.verify import Finding, Verdict, verify
from ringdown.settings import Settings

app = typer.Typer()

WORDS: Final[dict[Finding, str]] = {
    "whole": "whole",
    "not_archived": "whole, not archived yet",
    "differs": "DIFFERS from its seal",
    "damaged": "DAMAGED: it cannot be read",
    "missing": "MISSING",
    "unknown": "UNKNOWN: no sealed leg owns this file",
}


@app.callback()
def group() -> None:
    """Check recordings against their seals."""


@app.command("verify")
def verify_recordings(
    call: Annotated[str | None, typer.Option(help="Only the recordings of this call.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per line for each recording.")
    ] = False,
    data: Data = None,
    config: File = None,
) -> None:
    """Check that every recording gives back the bytes whose SHA-256 was sealed.

    Works while Ringdown runs, and changes nothing. Exit code 1 if a recording is missing, damaged
    or not what was sealed. The seals themselves are in the audit log: `ringdown audit verify`.

    Example: `ringdown media verify --data ./data`
    """
    settings = settings_of(data, config)
    counts = asyncio.run(_verify(settings, call, as_json=as_json))
    bad = sum(count for good, count in counts.items() if not good)
    if not as_json:
        typer.echo(f"{counts.total()} recordings looked at, {bad} not as sealed")
    if bad or (call is not None and not counts):
        raise typer.Exit(1)


async def _verify(settings: Settings, call: str | None, *, as_json: bool) -> Counter[bool]:
    # Imported here: it takes half a second, which the help of other commands need not wait for.
    from ringdown.composition.commands import recordings  # noqa: PLC0415

    counts: Counter[bool] = Counter()
    async with recordings(settings) as found:
        async for verdict in verify(found.database, found.store, found.folders, call_id=call):
            counts[verdict.good] += 1
            _tell(verdict, as_json=as_json)
    return counts


def _tell(verdict: Verdict, *, as_json: bool) -> None:
    if not as_json:
        name = f"{verdict.centre_id}/{verdict.call_id}/{verdict.leg_id}"
        typer.echo(f"{name}: {WORDS[verdict.finding]}")
        return
    told = {
        "centre_id": verdict.centre_id,
        "call_id": verdict.call_id,
        "leg_id": verdict.leg_id,
        "finding": verdict.finding,
        "good": verdict.good,
        "sha256": verdict.sealed,
        "file": None if verdict.file is None else str(verdict.file),
    }
    typer.echo(json.dumps(told))
