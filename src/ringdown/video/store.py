"""Who looked at what, and for how long."""

from sqlalchemy import Column, Index, String

from ringdown.runtime.documents import Documents, document_table
from ringdown.video.views import ViewingView

viewings_table = document_table("video_viewings", Column("user_id", String, nullable=False))
Index("ix_video_viewings_user", viewings_table.c.centre_id, viewings_table.c.user_id)


class SqlVideoStore:
    """The `VideoStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.viewings = Documents(viewings_table, ViewingView)
