"""What VideoService needs from outside."""

from typing import Protocol

from ringdown.runtime.documents import Documents
from ringdown.video.views import ViewingView


class VideoStore(Protocol):
    """Keeps who looked at what."""

    @property
    def viewings(self) -> Documents[ViewingView]:
        """The rows of one kind."""
        ...
