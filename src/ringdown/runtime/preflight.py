"""Looking before leaping: each thing that can keep us from starting, and what to do about it.

PreflightFailed
    AlreadyRunning    a second copy on the same data folder
    PortTaken         another program listens where we want to
    DiskNearlyFull    too little room to record calls
    FolderUnwritable  the data folder cannot be written
"""

import fcntl
import json
import os
import shutil
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ringdown.core.errors import RingdownError

LOCK = "ringdown.lock"
ENOUGH_BYTES = 500_000_000  # about 17 hours of one call's two legs, and room for the database
FOLDERS = ("recordings", "secrets", "logs", "run")


class PreflightFailed(RingdownError):
    """Something on this machine keeps us from starting."""

    code: ClassVar[str] = "runtime.preflight.failed"


class AlreadyRunning(PreflightFailed):
    """Another copy runs on the same data folder."""

    code = "runtime.preflight.already_running"
    action = "Use the copy that runs, stop it with Ctrl-C, or name another folder with --data."


class PortTaken(PreflightFailed):
    """Another program listens on the address we want."""

    code = "runtime.preflight.port_taken"
    action = "Stop the other program, or choose another with --port (for phones, --phone-port)."


class DiskNearlyFull(PreflightFailed):
    """Too little room is left where calls are recorded."""

    code = "runtime.preflight.disk_nearly_full"
    action = "Free some space on that disk, or name a folder on another one with --data."


class FolderUnwritable(PreflightFailed):
    """The data folder cannot be made or written."""

    code = "runtime.preflight.folder_unwritable"
    action = "Give this user the right to write there, or name another folder with --data."


@dataclass(frozen=True)
class Holder:
    """Who holds the lock of a data folder."""

    pid: int
    address: str


def prepare_folder(data: Path) -> None:
    """Make the data folder and its parts, and prove that they can be written.

    Raises FolderUnwritable or DiskNearlyFull.
    """
    try:
        # Callers' voices lie here: other users of the machine have no business in it.
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in FOLDERS:
            (data / name).mkdir(exist_ok=True, mode=0o700)
        for folder in (data, *(data / name for name in FOLDERS)):
            probe = folder / f".probe-{os.getpid()}"
            probe.write_bytes(b"x")
            probe.unlink()
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            raise DiskNearlyFull(f"The disk of {data} is full.") from None
        reason = error.strerror or type(error).__name__
        raise FolderUnwritable(
            f"The data folder {data} cannot be written ({reason}).", details={"reason": reason}
        ) from None


def check_space(data: Path, enough: int = ENOUGH_BYTES) -> int:
    """Free bytes on the disk of `data`. Raises DiskNearlyFull below `enough`."""
    free = free_bytes(data)
    if free < enough:
        raise DiskNearlyFull(
            f"Only {free // 1_000_000} MB are free on the disk of {data}; "
            f"{enough // 1_000_000} MB are needed.",
            details={"free_bytes": free, "needed_bytes": enough},
        )
    return free


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds `folder`, or will hold it."""
    for place in (folder, *folder.absolute().parents):
        if place.exists():
            return shutil.disk_usage(place).free
    return 0


def check_port(host: str, port: int) -> None:
    """Whether we may listen there. Port 0 is always free. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PortTaken(
                f"Port {port} on {host} cannot be used ({reason}).",
                details={"port": port, "reason": reason},
            ) from None


@contextmanager
def only_copy(data: Path, address: str) -> Generator[Callable[[str], None], None, None]:
    """Hold the data folder's lock for as long as the block lasts. Raises AlreadyRunning.

    The kernel gives the lock back when the holder ends, however it ends. Call what it yields with
    the address once it is known better, as with port 0.
    """
    path = data / "run" / LOCK
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already(data, _read(path)) from None

        def tell(where: str) -> None:
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid(), "address": where}).encode(), 0)

        tell(address)
        yield tell
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def holder(data: Path) -> Holder | None:
    """The copy that runs on this data folder now, if one does."""
    path = data / "run" / LOCK
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path) or Holder(0, "an unknown address")
    else:
        return None
    finally:
        os.close(handle)


def check_all(data: Path, host: str, port: int) -> None:
    """Everything in the order that a person would ask. Raises a PreflightFailed."""
    prepare_folder(data)
    check_space(data)
    running = holder(data)
    if running is not None:
        raise _already(data, running)
    check_port(host, port)


def _already(data: Path, running: Holder | None) -> AlreadyRunning:
    who = f" (process {running.pid}, {running.address})" if running is not None else ""
    return AlreadyRunning(f"Ringdown already runs on the data folder {data}{who}.")


def _read(path: Path) -> Holder | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Holder(int(record["pid"]), str(record["address"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
