"""What is known of a caller's files; the files themselves lie in the data folder."""

from sqlalchemy import Column, String
from sqlalchemy import select as choose

from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, document_table
from ringdown.uploads.views import UploadState, UploadView

uploads_table = document_table("caller_uploads", Column("state", String, nullable=False))


class SqlUploadStore:
    """The `UploadStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.uploads = Documents(uploads_table, UploadView)

    async def in_state(self, tx: Tx, state: UploadState) -> list[tuple[str, UploadView]]:
        """The files of every centre in this state, oldest first, each with its centre."""
        columns = uploads_table.c
        query = choose(uploads_table).where(columns.state == state).order_by(columns.id)
        return [
            (row.centre_id, UploadView.model_validate(row.body))
            for row in (await tx.sql.execute(query)).all()
        ]
