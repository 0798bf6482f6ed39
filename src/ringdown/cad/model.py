"""Deliveries to a CAD, pure: the one message that may leave, outcomes, and what comes next."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal, NoReturn, final

from ringdown.cad.eido import Sender, eido_of
from ringdown.cad.schema import CadCall, CadCentre, CadIncident, encode, incident
from ringdown.cad.summary import IncidentSummary, summary_of
from ringdown.core.clock import iso
from ringdown.core.errors import RingdownError
from ringdown.core.events import Value
from ringdown.incidents.api import Confirmation

DeliveryState = Literal["queued", "sending", "retrying", "acknowledged", "dead", "held"]
SETTLED: Final[frozenset[DeliveryState]] = frozenset({"acknowledged", "dead"})
PAUSES_S: Final = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
LONGEST_PAUSE_S: Final = 300.0
SLOW_PAUSE_S: Final = 60.0
GIVE_UP_AFTER: Final = timedelta(hours=24)


class MessageForged(RingdownError):
    """Something claimed to be a message for the CAD and was not built from a confirmation."""

    code: ClassVar[str] = "cad.message.forged"
    severity = "critical"
    action: ClassVar[str] = "Nothing was sent. Report this."


_KEY: Final = object()


@final
class CadMessage:
    """What may leave for a CAD: built by `from_confirmation`, or not at all."""

    __slots__ = ("_body", "_confirmation", "_key", "_payload", "_sender")
    _body: bytes
    _confirmation: Confirmation
    _key: object
    _payload: CadIncident
    _sender: Sender

    def __init__(self) -> None:
        raise MessageForged("a message for the CAD is built from a confirmation only")

    def __init_subclass__(cls, **_: object) -> NoReturn:
        raise TypeError("CadMessage has no subclasses")

    @classmethod
    def from_confirmation(
        cls,
        confirmation: Confirmation,
        *,
        delivery_id: str,
        digest: str,
        centre: CadCentre,
        call: CadCall,
        sender: Sender | None = None,
    ) -> "CadMessage":
        """The message of a person's stored act; `digest` is the one that was queued.

        `sender` is who an EIDO of it names.

        Raises MessageForged, and ConfirmationForged when the act is none.
        """
        if type(confirmation) is not Confirmation:
            raise MessageForged("this is not a confirmation")
        view = confirmation.view
        if (confirmation.centre_id, view.call_id) != (centre.centre_id, call.call_id):
            raise MessageForged("this confirmation belongs to another call")
        if view.digest != digest:
            raise MessageForged("this confirmation is not the one that was queued")
        payload = incident(view, delivery_id=delivery_id, centre=centre, call=call)
        made = object.__new__(cls)
        object.__setattr__(made, "_key", _KEY)
        object.__setattr__(made, "_confirmation", confirmation)
        object.__setattr__(made, "_payload", payload)
        object.__setattr__(made, "_sender", sender or Sender())
        object.__setattr__(made, "_body", encode(payload))
        return made

    def _genuine(self) -> None:
        if getattr(self, "_key", None) is not _KEY:
            raise MessageForged("this message was not built from a confirmation")

    @property
    def payload(self) -> CadIncident:
        """The message as a value. Raises MessageForged."""
        self._genuine()
        return self._payload

    @property
    def body(self) -> bytes:
        """The message as sent, the same in every attempt. Raises MessageForged."""
        self._genuine()
        return self._body

    @property
    def eido(self) -> bytes:
        """The message as an EIDO 1.0 document. Raises MessageForged."""
        return eido_of(self.payload, self._sender)

    @property
    def summary(self) -> IncidentSummary:
        """What everybody else may know of it. Raises MessageForged."""
        return summary_of(self.payload)

    @property
    def delivery_id(self) -> str:
        """The idempotency key."""
        return self.payload.delivery_id

    def __repr__(self) -> str:
        return "<CAD message>"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise MessageForged("a message for the CAD cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise MessageForged("a message for the CAD cannot be changed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise MessageForged("a message for the CAD cannot be pickled or copied")

    def __copy__(self) -> NoReturn:
        raise MessageForged("a message for the CAD cannot be copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise MessageForged("a message for the CAD cannot be copied")


@dataclass(frozen=True)
class Acknowledged:
    """The CAD has it, perhaps under a number of its own."""

    cad_incident_id: str | None = None


@dataclass(frozen=True)
class Retry:
    """It did not work this time. `slow` for what an administrator must correct first."""

    code: str
    text: str
    after_s: float | None = None
    slow: bool = False


@dataclass(frozen=True)
class CertificateWrong:
    """The other side's certificate is not one we trust: nothing was sent; tried again slowly."""

    text: str
    code: str = "cad.certificate_wrong"


@dataclass(frozen=True)
class Refused:
    """The CAD does not want this message (4xx); sending the same again is pointless."""

    code: str
    text: str


Outcome = Acknowledged | Retry | CertificateWrong | Refused


class DeliveryError(Value):
    """Why the last attempt failed, in plain words without personal data."""

    code: str
    text: str


