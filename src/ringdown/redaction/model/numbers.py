"""Which runs of digits say who or where somebody is. Pure."""
# ruff: noqa: E501 - word lists

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ringdown.redaction.model.common import PROPER
from ringdown.redaction.model.cues import COUNTED_AFTER, cue_before
from ringdown.redaction.model.digits import HARMLESS, Chain, Run
from ringdown.redaction.model.pieces import Label, Piece, Span, text_at
from ringdown.spoken.vocabulary import MONTHS, word_set

_YEAR: Final = re.compile(r"(19[0-9]|20[0-4])[0-9]")
_UNIT_LETTERS: Final = re.compile(
    r"(?!st$|nd$|rd$|th$|am$|pm$|mg$|ml$|ft$|mm$|cm$|lb$|kg$|s$|k$)[a-z]{1,2}"
)
_SURE: Final[frozenset[Label]] = frozenset(
    ["SSN", "CARD", "ACCOUNT", "POLICY", "MEDICAL_RECORD", "PLATE"]
)
_UNIT_CUES: Final = frozenset(
    ["apartment", "apt", "unit", "suite", "lot", "trailer", "room", "building", "number"]
)
_ROAD_CUES: Final = frozenset(["highway", "hwy", "route", "rte", "interstate", "exit", "marker"])
_NUMBERED: Final = word_set(
    "operator dispatcher engine medic squad ladder truck car flight channel badge case incident tac rescue battalion precinct district station code section level grade version page chapter psalm unit"
)
"""What bears a number that says nothing about a caller."""
_BEFORE_YEAR: Final = frozenset(["in", "since", "year", "model", "a", "an", "of", "his", "her"])
_IDIOMS: Final = frozenset(
    ["24/7", "twenty four seven", "10-4", "ten four", "50/50", "fifty fifty", "fifty-fifty"]
)
_GIVES: Final = frozenset(["at", "is", "it's", "number", "address", "that's"])
_SHORTEST: Final = 3
_PHONE: Final = 7
_PHONE_SIZES: Final = (7, 10, 11)
_LONGEST_PHONE: Final = 11


def number_spans(pieces: Sequence[Piece], chains: Sequence[Chain]) -> Iterator[Span]:
    """A span for each run, or for a whole chain that is one number."""
    for chain in chains:
        cue = cue_before(pieces, chain.runs[0].first)
        phone = cue == "PHONE" and len(chain.digits) in _PHONE_SIZES
        runs = [run for run in chain.runs if phone or not _harmless(pieces, run)]
        if not runs:
            continue
        digits = "".join(run.digits for run in runs)
        whole = _whole(digits, cue, count=len(runs))
        if whole is not None and not _counts_up(pieces, runs):
            yield Span(_start(pieces, runs[0], whole), _end(pieces, runs[-1]), whole)
            continue
        for run in runs:
            label = _label(pieces, run, chain, cue)
            if label is not None:
                yield Span(_start(pieces, run, label), _end(pieces, run), label)


def _whole(digits: str, cue: Label | None, *, count: int) -> Label | None:
    """What a chain is if it is one number said in parts."""
    size = len(digits)
    if cue in _SURE and cue != "PLATE" and size >= _SHORTEST and (count == 1 or size <= 19):
        return cue
    if count == 1:
        return None
    if _PHONE <= size <= _LONGEST_PHONE or (cue == "PHONE" and _SHORTEST <= size <= 14):
        return "DATE_OF_BIRTH" if cue == "DATE_OF_BIRTH" and size <= 8 else "PHONE"
    return None


