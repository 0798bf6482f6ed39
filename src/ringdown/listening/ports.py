"""What listening needs from outside: a store, rooms on a media server, and worker processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal, Protocol

from ringdown.core.errors import Unauthenticated, Unavailable
from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.session import Session
from ringdown.runtime.db import Tx

UP_AGAIN_S: Final = 5
"""When to ask again: a media server that went down is up again by then."""


class RoomsUnreachable(Unavailable):
    """The media server does not answer, so nobody can begin to listen."""

    code: ClassVar[str] = "listening.rooms.unreachable"
    action: ClassVar[str] = "Look at the media server's lamp; it is started again by itself."

    def __init__(self, message: str, *, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message, details={"retry_after_s": UP_AGAIN_S, **(details or {})})


class EventRefused(Unauthenticated):
    """A notice that does not come from our media server, or was changed on its way."""

    code: ClassVar[str] = "listening.event.refused"
    action: ClassVar[str] = "Only the media server sends these; check its key and secret."


class ListeningStore(Protocol):
    """Where sessions are kept."""

    async def add(self, tx: Tx, session: Session) -> None:
        """Keep a new session."""
        ...

    async def save(self, tx: Tx, session: Session) -> None:
        """Keep the new state of a session."""
        ...

    async def get(self, tx: Tx, centre_id: str, session_id: str) -> Session | None:
        """One session of this centre; another centre's looks missing."""
        ...

    async def of_centre(self, tx: Tx, centre_id: str, closed_after: datetime) -> list[Session]:
        """Sessions that are not closed, and those closed later than that; oldest first."""
        ...

    async def unfinished(self, tx: Tx) -> list[Session]:
        """Every session of every centre for which something is left to be done."""
        ...


@dataclass(frozen=True)
class RoomEvent:
    """What the media server tells of one of its rooms."""

    kind: Literal["joined", "left", "room_over", "other"]
    room: str
    identity: str


class Rooms(Protocol):
    """Rooms on the media server, one for each session, and tokens for them."""

    @property
    def public_url(self) -> str:
        """The WebSocket address that listeners are given."""
        ...

    @property
    def worker_url(self) -> str:
        """The WebSocket address that workers use."""
        ...

    async def make(self, session: Session, *, empty_s: int, departure_s: int) -> None:
        """Have a room for two; one that is there stays as it is. Raises `RoomsUnreachable`."""
        ...

    async def remove(self, room: str) -> None:
        """Disconnect everybody and have no such room. Raises `RoomsUnreachable`."""
        ...

    async def existing(self, rooms: list[str]) -> set[str]:
        """Which of these rooms there are. Raises `RoomsUnreachable`."""
        ...

    async def has(self, room: str, identity: str) -> bool:
        """Whether a participant is in the room. Raises `RoomsUnreachable`."""
        ...

    async def tell(self, session: Session, packet: dict[str, str]) -> None:
        """Send the listener a packet, reliably. Raises `RoomsUnreachable`."""
        ...

    def listener_token(self, session: Session, lifetime: timedelta) -> Sensitive[str]:
        """A token with which the listener may join this room, hear, and send commands."""
        ...

    def worker_token(self, session: Session) -> Sensitive[str]:
        """A token with which the worker may join this room, play and send."""
        ...

    def event(self, body: bytes, authorization: str) -> RoomEvent:
        """Read a notice of the media server. Raises `EventRefused`."""
        ...
