"""What others may hear about a caller's files."""

from typing import ClassVar

from ringdown.core.events import Fact
from ringdown.uploads.views import UploadView


class UploadChanged(Fact):
    """A file of a caller begins, is whole, checked, refused, looked at for the first time."""

    kind: ClassVar[str] = "uploads.upload.changed.v1"
    upload: UploadView


FACTS: tuple[type[Fact], ...] = (UploadChanged,)
