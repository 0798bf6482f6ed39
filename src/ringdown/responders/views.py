"""The shapes of responder links as everybody sees them."""

from typing import Final, Literal, get_args

from ringdown.core.events import Value
from ringdown.core.principal import Person

ResponderRole = Literal["police", "fire", "ems", "other"]
Shown = Literal["incident", "location", "video", "text"]
SHOWN: Final[tuple[Shown, ...]] = get_args(Shown)
ResponderLinkState = Literal["active", "expired", "revoked"]


class ResponderLinkView(Value):
    """One link for one responder or unit. Never holds its token."""

    link_id: str
    call_id: str
    role: ResponderRole
    to: str
    """Whom it was given to, such as `Engine 4`."""
    shows: tuple[Shown, ...]
    state: ResponderLinkState
    made_by: Person
    made_at: str
    expires_at: str
    opens: int = 0
    last_opened_at: str | None = None
    revoked_by: Person | None = None
