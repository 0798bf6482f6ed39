"""A caller's camera and microphone recorded through the real media server, in a process of its own."""

import asyncio
import io
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from livekit import rtc
from tests.playout_stage import KEY, SECRET, OwnServer, own_server
from tests.unit.caller.link_world import CENTRE, cookie_of, prepare
from tests.unit.video.camera_world import CameraWorld
from tests.unit.video.recording_world import kept, recorded

from ringdown.runtime.tasks import Tasks
from ringdown.uploads.service import UploadService
from ringdown.uploads.views import UploadView
from ringdown.video.adapters.livekit import LiveKitEyes
from ringdown.video.adapters.recorders import recorders
from ringdown.video.model import MediaServerSilent

pytestmark = pytest.mark.timeout(180)
WIDTH, HEIGHT = 160, 120
TURN_S = 0.7
"""So long it is light and loud, then dark and quiet."""


def light() -> bool:
    return time.monotonic() % (2 * TURN_S) < TURN_S


async def _shows(url: str, token: str, tasks: Tasks) -> rtc.Room:
    """A phone before which a lamp and a horn go on and off together."""
    room, source = rtc.Room(), rtc.VideoSource(WIDTH, HEIGHT)
    horn = rtc.AudioSource(48_000, 1, queue_size_ms=20)
    await room.connect(url, token)
    for track, kind in (
        (rtc.LocalVideoTrack.create_video_track("camera", source), rtc.TrackSource.SOURCE_CAMERA),
        (rtc.LocalAudioTrack.create_audio_track("horn", horn), rtc.TrackSource.SOURCE_MICROPHONE),
    ):
        options = rtc.TrackPublishOptions(source=kind, simulcast=False)
        await room.local_participant.publish_track(track, options)

    async def film() -> None:
        for number in range(10_000):
            pixels = np.full(WIDTH * HEIGHT * 3 // 2, 128, np.uint8)
            pixels[: WIDTH * HEIGHT] = np.arange(WIDTH * HEIGHT) // WIDTH % 40 + number % 20
            pixels[: WIDTH * HEIGHT] += 150 * light()
            i420 = rtc.VideoBufferType.I420
            source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, i420, pixels.tobytes()))
            await asyncio.sleep(1 / 15)

    async def sound() -> None:
        tone = 8000 * np.sin(2 * np.pi * 500 * np.arange(480) / 48_000)
        while True:
            samples = (tone * light()).astype(np.int16)
            await horn.capture_frame(rtc.AudioFrame(samples.tobytes(), 48_000, 1, 480))

    tasks.spawn("film", film())
    tasks.spawn("sound", sound())
    return room


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    with own_server(tmp_path) as running:
        yield running


async def _until(world: CameraWorld, done: Any) -> None:
    """Time passes, rather quickly; the camera is looked at, which puts out whoever is not invited."""
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.1)
            world.clock.advance(0.2)
            world.beat()
            await world.look()


def _has_no_more_than_it_needs(pid: int) -> None:
    """A recorder has none of our secrets, leaves no core on the disk, and calls go before it."""
    about = Path(f"/proc/{pid}")
    assert b"RINGDOWN" not in (about / "environ").read_bytes()
    assert re.search(r"Max core file size +0 ", (about / "limits").read_text())
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, ours + 10)


async def test_camera_and_microphone_become_films_of_the_call(
    server: OwnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both in step; the media server dies in the middle, so there are two parts; it ends when the
    caller stops, and the log tells of each."""
    monkeypatch.setenv("RINGDOWN_A_SECRET", "of ours")
    await prepare(tmp_path)
    world = CameraWorld(tmp_path, carry_audio=True)
    await world.ring()
    access: Any = SimpleNamespace(url=server.url, api_key=KEY, api_secret=SECRET)
    eyes = LiveKitEyes(lambda: access)
    world.desk.eyes = eyes
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, recorders(tmp_path), tasks)
        token, link, _ = await world.send(("video",))
        world.cookie = cookie_of(await world.open(token, ("video",)))
        world.link_id = link.link_id

        def films(size: int) -> bool:
            return sum(held for held, _ in uploads.recordings._held.values()) > size

        grant = await world.video.start(world.cookie)
        async with Tasks() as first:
            phone = await _shows(server.url, grant.token.reveal("test"), first)
            await _until(world, lambda: films(10_000))
            _has_no_more_than_it_needs(world.recordings._running[world.link_id].process.pid)
            server.stop()
            await _until(world, lambda: not films(0))
        await phone.disconnect()
        await asyncio.to_thread(server.start)
        with suppress(MediaServerSilent):  # by the connection that was kept to the dead one
            await eyes.rooms()
        grant = await world.video.start(world.cookie)
        await _shows(server.url, grant.token.reveal("test"), tasks)
        await _until(world, lambda: films(0))
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        await world.settle()
        await _until(world, lambda: world.link_id not in world.recordings._running)
        await uploads.checking.look()
        parts = await kept(world, uploads)
        await eyes.close()
    assert [(one.via, one.kind, one.state) for one in parts] == [
        ("recording", "video", "quarantined")
    ] * 2
    lit, loud = _seen_and_heard(uploads, parts[0])
    assert lit
    apart = sorted(min(abs(on - heard) for heard in loud) for on in lit)
    assert apart[len(apart) // 2] < TURN_S / 2
    _seen_and_heard(uploads, parts[1])
    assert [(tag, details.get("why")) for tag, details in await world.written()] == [
        ("recording:started", None), ("recording:ended", "room_gone"),
        ("recording:started", None), ("recording:ended", "stopped"),
    ]  # fmt: skip
    await world.db.close()


def _seen_and_heard(uploads: UploadService, view: UploadView) -> tuple[list[float], list[float]]:
    """When the lamp goes on, and when the horn does."""
    place: Any = SimpleNamespace(centre_id=CENTRE, upload_id=view.upload_id)
    with uploads._files.open(place, "file") as file:
        film = av.open(io.BytesIO(file.read()))
    pictures: list[tuple[float, float]] = []
    sound: list[tuple[float, float]] = []
    for frame in film.decode(*film.streams):
        if isinstance(frame, av.VideoFrame):
            assert (frame.width, frame.height) == (WIDTH, HEIGHT)
            pictures.append((frame.time, float(frame.to_ndarray(format="gray").mean())))
        else:
            samples = np.abs(frame.to_ndarray().astype(float))
            sound.append((frame.time, float(samples.mean())))
    assert sound
    assert pictures[0][0] == 0
    assert [at for at, _ in pictures] == sorted({at for at, _ in pictures})
    return _rises(pictures), _rises(sound)


def _rises(levels: list[tuple[float, float]]) -> list[float]:
    middle = (min(level for _, level in levels) + max(level for _, level in levels)) / 2
    return [at for (_, before), (at, now) in pairwise(levels) if before < middle <= now]
