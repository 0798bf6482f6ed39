"""The people hurt or in danger: how many, in what condition, or none known. Pure."""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.dialogue import (
    affirms,
    asks_awake,
    asks_breathing,
    asks_count,
    asks_hurt,
    denies,
    negated,
    opening,
    supposed,
)
from ringdown.incidents.adapters.rules.numbers import read_count
from ringdown.incidents.adapters.rules.phrases import as_text
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.ports import Evidence, Proposal

_RELATIVES: Final = {
    word: name
    for name, words in {
        "mother": "mom mother mommy mama mum",
        "father": "dad father daddy papa",
        "sister": "sister",
        "brother": "brother brother-in-law",
        "son": "son",
        "daughter": "daughter",
        "husband": "husband",
        "wife": "wife",
        "grandmother": "grandmother grandma granny",
        "grandfather": "grandfather grandpa",
        "stepfather": "stepfather stepdad",
        "stepmother": "stepmother stepmom",
        "girlfriend": "girlfriend",
        "boyfriend": "boyfriend",
        "friend": "friend",
        "neighbour": "neighbor neighbour",
        "nephew": "nephew",
        "niece": "niece",
        "uncle": "uncle",
        "aunt": "aunt",
        "roommate": "roommate",
        "baby": "baby",
    }.items()
    for word in words.split()
}
_RELATIVE: Final = "|".join(sorted(_RELATIVES, key=len, reverse=True))
_COUNT: Final = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}|a couple)"
)
_PEOPLE: Final = (
    r"(?:people|persons|men|women|kids|children|guys|victims|patients|passengers|girls|boys|"
    r"adults|teenagers|others|of them|of us|folks|students|workers|ladies|babies|person|man|"
    r"woman|kid|child|victim|patient|passenger|guy|girl|boy|lady|worker)"
)
_HURT: Final = {
    "not breathing": r"(?:not|isn't|stopped|quit|aren't) breathing|no pulse|cpr|turning blue",
    "unconscious": r"unconscious|unresponsive|passed out|not responding|won't wake up|collapsed|slumped over|keeled over|can't wake (?:him|her)|"
    r"knocked out|isn't waking up|not waking up|not awake|fainted",
    "shot": r"(?:been |got |was |were |get |is |just )*shot(?! at)(?: (?:himself|herself|in (?:the|his|her) \w+))?",
    "stabbed": r"(?:been |got |was |were )*stabbed",
    "trapped": r"trapped|pinned|stuck inside|(?:still )?(?:inside the (?:house|building|car))|can't get out|buried|stuck (?:on|up on) (?:a|the) (?:ledge|cliff|roof)|dangling|hanging upside down",
    "drowning": r"drowning|drowned|under ?water|(?:went|fell|fallen|gone) (?:in |into |through )(?:the )?(?:water|river|lake|pond|pool|canal|ice)",
    "bleeding": r"bleeding|(?:lots of |lot of )blood",
    "burned": r"burned|burnt|scalded|electrocuted",
    "choking": r"choking(?! (?:me|him|her))",
    "having trouble breathing": r"(?:can't|can barely|barely|trouble|difficulty|hardly) (?:breathe|breathing)|"
    r"having (?:an )?asthma(?: attack)?|throat is closing|can't (?:get|catch) (?:\w+ )?(?:air|breath)|gasping|short of breath",
    "in pain": r"chest pains?|heart attack|in (?:a lot of |so much |severe )?pain",
    "having a seizure": r"(?:having|had|has|have) (?:a )?seizures?|seizing|convulsing|shaking all over",
    "having a stroke": r"(?:having|had|has) a stroke|can't get (?:his|her) words out|talking funny|slurring|face (?:\w+ ){0,2}droop\w*|(?:one|left|right) side (?:\w+ ){0,2}(?:numb|droop\w*|weak)",
    "dead": r"dead|deceased|passed away|been killed|got killed|died",
    "overdosed": r"overdosed|overdosing|od'd|overdose",
    "hit by a vehicle": r"(?:hit|struck|run over|ran over) by (?:a |the )?(?:\w+ )?(?:car|truck|train|bus|van|vehicle)",
    "attacked": r"(?:been |got |was |were |getting )(?:attacked|beaten|beat up|jumped|assaulted|robbed|raped|punched|hit in the \w+)",
    "fallen": r"(?:fell|fallen)(?! asleep| in love)|slipped (?:in|on|and|off|down)|tripped over|can't get (?:back )?up",
    "bitten": r"(?:bit|bitten|stung) by|been bitten|got bitten",
    "missing": r"(?:is |has been |has gone |went |got )*missing|disappeared|wandered off|never came home|(?:didn't|hasn't) come home",
    "kidnapped": r"kidnapped|abducted|(?:held|taken) hostage",
    "in danger": r"(?:wants|want|going|threatening|trying) to (?:jump|die|kill (?:himself|herself|myself))|hiding|"
    r"being (?:followed|chased|stalked)|lost(?! (?:my|his|her|the|our))|stuck (?:in|on|inside)|stranded",
    "sick": r"(?:is |'s |really |very )*sick|in labor|throwing up|diabetic|puking",
    "hurt": r"hurt|injured|wounded|broke (?:his|her|my|their) \w+|needs? (?:an ambulance|a medic|medical)",
}
_SUBJECT_ONE: Final = (
    rf"(?:my|his|her|our|their) (?:\w+ )?(?:{_RELATIVE})|"
    r"(?:a|an|the|this|that|one|another) (?:\w+ ){0,2}?(?:man|woman|guy|lady|girl|boy|kid|child|baby|"
    r"person|driver|passenger|pedestrian|victim|patient|officer|worker|teenager|toddler|infant)|"
    r"mommy|mommy's|daddy|he|she|he's|she's|i'm|someone|somebody|i've|i"
)
_GAP: Final = r"(?:(?:on|in|with) (?:a|the|his|her|my) )?(?:(?!and |but |if |who |because |not |nobody |the |a )[\w']+ ){0,4}?"
_MANY: Final = (
    r"(?:people|kids|children|they|others|several people|multiple people|a bunch of people|"
    r"lots of people|a lot of people|some people|everybody|everyone|a family|a lot of kids)"
)
_NONE: Final = (
    r"(?:nobody|no one|no-one|noone|none of (?:us|them|the \w+))(?:'s| is| was| were| got| has been| are| seems| looks)* "
    r"(?:\w+ )?(?:hurt|injured|inside|in there|in it|trapped|in the (?:house|building|car))|"
    r"no (?:injuries|injury|one hurt|one is hurt|victims|casualties)|"
    r"(?:everyone|everybody|we all|they all|all of us)(?:'s| is| are| got)* (?:\w+ )?"
    r"(?:okay|ok|fine|safe|out|all right|alright|unhurt|got out)|"
    r"(?:not|aren't|isn't|wasn't) (?:\w+ )?(?:hurt|injured)"
)


