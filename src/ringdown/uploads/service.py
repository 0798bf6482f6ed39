"""What the centre does with callers' files: looks with care, hands out stripped, removes."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.uploads.checking import Checking, read_all, read_any_film
from ringdown.uploads.model import NotReady, PersonNeeded, ReasonMissing, UploadGone, UploadNotFound
from ringdown.uploads.ports import Files, Part, Pictures, Place, Scanner, UploadStore
from ringdown.uploads.receiving import Receiving
from ringdown.uploads.recordings import RecordingFiles
from ringdown.uploads.records import Act, UploadRecords
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.views import UploadView
from ringdown.video.api import Viewings
from ringdown.wire.isobmff import Patch, apply

JPEG: Final = "image/jpeg"
EXPORT_SIDE: Final = 16_384
LONGEST_REASON: Final = 500
PART: Final = 262_144
SUFFIXES: Final = {
    JPEG: "jpg", "video/mp4": "mp4", "video/quicktime": "mov", "video/3gpp": "3gp",
    "video/webm": "webm",
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """Bytes to be handed out, read part by part; `parts` blocks and is run off the event loop."""

    content_type: str
    size: int
    name: str
    files: Files
    place: Place
    part: Part
    patches: Sequence[Patch] = ()
    made: bytes | None = None
    """The bytes themselves, where they were made for this."""

    def parts(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`."""
        end = self.size if end is None else end
        if self.made is not None:
            yield self.made[start:end]
            return
        with self.files.open(self.place, self.part) as file:
            file.seek(start)
            while start < end and (data := file.read(min(PART, end - start))):
                yield apply(list(self.patches), start, data) if self.patches else data
                start += len(data)


