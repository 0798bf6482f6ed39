"""Fakes for media: a file system that fails when told to; all else really happens on disk."""

import errno
from pathlib import Path

from ringdown.media.files import SystemFiles


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
