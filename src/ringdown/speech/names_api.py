"""What others may ask of local names."""

from typing import Annotated

from pydantic import Field

from ringdown.core.events import Value
from ringdown.speech.model.names import NameKind


class NameView(Value):
    """One local name; a point in WGS84 degrees where the agency gave one."""

    name: str
    kind: NameKind
    lat: float | None = None
    lon: float | None = None


class NamesView(Value):
    """The names of a centre: how many, from where, and those that were searched for."""

    count: int
    version: str | None = None
    source: str | None = None
    loaded_at: str | None = None
    loaded_by: str | None = None
    found: Annotated[tuple[NameView, ...], Field(max_length=100)] = ()


class RefusedRowView(Value):
    """A row of the file that was not taken: its line (CSV) or the place of its feature, and why."""

    row: int
    reason: str


class NamesReport(Value):
    """What became of a file. `merged` rows say what another row or an earlier file said."""

    count: int
    """The names that the centre has now."""
    version: str
    changed: bool
    rows: int
    taken: int
    merged: int
    refused: int
    first_refused: tuple[RefusedRowView, ...] = ()
