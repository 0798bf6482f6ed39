"""Weapons: which were spoken of, and whether used, in hand, seen, or only said to be there. Pure.

Nothing said is unknown. "None" is a value only if somebody said that there are none.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ringdown.incidents.adapters.rules.asking import asks_any_weapon, asks_weapons
from ringdown.incidents.adapters.rules.dialogue import (
    affirms,
    asked_before,
    denies,
    opening,
    unsure,
)
from ringdown.incidents.adapters.rules.meant import IDLE, meant
from ringdown.incidents.adapters.rules.phrases import Found, as_text, compiled
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.adapters.rules.weapon_list import WeaponClaim
from ringdown.incidents.adapters.rules.weapon_words import (
    AFTER_HAND,
    AFTER_USED,
    ANY,
    ARMED,
    AT_POINT,
    AWAY,
    CARRIED,
    HEARD,
    IDLE_BEFORE,
    IN_HAND,
    IT_AWAY,
    KINDS,
    MAYBE,
    NO_WEAPONS,
    NONE,
    OFFICERS,
    PLACE,
    ROADS,
    SEEN,
    SHOTS,
    SHOTS_HEARD,
    STABS,
    STOLEN,
    SUBJECTS,
    THREATS,
    TOLD,
    TOOL_USE,
    TOOLS,
    TOY,
    USED,
    WHERE,
)


def claims_of(line: Line, before: Sequence[Line]) -> list[WeaponClaim]:
    """What `line` says about weapons, given the lines before it."""
    if line.side != CALLER:
        return []
    asked = asked_before(before)
    answering = asked is not None and asks_weapons(asked)
    claims = [*_named(line, answering=answering), *_implied(line)]
    claims = meant(claims, line, before, IDLE)
    claims += _put_away(line, claims)
    if asked is not None:
        claims += _located(line, asked)
    claims += _none(line, claims)
    if answering and before[-1].side == CALL_TAKER and not claims:
        claims += _answered(line, before[-1])
    return claims


def _claim(
    line: Line,
    first: int,
    last: int,
    weapon: str,
    state: str,
    *,
    strength: float,
    reason: str,
    place: str = "",
    doubt: bool = False,
    asked: Line | None = None,
) -> WeaponClaim:
    evidence = (line.evidence(first, last),)
    sure = line.sureness(first, last)
    if asked is not None:
        end = len(asked.tokens) - 1
        evidence = (asked.evidence(0, end), *evidence)
        sure = min(sure, asked.sureness(0, end))
    strength = strength * (0.7 if doubt else 1.0)
    return WeaponClaim(
        *(weapon, state, place, doubt, strength, strength * sure, evidence),
        *(line.order, first, reason),
    )


def _named(line: Line, *, answering: bool) -> list[WeaponClaim]:
    """Weapons called by name, each with what is said to be done with it."""
    text = as_text(line)
    claims: list[WeaponClaim] = []
    taken: set[int] = set()
    for weapon, pattern in KINDS.items():
        for found in text.find(pattern):
            if found.first in taken or found.last in taken:
                continue
            taken |= set(range(found.first, found.last + 1))
            if found.denied or found.supposed or _harmless(line, found):
                continue
            special = _special(line, found, weapon, pattern)
            claims.append(special or _seen_as(line, found, weapon, answering=answering))
    if any(token.text == "shaving" for token in line.tokens):
        return claims
    for weapon, pattern in TOOLS.items():
        for use in TOOL_USE:
            claims += [
                _claim(
                    *(line, found.first, found.last, weapon),
                    "used" if _among(line, found.first, found.last, USED) else "in hand",
                    strength=0.8,
                    reason="something that strikes is wielded",
                )
                for found in text.find(use.replace("{tool}", pattern))
                if not (found.denied or found.supposed)
            ]
    return claims


def _harmless(line: Line, found: Found) -> bool:
    """A toy, a tool, a street of that name, or a kitchen accident."""
    tokens = line.tokens
    before = tokens[found.first - 1] if found.first else None
    if before is not None and not before.ends_clause:
        if before.text in TOY or before.text in IDLE_BEFORE:
            return True
        if before.text == "fake":
            return False
    after = tokens[found.last + 1] if found.last + 1 < len(tokens) else None
    if (
        after is not None
        and not tokens[found.last].ends_clause
        and after.capital
        and after.text in ROADS
    ):
        return True
    clause = {token.text for token in tokens[_clause(line, found.first) : found.first]}
    if clause & OFFICERS and clause & {"has", "have", "had", "with", "got"}:
        return True
    start = max(0, found.first - 7)
    said = [token.text for token in tokens[start : found.first]]
    own = any(said[at : at + 2] in (["cut", "my"], ["cut", "myself"]) for at in range(len(said)))
    return own and not any(word in said for word in ("he", "she", "they", "trying"))


def _clause(line: Line, first: int) -> int:
    """Where the clause of token `first` begins, at most eight tokens before it."""
    start = first
    while start > max(0, first - 8) and not line.tokens[start - 1].ends_clause:
        if line.tokens[start - 1].text in {"but", "because"}:
            break
        if line.tokens[start - 1].text == "and" and line.tokens[start].text in SUBJECTS:
            break
        start -= 1
    return start


def _among(line: Line, first: int, last: int, words: frozenset[str]) -> bool:
    return any(token.text in words for token in line.tokens[first : last + 1])


def _seen_as(line: Line, found: Found, weapon: str, *, answering: bool) -> WeaponClaim:
    """The weapon with the gravest thing that the clause says of it."""
    start = _clause(line, found.first)
    tokens = line.tokens
    said = [token.text for token in tokens[start : found.first]]
    first, last, place = found.first, found.last, ""
    state, after = _after(line, found)
    if after is not None:
        last = after
    if not state:
        state, first = _before(line, start, found.first)
    where = _from(line, found.last + 1, PLACE)
    if where is not None:
        last = max(last, where)
        place = " ".join(token.text for token in tokens[found.last + 1 : where + 1])
        worn = bool({"his", "her", "their"} & set(place.split()))
        kept = {"used", "in hand", "seen", *(["carried"] if worn else [])}
        state = state if state in kept else "on the premises"
    told = next((at for at, word in enumerate(said) if word in TOLD), None)
    maybe = next((at for at, word in enumerate(said) if word in MAYBE), None)
    if told is not None and state not in {"used", "in hand"}:
        first, state = min(first, start + told), "said to be carried"
    if maybe is not None:
        first = min(first, start + maybe)
    mine = state == "carried" and any(word in {"i", "i've", "we", "we've"} for word in said[-4:])
    strength = {"spoken of": 0.6, "on the premises": 0.75}.get(state, 0.85)
    return _claim(
        *(line, first, last, weapon, "with the caller" if mine else state),
        strength=max(strength, 0.8) if answering else strength,
        reason="named in answer to a question" if answering else "named by the caller",
        place=place,
        doubt=maybe is not None,
    )


def _special(line: Line, found: Found, weapon: str, pattern: str) -> WeaponClaim | None:
    """A weapon that was put away, or stolen."""
    text = as_text(line)
    for state, said in (("put down or away", AWAY), ("stolen", STOLEN)):
        for around in text.find(said.replace("{weapon}", pattern)):
            if around.first <= found.first and found.last <= around.last:
                return _claim(
                    *(line, around.first, around.last, weapon, state),
                    strength=0.75,
                    reason="said what was done with it",
                )
    return None


def _put_away(line: Line, claims: Sequence[WeaponClaim]) -> list[WeaponClaim]:
    """As in "he had a gun but he put it away"."""
    return [
        _claim(
            *(line, found.first, found.last, claims[0].weapon, "put down or away"),
            strength=0.7,
            reason="said what was done with it",
        )
        for found in as_text(line).find(IT_AWAY)
        if claims and found.first > claims[0].at and not (found.denied or found.supposed)
    ][:1]


def _located(line: Line, taker: Line) -> list[WeaponClaim]:
    """As in "on the kitchen table" to "where is the gun now?"."""
    asked = as_text(taker)
    for weapon, pattern in KINDS.items():
        if next(asked.find(WHERE.replace("{weapon}", pattern)), None) is None:
            continue
        for found in as_text(line).find(PLACE):
            if found.denied or found.supposed:
                continue
            return [
                _claim(
                    *(line, found.first, found.last, weapon, "on the premises"),
                    strength=0.75,
                    reason="its place, in answer to a question",
                    place=" ".join(t.text for t in line.tokens[found.first : found.last + 1]),
                    asked=taker,
                )
            ]
    return []


def _after(line: Line, found: Found) -> tuple[str, int | None]:
    used = _from(line, found.last + 1, AFTER_USED)
    if used is not None:
        return "used", used
    held = _from(line, found.last + 1, AFTER_HAND)
    if held is not None:
        return "in hand", held
    return "", None


def _before(line: Line, start: int, first: int) -> tuple[str, int]:
    """The nearest thing said before the weapon, gravest first; and where it stands."""
    for state, words in (
        ("used", USED),
        ("in hand", IN_HAND),
        ("seen", SEEN),
        ("carried", CARRIED),
        ("heard", HEARD),
    ):
        for at in range(first - 1, start - 1, -1):
            said = line.tokens[at].text
            if said in _COMES and line.tokens[at + 1].text != "at":
                continue
            if said in words:
                return state, at
    return "spoken of", first


_COMES: Final = frozenset(["came", "coming", "comes"])
"""Who only comes with a weapon has it; who comes at somebody uses it."""


def _from(line: Line, at: int, pattern: str) -> int | None:
    """The last token of the pattern if it stands at token `at`, in the same clause."""
    if at >= len(line.tokens) or (at and line.tokens[at - 1].ends_clause):
        return None
    return next((found.last for found in as_text(line).find(pattern) if found.first == at), None)


def _implied(line: Line) -> list[WeaponClaim]:
    """Somebody was shot or stabbed: a weapon was used, though nobody named it."""
    text = as_text(line)
    claims: list[WeaponClaim] = []
    if any(one.text in TOY and two.text == "gun" for one, two in pairwise(line.tokens)):
        return []
    for weapon, state, patterns in (
        ("gun", "used", SHOTS),
        ("gun", "heard", (SHOTS_HEARD,)),
        ("blade", "used", STABS),
    ):
        for pattern in patterns:
            claims += [
                _claim(
                    *(line, found.first, found.last, weapon, state),
                    strength=0.8 if state == "used" else 0.7,
                    reason="said what was done with it",
                )
                for found in text.find(pattern)
                if not (found.denied or found.supposed)
                and not (found.first and line.tokens[found.first - 1].text in TOY)
            ]
    claims += [
        _claim(
            *(line, found.first, found.last, weapon, "threatened"),
            strength=0.7,
            reason="a threat to use it; not seen",
        )
        for pattern, weapon in THREATS
        for found in text.find(pattern)
        if not (found.denied or found.supposed)
    ]
    claims += [
        _claim(
            *(line, found.first, found.last),
            *("gun" if line.tokens[found.first].text.startswith("gun") else "knife", "in hand"),
            strength=0.85,
            reason="said what was done with it",
        )
        for found in text.find(AT_POINT)
        if not (found.denied or found.supposed)
    ]
    claims += [
        _claim(
            *(line, found.first, found.last, ANY, "carried"),
            strength=0.7,
            reason="said to be armed",
        )
        for found in text.find(ARMED)
        if not (found.denied or found.supposed)
    ]
    return claims


def _none(line: Line, claims: Sequence[WeaponClaim]) -> list[WeaponClaim]:
    """As in "no weapons", "he's not armed"."""
    if claims:
        return []
    return [
        _claim(
            *(line, found.first, found.last, NONE, ""),
            strength=0.8,
            reason="said that there are none",
        )
        for found in as_text(line).find(NO_WEAPONS)
        if not found.supposed
    ][:1]


_FEW: Final = 8
_NOT_KNOWN: Final = frozenset(
    ["know", "sure", "idea", "tell", "see", "saw", "seen", "aware", "think"]
)


def _answered(line: Line, taker: Line) -> list[WeaponClaim]:
    """A yes or a no to the call-taker's question."""
    if not line.tokens:
        return []
    every = asks_any_weapon(taker)
    weapon = ANY if every else _asked_kind(taker)
    word = next((i for i, token in enumerate(line.tokens) if token.text == opening(line)), 0)
    if affirms(line):
        return [
            _claim(
                *(line, word, word, weapon, "carried"),
                strength=0.75,
                reason="the caller said yes to the call-taker's question",
                asked=taker,
            )
        ]
    said = {token.text for token in line.tokens}
    not_known = opening(line) in {"not", "none", "no"} and bool(said & _NOT_KNOWN)
    last = min(len(line.tokens), _FEW) - 1
    if (denies(line) and len(line.tokens) <= _FEW and not unsure(line)) or opening(line) in {
        "none",
        "nothing",
    }:
        return [
            _claim(
                *(line, word, word, NONE if every else f"no {weapon}", ""),
                strength=0.8 if every else 0.7,
                reason="the caller said no to the call-taker's question",
                asked=taker,
            )
        ]
    soft = " ".join(token.text for token in line.tokens[:_FEW])
    if every and compiled(
        r"(?:no |well |um |uh )*i (?:don't|do not|didn't) (?:think|believe) so"
    ).match(soft):
        return [
            _claim(
                *(line, word, last, NONE, "known"),
                strength=0.5,
                reason="the caller thinks not",
                asked=taker,
            )
        ]
    if not_known and "that" in said | {"didn't", "don't"} & said and every and opening(line) != "i":
        return [
            _claim(
                *(line, word, last, NONE, "known"),
                strength=0.5,
                reason="the caller knows of none",
                asked=taker,
            )
        ]
    return []


def _asked_kind(taker: Line) -> str:
    for weapon, pattern in KINDS.items():
        if next(as_text(taker).find(pattern), None) is not None:
            return weapon
    return ANY
