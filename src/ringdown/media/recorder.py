"""The recorder: appends each leg's audio to its file, whatever happens to the disk.

The event loop only enqueues. One thread writes about every 40 ms, another makes what was written
durable at least every second, so that a slow disk delays neither calls nor writing. When a folder
cannot be written, each leg goes on in the spare folder as a further part; when its file has lost
its name, it is copied there from the open handle. When no folder can be written, audio is kept in
memory up to a limit, beyond which it is recorded as silence and reported. Folders that failed are
tried again every second.
"""

import contextlib
import errno
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Literal

import structlog

from ringdown.core.errors import RingdownError
from ringdown.media.files import Files
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.model import silence
from ringdown.wire.legfile import HEADER_BYTES, LegHeader, encode_header

DRAIN_S = 0.04
SYNC_S = 0.8
COPY_BYTES = 4 << 20


class LegUnknown(RingdownError):
    """The recorder was given audio for a leg that it does not have. A mistake of our code."""

    code: ClassVar[str] = "media.recorder.leg_unknown"
    action: ClassVar[str] = "Report this with the time; the other legs are recorded."


@dataclass(frozen=True)
class RecorderState:
    """How recording goes: `ok`, on the `spare` folder, or only in `memory`."""

    kind: Literal["ok", "spare", "memory"]
    reason: str = ""
    """Why the primary folder is not written: `no_space`, `folder_gone`, `not_writable`, `io`."""


@dataclass
class _Leg:
    header: LegHeader
    place: LegPlace
    queue: deque[bytes | int] = field(default_factory=deque[bytes | int])
    """Bytes to append; a number stands for so many samples of silence."""
    queued: int = 0
    written: int = 0
    rest: bytes = b""
    """Taken from the queue but not yet written, because a write failed."""
    part: int = 0
    part_start: int = 0
    root: Path | None = None
    path: Path | None = None
    handle: int | None = None
    dirty: bool = False
    unlinked: bool = False
    """Seen by the syncing thread: the file is open, but its name is gone."""
    closing: Future[int] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while the handle is synced or closed, so that neither meets the other."""


def reason_of(error: OSError) -> str:
    """The kind of trouble a disk is in, without its text (which names paths)."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "no_space"
        case errno.ENOENT | errno.ENOTDIR | errno.ESTALE:
            return "folder_gone"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "not_writable"
        case _:
            return "io"


