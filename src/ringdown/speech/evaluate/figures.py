"""The figures of a measurement: error rates with intervals, and how honest confidence is. Pure.

Intervals are bootstrap percentiles over clips (not words: the words of one clip are not
independent), from a seed, so that the same data give the same interval.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ringdown.speech.evaluate.align import Step

ROUNDS: Final = 1000
SEED: Final = 911
BINS: Final = 10

Interval = tuple[float, float]
Judged = tuple[float, bool]
"""A word's confidence, and whether the word was right."""


@dataclass(frozen=True)
class Errors:
    """Errors among so many words said; they add up."""

    words: int = 0
    substituted: int = 0
    deleted: int = 0
    inserted: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(
            self.words + other.words,
            self.substituted + other.substituted,
            self.deleted + other.deleted,
            self.inserted + other.inserted,
        )

    @property
    def total(self) -> int:
        """All errors."""
        return self.substituted + self.deleted + self.inserted

    @property
    def rate(self) -> float | None:
        """Word error rate; None when nothing was said. Above 1 when much was invented."""
        return self.total / self.words if self.words else None


def count(steps: Sequence[Step]) -> Errors:
    """The errors of an alignment."""
    kinds = [step.kind for step in steps]
    return Errors(
        words=sum(step.said is not None for step in steps),
        substituted=kinds.count("substituted"),
        deleted=kinds.count("deleted"),
        inserted=kinds.count("inserted"),
    )


def bootstrap(
    clips: int,
    figure: Callable[[NDArray[np.intp]], float | None],
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> Interval | None:
    """The middle 95 % of a figure over resampled clips; `figure` gets indexes of clips."""
    if clips < 2:
        return None
    random = np.random.default_rng(seed)
    made = [figure(random.integers(0, clips, clips)) for _ in range(rounds)]
    values = [value for value in made if value is not None]
    if not values:
        return None
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def rate_interval(errors: Sequence[Errors], *, rounds: int = ROUNDS) -> Interval | None:
    """The interval of the error rate of these clips together."""
    wrong = np.array([one.total for one in errors], float)
    words = np.array([one.words for one in errors], float)

    def rate(at: NDArray[np.intp]) -> float | None:
        said = float(words[at].sum())
        return float(wrong[at].sum()) / said if said else None

    return bootstrap(len(errors), rate, rounds=rounds)


def ratio_interval(
    ours: Sequence[Errors], peer: Sequence[Errors], *, rounds: int = ROUNDS
) -> Interval | None:
    """The interval of our error rate divided by a peer's on the same clips."""
    mine = np.array([one.total for one in ours], float)
    theirs = np.array([one.total for one in peer], float)

    def ratio(at: NDArray[np.intp]) -> float | None:
        other = float(theirs[at].sum())
        return float(mine[at].sum()) / other if other else None

    return bootstrap(len(ours), ratio, rounds=rounds)


def wilson(right: int, total: int) -> Interval:
    """The 95 % interval of a share counted as `right` of `total`."""
    if not total:
        return 0.0, 1.0
    z = 1.96
    share = right / total
    middle = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)


def auc(judged: Sequence[Judged]) -> float | None:
    """The chance that a right word has more confidence than a wrong one (a tie counts half)."""
    scores = np.array([score for score, _ in judged], float)
    right = np.array([good for _, good in judged], bool)
    positives, negatives = int(right.sum()), int((~right).sum())
    if not positives or not negatives:
        return None
    _, where, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[where]
    above = float(ranks[right].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


@dataclass(frozen=True)
class Bin:
    """Words whose confidence lies between two bounds."""

    low: float
    high: float
    words: int
    right: int
    mean: float
    """Their mean confidence; the middle of the bin when it is empty."""


def reliability(judged: Sequence[Judged], *, bins: int = BINS) -> list[Bin]:
    """Bins of equal width from 0 to 1; a confidence on a bound belongs to the upper bin."""
    found: list[Bin] = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [
            (min(max(score, 0.0), 1.0), good)
            for score, good in judged
            if min(int(min(max(score, 0.0), 1.0) * bins), bins - 1) == number
        ]
        mean = sum(score for score, _ in inside) / len(inside) if inside else (low + high) / 2
        found.append(Bin(low, high, len(inside), sum(good for _, good in inside), mean))
    return found


def calibration_error(judged: Sequence[Judged], *, bins: int = BINS) -> float | None:
    """Expected calibration error: confidence less the share right, over bins, by their words."""
    if not judged:
        return None
    return sum(
        abs(one.mean * one.words - one.right) for one in reliability(judged, bins=bins)
    ) / len(judged)
