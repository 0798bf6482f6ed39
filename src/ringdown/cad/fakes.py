"""Deliveries in memory, refusing what the database refuses, and a CAD that follows a script."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from ringdown.cad.model import Acknowledged, CadMessage, Delivery, Outcome
from ringdown.cad.ports import CadCapabilities, DeliveryRefused
from ringdown.cad.summary import IncidentSummary, subject
from ringdown.core.clock import iso
from ringdown.core.errors import Unavailable
from ringdown.runtime.db import Tx


class MemoryDeliveryStore:
    """The `DeliveryStore` over the dictionaries of a `MemoryDatabase`."""

    async def add(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a new delivery. Raises `DeliveryRefused` without a matching confirmation."""
        table = _table(tx)
        row = tx.memory("confirmations").get(delivery.confirmation_id)
        named = (delivery.centre_id, delivery.call_id, delivery.digest)
        place = (delivery.incident_id, delivery.sequence)
        if (
            row is None
            or (row.centre_id, row.call_id, row.digest) != named
            or (row.incident_id, row.sequence) != place
            or any(_same(delivery, other) for other in table.values())
        ):
            raise _refused(delivery)
        table[delivery.delivery_id] = delivery

    async def save(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a delivery's progress. Raises `DeliveryRefused` if it names another confirmation."""
        table = _table(tx)
        before = table.get(delivery.delivery_id)
        if before is None or before.centre_id != delivery.centre_id:
            return
        if _fixed(before) != _fixed(delivery):
            raise _refused(delivery)
        table[delivery.delivery_id] = delivery

    async def get(self, tx: Tx, centre_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of the centre."""
        found = _table(tx).get(delivery_id)
        return found if found is not None and found.centre_id == centre_id else None

    async def of_confirmation(
        self, tx: Tx, centre_id: str, confirmation_id: str
    ) -> Delivery | None:
        """The delivery of a confirmation: there is at most one."""
        for one in _table(tx).values():
            if (one.centre_id, one.confirmation_id) == (centre_id, confirmation_id):
                return one
        return None

    async def of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[Delivery]:
        """The deliveries of a call, by sequence."""
        own = [d for d in _table(tx).values() if (d.centre_id, d.call_id) == (centre_id, call_id)]
        return sorted(own, key=lambda delivery: (delivery.incident_id, delivery.sequence))

    async def unsettled(self, tx: Tx) -> list[Delivery]:
        """Every centre's deliveries that are neither acknowledged nor dead, oldest first."""
        waiting = [delivery for delivery in _table(tx).values() if not delivery.settled]
        return sorted(waiting, key=lambda delivery: (delivery.queued_at, delivery.delivery_id))

    async def dead_since(self, tx: Tx, since: datetime) -> list[Delivery]:
        """Every centre's dead letters since then for which no later version was acknowledged."""
        every = list(_table(tx).values())
        return [
            dead
            for dead in sorted(every, key=lambda delivery: delivery.changed_at)
            if dead.state == "dead"
            and iso(dead.changed_at) >= iso(since)
            and not any(_replaces(other, dead) for other in every)
        ]


class ScriptedCad:
    """A CAD that gives the outcomes it was told to, then acknowledges everything."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[CadMessage] = []
        self.capabilities = CadCapabilities()

    async def send(self, message: CadMessage, *, now: datetime) -> Outcome:
        """The next outcome of the script."""
        del now
        self.sent.append(message)
        return self.outcomes.pop(0) if self.outcomes else Acknowledged(f"CAD-{len(self.sent)}")


class KeptSummaries:
    """A `SummaryPublisher` that keeps each summary once, by subject, and may be away."""

    def __init__(self) -> None:
        self.away = False
        self.published: list[tuple[str, IncidentSummary]] = []

    async def publish(self, message: CadMessage) -> None:
        """Keep it, once. Raises Unavailable, MessageForged."""
        if self.away:
            raise Unavailable("nobody takes summaries now")
        entry = (subject(message.summary), message.summary)
        if entry not in self.published:
            self.published.append(entry)


def _table(tx: Tx) -> dict[str, Delivery]:
    return cast("dict[str, Delivery]", tx.memory("cad_deliveries"))


def _same(one: Delivery, other: Delivery) -> bool:
    return (
        one.delivery_id == other.delivery_id
        or one.confirmation_id == other.confirmation_id
        or (one.centre_id, one.incident_id, one.sequence)
        == (other.centre_id, other.incident_id, other.sequence)
    )


def _fixed(one: Delivery) -> tuple[object, ...]:
    return (
        one.call_id,
        one.incident_id,
        one.confirmation_id,
        one.digest,
        one.sequence,
        one.centre,
        one.call,
        one.queued_at,
    )


def _replaces(one: Delivery, dead: Delivery) -> bool:
    same = (one.centre_id, one.incident_id) == (dead.centre_id, dead.incident_id)
    return same and one.sequence > dead.sequence and one.state == "acknowledged"


def _refused(delivery: Delivery) -> DeliveryRefused:
    return DeliveryRefused(
        "the store refused this delivery", details={"delivery_id": delivery.delivery_id}
    )
