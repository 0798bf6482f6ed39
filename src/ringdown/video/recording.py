"""What callers show, recorded: only where the agency has it so, and only while they agree.

A recorder is a process of its own that looks at one camera and sends its film here, a second at a
time; each second is kept before the next is waited for. Whatever ends it (a crash, a full disk, the
media server), what is there is handed over as a file of the call, and the rest of what is shown
begins another one. A camera that is not recorded lights a lamp and has its row in the audit log.
Nothing of a call, and no camera, waits for any of it.
"""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

from ringdown.audit.api import Audit
from ringdown.caller.api import CallerLinks, over
from ringdown.core.clock import Clock
from ringdown.core.errors import RingdownError
from ringdown.core.principal import system
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import get_logger
from ringdown.runtime.workers import WorkerFactory, WorkerProcess
from ringdown.video.model import recorder_of
from ringdown.video.ports import Keeping
from ringdown.video.views import Left

STOP_S: Final = 0.7
"""A recorder that was told to stop and goes on for longer is killed."""
AGAIN_S: Final = 2.0
"""A camera that is still on has a new recorder after so long."""
FAILED_S: Final = 15.0
"""The same, where the last one recorded nothing."""
SILENT_S: Final = 30.0
"""A recorder that sends nothing for so long, while its camera is on, is replaced."""
LEFT_S: Final = 10.0
"""What could not be handed over is tried again after so long."""
LAMP: Final = "camera_recordings"
MISSED: Final = {
    "too_many": "more callers show their cameras than video.record_at_once allows",
    "no_room": "the disk is too full",
    "no_recorder": "the recorder fails",
}
"""Why a camera is not recorded."""
STILL_WORKS: Final = "The cameras are shown; calls and their recordings go on."


class _Ends(Exception):
    """A recording goes on no longer, and why."""


@dataclass(frozen=True)
class Camera:
    """What a recorder looks at."""

    centre_id: str
    call_id: str
    link_id: str
    room: str
    url: str
    token: Sensitive[str]
    sound: bool
    """Whether the agency lets the page carry sound: then that is recorded too."""


@dataclass
class _Running:
    camera: Camera
    process: WorkerProcess | None = None
    recording_id: str | None = None
    kept: bool = False
    """Whether there is a film of it."""
    film_at: float = 0.0
    """When the last of it came, or the recorder was started."""
    why: str | None = None
    """Why it ends, once it does."""
    camera_off: bool = False


