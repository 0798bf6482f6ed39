"""The commands that measure, with the real models on two tiny recordings."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from typer.testing import CliRunner

from ringdown.cli import speech_doctor
from ringdown.cli.speech import app

DATA = Path(__file__).parents[1] / "data" / "speech"
SAID = "There is a fire in the kitchen. My neighbor is still inside the house, please hurry. "


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """One call, and a minute fraction in which nobody speaks."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "call.flac").write_bytes((DATA / "caller.flac").read_bytes())
    (folder / "call.txt").write_text(SAID + "The number is 555-0142.")
    sf.write(folder / "quiet.wav", np.zeros(16000), 8000)
    (folder / "quiet.txt").write_text("")
    return folder


@pytest.mark.parametrize("live", [[], ["--live"]])
def test_own_recordings_are_measured(recordings: Path, live: list[str], tmp_path: Path) -> None:
    """Figures on the screen and in both reports; words in none of them."""
    out = tmp_path / "report"
    done = CliRunner().invoke(app, ["evaluate", str(recordings), "--out", str(out), *live])
    assert done.exit_code == 0, done.output
    made = json.loads((out / "report.json").read_text())
    (row,) = made["rates"]
    assert row["condition"] == "own"
    assert 0 < row["wer"] < 0.5
    assert row["words"] > 15
    assert made["invented"]["words"] == 0
    assert made["live"] is bool(live)
    assert made["engine"].startswith("moonshine")
    page = (out / "report.html").read_text()
    for text in (done.output, json.dumps(made), page):
        assert "kitchen" not in text
        assert "call.flac" not in text


def test_words_are_shown_on_request_and_bad_files_are_counted(recordings: Path) -> None:
    """As JSON; exit code 1 because one recording could not be heard."""
    (recordings / "bad.wav").write_bytes(b"RIFF")
    (recordings / "bad.txt").write_text("hello")
    done = CliRunner().invoke(app, ["evaluate", str(recordings), "--json", "--show-words"])
    assert done.exit_code == 1
    made = json.loads(done.stdout)
    assert [one["code"] for one in made["failed"]] == ["speech.audio.unreadable"]
    assert any("kitchen" in one["hypothesis"] for one in made["by_clip"])


def test_the_doctor_measures_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which engine, and a figure of channels that goes with the share of a core."""
    monkeypatch.setattr(speech_doctor, "MEASURE_S", 1.0)
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["engine"].startswith("moonshine")
    assert told["core_share_per_channel"] > 0
    assert told["channels"] == told["channels_per_core"] * min(told["workers"], told["cores"])
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0
