"""What CallerService needs from outside."""

from typing import Protocol

from ringdown.caller.views import ConsentView, FixView, LinkView
from ringdown.runtime.documents import Documents


class CallerStore(Protocol):
    """Keeps consents, links and fixes."""

    @property
    def consents(self) -> Documents[ConsentView]:
        """The rows of one kind."""
        ...

    @property
    def links(self) -> Documents[LinkView]:
        """The rows of one kind."""
        ...

    @property
    def fixes(self) -> Documents[FixView]:
        """The rows of one kind."""
        ...
