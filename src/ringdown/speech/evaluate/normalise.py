"""Text made comparable: what sounds the same is written the same. Pure, and idempotent.

Ordinary speech has its numerals spelled out ("21st" becomes "twenty first"). Digits and plates
are taken apart instead ("21" becomes "two one"), and "oh" is "zero" there.
"""

import re
from typing import Final

ONES: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS: Final = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
TITLES: Final = {"mr": "mister", "mrs": "missus", "dr": "doctor", "okay": "ok"}
DIGIT_LIKE: Final = frozenset([*ONES, "oh", "o", "niner", "double", "triple"])

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)\b")
_DECIMAL = re.compile(r"(\d+)\.(\d+)")
_NOT_LETTERS = re.compile(r"[^a-z' ]")


def normalise(text: str, *, digits: bool = False) -> list[str]:
    """The words to be compared. `digits`: numerals and plates, digit by digit."""
    plain = text.lower().replace("\u2019", "'").replace("-", " ").replace("\u2013", " ")
    plain = _THOUSANDS.sub("", plain)
    plain = _by_digit(plain) if digits else _spelled(plain)
    words = [word.strip("'") for word in _NOT_LETTERS.sub(" ", plain).split()]
    words = [TITLES.get(word, word) for word in words if word]
    return _digits_only(words) if digits else words


def digit_share(text: str) -> float:
    """Which share of a text is digits and single letters: 1 for a spoken phone number."""
    words = normalise(text, digits=True)
    if not words:
        return 0.0
    letters = (len(word) == 1 and word not in {"a", "i"} for word in words)
    return sum(a or b in DIGIT_LIKE for a, b in zip(letters, words, strict=True)) / len(words)


def number_words(number: int) -> str:
    """A number as people say it: 2210 is "twenty two ten"; a long one digit by digit."""
    if number < 100:
        return _below_hundred(number)
    if number < 1000:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f" {_below_hundred(rest)}" if rest else "")
    if number % 1000 == 0 and number < 1_000_000:
        return f"{number_words(number // 1000)} thousand"
    if number >= 10_000:
        return _each(str(number))
    upper, lower = divmod(number, 100)
    if lower == 0:
        return f"{_below_hundred(upper)} hundred"
    if upper % 10 == 0:
        return f"{ONES[upper // 10]} thousand {_below_hundred(lower)}"
    joint = " oh " if lower < 10 else " "
    return f"{_below_hundred(upper)}{joint}{_below_hundred(lower)}"


def _below_hundred(number: int) -> str:
    if number < 10:
        return ONES[number]
    if number < 20:
        return TEENS[number - 10]
    tens, one = divmod(number, 10)
    return TENS[tens - 2] + (f" {ONES[one]}" if one else "")


def _each(numerals: str) -> str:
    return " ".join(ONES[int(numeral)] for numeral in numerals)


def _by_digit(text: str) -> str:
    return re.sub(r"[0-9]", lambda found: f" {ONES[int(found[0])]} ", text)


def _spelled(text: str) -> str:
    text = _ORDINAL.sub(lambda found: f" {_ordinal(int(found[1]))} ", text)
    text = _CLOCK.sub(lambda found: f" {_clock(int(found[1]), found[2])} ", text)
    text = _DECIMAL.sub(lambda found: f" {_numeral(found[1])} point {_each(found[2])} ", text)
    text = re.sub(r"\$(\d+)", r"\1 dollars", text).replace("%", " percent ").replace("&", " and ")
    return re.sub(r"[0-9]+", lambda found: f" {_numeral(found[0])} ", text)


def _numeral(numerals: str) -> str:
    leading = len(numerals) > 1 and numerals[0] == "0"
    return _each(numerals) if leading else number_words(int(numerals))


def _clock(hour: int, minutes: str) -> str:
    if minutes == "00":
        return number_words(hour)
    rest = f"oh {ONES[int(minutes)]}" if minutes[0] == "0" else number_words(int(minutes))
    return f"{number_words(hour)} {rest}"


def _ordinal(number: int) -> str:
    *before, last = number_words(number).split()
    if last in ORDINALS:
        last = ORDINALS[last]
    else:
        last = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*before, last])


def _digits_only(words: list[str]) -> list[str]:
    """`oh` is zero, and `double five` is five five."""
    found: list[str] = []
    times = 1
    for word in words:
        if word in {"double", "triple"}:
            times = 2 if word == "double" else 3
            continue
        same = {"oh": "zero", "o": "zero", "niner": "nine"}.get(word, word)
        found.extend([same] * times)
        times = 1
    return found
