"""`ringdown redact`: personal values out of written words, as in a call."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast

import typer

from ringdown.core.errors import BadConfig, Invalid
from ringdown.redaction.model.tokens import Redacted, Tokens


class RedactLineUnusable(Invalid):
    """A line of the file is no text with an id."""

    code: ClassVar[str] = "redaction.line_unusable"
    action: ClassVar[str] = 'Write each line as {"id": "…", "text": "…"}.'


def register(app: typer.Typer) -> None:
    """Put the command on the line."""
    app.command("redact")(redact)


def redact(
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
    """Replace names, addresses, telephone numbers and the like in texts by tokens.

    Each line is a call of its own: the same thing said again has the same token. With --json the
    places of the values in the original are told too.

    Example: `ringdown redact --json texts.jsonl`
    """
    for name, text in texts(_lines(file)):
        redacted = Tokens().redact(text)
        if as_json:
            typer.echo(json.dumps(as_row(name, redacted), ensure_ascii=False))
        else:
            typer.echo(f"{name}\t{redacted.text}")


def as_row(name: str | int, redacted: Redacted) -> dict[str, Any]:
    """What is told of a text."""
    spans = [{"start": m.start, "end": m.end, "label": m.label} for m in redacted.marks]
    return {"id": name, "text": redacted.text, "spans": spans}


def texts(lines: Iterable[str]) -> Iterator[tuple[str | int, str]]:
    """Id and text of each line; empty lines are passed over. Raises RedactLineUnusable."""
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
        message = f"line {number} is no JSON object with id and text"
        raise RedactLineUnusable(message)
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
