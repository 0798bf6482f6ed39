"""Transactions over SQLite or PostgreSQL, and over plain dictionaries for fakes.

Every command is one transaction. Writers take turns on both databases (SQLite by its nature,
PostgreSQL by an advisory lock), so facts get their positions in commit order and nobody
deadlocks; readers see a consistent snapshot and never wait for a writer.
"""

import asyncio
import copy
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncTransaction,
    create_async_engine,
)
from sqlalchemy.pool import AsyncAdaptedQueuePool

from ringdown.core.errors import Unavailable

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)
"""The tables of every feature; each feature's `store.py` adds its own."""

GRACE_S = 3.0
"""So long the driver may take to end a step that nobody waits for any more."""
WRITER_LOCK = 0x52494E47  # "RING": the advisory lock by which PostgreSQL writers take turns


T = TypeVar("T")


class DatabaseUnavailable(Unavailable):
    """The database did not answer, or somebody else holds its lock."""

    code: ClassVar[str] = "runtime.database.unavailable"
    action: ClassVar[str] = (
        "Recording goes on. Check the disk and whether another program holds the database."
    )


class Tx:
    """One transaction. SQL stores use `sql`, fakes use `memory`."""

    def __init__(
        self,
        connection: AsyncConnection | None = None,
        tables: dict[str, dict[Any, Any]] | None = None,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self.after: list[Callable[[], None]] = []

    @property
    def sql(self) -> AsyncConnection:
        """The connection, inside this transaction."""
        if self._connection is None:
            raise TypeError("this transaction is in memory: the fake store goes with it")
        return self._connection

    def memory(self, name: str) -> dict[Any, Any]:
        """The named dictionary of a fake; undone if the transaction fails."""
        if self._tables is None:
            raise TypeError("this transaction is on a real database: the SQL store goes with it")
        return self._tables.setdefault(name, {})

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` once this transaction is committed, and never otherwise."""
        self.after.append(callback)


class Database(Protocol):
    """Where transactions come from."""

    def write(self) -> AbstractAsyncContextManager[Tx]:
        """One transaction that commits on leaving, or undoes everything on an error."""
        ...

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A consistent snapshot; writing in it is an error."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


def _prepare_sqlite(engine: AsyncEngine, begin: str, busy_ms: int) -> None:
    """Set the pragmas and take transaction control into our own hands."""

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={busy_ms}",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    def give_up(connection: Any, _record: object, _error: BaseException | None) -> None:
        # A closed connection keeps its lock for as long as a cursor of it lingers in memory.
        connection.rollback()

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", start)
    event.listen(engine.sync_engine, "invalidate", give_up)


class SqlDatabase:
    """SQLite (`sqlite:///path`) or PostgreSQL (`postgresql://…`) behind one pair of methods."""

    def __init__(self, url: str, *, busy_ms: int = 2_000, readers: int = 4) -> None:
        parsed = make_url(url)
        self.dialect = parsed.get_backend_name()
        self.on_state: Callable[[bool], None] = lambda _takes: None
        """Called after each write: whether the database took it."""
        self._writing = asyncio.Lock()
        if self.dialect == "sqlite":
            target = parsed.set(drivername="sqlite+aiosqlite")
            self._writer = create_async_engine(
                target, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0
            )
            self._reader = create_async_engine(
                target, poolclass=AsyncAdaptedQueuePool, pool_size=readers, max_overflow=readers
            )
            _prepare_sqlite(self._writer, "BEGIN IMMEDIATE", busy_ms)
            _prepare_sqlite(self._reader, "BEGIN", busy_ms)
        elif self.dialect == "postgresql":
            target = parsed.set(drivername="postgresql+asyncpg")
            self._writer = create_async_engine(target, pool_size=2, pool_pre_ping=True)
            self._reader = create_async_engine(
                target,
                pool_size=readers,
                pool_pre_ping=True,
                isolation_level="REPEATABLE READ",
            )
        else:
            raise ValueError(f"the database URL names {self.dialect}; use sqlite or postgresql")

    @property
    def engine(self) -> AsyncEngine:
        """The writing engine, for migrations."""
        return self._writer

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Tx, None]:
        """One transaction; commits on leaving. Raises `DatabaseUnavailable`."""
        try:
            async with self._written() as tx:
                yield tx
        except DatabaseUnavailable:
            self.on_state(False)
            raise
        self.on_state(True)
        for callback in tx.after:
            callback()

    @asynccontextmanager
    async def _written(self) -> AsyncGenerator[Tx, None]:
        async with self._writing:
            with _translated():
                async with _begun(self._writer, keep=True) as connection:
                    if self.dialect == "postgresql":
                        await connection.execute(
                            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK}
                        )
                    yield Tx(connection)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx, None]:
        """A consistent snapshot. Raises `DatabaseUnavailable`."""
        with _translated():
            async with _begun(self._reader, keep=False) as connection:
                yield Tx(connection)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._writer.dispose()
        await self._reader.dispose()


