"""Signs of danger to life in what is said: what a line claims, and what all of them come to. Pure.

A cue quotes; it does not diagnose. It is shown from a strength that keeps the alerts on calls
without such a danger within the stated budget, and a person may put it aside.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdown.incidents.adapters.rules.context import WEIGHTS, Stance, words
from ringdown.incidents.adapters.rules.cue_answers import answered
from ringdown.incidents.adapters.rules.cue_phrases import LATER, PAIRS, SIGNS, Half, Sign
from ringdown.incidents.adapters.rules.phrases import Found, Text, as_text, compiled
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.cues import CUE_KINDS, CUE_TEXTS, Cue, CueKind
from ringdown.incidents.evidence import Evidence

SHOWN_FROM: Final = 0.5
"""The strength from which a cue is shown; the false alerts at this point are in the docs."""
NEAR_MS: Final = 300_000
"""Halves said further apart than this speak of different things."""
_LATEST: Final = 24
"""Claims of a cue that are looked at for what to cite."""
CITED: Final = 8
"""Utterances that a cue cites at most, the latest ones."""
KEPT: Final = 16
"""The latest claims kept of each kind from lines that are long past."""

_TEXTS: Final[dict[str, str]] = {kind: text.lower() for kind, text in CUE_TEXTS.items()}
_HOW: Final[dict[Stance, str]] = {
    "reported": ", as told by another",
    "uncertain": ", not for certain",
    "recent": ", not today",
}
_TOGETHER: Final[dict[CueKind, str]] = {
    "not_breathing": "cannot be woken, and breathes strangely",
    "trapped_fire": "fire or smoke, and somebody inside",
    "trapped_water": "high water, and somebody who cannot get away",
    "weapon_in_use": "a weapon, and a threat or an attack",
    "active_assailant": "shots or a gunman, and people in hiding",
    "overdose": "drugs or drink, and cannot be woken",
    "labour_complication": "a birth, and a sign of trouble",
}
_BEAST: Final = (
    r"(?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?|deer|birds?|cows?|goats?|squirrels?|raccoons?|"
    r"ducks?|ducklings?|rabbits?|hamsters?|turtles?|pets?|animals?|calf|sheep|goose|geese|owl)"
)
_HUMAN: Final = (
    r"(?:he|she|him|her|me|i|i'm|we|us|they|them|he's|she's|we're|they're|man|woman|guy|kid|kids|boy|"
    r"girl|son|daughter|wife|husband|mom|dad|baby|child|person|people|someone|somebody|owner)"
)
_BEAST_SUFFERS: Final = (
    rf"{_BEAST}(?:'s)? (?:[\w']+ ){{0,4}}?(?:stuck|trapped|drowning|fell|fallen|hurt|hit|injured|"
    r"sick|dying|choking|floating|swimming|struggling|caught|in|on|up|down|under|not)"
)
_PERSON: Final = (
    r"(?:man|men|woman|women|guys?|kids?|boys?|girls?|sons?|daughters?|wife|husband|mom|mother|dad|"
    r"father|brother|sister|baby|bab(?:y|ies)|child|children|persons?|people|someone|somebody|owner|"
    r"lady|friend|neighbou?r|boyfriend|girlfriend|grand\w+|driver|officer|uncle|aunt|cousin|toddler|"
    r"(?:bit|bitten|attack\w*|maul\w*|knocked|kicked|stung|chas\w+) (?:by|me|him|her|us|them))"
)
"""Who else could be meant where an animal is spoken of, and whom it may have harmed."""
_FIRST_PERSON: Final = r"(?:i|i'm|i've|me|my|we|we're|us|myself)"
_ARMED_KINDS: Final = words("weapon_in_use active_assailant armed menace shots hiding")
_THINGS: Final = words(
    "phone phones keys key wallet purse ring drone ball hat glasses chair fence tree dock bike "
    "package bag remote camera laptop shoe boat trailer sign"
)
_TAKER: Final = (
    r"(?:start|starting|begin|do|doing|continue|keep (?:doing|going with)|how to do|help you do) "
    r"(?:the |these |those )?(?:cpr|chest compressions|compressions)|push (?:down )?hard and fast|"
    r"pump (?:the|his|her) chest"
)


@dataclass(frozen=True, slots=True)
class CueClaim:
    """What one line says of a danger, of half of one, or that one is over (`over`)."""

    of: CueKind | Half
    strength: float
    sureness: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str
    over: bool = False

    @property
    def place(self) -> tuple[tuple[int, int, str], int]:
        """Where in the call it was said."""
        return (self.order, self.at)


def claims_of(line: Line, before: Sequence[Line]) -> list[CueClaim]:
    """What `line` says of dangers to life, given the lines before it."""
    if not line.tokens:
        return []
    if line.side == CALL_TAKER:
        return list(_instructed(line, before))
    if line.side != CALLER:
        return []
    text = as_text(line, before)
    taker = before[-1] if before and before[-1].side == CALL_TAKER else None
    claims = [*_signs(text), *_over(text)]
    if taker is not None:
        claims += [
            CueClaim(
                said.of,
                said.strength,
                said.sureness,
                said.evidence,
                line.order,
                said.at,
                "in answer to the call-taker's question",
            )
            for said in answered(line, taker)
        ]
    return claims


def _signs(text: Text) -> Iterator[CueClaim]:
    for sign in SIGNS:
        if compiled(sign.pattern).search(text.text) is None:
            continue
        for found in text.find(sign.pattern, own_denial=sign.own_denial):
            weight = sign.lasting if found.stance == "recent" else WEIGHTS.get(found.stance, 0.0)
            if weight and not _of_a_beast(text, sign, found):
                yield _claim(text.line, sign, found, weight)


def _claim(line: Line, sign: Sign, found: Found, weight: float) -> CueClaim:
    text = _TEXTS.get(sign.of, "half of a danger")
    return CueClaim(
        sign.of,
        sign.strength * weight,
        line.sureness(found.first, found.last),
        (line.evidence(found.first, found.last),),
        line.order,
        found.first,
        f"said of: {text}{_HOW.get(found.stance, '')}",
    )


_OWNERS: Final = 6
"""Words before a phrase in which its subject stands."""


def _of_a_beast(text: Text, sign: Sign, found: Found) -> bool:
    """Whether it is an animal, or a thing, and no person."""
    if sign.of in _ARMED_KINDS:
        return False
    tokens = text.line.tokens
    if found.first and tokens[found.first - 1].text in _THINGS:
        return True
    start = max(0, found.first - _OWNERS)
    for at in range(start, found.first):
        if tokens[at].ends_clause:
            start = at + 1
    said = " ".join(token.text for token in tokens[start : found.last + 1])
    after = " ".join(token.text for token in tokens[found.last + 1 : found.last + 4])
    if re.match(rf"(?:(?:a|an|the|my|his|her|our|some|their) )?(?:\w+ )?{_BEAST}\b", after):
        return True
    if compiled(_BEAST).search(said):
        return compiled(_HUMAN).search(said) is None
    return compiled(_FIRST_PERSON).search(said) is None and _beasts_alone(text, found)


def _beasts_alone(text: Text, found: Found) -> bool:
    """Whether "he" and "it" can only be the animal in trouble that the call is about."""
    tokens = [token.text for token in text.line.tokens[: found.last + 1]]
    told = [token.text for line in text.before for token in line.tokens]
    said = " ".join((*told, *tokens))
    return (
        compiled(_BEAST_SUFFERS).search(said) is not None and compiled(_PERSON).search(said) is None
    )


def _over(text: Text) -> Iterator[CueClaim]:
    """What takes from an earlier cue: "he's breathing now", "everybody is out"."""
    for kind, pattern, left in LATER:
        for found in text.find(pattern, own_denial=True):
            if found.stance not in _UNSAID:
                yield CueClaim(
                    kind,
                    left,
                    1.0,
                    (text.line.evidence(found.first, found.last),),
                    text.line.order,
                    found.first,
                    "said to be over",
                    over=True,
                )


_UNSAID: Final[frozenset[Stance]] = frozenset(["denied", "supposed", "asked", "past"])


def _instructed(line: Line, before: Sequence[Line]) -> Iterator[CueClaim]:
    """The call-taker tells a caller who has spoken how to do compressions."""
    if not any(earlier.side == CALLER and earlier.tokens for earlier in before):
        return
    for found in as_text(line).find(_TAKER):
        if found.denied or found.supposed:
            continue
        yield CueClaim(
            "not_breathing",
            0.7,
            line.sureness(found.first, found.last),
            (line.evidence(found.first, found.last),),
            line.order,
            found.first,
            "the call-taker tells how to do compressions",
        )


def kept(claims: Sequence[CueClaim]) -> tuple[CueClaim, ...]:
    """Of each kind the surest claim and the latest ones, for lines long past, in order.

    The latest are what a cue cites: dropping them would bring older words up as if they were new.
    """
    chosen: set[int] = set()
    for kind in {(claim.of, claim.over) for claim in claims}:
        places = [
            at
            for at, claim in enumerate(claims)
            if (claim.of, claim.over) == kind and (claim.over or _may_count(claim))
        ]
        if places:
            chosen.add(max(places, key=lambda at: (_weight(claims[at]), -at)))
            chosen.update(sorted(places, key=lambda at: claims[at].place)[-KEPT:])
    return tuple(claims[at] for at in sorted(chosen))


def _may_count(claim: CueClaim) -> bool:
    return claim.of not in _TEXTS or claim.strength >= SHOWN_FROM


def _weight(claim: CueClaim) -> float:
    return claim.strength * claim.sureness


def resolve(claims: Sequence[CueClaim]) -> list[Cue]:
    """The cues that are strong enough to be shown, surest first."""
    ordered = sorted(claims, key=lambda claim: claim.place)
    ended = [claim for claim in ordered if claim.over]
    said = [claim for claim in ordered if not claim.over]
    found = [
        cue
        for kind in CUE_KINDS
        if (cue := _cue(kind, [claim for claim in ended if claim.of == kind], said))
    ]
    return sorted(found, key=lambda cue: (-cue.confidence, CUE_KINDS.index(cue.kind)))


def _cue(kind: CueKind, ended: Sequence[CueClaim], said: Sequence[CueClaim]) -> Cue | None:
    own = [claim for claim in said if claim.of == kind]
    own += _pairs(kind, said)
    left = [_left(claim, ended) for claim in sorted(own, key=lambda claim: claim.place)]
    shown = [claim for claim in left if claim.strength >= SHOWN_FROM]
    if not shown:
        return None
    best = max(shown, key=_weight)
    return Cue(
        kind,
        round(_weight(best), 4),
        _cited(shown[-_LATEST:]),
        best.reason,
    )


def _pairs(kind: CueKind, said: Sequence[CueClaim]) -> Iterator[CueClaim]:
    for cue, each, beside, strength in PAIRS:
        if cue != kind:
            continue
        others = [claim for claim in said if claim.of == beside]
        for claim in said:
            if claim.of != each:
                continue
            near = [other for other in others if abs(other.order[0] - claim.order[0]) <= NEAR_MS]
            if not near:
                continue
            other = max(near, key=_weight)
            whole = min(1.0, claim.strength / _FULL, other.strength / _FULL)
            yield replace(
                claim,
                strength=strength * whole,
                sureness=min(claim.sureness, other.sureness),
                evidence=tuple(dict.fromkeys((*claim.evidence, *other.evidence))),
                reason=_TOGETHER[kind],
            )


_FULL: Final = 0.7
"""The strength of a half from which it counts in full."""


def _left(claim: CueClaim, ended: Sequence[CueClaim]) -> CueClaim:
    """The claim after what was said later."""
    after = [each.strength for each in ended if each.place > claim.place]
    if not after:
        return claim
    reason = f"{claim.reason}; later said to be over"
    return replace(claim, strength=claim.strength * min(after), reason=reason)


def _cited(claims: Sequence[CueClaim]) -> tuple[Evidence, ...]:
    """The words of the latest utterances, in the order spoken; none inside others cited."""
    every = dict.fromkeys(each for claim in claims for each in claim.evidence)
    widest = [each for each in every if not any(_within(each, other) for other in every)]
    ordered = sorted(widest, key=lambda each: (each.start_ms, each.utterance_id, each.word_from))
    latest = list(dict.fromkeys(each.utterance_id for each in reversed(ordered)))[:CITED]
    return tuple(each for each in ordered if each.utterance_id in latest)


def _within(each: Evidence, other: Evidence) -> bool:
    """Whether other words of the same utterance hold these and more, or overlap and come first."""
    if each is other or each.utterance_id != other.utterance_id:
        return False
    if other.word_from <= each.word_from and each.word_to <= other.word_to:
        return (each.word_from, each.word_to) != (other.word_from, other.word_to)
    return False
