"""Whether each sealed recording still gives back the bytes that were sealed.

Reads only, so it may run beside a server that records: a leg that is archived meanwhile is looked
at again.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ringdown.media import archive
from ringdown.media.archive import Digest
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.model import MediaLeg
from ringdown.media.ports import MediaStore
from ringdown.media.reader import ArchiveInvalid, LegNotReadable
from ringdown.runtime.db import Database
from ringdown.wire.legfile import LegHeaderError

BATCH: Final = 200
LOOKS: Final = 3
Finding = Literal["whole", "not_archived", "differs", "damaged", "missing", "unknown"]
GOOD: Final[frozenset[Finding]] = frozenset({"whole", "not_archived"})


@dataclass(frozen=True)
class Verdict:
    """What was found of one leg; `unknown` is an archive that no sealed leg owns."""

    centre_id: str
    call_id: str
    leg_id: str
    finding: Finding
    sealed: str | None
    file: Path | None

    @property
    def good(self) -> bool:
        """Whether the sealed bytes are there."""
        return self.finding in GOOD


async def verify(
    db: Database, store: MediaStore, folders: Folders, *, call_id: str | None = None
) -> AsyncGenerator[Verdict, None]:
    """Every sealed leg of every centre by its id, then archives that belong to none.

    With `call_id`, the legs of that call alone.
    """
    after, known = "", set[Path]()
    while True:
        async with db.read() as tx:
            batch = await store.sealed(tx, after, BATCH)
        for leg in batch:
            after = leg.leg_id
            place = LegPlace(folders, leg.centre_id, leg.call_id, leg.leg_id)
            known.update(place.archive_path(root) for root in folders.all)
            if call_id in (None, leg.call_id):
                yield await asyncio.to_thread(look, leg, place)
        if len(batch) < BATCH:
            break
    if call_id is not None:
        return
    for path in await asyncio.to_thread(lambda: list(_archives(folders))):
        if path in known:
            continue
        # Sealed since the legs were read: the row comes before its archive.
        async with db.read() as tx:
            row = await store.leg(tx, path.parent.parent.name, path.stem)
        if row is None or row.sha256 is None or row.call_id != path.parent.name:
            yield Verdict(
                path.parent.parent.name, path.parent.name, path.stem, "unknown", None, path
            )


def look(leg: MediaLeg, place: LegPlace) -> Verdict:
    """Read the leg's archive, or its raw file while there is no archive. Blocking."""
    assert leg.sha256 is not None, "a leg without a seal cannot be verified"
    seal = Digest(leg.sha256, leg.bytes or 0)
    file, finding = None, "missing"
    for _ in range(LOOKS):
        file = place.archive()
        finding = _of_raw(place, seal) if file is None else _of_archive(file, seal)
        # The archivist removes the raw file once the archive is there: then look there.
        if finding != "missing":
            break
    return Verdict(leg.centre_id, leg.call_id, leg.leg_id, finding, leg.sha256, file)


def _of_archive(file: Path, seal: Digest) -> Finding:
    try:
        return "whole" if archive.archive_digest(file) == seal else "differs"
    except (ArchiveInvalid, LegHeaderError):
        return "damaged"
    except OSError:
        return "damaged" if file.exists() else "missing"


def _of_raw(place: LegPlace, seal: Digest) -> Finding:
    try:
        return "not_archived" if archive.digest(place) == seal else "differs"
    except (LegNotReadable, FileNotFoundError):
        return "missing"
    except OSError:
        return "damaged"


def _archives(folders: Folders) -> Iterator[Path]:
    for root in folders.all:
        yield from sorted(root.glob("*/*/*.flac"))
