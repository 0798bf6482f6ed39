"""Written numbers in words, for reading back: every style can be read by `find_numbers`. Pure."""

import re
from collections.abc import Callable
from typing import Final

from ringdown.spoken.vocabulary import (
    MONTH_NAMES,
    MONTHS,
    NATO,
    ORDINALS,
    POLICE,
    TEENS,
    TENS,
    UNITS,
)

_DIGITS: Final = ("oh", *(word for word in UNITS if word != "niner"))
_TEENS: Final = tuple(TEENS)
_TENS: Final = tuple(word for word in TENS if word != "fourty")
_ORDINALS: Final = {value: word for word, value in ORDINALS.items()}
_SCALES: Final = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"))
_NATO: Final = {letter: word for word, letter in reversed(NATO.items())}
_POLICE: Final = {letter: word for word, letter in POLICE.items()} | {"X": "x-ray", "Y": "young"}
LONGEST: Final = 1_000_000_000_000
"""Numbers from here on are said digit by digit."""


def say_number(written: str) -> str:
    """Words for anything that `find_numbers` writes; what is no number comes back as it is."""
    for shape, say in _SHAPES:
        if re.fullmatch(shape, written):
            return say(written)
    if re.search(r"[0-9A-Za-z]", written):
        return _mixed(written)
    return written


