"""What other features may ask of incidents, and the one thing that may leave for a CAD.

A `Confirmation` stands for a row that a signed-in person's act has put into the store. There is
no other way to one: the constructor asks for a key that only this feature holds, copies, pickles
and subclasses are refused, and each is checked against its digest when it is made. The database
repeats the promise: see `store.TRIGGERS`.
"""

import json
from collections.abc import Sequence
from typing import Any, ClassVar, Final, NoReturn, Protocol, cast, final

from ringdown.core.errors import RingdownError
from ringdown.core.principal import Person, Principal
from ringdown.incidents.cues import CueView
from ringdown.incidents.evidence import EvidenceView
from ringdown.incidents.model import (
    ConfirmationRow,
    ConfirmationState,
    ConfirmationView,
    ConfirmedField,
    Draft,
    DraftView,
    FieldName,
    FieldView,
    Reading,
    digest_of,
)
from ringdown.incidents.places import Disagreement, PlaceMatch, PlaceView
from ringdown.incidents.questions import QuestionView
from ringdown.incidents.types import INCIDENT_TYPES, LEVELS, IncidentType, Level
from ringdown.runtime.db import Tx

__all__ = [
    "INCIDENT_TYPES",
    "LEVELS",
    "Confirmation",
    "ConfirmationForged",
    "ConfirmationState",
    "ConfirmationView",
    "ConfirmedField",
    "CueView",
    "Disagreement",
    "Draft",
    "DraftView",
    "EvidenceView",
    "FieldName",
    "FieldView",
    "IncidentType",
    "Incidents",
    "Level",
    "PlaceMatch",
    "PlaceView",
    "Pointing",
    "QuestionView",
    "Reading",
]


class ConfirmationForged(RingdownError):
    """Something claimed to be a person's confirmation and is not one."""

    code: ClassVar[str] = "incidents.confirmation.forged"
    severity = "critical"
    action: ClassVar[str] = (
        "Nothing was sent. Send the incident again from the console, and report this."
    )


_KEY: Final = object()


@final
class Confirmation:
    """A stored act of a named person: these fields of this call may leave. Never made by hand."""

    __slots__ = ("_centre_id", "_key", "_view")
    _centre_id: str
    _key: object
    _view: ConfirmationView

    def __init__(self, row: ConfirmationRow, *, key: object = None) -> None:
        if key is not _KEY:
            raise ConfirmationForged("a confirmation comes from a person's stored act only")
        object.__setattr__(self, "_view", _checked(row))
        object.__setattr__(self, "_centre_id", row.centre_id)
        object.__setattr__(self, "_key", _KEY)

    def __init_subclass__(cls, **_: object) -> NoReturn:
        raise TypeError("Confirmation has no subclasses")

    def _genuine(self) -> None:
        if getattr(self, "_key", None) is not _KEY:
            raise ConfirmationForged("this was not made from a person's stored act")

    @property
    def view(self) -> ConfirmationView:
        """Everything in it. Raises ConfirmationForged when it did not come from the store."""
        self._genuine()
        return self._view

    @property
    def centre_id(self) -> str:
        """Whose it is."""
        self._genuine()
        return self._centre_id

    @property
    def confirmation_id(self) -> str:
        """Its id; with centre, call and digest it is what an outbound row must name."""
        return self.view.confirmation_id

    @property
    def call_id(self) -> str:
        """The call it belongs to."""
        return self.view.call_id

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical content."""
        return self.view.digest

    @property
    def by(self) -> Person:
        """Who confirmed."""
        return self.view.by

    def __repr__(self) -> str:
        return "<confirmation>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Confirmation) and self.view == other.view

    def __hash__(self) -> int:
        return hash(self.digest)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ConfirmationForged("a confirmation cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise ConfirmationForged("a confirmation cannot be changed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise ConfirmationForged("a confirmation cannot be pickled or copied")

    def __copy__(self) -> NoReturn:
        raise ConfirmationForged("a confirmation cannot be copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise ConfirmationForged("a confirmation cannot be copied")


def _restored(row: ConfirmationRow) -> Confirmation:  # pyright: ignore[reportUnusedFunction] # the service alone
    """A confirmation from its stored row. For `incidents.service` alone (a test checks that)."""
    return Confirmation(row, key=_KEY)


def _checked(row: ConfirmationRow) -> ConfirmationView:
    """The view of a stored row, if content, columns and digest agree.

    Raises ConfirmationForged.
    """
    forged = ConfirmationForged(
        "a stored confirmation does not match its digest",
        details={"confirmation_id": row.confirmation_id},
    )
    if not row.user_id or not row.content.isascii() or digest_of(row.content) != row.digest:
        raise forged
    try:
        content = cast("dict[str, Any]", json.loads(row.content))
        by = cast("dict[str, str]", content["by"])
        named = (content.pop("centre_id"), by["user_id"], by["name"])
        view = ConfirmationView.model_validate({**content, "digest": row.digest})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise forged from None
    columns = (
        row.confirmation_id,
        row.call_id,
        row.incident_id,
        row.sequence,
        row.draft_version,
        row.at,
    )
    said = (
        view.confirmation_id,
        view.call_id,
        view.incident_id,
        view.sequence,
        view.draft_version,
        view.at,
    )
    if columns != said or named != (row.centre_id, row.user_id, row.user_name):
        raise forged
    if (view.state == "cancelled") != (view.reason is not None):
        raise forged
    return view


class Pointing(Protocol):
    """How a source that tells of itself where the caller is says so."""

    async def point(self, centre_id: str, call_id: str, place: PlaceView) -> None:
        """Put it beside what the other sources say; it replaces only what it said itself."""
        ...


class Incidents(Protocol):
    """Incidents as later features see them."""

    async def draft(self, principal: Principal, call_id: str) -> DraftView:
        """The draft of a call of the principal's centre. Raises NotFound."""
        ...

    async def read_draft(self, tx: Tx, centre_id: str, call_id: str) -> DraftView:
        """The same within a snapshot of one's own; version 0 when nothing is known."""
        ...

    async def read_drafts(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str]
    ) -> dict[str, DraftView]:
        """The drafts of several calls; a call of which nothing is known is left out."""
        ...

    async def read_confirmations(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ConfirmationView]:
        """The confirmations of a call, by sequence, to look at; not to send."""
        ...

    async def confirmation(self, tx: Tx, centre_id: str, confirmation_id: str) -> Confirmation:
        """The confirmation to send, checked. Raises NotFound, ConfirmationForged."""
        ...
