"""Completion in a shell, asked as a shell asks: everything is offered."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ringdown.cli.main import COMMANDS, GROUPS

PROGRAM = "import sys; sys.argv[0] = 'ringdown'; from ringdown.cli import main; main()"


def completed(typed: str, **more: str) -> list[str]:
    """What bash would offer after these words, asked as bash asks."""
    words = typed.split(" ")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "_RINGDOWN_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(words) - 1),
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


def commands_of(name: str) -> list[str]:
    """The commands of a group, as they are declared."""
    app = importlib.import_module(f"ringdown.cli.{name}").app
    return [one.name or one.callback.__name__.replace("_", "-") for one in app.registered_commands]


def test_completion_lists_every_command_and_group() -> None:
    """Though none of them is imported for it."""
    assert completed("ringdown ") == [*COMMANDS, *GROUPS]
    assert completed("ringdown c") == ["call", "cad", "client", "config"]


@pytest.mark.parametrize("group", GROUPS)
def test_completion_lists_the_commands_of_a_group(group: str) -> None:
    """The one that is being typed is imported, and its commands are offered."""
    offered = completed(f"ringdown {group} ")
    assert offered == commands_of(group)
    assert offered


def test_completion_offers_options() -> None:
    """Of a command inside a group, and of a plain one."""
    assert "--call" in completed("ringdown media verify --")
    assert "--headless" in completed("ringdown demo --")


def test_completion_can_be_installed(tmp_path: Path) -> None:
    """`ringdown --install-completion` writes the shell's files and says so."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--install-completion", "bash"],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "completion installed" in done.stdout
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "_RINGDOWN_COMPLETE" in written
