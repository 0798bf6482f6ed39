"""`ringdown`: every group of commands, and how their errors are told."""

import importlib
import sys

import typer
from rich.console import Console

from ringdown.core.errors import RingdownError

GROUPS = {
    "call": "Replay recorded calls into a running Ringdown.",
    "speech": "Turn recordings into words.",
    "cad": "The small CAD receiver for practice and tests.",
    "user": "The people who may sign in.",
    "audit": "Verify and export the audit log.",
    "config": "Explain and check the settings.",
    "media": "Check recordings against their seals.",
}
COMMANDS = ("run", "demo", "doctor")
HELP = "The open call-taking assistant. Begin with [bold]ringdown run[/bold]."


def build() -> typer.Typer:
    """The command line with every group mounted."""
    app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode="rich")
    for name in COMMANDS:
        importlib.import_module(f"ringdown.cli.{name}").register(app)
    for name, text in GROUPS.items():
        group = importlib.import_module(f"ringdown.cli.{name}")
        app.add_typer(group.app, name=name, help=text, no_args_is_help=True)
    return app


def main() -> None:
    """Run the command line; an error of ours is told in two plain lines, without a trace."""
    try:
        build()()
    except RingdownError as error:
        tell(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)


def tell(error: RingdownError) -> None:
    """What happened and what to do, on standard error."""
    console = Console(stderr=True, highlight=False)
    console.print(f"[bold red]{error.message}[/bold red]", soft_wrap=True)
    console.print(f"What to do: {error.action}  [dim]({error.code})[/dim]", soft_wrap=True)