@dataclass(frozen=True, slots=True)
class VictimClaim:
    """One line's word on the people: a count (None: more than nobody, not known how many)."""

    count: int | None
    person: str
    condition: str
    strength: float
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def claims_of(line: Line, before: Sequence[Line]) -> list[VictimClaim]:
    """What `line` says about the people hurt or in danger, given the lines before it."""
    if line.side != CALLER:
        return []
    claims = [*_counted(line), *_single(line), *_many(line), *_none(line)]
    if before and before[-1].side == CALL_TAKER:
        claims += _answered(line, before[-1])
    return claims


def _claim(
    line: Line,
    first: int,
    last: int,
    count: int | None,
    *,
    person: str = "",
    condition: str = "",
    strength: float,
    reason: str,
) -> VictimClaim:
    return VictimClaim(
        count,
        person,
        condition,
        strength,
        strength * line.sureness(first, last),
        (line.evidence(first, last),),
        line.order,
        first,
        reason,
    )


def _counted(line: Line) -> list[VictimClaim]:
    """As in "two people are trapped", "three kids hurt"."""
    text = as_text(line)
    claims: list[VictimClaim] = []
    for condition, pattern in _HURT.items():
        for found in text.find(rf"{_COUNT} (?:\w+ )?{_PEOPLE} {_GAP}(?:{pattern})"):
            number = read_count(line.tokens, found.first)
            start = found.first
            if line.tokens[start].text == "a":
                number = read_count(line.tokens, start + 1)
            if number is None or number[0] == 0 or found.denied or found.supposed:
                continue
            claims.append(
                _claim(
                    line,
                    start,
                    found.last,
                    number[0],
                    condition=condition,
                    strength=0.85,
                    reason="a count was said",
                )
            )
    return claims


