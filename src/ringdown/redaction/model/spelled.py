"""Spelled names, plates, dates of birth, and addresses of electronic mail. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.redaction.model.cues import CUES, cue_before
from ringdown.redaction.model.digits import Run, number_at
from ringdown.redaction.model.pieces import Label, Piece, Span, text_at
from ringdown.spoken.vocabulary import (
    LETTERS,
    MONTHS,
    NATO,
    NUMBER_WORDS,
    ORDINALS,
    POLICE,
    word_set,
)

_WRITTEN: Final = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_SPELLS: Final = re.compile(r"[\s,\u2010-\u2015-]*(?:\.\s?|\?\s|\.{3}\s?)?|\.{3} ?")
MAIL_ENDINGS: Final = word_set("com org net edu gov us mil")
_MARKS: Final = word_set("dot underscore dash hyphen period")
_ACRONYMS: Final = word_set(
    "ems cpr aed emt ok tv id dui dwi suv atm gps usa us cad er icu iv hiv copd ptsd fbi dea atf "
    "dmv aa pm am cctv abc asap eta apb dob ssn mva mvc bls als ekg ecg bp gsw dv"
)
_SHORTEST_SPELLING: Final = 3
_BEGINS: Final = (
    frozenset(NATO) | frozenset(POLICE) | NUMBER_WORDS | {"zee", "zed", "double", "capital"}
)
"""Longer words that a spelling or a plate may begin with."""
MAY_SPELL: Final = _BEGINS | frozenset(LETTERS)
"""Without a figure and without one of these nothing is spelled."""
_YEAR: Final = re.compile(r"(18|19|20)[0-9]{2}")
_WEEKDAYS: Final = word_set("monday tuesday wednesday thursday friday saturday sunday")
_BIRTH_REACH: Final = 30


@dataclass(frozen=True, slots=True)
class Spelling:
    """Letters and digits said one by one: pieces `first` … `last`."""

    first: int
    last: int
    written: str


def email_spans(text: str, pieces: Sequence[Piece]) -> Iterator[Span]:
    """Addresses of electronic mail, written and said."""
    if "@" in text:
        for match in _WRITTEN.finditer(text):
            yield Span(match.start(), match.end(), "EMAIL")
    for at, piece in enumerate(pieces):
        if piece.text not in MAIL_ENDINGS or text_at(pieces, at - 1) not in {"dot", "period"}:
            continue
        middle = next((i for i in range(at - 2, max(-1, at - 10), -1) if pieces[i].text == "at"), 0)
        if not middle:
            continue
        first = _local_part(pieces, middle)
        yield Span(pieces[first].start, piece.end, "EMAIL")


def _local_part(pieces: Sequence[Piece], at: int) -> int:
    """The first piece of what stands before "at"."""
    index = at - 1
    while index > 0 and at - index < 30:
        piece, before = pieces[index], pieces[index - 1]
        if before.sort == "token" or any(mark in piece.gap for mark in "?!\n"):
            break
        small = _part(pieces, index)
        joined = piece.text in _MARKS or before.text in _MARKS
        if not joined and not (small and (_part(pieces, index - 1) or _word(before))):
            break
        index -= 1
    return index


def _part(pieces: Sequence[Piece], at: int) -> bool:
    piece = pieces[at]
    return piece.text in LETTERS or number_at(pieces, at, started=True) is not None


def _word(piece: Piece) -> bool:
    return piece.sort == "word" and piece.text not in {"is", "it's", "address", "email", "at", "s"}


def spellings(pieces: Sequence[Piece]) -> list[Spelling]:
    """Letters, with or without digits, said or written one by one."""
    found: list[Spelling] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.sort == "word" and len(piece.raw) > 1 and piece.text not in _BEGINS:
            at += 1
            continue
        spelling = _spelling(pieces, at)
        if spelling is None:
            at += 1
        else:
            found.append(spelling)
            at = spelling.last + 1
    return found


def _spelling(pieces: Sequence[Piece], at: int) -> Spelling | None:
    items: list[tuple[int, int, str]] = []
    index = at
    while index < len(pieces):
        if index > at and not _SPELLS.fullmatch(pieces[index].gap):
            break
        item = _item(pieces, index, started=bool(items))
        if item is None:
            break
        items.append((index, item[0], item[1]))
        index = item[0]
    while items and _speaks(pieces[items[-1][0]]):
        items.pop()
    while items and _speaks(pieces[items[0][0]]) and " " in _gap_after(pieces, items[0][1]):
        if len(items) > 2 and pieces[items[0][0]].text != "o" and items[1][2].isalpha():
            break
        items.pop(0)
    if not items:
        return None
    return Spelling(items[0][0], items[-1][1] - 1, "".join(item[2] for item in items))


def _gap_after(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at].gap if at < len(pieces) else " "


def _speaks(piece: Piece) -> bool:
    """Whether a letter is rather the word "a" or "I"."""
    return piece.raw in {"a", "I", "i", "o", "O"} and "-" not in piece.gap


def _item(pieces: Sequence[Piece], at: int, *, started: bool) -> tuple[int, str] | None:
    piece = pieces[at]
    if piece.sort == "token":
        return None
    text = piece.text
    if text == "double" and text_at(pieces, at + 1) in {"u", "you"}:
        return at + 2, "w"
    if text in {"double", "capital"} and text_at(pieces, at + 1) in LETTERS:
        return at + 2, text_at(pieces, at + 1) * (2 if text == "double" else 1)
    if text in LETTERS:
        after = [text_at(pieces, at + step) for step in (1, 2, 3)]
        if after[:2] == ["as", "in"] and after[2].startswith(text):
            return at + 4, text
        if after[0] in {"like", "for"} and after[1].startswith(text) and len(after[1]) > 1:
            return (at + 3, text) if after[1] in NATO or after[1] in POLICE else (at + 1, text)
        return at + 1, text
    if text in NATO:
        return at + 1, NATO[text].lower()
    if text in POLICE:
        return at + 1, POLICE[text].lower()
    if text in {"zee", "zed"}:
        return at + 1, "z"
    digits = number_at(pieces, at, started=started)
    return None if digits is None else (digits[1], digits[0])


def spelling_spans(pieces: Sequence[Piece], found: Sequence[Spelling]) -> Iterator[Span]:
    """Names that are spelled, and plates."""
    for spelling in found:
        label = _sort(pieces, spelling)
        if label is not None:
            yield Span(pieces[spelling.first].start, pieces[spelling.last].end, label)


def _sort(pieces: Sequence[Piece], spelling: Spelling) -> Label | None:
    row = pieces[spelling.first : spelling.last + 1]
    letters = sum(c.isalpha() for c in spelling.written)
    digits = len(spelling.written) - letters
    if not letters or spelling.written in _ACRONYMS:
        return None
    single = sum(len(piece.text) == 1 and piece.sort == "word" for piece in row)
    nato = sum(piece.text in NATO for piece in row)
    cue = cue_before(pieces, spelling.first)
    if cue in {"PLATE", "POLICY", "MEDICAL_RECORD", "ACCOUNT"} and len(spelling.written) >= 2:
        return cue if single + nato + digits >= 2 else None
    if cue is None and text_at(pieces, spelling.first - 1) == "license" and digits:
        return "PLATE"
    if single + nato < 2 or (cue is None and spelling.written.removeprefix("a") in _ACRONYMS):
        return None
    dotted = {piece.gap for piece in row[1:]} <= {".", ""}
    if dotted and cue is None and letters <= 4:
        return None
    if digits:
        return "PLATE" if letters >= 2 and len(spelling.written) >= 5 else None
    if single + nato >= _SHORTEST_SPELLING:
        return "ADDRESS" if cue == "ADDRESS_FRAGMENT" else "NAME"
    return None


def plate_spans(pieces: Sequence[Piece]) -> Iterator[Span]:
    """Letters and figures written as one, such as 7ABC123, after a word that says what it is."""
    at = 0
    while at < len(pieces):
        last = at
        while (
            last + 1 < len(pieces)
            and pieces[last + 1].gap in {"", "-"}
            and _glued(pieces[last + 1])
        ):
            last += 1
        row = pieces[at : last + 1]
        sorts = {piece.sort for piece in row}
        if last > at and sorts == {"word", "figure"} and _glued(row[0]):
            size = sum(len(piece.raw) for piece in row)
            cue = cue_before(pieces, at)
            capital = all(piece.raw.isupper() for piece in row if piece.sort == "word")
            if cue in {"PLATE", "POLICY", "MEDICAL_RECORD", "ACCOUNT"} and size >= 4:
                yield Span(row[0].start, row[-1].end, cue)
            elif capital and size >= 6:
                yield Span(row[0].start, row[-1].end, "PLATE")
        at = last + 1


def _glued(piece: Piece) -> bool:
    return piece.sort == "figure" or (piece.sort == "word" and len(piece.raw) <= 4)


def date_spans(pieces: Sequence[Piece], runs: Sequence[Run]) -> Iterator[Span]:
    """Days of birth: where a birth is spoken of, or with the year."""
    starting = {run.first: run for run in runs}
    for at, piece in enumerate(pieces):
        if piece.text not in MONTHS:
            continue
        birth = any(
            CUES.get(p.text) == "DATE_OF_BIRTH" for p in pieces[max(0, at - _BIRTH_REACH) : at]
        )
        last = _day(pieces, at, starting)
        if last is None:
            continue
        year = _year(last, starting)
        dated = text_at(pieces, at - 1) in _WEEKDAYS
        if birth or (year is not None and not dated):
            first = at
            if text_at(pieces, at - 1) == "of" and text_at(pieces, at - 2) in ORDINALS:
                first = at - 3 if text_at(pieces, at - 3) in {"twenty", "thirty"} else at - 2
            yield Span(pieces[first].start, pieces[year or last].end, "DATE_OF_BIRTH")


def _day(pieces: Sequence[Piece], at: int, starting: dict[int, Run]) -> int | None:
    index = at + 2 if text_at(pieces, at + 1) == "the" else at + 1
    if text_at(pieces, at - 1) == "of" and text_at(pieces, at - 2) in ORDINALS:
        return at
    text = text_at(pieces, index)
    if text in ORDINALS:
        return index
    if text in {"twenty", "thirty"} and text_at(pieces, index + 1) in ORDINALS:
        return index + 1
    run = starting.get(index)
    if run is None:
        return None
    after = run.last + 1
    ended = text_at(pieces, after) in {"st", "nd", "rd", "th"} and not pieces[after].gap
    return after if ended else run.last


def _year(last: int, starting: dict[int, Run]) -> int | None:
    for step in range(1, 5):
        run = starting.get(last + step)
        if run is not None:
            plausible = _YEAR.fullmatch(run.digits) or (step == 1 and len(run.digits) == 2)
            return run.last if plausible else None
    return None
