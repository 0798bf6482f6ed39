"""The best place with what else the caller said of the same place beside it. Pure."""

from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.mention import Mention

MOST_PARTS: Final = 4
"""Parts that are added to one place."""
_MOST_NEAR: Final = 2
_ROADS: Final = frozenset(["address", "block", "street", "intersection", "highway"])
_NEARBY: Final = frozenset(["near", "past", "just past", "passing", "close to"])
_ONTO: Final = frozenset(["into", "onto"])
_MARKS: Final = ("mile marker ", "exit ")
_NAMED: Final = 0.5
"""A landmark of more strength has a name of its own."""
_SUBORDINATE: Final = (
    *("in front of ", "next to ", "next door to ", "across from ", "across the street from "),
    *("outside ", "inside ", "behind ", "beside ", "near ", "by ", "below ", "down from ", "off "),
    *("under ", "past ", "just past ", "passing ", "close to ", "the ", "on the ", "in the "),
    *("in a ", "on a "),
)


def with_part(
    best: Mention, other: Mention, *, together: bool, close: bool, told: bool
) -> Mention | None:
    """`best` with `other` in it, if that says where in it or in which area it is.

    A marker belongs to its road and a city to any place. A landmark belongs to a road without a
    house number, a road to a landmark, and both to another named place, if they were said
    `close` by each other, or the caller was `told` to say more of the place.
    """
    if best.kind == "highway" and other.kind == "highway" and not best.detail:
        marks = other.street.startswith(_MARKS)
        return replace(best, detail=other.street) if marks else None
    if other.kind == "area" and not best.city and best.kind in _ROADS and not is_beside(other):
        return replace(best, city=other.street)
    if best.kind == "address" and other.kind == "street":
        whole = other.street.lower().startswith(f"{best.street.lower()} ")
        return replace(best, street=other.street) if whole and together else None
    if best.kind == "address" or not (close or told):
        return None
    if other.spot:
        return _near(best, other.street) if together else None
    if other.kind in {"landmark", "area"}:
        return _beside(best, other, close=close)
    if is_road(best) and is_road(other):
        near = close and other.relation in _NEARBY
        return _near(best, f"{other.relation} {other.text}") if near else None
    if best.kind in {"landmark", "area"} and is_road(other):
        relation = "on" if other.relation in _ONTO else other.relation
        return _near(best, f"{relation} {other.text}".strip())
    return None


def is_road(mention: Mention) -> bool:
    """Whether a place is a road, or two that cross, without a house number."""
    return mention.kind in {"street", "highway", "intersection"}


def is_beside(mention: Mention) -> bool:
    """Whether a place is said by its relation, as in "behind the school"."""
    return mention.street.lower().startswith(_SUBORDINATE)


def _beside(best: Mention, other: Mention, *, close: bool) -> Mention | None:
    if best.kind in _ROADS:
        return _near(best, other.street) if other.kind == "landmark" or is_beside(other) else None
    if is_beside(other):
        return _near(best, other.street)
    named = best.kind == other.kind == "landmark" and min(best.strength, other.strength) > _NAMED
    return _inside(best, other) if close and (named or other.kind == "area") else None


def _near(best: Mention, said: str) -> Mention | None:
    """With what lies beside it, unless that is said already."""
    if best.near.count(",") + 1 >= _MOST_NEAR:
        return None
    known = f"{best.text} ".lower()
    own = said.lower().split("the ")[-1].removeprefix("on ")
    if f"{own} " in known:
        return None
    return replace(best, near=f"{best.near}, {said}" if best.near else said)


def _inside(best: Mention, other: Mention) -> Mention | None:
    contained = other.street.lower() in best.street.lower() or best.city
    return None if contained else replace(best, city=other.street)
