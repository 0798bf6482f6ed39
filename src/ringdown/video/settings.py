"""Settings of callers' video."""

from pydantic import Field

from ringdown.runtime.settings import Section


class VideoSettings(Section):
    """The caller's camera on the console."""

    max_kbps: int = Field(
        default=250, ge=64, le=2000, description="Bit rate of the whole video, at most."
    )
    call_types: tuple[str, ...] | None = Field(
        default=None,
        description="Codes of incident types for which live video may be asked; none: all.",
    )
    carry_audio: bool = Field(
        default=False, description="Let the page carry sound too; video then yields to it."
    )
    record: bool = Field(
        default=False,
        description="Record what callers show, one process for each camera, and keep it with the "
        "call like a file from the caller. Needs `pip install ringdown[record]`.",
    )
    record_at_once: int = Field(
        default=8,
        ge=1,
        le=100,
        description="Cameras that are recorded at the same time, at most. Further ones are shown "
        "and not recorded, which a lamp and the audit log say.",
    )
    longest_viewing_s: int = Field(
        default=1800, ge=10, description="A picture left open is closed after so many seconds."
    )
