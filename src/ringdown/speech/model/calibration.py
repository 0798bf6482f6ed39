"""How sure a word is: from the decoder's probabilities to the chance that the word is right.

A calibration is fitted on speech whose words are known (`tools/fit_calibration.py`), once for
each model; without one the lowest probability of a word's tokens is given as it is, and said to
be uncalibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from pydantic import BaseModel, ConfigDict

FEATURES: Final = (
    "lowest",
    "mean",
    "margin",
    "entropy",
    "before",
    "after",
    "segment",
    "worst",
    "tokens",
)
"""What a word's confidence is made of; a stored calibration names them in this order.

Only what the decoder thought of the word and of its surroundings. What a sentence looks like (its
length, a word's place in it) is left out: there, speech made for fitting differs from calls.
"""

SURE: Final = 1e-4
"""Chances are looked at between this and one minus this."""


@dataclass(frozen=True)
class TokenScore:
    """What the decoder thought when it wrote one token. Never influenced by local names."""

    chance: float
    """Probability of the token written."""
    second: float
    """Probability of the likeliest other token."""
    entropy: float
    """In nats: how many ways it might have gone."""


@dataclass(frozen=True)
class ScoredWord:
    """A word as written, with the scores of its tokens that carry a letter or a digit."""

    word: str
    scores: tuple[TokenScore, ...]

    @property
    def lowest(self) -> float:
        """The lowest probability among its tokens; 1 for a word without letters."""
        return min((score.chance for score in self.scores), default=1.0)


class CalibrationOrigin(BaseModel):
    """Where a calibration comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    data: str
    clips: int
    words: int
    right: int


class Calibration(BaseModel):
    """A fitted map from what the decoder thought to how often such words were right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    """SHA-256 of the decoder it was fitted for; another model needs its own."""
    origin: CalibrationOrigin
    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def confidences(self, words: Sequence[ScoredWord]) -> list[float]:
        """The chance of each word of one segment to be right."""
        return [self._confidence(found) for found in features(words)]

    def _confidence(self, found: Sequence[float]) -> float:
        parts = zip(found, self.mean, self.scale, self.weights, strict=True)
        total = self.bias + sum((x - mean) / scale * weight for x, mean, scale, weight in parts)
        return 1 / (1 + exp(-max(min(total, 30.0), -30.0)))


def uncalibrated(words: Sequence[ScoredWord]) -> list[float]:
    """What is left without a calibration: the lowest probability of each word."""
    return [word.lowest for word in words]


def features(words: Sequence[ScoredWord]) -> list[list[float]]:
    """The features of every word of one segment, in the order of FEATURES."""
    lowest = [_logit(word.lowest) for word in words]
    segment = sum(lowest) / max(len(lowest), 1)
    worst = min(lowest, default=0.0)
    found: list[list[float]] = []
    for at, word in enumerate(words):
        scores = word.scores or (TokenScore(1.0, 0.0, 0.0),)
        before = lowest[at - 1] if at else segment
        after = lowest[at + 1] if at + 1 < len(words) else segment
        margin = min(log(max(s.chance, SURE)) - log(max(s.second, SURE)) for s in scores)
        found.append(
            [
                lowest[at],
                sum(_logit(s.chance) for s in scores) / len(scores),
                margin,
                max(s.entropy for s in scores),
                before,
                after,
                segment,
                worst,
                float(len(scores)),
            ]
        )
    return found


def _logit(chance: float) -> float:
    held = min(max(chance, SURE), 1 - SURE)
    return log(held / (1 - held))