def _single(line: Line) -> list[VictimClaim]:
    """As in "my uncle is unconscious", "he got stabbed", "my wife and my daughter are hurt"."""
    text = as_text(line)
    claims: list[VictimClaim] = []
    for condition, pattern in _HURT.items():
        for found in text.find(rf"(?:{_SUBJECT_ONE}) {_GAP}(?:{pattern})"):
            if (
                found.denied
                or found.supposed
                or _inner_denial(line, found.first, found.last, condition)
            ):
                continue
            subject = line.tokens[found.first].text
            if subject in {"i", "i've"} and condition in {"shot", "dead", "trapped", "drowning"}:
                said = " ".join(t.text for t in line.tokens[found.first : found.last + 1])
                if condition == "shot" and not any(w in said for w in ("been", "got", "was")):
                    continue
            if condition == "shot" and _shoots_another(line, found.last):
                continue
            first = _listed_from(line, found.first)
            names = _names(line, first, found.last)
            claims += [
                _claim(
                    line,
                    first,
                    found.last,
                    1,
                    person=name,
                    condition=condition,
                    strength=0.8,
                    reason="one person spoken of",
                )
                for name in names or [""]
            ]
    for found in text.find(
        rf"(?:shot|stabbed|hit|attacked|beat|killed|robbed|raped|bit|ran over|strangled|attacking|biting|"
        rf"hitting|beating|choking|stabbing|mauling|kicking) (?:my|his|her|our) (?:\w+ )?(?:{_RELATIVE})"
    ):
        if found.denied or found.supposed:
            continue
        verb = line.tokens[found.first].text
        condition = {
            "shot": "shot",
            "stabbed": "stabbed",
            "killed": "dead",
            "bit": "bitten",
            "biting": "bitten",
            "stabbing": "stabbed",
        }.get(verb, "attacked")
        names = _names(line, found.first, found.last)
        claims.append(
            _claim(
                line,
                found.first,
                found.last,
                1,
                person=names[0] if names else "",
                condition=condition,
                strength=0.8,
                reason="one person spoken of",
            )
        )
    for found in text.find(_AGAINST_ME):
        if found.denied or found.supposed:
            continue
        claims.append(
            _claim(
                line,
                found.first,
                found.last,
                1,
                condition="in danger",
                strength=0.65,
                reason="the caller speaks of themselves",
            )
        )
    return claims


_AGAINST_ME: Final = (
    r"(?:following|follows|followed|chasing|chased|threatening|threatened|hitting|hit|hurting|"
    r"beating|beat|attacking|attacked|robbed|robbing|punched|kicked|choked|choking|stalking|"
    r"raped|assaulted|kill|hurt|shoot|stab|jumped|grabbed|pushed|after) me"
)


def _inner_denial(line: Line, first: int, last: int, condition: str) -> bool:
    """As in "he is not hurt" speaks of nobody hurt; "not breathing" is a condition of its own."""
    if condition in {"not breathing", "unconscious", "having trouble breathing"}:
        return False
    return (
        any(negated(line.tokens, at, reach=2) for at in range(first + 1, last + 1))
        and condition != "trapped"
    )


def _shoots_another(line: Line, last: int) -> bool:
    following = line.tokens[last + 1].text if last + 1 < len(line.tokens) else ""
    ends = line.tokens[last].ends_clause
    return (
        not ends
        and following
        in {"my", "him", "her", "me", "his", "the", "a", "at", "someone", "somebody", "out", "off"}
        and line.tokens[last].text == "shot"
    )


def _names(line: Line, first: int, last: int) -> list[str]:
    """The relatives named, as one name each: "my mom" and "mother" are the same person."""
    found: list[str] = []
    for token in line.tokens[first : last + 1]:
        name = _RELATIVES.get(token.text.removesuffix("'s"))
        if name and name not in found:
            found.append(name)
    return found


def _listed_from(line: Line, first: int) -> int:
    """Where a list of relatives begins: as in "my brother and my father got hurt"."""
    tokens = line.tokens
    while first >= 2 and tokens[first - 1].text == "and":
        named = tokens[first - 2]
        if named.text not in _RELATIVES or named.ends_sentence:
            break
        first -= 3 if first >= 3 and tokens[first - 3].text in _OWNERS else 2
    return first


_OWNERS: Final = frozenset(["my", "his", "her", "our", "their", "the"])


def _many(line: Line) -> list[VictimClaim]:
    text = as_text(line)
    claims: list[VictimClaim] = []
    for condition in (
        "trapped",
        "shot",
        "hurt",
        "unconscious",
        "bleeding",
        "dead",
        "not breathing",
    ):
        pattern = _HURT[condition] + ("|in there" if condition == "trapped" else "")
        for found in text.find(rf"{_MANY} {_GAP}(?:{pattern})"):
            if found.denied or found.supposed or negated(line.tokens, found.last, reach=3):
                continue
            counted = read_count(line.tokens, max(0, found.first - 1))
            if counted and found.first:
                continue
            claims.append(
                _claim(
                    line,
                    found.first,
                    found.last,
                    None,
                    condition=condition,
                    strength=0.6,
                    reason="more than one person spoken of, no count",
                )
            )
    return claims


def _none(line: Line) -> list[VictimClaim]:
    return [
        _claim(line, found.first, found.last, 0, strength=0.8, reason="said that nobody is hurt")
        for found in as_text(line).find(_NONE)
        if not supposed(line.tokens, found.first)
    ]


