"""Messages, the queue of calls to text back, and numbers that want no more texts."""

from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
)
from sqlalchemy.engine import Row

from ringdown.runtime.db import Tx, metadata
from ringdown.runtime.documents import Documents, Kept, document_table
from ringdown.texting.model import MessageView, TextBackView
from ringdown.texting.ports import Held

messages_table = document_table(
    "texting_messages",
    Column("number", String, nullable=False),
    Column("carrier_id", String, nullable=True),
    Column("link_id", String, nullable=True),
    Column("state", String, nullable=False),
    Column("due_at", String, nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("outgoing", String, nullable=True),
    Column("media", JSON(none_as_null=True), nullable=True),
)
Index("ix_texting_messages_carrier", messages_table.c.carrier_id)
Index("ix_texting_messages_state", messages_table.c.state)
Index("ix_texting_messages_link", messages_table.c.link_id)
Index("ix_texting_messages_number", messages_table.c.centre_id, messages_table.c.number)
text_backs_table = document_table("text_backs", Column("state", String, nullable=False))
stopped_table = Table(
    "texting_stopped",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("number", String, nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("centre_id", "number"),
)
unheard_table = Table(
    "texting_unheard",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    PrimaryKeyConstraint("centre_id", "call_id"),
)
_row = messages_table.c


class SqlTextingStore:
    """The `TextingStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.messages = Documents(messages_table, MessageView)
        self.text_backs = Documents(text_backs_table, TextBackView)

    async def waiting(self, tx: Tx, centre_id: str) -> list[Kept[TextBackView]]:
        """What is in the queue and not closed."""
        columns = text_backs_table.c
        return await self.text_backs.where(
            tx, columns.centre_id == centre_id, columns.state != "closed"
        )

    async def listen_to(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """Remember a call that ended until it is known whether its caller spoke; once is enough."""
        await self.listened(tx, centre_id, call_id)
        await tx.sql.execute(insert(unheard_table).values(centre_id=centre_id, call_id=call_id))

    async def listened_to(self, tx: Tx) -> list[tuple[str, str]]:
        """The calls so remembered, of every centre: centre and call."""
        rows = await tx.sql.execute(select(unheard_table).order_by(unheard_table.c.call_id))
        return [(row.centre_id, row.call_id) for row in rows]

    async def listened(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """It is known now."""
        columns = unheard_table.c
        here = (columns.centre_id == centre_id, columns.call_id == call_id)
        await tx.sql.execute(delete(unheard_table).where(*here))

    async def unsent(self, tx: Tx) -> list[Held]:
        """The texts of every centre that the carrier does not have yet, oldest first."""
        return await self._held(tx, _row.state == "queued", _row.outgoing.is_not(None))

    async def pictures(self, tx: Tx) -> list[Held]:
        """The messages of every centre whose pictures are still with the carrier."""
        return await self._held(tx, _row.media.is_not(None))

    async def find(self, tx: Tx, *, message_id: str | None, carrier_id: str | None) -> Held | None:
        """A message of whatever centre, by our id or the carrier's."""
        asked = [
            column == value
            for column, value in ((_row.id, message_id), (_row.carrier_id, carrier_id))
            if value
        ]
        found = await self._held(tx, or_(*asked)) if asked else []
        return next((one for one in found if one.view.message_id == message_id), None) or (
            found[0] if found else None
        )

    async def of_number(self, tx: Tx, number: str) -> list[Held]:
        """The messages with a number in every centre, oldest first."""
        return await self._held(tx, _row.number == number)

    async def of_link(self, tx: Tx, centre_id: str, link_id: str) -> list[Kept[MessageView]]:
        """The messages of a link, oldest first."""
        return await self.messages.where(tx, _row.centre_id == centre_id, _row.link_id == link_id)

    async def stopped(self, tx: Tx, centre_id: str, number: str) -> bool:
        """Whether a number asked for no more texts."""
        return (
            await tx.sql.execute(select(stopped_table).where(*_who(centre_id, number)))
        ).first() is not None

    async def stop(self, tx: Tx, centre_id: str, number: str, at: str) -> bool:
        """Remember that; False if it was known."""
        if await self.stopped(tx, centre_id, number):
            return False
        row = {"centre_id": centre_id, "number": number, "at": at}
        await tx.sql.execute(insert(stopped_table).values(**row))
        return True

    async def start(self, tx: Tx, centre_id: str, number: str) -> bool:
        """Forget it; False if it was not so."""
        done = await tx.sql.execute(delete(stopped_table).where(*_who(centre_id, number)))
        return done.rowcount > 0

    async def _held(self, tx: Tx, *conditions: Any) -> list[Held]:
        query = select(messages_table).where(*conditions).order_by(_row.id)
        return [_message(row) for row in (await tx.sql.execute(query)).all()]


def _who(centre_id: str, number: str) -> tuple[Any, Any]:
    return stopped_table.c.centre_id == centre_id, stopped_table.c.number == number


def _message(row: Row[Any]) -> Held:
    kept = Kept(MessageView.model_validate(row.body), row.version)
    return Held(row.centre_id, kept, row.attempts, row.due_at, row.outgoing, row.media)
