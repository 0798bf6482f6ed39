"""The few file operations that recording needs, as a port, so that tests can make disks fail."""

import contextlib
import errno
import os
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """What the recorder asks of a file system. Every method may raise OSError."""

    def open(self, root: Path, path: Path) -> int:
        """Open for appending, made with its folders if new; `root` itself must exist."""
        ...

    def write(self, handle: int, data: bytes | memoryview) -> int:
        """Append; returns how many bytes were taken, which may be fewer."""
        ...

    def write_start(self, handle: int, data: bytes) -> None:
        """Write over the beginning of the file (its header)."""
        ...

    def read(self, handle: int, offset: int, count: int) -> bytes:
        """Read from anywhere, also when the file's name is gone."""
        ...

    def size(self, handle: int) -> int:
        """How many bytes the file has."""
        ...

    def linked(self, handle: int, path: Path) -> bool:
        """Whether `path` still names this file."""
        ...

    def sync(self, handle: int) -> None:
        """Make what was written durable."""
        ...

    def close(self, handle: int) -> None:
        """Let go of the file."""
        ...

    def present(self, root: Path) -> bool:
        """Whether the folder is there."""
        ...

    def probe(self, root: Path, need_bytes: int) -> None:
        """Raise unless the folder can be written and has `need_bytes` free."""
        ...


class SystemFiles:
    """The operating system's files."""

    def open(self, root: Path, path: Path) -> int:
        """Open for appending; a missing `root` is an error, since it may be an unmounted disk."""
        if not root.is_dir():
            raise FileNotFoundError(errno.ENOENT, "the recordings folder is not there")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.lseek(handle, 0, os.SEEK_END)
            for folder in (path.parent, path.parent.parent):
                sync_folder(folder)
        except OSError:
            os.close(handle)
            raise
        return handle

    def write(self, handle: int, data: bytes | memoryview) -> int:
        """Append."""
        return os.write(handle, data)

    def write_start(self, handle: int, data: bytes) -> None:
        """Write over the beginning and go on at the end."""
        if os.pwrite(handle, data, 0) != len(data):
            raise OSError(errno.ENOSPC, "the header was not written completely")
        os.lseek(handle, 0, os.SEEK_END)

    def read(self, handle: int, offset: int, count: int) -> bytes:
        """Read from anywhere."""
        return os.pread(handle, count, offset)

    def size(self, handle: int) -> int:
        """How many bytes the file has."""
        return os.fstat(handle).st_size

    def linked(self, handle: int, path: Path) -> bool:
        """Whether `path` still names this file."""
        try:
            return os.path.samestat(os.fstat(handle), path.stat())
        except (FileNotFoundError, NotADirectoryError):
            return False

    def sync(self, handle: int) -> None:
        """Fdatasync where there is one; on macOS fsync."""
        getattr(os, "fdatasync", os.fsync)(handle)

    def close(self, handle: int) -> None:
        """Let go of the file."""
        os.close(handle)

    def present(self, root: Path) -> bool:
        """Whether the folder is there."""
        return root.is_dir()

    def probe(self, root: Path, need_bytes: int) -> None:
        """Write a small file and remove it again."""
        if not root.is_dir():
            raise FileNotFoundError(errno.ENOENT, "the recordings folder is not there")
        room = os.statvfs(root)
        if room.f_bavail * room.f_frsize < need_bytes:
            raise OSError(errno.ENOSPC, "no space left")
        path = root / f".probe-{os.getpid()}"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            if os.write(handle, bytes(4096)) != 4096:
                raise OSError(errno.ENOSPC, "no space left")
            os.fsync(handle)
        finally:
            os.close(handle)
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
