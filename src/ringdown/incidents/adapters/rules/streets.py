"""Streets, numbers on them, units, intersections and highways, read from tokens. Pure."""

import re
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import (
    BOUND,
    CALENDAR,
    DIRECTIONS,
    GENERIC_NAMES,
    NUMBER_WORDS,
    STOP,
    STRONG_SUFFIXES,
    SUFFIXES,
    UNIT_WORDS,
)
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.numbers import last_group, read_number, read_ordinal
from ringdown.incidents.adapters.rules.roads import HIGHWAY_WORDS, road_number
from ringdown.incidents.adapters.rules.tokens import Line, Token
from ringdown.incidents.adapters.rules.units import with_unit
from ringdown.spoken.groups import single_digit
from ringdown.spoken.vocabulary import ORDINAL_UNITS

ON: Final = frozenset(
    [
        "on",
        "at",
        "near",
        "off",
        "by",
        "down",
        "along",
        "onto",
        "around",
        "in",
        "up",
        "past",
        "to",
        "of",
        "from",
    ]
)
_HOUSE_AND_NUMBER: Final = re.compile(r"(\d{1,6})-(\d{1,3})")
_KIND_FIRST: Final = frozenset(
    ["calle", "camino", "avenida", "paseo", "via", "rue", "rua", "callejon", "caminito", "circulo"]
)
"""Kinds of streets that stand before the name."""
_JOINTS: Final = frozenset(["de", "del", "la", "las", "los", "el", "of", "the", "du", "des"])
_FUNCTION: Final = frozenset(
    [
        *("the", "a", "an", "my", "your", "his", "her", "their", "our", "this", "that", "some"),
        *("on", "in", "at", "of", "to", "from", "down", "up", "across", "off", "by", "near", "for"),
        *("and", "or", "is", "are", "was", "people", "person", "guys", "men", "women", "kids"),
        *(
            "cars",
            "minutes",
            "years",
            "year",
            "months",
            "feet",
            "miles",
            "blocks",
            "times",
            "hours",
        ),
        *(
            "dollars",
            "people's",
            "percent",
            "days",
            "weeks",
            "shots",
            "dogs",
            "i",
            "i'm",
            "he",
            "she",
        ),
    ]
)
"""Words after a number that say that it is no house."""
_MOST_GARBLED: Final = 3
_MEETS: Final = frozenset(["meets", "crosses", "intersects", "hits", "joins"])
_JOINS: Final = frozenset(["and", "at", "&", "near", "by"]) | _MEETS
_SAID_NUMBER: Final = 3
"""Figures of a number that is the name of a street, at most."""
_HOUSE: Final = re.compile(r"\d{1,6}-?[a-z]?|[nsew]\d{3,5}")
_TWO_FIGURES: Final = re.compile(r"\d-\d")
_FEWEST_PAUSED: Final = 3
_MOST_FIGURES: Final = 6
_TWO_PARTS: Final = re.compile(r"\d{1,3}-\d{2,3}")
"""As in "123-45 67th Avenue", the house number of some cities, and "18-20 Oak Street"."""
_BEFORE_ALONE: Final = frozenset(
    ["it's", "it", "is", "uh", "um", "yeah", "yes", "no", "okay", "sorry", "wait", "mean", "i"]
)
"""Words before a street that is all the clause says."""
_PRONOUNS: Final = frozenset(["i'm", "he's", "she's", "they're", "was", "is", "are", "been", "am"])
_HUNDREDS: Final = 3
"""Figures of the number of a block, at least."""
_SHORT_WAY: Final = 2
"""Letters of a direction that is written short."""
_WHOLE_NAMES: Final = frozenset(["broadway", "bowery", "embarcadero", "esplanade", "boardwalk"])
"""Streets whose name has no word such as Street."""


