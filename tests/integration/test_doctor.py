"""`ringdown doctor` tells what is there and what to do, for people and for programs."""

import json
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ringdown.cli.doctor import register
from ringdown.runtime.preflight import only_copy, prepare_folder


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> typer.Typer:
    monkeypatch.setenv("RINGDOWN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RINGDOWN_HTTP__PORT", "0")
    made = typer.Typer()
    made.callback()(lambda: None)
    register(made)
    return made


def findings(app: typer.Typer, data: Path) -> tuple[int, dict[str, dict[str, str]]]:
    done = CliRunner().invoke(app, ["doctor", "--data", str(data), "--json"])
    return done.exit_code, {one["name"]: one for one in json.loads(done.stdout)["findings"]}


def test_a_good_machine_gets_a_clean_bill(app: typer.Typer, tmp_path: Path) -> None:
    """It names the data folder, the models and where each tool would come from."""
    code, found = findings(app, tmp_path / "data")
    assert code == 0
    assert found["data folder"]["text"] == str(tmp_path / "data")
    assert {"uv", "Node.js", "Go", "media server", "free space"} <= found.keys()
    assert {one["state"] for one in found.values()} <= {"ok", "note"}
    assert found["model: speech recognition"]["text"].endswith("tiny-en")


def test_a_taken_port_is_bad_and_says_what_to_do(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code tells programs; the advice tells people."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("RINGDOWN_HTTP__PORT", str(other.getsockname()[1]))
        code, found = findings(app, tmp_path / "data")
    assert code == 1
    assert found["port"]["state"] == "bad"
    assert found["port"]["advice"]


def test_a_running_copy_is_named_and_its_port_is_no_trouble(
    app: typer.Typer, tmp_path: Path
) -> None:
    """Doctor may be asked while Ringdown runs."""
    prepare_folder(tmp_path / "data")
    with only_copy(tmp_path / "data", "http://127.0.0.1:8911"):
        code, found = findings(app, tmp_path / "data")
    assert code == 0
    assert "http://127.0.0.1:8911" in found["running"]["text"]
    assert "port" not in found


def test_people_read_plain_lines(app: typer.Typer, tmp_path: Path) -> None:
    """Without --json it closes with one sentence."""
    done = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "data")])
    assert "Nothing keeps Ringdown from working." in done.stdout
