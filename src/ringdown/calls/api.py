"""What other features may ask of calls."""

from datetime import datetime
from typing import Protocol

from ringdown.calls.model import (
    Ali,
    CallHasEnded,
    CallState,
    CallView,
    Direction,
    EventView,
    LegNotFound,
    LegView,
    NoteView,
    Side,
    WrongState,
)
from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx

__all__ = [
    "Ali",
    "CallHasEnded",
    "CallState",
    "CallView",
    "Calls",
    "Direction",
    "EventView",
    "LegNotFound",
    "LegView",
    "NoteView",
    "Side",
    "WrongState",
]


class Calls(Protocol):
    """Calls of the principal's centre; another centre's call is not found.

    An API client changes only the calls that it began itself; any other is not found.

    Commands on a call that has ended raise `CallHasEnded`, except `end`, `end_leg` and `seal_leg`.
    Repeating a command changes nothing and tells nobody. Instants are aware; None means now.
    """

    async def start(
        self,
        principal: Principal,
        *,
        external_id: str,
        ani: str | None = None,
        ali: Ali | None = None,
        source: str,
        direction: Direction = "inbound",
        demo: bool = False,
        started_at: datetime | None = None,
    ) -> CallView:
        """Begin a call, or find the open one of this client with that external id."""
        ...

    async def add_leg(
        self,
        principal: Principal,
        call_id: str,
        side: Side,
        started_at: datetime | None = None,
        *,
        codec: str = "pcmu",
        rate: int = 8000,
    ) -> LegView:
        """Begin to record a side, or find the leg that does. The call-taker's side answers."""
        ...

    async def end_leg(
        self, principal: Principal, call_id: str, leg_id: str, at: datetime | None = None
    ) -> LegView:
        """A side is no longer recorded."""
        ...

    async def seal_leg(
        self, principal: Principal, call_id: str, leg_id: str, duration_ms: int
    ) -> LegView:
        """The recording of the leg is complete; works on ended calls."""
        ...

    async def answer(
        self, principal: Principal, call_id: str, at: datetime | None = None
    ) -> CallView:
        """Somebody picked up."""
        ...

    async def interrupt(self, principal: Principal, call_id: str) -> CallView:
        """The source of the audio has gone."""
        ...

    async def resume(self, principal: Principal, call_id: str) -> CallView:
        """The source is back: the call is what it was."""
        ...

    async def lose(self, principal: Principal, call_id: str) -> CallView:
        """The source stayed away too long: attention `source_lost`."""
        ...

    async def end(
        self, principal: Principal, call_id: str, reason: str, at: datetime | None = None
    ) -> CallView:
        """Hung up; unanswered: abandoned. `reason` is a short code, never personal data."""
        ...

    async def note_event(
        self,
        principal: Principal,
        call_id: str,
        type: str,  # noqa: A002 - its name in the fact
        at_ms: int,
        data: dict[str, object],
    ) -> None:
        """Keep something that happened on the call's clock; answered, held, resumed and ali act."""
        ...

    async def get(self, principal: Principal, call_id: str) -> CallView:
        """One call. Raises NotFound."""
        ...

    async def open_calls(self, centre_id: str) -> list[CallView]:
        """Calls somebody must still see: open, or waiting to be closed. Oldest first."""
        ...

    async def ended_calls(
        self, principal: Principal, *, before: str | None = None, limit: int = 50
    ) -> list[CallView]:
        """Ended calls, newest first, that began before the call with id `before`."""
        ...

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> CallView:
        """One call inside a transaction of the caller's own. Raises NotFound."""
        ...

    async def read_open(self, tx: Tx, centre_id: str) -> list[CallView]:
        """As `open_calls`, inside a transaction of the caller's own."""
        ...

    async def read_events(self, tx: Tx, centre_id: str, call_id: str) -> list[EventView]:
        """What was noted on the call, in the order it was noted."""
        ...

    async def read_notes(self, tx: Tx, centre_id: str, call_id: str) -> list[NoteView]:
        """The newest version of each note, oldest note first."""
        ...
