"""Messages, the queue of calls to text back, and numbers that want no more texts."""

from sqlalchemy import JSON, Column, Index, Integer, PrimaryKeyConstraint, String, Table

from ringdown.runtime.db import Tx, metadata
from ringdown.runtime.documents import Documents, Kept, document_table
from ringdown.texting.model import MessageView, TextBackView

messages_table = document_table(
    "texting_messages",
    Column("number", String, nullable=False),
    Column("carrier_id", String, nullable=True),
    Column("link_id", String, nullable=True),
    Column("state", String, nullable=False),
    Column("due_at", String, nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("outgoing", String, nullable=True),
    Column("media", JSON, nullable=True),
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
