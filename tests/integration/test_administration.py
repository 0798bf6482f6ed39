"""`ringdown user` and `ringdown audit`, on a data folder that a server has used."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringdown.app import World, build
from ringdown.audit import verify_export
from ringdown.cli.main import build as command_line
from ringdown.core.errors import RingdownError
from ringdown.core.sensitive import Sensitive
from ringdown.settings import load

PASSWORD = "tangerine otter kiln"
CHEAP = {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def run(data: Path, *arguments: str, stdin: str = "") -> Done:
    """The command as a person would give it, in this process; an error of ours is its words."""
    done = CliRunner().invoke(
        command_line(list(arguments)),
        arguments,
        input=stdin,
        env={"RINGDOWN_DATA": str(data), "COLUMNS": "160"},
    )
    stderr = done.stderr
    if isinstance(done.exception, RingdownError):
        stderr += done.exception.message
    elif done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, stderr)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one centre and its administrator."""
    folder = tmp_path_factory.mktemp("data")

    async def prepare() -> None:
        settings = load(
            None,
            environ={},
            overrides={"data": folder, "media_server": {"mode": "off"}, "identity": CHEAP},
        )
        async with build(settings, World.real()) as app:
            await app.setup.complete(
                Sensitive(await app.setup.issue_token(), "setup.token"),
                centre_name="Fictional County",
                username="anna",
                display_name="Anna",
                password=Sensitive(PASSWORD, "user.password"),
                source="192.0.2.1",
            )

    asyncio.run(prepare())
    return folder


def test_the_log_is_verified_exported_and_checked_alone(data: Path, tmp_path: Path) -> None:
    """The head noted by one is what the others find, and what shows a cut-off end."""
    verified = run(data, "audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "whole" in verified.stdout
    file = tmp_path / "audit.jsonl"
    exported = run(data, "audit", "export", "--out", str(file))
    assert exported.returncode == 0, exported.stderr
    count, _, head = exported.stderr.strip().rpartition("\n")[2].partition(":")
    alone = [
        sys.executable,
        "-I",
        verify_export.__file__,
        str(file),
        "--count",
        count,
        "--head",
        head,
    ]
    assert subprocess.run(alone, capture_output=True, check=False).returncode == 0
    assert run(data, "audit", "verify", "--file", str(file)).returncode == 0
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]))
    cut = run(data, "audit", "verify", "--file", str(file), "--expect", f"{count}:{head}")
    assert cut.returncode == 1
    assert "NOT WHOLE" in cut.stdout


def test_users_are_listed_added_and_released(data: Path) -> None:
    """The password is asked for, never an argument; the operator is named in the log."""
    added = run(
        data,
        "user",
        "add",
        "bert",
        "--name",
        "Bert",
        "--role",
        "auditor",
        stdin=f"{PASSWORD}\n{PASSWORD}\n",
    )
    assert added.returncode == 0, added.stderr
    assert PASSWORD not in added.stdout + added.stderr
    assert run(data, "user", "unlock", "bert").returncode == 0
    listed = run(data, "user", "list").stdout
    assert "Fictional County" in listed
    assert "anna" in listed
    assert "bert" in listed
    exported = run(data, "audit", "export").stdout
    assert '"actor_id":"system:command_line"' in exported


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["user", "setup-link"], "an administrator of this centre can sign in"),
        (["user", "unlock", "nobody"], "there is no user of that name"),
        (["audit", "verify", "--centre", "centre_x"], "this centre has no audit log"),
        (["audit", "verify", "--file", "/nowhere/at.all"], "the export cannot be read"),
        (["audit", "verify", "--expect", "12"], "COUNT:HASH"),
    ],
)
def test_what_cannot_be_done_is_told_plainly(data: Path, arguments: list[str], words: str) -> None:
    """A sentence and an exit code."""
    done = run(data, *arguments)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_further_centre_gets_a_link(data: Path) -> None:
    """With the token after `#`, where no server sees it."""
    done = run(data, "user", "setup-link", "--new-centre")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:8911/setup#")


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    """Looking for accounts does not make a database; told without a trace by the real program."""
    done = subprocess.run(
        [sys.executable, "-m", "ringdown.cli", "user", "list"],
        env={**os.environ, "RINGDOWN_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no database in the data folder yet" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
