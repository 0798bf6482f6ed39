"""Numbered roads with their direction, mile marker and exit. Pure."""

from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import BOUND
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.numbers import read_number
from ringdown.incidents.adapters.rules.roads import marker_at, marker_near, road_number
from ringdown.incidents.adapters.rules.streets import cross_street, street_name, titled
from ringdown.incidents.adapters.rules.tokens import Line, Token

_PERSONS: Final = frozenset(["he's", "she's", "is", "was", "been", "be", "put", "puts"])
_TRAFFIC: Final = frozenset(
    [
        *("wreck", "accident", "crash", "crashed", "collision", "car", "cars", "truck", "semi"),
        *("driving", "driver", "heading", "traveling", "traffic", "exit", "lane", "lanes", "ramp"),
        *("shoulder", "highway", "freeway", "interstate", "rollover", "vehicle", "trailer", "road"),
        *("guardrail", "median", "motorcycle", "pileup", "overpass", "speeding", "swerving"),
    ]
)
"""What says that a road is spoken of."""
_ROADSIDE: Final = frozenset(["near", "at", "by", "past", "just", "right", "before", "and"])
_ONLY: Final = frozenset(
    ["turnpike", "thruway", "tollway", "beltway", "parkway", "expressway", "freeway", "interstate"]
)
"""Roads of which there is mostly one about."""


def highway_mention(line: Line, at: int) -> Mention | None:
    """A numbered road with its direction, mile marker and exit; or a mile marker alone."""
    tokens = line.tokens
    road = road_number(tokens, at)
    if road is None:
        road = _numbered_way(tokens, at) or _the_number(line, at) or _only_road(tokens, at)
    if road is None:
        marker = marker_at(tokens, at)
        return Mention("highway", at, marker[1], 0.6, "", marker[0]) if marker else None
    name, last = road
    first = at
    way = ""
    ahead = tokens[at - 1].text if at else ""
    if ahead in BOUND or (name.isdecimal() and f"{ahead}bound" in BOUND):
        way, first = BOUND.get(ahead) or BOUND[f"{ahead}bound"], at - 1
    after = last + 1
    if not way and after < len(tokens) and not tokens[last].ends_sentence:
        said = tokens[after].text
        plain = f"{said}bound"
        suffix = after + 1 < len(tokens) and tokens[after + 1].text in {"bound", "bound."}
        if said in BOUND or plain in BOUND:
            way, last = BOUND.get(said) or BOUND[plain], after + (1 if suffix else 0)
    street = f"{name} {way}".strip()
    found = Mention("highway", first, last, 0.65, "", street)
    marker = marker_near(tokens, last + 1)
    if marker:
        return replace(found, last=marker[1], detail=marker[0], strength=0.88)
    cross = cross_street(line, last)
    if cross and cross[2]:
        return Mention("intersection", first, cross[1], 0.8, "", street, cross[0])
    return found


def _the_number(line: Line, at: int) -> tuple[str, int] | None:
    """As in "on the 405", "a wreck on 95": a bare number where traffic is spoken of."""
    tokens = line.tokens
    the = at > 1 and tokens[at - 1].text == "the"
    before = tokens[at - (2 if the else 1)].text if at else ""
    if before not in {"on", "off", "onto", "along"} or tokens[at - 1].ends_clause:
        return None
    number = read_number(tokens, at)
    if number is None or not 1 < len(number[0]) <= 3 or street_name(tokens, number[1]):
        return None
    lead = at - (3 if the else 2)
    if lead >= 0 and tokens[lead].text in _PERSONS:
        return None  # "he's on 20" tells of pills
    after = tokens[number[1]] if number[1] < len(tokens) else None
    ended = after is None or tokens[number[1] - 1].ends_clause
    way = after is not None and (after.text in BOUND or f"{after.text}bound" in BOUND)
    open_road = after is not None and after.text in _ROADSIDE
    if not (ended or way or open_road):
        return None
    traffic = any(token.text in _TRAFFIC for token in tokens)
    return (number[0], number[1] - 1) if traffic or (the and way) else None


def _only_road(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "the turnpike at mile marker 42": the one there is, if a marker says where on it."""
    if tokens[at].text not in _ONLY or at == 0 or tokens[at - 1].text != "the":
        return None
    if tokens[at].ends_sentence or marker_near(tokens, at + 1) is None:
        return None
    return titled(tokens[at]), at


def _numbered_way(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "northbound 95", "going south 95": a bare number right after a direction of travel."""
    if at == 0 or (tokens[at].ends_clause and at + 1 == len(tokens) and at < 1):
        return None
    before = tokens[at - 1].text
    said_after = tokens[at + 1].text if at + 1 < len(tokens) and not tokens[at].ends_clause else ""
    on = before == "on" and (said_after in BOUND or f"{said_after}bound" in BOUND)
    heading = (
        on
        or before in BOUND
        or (
            before in {"north", "south", "east", "west"}
            and at > 1
            and tokens[at - 2].text in {"going", "heading", "on", "driving", "traveling", "headed"}
        )
    )
    if not heading:
        return None
    number = read_number(tokens, at)
    if number is None or not 1 < len(number[0]) <= 3 or street_name(tokens, number[1]):
        return None
    return number[0], number[1] - 1
