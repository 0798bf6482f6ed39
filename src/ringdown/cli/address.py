"""`ringdown address`: what a caller says of a place, taken apart."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast

import typer
from rich.console import Console

from ringdown.core.errors import BadConfig, Invalid
from ringdown.incidents.adapters.rules.addresses import parse as parts_said

app = typer.Typer(no_args_is_help=True)


class AddressLineUnusable(Invalid):
    """A line of the file is no text with an id."""

    code: ClassVar[str] = "incidents.address_line_unusable"
    action: ClassVar[str] = 'Write each line as {"id": "…", "text": "…"}.'


@app.callback()
def address() -> None:
    """Take spoken addresses apart."""


@app.command("parse")
def parse(
    file: Annotated[
        Path,
        typer.Argument(
            help='JSON Lines, {"id", "text"} on each; - is standard input.', allow_dash=True
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per line for each text.")
    ] = False,
) -> None:
    """Take the address in each text apart: number, street, unit, city and what else was said.

    Numbers are written in figures. A part that is absent is unknown. `street` is the road, or
    where no road was said the name of the place.

    Example: `ringdown address parse --json texts.jsonl`
    """
    console = Console(highlight=False, markup=False)
    for name, text in texts(_lines(file)):
        parts = parts_said(text)
        if as_json:
            typer.echo(json.dumps({"id": name, "parts": parts}, ensure_ascii=False))
        else:
            told = " · ".join(f"{part.replace('_', ' ')} {said}" for part, said in parts.items())
            console.print(f"{name}  {told or 'unknown'}", soft_wrap=True)


def texts(lines: Iterable[str]) -> Iterator[tuple[str | int, str]]:
    """Id and text of each line; empty lines are passed over. Raises AddressLineUnusable."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _text(line, number)


def _text(line: str, number: int) -> tuple[str | int, str]:
    try:
        found: object = json.loads(line)
    except ValueError:
        found = None
    row = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    name, text = row.get("id"), row.get("text")
    if not isinstance(name, str | int) or not isinstance(text, str):
        message = f"Line {number} is no JSON object with id and text"
        raise AddressLineUnusable(message)
    return name, text


def _lines(file: Path) -> Iterator[str]:
    if str(file) == "-":
        yield from sys.stdin
        return
    try:
        with file.open(encoding="utf-8") as opened:
            yield from opened
    except (OSError, UnicodeDecodeError):
        message = f"{file} cannot be read as text"
        raise BadConfig(message) from None
