"""Tells at once that a text holds nothing personal: most utterances of a call. Pure."""

import re
from typing import Final

from ringdown.redaction.model.addresses import SPOKEN_PLACES
from ringdown.redaction.model.common import COMMON, ordinary
from ringdown.redaction.model.given_names import GIVEN, GIVEN_OR_WORD, SURNAMES
from ringdown.spoken.places import DIRECTIONS, STREET_TYPES
from ringdown.spoken.vocabulary import MONTHS, NATO, NUMBER_WORDS, POLICE

_TELLING: Final = (
    GIVEN | GIVEN_OR_WORD | SURNAMES | SPOKEN_PLACES | frozenset(STREET_TYPES)
    | frozenset(DIRECTIONS) | frozenset(MONTHS) | frozenset(NATO) | frozenset(POLICE) | NUMBER_WORDS
    | {"dot", "zee", "zed", "double", "capital"}
)  # fmt: skip
_CALM: Final = frozenset(
    word
    for word in COMMON
    if word.removesuffix("'s") not in _TELLING and (len(word) > 1 or word in {"a", "i"})
)
_PLAIN: Final = re.compile(r"[A-Za-z'\s.,?!]*")
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)*")


def calm(text: str) -> bool:
    """Whether there is nothing in a text that could be part of a value.

    Every rule begins with a word that is not among these: a strange one, a digit, a letter alone.
    """
    if not _PLAIN.fullmatch(text):
        return False
    return all(
        word in _CALM
        or (len(word) > 1 and word.removesuffix("'s") not in _TELLING and ordinary(word))
        for word in _WORD.findall(text.lower())
    )
