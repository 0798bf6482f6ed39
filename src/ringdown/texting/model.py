"""Messages with a caller, and the texting back of calls that nobody answered. Pure."""

from typing import Literal

from ringdown.core.events import Value
from ringdown.core.principal import Person

Channel = Literal["sms", "page"]
MessageDirection = Literal["out", "in"]
MessageKind = Literal["link", "text", "question", "text_back", "keyword"]
MessageState = Literal["manual", "queued", "sent", "delivered", "undelivered", "failed", "received"]
"""`manual`: a person sends it by other means. `sent`: the carrier has it."""
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
    attachments: tuple[str, ...] = ()
    """Uploads that came with it."""
    at: str
    changed_at: str


class TextBackView(Value):
    """A call that ended before anybody answered, until a person closes it with a reason."""

    call_id: str
    number: str | None
    state: TextBackState
    due_at: str
    """When somebody should look at it next, ISO 8601."""
    texted_at: str | None = None
    answered_at: str | None = None
    closed_at: str | None = None
    reason: str | None = None
    by: Person | None = None
