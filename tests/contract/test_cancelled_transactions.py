"""Who is cancelled in the middle of a transaction leaves the database as it was, and no noise."""

import asyncio
import gc
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from ringdown.runtime.db import SqlDatabase

STEPS = 40
"""So many turns of the loop a transaction is let go on before it is cancelled; more than it has."""
LONG = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 300000)
SELECT count(*) FROM counted
"""


async def test_a_stop_at_any_moment_of_a_transaction_is_quiet(
    sql_database: SqlDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """While it connects, begins, asks, commits or closes: each connection goes back whole."""
    caplog.set_level(logging.WARNING)

    async def read() -> None:
        async with sql_database.read() as tx:
            await tx.sql.execute(text("SELECT 1"))

    async def write() -> None:
        async with sql_database.write() as tx:
            await tx.sql.execute(text("SELECT 1"))

    for turns in range(STEPS):
        at_work = [asyncio.create_task(work()) for work in (read, write, read)]
        for _ in range(turns):
            await asyncio.sleep(0 if turns % 2 else 0.0002)
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        if turns % 8 == 0:
            # The next ones connect anew, as just after a start.
            await sql_database.close()
    assert [record.getMessage() for record in caplog.records] == []
    await read()
    await write()


@pytest.fixture
def no_garbage_is_collected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_is_collected")
async def test_a_write_stopped_in_a_statement_does_not_hold_up_the_next(
    sql_database: SqlDatabase,
) -> None:
    """Its lock goes with it, though what is left of it in memory lingers."""
    asking = asyncio.Event()

    async def write(question: str) -> None:
        async with sql_database.write() as tx:
            asking.set()
            await tx.sql.execute(text(question))

    for _ in range(5):
        asking.clear()
        stopped = asyncio.create_task(write(LONG))
        await asking.wait()
        await asyncio.sleep(0.02)
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped
        await write("SELECT 1")
