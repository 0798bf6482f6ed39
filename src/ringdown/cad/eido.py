"""A confirmed incident as an EIDO 1.0 document, attributed to the person who confirmed it. Pure."""

from dataclasses import dataclass
from typing import Final

from ringdown.cad.civic import civic_of
from ringdown.cad.common_types import NO_CODE
from ringdown.cad.schema import CadIncident, Kind
from ringdown.incidents.api import FieldName
from ringdown.wire import pidf_lo
from ringdown.wire.eido import write
from ringdown.wire.eido.names import MEDIA_TYPE
from ringdown.wire.eido.write import Agency, Agent, Call, CallState, Incident, Place, Status
from ringdown.wire.pidf_lo import Geo, Location, PlaceUnreadable

__all__ = ["MEDIA_TYPE", "NOWHERE", "Sender", "eido_of"]

NOWHERE: Final = "ringdown.invalid"
"""The domain while none is set: by RFC 2606 nobody's."""
PRACTICE: Final = "PRACTICE - DO NOT DISPATCH"
PRIORITIES: Final = {"critical": 10, "high": 7, "medium": 4, "low": 1}
STATUSES: Final[dict[Kind, Status]] = {
    "incident.created": "Active",
    "incident.updated": "Active",
    "incident.reopened": "ReOpened",
    "incident.cancelled": "Cancelled",
}
NOTES: Final[dict[FieldName, str]] = {
    "victims": "Victims",
    "persons": "Persons described",
    "vehicles": "Vehicles described (plates unconfirmed)",
    "weapons": "Weapons",
    "hazards": "Hazards",
    "relation": "Caller",
    "category": "Category",
    "callback_number": "Call-back number",
}
"""Confirmed fields that have no member of their own, and what is written before each."""
ROLES: Final = {"witness": "Witness", "self": "InvolvedPerson"}
NETWORK_PERCENT: Final = 90
"""The confidence at which wireless networks of the United States tell a position (Phase II)."""


@dataclass(frozen=True)
class Sender:
    """Who sends documents: the agency's domain, its type, and its country."""

    domain: str = NOWHERE
    agency_type: str = "psap"
    country: str = "US"


def eido_of(payload: CadIncident, sender: Sender) -> bytes:
    """The document of a payload, the same bytes whenever it is made. For `CadMessage` alone."""
    return write.encode(write.document(_incident(payload, sender)))


def _incident(payload: CadIncident, sender: Sender) -> Incident:
    fields, confirmation = payload.fields, payload.confirmation
    kind, severity = fields.get("type"), fields.get("severity")
    by = confirmation.confirmed_by
    label = kind.text if kind else None
    return Incident(
        incident_id=payload.incident_id,
        status=STATUSES[payload.kind],
        common_type=payload.common_type or NO_CODE,
        at=confirmation.confirmed_at,
        agency=Agency(sender.domain, payload.centre.name, sender.agency_type),
        agent=Agent(by.user_id, by.name),
        call=_call(payload),
        element=f"ringdown.{sender.domain}",
        internal_code=(payload.centre.type_code or kind.value) if kind else None,
        internal_text=f"{PRACTICE}: {label or 'unknown'}" if payload.call.demo else label,
        priority=PRIORITIES.get(severity.value) if severity else None,
        priority_text=severity.text if severity else None,
        incident_place=_incident_place(payload, sender),
        caller_place=_caller_place(payload, sender),
        notes=_notes(payload),
    )


def _call(payload: CadIncident) -> Call:
    call, fields = payload.call, payload.fields
    state: CallState = "callBegin"
    if call.answered_at is not None:
        state = "callAnswered"
    if call.ended_at is not None:
        state = "callEnd"
    given, relation = fields.get("callback_number"), fields.get("relation")
    emergency = fields.get("emergency")
    more = ROLES.get(relation.value) if relation else None
    return Call(
        call_id=call.call_id,
        direction="outgoing" if call.direction == "outbound" else "incoming",
        state=state,
        started_at=call.started_at,
        answered_at=call.answered_at,
        # What nobody has confirmed to be none is an emergency.
        emergency=emergency is None or emergency.value != "no",
        local_kind=PRACTICE if call.demo else None,
        number=call.ani,
        given_number=given.value if given else None,
        roles=("Caller", more) if more else ("Caller",),
    )


def _incident_place(payload: CadIncident, sender: Sender) -> Place | None:
    field = payload.fields.get("location")
    if field is None:
        return None
    civic = civic_of(field.text, sender.country)
    entity = f"pres:incident@{sender.domain}"
    at = payload.confirmation.confirmed_at
    here = Location(entity, civic=civic.parts, method="Manual", at=at)
    crossing = tuple(Location(entity, civic=one, method="Manual") for one in civic.crossing)
    return Place("incident", "CurrentIncident", field.text, here, crossing)


def _caller_place(payload: CadIncident, sender: Sender) -> Place | None:
    """Where the network believed the caller to be, with its own uncertainty, or nothing."""
    ali = payload.call.ali
    if ali is None:
        return None
    geo = None
    if ali.lat is not None and ali.lon is not None:
        wireless = (ali.class_of_service or "").upper() in {"WPH1", "WPH2", "WRLS"}
        percent = NETWORK_PERCENT if wireless else None
        geo = Geo(ali.lat, ali.lon, ali.uncertainty_m, percent)
    # The text may be of another place than the coordinates, such as the tower: never both in one.
    civic = {"LOC": ali.text} if ali.text and geo is None else {}
    told = Location(
        f"pres:caller@{sender.domain}", geo, civic, at=ali.at, of_device=True
    )  # fmt: skip
    try:
        pidf_lo.write(told)
    except PlaceUnreadable:
        return None  # a network that tells an impossible place tells none
    text = " ".join(part for part in ("Told by the network", ali.provider, ali.text) if part)
    return Place("caller", "Caller", text, told, by_agent=False)


def _notes(payload: CadIncident) -> list[str]:
    notes = [PRACTICE] if payload.call.demo else []
    if payload.reason is not None:
        notes.append(f"Cancelled: {payload.reason}")
    for name, label in NOTES.items():
        if (field := payload.fields.get(name)) is not None:
            notes.append(f"{label}: {field.text}")
    return notes
