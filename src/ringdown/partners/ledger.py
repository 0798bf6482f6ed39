"""Webhook endpoints and their deliveries as values: what an attempt comes to, and when the next is.

Pure. A delivery is tried on a schedule whose first steps are close together, since the call is
still going on; after the last one it is a dead letter, kept until a person acts.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from ringdown.core.clock import iso
from ringdown.core.events import Value
from ringdown.partners.model import EventType

DeliveryState = Literal["queued", "retrying", "delivered", "dead"]
AuthKind = Literal["none", "bearer", "oauth"]
DisabledBecause = Literal["administrator", "gone", "credential"]
"""By a person; because it answered 410; because its partner's credential is disabled."""

SCHEDULE: Final = (
    0.0, 5.0, 30.0, 120.0, 600.0, 1_800.0,
    7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0,
)  # fmt: skip
"""Seconds to wait before each attempt."""
SPREAD: Final = 0.2
"""Each wait is lengthened by up to this share of it."""
LONGEST_RETRY_AFTER_S: Final = 86_400.0
OLD_SECRET_SIGNS: Final = timedelta(hours=24)


class PartnerDeliveryError(Value):
    """Why an attempt failed: a stable code and words for a person; never what the other said."""

    code: str
    text: str


class LastError(Value):
    """The newest failure of an endpoint."""

    code: str
    text: str
    at: str


class EndpointView(Value):
    """A webhook endpoint as administrators see it; no secret of it is ever shown again."""

    endpoint_id: str
    client_id: str
    name: str
    url: str
    events: list[EventType]
    include_demo: bool
    enabled: bool
    disabled_because: DisabledBecause | None
    auth: AuthKind
    allow_private: bool
    created_at: str
    last_success_at: str | None
    last_error: LastError | None
    queued: int
    dead: int


class PartnerDeliveryView(Value):
    """One event on its way to one endpoint. Times are ISO 8601 UTC."""

    delivery_id: str
    endpoint_id: str
    event_id: str
    type: EventType | Literal["test"]
    incident_id: str
    state: DeliveryState
    attempts: int
    next_attempt_at: str | None
    last_status: int | None
    last_error: PartnerDeliveryError | None
    created_at: str
    delivered_at: str | None
    redelivery_of: str | None
    redelivered_as: str | None


@dataclass(frozen=True)
class Endpoint:
    """Where a partner wants to hear of incidents. What is sealed can be opened by the vault."""

    endpoint_id: str
    centre_id: str
    client_id: str
    name: str
    url: str
    events: frozenset[EventType]
    created_at: datetime
    secret: str = field(repr=False)
    """Sealed."""
    old_secret: str | None = field(default=None, repr=False)
    """Sealed; signs as well until `old_secret_until`."""
    old_secret_until: datetime | None = None
    auth: AuthKind = "none"
    credential: str | None = field(default=None, repr=False)
    """Sealed: the token, or what a token is asked for with."""
    include_demo: bool = False
    allow_private: bool = False
    disabled_because: DisabledBecause | None = None
    last_success_at: datetime | None = None
    last_error: LastError | None = None

    @property
    def enabled(self) -> bool:
        """Whether deliveries are sent to it."""
        return self.disabled_because is None

    @property
    def takes_new(self) -> bool:
        """Whether new events are put in its queue: after a 410 they wait for a person."""
        return self.disabled_because in {None, "gone"}

    def wants(self, kind: EventType, *, demo: bool) -> bool:
        """Whether an event is for this endpoint."""
        return self.takes_new and kind in self.events and (self.include_demo or not demo)


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint. `body` holds the very bytes of every attempt."""

    delivery_id: str
    centre_id: str
    endpoint_id: str
    event_id: str
    type: EventType
    incident_id: str
    body: str = field(repr=False)
    created_at: datetime
    state: DeliveryState = "queued"
    attempts: int = 0
    next_attempt_at: datetime | None = None
    """When it is due; None once nothing more happens by itself."""
    last_status: int | None = None
    last_error: PartnerDeliveryError | None = None
    delivered_at: datetime | None = None
    redelivery_of: str | None = None
    redelivered_as: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing more happens unless a person acts."""
        return self.state in {"delivered", "dead"}


@dataclass(frozen=True)
class Delivered:
    """The receiver took it (any 2xx)."""

    status: int