def street_name(tokens: tuple[Token, ...], at: int) -> tuple[str, int, bool] | None:
    """The name of a street that begins at token `at`: its text, its last token, whether it is firm.

    "west ninth street", "Martin Van Buren Lane", "Avenue J", "52nd Court". A name without a
    word such as Street is none, except an ordinal; that one is not firm.
    """
    index = at
    ahead: list[str] = []
    if _is_direction(tokens, index):
        ahead.append(DIRECTIONS[tokens[index].text])
        index += 1
        quarter = f"{tokens[index - 1].text}{tokens[index].text if index < len(tokens) else ''}"
        if quarter in DIRECTIONS and len(quarter) > _SHORT_WAY:
            ahead = [DIRECTIONS[quarter]]
            index += 1
    if index >= len(tokens):
        return None
    ordinal = read_ordinal(tokens, index)
    if ordinal:
        return _ordinal_street(tokens, ahead, ordinal)
    foreign = _foreign(tokens, index)
    if foreign:
        return " ".join([*ahead, foreign[0]]), foreign[1], True
    counted = _counted(tokens, index)
    if counted:
        return _with_direction(tokens, [*ahead, counted[0]], counted[1], firm=True)
    lettered = _lettered(tokens, index)
    if lettered:
        return " ".join([*ahead, lettered]), index + 1, True
    end = _suffix_after_name(tokens, index)
    if end is None and tokens[index].text in _WHOLE_NAMES and tokens[index].capital:
        return _with_direction(tokens, [*ahead, titled(tokens[index])], index, firm=True)
    if end is None:
        if ahead and _suffix_at(tokens, index):
            return _with_direction(
                tokens, [ahead[0], SUFFIXES[tokens[index].text]], index, firm=True
            )
        return None
    names = [titled(token) for token in tokens[index:end]]
    if len(names) == 1 and tokens[index].text in GENERIC_NAMES and not _main_street(tokens, index):
        return None
    parts = [*ahead, *names, SUFFIXES[tokens[end].text]]
    return _with_direction(tokens, parts, end, firm=tokens[end].text in STRONG_SUFFIXES)


