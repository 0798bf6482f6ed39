"""What is true of callers' video, whoever carries it: rooms, identities, health. Pure."""

from datetime import datetime
from typing import ClassVar, Final

from ringdown.caller.api import PageVideo
from ringdown.core.clock import iso
from ringdown.core.errors import Conflict, Limited, NotFound, Refused, Unavailable
from ringdown.video.views import VideoHealth

ROOM_PREFIX: Final = "eyes_"
PHONE: Final = "phone_"
VIEWER: Final = "view_"
FIELD: Final = "field_"
RECORDER: Final = "record_"
VIEWER_TOKEN_S: Final = 60
MOST_VIEWERS: Final = 12
"""Who may look at one camera at the same time, people of the centre and in the field together."""
FLAT_BEATS: Final = 2
"""So many signs of life in a row without a bit of video: it is dead, whatever the page says."""


class VideoOff(Unavailable):
    """No media server is set up, so no camera can be shown."""

    code: ClassVar[str] = "video.media_server.off"
    action: ClassVar[str] = "Set media_server.mode to build or external; text goes on meanwhile."


class MediaServerSilent(Unavailable):
    """The media server does not answer, so no camera can be shown now."""

    code: ClassVar[str] = "video.media_server.silent"
    action: ClassVar[str] = "It is started again by itself; go on by text meanwhile."


class VideoNotLive(Conflict):
    """The caller shows nothing now."""

    code: ClassVar[str] = "video.stream.not_live"
    action: ClassVar[str] = "Wait until the caller's camera is on, or ask for it."


class VideoNotListed(Refused):
    """The centre has live video only for listed kinds of call, and this is none of them yet."""

    code: ClassVar[str] = "video.call_type.not_listed"
    action: ClassVar[str] = "Set the call's type first; video.call_types lists those with video."


class ViewingNotFound(NotFound):
    """No such viewing of this call."""

    code: ClassVar[str] = "video.viewing.not_found"


class ViewingTakenOver(Conflict):
    """A supervisor looks instead."""

    code: ClassVar[str] = "video.viewing.taken_over"
    action: ClassVar[str] = "Ask the supervisor named; you can look again when they have closed it."


class ViewingOver(Conflict):
    """This viewing is over, so nobody can take it over."""

    code: ClassVar[str] = "video.viewing.over"


class TooManyViewers(Limited):
    """As many people look at this camera as may at one time."""

    code: ClassVar[str] = "video.viewers.too_many"


class SignalRefused(Refused):
    """Somebody asked for the media server without a pass to a room that is open to them."""

    code: ClassVar[str] = "video.signal.refused"
    action: ClassVar[str] = "Ask for the video anew; a pass is good for one room and a short time."


def phone_of(link_id: str) -> str:
    """How the caller's phone is called in its room."""
    return f"{PHONE}{link_id}"


def viewer_of(viewing_id: str) -> str:
    """How the one who looks is called in the room; nobody but the media server sees it."""
    return f"{VIEWER}{viewing_id}"


def field_of(who: str) -> str:
    """How somebody in the field is called in the room."""
    return f"{FIELD}{who}"


def recorder_of(link_id: str) -> str:
    """How the one who records is called in the room."""
    return f"{RECORDER}{link_id}"


def judged(
    link_id: str, video: PageVideo | None, *, flat: int, carries_audio: bool, now: datetime
) -> VideoHealth:
    """How the video comes through, by what the page measured; `flat` counts beats without a bit."""
    seen = video or PageVideo()
    dead = seen.state in {"live", "slides"} and flat >= FLAT_BEATS
    return VideoHealth(
        link_id=link_id,
        state="dead" if dead else seen.state,
        width=seen.width,
        height=seen.height,
        fps=seen.fps,
        kbps=0 if dead else seen.kbps,
        loss_percent=seen.loss_percent,
        carries_audio=carries_audio and seen.sound,
        at=iso(now),
    )


def silent(link_id: str, *, carries_audio: bool, now: datetime) -> VideoHealth:
    """Nothing is known: the page gives no sign of life."""
    return VideoHealth(link_id=link_id, state="dead", carries_audio=carries_audio, at=iso(now))
