"""Settings of the recognisers that come with the package and need more than a model folder."""

from pydantic import Field

from ringdown.runtime.outside_settings import OutsideServer


class OpenAiCompatibleConfig(OutsideServer):
    """A recogniser behind HTTP that answers as OpenAI's `/v1/audio/transcriptions` does."""

    url: str = Field(
        default="",
        description="Where it is, such as https://asr.example.org; /v1/audio/transcriptions is "
        "added.",
    )
    model: str = Field(default="whisper-1", description="The model to ask for, as the server says.")
    language: str = Field(default="en", description="The language spoken, as ISO 639-1; none: any.")
    timeout_s: float = Field(
        default=1.5,
        ge=0.2,
        le=10,
        description="Seconds for one piece of speech, then the engine behind hears it.",
    )
    at_once: int = Field(default=4, ge=1, le=32, description="Pieces sent at the same time.")

    @property
    def audio_goes_to(self) -> str | None:
        """The host that gets the audio; None while it stays on this machine."""
        return self.goes_to
