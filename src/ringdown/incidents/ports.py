"""What incidents need from outside: an extractor, the transcript, and a store.

The extractor is the narrow seam at which rules can be replaced: a session hears one utterance after
another and each time says everything it now proposes. What it proposes carries its evidence;
without evidence there is no proposal, and the field stays unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from ringdown.core.errors import RingdownError
from ringdown.incidents.cues import Cue
from ringdown.incidents.evidence import Evidence
from ringdown.incidents.model import (
    ConfirmationRow,
    Draft,
    Extracted,
    FieldName,
    FieldView,
    Proposal,
)
from ringdown.incidents.places import PlaceMatch
from ringdown.incidents.questions import Question
from ringdown.runtime.db import Tx

EXTRACTOR_GROUP: Final = "ringdown.extractor"
"""The entry-point group of extractors."""

__all__ = [
    "EXTRACTOR_GROUP",
    "Attempt",
    "Cue",
    "Evidence",
    "Extracted",
    "ExtractionSession",
    "Extractor",
    "Gazetteer",
    "HeardUtterance",
    "HeardWord",
    "IncidentStore",
    "NotStored",
    "PlaceMatch",
    "Proposal",
    "Question",
    "Transcript",
]


class NotStored(RingdownError):
    """The store refused a confirmation: its person is not of this centre, or its place is taken."""

    code: ClassVar[str] = "incidents.confirmation.not_stored"
    severity = "critical"
    action: ClassVar[str] = "Nothing was sent. Look at the incident again and send it once more."


class HeardWord(Protocol):
    """A word as `speech` hands it over; times are milliseconds on the call's clock."""

    @property
    def word(self) -> str: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def confidence(self) -> float: ...


class HeardUtterance(Protocol):
    """What an extractor reads of `speech`'s UtteranceView, which has this shape."""

    @property
    def utterance_id(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def words(self) -> Sequence[HeardWord]: ...


class ExtractionSession(Protocol):
    """One call as an extractor follows it. Deterministic; memory bounded however long the call."""

    def hear(self, utterance: HeardUtterance) -> Extracted:
        """Everything now said of the call: proposals, best first within each field, and the rest.

        An utterance id heard before is replaced by the new text (an older revision is ignored),
        so a reading that lost its words is simply no longer in the answer.
        """
        ...


class Extractor(Protocol):
    """Makes sessions; what a `ringdown.extractor` plugin opens."""

    def open(self) -> ExtractionSession:
        """A session for one call that has heard nothing yet."""
        ...


class Gazetteer(Protocol):
    """The agency's own map, asked about a place that was said."""

    async def match(self, centre_id: str, text: str) -> Sequence[PlaceMatch]:
        """What the text may mean, best first; nothing without a map or a likeness."""
        ...


class Transcript(Protocol):
    """The finished utterances of a call, as `speech` keeps them."""

    async def read_in(self, tx: Tx, centre_id: str, call_id: str) -> Sequence[HeardUtterance]:
        """Every utterance of the call in its newest revision, in the order spoken."""
        ...


@dataclass(frozen=True)
class Attempt:
    """A row of a field's history: a version that it had, or an edit that was refused."""

    field: FieldName
    version: int
    kind: str
    """`heard`, `edited`, `confirmed`, `rejected` or `conflicted`."""
    view: FieldView
    at: str


class IncidentStore(Protocol):
    """Drafts, the history of their fields, and confirmations. History is never changed."""

    async def load(self, tx: Tx, centre_id: str, call_id: str) -> Draft | None:
        """The draft of a call, or None while nothing is known of it."""
        ...

    async def save(self, tx: Tx, centre_id: str, draft: Draft) -> None:
        """Keep a draft in place of the one before."""
        ...

    async def drafts(self, tx: Tx, centre_id: str, call_ids: Sequence[str]) -> list[Draft]:
        """The drafts there are for these calls."""
        ...

    async def add_history(
        self, tx: Tx, centre_id: str, call_id: str, entry_id: str, attempt: Attempt
    ) -> None:
        """Keep a version of a field, or an attempt to change it."""
        ...

    async def history(self, tx: Tx, centre_id: str, call_id: str) -> list[Attempt]:
        """Everything a call's fields ever were, oldest first."""
        ...

    async def add_confirmation(self, tx: Tx, row: ConfirmationRow) -> None:
        """Keep a confirmation for good. Raises `NotStored` when the store refuses it."""
        ...

    async def confirmation(
        self, tx: Tx, centre_id: str, confirmation_id: str
    ) -> ConfirmationRow | None:
        """One stored confirmation of the centre."""
        ...

    async def confirmations(self, tx: Tx, centre_id: str, call_id: str) -> list[ConfirmationRow]:
        """The confirmations of a call, by sequence."""
        ...
