"""Commands and reads; each command is one transaction with its facts and its audit row."""

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.video.ports import VideoStore
from ringdown.video.views import ViewingView


class VideoService:
    """Everything of video for every centre."""

    def __init__(
        self,
        db: Database,
        store: VideoStore,
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

    async def read_viewings(self, tx: Tx, centre_id: str, call_id: str) -> list[ViewingView]:
        """Who had pictures of this call open, in order."""
        return await self._store.viewings.of_call(tx, centre_id, call_id)
