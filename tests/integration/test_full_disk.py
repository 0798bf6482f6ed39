"""The recordings folder goes away in mid-call: recording goes on elsewhere, the rest as before."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.live import (
    Watch,
    assert_heard_as_sent,
    demo_recording,
    first_person,
    lamp,
    live_edge,
    newest_call,
    phones,
    said,
    sealed,
    until,
)

from ringdown.testing.instance import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CALL_S = 12
SPEED = 4


def moved_away(folder: Path) -> None:
    """As when a disk is unmounted: the files are still somewhere, the name is gone."""
    folder.rename(folder.with_name("gone"))


def a_file_instead(folder: Path) -> None:
    """As after a mistaken copy: nothing can be written below it."""
    folder.rename(folder.with_name("gone"))
    folder.write_text("not a folder")


def removed(folder: Path) -> None:
    """Somebody tidies up: files and names are gone; only open files hold what was recorded."""
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [a_file_instead, removed])
async def test_recording_goes_on_in_the_spare_folder(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """The lamp turns within two seconds and says what works; words, notes and the feed go on; the
    leg is heard as one piece without a sample missing, sealed, and lies in the spare folder."""
    data, spare = tmp_path / "data", tmp_path / "spare"
    await _play_through(
        data, spare, {"RINGDOWN_MEDIA__SPARE": str(spare)}, lambda: harm(data / "recordings")
    )


async def test_a_full_disk_in_mid_call(tmp_path: Path) -> None:
    """The disk of the recordings folder takes no more bytes: the same promises."""
    small, spare = tmp_path / "small", tmp_path / "spare"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "ringdown-test", str(small)]
    mounted = await asyncio.to_thread(subprocess.run, mount, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        settings = {
            "RINGDOWN_MEDIA__RECORDINGS": str(small / "recordings"),
            "RINGDOWN_MEDIA__SPARE": str(spare),
            "RINGDOWN_MEDIA__MIN_FREE_MB": "1",
        }

        def fill() -> None:
            space = os.statvfs(small)
            (small / "other").write_bytes(b"x" * (space.f_bavail * space.f_frsize))

        await _play_through(tmp_path / "data", spare, settings, fill, reason="no space")
    finally:
        await asyncio.to_thread(subprocess.run, ["umount", "-l", str(small)], check=True)


async def _play_through(
    data: Path,
    spare: Path,
    settings: dict[str, str],
    harm: Callable[[], None],
    reason: str = "",
) -> None:
    recording = demo_recording(CALL_S)
    loop = asyncio.get_running_loop()
    async with running(data, settings=settings) as server:
        person = await first_person(server)
        watch = Watch(person)
        watching = asyncio.create_task(watch.run())
        source = await phones(person, server)
        playing = asyncio.create_task(source.play(recording, speed=SPEED).run())
        call_id = await newest_call(person)
        await until(lambda: live_edge(person, call_id), lambda edge_ms: edge_ms > 2_000)
        harm()
        since = loop.time()
        red = await until(
            lambda: lamp(person, "recording"), lambda got: got["state"] == "down", every=0.02
        )
        assert loop.time() - since < 2
        assert "spare folder" in red["still_works"]
        assert reason in red["text"]
        note = await person.ask("POST", f"/v1/calls/{call_id}/notes", {"text": "goes on"})
        await playing
        ended = await sealed(person, call_id)
        await watch.reach(ended["position"])
        assert watch.whole
        assert [one["note_id"] for one in ended["notes"]] == [note["note_id"]]
        assert any(one["name"] == "recording" and one["state"] == "down" for one in watch.lamps)
        recorded = await person.ask("GET", f"/v1/calls/{call_id}/recording")
        assert [leg["gaps"] for leg in recorded["legs"]] == [[], []]
        assert {leg["duration_ms"] for leg in recorded["legs"]} == {CALL_S * 1000}
        await assert_heard_as_sent(person, call_id, recording)
        assert [file for file in spare.rglob("*") if file.is_file()]
        final = await until(
            lambda: person.ask("GET", f"/v1/calls/{call_id}/transcript"),
            lambda got: "washington" in said(got["utterances"], "caller"),
        )
        assert said(final["utterances"], "caller").count("my house is on fire") == 1
        assert server.process.returncode is None
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await person.close()


async def test_without_any_folder_memory_holds_the_call(tmp_path: Path) -> None:
    """No spare folder is set up: the lamp says that audio is in memory only. When the folder is
    back, everything is written down, nothing is missing, and the lamp says so."""
    data = tmp_path / "data"
    folder = data / "recordings"
    recording = demo_recording(CALL_S)
    async with running(data) as server:
        person = await first_person(server)
        source = await phones(person, server)
        playing = asyncio.create_task(source.play(recording, speed=SPEED).run())
        call_id = await newest_call(person)
        await until(lambda: live_edge(person, call_id), lambda edge_ms: edge_ms > 2_000)
        moved_away(folder)
        red = await until(lambda: lamp(person, "recording"), lambda got: got["state"] == "down", 5)
        assert "memory" in red["text"]
        assert "take notes" in red["still_works"]
        await asyncio.sleep(2)  # some audio has to come meanwhile
        folder.with_name("gone").rename(folder)
        await until(lambda: lamp(person, "recording"), lambda got: got["state"] == "ok", 10)
        await playing
        await sealed(person, call_id)
        await assert_heard_as_sent(person, call_id, recording)
        await person.close()