class UploadService:
    """Files of every centre; implements `uploads.api.CallerFiles`."""

    def __init__(
        self,
        db: Database,
        store: UploadStore,
        *,
        files: Files,
        pictures: Pictures,
        scanner: Scanner | None,
        viewings: Viewings,
        calls: Calls,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        settings: UploadSettings,
    ) -> None:
        self._db = db
        self._files = files
        self._pictures = pictures
        self._viewings = viewings
        self._calls = calls
        self._records = UploadRecords(db, store, facts=facts, audit=audit, clock=clock, ids=ids)
        self._store = store
        self._opening = asyncio.Lock()
        wake = asyncio.Event()
        self.receiving = Receiving(self._records, files, pictures, settings, wake.set)
        self.recordings = RecordingFiles(self._records, files, calls, settings, wake.set)
        self.checking = Checking(
            self._records,
            files,
            pictures=pictures,
            scanner=scanner,
            receiving=self.receiving,
            settings=settings,
            wake=wake,
        )

    async def run(self) -> None:
        """Check files as long as this server runs."""
        await self.checking.run()

    # ---- reads

    async def read_uploads(self, tx: Tx, centre_id: str, call_id: str) -> list[UploadView]:
        """The files of a call, in order."""
        return await self._store.uploads.of_call(tx, centre_id, call_id)

    async def uploads(self, principal: Principal, call_id: str) -> list[UploadView]:
        """The files of a call. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return await self.read_uploads(tx, principal.centre_id, call_id)

    # ---- looking

    async def picture(self, principal: Principal, call_id: str, upload_id: str) -> Served:
        """A photo, made anew, for whoever opens it: that is a viewing, and written down.

        Raises `UploadNotFound`, `NotReady`, `UploadGone`, `ViewingTakenOver`.
        """
        view = await self._looked_at(principal, call_id, upload_id)
        if view.kind != "photo":
            raise UploadNotFound("this file is no photo")
        return await self._picture(principal.centre_id, view)

    async def file(self, principal: Principal, call_id: str, upload_id: str) -> Served:
        """A video to be played, or a photo made anew: a viewing as well."""
        view = await self._looked_at(principal, call_id, upload_id)
        if view.kind == "photo":
            return await self._picture(principal.centre_id, view)
        place = Place(principal.centre_id, upload_id)
        kind = cast("str", view.content_type)
        return Served(kind, view.size, _name(view, kind), self._files, place, "file")

    async def _looked_at(self, principal: Principal, call_id: str, upload_id: str) -> UploadView:
        if principal.kind != "user":
            raise PersonNeeded("only a person looks at a caller's files")
        async with self._opening:
            async with self._db.read() as tx:
                view = await self._ready(tx, principal, call_id, upload_id)
                looks = any(
                    one.subject_id == upload_id
                    and one.by.user_id == principal.id
                    and one.ended_at is None
                    for one in await self._viewings.read_viewings(tx, principal.centre_id, call_id)
                )
            return view if looks else await self._begin_to_look(principal, view)

    async def _begin_to_look(self, principal: Principal, view: UploadView) -> UploadView:
        centre_id, upload_id = principal.centre_id, view.upload_id
        async with self._db.write() as tx:
            view = await self._ready(tx, principal, view.call_id, upload_id)
            opened = await self._viewings.open_in(tx, principal, view.call_id, "upload", upload_id)
            first = view.state == "quarantined"
            details = {"viewing_id": opened.viewing_id, "kind": view.kind, "first": first}
            act = Act("uploads:file:viewed", principal, details)
            if first:
                return await self._records.change_in(tx, centre_id, upload_id, act, state="viewed")
            await self._records.write_down(tx, centre_id, view, act)
        return view

    # ---- handing out

    async def export(self, principal: Principal, call_id: str, upload_id: str) -> Served:
        """A file without anything that it says of itself, written down."""
        centre_id = principal.centre_id
        async with self._db.read() as tx:
            view = await self._ready(tx, principal, call_id, upload_id)
        served = await self._stripped(Place(centre_id, upload_id), view)
        async with self._db.write() as tx:
            view = await self._ready(tx, principal, call_id, upload_id)
            details = {"sha256": view.sha256, "content_type": served.content_type}
            act = Act("uploads:file:exported", principal, details)
            await self._records.write_down(tx, centre_id, view, act)
        return served

    async def _stripped(self, place: Place, view: UploadView) -> Served:
        kind = cast("str", view.content_type)
        if view.kind == "photo":
            data = await asyncio.to_thread(read_all, self._files, place)
            made = (await self._pictures.develop(data, kind, longest_side=EXPORT_SIDE)).jpeg
            name = _name(view, JPEG)
            return Served(JPEG, len(made), name, self._files, place, "file", made=made)
        film = await asyncio.to_thread(read_any_film, self._files, place, view)
        name = _name(view, kind)
        return Served(kind, view.size, name, self._files, place, "file", tuple(film.patches))

    # ---- removing

    async def remove(
        self, principal: Principal, call_id: str, upload_id: str, reason: str
    ) -> UploadView:
        """Remove a file for good; twice changes nothing. Raises `ReasonMissing`, `NotReady`."""
        reason = reason.strip()
        if not reason or len(reason) > LONGEST_REASON:
            raise ReasonMissing("a file is removed only with a reason")
        centre_id = principal.centre_id
        async with self._db.write() as tx:
            view = await self._of_call(tx, principal, call_id, upload_id)
            if (view.via, view.state) == ("recording", "receiving"):
                raise NotReady("the camera is still being recorded")
            if view.state not in {"removed", "refused"}:
                details = {"by": "person", "sha256": view.sha256, "was": view.state}
                act = Act("uploads:file:removed", principal, details)
                view = await self._records.change_in(
                    tx, centre_id, upload_id, act, state="removed", reason=reason, metadata={}
                )
        await self.receiving.drop(centre_id, upload_id)
        return view

    # ---- inside

    async def _of_call(
        self, tx: Tx, principal: Principal, call_id: str, upload_id: str
    ) -> UploadView:
        await self._calls.read(tx, principal.centre_id, call_id)
        return await self._records.of_call_in(tx, principal.centre_id, call_id, upload_id)

    async def _ready(
        self, tx: Tx, principal: Principal, call_id: str, upload_id: str
    ) -> UploadView:
        view = await self._of_call(tx, principal, call_id, upload_id)
        if view.state in {"receiving", "checking"}:
            raise NotReady("the file is not whole and checked yet")
        if view.state in {"refused", "removed"}:
            raise UploadGone("the file is no longer held")
        return view

    async def _picture(self, centre_id: str, view: UploadView) -> Served:
        place = Place(centre_id, view.upload_id)
        data = await asyncio.to_thread(read_all, self._files, place, "picture")
        name = _name(view, JPEG)
        return Served(JPEG, len(data), name, self._files, place, "picture", made=data)


def _name(view: UploadView, content_type: str) -> str:
    """A name for the file that tells nothing of anybody."""
    return f"{view.upload_id}.{SUFFIXES[content_type]}"
