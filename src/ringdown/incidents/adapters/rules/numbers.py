"""Spoken numbers: house numbers, digit strings and ordinals, in words or figures. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from ringdown.incidents.adapters.rules.tokens import Token
from ringdown.spoken.groups import single_digit, with_ending
from ringdown.spoken.vocabulary import ORDINAL_UNITS, ORDINALS, REPEATS, TEENS, TENS, UNITS, ZEROS

_FIGURES: Final = re.compile(r"\d{1,6}")
_APART: Final = re.compile(r"\d(-\d){2,5}")
"""Figures said one by one, as some recognisers write them."""
_ORDINAL_FIGURES: Final = re.compile(r"\d{1,3}(st|nd|rd|th)")


def read_number(
    tokens: Sequence[Token], at: int, *, pauses: bool = False
) -> tuple[str, int] | None:
    """The digits said from token `at` on, and the index after them; None if no number is there.

    Groups are joined as people say house numbers: "twenty two ten" is 2210, "two two one oh" is
    2210, "nine hundred" is 900, and so is what sounds alike: "forty to ten" is 4210. A comma or
    full stop ends it unless `pauses` allows them.
    """
    digits = ""
    index = at
    while index < len(tokens):
        if _misheard_two(tokens, index, digits):
            digits = str(int(digits) + 2)
            index += 1
        group = _group(tokens, index, started=bool(digits))
        if group is None:
            break
        said, after = group
        if not _may_follow(digits, said, tokens[index]):
            break
        digits += said
        index = after
        if tokens[index - 1].ends_clause and not pauses:
            break
    if not digits or _is_emergency_number(tokens, at, index):
        return None
    return digits, index


def last_group(tokens: Sequence[Token], at: int, after: int) -> int:
    """Where the last group of a number begins: "thirty thirty four | forty eight"."""
    index, start = at, at
    while index < after:
        group = _group(tokens, index, started=index > at)
        if group is None:
            break
        start, index = index, group[1]
    return start


def read_count(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A small count ("two", "a dozen", "12") at token `at`, and the index after it."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text == "couple":
        return 2, at + 1
    if text.isdecimal() and len(text) <= 2:
        return int(text), at + 1
    small = {**UNITS, **TEENS}
    if text in small:
        return small[text], at + 1
    return None


def read_ordinal(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """An ordinal street name ("forty eighth", "one eighty seventh", "10th") as figures."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if _ORDINAL_FIGURES.fullmatch(text):
        return text, at + 1
    found = _small_ordinal(tokens, at)
    if found:
        return with_ending(found[0]), found[1]
    if text in UNITS:
        after = at + 1
        if after < len(tokens) and tokens[after].text == "hundred":
            after += 1
            if after < len(tokens) and tokens[after].text == "and":
                after += 1
        rest = _small_ordinal(tokens, after)
        if (rest and rest[0] >= 10) or (rest and after > at + 1):
            return with_ending(UNITS[text] * 100 + rest[0]), rest[1]
    return None


def _small_ordinal(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text in ORDINALS:
        return ORDINALS[text], at + 1
    if text in TENS and at + 1 < len(tokens) and tokens[at + 1].text in ORDINAL_UNITS:
        return TENS[text] + ORDINAL_UNITS[tokens[at + 1].text], at + 2
    return None


def _group(tokens: Sequence[Token], at: int, *, started: bool) -> tuple[str, int] | None:
    text = tokens[at].text
    if _FIGURES.fullmatch(text):
        scale = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if scale in {"hundred", "thousand"} and len(text) <= 2 and not tokens[at].ends_clause:
            return _scaled(tokens, int(text), at + 1)
        return text, at + 1
    if _APART.fullmatch(text):
        return text.replace("-", ""), at + 1
    if text in ZEROS and (started or _digit_follows(tokens, at)):
        return "0", at + 1
    if text in REPEATS and at + 1 < len(tokens):
        single = single_digit(tokens[at + 1].text)
        return (single * REPEATS[text], at + 2) if single else None
    ordinal = read_ordinal(tokens, at)
    if ordinal:
        return None
    below = _below_hundred(tokens, at)
    if below is None:
        if text == "hundred" and not started and at > 0 and tokens[at - 1].text == "a":
            return "100", at + 1
        return None
    value, after = below
    return _scaled(tokens, value, after)


def _scaled(tokens: Sequence[Token], value: int, after: int) -> tuple[str, int]:
    """Apply "hundred" and "thousand" to what came before, with what follows them."""
    for name, size in (("thousand", 1000), ("hundred", 100)):
        if after < len(tokens) and tokens[after].text == name and value < 100:
            value *= size
            after += 1
            nxt = after + 1 if after < len(tokens) and tokens[after].text == "and" else after
            rest = _rest(tokens, nxt, size)
            if rest:
                return str(value + rest[0]), rest[1]
            return str(value), after
    return str(value), after


def _rest(tokens: Sequence[Token], at: int, size: int) -> tuple[int, int] | None:
    if at >= len(tokens) or at < 1 or tokens[at - 1].ends_clause or read_ordinal(tokens, at):
        return None
    below = _below_hundred(tokens, at)
    if below is None:
        return None
    value, after = below
    if size == 1000 and after < len(tokens) and tokens[after].text == "hundred" and value < 10:
        said, after = _scaled(tokens, value, after)
        return int(said), after
    return value, after


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text in TENS:
        after = at + 1
        joined = after < len(tokens) and not tokens[at].ends_clause
        if joined and tokens[after].text in UNITS:
            return TENS[text] + UNITS[tokens[after].text], after + 1
        return TENS[text], after
    small = {**UNITS, **TEENS}
    return (small[text], at + 1) if text in small else None


def _digit_follows(tokens: Sequence[Token], at: int) -> bool:
    return (
        at + 1 < len(tokens)
        and not tokens[at].ends_clause
        and bool(single_digit(tokens[at + 1].text))
    )


def _may_follow(digits: str, said: str, token: Token) -> bool:
    """Whether a group can continue a house number; figures join only when clearly split."""
    if not digits:
        return True
    if len(digits) + len(said) > 6:
        return False
    return len(said) <= 2 if token.text.isdecimal() else True


def _misheard_two(tokens: Sequence[Token], at: int, digits: str) -> bool:
    """Whether "to" is a two: "forty to ten" is 4210, for no range of houses runs backwards."""
    if tokens[at].text not in {"to", "too"} or len(digits) != 2 or not digits.endswith("0"):
        return False
    after = _group(tokens, at + 1, started=True) if at + 1 < len(tokens) else None
    return after is not None and 10 <= int(after[0]) < int(digits)


def _is_emergency_number(tokens: Sequence[Token], first: int, after: int) -> bool:
    said = [token.text for token in tokens[first:after]]
    return said in (["911"], ["nine", "one", "one"], ["9", "1", "1"], ["nine", "eleven"])
