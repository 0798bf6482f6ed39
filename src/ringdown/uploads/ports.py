"""What UploadService needs from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents
from ringdown.uploads.views import UploadState, UploadView

Part = Literal["file", "picture"]
"""The bytes as they came, or the picture made from them to be looked at."""


@dataclass(frozen=True)
class Place:
    """Which file of which centre."""

    centre_id: str
    upload_id: str


class UploadStore(Protocol):
    """Keeps what is known of a caller's files."""

    @property
    def uploads(self) -> Documents[UploadView]:
        """The rows of one kind."""
        ...

    async def in_state(self, tx: Tx, state: UploadState) -> list[tuple[str, UploadView]]:
        """The files of every centre in this state, oldest first, each with its centre."""
        ...


class Files(Protocol):
    """Keeps the bytes, encrypted. All of it blocks: call it off the event loop."""

    def held(self, place: Place) -> int:
        """How many bytes of the file as it comes are held for certain; 0 without a file."""
        ...

    def append(self, place: Place, at: int, data: bytes) -> int:
        """Add bytes behind those held; how many there are then. Raises `OffsetWrong`."""
        ...

    def cut(self, place: Place, size: int) -> None:
        """Keep the first bytes alone."""
        ...

    def finish(self, place: Place) -> None:
        """Make it last through a loss of power."""
        ...

    def keep(self, place: Place, part: Part, data: bytes) -> None:
        """Keep a part whole, in place of what there was."""
        ...

    def open(self, place: Place, part: Part) -> BinaryIO:
        """Read a part; seeking is cheap. Raises `UploadGone`, and `FileUnsealed` while reading."""
        ...

    def remove(self, place: Place) -> None:
        """Remove every part; without any, nothing happens."""
        ...

    def plain(self, place: Place) -> Path:
        """The file as it came for a program that checks it; `remove_plain` takes it away."""
        ...

    def remove_plain(self, path: Path) -> None:
        """Take away what `plain` made."""
        ...

    def places(self) -> list[Place]:
        """Every file of which there are bytes."""
        ...

    def tidy(self) -> None:
        """Take away what a stop in the middle left behind."""
        ...

    def free_bytes(self) -> int:
        """Room on the disk."""
        ...


@dataclass(frozen=True)
class Picture:
    """A picture made anew from pixels, as JPEG, and what the file said of itself."""

    jpeg: bytes
    width: int
    height: int
    metadata: Mapping[str, str]


class Pictures(Protocol):
    """Makes pictures anew, outside of this process."""

    def reads(self, content_type: str) -> bool:
        """Whether it can read this kind of photo."""
        ...

    async def develop(self, data: bytes, content_type: str, *, longest_side: int) -> Picture:
        """The picture inside a file. Raises `Broken`, `TooManyPixels`, `Unavailable`."""
        ...


class Scanner(Protocol):
    """The agency's own check for malware."""

    async def harmful(self, path: Path) -> bool:
        """Whether a file is harmful. Raises `Unavailable` where that could not be found out."""
        ...
