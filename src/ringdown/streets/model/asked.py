"""What a place as said may ask of the map: every reading of it, for the map to choose from."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from ringdown.spoken.numbers import find_numbers
from ringdown.spoken.vocabulary import word_set

AskedKind = Literal["address", "block", "intersection", "street", "landmark", "milepost"]

LONGEST: Final = 200
"""Characters of a text that are looked at."""
_BESIDE: Final = (
    r"near|behind|across (?:the street )?from|in front of|next to|next door to|beside|opposite|by"
    r"|outside(?: of)?|inside(?: of)?|around|just (?:off|past|before)|off(?: of)?|past|between|at"
    r"|on|in|corner of|(?:the )?(?:corner|intersection) of"
)
_LEAD: Final = re.compile(rf"^(?:(?:{_BESIDE}|the)\s+)+", re.IGNORECASE)
_NEAR: Final = re.compile(rf"^(?:{_BESIDE})\s+(.+)$", re.IGNORECASE)
_HOUSE: Final = re.compile(
    r"(?!\d+(?:st|nd|rd|th)\b)((?:[nsew]\d{1,5}){0,2}\d{1,6}(?:-\d{1,4})?[a-z]{0,2})"
    r"(?: (?:and (?:a half)|(\d/\d)))?\s+(?!(?:st|nd|rd|th)\b)(.+)$",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"(\d{1,5})(?:s|'s)?\s+block(?:\s+(?:of|on|at))?\s+(.+)$", re.IGNORECASE)
_MARKER: Final = re.compile(
    r"(?P<kind>mile ?(?:marker|post)|mm|exit)(?: number)? (?P<mile>\d{1,4}(?:\.\d{1,3})?)",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r"^(?:(?:apt|apartment|unit|suite|ste|room|rm|lot|space|trailer|floor|building|bldg)\b\.? ?|#)"
    r"(?P<unit>[\w-]{1,8})$",
    re.IGNORECASE,
)
_STATES: Final = word_set(
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj "
    "nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc usa"
)
_JOINT: Final = re.compile(r"\s+(?:and|&|at|@|near|by|on|off)\s+|\s*/\s*", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
"""As some write a number: 3,173."""
_HYPHEN: Final = re.compile(r"(?<=[a-z]{2})-(?=[a-z]{2})|(?<=\d)-(?=[a-z]{2})", re.IGNORECASE)
"""Between words that were written as one: "seventy-two long-month drive"."""
_INSIDE: Final = re.compile(r"(.+) in (?:the (?:city|town|village) of )?(.+)", re.IGNORECASE)
"""The city without a comma before it."""
_SAID: Final = frozenset(["number", "digits", "road", "block", "mile_marker", "exit", "corrected"])


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading of a place: what kind it would be, and its parts."""

    kind: AskedKind
    name: str = ""
    """The street, road or landmark."""
    number: str = ""
    cross: str = ""
    """The other street; of a landmark, the street that it is on."""
    mile: float | None = None
    exit: bool = False
    unit: str = ""
    city: str = ""


@dataclass(slots=True)
class _Parts:
    main: str = ""
    unit: str = ""
    city: str = ""
    near: str = ""
    mile: float | None = None
    exit: bool = False


def readings(text: str) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """What the text itself may name; and what stands beside it, for when the map has none of that.

    "412 Maple Street, Apt 4, behind Lincoln School" is an address, beside a landmark.
    """
    text = _THOUSANDS.sub("", text[:LONGEST])
    parts = _parts(" ".join(_HYPHEN.sub(" ", text).split()))
    beside = [Asked("landmark", parts.near, city=parts.city)] if parts.near else []
    found = _LEAD.sub("", parts.main)
    if parts.mile is not None:
        return (Asked("milepost", found, mile=parts.mile, exit=parts.exit),), tuple(beside)
    if not found:
        return (), tuple(beside)
    plain = _figures(found)
    asked = _of(plain, parts)
    inside = _INSIDE.fullmatch(plain)
    if inside and not parts.city:
        parts.city = inside[2]
        asked += _of(inside[1], parts)
    return tuple(asked), tuple(beside)


def _of(text: str, parts: _Parts) -> list[Asked]:
    city, unit = parts.city, parts.unit
    block = _BLOCK.match(text)
    if block:
        return [Asked("block", block[2], block[1], city=city)]
    asked: list[Asked] = []
    house = _HOUSE.match(text)
    if house:
        number = f"{house[1]} {house[2]}" if house[2] else house[1]
        streets = [house[3], *(house[3][: joint.start()] for joint in _JOINT.finditer(house[3]))]
        asked += [Asked("address", each, number.upper(), unit=unit, city=city) for each in streets]
    for joint in _JOINT.finditer(text):
        one, other = text[: joint.start()], _LEAD.sub("", text[joint.end() :])
        if one and other and not house:
            asked.append(Asked("intersection", one, cross=other, city=city))
            asked.append(Asked("landmark", one, cross=other, city=city))
    if not house:
        asked.append(Asked("street", text, city=city))
    asked.append(Asked("landmark", text, city=city))
    return asked


def _parts(text: str) -> _Parts:
    parts = _Parts()
    for at, piece in enumerate(part.strip(" .") for part in text.split(",")):
        marker = _MARKER.search(piece) or _MARKER.search(_figures(piece))
        unit = _UNIT.match(piece)
        near = _NEAR.match(piece)
        if marker:
            parts.mile, parts.exit = float(marker["mile"]), marker["kind"].lower() == "exit"
            rest = f"{piece[: marker.start()]} {marker.string[marker.end() :]}"
            rest = re.sub(r"\s+(?:at|near|by|on)\s*$", "", rest.strip(), flags=re.IGNORECASE)
            parts.main = parts.main or _LEAD.sub("", rest.strip())
        elif at and unit:
            parts.unit = unit["unit"].upper()
        elif at and near:
            parts.near = near[1]
        elif at and parts.main:
            if piece.lower() not in _STATES:
                parts.city = parts.city or piece
        elif piece:
            parts.main = piece
    return parts


def _figures(text: str) -> str:
    """The numbers that are said in words, in figures: "four twelve Oak" is "412 Oak"."""
    words = text.split()
    for number in reversed(find_numbers(words)):
        if number.kind in _SAID and not any(c.isdigit() for c in number.heard):
            words[number.first : number.last + 1] = [number.written]
    return " ".join(words)
