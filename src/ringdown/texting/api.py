"""What other features may ask of messages with callers."""

from collections.abc import AsyncIterator
from typing import Literal, Protocol

from ringdown.core.events import Value
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Tx
from ringdown.texting.model import (
    Channel,
    MessageKind,
    MessageState,
    MessageView,
    NumberInvalid,
    Outgoing,
    TextBackState,
    TextBackView,
    e164,
)

__all__ = [
    "Channel",
    "MessageKind",
    "MessageState",
    "MessageView",
    "NumberInvalid",
    "OnMedia",
    "Outgoing",
    "Pages",
    "Preview",
    "TextBackState",
    "TextBackView",
    "Texting",
    "e164",
]


class Preview(Value):
    """A text as it would leave, and what it costs."""

    text: str
    segments: int
    encoding: Literal["gsm7", "ucs2"]


class Texting(Protocol):
    """Threads with callers. Commands work in a transaction of the caller's own."""

    def preview(self, text: str) -> Preview:
        """A text as it would leave. Raises `TextInvalid`."""
        ...

    async def send_in(self, tx: Tx, principal: Principal, outgoing: Outgoing) -> MessageView:
        """A person sends an SMS: queued in this transaction, or shown to be sent by other means.

        Raises `NumberInvalid`, `NumberStopped`, `TooManyTexts`, `TextInvalid`.
        """
        ...

    async def from_page(
        self, tx: Tx, centre_id: str, *, call_id: str, number: str, link_id: str, text: str
    ) -> MessageView:
        """A caller wrote on the page of their link. Raises `TextInvalid`."""
        ...

    async def for_page(
        self, tx: Tx, centre_id: str, link_id: str, *, after: str = ""
    ) -> list[MessageView]:
        """What the page of a link shows of its thread, after a message's id, oldest first."""
        ...

    async def page_has(self, tx: Tx, centre_id: str, link_id: str, *, through: str) -> None:
        """The page asked for what comes after `through`: it has that message and earlier ones."""
        ...


class Pages(Protocol):
    """Which thread goes by a page at this moment; caller links know."""

    async def open_page(self, tx: Tx, centre_id: str, call_id: str) -> str | None:
        """The link whose page is open, alive and agreed to chat; None sends by SMS."""
        ...


class OnMedia(Protocol):
    """Takes what came by MMS; uploads does."""

    async def on_media(
        self,
        *,
        centre_id: str,
        call_id: str,
        message_id: str,
        part: int,
        number: Sensitive[str],
        content_type: str,
        chunks: AsyncIterator[bytes],
    ) -> str:
        """Take one file; its upload's id, also where it is refused.

        The same `part` of a message may come again after a crash: it is the same upload. Raises
        `Unavailable` where it should be brought again later.
        """
        ...