class DeliveryView(Value):
    """A delivery as everybody sees it."""

    delivery_id: str
    call_id: str
    confirmation_id: str
    sequence: int
    state: DeliveryState
    attempts: int
    next_attempt_at: str | None
    last_error: DeliveryError | None
    acknowledged_at: str | None
    cad_incident_id: str | None


@dataclass(frozen=True)
class Delivery:
    """One confirmation on its way. `centre` and `call` are kept as they were when queued."""

    delivery_id: str
    centre_id: str
    call_id: str
    incident_id: str
    confirmation_id: str
    digest: str
    sequence: int
    centre: CadCentre
    call: CadCall
    queued_at: datetime
    changed_at: datetime
    state: DeliveryState = "queued"
    attempts: int = 0
    tries: int = 0
    """Attempts since it was queued or a person had it tried again; the pause depends on it."""
    patient_since: datetime | None = None
    """When the present run of attempts began; 24 hours later it is given up."""
    failing_since: datetime | None = None
    next_attempt_at: datetime | None = None
    last_error: DeliveryError | None = None
    acknowledged_at: datetime | None = None
    cad_incident_id: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing more happens unless a person acts."""
        return self.state in SETTLED


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """An attempt begins."""
    return replace(
        delivery,
        state="sending",
        attempts=delivery.attempts + 1,
        tries=delivery.tries + 1,
        patient_since=delivery.patient_since or now,
        next_attempt_at=None,
        changed_at=now,
    )


def attempted(delivery: Delivery, outcome: Outcome, now: datetime, jitter: float) -> Delivery:
    """What an attempt came to. `jitter` is in [0, 1) and spreads the pause by a fifth each way."""
    if isinstance(outcome, Acknowledged):
        return replace(
            delivery,
            state="acknowledged",
            acknowledged_at=now,
            cad_incident_id=outcome.cad_incident_id,
            last_error=None,
            failing_since=None,
            changed_at=now,
        )
    failed = replace(
        delivery,
        last_error=DeliveryError(code=outcome.code, text=outcome.text),
        failing_since=delivery.failing_since or now,
        changed_at=now,
    )
    if isinstance(outcome, Refused):
        return replace(failed, state="dead")
    if now - (delivery.patient_since or now) >= GIVE_UP_AFTER:
        return replace(failed, state="dead")
    slow = isinstance(outcome, CertificateWrong) or outcome.slow
    after_s = None if isinstance(outcome, CertificateWrong) else outcome.after_s
    pause = pause_s(delivery.tries, jitter, slow=slow, at_least=after_s)
    return replace(failed, state="retrying", next_attempt_at=now + timedelta(seconds=pause))


def pause_s(
    tries: int, jitter: float, *, slow: bool = False, at_least: float | None = None
) -> float:
    """Seconds until the next attempt, never more than five minutes."""
    pause = PAUSES_S[min(max(tries, 1), len(PAUSES_S)) - 1]
    pause = max(pause, SLOW_PAUSE_S) if slow else pause
    pause *= 0.8 + 0.4 * jitter
    return min(max(pause, at_least or 0.0), LONGEST_PAUSE_S)


def requeued(delivery: Delivery, now: datetime) -> Delivery:
    """It may be sent at once, with a full 24 hours of patience; the idempotency key stays."""
    return replace(
        delivery, state="queued", tries=0, patient_since=None, next_attempt_at=None, changed_at=now
    )


def interrupted(delivery: Delivery, now: datetime) -> Delivery:
    """We stopped in mid-attempt and do not know what the CAD got: the same is sent again."""
    return replace(delivery, state="retrying", next_attempt_at=now, changed_at=now)


def held(delivery: Delivery, now: datetime) -> Delivery:
    """No CAD is set up: it waits until one is."""
    return replace(delivery, state="held", next_attempt_at=None, changed_at=now)


def due(waiting: list[Delivery], now: datetime) -> tuple[list[Delivery], datetime | None]:
    """What may be sent now, and when to look again. `waiting` are all that are not settled.

    Only the lowest sequence of an incident may go: 2 never before 1 is settled.
    """
    first: dict[tuple[str, str], Delivery] = {}
    for one in sorted(waiting, key=lambda delivery: delivery.sequence):
        first.setdefault((one.centre_id, one.incident_id), one)
    ready: list[Delivery] = []
    later: list[datetime] = []
    for one in first.values():
        if one.state not in {"queued", "retrying"}:
            continue
        if one.next_attempt_at is None or one.next_attempt_at <= now:
            ready.append(one)
        else:
            later.append(one.next_attempt_at)
    ready.sort(key=lambda delivery: (delivery.queued_at, delivery.delivery_id))
    return ready, min(later, default=None)


def view(delivery: Delivery) -> DeliveryView:
    """The delivery as others see it."""
    return DeliveryView(
        delivery_id=delivery.delivery_id,
        call_id=delivery.call_id,
        confirmation_id=delivery.confirmation_id,
        sequence=delivery.sequence,
        state=delivery.state,
        attempts=delivery.attempts,
        next_attempt_at=_iso(delivery.next_attempt_at),
        last_error=delivery.last_error,
        acknowledged_at=_iso(delivery.acknowledged_at),
        cad_incident_id=delivery.cad_incident_id,
    )


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else iso(instant)
