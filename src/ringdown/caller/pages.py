"""What a bound phone may do: say that it is alive and what it shares, stop, write, read."""

import re
from dataclasses import dataclass
from typing import Final

from ringdown.caller.events import PageAlive
from ringdown.caller.means import Means
from ringdown.caller.model import (
    BY_CALLER,
    OPEN,
    LinkOver,
    Order,
    PageSession,
    PageUnknown,
    TooOften,
    among,
    digest,
    ended,
    over,
    sharing_now,
    stopped_sharing,
    without,
)
from ringdown.caller.ports import LinkRow, Signals
from ringdown.caller.views import LinkState, LinkView, PageVideo, Share
from ringdown.caller.watch import call_over
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.db import Tx
from ringdown.texting.api import MessageView

CODE: Final = re.compile("[a-z_]{1,40}")
TEXTS_PER_LINK: Final = 30
"""In a minute: nobody in need writes more, and a thread must stay readable."""
STOPS: Final[dict[Share, Order]] = {
    "location": "stop_location",
    "video": "stop_video",
    "upload": "stop_upload",
    "chat": "stop_chat",
}


@dataclass(frozen=True)
class Alive:
    """The answer to a sign of life."""

    orders: tuple[Order, ...]
    state: LinkState
    agreed: tuple[Share, ...]
    reason: str | None = None
    messages: tuple[MessageView, ...] = ()


class PageService:
    """The phone's side of links; implements `caller.api.PageSessions`."""

    def __init__(self, means: Means, signals: Signals) -> None:
        self._with = means
        self._signals = signals
        self._texts = Buckets(TEXTS_PER_LINK, means.clock)

    async def of(self, cookie: str | None, share: Share | None = None) -> PageSession:
        """The bound phone. Raises `PageUnknown`, `LinkOver`, `NotAgreed`."""
        async with self._with.db.read() as tx:
            row = await self._bound(tx, cookie)
            call = await self._with.calls.read(tx, row.centre_id, row.link.call_id)
        if call_over(call):
            raise LinkOver("the call is over", details={"state": row.link.state})
        session = _session(row)
        if share is not None:
            session.agreed_to(share)
        return session

    async def alive(
        self,
        cookie: str | None,
        *,
        sharing: tuple[Share, ...],
        video: PageVideo | None = None,
        after: str = "",
    ) -> Alive:
        """A sign of life: what the page shares; answered with what it is to do and to show."""
        async with self._with.db.read() as tx:
            row = await self._row(tx, cookie)
            call = await self._with.calls.read(tx, row.centre_id, row.link.call_id)
            self._with.not_too_often(row)
            link = row.link
            ends = over(link) or call_over(call)
            messages = (
                [] if ends else await self._with.texting.for_page(
                    tx, row.centre_id, link.link_id, after=after
                )
            )  # fmt: skip
        if ends:
            if not over(link):
                async with self._with.db.write() as tx:
                    await self._with.watch.end_all(tx, row.centre_id, link.call_id)
                    link = (await self._row(tx, cookie)).link
            return Alive(("stop",), link.state, (), link.reason)
        self._with.pulse.seen(link.link_id)
        if video is not None:
            self._with.pulse.media(link.link_id, "page", dead=video.state == "dead")
        if sharing_now(link, sharing) != link or link.offer or link.quiet_since:
            row = await self._is_sharing(row, sharing)
            link = row.link
        if after and self._with.pulse.has_read(link.link_id) != after:
            async with self._with.db.write() as tx:
                await self._with.texting.page_has(tx, row.centre_id, link.link_id, through=after)
            self._with.pulse.reads_on(link.link_id, after)
        self._signals.signal(
            PageAlive(
                centre_id=row.centre_id, call_id=link.call_id, link_id=link.link_id,
                sharing=link.sharing, video=video,
            )
        )  # fmt: skip
        orders: list[Order] = list(self._with.pulse.take_orders(row.centre_id, link.link_id))
        if over(link):
            orders = ["stop"]
        for share in without(sharing, link.agreed):
            orders.append(STOPS[share])
        return Alive(
            tuple(dict.fromkeys(orders)), link.state, link.agreed, link.reason, tuple(messages)
        )

    async def _is_sharing(self, before: LinkRow, sharing: tuple[Share, ...]) -> LinkRow:
        async with self._with.db.write() as tx:
            row = await self._with.store.by_id(tx, before.centre_id, before.link.link_id)
            if row is None or row.link.state not in OPEN:
                return row or before
            after = self._with.watch.judge(sharing_now(row.link, sharing))
            return await self._with.watch.put(tx, row, after, why="page")

    async def stop(
        self, cookie: str | None, *, shares: tuple[Share, ...] | None, reason: str
    ) -> LinkView:
        """The caller stops sharing: some of it, or (None) all. Their phone may open it again.

        `reason` is a word of the page's own; anything else is left out of what is written down.
        """
        why = reason if CODE.fullmatch(reason) else BY_CALLER
        async with self._with.db.write() as tx:
            row = await self._row(tx, cookie)
            link = row.link
            if over(link):
                return link
            call = await self._with.calls.read(tx, row.centre_id, link.call_id)
            gone = link.agreed if shares is None else shares
            taken = among(link.agreed, gone)
            if taken:
                await self._with.answered_on_page(tx, row, call, "withdrawn", taken, why)
            after = stopped_sharing(link, taken)
            if shares is None or not after.agreed:
                after = ended(link, "stopped", self._with.clock.now(), BY_CALLER)
            row = await self._with.watch.put(tx, row, after, why=why)
            return row.link

    async def write(self, cookie: str | None, text: str) -> MessageView:
        """The caller writes; it joins the thread of the call."""
        async with self._with.db.write() as tx:
            row = await self._bound(tx, cookie)
            self._with.not_too_often(row)
            session = _session(row)
            session.agreed_to("chat")
            wait = self._texts.take(session.link_id)
            if wait is not None:
                raise TooOften("too many texts at once", details={"retry_after_s": wait})
            return await self._with.texting.from_page(
                tx, row.centre_id, call_id=session.call_id, number=session.number,
                link_id=session.link_id, text=text,
            )  # fmt: skip

    async def messages(self, cookie: str | None, after: str) -> list[MessageView]:
        """The thread as the page shows it, after a message's id."""
        async with self._with.db.read() as tx:
            row = await self._bound(tx, cookie)
            self._with.not_too_often(row)
            return await self._with.texting.for_page(
                tx, row.centre_id, row.link.link_id, after=after
            )

    async def _row(self, tx: Tx, cookie: str | None) -> LinkRow:
        row = await self._with.store.by_device(tx, digest(cookie)) if cookie else None
        if row is None:
            raise PageUnknown("this page is not known")
        return row

    async def _bound(self, tx: Tx, cookie: str | None) -> LinkRow:
        row = await self._row(tx, cookie)
        if row.link.state not in OPEN:
            raise LinkOver("this link is over", details={"state": row.link.state})
        return row


def _session(row: LinkRow) -> PageSession:
    link = row.link
    return PageSession(
        link_id=link.link_id, centre_id=row.centre_id, call_id=link.call_id, shares=link.agreed,
        state=link.state, language=link.language, number=link.number,
    )  # fmt: skip
