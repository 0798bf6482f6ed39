"""Reading a leg while it is recorded, and after it was sealed and archived."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import soundfile as sf  # pyright: ignore[reportMissingTypeStubs]

from ringdown.core.errors import Unavailable
from ringdown.speech.ports import Samples
from ringdown.wire.g711 import decode_ulaw
from ringdown.wire.legfile import HEADER_BYTES, LegHeaderError, decode_header

FULL_SCALE = 32768.0
LOOK_EVERY = 12
"""Empty reads at the live edge between two looks for a new part: about half a second."""


class LegUnreadable(Unavailable):
    """A leg's file is damaged, or its disk gives errors."""

    code: ClassVar[str] = "speech.leg_unreadable"
    action: ClassVar[str] = "Check the disk of the recordings; `ringdown media verify` names files."


@dataclass(frozen=True)
class _Raw:
    handle: int
    from_sample: int

    @property
    def end(self) -> int:
        return self.from_sample + max(0, os.fstat(self.handle).st_size - HEADER_BYTES)


class LegTail:
    """One leg's samples by index, as far as they are there. Open files are kept open."""

    def __init__(self, leg_id: str, folders: Sequence[str]) -> None:
        self._folders = [Path(folder) for folder in folders]
        self._name = re.compile(rf"{re.escape(leg_id)}(\.\d+)?\.leg")
        self._archive_name = f"{leg_id}.flac"
        self._raw: dict[Path, _Raw] = {}
        self._archive: sf.SoundFile | None = None
        self._empty = 0

    def close(self) -> None:
        """Let go of the files."""
        for part in self._raw.values():
            os.close(part.handle)
        self._raw.clear()
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def read(self, start: int, most: int, *, thorough: bool = True) -> Samples:
        """Up to `most` samples from index `start`; none when they are not there (yet).

        Unless `thorough`, new parts are looked for only now and then. Raises LegUnreadable.
        """
        try:
            return self._from_raw(start, most, thorough=thorough)
        except OSError as error:
            raise LegUnreadable(
                "a recording cannot be read", details={"reason": type(error).__name__}
            ) from None

    def exists(self) -> bool:
        """Whether there is any file of this leg."""
        self._look()
        return bool(self._raw) or self._archive is not None

    def available(self, start: int) -> int:
        """How many samples there are from `start` on."""
        ends = [part.end for part in self._raw.values()]
        if self._archive is not None:
            ends.append(self._archive.frames)
        return max(max(ends, default=0) - start, 0)

    def _from_raw(self, start: int, most: int, *, thorough: bool) -> Samples:
        part = self._part_at(start)
        self._empty = 0 if part else self._empty + 1
        if part is None and (thorough or not self._raw or self._empty % LOOK_EVERY == 0):
            self._look()
            part = self._part_at(start)
        if part is not None:
            offset = HEADER_BYTES + start - part.from_sample
            codes = os.pread(part.handle, min(most, part.end - start), offset)
            return decode_ulaw(codes).astype(np.float32) / FULL_SCALE
        later = [p.from_sample for p in self._raw.values() if p.from_sample > start]
        if later:  # the recording had to move and lost a little in between
            return np.zeros(min(most, min(later) - start), np.float32)
        return self._from_archive(start, most)

    def _part_at(self, start: int) -> _Raw | None:
        holding = [p for p in self._raw.values() if p.from_sample <= start < p.end]
        return max(holding, key=lambda p: p.end, default=None)

    def _from_archive(self, start: int, most: int) -> Samples:
        if self._archive is None or start >= self._archive.frames:
            return np.zeros(0, np.float32)
        try:
            self._archive.seek(start)
            found = self._archive.read(most, dtype="float32")
            return np.asarray(found, np.float32)
        except (sf.SoundFileError, RuntimeError):
            raise LegUnreadable("an archived recording cannot be read") from None

    def _look(self) -> None:
        """Find parts that have come since; the archive counts once no raw file is left."""
        for folder in self._folders:
            try:
                names = sorted(path.name for path in folder.iterdir())
            except (FileNotFoundError, NotADirectoryError):
                continue
            for name in names:
                path = folder / name
                if self._name.fullmatch(name) and path not in self._raw:
                    self._open(path)
            if self._archive is None and not self._raw and self._archive_name in names:
                try:
                    self._archive = sf.SoundFile(folder / self._archive_name)
                except (sf.SoundFileError, RuntimeError):
                    raise LegUnreadable("an archived recording cannot be opened") from None

    def _open(self, path: Path) -> None:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return  # sealed and archived since the folder was listed
        try:
            header = decode_header(os.pread(handle, HEADER_BYTES, 0))
        except LegHeaderError:
            os.close(handle)  # its header is not completely written: look again next time
            return
        self._raw[path] = _Raw(handle, header.from_sample)
