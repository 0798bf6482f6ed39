"""Finds the numbers among heard words and writes them, keeping every other way to hear them.

A find never replaces what was heard: it says which words it is about, how they are likeliest
written, and what else they may mean. Other readings come in this order: what the reader itself
doubts (the same digits parted into the groups that were said, "22 10", then into the smallest
steps, "20 2 10"; a time; the other century), then what other readers made of the same words, last
readings that take a neighbouring word for a misheard digit ("to" for 2).

Kinds: `number` (a count or a house number, which sound alike), `digits` (more than six, or with a
leading zero), `ordinal`, `decimal`, `fraction`, `percent`, `temperature`, `money`, `age`, `block`,
`mile_marker`, `exit`, `road`, `unit`, `zip`, `ssn`, `phone`, `time`, `date`, `plate`, `serial`,
`spelling`, `email`, `web`, `code` (911, 10-4, 24/7) and `corrected` (a number that was taken back
and said again). A word that only names the kind ("exit", "apartment", "block") stays outside the
find; one that changes the writing ("p m", "dollars", "degrees") is inside. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ringdown.spoken.corrections import corrects, with_end_replaced
from ringdown.spoken.going_on import ends_open
from ringdown.spoken.pieces import Piece
from ringdown.spoken.pieces import pieces as cut
from ringdown.spoken.readers import READERS
from ringdown.spoken.reading import Reading


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number, date, time, plate or the like among the words `first` … `last` (inclusive)."""

    first: int
    last: int
    heard: str
    """The words themselves, as they came."""
    kind: str
    written: str
    alternatives: tuple[str, ...] = ()


def find_numbers(words: Sequence[str]) -> tuple[SpokenNumber, ...]:
    """Every number among `words`, in order; the finds do not overlap."""
    row = cut(words)
    found: list[SpokenNumber] = []
    ended = at = 0
    while at < len(row):
        reading = _best(row, at)
        if reading is None:
            at += 1
            continue
        number = _number(words, row, at, reading)
        if found and corrects(row, ended, at, found[-1].kind, number.kind):
            number = _corrected(words, found.pop(), number)
        found.append(number)
        ended = at = reading.end
        while at < len(row) and row[at].word <= number.last:
            at += 1
    return tuple(found)


def may_continue(words: Sequence[str]) -> bool:
    """Whether the text so far ends inside something like a number, a plate or a spelled name."""
    return ends_open(cut(words[-12:]))


def _best(row: Sequence[Piece], at: int) -> Reading | None:
    """The longest reading at `at`, the first of READERS among equals, with its rivals' readings."""
    readings = [reading for reader in READERS if (reading := reader(row, at)) is not None]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading.end)
    shapes = {_shape(best.written)}
    others: list[str] = []
    rivals = [rival.written for rival in readings if rival.end == best.end]
    for other in [*best.alternatives, *rivals, *best.misheard]:
        if _shape(other) not in shapes or (other in best.alternatives and other != best.written):
            others.append(other)
            shapes.add(_shape(other))
    return Reading(best.end, best.kind, best.written, tuple(dict.fromkeys(others)))


def _shape(written: str) -> str:
    """What two writings of the same thing have in common."""
    return re.sub(r"[^a-z0-9]", "", written.lower())


def _number(words: Sequence[str], row: Sequence[Piece], at: int, reading: Reading) -> SpokenNumber:
    first, last = row[at].word, row[reading.end - 1].word
    heard = " ".join(words[first : last + 1])
    return SpokenNumber(first, last, heard, reading.kind, reading.written, reading.alternatives)


def _corrected(words: Sequence[str], before: SpokenNumber, after: SpokenNumber) -> SpokenNumber:
    patched = with_end_replaced(before.written, after.written)
    others = [before.written, *([patched] if patched else [])]
    others += [*after.alternatives, *before.alternatives]
    return SpokenNumber(
        before.first,
        after.last,
        " ".join(words[before.first : after.last + 1]),
        "corrected",
        after.written,
        tuple(other for other in dict.fromkeys(others) if other != after.written),
    )
