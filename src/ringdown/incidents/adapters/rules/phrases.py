"""Finding phrases in a line, and whether the speaker means them. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ringdown.incidents.adapters.rules.dialogue import negated, supposed
from ringdown.incidents.adapters.rules.tokens import Line


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at tokens `first` … `last`, and how it was meant."""

    first: int
    last: int
    denied: bool
    supposed: bool


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern over lower-case tokens joined by one space; it matches whole tokens only."""
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")


@dataclass(frozen=True, slots=True)
class Text:
    """A line as one string in which every character knows its token."""

    line: Line
    text: str
    starts: tuple[int, ...]

    def find(self, pattern: str) -> Iterator[Found]:
        """Every place where the pattern stands within one sentence."""
        for match in compiled(pattern).finditer(self.text):
            first = bisect_right(self.starts, match.start()) - 1
            last = bisect_right(self.starts, match.end() - 1) - 1
            tokens = self.line.tokens
            if any(token.ends_sentence for token in tokens[first:last]):
                continue
            yield Found(first, last, negated(tokens, first), supposed(tokens, first))


def as_text(line: Line) -> Text:
    """Join the tokens of a line for searching."""
    starts: list[int] = []
    length = 0
    for token in line.tokens:
        starts.append(length)
        length += len(token.text) + 1
    return Text(line, " ".join(token.text for token in line.tokens), tuple(starts))
