"""What caller links need from outside."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ringdown.caller.views import ConsentView, FixView, LinkView
from ringdown.core.events import Signal
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept


@dataclass(frozen=True)
class LinkRow:
    """A link as it is kept: whose it is, and the digest of its phone's cookie."""

    centre_id: str
    kept: Kept[LinkView]
    device_hash: str | None = field(default=None, repr=False)

    @property
    def link(self) -> LinkView:
        """The link itself."""
        return self.kept.value


class FixStore(Protocol):
    """Keeps where callers' phones were."""

    async def add_fix(self, tx: Tx, centre_id: str, fix: FixView) -> None:
        """Keep a fix."""
        ...

    async def around(self, tx: Tx, centre_id: str, link_id: str, at: datetime) -> list[FixView]:
        """The newest fix of a link from before an instant, and every one from it on."""
        ...

    async def of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[FixView]:
        """Every fix of a call, in the order they were kept."""
        ...


class CallerStore(Protocol):
    """Keeps consents, links and fixes."""

    @property
    def consents(self) -> Documents[ConsentView]:
        """The rows of one kind."""
        ...

    @property
    def links(self) -> Documents[LinkView]:
        """The rows of one kind."""
        ...

    @property
    def fixes(self) -> FixStore:
        """The rows of one kind."""
        ...

    async def by_key(self, tx: Tx, key_hash: str) -> LinkRow | None:
        """The link whose token has this digest."""
        ...

    async def by_device(self, tx: Tx, device_hash: str) -> LinkRow | None:
        """The newest link that is bound to the phone whose cookie has this digest."""
        ...

    async def by_id(self, tx: Tx, centre_id: str, link_id: str) -> LinkRow | None:
        """One link of a centre."""
        ...

    async def rows_of_call(self, tx: Tx, centre_id: str, call_id: str) -> list[LinkRow]:
        """The links of a call, in order."""
        ...

    async def live(self, tx: Tx) -> list[LinkRow]:
        """The links of every centre that are not over."""
        ...


class Signals(Protocol):
    """Where signals go; the bus is one."""

    def signal(self, signal: Signal) -> None:
        """Tell whoever listens now."""
        ...


class Centres(Protocol):
    """Names of centres."""

    async def centre_name(self, tx: Tx, centre_id: str) -> str:
        """The name of a centre. Raises NotFound."""
        ...