class Recorder:
    """Append-only leg files. `push` is called on one thread only (the event loop's).

    The callbacks are called on the recorder's own threads.
    """

    def __init__(
        self,
        folders: Folders,
        files: Files,
        *,
        on_state: Callable[[RecorderState], None],
        on_lost: Callable[[str, int, int], None],
        memory_bytes: int = 256 << 20,
        need_bytes: int = 16 << 20,
    ) -> None:
        self._folders = folders
        self._files = files
        self._on_state = on_state
        self._on_lost = on_lost
        self._memory_bytes = memory_bytes
        self._need_bytes = need_bytes
        self._legs: dict[str, _Leg] = {}
        self._bad: dict[Path, str] = {}
        self._state = RecorderState("ok")
        self._pushed = 0  # only the pushing thread writes it
        self._stored = 0  # only the writing thread writes it
        self._stopping = False
        self._write_soon = threading.Event()
        self._sync_soon = threading.Event()
        self._threads: list[threading.Thread] = []
        self._log = structlog.get_logger("recorder")

    # -- called on the event loop ------------------------------------------------------------

    def open(self, header: LegHeader) -> None:
        """Begin a leg; its file appears with the next write."""
        self._legs[header.leg_id] = _Leg(header, self._place(header))

    def push(self, leg_id: str, pieces: Iterable[bytes]) -> None:
        """Append audio. Never waits; raises `LegUnknown`."""
        leg = self._leg(leg_id)
        for piece in pieces:
            size = len(piece)
            full = self._pushed - self._stored + size > self._memory_bytes
            leg.queue.append(size if full else piece)
            self._pushed += size
            leg.queued += size

    def edge(self, leg_id: str) -> int:
        """How many samples the leg has, those still in memory included."""
        return self._leg(leg_id).queued

    def finish(self, leg_id: str) -> Future[int]:
        """End a leg: the future gives its samples once all of them are durable."""
        leg = self._leg(leg_id)
        if leg.closing is None:
            leg.closing = Future()
            self._write_soon.set()
        return leg.closing

    def has(self, leg_id: str) -> bool:
        """Whether the leg is being recorded."""
        return leg_id in self._legs

    def start(self) -> None:
        """Start the writing and the syncing thread."""
        for name, step, pause, soon in (
            ("recorder-write", self.drain, DRAIN_S, self._write_soon),
            ("recorder-sync", self.sync, SYNC_S, self._sync_soon),
        ):
            thread = threading.Thread(
                target=self._run, args=(name, step, pause, soon), name=name, daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Write and sync what there is, let go of the files, end the threads. Legs stay open."""
        self._stopping = True
        self._write_soon.set()
        self._sync_soon.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self.drain()
        self.sync()
        for leg in self._legs.values():
            self._close(leg)

    # -- called before the threads run, or on one of them --------------------------------------

    def resume(self, header: LegHeader) -> int:
        """Go on with a leg that an earlier run left: returns the samples that are on disk.

        Nothing is cut off: the file is opened at its end.
        """
        leg = _Leg(header, self._place(header))
        parts = leg.place.parts()
        if parts:
            last = parts[-1]
            leg.queued = leg.written = last.end
            leg.part, leg.part_start = last.header.part, last.header.from_sample
            root = next(r for r in self._folders.all if last.path.is_relative_to(r))
            try:
                self._open_at(leg, root, leg.part)
            except OSError as error:
                self._root_failed(root, error)
        self._legs[header.leg_id] = leg
        return leg.queued

    def drain(self) -> None:
        """Write everything that is queued."""
        for root in self._folders.all:
            if root not in self._bad and not self._files.present(root):
                self._root_failed(root, FileNotFoundError(errno.ENOENT, "gone"))
        for leg in list(self._legs.values()):
            if leg.unlinked or (leg.handle is not None and leg.root in self._bad):
                self._leave(leg)
            if leg.queue or leg.rest or leg.part == 0:
                self._write_out(leg)
            if leg.closing is not None and leg.written == leg.queued:
                self._sync_soon.set()
        self._tell()

    def sync(self) -> None:
        """Make everything written durable, close what is finished, look at failed folders."""
        for root in list(self._bad):
            try:
                self._files.probe(root, self._need_bytes)
            except OSError as error:
                self._bad[root] = reason_of(error)
            else:
                del self._bad[root]
        for leg_id, leg in list(self._legs.items()):
            with leg.lock:
                self._sync_leg(leg)
            closing = leg.closing
            if closing is not None and not closing.done() and self._all_durable(leg):
                self._close(leg)
                del self._legs[leg_id]
                closing.set_result(leg.written)

    # -- the inside ----------------------------------------------------------------------------

    def _leg(self, leg_id: str) -> _Leg:
        leg = self._legs.get(leg_id)
        if leg is None:
            raise LegUnknown("no such leg is being recorded", details={"leg_id": leg_id})
        return leg

    def _place(self, header: LegHeader) -> LegPlace:
        return LegPlace(self._folders, header.centre_id, header.call_id, header.leg_id)

    def _run(
        self, name: str, step: Callable[[], None], pause: float, soon: threading.Event
    ) -> None:
        while not self._stopping:
            soon.wait(pause)
            soon.clear()
            try:
                step()
            except Exception as error:  # noqa: BLE001 - this thread must outlive any mistake
                self._log.error("recorder step failed", task=name, error=type(error).__name__)

    def _write_out(self, leg: _Leg) -> None:
        view = memoryview(b"")
        while not all(root in self._bad for root in self._folders.all):
            if leg.root in self._bad:
                break  # its file can only be kept open: audio stays in memory
            try:
                if leg.handle is None:
                    self._open_part(leg)
                assert leg.handle is not None
                view = view or memoryview(leg.rest + self._take(leg))
                while view:
                    count = self._files.write(leg.handle, view)
                    view = view[count:]
                    # In this order: what counts as written is already known to need a sync.
                    leg.dirty = True
                    leg.written += count
                    self._stored += count
                leg.rest = b""
            except OSError as error:
                leg.rest = bytes(view) or leg.rest
                if leg.root is not None:
                    self._root_failed(leg.root, error)
                    self._leave(leg)
            else:
                break

    def _take(self, leg: _Leg) -> bytes:
        pieces: list[bytes] = []
        at = leg.written + len(leg.rest)
        lost = 0
        while leg.queue or lost:
            piece = leg.queue.popleft() if leg.queue else b""
            if isinstance(piece, int):
                lost += piece
                continue
            if lost:
                self._on_lost(leg.header.leg_id, at, at + lost)
                pieces += silence(lost)
                at, lost = at + lost, 0
            pieces.append(piece)
            at += len(piece)
        return b"".join(pieces)

    def _open_part(self, leg: _Leg) -> None:
        """Open the next part in the first folder that works. Raises OSError."""
        for root in self._folders.all:
            if root in self._bad:
                continue
            try:
                self._open_at(leg, root, leg.part + 1)
            except OSError as error:
                self._root_failed(root, error)
            else:
                return
        leg.root = None
        raise OSError(errno.EIO, "no folder can be written")

    def _open_at(self, leg: _Leg, root: Path, part: int) -> None:
        path = leg.place.part_path(root, part)
        handle = self._files.open(root, path)
        try:
            start = leg.part_start if part == leg.part else leg.written
            if self._files.size(handle) < HEADER_BYTES:
                header = replace(leg.header, part=part, from_sample=start)
                self._files.write_start(handle, encode_header(header))
        except OSError:
            self._files.close(handle)
            raise
        leg.handle, leg.root, leg.path = handle, root, path
        leg.part, leg.part_start, leg.dirty = part, start, True

    def _leave(self, leg: _Leg) -> None:
        """Give up the leg's present file; if its name is gone, copy it to where it can be."""
        handle, path = leg.handle, leg.path
        if handle is None or path is None:
            return
        try:
            linked = self._files.linked(handle, path)
        except OSError:
            linked = True  # nothing is known of it: the leg goes on as a further part
        if linked:
            leg.unlinked = False
            if leg.root in self._bad:
                self._close(leg)
        elif self._copy(leg, handle):
            leg.unlinked = False
            with leg.lock, contextlib.suppress(OSError):
                self._files.close(handle)

    def _copy(self, leg: _Leg, handle: int) -> bool:
        """Write the open file anew, in the first folder that works; else keep it open."""
        before = (leg.handle, leg.root, leg.path)
        for root in self._folders.all:
            if root in self._bad:
                continue
            try:
                self._open_at(leg, root, leg.part)
                assert leg.handle is not None
                offset = self._files.size(leg.handle)
                while block := self._files.read(handle, offset, COPY_BYTES):
                    offset += self._files.write(leg.handle, block)
            except OSError as error:
                self._root_failed(root, error)
                if leg.handle is not None and leg.handle != handle:
                    self._close(leg)
                leg.handle, leg.root, leg.path = before
            else:
                self._log.warning("recording copied", leg_id=leg.header.leg_id)
                return True
        return False

    def _close(self, leg: _Leg) -> None:
        with leg.lock:
            if leg.handle is not None:
                with contextlib.suppress(OSError):  # what could be written has been
                    self._files.close(leg.handle)
            leg.handle = leg.root = leg.path = None

    def _sync_leg(self, leg: _Leg) -> None:
        if leg.handle is None or leg.path is None or leg.root is None:
            return
        try:
            if leg.dirty:
                leg.dirty = False
                self._files.sync(leg.handle)
            # The writing thread copies a file that has lost its name at its next step.
            leg.unlinked = not self._files.linked(leg.handle, leg.path)
        except OSError as error:
            leg.dirty = True
            self._root_failed(leg.root, error)

    def _all_durable(self, leg: _Leg) -> bool:
        durable = leg.written == leg.queued and not leg.dirty and not leg.unlinked
        return durable and leg.handle is not None

    def _root_failed(self, root: Path, error: OSError) -> None:
        self._bad[root] = reason_of(error)
        self._log.error("recording folder failed", reason=self._bad[root])

    def _tell(self) -> None:
        """Say how recording goes, when that has changed."""
        reason = self._bad.get(self._folders.primary, "")
        if not reason:
            state = RecorderState("ok")
        elif all(root in self._bad for root in self._folders.all):
            state = RecorderState("memory", reason)
        else:
            state = RecorderState("spare", reason)
        if state != self._state:
            self._state = state
            self._on_state(state)
