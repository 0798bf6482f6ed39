"""What the parts of caller links work with together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ringdown.caller.links import LinkBook
from ringdown.caller.model import CallOver, TooOften
from ringdown.caller.ports import CallerStore, Centres, LinkRow
from ringdown.caller.pulse import Pulse
from ringdown.caller.settings import CallerSettings
from ringdown.caller.views import ConsentView, LinkView, Outcome, Share
from ringdown.caller.watch import LinkWatch, call_over
from ringdown.calls.api import Calls, CallView
from ringdown.core.clock import Clock, iso, ms_between, parse_iso
from ringdown.core.ids import IdSource
from ringdown.core.principal import Person, Principal
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.link_tokens import LinkTokens
from ringdown.texting.api import Texting

PER_LINK: Final = 240
"""Requests of one page in a minute; a lively one makes forty."""


@dataclass(frozen=True)
class Means:
    """Stores, neighbours and what is known of pages now."""

    db: Database
    store: CallerStore
    book: LinkBook
    pulse: Pulse
    watch: LinkWatch
    clock: Clock
    ids: IdSource
    calls: Calls
    texting: Texting
    centres: Centres
    tokens: LinkTokens
    settings: CallerSettings
    busy: Buckets

    def not_too_often(self, row: LinkRow, who: Literal["page", "stranger"] = "page") -> None:
        """Count a request. Raises `TooOften`. Strangers use up nothing of the bound page's."""
        wait = self.busy.take(f"{who}:{row.link.link_id}")
        if wait is not None:
            raise TooOften("this page asks too often", details={"retry_after_s": wait})

    def at_ms(self, call: CallView, now: datetime) -> int:
        """Where on the call's audio that is."""
        return max(0, ms_between(parse_iso(call.started_at), now))

    async def going_on(self, tx: Tx, centre_id: str, call_id: str) -> CallView:
        """A call that somebody attends to. Raises NotFound, `CallOver`."""
        call = await self.calls.read(tx, centre_id, call_id)
        if call_over(call):
            raise CallOver("the call is over", details={"call_id": call_id})
        return call

    async def put(
        self, tx: Tx, row: LinkRow, after: LinkView, principal: Principal, why: str
    ) -> LinkRow:
        """Keep what a person did to a link, and know it once that is certain."""
        kept = await self.book.put(tx, row, after, actor=principal, why=why)
        tx.after_commit(lambda: self.watch.knows(kept))
        return kept

    async def answered_on_page(
        self,
        tx: Tx,
        row: LinkRow,
        call: CallView,
        outcome: Outcome,
        shares: tuple[Share, ...],
        reason: str | None = None,
    ) -> None:
        """Keep what the caller answered on their page, at this second of the call."""
        now = self.clock.now()
        consent = ConsentView(
            consent_id=self.ids.new("cons"),
            call_id=row.link.call_id,
            shares=shares,
            outcome=outcome,
            via="page",
            at_ms=self.at_ms(call, now),
            by=None,
            language=row.link.language,
            reason=reason,
            link_id=row.link.link_id,
            at=iso(now),
        )
        await self.book.add_consent(tx, row.centre_id, consent)


def person(principal: Principal) -> Person:
    """Who does something, as it is kept."""
    return Person(user_id=principal.id, name=principal.name)
