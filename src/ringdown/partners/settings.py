"""The settings of partners' interfaces."""

from pathlib import Path

from pydantic import Field

from ringdown.partners.ledger import SCHEDULE
from ringdown.runtime.settings import Section


class PartnersSettings(Section):
    """What partners may ask, and how webhooks are sent."""

    requests_per_minute: int = Field(
        default=600, ge=1, description="Requests of one partner credential; more are answered 429."
    )
    media_link_s: int = Field(
        default=900, ge=30, le=86_400, description="Seconds for which a media link holds."
    )
    caller_files: bool = Field(
        default=False,
        description="Partners are given the photos and videos of callers, each once a person of "
        "the centre has looked at it.",
    )
    phone_region: str = Field(
        default="US",
        pattern=r"^[A-Z]{2}$",
        description="Country of caller numbers that come without one (ISO 3166).",
    )
    retry_waits_s: tuple[float, ...] = Field(
        default=SCHEDULE, min_length=1, description="Seconds before each attempt of a webhook."
    )
    timeout_s: float = Field(
        default=15.0, gt=0, le=60, description="Seconds for one attempt of a webhook."
    )
    at_once: int = Field(
        default=8, ge=1, le=64, description="Webhooks sent to one endpoint at the same time."
    )
    keep_deliveries_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days for which delivered webhooks stay listed. A dead letter stays until it"
        " has been sent again or its endpoint is removed.",
    )
    ca_file: Path | None = Field(
        default=None,
        description="PEM file of an authority of your own that receivers' certificates are from.",
    )
