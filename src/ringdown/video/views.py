"""The shapes of viewing as everybody sees them."""

from dataclasses import dataclass
from typing import Literal

from ringdown.core.events import Value
from ringdown.core.principal import Person

Subject = Literal["video", "upload", "recording"]
VideoState = Literal["none", "live", "slides", "dead"]
"""`slides`: single pictures, because the link carries no more."""


class ViewingView(Value):
    """One person with a picture of a caller open before them."""

    viewing_id: str
    call_id: str
    subject: Subject
    subject_id: str
    """The caller link, the upload or the recording."""
    by: Person
    started_at: str
    ended_at: str | None = None
    shown_ms: int = 0
    """How long it was unblurred."""
    taken_over_by: Person | None = None
    """The supervisor who looks instead."""
    instead_of: str | None = None
    """The viewing of another person that this one took over."""


class VideoHealth(Value):
    """How the caller's video comes through now."""

    link_id: str
    state: VideoState
    width: int = 0
    height: int = 0
    fps: float = 0
    kbps: float = 0
    loss_percent: float = 0
    carries_audio: bool = False
    """Sound comes with it now; video yields to it first."""
    at: str


class PersonExposure(Value):
    """How much of what callers showed one person has seen."""

    person: Person
    viewings: int
    shown_ms: int
    """Unblurred, within the time asked for."""
    today_ms: int
    """The same, of the last 24 hours."""
    longest_ms: int


class ExposureView(Value):
    """What people have seen since then; `viewings` are those of the one who asks, newest first."""

    since: str
    people: list[PersonExposure]
    viewings: list[ViewingView]


@dataclass(frozen=True)
class Left:
    """A recording that has begun and was never handed over."""

    centre_id: str
    call_id: str
    link_id: str
    recording_id: str
