"""Settings of the recognisers that come with the package and need more than a model folder."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from ringdown.core.hosts import is_loopback
from ringdown.runtime.settings import Section


class OpenAiCompatibleConfig(Section):
    """A recogniser behind HTTP that answers as OpenAI's `/v1/audio/transcriptions` does."""

    url: str = Field(
        default="",
        description="Where it is, such as https://asr.example.org; /v1/audio/transcriptions is "
        "added.",
    )
    model: str = Field(default="whisper-1", description="The model to ask for, as the server says.")
    language: str = Field(default="en", description="The language spoken, as ISO 639-1; none: any.")
    key_file: Path | None = Field(
        default=None, description="File that holds the key, sent as a bearer token."
    )
    timeout_s: float = Field(
        default=1.5,
        ge=0.2,
        le=10,
        description="Seconds for one piece of speech, then the engine behind hears it.",
    )
    at_once: int = Field(default=4, ge=1, le=32, description="Pieces sent at the same time.")
    allow_plain_http: bool = Field(
        default=False,
        description="Allow http:// to this machine or to a private network's address.",
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of the authority that its certificate is from."
    )
    proxy: str | None = Field(
        default=None,
        description="http://host:port of a proxy to go through; the environment's are not used.",
    )

    @property
    def audio_goes_to(self) -> str | None:
        """The host that gets the audio; None while it stays on this machine."""
        host = urlsplit(self.url).hostname or ""
        return None if is_loopback(host) and self.proxy is None else host
