"""Summaries are kept in order, at least once, through outages and restarts: in memory and on NATS."""
# nats-py is only partly typed.

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest
from tests.services import free_port, nats_at
from tests.unit.cad.world import World

from ringdown.cad.adapters.nats_summaries import STREAM, NatsSummaries
from ringdown.cad.events import IncidentSummarised
from ringdown.cad.fakes import KeptSummaries
from ringdown.cad.model import CadMessage
from ringdown.cad.ports import SummaryPublisher
from ringdown.cad.summary import IncidentSummary
from ringdown.core.errors import Unavailable
from ringdown.runtime.bus import MemoryBus, Patience, SqlCursorStore
from ringdown.runtime.db import Database
from ringdown.runtime.tasks import Tasks

HASTY = Patience(pauses_s=(0.01, 0.01))


async def messages(world: World, call_id: str) -> list[CadMessage]:
    """A message for each version of a call's incident."""
    await world.hear()
    await world.deliveries.run_once()
    return [message for message in world.cad.sent if message.payload.call.call_id == call_id]


async def on_nats(url: str) -> list[tuple[str, IncidentSummary]]:
    """Everything that the stream keeps, in its order."""
    client = await nats.connect(url)
    try:
        stream = client.jetstream()
        info = await stream.stream_info(STREAM)
        kept = []
        for number in range(1, info.state.messages + 1):
            message = await stream.get_msg(STREAM, number)
            assert message.subject is not None
            kept.append((message.subject, IncidentSummary.model_validate_json(message.data or b"")))
        return kept
    finally:
        await client.close()


class PublisherPromises:
    """Inherited by each publisher's tests."""

    publisher: SummaryPublisher

    async def kept(self) -> list[tuple[str, IncidentSummary]]:
        raise NotImplementedError

    async def test_versions_are_kept_in_order_under_the_incident(self) -> None:
        """What was confirmed first comes first."""
        world = World()
        call_id = await world.begin()
        for street in ("12 Elm St", "14 Elm St"):
            await world.confirm(call_id, street)
        await world.cancel(call_id, 2)
        sent = await messages(world, call_id)
        for message in sent:
            await self.publisher.publish(message)
        kept = await self.kept()
        own = [(subject, one) for subject, one in kept if one.call_id == call_id]
        assert [one for _, one in own] == [message.summary for message in sent]
        assert [one.version for _, one in own] == [1, 2, 3]
        incident_id = sent[0].payload.incident_id
        assert {subject for subject, _ in own} == {f"incident.summary.{incident_id}"}

    async def test_publishing_again_changes_nothing(self) -> None:
        """At least once becomes once."""
        world = World()
        (message,) = await messages(world, await world.queue())
        for _ in range(3):
            await self.publisher.publish(message)
        assert [one for _, one in await self.kept()] == [message.summary]


class TestMemory(PublisherPromises):
    @pytest.fixture(autouse=True)
    def _make(self) -> None:
        self.publisher = KeptSummaries()

    async def kept(self) -> list[tuple[str, IncidentSummary]]:
        assert isinstance(self.publisher, KeptSummaries)
        return self.publisher.published


@pytest.mark.nats
class TestNats(PublisherPromises):
    @pytest.fixture(autouse=True)
    async def _make(self, tmp_path: Path) -> AsyncIterator[None]:
        port = free_port()
        self.url = f"nats://127.0.0.1:{port}"
        publisher = NatsSummaries(self.url)
        self.publisher = publisher
        with nats_at(port, tmp_path):
            yield
            await publisher.close()

    async def kept(self) -> list[tuple[str, IncidentSummary]]:
        return await on_nats(self.url)

    async def test_what_is_kept_is_json_by_the_published_schema(self) -> None:
        """Read by somebody who knows the schema only."""
        import jsonschema

        from ringdown.cad.summary import summary_json_schema

        world = World()
        (message,) = await messages(world, await world.queue())
        await self.publisher.publish(message)
        client = await nats.connect(self.url)
        raw = await client.jetstream().get_msg(STREAM, 1)
        await client.close()
        jsonschema.validate(json.loads(raw.data or b""), summary_json_schema())


@pytest.mark.nats
async def test_a_server_that_is_away_is_told_as_such_and_found_again(tmp_path: Path) -> None:
    """Before it was ever there, while it is gone, and when it comes back."""
    port = free_port()
    url = f"nats://127.0.0.1:{port}"
    world = World()
    (message,) = await messages(world, await world.queue())
    publisher = NatsSummaries(url)
    with pytest.raises(Unavailable):
        await publisher.publish(message)
    with nats_at(port, tmp_path):
        await publisher.publish(message)
    with pytest.raises(Unavailable):
        await publisher.publish(message)
    with nats_at(port, tmp_path):
        await publisher.publish(message)
        assert [one for _, one in await on_nats(url)] == [message.summary]
    await publisher.close()


class Tried(NatsSummaries):
    """The real one, which says when it found nobody."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.in_vain = asyncio.Event()

    async def publish(self, message: CadMessage) -> None:
        try:
            await super().publish(message)
        except Unavailable:
            self.in_vain.set()
            raise


@asynccontextmanager
async def life(world: World) -> AsyncIterator[None]:
    """One run of an installation: the bus serves what the CAD lane asks for."""
    bus = MemoryBus(world.db, world.facts, SqlCursorStore(), world.clock, patience=HASTY)
    world.deliveries.subscribe(bus)
    async with Tasks() as tasks:
        bus.start(tasks)
        yield
        await tasks.close()


@pytest.mark.nats
async def test_nothing_is_lost_or_out_of_order_when_both_sides_restart(
    sql_database: Database, tmp_path: Path
) -> None:
    """Confirmed while NATS is away and while Ringdown is down; all of it arrives, in order."""
    port = free_port()
    url = f"nats://127.0.0.1:{port}"
    publisher = Tried(url)
    world = World(sql_database, publisher=publisher)
    call_id = await world.begin()
    async with life(world):
        await world.confirm(call_id, "1 Elm St")
        await publisher.in_vain.wait()
    await world.confirm(call_id, "2 Elm St")
    world = world.restarted()
    with nats_at(port, tmp_path):
        async with life(world):
            await world.confirm(call_id, "3 Elm St")
            await settled(url, 3)
    world = world.restarted()
    async with life(world):
        publisher.in_vain.clear()
        await world.cancel(call_id, 3)
        await publisher.in_vain.wait()
    world = world.restarted()
    with nats_at(port, tmp_path):
        async with life(world):
            kept = await settled(url, 4)
    assert [(one.version, one.state) for one in kept] == [
        (1, "active"), (2, "active"), (3, "active"), (4, "cancelled"),
    ]  # fmt: skip
    facts = [one.record.fact for one in await world.summaries()]
    told = [fact.summary for fact in facts if isinstance(fact, IncidentSummarised)]
    assert kept == told
    await publisher.close()


async def settled(url: str, count: int) -> list[IncidentSummary]:
    """What the stream keeps, once it is so many."""
    async with asyncio.timeout(30):
        while True:
            try:
                found = await on_nats(url)
            except nats.js.errors.NotFoundError:
                found = []
            if len(found) >= count:
                return [one for _, one in found]
            await asyncio.sleep(0.05)
