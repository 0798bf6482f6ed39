"""Vehicles as described: what was said of each, put together from several sentences. Pure.

A plate is always unconfirmed. Two descriptions that disagree are two vehicles, unless the second
was said as a correction.
"""
# ruff: noqa: E501 - a pattern reads best on one line

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.asking import asks_direction, asks_vehicle
from ringdown.incidents.adapters.rules.dialogue import asked_before, denies, marker_before
from ringdown.incidents.adapters.rules.lexicon import STOP, STRONG_SUFFIXES, WEAK_SUFFIXES
from ringdown.incidents.adapters.rules.meant import PLAYED, meant
from ringdown.incidents.adapters.rules.phrases import Found, Text, as_text, compiled
from ringdown.incidents.adapters.rules.plates import plates_in
from ringdown.incidents.adapters.rules.tokens import CALLER, Line
from ringdown.incidents.adapters.rules.vehicle_list import VehicleClaim
from ringdown.incidents.adapters.rules.vehicle_slots import says_enough, slots_of
from ringdown.incidents.adapters.rules.vehicle_words import (
    ADJECTIVE,
    BODIES,
    BODY,
    COLOUR,
    COLOURS,
    COUNT,
    FEATURES,
    MAKES,
    MODELS,
    NO_VEHICLE_AFTER,
    NO_VEHICLE_BEFORE,
    SHADE,
    SHADES,
    STATES,
    SURE_MODELS,
    YEAR,
)
from ringdown.spoken.vocabulary import word_set

_BEFORE: Final = rf"(?:{SHADE}|{COLOUR}|{ADJECTIVE}|{YEAR})"
_JOIN: Final = rf"(?: (?:and|or|over)(?= (?:{COLOUR}) ))?"
_NOUN: Final = (
    rf"(?:(?:{MAKES})(?: (?:{MODELS}))?(?: (?:{BODY}))?|(?:{MODELS})(?: (?:{BODY}))?|(?:{BODY}))"
)
_PHRASE: Final = rf"(?:(?:{COUNT}) )?(?:{_BEFORE}{_JOIN} )*{_NOUN}"
_AFTER: Final = (
    rf"(?:{_BEFORE} )*(?:{_NOUN})(?:'s|,)?(?: is| was| that's| it's| it is| it was| that is| that was| which is| looks| looked| like| maybe| probably| i think| a| an| kind of)* "
    rf"(?:(?:{SHADE}) )?(?:{COLOUR})(?:(?: and| or)? (?:{COLOUR}))?"
)
_PAINT: Final = rf"(?:(?:{SHADE}) )?(?:{COLOUR})(?:(?: and| or) (?:{COLOUR}))?"
_DEFINITE: Final = frozenset(["the", "that", "this", "his", "her", "their", "my", "same"])
_SAYS_IT: Final = word_set(
    "it's its is was be like think it a an maybe probably possibly in looks looked guess"
)
_WAY: Final = (
    r"(?:(?:north|south|east|west|north ?east|north ?west|south ?east|south ?west)(?:bound)?)"
    r"(?: (?:on|down|up|along|toward|towards) (?:the |state |county |us |interstate )?[\w'-]+(?: (?:[\w'-]+ )?(?:"
    + "|".join([*STRONG_SUFFIXES, *WEAK_SUFFIXES])
    + r"|\d+))?)?"
)
_GO: Final = (
    r"(?:headed|heading|going|went|drove|driving|took off|turned|drove off|sped off|sped|traveling|travelling|"
    r"speeding|left|flying|was|is|goes)(?: off| away| back| out)?"
)
_WHEELS: Final = re.compile(r"\b(?:drove|driving|sped|speeding|drive|traveling|travelling)\b")
_FEET: Final = re.compile(r"\b(?:running|ran|run|walking|walked|foot)\b")


