"""What others may ask of an agency's map."""

from collections.abc import Sequence
from typing import Annotated, Protocol

from pydantic import Field

from ringdown.core.events import Value
from ringdown.streets.model.asked import AskedKind
from ringdown.streets.model.features import Layer


class LayerView(Value):
    """A layer of the map: how much it holds, and from where."""

    layer: Layer
    count: int
    version: str
    source: str
    loaded_at: str
    loaded_by: str


class BoundsView(Value):
    """A part of the map in WGS84 degrees."""

    west: float
    south: float
    east: float
    north: float


class StreetsView(Value):
    """The map of a centre: its layers, and the part of the world it covers."""

    layers: tuple[LayerView, ...] = ()
    bounds: BoundsView | None = None


class RefusedFeatureView(Value):
    """A row of the file that was not taken: its line (CSV) or the place of its feature, and why."""

    row: int
    reason: str


class StreetsReport(Value):
    """What became of a file."""

    layer: Layer
    count: int
    """What the layer holds now."""
    version: str
    changed: bool
    rows: int
    refused: int
    first_refused: tuple[RefusedFeatureView, ...] = ()


class FoundPlace(Value):
    """A place of the map that a spoken one may mean; WGS84 degrees, score from 0 to 1."""

    text: str
    score: float
    lat: float
    lon: float
    kind: AskedKind


class FoundPlaces(Value):
    """What a text may mean, best first; empty where the map has nothing like it."""

    found: tuple[FoundPlace, ...] = ()


class AskedPlace(Value):
    """A place as somebody said or typed it."""

    text: Annotated[str, Field(max_length=200)]


class Streets(Protocol):
    """The maps of the centres."""

    async def match(self, centre_id: str, text: str) -> Sequence[FoundPlace]:
        """What the text may mean on the centre's map, best first."""
        ...
