"""The media socket as a process of its own, to be killed: `python -m tests.integration.media_server
FOLDER PORT`. Prints `ready` when it serves."""

import asyncio
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from tests.media_world import SECRET, Doorkeeper, Listener

from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.calls import events as call_events
from ringdown.calls.http import call_routes
from ringdown.calls.service import CallService
from ringdown.calls.store import SqlCallStore
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.http_auth import HttpAuth
from ringdown.media import events as media_events
from ringdown.media import handlers
from ringdown.media.files import SystemFiles
from ringdown.media.folders import Folders
from ringdown.media.http import routes
from ringdown.media.playback import Playback
from ringdown.media.recorder import Recorder
from ringdown.media.sealing import Archivist
from ringdown.media.service import MediaService
from ringdown.media.settings import MediaSettings
from ringdown.media.store import SqlMediaStore
from ringdown.runtime.bus import MemoryBus, SqlCursorStore
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase, metadata
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.http import install
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks

ALL = Principal(
    "client", "client_1", "Phones", "a", frozenset({"media:ingest", "calls:read", "media:listen"})
)


class EveryDoor(Doorkeeper):
    """The one client may also listen, so that a test needs no session."""

    async def authenticate_client(
        self, client_id: str, secret: Sensitive[str], *, source: str = "unknown"
    ) -> Principal:
        if client_id == ALL.id and secret.reveal("test") == SECRET:
            return ALL
        return await super().authenticate_client(client_id, secret, source=source)


async def serve(folder: Path, port: int) -> None:
    clock = SystemClock()
    ids = SystemIds(clock)
    db = SqlDatabase(f"sqlite:///{folder / 'test.sqlite3'}")
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(text("PRAGMA user_version = 1"))
    facts = Facts(SqlFactStore(), clock, ids, [*call_events.FACTS, *media_events.FACTS])
    audit = AuditLog(SqlAuditStore(), clock)
    calls = CallService(db, SqlCallStore(), facts=facts, audit=audit, clock=clock, ids=ids)
    bus = MemoryBus(db, facts, SqlCursorStore(), clock)
    lamps = Lamps(clock, bus)
    folders = Folders(folder / "recordings")
    settings = MediaSettings(grace_s=30, archive_wait_s=0)
    async with Tasks() as tasks:
        archivist = Archivist(
            db, SqlMediaStore(), folders=folders, calls=calls, audit=audit, facts=facts,
            clock=clock, tasks=tasks, speech=Listener(), archive_wait_s=0,
        )  # fmt: skip
        media = MediaService(
            db,
            SqlMediaStore(),
            lambda on_state, on_lost: Recorder(
                folders, SystemFiles(), on_state=on_state, on_lost=on_lost
            ),
            folders=folders, calls=calls, archivist=archivist, facts=facts, lamps=lamps,
            clock=clock, tasks=tasks, settings=settings,
        )  # fmt: skip
        handlers.subscribe(bus, media)
        playback = Playback(
            db, SqlMediaStore(), folders=folders, calls=calls, audit=audit, clock=clock
        )
        door = EveryDoor()
        app = FastAPI(openapi_url=None)
        install(
            app,
            HttpAuth(door),
            [
                call_routes(calls, clock),
                routes(media, playback, door, clock=clock, settings=settings),
            ],
        )
        bus.start(tasks)
        await media.start()
        config = uvicorn.Config(app, port=port, log_level="error", lifespan="off")
        server = uvicorn.Server(config)

        async def announce() -> None:
            while not server.started:
                await asyncio.sleep(0.01)
            print("ready", flush=True)  # noqa: T201

        tasks.spawn("announce", announce())
        await server.serve()
        await media.stop()
        await playback.stop()
    await db.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
