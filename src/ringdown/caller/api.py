"""What other features may ask of caller links."""

from typing import Protocol

from ringdown.caller.model import (
    COOKIE,
    LinkNotFound,
    LinkOver,
    NotAgreed,
    Order,
    PageSession,
    PageUnknown,
    over,
)
from ringdown.caller.views import (
    LANGUAGES,
    SHARES,
    ConsentView,
    FixView,
    Language,
    LinkState,
    LinkView,
    Outcome,
    PageVideo,
    Share,
    Via,
)
from ringdown.runtime.db import Tx

__all__ = [
    "COOKIE",
    "LANGUAGES",
    "SHARES",
    "CallerLinks",
    "ConsentView",
    "FixView",
    "Language",
    "LinkNotFound",
    "LinkOver",
    "LinkState",
    "LinkView",
    "NotAgreed",
    "Order",
    "Outcome",
    "PageSession",
    "PageSessions",
    "PageUnknown",
    "PageVideo",
    "Share",
    "Via",
    "over",
]


class PageSessions(Protocol):
    """Who a phone is, by the cookie that its page was given (`request.cookies.get(COOKIE)`)."""

    async def of(self, cookie: str | None, share: Share | None = None) -> PageSession:
        """The bound phone. With `share` also that its caller agrees to share this now.

        Raises `PageUnknown` (401), `LinkOver` (410), `NotAgreed` (403).
        """
        ...


class CallerLinks(Protocol):
    """Links as upper features see them; each of them belongs to one centre and one call."""

    async def read_link(self, tx: Tx, centre_id: str, link_id: str) -> LinkView:
        """One link as it is now; `agreed` is what may be shared. Raises `LinkNotFound`."""
        ...

    async def read_links(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkView]:
        """The links of a call, in the order they were made."""
        ...

    def order(self, centre_id: str, link_id: str, order: Order) -> None:
        """Have the page told at its next sign of life, such as to stop its camera."""
        ...

    async def media_is(self, centre_id: str, link_id: str, *, dead: bool) -> None:
        """The video of a link came through again, or no longer does: to offer going on by text."""
        ...
