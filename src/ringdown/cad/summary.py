"""What everybody else may know of a confirmed incident: a short summary of each version. Pure.

It goes out as the subject `incident.summary.{id}`; its JSON schema is published.
"""

import re
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from ringdown.cad.schema import CadIncident, Kind, as_text, published
from ringdown.core.events import Value
from ringdown.core.principal import Person
from ringdown.incidents.api import ConfirmationState, EvidenceView

SUBJECT: Final = "incident.summary"
SUMMARY_SCHEMA_ID: Final = "urn:ringdown:incident-summary:1"
STATES: Final[dict[Kind, ConfirmationState]] = {
    "incident.created": "active",
    "incident.updated": "active",
    "incident.reopened": "reopened",
    "incident.cancelled": "cancelled",
}


class SummaryField(Value):
    """A field that a person confirmed, and where it was heard."""

    value: str
    text: str
    origin: Literal["heard", "typed"]
    evidence: tuple[EvidenceView, ...] = Field(description="Empty when it was typed.")


class IncidentSummary(Value):
    """One version of an incident, as a person confirmed it. A field that is null is unknown."""

    model_config = ConfigDict(
        title="Ringdown incident summary, version 1", validate_by_name=True, validate_by_alias=True
    )

    schema_id: Literal["urn:ringdown:incident-summary:1"] = Field(
        default=SUMMARY_SCHEMA_ID, alias="schema"
    )
    incident_id: str = Field(description="The same in every version.")
    version: int = Field(ge=1, description="1, 2, …; a higher one replaces all lower ones.")
    state: ConfirmationState
    reason: str | None = Field(description="Why it was cancelled; null otherwise.")
    call_id: str
    demo: bool = Field(description="True for practice: never dispatch on it.")
    type: SummaryField | None
    location: SummaryField | None
    victims: SummaryField | None
    severity: SummaryField | None
    confirmed_by: Person
    confirmed_at: str = Field(description="ISO 8601, UTC.")
    confirmation_id: str
    digest: str = Field(description="SHA-256 of the stored confirmation, hexadecimal.")


def summary_of(payload: CadIncident) -> IncidentSummary:
    """The summary of a payload. For `CadMessage` alone."""
    fields = {
        name: SummaryField(
            value=field.value, text=field.text, origin=field.origin, evidence=field.evidence
        )
        for name, field in payload.fields.items()
    }
    done = payload.confirmation
    return IncidentSummary(
        schema=SUMMARY_SCHEMA_ID,
        incident_id=payload.incident_id,
        version=payload.sequence,
        state=STATES[payload.kind],
        reason=payload.reason,
        call_id=payload.call.call_id,
        demo=payload.call.demo,
        type=fields.get("type"),
        location=fields.get("location"),
        victims=fields.get("victims"),
        severity=fields.get("severity"),
        confirmed_by=done.confirmed_by,
        confirmed_at=done.confirmed_at,
        confirmation_id=done.confirmation_id,
        digest=done.digest,
    )


def subject(summary: IncidentSummary) -> str:
    """The subject of an incident: a token of it has no dot, space or wildcard."""
    return f"{SUBJECT}.{re.sub(r'[^A-Za-z0-9_-]', '_', summary.incident_id)}"


def summary_json_schema() -> dict[str, Any]:
    """The published schema (JSON Schema 2020-12)."""
    return published(IncidentSummary, SUMMARY_SCHEMA_ID)


def summary_schema_text() -> str:
    """The schema as it stands in `docs/reference/incident-summary.schema.json`."""
    return as_text(summary_json_schema())
