"""What is true of a link for the field, whoever keeps it. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from ringdown.core.clock import iso
from ringdown.core.errors import Gone, Invalid, NotFound, Refused
from ringdown.core.events import Value
from ringdown.core.principal import Person
from ringdown.incidents.api import ConfirmationState, ConfirmationView, FieldName
from ringdown.responders.views import ResponderLinkState, ResponderLinkView, Shown


class ResponderLinkNotFound(NotFound):
    """The call has no such link for the field."""

    code: ClassVar[str] = "responders.link.not_found"


class ResponderLinkOver(Gone):
    """The link has run out or was revoked."""

    code: ClassVar[str] = "responders.link.over"
    action: ClassVar[str] = "Ask the centre for a new link."


class NotShown(Refused):
    """The link does not show this."""

    code: ClassVar[str] = "responders.link.not_shown"
    action: ClassVar[str] = "Ask the centre for a link that shows it."


class NothingToShow(Invalid):
    """A link that shows nothing, or what this centre does not give to this role in the field."""

    code: ClassVar[str] = "responders.link.nothing_to_show"
    action: ClassVar[str] = (
        "Name what it is to show; `responders.shows` and `shows_by_role` say what may be."
    )


class ShownField(Value):
    """One confirmed field: its name and its text."""

    name: FieldName
    text: str


class ShownIncident(Value):
    """What a named person confirmed, and nothing else. `reason` only where it was taken back."""

    sequence: int
    state: ConfirmationState
    at: str
    by: str
    fields: tuple[ShownField, ...]
    reason: str | None = None


def shown_incident(confirmed: Sequence[ConfirmationView]) -> ShownIncident | None:
    """The newest confirmation; None while a person has confirmed nothing."""
    if not confirmed:
        return None
    newest = max(confirmed, key=lambda one: one.sequence)
    fields = tuple(ShownField(name=name, text=one.text) for name, one in newest.fields.items())
    return ShownIncident(
        sequence=newest.sequence,
        state=newest.state,
        at=newest.at,
        by=newest.by.name,
        fields=fields,
        reason=newest.reason,
    )


def allowed(wanted: Sequence[Shown], most: Sequence[Shown]) -> tuple[Shown, ...]:
    """What a new link shows, in the order of the setting. Raises `NothingToShow`."""
    more = set(wanted) - set(most)
    if not wanted or more:
        raise NothingToShow(
            "a link shows at least one thing, and only what the centre allows to this role",
            details={"allowed": list(most)},
        )
    return tuple(one for one in most if one in wanted)


def state_at(link: ResponderLinkView, now: datetime) -> ResponderLinkState:
    """What a link is at this moment, whether or not its end has been written down yet."""
    return "expired" if link.state == "active" and link.expires_at <= iso(now) else link.state


def opened(link: ResponderLinkView, now: datetime) -> ResponderLinkView:
    """The link after somebody opened its page."""
    return link.model_copy(update={"opens": link.opens + 1, "last_opened_at": iso(now)})


def revoked(link: ResponderLinkView, by: Person) -> ResponderLinkView:
    """The link after a person took it back."""
    return link.model_copy(update={"state": "revoked", "revoked_by": by})


def end_of(made_at: datetime, minutes: int) -> str:
    """When a link that is made now runs out."""
    return iso(made_at + timedelta(minutes=minutes))
