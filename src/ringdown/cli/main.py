"""`ringdown`: every group of commands, and how their errors are told."""

import importlib
import os
import sys
from collections.abc import Mapping

import typer
from rich.console import Console
from rich.markup import escape

from ringdown.core.errors import RingdownError

GROUPS = {
    "call": "Replay recorded calls into a running Ringdown.",
    "speech": "Turn recordings into words, and measure how well that goes.",
    "incident": "Draft incidents from calls that are written down.",
    "address": "Take spoken addresses apart.",
    "cad": "The small CAD receiver for practice and tests.",
    "names": "The streets, places and businesses that callers name.",
    "streets": "The agency's own map: roads, addresses, landmarks, mileposts.",
    "user": "The people who may sign in.",
    "client": "The credentials of telephone systems and partners.",
    "audit": "Verify and export the audit log.",
    "config": "Explain and check the settings.",
    "media": "Check recordings against their seals.",
}
COMMANDS = {
    "run": "Run Ringdown: the console, recording, speech and everything else, until Ctrl-C.",
    "demo": "Play the demo call: a house fire with a person inside, invented and marked DEMO.",
    "eval": "Measure drafts on your own labelled calls: misses first, with 95 % ranges.",
    "doctor": "Say where things are and what keeps Ringdown from working.",
    "redact": "Replace names, addresses, telephone numbers and the like in texts by tokens.",
}
HELP = "The open call-taking assistant. Begin with [bold]ringdown run[/bold]."
EXAMPLES = {
    "": "ringdown run --data ./data",
    "run": "ringdown run --data ./data --port 8911",
    "demo": "ringdown demo --headless",
    "eval": "ringdown eval calls.jsonl --out ./report",
    "doctor": "ringdown doctor --data ./data",
    "redact": "ringdown redact --json texts.jsonl",
    "call": "ringdown call replay call.wav --client-id ID --client-secret-file secret.txt",
    "speech": "ringdown speech transcribe call.wav",
    "incident": "ringdown incident draft --json calls.jsonl",
    "address": "ringdown address parse --json texts.jsonl",
    "cad": "ringdown cad receiver --secret-file secret.txt",
    "names": "ringdown names load streets.csv --replace",
    "streets": "ringdown streets import centerlines.geojson",
    "user": 'ringdown user add dana --name "Dana Reyes" --role telecommunicator',
    "client": 'ringdown client add "Responder app" --scope incident_events',
    "audit": "ringdown audit verify --data ./data",
    "config": "ringdown config explain",
    "media": "ringdown media verify --data ./data",
}
"""What the help of each shows last: a command that can be given as it stands, or nearly so."""


def build(words: list[str]) -> typer.Typer:
    """The command line for these words: only what they name is imported.

    Everything else is there with its name and its sentence, for the help and for completion,
    which would otherwise take seconds.
    """
    app = typer.Typer(
        help=HELP,
        epilog=example(""),
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    named = next((word for word in words if not word.startswith("-")), None)
    for name, text in COMMANDS.items():
        if name == named:
            importlib.import_module(f"ringdown.cli.{name}").register(app)
            app.registered_commands[-1].epilog = example(name)
        else:
            app.command(name, help=text)(_elsewhere)
    for name, text in GROUPS.items():
        group = typer.Typer()
        if name == named:
            group = importlib.import_module(f"ringdown.cli.{name}").app
        app.add_typer(group, name=name, help=text, epilog=example(name), no_args_is_help=True)
    return app


def _elsewhere() -> None:
    """Stands for a command that was not named."""


def example(name: str) -> str:
    """The last line of a help page."""
    return f"Example: [bold]{EXAMPLES[name]}[/bold]"


def named_words(arguments: list[str], environment: Mapping[str, str]) -> list[str]:
    """What was typed after `ringdown`; in a shell's completion, what is typed so far."""
    if "_RINGDOWN_COMPLETE" not in environment:
        return arguments
    typed = environment.get("COMP_WORDS") or environment.get("_TYPER_COMPLETE_ARGS", "")
    return typed.split()[1:]


def main() -> None:
    """Run the command line; an error of ours is told in two plain lines, without a trace."""
    try:
        build(named_words(sys.argv[1:], os.environ))()
    except RingdownError as error:
        tell(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)


def tell(error: RingdownError) -> None:
    """What happened and what to do, on standard error."""
    console = Console(stderr=True, highlight=False)
    console.print(f"[bold red]{escape(error.message)}[/bold red]", soft_wrap=True)
    action = escape(error.action)
    console.print(f"What to do: {action}  [dim]({error.code})[/dim]", soft_wrap=True)
