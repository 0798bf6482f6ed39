"""Finding the local names that sound or look like what was heard.

Names are kept as strings of sounds (`spoken.sound`). A first look counts the pairs of sounds that a
name shares with what was heard, all names at once; the nearest few hundred are compared sound by
sound, and the best of those letter by letter. Heard words are never changed: what comes out
stands beside them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.names import HeardWord, NameBook
from ringdown.speech.model.names_spans import Cause, Span, spans
from ringdown.speech.model.utterance import NameMatch, SuggestionView
from ringdown.spoken.places import fold, fold_words
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
"""Names compared sound by sound for one span."""
SPELLED: Final = 16
"""Names compared letter by letter for one span."""
OFFERED: Final = 3

THRESHOLDS: Final[dict[Cause, float]] = {
    "road": 0.56,
    "where": 0.64,
    "doubt": 0.88,
    "written": 0.88,
}
"""The least score that is offered, by why a name may stand there."""
LIGHT: Final = 4.0
STRICTER: Final = 0.02
"""A name with less sound than LIGHT must be nearer: this much for each unit that it lacks."""
LETTERS: Final = 0.3
"""The share of spelling in a score; the rest is sound."""
OTHER_KIND: Final = 0.1
"""What a name loses when another kind of road was heard."""
BEHIND: Final = 0.15
"""Names this far behind the best one are left out."""

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


@dataclass(frozen=True)
class Match:
    """A name of the book and how near it is, before thresholds."""

    name: str
    score: float
    weight: float
    """How much sound the name has."""
    own: int
    """Names with the same own words have the same number here."""


class NameIndex:
    """The names of one book, ready to be found. Building takes about a second for 100 000."""

    def __init__(self, book: NameBook) -> None:
        self.book = book
        own: dict[str, list[int]] = {}
        for number, name in enumerate(book.names):
            own.setdefault(" ".join(fold(name).own), []).append(number)
        own.pop("", None)
        self._own = tuple(own)
        self._starts = np.cumsum([0, *(len(numbers) for numbers in own.values())], dtype=np.int32)
        self._numbers: NDArray[np.int32] = np.array(
            [n for numbers in own.values() for n in numbers], np.int32
        )
        self._known = np.sort(np.array([hash(text) for text in own], np.int64))
        keys: list[bytes] = []
        owners: list[int] = []
        heard: dict[str, tuple[str, ...]] = {}
        for owner, text in enumerate(own):
            for sound in sounds(text.split(), heard):
                keys.append(coded(sound)[:LONGEST_SOUND])
                owners.append(owner)
        self._owners = np.array(owners, np.int32)
        self._rows = _matrix(keys, LONGEST_SOUND)
        self._weights = SOUND_COSTS.removal[self._rows].sum(axis=1)
        self._pairs = _Pairs(keys)

    def suggest(self, words: Sequence[HeardWord]) -> tuple[SuggestionView, ...]:
        """Names beside doubtful words and before kinds of road, best first, three at the most.

        A stretch that is in the book as it was heard gets none; stretches do not overlap.
        """
        if not self._own:
            return ()
        found: list[tuple[float, Span, list[Match]]] = []
        taken: set[int] = set()
        looked: dict[tuple[tuple[str, ...], str], list[Match]] = {}
        every = spans(words)
        for span in every:
            if self.holds(span.own):
                taken.update(range(span.first, span.last + 1))
        for span in every:
            if not taken.isdisjoint(range(span.first, span.last + 1)):
                continue
            question = (span.own, span.kind)
            if question not in looked:
                looked[question] = self.nearest(span.own, span.kind)
            kept = _worth_offering(looked[question], THRESHOLDS[span.cause])
            if kept:
                found.append((kept[0].score + 0.03 * (span.last - span.first), span, kept))
        chosen: list[SuggestionView] = []
        for _, span, kept in sorted(found, key=lambda one: -one[0]):
            here = range(span.first, span.last + 1)
            if taken.isdisjoint(here):
                taken.update(here)
                chosen.append(_view(span, kept))
        return tuple(sorted(chosen, key=lambda view: view.first_word))

    def holds(self, own: Sequence[str]) -> bool:
        """Whether a name with exactly these own words is in the book."""
        for words in {tuple(own), fold_words(list(own)).own}:
            wanted = np.int64(hash(" ".join(words)))
            place = int(np.searchsorted(self._known, wanted))
            if place < len(self._known) and self._known[place] == wanted:
                return True
        return False

    def nearest(self, own: Sequence[str], kind: str = "") -> list[Match]:
        """The nearest names for words that were heard, with a road of that kind, best first."""
        best: dict[str, Match] = {}
        for sound in sounds(own):
            for match in self._by_sound(coded(sound)[:LONGEST_SOUND], " ".join(own), kind):
                if match.name not in best or best[match.name].score < match.score:
                    best[match.name] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.name))

    def _by_sound(self, key: bytes, spelled: str, kind: str) -> Iterator[Match]:
        if not key:
            return
        near = self._pairs.near(key, COMPARED)
        if not len(near):
            return
        weights = np.maximum(self._weights[near], SOUND_COSTS.weight(key))
        alike = 1 - distances(key, self._rows[near], SOUND_COSTS) / weights
        order = np.argsort(-alike, kind="stable")[:SPELLED]
        texts = [self._own[self._owners[row]] for row in near[order]]
        letters = _letters(spelled, texts)
        for place, text_letters in zip(order, letters, strict=True):
            row = near[place]
            score = (1 - LETTERS) * float(alike[place]) + LETTERS * text_letters
            for name, loss in self._named(int(self._owners[row]), kind):
                yield Match(
                    name, max(0.0, score - loss), float(self._weights[row]), int(self._owners[row])
                )

    def _named(self, owner: int, kind: str) -> list[tuple[str, float]]:
        """The names with the same own words, and what each loses by its kind of road."""
        numbers = self._numbers[self._starts[owner] : self._starts[owner + 1]][:40]
        named: list[tuple[str, float]] = []
        for number in numbers:
            name = self.book.names[int(number)]
            place = fold(name)
            loss = OTHER_KIND if kind and place.kind != kind else 0.0
            named.append((name, loss + 0.001 * len(place.directions)))
        return sorted(named, key=lambda one: one[1])[:OFFERED]


class _Pairs:
    """Which names hold which pairs of neighbouring sounds, rare pairs counting more."""

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


def _worth_offering(matches: Sequence[Match], threshold: float) -> list[Match]:
    """The best ones above the threshold; of names with the same own words first one alone."""
    good: list[Match] = []
    for match in matches:
        least = threshold + STRICTER * max(0.0, LIGHT - match.weight)
        if match.score >= least and (not good or match.score >= good[0].score - BEHIND):
            good.append(match)
    seen: set[int] = set()
    others: list[Match] = []
    kept: list[Match] = []
    for match in good:
        (others if match.own in seen else kept).append(match)
        seen.add(match.own)
    return sorted([*kept, *others][:OFFERED], key=lambda match: -match.score)


def _view(span: Span, kept: Sequence[Match]) -> SuggestionView:
    return SuggestionView(
        first_word=span.first,
        last_word=span.last,
        names=tuple(
            NameMatch(name=match.name, score=round(min(match.score, 1.0), 3)) for match in kept
        ),
    )
