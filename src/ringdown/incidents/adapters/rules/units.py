"""Apartments, floors, suites and buildings, read from tokens. Pure."""

import re
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import SUFFIXES, UNIT_WORDS
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.numbers import read_number, read_ordinal
from ringdown.incidents.adapters.rules.tokens import Token
from ringdown.spoken.vocabulary import NATO

_LEVELS: Final = frozenset(["upstairs", "downstairs", "basement", "penthouse", "attic"])
_FLOORS: Final = frozenset(["ground", "top", "bottom", "lower", "upper", "main"])
_MOST_UNITS: Final = 3


def with_unit(tokens: tuple[Token, ...], found: Mention) -> Mention:
    """Add the apartment, floor or building that follow, commas between allowed."""
    details: list[str] = []
    last = found.last
    ahead = _unit_before(tokens, found.first)
    if ahead:
        details.append(ahead[0])
        found = replace(found, first=ahead[1])
    while len(details) < _MOST_UNITS:
        unit = _unit_at(tokens, last + 1)
        if unit is None:
            break
        details.append(unit[0])
        last = unit[1]
    # From the outside in: the building, the floor, the apartment.
    details.sort(key=lambda detail: (not detail.startswith("B"), not detail.startswith("F")))
    return replace(found, last=last, detail=", ".join(details)) if details else found


def _unit_before(tokens: tuple[Token, ...], first: int) -> tuple[str, int] | None:
    """As in "room 214 at the Marlowe", "apartment 6, 9 Elm Lane": the unit and its first token."""
    end = first - 1
    while end > 0 and tokens[end].text in {"at", "the", "of", "in"}:
        end -= 1
    for at in range(max(0, end - _MOST_UNITS), end):
        unit = unit_named(tokens, at)
        if unit and unit[1] == end and not tokens[end].ends_sentence:
            return unit[0], at
    return None


def _unit_at(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "apartment 4", "#12", "on the third floor": what a unit is called, and its last."""
    while at + 1 < len(tokens) and tokens[at].text in {"in", "on", "the", "and", "it's", "up"}:
        at += 1
    level = _level(tokens, at)
    if level:
        return level
    if at < len(tokens) and re.fullmatch(r"#\w{1,5}", tokens[at].text):
        return f"Apt {tokens[at].text[1:].upper()}", at
    if at + 1 < len(tokens) and tokens[at].text == "number":
        unit = read_unit(tokens, at + 1)
        return (f"Unit {unit[0]}", unit[1]) if unit and len(unit[0]) <= _MOST_UNITS else None
    return unit_named(tokens, at)


def _level(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "upstairs", "the basement apartment", "ground floor": a floor without a number."""
    if at >= len(tokens):
        return None
    said = tokens[at].text
    two = tokens[at + 1].text if at + 1 < len(tokens) and not tokens[at].ends_clause else ""
    if said in _FLOORS and two in {"floor", "level"}:
        return f"{said.capitalize()} {two}", at + 1
    if said not in _LEVELS:
        return None
    last = at + 1 if two in {"apartment", "unit", "apt"} else at
    return (said.capitalize(), last) if last > at or tokens[at].ends_clause or not two else None


def unit_named(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """A unit that begins at token `at` with its own word, as in "third floor", "suite 200"."""
    ordinal = read_ordinal(tokens, at)
    if ordinal and ordinal[1] < len(tokens) and tokens[ordinal[1]].text == "floor":
        return f"Floor {re.sub('[a-z]', '', ordinal[0])}", ordinal[1]
    if at + 1 >= len(tokens) or tokens[at].text not in UNIT_WORDS or tokens[at].ends_sentence:
        return None
    label = UNIT_WORDS[tokens[at].text]
    unit = read_unit(tokens, at + 2 if tokens[at + 1].text in {"number", "#"} else at + 1)
    return (f"{label} {unit[0]}", unit[1]) if unit else None


def read_unit(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """A unit's number or letter at token `at`, and its last token: "4", "twelve b", "C".

    A letter said with its word ("B as in boy", "Charlie" after "c") is that one letter.
    """
    number = read_number(tokens, at)
    text, after = number or ("", at)
    joined = not number or not tokens[after - 1].ends_clause
    if after < len(tokens) and joined:
        token = tokens[after]
        doubled = bool(text) and re.fullmatch(r"([b-z])\1", token.text)
        letter = len(token.text) == 1 and token.text.isalpha() and token.text not in ("i", "a")
        if letter or doubled or (len(token.text) == 1 and token.capital and token.text != "i"):
            return text + token.text.upper(), after
        if token.text in NATO and not (text and token.text in SUFFIXES):
            return text + NATO[token.text].upper(), after
        if not text and re.fullmatch(r"[a-z]?\d{1,4}[a-z]{0,2}", token.text):
            return token.text.upper(), after
    return (text, after - 1) if text else None
