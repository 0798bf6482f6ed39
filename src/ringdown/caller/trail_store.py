"""The fixes of callers' phones, by link and time."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, func, select

from ringdown.caller.views import FixView
from ringdown.core.clock import iso
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, document_table

fixes_table = document_table(
    "caller_fixes",
    Column("link_id", String, nullable=False),
    Column("taken_at", String, nullable=False),
)
Index("ix_caller_fixes_link", fixes_table.c.link_id, fixes_table.c.taken_at)


class Fixes(Documents[FixView]):
    """The rows of fixes."""

    def __init__(self) -> None:
        super().__init__(fixes_table, FixView)

    async def add_fix(self, tx: Tx, centre_id: str, fix: FixView) -> None:
        """Keep a fix."""
        columns: dict[str, Any] = {"link_id": fix.link_id, "taken_at": fix.at}
        await self.add(tx, centre_id, fix.fix_id, fix.call_id, fix, **columns)

    async def around(self, tx: Tx, centre_id: str, link_id: str, at: datetime) -> list[FixView]:
        """The newest fix of a link from before an instant, and every one from it on."""
        columns = fixes_table.c
        own = (columns.centre_id == centre_id, columns.link_id == link_id)
        last = select(func.max(columns.taken_at)).where(*own, columns.taken_at < iso(at))
        before = (await tx.sql.execute(last)).scalar() or iso(at)
        found = await self.where(tx, *own, columns.taken_at >= before)
        return [kept.value for kept in found]
