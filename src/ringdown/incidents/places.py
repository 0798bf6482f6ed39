"""Where the incident may be, by source, side by side and never merged. Pure."""

import math
import re
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final, Literal

from pydantic import Field

from ringdown.core.earth import metres_apart
from ringdown.core.events import Value, untold
from ringdown.incidents.evidence import EvidenceView
from ringdown.spoken.places import Place, fold
from ringdown.spoken.sound import likeness, sounds

PlaceSource = Literal["spoken", "network", "device", "typed", "caller_link"]
"""`caller_link`: what the caller's phone told by the page that they opened."""
NUMBERS_DIFFER: Final = "the house numbers differ"
STREETS_DIFFER: Final = "the streets differ"
FAR_APART: Final = "the points are farther apart than both uncertainties"
TOWER: Final = "cell tower, not the caller"
"""The method of a place that is where a tower stands."""
_LIKELY: Final = 0.6
"""A match of less score is a guess."""
_CLEARLY: Final = 0.1
"""By how much the best match must lead for the second to be out of the question."""
_NORMAL: Final = NormalDist()
_BLOCK_M: Final = 100.0
_UNTOLD_M: Final = 300.0
_TOWER_M: Final = 30_000.0
_ALIKE: Final = 0.8
"""How alike two names must sound to be one name, written in two ways."""
_NUMBERED: Final = re.compile(r"(\d+(?:-\d+)?[a-zA-Z]?)\s+(\S.*)")
_UNIT: Final = re.compile(
    r"\s(?:(?:apt|apartment|unit|ste|suite|rm|room|lot|spc|space|trlr|trailer|bldg|building|fl"
    r"|floor)\b|#).*$",
    re.IGNORECASE,
)
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
    altitude_m: float | None = Field(default=None, exclude_if=untold)
    """Above the ellipsoid, as far as told; `altitude_uncertainty_m` at the same confidence."""
    altitude_uncertainty_m: float | None = Field(default=None, exclude_if=untold)
    floor: str | None = Field(default=None, exclude_if=untold)


class Disagreement(Value):
    """Two sources that cannot both be right; `distance_m` where both have coordinates."""

    one: PlaceSource
    other: PlaceSource
    reason: str
    distance_m: float | None = None


def differing(places: Sequence[PlaceView]) -> tuple[Disagreement, ...]:
    """The pairs of sources that cannot both be right. What is not comparable is not flagged."""
    found: list[Disagreement] = []
    for at, one in enumerate(places):
        for other in places[at + 1 :]:
            apart = _apart(one, other)
            reason = _words_differ(one.text, other.text) or apart[1]
            if reason:
                found.append(
                    Disagreement(
                        one=one.source, other=other.source, reason=reason, distance_m=apart[0]
                    )
                )
    return tuple(found)


def settled(matches: Sequence[PlaceMatch]) -> PlaceMatch | None:
    """The one place of the map that is meant; None where two are as likely, or none is."""
    if not matches or matches[0].score < _LIKELY:
        return None
    second = matches[1].score if len(matches) > 1 else 0.0
    return matches[0] if matches[0].score - second >= _CLEARLY else None


def distance_m(one: PlaceView, other: PlaceView) -> float | None:
    """How far apart two points are; None where one has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return metres_apart(one.lat, one.lon, other.lat, other.lon)


def _apart(one: PlaceView, other: PlaceView) -> tuple[float | None, str]:
    """The distance, and what is wrong with it: more than both uncertainties together."""
    distance = distance_m(one, other)
    if distance is None:
        return None, ""
    metres = round(distance, 1)
    return metres, FAR_APART if distance > _reach(one) + _reach(other) else ""


def _reach(place: PlaceView) -> float:
    """How far from its point a place may be, at 95 %; where it is not told, a generous guess."""
    if place.method == TOWER:
        return max(_TOWER_M, place.uncertainty_m or 0.0)
    if place.uncertainty_m is None:
        return _BLOCK_M if place.source in {"spoken", "typed"} else _UNTOLD_M
    share = min(0.99, max(0.05, (place.confidence_percent or 95.0) / 100))
    return place.uncertainty_m * _spread(0.95) / _spread(share)


def _spread(share: float) -> float:
    """How many deviations of one axis hold this share of a plane, as RFC 7459 scales circles."""
    return _NORMAL.inv_cdf((1 + math.sqrt(share)) / 2)


def _words_differ(one: str | None, other: str | None) -> str:
    """What two written addresses contradict each other in; empty where they may be the same."""
    first, second = _address(one), _address(other)
    if first is None or second is None:
        return ""
    if not _same_street(first[1], second[1]):
        return STREETS_DIFFER
    return NUMBERS_DIFFER if first[0] != second[0] else ""


def _address(text: str | None) -> tuple[str, Place] | None:
    """The house number and the street of an address; None for any other kind of place."""
    head = re.split(r"[,\n;]", text or "", maxsplit=1)[0].strip()
    found = _NUMBERED.fullmatch(head)
    if found is None:
        return None
    street = _UNIT.sub("", found[2]).strip()
    folded = fold(street)
    return (found[1].lower().lstrip("0"), folded) if folded.own else None


def _same_street(one: Place, other: Place) -> bool:
    """Whether two names may be one street: heard a little otherwise, or said without its kind."""
    if one.kind and other.kind and one.kind != other.kind:
        return False
    if one.directions and other.directions and set(one.directions).isdisjoint(other.directions):
        return False
    if one.own == other.own:
        return True
    return max(likeness(a, b) for a in sounds(one.own) for b in sounds(other.own)) >= _ALIKE
