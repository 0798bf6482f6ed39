"""Values become tokens, the same for the whole call, and tokens become values again. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ringdown.core.sensitive import Sensitive
from ringdown.redaction.model.digits import FILLING, runs_of
from ringdown.redaction.model.finder import Known, find
from ringdown.redaction.model.pieces import TOKEN, Label, cut
from ringdown.redaction.model.spelled import spellings
from ringdown.spoken.places import DIRECTIONS, STREET_TYPES

CONTEXT: Final = 400
"""So many characters of what was said before are looked at: a question and half an answer."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a token stands for, as it was said first."""

    token: str
    label: Label
    said: Sensitive[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value in a text: `start` … `end` in the original, with the words that stood there."""

    start: int
    end: int
    label: Label
    token: str
    said: Sensitive[str]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its values."""

    text: str
    marks: tuple[Mark, ...]

    def restored(self) -> str:
        """The original, to the character. For our own side only."""
        made: list[str] = []
        at = length = 0
        for mark in self.marks:
            kept = mark.start - length
            made.append(self.text[at : at + kept])
            made.append(mark.said.reveal("the original of a redacted text"))
            at += kept + len(mark.token)
            length = mark.end
        return "".join([*made, self.text[at:]])


class Tokens:
    """The tokens of one call. It is filled by what is said, or by what a vault kept of it.

    Tokens in a text that is redacted are left as they are: a text may be redacted twice.
    """

    def __init__(self, values: Iterable[Value] = ()) -> None:
        self._values: dict[str, Value] = {}
        self._by_key: dict[tuple[Label, str], Value] = {}
        self._known = Known()
        for value in values:
            self._keep(value)

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value, in the order it was first said."""
        return tuple(self._values.values())

    def redact(self, text: str, before: str = "") -> Redacted:
        """The text with tokens in place of values; `before` is what was said just before it."""
        spans = find(text, self._known, before[-CONTEXT:])
        written = {match.group() for match in TOKEN.finditer(text)}
        made: list[str] = []
        marks: list[Mark] = []
        at = 0
        for span in spans:
            said = text[span.start : span.end]
            value = self._value(span.label, said, written)
            made += [text[at : span.start], value.token]
            marks.append(
                Mark(span.start, span.end, span.label, value.token, Sensitive(said, "said"))
            )
            at = span.end
        return Redacted("".join([*made, text[at:]]), tuple(marks))

    def restore(self, text: str) -> str:
        """Another text, such as a narrative, with what each token stands for as first said."""

        def value(match: re.Match[str]) -> str:
            found = self._values.get(match.group())
            return match.group() if found is None else found.said.reveal("restoring a text")

        return TOKEN.sub(value, text)

    def _value(self, label: Label, said: str, written: set[str]) -> Value:
        self._known = self._known.with_values([said])
        found = self._by_key.get((label, sameness(said)))
        if found is not None:
            return found
        number = 1
        while (token := f"[{label}_{number}]") in self._values or token in written:
            number += 1
        value = Value(token, label, Sensitive(said, "said"))
        self._keep(value)
        return value

    def _keep(self, value: Value) -> None:
        said = value.said.reveal("telling whether the same is said again")
        self._values[value.token] = value
        self._by_key.setdefault((value.label, sameness(said)), value)
        self._known = self._known.with_values([said])


def sameness(said: str) -> str:
    """What two ways to say the same thing have in common."""
    pieces = cut(said)
    digits = {run.first: run for run in runs_of(pieces)}
    spelled = {each.first: each for each in spellings(pieces) if each.written.isalpha()}
    parts: list[str] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if at in digits:
            parts.append(digits[at].digits)
            at = digits[at].last + 1
            continue
        if at in spelled and spelled[at].last > at:
            parts.append(spelled[at].written)
            at = spelled[at].last + 1
            continue
        word = piece.text.removesuffix("'s")
        if not (digits and word in FILLING):
            parts.append(STREET_TYPES.get(word, DIRECTIONS.get(word, word)))
        at += 1
    return "".join(parts)
