"""The type and the severity: which phrases a line holds, and what all of them come to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdown.incidents.adapters.rules.concepts import named_together
from ringdown.incidents.adapters.rules.context import DISCOUNTED, stance
from ringdown.incidents.adapters.rules.dialogue import (
    affirms,
    asks_awake,
    asks_breathing,
    denies,
    opening,
    sentence,
)
from ringdown.incidents.adapters.rules.kinds import PHRASES, RAISED, SELF_NEGATING, Phrase
from ringdown.incidents.adapters.rules.kinds_plain import PLAIN
from ringdown.incidents.adapters.rules.kinds_wide import ASKED, TAKER, WIDE
from ringdown.incidents.adapters.rules.phrases import Found, Text, as_text
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.adapters.rules.topics import hinted
from ringdown.incidents.ports import Evidence, Proposal
from ringdown.incidents.types import BY_CODE, LEVELS, Level, type_text

_ALL: Final[tuple[Phrase, ...]] = (*PHRASES, *WIDE, *PLAIN)
_HEARSAY: Final = (
    r"neighbou?r (?:said|says|told)|(?:someone|somebody|they|he|she) (?:said|says|told)"
)


@dataclass(frozen=True, slots=True)
class KindClaim:
    """A phrase that speaks for a type; `code` is empty when it speaks for a severity alone."""

    code: str
    level: Level
    strength: float
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str
    until: int = 0
    """The last token of the phrase, where it stands in one line."""
    told: bool = False
    """Whether the call-taker says it."""
    hint: bool = False
    """Whether a single word only hints at it."""


def claims_of(line: Line, before: Sequence[Line]) -> list[KindClaim]:
    """What `line` says about the kind of incident, given the lines before it."""
    if line.side != CALLER:
        return _told(line, before) if line.side == CALL_TAKER else []
    claims = list(_phrases(as_text(line, before), line))
    if not claims:
        claims = _service(line, before)
    taker = before[-1] if before and before[-1].side == CALL_TAKER else None
    if taker is not None:
        claims += _answered(line, taker)
    return claims


_SERVICES: Final = (
    ("unknown_trouble", r"police|cops?|sheriff|deputy|officers?"),
    ("fire", r"fire(?: department| truck)?"),
    ("sick", r"ambulance|medical|medic|paramedics?"),
)
_SHORT: Final = 6
"""Words of an answer that only says which service."""


def _service(line: Line, before: Sequence[Line]) -> list[KindClaim]:
    """The answer to "police, fire or ambulance": a kind of help, when nothing else is said yet."""
    takers = [earlier for earlier in before if earlier.side == CALL_TAKER][-1:]
    asked = [
        next(as_text(taker).find(r"police,? (?:or )?(?:fire|ambulance)"), None) for taker in takers
    ]
    if len(line.tokens) > _SHORT or not any(asked):
        return []
    return [
        _claim(
            line,
            found,
            code,
            level=BY_CODE[code].usual,
            strength=0.5,
            reason="which service the caller asks for",
        )
        for code, pattern in _SERVICES
        for found in as_text(line).find(pattern)
        if not found.denied
    ]


def _told(line: Line, before: Sequence[Line]) -> list[KindClaim]:
    """What the call-taker tells a caller who has spoken: help on its way, what to do, whom to call.

    A question tells nothing.
    """
    if not any(earlier.side == CALLER and earlier.tokens for earlier in before):
        return []
    return [
        replace(
            _claim(
                line,
                found,
                phrase.code,
                level=phrase.level or BY_CODE[phrase.code].usual,
                strength=phrase.strength,
                reason=f"the call-taker speaks of: {type_text(phrase.code).lower()}",
            ),
            told=True,
        )
        for phrase in TAKER
        for found in as_text(line).find(phrase.pattern)
        if not found.supposed and not _asked(line, found)
    ]


def _asked(line: Line, found: Found) -> bool:
    _, end = sentence(line.tokens, found.last)
    return line.tokens[end].question


def _phrases(text: Text, line: Line) -> list[KindClaim]:
    claims: list[KindClaim] = []
    hearsay = next(text.find(_HEARSAY), None)
    for phrase in _ALL:
        for found in text.find(phrase.pattern):
            if _discounted(found, phrase.code) or _almost(line, found.first, phrase.code):
                continue
            strength, reason = phrase.strength, f"said of: {type_text(phrase.code).lower()}"
            if hearsay is not None and hearsay.first < found.first:
                strength, reason = strength * 0.85, f"{reason}, as told by another"
            level = phrase.level or BY_CODE[phrase.code].usual
            claims.append(
                _claim(line, found, phrase.code, level=level, strength=strength, reason=reason)
            )
    claims = [claim for claim in claims if not any(_inside(claim, other) for other in claims)]
    claims += _hints(line)
    for concept, found in named_together(text):
        if _discounted(found, concept.code):
            continue
        level = concept.level or BY_CODE[concept.code].usual
        reason = f"named together: {type_text(concept.code).lower()}"
        strength = concept.strength * (0.85 if hearsay and hearsay.first < found.first else 1.0)
        claims.append(
            _claim(line, found, concept.code, level=level, strength=strength, reason=reason)
        )
    for pattern, level, strength in RAISED:
        claims += [
            _claim(line, found, "", level=level, strength=strength, reason="says how grave it is")
            for found in text.find(pattern)
            if not _discounted(found, "")
        ]
    return claims


def _hints(line: Line) -> list[KindClaim]:
    """What single words hint at, unless they are denied or only supposed."""
    claims: list[KindClaim] = []
    for code, at, strength in hinted(line):
        meant = stance(line, at, at)
        if meant in DISCOUNTED:
            continue
        found = Found(at, at, denied=False, supposed=False, stance=meant)
        reason = f"words of: {type_text(code).lower()}"
        level = BY_CODE[code].usual
        claim = _claim(line, found, code, level=level, strength=strength, reason=reason)
        claims.append(replace(claim, hint=True))
    return claims


def _inside(claim: KindClaim, other: KindClaim) -> bool:
    """Whether a longer phrase says otherwise, as "dialed by accident" does of "accident"."""
    return (
        other.code != claim.code
        and other.at <= claim.at
        and claim.until <= other.until
        and other.until - other.at > claim.until - claim.at
        and other.strength >= claim.strength - _CLEARER
    )


_CLEARER: Final = 0.15


def _discounted(found: Found, code: str) -> bool:
    if found.denied and code not in SELF_NEGATING:
        return True
    calm = code in BY_CODE and BY_CODE[code].usual == "low"
    return found.supposed and not calm


def _almost(line: Line, first: int, code: str) -> bool:
    """Whether a crash only nearly happened."""
    before = {token.text for token in line.tokens[max(0, first - 2) : first]}
    return code in _ROAD and bool(before & {"almost", "nearly"})


def _claim(
    line: Line, found: Found, code: str, *, level: Level, strength: float, reason: str
) -> KindClaim:
    return KindClaim(
        code,
        level,
        strength,
        strength * line.sureness(found.first, found.last),
        (line.evidence(found.first, found.last),),
        line.order,
        found.first,
        reason,
        found.last,
    )


def _answered(line: Line, taker: Line) -> list[KindClaim]:
    """What the caller's yes or no to the call-taker's question says."""
    if not line.tokens or not (affirms(line) or denies(line)):
        return []
    word = next(i for i, token in enumerate(line.tokens) if token.text == opening(line))
    answer = line.evidence(word, word)
    sure = line.sureness(word, word)
    if denies(line):
        code = (
            "cardiac_arrest"
            if asks_breathing(taker)
            else "unconscious"
            if asks_awake(taker)
            else ""
        )
        if not code:
            return []
        last = len(taker.tokens) - 1
        strength = 0.85
        return [
            KindClaim(
                code,
                "critical",
                strength,
                strength * min(sure, taker.sureness(0, last)),
                (taker.evidence(0, last), answer),
                line.order,
                word,
                "the caller said no to the call-taker's question",
            )
        ]
    text = as_text(taker)
    outright = [
        _claim(
            taker,
            found,
            phrase.code,
            level=BY_CODE[phrase.code].usual,
            strength=phrase.strength,
            reason="",
        )
        for phrase in ASKED
        for found in text.find(phrase.pattern)
    ]
    likely = [
        replace(claim, strength=claim.strength * 0.75, confidence=claim.confidence * 0.75)
        for claim in _phrases(text, taker)
        if claim.code
    ]
    return [
        replace(
            claim,
            confidence=claim.confidence * sure,
            evidence=(*claim.evidence, answer),
            order=line.order,
            at=word,
            until=0,
            reason="asked by the call-taker, the caller said yes",
        )
        for claim in (*outright, *likely)
    ]


_VIOLENT: Final = frozenset({"shooting", "stabbing", "robbery", "kidnapping", "sexual_assault"})
_FIRES: Final = frozenset({"structure_fire", "vehicle_fire", "outdoor_fire"})
_ROAD: Final = frozenset({"crash", "struck_by_vehicle"})
_GIVES_WAY: Final = {
    "fire": _FIRES | _VIOLENT | {"aircraft", "person_with_weapon", "crash", "explosive"},
    "smoke_alarm": _FIRES | _VIOLENT | {"fire", "gas_leak", "domestic", "burglary"},
    "gas_leak": frozenset({"structure_fire"}),
    "person_with_weapon": _VIOLENT | {"suicidal", "domestic"},
    "bleeding": _VIOLENT
    | _ROAD
    | {"fall", "assault", "animal_attack", "childbirth", "suicidal", "aircraft", "domestic"}
    | {"person_with_weapon"},
    "unconscious": _VIOLENT
    | _ROAD
    | {"overdose", "drowning", "cardiac_arrest", "seizure", "stroke", "assault", "domestic"},
    "cardiac_arrest": _VIOLENT | _ROAD | {"drowning", "overdose"},
    "breathing": _VIOLENT
    | _FIRES
    | _ROAD
    | {"cardiac_arrest", "drowning", "overdose", "assault", "domestic"},
    "sick": _VIOLENT
    | _ROAD
    | {"domestic", "person_with_weapon", "burglary", "kidnapping", "missing_person"}
    | {"cardiac_arrest", "unconscious", "breathing", "chest_pain", "stroke", "overdose"}
    | {"suicidal", "childbirth", "seizure", "fall", "bleeding", "assault", "animal_attack"},
    "trapped": _FIRES
    | _ROAD
    | {"fire", "drowning", "animal", "animal_danger", "animal_attack", "kidnapping", "aircraft"},
    "stroke": frozenset({"breathing", "cardiac_arrest"}),
    "death": _VIOLENT | _ROAD | {"cardiac_arrest", "suicidal", "drowning", "overdose"},
    "assault": _VIOLENT | {"domestic", "animal_attack"},
    "suspicious": _VIOLENT
    | {"burglary", "person_with_weapon", "assault", "domestic", "theft", "animal_attack", "noise"},
    "threat": _VIOLENT | {"person_with_weapon", "domestic"},
    "damage": _VIOLENT | {"burglary", "assault", "domestic", "crash"},
    "welfare": _VIOLENT | {"missing_person", "suicidal", "cardiac_arrest", "unconscious"},
    "mental_health": _VIOLENT
    | {"suicidal", "overdose", "person_with_weapon", "domestic", "assault", "missing_person"},
    "theft": frozenset({"robbery", "burglary", "kidnapping"}),
    "missing_person": frozenset({"kidnapping", "aircraft", "drowning", "shooting"}),
    "crash": frozenset({"struck_by_vehicle", "aircraft", "runaway_vehicle"}),
    "traffic_hazard": _ROAD
    | {"vehicle_fire", "runaway_vehicle", "impaired_driver", "aircraft", "damage"},
    "impaired_driver": _ROAD | {"runaway_vehicle", "person_with_weapon", "shooting"},
    "fall": _VIOLENT
    | _ROAD
    | {
        "drowning",
        "traffic_hazard",
        "aircraft",
        "assault",
        "trapped",
        "stroke",
        "seizure",
        "animal",
        "animal_danger",
    },
    "domestic": frozenset({"shooting", "stabbing", "kidnapping"}),
    "drowning": frozenset({"aircraft", "animal", "animal_danger"}),
    "dispute": _VIOLENT | {"domestic", "burglary", "assault", "unconscious", "cardiac_arrest"},
    "information": frozenset({"domestic"}),
    "lost": frozenset({"missing_person", "kidnapping", "animal_attack", "aircraft", "crash"}),
    "animal": frozenset({"animal_attack", "animal_danger", "crash"}),
    "animal_danger": frozenset({"animal_attack", "crash", "struck_by_vehicle"}),
}
"""A type that only adds to another one heard in the same call: the other is the better name."""

_WEAK_CODES: Final = frozenset(
    ["sick", "information", "dispute", "suspicious", "fall", "bleeding", "unknown_trouble"]
)


def resolve(claims: Sequence[KindClaim]) -> list[Proposal]:
    """The type with its alternatives, and the severity, best first within each field.

    Words that only hint count while nothing clearer is heard.
    """
    outright = [claim for claim in claims if not claim.hint]
    if any(claim.confidence >= _CLEAR for claim in outright):
        claims = outright
    return [*_types(claims), *_severity(claims)]


_CLEAR: Final = 0.5


def _types(claims: Sequence[KindClaim]) -> list[Proposal]:
    by_code: dict[str, list[KindClaim]] = {}
    for claim in claims:
        if claim.code:
            by_code.setdefault(claim.code, []).append(claim)
    said = {code: max(claim.strength for claim in group) for code, group in by_code.items()}
    opening_line = min((claim.order for claim in claims if not claim.told), default=None)
    ranked: list[tuple[float, KindClaim]] = []
    for code, group in by_code.items():
        best = max(group, key=lambda claim: (claim.confidence, _earlier(claim)))
        lines = {claim.order for claim in group}
        weight = best.confidence + min(0.12, 0.04 * (len(lines) - 1))
        others = (said.get(stronger, 0.0) for stronger in _GIVES_WAY.get(code, ()))
        if max(others, default=0.0) >= said[code] - _NEARLY:
            weight -= 0.3
        if code in _WEAK_CODES:
            weight -= 0.1
        if best.told:
            weight -= 0.2
        if best.order[0] < _FIRST_MS:
            weight += 0.06
        if any(claim.order == opening_line and not claim.told for claim in group):
            weight += _OPENING
        if best.level == "critical":
            weight += 0.05
        ranked.append((weight, best))
    ranked.sort(key=lambda pair: (pair[0], _earlier(pair[1])), reverse=True)
    return [
        Proposal(
            "type",
            claim.code,
            type_text(claim.code),
            round(claim.confidence, 4),
            claim.evidence,
            claim.reason,
        )
        for _, claim in ranked[:4]
    ]


_OPENING: Final = 0.08
"""What counts for the reason to call that is given first."""
_NEARLY: Final = 0.18
"""How much less sure the better name of what happens may be said."""
_FIRST_MS: Final = 25_000
"""What is said first is mostly what the call is about."""


def _earlier(claim: KindClaim) -> tuple[int, int, int]:
    return (-claim.order[0], -claim.order[1], -claim.at)


_FLOOR: Final = 0.3


def _severity(claims: Sequence[KindClaim]) -> list[Proposal]:
    """The gravest level that somebody sure enough spoke of; a doubtful one is an alternative."""
    top = _types(claims)[:1]
    if not top:
        named: list[KindClaim] = [claim for claim in claims if claim.strength >= 0.7]
    else:
        named = [
            claim
            for claim in claims
            if claim.code == top[0].value
            or not claim.code
            or (
                LEVELS.index(claim.level) >= 2
                and claim.strength >= 0.7
                and not _of_animal(claim.code, top[0].value)
            )
        ]
    best: dict[Level, KindClaim] = {}
    for claim in named:
        held = best.get(claim.level)
        if held is None or (claim.confidence, _earlier(claim)) > (held.confidence, _earlier(held)):
            best[claim.level] = claim
    ranked = sorted(
        best.values(),
        key=lambda claim: (claim.confidence >= _FLOOR, LEVELS.index(claim.level)),
        reverse=True,
    )
    return [
        Proposal(
            "severity",
            claim.level,
            claim.level.capitalize(),
            round(claim.confidence, 4),
            claim.evidence,
            f"from what was said of {type_text(claim.code).lower()}"
            if claim.code
            else claim.reason,
        )
        for claim in ranked[:3]
    ]


def _of_animal(code: str, top: str) -> bool:
    """Whether what happens, happens to an animal: a cat that fell is no fall."""
    return top in {"animal", "animal_danger"} and top in _GIVES_WAY.get(code, ())
