"""The stores of partners in memory, and a sender that does as a test says."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from ringdown.partners.ledger import (
    Delivery,
    DeliveryState,
    DisabledBecause,
    Endpoint,
    LastError,
    PartnerDeliveryError,
)
from ringdown.partners.model import Incident
from ringdown.partners.ports import Answer, Counts, Page, Partner
from ringdown.runtime.db import Tx


class MemoryIncidentStore:
    """The `IncidentStore` over the dictionaries of a `MemoryDatabase`."""

    async def save(self, tx: Tx, incident: Incident) -> None:
        """Keep a new incident, or the new state of one."""
        tx.memory("partner_incidents")[incident.incident_id] = incident

    async def get(self, tx: Tx, centre_id: str, incident_id: str) -> Incident | None:
        """One incident of the centre."""
        found = cast("Incident | None", tx.memory("partner_incidents").get(incident_id))
        return found if found is not None and found.centre_id == centre_id else None

    async def page(self, tx: Tx, centre_id: str, page: Page) -> list[Incident]:
        """Some incidents, the one that changed last first."""
        rows = cast("list[Incident]", list(tx.memory("partner_incidents").values()))
        found = [
            one
            for one in rows
            if one.centre_id == centre_id
            and (page.demo or not one.demo)
            and (page.live is None or one.is_audio_live == page.live)
            and (page.since is None or one.updated_at >= page.since)
            and (page.before is None or (one.updated_at, one.incident_id) < page.before)
        ]
        found.sort(key=lambda one: (one.updated_at, one.incident_id), reverse=True)
        return found[: page.limit]


class MemoryEndpointStore:
    """The `EndpointStore` over the dictionaries of a `MemoryDatabase`."""

    async def add(self, tx: Tx, endpoint: Endpoint) -> None:
        """Keep a new endpoint."""
        _endpoints(tx)[endpoint.endpoint_id] = endpoint

    async def save(self, tx: Tx, endpoint: Endpoint) -> None:
        """Keep what a person changed; what happened in deliveries stays as it is."""
        before = await self.get(tx, endpoint.centre_id, endpoint.endpoint_id)
        if before is not None:
            _endpoints(tx)[endpoint.endpoint_id] = replace(
                endpoint, last_success_at=before.last_success_at, last_error=before.last_error
            )

    async def happened(
        self,
        tx: Tx,
        endpoint_id: str,
        *,
        success_at: datetime | None = None,
        error: LastError | None = None,
    ) -> None:
        """Keep the newest success or failure."""
        table = _endpoints(tx)
        one = table.get(endpoint_id)
        if one is not None:
            table[endpoint_id] = replace(
                one,
                last_success_at=success_at or one.last_success_at,
                last_error=error or one.last_error,
            )

    async def disable(self, tx: Tx, endpoint_id: str, because: DisabledBecause) -> bool:
        """Send nothing more to it; whether that changed anything."""
        table = _endpoints(tx)
        one = table.get(endpoint_id)
        if one is None or not one.enabled:
            return False
        table[endpoint_id] = replace(one, disabled_because=because)
        return True

    async def remove(self, tx: Tx, endpoint_id: str, at: datetime) -> None:
        """Forget it."""
        del at
        _endpoints(tx).pop(endpoint_id, None)

    async def get(self, tx: Tx, centre_id: str, endpoint_id: str) -> Endpoint | None:
        """One endpoint of the centre."""
        found = _endpoints(tx).get(endpoint_id)
        return found if found is not None and found.centre_id == centre_id else None

    async def of_centre(self, tx: Tx, centre_id: str) -> list[Endpoint]:
        """The endpoints of a centre, oldest first."""
        return [one for one in await self.every(tx) if one.centre_id == centre_id]

    async def every(self, tx: Tx) -> list[Endpoint]:
        """The endpoints of every centre."""
        return sorted(_endpoints(tx).values(), key=lambda one: one.endpoint_id)


class MemoryDeliveryLedger:
    """The `DeliveryLedger` over the dictionaries of a `MemoryDatabase`."""

    async def add(self, tx: Tx, made: Sequence[Delivery], /) -> None:
        """Keep new deliveries. Raises ValueError if an event is to go somewhere twice by itself."""
        table = _deliveries(tx)
        for one in made:
            for other in table.values():
                if _own(one) == _own(other) or one.delivery_id == other.delivery_id:
                    raise ValueError("this event has been put in the queue already")
            table[one.delivery_id] = one

    async def settle(self, tx: Tx, made: Sequence[Delivery], /) -> None:
        """Keep the progress of deliveries that were not settled; others stay as they are."""
        table = _deliveries(tx)
        for one in made:
            before = table.get(one.delivery_id)
            if before is not None and before.next_attempt_at is not None:
                table[one.delivery_id] = replace(
                    before,
                    state=one.state,
                    attempts=one.attempts,
                    next_attempt_at=one.next_attempt_at,
                    last_status=one.last_status,
                    last_error=one.last_error,
                    delivered_at=one.delivered_at,
                )

    async def get(self, tx: Tx, centre_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of the centre."""
        found = _deliveries(tx).get(delivery_id)
        return found if found is not None and found.centre_id == centre_id else None

    async def due(self, tx: Tx, endpoint_id: str, now: datetime, limit: int) -> list[Delivery]:
        """What may be sent to an endpoint now, the longest due first."""
        found = [
            (one.next_attempt_at, one.delivery_id, one)
            for one in _deliveries(tx).values()
            if one.endpoint_id == endpoint_id
            and one.next_attempt_at is not None
            and one.next_attempt_at <= now
        ]
        return [one for _, _, one in sorted(found, key=lambda each: each[:2])][:limit]

    async def next_due(self, tx: Tx, endpoint_id: str, after: datetime) -> datetime | None:
        """When something is due next, if nothing is sooner."""
        found = (
            one.next_attempt_at
            for one in _deliveries(tx).values()
            if one.endpoint_id == endpoint_id
        )
        return min((at for at in found if at is not None and at > after), default=None)

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
        found = [
            one
            for one in _deliveries(tx).values()
            if one.centre_id == centre_id
            and (endpoint_id is None or one.endpoint_id == endpoint_id)
            and (state is None or one.state == state)
            and (before is None or one.delivery_id < before)
        ]
        return sorted(found, key=lambda one: one.delivery_id, reverse=True)[:limit]

    async def dead_between(
        self, tx: Tx, centre_id: str, endpoint_id: str, start: datetime, end: datetime, limit: int
    ) -> list[Delivery]:
        """Dead letters made in [start, end] that nobody had redelivered, oldest first."""
        found = [
            one
            for one in _deliveries(tx).values()
            if (one.centre_id, one.endpoint_id, one.state) == (centre_id, endpoint_id, "dead")
            and one.redelivered_as is None
            and start <= one.created_at <= end
        ]
        return sorted(found, key=lambda one: one.delivery_id)[:limit]

    async def redelivered(self, tx: Tx, old: Mapping[str, str]) -> None:
        """Keep, by the ids of deliveries, as what they were sent again."""
        table = _deliveries(tx)
        for delivery_id, new in old.items():
            table[delivery_id] = replace(table[delivery_id], redelivered_as=new)

    async def counts(self, tx: Tx, centre_id: str | None) -> dict[str, Counts]:
        """What waits, by endpoint; of every centre without one."""
        found: dict[str, Counts] = {}
        for one in _deliveries(tx).values():
            if centre_id is not None and one.centre_id != centre_id:
                continue
            before = found.get(one.endpoint_id, Counts())
            if one.state in {"queued", "retrying"}:
                found[one.endpoint_id] = Counts(before.queued + 1, before.dead)
            elif one.state == "dead" and one.redelivered_as is None:
                found[one.endpoint_id] = Counts(before.queued, before.dead + 1)
        return found

    async def abandon(self, tx: Tx, endpoint_id: str, code: str, text: str) -> None:
        """Give up what waits for an endpoint that was removed."""
        table = _deliveries(tx)
        for one in list(table.values()):
            if one.endpoint_id == endpoint_id and one.next_attempt_at is not None:
                table[one.delivery_id] = replace(
                    one,
                    state="dead",
                    next_attempt_at=None,
                    last_error=PartnerDeliveryError(code=code, text=text),
                )

    async def prune(self, tx: Tx, before: datetime, limit: int) -> int:
        """Forget some that nobody needs any more; how many these were, `limit` at most."""
        table, known = _deliveries(tx), _endpoints(tx)
        old = [
            one.delivery_id
            for one in table.values()
            if (one.delivered_at is not None and one.delivered_at < before)
            or (
                one.state == "dead"
                and one.created_at < before
                and (one.redelivered_as is not None or one.endpoint_id not in known)
            )
        ][:limit]
        for delivery_id in old:
            del table[delivery_id]
        return len(old)


