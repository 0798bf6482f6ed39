"""What video needs from outside."""

from datetime import datetime
from typing import Literal, Protocol

from ringdown.core.events import Signal
from ringdown.core.sensitive import Sensitive
from ringdown.incidents.api import DraftView
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept
from ringdown.video.views import Left, ViewingView

Part = Literal["phone", "viewer"]


class VideoStore(Protocol):
    """Keeps who looked at what."""

    @property
    def viewings(self) -> Documents[ViewingView]:
        """The rows of one kind."""
        ...

    async def unfinished(self, tx: Tx) -> list[tuple[str, ViewingView]]:
        """Viewings of every centre that have no end, each with its centre."""
        ...

    async def taken(
        self, tx: Tx, centre_id: str, call_id: str, subject_id: str
    ) -> list[Kept[ViewingView]]:
        """Viewings of one thing that have no end."""
        ...

    async def exposure(
        self, tx: Tx, centre_id: str, since: str, user_id: str | None = None
    ) -> list[ViewingView]:
        """Viewings begun since then, the newest first; of one person or of everybody."""
        ...


class Eyes(Protocol):
    """Rooms on the media server, one for each camera. All raise `MediaServerSilent`."""

    @property
    def signal_url(self) -> str:
        """The WebSocket address at which this server itself reaches the media server."""
        ...

    async def make(self, room: str, *, most: int) -> None:
        """Have a room; one that is there stays as it is."""
        ...

    async def remove(self, room: str) -> None:
        """Disconnect everybody and have no such room."""
        ...

    async def present(self, room: str) -> set[str] | None:
        """Who is in the room; None if there is no such room."""
        ...

    async def rooms(self) -> set[str]:
        """Every room for a camera that there is."""
        ...

    async def put_out(self, room: str, identity: str) -> None:
        """Disconnect one participant; nobody of that name is no error."""
        ...

    def token(
        self, room: str, identity: str, part: Part, *, seconds: int, sound: bool = False
    ) -> Sensitive[str]:
        """A phone publishes its camera and hears nobody; a viewer is hidden and publishes nothing.

        With `sound` a phone may publish its microphone too.
        """
        ...

    def read_token(self, token: str) -> tuple[str, str] | None:
        """Room and identity of a token that we signed and that is still good; None of others."""
        ...


class ReadDrafts(Protocol):
    """What video reads of incidents: of which type the call is."""

    async def read_draft(self, tx: Tx, centre_id: str, call_id: str) -> DraftView: ...


class Signals(Protocol):
    """Where signals go."""

    def signal(self, signal: Signal) -> None: ...


class Keeping(Protocol):
    """Where recordings are kept: sealed from the first byte, and a file of the call at the end."""

    async def begin_in(
        self, tx: Tx, centre_id: str, call_id: str, link_id: str, began: datetime
    ) -> tuple[str, int]:
        """One begins: its id, and where on the call's clock that is."""
        ...

    @property
    def largest(self) -> int:
        """Bytes of one recording; what is shown after them is another one."""
        ...

    async def has_room(self) -> bool:
        """Whether one can begin."""
        ...

    async def more(self, centre_id: str, recording_id: str, data: bytes) -> bool:
        """Keep what comes behind the rest; False when there is no room for it."""
        ...

    async def finish(self, centre_id: str, recording_id: str) -> tuple[int, int]:
        """Make what is held last, without a torn end; its size and seconds, 0 when it is no film.

        A second time changes nothing.
        """
        ...

    async def handed_over_in(
        self, tx: Tx, centre_id: str, recording_id: str, size: int, seconds: int
    ) -> None:
        """It is a file of the call from now on; of size 0, it is none."""
        ...

    def wake(self) -> None:
        """There is something to be checked."""
        ...

    async def left(self) -> list[Left]:
        """Those that have begun and were never handed over, of every centre."""
        ...
