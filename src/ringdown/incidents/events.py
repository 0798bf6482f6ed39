"""What others may hear about incidents."""

from typing import ClassVar, Literal

from ringdown.core.events import Fact
from ringdown.core.principal import Person
from ringdown.incidents.model import ConfirmationView, DraftView, FieldName


class DraftRevised(Fact):
    """The draft changed, because something was heard or a person did something."""

    kind: ClassVar[str] = "incidents.draft.revised.v1"
    draft: DraftView
    changed: tuple[FieldName, ...]
    because: Literal["heard", "person"]


class EditConflicted(Fact):
    """Two people changed one field; the second one's value is kept in the history."""

    kind: ClassVar[str] = "incidents.edit.conflicted.v1"
    field: FieldName
    attempted_value: str | None
    by: Person
    current_version: int


class IncidentConfirmed(Fact):
    """A person said that these fields may leave for the CAD."""

    kind: ClassVar[str] = "incidents.incident.confirmed.v1"
    confirmation: ConfirmationView


FACTS: tuple[type[Fact], ...] = (DraftRevised, EditConflicted, IncidentConfirmed)