Sent = tuple[str, bytes, dict[str, str]]


class ScriptedPost:
    """A `Post` that keeps what it is given and answers as it was told to, else with 200."""

    def __init__(self, answer: Callable[[Sent], Awaitable[Answer]] | None = None) -> None:
        self.sent: list[Sent] = []
        self.answers: list[Answer | Exception] = []
        self.closed = False
        self._answer = answer

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float
    ) -> Answer:
        """The next answer of the script."""
        del timeout_s
        one = (url, body, dict(headers))
        self.sent.append(one)
        if self._answer is not None:
            return await self._answer(one)
        found = self.answers.pop(0) if self.answers else Answer(200)
        if isinstance(found, Exception):
            raise found
        return found

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class OpenVault:
    """A `Vault` that hides nothing, and still knows what a secret belongs to."""

    def seal(self, secret: str, about: str) -> str:
        """Put the two together."""
        return f"{about}|{secret}"

    def open(self, sealed: str, about: str) -> str:
        """Take them apart. Raises ValueError."""
        found, _, secret = sealed.partition("|")
        if found != about:
            raise ValueError("this secret belongs to something else")
        return secret


class KnownPartners:
    """The `Partners` that a test names."""

    def __init__(self, *partners: Partner) -> None:
        self.known = {(one.centre_id, one.client_id): one for one in partners}

    async def partner(self, tx: Tx, centre_id: str, client_id: str) -> Partner | None:
        """The partner of that centre."""
        del tx
        return self.known.get((centre_id, client_id))

    def disable(self, centre_id: str, client_id: str) -> None:
        """Somebody disabled the credential."""
        key = (centre_id, client_id)
        self.known[key] = replace(self.known[key], enabled=False)


def _endpoints(tx: Tx) -> dict[str, Endpoint]:
    return cast("dict[str, Endpoint]", tx.memory("partner_endpoints"))


def _deliveries(tx: Tx) -> dict[str, Delivery]:
    return cast("dict[str, Delivery]", tx.memory("partner_deliveries"))


def _own(one: Delivery) -> tuple[Any, ...]:
    return (one.endpoint_id, one.event_id, one.redelivery_of)
