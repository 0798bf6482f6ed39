"""Finding texts that sound or look like what was heard, among many.

Texts are kept as strings of sounds (`spoken.sound`). A first look counts the pairs of sounds that a
text shares with what was heard, all texts at once; the nearest few hundred are compared sound by
sound, and the best of those letter by letter.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringdown.spoken.sound import (
    ALPHABET,
    LETTER_COSTS,
    SOUND_COSTS,
    VOWELS,
    coded,
    distances,
    sounds,
)

LONGEST_SOUND: Final = 28
LONGEST_SPELLING: Final = 32
COMPARED: Final = 200
"""Texts compared sound by sound for one question."""
SPELLED: Final = 16
"""Texts compared letter by letter for one question."""
LETTERS: Final = 0.3
"""The share of spelling in a score; the rest is sound."""

_GROUPS: Final = ("pb", "td", "kg", "fvT", "szSZCJ", "mnN", "lr", "wyh")
_EDGE: Final = len(_GROUPS) + 2
_SIZE: Final = _EDGE + 1


def _coarse() -> bytes:
    """Each sound's group; 0 is nothing, 1 any vowel."""
    table = bytearray(256)
    for code, sound in enumerate(ALPHABET, start=1):
        group = next((n for n, group in enumerate(_GROUPS, start=2) if sound in group), 1)
        table[code] = group
    return bytes(table)


_COARSE: Final = _coarse()
_VOWEL_CODES: Final = coded(VOWELS)


class Near(NamedTuple):
    """A text by its number, how near it is from 0 to 1, and how much sound it has."""

    number: int
    score: float
    weight: float


class SoundIndex:
    """Texts of plain words, ready to be found. Building takes about a second for 100 000."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        keys: list[bytes] = []
        owners: list[int] = []
        heard: dict[str, tuple[str, ...]] = {}
        for owner, text in enumerate(self._texts):
            for sound in sounds(text.split(), heard):
                keys.append(coded(sound)[:LONGEST_SOUND])
                owners.append(owner)
        self._owners = np.array(owners, np.int32)
        self._rows = _matrix(keys, LONGEST_SOUND)
        self._weights = SOUND_COSTS.removal[self._rows].sum(axis=1)
        self._pairs = _Pairs(keys)

    def nearest(self, words: Sequence[str]) -> Iterator[Near]:
        """The nearest, at most SPELLED for each way the words may sound; one perhaps twice."""
        if not self._texts:
            return
        for sound in sounds(words):
            yield from self._by_sound(coded(sound)[:LONGEST_SOUND], " ".join(words))

    def _by_sound(self, key: bytes, spelled: str) -> Iterator[Near]:
        if not key:
            return
        near = self._pairs.near(key, COMPARED)
        if not len(near):
            return
        weights = np.maximum(self._weights[near], SOUND_COSTS.weight(key))
        alike = 1 - distances(key, self._rows[near], SOUND_COSTS) / weights
        order = np.argsort(-alike, kind="stable")[:SPELLED]
        texts = [self._texts[self._owners[row]] for row in near[order]]
        for place, letters in zip(order, _letters(spelled, texts), strict=True):
            row = near[place]
            score = (1 - LETTERS) * float(alike[place]) + LETTERS * letters
            yield Near(int(self._owners[row]), score, float(self._weights[row]))


class _Pairs:
    """Which texts hold which pairs of neighbouring sounds, rare pairs counting more."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        vowelled = _pairs(_matrix([key.translate(_COARSE) for key in keys], LONGEST_SOUND), 0)
        bare = _pairs(
            _matrix([key.translate(_COARSE, _VOWEL_CODES) for key in keys], LONGEST_SOUND),
            _SIZE * _SIZE,
        )
        together = np.concatenate([vowelled, bare], axis=1)
        together.sort(axis=1)
        fresh = together != 0
        fresh[:, 1:] &= together[:, 1:] != together[:, :-1]
        rows = np.repeat(np.arange(len(keys), dtype=np.int32), fresh.sum(axis=1))
        pairs = together[fresh]
        self._rows = rows[np.argsort(pairs, kind="stable")]
        counts = np.bincount(pairs, minlength=2 * _SIZE * _SIZE)
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._worth = np.log((len(keys) + 1) / (counts + 1)).astype(np.float32) + 0.1
        self._whole = np.bincount(rows, weights=self._worth[pairs], minlength=len(keys)).astype(
            np.float32
        )

    def near(self, key: bytes, most: int) -> NDArray[np.int64]:
        """The rows that share most with this string of sounds."""
        one = _matrix([key.translate(_COARSE)], LONGEST_SOUND)
        other = _matrix([key.translate(_COARSE, _VOWEL_CODES)], LONGEST_SOUND)
        wanted = np.unique(np.concatenate([_pairs(one, 0)[0], _pairs(other, _SIZE * _SIZE)[0]]))
        wanted = wanted[(wanted != 0) & (self._starts[wanted] < self._starts[wanted + 1])]
        if not len(wanted):
            return np.zeros(0, np.int64)
        slices = [self._rows[self._starts[pair] : self._starts[pair + 1]] for pair in wanted]
        worth = self._worth[wanted]
        shared = np.bincount(
            np.concatenate(slices),
            weights=np.repeat(worth, [len(each) for each in slices]),
            minlength=len(self._whole),
        )
        shared /= self._whole + worth.sum()
        if len(shared) > most:
            near = np.argpartition(shared, -most)[-most:]
        else:
            near = np.arange(len(shared))
        return near[shared[near] > 0]


def _matrix(keys: Sequence[bytes], width: int) -> NDArray[np.uint8]:
    """Strings of codes as rows of the same width, zeros after the end."""
    joined = b"".join(key[:width].ljust(width, b"\0") for key in keys)
    return np.frombuffer(joined, np.uint8).reshape(len(keys), width)


def _pairs(rows: NDArray[np.uint8], offset: int) -> NDArray[np.uint16]:
    """Each row's neighbouring pairs as numbers, the edges being neighbours too; 0 is none."""
    padded = np.zeros((len(rows), rows.shape[1] + 2), np.uint16)
    padded[:, 1:-1] = rows
    padded[:, 0] = _EDGE
    padded[np.arange(len(rows)), (rows != 0).sum(axis=1) + 1] = _EDGE
    pairs = padded[:, :-1] * _SIZE + padded[:, 1:] + np.uint16(offset)
    pairs[padded[:, 1:] == 0] = 0
    return pairs


def _letters(spelled: str, texts: Sequence[str]) -> list[float]:
    """How alike the spelling of each text is, without its spaces."""
    plain = spelled.replace(" ", "").encode("ascii", "replace")[:LONGEST_SPELLING]
    others = [text.replace(" ", "").encode("ascii", "replace") for text in texts]
    rows = _matrix(others, LONGEST_SPELLING)
    apart = distances(plain, rows, LETTER_COSTS)
    longest = np.maximum((rows != 0).sum(axis=1), max(len(plain), 1))
    return [float(each) for each in 1 - apart / longest]
