"""Groups of digits and cardinal numbers, as people say them one after another. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.spoken.pieces import COMMA, FULL_STOP, Piece
from ringdown.spoken.vocabulary import (
    CORRECTS,
    COUNTED,
    ORDINAL_UNITS,
    ORDINALS,
    REPEATS,
    SCALES,
    TEENS,
    TENS,
    TURNING,
    UNITS,
    ZEROS,
)

_FIGURES: Final = re.compile(r"[0-9]{1,24}")
_SMALL: Final = {**UNITS, **TEENS}


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that belong together: "twenty two", "oh", "nine hundred", "double five", "63"."""

    digits: str
    atoms: tuple[str, ...]
    """The same in the smallest steps it can be heard in: "20", "2"."""
    end: int
    """The index of the first piece after it."""
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Groups said in one breath."""

    groups: tuple[Group, ...]

    @property
    def digits(self) -> str:
        """All of them joined."""
        return "".join(group.digits for group in self.groups)

    @property
    def end(self) -> int:
        """The index of the first piece after it."""
        return self.groups[-1].end

    def apart(self) -> tuple[str, ...]:
        """The other ways to hear it: the groups apart, then the smallest steps apart."""
        if len(self.groups) > 8 or all(len(group.digits) == 1 for group in self.groups):
            return ()
        if len(self.groups) == 1:
            return ()
        groups = " ".join(group.digits for group in self.groups)
        atoms = " ".join(atom for group in self.groups for atom in group.atoms)
        return tuple(dict.fromkeys([groups, atoms]))


def text_at(pieces: Sequence[Piece], at: int) -> str:
    """The text of piece `at`, "" outside."""
    return pieces[at].text if 0 <= at < len(pieces) else ""


def pause_before(pieces: Sequence[Piece], at: int) -> int:
    """The pause between piece `at` and the one before it."""
    return pieces[at - 1].pause if 0 < at <= len(pieces) else FULL_STOP


def follows(pieces: Sequence[Piece], at: int, *texts: str) -> bool:
    """Whether these texts stand at `at`, with no pause before or between them."""
    return all(
        text_at(pieces, at + step) == text and not pause_before(pieces, at + step)
        for step, text in enumerate(texts)
    )


def below_hundred(pieces: Sequence[Piece], at: int) -> Group | None:
    """One to ninety-nine in words."""
    text = text_at(pieces, at)
    if text in TENS:
        after = text_at(pieces, at + 1)
        if after in UNITS and not pieces[at].pause:
            value = TENS[text] + UNITS[after]
            return Group(str(value), (str(TENS[text]), str(UNITS[after])), at + 2)
        return Group(str(TENS[text]), (str(TENS[text]),), at + 1)
    if text in _SMALL:
        return Group(str(_SMALL[text]), (str(_SMALL[text]),), at + 1)
    return None


def cardinal(pieces: Sequence[Piece], at: int) -> Group | None:
    """A number as one counts: "two thousand three hundred and five", "eleven hundred"."""
    start = at
    text = text_at(pieces, at)
    if text == "a" and text_at(pieces, at + 1) in {"hundred", *SCALES} and not pieces[at].pause:
        value, atoms, at = 1, [], at + 1
    elif _FIGURES.fullmatch(text) and len(text) <= 3:
        if text_at(pieces, at + 1) not in {"hundred", *SCALES} or pieces[at].pause:
            return None
        value, atoms, at = int(text), [text], at + 1
    else:
        base = below_hundred(pieces, at)
        if base is None or _ordinal_next(pieces, at, base.end):
            return None
        value, atoms, at = int(base.digits), list(base.atoms), base.end
    total, ceiling = 0, 1_000_000_000_000
    while True:
        if follows(pieces, at, "hundred") and 0 < value < 100:
            value, at = value * 100, at + 1
            atoms = [str(value)]
            rest = _rest(pieces, at)
            if rest:
                value, at = value + int(rest.digits), rest.end
                atoms += rest.atoms
        scale = SCALES.get(text_at(pieces, at), 0) if not pause_before(pieces, at) else 0
        if not scale or scale >= ceiling or not 0 < value < 10_000:
            total += value
            break
        total, at, ceiling = total + value * scale, at + 1, scale
        atoms = [str(total)]
        rest = _rest(pieces, at)
        if rest is None or _begins_group(pieces, rest):
            break
        value, at = int(rest.digits), rest.end
        atoms = [str(total), *rest.atoms]
    return Group(str(total), tuple(atoms), at) if at > start else None


def _begins_group(pieces: Sequence[Piece], rest: Group) -> bool:
    """Whether single digits begin after a thousand: "one thousand five five"."""
    after = text_at(pieces, rest.end)
    return len(rest.digits) == 1 and after in UNITS and not pieces[rest.end - 1].pause


def _rest(pieces: Sequence[Piece], at: int) -> Group | None:
    if pause_before(pieces, at):
        return None
    if text_at(pieces, at) == "and":
        at += 1
        if pause_before(pieces, at):
            return None
    rest = below_hundred(pieces, at)
    return None if rest is None or _ordinal_next(pieces, at, rest.end) else rest


def _ordinal_next(pieces: Sequence[Piece], at: int, end: int) -> bool:
    """Whether the tens at `at` belong to an ordinal: "forty eighth"."""
    return (
        end == at + 1
        and text_at(pieces, at) in TENS
        and text_at(pieces, end) in ORDINAL_UNITS
        and not pieces[at].pause
    )


def single_digit(text: str) -> str:
    """One digit said alone, else ""."""
    if text in ZEROS:
        return "0"
    if text in UNITS:
        return str(UNITS[text])
    return text if len(text) == 1 and text in "0123456789" else ""


def group(pieces: Sequence[Piece], at: int, *, started: bool) -> Group | None:
    """The group of digits that begins at piece `at`, if one does."""
    text = text_at(pieces, at)
    if text in ZEROS:
        return Group("0", ("0",), at + 1) if started or _zero_begins(pieces, at) else None
    if text in REPEATS:
        single = single_digit(text_at(pieces, at + 1))
        if not single or pieces[at].pause:
            return None
        return Group(single * REPEATS[text], (single * REPEATS[text],), at + 2)
    counted = cardinal(pieces, at)
    if counted:
        return counted
    if _FIGURES.fullmatch(text):
        return Group(text, (text,), at + 1, figure=True)
    return None


def _zero_begins(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a zero may begin a number here; "oh" needs digits behind it."""
    if pieces[at].text == "zero":
        return True
    if pieces[at].pause:
        return False
    after = text_at(pieces, at + 1)
    if after in ZEROS or after in REPEATS:
        return after != "zero" or bool(single_digit(text_at(pieces, at + 2)))
    if after in UNITS or (len(after) == 1 and after in "0123456789"):
        third = text_at(pieces, at + 2)
        return (bool(single_digit(third)) and not pieces[at + 1].pause) or third == "hundred"
    return after in TEENS and text_at(pieces, at + 2) == "hundred"


