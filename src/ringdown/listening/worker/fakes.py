"""A media server in memory: rooms, who is in them, what they hear and are sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import numpy as np

from ringdown.core.sensitive import Sensitive
from ringdown.listening.model.mix import Pcm16
from ringdown.listening.worker.publisher import (
    Came,
    Lost,
    Packet,
    RoomEvent,
    RoomLeft,
    RoomRefused,
    Went,
)


@dataclass
class FakeRoom:
    """A room as its listeners have it. What is pushed is heard at once, unless it is cleared."""

    heard: list[Pcm16] = field(default_factory=list[Pcm16])
    cleared_at: list[int] = field(default_factory=list[int])
    """How many pieces had been pushed at each clearing."""
    sent: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    inside: list[str] = field(default_factory=list[str])
    outputs: list["FakeOutput"] = field(default_factory=list["FakeOutput"])

    def come(self, identity: str) -> None:
        """Somebody joins."""
        self.inside.append(identity)
        self._tell(Came(identity))

    def go(self, identity: str) -> None:
        """Somebody leaves."""
        self.inside.remove(identity)
        self._tell(Went(identity))

    def say(self, identity: str, data: bytes, topic: str = "") -> None:
        """Somebody sends a packet."""
        self._tell(Packet(identity, data, topic))

    def delete(self) -> None:
        """The room is deleted."""
        self._tell(Lost(RoomLeft.code))

    def audio(self) -> Pcm16:
        """Everything that was pushed."""
        return np.concatenate(self.heard) if self.heard else np.zeros(0, np.int16)

    def _tell(self, event: RoomEvent) -> None:
        for output in self.outputs:
            output.queue.put_nowait(event)


class FakeOutput:
    """An output into a fake room."""

    def __init__(self, room: FakeRoom) -> None:
        self.room = room
        self.queue: asyncio.Queue[RoomEvent | None] = asyncio.Queue()
        self.closed = False
        for identity in room.inside:
            self.queue.put_nowait(Came(identity))
        room.outputs.append(self)

    def push(self, samples: Pcm16) -> None:
        """Keep what is heard."""
        if not self.closed:
            self.room.heard.append(samples)

    def clear(self) -> None:
        """Note the clearing."""
        self.room.cleared_at.append(len(self.room.heard))

    def post(self, data: bytes, to: str) -> None:
        """Deliver, if the identity is there."""
        if to in self.room.inside and not self.closed:
            self.room.sent.append((to, data))

    async def events(self) -> AsyncIterator[RoomEvent]:
        """Events as they are told."""
        while (event := await self.queue.get()) is not None:
            yield event
            if isinstance(event, Lost):
                return

    async def close(self) -> None:
        """Leave."""
        if not self.closed:
            self.closed = True
            self.room.outputs.remove(self)
            self.queue.put_nowait(None)


class FakePublisher:
    """Rooms by token; a token without a room is refused."""

    def __init__(self) -> None:
        self.rooms: dict[str, FakeRoom] = {}

    def room(self, token: str) -> FakeRoom:
        """Make a room, to be joined with this token."""
        return self.rooms.setdefault(token, FakeRoom())

    async def open(self, url: str, token: Sensitive[str]) -> FakeOutput:
        """Join. Raises RoomRefused."""
        del url
        room = self.rooms.get(token.reveal("the fake media server"))
        if room is None:
            raise RoomRefused("there is no such room")
        return FakeOutput(room)
