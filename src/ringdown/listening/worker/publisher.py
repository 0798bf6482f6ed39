"""The port through which a worker plays to one listener's room on the media server."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

from ringdown.core.errors import RingdownError, Unavailable
from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.mix import Pcm16


class RoomUnreachable(Unavailable):
    """The media server cannot be reached, or the connection to it was lost for good."""

    code: ClassVar[str] = "listening.room.unreachable"
    action: ClassVar[str] = "Listeners come back by themselves once the media server is there."


class RoomRefused(RingdownError):
    """The media server does not let the worker into the room: it is gone, or the token is old."""

    code: ClassVar[str] = "listening.room.refused"
    action: ClassVar[str] = "The session is opened again with a new room; report it if it repeats."


class RoomLeft(RingdownError):
    """The worker was removed from the room, or the room was deleted."""

    code: ClassVar[str] = "listening.room.left"
    severity = "warning"
    action: ClassVar[str] = "Nothing to do if the session was closed; else it is opened again."


class PublisherFailed(RingdownError):
    """The media client failed in a way of its own."""

    code: ClassVar[str] = "listening.publisher.failed"
    action: ClassVar[str] = "The session is opened again; report this if it repeats."


@dataclass(frozen=True)
class Came:
    """Somebody is in the room (who was there already counts), or can now be told something."""

    identity: str


@dataclass(frozen=True)
class Went:
    """Somebody has left the room."""

    identity: str


@dataclass(frozen=True)
class Packet:
    """A data packet, reliable or not, with the sender's identity as the media server gives it.

    The identity is empty while the sender has not been announced.
    """

    identity: str
    data: bytes
    topic: str = ""


@dataclass(frozen=True)
class Lost:
    """The room is lost for good: the last event. `code` is one of the errors above."""

    code: str


RoomEvent = Came | Went | Packet | Lost


class Output(Protocol):
    """One mono track at 16 kHz, named `call`, in one room. Nothing here waits or raises."""

    def push(self, samples: Pcm16) -> None:
        """Play these after what was pushed before; when nothing is left, silence is played."""
        ...

    def clear(self) -> None:
        """Throw away what was pushed and is not yet played."""
        ...

    def post(self, data: bytes, to: str) -> None:
        """Send a data packet, reliable and in order, to one identity alone."""
        ...

    def events(self) -> AsyncIterator[RoomEvent]:
        """What happens in the room, from the beginning, until `Lost` or `close`."""
        ...

    async def close(self) -> None:
        """Leave the room; closing twice changes nothing."""
        ...


class Publisher(Protocol):
    """Joins rooms."""

    async def open(self, url: str, token: Sensitive[str]) -> Output:
        """Join and publish the track. Raises the errors above."""
        ...
