"""What UploadService needs from outside."""

from typing import Protocol

from ringdown.runtime.documents import Documents
from ringdown.uploads.views import UploadView


class UploadStore(Protocol):
    """Keeps a caller's files."""

    @property
    def uploads(self) -> Documents[UploadView]:
        """The rows of one kind."""
        ...
