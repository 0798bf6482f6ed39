"""The location: what each line claims about it, and what all claims together come to. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.answers import answered, asked_for, displaced
from ringdown.incidents.adapters.rules.composed import is_beside
from ringdown.incidents.adapters.rules.dialogue import (
    affirms,
    asks_location,
    denies,
    marker_before,
    negated,
    opening,
    sentence,
)
from ringdown.incidents.adapters.rules.elsewhere import asks_elsewhere, bearing_of, question_bearing
from ringdown.incidents.adapters.rules.lexicon import UNIT_WORDS
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.numbers import read_number
from ringdown.incidents.adapters.rules.places import BRANDS, PLACE_NOUNS, find_places
from ringdown.incidents.adapters.rules.ranking import PlaceClaim, Standing, ranked, resolve
from ringdown.incidents.adapters.rules.spelled import put_right, spelled_in, tokens_of
from ringdown.incidents.adapters.rules.streets import read_house
from ringdown.incidents.adapters.rules.tokens import (
    CALL_TAKER,
    CALLER,
    Line,
    Token,
    without_fillers,
)
from ringdown.incidents.adapters.rules.units import read_unit, unit_named
from ringdown.incidents.ports import Evidence

__all__ = ["PlaceClaim", "claims_of", "ranked", "resolve"]

_UNNUMBERED: Final = frozenset(["landmark", "area"])
_NAME_OF: Final = re.compile(r"\b(name of the|what|which) (?:\S+ ){0,2}?([\w']+)")
_SHORT: Final = 5
"""Words of an answer that says a unit and nothing more."""
_AGREE: Final = frozenset(
    ["right", "it is", "that's it", "that's the one", "that is it", "you got it", "sure is"]
)
_LEAD: Final = 2
"""Words that may stand before a street that completes a number, as in "it's on"."""
_NO_UNITS: Final = frozenset(["floor", "building", "lot", "space"])
"""What is said of many things; only in the breath of the address it is a unit."""
_ASKING: Final = frozenset(["address", "location", "where", "where's", "located", "street"])
_LEADING: Final = frozenset(["it's", "uh", "um", "yeah", "yes", "at", "i'm", "we're", "on", "okay"])
_ECHO: Final = 2
"""A name of so few letters says nothing when it comes again."""
_BARE: Final = 4
"""How many lines back a bare number looks for its street."""


def claims_of(line: Line, before: Sequence[Line]) -> list[PlaceClaim]:
    """What `line` says about the location, given the lines before it, oldest first."""
    line, before = without_fillers(line), [without_fillers(each) for each in before]
    question = _asked(line, before)
    asked = question is not None
    mentions = find_places(line, asked=asked)
    if line.side == CALL_TAKER:
        return [
            _claim(line, mention, "said", mention.strength * 0.6, "follows the question at once")
            if _answers_itself(line, mention)
            else _claim(
                line, mention, "read_back", mention.strength * 0.4, "said by the call-taker only"
            )
            for mention in mentions
            if mention.kind not in _UNNUMBERED or mention.strength > 0.5
        ]
    claims = [_said(line, mention, asked=question) for mention in mentions]
    claims += _affirmed(line, before)
    claims += _answers(line, before, mentions) or _completed(line, before, mentions, asked=asked)
    claims += _taken_back(line, claims)
    claims += _spelled(line, before, mentions)
    return claims


def _spelled(line: Line, before: Sequence[Line], mentions: list[Mention]) -> list[PlaceClaim]:
    """As in "Reed Road, R-E-I-D": the name as it was spelled, in this line or the one before."""
    spelled = spelled_in(line.words)
    if not spelled:
        return []
    earlier = _earlier_mention(before)
    source, mention = (line, mentions[-1]) if mentions else earlier or (line, None)
    found = put_right(mention.street, spelled) if mention else None
    if mention is None or found is None or found[0].lower() == mention.street.lower():
        return []
    letters = tokens_of(line, found[1])
    if letters is None:
        return []
    right = replace(mention, street=found[0])
    spans = [(source, mention.first, mention.last), (line, *letters)]
    joined = _joined(line, right, mention.strength, spans, "the name as it was spelled")
    return [replace(joined, standing="corrected")]


def _answers_itself(line: Line, mention: Mention) -> bool:
    """As in "what's the address? 12 Oak Street. What's going on?": two speakers on one line.

    Where both voices share a track, the answer stands in the call-taker's words now and then.
    """
    tokens = line.tokens
    start, end = sentence(tokens, mention.first)
    if not start or tokens[end].question or mention.kind in {*_UNNUMBERED, "street"}:
        return False
    if any(token.text not in _LEADING for token in tokens[start : mention.first]):
        return False
    first, last = sentence(tokens, start - 1)
    asked = {token.text for token in tokens[first : last + 1]}
    return tokens[last].question and bool(asked & _ASKING)


def _asked(line: Line, before: Sequence[Line]) -> Line | None:
    """The call-taker's last line or the one before, if it asked where."""
    if line.side != CALLER:
        return None
    takers = [earlier for earlier in before if earlier.side == CALL_TAKER][-2:]
    if takers and asks_elsewhere(takers[-1]):
        return None
    for taker in reversed(takers):
        if (asks_location(taker) or _asks_name(taker)) and not asks_elsewhere(taker):
            return taker
    return None


