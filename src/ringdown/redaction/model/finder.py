"""Finds every personal value in a text, also where it is said again in another form. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.redaction.model.addresses import MAY_PLACE, address_spans
from ringdown.redaction.model.calm import calm
from ringdown.redaction.model.common import ordinary
from ringdown.redaction.model.digits import HARMLESS, MAY_START, Chain, chains_of, runs_of
from ringdown.redaction.model.names import name_spans
from ringdown.redaction.model.numbers import number_spans
from ringdown.redaction.model.pieces import Label, Piece, Span, cut
from ringdown.redaction.model.spelled import (
    MAIL_ENDINGS,
    MAY_SPELL,
    Spelling,
    date_spans,
    email_spans,
    plate_spans,
    spelling_spans,
    spellings,
)
from ringdown.spoken.vocabulary import MONTHS

_RANK: Final[tuple[Label, ...]] = (
    "EMAIL", "SSN", "CARD", "POLICY", "MEDICAL_RECORD", "ACCOUNT", "PLATE", "DATE_OF_BIRTH",
    "PHONE", "ADDRESS", "NAME", "ADDRESS_FRAGMENT",
)  # fmt: skip
"""Which kind stays where two overlap."""
SHORTEST_DIGITS: Final = 3
SHORTEST_WORD: Final = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What is known to be personal in a call, whatever form it is said in."""

    digits: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def with_values(self, values: Iterable[str]) -> "Known":
        """These and what these values are made of."""
        digits, words = set(self.digits), set(self.words)
        for value in values:
            more = parts_of(value)
            digits |= more.digits - HARMLESS
            words |= more.words
        return Known(frozenset(digits), frozenset(words))


def parts_of(value: str) -> Known:
    """The digits and the telling words of a value."""
    pieces = cut(value)
    digits = {run.digits for run in runs_of(pieces) if len(run.digits) >= SHORTEST_DIGITS}
    whole = "".join(run.digits for run in runs_of(pieces))
    if len(whole) >= SHORTEST_DIGITS:
        digits.add(whole)
    words = {
        word
        for piece in pieces
        if piece.sort == "word"
        for word in [piece.text.removesuffix("'s")]
        if len(word) >= SHORTEST_WORD and not ordinary(word)
    }
    words |= {
        spelling.written
        for spelling in spellings(pieces)
        if spelling.written.isalpha()
        and len(spelling.written) >= SHORTEST_WORD
        and not ordinary(spelling.written)
    }
    return Known(frozenset(digits), frozenset(words))


def find(text: str, known: Known | None = None, before: str = "") -> list[Span]:
    """The values of a text, none overlapping, in order.

    `known` is what the call has shown to be personal; `before` is what was said just before, so
    that a number begun there is known when it goes on here.
    """
    return [] if calm(text) else found_in(text, before, known)


def found_in(text: str, before: str = "", known: Known | None = None) -> list[Span]:
    """The same with every rule tried."""
    lead = f"{before}\n" if before else ""
    known = known or Known()
    found: list[Span] = []
    rest = _Shown(text)
    while True:
        shown = rest.text
        spans = _once(lead + shown, known)
        spans = [
            Span(max(0, span.start - len(lead)), span.end - len(lead), span.label)
            for span in spans
            if span.end > len(lead)
        ]
        if not spans:
            return sorted(found, key=lambda span: span.start)
        originals = [rest.original(span) for span in spans]
        known = known.with_values(text[span.start : span.end] for span in originals)
        found += originals
        rest = rest.covered(spans)


_COVER: Final = "[NAME_1]"


