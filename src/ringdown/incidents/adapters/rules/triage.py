"""Emergency or not: what was said of danger against what was said of none. Pure.

The default is a person. A call is read as no emergency only when what the caller wants is itself
of that kind and nothing said of danger comes near it in strength.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.tokens import CALLER, Line
from ringdown.incidents.ports import Evidence, Proposal
from ringdown.incidents.types import BY_CODE, CHOICES, Level

EMERGENCY_AT: Final = 0.4
"""The share of danger from which a call is an emergency; lower sends more calls to a person."""
_ASSUMED: Final = 0.5
_GRAVITY: Final[dict[Level, float]] = {"critical": 1.3, "high": 1.0, "medium": 0.7, "low": 0.3}
_VAGUE: Final = 0.5
"""What asking for an officer weighs: callers want one for a cold meal too."""
_CALM_FROM: Final = 0.55
"""What nobody says clearly does not make a call no emergency."""
_GRAVE_FROM: Final = 0.6
_OUTRIGHT: Final = 0.85
_MOSTLY: Final = 0.85
_MENTIONED: Final = 0.75
_LATER_MS: Final = 20_000
_STATEMENT: Final = 3
"""Words from which a turn says something."""


@dataclass(frozen=True, slots=True)
class Triage:
    """Whether a call is an emergency; `danger` is the share that the operating point cuts."""

    emergency: bool
    danger: float
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: str


def proposals(heard: Sequence[Proposal], emergency_at: float) -> list[Proposal]:
    """Whether the call is an emergency, and the category of its likeliest type.

    While nothing clear is heard both stay unknown, and the call stays with a person.
    """
    made: list[Proposal] = []
    told = triage(heard, None, emergency_at=emergency_at)
    if told is not None:
        value = "yes" if told.emergency else "no"
        sure, cited = told.confidence, told.evidence
        text = CHOICES["emergency"][value]
        made.append(Proposal("emergency", value, text, sure, cited, told.reason))
    seen: set[str] = set()
    for each in heard:
        kind = BY_CODE.get(each.value) if each.field == "type" else None
        if kind is None or kind.category in seen:
            continue
        seen.add(kind.category)
        text = CHOICES["category"][kind.category]
        reason = f"the category of: {kind.label.lower()}"
        sure, cited = each.confidence, each.evidence
        made.append(Proposal("category", kind.category, text, sure, cited, reason))
    return made


def first_said(lines: Iterable[Line]) -> Evidence | None:
    """The first thing that the caller says; a word or two only if there is nothing longer."""
    short: Evidence | None = None
    for line in lines:
        if line.side != CALLER or not line.tokens:
            continue
        cited = line.evidence(0, len(line.tokens) - 1)
        if len(line.words) >= _STATEMENT:
            return cited
        short = short or cited
    return short


def triage(
    proposals: Sequence[Proposal], first: Evidence | None, *, emergency_at: float = EMERGENCY_AT
) -> Triage | None:
    """Whether the call is an emergency; None while nothing is heard. `first` is the first thing
    that the caller says.
    """
    types = [each for each in proposals if each.field == "type" and each.value in BY_CODE]
    calm = max((each for each in types if _calm(each)), key=_sure, default=None)
    danger_said = [each for each in types if not _calm(each)]
    danger_said += [each for each in proposals if each.field == "severity" and _graver(each)]
    grave = max(danger_said, key=_weight, default=None)
    if calm is not None and calm.confidence < _CALM_FROM:
        calm = None
    if calm is None and grave is None:
        return _assumed(first)
    against = calm.confidence if calm else 0.0
    weight = _weight(grave) if grave else 0.0
    if grave and calm:
        weight *= _standing(grave, calm, mostly_calm=calm is types[0])
    danger = round(weight / (weight + against), 4) if weight or against else _ASSUMED
    emergency = calm is None or danger >= emergency_at
    told = grave if emergency and grave else calm or grave
    if told is None:
        return None
    sure = round(told.confidence * (danger if emergency else 1 - danger), 4)
    return Triage(emergency, danger, sure, told.evidence, told.reason)


def _calm(each: Proposal) -> bool:
    kind = BY_CODE[each.value]
    return kind.category == "non_emergency" or kind.usual == "low"


def _graver(each: Proposal) -> bool:
    """Whether somebody says outright how grave it is, of whatever kind: "my baby is inside"."""
    return each.value in {"high", "critical"} and each.confidence >= _GRAVE_FROM


def _sure(each: Proposal) -> float:
    return each.confidence


def _weight(each: Proposal) -> float:
    if each.field == "severity":
        return each.confidence * (_GRAVITY["critical"] if each.value == "critical" else 1.0)
    share = _VAGUE if each.value == "unknown_trouble" else 1.0
    return each.confidence * share * _GRAVITY[BY_CODE[each.value].usual]


def _standing(grave: Proposal, calm: Proposal, *, mostly_calm: bool) -> float:
    """How much danger counts beside a calm reason to call; what is said outright counts in full.

    Less if the call is mostly about something else, and less if it is only mentioned long after.
    """
    if grave.confidence >= _OUTRIGHT:
        return 1.0
    later = grave.evidence[0].start_ms > calm.evidence[0].start_ms + _LATER_MS
    return (_MOSTLY if mostly_calm else 1.0) * (_MENTIONED if later else 1.0)


def _assumed(first: Evidence | None) -> Triage | None:
    """Nothing known: an emergency until somebody says otherwise, citing the first statement."""
    if first is None:
        return None
    reason = "nothing said makes it no emergency"
    return Triage(
        emergency=True, danger=_ASSUMED, confidence=_ASSUMED, evidence=(first,), reason=reason
    )
