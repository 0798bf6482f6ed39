"""Weapons: which were spoken of, and whether used, in hand, seen, or only said to be there. Pure.

Nothing said is unknown. "None" is a value only if somebody said that there are none.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ringdown.incidents.adapters.rules.dialogue import (
    affirms,
    asked_before,
    asks_any_weapon,
    asks_weapons,
    denies,
    opening,
    unsure,
)
from ringdown.incidents.adapters.rules.phrases import Found, as_text, compiled
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.ports import Evidence, Proposal
from ringdown.spoken.vocabulary import word_set

NONE: Final = "none"
_ANY: Final = "weapon"
KINDS: Final[dict[str, str]] = {
    "handgun": r"handguns?|hand guns?|pistols?|revolvers?|glocks?|nine millimeter|9 ?mm|45 caliber|22 pistol",
    "BB gun": r"(?:bb|b b|pellet|airsoft|air soft|paintball) (?:guns?|rifles?|pistols?)",
    "rifle": r"(?:assault |hunting )?rifles?|ar-?15|a r fifteen|ak-?47|a k forty seven|long guns?",
    "shotgun": r"shotguns?|shot guns?|sawed off",
    "gun": r"guns?(?! (?:club|range|shop|store|show|hill|barrel|lake|safe|permit|license|control|fire|shots?))|firearms?",
    "knife": r"(?:kitchen |butcher |pocket |steak |hunting )?(?:knife|knives)(?! (?:wounds?|river|edge))|switchblades?|box ?cutters?|blades?",
    "machete": r"machetes?|swords?|katana",
    "axe": r"axe?|hatchets?",
    "taser": r"tasers?|stun guns?",
    "pepper spray": r"pepper spray|bear spray|mace",
    "bow": r"crossbows?|bow and arrows?",
    "bomb": r"(?:pipe )?bombs?|grenades?|molotov(?: cocktail)?|explosives",
    _ANY: r"weapons?",
}
"""What is a weapon wherever it is spoken of."""
TOOLS: Final[dict[str, str]] = {
    "bat": r"(?:baseball |metal |aluminum |wooden )?bat",
    "pipe": r"(?:metal |lead )?pipe|crowbar|crow bar|tire iron|rebar|golf club|metal rod",
    "hammer": r"(?:sledge ?)?hammer|wrench",
    "bottle": r"(?:broken |beer |glass )?bottles?",
    "rock": r"rocks?|bricks?",
    "stick": r"(?:big |wooden )?(?:stick|board|club|pole|cane|two by four)",
    "scissors": r"(?:pair of )?scissors|screwdriver|ice pick|razor(?: blade)?|broken glass",
    "chain": r"chain|chainsaw|chain saw",
    "shovel": r"shovel",
}
"""What is a weapon only in the hand of somebody who threatens or strikes."""
_TOY: Final = word_set(
    "nail water nerf squirt toy glue heat staple caulking caulk massage spray grease price radar "
    "top young hired flare plastic flu rabies booster covid tetanus"
)
_IDLE_BEFORE: Final = frozenset(["jump", "jumped", "under", "gunning", "tattoo"])
_WITH: Final = (
    r"(?:a|an|the|his|her|their|my|this|that|some|some kind of|some sort of|what looks like a)"
)
_STRIKES: Final = (
    r"(?:hit|hits|hitting|beat|beats|beating|struck|attacked|attacking|attacks|threatened|threatening|"
    r"threatens|chasing|chased|smashed|smashing|stabbed|stabbing|assaulted|came|coming|comes|cut|hurt|armed|"
    r"jumped|after|swinging|swung|went)"
)
_TOOL_USE: Final = (
    rf"{_STRIKES} (?:\w+ ){{0,4}}?with {_WITH} (?:\w+ )??(?:{{tool}})",
    rf"(?:swinging|waving|brandishing|wielding|raised|swung|carrying|picked up|grabbed|throwing|threw|throws) (?:{_WITH} )?(?:\w+ )??(?:{{tool}})(?: (?:at|around))?",
    rf"(?:has|had|got|holding|have) {_WITH} (?:\w+ )??(?:{{tool}}) (?:and (?:\w+ ){{0,2}}(?:is |was |he's |she's )?(?:hit\w*|swing\w*|threat\w*|chas\w*|com\w+|going|smash\w*|break\w*|attack\w*)|in (?:his|her) hands?)",
)

_ORDER: Final = (
    *("used", "in hand", "threatened", "carried", "with the caller", "said to be carried", "seen"),
    *("heard", "on the premises", "spoken of", "stolen"),
)
"""The gravest first; the last ones say least."""
_USED: Final = word_set(
    "shot shoot shooting fired firing fires shoots stabbed stabbing stabs hit hitting beat beating struck cut "
    "slashed slashing attacked attacking pistol-whipped whipped robbed"
)
_IN_HAND: Final = word_set(
    "holding waving pulled pulling pulls pointed pointing points brandishing brandished swinging drew aiming "
    "aimed raised chasing chased held wielding threatening threatened threatens flashed grabbed came coming"
)
_CARRIED: Final = word_set(
    "has have had got with carrying carries carried armed he's she's they've having owns own keeps brought"
)
_SEEN: Final = word_set("see saw seen spotted noticed sees showed shows showing show")
_HEARD: Final = word_set("heard hear hearing sounds sounded")
_TOLD: Final = word_set(
    "said says saying told claims claimed claiming telling tells threatened threatens"
)
_MAYBE: Final = word_set(
    "might may maybe think thinks thought possibly probably perhaps guess believe could looks looked sure "
    "suspect supposedly usually sometimes"
)
_AFTER_USED: Final = r"(?:just |has |have )?(?:went off|was fired|goes off|being fired)"
_AFTER_HAND: Final = (
    r"(?:to|at|on) (?:my|me|his|her|him|us|their|them|people|somebody|someone|himself|herself|myself)"
    r"(?: (?:own )?(?:head|neck|throat|face|chest|back|stomach|wrists?))?|in (?:his|her|their|my) hands?"
)
_AT_POINT: Final = r"(?:gun|knife) ?point"
_PLACE: Final = (
    r"(?:in|on|under|behind|inside|by|next to|beside|tucked in|locked in|locked up in) "
    r"(?:the|his|her|my|their|our|a|that) (?!hands?|head|face|air)(?:\w+ )?(?!of)\w+"
)
_AWAY: Final = (
    r"(?:put|puts|locked|threw|throws|took|tossed|set) (?:\w+ )?(?:{weapon}) (?:away|down|up|outside|in the (?:trunk|safe|car|closet))|"
    r"(?:dropped|drops) (?:\w+ )?(?:{weapon})|(?:{weapon})(?:'s| is| was| are)? (?:now )?(?:put away|locked up|locked away|secured|unloaded|in the safe)"
)
_STOLEN: Final = r"(?:stole|took|taking|stolen) (?:[\w']+ ){0,3}(?:{weapon})|(?:{weapon}) (?:was|were|is|are|been|got|has been) (?:just )?(?:stolen|taken|missing)"
_THREATS: Final = (
    (
        r"(?:going|gonna|threatening|threatened|wants|threatens|said he'd|said he would|said he'll|he'll|he will) (?:to )?shoot",
        "gun",
    ),
    (
        r"(?:going|gonna|threatening|threatened|wants|threatens|said he'd|said he would|said he'll|he'll|he will) (?:to )?stab",
        "blade",
    ),
)
_WHERE: Final = (
    r"where(?:'s| is| are| did (?:he|she|they) put) (?:the|his|her|that|those) (?:{weapon})"
)
_SHOTS: Final = (
    r"(?:been|got|gotten|was|were|getting|being|get) shot(?! (?:at|up|clock|glass|down|for|record|of))",
    (
        r"shot (?:him|her|me|us|himself|herself|myself|someone|somebody|people|everybody|(?:my|his|her|a|the|our) (?!gun|video|"
        r"picture|clock|movie|film|deer|duck|bird|glass)\w+|in the (?:head|chest|leg|arm|back|stomach|foot|face|neck|hand))"
    ),
    (
        r"(?:shooting|shot|shoots|firing|fired) (?:at|into|up the|through) (?!hoops|fireworks|video|pool|stars?|the stars?|"
        r"heroin|drugs)\w+(?: \w+)?"
    ),
    r"active shooter|(?:somebody|someone|guy|man|he|she|they) (?:is |was |are )?(?:just )?opened fire",
    r"gunshot wounds?",
)
_SHOTS_HEARD: Final = r"gun ?shots?|shots? (?:were |was |being |have been )?fired|gun ?fire|(?:heard|hear|hearing) (?:\w+ ){0,3}shots"
_STABS: Final = (
    r"(?:been|got|gotten|was|were|getting|being) (?:\w+ )?(?:stabbed|slashed)",
    r"(?:stabbed|stabbing|slashed|slashing) (?:him|her|me|us|himself|herself|myself|someone|somebody|people|(?:my|his|her|a|the|our) (?!tires?|seats?)\w+)",
    r"(?:stab|knife) wounds?",
)
_NO_WEAPONS: Final = (
    r"(?:no|without any|without|not any|aren't any|isn't any|didn't see any|don't see any|don't have any|"
    r"doesn't have any|don't have|doesn't have a|doesn't have|haven't seen any|never saw a|wasn't any) weapons?|"
    r"(?:not|isn't|aren't|wasn't|unarmed and not) armed|unarmed"
)


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


def claims_of(line: Line, before: Sequence[Line]) -> list[WeaponClaim]:
    """What `line` says about weapons, given the lines before it."""
    if line.side != CALLER:
        return []
    asked = asked_before(before)
    answering = asked is not None and asks_weapons(asked)
    claims = [*_named(line, answering=answering), *_implied(line)]
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
    for weapon, pattern in TOOLS.items():
        for use in _TOOL_USE:
            claims += [
                _claim(
                    *(line, found.first, found.last, weapon),
                    "used" if _among(line, found.first, found.last, _USED) else "in hand",
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
        if before.text in _TOY or before.text in _IDLE_BEFORE:
            return True
        if before.text == "fake":
            return False
    after = tokens[found.last + 1] if found.last + 1 < len(tokens) else None
    if (
        after is not None
        and not tokens[found.last].ends_clause
        and after.capital
        and after.text in _ROADS
    ):
        return True
    start = max(0, found.first - 7)
    said = [token.text for token in tokens[start : found.first]]
    own = any(said[at : at + 2] in (["cut", "my"], ["cut", "myself"]) for at in range(len(said)))
    return own and not any(word in said for word in ("he", "she", "they", "trying"))


_ROADS: Final = frozenset(
    [
        "road",
        "street",
        "lane",
        "drive",
        "avenue",
        "court",
        "river",
        "creek",
        "club",
        "range",
        "hill",
    ]
)


def _clause(line: Line, first: int) -> int:
    """Where the clause of token `first` begins, at most eight tokens before it."""
    start = first
    while start > max(0, first - 8) and not line.tokens[start - 1].ends_clause:
        if line.tokens[start - 1].text in {"but", "because"}:
            break
        if line.tokens[start - 1].text == "and" and line.tokens[start].text in _SUBJECTS:
            break
        start -= 1
    return start


_SUBJECTS: Final = word_set(
    "he she they there there's it it's i he's she's they're the a his her my we"
)


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
    where = _from(line, found.last + 1, _PLACE)
    if where is not None:
        last = max(last, where)
        place = " ".join(token.text for token in tokens[found.last + 1 : where + 1])
        state = state if state in {"used", "in hand", "seen", "carried"} else "on the premises"
    told = next((at for at, word in enumerate(said) if word in _TOLD), None)
    maybe = next((at for at, word in enumerate(said) if word in _MAYBE), None)
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
    for state, said in (("put down or away", _AWAY), ("stolen", _STOLEN)):
        for around in text.find(said.replace("{weapon}", pattern)):
            if around.first <= found.first and found.last <= around.last:
                return _claim(
                    *(line, around.first, around.last, weapon, state),
                    strength=0.75,
                    reason="said what was done with it",
                )
    return None


_IT_AWAY: Final = (
    r"(?:put|puts|locked|threw|throws|tossed|set|took) (?:it|them|that) (?:away|down|up|outside|in the \w+)|"
    r"(?:dropped|drops|hid) (?:it|them)|(?:it's|it is|they're|they are) (?:put away|locked up|locked away|in the safe|unloaded)"
)


def _put_away(line: Line, claims: Sequence[WeaponClaim]) -> list[WeaponClaim]:
    """As in "he had a gun but he put it away"."""
    return [
        _claim(
            *(line, found.first, found.last, claims[0].weapon, "put down or away"),
            strength=0.7,
            reason="said what was done with it",
        )
        for found in as_text(line).find(_IT_AWAY)
        if claims and found.first > claims[0].at and not (found.denied or found.supposed)
    ][:1]


def _located(line: Line, taker: Line) -> list[WeaponClaim]:
    """As in "on the kitchen table" to "where is the gun now?"."""
    asked = as_text(taker)
    for weapon, pattern in KINDS.items():
        if next(asked.find(_WHERE.replace("{weapon}", pattern)), None) is None:
            continue
        for found in as_text(line).find(_PLACE):
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
    used = _from(line, found.last + 1, _AFTER_USED)
    if used is not None:
        return "used", used
    held = _from(line, found.last + 1, _AFTER_HAND)
    if held is not None:
        return "in hand", held
    return "", None


def _before(line: Line, start: int, first: int) -> tuple[str, int]:
    """The nearest thing said before the weapon, gravest first; and where it stands."""
    for state, words in (
        ("used", _USED),
        ("in hand", _IN_HAND),
        ("seen", _SEEN),
        ("carried", _CARRIED),
        ("heard", _HEARD),
    ):
        for at in range(first - 1, start - 1, -1):
            if line.tokens[at].text in words:
                return state, at
    return "spoken of", first


def _from(line: Line, at: int, pattern: str) -> int | None:
    """The last token of the pattern if it stands at token `at`, in the same clause."""
    if at >= len(line.tokens) or (at and line.tokens[at - 1].ends_clause):
        return None
    return next((found.last for found in as_text(line).find(pattern) if found.first == at), None)


def _implied(line: Line) -> list[WeaponClaim]:
    """Somebody was shot or stabbed: a weapon was used, though nobody named it."""
    text = as_text(line)
    claims: list[WeaponClaim] = []
    if any(one.text in _TOY and two.text == "gun" for one, two in pairwise(line.tokens)):
        return []
    for weapon, state, patterns in (
        ("gun", "used", _SHOTS),
        ("gun", "heard", (_SHOTS_HEARD,)),
        ("blade", "used", _STABS),
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
                and not (found.first and line.tokens[found.first - 1].text in _TOY)
            ]
    claims += [
        _claim(
            *(line, found.first, found.last, weapon, "threatened"),
            strength=0.7,
            reason="a threat to use it; not seen",
        )
        for pattern, weapon in _THREATS
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
        for found in text.find(_AT_POINT)
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
        for found in as_text(line).find(_NO_WEAPONS)
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
    weapon = _ANY if every else _asked_kind(taker)
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
    return _ANY


_GENERAL: Final[dict[str, frozenset[str]]] = {
    _ANY: frozenset(
        ["gun", "handgun", "rifle", "shotgun", "BB gun", "knife", "blade", "machete", "axe", *TOOLS]
    ),
    "gun": frozenset(["handgun", "rifle", "shotgun", "BB gun"]),
    "blade": frozenset(["knife", "machete", "axe", "scissors"]),
}


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


def _listed(named: Sequence[WeaponClaim]) -> Proposal:
    kinds = {claim.weapon for claim in named}
    parts: list[tuple[int, str, list[WeaponClaim]]] = []
    for weapon in dict.fromkeys(claim.weapon for claim in named):
        if kinds & _GENERAL.get(weapon, frozenset()):
            continue
        about = {weapon} | {each for each, finer in _GENERAL.items() if weapon in finer}
        said = [claim for claim in named if claim.weapon in about]
        parts.append(_part(weapon, said))
    parts.sort(key=lambda part: part[0])
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
    words = ["kind not said" if weapon == _ANY and gravest.state == "spoken of" else gravest.state]
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
