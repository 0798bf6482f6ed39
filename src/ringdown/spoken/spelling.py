"""Plates, serial numbers, spelled names and units: letters with or without digits. Pure.

The police alphabet is made of names, so its words count as letters only beside digits, other
spelled letters, or a word such as "plate".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.spoken.groups import follows, group, run, text_at
from ringdown.spoken.pieces import FULL_STOP, Piece
from ringdown.spoken.reading import Reading, cued, label_before
from ringdown.spoken.vocabulary import HOMOPHONES, LETTERS, NATO, POLICE, ZEROS, word_set

PLATE_CUES: Final = word_set("plate plates tag tags license licence registration")
SPELL_CUES: Final = word_set("spell spelled spelling spells letter letters vin serial initials")
_NOT_UNITS: Final = frozenset("aeinoswmu")
_LIKE: Final = frozenset(["like", "for", "is"])
_LONGEST: Final = 20
_UNIT_FIGURE: Final = re.compile(r"[0-9]{1,5}[a-z]{1,2}|[a-z]{1,2}[0-9]{1,5}")
_NO_LETTERS: Final = word_set("NE NW SE SW AM PM ST ND RD TH")
"""Letters that after digits are a side of town, half of a day or an ending."""


@dataclass(frozen=True, slots=True)
class _Item:
    written: str
    end: int
    sort: str
    """letter, nato, police, sure ("b as in boy"), or digits."""


def read_spelling(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Letters and digits said one after another, as on a plate."""
    items = _items(pieces, at)
    if not items:
        return None
    sorts = [item.sort for item in items]
    letters = sum(sort != "digits" for sort in sorts)
    cue = cued(pieces, at, PLATE_CUES | SPELL_CUES)
    if not _believable(items, sorts, letters, cue=cue):
        return None
    written = _joined(items)
    others = _others(items)
    end = items[-1].end
    if not any(c.isdigit() for c in written):
        kind = "plate" if cued(pieces, at, PLATE_CUES) else "spelling"
        return Reading(end, kind, written, others)
    kind = "plate" if cued(pieces, at, PLATE_CUES) else "serial"
    return Reading(end, kind, written, others)


def _believable(items: Sequence[_Item], sorts: Sequence[str], letters: int, *, cue: bool) -> bool:
    if not letters:
        return False
    if "sure" in sorts or (cue and (letters >= 2 or (letters and len(items) > letters))):
        return True
    if "".join(item.written for item in items if item.sort != "digits") in _NO_LETTERS:
        return False
    plain, nato = sorts.count("letter"), sorts.count("nato")
    if plain >= 3 or (nato >= 2 and len(items) >= 3):
        return True
    return letters >= 2 and letters < len(items) and len(items) >= 3


def _items(pieces: Sequence[Piece], at: int) -> list[_Item]:
    items: list[_Item] = []
    index = at
    while index < len(pieces) and len(items) < _LONGEST:
        if items and pieces[index - 1].pause == FULL_STOP:
            break
        item = _item(pieces, index, items)
        if item is None:
            break
        items.append(item)
        index = item.end
    while (
        items and items[-1].written in {"A", "I"} and items[-1].sort == "letter" and _speaks(items)
    ):
        items.pop()
    return items


def _speaks(items: Sequence[_Item]) -> bool:
    """Whether the last letter is rather the word "a" or "I": it follows digits."""
    return len(items) == 1 or items[-2].sort == "digits"


def _item(pieces: Sequence[Piece], at: int, items: Sequence[_Item]) -> _Item | None:
    text = pieces[at].text
    if text in LETTERS:
        if text in "ap" and items and items[-1].sort == "digits" and follows(pieces, at + 1, "m"):
            return None
        sure = _as_in(pieces, at)
        if sure:
            return sure
        if text != "o" or not items or items[-1].sort != "digits":
            return _Item(text.upper(), at + 1, "letter")
    if text == "double" and text_at(pieces, at + 1) in {"u", "you"} and not pieces[at].pause:
        return _Item("W", at + 2, "letter")
    if text == "double" and text_at(pieces, at + 1) in LETTERS and items and not pieces[at].pause:
        return _Item(text_at(pieces, at + 1).upper() * 2, at + 2, "letter")
    if text in NATO:
        return _Item(NATO[text], at + 1, "nato")
    if text in POLICE:
        return _Item(POLICE[text], at + 1, "police")
    if text in {"zee", "zed"}:
        return _Item("Z", at + 1, "letter")
    if text in ZEROS:
        return _Item("0", at + 1, "digits") if items else None
    if re.fullmatch(r"[a-z]{1,3}[0-9]{1,4}|[0-9]{1,4}[a-z]{1,3}", text) and items:
        return _Item(text.upper(), at + 1, "digits")
    if re.fullmatch(r"[A-Z]{2,3}", pieces[at].raw) and _plate_row(pieces, at, items):
        return _Item(pieces[at].raw, at + 1, "letter")
    digits = group(pieces, at, started=bool(items))
    return _Item(digits.digits, digits.end, "digits") if digits else None


