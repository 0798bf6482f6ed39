"""Who looked at what, and for how long."""

from sqlalchemy import Column, Index, String, select

from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept, document_table
from ringdown.video.views import ViewingView

viewings_table = document_table(
    "video_viewings",
    Column("user_id", String, nullable=False),
    Column("subject_id", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("ended_at", String, nullable=True),
)
Index(
    "ix_video_viewings_user",
    viewings_table.c.centre_id,
    viewings_table.c.user_id,
    viewings_table.c.started_at,
)
Index("ix_video_viewings_open", viewings_table.c.ended_at)


class SqlVideoStore:
    """The `VideoStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.viewings = Documents(viewings_table, ViewingView)

    async def unfinished(self, tx: Tx) -> list[tuple[str, ViewingView]]:
        """Viewings of every centre that have no end, each with its centre."""
        columns = viewings_table.c
        query = select(columns.centre_id, columns.body).where(columns.ended_at.is_(None))
        rows = (await tx.sql.execute(query.order_by(columns.id))).all()
        return [(row.centre_id, ViewingView.model_validate(row.body)) for row in rows]

    async def taken(
        self, tx: Tx, centre_id: str, call_id: str, subject_id: str
    ) -> list[Kept[ViewingView]]:
        """Viewings of one thing that have no end."""
        columns = viewings_table.c
        return await self.viewings.where(
            tx,
            columns.centre_id == centre_id,
            columns.call_id == call_id,
            columns.subject_id == subject_id,
            columns.ended_at.is_(None),
        )

    async def exposure(
        self, tx: Tx, centre_id: str, since: str, user_id: str | None = None
    ) -> list[ViewingView]:
        """Viewings begun since then, the newest first; of one person or of everybody."""
        columns = viewings_table.c
        conditions = [columns.centre_id == centre_id, columns.started_at >= since]
        if user_id is not None:
            conditions.append(columns.user_id == user_id)
        found = await self.viewings.where(tx, *conditions)
        return [kept.value for kept in reversed(found)]
