"""Consents, links and fixes; a token is kept only as its digest."""

from typing import Any

from sqlalchemy import Column, Index, String, select

from ringdown.caller.model import OVER
from ringdown.caller.ports import LinkRow
from ringdown.caller.trail_store import Fixes
from ringdown.caller.views import ConsentView, LinkView
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept, document_table

consents_table = document_table("caller_consents")
links_table = document_table(
    "caller_links",
    Column("key_hash", String, nullable=False, unique=True),
    Column("device_hash", String, nullable=True),
    Column("expires_at", String, nullable=False),
    Column("state", String, nullable=False),
)
Index("ix_caller_links_device", links_table.c.device_hash)
Index("ix_caller_links_state", links_table.c.state)


class SqlCallerStore:
    """The `CallerStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.consents = Documents(consents_table, ConsentView)
        self.links = Documents(links_table, LinkView)
        self.fixes = Fixes()

    async def by_key(self, tx: Tx, key_hash: str) -> LinkRow | None:
        """The link whose token has this digest."""
        return next(iter(await self._rows(tx, links_table.c.key_hash == key_hash)), None)

    async def by_device(self, tx: Tx, device_hash: str) -> LinkRow | None:
        """The newest link that is bound to the phone whose cookie has this digest."""
        found = await self._rows(tx, links_table.c.device_hash == device_hash)
        return found[-1] if found else None

    async def by_id(self, tx: Tx, centre_id: str, link_id: str) -> LinkRow | None:
        """One link of a centre."""
        columns = links_table.c
        found = await self._rows(tx, columns.centre_id == centre_id, columns.id == link_id)
        return found[0] if found else None

    async def rows_of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkRow]:
        """The links of a call, in order."""
        columns = links_table.c
        return await self._rows(tx, columns.centre_id == centre_id, columns.call_id == call_id)

    async def live(self, tx: Tx) -> list[LinkRow]:
        """The links of every centre that are not over."""
        return await self._rows(tx, links_table.c.state.not_in(sorted(OVER)))

    async def _rows(self, tx: Tx, *conditions: Any) -> list[LinkRow]:
        query = select(links_table).where(*conditions).order_by(links_table.c.id)
        return [
            LinkRow(
                row.centre_id,
                Kept(LinkView.model_validate(row.body), row.version),
                row.device_hash,
            )
            for row in (await tx.sql.execute(query)).all()
        ]
