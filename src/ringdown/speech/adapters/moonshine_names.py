"""Favouring local names while decoding, by the text so far and not by one way to cut it.

At each step the few tokens that come close to the best one are tried: where the text would then
stand inside a name of the book, or complete one, the token is favoured. A word is a name's word
only if it begins with a capital, as the recogniser writes names; a word that began unfavoured gets
nothing. Scores for confidence are taken before any of this.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from ringdown.speech.adapters.moonshine_decoder import END, Floats
from ringdown.speech.model.names import NameBook

STRENGTH: Final = 2.0
"""Added to the logit of a favoured token. Twice as much helps a little more and begins to harm."""
INSIDE: Final = " -'\u2019"
"""What may stand inside a name beside letters and digits."""
LEAST: Final = 4
"""Letters of a name that must be there before a token is favoured."""


def fold(text: str) -> str:
    """A name as it is compared: lower case, without marks, single spaces."""
    kept = "".join(c if c.isalnum() else " " if c in " -" else "" for c in text.casefold())
    return " ".join(kept.split())


class NamePrefixes:
    """The names of a book, sorted, so that a prefix is found by bisection."""

    def __init__(self, book: NameBook) -> None:
        self.version = book.version
        self._names = sorted({fold(name) for name in book.names} - {""})

    def begins(self, text: str) -> bool:
        """Whether any name begins with this text."""
        at = bisect_left(self._names, text)
        return at < len(self._names) and self._names[at].startswith(text)

    def holds(self, text: str) -> bool:
        """Whether this is a whole name."""
        at = bisect_left(self._names, text)
        return at < len(self._names) and self._names[at] == text


class NameBias:
    """One segment's text so far and the places in it where a name may have begun."""

    def __init__(
        self, texts: Sequence[bytes], names: NamePrefixes, strength: float = STRENGTH
    ) -> None:
        self._texts = texts
        self._names = names
        self._strength = strength
        self._open: tuple[str, ...] = ()
        """What was written since each place where a name may have begun."""

    def choose(self, logits: Floats) -> int:
        """The best token, unless one within reach leads on to a local name and it does not."""
        best = int(logits.argmax())
        near = np.flatnonzero(logits > logits[best] - self._strength)
        if len(near) < 2:
            return best
        scored = [
            (float(logits[token]) + (self._strength if self._favoured(int(token)) else 0), -token)
            for token in near
        ]
        return -int(max(scored)[1])

    def take(self, token: int) -> None:
        """This token was written."""
        self._open = self._after(token)

    def _favoured(self, token: int) -> bool:
        """Whether it leads on to a name; once one is complete, ending the word is as good."""
        if any(len(fold(text)) >= LEAST for text in self._after(token)):
            return True
        complete = any(self._names.holds(fold(text)) for text in self._open)
        return complete and not self._texts[token][:1].isalnum()

    def _after(self, token: int) -> tuple[str, ...]:
        """The beginnings that would still lead to a name after this token."""
        if token == END:
            return ()
        text = self._texts[token].decode("utf-8", errors="replace")
        if not text:
            return self._open
        candidates = [begun + text for begun in self._open]
        if text.startswith(" ") and text[1:2].isupper():
            candidates.append(text[1:])
        return tuple(one for one in candidates if self._leads(one))

    def _leads(self, text: str) -> bool:
        if not text[-1].isalnum() and text[-1] not in INSIDE:
            return False
        ended = " " if text[-1] in " -" else ""
        return self._names.begins(fold(text) + ended)
