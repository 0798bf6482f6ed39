"""A location as the rules write it, taken apart: number, street, unit, cross street and the rest.

A part that was not said is absent.
"""

import re
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import BOUND, SUFFIXES, UNIT_WORDS
from ringdown.incidents.adapters.rules.places import PLACE_NOUNS

_UNIT: Final = re.compile(
    rf"(?:{'|'.join(sorted(set(UNIT_WORDS.values())))}) (?P<unit>[\w-]+)", re.IGNORECASE
)
_LEVEL: Final = re.compile(r"Floor (?P<floor>\w+)|Building (?P<building>\w+)")
_MILE: Final = re.compile(r"mile marker (?P<mile>\d+)")
_EXIT: Final = re.compile(r"exit (?P<exit>\d+\w?)")
_HOUSE: Final = re.compile(r"(?P<number>\d{1,6}[A-Za-z]?) (?P<street>.+)")
_BLOCK: Final = re.compile(r"(?P<number>\d+) block of (?P<street>.+)")
_ROAD: Final = re.compile(
    r"(?:I|US|SR|FM|CR|Interstate|Highway|Route|State Route|State Road|County Route|Farm Road)"
    r"[- ]\d+.*|\d+"
)
_FRONT: Final = frozenset(["avenue", "street", "road", "county", "state"])
_RELATION: Final = re.compile(
    r"(?:behind|beside|near|across from|in front of|next to|outside|inside|by|off|under|past|"
    r"just past|passing|close to|next door to) (?:the )?"
)


def parts_of(text: str) -> dict[str, str]:
    """The parts of a location's text."""
    main, *details = [piece.strip() for piece in text.split(",")]
    parts: dict[str, str] = {}
    for detail in details:
        _detail(detail, parts)
    if (block := _BLOCK.fullmatch(main)) is not None:
        return {"number": block["number"], "street": block["street"], **parts}
    if _ROAD.fullmatch(_unbound(main)):
        return {"street": main, "highway": _unbound(main), **parts}
    if (house := _HOUSE.fullmatch(main)) is not None:
        return {"number": house["number"], "street": house["street"], **parts}
    if _mark(main, parts):
        return parts
    first, joined, second = main.partition(" and ")
    if joined and (_is_street(first) or _is_street(second) or _RELATION.match(main) is None):
        return {"street": first, "cross_street": second, **parts}
    if _is_street(main):
        return {"street": main, **parts}
    return {"landmark": _RELATION.sub("", main, count=1), **parts}


def _detail(detail: str, parts: dict[str, str]) -> None:
    if _mark(detail, parts):
        return
    if (level := _LEVEL.fullmatch(detail)) is not None:
        parts.update({name: value for name, value in level.groupdict().items() if value})
    elif (unit := _UNIT.fullmatch(detail)) is not None:
        parts["unit"] = unit["unit"]
    elif (relation := _RELATION.match(detail)) is not None:
        parts["landmark"] = detail[relation.end() :]
    elif detail.startswith("the "):
        parts["landmark"] = detail.removeprefix("the ")
    elif detail.lower().split()[-1:] and detail.lower().split()[-1] in PLACE_NOUNS:
        parts["area"] = detail
    elif "city" in parts:
        parts["state"] = detail
    else:
        parts.setdefault("city", detail)


def _mark(text: str, parts: dict[str, str]) -> bool:
    """A mile marker or an exit."""
    for pattern in (_MILE, _EXIT):
        if (found := pattern.fullmatch(text)) is not None:
            parts.update(found.groupdict())
            return True
    return False


def _unbound(text: str) -> str:
    words = text.split()
    return " ".join(word for word in words if word.lower() not in BOUND)


def _is_street(text: str) -> bool:
    named = {name.lower() for name in SUFFIXES.values()}
    words = text.lower().split()
    return bool(words) and (words[0] in _FRONT or not named.isdisjoint(words[-2:]))
