"""Partners' incidents, endpoints and deliveries in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from ringdown.core.clock import iso, parse_iso
from ringdown.partners.ledger import (
    Delivery,
    DeliveryState,
    DisabledBecause,
    Endpoint,
    LastError,
    PartnerDeliveryError,
)
from ringdown.partners.model import Incident, Location, Media
from ringdown.partners.ports import Counts, Page
from ringdown.runtime.db import Tx, metadata

incidents = Table(
    "partner_incidents",
    metadata,
    Column("incident_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("caller_phone_number", String, nullable=False),
    Column("is_audio_live", Boolean, nullable=False),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("audio_call_ended_at", String),
    Column("position", Integer, nullable=False),
    Column("location", JSON(none_as_null=True)),
    Column("ali_location", JSON(none_as_null=True)),
    Column("media", JSON, nullable=False),
    UniqueConstraint("centre_id", "call_id"),
    Index("ix_partner_incidents_list", "centre_id", "updated_at", "incident_id"),
)
endpoints = Table(
    "partner_endpoints",
    metadata,
    Column("endpoint_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("events", JSON, nullable=False),
    Column("created_at", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("old_secret", String),
    Column("old_secret_until", String),
    Column("auth", String, nullable=False),
    Column("credential", String),
    Column("include_demo", Boolean, nullable=False),
    Column("allow_private", Boolean, nullable=False),
    Column("disabled_because", String),
    Column("last_success_at", String),
    Column("error_code", String),
    Column("error_text", String),
    Column("error_at", String),
    Column("removed_at", String),
    Index("ix_partner_endpoints_centre", "centre_id", "endpoint_id"),
)
deliveries = Table(
    "partner_deliveries",
    metadata,
    Column("delivery_id", String, primary_key=True),
    Column("centre_id", String, nullable=False),
    Column("endpoint_id", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("incident_id", String, nullable=False),
    Column("body", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", String),
    Column("last_status", Integer),
    Column("error_code", String),
    Column("error_text", String),
    Column("delivered_at", String),
    # Empty and not null: a database takes two nulls for different.
    Column("redelivery_of", String, nullable=False),
    Column("redelivered_as", String),
    # An event goes to an endpoint once by itself, however often its fact is heard.
    UniqueConstraint("endpoint_id", "event_id", "redelivery_of"),
    Index("ix_partner_deliveries_due", "endpoint_id", "next_attempt_at"),
    Index("ix_partner_deliveries_list", "centre_id", "delivery_id"),
    Index("ix_partner_deliveries_delivered", "delivered_at"),
    Index("ix_partner_deliveries_state", "state", "endpoint_id"),
)

TRIGGERS: dict[str, list[str]] = {}


class SqlIncidentStore:
    """The `IncidentStore` over SQLite or PostgreSQL."""

    async def save(self, tx: Tx, incident: Incident) -> None:
        """Keep a new incident, or the new state of one."""
        values = _incident_row(incident)
        known = (incidents.c.incident_id == incident.incident_id) & (
            incidents.c.centre_id == incident.centre_id
        )
        changed = await tx.sql.execute(update(incidents).where(known).values(values))
        if not changed.rowcount:
            await tx.sql.execute(insert(incidents).values(values))

    async def get(self, tx: Tx, centre_id: str, incident_id: str) -> Incident | None:
        """One incident of the centre."""
        query = select(incidents).where(
            incidents.c.centre_id == centre_id, incidents.c.incident_id == incident_id
        )
        row = (await tx.sql.execute(query)).first()
        return None if row is None else _incident(row)

    async def page(self, tx: Tx, centre_id: str, page: Page) -> list[Incident]:
        """Some incidents, the one that changed last first."""
        c = incidents.c
        query = select(incidents).where(c.centre_id == centre_id)
        if not page.demo:
            query = query.where(c.demo.is_(False))
        if page.live is not None:
            query = query.where(c.is_audio_live.is_(page.live))
        if page.since is not None:
            query = query.where(c.updated_at >= iso(page.since))
        if page.before is not None:
            at, incident_id = iso(page.before[0]), page.before[1]
            older = and_(c.updated_at == at, c.incident_id < incident_id)
            query = query.where(or_(c.updated_at < at, older))
        query = query.order_by(c.updated_at.desc(), c.incident_id.desc()).limit(page.limit)
        return [_incident(row) for row in await tx.sql.execute(query)]


class SqlEndpointStore:
    """The `EndpointStore` over SQLite or PostgreSQL."""

    async def add(self, tx: Tx, endpoint: Endpoint) -> None:
        """Keep a new endpoint."""
        row = {
            **_endpoint_row(endpoint),
            "endpoint_id": endpoint.endpoint_id,
            "centre_id": endpoint.centre_id,
            "client_id": endpoint.client_id,
            "created_at": iso(endpoint.created_at),
        }
        await tx.sql.execute(insert(endpoints).values(row))

    async def save(self, tx: Tx, endpoint: Endpoint) -> None:
        """Keep what a person changed; what happened in deliveries stays as it is."""
        await tx.sql.execute(
            update(endpoints)
            .where(
                endpoints.c.endpoint_id == endpoint.endpoint_id,
                endpoints.c.centre_id == endpoint.centre_id,
            )
            .values(_endpoint_row(endpoint))
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
        values: dict[str, Any] = {}
        if success_at is not None:
            values["last_success_at"] = iso(success_at)
        if error is not None:
            values |= {"error_code": error.code, "error_text": error.text, "error_at": error.at}
        if values:
            await tx.sql.execute(
                update(endpoints).where(endpoints.c.endpoint_id == endpoint_id).values(values)
            )

    async def disable(self, tx: Tx, endpoint_id: str, because: DisabledBecause) -> bool:
        """Send nothing more to it; whether that changed anything."""
        changed = await tx.sql.execute(
            update(endpoints)
            .where(endpoints.c.endpoint_id == endpoint_id, endpoints.c.disabled_because.is_(None))
            .values(disabled_because=because)
        )
        return changed.rowcount > 0

    async def remove(self, tx: Tx, endpoint_id: str, at: datetime) -> None:
        """Forget it: the row stays for the record, without its secrets."""
        await tx.sql.execute(
            update(endpoints)
            .where(endpoints.c.endpoint_id == endpoint_id)
            .values(removed_at=iso(at), secret="", old_secret=None, credential=None)
        )

    async def get(self, tx: Tx, centre_id: str, endpoint_id: str) -> Endpoint | None:
        """One endpoint of the centre."""
        query = select(endpoints).where(
            endpoints.c.centre_id == centre_id,
            endpoints.c.endpoint_id == endpoint_id,
            endpoints.c.removed_at.is_(None),
        )
        row = (await tx.sql.execute(query)).first()
        return None if row is None else _endpoint(row)

    async def of_centre(self, tx: Tx, centre_id: str) -> list[Endpoint]:
        """The endpoints of a centre, oldest first."""
        query = (
            select(endpoints)
            .where(endpoints.c.centre_id == centre_id, endpoints.c.removed_at.is_(None))
            .order_by(endpoints.c.endpoint_id)
        )
        return [_endpoint(row) for row in await tx.sql.execute(query)]

    async def every(self, tx: Tx) -> list[Endpoint]:
        """The endpoints of every centre."""
        query = (
            select(endpoints)
            .where(endpoints.c.removed_at.is_(None))
            .order_by(endpoints.c.endpoint_id)
        )
        return [_endpoint(row) for row in await tx.sql.execute(query)]


_SETTLE = (
    update(deliveries)
    .where(
        deliveries.c.delivery_id == bindparam("of_delivery"),
        deliveries.c.next_attempt_at.is_not(None),
    )
    .values(
        state=bindparam("new_state"),
        attempts=bindparam("new_attempts"),
        next_attempt_at=bindparam("new_next"),
        last_status=bindparam("new_status"),
        error_code=bindparam("new_code"),
        error_text=bindparam("new_text"),
        delivered_at=bindparam("new_delivered"),
    )
)


class SqlDeliveryLedger:
    """The `DeliveryLedger` over SQLite or PostgreSQL."""

    async def add(self, tx: Tx, made: Sequence[Delivery], /) -> None:
        """Keep new deliveries."""
        if made:
            await tx.sql.execute(insert(deliveries), [_delivery_row(one) for one in made])

    async def settle(self, tx: Tx, made: Sequence[Delivery], /) -> None:
        """Keep the progress of deliveries that were not settled; others stay as they are."""
        if not made:
            return
        rows = [
            {
                "of_delivery": one.delivery_id,
                "new_state": one.state,
                "new_attempts": one.attempts,
                "new_next": _iso(one.next_attempt_at),
                "new_status": one.last_status,
                "new_code": one.last_error.code if one.last_error else None,
                "new_text": one.last_error.text if one.last_error else None,
                "new_delivered": _iso(one.delivered_at),
            }
            for one in made
        ]
        await tx.sql.execute(_SETTLE, rows)

    async def get(self, tx: Tx, centre_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of the centre."""
        query = select(deliveries).where(
            deliveries.c.centre_id == centre_id, deliveries.c.delivery_id == delivery_id
        )
        row = (await tx.sql.execute(query)).first()
        return None if row is None else _delivery(row)

    async def due(self, tx: Tx, endpoint_id: str, now: datetime, limit: int) -> list[Delivery]:
        """What may be sent to an endpoint now, the longest due first."""
        query = (
            select(deliveries)
            .where(
                deliveries.c.endpoint_id == endpoint_id,
                deliveries.c.next_attempt_at <= iso(now),
            )
            .order_by(deliveries.c.next_attempt_at, deliveries.c.delivery_id)
            .limit(limit)
        )
        return [_delivery(row) for row in await tx.sql.execute(query)]

    async def next_due(self, tx: Tx, endpoint_id: str, after: datetime) -> datetime | None:
        """When something is due next, if nothing is sooner."""
        query = select(func.min(deliveries.c.next_attempt_at)).where(
            deliveries.c.endpoint_id == endpoint_id, deliveries.c.next_attempt_at > iso(after)
        )
        found = (await tx.sql.execute(query)).scalar()
        return None if found is None else parse_iso(found)

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
        query = select(deliveries).where(deliveries.c.centre_id == centre_id)
        if endpoint_id is not None:
            query = query.where(deliveries.c.endpoint_id == endpoint_id)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        if before is not None:
            query = query.where(deliveries.c.delivery_id < before)
        query = query.order_by(deliveries.c.delivery_id.desc()).limit(limit)
        return [_delivery(row) for row in await tx.sql.execute(query)]

    async def dead_between(
        self, tx: Tx, centre_id: str, endpoint_id: str, start: datetime, end: datetime, limit: int
    ) -> list[Delivery]:
        """Dead letters made in [start, end] that nobody had redelivered, oldest first."""
        query = (
            select(deliveries)
            .where(
                deliveries.c.centre_id == centre_id,
                deliveries.c.endpoint_id == endpoint_id,
                deliveries.c.state == "dead",
                deliveries.c.redelivered_as.is_(None),
                deliveries.c.created_at.between(iso(start), iso(end)),
            )
            .order_by(deliveries.c.delivery_id)
            .limit(limit)
        )
        return [_delivery(row) for row in await tx.sql.execute(query)]

    async def redelivered(self, tx: Tx, old: Mapping[str, str]) -> None:
        """Keep, by the ids of deliveries, as what they were sent again."""
        if old:
            statement = (
                update(deliveries)
                .where(deliveries.c.delivery_id == bindparam("of_delivery"))
                .values(redelivered_as=bindparam("new_delivery"))
            )
            rows = [{"of_delivery": key, "new_delivery": new} for key, new in old.items()]
            await tx.sql.execute(statement, rows)

    async def counts(self, tx: Tx, centre_id: str | None) -> dict[str, Counts]:
        """What waits, by endpoint; of every centre without one."""
        c = deliveries.c
        waiting = or_(
            c.state.in_(("queued", "retrying")),
            and_(c.state == "dead", c.redelivered_as.is_(None)),
        )
        query = select(c.endpoint_id, c.state, func.count()).where(waiting)
        if centre_id is not None:
            query = query.where(c.centre_id == centre_id)
        found: dict[str, Counts] = {}
        for endpoint_id, state, count in await tx.sql.execute(
            query.group_by(c.endpoint_id, c.state)
        ):
            before = found.get(endpoint_id, Counts())
            found[endpoint_id] = (
                Counts(before.queued, before.dead + count)
                if state == "dead"
                else Counts(before.queued + count, before.dead)
            )
        return found

    async def abandon(self, tx: Tx, endpoint_id: str, code: str, text: str) -> None:
        """Give up what waits for an endpoint that was removed."""
        await tx.sql.execute(
            update(deliveries)
            .where(
                deliveries.c.endpoint_id == endpoint_id, deliveries.c.next_attempt_at.is_not(None)
            )
            .values(state="dead", next_attempt_at=None, error_code=code, error_text=text)
        )

    async def prune(self, tx: Tx, before: datetime, limit: int) -> int:
        """Forget some that nobody needs any more; how many these were, `limit` at most."""
        c, at = deliveries.c, iso(before)
        there = select(endpoints.c.endpoint_id).where(endpoints.c.removed_at.is_(None))
        done_with = or_(c.redelivered_as.is_not(None), c.endpoint_id.not_in(there))
        old = (
            select(c.delivery_id)
            .where(
                or_(c.delivered_at < at, and_(c.state == "dead", c.created_at < at, done_with)),
            )
            .limit(limit)
        )
        gone = await tx.sql.execute(delete(deliveries).where(c.delivery_id.in_(old)))
        return gone.rowcount


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else iso(instant)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_iso(text)


