"""What calls need kept."""

from typing import Protocol

from ringdown.calls.model import Call, EventView, NoteView
from ringdown.runtime.db import Tx


class CallStore(Protocol):
    """Calls, their events and notes. Each question is about one centre; nothing is ever deleted."""

    async def insert(self, tx: Tx, call: Call) -> bool:
        """Keep a new call; False if this client has an open one with the same external id."""
        ...

    async def save(self, tx: Tx, call: Call) -> None:
        """Keep the new state of a call that is there."""
        ...

    async def get(self, tx: Tx, centre_id: str, call_id: str) -> Call | None:
        """One call of the centre."""
        ...

    async def find_open(
        self, tx: Tx, centre_id: str, client_id: str, external_id: str
    ) -> Call | None:
        """The open call of this client with that external id."""
        ...

    async def on_the_board(self, tx: Tx, centre_id: str) -> list[Call]:
        """Open calls and those in attention, oldest first."""
        ...

    async def ended(self, tx: Tx, centre_id: str, before: str | None, limit: int) -> list[Call]:
        """Ended calls, latest id first, with ids lower than `before`."""
        ...

    async def add_event(
        self, tx: Tx, centre_id: str, call_id: str, event_id: str, event: EventView
    ) -> None:
        """Keep an event of a call."""
        ...

    async def events(self, tx: Tx, centre_id: str, call_id: str) -> list[EventView]:
        """The events of a call, in the order they were kept."""
        ...

    async def add_note(self, tx: Tx, centre_id: str, note: NoteView) -> None:
        """Keep a version of a note; earlier versions stay."""
        ...

    async def note_versions(
        self, tx: Tx, centre_id: str, call_id: str, note_id: str
    ) -> list[NoteView]:
        """Every version of a note, first to newest."""
        ...

    async def notes(self, tx: Tx, centre_id: str, call_id: str) -> list[NoteView]:
        """The newest version of each note of a call, oldest note first."""
        ...
