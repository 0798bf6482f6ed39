"""The settings of the CAD lane."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints, field_validator

from ringdown.incidents.api import INCIDENT_TYPES
from ringdown.runtime.settings import Section
from ringdown.wire.eido.registries import AGENCY_TYPES

TypeCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern="^[ -~]+$")
]
"""A code of a CAD's own: short and printable."""


class WebhookConfig(Section):
    """A CAD, or a program in front of one, that takes incidents by HTTPS POST."""

    url: str = Field(default="", description="HTTPS address; plain HTTP on this machine only.")
    content: Literal["ringdown", "eido"] = Field(
        default="ringdown",
        description="What is sent: our own published JSON, or EIDO 1.0 (NENA-STA-021.1b).",
    )
    secret: SecretStr | None = Field(
        default=None, description="Standard Webhooks secret that signs, `whsec_…`."
    )
    previous_secret: SecretStr | None = Field(
        default=None, description="The secret before; signs as well while it is being replaced."
    )
    secret_file: Path | None = Field(
        default=None, description="File with the secrets instead, one a line, the newest first."
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of the authority that the CAD's certificate is from."
    )
    connect_timeout_s: float = Field(
        default=5.0, gt=0, le=60, description="Seconds to wait for a connection."
    )
    timeout_s: float = Field(
        default=10.0, gt=0, le=120, description="Seconds to wait for the whole answer."
    )


FQDN = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$"


class EidoConfig(Section):
    """Who an EIDO document names as its sender."""

    domain: str | None = Field(
        default=None,
        pattern=FQDN,
        max_length=253,
        description="The agency's own domain, from which its identifiers are made.",
    )
    agency_type: str = Field(
        default="psap",
        description="Its type in urn:emergency:service:responder, such as `police.sheriff`.",
    )
    country: str = Field(
        default="US", pattern="^[A-Z]{2}$", description="ISO 3166 code of its addresses."
    )

    @field_validator("agency_type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in AGENCY_TYPES:
            raise ValueError("not a type of the registry")
        return value


class CadSettings(Section):
    """Where confirmed incidents go."""

    adapter: str | None = Field(
        default=None, description="Plugin of the group ringdown.cad, such as `webhook`; none holds."
    )
    webhook: WebhookConfig = WebhookConfig()
    eido: EidoConfig = EidoConfig()
    types: dict[str, TypeCode] = Field(
        default_factory=dict,
        description="The CAD's own code for each of our incident types, such as "
        '`structure_fire = "FIRE-S"`; those not named have none.',
    )
    options: dict[str, Any] = Field(
        default_factory=dict, description="Settings of another adapter, as its page describes."
    )
    timezone: str = Field(
        default="UTC", description="IANA time zone in which the CAD lamp tells the time."
    )

    @field_validator("types")
    @classmethod
    def _ours(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value) - {kind.code for kind in INCIDENT_TYPES})
        if unknown:
            raise ValueError(f"no incident type has the code {unknown[0]}")
        return value
