"""What ResponderService needs from outside."""

from typing import Protocol

from ringdown.responders.views import ResponderLinkView
from ringdown.runtime.documents import Documents


class ResponderStore(Protocol):
    """Keeps responder links."""

    @property
    def links(self) -> Documents[ResponderLinkView]:
        """The rows of one kind."""
        ...
