"""Callers' files on the disk: encrypted segment by segment, readable at any place (AES-256-GCM).

Each file has a key of its own, derived from the one beside the database. A segment is a random
nonce, the bytes, and their tag, bound to its number; only the last may be shorter, and it is
written anew when more comes. A segment that a crash left torn is as if it had never come.
"""

import io
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ringdown.uploads.model import FileUnsealed, NoRoom, OffsetWrong, UploadGone
from ringdown.uploads.ports import Part, Place

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SEGMENT: Final = 65_536
NONCE: Final = 12
EXTRA: Final = NONCE + 16
ON_DISK: Final = SEGMENT + EXTRA
SUFFIX: Final = {"file": ".sealed", "picture": ".picture"}
BLOCK: Final = 1 << 20


class SealedFiles:
    """Implements `Files` in one folder."""

    def __init__(self, root: Path, key: bytes) -> None:
        self._root = root
        self._key = key

    def held(self, place: Place) -> int:
        """How many bytes are held for certain; a torn last segment does not count."""
        cipher = self._cipher(place, "file")
        try:
            with self._path(place, "file").open("rb") as file:
                return _held(file, cipher)
        except FileNotFoundError:
            return 0

    def append(self, place: Place, at: int, data: bytes) -> int:
        """Add bytes behind those held. Raises `OffsetWrong`, `NoRoom`."""
        cipher = self._cipher(place, "file")
        path = self._path(place, "file")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "r+b") as file:
                if _held(file, cipher) != at:
                    raise OffsetWrong("the file goes on elsewhere")
                first, over = divmod(at, SEGMENT)
                file.seek(first * ON_DISK)
                before = _open(cipher, first, file.read(over + EXTRA)) if over else b""
                file.seek(first * ON_DISK)
                _write(file, cipher, first, before + data)
                file.truncate()
        except OSError:
            raise NoRoom("the file could not be written") from None
        return at + len(data)

    def cut(self, place: Place, size: int) -> None:
        """Keep the first bytes alone. Raises `NoRoom`."""
        cipher = self._cipher(place, "file")
        first, over = divmod(size, SEGMENT)
        try:
            with self._path(place, "file").open("r+b") as file:
                file.seek(first * ON_DISK)
                rest = _open(cipher, first, file.read(ON_DISK))[:over] if over else b""
                file.seek(first * ON_DISK)
                _write(file, cipher, first, rest)
                file.truncate()
        except OSError:
            raise NoRoom("the file could not be written") from None

    def finish(self, place: Place) -> None:
        """Make it last through a loss of power."""
        path = self._path(place, "file")
        with path.open("rb") as file:
            os.fsync(file.fileno())
        _sync(path.parent)

    def keep(self, place: Place, part: Part, data: bytes) -> None:
        """Keep a part whole, in place of what there was. Raises `NoRoom`."""
        path = self._path(place, part)
        new = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                _write(file, self._cipher(place, part), 0, data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
            _sync(path.parent)
        except OSError:
            raise NoRoom("the file could not be written") from None

    def open(self, place: Place, part: Part) -> BinaryIO:
        """Read a part. Raises `UploadGone`, and `FileUnsealed` while reading."""
        try:
            file = self._path(place, part).open("rb")
        except FileNotFoundError:
            raise UploadGone("the file is no longer held") from None
        raw = _Unsealed(file, self._cipher(place, part))
        return cast("BinaryIO", io.BufferedReader(raw, SEGMENT))

    def remove(self, place: Place) -> None:
        """Remove every part."""
        for suffix in (*SUFFIX.values(), ".new"):
            self._path(place, "file").with_suffix(suffix).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            _sync(self._root / place.centre_id)

    def plain(self, place: Place) -> Path:
        """The file as it came, for a program that checks it."""
        folder = self._plain_folder
        path = folder / secrets.token_bytes(16).hex()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as out, self.open(place, "file") as file:
                shutil.copyfileobj(file, out, BLOCK)
        except OSError:
            path.unlink(missing_ok=True)
            raise NoRoom("the file could not be written") from None
        return path

    def remove_plain(self, path: Path) -> None:
        """Take away what `plain` made."""
        path.unlink(missing_ok=True)

    def places(self) -> list[Place]:
        """Every file of which there are bytes."""
        ours = set(SUFFIX.values())
        return sorted(
            {
                Place(path.parent.name, path.stem)
                for path in self._root.glob("*/*")
                if path.suffix in ours
            },
            key=lambda place: (place.centre_id, place.upload_id),
        )

    def tidy(self) -> None:
        """Take away what a stop in the middle left: plain files of a check, half-written parts."""
        shutil.rmtree(self._plain_folder, ignore_errors=True)
        for path in self._root.glob("*/*.new"):
            path.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Room on the disk."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(self._root).free

    @property
    def _plain_folder(self) -> Path:
        return self._root / "checking"

    def _path(self, place: Place, part: Part) -> Path:
        return self._root / place.centre_id / f"{place.upload_id}{SUFFIX[part]}"

    def _cipher(self, place: Place, part: Part) -> AESGCM:
        about = f"{place.centre_id}/{place.upload_id}/{part}".encode()
        return AESGCM(HKDF(SHA256(), 32, salt=None, info=about).derive(self._key))


class _Unsealed(io.RawIOBase):
    """A sealed file as its bytes."""

    def __init__(self, file: BinaryIO, cipher: AESGCM) -> None:
        self._file = file
        self._cipher = cipher
        whole, over = divmod(os.fstat(file.fileno()).st_size, ON_DISK)
        self._size = whole * SEGMENT + max(0, over - EXTRA)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        if self._at >= self._size or not view:
            return 0
        number, over = divmod(self._at, SEGMENT)
        self._file.seek(number * ON_DISK)
        data = _open(self._cipher, number, self._file.read(ON_DISK))[over : over + len(view)]
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _write(file: BinaryIO, cipher: AESGCM, number: int, data: bytes) -> None:
    for start in range(0, len(data), SEGMENT):
        nonce = secrets.token_bytes(NONCE)
        about = number.to_bytes(8, "big")
        file.write(nonce + cipher.encrypt(nonce, data[start : start + SEGMENT], about))
        number += 1


def _open(cipher: AESGCM, number: int, raw: bytes) -> bytes:
    try:
        return cipher.decrypt(raw[:NONCE], raw[NONCE:], number.to_bytes(8, "big"))
    except (InvalidTag, ValueError):
        raise FileUnsealed("a part of the file cannot be opened") from None


def _held(file: BinaryIO, cipher: AESGCM) -> int:
    """Bytes in whole segments, and in the last one if it is not torn."""
    number, over = divmod(os.fstat(file.fileno()).st_size, ON_DISK)
    if over <= EXTRA:
        return number * SEGMENT
    file.seek(number * ON_DISK)
    try:
        return number * SEGMENT + len(_open(cipher, number, file.read(over)))
    except FileUnsealed:
        return number * SEGMENT


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
