"""Texts in JSON Lines, as commands read them that work on one text after another."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast

import typer

from ringdown.core.errors import BadConfig, Invalid

TextsFile = Annotated[
    Path,
    typer.Argument(
        help='JSON Lines, {"id", "text"} on each; - is standard input.', allow_dash=True
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line for each text.")]


class TextLineUnusable(Invalid):
    """A line of the file is no text with an id."""

    code: ClassVar[str] = "cli.text_line_unusable"
    action: ClassVar[str] = 'Write each line as {"id": "…", "text": "…"}.'


def texts_of(file: Path) -> Iterator[tuple[str | int, str]]:
    """Id and text of each line of a file or of standard input. Raises as `texts`, or BadConfig."""
    return texts(_lines(file))


def texts(lines: Iterable[str]) -> Iterator[tuple[str | int, str]]:
    """Id and text of each line; empty lines are passed over. Raises TextLineUnusable."""
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
        raise TextLineUnusable(message)
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
