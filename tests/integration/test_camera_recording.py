"""A caller's camera recorded through the real media server, in a recorder process of its own."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from livekit import rtc
from tests.playout_stage import KEY, SECRET, media_server, soon
from tests.unit.caller.link_world import CENTRE, cookie_of, prepare
from tests.unit.video.camera_world import CameraWorld
from tests.unit.video.recording_world import kept, recorded

from ringdown.runtime.tasks import Tasks
from ringdown.video.adapters.livekit import LiveKitEyes
from ringdown.video.adapters.recorders import recorders

pytestmark = pytest.mark.timeout(120)
WIDTH, HEIGHT = 160, 120


async def _shows(url: str, token: str, tasks: Tasks) -> None:
    """A phone with a picture that changes."""
    room, source = rtc.Room(), rtc.VideoSource(WIDTH, HEIGHT)
    await room.connect(url, token)
    track = rtc.LocalVideoTrack.create_video_track("camera", source)
    await room.local_participant.publish_track(
        track,
        rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False),
    )

    async def film() -> None:
        for number in range(10_000):
            pixels = np.full(WIDTH * HEIGHT * 3 // 2, 128, np.uint8)
            pixels[: WIDTH * HEIGHT] = np.arange(WIDTH * HEIGHT) // WIDTH + number
            i420 = rtc.VideoBufferType.I420
            source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, i420, pixels.tobytes()))
            await asyncio.sleep(1 / 15)

    tasks.spawn("film", film())


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with media_server(tmp_path) as address:
        yield address


async def test_a_camera_becomes_a_film_of_the_call(url: str, tmp_path: Path) -> None:
    """What comes out can be played; it ends when the caller stops, and the log tells of both."""
    await prepare(tmp_path)
    world = CameraWorld(tmp_path)
    await world.ring()
    access: Any = SimpleNamespace(url=url, api_key=KEY, api_secret=SECRET)
    eyes = LiveKitEyes(lambda: access)
    world.desk.eyes = eyes
    async with Tasks() as tasks:
        uploads = recorded(world, tmp_path, recorders(tmp_path), tasks)
        token, link, _ = await world.send(("video",))
        world.cookie = cookie_of(await world.open(token, ("video",)))
        world.link_id = link.link_id
        grant = await world.video.start(world.cookie)
        await _shows(url, grant.token.reveal("test"), tasks)

        async def long_enough() -> bool:
            await world.video.upkeep.look()  # puts out whoever is not invited
            return sum(size for size, _ in uploads.recordings._held.values()) > 8_000

        async with asyncio.timeout(60):
            while not await long_enough():
                await asyncio.sleep(0.2)
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        await world.settle()
        await soon(lambda: world.link_id not in world.recordings._running)
        await uploads.checking.look()
        (view,) = await kept(world, uploads)
        await eyes.close()
    assert (view.via, view.kind, view.state) == ("recording", "video", "quarantined")
    assert int(view.metadata["began_on_call_ms"]) >= 0
    with uploads._files.open(
        SimpleNamespace(centre_id=CENTRE, upload_id=view.upload_id), "file"
    ) as f:
        film = av.open(io.BytesIO(f.read()))
    frames = [(frame.pts, frame.width, frame.height) for frame in film.decode(video=0)]
    assert len(frames) > 10
    assert frames[0] == (0, WIDTH, HEIGHT)
    assert [at for at, *_ in frames] == sorted({at for at, *_ in frames})
    tags = [tag for tag, _ in await world.written()]
    assert tags == ["recording:started", "recording:ended"]
    await world.db.close()
