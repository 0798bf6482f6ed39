"""The city, neighbourhood or state said with a place. Pure."""

import re
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.lexicon import CALENDAR, SUFFIXES
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.streets import is_name, street_name, titled
from ringdown.incidents.adapters.rules.tokens import Line, Token
from ringdown.spoken.vocabulary import word_set

STATES: Final = word_set(
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia "
    "hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts "
    "michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon "
    "pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming"
) | {
    *("new hampshire", "new jersey", "new mexico", "new york", "north carolina", "north dakota"),
    *("rhode island", "south carolina", "south dakota", "west virginia"),
}
_AREAS: Final = ("city", "town", "township", "village", "county", "borough", "heights", "hills")
"""What says by itself that a name before it is that of an area."""
_NOT_AREAS: Final = word_set(
    "yes yeah yep no nope okay ok correct right exactly sir ma'am hello help hurry please thanks "
    "thank god jesus oh um uh what huh and but apartment nothing ambulance police fire mom mommy "
    "dad daddy lord christ bye hi hey sorry wait stop come she he they it this that there is "
    "recovery love peace need pain trouble danger labor shock jail prison tears "
    "spanish english french bed class court custody heaven hell surgery treatment hospital"
)
_INTO_CITY: Final = word_set("here in the that's it's which is")
_LONGEST: Final = 3


def with_city(line: Line, mention: Mention) -> Mention:
    """The mention with the city that follows it: "in Fairview", ", Fairview, Ohio"."""
    tokens = line.tokens
    if mention.kind == "landmark" or tokens[mention.last].ends_sentence:
        return mention
    at = mention.last + 1
    if at < len(tokens) and tokens[at].text in {"in", "here", "that's", "it's", "which"}:
        while at < len(tokens) and tokens[at].text in _INTO_CITY:
            at += 1
        found = area_at(line, at) if tokens[at - 1].text in {"in", "the"} else None
    elif tokens[mention.last].ends_clause:
        found = area_at(line, at)
        if found and not (_ends(tokens, found[1]) or "," in found[0]):
            return mention
    else:
        found = state_at(tokens, at)
    return replace(mention, last=found[1], city=found[0]) if found else mention


def area_at(line: Line, at: int) -> tuple[str, int] | None:
    """The name of an area at token `at`, and its last token.

    It is written with capitals, or followed by its state, or it says that it is a town.
    """
    tokens = line.tokens
    if at >= len(tokens) or street_name(tokens, at):
        return None
    names: list[Token] = []
    for index in range(at, min(at + _LONGEST, len(tokens))):
        token = tokens[index]
        if not is_area_word(line, index):
            break
        names.append(token)
        state = None if index + 1 >= len(tokens) else state_at(tokens, index + 1)
        if state:
            return f"{_written(names)}, {state[0]}", state[1]
        if token.ends_clause:
            break
    if not names or names[-1].text in SUFFIXES:
        return None
    if line.cased and not names[0].capital:
        return None
    if not line.cased and (len(names) < 2 or names[-1].text not in _AREAS):
        return None
    return _written(names), at + len(names) - 1


def state_at(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """The name of a state at token `at`, and its last token."""
    if at >= len(tokens):
        return None
    pair = " ".join(token.text for token in tokens[at : at + 2])
    if " " in pair and pair in STATES and not tokens[at].ends_clause:
        return _written([tokens[at], tokens[at + 1]]), at + 1
    return (titled(tokens[at]), at) if tokens[at].text in STATES else None


def is_area_word(line: Line, at: int) -> bool:
    """Whether a word can be part of an area's name."""
    token = line.tokens[at]
    if re.fullmatch(r"\w(-\w)+", token.text):
        return False  # spelled
    plain = is_name(token) or token.text in {"north", "south", "east", "west", "st", "fort"}
    if not plain or token.text in _NOT_AREAS or token.text in CALENDAR:
        return False
    return token.capital or not line.cased


def _ends(tokens: tuple[Token, ...], last: int) -> bool:
    return last == len(tokens) - 1 or tokens[last].ends_sentence


def _written(names: list[Token]) -> str:
    return " ".join(titled(token) for token in names)


def only_area(line: Line) -> tuple[str, int, int] | None:
    """The area that is all a line says ("Fairview.", "in Fairview"), first and last token."""
    tokens = line.tokens
    at = 0
    while at < len(tokens) and (
        tokens[at].text in {"in", "it's", "the", "uh", "um", "yeah", "yes", "it", "is", "we're"}
    ):
        at += 1
    found = area_at(line, at) or _first_word(line, at)
    if found is None or not _ends(tokens, found[1]):
        return None
    return found[0], at, found[1]


def _first_word(line: Line, at: int) -> tuple[str, int] | None:
    """In a line without capitals but its first, up to two words that could be a name."""
    tokens = line.tokens
    if line.cased or not 1 <= len(tokens) - at <= 2:
        return None
    rest = tokens[at:]
    if all(is_area_word(line, index) for index in range(at, len(tokens))):
        return _written(list(rest)), len(tokens) - 1
    return None


CITY_QUESTION: Final = re.compile(
    r"\b(what|which) (city|town|township|county|area|part of town|neighborhood|municipality)\b"
    r"|\bcity or (town|county)\b|\bwhat('s| is) the (city|town)\b"
)
"""The call-taker asks in which city."""
