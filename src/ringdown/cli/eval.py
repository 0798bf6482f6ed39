"""`ringdown eval`: how good drafts are on calls that are labelled."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ringdown.cli.incident import EmergencyAt, calls_of
from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.adapters.rules.triage import EMERGENCY_AT
from ringdown.incidents.report.figures import report
from ringdown.incidents.report.page import card, page, percent
from ringdown.incidents.report.run import judge_all


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval")(evaluate)


def evaluate(
    dataset: Annotated[
        list[Path], typer.Argument(help="JSON Lines: id, turns and labels of a call on each line.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write report.html and report.json to.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    lose: Annotated[
        list[float] | None,
        typer.Option(help="Also with this share of words lost; may be given several times."),
    ] = None,
    to_card: Annotated[
        Path | None, typer.Option("--card", hidden=True, help="Write our own report card, a page.")
    ] = None,
    emergency_at: EmergencyAt = EMERGENCY_AT,
) -> None:
    """Measure drafts on your own labelled calls: misses first, with 95 % ranges.

    The report names calls by id and holds none of their words.

    Example: `ringdown eval calls.jsonl --out ./report`
    """
    calls = [call for file in dataset for call in calls_of(file)]
    every = [*calls, *(call.losing(share) for share in lose or () for call in calls)]
    judged = list(judge_all(every, RuleExtractor(emergency_at)))
    made = report(judged, {"emergency_at": emergency_at})
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(made, indent=1, ensure_ascii=False)
        (out / "report.json").write_text(text + "\n", encoding="utf-8")
        (out / "report.html").write_text(page(made), encoding="utf-8")
    if to_card is not None:
        to_card.write_text(card(made, MEASURED_ON), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
    else:
        _show(made, out)


MEASURED_ON = """\
<!-- Written by `make report-card`; do not edit. -->

Measured on short calls of our own writing, invented from beginning to end: the file
`tests/data/scripted_calls.jsonl`. They are judged as written ("as given"), and as the bundled
recogniser hears them: a synthetic voice speaks each call over a telephone line, with other people
talking and noise around the caller at three levels, and every word comes with its confidence
(`tests/data/scripted_calls_heard.jsonl`, made by `tools/make_recognised_calls.py`).

What it does not show: how good drafts are on real calls. The rules were written with these calls
in mind, so that the figures on words as written say only whether a change makes drafts worse. Real
callers ramble, cry and interrupt. Synthetic voices are harder on the recogniser than most people
are, above all in street names and numbers, and softer than people who shout. Every call is English
as it is spoken in the United States. Measure drafts on your own labelled calls, see
[how to measure drafts](how-to/measure-drafts.md)."""


def _show(made: dict[str, Any], out: Path | None) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    for each in made["conditions"]:
        shown = Table(box=None, pad_edge=False, title=each["condition"], title_justify="left")
        for head in ("Figure", "Calls", "Share", "95 % range", "Met"):
            shown.add_column(head, no_wrap=True)
        for one in each["figures"]:
            low, high = one["interval"]
            shown.add_row(
                *(one["label"], f"{one['count']} of {one['total']}", percent(one["share"])),
                f"{100 * low:.1f} to {100 * high:.1f}",
                {None: "", True: "yes", False: "no"}[one["met"]],
            )
        console.print(shown)
    if out is not None:
        console.print(f"Report: {out / 'report.html'}", soft_wrap=True, markup=False)