class _Shown:
    """A text with what is found already covered, and where each part comes from."""

    def __init__(self, text: str, parts: Sequence[tuple[int, int, int]] | None = None) -> None:
        self.text = text
        # Parts that are as they were: start here, start in the original, length.
        self._parts = parts if parts is not None else ((0, 0, len(text)),)

    def original(self, span: Span) -> Span:
        for here, there, length in self._parts:
            if here <= span.start and span.end <= here + length:
                moved = there - here
                return Span(span.start + moved, span.end + moved, span.label)
        raise AssertionError("a span lies within one part, as tokens are never found")

    def covered(self, spans: Sequence[Span]) -> "_Shown":
        made: list[str] = []
        parts: list[tuple[int, int, int]] = []
        length = at = 0
        for start, end in [*((span.start, span.end) for span in spans), (len(self.text),) * 2]:
            for here, there, size in self._parts:
                low, high = max(at, here), min(start, here + size)
                if low < high:
                    parts.append((length + low - at, there + low - here, high - low))
            made.append(self.text[at:start])
            length += start - at
            if end > start:
                made.append(_COVER)
                length += len(_COVER)
            at = end
        return _Shown("".join(made), parts)


def _once(text: str, known: Known) -> list[Span]:
    pieces = cut(text)
    words = {piece.text for piece in pieces}
    figures = any(piece.sort == "figure" for piece in pieces)
    runs = runs_of(pieces) if figures or not words.isdisjoint(MAY_START) else []
    cased = sum(piece.capital for piece in pieces) * 25 > len(pieces)
    chains = chains_of(pieces, runs)
    said = spellings(pieces) if figures or not words.isdisjoint(MAY_SPELL) else []
    spans: list[Span] = []
    if "@" in text or not words.isdisjoint(MAIL_ENDINGS):
        spans += email_spans(text, pieces)
    if figures:
        spans += plate_spans(pieces)
    if said:
        spans += spelling_spans(pieces, said)
    if not words.isdisjoint(MONTHS):
        spans += date_spans(pieces, runs)
    if runs:
        spans += number_spans(pieces, chains)
    if runs or not words.isdisjoint(MAY_PLACE):
        spans += address_spans(pieces, runs)
    spans += name_spans(pieces, cased=cased)
    if known.words or known.digits:
        spans += _again(pieces, chains, said, known)
    return apart(_outside_tokens(pieces, spans)) if spans else []


def _outside_tokens(pieces: Sequence[Piece], spans: Sequence[Span]) -> list[Span]:
    """No span reaches over a token."""
    tokens = [piece for piece in pieces if piece.sort == "token"]
    if not tokens:
        return list(spans)
    kept: list[Span] = []
    for span in spans:
        start = span.start
        for token in tokens:
            if token.start < span.end and start < token.end:
                if token.start > start:
                    kept.append(Span(start, token.start, span.label))
                start = token.end
        if start < span.end:
            kept.append(Span(start, span.end, span.label))
    return kept


def apart(spans: Sequence[Span]) -> list[Span]:
    """Spans that overlap become one, of the kind that ranks first; empty ones go."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end <= span.start:
            continue
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            label = last.label if _RANK.index(last.label) <= _RANK.index(span.label) else span.label
            merged[-1] = Span(last.start, max(last.end, span.end), label)
        else:
            merged.append(span)
    return merged


def _again(
    pieces: Sequence[Piece], chains: Sequence[Chain], said: Sequence[Spelling], known: Known
) -> list[Span]:
    """What is known, said again: in figures, in words, spelled, in other case."""
    spans: list[Span] = []
    if known.words:
        spans += [
            Span(piece.start, piece.end, "NAME")
            for piece in pieces
            if piece.sort == "word" and piece.text.removesuffix("'s") in known.words
        ]
        spans += [
            Span(pieces[each.first].start, pieces[each.last].end, "NAME")
            for each in said
            if any(word in each.written for word in known.words)
        ]
    if known.digits:
        for chain in chains:
            for run in chain.runs:
                if any(digits in run.digits for digits in known.digits):
                    spans.append(
                        Span(pieces[run.first].start, pieces[run.last].end, "ADDRESS_FRAGMENT")
                    )
            if len(chain.runs) > 1 and any(digits in chain.digits for digits in known.digits):
                first, last = pieces[chain.runs[0].first], pieces[chain.runs[-1].last]
                spans.append(Span(first.start, last.end, "ADDRESS_FRAGMENT"))
    return spans
