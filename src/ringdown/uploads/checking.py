"""Whole files, checked one after the other; what passes waits in quarantine for a person."""

import asyncio
import hashlib
import struct
from contextlib import suppress
from datetime import timedelta
from typing import Final

from ringdown.core.clock import parse_iso
from ringdown.core.errors import RingdownError, Unavailable
from ringdown.core.principal import system
from ringdown.runtime.documents import ChangedMeanwhile
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.uploads.model import (
    OVERLAP,
    TAIL_BYTES,
    Broken,
    FileRefused,
    Malware,
    NeverWhole,
    SeveralKinds,
    UnknownKind,
    packed_behind,
    suspicious,
)
from ringdown.uploads.ports import Files, Part, Pictures, Place, Scanner
from ringdown.uploads.receiving import Receiving
from ringdown.uploads.records import Act, UploadRecords
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.views import UploadView
from ringdown.wire.isobmff import Film, FilmBroken, read_film
from ringdown.wire.webm import read_webm

LOOK_EVERY_S: Final = 30.0
SHOWN_SIDE: Final = 2560
"""The longest side of the picture that a console shows."""
BLOCK: Final = 1 << 20


class Checking:
    """Brings each whole file into quarantine, or refuses it."""

    def __init__(
        self,
        records: UploadRecords,
        files: Files,
        *,
        pictures: Pictures,
        scanner: Scanner | None,
        receiving: Receiving,
        settings: UploadSettings,
        wake: asyncio.Event,
    ) -> None:
        self._records = records
        self._files = files
        self._pictures = pictures
        self._scanner = scanner
        self._receiving = receiving
        self._settings = settings
        self._wake = wake
        self._log = get_logger("uploads")

    async def run(self) -> None:
        """Go on where the last run stopped, then check what comes."""
        await self._tidy()
        while True:
            self._wake.clear()
            await self.look()
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Check every file that waits, and give up those whose rest never came."""
        async with self._records.db.read() as tx:
            waiting = await self._records.store.in_state(tx, "checking")
            begun = await self._records.store.in_state(tx, "receiving")
        for centre_id, view in waiting:
            try:
                await self._judge(centre_id, view)
            except ChangedMeanwhile:  # removed by a person, with all that the check has made of it
                await self._receiving.drop(centre_id, view.upload_id)
        oldest = self._records.clock.now() - timedelta(hours=self._settings.whole_within_h)
        for centre_id, view in begun:
            if view.via != "recording" and parse_iso(view.changed_at) < oldest:
                with suppress(ChangedMeanwhile):  # it came while others were checked
                    await self._receiving.refuse(
                        centre_id, view, NeverWhole("the rest of the file never came")
                    )

    async def _judge(self, centre_id: str, view: UploadView) -> None:
        try:
            sha256, metadata = await self._check(Place(centre_id, view.upload_id), view)
        except FileRefused as error:
            await self._receiving.refuse(centre_id, view, error)
        except Unavailable as error:
            self._log.error("a file waits", upload_id=view.upload_id, **describe(error))
            if view.reason != error.code:
                await self._records.step(centre_id, view, reason=error.code)
        except RingdownError as error:
            self._log.error("a file is no more", upload_id=view.upload_id, **describe(error))
            await self._receiving.refuse(centre_id, view, Broken("the file is not held"))
        else:
            details = {
                "via": view.via, "link_id": view.link_id, "size": view.size, "sha256": sha256,
                "content_type": view.content_type,
                "scanned": self._scanner is not None and view.via != "recording",
            }  # fmt: skip
            await self._records.step(
                centre_id,
                view,
                Act("uploads:file:received", system(centre_id, "uploads"), details),
                state="quarantined",
                reason=None,
                sha256=sha256,
                metadata=metadata,
            )

    async def _check(self, place: Place, view: UploadView) -> tuple[str, dict[str, str]]:
        """Its digest and what it says of itself. Raises a `FileRefused` or `Unavailable`."""
        if view.via == "recording":  # of our own making: there is no sender to be careful of
            sha256 = await asyncio.to_thread(_digest, self._files, place)
            film = await asyncio.to_thread(read_any_film, self._files, place, view)
            return sha256, {**film.metadata, **view.metadata}
        sha256 = await asyncio.to_thread(_looked_through, self._files, place, view.size)
        if self._scanner is not None:
            await self._scan(self._scanner, place)
        if view.kind == "video":
            film = await asyncio.to_thread(read_any_film, self._files, place, view)
            if not film.has_video:
                raise UnknownKind("there is no picture in it")
            return sha256, film.metadata
        data = await asyncio.to_thread(read_all, self._files, place)
        assert view.content_type is not None
        picture = await self._pictures.develop(data, view.content_type, longest_side=SHOWN_SIDE)
        await asyncio.to_thread(self._files.keep, place, "picture", picture.jpeg)
        return sha256, dict(picture.metadata)

    async def _scan(self, scanner: Scanner, place: Place) -> None:
        path = await asyncio.to_thread(self._files.plain, place)
        try:
            harmful = await scanner.harmful(path)
        finally:
            await asyncio.to_thread(self._files.remove_plain, path)
        if harmful:
            raise Malware("the agency's check says that the file is harmful")

    async def _tidy(self) -> None:
        """Bytes without a row that needs them, left by a stop between the two."""
        await asyncio.to_thread(self._files.tidy)
        for place in await asyncio.to_thread(self._files.places):
            view = await self._records.find(place.centre_id, place.upload_id)
            if view is None or view.state in {"refused", "removed"}:
                await asyncio.to_thread(self._files.remove, place)


def read_any_film(files: Files, place: Place, view: UploadView) -> Film:
    """What a film says of itself and what hides it. Raises `Broken`. Blocks."""
    with files.open(place, "file") as file:
        try:
            if view.content_type == "video/webm":
                return read_webm(file, view.size)
            return read_film(file, view.size)
        except (FilmBroken, struct.error, IndexError, OverflowError):
            raise Broken("the film cannot be read to its end") from None


def _looked_through(files: Files, place: Place, size: int) -> str:
    """The digest; raises `SeveralKinds` if something else is inside, `Broken` if it is cut."""
    digest, before, seen = hashlib.sha256(), b"", 0
    with files.open(place, "file") as file:
        while part := file.read(BLOCK):
            digest.update(part)
            if suspicious(before + part, first=seen == 0):
                raise SeveralKinds("there is a program or a page inside")
            before = part[-OVERLAP:]
            seen += len(part)
        if seen != size:
            raise Broken("the file is cut short")
        file.seek(max(0, size - TAIL_BYTES))
        if packed_behind(file.read(TAIL_BYTES)):
            raise SeveralKinds("there is a packed file inside")
    return digest.hexdigest()


def _digest(files: Files, place: Place) -> str:
    digest = hashlib.sha256()
    with files.open(place, "file") as file:
        while part := file.read(BLOCK):
            digest.update(part)
    return digest.hexdigest()


def read_all(files: Files, place: Place, part: Part = "file") -> bytes:
    """The whole of a photo. Blocks."""
    with files.open(place, part) as file:
        return file.read()
