"""What is known of a caller's files; the files themselves lie in the data folder."""

from sqlalchemy import Column, String

from ringdown.runtime.documents import Documents, document_table
from ringdown.uploads.views import UploadView

uploads_table = document_table("caller_uploads", Column("state", String, nullable=False))


class SqlUploadStore:
    """The `UploadStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.uploads = Documents(uploads_table, UploadView)
