"""Responder links; a token is kept only as its digest."""

from datetime import datetime

from sqlalchemy import Column, String, select

from ringdown.core.clock import iso
from ringdown.responders.views import ResponderLinkView
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept, document_table

links_table = document_table(
    "responder_links",
    Column("key_hash", String, nullable=False, unique=True),
    Column("expires_at", String, nullable=False),
    Column("state", String, nullable=False),
)


class SqlResponderStore:
    """The `ResponderStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.links = Documents(links_table, ResponderLinkView)

    async def by_key(self, tx: Tx, digest: str) -> tuple[str, Kept[ResponderLinkView]] | None:
        """The centre and the link whose token has this digest."""
        found = await self._found(tx, links_table.c.key_hash == digest)
        return found[0] if found else None

    async def ended(self, tx: Tx, now: datetime) -> list[tuple[str, Kept[ResponderLinkView]]]:
        """The links that have run out and are not marked so."""
        columns = links_table.c
        return await self._found(tx, columns.state == "active", columns.expires_at <= iso(now))

    async def _found(self, tx: Tx, *which: object) -> list[tuple[str, Kept[ResponderLinkView]]]:
        query = select(links_table).where(*which).order_by(links_table.c.id)  # type: ignore[arg-type]
        return [
            (row.centre_id, Kept(ResponderLinkView.model_validate(row.body), row.version))
            for row in (await tx.sql.execute(query)).all()
        ]
