"""What a camera's recordings need beside the camera: callers' files, and recorders."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.unit.caller.link_world import CENTRE
from tests.unit.video.camera_world import CameraWorld

from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.runtime.workers import WorkerFactory
from ringdown.uploads import events as upload_events
from ringdown.uploads import handlers as upload_handlers
from ringdown.uploads.adapters.sealed_files import SealedFiles
from ringdown.uploads.fakes import FakePictures
from ringdown.uploads.service import UploadService
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.store import SqlUploadStore
from ringdown.uploads.views import UploadView
from ringdown.video.recording import CameraRecordings
from ringdown.wire.webm_writer import WebmWriter, head


def files(world: CameraWorld, folder: Path) -> UploadService:
    """Callers' files beside these cameras."""
    kinds = (*world.facts._kinds.values(), *upload_events.FACTS)
    world.facts = Facts(SqlFactStore(), world.clock, world.ids, kinds)
    return UploadService(
        world.db, SqlUploadStore(), files=SealedFiles(folder / "uploads", bytes(32)),
        pictures=FakePictures(), scanner=None, viewings=world.video.viewings, calls=world.calls,
        facts=world.facts, audit=AuditLog(SqlAuditStore(), world.clock), clock=world.clock,
        ids=world.ids, settings=UploadSettings(keep_free_mb=0),
    )  # fmt: skip


def recorded(
    world: CameraWorld, folder: Path, start: WorkerFactory, tasks: Tasks, *, at_once: int = 8
) -> UploadService:
    """From now on what the caller shows is recorded."""
    uploads = files(world, folder)
    upload_handlers.subscribe(world.bus, uploads)
    world.lamps = Lamps(world.clock, world.bus)
    world.recordings = CameraRecordings(
        world.db, audit=AuditLog(SqlAuditStore(), world.clock), clock=world.clock,
        links=world.caller, keep=uploads.recordings, start=start, tasks=tasks,
        lamps=world.lamps, kbps=250, at_once=at_once,
    )  # fmt: skip
    world.desk.recordings = world.recordings
    return uploads


async def kept(world: CameraWorld, uploads: UploadService) -> list[UploadView]:
    """The files of the call."""
    async with world.db.read() as tx:
        return await uploads.read_uploads(tx, CENTRE, world.call_id)


class OwnRecorder:
    """A recorder whose film a test gives; it ends when told, unless it is deaf."""

    pid = 1

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.deaf = self.killed = False
        self._out: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def send(self, line: bytes) -> None:
        self.told.append(line)
        if line == b"stop\n" and not self.deaf:
            self.says(kind="ended", why="told")

    def says(self, **report: Any) -> None:
        self._out.put_nowait(json.dumps(report).encode() + b"\n")

    def films(self, data: bytes) -> None:
        self.says(kind="film", since_ms=500, data=base64.b64encode(data).decode())

    async def lines(self) -> AsyncIterator[bytes]:
        while (line := await self._out.get()) is not None:
            yield line

    def kill(self) -> None:
        self.killed = True
        self._out.put_nowait(None)

    async def close(self) -> None:
        self.kill()


class OwnRecorders:
    """Starts them."""

    def __init__(self) -> None:
        self.all: list[OwnRecorder] = []

    async def __call__(self, number: int) -> OwnRecorder:
        self.all.append(OwnRecorder())
        return self.all[-1]

    async def started(self, many: int) -> OwnRecorder:
        """The last of so many, once it has its order."""
        async with asyncio.timeout(30):
            while len(self.all) < many or not self.all[-1].told:
                await asyncio.sleep(0.01)
        assert len(self.all) == many
        return self.all[-1]


def film() -> list[bytes]:
    """A film as it comes: how it begins, then a cluster for each second."""
    writer, parts = WebmWriter(), [head(160, 120, datetime(2026, 1, 1, tzinfo=UTC))]
    for at_ms in range(0, 3000, 100):
        parts.append(writer.picture(bytes(200), at_ms, key=at_ms == 0) or b"")
    parts.append(writer.flush() or b"")
    return [part for part in parts if part]


async def until_kept(uploads: UploadService, size: int) -> None:
    """So many bytes of what is recorded now are held."""
    async with asyncio.timeout(30):
        while sum(held for held, _ in uploads.recordings._held.values()) < size:
            await asyncio.sleep(0.01)


async def until_over(world: CameraWorld) -> None:
    """Nothing is recorded of this camera."""
    async with asyncio.timeout(30):
        while world.recordings.identity(world.link_id) is not None:
            await asyncio.sleep(0.01)
