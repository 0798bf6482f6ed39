"""Local names of centres: loading, looking, removing, and keeping the workers' files in step."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Conflict
from ringdown.core.principal import Principal
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.staging import Progress, stage_all, version_of
from ringdown.speech.model.names import MOST_NAMES, NameBook
from ringdown.speech.model.names_table import (
    Format,
    LocalName,
    NameTable,
    merge,
    read_table,
)
from ringdown.speech.names_api import NamesReport, NamesView, NameView, RefusedRowView
from ringdown.speech.names_ports import BookFiles, BookRecord, NamesStore
from ringdown.spoken.places import plain_words
from ringdown.wire.filenames import last_part


class NamesChanging(Conflict):
    """Somebody else loaded or removed names of the centre meanwhile."""

    code: ClassVar[str] = "speech.names.changing"
    action: ClassVar[str] = "Look at the names that are loaded now, then load the file again."


class NamesService:
    """The only writer of local names. A load that is broken off changes nothing."""

    def __init__(
        self, db: Database, store: NamesStore, files: BookFiles, audit: Audit, clock: Clock
    ) -> None:
        self._db = db
        self._store = store
        self._files = files
        self._audit = audit
        self._clock = clock
        self._loading = asyncio.Lock()

    async def load(
        self,
        principal: Principal,
        data: bytes,
        *,
        source: str,
        replace: bool,
        form: Format | None = None,
        progress: Progress = lambda _done, _of: None,
    ) -> NamesReport:
        """Load a file; `replace` leaves only its names, else they are added to those there are.

        The same file again changes nothing. Raises `NamesUnreadable`, `TooManyNames` or
        `NamesChanging`.
        """
        table = await asyncio.to_thread(read_table, data, form)
        async with self._loading:
            return await self._load(principal, table, source, replace=replace, progress=progress)

    async def _load(
        self,
        principal: Principal,
        table: NameTable,
        source: str,
        *,
        replace: bool,
        progress: Progress,
    ) -> NamesReport:
        centre_id = principal.centre_id
        async with self._db.read() as tx:
            before = await self._store.book(tx, centre_id)
            present = [] if replace or before is None else await self._all(tx, before)
        names, repeated = await asyncio.to_thread(merge, present, table)
        version = await asyncio.to_thread(version_of, map(_line, names))
        changed = before is None or before.version != version
        if changed:

            async def stage(tx: Tx, start: int, portion: Sequence[LocalName]) -> None:
                await self._store.stage(tx, centre_id, version, start, portion)

            await stage_all(self._db, names, stage, progress)
            record = BookRecord(
                centre_id=centre_id,
                version=version,
                total=len(names),
                source=last_part(source),
                loaded_at=self._clock.now(),
                loaded_by=principal.name,
            )
            details: dict[str, object] = {
                "source": record.source, "version": version, "names": len(names),
                "rows": table.rows, "merged": table.merged + repeated, "refused": table.refused,
                "replaced": replace,
            }  # fmt: skip
            await self._put_into_use(principal, before, record, details)
        if changed or self._files.version_of(centre_id) != version:
            await asyncio.to_thread(self._files.write, centre_id, _book(version, names))
        return NamesReport(
            count=len(names),
            version=version,
            changed=changed,
            rows=table.rows,
            taken=len(table.names) - repeated,
            merged=table.merged + repeated,
            refused=table.refused,
            first_refused=tuple(
                RefusedRowView(row=each.row, reason=each.reason) for each in table.reasons
            ),
        )

    async def _put_into_use(
        self,
        principal: Principal,
        before: BookRecord | None,
        record: BookRecord,
        details: dict[str, object],
    ) -> None:
        centre_id = record.centre_id
        async with self._db.write() as tx:
            now = await self._store.book(tx, centre_id)
            whole = await self._store.staged(tx, centre_id, record.version) == record.total
            if now != before or not whole:
                raise NamesChanging("the names were changed while the file was being loaded")
            await self._store.use(tx, record)
            await self._audit.append(
                tx,
                centre_id=centre_id,
                tag="speech:names:loaded",
                actor=principal,
                subject=centre_id,
                details=details,
            )
        async with self._db.write() as tx:
            await self._store.forget(tx, centre_id, keep=record.version)

    async def show(
        self, principal: Principal, *, search: str | None = None, limit: int = 20
    ) -> NamesView:
        """How many names there are and where they are from; with `search`, those that hold it."""
        async with self._db.read() as tx:
            book = await self._store.book(tx, principal.centre_id)
            if book is None:
                return NamesView(count=0)
            text = " ".join(plain_words(search or ""))
            found: list[LocalName] = []
            if text:
                found = await self._store.find(
                    tx, book.centre_id, book.version, text, limit=min(max(limit, 1), 100)
                )
        return NamesView(
            count=book.total,
            version=book.version,
            source=book.source,
            loaded_at=iso(book.loaded_at),
            loaded_by=book.loaded_by,
            found=tuple(
                NameView(name=each.name, kind=each.kind, lat=each.lat, lon=each.lon)
                for each in found
            ),
        )

    async def remove(self, principal: Principal) -> None:
        """Remove every name of the centre; without names nothing happens."""
        centre_id = principal.centre_id
        async with self._loading:
            async with self._db.write() as tx:
                book = await self._store.book(tx, centre_id)
                if book is not None:
                    await self._store.retire(tx, centre_id)
                    await self._audit.append(
                        tx,
                        centre_id=centre_id,
                        tag="speech:names:removed",
                        actor=principal,
                        subject=centre_id,
                        details={"version": book.version, "names": book.total},
                    )
                await self._store.forget(tx, centre_id, keep=None)
            await asyncio.to_thread(self._files.remove, centre_id)

    async def book(self, centre_id: str) -> NameBook | None:
        """The names of a centre as the workers get them."""
        async with self._db.read() as tx:
            record = await self._store.book(tx, centre_id)
            return None if record is None else _book(record.version, await self._all(tx, record))

    async def books(self) -> list[BookRecord]:
        """The books of every centre."""
        async with self._db.read() as tx:
            return await self._store.books(tx)

    async def restore(self) -> None:
        """At the start: bring the workers' files in step with the database."""
        books = await self.books()
        for record in books:
            centre_id = record.centre_id
            if self._files.version_of(centre_id) != record.version:
                book = await self.book(centre_id)
                assert book is not None, "nothing removes names before the start is over"
                await asyncio.to_thread(self._files.write, centre_id, book)
            self._files.tidy(centre_id)
        for centre_id in self._files.centres() - {record.centre_id for record in books}:
            self._files.remove(centre_id)

    async def _all(self, tx: Tx, record: BookRecord) -> list[LocalName]:
        return await self._store.names(
            tx, record.centre_id, record.version, start=0, limit=MOST_NAMES
        )


def _line(name: LocalName) -> str:
    return f"{name.kind}\t{name.name}\t{name.lat}\t{name.lon}"


def _book(version: str, names: Sequence[LocalName]) -> NameBook:
    return NameBook(
        version, tuple(name.name for name in names), "".join(name.kind[0] for name in names)
    )
