"""The best place with what else the caller said of the same place beside it. Pure."""

from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.streets import Mention

ROADS: Final = frozenset(["address", "block", "street", "intersection", "highway"])
_MARKS: Final = ("mile marker ", "exit ")


def with_part(best: Mention, other: Mention, *, together: bool) -> Mention | None:
    """`best` with `other` in it, if that says where in it or in which area it is.

    A marker belongs to its road and a city to any place. Two named places belong to each other
    only if they were said `together`.
    """
    if best.kind == "highway" and other.kind == "highway" and not best.detail:
        marks = other.street.startswith(_MARKS)
        return replace(best, detail=other.street) if marks else None
    if best.city or best.kind == "area" or (best.kind == "landmark" and not together):
        return None
    if other.kind == "area" and (together or best.kind in ROADS):
        return replace(best, city=other.street)
    named = best.kind == other.kind == "landmark" and min(best.strength, other.strength) > _NAMED
    plain = not other.street.lower().startswith(_RELATED)
    if named and together and plain and other.street.lower() not in best.street.lower():
        return replace(best, city=other.street)
    return None


_NAMED: Final = 0.5
_RELATED: Final = (
    *("in front", "next", "across", "outside", "inside", "behind", "beside", "near", "by "),
    *("below", "down", "the "),
)
