"""The settings of an installation, composed of each feature's own section.

`ringdown config explain` prints them all; a file is TOML, a variable is `RINGDOWN_HTTP__PORT`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from ringdown.assist.settings import AssistSettings
from ringdown.cad.settings import CadSettings
from ringdown.caller.settings import CallerSettings
from ringdown.identity.settings import IdentitySettings
from ringdown.incidents.settings import ExtractorSettings
from ringdown.listening.settings import ListeningSettings
from ringdown.media.adapters.livekit_settings import MediaServerSettings
from ringdown.media.settings import MediaSettings
from ringdown.partners.settings import PartnersSettings
from ringdown.responders.settings import ResponderSettings
from ringdown.runtime import settings as reading
from ringdown.runtime.settings import Section
from ringdown.speech.settings import SpeechSettings
from ringdown.texting.settings import TextingSettings
from ringdown.uploads.settings import UploadSettings
from ringdown.video.settings import VideoSettings

ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
NOT_SETTINGS = frozenset({"RINGDOWN_CACHE", "RINGDOWN_DATA", "RINGDOWN_CONFIG"})
"""Variables that say where things are; they are read before the settings."""


def default_data() -> Path:
    """Where data are kept unless told otherwise."""
    named = os.environ.get("RINGDOWN_DATA")
    return Path(named) if named else Path.home() / ".local" / "share" / "ringdown"


class HttpSettings(Section):
    """Where the console and the interfaces are served."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8911, ge=0, le=65_535, description="Port; 0 takes a free one.")
    public_url: str | None = Field(
        default=None,
        description="What browsers use to reach this server, when that is not http://host:port.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="PEM file; with tls_key, everything is served over TLS."
    )
    tls_key: Path | None = Field(default=None, description="PEM file of the private key.")


class DatabaseSettings(Section):
    """Where facts are kept."""

    url: SecretStr | None = Field(
        default=None,
        description="postgresql://user:password@host/name, or none for SQLite in the data folder.",
    )
    url_file: Path | None = Field(
        default=None, description="File that holds the URL, to keep the password out of here."
    )


class BusSettings(Section):
    """How the parts tell each other what happened."""

    url: str | None = Field(
        default=None, description="nats://host:4222, or none for one machine without NATS."
    )


class LogSettings(Section):
    """What is written to the log, which never holds personal data."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe line that is kept."
    )


class TelemetrySettings(Section):
    """Traces for the engineers of an agency."""

    otlp_endpoint: str | None = Field(
        default=None, description="OTLP/HTTP address that takes traces; none sends none."
    )


class Settings(Section):
    """All settings of an installation."""

    data: Path = Field(
        default_factory=default_data, description="The one folder that holds everything."
    )
    http: HttpSettings = HttpSettings()
    database: DatabaseSettings = DatabaseSettings()
    bus: BusSettings = BusSettings()
    logs: LogSettings = LogSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    identity: IdentitySettings = IdentitySettings()
    media_server: MediaServerSettings = MediaServerSettings()
    media: MediaSettings = MediaSettings()
    listening: ListeningSettings = ListeningSettings()
    speech: SpeechSettings = SpeechSettings()
    extractor: ExtractorSettings = ExtractorSettings()
    cad: CadSettings = CadSettings()
    texting: TextingSettings = TextingSettings()
    caller: CallerSettings = CallerSettings()
    video: VideoSettings = VideoSettings()
    uploads: UploadSettings = UploadSettings()
    responders: ResponderSettings = ResponderSettings()
    partners: PartnersSettings = PartnersSettings()
    assist: AssistSettings = AssistSettings()

    @property
    def phones_warning(self) -> str | None:
        """What is wrong with the address in links to callers' phones; None if nothing is."""
        carriers = {"twilio": self.texting.twilio.url, "http": self.texting.http.url}
        carrier = carriers.get(self.texting.carrier)
        if carrier is None:
            return None
        scheme = "http" if self.http.tls_certificate is None else "https"
        own = f"{scheme}://{self.http.host}:{self.http.port}"
        address = urlsplit(self.caller.public_url or self.http.public_url or own)
        here = address.hostname in ON_THIS_MACHINE
        if here and urlsplit(carrier).hostname not in ON_THIS_MACHINE:
            trouble = "which leads phones nowhere"
        elif address.scheme != "https" and not here:
            trouble = "and phones give camera and location to https pages alone"
        else:
            return None
        return (
            f"links in texts begin with {address.scheme}://{address.netloc}, {trouble}. "
            "Set caller.public_url to the https:// address at which phones reach this server."
        )


def load(
    file: Path | None,
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings once. Raises `BadConfig` naming the key and the nearest known one."""
    return reading.load(
        Settings,
        file=file,
        environ=os.environ if environ is None else environ,
        overrides=overrides,
        ignored=NOT_SETTINGS,
    )