def _asks_name(taker: Line) -> bool:
    """As in "what's the name of the park", "what store are you at"."""
    said = " ".join(token.text for token in taker.tokens)
    return any(
        found[2] in PLACE_NOUNS or found[2] in BRANDS or found[2] == "business"
        for found in _NAME_OF.finditer(said)
    )


def _said(line: Line, mention: Mention, *, asked: Line | None) -> PlaceClaim:
    tokens = line.tokens
    strength, reason = mention.strength, _REASONS[mention.kind]
    bearing = bearing_of(line, mention)
    if asked is not None and bearing == "plain":
        bearing = question_bearing(asked)
    if bearing == "gone" or (bearing == "other" and not asked):
        strength, reason = strength * 0.5, f"{reason}; perhaps not where help is needed"
    elif asked and mention.kind in {"address", "landmark", "highway"}:
        strength, reason = min(0.95, strength * 1.05), f"{reason}, in answer to a question"
    if _is_denied(tokens, mention):
        return _claim(line, mention, "withdrawn", 0.2, "said not to be the place")
    marker = marker_before(tokens, mention.first)
    fixed = marker is not None and bearing not in {"gone", "other"}
    if fixed and not (marker == 0 and tokens[0].ends_sentence and len(tokens) > 12):
        return _claim(line, mention, "corrected", strength, f"{reason}, as a correction")
    claim = _claim(line, mention, "said", strength, reason)
    return replace(claim, bearing=bearing, asked=asked is not None, led=_led(line, mention))


def _led(line: Line, mention: Mention) -> Evidence | None:
    first = mention.first - mention.lead
    return line.evidence(first, mention.last) if mention.lead else None


def _is_denied(tokens: tuple[Token, ...], mention: Mention) -> bool:
    """As in "not on Elm Street"."""
    at = mention.first
    if at and tokens[at - 1].text in {"at", "on", "in", "near", "from", "the"}:
        at -= 1
    previous = tokens[at - 1].text if at else ""
    return previous == "not" or (
        mention.kind in {"landmark", "area"} and negated(tokens, mention.first)
    )


_REASONS: Final = {
    "address": "house number and street",
    "block": "block of a street",
    "street": "street name",
    "intersection": "two streets that cross",
    "highway": "numbered road",
    "landmark": "named place or landmark",
    "area": "area or place by its name",
}


def _claim(
    line: Line, mention: Mention, standing: Standing, strength: float, reason: str
) -> PlaceClaim:
    return PlaceClaim(
        mention,
        standing,
        strength * line.sureness(mention.first, mention.last),
        (line.evidence(mention.first, mention.last),),
        line.order,
        reason,
    )


def _affirmed(line: Line, before: Sequence[Line]) -> list[PlaceClaim]:
    """The caller's "yes" to a place that the call-taker has just read back, or the "no".

    Saying its street or number again is a yes too.
    """
    if not before or before[-1].side != CALL_TAKER or not line.tokens:
        return []
    taker = before[-1]
    asked = _asked_before(before)
    mentions = [
        mention
        for mention in find_places(taker, asked=asked)
        if mention.kind not in _UNNUMBERED or mention.strength > 0.5 or is_beside(mention)
    ]
    if not mentions or mentions[-1].spot:
        return []
    mention = mentions[-1]
    no = denies(line)
    word = 0 if no else _agreement(line, mention)
    if word is None:
        return []
    if affirms(line) or no:
        word = next(i for i, token in enumerate(line.tokens) if token.text == opening(line))
    sure = min(taker.sureness(mention.first, mention.last), line.sureness(word, word))
    evidence = (taker.evidence(mention.first, mention.last), line.evidence(word, word))
    if no:
        return [
            PlaceClaim(
                mention, "withdrawn", 0.2 * sure, evidence, line.order, "the caller said no to it"
            )
        ]
    return [
        PlaceClaim(
            mention,
            "affirmed",
            mention.strength * 0.9 * sure,
            evidence,
            line.order,
            "read back by the call-taker, the caller said yes",
            asked=True,
            led=_led(taker, mention),
        )
    ]


