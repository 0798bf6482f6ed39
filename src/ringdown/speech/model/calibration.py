"""How sure a word is: from the decoder's probabilities to the chance that the word is right.

A calibration is fitted on speech whose words are known, once for each model; without one the
lowest probability of a word's tokens is given as it is, and said to be uncalibrated.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TokenScore:
    """What the decoder thought when it wrote one token. Never influenced by local names."""

    chance: float
    """Probability of the token written."""
    second: float
    """Probability of the likeliest other token."""
    entropy: float
    """In nats: how many ways it might have gone."""
