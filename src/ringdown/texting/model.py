"""Messages with a caller, and the texting back of calls that nobody answered. Pure."""

from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

import phonenumbers

from ringdown.core.errors import Invalid
from ringdown.core.events import Value
from ringdown.core.principal import Person

Channel = Literal["sms", "page"]
MessageDirection = Literal["out", "in"]
MessageKind = Literal["link", "text", "question", "text_back", "keyword"]
MessageState = Literal["manual", "queued", "sent", "delivered", "undelivered", "failed", "received"]
"""`manual`: a person sends it by other means. `sent`: the carrier has it."""
THREAD: Final = "thread_"
"""How the id of a thread begins that belongs to no call."""
TextBackState = Literal["waiting", "texted", "answered", "closed"]


class MessageView(Value):
    """One message of a call's thread; the thread goes on whichever way it travels."""

    message_id: str
    call_id: str
    number: str
    """E.164. Personal data."""
    channel: Channel
    direction: MessageDirection
    kind: MessageKind
    text: str
    state: MessageState
    segments: int
    """SMS segments by GSM 03.38 or UCS-2; 0 on the page."""
    error: str | None = None
    """Why it did not arrive, in plain words."""
    by: Person | None = None
    """Who wrote it; None for the caller and for what a program answers by law (STOP, HELP)."""
    link_id: str | None = None
    question: str | None = None
    """Which question of the catalogue it asks."""
    meaning: str | None = None
    """What an answer to a question means, in English; the text is as the caller wrote it."""
    attachments: tuple[str, ...] = ()
    """Uploads that came with it."""
    at: str
    changed_at: str


@dataclass(frozen=True)
class Outgoing:
    """A text that a person sends. Personal data."""

    call_id: str
    number: str = field(repr=False)
    text: str = field(repr=False)
    kind: MessageKind
    link_id: str | None = None
    question: str | None = None
    hide: str | None = field(default=None, repr=False)
    """A secret inside the text: what is kept and told shows `…` in its place, except where a
    person must send it by hand."""
    other_number_reason: str | None = None


class TextBackView(Value):
    """A call that nobody answered, or that was silent, until a person closes it with a reason."""

    call_id: str
    """Or the id of a thread of its own (`thread_…`), for texts that belong to no call."""
    number: str | None
    state: TextBackState
    due_at: str
    """When somebody should look at it next, ISO 8601."""
    texted_at: str | None = None
    answered_at: str | None = None
    closed_at: str | None = None
    reason: str | None = None
    by: Person | None = None
    unmatched: bool = False
    """Texts came from a number that no call and no link knows."""
    silent: bool = False
    """The call was answered, and not a word was heard from its caller."""


class NumberInvalid(Invalid):
    """This is no telephone number that a text could go to; it is never repeated in the message."""

    code: ClassVar[str] = "texting.number.invalid"
    action: ClassVar[str] = "Write it with its country, such as +1 202 555 0143."


RANK: Final[dict[MessageState, int]] = {
    "manual": 0, "queued": 0, "sent": 1, "failed": 2, "undelivered": 2, "delivered": 3,
    "received": 3,
}  # fmt: skip
"""How much a state knows. Reports come late, twice and in any order: only more replaces less."""


def knows_more(before: MessageState, after: MessageState) -> bool:
    """Whether a report of `after` tells something about a message that is `before`."""
    return before not in {"manual", "received"} and RANK[after] > RANK[before]


def e164(number: str | None, region: str) -> str:
    """A number as carriers want it. Raises `NumberInvalid`.

    `region` (ISO 3166) says how to read a number without a country.
    """
    told = (number or "").strip()
    try:
        read = phonenumbers.parse(told, region)
    except phonenumbers.NumberParseException:
        raise NumberInvalid("this is no telephone number") from None
    known = (
        phonenumbers.is_possible_number if told.startswith("+") else phonenumbers.is_valid_number
    )
    if not known(read):
        raise NumberInvalid("this is no telephone number that a text can go to")
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
