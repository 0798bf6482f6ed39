"""Reading a leg: at the live edge or anywhere behind it, raw parts or archive, it is one leg.

A reader keeps no file open between reads, so it never stands in the way of the recorder, the
archivist or a failing disk. Stretches that cannot be read now (a part in a folder that is gone)
are silence.
"""

import base64
import binascii
from pathlib import Path
from typing import ClassVar

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from ringdown.core.errors import RingdownError, Unavailable
from ringdown.media.folders import LegPlace, Part
from ringdown.media.model import to_ms, to_samples
from ringdown.wire.g711 import ULAW_SILENCE, decode_ulaw, encode_ulaw
from ringdown.wire.legfile import HEADER_BYTES, LegHeader, LegHeaderError, decode_header


class LegNotReadable(Unavailable):
    """There is neither a raw file nor an archive that can be read now."""

    code: ClassVar[str] = "media.leg.not_readable"
    action: ClassVar[str] = "Check the recordings folder and the recording lamp."


class ArchiveInvalid(RingdownError):
    """An archive does not hold a leg: it was damaged, or is another kind of file."""

    code: ClassVar[str] = "media.archive.invalid"
    severity = "critical"
    action: ClassVar[str] = "Keep the file, restore it from a backup, and tell support."


class LegReader:
    """Reads one leg, wherever its files are. Does blocking I/O: call it off the event loop."""

    def __init__(self, place: LegPlace) -> None:
        self.place = place

    def header(self) -> LegHeader:
        """What the leg says of itself. Raises `LegNotReadable`."""
        return decode_header(self.header_block())

    def header_block(self) -> bytes:
        """The 512 bytes in which the leg says what it is. Raises `LegNotReadable`."""
        parts = self.place.parts()
        if not parts:
            return archive_header_block(self._archive())
        with parts[0].path.open("rb") as file:
            return file.read(HEADER_BYTES)

    def edge(self) -> int:
        """How many samples can be read now. Raises `LegNotReadable`."""
        parts = self.place.parts()
        return max(part.end for part in parts) if parts else archive_samples(self._archive())

    def edge_ms(self) -> int:
        """How many milliseconds can be read now. Raises `LegNotReadable`."""
        return to_ms(self.edge())

    def read_ulaw(self, start: int, end: int) -> bytes:
        """The µ-law bytes of samples [start, end), fewer at the live edge."""
        parts = self.place.parts()
        if not parts:
            path = self._archive()
            return encode_ulaw(read_archive(path, start, end))
        end = min(end, max(part.end for part in parts))
        start = max(0, start)
        if end <= start:
            return b""
        if len(parts) == 1 and parts[0].header.from_sample == 0:
            return self._read_part(parts[0], start, end)
        audio = bytearray([ULAW_SILENCE]) * (end - start)
        for part in parts:
            first, last = max(start, part.header.from_sample), min(end, part.end)
            if first < last:
                data = self._read_part(part, first, last)
                audio[first - start : first - start + len(data)] = data
        return bytes(audio)

    def read_pcm(self, from_ms: int, to_ms: int) -> NDArray[np.int16]:
        """The samples of [from_ms, to_ms) of the leg, fewer at the live edge."""
        return decode_ulaw(self.read_ulaw(to_samples(from_ms), to_samples(to_ms)))

    def _read_part(self, part: Part, start: int, end: int) -> bytes:
        offset = start - part.header.from_sample
        try:
            with part.path.open("rb") as file:
                file.seek(HEADER_BYTES + offset)
                return file.read(end - start)
        except OSError:
            archive = self.place.archive()  # sealed between looking and reading
            if archive is None:
                raise LegNotReadable(
                    "a part of the recording cannot be read", details={"part": part.header.part}
                ) from None
            return encode_ulaw(read_archive(archive, start, end))

    def _archive(self) -> Path:
        archive = self.place.archive()
        if archive is None:
            raise LegNotReadable(
                "the recording is not there", details={"leg_id": self.place.leg_id}
            )
        return archive


def archive_header_block(path: Path) -> bytes:
    """The 512 header bytes kept in an archive's comment. Raises `ArchiveInvalid`."""
    try:
        with soundfile.SoundFile(path) as file:
            comment = file.comment
        block = base64.b64decode(comment, validate=True)
        decode_header(block)
    except (soundfile.LibsndfileError, binascii.Error, ValueError, LegHeaderError):
        raise ArchiveInvalid("the archive holds no leg header") from None
    return block


def archive_samples(path: Path) -> int:
    """How many samples an archive holds. Raises `ArchiveInvalid`."""
    try:
        return soundfile.info(path).frames
    except soundfile.LibsndfileError:
        raise ArchiveInvalid("the archive cannot be opened") from None


def read_archive(path: Path, start: int, end: int) -> NDArray[np.int16]:
    """Samples [start, end) of an archive, fewer at its end. Raises `ArchiveInvalid`."""
    try:
        with soundfile.SoundFile(path) as file:
            start = min(max(0, start), file.frames)
            if end <= start:
                return np.zeros(0, np.int16)
            file.seek(start)
            return np.asarray(file.read(end - start, dtype="int16"), dtype=np.int16)
    except soundfile.LibsndfileError:
        raise ArchiveInvalid("the archive cannot be read") from None