def _answered(line: Line, taker: Line) -> list[VictimClaim]:
    """What the caller answers to "is anyone hurt", "is he breathing", "how many"."""
    if not line.tokens or not taker.tokens or not opening(line):
        return []
    word = next(i for i, token in enumerate(line.tokens) if token.text == opening(line))
    last = len(taker.tokens) - 1
    sure = min(line.sureness(word, word), taker.sureness(0, last))
    evidence = (taker.evidence(0, last), line.evidence(word, word))

    def made(count: int | None, condition: str, strength: float, reason: str) -> VictimClaim:
        return VictimClaim(
            count, "", condition, strength, strength * sure, evidence, line.order, word, reason
        )

    nobody = opening(line) in {"nobody", "none"} or (
        opening(line) == "no" and len(line.tokens) <= 4
    )
    if asks_count(taker):
        for at in range(min(4, len(line.tokens))):
            number = read_count(line.tokens, at)
            if number:
                return [
                    VictimClaim(
                        number[0],
                        "",
                        "hurt" if number[0] else "",
                        0.8,
                        0.8 * min(line.sureness(at, at), taker.sureness(0, last)),
                        (taker.evidence(0, last), line.evidence(at, at)),
                        line.order,
                        at,
                        "a count in answer to a question",
                    )
                ]
    if asks_hurt(taker) and nobody:
        return [made(0, "", 0.75, "the caller said no to the call-taker's question")]
    if denies(line) and asks_breathing(taker):
        return [made(1, "not breathing", 0.8, "the caller said no to the call-taker's question")]
    if denies(line) and asks_awake(taker):
        return [made(1, "unconscious", 0.8, "the caller said no to the call-taker's question")]
    if (
        affirms(line)
        and asks_hurt(taker)
        and not any(token.text in {"you", "medical"} for token in taker.tokens)
    ):
        return [made(None, "hurt", 0.6, "the caller said yes to the call-taker's question")]
    return []


_GRAVITY: Final = {condition: at for at, condition in enumerate(_HURT)}


def resolve(claims: Sequence[VictimClaim]) -> list[Proposal]:
    """How many, and in what condition, best first. A stated count beats persons counted here."""
    ordered = sorted(claims, key=lambda claim: (claim.order, claim.at))
    stated = [c for c in ordered if c.reason.startswith("a count") and c.count]
    persons = [c for c in ordered if c.count == 1 and c not in stated]
    many = [c for c in ordered if c.count is None]
    none = [c for c in ordered if c.count == 0]
    proposals: list[Proposal] = []
    if stated:
        proposals += [_proposal(claim.count, [claim], ordered) for claim in reversed(stated)]
    if persons:
        named = {claim.person for claim in persons if claim.person}
        chosen = [
            max(
                (c for c in persons if c.person == name),
                key=lambda c: (c.confidence, -_GRAVITY.get(c.condition, 99)),
            )
            for name in sorted(named)
        ] or [max(persons, key=lambda c: (c.confidence, -_GRAVITY.get(c.condition, 99)))]
        proposals.append(_proposal(len(chosen), chosen, persons))
    if many:
        proposals.append(_proposal(None, [max(many, key=lambda c: c.confidence)], many))
    if none:
        latest = none[-1]
        hurt_after = any(c.order > latest.order for c in [*stated, *persons, *many])
        proposal = Proposal(
            "victims",
            "0",
            "None known",
            round(latest.confidence, 4),
            latest.evidence,
            latest.reason,
        )
        hurt = stated or persons or many
        proposals.insert(0 if not hurt else len(proposals), proposal)
        if hurt and not hurt_after and not persons and not stated:
            proposals.remove(proposal)
            proposals.insert(0, proposal)
    unique: dict[str, Proposal] = {}
    for proposal in proposals:
        unique.setdefault(proposal.value, proposal)
    return list(unique.values())[:4]


def _proposal(
    count: int | None, chosen: Sequence[VictimClaim], all_claims: Sequence[VictimClaim]
) -> Proposal:
    conditions: list[str] = []
    for claim in sorted(all_claims, key=lambda c: _GRAVITY.get(c.condition, 99)):
        if claim.condition and claim.condition not in conditions and claim in chosen:
            conditions.append(claim.condition)
    evidence: list[Evidence] = []
    for claim in chosen:
        evidence.extend(cited for cited in claim.evidence if cited not in evidence)
    people = (
        "Number not known"
        if count is None
        else f"{count} person"
        if count == 1
        else f"{count} people"
    )
    text = f"{people}: {', '.join(conditions)}" if conditions else people
    return Proposal(
        "victims",
        "unknown_number" if count is None else str(count),
        text,
        round(min(claim.confidence for claim in chosen), 4),
        tuple(evidence),
        chosen[0].reason,
    )
