"""What local names need from outside: a store, and files for the speech workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ringdown.runtime.db import Tx
from ringdown.speech.model.names import NameBook
from ringdown.speech.model.names_table import LocalName


@dataclass(frozen=True)
class BookRecord:
    """The book in use in a centre: which version, from where, when and by whom."""

    centre_id: str
    version: str
    total: int
    source: str
    loaded_at: datetime
    loaded_by: str


class NamesStore(Protocol):
    """Names by centre and version; one version is in use, others are being loaded or going."""

    async def book(self, tx: Tx, centre_id: str) -> BookRecord | None:
        """The book in use."""
        ...

    async def books(self, tx: Tx) -> list[BookRecord]:
        """The books of every centre: for the start and the command line."""
        ...

    async def stage(
        self, tx: Tx, centre_id: str, version: str, start: int, names: Sequence[LocalName]
    ) -> None:
        """Keep names `start`, `start + 1`, … of a version; those that are kept already stay."""
        ...

    async def staged(self, tx: Tx, centre_id: str, version: str) -> int:
        """How many names of a version are kept."""
        ...

    async def use(self, tx: Tx, record: BookRecord) -> None:
        """Put a version into use in its centre."""
        ...

    async def retire(self, tx: Tx, centre_id: str) -> None:
        """No version is in use in the centre any more."""
        ...

    async def forget(self, tx: Tx, centre_id: str, *, keep: str | None) -> None:
        """Delete the names of every version but one."""
        ...

    async def names(
        self, tx: Tx, centre_id: str, version: str, *, start: int, limit: int
    ) -> list[LocalName]:
        """Names of a version in their order."""
        ...

    async def find(
        self, tx: Tx, centre_id: str, version: str, text: str, *, limit: int
    ) -> list[LocalName]:
        """Names whose key holds the text, in the order of their keys."""
        ...


class BookFiles(Protocol):
    """The compiled books (`names_file.NameFiles`)."""

    def version_of(self, centre_id: str) -> str | None:
        """The version of the book in use."""
        ...

    def write(self, centre_id: str, book: NameBook) -> None:
        """Put a book into use."""
        ...

    def remove(self, centre_id: str) -> None:
        """Take the book out of use."""
        ...

    def tidy(self, centre_id: str) -> None:
        """Delete every version but the one in use."""
        ...

    def centres(self) -> set[str]:
        """The centres that have a book in use."""
        ...
