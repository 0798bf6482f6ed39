"""What language models wrote, in tables of their own; a round, once kept, is never changed."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from ringdown.assist.model.narrative import NarrativeMark, RoundView, Switch
from ringdown.assist.ports import NotKept
from ringdown.core.clock import iso
from ringdown.core.principal import Person
from ringdown.runtime.db import Tx, metadata

calls_table = Table(
    "assist_calls",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sentences", Integer, nullable=False),
    Column("withheld", Integer, nullable=False),
    Column("off", Boolean, nullable=False),
    Column("user_id", String, nullable=True),
    Column("user_name", String, nullable=True),
    Column("switched_at", String, nullable=True),
    PrimaryKeyConstraint("centre_id", "call_id"),
)
rounds_table = Table(
    "assist_rounds",
    metadata,
    Column("centre_id", String, nullable=False),
    Column("call_id", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    PrimaryKeyConstraint("centre_id", "call_id", "number"),
)
Index("ix_assist_rounds_at", rounds_table.c.at)


class SqlAssistStore:
    """The `AssistStore` over SQLite or PostgreSQL."""

    async def switch(self, tx: Tx, centre_id: str, call_id: str) -> Switch:
        """The state of a call."""
        columns = calls_table.c
        query = select(calls_table).where(
            columns.centre_id == centre_id, columns.call_id == call_id
        )
        row = (await tx.sql.execute(query)).first()
        if row is None:
            return Switch()
        mark = NarrativeMark(
            version=row.version, sentences=row.sentences, withheld=row.withheld, off=row.off
        )
        by = None if row.user_id is None else Person(user_id=row.user_id, name=row.user_name)
        return Switch(mark, by, row.switched_at)

    async def set_switch(self, tx: Tx, centre_id: str, call_id: str, switch: Switch) -> None:
        """Keep the state of a call."""
        columns = calls_table.c
        values = {
            **switch.mark.model_dump(),
            "user_id": switch.by.user_id if switch.by else None,
            "user_name": switch.by.name if switch.by else None,
            "switched_at": switch.at,
        }
        here = (columns.centre_id == centre_id, columns.call_id == call_id)
        done = await tx.sql.execute(update(calls_table).where(*here).values(**values))
        if not done.rowcount:
            key = {"centre_id": centre_id, "call_id": call_id}
            await tx.sql.execute(insert(calls_table).values(**key, **values))

    async def add(self, tx: Tx, centre_id: str, call_id: str, written: RoundView) -> None:
        """Keep a round for good. Raises NotKept."""
        try:
            await tx.sql.execute(
                insert(rounds_table).values(
                    centre_id=centre_id,
                    call_id=call_id,
                    number=written.number,
                    at=written.at,
                    tokens=written.tokens,
                    body=written.model_dump(mode="json"),
                )
            )
        except IntegrityError:
            raise NotKept("this round is kept already", details={"call_id": call_id}) from None

    async def rounds(self, tx: Tx, centre_id: str, call_id: str) -> list[RoundView]:
        """The rounds of a call, by number."""
        columns = rounds_table.c
        query = (
            select(columns.body)
            .where(columns.centre_id == centre_id, columns.call_id == call_id)
            .order_by(columns.number)
        )
        return [RoundView.model_validate(body) for body in (await tx.sql.execute(query)).scalars()]

    async def tokens_since(self, tx: Tx, instant: datetime) -> int:
        """How many tokens all calls took since then."""
        query = select(func.coalesce(func.sum(rounds_table.c.tokens), 0)).where(
            rounds_table.c.at >= iso(instant)
        )
        return int((await tx.sql.execute(query)).scalar_one())
