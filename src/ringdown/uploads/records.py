"""What is known of files: every change is one transaction with its fact and its audit row."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock, iso
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.documents import ChangedMeanwhile
from ringdown.runtime.facts import Facts
from ringdown.uploads.events import UploadChanged
from ringdown.uploads.model import UploadNotFound
from ringdown.uploads.ports import UploadStore
from ringdown.uploads.views import UploadView


@dataclass(frozen=True)
class Act:
    """What the audit log is told of a change, and whose act it was."""

    tag: str
    actor: Principal
    details: Mapping[str, object]


class UploadRecords:
    """Reads and changes rows; nobody else writes them."""

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
        self.db = db
        self.store = store
        self.clock = clock
        self._facts = facts
        self._audit = audit
        self._ids = ids

    def new_id(self) -> str:
        """An id for a file that begins."""
        return self._ids.new("upl")

    def now(self) -> str:
        """This instant, as rows hold it."""
        return iso(self.clock.now())

    async def find(self, centre_id: str, upload_id: str) -> UploadView | None:
        """One file, if there is such a one."""
        async with self.db.read() as tx:
            kept = await self.store.uploads.get(tx, centre_id, upload_id)
        return None if kept is None else kept.value

    async def of_call_in(self, tx: Tx, centre_id: str, call_id: str, upload_id: str) -> UploadView:
        """One file of a call. Raises `UploadNotFound`."""
        kept = await self.store.uploads.get(tx, centre_id, upload_id)
        if kept is None or kept.value.call_id != call_id:
            raise UploadNotFound("there is no such file of this call")
        return kept.value

    async def add_in(self, tx: Tx, centre_id: str, view: UploadView) -> None:
        """A file begins."""
        await self.store.uploads.add(
            tx, centre_id, view.upload_id, view.call_id, view, state=view.state
        )
        await self._tell(tx, centre_id, view)

    async def change(
        self, centre_id: str, upload_id: str, act: Act | None = None, **changes: object
    ) -> UploadView:
        """Change a file in a transaction of its own. Raises `UploadNotFound`."""
        async with self.db.write() as tx:
            return await self.change_in(tx, centre_id, upload_id, act, **changes)

    async def step(
        self, centre_id: str, seen: UploadView, act: Act | None = None, **changes: object
    ) -> UploadView:
        """Bring a file on from the state it was seen in; raises `ChangedMeanwhile` from another.

        So what was refused or removed meanwhile stays that.
        """
        async with self.db.write() as tx:
            now = await self.of_call_in(tx, centre_id, seen.call_id, seen.upload_id)
            if now.state != seen.state:
                raise ChangedMeanwhile("the file is no longer in the state it was seen in")
            return await self.change_in(tx, centre_id, seen.upload_id, act, **changes)

    async def change_in(
        self, tx: Tx, centre_id: str, upload_id: str, act: Act | None = None, **changes: object
    ) -> UploadView:
        """Change a file; what is not named stays. Raises `UploadNotFound`."""
        kept = await self.store.uploads.get(tx, centre_id, upload_id)
        if kept is None:
            raise UploadNotFound("there is no such file")
        view = kept.value.model_copy(update={**changes, "changed_at": self.now()})
        await self.store.uploads.replace(tx, centre_id, upload_id, kept, view, state=view.state)
        await self._tell(tx, centre_id, view)
        if act is not None:
            await self.write_down(tx, centre_id, view, act)
        return view

    async def write_down(self, tx: Tx, centre_id: str, view: UploadView, act: Act) -> None:
        """Tell the audit log; the call is what it is about."""
        await self._audit.append(
            tx,
            centre_id=centre_id,
            tag=act.tag,
            actor=act.actor,
            subject=view.call_id,
            details={"upload_id": view.upload_id, **act.details},
        )

    async def _tell(self, tx: Tx, centre_id: str, view: UploadView) -> None:
        fact = UploadChanged(centre_id=centre_id, call_id=view.call_id, upload=view)
        await self._facts.append(tx, fact)