def _counted(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "48 Court" for 48th Court, written as said; its text and last token.

    A number before it is that of a house and no part of the name.
    """
    number = read_number(tokens, at)
    if number is None or tokens[number[1] - 1].ends_clause or not _suffix_at(tokens, number[1]):
        return None
    kind, after = tokens[number[1]], number[1] + 1
    named = after < len(tokens) and not kind.ends_clause and is_name(tokens[after])
    if named or kind.text not in STRONG_SUFFIXES or kind.text in HIGHWAY_WORDS:
        return None
    if not 1 < len(number[0]) <= _SAID_NUMBER or last_group(tokens, at, number[1]) != at:
        return None
    return f"{number[0]} {SUFFIXES[kind.text]}", number[1]


def _house_and_counted(tokens: tuple[Token, ...], at: int) -> Mention | None:
    """As in "3034 48 Court" and "3034-48 Court": a house on a street named by a number."""
    joined = _HOUSE_AND_NUMBER.fullmatch(tokens[at].text)
    if joined and _suffix_at(tokens, at + 1) and tokens[at + 1].text in STRONG_SUFFIXES:
        street = f"{joined[2]} {SUFFIXES[tokens[at + 1].text]}"
        return Mention("address", at, at + 1, 0.75, joined[1], street)
    number = read_number(tokens, at)
    if number is None:
        return None
    split = last_group(tokens, at, number[1])
    named = _counted(tokens, split) if split > at else None
    house = read_number(tokens[:split], at) if named else None
    if named is None or house is None or house[1] != split or len(house[0]) < 2:
        return None
    return Mention("address", at, named[1], 0.75, house[0], named[0])


def _grid(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "104 | West 200 South": a street of a grid is named by how far out it is."""
    if not _is_direction(tokens, at) or at + 2 >= len(tokens):
        return None
    number = read_number(tokens, at + 1)
    if number is None or number[1] >= len(tokens) or tokens[number[1] - 1].ends_clause:
        return None
    way = tokens[number[1]].text
    across = way in DIRECTIONS and len(number[0]) >= _HUNDREDS
    if not across or _suffix_at(tokens, number[1] + 1):
        return None
    ahead = DIRECTIONS[tokens[at].text]
    return f"{ahead} {number[0]} {DIRECTIONS[way]}", number[1]


def _foreign(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "Calle Real", "Camino del Rio", "Avenue of the Elms": the kind comes first."""
    kind = tokens[at]
    if kind.ends_clause or at + 1 >= len(tokens):
        return None
    index, joined = at + 1, False
    while index + 1 < len(tokens) and tokens[index].text in _JOINTS:
        index, joined = index + 1, True
    english = kind.text in {"avenue", "ave"} and tokens[at + 1].text == "of" and joined
    if not english and kind.text not in _KIND_FIRST:
        return None
    last = at
    for more in range(index, min(index + 2, len(tokens))):
        if not is_name(tokens[more]) or (kind.capital and not tokens[more].capital):
            break
        last = more
        if tokens[more].ends_clause:
            break
    if last == at:
        return None
    words = [
        token.raw if token.text in _JOINTS else titled(token) for token in tokens[at : last + 1]
    ]
    return " ".join(words), last


def _main_street(tokens: tuple[Token, ...], at: int) -> bool:
    """As in "Main Street" and "Park Avenue" are names; "the main road" is not."""
    follows = tokens[at + 1].text
    known = tokens[at].text in {"main", "first", "county", "state", "second"}
    before = tokens[at - 1].text if at else ""
    return known and follows in {"street", "st", "avenue", "ave"} and before not in {"the", "a"}


def _ordinal_street(
    tokens: tuple[Token, ...], ahead: list[str], ordinal: tuple[str, int]
) -> tuple[str, int, bool] | None:
    text, after = ordinal
    if not tokens[after - 1].ends_clause and _suffix_at(tokens, after):
        parts = [*ahead, text, SUFFIXES[tokens[after].text]]
        return _with_direction(tokens, parts, after, firm=True)
    return " ".join([*ahead, text]), after - 1, False


def _lettered(tokens: tuple[Token, ...], at: int) -> str:
    """As in "Avenue J": the suffix comes first and one letter follows."""
    if at + 1 >= len(tokens) or tokens[at].ends_clause:
        return ""
    letter = tokens[at + 1]
    if tokens[at].text in {"avenue", "ave", "street", "road"} and (
        len(letter.text) == 1 and letter.text.isalpha() and letter.text not in "ia"
    ):
        return f"{SUFFIXES[tokens[at].text]} {letter.text.upper()}"
    return ""


def _suffix_after_name(tokens: tuple[Token, ...], at: int) -> int | None:
    """The index of the word Street (or the like) that ends one to four name words."""
    for index in range(at, min(at + 5, len(tokens))):
        if index > at and _suffix_at(tokens, index):
            more = index + 1
            joined = not tokens[index].ends_clause and more < len(tokens)
            if joined and tokens[more].text in STRONG_SUFFIXES and tokens[more].text != "st":
                return more
            return index
        if not is_name(tokens[index]) or tokens[index].ends_clause:
            return None
    return None


def is_name(token: Token) -> bool:
    """Whether a token can be part of a name."""
    text = token.text
    return (
        bool(re.fullmatch(r"[a-z][a-z'.&-]*", text))
        and text not in STOP
        and text not in CALENDAR
        and text not in NUMBER_WORDS
        and text not in UNIT_WORDS
        and text not in BOUND
    )


def titled(token: Token) -> str:
    """A word of a name as it is written."""
    return token.raw if token.capital else token.raw[:1].upper() + token.raw[1:]


def _suffix_at(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and tokens[at].text in SUFFIXES


def _is_direction(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and tokens[at].text in DIRECTIONS and not tokens[at].ends_clause


def _with_direction(
    tokens: tuple[Token, ...], parts: list[str], end: int, *, firm: bool
) -> tuple[str, int, bool]:
    after = end + 1
    if (
        not tokens[end].ends_clause
        and after < len(tokens)
        and tokens[after].text in DIRECTIONS
        and not _suffix_at(tokens, after + 1)
    ):
        return " ".join([*parts, DIRECTIONS[tokens[after].text]]), after, firm
    return " ".join(parts), end, firm


def read_house(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """A house number at token `at` and the index after it."""
    number = read_number(tokens, at)
    if number:
        half = [token.text for token in tokens[number[1] : number[1] + 3]] == ["and", "a", "half"]
        return (number[0], number[1] + 3) if half else number
    if at < len(tokens) and _HOUSE.fullmatch(tokens[at].text):
        return tokens[at].text.upper().replace("-", ""), at + 1
    if at + 1 < len(tokens) and _TWO_PARTS.fullmatch(tokens[at].text):
        return (tokens[at].text, at + 1) if street_name(tokens, at + 1) else None
    if at + 1 < len(tokens) and _TWO_FIGURES.fullmatch(tokens[at].text):
        said = tokens[at].text.replace("-", "")
        return (said, at + 1) if street_name(tokens, at + 1) else None
    return None


def _one_by_one(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """As in "one, two, three, four Elm Street": figures said with a pause after each."""
    index, digits = at, ""
    while index < len(tokens) and (digit := single_digit(tokens[index].text)):
        digits += digit
        index += 1
        if tokens[index - 1].ends_sentence or not tokens[index - 1].ends_clause:
            break
    if len(digits) < _FEWEST_PAUSED or index >= len(tokens) or tokens[index - 1].ends_clause:
        return None
    return (digits, index) if len(digits) <= _MOST_FIGURES else None


def street_mention(line: Line, at: int, *, asked: bool) -> Mention | None:
    """An address, a block, an intersection or a street that begins at token `at`."""
    tokens = line.tokens
    counted = _house_and_counted(tokens, at)
    if counted:
        return with_unit(tokens, counted)
    house = _one_by_one(tokens, at) or read_house(tokens, at)
    if house and house[1] < len(tokens):
        found = _numbered(line, at, house, asked=asked)
        if found:
            return with_unit(tokens, _said_again(tokens, found))
    name = street_name(tokens, at)
    if name is None:
        return None
    street, last, firm = name
    between = at > 0 and tokens[at - 1].text == "between"
    crossed = None if between else cross_street(line, last)
    introduced = _introduced(line, at)
    if crossed:
        strength = 0.85 if firm and crossed[2] else 0.65
        if firm or crossed[2] or introduced or asked:
            return Mention("intersection", at, crossed[1], strength, "", street, crossed[0])
    if not firm:
        named = (introduced or asked) and not _goes_on(line, last)
        has_suffix = street.split()[-1] in SUFFIXES.values()
        return Mention("street", at, last, 0.45, "", street) if named and has_suffix else None
    if introduced or asked:
        return Mention("street", at, last, 0.6, "", street)
    named = tokens[at].capital and line.cased and _stands_alone(tokens, at, last)
    return Mention("street", at, last, 0.5, "", street) if named else None


def _introduced(line: Line, at: int) -> bool:
    """Whether "on", "near" or the like stands before a street, "the" before a name between."""
    tokens = line.tokens
    back = at - 1
    if back > 0 and tokens[back].text == "the" and line.cased and tokens[at].capital:
        back -= 1
    return back >= 0 and tokens[back].text in ON and not tokens[back].ends_clause


def _stands_alone(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    """Whether a street fills its clause; inside one, "Marcus Lane" may well be a person."""
    start = first
    while start and not tokens[start - 1].ends_clause and tokens[start - 1].text in _BEFORE_ALONE:
        start -= 1
    opens = start == 0 or tokens[start - 1].ends_clause
    ends = tokens[last].ends_clause or last + 1 == len(tokens)
    after = tokens[last + 1].text if last + 1 < len(tokens) else ""
    return opens and (ends or after in {"in", "at", "by", "near", "right", "please", "not", "and"})


def _said_again(tokens: tuple[Token, ...], found: Mention) -> Mention:
    """As in "12 Mable Lane, Maple Lane": the same kind of street at once again puts it right."""
    last = found.last
    if found.kind != "address" or not tokens[last].ends_clause or tokens[last].ends_sentence:
        return found
    again = street_name(tokens, last + 1)
    if again is None or not again[2]:
        return found
    kinds = [
        {word for word in name.split()[1:] if word in SUFFIXES.values()}
        for name in (found.street, again[0])
    ]
    return replace(found, last=again[1], street=again[0]) if kinds[0] & kinds[1] else found


def _numbered(line: Line, at: int, house: tuple[str, int], *, asked: bool) -> Mention | None:
    tokens = line.tokens
    number, index = house
    if tokens[index].text == "block" and len(number) < _HUNDREDS:
        return None  # "1 block away"
    if tokens[index].text == "block":
        index += 1
        if index < len(tokens) and tokens[index].text in {"of", "on"}:
            index += 1
        named = street_name(tokens, index) or _bare_name(line, index)
        return Mention("block", at, named[1], 0.85, number, named[0]) if named else None
    if tokens[index - 1].ends_sentence:
        return None
    numbered_road = road_number(tokens, index)
    if numbered_road and not tokens[index - 1].ends_clause:
        road = _with_direction(tokens, [numbered_road[0]], numbered_road[1], firm=True)
        return Mention("address", at, road[1], 0.85, number, road[0])
    grid = None if tokens[index - 1].ends_clause else _grid(tokens, index)
    if grid:
        return Mention("address", at, grid[1], 0.75, number, grid[0])
    named = street_name(tokens, index)
    if named and named[0].startswith(f"{number} ") and tokens[index - 1].ends_clause:
        return None  # "48, 48 Court" says one name again
    if named and (named[2] or not _mere_ordinal(tokens, index, named[1], number)):
        street, last, firm = named
        return Mention("address", at, last, 0.92 if firm else 0.7, number, street)
    if _lettered_house(tokens, index):
        named = street_name(tokens, index + 1)
        if named and named[2]:
            written = number + tokens[index].text.upper()
            return Mention("address", at, named[1], 0.8, written, named[0])
    misheard = _misheard(tokens, at, house)
    if misheard:
        return misheard
    cue = asked or _cued(tokens, at)
    speed = at > 0 and tokens[at - 1].text in {"going", "doing", "about", "around", "hitting"}
    bare = (
        _bare_name(line, index) if cue and not speed and not tokens[index - 1].ends_clause else None
    )
    if bare and (len(number) >= 2 or bare[0].split()[0] in DIRECTIONS.values()):
        return Mention("address", at, bare[1], 0.5, number, bare[0])
    return _garbled(line, at, house) if asked else None


def _garbled(line: Line, at: int, house: tuple[str, int]) -> Mention | None:
    """As in "seventeen less per court", in answer: a name that the recogniser took for words.

    It is written as it was heard, so that a map may find what sounds like it.
    """
    tokens = line.tokens
    number, index = house
    start = at
    while start and not tokens[start - 1].ends_clause and tokens[start - 1].text in _BEFORE_ALONE:
        start -= 1
    opens = start == 0 or tokens[start - 1].ends_clause
    if not opens or len(number) < 2 or tokens[index - 1].ends_clause:
        return None
    for last in range(index + 1, min(index + _MOST_GARBLED + 1, len(tokens))):
        words = tokens[index:last]
        if tokens[last - 1].ends_clause or any(token.text in _FUNCTION for token in words):
            return None
        if tokens[last].text in STRONG_SUFFIXES:
            ended = last + 1 == len(tokens) or tokens[last].ends_clause
            if not ended or not all(token.text.isalpha() for token in words):
                return None
            name = " ".join([*(token.raw for token in words), SUFFIXES[tokens[last].text]])
            return Mention("address", at, last, 0.4, number, name)
    return None


def _lettered_house(tokens: tuple[Token, ...], at: int) -> bool:
    """As in "40 B Oak Street": one letter that is no direction and no name."""
    text = tokens[at].text
    return (
        len(text) == 1
        and "b" <= text <= "z"
        and text not in DIRECTIONS
        and tokens[at].capital
        and not tokens[at].ends_clause
        and at + 1 < len(tokens)
        and not _suffix_at(tokens, at + 1)
    )


def _misheard(tokens: tuple[Token, ...], at: int, house: tuple[str, int]) -> Mention | None:
    """As in "at 217 to Elm Street": what sounds like a digit stands where the street should."""
    number, index = house
    before = tokens[at - 1].text if at else ""
    like = {"to": "2", "too": "2", "for": "4"}.get(tokens[index].text)
    ranged = before in {"from", "between", "going", "exit"} or tokens[index - 1].ends_clause
    if like is None or ranged or len(number) != 3:
        return None
    named = street_name(tokens, index + 1)
    if named is None or not named[2]:
        return None
    return Mention("address", at, named[1], 0.7, number, named[0], also=number + like)


def _mere_ordinal(tokens: tuple[Token, ...], first: int, last: int, number: str) -> bool:
    """As in "One second", "the 3 first": an ordinal in words without Street is no street."""
    return first == last and (tokens[first].text in ORDINAL_UNITS or len(number) < 2)


def _cued(tokens: tuple[Token, ...], at: int) -> bool:
    before = [token.text for token in tokens[max(0, at - 3) : at]]
    return "address" in before or before[-1:] in (["at"], ["live"])


def _bare_name(line: Line, at: int) -> tuple[str, int] | None:
    """One to three capitalised names, or up to two lower-case ones that end the line."""
    tokens = line.tokens
    names: list[Token] = []
    for token in tokens[at : at + 4]:
        way = token.text in DIRECTIONS
        if not (is_name(token) or way) or (line.cased and not token.capital and not way):
            break
        names.append(token)
        if token.ends_clause:
            break
    letters = len(names) == 1 and re.fullmatch(r"[^aeiouy]{1,2}", names[0].text)
    plain = all(token.text in DIRECTIONS or token.text in STRONG_SUFFIXES for token in names)
    if not names or len(names) > 3 or letters or plain:
        return None
    end = at + len(names) - 1
    if not line.cased and end != len(tokens) - 1:
        return None
    return " ".join(titled(token) for token in names), end


def cross_street(line: Line, last: int) -> tuple[str, int, bool] | None:
    """The second street of an intersection: after "and", "at", "&" or a cross word."""
    tokens = line.tokens
    index = last + 1
    if index + 1 >= len(tokens) or tokens[last].ends_sentence:
        return None
    said = [token.text for token in tokens[index : index + 3]]
    if said[:2] == ["where", "it"] and said[2:] and said[2] in _MEETS:
        index += 2
    elif tokens[index].text not in _JOINS:
        return None
    index += 1
    if index < len(tokens) and tokens[index].text == "the":
        return None
    name = street_name(tokens, index)
    if name and tokens[last + 1].text in {"near", "by"} and _goes_on(line, name[1]):
        return None  # "by Elm Street School"
    if name:
        return name
    road = road_number(tokens, index)
    if road:
        return road[0], road[1], True
    if tokens[index - 1].text in {"and", "at", "&"} | _MEETS and line.cased:
        bare = _bare_name(line, index)
        return (bare[0], bare[1], False) if bare else None
    return None


def _goes_on(line: Line, last: int) -> bool:
    """Whether a capitalised word follows in the same clause."""
    more = last + 1 < len(line.tokens) and not line.tokens[last].ends_clause
    return more and line.cased and line.tokens[last + 1].capital


def corner_mention(line: Line, at: int, *, asked: bool = False) -> Mention | None:
    """Two names after "corner of", "intersection of", or "on X at Y" where both are capitalised."""
    tokens = line.tokens
    text = tokens[at].text
    start = at + 1
    if text in {"corner", "intersection"}:
        if start < len(tokens) and tokens[start].text in {"of", "at"}:
            start += 1
        strong = True
    elif text in {"on", "at"} and line.cased:
        strong = False
    elif asked and (at == 0 or tokens[at - 1].ends_clause):
        return _whole_corner(line, at)
    else:
        return None
    first = name_or_street(line, start)
    if first is None or first[1] + 2 >= len(tokens):
        return None
    medicine = text == "on" and at > 0 and tokens[at - 1].text in _PRONOUNS
    if medicine and not asked and not street_name(tokens, start):
        return None  # "she's on Valium and Xanax" sounds the same
    joins = {"and", "&", "at"} if strong or text == "on" else {"and", "&"}
    if tokens[first[1]].ends_sentence or tokens[first[1] + 1].text not in joins:
        return None
    second = name_or_street(line, first[1] + 2)
    if second is None:
        return None
    known = sum(
        bool(street_name(tokens, at) or road_number(tokens, at)) for at in (start, first[1] + 2)
    )
    strength = 0.8 if strong else (0.5, 0.65, 0.8)[known]
    return Mention("intersection", start, second[1], strength, "", first[0], second[0])


def _whole_corner(line: Line, at: int) -> Mention | None:
    """As in "Maple and Third.": the two names, one of them surely a street, are the answer."""
    tokens = line.tokens
    first = name_or_street(line, at)
    if first is None or first[1] + 2 >= len(tokens) or tokens[first[1]].ends_clause:
        return None
    if tokens[first[1] + 1].text not in {"and", "&", "at"}:
        return None
    second = name_or_street(line, first[1] + 2)
    if second is None:
        return None
    ended = second[1] + 1 == len(tokens) or tokens[second[1]].ends_clause
    sure = any(street_name(tokens, start) for start in (at, first[1] + 2))
    if not ended or not sure:
        return None
    return Mention("intersection", at, second[1], 0.6, "", first[0], second[0])


def name_or_street(line: Line, at: int) -> tuple[str, int] | None:
    """A street, a numbered road, or up to three capitalised names at token `at`."""
    name = street_name(line.tokens, at)
    if name:
        return name[0], name[1]
    road = road_number(line.tokens, at)
    if road:
        return road
    tokens = line.tokens
    names: list[Token] = []
    for token in tokens[at : at + 3]:
        if not (is_name(token) or token.text in DIRECTIONS) or (line.cased and not token.capital):
            break
        names.append(token)
        if token.ends_clause or not line.cased:
            break
    if not names:
        return None
    return " ".join(titled(token) for token in names), at + len(names) - 1
