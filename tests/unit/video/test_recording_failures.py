"""Whatever ends a recording, what was recorded is a file of the call; what is not, is told."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.caller.link_world import CENTRE, prepare
from tests.unit.video.camera_world import CameraWorld
from tests.unit.video.recording_world import (
    OwnRecorder,
    OwnRecorders,
    film,
    kept,
    recorded,
    until_kept,
    until_over,
)

from ringdown.core.errors import Unavailable
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.tasks import Tasks
from ringdown.uploads.model import NotReady
from ringdown.uploads.service import UploadService
from ringdown.uploads.views import UploadView
from ringdown.video.recording import Camera

DANA = Principal("user", "user_dana", "Dana Reyes", CENTRE, frozenset({"uploads:view"}), "ses_1")
WHOLE = b"".join(film())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("failures")
    asyncio.run(prepare(folder))
    return folder


@pytest.fixture
async def world(empty: Path, tmp_path: Path) -> AsyncIterator[CameraWorld]:
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    made = CameraWorld(tmp_path)
    await made.ring()
    yield made
    await made.db.close()


async def films(recorder: OwnRecorder, uploads: UploadService) -> None:
    for part in film():
        recorder.films(part)
    await until_kept(uploads, len(WHOLE))


async def whole(world: CameraWorld, uploads: UploadService) -> list[UploadView]:
    """The files of the call, all of them whole and to be looked at."""
    await uploads.checking.look()
    views = await kept(world, uploads)
    assert {(view.via, view.state) for view in views} <= {("recording", "quarantined")}
    assert {view.size for view in views} <= {len(WHOLE)}
    assert {view.metadata["seconds"] for view in views} <= {"3"}
    return views


async def rows(world: CameraWorld) -> list[tuple[str, Any]]:
    """What the audit log tells of recordings: what happened, and why."""
    await asyncio.sleep(0)
    written = await world.written()
    found = [(tag, about) for tag, about in written if tag.startswith("recording:")]
    return [(tag.removeprefix("recording:"), about.get("why")) for tag, about in found]


async def until_told(world: CameraWorld, tag: str) -> None:
    async with asyncio.timeout(30):
        while tag not in [one for one, _ in await rows(world)]:
            await asyncio.sleep(0.01)


async def later(world: CameraWorld, seconds: float) -> None:
    """So much later the page gives a sign of life, and everything is looked at."""
    world.clock.advance(seconds)
    await world.passes(1)


def lamp(world: CameraWorld) -> tuple[str, str]:
    lit = world.lamps.get("camera_recordings")
    return lit.state, lit.text


@pytest.mark.parametrize(
    ("how", "why"),
    [("killed", "recorder_lost"), ("media server gone", "room_gone"), ("hung", "recorder_silent")],
)
async def test_the_rest_is_a_new_part(
    world: CameraWorld, tmp_path: Path, how: str, why: str
) -> None:
    """The recorder dies or hangs, or loses the media server: two films of one camera."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        one = await start.started(1)
        await films(one, uploads)
        if how == "killed":
            one.kill()
        elif how == "media server gone":
            one.says(kind="ended", why="room_gone")
        else:
            await later(world, 31)
        await until_over(world)
        await world.passes(3)
        await films(await start.started(2), uploads)
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        await world.settle()
        await until_over(world)
    assert len(await whole(world, uploads)) == 2
    assert await rows(world) == [
        ("started", None), ("ended", why), ("started", None), ("ended", "withdrawn"),
    ]  # fmt: skip
    assert lamp(world)[0] == "ok"