def say_cardinal(number: int) -> str:
    """A count: 2210 → "two thousand two hundred ten"."""
    if number < 0:
        return f"minus {say_cardinal(-number)}"
    if number >= LONGEST:
        return say_digits(str(number))
    if number == 0:
        return "zero"
    parts: list[str] = []
    for size, name in _SCALES:
        if number >= size:
            parts += [say_cardinal(number // size), name]
            number %= size
    if number >= 100:
        parts += [_DIGITS[number // 100], "hundred"]
        number %= 100
    if number:
        parts.append(_below_hundred(number))
    return " ".join(parts)


def _below_hundred(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    if number < 20:
        return _TEENS[number - 10]
    tens, unit = divmod(number, 10)
    return f"{_TENS[tens - 2]} {_DIGITS[unit]}" if unit else _TENS[tens - 2]


def say_ordinal(number: int) -> str:
    """An ordinal: 123 → "one hundred twenty third"."""
    if not 0 < number < LONGEST:
        return say_cardinal(number)
    rest = number % 100
    head = number - rest
    if rest == 0:
        return f"{say_cardinal(number)}th"
    words = [say_cardinal(head)] if head else []
    if rest in _ORDINALS:
        words.append(_ORDINALS[rest])
    else:
        words += [_TENS[rest // 10 - 2], _ORDINALS[rest % 10]]
    return " ".join(words)


def say_digits(digits: str) -> str:
    """Digit by digit: "2210" → "two two one oh"; a leading or only nought is "zero"."""
    words = [_DIGITS[int(digit)] for digit in digits]
    if words and words[0] == "oh":
        words[0] = "zero"
    return " ".join(words)


def say_house(digits: str) -> str:
    """As house numbers are said: "2210" → "twenty two ten", "105" → "one oh five"."""
    if len(digits) < 3 or len(digits) > 6 or digits[0] == "0" or digits in _CODES:
        return say_digits(digits) if digits[:1] == "0" or len(digits) > 2 else _counted(digits)
    if re.fullmatch(r"[0-9]000", digits):
        return say_cardinal(int(digits))
    head = digits[:1] if len(digits) % 2 else digits[:2]
    pairs = re.findall("..", digits[len(head) :])
    if "00" in pairs[:-1] or (pairs[-1] == "00" and len(pairs) > 1 and pairs[-2][0] == "0"):
        return say_digits(digits)
    words = [_below_hundred(int(head))]
    for pair in pairs:
        if pair == "00":
            words.append("hundred")
        elif pair[0] == "0":
            words += ["oh", _DIGITS[int(pair[1])]]
        else:
            words.append(_below_hundred(int(pair)))
    return " ".join(words)


_CODES: Final = frozenset(["911", "5050", "104"])
"""House numbers that would sound like a code when said in pairs."""


def _counted(digits: str) -> str:
    return say_cardinal(int(digits)) if digits else ""


def say_phone(written: str) -> str:
    """Digit by digit in the groups of the number, parted by commas."""
    number, _, extension = written.partition(" ext. ")
    groups = re.findall("[0-9]+", number)
    words = ", ".join(say_digits(group).replace("zero", "oh") for group in groups)
    if number.startswith("+"):
        words = f"plus {words}"
    return f"{words}, extension {say_digits(extension)}" if extension else words


def say_letters(written: str, alphabet: str = "letters") -> str:
    """Letters and digits one by one; `alphabet` is letters, nato or police."""
    table = {"nato": _NATO, "police": _POLICE}.get(alphabet, {})
    words: list[str] = []
    for c in written.upper():
        if c in "0123456789":
            words.append("zero" if c == "0" else _DIGITS[int(c)])
        elif "A" <= c <= "Z":
            words.append(table.get(c, c.lower()))
    return " ".join(words)


def say_time(written: str) -> str:
    """A time of day: "10:05 PM" → "ten oh five p m", "06:00" → "oh six hundred hours"."""
    clock, _, half = written.partition(" ")
    hour, minute = clock.split(":")
    ending = {"AM": " a m", "PM": " p m"}.get(half, "")
    if not ending and (hour[0] == "0" or int(hour) > 12):
        head = f"oh {_DIGITS[int(hour)]}" if hour[0] == "0" else _below_hundred(int(hour))
        return f"{head} {_minutes(minute) or 'hundred'} hours"
    if minute == "00":
        return f"{_below_hundred(int(hour))}{ending or ' o' + chr(39) + 'clock'}"
    return f"{_below_hundred(int(hour))} {_minutes(minute)}{ending}"


def _minutes(minute: str) -> str:
    if minute == "00":
        return ""
    return f"oh {_DIGITS[int(minute)]}" if minute[0] == "0" else _below_hundred(int(minute))


def say_date(written: str) -> str:
    """A date: "July 4, 1984" or "7/4/1984" → "july fourth nineteen eighty four"."""
    figures = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", written)
    if figures:
        month, day, year = int(figures[1]), figures[2], figures[3]
    else:
        name, *rest = written.replace(",", "").split()
        month = MONTHS[name.lower()]
        day = rest[0] if len(rest[0]) < 3 else ""
        year = rest[-1] if len(rest[-1]) == 4 else ""
    words = [MONTH_NAMES[(month - 1) % 12].lower()]
    if day:
        words.append(say_ordinal(int(day)))
    if year:
        words.append(say_year(year))
    return " ".join(words)


def say_year(year: str) -> str:
    """A year: "1984" → "nineteen eighty four", "2005" → "two thousand five"."""
    if year.startswith("200"):
        return say_cardinal(int(year))
    return say_house(year)


def _say_money(written: str) -> str:
    whole, _, cents = written[1:].replace(",", "").partition(".")
    words = f"{say_cardinal(int(whole))} dollar{'' if whole == '1' else 's'}"
    if not cents or int(cents) == 0:
        return words
    small = f"{say_cardinal(int(cents))} cent{'' if int(cents) == 1 else 's'}"
    return small if whole == "0" else f"{words} and {small}"


def _say_decimal(written: str) -> str:
    sign = "minus " if written.startswith("-") else ""
    whole, _, part = written.lstrip("-").partition(".")
    head = say_cardinal(int(whole or "0"))
    return f"{sign}{head} point {say_digits(part)}" if part else f"{sign}{head}"


def _say_fraction(written: str) -> str:
    *whole, part = written.split()
    upper, lower = part.split("/")
    name = {2: "half", 4: "quarter"}.get(int(lower)) or say_ordinal(int(lower))
    words = f"{'a' if upper == '1' and int(lower) in (2, 4) else say_cardinal(int(upper))} {name}"
    if upper != "1":
        words += "s"
    return f"{say_cardinal(int(whole[0]))} and {words}" if whole else words


def _say_share(written: str) -> str:
    number = _say_decimal(re.sub(r"[^0-9.-]", "", written))
    if written.endswith("%"):
        return f"{number} percent"
    scale = {"F": " fahrenheit", "C": " celsius"}.get(written[-1], "")
    return f"{number} degrees{scale}"


def _say_plain(written: str) -> str:
    if written.startswith("0") or len(written) > 6:
        return say_digits(written)
    return say_house(written) if len(written) > 2 else _counted(written)


def _say_code(written: str) -> str:
    return {"911": "nine one one", "24/7": "twenty four seven", "50/50": "fifty fifty"}.get(
        written, "ten four"
    )


def _say_net(written: str) -> str:
    marks = {"@": "at", ".": "dot", "_": "underscore", "-": "dash", "/": "slash"}
    parts = re.findall(r"[a-z]+|[0-9]+|[@._/-]", written.lower())
    return " ".join(marks.get(p) or (say_digits(p) if p.isdecimal() else p) for p in parts)


def _mixed(written: str) -> str:
    """Roads, plates and the rest: words stay words, letters and digits are said one by one."""
    words: list[str] = []
    for part in re.findall(r"[A-Za-z]+|[0-9]+", written):
        if part.isdecimal():
            words.append(_say_plain(part))
        elif part.isupper():
            words.append(" ".join(part.lower()))
        else:
            words.append(part.lower())
    return " ".join(words)


_SHAPES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    (r"911|24/7|50/50|10-4", _say_code),
    (r"[0-9]+", _say_plain),
    (r"[0-9]{1,12}(st|nd|rd|th)", lambda w: say_ordinal(int(w[:-2]))),
    (r"(1-)?([0-9]{3}-)?[0-9]{3}-[0-9]{4}( ext\. [0-9]+)?|\+[0-9 -]+", say_phone),
    (r"[0-9]{1,2}:[0-9]{2}( [AP]M)?", say_time),
    (rf"({'|'.join(MONTH_NAMES)}) ([0-9]{{1,2}}(, [0-9]{{4}})?|[0-9]{{4}})", say_date),
    (r"(0?[1-9]|1[0-2])/[0-9]{1,2}/[0-9]{4}", say_date),
    (r"\$[0-9][0-9,]*(\.[0-9]{2})?", _say_money),
    (r"-?[0-9]*\.[0-9]+|-[0-9]+", _say_decimal),
    (r"([0-9]+ )?[0-9]{1,2}/(2|3|4|5|6|7|8|9|10)", _say_fraction),
    (r"-?[0-9]+(\.[0-9]+)?(%|\u00b0[FC]?)", _say_share),
    (r"[0-9]{3,}-[0-9-]+", lambda w: " ".join(say_digits(p) for p in w.split("-") if p)),
    (r"\S+@\S+|[a-z0-9.-]+\.(com|org|net|gov|edu)\S*", _say_net),
    (r"[A-Z]+", say_letters),
    (r"[0-9]{1,4}[A-Z]", lambda w: f"{_say_plain(w[:-1])} {w[-1].lower()}"),
    (r"[A-Z0-9]+", say_letters),
)
