"""A confirmed location as a civic address (RFC 5139): only what its text plainly says. Pure.

The whole text always goes along as `LOC`. A number, street, unit or floor is taken apart only
where nothing else can be meant; a guessed part would send help to the wrong door.
"""

import re
from dataclasses import dataclass
from typing import Final

from ringdown.spoken.places import DIRECTIONS, ROADS, STREET_TYPES

_HOUSE: Final = re.compile(r"(\d{1,6})([A-Za-z]|-\d{1,4})? (\S.*)")
_UNIT: Final = re.compile(r"(?:Apt|Apartment|Unit|Suite|Room|Lot) (#?\w[\w-]{0,9})", re.IGNORECASE)
_FLOOR: Final = re.compile(r"Floor (\w{1,4})", re.IGNORECASE)
_AND: Final = re.compile(r" (?:and|&) ", re.IGNORECASE)
_SHORTEST: Final = frozenset({"north", "south", "east", "west"})


@dataclass(frozen=True)
class Civic:
    """The elements of an address, and those of each street that crosses it."""

    parts: dict[str, str]
    crossing: tuple[dict[str, str], ...] = ()


def civic_of(text: str, country: str) -> Civic:
    """The civic address of a location's text."""
    head, *details = [piece.strip() for piece in text.split(",")]
    parts = {"country": country, "LOC": text}
    for detail in details:
        if (unit := _UNIT.fullmatch(detail)) is not None:
            parts["UNIT"] = unit[1]
        elif (floor := _FLOOR.fullmatch(detail)) is not None:
            parts["FLR"] = floor[1]
    house = _HOUSE.fullmatch(head)
    if house is not None and (street := _street(house[3])) is not None:
        number = {"HNO": house[1]} | ({"HNS": house[2].lstrip("-")} if house[2] else {})
        return Civic(parts | number | street)
    streets = [_street(one) for one in _AND.split(head)]
    known = [one for one in streets if one is not None]
    if len(known) > 1 and len(known) == len(streets):
        crossing = tuple({"country": country, **one} for one in known[1:])
        return Civic(parts | known[0], crossing)
    if len(known) == 1 == len(streets):
        return Civic(parts | known[0])
    return Civic(parts)


def _street(text: str) -> dict[str, str] | None:
    """Direction, name and kind of a street whose kind is said; None when it is not."""
    words = text.split()
    parts: dict[str, str] = {}
    if len(words) > 2 and _full(words[0], DIRECTIONS) in _SHORTEST:
        parts["PRD"] = words.pop(0)
    if len(words) > 2 and _full(words[-1], DIRECTIONS) in _SHORTEST:
        parts["POD"] = words.pop()
    if len(words) < 2 or _full(words[-1], STREET_TYPES) not in ROADS or words[0].isdigit():
        return None
    if any(word.casefold() in {"and", "&", "at", "of", "near", "behind", "by"} for word in words):
        return None
    return parts | {"RD": " ".join(words[:-1]), "STS": words[-1]}


def _full(word: str, table: dict[str, str]) -> str:
    return table.get(word.rstrip(".").casefold(), "")
