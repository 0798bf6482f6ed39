"""The cheapest way from what was said to what was written, word by word.

Errors are counted as in the field: substitutions, deletions and insertions at one each. Memory
grows with the product of the lengths only for short texts; an hour of talk needs a few megabytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["right", "substituted", "deleted", "inserted"]
SMALL: Final = 1 << 20
"""Cells that may be held at once; larger problems are halved first."""

Row = NDArray[np.int32]


@dataclass(frozen=True)
class Step:
    """One pair of the alignment; an index is None where that side has no word."""

    kind: Kind
    said: int | None
    heard: int | None


def align(said: Sequence[str], heard: Sequence[str]) -> list[Step]:
    """Every word of both sides exactly once, in order, with the fewest errors possible."""
    known: dict[str, int] = {}
    numbers = [
        np.array([known.setdefault(word, len(known)) for word in words], np.int32)
        for words in (said, heard)
    ]
    return _align(numbers[0], numbers[1], 0, 0)


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many errors the best alignment has."""
    return sum(step.kind != "right" for step in align(said, heard))


def _align(said: Row, heard: Row, said_from: int, heard_from: int) -> list[Step]:
    if (len(said) + 1) * (len(heard) + 1) <= SMALL or len(said) < 2:
        return _small(said, heard, said_from, heard_from)
    half = len(said) // 2
    forward = _costs(said[:half], heard)[-1]
    backward = _costs(said[half:][::-1], heard[::-1])[-1][::-1]
    cut = int(np.argmin(forward + backward))
    return [
        *_align(said[:half], heard[:cut], said_from, heard_from),
        *_align(said[half:], heard[cut:], said_from + half, heard_from + cut),
    ]


def _costs(said: Row, heard: Row, *, keep: bool = False) -> list[Row]:
    """The last row of the table of distances, or all of them when `keep`."""
    at = np.arange(len(heard) + 1, dtype=np.int32)
    rows = [at.copy()]
    for word in said:
        above = rows[-1]
        best = above + 1
        best[1:] = np.minimum(best[1:], above[:-1] + (heard != word))
        # An insertion costs one a step to the right: a running minimum of what is left of it.
        row = (np.minimum.accumulate(best - at) + at).astype(np.int32)
        if not keep:
            rows.clear()
        rows.append(row)
    return rows


def _small(said: Row, heard: Row, said_from: int, heard_from: int) -> list[Step]:
    rows = _costs(said, heard, keep=True)
    steps: list[Step] = []
    i, j = len(said), len(heard)
    while i or j:
        here = rows[i][j]
        if i and j and here == rows[i - 1][j - 1] + (said[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            kind: Kind = "right" if said[i] == heard[j] else "substituted"
            steps.append(Step(kind, said_from + i, heard_from + j))
        elif i and here == rows[i - 1][j] + 1:
            i -= 1
            steps.append(Step("deleted", said_from + i, None))
        else:
            j -= 1
            steps.append(Step("inserted", None, heard_from + j))
    return steps[::-1]