def _place_row(place: Location | None) -> dict[str, Any] | None:
    return place and {**place.__dict__, "created_at": iso(place.created_at)}


def _place(row: dict[str, Any] | None) -> Location | None:
    return None if row is None else Location(**_dated(row))


def _incident_row(incident: Incident) -> dict[str, Any]:
    return {
        "incident_id": incident.incident_id,
        "centre_id": incident.centre_id,
        "call_id": incident.call_id,
        "demo": incident.demo,
        "caller_phone_number": incident.caller_phone_number,
        "is_audio_live": incident.is_audio_live,
        "created_at": iso(incident.created_at),
        "updated_at": iso(incident.updated_at),
        "audio_call_ended_at": _iso(incident.audio_call_ended_at),
        "position": incident.position,
        "location": _place_row(incident.location),
        "ali_location": _place_row(incident.ali_location),
        "media": [{**one.__dict__, "created_at": iso(one.created_at)} for one in incident.media],
    }


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        incident_id=row.incident_id,
        centre_id=row.centre_id,
        call_id=row.call_id,
        demo=row.demo,
        caller_phone_number=row.caller_phone_number,
        is_audio_live=row.is_audio_live,
        created_at=parse_iso(row.created_at),
        updated_at=parse_iso(row.updated_at),
        audio_call_ended_at=_instant(row.audio_call_ended_at),
        position=row.position,
        location=_place(row.location),
        ali_location=_place(row.ali_location),
        media=tuple(Media(**_dated(one)) for one in row.media),
    )


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "created_at": parse_iso(values["created_at"])}


