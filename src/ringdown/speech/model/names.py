"""Local names: the streets, places and businesses of one agency."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

NameKind = Literal["street", "place", "business"]
KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)

MOST_NAMES: Final = 100_000
"""As many names as one centre may have."""


@dataclass(frozen=True)
class NameBook:
    """The names an agency has loaded, as written; `version` tells one book from another.

    `kinds` has one letter for each name, the first of its kind; empty: all are streets.
    """

    version: str
    names: tuple[str, ...]
    kinds: str = ""


@dataclass(frozen=True)
class HeardWord:
    """A word as the recogniser wrote it; `doubtful` if it may be wrong."""

    word: str
    confidence: float
    doubtful: bool
