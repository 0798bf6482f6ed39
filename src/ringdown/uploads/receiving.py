"""Files as they come: from the page, piece by piece and resumed at will, or by MMS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from ringdown.caller.api import PageSession
from ringdown.core.principal import system
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.documents import ChangedMeanwhile
from ringdown.uploads.model import (
    HEAD_BYTES,
    AlreadySent,
    Empty,
    FileRefused,
    Heif,
    NeverWhole,
    NoRoom,
    OffsetWrong,
    TooLarge,
    TooManyFiles,
    UploadGone,
    UploadNotFound,
    refusal,
    sniff,
)
from ringdown.uploads.ports import Files, Pictures, Place
from ringdown.uploads.records import Act, UploadRecords
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.views import UploadView

T = TypeVar("T")
PIECE: Final = 262_144
"""Bytes that are gathered before they are written."""
TRIES: Final = 3
"""So many times the files of a link may be begun, refused ones among them."""
STEPS: Final = 10
"""How often the console hears how far a file is."""


class Receiving:
    """Takes files; `on_whole` is told when one is to be checked."""

    def __init__(
        self,
        records: UploadRecords,
        files: Files,
        pictures: Pictures,
        settings: UploadSettings,
        on_whole: Callable[[], None],
    ) -> None:
        self._records = records
        self._files = files
        self._pictures = pictures
        self._settings = settings
        self._on_whole = on_whole
        self._locks: dict[str, asyncio.Lock] = {}

    @property
    def largest(self) -> int:
        """Bytes of any file, at most."""
        return max(self._settings.video_bytes, self._settings.photo_bytes)

    # ---- from the page

    async def create(self, session: PageSession, size: int, said_type: str) -> UploadView:
        """A caller begins a file. Raises `Empty`, `TooLarge`, `TooManyFiles`, `NoRoom`."""
        if size == 0:
            raise Empty("the file is empty")
        photo = said_type.startswith("image/")
        if size > (self._settings.photo_bytes if photo else self.largest):
            raise TooLarge("the file is too large", details=self._most(photo=photo))
        await self._room_for(size)
        now = self._records.now()
        view = UploadView(
            upload_id=self._records.new_id(),
            call_id=session.call_id,
            link_id=session.link_id,
            via="page",
            state="receiving",
            size=size,
            received=0,
            at=now,
            changed_at=now,
        )
        async with self._records.db.write() as tx:
            there = await self._records.store.uploads.of_call(
                tx, session.centre_id, session.call_id
            )
            mine = [
                each for each in there if each.link_id == session.link_id and each.via == "page"
            ]
            taken = [each for each in mine if each.state not in {"refused", "removed"}]
            most = self._settings.per_link
            if len(taken) >= most or len(mine) >= most * TRIES:
                raise TooManyFiles("no more files are taken by this link", details={"most": most})
            await self._records.add_in(tx, session.centre_id, view)
        return view

    async def progress(self, session: PageSession, upload_id: str) -> tuple[UploadView, int]:
        """A file of this link, and how many of its bytes are held. Raises `UploadNotFound`."""
        view = await self._mine(session, upload_id)
        if view.state != "receiving":
            return view, view.received
        return view, await asyncio.to_thread(self._files.held, Place(session.centre_id, upload_id))

    async def write(
        self, session: PageSession, upload_id: str, at: int, chunks: AsyncIterator[bytes]
    ) -> int:
        """Take the bytes that come, from `at`; how many are held then.

        Raises `UploadNotFound`, `OffsetWrong`, `NoRoom`, `ChangedMeanwhile`, or a `FileRefused`:
        then it is gone.
        """
        view, held = await self.progress(session, upload_id)
        if view.state == "refused":
            raise refusal(view.reason)
        if view.state == "removed":
            raise UploadGone("the file was taken back")
        if at != held:
            raise OffsetWrong("the file goes on elsewhere", details={"offset": held})
        if view.state != "receiving":
            return held
        return await self._take(session.centre_id, view, at, chunks)

    async def terminate(self, session: PageSession, upload_id: str) -> None:
        """The caller takes back a file that is not whole yet. Raises `AlreadySent`."""
        view = await self._mine(session, upload_id)
        if view.state in {"refused", "removed"}:
            return
        if view.state != "receiving":
            raise AlreadySent("the file has arrived")
        act = Act(
            "uploads:file:removed",
            system(session.centre_id, "uploads"),
            {"by": "caller", "link_id": session.link_id},
        )
        await self._records.step(session.centre_id, view, act, state="removed", reason="caller")
        await self.drop(session.centre_id, upload_id)

    async def give_up(self, centre_id: str, call_id: str, link_id: str) -> None:
        """What a link has not sent whole is taken away: its caller shares files no longer."""
        async with self._records.db.read() as tx:
            there = await self._records.store.uploads.of_call(tx, centre_id, call_id)
        for view in there:
            if (view.link_id, view.state, view.via) == (link_id, "receiving", "page"):
                with suppress(ChangedMeanwhile):  # whole at this moment: it is the centre's
                    await self.refuse(centre_id, view, NeverWhole("the caller stopped sharing"))

    # ---- by MMS

    async def on_media(
        self,
        *,
        centre_id: str,
        call_id: str,
        message_id: str,
        part: int,
        number: Sensitive[str],  # noqa: ARG002 - of the port; who sent it is kept with the message
        content_type: str,  # noqa: ARG002 - the same; what it is, its own bytes say
        chunks: AsyncIterator[bytes],
    ) -> str:
        """Take one file of a message; its upload's id, also where it is refused."""
        upload_id = f"upl_{message_id.rpartition('_')[2]}{part:02d}"
        view = await self._records.find(centre_id, upload_id)
        if view is not None and view.state != "receiving":
            return upload_id
        await self._room_for(0)
        if view is None:
            now = self._records.now()
            view = UploadView(
                upload_id=upload_id,
                call_id=call_id,
                link_id=None,
                via="mms",
                state="receiving",
                size=self.largest,
                received=0,
                at=now,
                changed_at=now,
            )
            async with self._records.db.write() as tx:
                await self._records.add_in(tx, centre_id, view)
        await self.drop(centre_id, upload_id)
        try:
            held = await self._take(centre_id, view, 0, chunks)
            now_known = await self._records.find(centre_id, upload_id)
            if now_known is not None and now_known.state == "receiving":
                await self._whole(centre_id, now_known, held)
        except (FileRefused, ChangedMeanwhile):
            return upload_id
        return upload_id

    # ---- inside

    async def _mine(self, session: PageSession, upload_id: str) -> UploadView:
        view = await self._records.find(session.centre_id, upload_id)
        if view is None or view.link_id != session.link_id or view.via != "page":
            raise UploadNotFound("there is no such file of this link")
        return view

    async def _take(
        self, centre_id: str, view: UploadView, at: int, chunks: AsyncIterator[bytes]
    ) -> int:
        place, gathered, told = Place(centre_id, view.upload_id), bytearray(), at
        async for chunk in chunks:
            gathered += chunk
            if at + len(gathered) > view.size:
                raise await self.refuse(centre_id, view, TooLarge("more came than was said"))
            if len(gathered) >= PIECE:
                view, at = await self._piece(place, view, at, gathered)
                if (at - told) * STEPS >= view.size and at < view.size:
                    told = at
                    view = await self._records.step(centre_id, view, received=at)
        view, at = await self._piece(place, view, at, gathered)
        if at == view.size:
            await self._whole(centre_id, view, at)
        return at

    async def _piece(
        self, place: Place, view: UploadView, at: int, gathered: bytearray
    ) -> tuple[UploadView, int]:
        """Write what has been gathered, and look at the beginning once it is there."""
        if gathered:
            await self._room_for(len(gathered))
            write = partial(self._files.append, place, at, bytes(gathered))
            at = await self._while_it_comes(place, write)
            gathered.clear()
        if view.kind is None and (at >= HEAD_BYTES or at == view.size):
            view = await self._looked_at(place, view)
        if view.kind == "photo" and max(at, view.size if view.via == "page" else 0) > (
            self._settings.photo_bytes
        ):
            too_large = TooLarge("the photo is too large", details=self._most(photo=True))
            raise await self.refuse(place.centre_id, view, too_large)
        return view, at

    async def _looked_at(self, place: Place, view: UploadView) -> UploadView:
        head = await self._while_it_comes(place, partial(_head, self._files, place))
        try:
            found = sniff(head)
            if found.kind == "photo" and not self._pictures.reads(found.content_type):
                raise Heif("photos of this kind are not read here")
        except FileRefused as error:
            raise await self.refuse(place.centre_id, view, error) from None
        return await self._records.step(
            place.centre_id, view, kind=found.kind, content_type=found.content_type
        )

    async def _whole(self, centre_id: str, view: UploadView, size: int) -> None:
        place = Place(centre_id, view.upload_id)
        if size == 0:
            raise await self.refuse(centre_id, view, Empty("the file is empty"))
        if view.kind is None:
            view = await self._looked_at(place, view)
        await self._while_it_comes(place, partial(self._files.finish, place))
        await self._records.step(centre_id, view, state="checking", size=size, received=size)
        self._locks.pop(view.upload_id, None)
        self._on_whole()

    async def refuse(self, centre_id: str, view: UploadView, error: FileRefused) -> FileRefused:
        """Refuse a file: its bytes are gone, its row says why; the error to raise.

        Raises `ChangedMeanwhile` if it is not where it was seen any more.
        """
        await self._records.step(
            centre_id,
            view,
            Act(
                "uploads:file:refused",
                system(centre_id, "uploads"),
                {"reason": error.code, "via": view.via, "link_id": view.link_id},
            ),
            state="refused",
            reason=error.code,
        )
        await self.drop(centre_id, view.upload_id)
        return error

    async def drop(self, centre_id: str, upload_id: str) -> None:
        """Take the bytes away, once its row says that they are not needed."""
        async with self._lock(upload_id):
            await asyncio.to_thread(self._files.remove, Place(centre_id, upload_id))
        self._locks.pop(upload_id, None)

    async def _while_it_comes(self, place: Place, work: Callable[[], T]) -> T:
        """Work on the bytes of a file, unless it was taken away: whoever does that waits for us."""
        async with self._lock(place.upload_id):
            view = await self._records.find(place.centre_id, place.upload_id)
            if view is None or view.state != "receiving":
                raise ChangedMeanwhile("the file is taken no longer")
            return await asyncio.to_thread(work)

    async def _room_for(self, size: int) -> None:
        free = await asyncio.to_thread(self._files.free_bytes)
        if free - size < self._settings.keep_free_mb * 1_000_000:
            raise NoRoom("there is no room for files")

    def _lock(self, upload_id: str) -> asyncio.Lock:
        return self._locks.setdefault(upload_id, asyncio.Lock())

    def _most(self, *, photo: bool) -> dict[str, object]:
        settings = self._settings
        return {"most_mb": settings.max_photo_mb if photo else settings.max_video_mb}


def _head(files: Files, place: Place) -> bytes:
    with files.open(place, "file") as file:
        return file.read(HEAD_BYTES)
