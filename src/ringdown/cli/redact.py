"""`ringdown redact`: personal values out of written words, as in a call."""

import json
from typing import Any

import typer

from ringdown.cli.texts import AsJson, TextsFile, texts_of
from ringdown.redaction.model.tokens import Redacted, Tokens


def register(app: typer.Typer) -> None:
    """Put the command on the line."""
    app.command("redact")(redact)


def redact(file: TextsFile, as_json: AsJson = False) -> None:
    """Replace names, addresses, telephone numbers and the like in texts by tokens.

    Each line is a call of its own: the same thing said again has the same token. With --json the
    places of the values in the original are told too.

    Example: `ringdown redact --json texts.jsonl`
    """
    for name, text in texts_of(file):
        redacted = Tokens().redact(text)
        if as_json:
            typer.echo(json.dumps(as_row(name, redacted), ensure_ascii=False))
        else:
            typer.echo(f"{name}\t{redacted.text}")


def as_row(name: str | int, redacted: Redacted) -> dict[str, Any]:
    """What is told of a text."""
    spans = [{"start": m.start, "end": m.end, "label": m.label} for m in redacted.marks]
    return {"id": name, "text": redacted.text, "spans": spans}
