"""Numbered roads, mile markers and exits, read from tokens. Pure."""

import re
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import BOUND
from ringdown.incidents.adapters.rules.numbers import read_number
from ringdown.incidents.adapters.rules.tokens import Token
from ringdown.spoken.vocabulary import ZEROS

HIGHWAY_WORDS: Final = {
    "interstate": "Interstate",
    "highway": "Highway",
    "hwy": "Highway",
    "route": "Route",
    "rt": "Route",
    "rte": "Route",
    "root": "Route",
    "rout": "Route",
}
_ROAD_NUMBERS: Final = {
    ("state", "route"): "State Route",
    ("state", "road"): "State Road",
    ("state", "highway"): "State Highway",
    ("county", "road"): "County Road",
    ("county", "route"): "County Route",
    ("county", "highway"): "County Highway",
    ("farm", "road"): "Farm Road",
    ("county", "trunk"): "County Trunk",
    ("rural", "route"): "Rural Route",
    ("us", "highway"): "US Highway",
    ("us", "route"): "US Route",
}
_DASHED: Final = re.compile(r"(i|us|sr|fm|cr|rt|hwy)-?(\d{1,4})")
_LETTERED_ROAD: Final = re.compile(r"[A-Z]{1,2}-\d{1,3}")
_LETTERS: Final = re.compile(r"([B-HJ-Z])\1?|[A-Z]{2}")
_TENTH: Final = re.compile(r"\d{1,3}\.\d")
_VEHICLES: Final = frozenset(["truck", "pickup", "van", "pick-up", "ford", "bus", "motorcycle"])
_RENAMED: Final = {
    "old": "Old",
    "business": "Business",
    "upper": "Upper",
    "lower": "Lower",
    "new": "New",
    "historic": "Historic",
}
"""What a numbered road may have before its class: "Old Highway 6"."""


def road_number(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """A numbered road at token `at`, and its last token: "Route 7", "I-90", "County Road 12"."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.text in _RENAMED and not token.ends_clause and tokens[at - 1].text not in {"a", "an"}:
        road = road_number(tokens, at + 1)
        return (f"{_RENAMED[token.text]} {road[0]}", road[1]) if road else None
    dashed = _DASHED.fullmatch(token.text)
    if dashed and (token.raw[0].isupper() or "-" in token.text):
        return f"{dashed[1].upper()}-{dashed[2]}", at
    if _LETTERED_ROAD.fullmatch(token.raw) and at and tokens[at - 1].text in {"on", "onto"}:
        more = tokens[at + 1].text if at + 1 < len(tokens) and not token.ends_clause else ""
        return None if more in _VEHICLES else (token.raw, at)
    pair = (token.text.replace(".", ""), tokens[at + 1].text if at + 1 < len(tokens) else "")
    if pair in _ROAD_NUMBERS:
        label, index = _ROAD_NUMBERS[pair], at + 2
    elif token.text in HIGHWAY_WORDS:
        label, index = HIGHWAY_WORDS[token.text], at + 1
    elif _letter_road(tokens, at):
        label, index = token.text.upper(), at + 1
    else:
        return None
    if index < len(tokens) and tokens[index].text == "number":
        index += 1
    number = read_number(tokens, index)
    if number is None and label.startswith("County") and index < len(tokens):
        letter = tokens[index]
        if _LETTERS.fullmatch(letter.raw) and not tokens[index - 1].ends_clause:
            return f"{label} {letter.raw}", index
    if number is None or len(number[0]) > 4 or tokens[index - 1].ends_sentence:
        return None
    joiner, last = "-" if label == "I" else " ", number[1] - 1
    named = f"{label}{joiner}{number[0]}"
    more = "" if tokens[last].ends_clause or number[1] == len(tokens) else tokens[number[1]].text
    if more == "road" and label in {"Highway", "Route"}:
        return f"{named} Road", number[1]
    return named, last


def _letter_road(tokens: tuple[Token, ...], at: int) -> bool:
    """As in "I ninety" after "on", and "US 20": a letter or two that stand for a class of road."""
    token = tokens[at]
    if at + 1 >= len(tokens) or not read_number(tokens, at + 1) or tokens[at + 1].text in ZEROS:
        return False
    if token.text == "i":
        return at > 0 and tokens[at - 1].text in {"on", "off", "from", "to", "near", *BOUND}
    return token.raw in {"US", "SR", "FM", "CR", "U.S"}


def marker_near(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """The marker within a few words after a road: "at mile marker 42", "mile 42"."""
    for index in range(at, min(at + 5, len(tokens))):
        found = marker_at(tokens, index) or _mile_alone(tokens, index)
        if found:
            return found
        if tokens[index - 1].ends_sentence and index > at:
            return None
    return None


def marker_at(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "mile marker forty two", "exit 12": its text and last token."""
    if at + 1 >= len(tokens):
        return None
    text, following = tokens[at].text, tokens[at + 1].text
    if text == "mile" and following in {"marker", "post"}:
        label, index = "mile marker", at + 2
    elif text in {"milepost", "mile-marker"}:
        label, index = "mile marker", at + 1
    elif text == "exit":
        label, index = "exit", at + 1
    else:
        return _before_marker(tokens, at)
    if index < len(tokens) and tokens[index].text == "number":
        index += 1
    number = _with_tenth(tokens, index) if index < len(tokens) else None
    if number is None or len(number[0]) > 5:
        return None
    letter = _exit_letter(tokens, number[1]) if label == "exit" else ""
    return f"{label} {number[0]}{letter}", number[1] - 1 + bool(letter)


def _exit_letter(tokens: tuple[Token, ...], at: int) -> str:
    """As in "exit 12 B"."""
    if at >= len(tokens) or tokens[at - 1].ends_clause:
        return ""
    text = tokens[at].text
    return text.upper() if len(text) == 1 and "a" <= text <= "d" and tokens[at].capital else ""


def _with_tenth(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """A marker's number: "42", "forty two point five", "42.5"."""
    if _TENTH.fullmatch(tokens[at].text):
        return tokens[at].text, at + 1
    number = read_number(tokens, at)
    if number is None or tokens[number[1] - 1].ends_clause:
        return number
    if number[1] < len(tokens) and tokens[number[1]].text == "point":
        tenth = read_number(tokens, number[1] + 1) if number[1] + 1 < len(tokens) else None
        if tenth and len(tenth[0]) == 1:
            return f"{number[0]}.{tenth[0]}", tenth[1]
    return number


def _mile_alone(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "mile 42" after a road."""
    if tokens[at].text != "mile" or at + 1 >= len(tokens):
        return None
    number = _with_tenth(tokens, at + 1)
    return (f"mile marker {number[0]}", number[1] - 1) if number else None


def _before_marker(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "the 42 mile marker"."""
    number = read_number(tokens, at)
    if number is None or len(number[0]) > 3:
        return None
    said = [token.text for token in tokens[number[1] : number[1] + 2]]
    return (f"mile marker {number[0]}", number[1] + 1) if said == ["mile", "marker"] else None
