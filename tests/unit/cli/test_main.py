"""The command line lists everything and imports little; its help teaches by example."""

import shlex
import subprocess
import sys
from typing import ClassVar

import pytest
import typer
from typer.testing import CliRunner

from ringdown.cli.main import COMMANDS, EXAMPLES, GROUPS, build, named_words, tell
from ringdown.core.errors import RingdownError


def helped(*words: str) -> str:
    done = CliRunner().invoke(build(list(words)), [*words, "--help"], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_words_typed_so_far_are_those_of_the_shell() -> None:
    """bash and zsh tell them in variables of different names."""
    on = {"_RINGDOWN_COMPLETE": "complete_x"}
    assert named_words([], {**on, "COMP_WORDS": "ringdown media ver"}) == ["media", "ver"]
    assert named_words([], {**on, "_TYPER_COMPLETE_ARGS": "ringdown cad "}) == ["cad"]
    assert named_words(["run"], {}) == ["run"]


@pytest.mark.parametrize("words", [[], *([name] for name in (*COMMANDS, *GROUPS))])
def test_help_ends_with_an_example(words: list[str]) -> None:
    """A command that the command line itself can take."""
    text = " ".join(helped(*words).split())
    example = EXAMPLES[words[0] if words else ""]
    assert f"Example: {example}" in text
    program, *given = shlex.split(example)
    assert program == "ringdown"
    assert words == given[: len(words)]


@pytest.mark.parametrize("example", EXAMPLES.values())
def test_every_example_is_understood(example: str) -> None:
    """Its command and options exist: the command line would begin to do it."""
    given = shlex.split(example)[1:]
    command = typer.main.get_command(build(given))
    while hasattr(command, "commands"):
        command = command.commands[given.pop(0)]
    assert command.make_context(command.name, given)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_its_own_first_sentence(name: str) -> None:
    """The list and the command's own page say the same."""
    assert COMMANDS[name].rstrip(".") in " ".join(helped(name).split())


def test_an_unknown_command_is_told() -> None:
    """With the nearest words, and without doing anything."""
    done = CliRunner().invoke(build(["medja"]), ["medja"])
    assert done.exit_code == 2
    assert "medja" in done.output


def test_help_imports_no_command() -> None:
    """The first look at the program should not take seconds."""
    program = (
        "import sys\nfrom ringdown.cli.main import build\nimport typer\n"
        "typer.main.get_command(build(['--help']))\n"
        "print([m for m in ('sqlalchemy', 'uvicorn', 'numpy', 'ringdown.app') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_what_an_error_says_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Square brackets, as of a section of the settings, are no mark-up."""

    class Wrong(RingdownError):
        code: ClassVar[str] = "test.wrong"
        action: ClassVar[str] = "Correct the setting under [cad.webhook]."

    tell(Wrong("no [section] here"))
    told = capsys.readouterr().err
    assert "[cad.webhook]" in told
    assert "[section]" in told
