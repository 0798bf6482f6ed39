"""`ringdown config`: explain, check and describe the settings."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape

from ringdown.runtime.settings import known_keys
from ringdown.settings import Settings, load

app = typer.Typer()

File = Annotated[
    Path | None,
    typer.Option("--config", envvar="RINGDOWN_CONFIG", help="TOML file with the settings."),
]


Data = Annotated[
    Path | None, typer.Option(help="The one folder that holds everything.", show_default=False)
]


def settings_of(data: Path | None, config: Path | None) -> Settings:
    """The settings, with the data folder that was named."""
    return load(config, overrides={} if data is None else {"data": data})


@app.command()
def explain(config: File = None) -> None:
    """Print every setting: its name, its value now, what it is for."""
    settings = load(config)
    console = Console(highlight=False)
    for name, field in known_keys(Settings):
        value: Any = settings
        for part in name.split("."):
            # There may be several of a section, or none: their settings are shown together.
            value = getattr(value, part) if isinstance(value, BaseModel) else value
        variable = "RINGDOWN_" + name.upper().replace(".", "__")
        console.print(f"[bold]{name}[/bold] = {escape(str(value))}", markup=True, soft_wrap=True)
        console.print(f"    {field.description}", markup=False, soft_wrap=True)
        console.print(f"    [dim]{variable}[/dim]")


@app.command()
def check(config: File = None) -> None:
    """Say whether the settings can be used; exit code 1 if not."""
    warning = load(config).phones_warning
    typer.echo("The settings can be used.")
    if warning is not None:
        typer.echo(f"But: {warning}")


@app.command()
def schema() -> None:
    """Print the JSON schema of the settings file."""
    typer.echo(json.dumps(Settings.model_json_schema(), indent=2))
