"""What other features may ask of callers' files."""

from collections.abc import Iterator
from typing import Protocol

from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx
from ringdown.uploads.views import UploadKind, UploadState, UploadView

__all__ = [
    "CallerFiles",
    "UploadKind",
    "UploadState",
    "UploadView",
    "Wrapped",
]


class Wrapped(Protocol):
    """A file to be handed out."""

    @property
    def content_type(self) -> str:
        """What it is, by its own bytes."""
        ...

    @property
    def size(self) -> int:
        """How many bytes."""
        ...

    @property
    def name(self) -> str:
        """A name for it that tells nothing of anybody."""
        ...

    def parts(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`. Blocks: run it off the event loop."""
        ...


class CallerFiles(Protocol):
    """Files of calls, for features that pass them on."""

    async def read_uploads(self, tx: Tx, centre_id: str, call_id: str) -> list[UploadView]:
        """The files of a call, in order."""
        ...

    async def export(self, principal: Principal, call_id: str, upload_id: str) -> Wrapped:
        """A file without anything it says of itself; the audit log is told who got it.

        Raises NotFound, `NotReady` before it is checked, Gone once it is removed.
        """
        ...
