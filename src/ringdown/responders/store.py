"""Responder links; a token is kept only as its digest."""

from sqlalchemy import Column, String

from ringdown.responders.views import ResponderLinkView
from ringdown.runtime.documents import Documents, document_table

links_table = document_table(
    "responder_links",
    Column("key_hash", String, nullable=False, unique=True),
    Column("expires_at", String, nullable=False),
)


class SqlResponderStore:
    """The `ResponderStore` over SQLite or PostgreSQL."""

    def __init__(self) -> None:
        self.links = Documents(links_table, ResponderLinkView)
