"""Words that are shown while somebody speaks, and how often what was shown changes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ringdown.speech.model.words import plain

SURE: Final = 0.97
"""A last word this certain is shown at once."""


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

        A word is shown when the look before had it in the same place, when another follows that
        is shown or not, or when the recogniser is sure of it. What is shown is not taken back just
        because it is now the last word.
        """
        bare = [plain(word) for word in words]
        count = len(bare) if whole else self._count(bare, chances)
        self._seen = bare
        self._shown = bare[:count]
        return count

    def _count(self, bare: list[str], chances: Sequence[float]) -> int:
        if not bare:
            return 0
        last = len(bare) - 1
        stands = last < len(self._seen) and self._seen[: last + 1] == bare
        kept = last < len(self._shown) and self._shown[: last + 1] == bare
        return len(bare) if stands or kept or chances[last] >= SURE else last

    @property
    def shown(self) -> Sequence[str]:
        """The words on the screen, without case and punctuation."""
        return self._shown
