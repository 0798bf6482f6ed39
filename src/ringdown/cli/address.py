"""`ringdown address`: what a caller says of a place, taken apart."""

import json

import typer
from rich.console import Console

from ringdown.cli.texts import AsJson, TextsFile, texts_of
from ringdown.incidents.adapters.rules.addresses import parse as parts_said

app = typer.Typer(no_args_is_help=True)


@app.callback()
def address() -> None:
    """Take spoken addresses apart."""


@app.command("parse")
def parse(file: TextsFile, as_json: AsJson = False) -> None:
    """Take the address in each text apart: number, street, unit, city and what else was said.

    Numbers are written in figures. A part that is absent is unknown. `street` is the road, or
    where no road was said the name of the place.

    Example: `ringdown address parse --json texts.jsonl`
    """
    console = Console(highlight=False, markup=False)
    for name, text in texts_of(file):
        parts = parts_said(text)
        if as_json:
            typer.echo(json.dumps({"id": name, "parts": parts}, ensure_ascii=False))
        else:
            told = " · ".join(f"{part.replace('_', ' ')} {said}" for part, said in parts.items())
            console.print(f"{name}  {told or 'unknown'}", soft_wrap=True)
