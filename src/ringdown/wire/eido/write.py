"""An EIDO 1.0 document from plain values; what is made is checked before it is given out."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import NAMESPACE_URL, uuid5

from ringdown.wire import pidf_lo
from ringdown.wire.eido.check import ensure
from ringdown.wire.eido.names import VERSION
from ringdown.wire.pidf_lo import Location

Status = Literal["Active", "ReOpened", "Cancelled"]
Direction = Literal["incoming", "outgoing", "internal"]
CallState = Literal["callBegin", "callAnswered", "callEnd"]
TELEPHONE: Final = re.compile(r"\+?\d{3,15}")


@dataclass(frozen=True)
class Agency:
    """Who sends: `fqdn` is its identifier, `kind` its type without the responder prefix."""

    fqdn: str
    name: str
    kind: str = "psap"


@dataclass(frozen=True)
class Agent:
    """The person who stands for what the document says."""

    agent_id: str
    name: str


@dataclass(frozen=True)
class Place:
    """A location component: `kind` from the registry, `text` as a person reads it."""

    key: str
    kind: str
    text: str
    location: Location
    crossing: tuple[Location, ...] = ()
    """The other streets, where it is an intersection."""
    by_agent: bool = True
    """Whether the person stands for it; otherwise it is what the network told."""


@dataclass(frozen=True)
class Call:
    """The call the incident was reported on."""

    call_id: str
    direction: Direction
    state: CallState
    started_at: str
    answered_at: str | None = None
    emergency: bool = True
    local_kind: str | None = None
    number: str | None = None
    """As the network tells it."""
    given_number: str | None = None
    """As the caller gave it."""
    roles: tuple[str, ...] = ("Caller",)


@dataclass(frozen=True)
class Incident:
    """Everything a document says."""

    incident_id: str
    status: Status
    common_type: str
    at: str
    """When its state became what it is: ISO 8601."""
    agency: Agency
    agent: Agent
    call: Call
    element: str
    """The element that issues, as a host name."""
    internal_code: str | None = None
    internal_text: str | None = None
    priority: int | None = None
    """0 to 10, with 10 the highest."""
    priority_text: str | None = None
    incident_place: Place | None = None
    caller_place: Place | None = None
    notes: Sequence[str] = ()
    """Plain text: escaped here."""


def urn(kind: Literal["incidentid", "callid"], own_id: str, fqdn: str) -> str:
    """`urn:emergency:uid:…` of 10 to 36 letters and digits (NENA-STA-010.3 §2.1.6)."""
    local = re.sub(r"[^A-Za-z0-9]", "", own_id.partition("_")[2] or own_id)
    if len(local) > 36:
        local = sha256(own_id.encode()).hexdigest()[:36]
    return f"urn:emergency:uid:{kind}:{local.rjust(10, '0')}:{fqdn}"


def note(text: str) -> str:
    """A note as an HTML5 fragment: whatever it holds is shown as text and as nothing else."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return f"<p>{html.escape(kept, quote=True)}</p>"


def telephone(number: str | None) -> str | None:
    """A `tel:` URI (RFC 3966), or None for what is no telephone number."""
    digits = re.sub(r"[ ().\-]", "", number or "")
    return f"tel:{digits}" if TELEPHONE.fullmatch(digits) else None


def document(incident: Incident) -> dict[str, Any]:
    """The document. Raises EidoInvalid, PlaceUnreadable."""
    made = _Made(incident)
    plain = made.document()
    ensure(plain)
    return plain


