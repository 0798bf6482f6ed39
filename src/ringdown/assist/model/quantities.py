"""Numbers and amounts: which a text says, and whether another bears one out. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.assist.model.lexicon import IMPLIED_BY, TERMS
from ringdown.redaction.api import TOKEN
from ringdown.spoken.numbers import find_numbers
from ringdown.spoken.vocabulary import word_set

_MEASURES: Final = {
    word: unit
    for unit, words in {
        "second": "second seconds sec secs",
        "minute": "minute minutes min mins",
        "hour": "hour hours",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years",
        "foot": "foot feet ft",
        "inch": "inch inches",
        "yard": "yard yards",
        "mile": "mile miles",
        "meter": "meter meters metre metres",
        "block": "block blocks",
        "pound": "pound pounds lbs",
        "dollar": "dollar dollars bucks",
        "percent": "percent",
        "degree": "degree degrees",
        "milligram": "milligram milligrams mg",
        "pill": "pill pills tablet tablets",
        "floor": "floor floors story stories storey storeys",
        "time": "time times",
        "person": "people person persons individual individuals victim victims patient patients "
        "occupant occupants subject subjects suspect suspects passenger passengers",
    }.items()
    for word in words.split()
}
_PERSONS: Final = word_set(
    "person male female man woman boy girl child toddler baby teenager elderly husband wife "
    "boyfriend girlfriend son daughter mother father brother sister grandmother "
    "grandfather friend neighbor roommate officer"
)
_NUMBERED: Final = frozenset({"road", "exit", "block", "mile_marker", "unit"})
"""Kinds whose digits alone say the same."""
_TWO: Final = frozenset({"couple", "both", "pair", "twins", "twin"})
_ONE: Final = frozenset({"a", "an", "one", "single"})
_MANY: Final = word_set("several multiple many numerous bunch lots lot group crowd dozens few")
_VAGUE: Final = {
    **dict.fromkeys(("several", "multiple", "many", "numerous"), _MANY),
    "few": frozenset({"few", "couple", "several"}),
    **dict.fromkeys(
        ("all", "every", "everyone", "everybody"),
        word_set("all every everyone everybody whole entire"),
    ),
    **{
        each: frozenset({each})
        for each in sorted(
            word_set(
                "couple both pair twins dozen dozens hundred hundreds thousands half quarter "
                "twice once double triple most crowd group"
            )
        )
    },
}
_VAGUE_AS_TWO: Final = frozenset({"couple", "both", "pair"})
_AHEAD: Final = 3


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that was said, in all the ways it may be written, and what it counts."""

    heard: str
    shapes: frozenset[str]
    likeliest: str
    unit: str
    first: int
    last: int


def words_of(text: str) -> list[str]:
    """The text in words as numbers are looked for; a token counts nothing."""
    return TOKEN.sub("thing", text).replace("-year", " year").split()


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text."""
    words = words_of(text)
    found: list[Quantity] = []
    for number in find_numbers(words):
        shapes = {_shape(number.written)}
        if number.kind != "corrected":  # what was taken back bears nothing out
            shapes |= {_shape(other) for other in number.alternatives}
        if number.kind in _NUMBERED:
            shapes |= {re.sub(r"\D", "", shape) for shape in list(shapes)}
        unit = "age" if number.kind == "age" else _unit(words, number.last)
        found.append(
            Quantity(
                number.heard,
                frozenset(shapes - {""}),
                _shape(number.written),
                unit,
                number.first,
                number.last,
            )
        )
    return found


def borne_out(said: Quantity, by: Sequence[Quantity], words: frozenset[str]) -> str | None:
    """Why a number is not borne out by those cited (whose words are given); None if it is."""
    same = [other for other in by if said.likeliest in other.shapes]
    if any(_same_unit(said.unit, other.unit) for other in same):
        return None
    if said.likeliest == "2" and words & _TWO:
        return None
    if said.likeliest == "1" and words & _ONE:
        return None
    if said.likeliest == "12" and "dozen" in words:
        return None
    return "quantity" if same else "number"


def vague_unsupported(word: str, words: frozenset[str], by: Sequence[Quantity]) -> bool:
    """Whether a word such as "several" is borne out neither by such a word nor by a number."""
    allowed = _VAGUE.get(word)
    if allowed is None or words & allowed:
        return False
    counted = [int(each.likeliest) for each in by if each.likeliest.isdecimal()]
    if allowed is _MANY:
        return not any(number > 2 for number in counted)
    if word == "few":
        return not any(3 <= number <= 5 for number in counted)
    if word in _VAGUE_AS_TWO:
        return not any(number == 2 for number in counted) and not words & _TWO
    return True


def _shape(written: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", written.lower()).strip(".")


def _unit(words: Sequence[str], last: int) -> str:
    for word in words[last + 1 : last + 1 + _AHEAD]:
        plain = word.lower().strip(".,!?;:\"'")
        if plain in _MEASURES:
            return _MEASURES[plain]
        term = TERMS.get(plain)
        if term is not None and term.group not in {"weapon", "hurt", "shot"}:
            return term.group
        if plain != word.lower() or plain in {"and", "or", "of", "on", "in", "at", "is", "are"}:
            break
    return ""


def _same_unit(one: str, other: str) -> bool:
    if one == other or not one or not other:
        return True
    if one == "age":
        return other == "year"
    if one == "person":
        return other in _PERSONS
    return other in IMPLIED_BY.get(one, frozenset())
