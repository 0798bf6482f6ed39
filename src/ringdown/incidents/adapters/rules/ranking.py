"""What all claims about the place together come to: the best, composed, and the others. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ringdown.incidents.adapters.rules.composed import MOST_PARTS, is_road, with_part
from ringdown.incidents.adapters.rules.elsewhere import Bearing
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.ports import Evidence, Proposal

Standing = Literal["said", "affirmed", "corrected", "read_back", "withdrawn"]

_OF_HERE: Final = frozenset(["here", "meant", "plain"])
"""Bearings of what may belong to the place where help is needed."""
_ON: Final = frozenset(["", "at", "on"])
_APART: Final = 4
"""Words between two places that are said of one."""


@dataclass(frozen=True, slots=True)
class PlaceClaim:
    """One line's word on where it is."""

    mention: Mention
    standing: Standing
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    reason: str
    withdraws: str = ""
    """A house number that the speaker took back."""
    bearing: Bearing = "plain"
    asked: bool = False
    """It answers a question for the place, or the caller agreed to it."""
    led: Evidence | None = None
    """The first of the evidence with the words before it that say the relation."""


def resolve(claims: Sequence[PlaceClaim]) -> list[Proposal]:
    """The location that the claims come to, then the alternatives, best first."""
    return [
        Proposal(
            "location",
            claim.mention.text,
            claim.mention.text,
            round(confidence, 4),
            claim.evidence,
            reason,
        )
        for claim, confidence, reason in ranked(claims)
    ]


def ranked(claims: Sequence[PlaceClaim]) -> list[tuple[PlaceClaim, float, str]]:
    """The claims that are left, best first, each with its confidence and reason.

    Nothing that the call-taker alone has said is proposed unless the caller has named a place
    too; then it stands among the alternatives. A correction demotes what was said before it.
    """
    ordered = sorted(claims, key=lambda claim: (claim.order, claim.mention.first))
    last_correction = max(
        (at for at, claim in enumerate(ordered) if claim.standing == "corrected"), default=-1
    )
    withdrawn = {claim.mention.key for claim in ordered if claim.standing == "withdrawn"}
    numbers = {claim.withdraws for claim in ordered if claim.withdraws}
    groups: dict[str, list[tuple[float, PlaceClaim]]] = {}
    corrected = ordered[last_correction].mention if last_correction >= 0 else None
    sure_here = [claim.mention for claim in ordered if _is_exact(claim)]
    for at, claim in enumerate(ordered):
        if claim.standing == "withdrawn" or claim.mention.spot:
            continue
        weight = _weight(claim)
        superseded = (
            corrected is not None
            and at < last_correction
            and claim.mention.key != corrected.key
            and _comparable(claim.mention, corrected)
        )
        refused = claim.mention.key in withdrawn or claim.mention.number in numbers
        if superseded or (refused and claim.standing != "corrected"):
            weight -= 10
        if claim.bearing == "home" and not any(
            _absorbs(claim.mention, other) or _absorbs(other, claim.mention) for other in sure_here
        ):
            weight -= 1.5 if sure_here else 0
        groups.setdefault(claim.mention.key, []).append((weight + at / 1000, claim))
    own = [key for key, group in groups.items() if any(map(_is_own, group))]
    if not own:
        return []
    best = {key: max(group, key=lambda pair: pair[0]) for key, group in groups.items()}
    weights = {key: best[key][0] + _support(group) for key, group in groups.items()}
    order = sorted(groups, key=lambda key: (key in own, weights[key]), reverse=True)
    found: list[tuple[PlaceClaim, float, str]] = []
    parts: list[tuple[PlaceClaim, float]] = []
    for key in order:
        weight, claim = best[key]
        if any(_absorbs(chosen.mention, claim.mention) for chosen, _, _ in found):
            continue
        if weight > 0 or claim.bearing in {"other", "gone"}:
            found.append((claim, claim.confidence, claim.reason))
            told = any(other.asked for _, other in groups[key])
            parts.append((replace(claim, asked=told), claim.confidence))
        else:
            found.append((claim, claim.confidence * 0.3, f"{claim.reason}; corrected since"))
    spots = [(claim, claim.confidence) for claim in ordered if claim.mention.spot]
    parts.sort(key=lambda part: _later(part[0].mention))
    return [_composed(found[0], [*parts, *reversed(spots)]), *found[1:4]]


