"""What the decoder itself says against a segment: that nothing was said, or that it is lost.

The sound is judged elsewhere; these look only at how the text came about.
"""

from collections.abc import Sequence
from typing import Final

from ringdown.speech.model.calibration import TokenScore

NOTHING_ABOVE: Final = 5e-4
"""Chance of an end before the first token. Speech, however bad the line, stays ten times below;
hiss, hum, clicks, beats and barking mostly lie above."""
UNSURE_BELOW: Final = 0.4
"""Mean confidence of the words below which the whole is guesswork."""
LOST_ABOVE: Final = 2.3
"""Mean entropy of the tokens, in nats: ten ways to go on, at every step."""
LONGEST_ROUND: Final = 12
REPEATED: Final = 24
"""Tokens of a repetition beyond its first round: a phone number said twice stays below."""


def doubts(
    tokens: Sequence[int],
    scores: Sequence[TokenScore],
    confidences: Sequence[float],
    *,
    end_first: float,
    overrun: bool,
) -> tuple[str, ...]:
    """Codes, most serious first: `noise` (nothing said), `loop`, `unsure`."""
    found: list[str] = []
    if end_first > NOTHING_ABOVE:
        found.append("noise")
    if overrun or loops(tokens):
        found.append("loop")
    entropy = sum(score.entropy for score in scores) / max(len(scores), 1)
    sure = sum(confidences) / len(confidences) if confidences else 1.0
    if sure < UNSURE_BELOW or entropy > LOST_ABOVE:
        found.append("unsure")
    return tuple(found)


def loops(tokens: Sequence[int]) -> bool:
    """Whether the same few tokens come again and again, whatever words they make."""
    for size in range(1, LONGEST_ROUND + 1):
        again = 0
        for at in range(size, len(tokens)):
            again = again + 1 if tokens[at] == tokens[at - size] else 0
            if again >= max(REPEATED if size > 2 else 10, 2 * size):
                return True
    return False