class CameraRecordings:
    """The recorders that run. `tend`, `end` and `look` wait for nobody."""

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
        lamps: Lamps,
        kbps: int,
        at_once: int,
    ) -> None:
        self._db = db
        self._audit = audit
        self._clock = clock
        self._links = links
        self._keep = keep
        self._start = start
        self._tasks = tasks
        self._lamps = lamps
        self._kbps = kbps
        self._at_once = at_once
        self._running: dict[str, _Running] = {}
        self._again_at: dict[str, float] = {}
        self._missed: dict[str, str] = {}
        """Cameras that are on and not recorded, and why."""
        self._left: dict[str, str] = {}
        """Recordings that could not be handed over, and why they ended."""
        self._look_at: float | None = 0.0
        """When to look for what is to be handed over; None: nothing is left."""
        self._taking_up = asyncio.Lock()
        self._number = 0
        self._log = get_logger("video.recording")
        self._light()

    def identity(self, link_id: str) -> str | None:
        """Who records this camera in its room, if somebody does."""
        return recorder_of(link_id) if link_id in self._running else None

    def tend(self, link_id: str, camera: Callable[[], Camera], *, live: bool) -> None:
        """Have the camera recorded, if it may be; `live`: there are pictures to record now."""
        now, one = self._clock.monotonic(), self._running.get(link_id)
        if one is not None:
            if live and one.process is not None and now - one.film_at > SILENT_S:
                one.why = one.why or "recorder_silent"
                one.process.kill()
            return
        if now < self._again_at.get(link_id, 0.0):
            return
        if len(self._running) >= self._at_once:
            self._again_at[link_id] = now + AGAIN_S
            self._miss(camera(), "too_many")
            return
        self._running[link_id] = one = _Running(camera(), film_at=now)
        self._tasks.spawn("recording", self._record(one))

    def end(self, link_id: str, why: str) -> None:
        """No more is recorded: the recorder is told at once, and has less than a second."""
        self._again_at.pop(link_id, None)
        self._miss_no_more(link_id)
        one = self._running.get(link_id)
        if one is None:
            return
        one.camera_off = True
        if one.why is None:
            one.why = why
            if one.process is not None:
                self._tasks.spawn("end of recording", self._stop(one.process))

    def look(self) -> None:
        """Hand over what a stop, a crash or a full disk left behind."""
        if self._look_at is not None and self._clock.monotonic() >= self._look_at:
            self._look_at = None
            self._tasks.spawn("recordings left behind", self.take_up())

    async def take_up(self) -> None:
        """Hand over whatever has begun and is recorded no longer; what fails is tried again."""
        async with self._taking_up:
            try:
                begun = await self._keep.left()
            except RingdownError as error:
                self._later(error)
                return
            for left in begun:
                if all(one.recording_id != left.recording_id for one in self._running.values()):
                    await self._finish(left, self._left.get(left.recording_id, "server_stopped"))

    # ---- one recording

    async def _record(self, one: _Running) -> None:
        try:
            await self._run(one)
        except _Ends as end:
            one.why = one.why or str(end)
        except (RingdownError, OSError) as error:
            one.why = one.why or "failed"
            self._log.error("a recording failed", link_id=one.camera.link_id, **describe(error))
        await self._over(one)

    async def _run(self, one: _Running) -> None:
        if not await self._keep.has_room():
            raise _Ends("no_room")
        self._number += 1
        process = await self._start(self._number % 100)
        try:
            one.process = process
            if one.why is None:
                await process.send(self._order(one.camera))
                await self._listen(one, process)
        finally:
            process.kill()
            # Also when this server stops: no process is left behind.
            self._tasks.spawn("recorder", process.close())

    def _order(self, camera: Camera) -> bytes:
        order = {
            "url": camera.url, "token": camera.token.reveal("a recorder joins"),
            "kbps": self._kbps, "sound": camera.sound, "most_bytes": self._keep.largest,
        }  # fmt: skip
        return json.dumps(order).encode() + b"\n"

    async def _listen(self, one: _Running, process: WorkerProcess) -> None:
        async for line in process.lines():
            try:
                report: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            if report.get("kind") == "film":
                await self._film(one, report)
            elif report.get("kind") == "part":
                await self._hand_over(one, "part_full")
            elif report.get("kind") == "ended":
                one.why = one.why or str(report.get("why"))
                return

    async def _film(self, one: _Running, report: dict[str, Any]) -> None:
        if one.recording_id is None:
            if one.why is not None:
                return
            await self._begin(one, int(report["since_ms"]))
        one.film_at = self._clock.monotonic()
        data = base64.b64decode(report["data"])
        if not await self._keep.more(one.camera.centre_id, cast("str", one.recording_id), data):
            raise _Ends("no_room")

    async def _begin(self, one: _Running, since_ms: int) -> None:
        """The row, and who is told, before the first second is kept."""
        camera = one.camera
        began = self._clock.now() - timedelta(milliseconds=since_ms)
        async with self._db.write() as tx:
            link = await self._links.read_link(tx, camera.centre_id, camera.link_id)
            if over(link) or "video" not in link.agreed:
                raise _Ends("withdrawn")
            one.recording_id, at_ms = await self._keep.begin_in(
                tx, camera.centre_id, camera.call_id, camera.link_id, began
            )
            details = {"upload_id": one.recording_id, "at_ms": at_ms, "sound": camera.sound}
            await self._tell(tx, camera, "started", details)
        one.kept = True
        self._miss_no_more(camera.link_id)

    async def _stop(self, process: WorkerProcess) -> None:
        await process.send(b"stop\n")
        await asyncio.sleep(STOP_S)
        process.kill()

    async def _over(self, one: _Running) -> None:
        link_id = one.camera.link_id
        one.why = why = one.why or "recorder_lost"
        try:
            await self._hand_over(one, why)
        finally:
            del self._running[link_id]
        if one.camera_off:
            return
        failed = not one.kept and why not in {"room_gone", "withdrawn"}
        self._again_at[link_id] = self._clock.monotonic() + (FAILED_S if failed else AGAIN_S)
        if failed or why == "no_room":
            self._miss(one.camera, "no_room" if why == "no_room" else "no_recorder")

    async def _hand_over(self, one: _Running, why: str) -> None:
        """What is recorded until now becomes a file of the call."""
        camera = one.camera
        if one.recording_id is not None:
            of = (camera.centre_id, camera.call_id, camera.link_id, one.recording_id)
            await self._finish(Left(*of), why)
            one.recording_id = None

    async def _finish(self, left: Left, why: str) -> None:
        self._left[left.recording_id] = why
        try:
            size, seconds = await self._keep.finish(left.centre_id, left.recording_id)
            async with self._db.write() as tx:
                kept = (left.centre_id, left.recording_id, size, seconds)
                await self._keep.handed_over_in(tx, *kept)
                ids = {"upload_id": left.recording_id, "why": why}
                await self._tell(tx, left, "ended", {**ids, "size": size, "seconds": seconds})
        except (RingdownError, OSError) as error:
            self._later(error)
            return
        del self._left[left.recording_id]
        self._keep.wake()

    def _later(self, error: Exception) -> None:
        self._log.error("recordings wait", **describe(error))
        self._look_at = self._clock.monotonic() + LEFT_S

    # ---- what is not recorded

    def _miss(self, camera: Camera, why: str) -> None:
        """The camera is on and not recorded: a lamp, and once for each reason a row."""
        if self._missed.get(camera.link_id) != why:
            self._missed[camera.link_id] = why
            self._light()
            self._tasks.spawn("camera not recorded", self._write_missed(camera, why))

    def _miss_no_more(self, link_id: str) -> None:
        if self._missed.pop(link_id, None) is not None:
            self._light()

    async def _write_missed(self, camera: Camera, why: str) -> None:
        async with self._db.write() as tx:
            await self._tell(tx, camera, "missed", {"why": why})

    async def _tell(
        self, tx: Tx, of: Camera | Left, what: str, details: Mapping[str, object]
    ) -> None:
        await self._audit.append(
            tx,
            centre_id=of.centre_id,
            tag=f"video:recording:{what}",
            actor=system(of.centre_id, "video"),
            subject=of.call_id,
            details={"link_id": of.link_id, **details},
        )

    def _light(self) -> None:
        many = len(self._missed)
        if not many:
            self._lamps.set(LAMP, "ok", "What callers show is recorded.")
            return
        whose = "1 caller's camera is" if many == 1 else f"{many} callers' cameras are"
        why = "; ".join(words for key, words in MISSED.items() if key in self._missed.values())
        self._lamps.set(LAMP, "warn", f"{whose} not recorded: {why}.", still_works=STILL_WORKS)
