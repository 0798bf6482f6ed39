"""The best place with what else the caller said of the same place beside it. Pure."""

from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.streets import Mention

_ROADS: Final = frozenset(["address", "block", "street", "intersection", "highway"])
_MARKS: Final = ("mile marker ", "exit ")
_NAMED: Final = 0.5
"""A landmark of more strength has a name of its own."""
_APART: Final = 4
"""Words between two places that are said of one."""
_SUBORDINATE: Final = (
    *("in front of ", "next to ", "next door to ", "across from ", "across the street from "),
    *("outside ", "inside ", "behind ", "beside ", "near ", "by ", "below ", "down from ", "off "),
    *("under ", "past ", "just past ", "passing ", "close to ", "the "),
)


def with_part(best: Mention, other: Mention, *, together: bool) -> Mention | None:
    """`best` with `other` in it, if that says where in it or in which area it is.

    A marker belongs to its road and a city to any place; a landmark belongs to a road without a
    house number, or to another named place, if they were said `together`, in one utterance.
    """
    if best.kind == "highway" and other.kind == "highway" and not best.detail:
        marks = other.street.startswith(_MARKS)
        return replace(best, detail=other.street) if marks else None
    if other.kind == "area" and not best.city and best.kind in _ROADS and not _is_beside(other):
        return replace(best, city=other.street)
    if not together or best.near or best.kind in {"address", "area"}:
        return None
    if best.kind in _ROADS:
        close = other.first - best.last <= _APART and best.first - other.last <= _APART
        landmark = other.kind == "landmark" or _is_beside(other)
        return replace(best, near=other.street) if close and landmark else None
    if other.kind == "area":
        return replace(best, near=other.street) if _is_beside(other) else _inside(best, other)
    named = best.kind == other.kind == "landmark" and min(best.strength, other.strength) > _NAMED
    return _inside(best, other) if named and not _is_beside(other) else None


def _is_beside(other: Mention) -> bool:
    """Whether a place is said by its relation, as in "behind the school"."""
    return other.street.lower().startswith(_SUBORDINATE)


def _inside(best: Mention, other: Mention) -> Mention | None:
    contained = other.street.lower() in best.street.lower() or best.city
    return None if contained else replace(best, city=other.street)
