"""The payload a CAD is sent, as published JSON schema. A change of shape is a new version.

Each message holds everything that is confirmed at that time, not a difference: a receiver that
missed one, or meets an unknown incident in an update, simply takes the newest as it is.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from pydantic import ConfigDict, Field

from ringdown.cad.common_types import common_type
from ringdown.calls.api import Ali, Direction
from ringdown.core.events import Value, untold
from ringdown.core.principal import Person
from ringdown.incidents.api import ConfirmationView, EvidenceView, FieldName

SCHEMA_ID: Final = "urn:ringdown:cad-incident:1"
FIELD_NAMES: Final[tuple[FieldName, ...]] = get_args(FieldName)


class CadCentre(Value):
    """The emergency communications centre that sends."""

    centre_id: str
    name: str
    type_code: str | None = Field(
        default=None,
        exclude_if=untold,
        description="The centre's own code for the confirmed type, by its own table.",
    )


Kind = Literal["incident.created", "incident.updated", "incident.cancelled", "incident.reopened"]


class CadCall(Value):
    """The call the incident was reported on. What came later is left out where it is not known."""

    call_id: str
    external_id: str = Field(description="The telephone system's own id of the call.")
    ani: str | None = Field(description="The number the network reported, unconfirmed.")
    started_at: str = Field(description="ISO 8601, UTC. Evidence counts milliseconds from here.")
    demo: bool = Field(description="True for practice: never dispatch on it.")
    direction: Direction | None = Field(
        default=None, exclude_if=untold, description="Who called whom."
    )
    answered_at: str | None = Field(
        default=None, exclude_if=untold, description="When somebody picked up."
    )
    ended_at: str | None = Field(
        default=None, exclude_if=untold, description="When it was hung up, if it was by then."
    )
    ali: Ali | None = Field(
        default=None,
        exclude_if=untold,
        description="Where the network believed the caller to be, unconfirmed.",
    )


class CadField(Value):
    """One field that a person confirmed."""

    value: str = Field(description="The value for machines, such as an incident type's code.")
    text: str = Field(description="The value for people.")
    origin: Literal["heard", "typed"]
    evidence: tuple[EvidenceView, ...] = Field(description="Where it was heard; empty if typed.")


class CadConfirmation(Value):
    """Who said that this may leave, and when."""

    confirmation_id: str
    confirmed_by: Person
    confirmed_at: str
    draft_version: int
    digest: str = Field(description="SHA-256 of the stored confirmation, hexadecimal.")


class CadIncident(Value):
    """An incident as a CAD is told of it: everything that is confirmed so far.

    A cancelled one still holds what was sent last, so that the CAD knows what is taken back.
    """

    model_config = ConfigDict(title="Ringdown CAD incident, version 1")

    schema_id: Literal["urn:ringdown:cad-incident:1"] = Field(default=SCHEMA_ID, alias="schema")
    delivery_id: str = Field(description="The same in every attempt, as is Idempotency-Key.")
    incident_id: str = Field(description="The same in every message about one incident.")
    sequence: int = Field(ge=1, description="1, 2, …; a higher one replaces all lower ones.")
    kind: Kind
    reason: str | None = Field(
        default=None, exclude_if=untold, description="Why it was cancelled; only then."
    )
    centre: CadCentre
    call: CadCall
    common_type: str | None = Field(
        default=None,
        exclude_if=untold,
        description="Code of APCO 2.103.2 for the confirmed type.",
    )
    fields: dict[FieldName, CadField]
    unknown: tuple[FieldName, ...] = Field(description="Fields that no person has confirmed.")
    confirmation: CadConfirmation


def incident(
    confirmed: ConfirmationView, *, delivery_id: str, centre: CadCentre, call: CadCall
) -> CadIncident:
    """The payload of a confirmation: a pure function of what was stored when it was queued."""
    fields: dict[FieldName, CadField] = {
        name: CadField(
            value=field.value, text=field.text, origin=field.origin, evidence=field.evidence
        )
        for name, field in confirmed.fields.items()
    }
    return CadIncident(
        schema=SCHEMA_ID,
        delivery_id=delivery_id,
        incident_id=confirmed.incident_id,
        sequence=confirmed.sequence,
        kind=_kind(confirmed),
        reason=confirmed.reason,
        centre=centre,
        call=call,
        common_type=common_type(fields["type"].value) if "type" in fields else None,
        fields=fields,
        unknown=tuple(name for name in FIELD_NAMES if name not in fields),
        confirmation=CadConfirmation(
            confirmation_id=confirmed.confirmation_id,
            confirmed_by=confirmed.by,
            confirmed_at=confirmed.at,
            draft_version=confirmed.draft_version,
            digest=confirmed.digest,
        ),
    )


def _kind(confirmed: ConfirmationView) -> Kind:
    if confirmed.state == "cancelled":
        return "incident.cancelled"
    if confirmed.state == "reopened":
        return "incident.reopened"
    return "incident.created" if confirmed.sequence == 1 else "incident.updated"


def encode(payload: Value) -> bytes:
    """A payload as sent: UTF-8 JSON, keys in a fixed order, so that every attempt is equal."""
    plain = payload.model_dump(mode="json", by_alias=True)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(body: bytes) -> CadIncident:
    """Read a payload back. Raises ValueError (pydantic's ValidationError is one)."""
    return CadIncident.model_validate_json(body)


def json_schema() -> dict[str, Any]:
    """The published schema (JSON Schema 2020-12)."""
    return published(CadIncident, SCHEMA_ID)


def schema_text() -> str:
    """The schema as it stands in `docs/reference/cad-incident.schema.json`."""
    return as_text(json_schema())


def published(kind: type[Value], schema_id: str) -> dict[str, Any]:
    """The schema of a payload that names its schema in `schema`."""
    made: Mapping[str, Any] = kind.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id,
        **made,
        "required": sorted({*made["required"], "schema"}),
    }


def as_text(schema: Mapping[str, Any]) -> str:
    """A schema as it stands in a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
