"""The promises of a publisher, on the real media server and on the one in memory."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from tests.playout_stage import Listener, delete_room, levels, make_room, media_server, soon, token

from ringdown.core.sensitive import Sensitive
from ringdown.listening.adapters.livekit_publisher import LiveKitPublisher
from ringdown.listening.model.mix import RATE, Pcm16
from ringdown.listening.worker.fakes import FakePublisher, FakeRoom
from ringdown.listening.worker.publisher import (
    Came,
    Lost,
    Output,
    Packet,
    Publisher,
    RoomEvent,
    RoomLeft,
    RoomRefused,
    Went,
)
from ringdown.runtime.tasks import Tasks

HZ = 500


def tone(ms: int) -> Pcm16:
    at = np.arange(ms * RATE // 1000) / RATE
    return (8000 * np.sin(2 * np.pi * HZ * at)).astype(np.int16)


@dataclass
class Someone:
    """A participant, whatever the server."""

    say: Callable[[bytes, bool, str], Awaitable[None]]
    told: Callable[[], list[Any]]
    heard: Callable[[], Pcm16]
    leave: Callable[[], Awaitable[None]]


class PublisherContract:
    """Inherited by each publisher's tests."""

    publisher: Publisher
    url: str

    async def room(self) -> str:
        """Make a room; the worker's token for it."""
        raise NotImplementedError

    async def join(self, identity: str) -> Someone:
        raise NotImplementedError

    async def delete(self) -> None:
        raise NotImplementedError

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[Output, list[RoomEvent]]]:
        output = await self.publisher.open(self.url, Sensitive(await self.room(), "token"))
        events: list[RoomEvent] = []

        async def follow() -> None:
            async for event in output.events():
                events.append(event)

        following = asyncio.ensure_future(follow())
        try:
            yield output, events
        finally:
            await output.close()
            await output.close()
            await following

    async def test_coming_and_going_is_told(self) -> None:
        """By identity, in order."""
        async with self.opened() as (_, events):
            someone = await self.join("lst_a")
            await soon(lambda: Came("lst_a") in events)
            await someone.leave()
            await soon(lambda: Went("lst_a") in events)

    async def test_packets_carry_the_senders_identity_and_topic(self) -> None:
        """Reliable or lossy."""
        async with self.opened() as (_, events):
            someone = await self.join("lst_a")
            await soon(lambda: Came("lst_a") in events)
            for reliable, topic in ((True, ""), (False, ""), (True, "chat")):
                data = f"{reliable}{topic}".encode()
                await someone.say(data, reliable, topic)
                await soon(lambda d=data, t=topic: Packet("lst_a", d, t) in events)
            await someone.leave()

    async def test_posts_arrive_in_order(self) -> None:
        """At the identity they are for."""
        async with self.opened() as (output, events):
            someone = await self.join("lst_a")
            await soon(lambda: Came("lst_a") in events)
            for number in range(10):
                output.post(b'{"n":%d}' % number, "lst_a")
                output.post(b'{"n":99}', "lst_nobody")
            await soon(lambda: len(someone.told()) >= 10)
            assert [told["n"] for told in someone.told()] == list(range(10))
            await someone.leave()

    async def test_what_is_pushed_is_heard(self) -> None:
        """The tone, on the one track."""
        async with self.opened() as (output, events):
            someone = await self.join("lst_a")
            await soon(lambda: Came("lst_a") in events)

            def loud() -> bool:
                output.push(tone(60))
                audio = someone.heard()
                return len(audio) > 3200 and float(levels(audio, HZ).max()) > 4000

            await soon(loud)
            output.clear()
            await someone.leave()

    async def test_a_deleted_room_is_the_last_event(self) -> None:
        """Told as left; then the events end."""
        async with self.opened() as (_, events):
            await self.delete()
            await soon(lambda: Lost(RoomLeft.code) in events)
            assert events[-1] == Lost(RoomLeft.code)

    async def test_a_room_that_is_not_there_is_refused(self) -> None:
        """By its own error."""
        with pytest.raises(RoomRefused):
            await self.publisher.open(self.url, Sensitive(self.wrong_token(), "token"))

    def wrong_token(self) -> str:
        return "wrong"


class TestFake(PublisherContract):
    url = ""

    @pytest.fixture(autouse=True)
    def _make(self) -> None:
        self.publisher = FakePublisher()
        self._room = FakeRoom()

    async def room(self) -> str:
        self._room = self.publisher.room("token")
        return "token"

    async def join(self, identity: str) -> Someone:
        room = self._room

        async def say(data: bytes, reliable: bool, topic: str) -> None:
            room.say(identity, data, topic)

        async def leave() -> None:
            room.go(identity)

        room.come(identity)
        told = lambda: [json.loads(d) for to, d in room.sent if to == identity]  # noqa: E731
        return Someone(say, told, room.audio, leave)

    async def delete(self) -> None:
        self._room.delete()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with media_server(tmp_path_factory.mktemp("media")) as url:
        yield url


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestLiveKit(PublisherContract):
    @pytest.fixture(autouse=True)
    async def _make(self, address: str, request: pytest.FixtureRequest) -> AsyncIterator[None]:
        async with Tasks() as tasks:
            self.url = address
            self.name = request.node.name
            self.publisher = LiveKitPublisher(tasks)
            yield

    async def room(self) -> str:
        await make_room(self.url, self.name)
        return token(self.name, "wrk", publishes=True)

    async def join(self, identity: str) -> Someone:
        listener = Listener()
        await listener.join(self.url, token(self.name, identity))

        async def say(data: bytes, reliable: bool, topic: str) -> None:
            await listener.room.local_participant.publish_data(data, reliable=reliable, topic=topic)

        return Someone(say, lambda: listener.told, lambda: listener.audio, listener.leave)

    async def delete(self) -> None:
        await delete_room(self.url, self.name)

    def wrong_token(self) -> str:
        return token("nowhere", "wrk", publishes=True)
