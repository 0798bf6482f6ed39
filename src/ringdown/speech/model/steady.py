"""Words that are shown while somebody speaks, and how often what was shown changes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from ringdown.speech.model.words import plain

SURE: Final = 0.9
"""A first word this certain is shown at once."""


def changed_words(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words of `before` are not kept, in their order, in `after`.

    Words are compared without case and punctuation; words added anywhere change nothing.
    """
    old, new = [plain(word) for word in before], [plain(word) for word in after]
    row = [0] * (len(new) + 1)
    for word in old:
        above = row
        row = [0]
        for at, other in enumerate(new):
            row.append(above[at] + 1 if word == other else max(above[at + 1], row[at]))
    return len(old) - row[-1]


@dataclass(frozen=True)
class Flicker:
    """`shown` words came to the screen; `changed` of them did not stay as they were."""

    shown: int
    changed: int


def flicker(revisions: Iterable[Sequence[str]]) -> Flicker:
    """The flicker of one line, from its revisions in the order in which they were shown."""
    shown = changed = 0
    before: Sequence[str] = ()
    for words in revisions:
        lost = changed_words(before, words)
        changed += lost
        shown += max(len(words) - (len(before) - lost), 0)
        before = words
    return Flicker(shown, changed)


@dataclass
class Steady:
    """Decides how much of each look at one line is shown; keeps count of what changes."""

    _seen: list[str] = field(default_factory=list[str])
    _shown: list[str] = field(default_factory=list[str])

    def look(self, words: Sequence[str], chances: Sequence[float], *, whole: bool = False) -> int:
        """How many of these words to show: all when `whole`, else those that will likely stay.

        Shown is everything up to the last word on which two looks in a row agree; at the beginning
        of a line all but the last word, so that it comes soon. What is on the screen is not taken
        back: a word gives way to another one only.
        """
        bare = [plain(word) for word in words]
        count = len(bare) if whole else self._count(bare, chances)
        self._seen = bare
        self._shown = bare[:count]
        return count

    def _count(self, bare: list[str], chances: Sequence[float]) -> int:
        if not bare:
            return 0
        agreed = _last_agreed(self._seen, bare)
        if self._shown:
            return max(agreed, min(len(self._shown), len(bare)))
        return max(agreed, len(bare) - 1, int(chances[0] >= SURE))

    @property
    def shown(self) -> Sequence[str]:
        """The words on the screen, without case and punctuation."""
        return self._shown


def _last_agreed(before: list[str], now: list[str]) -> int:
    """How far into `now` the last word goes that stands in both, in the same order."""
    blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    return max((block.b + block.size for block in blocks if block.size), default=0)
