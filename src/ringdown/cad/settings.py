"""The settings of the CAD lane."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr

from ringdown.runtime.settings import Section


class WebhookConfig(Section):
    """A CAD, or a program in front of one, that takes incidents by HTTPS POST."""

    url: str = Field(default="", description="HTTPS address; plain HTTP on this machine only.")
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


class CadSettings(Section):
    """Where confirmed incidents go."""

    adapter: str | None = Field(
        default=None, description="Plugin of the group ringdown.cad, such as `webhook`; none holds."
    )
    webhook: WebhookConfig = WebhookConfig()
    options: dict[str, Any] = Field(
        default_factory=dict, description="Settings of another adapter, as its page describes."
    )
    timezone: str = Field(
        default="UTC", description="IANA time zone in which the CAD lamp tells the time."
    )
