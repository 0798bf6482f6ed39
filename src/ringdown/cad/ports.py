"""What the CAD lane needs: an adapter for the centre's CAD, a store, and the centre's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol

from ringdown.cad.model import CadMessage, Delivery, Outcome
from ringdown.core.errors import RingdownError
from ringdown.runtime.db import Tx

CAD_GROUP: Final = "ringdown.cad"
"""The entry-point group of CAD adapters."""


@dataclass(frozen=True)
class CadCapabilities:
    """What an adapter's CAD can do."""

    updates: bool = True
    """Whether a later version replaces an earlier one there."""
    returns_incident_id: bool = True
    """Whether it tells its own number of the incident."""


class CadAdapter(Protocol):
    """One way to a CAD; what a `ringdown.cad` plugin opens."""

    @property
    def capabilities(self) -> CadCapabilities:
        """What the other side can do."""
        ...

    async def send(self, message: CadMessage, *, now: datetime) -> Outcome:
        """Try once, within a bounded time. Failures of the other side are outcomes, not errors.

        The same `message.delivery_id` may be sent again: the other side must take it once.
        """
        ...


class DeliveryRefused(RingdownError):
    """The store refused a delivery: no person's confirmation stands behind it."""

    code: ClassVar[str] = "cad.delivery.refused_by_store"
    severity = "critical"
    action: ClassVar[str] = "Nothing was sent. Send the incident again from the console."


class DeliveryStore(Protocol):
    """Deliveries. None is ever deleted, and what one refers to never changes."""

    async def add(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a new delivery. Raises `DeliveryRefused` without a matching confirmation."""
        ...

    async def save(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a delivery's progress. Raises `DeliveryRefused` if it names another confirmation."""
        ...

    async def get(self, tx: Tx, centre_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of the centre."""
        ...

    async def of_confirmation(
        self, tx: Tx, centre_id: str, confirmation_id: str
    ) -> Delivery | None:
        """The delivery of a confirmation: there is at most one."""
        ...

    async def of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[Delivery]:
        """The deliveries of a call, by sequence."""
        ...

    async def unsettled(self, tx: Tx) -> list[Delivery]:
        """Every centre's deliveries that are neither acknowledged nor dead, oldest first."""
        ...

    async def dead_since(self, tx: Tx, since: datetime) -> list[Delivery]:
        """Every centre's dead letters since then for which no later version was acknowledged."""
        ...


class SummaryPublisher(Protocol):
    """Where summaries of confirmed incidents go besides the bus of this process."""

    async def publish(self, message: CadMessage) -> None:
        """Publish the message's summary; when it returns, it is kept there.

        Publishing the same again changes nothing. Raises `Unavailable` while nobody answers.
        """
        ...


class Centres(Protocol):
    """What the CAD lane asks of identity."""

    async def centre_name(self, tx: Tx, centre_id: str) -> str:
        """The name of a centre."""
        ...
