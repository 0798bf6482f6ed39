"""Licence plates in a line, as the reader of spoken numbers hears them. Never certain. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.asking import asks_plate
from ringdown.incidents.adapters.rules.dialogue import affirms, denies, opening
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.ports import Evidence
from ringdown.spoken.numbers import SpokenNumber, find_numbers

_CUES: Final = re.compile(r"\b(?:plates?|tags?|licen[sc]e)\b")
_READ: Final = frozenset(["plate", "serial", "spelling", "corrected", "unit"])
_DIGITS: Final = frozenset(["digits", "number", "phone"])
_PART: Final = re.compile(
    r"\b(partial|starts? with|begins? with|starting with|beginning with|first (?:\w+ )?"
    r"(?:letters?|numbers?|digits?|part)|ends? in|ends? with|ending in|last (?:\w+ )?(?:letters?|"
    r"numbers?|digits?|are|is)|all i (?:got|saw)|only (?:got|saw|caught)|something like)\b"
)
_SHORTEST: Final = 2
_WHOLE: Final = 4
_LONGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as read, with the tokens of this line it ends at."""

    written: str
    part: bool
    strength: float
    first: int
    evidence: tuple[Evidence, ...]
    confidence: float
    reason: str


def plates_in(line: Line, before: Sequence[Line]) -> list[Plate]:
    """The plates that `line` gives, given the lines before it."""
    if line.side != CALLER:
        return []
    said = _said(line)
    cue = bool(_CUES.search(said))
    cue = cue or (denies(line) and any(_CUES.search(_said(each)) for each in before[-4:]))
    asked = next((at for at in range(1, min(5, len(before) + 1)) if asks_plate(before[-at])), None)
    found: list[Plate] = []
    if cue or asked:
        found = [
            _made(line, read, said, "letters and digits of a plate")
            for read in find_numbers(line.words)
            if _is_plate(read, cue=cue, asked=bool(asked) or denies(line), said=said)
        ]
    if asked and asked > 1:
        found = _joined(line, before[-asked + 1 :]) or found
    if before and before[-1].side == CALL_TAKER and affirms(line):
        found += _affirmed(line, before[-1])
    return found


def _is_plate(read: SpokenNumber, *, cue: bool, asked: bool, said: str) -> bool:
    written = _tidy(read.written)
    if not _SHORTEST <= len(written) <= _LONGEST:
        return False
    part = bool(_PART.search(said))
    if read.kind == "plate":
        return len(written) > _SHORTEST or part
    if read.kind in _READ:
        return asked and (len(written) >= _WHOLE or part)
    return (asked or cue) and read.kind in _DIGITS and (part or (asked and len(written) >= _WHOLE))


def _said(line: Line) -> str:
    return " ".join(token.text for token in line.tokens)


def _tidy(written: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", written.upper())


def _made(line: Line, read: SpokenNumber, said: str, reason: str) -> Plate:
    first, last = _tokens(line, read.first, read.last)
    written = _tidy(read.written)
    part = bool(_PART.search(said)) or len(written) < _WHOLE
    strength = 0.55 if part else 0.7
    sure = strength * line.sureness(first, last)
    return Plate(written, part, strength, first, (line.evidence(first, last),), sure, reason)


def _tokens(line: Line, first: int, last: int) -> tuple[int, int]:
    """The tokens of the words `first` … `last`."""
    inside = [at for at, token in enumerate(line.tokens) if first <= token.word <= last]
    return (inside[0], inside[-1]) if inside else (0, len(line.tokens) - 1)


def _joined(line: Line, since: Sequence[Line]) -> list[Plate]:
    """As in "alpha bravo charlie", "okay", "one two three four"."""
    callers = [each for each in since if each.side == CALLER and each.tokens]
    if not callers or any(len(each.tokens) > 3 for each in since if each.side == CALL_TAKER):
        return []
    earlier = callers[-1]
    cut = len(earlier.words)
    for read in find_numbers((*earlier.words, *line.words)):
        if not read.first < cut <= read.last:
            continue
        written = _tidy(read.written)
        if not _WHOLE <= len(written) <= _LONGEST or written.isalpha():
            continue
        one = _tokens(earlier, read.first, cut - 1)
        two = _tokens(line, 0, read.last - cut)
        sure = 0.6 * min(earlier.sureness(*one), line.sureness(*two))
        evidence = (earlier.evidence(*one), line.evidence(*two))
        return [Plate(written, False, 0.6, two[0], evidence, sure, "a plate said in two parts")]
    return []


def _affirmed(line: Line, taker: Line) -> list[Plate]:
    said = _said(taker)
    word = next((i for i, token in enumerate(line.tokens) if token.text == opening(line)), 0)
    made: list[Plate] = []
    for read in find_numbers(taker.words):
        written = _tidy(read.written)
        mixed = not written.isalpha() and not written.isdecimal()
        if read.kind not in _READ or not _WHOLE <= len(written) <= _LONGEST:
            continue
        if not (_CUES.search(said) or mixed):
            continue
        first, last = _tokens(taker, read.first, read.last)
        sure = 0.75 * min(taker.sureness(first, last), line.sureness(word, word))
        evidence = (taker.evidence(first, last), line.evidence(word, word))
        reason = "a plate read back by the call-taker, the caller said yes"
        made.append(Plate(written, False, 0.75, word, evidence, sure, reason))
    return made
