"""`ringdown incident`: the draft of an incident from a call that is written down."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ringdown.core.errors import BadConfig
from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.adapters.rules.triage import EMERGENCY_AT
from ringdown.incidents.report.draft import drafted, open_questions
from ringdown.incidents.report.lines import WrittenCall, extracted, read_calls

app = typer.Typer(no_args_is_help=True)

EmergencyAt = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Share of danger from which a call is an emergency; lower sends more to a person.",
    ),
]


@app.callback()
def incident() -> None:
    """Draft an incident from what was said in a call."""


@app.command("draft")
def draft(
    file: Annotated[
        Path,
        typer.Argument(help='JSON Lines: {"id", "turns": [{"speaker", "text"}]} on each line.'),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per line for each call.")
    ] = False,
    emergency_at: EmergencyAt = EMERGENCY_AT,
) -> None:
    """Write the draft of each call in a file: every field with the words it was heard in.

    A field that nobody spoke of is null. Evidence is the turn and its characters; `questions`
    are those that the call-taker asked and nobody answered.

    Example: `ringdown incident draft --json calls.jsonl`
    """
    extractor = RuleExtractor(emergency_at)
    console = Console(highlight=False, markup=False)
    for call in calls_of(file):
        said = extracted(call, extractor)
        fields, _ = drafted(call, said)
        if as_json:
            made = {"id": call.id, "fields": fields, "questions": open_questions(call, said)}
            typer.echo(json.dumps(made, ensure_ascii=False))
        else:
            _show(console, call, fields)


def calls_of(file: Path) -> list[WrittenCall]:
    """The calls of a file. Raises BadConfig when it cannot be read, LineUnusable for its lines."""
    try:
        with file.open(encoding="utf-8") as lines:
            return list(read_calls(lines))
    except (OSError, UnicodeDecodeError):
        message = f"{file} cannot be read as text"
        raise BadConfig(message) from None


def _show(console: Console, call: WrittenCall, fields: dict[str, dict[str, Any] | None]) -> None:
    console.print(call.id, style="bold", soft_wrap=True)
    for name, found in fields.items():
        if found is None:
            console.print(f"  {name:14} unknown", soft_wrap=True)
            continue
        cited: list[dict[str, int]] = found["evidence"]
        words = " … ".join(
            call.turns[each["turn"]][1][each["start"] : each["end"]] for each in cited
        )
        shown = found.get("text", found["value"])
        sure = f"{100 * found['confidence']:.0f} %"
        console.print(f"  {name:14} {shown}  ({sure}; “{words}”)", soft_wrap=True)
