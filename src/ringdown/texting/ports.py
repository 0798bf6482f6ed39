"""What texting needs from outside: a store, names of centres, and a carrier."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from ringdown.core.errors import Gone, NotFound, Unavailable
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Documents, Kept
from ringdown.texting.model import MessageState, MessageView, TextBackView

# -- a carrier ------------------------------------------------------------------------------


class CarrierUnavailable(Unavailable):
    """The carrier did not answer, or not with what was asked for."""

    code: ClassVar[str] = "texting.carrier.unavailable"
    action: ClassVar[str] = "Nothing: it is tried again; the lamp says so while it lasts."


class MediaGone(Gone):
    """The carrier no longer has a picture that came by MMS, or it is not one of the carrier's."""

    code: ClassVar[str] = "texting.media.gone"
    action: ClassVar[str] = "Ask the caller to send the picture again."


class HookUnknown(NotFound):
    """No carrier that calls this address is set up."""

    code: ClassVar[str] = "texting.hook.unknown"
    action: ClassVar[str] = "Set texting.carrier to the carrier that should call this address."


@dataclass(frozen=True)
class OutgoingText:
    """A text for the carrier. `message_id` is the same in every attempt."""

    message_id: str
    to: Sensitive[str]
    text: Sensitive[str]


@dataclass(frozen=True)
class Accepted:
    """The carrier has it."""

    carrier_id: str | None
    state: MessageState = "sent"


@dataclass(frozen=True)
class Later:
    """It may work later. `text` says in plain words what is wrong."""

    code: str
    text: str
    after_s: float | None = None


@dataclass(frozen=True)
class Never:
    """It will not work. `stopped`: the number wants no more texts."""

    code: str
    text: str
    stopped: bool = False


Outcome = Accepted | Later | Never


@dataclass(frozen=True)
class Picture:
    """Something that came by MMS, where the carrier keeps it."""

    url: str = field(repr=False)
    content_type: str


@dataclass(frozen=True)
class Arrived:
    """A text from a phone. Personal data."""

    carrier_id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    pictures: tuple[Picture, ...] = ()
    answered: bool = False
    """The carrier has answered this keyword by itself."""
    receiver: str = ""
    """The number of ours that it was sent to; empty where the carrier does not say."""


@dataclass(frozen=True)
class Reported:
    """What became of a text, by our id where the carrier tells it, and by the carrier's."""

    message_id: str | None
    carrier_id: str | None
    state: MessageState
    reason: str | None = None


class Carrier(Protocol):
    """Whoever brings texts to phones and back."""

    @property
    def name(self) -> str:
        """The name of its webhook's address, such as `twilio`."""
        ...

    async def send(self, text: OutgoingText, *, now: datetime) -> Outcome:
        """Try once."""
        ...

    def read(
        self, query: str, headers: Mapping[str, str], body: bytes, *, report: bool, now: datetime
    ) -> Arrived | Reported | None:
        """What a webhook tells; None for what says nothing. Raises `Unauthenticated`, `Malformed`.

        `report` is what the address promised; a carrier with one address for both may ignore it.
        """
        ...

    def fetch(self, url: str) -> AsyncIterator[bytes]:
        """What came by MMS. Raises `MediaGone`, `CarrierUnavailable`."""
        ...


# -- the store, the centres and the words ---------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A message with what only this feature knows of it."""

    centre_id: str
    kept: Kept[MessageView]
    attempts: int
    due_at: str | None
    outgoing: str | None = field(repr=False)
    media: list[dict[str, Any]] | None = field(repr=False)

    @property
    def view(self) -> MessageView:
        """The message as others see it."""
        return self.kept.value


class TextingStore(Protocol):
    """Keeps messages between the agency and callers."""

    @property
    def messages(self) -> Documents[MessageView]:
        """The rows of one kind."""
        ...

    @property
    def text_backs(self) -> Documents[TextBackView]:
        """The rows of one kind."""
        ...

    async def waiting(self, tx: Tx, centre_id: str) -> list[Kept[TextBackView]]:
        """What is in the queue and not closed."""
        ...

    async def listen_to(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """Remember a call that ended until it is known whether its caller spoke; once is enough."""
        ...

    async def listened_to(self, tx: Tx) -> list[tuple[str, str]]:
        """The calls so remembered, of every centre: centre and call."""
        ...

    async def listened(self, tx: Tx, centre_id: str, call_id: str) -> None:
        """It is known now."""
        ...

    async def unsent(self, tx: Tx) -> list[Held]:
        """The texts of every centre that the carrier does not have yet, oldest first."""
        ...

    async def pictures(self, tx: Tx) -> list[Held]:
        """The messages of every centre whose pictures are still with the carrier."""
        ...

    async def find(self, tx: Tx, *, message_id: str | None, carrier_id: str | None) -> Held | None:
        """A message of whatever centre, by our id or the carrier's."""
        ...

    async def of_number(self, tx: Tx, number: str) -> list[Held]:
        """The messages with a number in every centre, oldest first."""
        ...

    async def of_link(self, tx: Tx, centre_id: str, link_id: str) -> list[Kept[MessageView]]:
        """The messages of a link, oldest first."""
        ...

    async def stopped(self, tx: Tx, centre_id: str, number: str) -> bool:
        """Whether a number asked for no more texts."""
        ...

    async def stop(self, tx: Tx, centre_id: str, number: str, at: str) -> bool:
        """Remember that; False if it was known."""
        ...

    async def start(self, tx: Tx, centre_id: str, number: str) -> bool:
        """Forget it; False if it was not so."""
        ...


class Words(Protocol):
    """What was said on calls; speech knows."""

    async def silent_in(
        self, tx: Tx, centre_id: str, call_id: str, leg_ids: Sequence[str]
    ) -> bool | None:
        """Whether nobody spoke on these legs; None while words may still come."""
        ...


class Centres(Protocol):
    """The centres of the installation."""

    async def centre_name(self, tx: Tx, centre_id: str) -> str:
        """The name of a centre. Raises NotFound."""
        ...

    async def centre_ids(self, tx: Tx) -> list[str]:
        """Every centre, oldest first."""
        ...
