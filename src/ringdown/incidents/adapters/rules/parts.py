"""A place as this project writes it, taken apart: number, street, unit, city and the rest. Pure.

The words of a draft are enough; no other record of the parts is kept. A part that was not said is
absent.
"""

import re
from typing import Final

from ringdown.incidents.adapters.rules.cities import STATES
from ringdown.incidents.adapters.rules.lexicon import DIRECTIONS, SUFFIXES
from ringdown.incidents.adapters.rules.mention import NOT_IN
from ringdown.incidents.adapters.rules.places import BRAND_PAIRS, BRANDS, PLACE_NOUNS, RELATIONS

_UNIT: Final = re.compile(r"(Apt|Unit|Suite|Room|Lot|Space|Trailer) (\S+)")
_OTHERS: Final = (
    ("building", re.compile(r"Building (\S+)")),
    ("floor", re.compile(r"Floor (\S+)")),
    ("floor", re.compile(r"(Upstairs|Downstairs|Basement|Penthouse|Attic)|(\w+ (?:floor|level))")),
    ("mile", re.compile(r"mile marker (\S+)")),
    ("exit", re.compile(r"exit (\S+)")),
    ("between", re.compile(r"between (.+)")),
    ("along", re.compile(r"(.+\b(?:miles?|blocks?|yards|feet) .+)")),
    ("spot", re.compile(r"((?:in|on) (?:the|a|an) .+)")),
)
_BLOCK: Final = re.compile(r"(\d+) block of (.+)")
_HOUSE: Final = re.compile(r"([NSEW]?\d{1,6}(?:-\d{2,3})?[A-Z]?) (.+)")
_WAY: Final = re.compile(r"(.+) ((?:north|south|east|west)bound)")
_ROAD: Final = re.compile(
    r"[A-Z]{1,3}-\d+|\d{1,3}"
    r"|(?:(?:US|SR|FM|CR) |.*\b(?:Interstate|Highway|Route|Road|Trunk) )"
    r"(?:\d+|[A-Z]{1,2})(?: Road)?"
)
_ON: Final = re.compile(r"(?:on|at) (.+)")
_RELATION: Final = re.compile(
    "("
    + "|".join(sorted({name for name in RELATIONS.values() if name}, key=len, reverse=True))
    + ") (.+)"
)


def parts_of(text: str, *, kind: str = "") -> dict[str, str]:
    """The parts of a place: "2210 Genesee Street, Apt 4, Fairview".

    `street` is the road; of a place without a road it is the name of that place, which stands
    under `landmark` too.
    """
    head, *tail = text.split(", ")
    parts = _head(head, kind)
    rest: list[str] = []
    for piece in tail:
        unit = _UNIT.fullmatch(piece)
        other = _other(piece)
        if unit and "unit" not in parts:
            parts["unit"], parts["unit_kind"] = unit[2], unit[1]
        elif other:
            parts.setdefault(*other)
        else:
            rest.append(piece)
    for at, piece in enumerate(rest):
        _add(piece, parts, last=at > 0)
    return parts


def _other(piece: str) -> tuple[str, str] | None:
    """A part that says by itself what it is: a floor, a marker, where along the road."""
    for name, shape in _OTHERS:
        found = shape.fullmatch(piece)
        if found:
            return name, found[found.lastindex or 0]
    return None


def _add(piece: str, parts: dict[str, str], *, last: bool) -> None:
    """A city, a state, or what lies beside it."""
    beside, on = _RELATION.fullmatch(piece), _ON.fullmatch(piece)
    if on and parts.get("street") == parts.get("landmark"):
        parts["street"] = on[1]
    elif beside or on:
        name = beside[2] if beside else piece
        if "landmark" in parts:
            parts.setdefault("near", name.removeprefix("the "))
        else:
            parts["landmark"] = name.removeprefix("the ")
            parts |= {"relation": beside[1]} if beside else {}
    elif piece.lower() in STATES and last:
        parts["state"] = piece
    elif piece.startswith("the ") or (_is_place(piece) and "landmark" not in parts):
        parts["landmark"] = piece.removeprefix("the ")
    else:
        area = piece.lower().split()[-1] in PLACE_NOUNS
        parts["area" if area else "near" if _is_place(piece) else "city"] = piece


def _is_place(piece: str) -> bool:
    """Whether a name is that of a place and not of a town."""
    words = piece.lower().split()
    return words[-1] in PLACE_NOUNS or words[-1] in BRANDS or tuple(words[-2:]) in BRAND_PAIRS


def _head(head: str, kind: str) -> dict[str, str]:
    displaced = _RELATION.fullmatch(head)
    if displaced and displaced[1] in NOT_IN and _HOUSE.fullmatch(displaced[2]):
        return {**_head(displaced[2], "address"), "relation": displaced[1]}
    block = _BLOCK.fullmatch(head)
    if block:
        return {"number": block[1], "street": block[2], "block": block[1]}
    marker = _other(head)
    if marker:
        return {marker[0]: marker[1]}
    first, _, second = head.partition(" and ")
    if second and (kind == "intersection" or (not kind and _may_cross(first, second))):
        return {"street": first, "cross_street": second} | (
            {"highway": first} if _ROAD.fullmatch(first) else {}
        )
    way = _WAY.fullmatch(head)
    road = way[1] if way else head
    if kind == "highway" or (not kind and _ROAD.fullmatch(road)):
        return {"street": road, "highway": road} | ({"direction": way[2]} if way else {})
    house = _HOUSE.fullmatch(head)
    if house and kind in {"", "address"}:
        return {"number": house[1], "street": house[2]}
    if kind == "street" or (not kind and _is_street(head)):
        return {"street": head}
    relation = _RELATION.fullmatch(head)
    name = relation[2] if relation else head
    named = {"relation": relation[1]} if relation else {}
    return {"landmark": name.removeprefix("the "), "street": name.removeprefix("the "), **named}


def _may_cross(first: str, second: str) -> bool:
    """Whether "X and Y" are two roads; a place whose name has an "and" begins with a relation."""
    return _is_street(first) or _is_street(second) or _RELATION.match(first) is None


def _is_street(text: str) -> bool:
    words = text.lower().split()
    while len(words) > 1 and words[-1] in DIRECTIONS:
        words.pop()
    ordinal = bool(re.fullmatch(r"\d+(st|nd|rd|th)", words[-1]))
    suffixed = len(words) > 1 and words[-1] in SUFFIXES
    return suffixed or ordinal or bool(_ROAD.fullmatch(text)) or words[0] == "avenue"
