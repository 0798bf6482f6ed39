"""One leg's samples in memory: the live end, and the blocks that somebody listens to.

Looking at files is done on other threads (`poll`, `load`); taking samples is done on the event
loop and never waits. A leg is append-only, so what has been read stays true.
"""

import contextlib
import os
import threading
from pathlib import Path
from typing import Final

import numpy as np

from ringdown.core.errors import RingdownError
from ringdown.listening.model.mix import Audio
from ringdown.listening.model.protocol import Leg
from ringdown.media.api import Folders, LegPlace, LegReader
from ringdown.wire.g711 import ULAW_SILENCE, decode_ulaw
from ringdown.wire.legfile import HEADER_BYTES

BLOCK: Final = 8000
KEEP_BLOCKS: Final = 600
"""Blocks (seconds) of a leg kept in memory."""
TAIL_BLOCKS: Final = 2
LOOK_EVERY: Final = 10
"""Polls without growth between two looks for another part: about a fifth of a second."""


class LegAudio:
    """The audio of one leg, as far as it is there."""

    def __init__(self, leg: Leg) -> None:
        self.leg = leg
        folders = Folders(*(Path(folder) for folder in leg.folders[:2]))
        self._place = LegPlace(folders, leg.centre_id, leg.call_id, leg.leg_id)
        self._lock = threading.Lock()
        self._blocks: dict[int, bytes] = {}
        self._parts: dict[Path, tuple[int, int]] = {}
        """Open files and the sample each begins with."""
        self._quiet = 0
        self._closed = False
        self.edge = 0
        """Samples that can be had."""

    @property
    def end_ms(self) -> int:
        """Where the leg ends by now, on the call's clock."""
        told = self.leg.duration_ms or 0
        return self.leg.start_ms + max(self.edge // 8, told)

    @property
    def growing(self) -> bool:
        """Whether there may be more than has been seen."""
        return self.leg.open or not self.edge or self.edge // 8 < (self.leg.duration_ms or 0)

    # -- on another thread -----------------------------------------------------------------------

    def poll(self) -> None:
        """See how far the leg has come, and read its newest samples."""
        with self._lock:
            edge = self.edge if self._closed else self._look()
            if edge <= self.edge:
                return
            newest = (edge - 1) // BLOCK
            first = max(self.edge // BLOCK, newest - TAIL_BLOCKS + 1)
            self._fill(first, newest, edge)
            self.edge = edge

    def load(self, first: int, end: int) -> None:
        """Read the samples [first, end) into memory, as far as they are there."""
        end = min(end, self.edge)
        if end <= max(first, 0):
            return
        with self._lock:
            self._fill(max(first, 0) // BLOCK, (end - 1) // BLOCK, self.edge)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._closed = True
            self._forget()

    # -- on the event loop -----------------------------------------------------------------------

    def has(self, first: int, end: int) -> bool:
        """Whether the samples [first, end), as far as they are there, are in memory."""
        end = min(end, self.edge)
        return all(
            len(self._blocks.get(block, b"")) >= min(BLOCK, end - block * BLOCK)
            for block in range(max(first, 0) // BLOCK, -(-end // BLOCK))
        )

    def take(self, first: int, end: int) -> Audio:
        """The samples [first, end); silence where there are none in memory."""
        wanted = bytearray([ULAW_SILENCE]) * (end - first)
        for block in range(max(first, 0) // BLOCK, -(-min(end, self.edge) // BLOCK)):
            data, start = self._blocks.get(block, b""), block * BLOCK
            low, high = max(first, start), min(end, start + len(data))
            if low < high:
                wanted[low - first : high - first] = data[low - start : high - start]
        return decode_ulaw(wanted).astype(np.float32)

    # -- the inside ------------------------------------------------------------------------------

    def _look(self) -> int:
        edge = self._raw_edge()
        self._quiet = 0 if edge > self.edge else self._quiet + 1
        # A file that grows by fits is quiet every other time; one that has moved stays so.
        if self._quiet % LOOK_EVERY == (LOOK_EVERY - 1 if self._parts else 1):
            self._open_parts()
            edge = self._raw_edge()
            if not self._parts:
                with contextlib.suppress(RingdownError, OSError):  # not there yet, or not any more
                    edge = LegReader(self._place).edge()
        return edge

    def _raw_edge(self) -> int:
        try:
            ends = [
                start + os.fstat(handle).st_size - HEADER_BYTES
                for handle, start in self._parts.values()
            ]
        except OSError:
            self._forget()  # the disk is gone: the files are looked for again
            return 0
        return max(ends, default=0)

    def _forget(self) -> None:
        for handle, _ in self._parts.values():
            with contextlib.suppress(OSError):
                os.close(handle)
        self._parts.clear()

    def _open_parts(self) -> None:
        for part in self._place.parts():
            if part.path not in self._parts:
                with contextlib.suppress(OSError):  # archived between looking and opening
                    handle = os.open(part.path, os.O_RDONLY | os.O_CLOEXEC)
                    self._parts[part.path] = (handle, part.header.from_sample)

    def _fill(self, first: int, last: int, edge: int) -> None:
        for block in range(first, last + 1):
            known = self._blocks.get(block, b"")
            start, end = block * BLOCK + len(known), min((block + 1) * BLOCK, edge)
            if start < end:
                self._blocks[block] = known + self._read(start, end)
        while len(self._blocks) > KEEP_BLOCKS:
            # Those read longest ago go first; one that is still needed is read again.
            self._blocks.pop(next(iter(self._blocks)))

    def _read(self, start: int, end: int) -> bytes:
        if not self._parts:
            try:
                found = LegReader(self._place).read_ulaw(start, end)
            except (RingdownError, OSError):
                found = b""
            return found.ljust(end - start, bytes([ULAW_SILENCE]))
        data = bytearray([ULAW_SILENCE]) * (end - start)
        for handle, from_sample in sorted(self._parts.values(), key=lambda part: part[1]):
            low = max(start, from_sample)
            if low < end:
                with contextlib.suppress(OSError):  # what cannot be read is silence
                    found = os.pread(handle, end - low, HEADER_BYTES + low - from_sample)
                    data[low - start : low - start + len(found)] = found
        return bytes(data)
