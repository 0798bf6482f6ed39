"""What links for the field need from outside."""

from datetime import datetime
from typing import Protocol

from ringdown.caller.api import FixView, LinkView
from ringdown.incidents.api import ConfirmationView
from ringdown.responders.views import ResponderLinkView
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept
from ringdown.texting.api import MessageView


class ResponderStore(Protocol):
    """Keeps responder links."""

    @property
    def links(self) -> Documents[ResponderLinkView]:
        """The rows of one kind."""
        ...

    async def by_key(self, tx: Tx, digest: str) -> tuple[str, Kept[ResponderLinkView]] | None:
        """The centre and the link whose token has this digest."""
        ...

    async def ended(self, tx: Tx, now: datetime) -> list[tuple[str, Kept[ResponderLinkView]]]:
        """The links that have run out and are not marked so."""
        ...


class ReadIncidents(Protocol):
    """What is shown of incidents: what a person has confirmed, never a draft."""

    async def read_confirmations(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ConfirmationView]: ...


class ReadCaller(Protocol):
    """What is shown of the caller's phone."""

    async def read_fixes(self, tx: Tx, centre_id: str, call_id: str) -> list[FixView]: ...
    async def read_links(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkView]: ...


class ReadTexting(Protocol):
    """What is shown of the caller's texts."""

    async def read_messages(self, tx: Tx, centre_id: str, call_id: str) -> list[MessageView]: ...


class ReadCentre(Protocol):
    """Whose link it is."""

    async def centre_name(self, tx: Tx, centre_id: str) -> str: ...
