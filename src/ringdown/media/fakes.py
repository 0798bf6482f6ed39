"""Fakes for media: files that fail when told to, and the store in memory."""

import errno
from pathlib import Path
from typing import cast

from ringdown.media.files import SystemFiles
from ringdown.media.model import LegGap, MediaLeg
from ringdown.runtime.db import Tx


class BreakableFiles(SystemFiles):
    """Real files below folders that can be broken: `broken[root] = errno`, `room[root] = bytes`."""

    def __init__(self) -> None:
        self.broken: dict[Path, int] = {}
        self.room: dict[Path, int] = {}
        self.syncs = 0
        self._paths: dict[int, Path] = {}

    def open(self, root: Path, path: Path) -> int:
        """Open, unless the folder is broken."""
        self._check(path)
        handle = super().open(root, path)
        self._paths[handle] = path
        return handle

    def write(self, handle: int, data: bytes | memoryview) -> int:
        """Append as much as there is room for."""
        path = self._paths[handle]
        self._check(path)
        for root, room in self.room.items():
            if path.is_relative_to(root):
                if room == 0:
                    raise OSError(errno.ENOSPC, "full")
                data = data[:room]
                self.room[root] = room - len(data)
        return super().write(handle, data)

    def sync(self, handle: int) -> None:
        """Make durable, unless the folder is broken."""
        self._check(self._paths[handle])
        self.syncs += 1
        super().sync(handle)

    def probe(self, root: Path, need_bytes: int) -> None:
        """Raise as the broken folder would."""
        self._check(root)
        if self.room.get(root, need_bytes) < need_bytes:
            raise OSError(errno.ENOSPC, "full")
        super().probe(root, 0)

    def _check(self, path: Path) -> None:
        for root, number in self.broken.items():
            if path.is_relative_to(root):
                raise OSError(number, "broken on purpose")


class MemoryMediaStore:
    """The `MediaStore` over the dictionaries of a `MemoryDatabase`."""

    async def save_leg(self, tx: Tx, leg: MediaLeg) -> None:
        """Keep a new leg, or the new state of one."""
        tx.memory("legs_media")[leg.centre_id, leg.leg_id] = leg

    async def leg(self, tx: Tx, centre_id: str, leg_id: str) -> MediaLeg | None:
        """One leg of this centre."""
        return tx.memory("legs_media").get((centre_id, leg_id))

    async def legs_of(self, tx: Tx, centre_id: str, call_id: str) -> list[MediaLeg]:
        """The legs of a call in the order they began."""
        legs = cast("list[MediaLeg]", list(tx.memory("legs_media").values()))
        found = [leg for leg in legs if (leg.centre_id, leg.call_id) == (centre_id, call_id)]
        return sorted(found, key=lambda leg: (leg.start_ms, leg.leg_id))

    async def unfinished(self, tx: Tx) -> list[MediaLeg]:
        """Every leg of every centre that is not archived."""
        legs = cast("list[MediaLeg]", list(tx.memory("legs_media").values()))
        found = [leg for leg in legs if leg.state != "archived"]
        return sorted(found, key=lambda leg: (leg.centre_id, leg.leg_id))

    async def sealed(self, tx: Tx, after: str, limit: int) -> list[MediaLeg]:
        """Every centre's legs with a seal, by id."""
        legs = cast("list[MediaLeg]", list(tx.memory("legs_media").values()))
        found = [leg for leg in legs if leg.sha256 is not None and leg.leg_id > after]
        return sorted(found, key=lambda leg: leg.leg_id)[:limit]

    async def add_gap(self, tx: Tx, centre_id: str, call_id: str, gap: LegGap) -> None:
        """Keep a gap once."""
        key = (centre_id, call_id, gap.leg_id, gap.from_ms)
        tx.memory("media_gaps").setdefault(key, gap)

    async def gaps_of(self, tx: Tx, centre_id: str, call_id: str) -> list[LegGap]:
        """The gaps of a call's legs, by leg and time."""
        kept = cast("dict[tuple[str, str, str, int], LegGap]", tx.memory("media_gaps"))
        return [kept[key] for key in sorted(kept) if key[:2] == (centre_id, call_id)]