def _composed(
    first: tuple[PlaceClaim, float, str], parts: Sequence[tuple[PlaceClaim, float]]
) -> tuple[PlaceClaim, float, str]:
    """The best claim with what other claims say of where in it or beside what it is."""
    best, confidence, reason = first
    if best.standing == "read_back":
        return first
    joined = 0
    for other, sure in parts:
        if other.standing not in {"said", "affirmed"} or other.bearing not in _OF_HERE:
            continue
        same = other.mention.key == first[0].mention.key
        if same or (other.standing == "affirmed" and _is_meeting(other)):
            continue
        together = bool(_heard_in(other) & _heard_in(first[0]))
        near = other.order == first[0].order
        later = other if other.order > first[0].order else first[0]
        mention = with_part(
            best.mention,
            other.mention,
            together=together,
            close=near and _close(first[0].mention, other.mention),
            told=later.asked or (together and other.bearing == "here" == first[0].bearing),
        )
        if mention is None:
            continue
        cited = (other.led, *other.evidence[1:]) if other.led else other.evidence
        best = replace(best, mention=mention, evidence=(*best.evidence, *cited))
        confidence = min(confidence, sure / max(other.mention.strength, sure))
        joined += 1
        if joined == MOST_PARTS:
            break
    return best, confidence, reason


def _later(mention: Mention) -> int:
    """The road that a place is on is said first, then the roads near it, then the rest."""
    if not is_road(mention):
        return 2
    return 0 if mention.relation in _ON else 1


def _is_meeting(claim: PlaceClaim) -> bool:
    """A road that was read back as the caller's own, as in "you'll be at Elm Street?" "yes"."""
    return is_road(claim.mention) and claim.mention.relation in _ON


def _is_exact(claim: PlaceClaim) -> bool:
    """Whether a claim says exactly where it happens, so that a home elsewhere is not the place."""
    exact = claim.mention.kind in {"address", "intersection", "block"}
    return exact and claim.bearing in {"here", "meant"} and claim.standing in {"said", "affirmed"}


def _heard_in(claim: PlaceClaim) -> set[str]:
    return {cited.utterance_id for cited in claim.evidence}


def _close(one: Mention, other: Mention) -> bool:
    """Whether two places are said of one, with a word or two between them."""
    return other.first - one.last <= _APART and one.first - other.last <= _APART


def _support(group: Sequence[tuple[float, PlaceClaim]]) -> float:
    """What it counts that a place was said again, or agreed to, and not taken back."""
    held = [claim for weight, claim in group if weight > 0 and claim.standing != "read_back"]
    lines = {claim.order for claim in held}
    agreed = any(claim.standing == "affirmed" for claim in held)
    return min(0.6, 0.2 * max(0, len(lines) - 1)) + (0.2 if agreed else 0.0)


def _is_own(weighed: tuple[float, PlaceClaim]) -> bool:
    """Whether the caller stands behind a claim, and means where help is needed."""
    return weighed[1].standing != "read_back" and weighed[1].bearing != "gone"


_SPECIFIC: Final = {
    "address": 4.0,
    "block": 3.0,
    "intersection": 3.0,
    "highway": 2.0,
    "street": 1.8,
    "landmark": 1.5,
    "area": 1.4,
}
_BEARING: Final = {
    "here": 0.4,
    "meant": 0.0,
    "plain": 0.0,
    "home": -0.3,
    "other": -2.5,
    "gone": -4.0,
}
"""What counts where several places were said."""


def _weight(claim: PlaceClaim) -> float:
    """How much a claim counts: how exact the place is, how sure, and who stands behind it."""
    mention = claim.mention
    base = _SPECIFIC[mention.kind] + (0.8 if mention.detail and mention.kind != "landmark" else 0.0)
    base += _BEARING[claim.bearing] + (0.2 if mention.city else 0.0)
    base += 0.8 if mention.near else 0.0
    base += 0.4 if mention.kind == "highway" and mention.street.endswith("bound") else 0.0
    if claim.standing == "read_back":
        base -= 5
    if claim.standing == "corrected":
        base += 0.5
    return base + 3 * claim.confidence


def _comparable(old: Mention, new: Mention) -> bool:
    """Whether a correction to `new` can be meant to replace `old`."""
    numbered = {"address", "block", "street"}
    if old.kind in numbered and new.kind in numbered:
        return True
    return old.kind == new.kind


def _absorbs(chosen: Mention, other: Mention) -> bool:
    """Whether `other` only says a part of what `chosen` says."""
    if chosen.key == other.key:
        return True
    part, whole = other.street.lower(), f"{chosen.street} {chosen.detail}".lower()
    if other.kind == "street" and part and part in whole:
        return True
    same = other.number == chosen.number and other.kind == chosen.kind == "address"
    if same and chosen.street.lower().startswith(other.street.lower()) and not other.detail:
        return True
    if other.kind == chosen.kind == "highway" and chosen.street.startswith(f"{other.street} "):
        return True
    return {other.kind, chosen.kind} <= {"landmark", "area", "highway"} and part in whole
