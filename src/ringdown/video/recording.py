"""What callers show, recorded: only where the agency has it so, and only while they agree.

A recorder is a process of its own that looks at one camera and sends its film here, a second at a
time; each second is kept before the next is waited for. After a crash, what is there is handed
over at the next start. Nothing of a call, and no camera, waits for any of it.
"""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from ringdown.audit.api import Audit
from ringdown.caller.api import CallerLinks, over
from ringdown.core.clock import Clock
from ringdown.core.errors import RingdownError
from ringdown.core.principal import system
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Database
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import get_logger
from ringdown.runtime.workers import WorkerFactory, WorkerProcess
from ringdown.video.model import recorder_of
from ringdown.video.ports import Keeping

STOP_S: Final = 0.7
"""A recorder that was told to stop and goes on for longer is killed."""
AGAIN_S: Final = 2.0
"""A camera that is still on has a new recorder after so long."""


class NoLongerAgreed(Exception):
    """The consent was gone before the first second was kept."""


@dataclass(frozen=True)
class Camera:
    """What a recorder looks at."""

    centre_id: str
    call_id: str
    link_id: str
    room: str
    url: str
    token: Sensitive[str]


@dataclass
class _Running:
    camera: Camera
    process: WorkerProcess | None = None
    recording_id: str | None = None
    why: str | None = None
    """Why it ends, once it does."""


class CameraRecordings:
    """The recorders that run. `begin`, `end` and `tend` wait for nobody."""

    def __init__(
        self,
        db: Database,
        *,
        audit: Audit,
        clock: Clock,
        links: CallerLinks,
        keep: Keeping,
        start: WorkerFactory,
        tasks: Tasks,
        kbps: int,
    ) -> None:
        self._db = db
        self._audit = audit
        self._clock = clock
        self._links = links
        self._keep = keep
        self._start = start
        self._tasks = tasks
        self._kbps = kbps
        self._running: dict[str, _Running] = {}
        self._again_at: dict[str, float] = {}
        self._number = 0
        self._log = get_logger("video.recording")

    def identity(self, link_id: str) -> str | None:
        """Who records this camera in its room, if somebody does."""
        return recorder_of(link_id) if link_id in self._running else None

    def tend(self, link_id: str, camera: Callable[[], Camera]) -> None:
        """Have the camera recorded, if it is not already."""
        if link_id in self._running:
            return
        if self._clock.monotonic() < self._again_at.get(link_id, 0.0):
            return
        one = _Running(camera())
        self._running[link_id] = one
        self._tasks.spawn("recording", self._record(one))

    def end(self, link_id: str, why: str) -> None:
        """No more is recorded: the recorder is told at once, and has less than a second."""
        self._again_at.pop(link_id, None)
        one = self._running.get(link_id)
        if one is None or one.why is not None:
            return
        one.why = why
        if one.process is not None:
            self._tasks.spawn("end of recording", self._stop(one.process))

    async def take_up(self) -> None:
        """Hand over what a stop or a crash left behind. Raises `Unavailable`."""
        held = {one.recording_id for one in self._running.values()}
        for left in await self._keep.left():
            if left.recording_id in held:
                continue
            await self._finish(
                left.centre_id, left.call_id, left.link_id, left.recording_id, "server_stopped"
            )

    # ---- one recording

    async def _record(self, one: _Running) -> None:
        camera, process = one.camera, None
        try:
            self._number += 1
            process = await self._start(self._number % 100)
            one.process = process
            if one.why is None:
                order = {
                    "url": camera.url, "token": camera.token.reveal("a recorder joins"),
                    "kbps": self._kbps,
                }  # fmt: skip
                await process.send(json.dumps(order).encode() + b"\n")
                await self._listen(one, process)
        except NoLongerAgreed:
            one.why = one.why or "withdrawn"
        except (RingdownError, OSError) as error:
            one.why = one.why or "failed"
            self._log.error("a recording failed", link_id=camera.link_id, **describe(error))
        finally:
            if process is not None:
                process.kill()
                # Also when this server stops: no process is left behind.
                self._tasks.spawn("recorder", process.close())
        await self._over(one)

    async def _listen(self, one: _Running, process: WorkerProcess) -> None:
        async for line in process.lines():
            try:
                report: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            if report.get("kind") == "film":
                await self._film(one, report)
            elif report.get("kind") == "ended":
                one.why = one.why or str(report.get("why"))
                return

    async def _film(self, one: _Running, report: dict[str, Any]) -> None:
        camera = one.camera
        if one.recording_id is None:
            if one.why is not None:
                return
            one.recording_id = await self._begin(one, int(report["since_ms"]))
        data = base64.b64decode(report["data"])
        await self._keep.more(camera.centre_id, one.recording_id, data)

    async def _begin(self, one: _Running, since_ms: int) -> str:
        """The row, and who is told, before the first second is kept."""
        camera = one.camera
        began = self._clock.now() - timedelta(milliseconds=since_ms)
        async with self._db.write() as tx:
            link = await self._links.read_link(tx, camera.centre_id, camera.link_id)
            if over(link) or "video" not in link.agreed:
                raise NoLongerAgreed
            recording_id, at_ms = await self._keep.begin_in(
                tx, camera.centre_id, camera.call_id, camera.link_id, began
            )
            await self._audit.append(
                tx,
                centre_id=camera.centre_id,
                tag="video:recording:started",
                actor=system(camera.centre_id, "video"),
                subject=camera.call_id,
                details={"link_id": camera.link_id, "upload_id": recording_id, "at_ms": at_ms},
            )
        return recording_id

    async def _stop(self, process: WorkerProcess) -> None:
        await process.send(b"stop\n")
        await asyncio.sleep(STOP_S)
        process.kill()

    async def _over(self, one: _Running) -> None:
        camera, why = one.camera, one.why or "recorder_lost"
        try:
            if one.recording_id is not None:
                await self._finish(
                    camera.centre_id, camera.call_id, camera.link_id, one.recording_id, why
                )
        except RingdownError as error:  # handed over at the next start
            self._log.error("a recording waits", link_id=camera.link_id, **describe(error))
        finally:
            if self._running.get(camera.link_id) is one:
                del self._running[camera.link_id]
                self._again_at[camera.link_id] = self._clock.monotonic() + AGAIN_S

    async def _finish(
        self, centre_id: str, call_id: str, link_id: str, recording_id: str, why: str
    ) -> None:
        size = await self._keep.finish(centre_id, recording_id)
        async with self._db.write() as tx:
            await self._keep.handed_over_in(tx, centre_id, recording_id, size)
            await self._audit.append(
                tx,
                centre_id=centre_id,
                tag="video:recording:ended",
                actor=system(centre_id, "video"),
                subject=call_id,
                details={
                    "link_id": link_id, "upload_id": recording_id, "why": why, "size": size,
                },
            )  # fmt: skip
        self._keep.wake()
