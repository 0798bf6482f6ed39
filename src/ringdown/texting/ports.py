"""What TextingService needs from outside."""

from typing import Protocol

from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept
from ringdown.texting.model import MessageView, TextBackView


class TextingStore(Protocol):
    """Keeps messages between the agency and callers."""

    @property
    def messages(self) -> Documents[MessageView]:
        """The rows of one kind."""
        ...

    @property
    def text_backs(self) -> Documents[TextBackView]:
        """The rows of one kind."""
        ...

    async def waiting(self, tx: Tx, centre_id: str) -> list[Kept[TextBackView]]:
        """What is in the queue and not closed."""
        ...
