"""What partners' events need from outside: stores, a vault, and a way to send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ringdown.partners.ledger import (
    Delivery,
    DeliveryState,
    DisabledBecause,
    Endpoint,
    LastError,
)
from ringdown.partners.model import Incident
from ringdown.runtime.db import Tx


@dataclass(frozen=True)
class Page:
    """Which incidents of a list are wanted; newest first, after `before` if given."""

    limit: int
    before: tuple[datetime, str] | None = None
    since: datetime | None = None
    live: bool | None = None
    demo: bool = False


class IncidentStore(Protocol):
    """Incidents as partners see them."""

    async def save(self, tx: Tx, incident: Incident) -> None:
        """Keep a new incident, or the new state of one."""
        ...

    async def get(self, tx: Tx, centre_id: str, incident_id: str) -> Incident | None:
        """One incident of the centre."""
        ...

    async def page(self, tx: Tx, centre_id: str, page: Page) -> list[Incident]:
        """Some incidents, the one that changed last first."""
        ...


@dataclass(frozen=True)
class Counts:
    """How many deliveries of an endpoint wait, and how many dead letters wait for a person."""

    queued: int = 0
    dead: int = 0


class EndpointStore(Protocol):
    """Webhook endpoints. A removed one is kept for the record and never found again."""

    async def add(self, tx: Tx, endpoint: Endpoint) -> None:
        """Keep a new endpoint."""
        ...

    async def save(self, tx: Tx, endpoint: Endpoint) -> None:
        """Keep what a person changed; what happened in deliveries stays as it is."""
        ...

    async def happened(
        self,
        tx: Tx,
        endpoint_id: str,
        *,
        success_at: datetime | None = None,
        error: LastError | None = None,
    ) -> None:
        """Keep the newest success or failure."""
        ...

    async def disable(self, tx: Tx, endpoint_id: str, because: DisabledBecause) -> bool:
        """Send nothing more to it; whether that changed anything."""
        ...

    async def remove(self, tx: Tx, endpoint_id: str, at: datetime) -> None:
        """Forget it."""
        ...

    async def get(self, tx: Tx, centre_id: str, endpoint_id: str) -> Endpoint | None:
        """One endpoint of the centre."""
        ...

    async def of_centre(self, tx: Tx, centre_id: str) -> list[Endpoint]:
        """The endpoints of a centre, oldest first."""
        ...

    async def every(self, tx: Tx) -> list[Endpoint]:
        """The endpoints of every centre."""
        ...


class DeliveryLedger(Protocol):
    """Deliveries; none is lost before it is settled, and what one sends never changes."""

    async def add(self, tx: Tx, made: Sequence[Delivery], /) -> None:
        """Keep new deliveries."""
        ...

    async def settle(self, tx: Tx, made: Sequence[Delivery], /) -> None:
        """Keep the progress of deliveries that were not settled; others stay as they are."""
        ...

    async def get(self, tx: Tx, centre_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of the centre."""
        ...

    async def due(self, tx: Tx, endpoint_id: str, now: datetime, limit: int) -> list[Delivery]:
        """What may be sent to an endpoint now, the longest due first."""
        ...

    async def next_due(self, tx: Tx, endpoint_id: str, after: datetime) -> datetime | None:
        """When something is due next, if nothing is sooner."""
        ...

    async def page(
        self,
        tx: Tx,
        centre_id: str,
        *,
        endpoint_id: str | None,
        state: DeliveryState | None,
        before: str | None,
        limit: int,
    ) -> list[Delivery]:
        """Deliveries of the centre, newest first, made before the one with id `before`."""
        ...

    async def dead_between(
        self, tx: Tx, centre_id: str, endpoint_id: str, start: datetime, end: datetime, limit: int
    ) -> list[Delivery]:
        """Dead letters made in [start, end] that nobody had redelivered, oldest first."""
        ...

    async def redelivered(self, tx: Tx, old: Mapping[str, str]) -> None:
        """Keep, by the ids of deliveries, as what they were sent again."""
        ...

    async def counts(self, tx: Tx, centre_id: str | None) -> dict[str, Counts]:
        """What waits, by endpoint; of every centre without one."""
        ...

    async def abandon(self, tx: Tx, endpoint_id: str, code: str, text: str) -> None:
        """Give up what waits for an endpoint that was removed."""
        ...


class DeliveryArchive(Protocol):
    """The old deliveries of every centre."""

    async def prune(self, tx: Tx, before: datetime, limit: int) -> int:
        """Forget some that nobody needs any more; how many these were, `limit` at most.

        Delivered before that instant; or made before it, dead, and either sent again or of an
        endpoint that was removed. What waits for a receiver or for a person stays.
        """
        ...


class Vault(Protocol):
    """Keeps secrets that must be had back: encrypted, and bound to what they belong to."""

    def seal(self, secret: str, about: str) -> str:
        """Encrypt; it opens only with the same `about`."""
        ...

    def open(self, sealed: str, about: str) -> str:
        """Decrypt. Raises `VaultClosed`."""
        ...


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: never more of it than this."""

    status: int
    retry_after_s: float | None = None
    body: bytes = field(default=b"", repr=False)


class PostFailed(Exception):
    """Nothing was answered; `code` and `text` say why, and hold nothing of the other side's."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


class Post(Protocol):
    """Sends to one endpoint: only where it may be sent, never further, never through a proxy."""

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float
    ) -> Answer:
        """One request. Raises `PostFailed`."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


class OpenPost(Protocol):
    """Makes a `Post`."""

    def __call__(self, *, allow_private: bool, connections: int) -> Post:
        """One for an endpoint."""
        ...


@dataclass(frozen=True)
class Partner:
    """Whose credential an endpoint belongs to."""

    client_id: str
    centre_id: str
    name: str
    enabled: bool


class Partners(Protocol):
    """What is asked of identity."""

    async def partner(self, tx: Tx, centre_id: str, client_id: str) -> Partner | None:
        """The partner's credential of this centre; None if it is none, or not a partner's."""
        ...
