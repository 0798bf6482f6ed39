"""From a finished raw leg to its sealed archive, in steps that may be cut off anywhere.

1. `digest`: SHA-256 over the whole raw file, header and audio (parts count as one file).
2. The caller writes the seal into the database and the audit log.
3. `write_archive`: FLAC beside it under a temporary name, decoded again and compared bit for bit
   by that digest, made durable, then renamed.
4. `remove_raw`: only now, and only if the archive still gives the sealed digest.
Each step may be done again after a crash. All of it is blocking I/O: call it off the event loop.
"""

import base64
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]

from ringdown.core.errors import RingdownError, Unavailable
from ringdown.media.files import sync_folder
from ringdown.media.folders import LegPlace
from ringdown.media.reader import ArchiveInvalid, LegReader, archive_header_block
from ringdown.wire.g711 import decode_ulaw, encode_ulaw
from ringdown.wire.legfile import HEADER_BYTES

BLOCK = 60 * 8000


class ArchiveDiffers(RingdownError):
    """The archive does not give back the sealed bytes: the raw file is kept."""

    code: ClassVar[str] = "media.archive.differs"
    severity = "critical"
    action: ClassVar[str] = "Check the disk. The raw recording is kept; archiving is tried again."


class ArchiveNotWritten(Unavailable):
    """The archive could not be written: the raw file is kept."""

    code: ClassVar[str] = "media.archive.not_written"
    action: ClassVar[str] = "Free space in the recordings folder; archiving is tried again."


@dataclass(frozen=True)
class Digest:
    """The seal: SHA-256 in hexadecimal over `bytes` bytes, header included."""

    sha256: str
    bytes: int

    @property
    def samples(self) -> int:
        """How many samples the leg has."""
        return self.bytes - HEADER_BYTES


def digest(place: LegPlace) -> Digest:
    """The digest of the raw leg as one file. Raises `LegNotReadable`."""
    return _digest(_raw_blocks(place))


def archive_digest(path: Path) -> Digest:
    """The digest of the raw leg that an archive gives back. Raises `ArchiveInvalid`."""
    return _digest(_archive_blocks(path))


def write_archive(place: LegPlace, seal: Digest) -> Path | None:
    """Write and check the archive, unless it is already there.

    A leg without a single sample has none (FLAC cannot hold that): its raw file stays, None is
    returned. Raises `ArchiveNotWritten`, `ArchiveDiffers`.
    """
    if seal.samples == 0:
        return None
    present = place.archive()
    if present is not None:
        if archive_digest(present) == seal:
            return present
        if not place.parts():
            raise ArchiveDiffers("the archive does not match its seal and no raw file is left")
    path = place.archive_path(_archive_root(place))
    temporary = path.with_suffix(".flac.part")
    try:
        _write_flac(place, temporary)
        if archive_digest(temporary) != seal:
            raise ArchiveDiffers(
                "the archive does not give the sealed bytes back",
                details={"leg_id": place.leg_id},
            )
        _sync(temporary)
        temporary.replace(path)
        sync_folder(path.parent)
    except (OSError, soundfile.LibsndfileError, ArchiveInvalid) as error:
        temporary.unlink(missing_ok=True)
        raise ArchiveNotWritten(
            "the archive could not be written", details={"error": type(error).__name__}
        ) from None
    return path


def remove_raw(place: LegPlace, seal: Digest) -> None:
    """Remove the raw files, once the archive is known to give the sealed bytes back.

    Raises `ArchiveDiffers` and leaves everything as it is when it does not.
    """
    if seal.samples == 0:
        return
    archive = place.archive()
    if archive is None or archive_digest(archive) != seal:
        raise ArchiveDiffers("the archive does not match its seal: the raw file is kept")
    for path in place.raw_paths():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def _archive_root(place: LegPlace) -> Path:
    """The folder for the archive: the preferred one that is there and can be written."""
    for root in place.folders.all:
        if root.is_dir() and os.access(root, os.W_OK):
            path = place.archive_path(root)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue  # the next folder is tried; none left is reported below
            return root
    raise ArchiveNotWritten("no recordings folder can be written")


def _write_flac(place: LegPlace, path: Path) -> None:
    blocks = _raw_blocks(place)
    header = next(blocks)
    with soundfile.SoundFile(
        path, "w", samplerate=8000, channels=1, format="FLAC", subtype="PCM_16"
    ) as file:
        file.comment = base64.b64encode(header).decode("ascii")
        for block in blocks:
            file.write(decode_ulaw(block))


def _raw_blocks(place: LegPlace) -> Iterator[bytes]:
    """The header, then the audio in pieces, as if the leg were one raw file."""
    reader = LegReader(place)
    yield reader.header_block()
    end = reader.edge()
    for start in range(0, end, BLOCK):
        yield reader.read_ulaw(start, min(end, start + BLOCK))


def _archive_blocks(path: Path) -> Iterator[bytes]:
    yield archive_header_block(path)
    try:
        with soundfile.SoundFile(path) as file:
            while len(samples := file.read(BLOCK, dtype="int16")):
                yield encode_ulaw(np.asarray(samples, dtype=np.int16))
    except soundfile.LibsndfileError:
        raise ArchiveInvalid("the archive cannot be decoded") from None


def _digest(blocks: Iterator[bytes]) -> Digest:
    sha, size = hashlib.sha256(), 0
    for block in blocks:
        sha.update(block)
        size += len(block)
    return Digest(sha.hexdigest(), size)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