def _plate_row(pieces: Sequence[Piece], at: int, items: Sequence[_Item]) -> bool:
    first = at - len(items)
    return cued(pieces, max(first, 0), PLATE_CUES) and not any(i.sort == "police" for i in items)


def _as_in(pieces: Sequence[Piece], at: int) -> _Item | None:
    """Letters made sure by a word, "b as in boy"; the word must begin with the letter."""
    letter = pieces[at].text
    index = at + 3 if follows(pieces, at + 1, "as", "in") else 0
    if not index and text_at(pieces, at + 1) in _LIKE and not pieces[at].pause:
        index = at + 2
        word = text_at(pieces, index)
        if word not in NATO and word not in POLICE:
            return None
    word = text_at(pieces, index) if index else ""
    if len(word) < 2 or word[0] != letter:
        return None
    return _Item(letter.upper(), index + 1, "sure")


def _joined(items: Sequence[_Item]) -> str:
    digits = [item for item in items if item.sort == "digits" and item.written != "0"]
    if not digits and len(items) > sum(item.written == "0" for item in items):
        return "".join("O" if item.written == "0" else item.written for item in items)
    return "".join(item.written for item in items)


def _others(items: Sequence[_Item]) -> tuple[str, ...]:
    """With the letter O and the figure 0 exchanged, and without a first or last "a" or "I"."""
    written = _joined(items)
    others: list[str] = []
    if any(item.written in {"0", "O"} and item.sort in {"digits", "letter"} for item in items):
        swap = {"0": "O", "O": "0"}
        others.append(
            "".join(
                swap.get(c, c) if item.written in swap and item.sort != "nato" else c
                for item, c in zip(items, _cells(items, written), strict=True)
            )
        )
    if len(items) > 2 and items[0].sort == "letter" and items[0].written in {"A", "I"}:
        others.append(_joined(items[1:]))
    if len(items) > 2 and items[-1].sort == "letter" and items[-1].written in {"A", "I"}:
        others.append(_joined(items[:-1]))
    return tuple(dict.fromkeys(others))


def _cells(items: Sequence[_Item], written: str) -> list[str]:
    cells: list[str] = []
    at = 0
    for item in items:
        cells.append(written[at : at + len(item.written)])
        at += len(item.written)
    return cells


def read_unit(pieces: Sequence[Piece], at: int) -> Reading | None:
    """Units: "apartment four b", "unit b twelve", "four b", "4B"."""
    text = pieces[at].text
    named = label_before(pieces, at) in {"unit", "exit"}
    if named and text in HOMOPHONES and text_at(pieces, at + 1) in LETTERS and not pieces[at].pause:
        letter = pieces[at + 1].text
        heard = f"{text} {letter}"
        return Reading(at + 2, "unit", heard, (), (HOMOPHONES[text] + letter.upper(),))
    if _UNIT_FIGURE.fullmatch(text) and (named or re.fullmatch(r"[0-9]{1,4}[a-z]", text)):
        return Reading(at + 1, _kind(pieces, at), text.upper())
    found = run(pieces, at)
    if found and len(found.digits) <= 5 and not pieces[found.end - 1].pause:
        return _number_letter(pieces, at, found.digits, found.end, named=named)
    if named and text in LETTERS and (text not in {"a", "i"} or pieces[at].pause):
        more = None if pieces[at].pause else run(pieces, at + 1)
        if more and len(more.digits) <= 4:
            return Reading(more.end, _kind(pieces, at), text.upper() + more.digits)
        twice = text_at(pieces, at + 1)
        if twice == text and not pieces[at].pause:
            return Reading(at + 2, _kind(pieces, at), text.upper() * 2)
        return Reading(at + 1, _kind(pieces, at), text.upper())
    return None


def _number_letter(
    pieces: Sequence[Piece], at: int, digits: str, end: int, *, named: bool
) -> Reading | None:
    letter = text_at(pieces, end)
    if letter not in LETTERS or text_at(pieces, end + 1) in LETTERS:
        return None
    if letter in "ap" and follows(pieces, end + 1, "m"):
        return None
    if not named and (letter in _NOT_UNITS or len(digits) > 4):
        return None
    alone = (digits,) if letter in {"a", "i", "n", "s", "e", "w"} else ()
    return Reading(end + 1, _kind(pieces, at), digits + letter.upper(), alone)


def _kind(pieces: Sequence[Piece], at: int) -> str:
    return label_before(pieces, at) or "unit"
