"""The media feature put together for tests: real files, the rest in memory."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ringdown.audit.fakes import MemoryAuditStore
from ringdown.audit.service import AuditLog
from ringdown.calls import events as call_events
from ringdown.calls.fakes import MemoryCallStore
from ringdown.calls.service import CallService
from ringdown.core.errors import Unauthenticated
from ringdown.core.principal import Principal
from ringdown.media import events as media_events
from ringdown.media.fakes import BreakableFiles, MemoryMediaStore
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.ingest import Source
from ringdown.media.playback import Playback
from ringdown.media.reader import LegReader
from ringdown.media.recorder import Recorder
from ringdown.media.sealing import Archivist
from ringdown.media.service import MediaService
from ringdown.media.settings import MediaSettings
from ringdown.runtime.db import MemoryDatabase
from ringdown.runtime.facts import Facts, MemoryFactStore
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks
from ringdown.testing.clock import CountingIds, ManualClock

SECRET = "s3cret-of-the-switch"
PHONES = Principal("client", "client_1", "Phones", "a", frozenset({"media:ingest"}))
RADIO = Principal("client", "client_2", "Radio", "a", frozenset({"media:ingest"}))
READER = Principal("client", "client_3", "Reader", "a", frozenset({"calls:read"}))
DANA = Principal("user", "user_1", "Dana", "a", frozenset({"media:listen", "calls:read"}))


class Doorkeeper:
    """Knows the clients above, all with the same secret."""

    async def authenticate_client(self, client_id, secret, *, source="unknown"):
        known = {p.id: p for p in (PHONES, RADIO, READER)}
        if client_id not in known or secret.reveal("test") != SECRET:
            raise Unauthenticated("the credential is wrong")
        return known[client_id]

    async def authenticate_session(self, token):
        raise Unauthenticated("sign in first")

    async def still_valid(self, principal):
        return True


class Listener:
    """A speech lane that says when it is done."""

    def __init__(self) -> None:
        self.done = True

    async def done_with(self, centre_id: str, leg_id: str) -> bool:
        return self.done


class NoSignals:
    def signal(self, signal) -> None:
        pass


class World:
    """One machine: `start()` and `crash()` stand for its runs; files and database stay."""

    def __init__(self, folder: Path, **settings) -> None:
        self.folders = Folders(folder / "primary", folder / "spare")
        self.settings = MediaSettings(**{"grace_s": 0.05, "archive_wait_s": 0, **settings})
        self.clock, self.ids, self.db = ManualClock(), CountingIds(), MemoryDatabase()
        self.store, self.files, self.speech = MemoryMediaStore(), BreakableFiles(), Listener()
        self.facts = Facts(
            MemoryFactStore(), self.clock, self.ids, [*call_events.FACTS, *media_events.FACTS]
        )
        self.audit = AuditLog(MemoryAuditStore(), self.clock)
        self.calls = CallService(
            self.db,
            MemoryCallStore(),
            facts=self.facts,
            audit=self.audit,
            clock=self.clock,
            ids=self.ids,
        )
        self.lamps = Lamps(self.clock, NoSignals())
        self._build()

    def _build(self) -> None:
        self.tasks = Tasks()
        self.archivist = Archivist(
            self.db,
            self.store,
            folders=self.folders,
            calls=self.calls,
            audit=self.audit,
            facts=self.facts,
            clock=self.clock,
            tasks=self.tasks,
            speech=self.speech,
            archive_wait_s=self.settings.archive_wait_s,
        )
        self.playback = Playback(
            self.db,
            self.store,
            folders=self.folders,
            calls=self.calls,
            audit=self.audit,
            clock=self.clock,
        )

        def recorder(on_state, on_lost):
            self.recorder = Recorder(
                self.folders, self.files, on_state=on_state, on_lost=on_lost, need_bytes=4096
            )
            return self.recorder

        self.media = MediaService(
            self.db,
            self.store,
            recorder,
            folders=self.folders,
            calls=self.calls,
            archivist=self.archivist,
            facts=self.facts,
            lamps=self.lamps,
            clock=self.clock,
            tasks=self.tasks,
            settings=self.settings,
        )

    async def crash(self) -> None:
        """End at once: nothing is said to anybody; what was written stays."""
        await self.tasks.close()
        await asyncio.to_thread(self.recorder.stop)

    async def restart(self) -> None:
        await self.crash()
        self._build()
        await self.media.start()

    def source(self, principal: Principal | None = PHONES) -> "Client":
        return Client(self, principal)

    # ---- what came of it

    async def told(self, kind: str) -> list[dict]:
        async with self.db.read() as tx:
            stored = await self.facts.since(tx, "a", 0)
        return [one.envelope()["body"] for one in stored if one.record.fact.kind.startswith(kind)]

    async def audited(self, tag: str) -> list:
        async with self.db.read() as tx:
            rows = await MemoryAuditStore().rows(tx, "a", after=0, limit=1000)
        return [row for row in rows if row.tag == tag]

    async def call(self):
        """The only open call."""
        (call,) = await self.calls.open_calls("a")
        return call

    async def legs(self):
        async with self.db.read() as tx:
            return await self.store.unfinished(tx) + [
                leg for leg in tx.memory("legs_media").values() if leg.state == "archived"
            ]

    def leg_audio(self, call_id: str, leg_id: str) -> bytes:
        reader = LegReader(LegPlace(self.folders, "a", call_id, leg_id))
        return reader.read_ulaw(0, reader.edge())

    async def until(self, condition) -> None:
        """Wait for something that other threads or tasks bring about."""
        async with asyncio.timeout(20):
            while not await condition():
                await asyncio.sleep(0.005)

    async def archived(self, count: int) -> None:
        async def done() -> bool:
            states = [leg.state for leg in await self.legs()]
            return states.count("archived") == count

        await self.until(done)


class Client:
    """A source that hands its frames over directly."""

    def __init__(self, world: World, principal: Principal | None) -> None:
        self.sent: list[dict] = []
        self.source = Source(
            world.media,
            Doorkeeper(),
            principal=principal,
            address="192.0.2.7",
            clock=world.clock,
            settings=world.settings,
            send=self._take,
        )

    async def _take(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def say(self, *messages: dict) -> bool:
        going = True
        for message in messages:
            going = await self.source.receive(json.dumps(message))
        return going

    async def drop(self) -> None:
        await self.source.close()

    async def stop(self) -> None:
        await self.say({"event": "stop", "streamSid": "x"} | {"streamSid": ""})
        await self.source.close()


def start(call_sid="CA1", stream_sid="MZ1", tracks=("inbound", "outbound"), **parameters) -> dict:
    return {
        "event": "start",
        "streamSid": stream_sid,
        "start": {
            "streamSid": stream_sid,
            "callSid": call_sid,
            "tracks": list(tracks),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": parameters,
        },
    }


def media(timestamp: int, code: int, track="inbound", stream_sid="MZ1", length=160) -> dict:
    payload = base64.b64encode(bytes([code]) * length).decode()
    return {
        "event": "media",
        "streamSid": stream_sid,
        "media": {"track": track, "chunk": "1", "timestamp": str(timestamp), "payload": payload},
    }


def second(at_s: int, code: int, **options) -> list[dict]:
    """A second of audio in packets of 20 ms."""
    return [media(at_s * 1000 + ms, code, **options) for ms in range(0, 1000, 20)]


@asynccontextmanager
async def running(folder: Path, **settings) -> AsyncIterator[World]:
    world = World(folder, **settings)
    await world.media.start()
    try:
        yield world
    finally:
        await world.crash()
