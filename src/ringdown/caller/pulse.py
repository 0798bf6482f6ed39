"""What is known of open pages at this moment and worthless later: signs of life, and orders."""

from typing import Literal

from ringdown.caller.model import Order, Signs
from ringdown.core.clock import Clock

Teller = Literal["page", "video"]
"""The page measures what it sends; the video feature judges what it tells, and its silence."""


class Pulse:
    """Signs of life of pages, in memory.

    After a restart every page counts as just seen: those that are still there say so within
    seconds, and the others fall silent again.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, float] = {}
        self._dead: dict[Teller, set[str]] = {"page": set(), "video": set()}
        self._has: dict[str, str] = {}
        self._orders: dict[tuple[str, str], list[Order]] = {}

    def seen(self, link_id: str) -> None:
        """The page gave a sign of life."""
        self._seen[link_id] = self._clock.monotonic()

    def silent_s(self, link_id: str) -> float:
        """Seconds since the last sign of life; a page that was never seen counts from now."""
        now = self._clock.monotonic()
        return now - self._seen.setdefault(link_id, now)

    def media(self, link_id: str, teller: Teller, *, dead: bool) -> None:
        """The page's video comes through, or does not; it is dead if either of them says so."""
        if dead:
            self._dead[teller].add(link_id)
        else:
            self._dead[teller].discard(link_id)

    def signs(self, link_id: str) -> Signs:
        """Everything that is known of it now."""
        return Signs(self.silent_s(link_id), any(link_id in told for told in self._dead.values()))

    def order(self, centre_id: str, link_id: str, order: Order) -> None:
        """Keep an order until the page asks."""
        waiting = self._orders.setdefault((centre_id, link_id), [])
        if order not in waiting:
            waiting.append(order)

    def take_orders(self, centre_id: str, link_id: str) -> tuple[Order, ...]:
        """What the page is to do, given once."""
        return tuple(self._orders.pop((centre_id, link_id), ()))

    def has_read(self, link_id: str) -> str:
        """The last message that the page is known to have."""
        return self._has.get(link_id, "")

    def reads_on(self, link_id: str, message_id: str) -> None:
        """The page has this message and the earlier ones."""
        self._has[link_id] = message_id

    def forget(self, link_id: str) -> None:
        """The link is over."""
        self._seen.pop(link_id, None)
        for told in self._dead.values():
            told.discard(link_id)
        self._has.pop(link_id, None)
