"""What every part of texting works with: its means, and the steps that all of them share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock, iso
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal, system
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.documents import Kept
from ringdown.runtime.facts import Facts
from ringdown.texting.events import MessageChanged, TextBackChanged
from ringdown.texting.model import THREAD, MessageView, TextBackView
from ringdown.texting.ports import Centres, Held, TextingStore
from ringdown.texting.settings import TextingSettings


@dataclass
class Desk:
    """Means and shared steps. `manual`: there is no carrier, people send by other means.

    `practice`: the carrier reaches practice phones alone, so texts of real calls are sent by hand.
    """

    db: Database
    store: TextingStore
    facts: Facts
    audit: Audit
    clock: Clock
    ids: IdSource
    calls: Calls
    centres: Centres
    settings: TextingSettings
    manual: bool
    practice: bool = False
    on_queued: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    on_pictures: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    async def agency(self, tx: Tx, centre_id: str) -> str:
        """The centre's name as callers know it: with 911 in it."""
        name = await self.centres.centre_name(tx, centre_id)
        return name if "911" in name else f"{name} 911"

    async def by_hand(self, tx: Tx, centre_id: str, call_id: str) -> bool:
        """Whether a person sends the texts of this call by other means. Raises NotFound."""
        if self.manual or not self.practice:
            return self.manual
        if call_id.startswith(THREAD):
            return False  # only a practice phone can have begun it
        return not (await self.calls.read(tx, centre_id, call_id)).demo

    async def add(self, tx: Tx, centre_id: str, message: MessageView, **columns: Any) -> None:
        """Keep a new message and tell it."""
        await self.store.messages.add(
            tx,
            centre_id,
            message.message_id,
            message.call_id,
            message,
            number=message.number,
            state=message.state,
            link_id=message.link_id,
            **columns,
        )
        await self._tell(tx, centre_id, message)
        wanted = self.on_queued if columns.get("outgoing") else []
        wanted = [*wanted, *(self.on_pictures if columns.get("media") else [])]
        for wake in wanted:
            tx.after_commit(wake)

    async def change(
        self, tx: Tx, held: Held | tuple[str, Kept[MessageView]], after: MessageView, **columns: Any
    ) -> None:
        """Keep what became of a message; it is told only if it shows."""
        centre_id, kept = (held.centre_id, held.kept) if isinstance(held, Held) else held
        await self.store.messages.replace(
            tx, centre_id, after.message_id, kept, after, state=after.state, **columns
        )
        if after != kept.value:
            await self._tell(tx, centre_id, after)

    async def keep_text_back(
        self, tx: Tx, centre_id: str, before: Kept[TextBackView] | None, after: TextBackView
    ) -> None:
        """Keep where a call is in the queue, and tell it."""
        key = after.call_id
        if before is None:
            await self.store.text_backs.add(tx, centre_id, key, key, after, state=after.state)
        elif after == before.value:
            return
        else:
            await self.store.text_backs.replace(
                tx, centre_id, key, before, after, state=after.state
            )
        await self.facts.append(
            tx, TextBackChanged(centre_id=centre_id, call_id=key, text_back=after)
        )

    async def record(
        self, tx: Tx, actor: Principal | str, tag: str, subject: str, **details: object
    ) -> None:
        """Write down an act; `actor` is a person, or the centre in which Ringdown itself acted."""
        who = system(actor, "texting") if isinstance(actor, str) else actor
        await self.audit.append(
            tx, centre_id=who.centre_id, tag=tag, actor=who, subject=subject, details=details
        )

    def now(self) -> str:
        """The present instant, as it is kept."""
        return iso(self.clock.now())

    async def _tell(self, tx: Tx, centre_id: str, message: MessageView) -> None:
        await self.facts.append(
            tx, MessageChanged(centre_id=centre_id, call_id=message.call_id, message=message)
        )


def last_two(number: str) -> str:
    """What a record may say of a number."""
    return f"…{number[-2:]}"
