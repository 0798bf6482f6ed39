"""Consents, links and fixes; a token is kept only as its digest."""

from sqlalchemy import Column, Index, String

from ringdown.caller.views import ConsentView, FixView, LinkView
from ringdown.runtime.documents import Documents, document_table

consents_table = document_table("caller_consents")
links_table = document_table(
    "caller_links",
    Column("key_hash", String, nullable=False, unique=True),
    Column("device_hash", String, nullable=True),
    Column("expires_at", String, nullable=False),
)
fixes_table = document_table("caller_fixes", Column("link_id", String, nullable=False))
Index("ix_caller_fixes_link", fixes_table.c.link_id)


class SqlCallerStore:
    """The `CallerStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.consents = Documents(consents_table, ConsentView)
        self.links = Documents(links_table, LinkView)
        self.fixes = Documents(fixes_table, FixView)