def run(pieces: Sequence[Piece], at: int) -> Run | None:
    """All groups from piece `at` on that belong to one number."""
    groups: list[Group] = []
    index = at
    while index < len(pieces):
        found = group(pieces, index, started=bool(groups))
        if found is None or (groups and not _joins(pieces, index, groups[-1], found)):
            break
        groups.append(found)
        index = found.end
    while len(groups) > 1 and _sigh(pieces, groups[-1].end - 1):
        groups.pop()
    return Run(tuple(groups)) if groups else None


def _joins(pieces: Sequence[Piece], at: int, before: Group, found: Group) -> bool:
    pause = pause_before(pieces, at)
    if pause == FULL_STOP:
        return False
    if pause == COMMA and not (
        len(before.digits) == len(found.digits) == 1 and not _counts(before, found)
    ):
        return False
    if found.figure and len(found.digits) > 2:
        return False
    return not (before.figure and found.figure and len(before.digits) > 2)


def _counts(before: Group, found: Group) -> bool:
    """Whether this is counting: "one, two, three" with pauses."""
    return int(found.digits) == int(before.digits) + 1


def _sigh(pieces: Sequence[Piece], at: int) -> bool:
    """Whether the "oh" at `at` is no zero; before a correction ("oh no five") it is one."""
    if text_at(pieces, at + 1) in CORRECTS and group(pieces, at + 2, started=True):
        return False
    return pieces[at].text in {"oh", "o"} and (
        text_at(pieces, at + 1) in TURNING and pieces[at].pause != FULL_STOP
    )


def counted_next(pieces: Sequence[Piece], at: int) -> bool:
    """Whether what stands at `at` is counted: people, cars, minutes."""
    return text_at(pieces, at) in COUNTED and not pause_before(pieces, at)


def ordinal(pieces: Sequence[Piece], at: int) -> tuple[int, int, tuple[str, ...]] | None:
    """An ordinal at `at`: its value, the piece after it, other readings ("1 87th")."""
    text = text_at(pieces, at)
    small = _small_ordinal(pieces, at)
    if small:
        return *small, ()
    if text not in UNITS and text not in TEENS and text not in TENS:
        return None
    base = below_hundred(pieces, at)
    if base is None or _ordinal_next(pieces, at, base.end):
        return None
    after = base.end
    if follows(pieces, after, "hundredth"):
        return int(base.digits) * 100, after + 1, ()
    if follows(pieces, after, "thousandth"):
        return int(base.digits) * 1000, after + 1, ()
    if follows(pieces, after, "thousand"):
        below = None if pause_before(pieces, after + 1) else ordinal(pieces, after + 1)
        return (int(base.digits) * 1000 + below[0], below[1], ()) if below else None
    value, hundred = int(base.digits), False
    if follows(pieces, after, "hundred"):
        value, after, hundred = value * 100, after + 1, True
        if follows(pieces, after, "and"):
            after += 1
    rest = None if pause_before(pieces, after) else _small_ordinal(pieces, after)
    if rest is None:
        return None
    if hundred:
        return value + rest[0], rest[1], ()
    if value < 10 and rest[0] >= 10:
        return value * 100 + rest[0], rest[1], (f"{value} {with_ending(rest[0])}",)
    return None


def _small_ordinal(pieces: Sequence[Piece], at: int) -> tuple[int, int] | None:
    text = text_at(pieces, at)
    if text in ORDINALS:
        return ORDINALS[text], at + 1
    if text in TENS and text_at(pieces, at + 1) in ORDINAL_UNITS and not pieces[at].pause:
        return TENS[text] + ORDINAL_UNITS[text_at(pieces, at + 1)], at + 2
    return None


def with_ending(number: int) -> str:
    """1 → "1st"."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
