"""Commands and reads; each command is one transaction with its facts and its audit row."""

from ringdown.audit.api import Audit
from ringdown.caller.ports import CallerStore
from ringdown.caller.views import ConsentView, FixView, LinkView
from ringdown.core.clock import Clock
from ringdown.core.ids import IdSource
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts


class CallerService:
    """Everything of caller for every centre."""

    def __init__(
        self,
        db: Database,
        store: CallerStore,
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

    async def read_consents(self, tx: Tx, centre_id: str, call_id: str) -> list[ConsentView]:
        """What the caller was asked and answered, in order."""
        return await self._store.consents.of_call(tx, centre_id, call_id)

    async def read_links(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkView]:
        """The links of a call, in order."""
        return await self._store.links.of_call(tx, centre_id, call_id)

    async def read_fixes(self, tx: Tx, centre_id: str, call_id: str) -> list[FixView]:
        """Where the caller's phone was, in order."""
        return await self._store.fixes.of_call(tx, centre_id, call_id)