def _label(pieces: Sequence[Piece], run: Run, chain: Chain, cue: Label | None) -> Label | None:
    size = len(run.digits)
    before = text_at(pieces, run.first - 1)
    if before in _ROAD_CUES or (before == "i" and pieces[run.first].gap == "-"):
        return "ADDRESS_FRAGMENT"
    if before in _UNIT_CUES and (before != "number" or cue == "ADDRESS_FRAGMENT"):
        return "ADDRESS_FRAGMENT"
    if cue in _SURE and size >= 2:
        return cue
    if cue == "DATE_OF_BIRTH" and not _counted(pieces, run) and (size >= 2 or len(chain.runs) > 1):
        return cue
    if size >= _PHONE:
        return _long(size, cue)
    if cue == "PHONE" and (size >= 2 or len(chain.digits) >= _SHORTEST):
        return None if _counted(pieces, run) else "PHONE"
    if _lettered(pieces, run) and size >= 2:
        return "ADDRESS_FRAGMENT"
    if size < _SHORTEST or _counted(pieces, run) or _counts_up(pieces, [run]):
        return None
    if before in _NUMBERED or before in MONTHS:
        return None
    if _YEAR.fullmatch(run.digits) and _is_year(pieces, run):
        return None
    return "ADDRESS_FRAGMENT"


def _long(size: int, cue: Label | None) -> Label:
    if cue in _SURE:
        return cue
    if size == 9 and cue != "PHONE":
        return "SSN"
    if 13 <= size <= 19 and cue != "PHONE":
        return "CARD"
    return "PHONE"


def _start(pieces: Sequence[Piece], run: Run, label: Label) -> int:
    """With the letters that a policy or a record begins with: "QX 445"."""
    before = pieces[run.first - 1] if run.first else None
    letters = before is not None and before.sort == "word" and before.raw.isupper()
    if label in _SURE and before is not None and letters and len(before.raw) <= 4:
        return before.start if before.raw != "I" else pieces[run.first].start
    return pieces[run.first].start


def _end(pieces: Sequence[Piece], run: Run) -> int:
    return pieces[run.last + 1].end if _lettered(pieces, run) else pieces[run.last].end


def _lettered(pieces: Sequence[Piece], run: Run) -> bool:
    """Whether a letter is written on to the number: "118C"."""
    after = run.last + 1
    return (
        after < len(pieces)
        and not pieces[after].gap
        and _UNIT_LETTERS.fullmatch(text_at(pieces, after)) is not None
    )


def _counted(pieces: Sequence[Piece], run: Run) -> bool:
    """Whether the number counts, measures, costs or tells the time."""
    first, after = pieces[run.first], run.last + 1
    if first.gap.endswith("$"):
        return True
    if after >= len(pieces):
        return False
    gap = pieces[after].gap
    if gap.startswith(("%", "\u00b0", "'", '"')):
        return True
    if ":" in gap and pieces[after].sort == "figure":
        return True
    if first.gap == ":" and run.first and pieces[run.first - 1].sort == "figure":
        return True
    decimal = run.figures and len(run.digits) <= _SHORTEST and "." in _inner(pieces, run)
    return decimal or (gap in {" ", "-", ""} and text_at(pieces, after) in COUNTED_AFTER)


def _inner(pieces: Sequence[Piece], run: Run) -> str:
    return "".join(piece.gap for piece in pieces[run.first + 1 : run.last + 1])


def _harmless(pieces: Sequence[Piece], run: Run) -> bool:
    """911, 24/7 and the like."""
    if run.digits in HARMLESS:
        return True
    first, *rest = pieces[run.first : run.last + 1]
    return first.text + "".join(piece.gap + piece.text for piece in rest) in _IDIOMS


def _counts_up(pieces: Sequence[Piece], runs: Sequence[Run]) -> bool:
    """One, two, three, four: somebody counts, unless they are saying where they are."""
    if text_at(pieces, runs[0].first - 1) in _GIVES:
        return False
    said = [piece.text for run in runs for piece in pieces[run.first : run.last + 1]]
    digits = "".join(run.digits for run in runs)
    return len(said) == len(digits) and digits in "123456789" and digits.startswith("12")


def _is_year(pieces: Sequence[Piece], run: Run) -> bool:
    after = run.last + 1
    if text_at(pieces, run.first - 1) in _BEFORE_YEAR and run.figures:
        return True
    return after < len(pieces) and pieces[after].capital and text_at(pieces, after) in PROPER
