"""What other features may ask of listening: open a session, end it, and who listens now."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from ringdown.core.errors import Conflict, Gone
from ringdown.core.events import Value
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive

__all__ = [
    "Listening",
    "NoAudio",
    "RecordingRemoved",
    "SessionView",
    "StreamGrant",
]


class NoAudio(Conflict):
    """The call has no audio that could be heard."""

    code: ClassVar[str] = "no_audio"
    action: ClassVar[str] = "Ask again once audio has come in; a call without audio stays silent."


class RecordingRemoved(Gone):
    """The call had a recording, and it is no longer held (410)."""

    code: ClassVar[str] = "recording_removed"
    action: ClassVar[str] = "The centre no longer keeps this recording; ask the centre."


@dataclass(frozen=True)
class StreamGrant:
    """What a listener needs to join: the media server's WebSocket URL and a JWT for one room.

    `identity` is the listener's name on the media server, random and opaque. The token bounds the
    first connect only; the session itself ends when it is closed.
    """

    session_id: str
    url: str
    token: Sensitive[str] = field(repr=False)
    identity: str
    autoplay: bool
    """What was asked for; what holds is decided by the state of the call when it is joined."""
    expires_in: int
    expires_at: datetime


class SessionView(Value):
    """A listening session as supervisors and administrators see it. Times are ISO 8601 UTC.

    `state` is issued (nobody joined yet), live (joined), away (left, may come back) or closed.
    `position_ms` and `duration_ms` are on the call's clock, as the worker last told them.
    """

    session_id: str
    call_id: str
    listener: str
    listener_kind: str
    state: str
    created_at: str
    joined_at: str | None
    closed_at: str | None
    closed_because: str | None
    position_ms: int | None
    duration_ms: int | None
    paused: bool | None


class Listening(Protocol):
    """Listening sessions of the principal's centre; another centre's call is not found."""

    async def open(
        self,
        principal: Principal,
        call_id: str,
        *,
        autoplay: bool | None = None,
        participant: str | None = None,
    ) -> StreamGrant:
        """Make a room and a token for one listener of one call; audited.

        `participant` says who listens on the partner's side: kept for the audit log alone. Raises
        NotFound, `NoAudio`, `RecordingRemoved`, Unavailable (no media server), Limited.
        """
        ...

    async def close(self, principal: Principal, session_id: str) -> None:
        """End one session of one's own; closing twice changes nothing. Raises NotFound."""
        ...

    async def close_all_of(self, centre_id: str, principal_id: str, reason: str) -> int:
        """End every session of a client or a person at once; how many there were."""
        ...

    async def sessions(self, principal: Principal) -> list[SessionView]:
        """Sessions of the centre that are not closed, and those closed in the last hour."""
        ...
