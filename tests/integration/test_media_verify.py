"""`ringdown media verify`: recordings that are not what was sealed are found, whatever happened."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from tests.sync_world import CENTRE, opened, prepare
from typer.testing import CliRunner, Result

from ringdown.cli.main import build as command_line
from ringdown.composition.commands import NoData


def run(data: Path, *arguments: str) -> Result:
    words = ["media", "verify", "--data", str(data), *arguments]
    return CliRunner().invoke(command_line(words), words, env={"COLUMNS": "160"})


async def recorded(empty: Path, folder: Path) -> None:
    await prepare(empty)
    async with opened(folder, empty) as world:
        await world.ring()
        for side in ("caller", "call_taker"):
            await world.leg(side)
            world.sound(0, 2_000, side)
        await world.complete()
        await world.until(lambda: len(list(folder.rglob("*.flac"))) == 2)
        await world.until(lambda: not list(folder.rglob("*.leg")))
    (folder / "sync.sqlite3").rename(folder / "ringdown.sqlite3")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two recordings of one call, sealed and archived."""
    (tmp_path / "empty").mkdir()
    asyncio.run(recorded(tmp_path / "empty", tmp_path / "data"))
    return tmp_path / "data"


def archives(data: Path) -> list[Path]:
    return sorted(data.rglob("*.flac"))


def test_whole_recordings_are_said_to_be_whole(data: Path) -> None:
    """Each is named, and the exit code says so too."""
    done = run(data)
    assert done.exit_code == 0, done.output
    assert done.stdout.count(": whole\n") == 2
    assert "2 recordings looked at, 0 not as sealed" in done.stdout


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def rubbish(path: Path) -> None:
    path.write_bytes(b"no audio at all")


def one_sample(path: Path) -> None:
    """Well-formed FLAC with its header as it was, and one sample that is another."""
    with soundfile.SoundFile(path) as file:
        comment, samples = file.comment, file.read(dtype="int16")
    samples[100] = 0 if samples[100] else 8
    with soundfile.SoundFile(path, "w", 8000, 1, format="FLAC", subtype="PCM_16") as file:
        file.comment = comment
        file.write(samples)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (cut, {"damaged", "differs"}),
        (rubbish, {"damaged"}),
        (one_sample, {"differs"}),
        (Path.unlink, {"missing"}),
    ],
)
def test_a_harmed_recording_is_found(
    data: Path, harm: Callable[[Path], object], found: set[str]
) -> None:
    """And the other one of the call is still said to be whole."""
    harm(archives(data)[0])
    done = run(data, "--json")
    assert done.exit_code == 1
    told = {line["leg_id"]: line for line in map(json.loads, done.stdout.splitlines())}
    harmed = told.pop(min(told))
    assert harmed["finding"] in found
    assert not harmed["good"]
    assert [line["finding"] for line in told.values()] == ["whole"]


def test_two_recordings_that_changed_places_are_found(data: Path) -> None:
    """Each is a good recording, and not the one that was sealed under this name."""
    one, other = archives(data)
    one.rename(data / "third")
    other.rename(one)
    (data / "third").rename(other)
    done = run(data)
    assert done.exit_code == 1
    assert done.stdout.count("DIFFERS") == 2


def test_an_archive_that_nobody_sealed_is_found(data: Path) -> None:
    """A file more than there are seals."""
    copy = archives(data)[0].with_name("leg_more.flac")
    copy.write_bytes(archives(data)[0].read_bytes())
    done = run(data)
    assert done.exit_code == 1
    assert f"{CENTRE}/{copy.parent.name}/leg_more: UNKNOWN" in done.stdout


def test_one_call_can_be_named(data: Path) -> None:
    """Its recordings alone; a call without any is an error, so that a slip is not a good sign."""
    call_id = archives(data)[0].parent.name
    assert "2 recordings" in run(data, "--call", call_id).stdout
    assert run(data, "--call", "call_nowhere").exit_code == 1


def test_it_works_while_somebody_writes(data: Path) -> None:
    """A running server holds the database; reading goes on."""
    server = sqlite3.connect(data / "ringdown.sqlite3", isolation_level=None)
    server.execute("BEGIN IMMEDIATE")
    server.execute("UPDATE legs_media SET samples = samples")
    try:
        assert run(data).exit_code == 0
    finally:
        server.execute("ROLLBACK")
        server.close()


def test_a_folder_without_data_is_said_to_have_none(tmp_path: Path) -> None:
    """And nothing is made in it."""
    done = run(tmp_path)
    assert isinstance(done.exception, NoData)
    assert list(tmp_path.iterdir()) == []
