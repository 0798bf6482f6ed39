"""How American English place names sound when heard, and how far two sounds are from each other.

`sounds` turns written words into a string of sounds by rules of spelling; `costs` say how easily a
listener takes one sound for another. A name and what a recogniser wrote for it ("Genesee", "Jenna
see") come out close although no letter is where it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.spoken.sound_rules import (
    CLASSES,
    CONSONANTS,
    IRREGULAR,
    NEAR_VOWELS,
    REMOVAL,
    RULES,
    VOWELS,
)

ALPHABET: Final = CONSONANTS + VOWELS
"""Every sound; its code is its place here plus one, and zero is nothing."""

_READ: Final = {
    letter: (
        re.compile("|".join(f"({pattern})" for pattern, _ in rules)),
        tuple(sound for _, sound in rules),
    )
    for letter, rules in RULES.items()
}
_TWICE: Final = re.compile(r"(.)\1+")
_CODES: Final = bytes.maketrans(ALPHABET.encode(), bytes(range(1, len(ALPHABET) + 1)))


def word_sounds(word: str) -> tuple[str, ...]:
    """How a word of plain lower-case letters may sound, the likeliest first."""
    known = IRREGULAR.get(word)
    return known if known is not None else (_by_rules(word),)


def sounds(
    words: Sequence[str], known: dict[str, tuple[str, ...]] | None = None
) -> tuple[str, ...]:
    """How words said together may sound, at most two ways; sounds that meet are said once.

    `known` keeps the words worked out, for those who ask about many names.
    """
    known = {} if known is None else known
    parts: list[tuple[str, ...]] = []
    for word in words:
        part = known.get(word)
        if part is None:
            part = known[word] = word_sounds(word)
        parts.append(part)
    usual = _TWICE.sub(r"\1", "".join(part[0] for part in parts))
    if all(len(part) == 1 for part in parts):
        return (usual,)
    return (usual, _TWICE.sub(r"\1", "".join(part[-1] for part in parts)))


def coded(sound: str) -> bytes:
    """A string of sounds as codes, one byte each."""
    return sound.encode().translate(_CODES)


def _by_rules(word: str) -> str:
    said: list[str] = []
    at = 0
    while at < len(word):
        rules = _READ.get(word[at])
        found = rules[0].match(word, at) if rules else None
        if rules is None or found is None or found.lastindex is None:
            at += 1
            continue
        said.append(rules[1][found.lastindex - 1])
        at = max(found.end(), at + 1)
    return _TWICE.sub(r"\1", "".join(said))


@dataclass(frozen=True)
class Costs:
    """What it costs to take one code for another, and to miss one or hear one too many."""

    swap: NDArray[np.float32]
    removal: NDArray[np.float32]

    def weight(self, code: bytes) -> float:
        """How much sound there is: what it costs to miss all of it."""
        return float(self.removal[np.frombuffer(code, np.uint8)].sum())


def _sound_costs() -> Costs:
    size = len(ALPHABET) + 1
    swap = np.ones((size, size), np.float32)
    vowels = [ALPHABET.index(v) + 1 for v in VOWELS]
    swap[np.ix_(vowels, vowels)] = 0.4
    # A vowel is no consonant: rather one missed and another heard too many.
    consonants = [ALPHABET.index(c) + 1 for c in CONSONANTS]
    swap[np.ix_(vowels, consonants)] = 1.3
    swap[np.ix_(consonants, vowels)] = 1.3
    for (a, b), cost in CLASSES + tuple((pair, 0.2) for pair in NEAR_VOWELS):
        one, other = ALPHABET.index(a) + 1, ALPHABET.index(b) + 1
        swap[one, other] = swap[other, one] = cost
    np.fill_diagonal(swap, 0)
    removal = np.array(
        [0.0, *(REMOVAL.get(s, 0.6 if s in VOWELS else 1.0) for s in ALPHABET)], np.float32
    )
    return Costs(swap, removal)


SOUND_COSTS: Final = _sound_costs()
LETTER_COSTS: Final = Costs(
    1 - np.eye(256, dtype=np.float32), np.array([0.0] + [1.0] * 255, np.float32)
)
"""For spelling: every letter counts the same."""


def distances(heard: bytes, rows: NDArray[np.uint8], costs: Costs) -> NDArray[np.float32]:
    """The distance of one string of codes from each row (padded with zeros at the end)."""
    lengths = (rows != 0).sum(axis=1)
    # The cheapest way to each column by leaving out codes of the row alone.
    skipped = np.zeros((len(rows), rows.shape[1] + 1), np.float32)
    np.cumsum(costs.removal[rows], axis=1, out=skipped[:, 1:])
    reached = skipped.copy()
    for code in heard:
        swapped = reached[:, :-1] + costs.swap[code][rows]
        reached += costs.removal[code]
        np.minimum(reached[:, 1:], swapped, out=reached[:, 1:])
        reached -= skipped
        np.minimum.accumulate(reached, axis=1, out=reached)
        reached += skipped
    return reached[np.arange(len(rows)), lengths]


def distance(one: str, other: str) -> float:
    """The distance of two strings of sounds."""
    row = np.frombuffer(coded(other) or b"\0", np.uint8).reshape(1, -1)
    return float(distances(coded(one), row, SOUND_COSTS)[0])


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same sounds)."""
    heavier = max(SOUND_COSTS.weight(coded(one)), SOUND_COSTS.weight(coded(other)))
    return 1.0 if not heavier else max(0.0, 1 - distance(one, other) / heavier)