async def test_a_disk_that_is_full_ends_it_until_there_is_room(
    world: CameraWorld, tmp_path: Path
) -> None:
    """What was kept is listed; nobody starts recorders in vain; a lamp and one row tell."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        free = uploads._files.free_bytes
        await world.show()
        one = await start.started(1)
        await films(one, uploads)
        uploads._files.free_bytes = lambda: 0  # type: ignore[method-assign]
        one.films(bytes(100))
        await until_over(world)
        for _ in range(4):
            await later(world, 15)
            await until_over(world)
        await until_told(world, "missed")
        assert len(start.all) == 1
        assert lamp(world) == ("warn", "1 caller's camera is not recorded: the disk is too full.")
        assert len(await whole(world, uploads)) == 1
        uploads._files.free_bytes = free  # type: ignore[method-assign]
        await later(world, 15)
        await films(await start.started(2), uploads)
        assert lamp(world)[0] == "ok"
    assert await rows(world) == [
        ("started", None), ("ended", "no_room"), ("missed", "no_room"), ("started", None),
    ]  # fmt: skip


async def test_what_cannot_be_handed_over_is_tried_again(
    world: CameraWorld, tmp_path: Path
) -> None:
    """A database or disk that fails at the end costs nothing but time."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        one = await start.started(1)
        await films(one, uploads)
        hand_over, failures = uploads.recordings.handed_over_in, [OSError(), Unavailable("down")]

        async def fails(*about: Any) -> None:
            if failures:
                raise failures.pop()
            await hand_over(*about)

        uploads.recordings.handed_over_in = fails  # type: ignore[method-assign]
        one.kill()
        await until_over(world)
        assert [view.state for view in await kept(world, uploads)] == ["receiving"]
        async with asyncio.timeout(30):
            while failures or world.recordings._left:
                await later(world, 10)
        assert len(await whole(world, uploads)) == 1
    assert [row for row in await rows(world) if row[0] == "ended"] == [("ended", "recorder_lost")]


async def test_after_a_restart_it_is_listed_and_goes_on(world: CameraWorld, tmp_path: Path) -> None:
    """The server stops in the middle; while the camera is on, its film is removed by nobody."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        await films(await start.started(1), uploads)
    assert start.all[0].killed
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.passes(1)
        second = await start.started(2)
        await until_told(world, "ended")
        await films(second, uploads)
        (running,) = world.recordings._running.values()
        with pytest.raises(NotReady):
            await uploads.remove(DANA, world.call_id, running.recording_id, "a mistake")
    assert await rows(world) == [
        ("started", None), ("ended", "server_stopped"), ("started", None),
    ]  # fmt: skip
    first, _ = await kept(world, uploads)
    assert (first.state, first.size) == ("checking", len(WHOLE))


async def test_a_part_that_is_full_is_followed_by_another(
    world: CameraWorld, tmp_path: Path
) -> None:
    """Its recorder is told how large a file may be, begins anew by itself, and loses nothing."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        one = await start.started(1)
        assert b'"most_bytes": 300000000' in one.told[0]
        await films(one, uploads)
        one.says(kind="part")
        await films(one, uploads)
        one.kill()
        await until_over(world)
    assert len(await whole(world, uploads)) == 2
    assert [why for tag, why in await rows(world) if tag == "ended"] == [
        "part_full", "recorder_lost",
    ]  # fmt: skip


async def test_more_cameras_than_the_agency_records(world: CameraWorld, tmp_path: Path) -> None:
    """The next one is shown and not recorded, told once; it is when another one ends."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks, at_once=1)
        other = Camera(CENTRE, world.call_id, "link_x", "x", "", Sensitive("x", "token"), False)
        world.recordings.tend("link_x", lambda: other, live=False)
        await start.started(1)
        await world.show()
        await world.passes(5)
        await until_told(world, "missed")
        assert len(start.all) == 1
        assert lamp(world)[1].endswith("than video.record_at_once allows.")
        world.recordings.end("link_x", "stopped")
        async with asyncio.timeout(30):
            while world.recordings.identity("link_x"):
                await asyncio.sleep(0.01)
        await world.passes(3)
        await films(await start.started(2), uploads)
        assert lamp(world)[0] == "ok"
    assert await rows(world) == [("missed", "too_many"), ("started", None)]


async def test_a_recorder_that_never_works_is_told(world: CameraWorld, tmp_path: Path) -> None:
    """It is tried again, with a pause; when the camera goes, so does the lamp."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        recorded(world, tmp_path, start, tasks)
        await world.show()
        (await start.started(1)).kill()
        await until_over(world)
        await later(world, 9)
        assert len(start.all) == 1
        await later(world, 5)
        await start.started(2)
        assert lamp(world) == ("warn", "1 caller's camera is not recorded: the recorder fails.")
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        await world.settle()
        assert lamp(world)[0] == "ok"
        await until_over(world)
    assert await rows(world) == [("missed", "no_recorder")]
