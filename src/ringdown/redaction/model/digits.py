"""Digits however they are said: figures, digit words, groups, "oh", "double five". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.redaction.model.pieces import Piece, text_at
from ringdown.spoken.vocabulary import REPEATS, TEENS, TENS, TURNING, UNITS, ZEROS, word_set

FILLING: Final = word_set(
    "um uh er ah and then dash hyphen no sorry wait i mean meant correction actually rather make "
    "that it's its okay ok yes yeah yep right correct area code scratch excuse me dot like so "
    "mhm mm hmm huh got it go ahead is was not"
)
"""Words that may stand between the parts of a number."""

_SMALL: Final = {**UNITS, **TEENS}
_JOINED: Final = re.compile(r"[\s,\u2010-\u2015()/+#*-]*(?:\.{2,}|\u2026)?\s*|\.")
MOST_FILLING: Final = 4
HARMLESS: Final = frozenset(["911", "988"])
"""The numbers that everybody calls."""


@dataclass(frozen=True, slots=True)
class Run:
    """Digits said in one breath: pieces `first` … `last`."""

    first: int
    last: int
    digits: str
    figures: bool
    """Whether it is written in figures throughout."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Runs with nothing but filling words between them."""

    runs: tuple[Run, ...]

    @property
    def digits(self) -> str:
        """All of them."""
        return "".join(run.digits for run in self.runs)


def runs_of(pieces: Sequence[Piece]) -> list[Run]:
    """Every run of digits, in order."""
    found: list[Run] = []
    at = 0
    while at < len(pieces):
        if pieces[at].sort == "word" and pieces[at].text not in MAY_START:
            at += 1
            continue
        run = _run(pieces, at)
        if run is None:
            at += 1
        else:
            found.append(run)
            at = run.last + 1
    return found


def chains_of(pieces: Sequence[Piece], runs: Sequence[Run]) -> list[Chain]:
    """Runs put together that belong to one another."""
    chains: list[list[Run]] = []
    for run in runs:
        before = chains[-1][-1] if chains else None
        if before is not None and _linked(pieces, before.last, run.first):
            chains[-1].append(run)
        else:
            chains.append([run])
    return [Chain(tuple(chain)) for chain in chains]


def _linked(pieces: Sequence[Piece], last: int, first: int) -> bool:
    between = pieces[last + 1 : first]
    return len(between) <= MOST_FILLING and all(piece.text in FILLING for piece in between)


def _run(pieces: Sequence[Piece], at: int) -> Run | None:
    digits, index = "", at
    while index < len(pieces):
        if index > at and not joined(pieces[index].gap):
            break
        said = number_at(pieces, index, started=bool(digits))
        if said is None:
            break
        digits += said[0]
        index = said[1]
    if not digits:
        return None
    figures = all(piece.sort == "figure" for piece in pieces[at:index])
    return Run(at, index - 1, digits, figures)


def joined(gap: str) -> bool:
    """Whether a gap lets a number go on."""
    return _JOINED.fullmatch(gap) is not None


def number_at(pieces: Sequence[Piece], at: int, *, started: bool) -> tuple[str, int] | None:
    """The digits that begin at piece `at`, and the piece after them."""
    piece = pieces[at]
    if piece.sort == "token":
        return None
    if piece.sort == "figure":
        scale = text_at(pieces, at + 1)
        if len(piece.text) <= 2 and scale in {"hundred", "thousand"} and _near(pieces, at + 1):
            return _scaled(pieces, int(piece.text), at + 1)
        return piece.text, at + 1
    text = piece.text
    if text in ZEROS:
        if text in {"zero", "nought"}:
            return "0", at + 1
        ended = at + 1 < len(pieces) and any(mark in pieces[at + 1].gap for mark in ".?!,")
        if started and (ended or text_at(pieces, at + 1) not in TURNING):
            return "0", at + 1
        digit = at + 1 < len(pieces) and joined(pieces[at + 1].gap) and is_digit(pieces[at + 1])
        return ("0", at + 1) if digit and "," not in pieces[at + 1].gap else None
    if text in REPEATS:
        nxt = at + 1
        if nxt < len(pieces) and joined(pieces[nxt].gap) and is_digit(pieces[nxt]):
            return single(pieces[nxt]) * REPEATS[text], nxt + 1
        return None
    below = _below_hundred(pieces, at)
    return None if below is None else _scaled(pieces, *below)


MAY_START: Final = frozenset(_SMALL) | frozenset(TENS) | ZEROS | frozenset(REPEATS)
"""Without a figure and without one of these words there is no number."""


def is_digit(piece: Piece) -> bool:
    """Whether a piece is one digit or a row of figures."""
    return (piece.sort == "figure") or piece.text in UNITS or piece.text in ZEROS


def single(piece: Piece) -> str:
    """The digit a piece stands for."""
    if piece.sort == "figure":
        return piece.text
    return "0" if piece.text in ZEROS else str(UNITS[piece.text])


def _near(pieces: Sequence[Piece], at: int) -> bool:
    return at < len(pieces) and pieces[at].gap in {" ", "-"}


def _below_hundred(pieces: Sequence[Piece], at: int) -> tuple[int, int] | None:
    text = text_at(pieces, at)
    if text in TENS:
        nxt = text_at(pieces, at + 1)
        if nxt in UNITS and _near(pieces, at + 1):
            return TENS[text] + UNITS[nxt], at + 2
        return TENS[text], at + 1
    return (_SMALL[text], at + 1) if text in _SMALL else None


def _scaled(pieces: Sequence[Piece], value: int, at: int) -> tuple[str, int]:
    """What "hundred" and "thousand" and the rest after them make of a number."""
    for name, size in (("thousand", 1000), ("hundred", 100)):
        if text_at(pieces, at) != name or not _near(pieces, at):
            continue
        value, at = value * size, at + 1
        nxt = at + 1 if text_at(pieces, at) == "and" and _near(pieces, at) else at
        rest = _below_hundred(pieces, nxt) if _near(pieces, nxt) else None
        if rest is None:
            continue
        more, end = rest
        if size == 1000 and text_at(pieces, end) == "hundred" and more < 10:
            said, end = _scaled(pieces, more, end)
            more = int(said)
        return str(value + more), end
    return str(value), at