def _endpoint_row(endpoint: Endpoint) -> dict[str, Any]:
    """What people decide about an endpoint."""
    return {
        "name": endpoint.name,
        "url": endpoint.url,
        "events": sorted(endpoint.events),
        "secret": endpoint.secret,
        "old_secret": endpoint.old_secret,
        "old_secret_until": _iso(endpoint.old_secret_until),
        "auth": endpoint.auth,
        "credential": endpoint.credential,
        "include_demo": endpoint.include_demo,
        "allow_private": endpoint.allow_private,
        "disabled_because": endpoint.disabled_because,
    }


def _endpoint(row: Row[Any]) -> Endpoint:
    failed = row.error_code is not None
    return Endpoint(
        endpoint_id=row.endpoint_id,
        centre_id=row.centre_id,
        client_id=row.client_id,
        name=row.name,
        url=row.url,
        events=frozenset(row.events),
        created_at=parse_iso(row.created_at),
        secret=row.secret,
        old_secret=row.old_secret,
        old_secret_until=_instant(row.old_secret_until),
        auth=row.auth,
        credential=row.credential,
        include_demo=row.include_demo,
        allow_private=row.allow_private,
        disabled_because=row.disabled_because,
        last_success_at=_instant(row.last_success_at),
        last_error=LastError(code=row.error_code, text=row.error_text, at=row.error_at)
        if failed
        else None,
    )


