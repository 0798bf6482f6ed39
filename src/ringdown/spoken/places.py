"""Place names folded to what is compared: their own words, the kind of road, the directions.

"N. Gênesee St", "north genesee street" and "Genesee Street North" have the same own word.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

STREET_TYPES: Final[dict[str, str]] = {
    short: full
    for full, shorts in {
        "alley": "aly", "arcade": "arc", "avenue": "ave av aven avn", "bayou": "byu",
        "bend": "bnd", "boulevard": "blvd boul boulv", "branch": "br", "bridge": "brg",
        "bypass": "byp",
        "canyon": "cyn canyn", "causeway": "cswy", "center": "ctr centre",
        "circle": "cir circ crcl",
        "close": "", "common": "cmn", "corner": "cor", "court": "ct crt", "courts": "cts",
        "cove": "cv", "creek": "crk", "crescent": "cres crsent", "crossing": "xing crssng",
        "drive": "dr drv", "estates": "ests", "expressway": "expy expr", "extension": "ext",
        "falls": "fls", "ferry": "fry", "freeway": "fwy frwy", "gardens": "gdns", "gateway": "gtwy",
        "glen": "gln", "green": "grn", "grove": "grv", "harbor": "hbr harbour", "heights": "hts",
        "highway": "hwy hiwy", "hill": "hl", "hills": "hls", "hollow": "holw", "interstate": "",
        "island": "is", "junction": "jct", "knoll": "knl", "lake": "lk", "landing": "lndg",
        "lane": "ln", "loop": "", "mall": "", "manor": "mnr", "meadows": "mdws", "mews": "",
        "mill": "ml", "park": "prk", "parkway": "pkwy pky parkwy", "pass": "", "path": "",
        "pike": "", "place": "pl", "plaza": "plz", "point": "pt", "ridge": "rdg", "road": "rd",
        "route": "rte rt", "row": "", "run": "", "shore": "shr", "spur": "", "square": "sq",
        "station": "sta stn", "street": "st str strt", "terrace": "ter terr", "trace": "trce",
        "trail": "trl", "tunnel": "tunl", "turnpike": "tpke", "valley": "vly", "viaduct": "via",
        "view": "vw", "village": "vlg", "vista": "vis", "walk": "", "way": "wy",
    }.items()
    for short in (full, *shorts.split())
}  # fmt: skip
"""How kinds of road are written, and what each is in full."""

ROADS: Final = frozenset(
    ["alley", "avenue", "boulevard", "circle", "court", "crescent", "drive", "expressway",
     "freeway", "highway", "lane", "loop", "parkway", "pike", "place", "plaza", "road", "square",
     "street", "terrace", "trail", "turnpike", "way"]
)  # fmt: skip
"""Kinds that by themselves say that a name stands before them."""

DIRECTIONS: Final[dict[str, str]] = {
    short: full
    for full, shorts in {
        "north": "n no", "south": "s so", "east": "e", "west": "w", "northeast": "ne",
        "northwest": "nw", "southeast": "se", "southwest": "sw", "northbound": "nb",
        "southbound": "sb", "eastbound": "eb", "westbound": "wb",
    }.items()
    for short in (full, *shorts.split())
}  # fmt: skip

_OTHER: Final = {"mt": "mount", "mtn": "mountain", "ft": "fort", "jr": "junior", "dr": "doctor",
                 "co": "county", "cty": "county", "us": "us", "sr": "state route", "rr": "rural "
                 "route", "cr": "county road", "hwy": "highway", "rte": "route",
                 "rt": "route", "pkwy": "parkway", "blvd": "boulevard", "ave": "avenue",
                 "rd": "road", "hts": "heights"}  # fmt: skip
_UNITS: Final = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
                 "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
                 "eighteen", "nineteen")  # fmt: skip
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
                "ninety")  # fmt: skip
_ORDINALS: Final = {"one": "first", "two": "second", "three": "third", "five": "fifth",
                    "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}  # fmt: skip
_NUMBER: Final = re.compile(r"(\d{1,4})(st|nd|rd|th)?$")
_SPLIT: Final = re.compile(r"[^a-z0-9&@]+")
_LETTERS_DIGITS: Final = re.compile(r"(?<=[a-z])(?=\d)")


@dataclass(frozen=True)
class Place:
    """A folded name: `own` words are its own; `kind` of road and `directions` stand apart."""

    own: tuple[str, ...]
    kind: str = ""
    directions: tuple[str, ...] = ()


def plain_letters(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).replace("\u0131", "i").replace("ß", "ss")
        text = "".join(c for c in text if not unicodedata.combining(c)).replace("\u2019", "'")
    return text.lower().replace("'", "")


def plain_words(text: str) -> list[str]:
    """The words of a written name or of speech in plain letters, numbers in words."""
    words: list[str] = []
    for word in _SPLIT.split(plain_letters(text)):
        if not word:
            continue
        if word.isalpha():
            words.append(word)
        elif word in {"&", "@"}:
            words.append("and" if word == "&" else "at")
        else:
            for part in _LETTERS_DIGITS.split(word):
                words.extend(_number_words(part))
    return words


def fold(text: str) -> Place:
    """A written name, folded. What is all type and direction keeps them as its own words."""
    return fold_words(plain_words(text))


def fold_words(words: list[str]) -> Place:
    """The same for words that are plain already."""
    first, last = 0, len(words)
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    if last - first > 1 and words[0] in DIRECTIONS and words[0] not in {"no", "so"}:
        before = (DIRECTIONS[words[0]],)
        first = 1
    if last - first > 1 and words[last - 1] in DIRECTIONS:
        after = (DIRECTIONS[words[last - 1]],)
        last -= 1
    kind = ""
    if last - first > 1 and words[last - 1] in STREET_TYPES:
        kind = STREET_TYPES[words[last - 1]]
        last -= 1
    elif before and last - first == 1 and words[first] in STREET_TYPES:
        # "North Avenue", "West Street": the direction is the name.
        return Place(before, STREET_TYPES[words[first]], after)
    own = words[first:last]
    return Place(_spelled(own), kind, before + after)


def _spelled(own: list[str]) -> tuple[str, ...]:
    if own and own[0] == "st" and len(own) > 1:
        own = ["saint", *own[1:]]
    if len(own) > 1 and own[0] == "i" and own[1] in _UNITS + _TENS:
        own = ["interstate", *own[1:]]
    full: list[str] = []
    for word in own:
        full.extend(_OTHER[word].split() if word in _OTHER else [word])
    return tuple(full)


def _number_words(text: str) -> list[str]:
    found = _NUMBER.match(text)
    if found is None:
        return [text] if text.isalnum() else []
    words = _cardinal(int(found[1]))
    if found[2]:
        last = words[-1]
        words[-1] = _ORDINALS.get(last, last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return words


def _cardinal(number: int) -> list[str]:
    """As roads are read: 5, 42, 101 (one oh one), 395 (three ninety five), 1200."""
    if number < 20:
        return [_UNITS[number] or "zero"]
    if number < 100:
        return [_TENS[number // 10], *([_UNITS[number % 10]] if number % 10 else [])]
    if number < 1000:
        head = [_UNITS[number // 100]]
        rest = number % 100
        if not rest:
            return [*head, "hundred"]
        return [*head, *(["oh", _UNITS[rest]] if rest < 10 else _cardinal(rest))]
    head, rest = _cardinal(number // 100), number % 100
    if not rest:
        return (
            [*head, "hundred"] if number // 100 % 10 else [*_cardinal(number // 1000), "thousand"]
        )
    return [*head, *(["oh", _UNITS[rest]] if rest < 10 else _cardinal(rest))]