def claims_of(line: Line, before: Sequence[Line]) -> list[VehicleClaim]:
    """What `line` says about vehicles, given the lines before it."""
    if line.side != CALLER:
        return []
    text, asked = as_text(line), asked_before(before)
    asks = asked is not None and asks_vehicle(asked)
    claims = _described(line, text, asked=asks)
    if asked is not None and asks and not claims:
        claims += _unknown_model(line, text) or _bare_answer(line, text, asked)
    if not claims and before and any(_speaks(each) for each in before[-2:]):
        claims += _painted(line, text)
    spoken = bool(claims) or any(_speaks(each) for each in before)
    if spoken:
        claims += _features(line, text)
    claims += [
        VehicleClaim(
            "plate",
            (("plate", _plate_text(plate.written, part=plate.part)),),
            opens=True,
            corrects=denies(line) or plate.reason.endswith("said yes"),
            confidence=plate.confidence,
            evidence=plate.evidence,
            order=line.order,
            at=plate.first,
            reason=plate.reason,
        )
        for plate in plates_in(line, before)
    ]
    claims += _ways(line, text, spoken=spoken, asked=asked is not None and asks_direction(asked))
    claims = meant(claims, line, before, PLAYED)
    return sorted(claims, key=lambda claim: claim.at)


def _plate_text(written: str, *, part: bool) -> str:
    return f"part of plate {written}, unconfirmed" if part else f"plate {written}, unconfirmed"


def _speaks(line: Line) -> bool:
    text = as_text(line)
    return compiled(rf"(?:{BODY}|{MAKES}|{SURE_MODELS})").search(text.text) is not None


def _claim(
    line: Line,
    sort: str,
    slots: Sequence[tuple[str, str]],
    span: tuple[int, int],
    strength: float,
    reason: str,
    *,
    opens: bool = False,
) -> VehicleClaim:
    first, last = span
    return VehicleClaim(
        *(sort, tuple(slots)),
        opens=opens,
        corrects=denies(line) or marker_before(line.tokens, first) is not None,
        confidence=strength * line.sureness(first, last),
        evidence=(line.evidence(first, last),),
        order=line.order,
        at=first,
        reason=reason,
    )


def _described(line: Line, text: Text, *, asked: bool) -> list[VehicleClaim]:
    claims: list[VehicleClaim] = []
    taken: set[int] = set()
    for pattern in (_AFTER, _PHRASE):
        for found in text.find(pattern):
            if taken & set(range(found.first, found.last + 1)):
                continue
            made = _one(line, found, asked=asked)
            if made is not None:
                claims.append(made)
                taken |= set(range(found.first, found.last + 1))
    return claims


def _one(line: Line, found: Found, *, asked: bool) -> VehicleClaim | None:
    tokens = line.tokens
    if found.denied or found.supposed:
        return None
    before = tokens[found.first - 1].text if found.first else ""
    after = tokens[found.last + 1].text if found.last + 1 < len(tokens) else ""
    if tokens[found.last].ends_clause:
        after = ""
    if before in NO_VEHICLE_BEFORE or after in NO_VEHICLE_AFTER:
        return None
    if after in STRONG_SUFFIXES or (after in WEAK_SUFFIXES and tokens[found.last].capital):
        return None
    slots = slots_of(tokens[found.first : found.last + 1])
    if not says_enough(dict(slots), asked=asked):
        return None
    owner = _owner(tokens[max(0, found.first - 4) : found.first])
    lead = tokens[found.first - 1].text if found.first else ""
    hedge = tokens[found.first - 2].text if found.first > 1 else ""
    opens = lead not in _DEFINITE | _SAYS_IT or (
        lead in {"a", "an", "in"} and hedge not in _SAYS_IT
    )
    strength = 0.85 if len(slots) > 1 else 0.65
    return _claim(
        *(line, "seen", [*slots, *owner], (found.first, found.last), strength),
        "described in answer to a question" if asked else "described by the caller",
        opens=opens,
    )


def _owner(before: Sequence[object]) -> list[tuple[str, str]]:
    said = [getattr(token, "text", "") for token in before]
    if (
        "my" in said
        or "our" in said
        or any(
            said[at : at + 2] in (["i'm", "in"], ["i'm", "driving"], ["we're", "in"], ["am", "in"])
            for at in range(len(said))
        )
    ):
        return [("owner", "the caller's")]
    return []


