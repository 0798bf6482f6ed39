"""Words as the readers look at them: lower case, parted where hyphens join them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.spoken.vocabulary import LETTERS, NATO, NUMBER_WORDS, POLICE

COMMA: Final = 1
FULL_STOP: Final = 2
LONGEST_WORD: Final = 64
"""Longer words are no numbers; characters."""

_LEADING: Final = re.compile(r"^[^\w+$#.(-]+|^[.(#-]+(?![0-9])|^[.(#]+(?=[0-9]{3}\)|[^0-9])")
_TRAILING: Final = re.compile(r"[^\w%\u00b0]+$")
_DASHES: Final = re.compile(r"[-\u2010-\u2015/]")
_DIGIT: Final = re.compile(r"[0-9]")
_SPLIT_FIGURE: Final = re.compile(r"([a-z]{1,2})-?([0-9]{1,4})|([0-9]{1,6})-([a-z]{1,3})")


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of reading. `word` is the index of the word it comes from."""

    text: str
    raw: str
    word: int
    pause: int
    """What follows it: 0 nothing, `COMMA` or `FULL_STOP`."""


def pieces(words: Sequence[str]) -> list[Piece]:
    """Cut words into pieces; "twenty-two" gives two, "555-0123" one, "--" none."""
    found: list[Piece] = []
    for index, word in enumerate(words):
        parts = _parts(word)
        pause = _pause(word)
        found.extend(
            Piece(_plain(part), part, index, pause if at == len(parts) - 1 else 0)
            for at, part in enumerate(parts)
        )
    return found


def _plain(part: str) -> str:
    return part.lower().replace(",", "")


def _pause(word: str) -> int:
    if re.fullmatch(r"[A-Za-z]\.([A-Za-z]\.)*", word):
        return 0
    end = word.rstrip("\"')\u201d\u2019] ")[-1:]
    if end in {".", "?", "!", "\u2026"}:
        return FULL_STOP
    return COMMA if end in {",", ";", ":", "\u2014"} else 0


def _parts(word: str) -> list[str]:
    if len(word) > LONGEST_WORD:
        return []
    bare = word.strip().replace("\u2019", "'")
    bare = _TRAILING.sub("", _LEADING.sub("", bare))
    if not re.search(r"\w", bare):
        return []
    lower = bare.lower()
    dotted = lower.replace(".", "")
    if dotted in {"am", "pm"} and "." in lower:
        return [dotted]
    if re.fullmatch(r"[a-z](\.[a-z])+", lower):
        return bare.split(".")
    if lower in NATO:
        return [bare]
    if _DIGIT.search(lower):
        return _figure_parts(bare, lower)
    joined = [part for part in _DASHES.split(bare) if part]
    if len(joined) > 1 and any(_spells(part.lower()) for part in joined):
        return joined
    return [bare]


def _spells(part: str) -> bool:
    return part in NUMBER_WORDS or part in LETTERS or part in POLICE


def _figure_parts(bare: str, lower: str) -> list[str]:
    if re.fullmatch(r"\$?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", bare):
        return [bare]
    if re.fullmatch(r"[0-9](-[0-9])+", bare) and lower != "10-4":
        return bare.split("-")
    parted = _SPLIT_FIGURE.fullmatch(lower)
    if parted and "-" in bare:
        return bare.split("-")
    if re.search(r"-[A-Za-z]{2}|[A-Za-z]{2}-", bare):
        return [part for part in bare.split("-") if part]
    return [bare]
