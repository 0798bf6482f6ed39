"""Fakes of listening's ports that keep the same promises, for tests and demonstrations."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.session import Session
from ringdown.listening.ports import EventRefused, RoomEvent, RoomsUnreachable
from ringdown.runtime.db import Tx


class MemoryListeningStore:
    """Sessions in a dictionary."""

    async def add(self, tx: Tx, session: Session) -> None:
        """Keep a new session."""
        self._table(tx)[session.session_id] = session

    async def save(self, tx: Tx, session: Session) -> None:
        """Keep the new state of a session."""
        known = self._table(tx).get(session.session_id)
        if known is not None and known.centre_id == session.centre_id:
            self._table(tx)[session.session_id] = session

    async def get(self, tx: Tx, centre_id: str, session_id: str) -> Session | None:
        """One session of this centre."""
        found = self._table(tx).get(session_id)
        return found if found is not None and found.centre_id == centre_id else None

    async def of_centre(self, tx: Tx, centre_id: str, closed_after: datetime) -> list[Session]:
        """Sessions that are not closed, and those closed later than that; oldest first."""
        return [
            one
            for one in self._sorted(tx)
            if one.centre_id == centre_id
            and (one.closed_at is None or one.closed_at > closed_after)
        ]

    async def unfinished(self, tx: Tx) -> list[Session]:
        """Every session of every centre for which something is left to be done."""
        return [one for one in self._sorted(tx) if one.unfinished]

    def _table(self, tx: Tx) -> dict[str, Session]:
        return cast("dict[str, Session]", tx.memory("listening_sessions"))

    def _sorted(self, tx: Tx) -> list[Session]:
        return sorted(self._table(tx).values(), key=lambda one: (one.created_at, one.session_id))


@dataclass
class MemoryRooms:
    """A media server that only remembers: which rooms, who is in them, what was told."""

    rooms: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    made: list[str] = field(default_factory=list[str])
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    down: bool = False
    public_url: str = "wss://media.test"
    worker_url: str = "ws://127.0.0.1:7880"

    async def make(self, session: Session, *, empty_s: int, departure_s: int) -> None:
        """Have a room; one that is there stays as it is."""
        del empty_s, departure_s
        self._up()
        self.made.append(session.room)
        self.rooms.setdefault(session.room, set())

    async def remove(self, room: str) -> None:
        """Have no such room."""
        self._up()
        self.rooms.pop(room, None)

    async def existing(self, rooms: list[str]) -> set[str]:
        """Which of these rooms there are."""
        self._up()
        return self.rooms.keys() & set(rooms)

    async def has(self, room: str, identity: str) -> bool:
        """Whether a participant is in the room."""
        self._up()
        return identity in self.rooms.get(room, set())

    async def tell(self, session: Session, packet: dict[str, str]) -> None:
        """Remember what the listener was told."""
        self._up()
        self.told.append((session.listener, packet))

    def listener_token(self, session: Session, lifetime: timedelta) -> Sensitive[str]:
        """A token that opens nothing."""
        del lifetime
        return Sensitive(f"listener-of-{session.room}", "listening.token")

    def worker_token(self, session: Session) -> Sensitive[str]:
        """A token that opens nothing."""
        return Sensitive(f"worker-of-{session.room}", "listening.token")

    def event(self, body: bytes, authorization: str) -> RoomEvent:
        """`kind room identity`, if the authorization is `right`."""
        if authorization != "right":
            raise EventRefused("this notice does not come from the media server")
        kind, room, identity = body.decode().split(" ")
        assert kind in {"joined", "left", "room_over"}
        return RoomEvent(kind, room, identity)  # pyright: ignore[reportArgumentType]

    def _up(self) -> None:
        if self.down:
            raise RoomsUnreachable("the media server does not answer")