def _bare_answer(line: Line, text: Text, asked: Line) -> list[VehicleClaim]:
    """A colour, a year or a body alone, in answer to a question."""
    found = next(iter(text.find(_PAINT)), None)
    slot = "colour"
    if found is None and any(token.text == "year" for token in asked.tokens):
        found, slot = next(iter(text.find(YEAR)), None), "year"
    if found is None or found.denied or found.supposed:
        return []
    slots = [(slot, _raw(line, found))]
    span = (found.first, found.last)
    made = _claim(line, "answer", slots, span, 0.75, "described in answer to a question")
    question = as_text(asked)
    for name, body in BODIES.items():
        named = next(iter(question.find(body)), None)
        if named is not None:
            return [
                replace(
                    made,
                    slots=((f"body {name}", _raw(asked, named)), *made.slots),
                    evidence=(asked.evidence(named.first, named.last), *made.evidence),
                )
            ]
    return [made]


def _unknown_model(line: Line, text: Text) -> list[VehicleClaim]:
    """As in "old green Blazer" to "what's he driving?": a name that no list has."""
    for found in text.find(rf"(?:{_BEFORE}{_JOIN} )+[\w-]+"):
        tokens = line.tokens[found.first : found.last + 1]
        name = tokens[-1]
        ends = name.ends_clause or found.last == len(line.tokens) - 1
        if found.denied or found.supposed or not ends or name.text in STOP | COLOURS | SHADES:
            continue
        slots = [*slots_of(tokens[:-1]), ("model", name.raw)]
        span = (found.first, found.last)
        return [_claim(line, "seen", slots, span, 0.6, "described in answer to a question")]
    return []


def _painted(line: Line, text: Text) -> list[VehicleClaim]:
    """As in "it was silver", of the vehicle spoken of just before."""
    pattern = rf"(?:it's|it is|it was|was|no|no sorry|not \w+) (?:\w+ )??(?:{_PAINT})"
    for found in text.find(pattern):
        after = line.tokens[found.last + 1] if found.last + 1 < len(line.tokens) else None
        if after is not None and not line.tokens[found.last].ends_clause:
            continue
        colours = [
            at
            for at in range(found.first, found.last + 1)
            if line.tokens[at].text in COLOURS
            or (line.tokens[at].text in SHADES and line.tokens[at].text != "two")
        ]
        span = (colours[0], colours[-1])
        said = " ".join(line.tokens[at].raw for at in colours)
        return [_claim(line, "answer", [("colour", said)], span, 0.7, "described by the caller")]
    return []


def _raw(line: Line, found: Found) -> str:
    return " ".join(token.raw for token in line.tokens[found.first : found.last + 1])


def _features(line: Line, text: Text) -> list[VehicleClaim]:
    state = rf"(?:{STATES}) (?:license )?(?:plates?|tags?)"
    claims: list[VehicleClaim] = []
    for found in text.find(rf"{FEATURES}|{state}"):
        said = _raw(line, found)
        first = line.tokens[found.first].text
        if found.supposed or (found.denied and first not in {"no", "without"}):
            continue
        claims.append(
            _claim(
                line,
                "feature",
                [("feature", said)],
                (found.first, found.last),
                0.75,
                "described by the caller",
            )
        )
    return claims


def _ways(line: Line, text: Text, *, spoken: bool, asked: bool) -> list[VehicleClaim]:
    """Which way it went, if a vehicle goes there."""
    said = text.text
    if not spoken or (_FEET.search(said) and not _WHEELS.search(said)):
        return []
    patterns = [
        rf"{_GO} {_WAY}",
        r"(?:north|south|east|west)bound(?: (?:on|lanes?) [\w'-]+(?: \d+)?)?",
    ]
    if asked:
        patterns.append(_WAY)
    for pattern in patterns:
        for found in text.find(pattern):
            if found.denied or found.supposed:
                continue
            words = " ".join(token.raw for token in line.tokens[found.first : found.last + 1])
            return [
                _claim(
                    line,
                    "way",
                    [("way", words)],
                    (found.first, found.last),
                    0.75,
                    "which way it went",
                )
            ]
    return []
