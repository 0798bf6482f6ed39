"""Calls in memory, with the promises of the SQL store."""

from typing import cast

from ringdown.calls.model import Call, EventView, NoteView
from ringdown.runtime.db import Tx

_Key = tuple[str, str]


class MemoryCallStore:
    """The `CallStore` over the dictionaries of a `MemoryDatabase`."""

    async def insert(self, tx: Tx, call: Call) -> bool:
        """Keep a new call; False if this client has an open one with the same external id."""
        if await self.find_open(tx, call.centre_id, call.client_id, call.external_id):
            return False
        _calls(tx)[call.centre_id, call.call_id] = call
        return True

    async def save(self, tx: Tx, call: Call) -> None:
        """Keep the new state of a call that is there."""
        kept = _calls(tx)
        if (call.centre_id, call.call_id) in kept:
            kept[call.centre_id, call.call_id] = call

    async def get(self, tx: Tx, centre_id: str, call_id: str) -> Call | None:
        """One call of the centre."""
        return _calls(tx).get((centre_id, call_id))

    async def find_open(
        self, tx: Tx, centre_id: str, client_id: str, external_id: str
    ) -> Call | None:
        """The open call of this client with that external id."""
        wanted = (centre_id, client_id, external_id)
        for call in _calls(tx).values():
            if call.open and (call.centre_id, call.client_id, call.external_id) == wanted:
                return call
        return None

    async def on_the_board(self, tx: Tx, centre_id: str) -> list[Call]:
        """Open calls and those in attention, oldest first."""
        found = [call for call in _of(tx, centre_id) if call.on_the_board]
        return sorted(found, key=lambda call: call.call_id)

    async def ended(self, tx: Tx, centre_id: str, before: str | None, limit: int) -> list[Call]:
        """Ended calls, latest id first, with ids lower than `before`."""
        found = [
            call
            for call in _of(tx, centre_id)
            if not call.open and (before is None or call.call_id < before)
        ]
        return sorted(found, key=lambda call: call.call_id, reverse=True)[:limit]

    async def add_event(
        self, tx: Tx, centre_id: str, call_id: str, event_id: str, event: EventView
    ) -> None:
        """Keep an event of a call."""
        _events(tx).setdefault((centre_id, call_id), {})[event_id] = event

    async def events(self, tx: Tx, centre_id: str, call_id: str) -> list[EventView]:
        """The events of a call, in the order they were kept."""
        kept = _events(tx).get((centre_id, call_id), {})
        return [kept[event_id] for event_id in sorted(kept)]

    async def add_note(self, tx: Tx, centre_id: str, note: NoteView) -> None:
        """Keep a version of a note; earlier versions stay."""
        _notes(tx).setdefault((centre_id, note.call_id), []).append(note)

    async def note_versions(
        self, tx: Tx, centre_id: str, call_id: str, note_id: str
    ) -> list[NoteView]:
        """Every version of a note, first to newest."""
        kept = _notes(tx).get((centre_id, call_id), [])
        return [note for note in kept if note.note_id == note_id]

    async def notes(self, tx: Tx, centre_id: str, call_id: str) -> list[NoteView]:
        """The newest version of each note of a call, oldest note first."""
        newest = {note.note_id: note for note in _notes(tx).get((centre_id, call_id), [])}
        return [newest[note_id] for note_id in sorted(newest)]


def _calls(tx: Tx) -> dict[_Key, Call]:
    return cast("dict[_Key, Call]", tx.memory("calls"))


def _of(tx: Tx, centre_id: str) -> list[Call]:
    return [call for call in _calls(tx).values() if call.centre_id == centre_id]


def _events(tx: Tx) -> dict[_Key, dict[str, EventView]]:
    return cast("dict[_Key, dict[str, EventView]]", tx.memory("call_events"))


def _notes(tx: Tx) -> dict[_Key, list[NoteView]]:
    return cast("dict[_Key, list[NoteView]]", tx.memory("call_notes"))
