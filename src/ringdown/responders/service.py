"""Commands and reads; each command is one transaction with its facts and its audit row."""

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.responders.ports import ResponderStore
from ringdown.responders.views import ResponderLinkView
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts


class ResponderService:
    """Everything of responders for every centre."""

    def __init__(
        self,
        db: Database,
        store: ResponderStore,
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

    async def read_responder_links(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ResponderLinkView]:
        """The links of a call for the field, in order."""
        return await self._store.links.of_call(tx, centre_id, call_id)
