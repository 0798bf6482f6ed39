"""Settings of speech."""

from typing import Any

from pydantic import Field

from ringdown.runtime.settings import Section
from ringdown.speech.engine_settings import OpenAiCompatibleConfig


class SpeechSettings(Section):
    """How calls are turned into words."""

    engine: str = Field(
        default="moonshine",
        description="Which recogniser to use: a plugin of ringdown.asr, or several with commas "
        "between, the preferred one first.",
    )
    openai_compatible: OpenAiCompatibleConfig = OpenAiCompatibleConfig()
    engine_options: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="Settings of other plugins by their name, as their pages describe.",
    )
    fallback_after_s: float = Field(
        default=1.6,
        ge=0.2,
        le=15,
        description="A recogniser slower than this has its speech heard by the one behind it.",
    )
    model_folder: str | None = Field(
        default=None,
        description="Folder with another model for the recogniser; none uses the bundled one.",
    )
    workers: int = Field(default=1, ge=1, le=64, description="Worker processes; one core each.")
    doubtful_below: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="Words less certain than this are marked as doubtful.",
    )
    partial_every_ms: int = Field(
        default=1000,
        ge=200,
        le=10_000,
        description="About how often a long line is revised; a short one is, sooner.",
    )
    hang_after_s: float = Field(
        default=1.5, ge=0.5, le=60, description="A worker silent for longer is replaced."
    )
    start_within_s: float = Field(
        default=30, ge=1, le=600, description="A new worker not ready by then is replaced."
    )
    behind_after_s: float = Field(
        default=10, ge=1, le=600, description="The lamp says so when words are later than this."
    )
