"""Finds the numbers among heard words and writes them, keeping every other way to hear them.

A find never replaces what was heard: it says which words it is about, how they are likeliest
written, and what else they may mean. Other readings come in this order: the same digits parted
into the groups that were said ("22 10"), parted into the smallest steps ("20 2 10"), then what
other readers made of the same words (a time, a date), last readings that take a neighbouring word
for a misheard digit ("to" for 2). Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ringdown.spoken.pieces import pieces as cut
from ringdown.spoken.readers import READERS, Reading, starts_number


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
    at = 0
    while at < len(row):
        best: Reading | None = None
        rivals: list[Reading] = []
        for reader in READERS:
            reading = reader(row, at)
            if reading is None:
                continue
            rivals.append(reading)
            if best is None or reading.end > best.end:
                best = reading
        if best is None:
            at += 1
            continue
        first, last = row[at].word, row[best.end - 1].word
        also = [other.written for other in rivals if other.end == best.end and other is not best]
        others = dict.fromkeys([*best.alternatives, *also, *best.misheard])
        found.append(
            SpokenNumber(
                first,
                last,
                " ".join(words[first : last + 1]),
                best.kind,
                best.written,
                tuple(other for other in others if other != best.written),
            )
        )
        at = best.end
        while at < len(row) and row[at].word <= last:
            at += 1
    return tuple(found)


def may_continue(words: Sequence[str]) -> bool:
    """Whether the text so far ends inside something like a number, a plate or a spelled name."""
    row = cut(words[-12:])
    return bool(row) and starts_number(row, len(row) - 1)
