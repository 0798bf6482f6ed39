"""A caller's camera is recorded only where that is set and agreed; a crash loses a second."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.unit.caller.link_world import prepare
from tests.unit.video.camera_world import DANA, CameraWorld
from tests.unit.video.recording_world import (
    OwnRecorders,
    files,
    film,
    kept,
    recorded,
    until_kept,
    until_over,
)

from ringdown.core.errors import BadConfig
from ringdown.runtime.tasks import Tasks
from ringdown.uploads.model import NotReady
from ringdown.video.adapters import recorders as adapter
from ringdown.video.model import phone_of, recorder_of
from ringdown.video.recording import STOP_S


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    asyncio.run(prepare(folder))
    return folder


@pytest.fixture
async def world(empty: Path, tmp_path: Path) -> AsyncIterator[CameraWorld]:
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    made = CameraWorld(tmp_path)
    await made.ring()
    yield made
    await made.db.close()


async def test_nothing_is_recorded_unless_the_agency_says_so(
    world: CameraWorld, tmp_path: Path
) -> None:
    """By default nobody but the phone is in the room, and no row is made."""
    uploads = files(world, tmp_path)
    room = await world.show()
    await world.passes(2)
    assert world.eyes.there[room] == {phone_of(world.link_id)}
    assert await kept(world, uploads) == []
    assert await world.written() == []


@pytest.mark.parametrize("deaf", [False, True])
async def test_consent_withdrawn_ends_the_recording(
    world: CameraWorld, tmp_path: Path, deaf: bool
) -> None:
    """The recorder is told, and killed if it does not hear; what there was is kept; both logged."""
    start, parts = OwnRecorders(), film()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        room = await world.show()
        one = await start.started(1)
        world.eyes.there[room].add(recorder_of(world.link_id))
        one.deaf = deaf
        for part in parts[:-1]:
            one.films(part)
        await until_kept(uploads, len(b"".join(parts[:-1])))
        await world.passes(1)
        assert world.eyes.put == []
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        await world.settle()
        assert room not in world.eyes.there
        if not deaf:
            one.films(parts[-1])  # behind its last word
        await until_over(world)
        assert one.told[1:] == [b"stop\n"]
        assert one.killed
        await world.passes(3)
        assert len(start.all) == 1
    (view,) = await kept(world, uploads)
    assert (view.via, view.kind, view.state, view.size) == (
        "recording", "video", "checking", len(b"".join(parts[:-1])),
    )  # fmt: skip
    assert view.metadata["began_on_call_ms"] == "19500"
    await uploads.checking.look()
    (view,) = await kept(world, uploads)
    assert view.state == "quarantined"
    (_, begun), (_, ended) = [
        row for row in await world.written() if row[0].startswith("recording:")
    ]
    assert begun["upload_id"] == ended["upload_id"] == view.upload_id
    assert (ended["size"], ended["why"]) == (view.size, "withdrawn")
    assert STOP_S < 1
    told = [
        tag for tag, _ in await world.everything_written()
        if tag.startswith(("video:recording:", "caller:consent:withdrawn", "uploads:"))
    ]  # fmt: skip
    assert told == [
        "video:recording:started", "caller:consent:withdrawn", "video:recording:ended",
        "uploads:file:received",
    ]  # fmt: skip


async def test_a_recording_waits_for_a_person_like_a_file_from_the_caller(
    world: CameraWorld, tmp_path: Path
) -> None:
    """Sealed while it grows, in nobody's sight before it is whole; who opens it first is written
    down; what leaves says nothing of itself. No check for malware: no stranger made its bytes."""
    start, scanned = OwnRecorders(), []
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        uploads.checking._scanner = SimpleNamespace(harmful=scanned.append)
        await world.show()
        one = await start.started(1)
        for part in film():
            one.films(part)
        await until_kept(uploads, len(b"".join(film())))
        (view,) = await kept(world, uploads)
        with pytest.raises(NotReady):
            await uploads.file(DANA, world.call_id, view.upload_id)
        on_disk = b"".join(file.read_bytes() for file in (tmp_path / "uploads").glob("*/*"))
        assert len(on_disk) > len(b"".join(film()))
        assert b"webm" not in on_disk
        one.kill()
        await until_over(world)
    await uploads.checking.look()
    for _ in range(2):
        served = await uploads.file(DANA, world.call_id, view.upload_id)
        (looking,) = [one for one in await world.viewings() if one.ended_at is None]
        await world.video.viewings.close(DANA, world.call_id, looking.viewing_id, 500)
    assert b"".join(served.parts()) == b"".join(film())
    assert b"Ringdown" in b"".join(served.parts())
    out = await uploads.export(DANA, world.call_id, view.upload_id)
    assert b"Ringdown" not in b"".join(out.parts())
    written = await world.everything_written()
    files_ = [(tag.removeprefix("uploads:file:"), about) for tag, about in written]
    assert [(tag, about.get("first")) for tag, about in files_ if "upload_id" in about][-4:] == [
        ("received", None), ("viewed", True), ("viewed", False), ("exported", None),
    ]  # fmt: skip
    assert dict(files_)["received"]["scanned"] is False
    assert scanned == []


async def test_consent_gone_before_the_first_second_keeps_nothing(
    world: CameraWorld, tmp_path: Path
) -> None:
    """A film that comes when the link is over already is not even begun."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        await start.started(1)
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        start.all[0].films(film()[0])
        await until_over(world)
    assert await kept(world, uploads) == []
    assert [tag for tag, _ in await world.written() if tag.startswith("recording")] == []


async def test_a_crash_loses_a_second_at_most(world: CameraWorld, tmp_path: Path) -> None:
    """What is there is handed over at the next start, without its torn end; a new one begins."""
    start, parts = OwnRecorders(), film()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        await start.started(1)
        torn = [*parts[:-1], parts[-1][:-5]]
        for part in torn:
            start.all[0].films(part)
        await until_kept(uploads, len(b"".join(torn)))
    (view,) = await kept(world, uploads)
    assert view.state == "receiving"
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await uploads.checking.look()
        await world.recordings.take_up()
        await world.recordings.take_up()
        await uploads.checking.look()
    (view,) = await kept(world, uploads)
    assert (view.state, view.size) == ("quarantined", len(b"".join(parts[:-1])))
    rows = [row for row in await world.written() if row[0] == "recording:ended"]
    assert [details["why"] for _, details in rows] == ["server_stopped"]


async def test_a_recorder_that_dies_is_replaced(world: CameraWorld, tmp_path: Path) -> None:
    """The camera is still on, so that a new recorder begins a new film."""
    start = OwnRecorders()
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, start, tasks)
        await world.show()
        await start.started(1)
        start.all[0].films(film()[0])
        await until_kept(uploads, len(film()[0]))
        start.all[0].kill()
        await until_over(world)
        await world.passes(3)
        assert len(start.all) == 2
    (view,) = await kept(world, uploads)
    assert (view.state, view.reason) == ("refused", "uploads.file.broken")


def test_recording_without_its_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who set it reads what to install."""
    monkeypatch.setattr(adapter, "find_spec", lambda name: None)
    with pytest.raises(BadConfig, match=r"pip install ringdown\[record\]"):
        adapter.recorders()
