"""Finding the local names that sound or look like what was heard.

Heard words are never changed: what comes out stands beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.model.names import HeardWord, NameBook
from ringdown.speech.model.names_spans import Cause, Span, spans
from ringdown.speech.model.utterance import NameMatch, SuggestionView
from ringdown.spoken.near import SoundIndex
from ringdown.spoken.places import fold, fold_words

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
OTHER_KIND: Final = 0.1
"""What a name loses when another kind of road was heard."""
BEHIND: Final = 0.15
"""Names this far behind the best one are left out."""


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
        self._sounds = SoundIndex(self._own)

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
        for owner, score, weight in self._sounds.nearest(own):
            for name, loss in self._named(owner, kind):
                match = Match(name, max(0.0, score - loss), weight, owner)
                if name not in best or best[name].score < match.score:
                    best[name] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.name))

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
