"""Settings of recording and of the media socket."""

from pathlib import Path

from pydantic import Field

from ringdown.runtime.settings import Section


class MediaSettings(Section):
    """Where audio is recorded, and what sources may send."""

    recordings: Path | None = Field(
        default=None, description="Folder for recordings; `recordings` in the data folder if none."
    )
    spare: Path | None = Field(
        default=None,
        description="Second folder, best on another disk, used while the first cannot be written.",
    )
    memory_mb: int = Field(
        default=256, ge=1, description="Audio kept in memory while no folder can be written, in MB."
    )
    min_free_mb: int = Field(
        default=64, ge=1, description="Free space a folder needs before it is used again, in MB."
    )
    grace_s: float = Field(
        default=60.0,
        gt=0,
        description="How long a lost source may stay away before a person is told.",
    )
    archive_wait_s: float = Field(
        default=600.0,
        ge=0,
        description="How long the raw file waits for the transcript before it is archived anyway.",
    )
    messages_per_s: int = Field(
        default=5_000, ge=100, description="Messages a second that one source may send."
    )
    leap_ms: int = Field(
        default=10_000, ge=500, description="Leap of a source's clock that is not believed, in ms."
    )
