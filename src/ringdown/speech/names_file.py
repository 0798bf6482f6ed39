"""The compiled book of names of a centre, for the speech workers: one text file for each version.

`names/<centre_id>.<version>.txt` below the data folder holds a line `version <version>` and then,
for each name, the first letter of its kind, a tab and the name. `names/<centre_id>.current` holds
the version in use; it is written last, so a reader finds a whole book or the one before it.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

from ringdown.core.errors import Unavailable
from ringdown.speech.model.names import NameBook

FOLDER: Final = "names"
_CENTRE: Final = re.compile(r"[A-Za-z0-9_-]+")
_VERSION: Final = re.compile(r"[0-9a-f]{1,64}")


class BookUnreadable(Unavailable):
    """The compiled book of names is missing or damaged."""

    code: ClassVar[str] = "speech.names.book_unreadable"
    action: ClassVar[str] = "Restart Ringdown: it writes the book again from the database."


class NameFiles:
    """The compiled books below one data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def names_of(self, centre_id: str) -> str | None:
        """The path of a centre's book as it is now, or None if the centre has no names."""
        try:
            version = self._pointer(centre_id).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        path = self._book(centre_id, version)
        return str(path) if _VERSION.fullmatch(version) and path.is_file() else None

    def version_of(self, centre_id: str) -> str | None:
        """The version of the book in use."""
        path = self.names_of(centre_id)
        return None if path is None else Path(path).name.split(".")[-2]

    def write(self, centre_id: str, book: NameBook) -> None:
        """Put a book into use; the one before it stays for workers that are about to open it."""
        before = self.version_of(centre_id)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kinds = book.kinds or "s" * len(book.names)
        lines = [f"version {book.version}"]
        lines += [f"{kind}\t{name}" for kind, name in zip(kinds, book.names, strict=True)]
        _write_whole(self._book(centre_id, book.version), "\n".join([*lines, ""]))
        _write_whole(self._pointer(centre_id), book.version + "\n")
        self._forget(centre_id, keep={book.version, before})

    def remove(self, centre_id: str) -> None:
        """Take the book out of use and delete every version of it."""
        self._pointer(centre_id).unlink(missing_ok=True)
        self._forget(centre_id, keep=set())

    def tidy(self, centre_id: str) -> None:
        """Delete every version but the one in use: for the start, when no worker runs."""
        self._forget(centre_id, keep={self.version_of(centre_id)})

    def centres(self) -> set[str]:
        """The centres that have a book in use."""
        return {file.name.removesuffix(".current") for file in self._folder.glob("*.current")}

    def _forget(self, centre_id: str, *, keep: set[str | None]) -> None:
        for file in self._folder.glob(f"{_checked(centre_id)}.*.txt"):
            if file.name.split(".")[-2] not in keep:
                # A reader may hold it open; the next load tries again.
                with suppress(OSError):
                    file.unlink()

    def _book(self, centre_id: str, version: str) -> Path:
        return self._folder / f"{_checked(centre_id)}.{version}.txt"

    def _pointer(self, centre_id: str) -> Path:
        return self._folder / f"{_checked(centre_id)}.current"


def read_book(path: str | Path) -> NameBook:
    """Read a compiled book. Raises `BookUnreadable`."""
    try:
        head, *lines = Path(path).read_text(encoding="utf-8").split("\n")
        word, _, version = head.partition(" ")
        if word != "version" or not version or lines.pop() != "":
            raise BookUnreadable("the book of names is damaged")
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise BookUnreadable("the book of names cannot be read") from error
    if any(line[1:2] != "\t" for line in lines):
        raise BookUnreadable("the book of names is damaged")
    return NameBook(version, tuple(line[2:] for line in lines), "".join(line[0] for line in lines))


def _checked(centre_id: str) -> str:
    """The id of a centre, which becomes part of a path."""
    if not _CENTRE.fullmatch(centre_id):
        raise ValueError("a centre's id has only letters, digits, - and _")
    return centre_id


def _write_whole(path: Path, text: str) -> None:
    """Write so that a reader, or the machine after a crash, sees all of it or nothing."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
