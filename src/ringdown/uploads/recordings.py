"""What a caller's camera showed, as a file of the call: sealed as it comes, checked at its end."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ringdown.calls.api import Calls
from ringdown.core.clock import iso, ms_between, parse_iso
from ringdown.core.principal import system
from ringdown.runtime.db import Tx
from ringdown.uploads.model import Broken, NoRoom
from ringdown.uploads.ports import Files, Place
from ringdown.uploads.records import Act, UploadRecords
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.views import UploadView
from ringdown.video.api import Left
from ringdown.wire.webm_writer import whole_until

TELL_EVERY: Final = 262_144
"""Bytes after which the console hears how long it is."""
ROOM_TO_BEGIN: Final = 50_000_000
"""None begins where it would have to end at once."""


class RecordingFiles:
    """Keeps recordings; implements `Keeping` of video."""

    def __init__(
        self,
        records: UploadRecords,
        files: Files,
        calls: Calls,
        settings: UploadSettings,
        on_whole: Callable[[], None],
    ) -> None:
        self._records = records
        self._files = files
        self._calls = calls
        self._settings = settings
        self._on_whole = on_whole
        self._held: dict[str, tuple[int, int]] = {}
        """How many bytes of each that grows are held, and how many were last told."""

    async def begin_in(
        self, tx: Tx, centre_id: str, call_id: str, link_id: str, began: datetime
    ) -> tuple[str, int]:
        """One begins: its id, and where on the call's clock that is."""
        call = await self._calls.read(tx, centre_id, call_id)
        at_ms = max(0, ms_between(parse_iso(call.started_at), began))
        now = self._records.now()
        view = UploadView(
            upload_id=self._records.new_id(),
            call_id=call_id,
            link_id=link_id,
            via="recording",
            state="receiving",
            kind="video",
            content_type="video/webm",
            size=0,
            received=0,
            metadata={"began_at": iso(began), "began_on_call_ms": str(at_ms)},
            at=now,
            changed_at=now,
        )
        await self._records.add_in(tx, centre_id, view)
        self._held[view.upload_id] = (0, 0)
        return view.upload_id, at_ms

    @property
    def largest(self) -> int:
        """Bytes of one recording: what is shown after them is another one."""
        return self._settings.video_bytes

    async def has_room(self) -> bool:
        """Whether one can begin."""
        return await self._has_room_for(ROOM_TO_BEGIN)

    async def more(self, centre_id: str, recording_id: str, data: bytes) -> bool:
        """Keep what comes behind the rest; False when there is no room for it."""
        held, told = self._held[recording_id]
        if not await self._has_room_for(len(data)):
            return False
        try:
            place = Place(centre_id, recording_id)
            held = await asyncio.to_thread(self._files.append, place, held, data)
        except NoRoom:
            return False
        if held - told >= TELL_EVERY:
            told = held
            await self._records.change(centre_id, recording_id, size=held, received=held)
        self._held[recording_id] = (held, told)
        return True

    async def finish(self, centre_id: str, recording_id: str) -> tuple[int, int]:
        """Make what is held last, without a torn end; its size and seconds, 0 when it is no film.

        A second time changes nothing.
        """
        self._held.pop(recording_id, None)
        return await asyncio.to_thread(_finished, self._files, Place(centre_id, recording_id))

    async def handed_over_in(
        self, tx: Tx, centre_id: str, recording_id: str, size: int, seconds: int
    ) -> None:
        """It is a file of the call from now on; of size 0, it is none."""
        if size:
            kept = await self._records.store.uploads.get(tx, centre_id, recording_id)
            known = {} if kept is None else kept.value.metadata
            await self._records.change_in(
                tx, centre_id, recording_id, state="checking", size=size, received=size,
                metadata={**known, "seconds": str(seconds)},
            )  # fmt: skip
            return
        error = Broken("no picture was recorded")
        details = {"reason": error.code, "via": "recording"}
        act = Act("uploads:file:refused", system(centre_id, "uploads"), details)
        await self._records.change_in(
            tx, centre_id, recording_id, act, state="refused", reason=error.code
        )

    def wake(self) -> None:
        """There is something to be checked."""
        self._on_whole()

    async def left(self) -> list[Left]:
        """Those that have begun and were never handed over, of every centre."""
        async with self._records.db.read() as tx:
            begun = await self._records.store.in_state(tx, "receiving")
        return [
            Left(centre_id, view.call_id, view.link_id or "", view.upload_id)
            for centre_id, view in begun
            if view.via == "recording"
        ]

    async def _has_room_for(self, size: int) -> bool:
        free = await asyncio.to_thread(self._files.free_bytes)
        return free - size >= self._settings.keep_free_mb * 1_000_000


def _finished(files: Files, place: Place) -> tuple[int, int]:
    held = files.held(place)
    if not held:
        return 0, 0
    with files.open(place, "file") as file:
        size, last_ms = whole_until(file, held)
    if not size:
        files.remove(place)
        return 0, 0
    if size != held:
        files.cut(place, size)
    files.finish(place)
    return size, last_ms // 1000 + 1
