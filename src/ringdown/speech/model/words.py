"""Word times and doubt: what a recogniser said about a segment becomes words on the call's clock.

The recogniser gives no times, so they are spread over the voiced part of the segment by the
length of the words, and marked as estimated. A word's end is never later than the end of the
audio in which it was first heard.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ringdown.core.events import Value
from ringdown.speech.model.segment import WINDOW_MS
from ringdown.spoken.vocabulary import NUMBER_WORDS

NEUTRAL_CONFIDENCE = 0.5
"""What each word carries when the recogniser gives no confidence: as likely wrong as right, so it
is shown as doubtful. A certainty that nobody measured is never made up."""


class WordView(Value):
    """One word of an utterance; times are milliseconds on the call's clock."""

    word: str
    start_ms: int
    end_ms: int
    confidence: float
    timing_estimated: bool
    doubtful: bool
    unconfirmed: bool = False
    """Part of a number, a name or an address: to be checked, however sure the recogniser was."""


@dataclass(frozen=True)
class Heard:
    """A word and its confidence; its time in ms from the segment's start, if it is known."""

    word: str
    confidence: float
    start_ms: int | None = None
    end_ms: int | None = None


_LETTERS = re.compile(r"[^\w']+")


def plain(word: str) -> str:
    """The word in lower case without punctuation, for comparing."""
    return _LETTERS.sub("", word).lower()


def number_like(word: str) -> bool:
    """Whether a word is, or may be part of, a number, a plate or a spelled name."""
    bare = plain(word)
    if any(c.isdigit() for c in bare):
        return True
    parts = [part for part in re.split(r"[-\u2013]", word.lower()) if part]
    if any(plain(part) in NUMBER_WORDS for part in parts):
        return True
    return len(bare) == 1 and bare.isalpha() and bare not in {"a", "i"}


def collapse_repeats(words: Sequence[Heard]) -> tuple[list[Heard], bool]:
    """Shorten a loop ("no no no no no no") to one round; says whether there was one.

    Five times the same word or four times the same few words is a loop, not speech. Collapsing
    what is already collapsed changes nothing.
    """
    kept = list(words)
    looped = False
    for size in range(1, 9):
        least = 5 if size == 1 else 4
        at = 0
        while at + size * least <= len(kept):
            unit = [plain(w.word) for w in kept[at : at + size]]
            rounds = 1
            while [
                plain(w.word) for w in kept[at + rounds * size : at + (rounds + 1) * size]
            ] == unit:
                rounds += 1
            if rounds >= least:
                del kept[at + size : at + rounds * size]
                looped = True
                at = 0
            else:
                at += 1
    return kept, looped


def spread(
    words: Sequence[str], voiced: Sequence[bool], bounds: Sequence[int | None]
) -> list[tuple[int, int]]:
    """Estimated (start, end) of each word in ms from the segment's start.

    Words share the voiced time by their length; `bounds` give the latest end of each word, where
    one is known. Times never run backwards.
    """
    if not words:
        return []
    edges = _voiced_clock(voiced)
    total = edges[-1][0]
    weights = list(accumulate((len(plain(word)) + 2 for word in words), initial=0))
    marks = [total * weight / weights[-1] for weight in weights]
    starts = [_at(edges, mark, late=True) for mark in marks[:-1]]
    ends = [_at(edges, mark, late=False) for mark in marks[1:]]
    for index, bound in enumerate(bounds[: len(words)]):
        if bound is not None and ends[index] > bound:
            shrink = max(bound, 0) / ends[index]
            starts[: index + 1] = [round(time * shrink) for time in starts[: index + 1]]
            ends[: index + 1] = [round(time * shrink) for time in ends[: index + 1]]
    return list(zip(starts, ends, strict=True))


def _voiced_clock(voiced: Sequence[bool]) -> list[tuple[int, int]]:
    """Corners of the map from voiced time to segment time, (voiced ms, segment ms)."""
    if not any(voiced):
        return [(0, 0), (len(voiced) * WINDOW_MS, len(voiced) * WINDOW_MS)]
    corners: list[tuple[int, int]] = []
    passed = 0
    for index, speaking in enumerate(voiced):
        if speaking:
            corners.append((passed, index * WINDOW_MS))
            passed += WINDOW_MS
            corners.append((passed, (index + 1) * WINDOW_MS))
    return corners


def _at(corners: Sequence[tuple[int, int]], mark: float, *, late: bool) -> int:
    """Segment time of a voiced time; at a pause its end when `late`, else its beginning."""
    found = corners[-1][1] if not late else corners[0][1]
    for (spoken, real), (spoken_to, _) in zip(corners[::2], corners[1::2], strict=True):
        inside = spoken <= mark < spoken_to if late else spoken < mark <= spoken_to
        if inside:
            return round(real + mark - spoken)
        if late and spoken_to <= mark:
            found = real + spoken_to - spoken
    return round(found)


@dataclass
class FirstHeard:
    """Remembers, over the partials of one utterance, until when each leading word was heard."""

    seen: list[tuple[str, int]]

    @classmethod
    def empty(cls) -> "FirstHeard":
        """Nothing heard yet."""
        return cls([])

    def update(self, words: Sequence[str], end_ms: int) -> None:
        """A partial ending `end_ms` into the segment showed these words."""
        kept: list[tuple[str, int]] = []
        for index, word in enumerate(words):
            known = index < len(self.seen) and self.seen[index][0] == plain(word)
            kept.append((plain(word), self.seen[index][1] if known else end_ms))
        self.seen = kept

    def bounds(self, words: Sequence[str]) -> list[int | None]:
        """The latest end of each word, where the same word stood at the same place before."""
        bounds: list[int | None] = []
        for index, word in enumerate(words):
            known = index < len(self.seen) and self.seen[index][0] == plain(word)
            bounds.append(self.seen[index][1] if known else None)
        return bounds


def assemble(
    heard: Sequence[Heard],
    *,
    origin_ms: int,
    voiced: Sequence[bool],
    bounds: Sequence[int | None] = (),
    doubtful_below: float,
    doubted: bool = False,
) -> tuple[tuple[WordView, ...], bool]:
    """Words with times and doubt, and whether the whole is doubtful.

    It is when it is `doubted` already, when it was a loop, or when most of it is unsure; of a loop
    or a doubted line no word is to be relied on.
    """
    words, looped = collapse_repeats(heard)
    nothing_sure = looped or doubted
    times = spread([w.word for w in words], voiced, () if looped else bounds)
    views = tuple(
        WordView(
            word=w.word,
            start_ms=origin_ms + (start if w.start_ms is None else w.start_ms),
            end_ms=origin_ms + (end if w.end_ms is None else w.end_ms),
            confidence=w.confidence,
            timing_estimated=w.start_ms is None or w.end_ms is None,
            doubtful=nothing_sure or w.confidence < doubtful_below,
        )
        for w, (start, end) in zip(words, times, strict=True)
    )
    unsure = sum(w.confidence < doubtful_below for w in words)
    return views, nothing_sure or 2 * unsure > len(words)