def _agreement(line: Line, mention: Mention) -> int | None:
    """The word with which the caller agrees to a read-back, if there is one."""
    tokens = line.tokens
    if affirms(line):
        return 0
    if len(tokens) <= _SHORT and " ".join(token.text for token in tokens) in _AGREE:
        return 0
    if len(tokens) > _SHORT or mention.kind != "address" or negated(tokens, len(tokens)):
        return None
    name = mention.street.lower().split()
    for at, token in enumerate(tokens):
        number = read_number(tokens, at)
        if number:
            return at if number[0] == mention.number else None
        if token.text == name[0] and len(name[0]) > _ECHO:
            return at
    return None


def _asked_before(before: Sequence[Line]) -> bool:
    return any(asks_location(line) for line in before[-4:])


def _answers(line: Line, before: Sequence[Line], mentions: list[Mention]) -> list[PlaceClaim]:
    """The place said before, with the cross street, city, block or marker that was asked for."""
    earlier = _earlier_mention([each for each in before if each.side == CALLER])
    found = answered(line, before, mentions, earlier[1]) if earlier else None
    if earlier and found is None and not mentions and line.side == CALLER:
        found = displaced(line, earlier[1])
    if earlier is None or found is None:
        return []
    source, old = earlier
    mention, (first, last), reason = found
    asked = asked_for(before[-1], mention)
    spans = [(source, old.first, old.last), (line, first, last)]
    if asked:
        spans.insert(1, (before[-1], *asked))
    claim = _joined(line, mention, mention.strength, spans, reason)
    if mention.beside:
        claim = replace(claim, standing="corrected", bearing="here")
    return [claim]


def _joined(
    line: Line,
    mention: Mention,
    strength: float,
    spans: Sequence[tuple[Line, int, int]],
    reason: str,
) -> PlaceClaim:
    """A claim that rests on words of several lines; it is no surer than the least sure of them."""
    return PlaceClaim(
        mention,
        "said",
        strength * min(source.sureness(first, last) for source, first, last in spans),
        tuple(source.evidence(first, last) for source, first, last in spans),
        line.order,
        reason,
    )


def _completed(
    line: Line, before: Sequence[Line], mentions: list[Mention], *, asked: bool
) -> list[PlaceClaim]:
    """A street and its house number (or unit) said in two lines, joined with both as evidence."""
    earlier = _earlier_mention(before)
    if mentions:
        return _number_first(line, before, mentions) or _number_again(line, mentions)
    unit = _unit_later(line, before, earlier)
    bare = None if unit else _bare_number(line, asked=asked)
    if bare and earlier:
        number, first, last, corrected = bare
        source, mention = earlier
        if mention.kind not in {"address", "street", "block"}:
            return []
        if (mention.number and not corrected) or mention.number == number:
            return []
        joined = replace(mention, kind="address", number=number, strength=0.85)
        return [
            PlaceClaim(
                joined,
                "corrected" if corrected else "said",
                0.85
                * min(line.sureness(first, last), source.sureness(mention.first, mention.last)),
                (source.evidence(mention.first, mention.last), line.evidence(first, last)),
                line.order,
                "house number corrected" if corrected else "house number said after the street",
            )
        ]
    return unit


def _number_first(line: Line, before: Sequence[Line], mentions: list[Mention]) -> list[PlaceClaim]:
    """As in "2210." … "Genesee Street.": the number ended the caller's line before this one."""
    mention = mentions[0]
    if mention.kind != "street" or mention.first > _LEAD:
        return []
    corrected = denies(line) or marker_before(line.tokens, mention.first) is not None
    if corrected:
        earlier = _earlier_mention(before)
        if earlier and earlier[1].kind == "address" and earlier[0].side == CALLER:
            source, old = earlier
            number_at = read_house(source.tokens, old.first)
            last = number_at[1] - 1 if number_at else old.first
            return [
                PlaceClaim(
                    replace(mention, kind="address", number=old.number, strength=0.85),
                    "corrected",
                    0.85
                    * min(
                        line.sureness(mention.first, mention.last),
                        source.sureness(old.first, last),
                    ),
                    (source.evidence(old.first, last), line.evidence(mention.first, mention.last)),
                    line.order,
                    "street corrected, the number stays",
                )
            ]
    own = [earlier for earlier in before[-3:] if earlier.side == line.side]
    if not own or find_places(own[-1], asked=False):
        return []
    source = own[-1]
    for first in range(len(source.tokens)):
        number = read_number(source.tokens, first)
        if number and number[1] == len(source.tokens) and 2 <= len(number[0]) <= 5:
            last = number[1] - 1
            return [
                PlaceClaim(
                    replace(mention, kind="address", number=number[0], strength=0.85),
                    "said",
                    0.85
                    * min(line.sureness(mention.first, mention.last), source.sureness(first, last)),
                    (source.evidence(first, last), line.evidence(mention.first, mention.last)),
                    line.order,
                    "house number said before the street",
                )
            ]
    return []


