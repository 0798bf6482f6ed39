"""Single lanes for commands run on the server, beside a running server or without one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sqlalchemy.engine import make_url

from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.composition.foundation import World, database_url
from ringdown.composition.identity import means_of
from ringdown.composition.voice import recording_folders
from ringdown.core.errors import BadConfig
from ringdown.core.events import Signal
from ringdown.identity.service.clients import Clients
from ringdown.identity.service.installation import Installation
from ringdown.identity.service.sessions import Sessions
from ringdown.identity.service.setup import Setup
from ringdown.identity.service.users import Users
from ringdown.media.folders import Folders
from ringdown.media.ports import MediaStore
from ringdown.media.store import SqlMediaStore
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.schema import upgrade
from ringdown.settings import Settings
from ringdown.speech.names_file import NameFiles
from ringdown.speech.names_service import NamesService
from ringdown.speech.names_store import SqlNamesStore
from ringdown.streets.service import StreetsService
from ringdown.streets.store import SqlStreetStore


class NoData(BadConfig):
    """A command asks for data in a folder that has none."""

    code: ClassVar[str] = "app.no_data"
    action: ClassVar[str] = "Name the folder with --data, or begin with `ringdown run`."


@dataclass(frozen=True)
class Administration:
    """Accounts and the audit log, for commands run on the server."""

    database: SqlDatabase
    audit: AuditLog
    users: Users
    clients: Clients
    setup: Setup
    installation: Installation


@asynccontextmanager
async def administration(settings: Settings) -> AsyncGenerator[Administration, None]:
    """Accounts and the audit log alone. Raises `NoData` if there is no database yet."""
    async with _database(settings) as db:
        world = World.real()
        audit = AuditLog(SqlAuditStore(), world.clock)
        means = means_of(settings, db, audit, world, _Nobody())
        users = Users(means)
        setup = Setup(means, users, Sessions(means))
        yield Administration(db, audit, users, Clients(means), setup, Installation(means))


@dataclass(frozen=True)
class Naming:
    """The local names of every centre, for commands run on the server."""

    names: NamesService
    installation: Installation


@asynccontextmanager
async def naming(settings: Settings) -> AsyncGenerator[Naming, None]:
    """Local names alone. Raises `NoData`."""
    async with administration(settings) as found:
        await upgrade(found.database)
        files = NameFiles(settings.data.absolute())
        names = NamesService(
            found.database, SqlNamesStore(), files, found.audit, World.real().clock
        )
        yield Naming(names, found.installation)


@dataclass(frozen=True)
class Maps:
    """The maps of every centre, for commands run on the server."""

    streets: StreetsService
    installation: Installation


@asynccontextmanager
async def mapping(settings: Settings) -> AsyncGenerator[Maps, None]:
    """Maps alone. Raises `NoData`."""
    async with administration(settings) as found:
        await upgrade(found.database)
        streets = StreetsService(found.database, SqlStreetStore(), found.audit, World.real().clock)
        yield Maps(streets, found.installation)


@dataclass(frozen=True)
class Recordings:
    """The recordings and what is known of them, for commands run on the server."""

    database: SqlDatabase
    store: MediaStore
    folders: Folders


@asynccontextmanager
async def recordings(settings: Settings) -> AsyncGenerator[Recordings, None]:
    """Recordings alone. Raises `NoData`."""
    async with _database(settings) as db:
        yield Recordings(db, SqlMediaStore(), recording_folders(settings))


@asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[SqlDatabase, None]:
    db = SqlDatabase(_existing(database_url(settings)))
    try:
        yield db
    finally:
        await db.close()


def _existing(url: str) -> str:
    """The URL of a database that is there: looking for accounts does not make one."""
    parsed = make_url(url)
    file = Path(parsed.database or "")
    if parsed.get_backend_name() == "sqlite" and not file.is_file():
        raise NoData("there is no database in the data folder yet")
    return url


class _Nobody:
    """Where signals go when nothing runs that could listen."""

    def signal(self, signal: Signal) -> None:
        """Drop it; a running server sees for itself that a session is gone."""
