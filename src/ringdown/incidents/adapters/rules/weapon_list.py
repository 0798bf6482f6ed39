"""The weapons of a call, put together from what was said of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.weapon_words import (
    ANY,
    KINDS,
    NONE,
    TOOLS,
)
from ringdown.incidents.ports import Evidence, Proposal

_ORDER: Final = (
    *("used", "in hand", "threatened", "carried", "with the caller", "said to be carried", "seen"),
    *("heard", "on the premises", "spoken of", "stolen"),
)
"""The gravest first; the last ones say least."""

_GENERAL: Final[dict[str, frozenset[str]]] = {
    ANY: frozenset(
        ["gun", "handgun", "rifle", "shotgun", "BB gun", "knife", "blade", "machete", "axe", *TOOLS]
    ),
    "gun": frozenset(["handgun", "rifle", "shotgun", "BB gun"]),
    "blade": frozenset(
        ["knife", "machete", "sword", "axe", "scissors", "screwdriver", "razor", "broken glass"]
    ),
}


@dataclass(frozen=True, slots=True)
class WeaponClaim:
    """One line's word on one weapon; `NONE` when the speaker says that there is none."""

    weapon: str
    state: str
    place: str
    doubt: bool
    strength: float
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def resolve(claims: Sequence[WeaponClaim]) -> list[Proposal]:
    """All weapons in one line, gravest first; then that there are none, if that was said too."""
    ordered = sorted(claims, key=lambda claim: (claim.order, claim.at))
    named = [claim for claim in ordered if claim.weapon in KINDS or claim.weapon in TOOLS]
    named += [claim for claim in ordered if claim.weapon == "blade"]
    denied = [claim for claim in ordered if claim not in named]
    proposals: list[Proposal] = []
    if named:
        proposals.append(_listed(named))
    for claim in reversed(denied):
        text = f"None {claim.state}".strip() if claim.weapon == NONE else claim.weapon.capitalize()
        if all(made.value != claim.weapon for made in proposals):
            proposals.append(
                Proposal(
                    *("weapons", claim.weapon, text, round(claim.confidence, 4)),
                    *(claim.evidence, claim.reason),
                )
            )
    doubtful = bool(named) and all(claim.doubt for claim in named)
    if doubtful and denied and denied[-1].order > named[-1].order:
        proposals = [*proposals[1:], proposals[0]]
    return proposals[:3]


_MOST: Final = 6


def _listed(named: Sequence[WeaponClaim]) -> Proposal:
    kinds = {claim.weapon for claim in named}
    parts: list[tuple[int, str, list[WeaponClaim]]] = []
    for weapon in dict.fromkeys(claim.weapon for claim in named):
        if kinds & _GENERAL.get(weapon, frozenset()):
            continue
        about = {weapon} | {each for each, finer in _GENERAL.items() if weapon in finer}
        said = [claim for claim in named if claim.weapon in about]
        parts.append(_part(weapon, said))
    parts = sorted(parts, key=lambda part: part[0])[:_MOST]
    text = "; ".join(part for _, part, _ in parts)
    cited = [claim for _, _, chosen in parts for claim in chosen]
    evidence: list[Evidence] = []
    for claim in cited:
        evidence.extend(each for each in claim.evidence if each not in evidence)
    return Proposal(
        *("weapons", text, text[:1].upper() + text[1:]),
        round(min(claim.confidence for claim in cited), 4),
        *(tuple(evidence), cited[0].reason),
    )


def _part(weapon: str, said: Sequence[WeaponClaim]) -> tuple[int, str, list[WeaponClaim]]:
    """One weapon: its gravest state, the latest place, and the claims that say so."""
    sure = [claim for claim in said if not claim.doubt] or list(said)
    put_down = sure[-1] if sure[-1].state == "put down or away" else None
    gravest = min(sure, key=lambda claim: (_grave(claim.state), -claim.confidence))
    chosen = [gravest]
    own = [claim for claim in said if claim.weapon == weapon]
    if gravest.weapon != weapon and own:
        chosen.append(max(own, key=lambda claim: claim.confidence))
    placed = next((claim for claim in reversed(sure) if claim.place), None)
    if put_down is not None and put_down is not gravest:
        chosen.append(put_down)
    words = ["kind not said" if weapon == ANY and gravest.state == "spoken of" else gravest.state]
    if put_down is not None and put_down is not gravest:
        words.append(put_down.state)
    if placed is not None:
        words.append(placed.place)
        if placed not in chosen:
            chosen.append(placed)
    if gravest.doubt:
        words.append("not sure")
    return _grave(gravest.state), ", ".join([weapon, *words]), chosen


def _grave(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)
