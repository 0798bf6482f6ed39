"""`ringdown speech evaluate`: how good recognition is on recordings whose words are known."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from ringdown.cli.config import File
from ringdown.cli.speech_common import Engine, Live, ModelFolder, bar, listener, speech_settings
from ringdown.core.clock import iso
from ringdown.runtime.clock import SystemClock
from ringdown.speech.evaluate.dataset import load_dataset
from ringdown.speech.evaluate.judge import Result, report
from ringdown.speech.evaluate.page import page, percent, span
from ringdown.speech.evaluate.run import listen_to

WIDE: Final = 120
"""Columns of the table where no terminal says how many there are."""


def evaluate(
    datasets: Annotated[
        list[Path],
        typer.Argument(
            help="Folders with audio and refs.tsv, refs.csv or refs.jsonl (columns id or file, "
            "reference; group and condition if wanted), or with a .txt beside each recording."
        ),
    ],
    engine: Engine = None,
    live: Live = False,
    condition: Annotated[
        list[str] | None, typer.Option(help="Only this condition; may be given several times.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write report.html and report.json to.")
    ] = None,
    show_words: Annotated[
        bool,
        typer.Option("--show-words", help="Put names of files and what is said into the report."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    model_folder: ModelFolder = None,
    config: File = None,
) -> None:
    """Measure recognition on your own recordings: errors, honesty of confidence, cost.

    The report holds figures only, no names of files and no words, unless you ask for them.
    Exit code 1 if a recording could not be heard.

    Example: `ringdown speech evaluate ./recordings --out ./report`
    """
    dataset = load_dataset(datasets, condition or ())
    settings = speech_settings(config, engine, model_folder)
    results: list[Result] = []
    console = Console(stderr=True)
    with listener(settings) as heard_by, bar(console) as progress:
        task = progress.add_task("recordings", total=len(dataset.clips))
        for result in listen_to(dataset, heard_by, live=live):
            results.append(result)
            progress.advance(task)
        about = {
            "when": iso(SystemClock().now())[:10],
            "version": version("ringdown"),
            "machine": machine(),
            "engine": heard_by.engine.capabilities.name,
            "live": live,
            "without_audio": dataset.without_audio,
        }
    made = report(results, about, show_words=show_words)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(made, indent=1, ensure_ascii=False)
        (out / "report.json").write_text(text + "\n", encoding="utf-8")
        (out / "report.html").write_text(page(made), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
    else:
        _show(made, out)
    if made["failed"]:
        raise typer.Exit(1)


def machine() -> str:
    """What this runs on, in a few words."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _show(made: dict[str, Any], out: Path | None) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    shown = Table(box=None, pad_edge=False)
    shown.add_column("Condition", overflow="fold")
    shown.add_column("Group", no_wrap=True)
    for head in ("Words", "Error rate", "95 % range", "Subst.", "Missing", "Invented"):
        shown.add_column(head, justify="right", no_wrap=True)
    for row in made["rates"]:
        figures = (row["substituted"], row["deleted"], row["inserted"])
        shown.add_row(
            *(row["condition"], row["group"], str(row["words"])),
            *(percent(row["wer"]), span(row["interval"]), *map(str, figures)),
        )
    if made["rates"]:
        console.print(shown)
    confidence, silence = made["confidence"], made["invented"]
    if confidence["auc"] is not None:
        console.print(
            f"Confidence: ROC AUC {confidence['auc']:.3f}, "
            f"calibration error {percent(confidence['calibration_error'])}"
        )
    if silence is not None:
        console.print(
            f"Where nobody spoke: {silence['words']} words in {silence['minutes']:.1f} minutes"
        )
    if made["core_s_per_audio_s"] is not None:
        console.print(f"Core seconds per second of audio: {made['core_s_per_audio_s']:.3f}")
    if made["failed"]:
        console.print(f"{len(made['failed'])} recordings could not be heard.", style="bold red")
    if out is not None:
        console.print(f"Report: {out / 'report.html'}", soft_wrap=True, markup=False)
