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


def build(words: list[str]) -> typer.Typer:
    """The command line for these words: only the group that they name is imported.

    Without a name among them (help, completion) everything is.
    """
    app = typer.Typer(
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    named = next((word for word in words if not word.startswith("-")), None)
    for name in COMMANDS:
        if named in {name, None}:
            importlib.import_module(f"ringdown.cli.{name}").register(app)
    for name, text in GROUPS.items():
        if named in {name, None}:
            group = importlib.import_module(f"ringdown.cli.{name}").app
            app.add_typer(group, name=name, help=text, no_args_is_help=True)
        else:
            app.add_typer(typer.Typer(), name=name, help=text)
    return app


def main() -> None:
    """Run the command line; an error of ours is told in two plain lines, without a trace."""
    try:
        build(sys.argv[1:])()
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
