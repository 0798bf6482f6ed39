"""Who is cancelled in the middle of a transaction leaves the database as it was, and no noise."""

import asyncio
import logging

import pytest
from sqlalchemy import text

from ringdown.runtime.db import SqlDatabase

STEPS = 40
"""So many turns of the loop a transaction is let go on before it is cancelled; more than it has."""


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