def _delivery_row(one: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": one.delivery_id,
        "centre_id": one.centre_id,
        "endpoint_id": one.endpoint_id,
        "event_id": one.event_id,
        "type": one.type,
        "incident_id": one.incident_id,
        "body": one.body,
        "created_at": iso(one.created_at),
        "state": one.state,
        "attempts": one.attempts,
        "next_attempt_at": _iso(one.next_attempt_at),
        "last_status": one.last_status,
        "error_code": one.last_error.code if one.last_error else None,
        "error_text": one.last_error.text if one.last_error else None,
        "delivered_at": _iso(one.delivered_at),
        "redelivery_of": one.redelivery_of or "",
        "redelivered_as": one.redelivered_as,
    }


def _delivery(row: Row[Any]) -> Delivery:
    failed = row.error_code is not None
    return Delivery(
        delivery_id=row.delivery_id,
        centre_id=row.centre_id,
        endpoint_id=row.endpoint_id,
        event_id=row.event_id,
        type=row.type,
        incident_id=row.incident_id,
        body=row.body,
        created_at=parse_iso(row.created_at),
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=_instant(row.next_attempt_at),
        last_status=row.last_status,
        last_error=PartnerDeliveryError(code=row.error_code, text=row.error_text)
        if failed
        else None,
        delivered_at=_instant(row.delivered_at),
        redelivery_of=row.redelivery_of or None,
        redelivered_as=row.redelivered_as,
    )
