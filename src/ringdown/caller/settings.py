"""Settings of caller links."""

from pydantic import Field

from ringdown.caller.views import Share
from ringdown.runtime.settings import Section


class CallerSettings(Section):
    """Links by which a caller shows where they are and what they see."""

    public_url: str | None = Field(
        default=None,
        description="What phones use to reach this server (https://…); none: as `http.public_url`.",
    )
    minutes: int = Field(default=30, ge=1, le=240, description="How long a link can be opened.")
    shares: tuple[Share, ...] = Field(
        default=("location", "video", "upload", "chat"),
        description="What may be asked of callers at all.",
    )
    trail_every_s: int = Field(
        default=5, ge=1, le=300, description="Seconds between two fixes of a trail."
    )
    unopened_after_s: int = Field(
        default=60, ge=5, le=1800, description="When an unopened link is offered to go on by text."
    )
    quiet_after_s: int = Field(
        default=4, ge=2, le=120, description="Seconds without a sign of life until a page is quiet."
    )
