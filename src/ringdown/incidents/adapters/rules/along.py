"""Where along a road: "between Third and Fourth", "two miles east of Fairview". Pure."""

from typing import Final

from ringdown.incidents.adapters.rules.lexicon import DIRECTIONS
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.numbers import read_number
from ringdown.incidents.adapters.rules.streets import is_name, name_or_street
from ringdown.incidents.adapters.rules.tokens import Line, Token

_UNITS: Final = frozenset(["mile", "miles", "block", "blocks", "yards", "feet"])
_FROM: Final = frozenset(["of", "from", "past", "before", "after", "outside", "up", "down"])
_SOME: Final = frozenset(["a", "an", "half", "couple", "few", "quarter", "of"])
_PLACES: Final = frozenset(
    [
        *("exit", "ramp", "on-ramp", "off-ramp", "offramp", "onramp", "interchange", "overpass"),
        *("underpass", "exchange", "cutoff", "split", "merge"),
    ]
)
_BEFORE: Final = frozenset(["near", "at", "by", "past", "before", "passing", "after", "on", "off"])
_MOST: Final = 4


def along_mention(line: Line, at: int) -> Mention | None:
    """What says where along a road something is, and nothing by itself."""
    found = _between(line, at) or _so_far(line, at) or _named_exit(line, at)
    if found is None:
        return None
    text, last = found
    return Mention("landmark", at, last, 0.5, "", text, spot=True)


def _between(line: Line, at: int) -> tuple[str, int] | None:
    """As in "between Third and Fourth": two names of streets."""
    tokens = line.tokens
    if tokens[at].text != "between" or tokens[at].ends_clause:
        return None
    first = name_or_street(line, at + 1) if at + 1 < len(tokens) else None
    if first is None or first[1] + 2 >= len(tokens) or tokens[first[1]].ends_sentence:
        return None
    if tokens[first[1] + 1].text not in {"and", "&"}:
        return None
    second = name_or_street(line, first[1] + 2)
    return (f"between {first[0]} and {second[0]}", second[1]) if second else None


def _so_far(line: Line, at: int) -> tuple[str, int] | None:
    """As in "two miles east of Fairview", "half a block past Elm Street"."""
    tokens = line.tokens
    if at and (tokens[at - 1].text in _SOME or read_number(tokens, at - 1)):
        return None
    index = at
    number = read_number(tokens, at)
    if number:
        index = number[1]
    while index < len(tokens) and tokens[index].text in _SOME and index - at < _MOST:
        index += 1
    if number and len(number[0]) > 2:
        return None  # "the 900 block of"
    if index == at or index + 2 >= len(tokens) or tokens[index].text not in _UNITS:
        return None
    index += 1
    if tokens[index].text in DIRECTIONS:
        index += 1
    if index + 1 >= len(tokens) or tokens[index].text not in _FROM or tokens[index].ends_clause:
        return None
    while index + 1 < len(tokens) and tokens[index].text in _FROM | {"the"}:
        index += 1
    named = name_or_street(line, index)
    if named is None or not (line.cased and tokens[index].capital):
        return None
    said = " ".join(token.text for token in tokens[at:index])
    return f"{said} {named[0]}", named[1]


def _named_exit(line: Line, at: int) -> tuple[str, int] | None:
    """As in "near the Harmon exit", "at the Elm Street overpass"."""
    tokens = line.tokens
    if tokens[at].text not in _BEFORE or tokens[at].ends_clause or not line.cased:
        return None
    first = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == "the" else at + 1
    names: list[Token] = []
    for index, token in enumerate(tokens[first : first + _MOST], start=first):
        if names and token.text in _PLACES:
            words = " ".join(name.raw for name in names)
            lead = " ".join(token.text for token in tokens[at:first])
            return f"{lead} {words} {token.text}", index
        if not token.capital or not is_name(token) or token.ends_clause:
            return None
        names.append(token)
    return None