def encode(plain: Mapping[str, Any]) -> bytes:
    """As sent: UTF-8 JSON with keys in a fixed order, so that every attempt is equal."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class _Made:
    """One document in the making."""

    def __init__(self, incident: Incident) -> None:
        self.told = incident
        self.urn = urn("incidentid", incident.incident_id, incident.agency.fqdn)
        self.call_urn = urn("callid", incident.call.call_id, incident.agency.fqdn)
        self.agency_id = incident.agency.fqdn
        self.agent_id = f"{incident.agent.agent_id}@{incident.agency.fqdn}"
        self.callback_id = self._id("callback")
        self.caller_id = self._id("caller")

    def document(self) -> dict[str, Any]:
        told = self.told
        notes = [self._note(at, text) for at, text in enumerate(told.notes)]
        callback = self._callback()
        places = [place for place in (told.incident_place, told.caller_place) if place]
        plain: dict[str, Any] = {
            **self._prologue(self.urn),
            "eidoVersion": VERSION,
            "issuingElementIdentification": told.element,
            "agencyComponent": [self._agency()],
            "agentComponent": [self._agent()],
            "incidentComponent": self._incident([one["$id"] for one in notes]),
            "callComponent": [self._call(callback is not None)],
            "callbackComponent": [callback] if callback else [],
            "personComponent": [self._caller(callback is not None)],
            "locationComponent": [self._place(place) for place in places],
            "notesComponent": notes,
        }
        return _without_empty(plain)

    def _id(self, key: str) -> str:
        """An id of a component: the same in every version of the incident."""
        return str(uuid5(NAMESPACE_URL, f"{self.urn}#{key}"))

    def _prologue(self, own: str, *, by_agent: bool = True) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "$id": own,
            "lastUpdateTimeStamp": self.told.at,
            "updatedByAgencyReference": _ref(self.agency_id),
        }
        return plain | ({"updatedByAgentReference": _ref(self.agent_id)} if by_agent else {})

    def _agency(self) -> dict[str, Any]:
        return {
            **self._prologue(self.agency_id, by_agent=False),
            "agencyJcard": _jcard(self.told.agency.name),
            "agencyRoleDescriptionRegistryText": ["CallReceiving"],
            "agencyType": [self.told.agency.kind],
            "incidentOwningAgencyIndicator": True,
        }

    def _agent(self) -> dict[str, Any]:
        return {
            **self._prologue(self.agent_id, by_agent=False),
            "agentJcard": _jcard(self.told.agent.name),
            "agentRoleRegistryText": ["Call Taking"],
            "agencyReference": _ref(self.agency_id),
        }

    def _incident(self, notes: list[str]) -> dict[str, Any]:
        told = self.told
        place = told.incident_place
        return _without_empty(
            {
                **self._prologue(self._id("incident")),
                "incidentTypeCommonRegistryText": told.common_type,
                "incidentTypeInternalCode": told.internal_code,
                "incidentTypeInternalText": told.internal_text,
                "incidentStatusCommonRegistryText": [told.status],
                "internalIncidentId": told.incident_id,
                "incidentCommonPriorityNumber": told.priority,
                "incidentPriorityInternalText": told.priority_text,
                "agentReference": [_ref(self.agent_id)],
                "personReference": [_ref(self.caller_id)],
                "locationReference": [_ref(self._id(f"place {place.key}"))] if place else [],
                "notesReference": [_ref(one) for one in notes],
            }
        )

    def _call(self, has_callback: bool) -> dict[str, Any]:
        call, place = self.told.call, self.told.caller_place
        return _without_empty(
            {
                **self._prologue(self.call_urn, by_agent=False),
                "standardPrimaryCallType": "emergency" if call.emergency else "nonEmergency",
                "localCallType": call.local_kind,
                "direction": call.direction,
                "callStateRegistryText": call.state,
                "callStartTimestamp": call.started_at,
                "answerDate": call.answered_at,
                "agentReference": [_ref(self.agent_id)],
                "personReference": [_ref(self.caller_id)],
                "callBackReference": _ref(self.callback_id) if has_callback else None,
                "locationReference": [_ref(self._id(f"place {place.key}"))] if place else [],
            }
        )

    def _callback(self) -> dict[str, Any] | None:
        network, given = telephone(self.told.call.number), telephone(self.told.call.given_number)
        if network is None and given is None:
            return None
        updated = {
            **self._prologue(self._id("given number")),
            "updatedCbnIdentifierUri": given,
            "updatedCbnCallerDescription": "Given by the caller",
        }
        return _without_empty(
            {
                **self._prologue(self.callback_id),
                "callBackInformationUri": [network] if network else [],
                "updatedCbn": updated if given else None,
            }
        )

    def _caller(self, has_callback: bool) -> dict[str, Any]:
        return _without_empty(
            {
                **self._prologue(self.caller_id),
                "personIncidentRoleRegistryText": list(self.told.call.roles),
                "callIdentifier": [self.call_urn],
                "callBackReference": _ref(self.callback_id) if has_callback else None,
            }
        )

    def _place(self, place: Place) -> dict[str, Any]:
        return _without_empty(
            {
                **self._prologue(self._id(f"place {place.key}"), by_agent=place.by_agent),
                "locationTypeDescriptionRegistryText": place.kind,
                "locationByValue": pidf_lo.write(place.location),
                "locationDescriptionText": place.text,
                "intersectingStreetByValue": [pidf_lo.write(one) for one in place.crossing],
            }
        )

    def _note(self, at: int, text: str) -> dict[str, Any]:
        return {
            **self._prologue(self._id(f"note {at}")),
            "notesActionComments": note(text),
            "agentReference": _ref(self.agent_id),
        }


def _ref(own: str) -> dict[str, str]:
    return {"$ref": own}


def _jcard(name: str) -> str:
    """A jCard (RFC 7095) with a name, as the text that EIDO wants."""
    plain: dict[str, str] = {}
    card: list[object] = ["vcard", [["version", plain, "text", "4.0"], ["fn", plain, "text", name]]]
    return json.dumps(card, ensure_ascii=False)


def _without_empty(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in (None, [], "")}
