"""Where the incident may be, by source, side by side and never merged. Pure."""

from typing import Literal

from ringdown.core.events import Value
from ringdown.incidents.evidence import EvidenceView

PlaceSource = Literal["spoken", "network", "device", "typed"]
MatchKind = Literal["address", "block", "intersection", "street", "landmark", "milepost"]


class PlaceMatch(Value):
    """A place of the agency's own map that a spoken one may mean; WGS84, score 0 to 1."""

    text: str
    score: float
    lat: float
    lon: float
    kind: MatchKind


class PlaceView(Value):
    """What one source says. `uncertainty_m` None is unknown, never exact; `at` is ISO 8601."""

    source: PlaceSource
    text: str | None = None
    lat: float | None = None
    lon: float | None = None
    uncertainty_m: float | None = None
    confidence_percent: float | None = None
    method: str | None = None
    at: str | None = None
    evidence: tuple[EvidenceView, ...] = ()
    match: PlaceMatch | None = None


class Disagreement(Value):
    """Two sources that cannot both be right; `distance_m` where both have coordinates."""

    one: PlaceSource
    other: PlaceSource
    reason: str
    distance_m: float | None = None
