"""Numbered roads: "I-90", "Interstate 90 eastbound" and "Route 90" name what may be one road."""

import re
from typing import Final, NamedTuple

_CLASSES: Final = (
    (r"i|interstate(?: highway)?|ih", "interstate"),
    (r"u ?s(?: highway| hwy| route| rte| rt)?", "us"),
    (r"(?:state|st) ?(?:route|rte|rt|road|rd|highway|hwy)|s ?[rh]", "state"),
    (r"(?:county|co|cty) ?(?:road|rd|route|rte|rt|highway|hwy)|c ?[rh]", "county"),
    (r"f ?m|farm to market(?: road)?|farm road", "farm"),
    (r"forest (?:road|route|service road)|f ?[rs]", "forest"),
    (r"highway|hwy|route|rte|rt", ""),
)
_BARE: Final = re.compile(r"(\d{1,4})(?= (?:north|south|east|west)bound\b)")
_STATES: Final = (
    "a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]?|la|m[adeinost]?|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]"
    "|t[nx]|ut|v[at]|w[aivy]"
)
"""Letters of states; Michigan's and Kansas' roads have one alone."""
_ROAD: Final = re.compile(
    "(?:"
    + "|".join(f"(?P<c{at}>{pattern})" for at, (pattern, _) in enumerate(_CLASSES))
    + f"|(?P<state>{_STATES}))(?![a-z])"
)
_NUMBER: Final = re.compile(r"\W*(?:number )?(?:no\.? )?(\d{1,4}[a-z]?)\b(?!(?:st|nd|rd|th)\b)")
_AHEAD: Final = re.compile(r"(?:(?:the|(?:north|south|east|west)(?:bound)?|[nsew]b?)\s+)+")
_BEHIND: Final = re.compile(
    r"(?:(?:north|south|east|west)(?:bound)?|[nsew]b?)(?: (?:side|lanes?))?"
)
_WAY: Final = re.compile(r"\b(north|south|east|west|[nsew](?=b?\b))(?:bound|b)?\b")
_WAYS: Final = {"n": "north", "s": "south", "e": "east", "w": "west"}


class Route(NamedTuple):
    """A numbered road; without a class it may be of any, without a way it runs both."""

    number: str
    kind: str = ""
    way: str = ""

    def may_be(self, other: "Route") -> float:
        """How far one can stand for the other: 1 the same, 0 never."""
        if self.number != other.number:
            return 0.0
        if self.way and other.way and self.way != other.way:
            return 0.0
        if self.kind == other.kind:
            return 1.0
        return 0.0 if self.kind and other.kind else 0.95


def route(text: str) -> Route | None:
    """The numbered road that a name is, or None; its direction of travel may stand behind it."""
    plain = " ".join(text.lower().replace(".", "").replace("-", " ").split())
    found = _BARE.match(plain)
    if found:
        return Route(found[1], "", _way(plain[found.end() :]))
    ahead = _AHEAD.match(plain)
    start = ahead.end() if ahead else 0
    road = _ROAD.match(plain, start)
    number = _NUMBER.match(plain, road.end()) if road else None
    if road is None or number is None:
        return None
    rest = plain[number.end() :].strip()
    if rest and not _BEHIND.fullmatch(rest):
        return None
    kind = "state" if road["state"] else _kind(road)
    return Route(number[1], kind, _way(rest) or _way(plain[:start]))


def _kind(road: re.Match[str]) -> str:
    for at, (_, kind) in enumerate(_CLASSES):
        if road[f"c{at}"]:
            return kind
    return ""


def _way(text: str) -> str:
    found = _WAY.search(text)
    return _WAYS.get(found[1], found[1]) if found else ""
