"""Commands and reads; each command is one transaction with its facts and its audit row."""

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.texting.model import MessageView, TextBackView
from ringdown.texting.ports import TextingStore


class TextingService:
    """Everything of texting for every centre."""

    def __init__(
        self,
        db: Database,
        store: TextingStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._db = db
        self._store = store
        self._facts = facts
        self._audit = audit
        self._clock = clock
        self._ids = ids

    async def read_messages(self, tx: Tx, centre_id: str, call_id: str) -> list[MessageView]:
        """The thread of a call, oldest first."""
        return await self._store.messages.of_call(tx, centre_id, call_id)

    async def read_text_backs(self, tx: Tx, centre_id: str) -> list[TextBackView]:
        """The calls of the queue that nobody has closed yet."""
        kept = await self._store.waiting(tx, centre_id)
        return [one.value for one in kept]