@dataclass(frozen=True)
class Failed:
    """It did not, or nothing is known. `after_s` is a wait it asked for (429, 503)."""

    code: str
    text: str
    status: int | None = None
    after_s: float | None = None


@dataclass(frozen=True)
class Gone:
    """The receiver says that this address is no more (410)."""

    status: int = 410


Outcome = Delivered | Failed | Gone
GONE = PartnerDeliveryError(
    code="partners.receiver.gone", text="The receiver says it is gone (410)."
)


def attempted(
    delivery: Delivery,
    outcome: Outcome,
    now: datetime,
    jitter: float,
    schedule: Sequence[float] = SCHEDULE,
) -> Delivery:
    """What an attempt came to. `jitter` is in [0, 1)."""
    made = delivery.attempts + 1
    if isinstance(outcome, Delivered):
        return replace(
            delivery,
            state="delivered",
            attempts=made,
            next_attempt_at=None,
            last_status=outcome.status,
            last_error=None,
            delivered_at=now,
        )
    if isinstance(outcome, Gone):
        return replace(
            delivery,
            state="dead",
            attempts=made,
            next_attempt_at=None,
            last_status=outcome.status,
            last_error=GONE,
        )
    wait = wait_s(made, jitter, schedule, outcome.after_s)
    return replace(
        delivery,
        state="dead" if wait is None else "retrying",
        attempts=made,
        next_attempt_at=None if wait is None else now + timedelta(seconds=wait),
        last_status=outcome.status,
        last_error=PartnerDeliveryError(code=outcome.code, text=outcome.text),
    )


def wait_s(
    made: int, jitter: float, schedule: Sequence[float], asked_s: float | None = None
) -> float | None:
    """Seconds until the attempt after `made` ones; None if that was the last.

    A receiver's own wish counts if it is longer, unless it is absurd.
    """
    if made >= len(schedule):
        return None
    wait = schedule[made] * (1 + SPREAD * jitter)
    if asked_s is None or asked_s > LONGEST_RETRY_AFTER_S:
        return wait
    return max(wait, asked_s)


def redelivery(dead: Delivery, delivery_id: str, now: datetime) -> Delivery:
    """The same event to the same endpoint again, from the first step of the schedule."""
    return Delivery(
        delivery_id=delivery_id,
        centre_id=dead.centre_id,
        endpoint_id=dead.endpoint_id,
        event_id=dead.event_id,
        type=dead.type,
        incident_id=dead.incident_id,
        body=dead.body,
        created_at=now,
        next_attempt_at=now,
        redelivery_of=dead.delivery_id,
    )


def event_name(fact_id: str, kind: EventType) -> str:
    """The id of an event: the same for every endpoint and attempt, and without a full stop."""
    return f"{fact_id}_{kind}"


def endpoint_view(endpoint: Endpoint, *, queued: int, dead: int) -> EndpointView:
    """An endpoint as others see it."""
    return EndpointView(
        endpoint_id=endpoint.endpoint_id,
        client_id=endpoint.client_id,
        name=endpoint.name,
        url=endpoint.url,
        events=sorted(endpoint.events),
        include_demo=endpoint.include_demo,
        enabled=endpoint.enabled,
        disabled_because=endpoint.disabled_because,
        auth=endpoint.auth,
        allow_private=endpoint.allow_private,
        created_at=iso(endpoint.created_at),
        last_success_at=_iso(endpoint.last_success_at),
        last_error=endpoint.last_error,
        queued=queued,
        dead=dead,
    )


def delivery_view(delivery: Delivery) -> PartnerDeliveryView:
    """A delivery as others see it; its body is not shown."""
    return PartnerDeliveryView(
        delivery_id=delivery.delivery_id,
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        type=delivery.type,
        incident_id=delivery.incident_id,
        state=delivery.state,
        attempts=delivery.attempts,
        next_attempt_at=_iso(delivery.next_attempt_at),
        last_status=delivery.last_status,
        last_error=delivery.last_error,
        created_at=iso(delivery.created_at),
        delivered_at=_iso(delivery.delivered_at),
        redelivery_of=delivery.redelivery_of,
        redelivered_as=delivery.redelivered_as,
    )


def trial_body(incident_id: str, now: str) -> bytes:
    """What *send a test* sends: an event of a kind that receivers are free to ignore."""
    return json.dumps({"type": "test", "id": incident_id, "created_at": now}).encode()


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else iso(instant)
