"""Commands and reads; each command is one transaction with its facts and its audit row."""

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.uploads.ports import UploadStore
from ringdown.uploads.views import UploadView


class UploadService:
    """Everything of uploads for every centre."""

    def __init__(
        self,
        db: Database,
        store: UploadStore,
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

    async def read_uploads(self, tx: Tx, centre_id: str, call_id: str) -> list[UploadView]:
        """The files of a call, in order."""
        return await self._store.uploads.of_call(tx, centre_id, call_id)