@asynccontextmanager
async def _begun(engine: AsyncEngine, *, keep: bool) -> AsyncGenerator[AsyncConnection, None]:
    """A connection inside a transaction, whose work is kept if all goes well and `keep`."""
    opening = asyncio.ensure_future(_opened(engine))
    try:
        with _translated(connecting=True):
            connection, transaction = await _undisturbed(opening)
    except asyncio.CancelledError:
        if opening.done() and not opening.cancelled() and opening.exception() is None:
            connection, transaction = opening.result()
            await _undisturbed(_closed(connection, transaction.rollback))
        raise
    try:
        yield connection
    except BaseException:
        await _undisturbed(_closed(connection, transaction.rollback))
        raise
    await _undisturbed(_closed(connection, transaction.commit if keep else transaction.rollback))


async def _opened(engine: AsyncEngine) -> tuple[AsyncConnection, AsyncTransaction]:
    connection = await engine.connect()
    try:
        return connection, await connection.begin()
    except BaseException:
        await connection.close()
        raise


async def _closed(connection: AsyncConnection, end: Callable[[], Awaitable[None]]) -> None:
    try:
        await end()
    finally:
        await connection.close()


async def _undisturbed(work: Awaitable[T]) -> T:
    """The outcome of a step of the driver; who is cancelled meanwhile is so once it is done.

    A driver that is interrupted in the middle of a step gives its connection up, in a thread that
    outlives the loop, and says so with a traceback: at every stop that comes at such a moment. A
    server that does not answer holds nobody for longer than `GRACE_S`.
    """
    step, now = asyncio.ensure_future(work), asyncio.get_running_loop().time
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        until = now() + GRACE_S
        while not step.done() and (left := until - now()) > 0:
            with suppress(asyncio.CancelledError):
                await asyncio.wait({step}, timeout=left)
        if not step.cancel() and not step.cancelled():
            step.exception()
        raise


class _translated:  # noqa: N801 - reads as a clause: `with _translated():`
    """Turn the drivers' connection and lock errors into one of ours, without their text.

    The text of a database error may quote a value, so only its type goes on. Plain operating
    system errors count only while `connecting`: inside a transaction they are the caller's own.
    """

    def __init__(self, *, connecting: bool = False) -> None:
        self._connecting = connecting

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OperationalError):
            reason = type(error.orig).__name__
        elif isinstance(error, DBAPIError) and error.connection_invalidated:
            reason = "connection lost"
        elif self._connecting and isinstance(error, OSError):
            reason = type(error).__name__
        else:
            return
        raise DatabaseUnavailable(
            "the database does not answer", details={"reason": reason}
        ) from None


class MemoryDatabase:
    """A fake with the same promises: one writer, all or nothing, readers see a snapshot."""

    def __init__(self) -> None:
        self.dialect = "memory"
        self._tables: dict[str, dict[Any, Any]] = {}
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Tx, None]:
        """One transaction; commits on leaving."""
        async with self._writing:
            draft = copy.deepcopy(self._tables)
            tx = Tx(tables=draft)
            yield tx
            self._tables = draft
        for callback in tx.after:
            callback()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx, None]:
        """A consistent snapshot."""
        yield Tx(tables=copy.deepcopy(self._tables))

    async def close(self) -> None:
        """Nothing to let go of."""