def _number_again(line: Line, mentions: list[Mention]) -> list[PlaceClaim]:
    """As in "forty Oak Street, no, forty two": the number is corrected in the same breath."""
    mention, tokens = mentions[-1], line.tokens
    if mention.kind != "address":
        return []
    for first in range(mention.last + 1, len(tokens)):
        number = read_number(tokens, first)
        if number is None:
            continue
        last = number[1] - 1
        ended = number[1] == len(tokens) or tokens[last].ends_clause
        marker = marker_before(tokens, first)
        if not ended or marker is None or marker <= mention.last or number[0] == mention.number:
            return []
        return [
            PlaceClaim(
                replace(mention, number=number[0], also=""),
                "corrected",
                0.85 * line.sureness(mention.first, last),
                (line.evidence(mention.first, last),),
                line.order,
                "house number corrected",
                withdraws=mention.number,
            )
        ]
    return []


def _unit_answered(
    line: Line, before: Sequence[Line]
) -> tuple[str, list[tuple[Line, int, int]]] | None:
    """As in "apartment number?" "four B": the unit is all that the line says."""
    tokens = line.tokens
    if not before or not 1 <= len(tokens) <= _SHORT:
        return None
    question = before[-1].tokens
    start = max(0, len(question) - _BARE)
    asked = [at for at in range(start, len(question)) if question[at].text in UNIT_WORDS]
    open_end = bool(question) and (question[-1].question or before[-1].side == CALL_TAKER)
    if not asked or not open_end:
        return None
    if any(read_unit(question, at) for at in range(start, len(question))):
        return None
    for at in range(len(tokens)):
        unit = read_unit(tokens, at)
        if unit and (unit[1] == len(tokens) - 1 or tokens[unit[1]].ends_clause):
            label = UNIT_WORDS[question[asked[-1]].text]
            spans = [(before[-1], asked[-1], asked[-1]), (line, at, unit[1])]
            return f"{label} {unit[0]}", spans
    return None


def _unit_later(
    line: Line, before: Sequence[Line], earlier: tuple[Line, Mention] | None
) -> list[PlaceClaim]:
    """As in "Apartment four", said after the address."""
    if not earlier or earlier[1].kind != "address" or earlier[1].detail:
        return []
    source, mention = earlier
    at_first = (source, mention.first, mention.last)
    answer = _unit_answered(line, before)
    if answer:
        detailed = replace(mention, detail=answer[0])
        reason = "unit said in answer to a question"
        return [_joined(line, detailed, 0.85, [at_first, *answer[1]], reason)]
    for at, token in enumerate(line.tokens[:-1]):
        unit = None if token.text in _NO_UNITS else unit_named(line.tokens, at)
        if unit:
            spans = [at_first, (line, at, unit[1])]
            detailed = replace(mention, detail=unit[0])
            return [_joined(line, detailed, 0.85, spans, "unit said after the address")]
    return []


def _earlier_mention(before: Sequence[Line]) -> tuple[Line, Mention] | None:
    for line in reversed(before[-_BARE:]):
        mentions = [m for m in find_places(line, asked=True) if m.kind not in _UNNUMBERED]
        if mentions:
            return line, mentions[-1]
    return None


def _bare_number(line: Line, *, asked: bool) -> tuple[str, int, int, bool] | None:
    """A house number that is all the line says, or that a correcting word introduces."""
    tokens = line.tokens
    for first in range(len(tokens)):
        if first and _continues(line, first):
            continue
        number = read_number(tokens, first)
        if number is None or not 1 <= len(number[0]) <= 5:
            continue
        last = number[1] - 1
        if number[1] < len(tokens) and not tokens[last].ends_clause:
            following = tokens[number[1]].text
            if following not in {"not", "that's", "it's", "sorry", "i"}:
                continue
        if first and tokens[first - 1].text == "not":
            continue
        taken_back = number[1] < len(tokens) and tokens[number[1]].text == "not"
        corrected = marker_before(tokens, first) is not None or taken_back or denies(line)
        if corrected or (asked and len(tokens) <= 8):
            return number[0], first, last, corrected
    return None


def _continues(line: Line, at: int) -> bool:
    """Whether token `at` is the middle of a number."""
    number = read_number(line.tokens, at - 1)
    return number is not None and number[1] > at


def _taken_back(line: Line, claims: list[PlaceClaim]) -> list[PlaceClaim]:
    """As in "not forty": the number that the caller took back is marked on the claim beside it."""
    tokens = line.tokens
    for at, token in enumerate(tokens[:-1]):
        if token.text != "not":
            continue
        number = read_number(tokens, at + 1)
        if number is None:
            continue
        for index, claim in enumerate(claims):
            if claim.mention.number and claim.mention.number != number[0]:
                claims[index] = replace(claim, standing="corrected", withdraws=number[0])
    return []
