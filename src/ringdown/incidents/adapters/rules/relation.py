"""How the caller stands to the incident: said outright, or told by how they speak of it. Pure."""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.asking import asks_relation
from ringdown.incidents.adapters.rules.dialogue import affirms, asked_before, denies, opening
from ringdown.incidents.adapters.rules.phrases import as_text
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.ports import Evidence, Proposal
from ringdown.incidents.types import RELATIONS

_KIN: Final = (
    r"(?:mother|mom|mommy|mama|father|dad|daddy|papa|sister|brother|son|daughter|husband|wife|spouse|grandmother|"
    r"grandma|granny|grandfather|grandpa|uncle|aunt|nephew|niece|cousin|stepdad|stepfather|stepmom|stepmother|stepson|"
    r"stepdaughter|fiance|fiancee|baby|kid|kids|child|children|parents|girlfriend|boyfriend|grandson|granddaughter|"
    r"grandchild|mother-in-law|father-in-law|brother-in-law|sister-in-law|partner|toddler|twins|newborn|infant)"
)
_NEAR: Final = r"(?:friend|neighbor|neighbour|roommate|coworker|co-worker|boss|landlord|tenant|caregiver|client|customer|teacher|student|ex(?:[ -](?:husband|wife|boyfriend|girlfriend))?)"
_IDLE: Final = (
    r"(?:at|home|here|outside|out|coming|calling|driving|with|going|working|telling|talking (?:to|on|with)|looking|trying|getting|a|an|the|my|"
    r"not home|gone|asleep|on|and|told|called|went|house|car|room|name|phone|or|was going|who|that|place|apartment|number)\b"
)
_TROUBLE: Final = (
    r"(?:'s| is| was| are| has| just| got| been| isn't| won't| can't| fell| passed| had| stopped| took| collapsed| cut| hit| needs| having| choking| "
    r"threatening| wants| tried| swallowed| burned| broke)"
    rf"(?! (?:{_IDLE}))"
)
_WORKS: Final = (
    r"(?:manager|assistant manager|clerk|cashier|nurse|doctor|security|security guard|security officer|teacher|principal|receptionist|"
    r"caregiver|aide|employee|supervisor|lifeguard|bus driver|janitor|front desk|concierge|staff|caretaker|home health aide|"
    r"school nurse|secretary|medical assistant|social worker|case manager|therapist|pharmacist|attendant|store owner|bartender|driver for)"
)
_STATED: Final[tuple[tuple[str, float, str], ...]] = (
    (
        "alarm_company",
        0.95,
        (
            r"(?:calling|call) (?:from|with) (?:\w+ ){0,3}?(?:alarm|alarms|monitoring|central station|adt|a d t|vivint|brinks|simplisafe|onstar|on star|life ?alert)(?: \w+)?|"
            r"(?:with|from|at|for) (?:\w+ ){0,3}?(?:alarm company|alarm monitoring|security monitoring|monitoring center|monitoring company|central station|adt|a d t|vivint|simplisafe|life alert|onstar)|"
            r"(?:we received|we have|we've received|we're receiving|i have|reporting|got) (?:a |an )?(?:\w+ ){0,3}?(?:alarm (?:activation|signal|trip)|(?:burglar|burglary|fire|holdup|panic|medical|motion|hold-up) alarm (?:at|for|from|signal|activation))|"
            r"alarm company (?:calling|operator)|operator (?:number )?\w+ (?:with|at|from) (?:\w+ )?(?:alarm|security|monitoring)"
        ),
    ),
    (
        "officer",
        0.9,
        (
            r"this is (?:officer|deputy|sergeant|trooper|detective|lieutenant|unit|medic|engine|ladder|corporal|captain|chief|agent|ranger) \w+|"
            r"i'm (?:a |an )?(?:off-duty |off duty |retired )?(?:police officer|cop|officer|deputy|firefighter|fire fighter|paramedic|emt|e m t|state trooper|sheriff's deputy|first responder|probation officer)(?! (?:is|here|said))|"
            r"(?:this is|calling from) (?:\w+ ){0,3}?(?:dispatch|police department|sheriff's office|sheriff's department|state police|state patrol|highway patrol|fire department|county 911|nine one one)"
        ),
    ),
    (
        "employee",
        0.85,
        (
            rf"i'?m (?:\w+ )?(?:the|a|an) (?:\w+ )?{_WORKS}|i work (?:here|at|for|in|with)|i'm (?:at|on) (?:work|shift)|(?:here )?at (?:my|our) (?:work|job|store|office|restaurant|school|shop)|"
            rf"(?:this is|my name is|this is the) \w+(?: \w+)? (?:at|with|from|over at|calling from) (?!home)(?:the )?[\w'-]+|calling from (?:the )?(?:\w+ ){{0,2}}?(?:hospital|clinic|nursing home|school|store|hotel|motel|restaurant|office|bank|pharmacy|facility|library|front desk|rehab|church|gym|casino|bar)|"
            r"my (?:cashiers?|employees?|clerks?|customers?|patients?|students?|residents?|tenants?|staff)|(?:we|i)(?:'ve)? (?:got|have|had) an employee|one of (?:my|our|the) (?:guys(?: at work| that| who)|customers|students|residents|patients|employees|guests|workers|clients|coworkers|co-workers)|we have a (?:customer|resident|patient|guest|student|patron) (?:\w+ )?(?:who|that|here|in)|(?:he's|she's) (?:one of )?(?:our|my) (?:patients?|residents?|students?|customers?|clients?)"
        ),
    ),
    (
        "relative",
        0.9,
        rf"i'?m (?:his|her|their|the (?:patient's|victim's)) (?:\w+ )?{_KIN}|i am (?:his|her|their) (?:\w+ )?{_KIN}|(?:he's|she's|he is|she is|it's|that's|this is|they're|it is) (?:my|our) (?!ex\b)(?:\w+ )?{_KIN}",
    ),
    (
        "passer_by",
        0.85,
        (
            r"i(?:'m| am| was)? (?:just )?(?:driving|drove|passing|passed|driven|walking|riding|ran|walked|jogging|biking) (?:right )?(?:by|past|through|down)|(?:just )?(?:drove|passed|driving|passing) (?:by|past) (?:it|a|an|the|and|this|him|her|them|on)|"
            r"i (?:already )?(?:drove|kept going|didn't stop|did not stop|couldn't stop|kept driving|can't stop)|i'm not (?:there|at the scene) anymore|i'm driving (?:on|down|and|behind|by|past)|i just passed|i'm (?:\w+ )?behind (?:him|her|it|them|this (?:car|truck|guy))"
        ),
    ),
    (
        "witness",
        0.85,
        (
            r"i (?:just |actually )?(?:witnessed|saw|watched|seen) (?:it|him|her|them|a|an|the|this|two|some|somebody|someone|everything|what)|i'm (?:a|the) witness|(?:we|i) (?:just )?(?:heard|can hear|hear|could hear) (?:\w+ ){0,2}?(?:gunshots?|gun shots?|shots|screaming|yelling|a crash|a scream|a woman|a man|glass|fighting|an explosion|somebody|someone)|"
            r"i'm (?:watching|looking at) (?:him|her|them|it|a|some|two)|i can see (?:him|her|them|it|the|from|smoke|flames)|across the street from me|from my (?:window|balcony|porch|apartment)|(?:my|our|the) (?:upstairs |downstairs |next door )?neighbou?rs?(?:'s| are| is| keep| have|'re)"
        ),
    ),
    (
        "other",
        0.75,
        rf"(?:he's|she's|it's|that's|i'm (?:his|her|their)|this is) (?:my |a )?(?:\w+ )?{_NEAR}|i'm with (?:a|my) (?:\w+ )?{_NEAR}|calling (?:for|on behalf of) (?:a|my|another) \w+|i'm not (?:there|with (?:him|her|them))|i'm (?:out of state|in another state|in a different state)|(?:he|she|they|somebody|someone|\w+) (?:just )?(?:called|texted|messaged) me",
    ),
    (
        "bystander",
        0.75,
        (
            r"i don't know (?:him|her|them|the (?:guy|man|woman|lady|person)|who (?:he|she|it|they) (?:is|are))|never (?:seen|met) (?:him|her|them)|(?:he's|she's) a (?:complete |total )?stranger|i'm (?:just )?(?:a )?bystander|i just (?:found|came across|came upon|walked up on|stopped)|i (?:stopped|pulled over) to help|"
            r"there's (?:a|this|some) (?:\w+ ){0,3}?(?:man|guy|woman|lady|person|kid|gentleman|homeless \w+) (?:\w+ ){0,2}?(?:lying|laying|standing|slumped|hanging|sitting|dropped|shaking|having|passed out|down|in the|on the (?:ground|sidewalk|street|floor)|unconscious|who|that|collapsed|bleeding)"
        ),
    ),
    (
        "self",
        0.85,
        (
            r"(?:i|we)(?:'ve| have)?(?: just| think i(?:'ve)?| was| got)? (?:been |was |were |got |am |just )*(?:shot|stabbed|robbed|mugged|attacked|assaulted|raped|jumped|bitten|burned|rear-ended|rear ended|carjacked|kidnapped|scammed)(?! (?:at|him|her|them|the|my|a))|"
            r"i(?:'m| am| was|'ve been| just| think i'm)? (?:\w+ )?(?:having (?:a |an |really |some |bad |severe )*(?:chest|heart|trouble|difficulty|stroke|seizure|asthma|allergic|panic|contractions|baby|pain|stomach|breathing|miscarriage)|can't (?:breathe|move|feel|get up|get out|see)|bleeding|in labor|pregnant and|trapped|stuck|locked (?:out|in)|lost|dizzy|hurt|injured|sick|being (?:followed|chased|attacked|robbed|threatened|held|stalked))|"
            r"i (?:just )?(?:fell|crashed|wrecked|overdosed|cut (?:my|myself)|broke my|hit (?:a|my|the)|took (?:too many|a bunch|some|all)|burned my|hurt my|passed out|fainted|ran into|ran over)(?! on (?:him|her))|"
            r"i(?:'ve got| have| got| feel) (?:[\w']+ ){0,3}?(?:pain|pains|pressure|trouble breathing|numbness|bleeding|fever|palpitations)|"
            r"(?:my|our) (?:\w+ )?(?:truck|car|bike|purse|phone|wallet|package|packages|mail|laptop|motorcycle|trailer|tools|van)(?:'s| is| was| are| were| got| has been| have been)* (?:gone|missing|taken|stolen)|"
            r"i (?:want|wanna|need) to (?:die|kill myself|hurt myself)|i'm (?:gonna|going to) (?:kill myself|die|pass out|jump)|(?:somebody|someone|he|she|they|(?:a|some|this|the) (?:\w+ )?\w+)(?:'s| is| are| just| has)* (?:\w+ )??(?:sideswiped|rear-ended|rear ended|bumped|stuck|knocked|broke into|breaking into|stole|stolen|hit|hitting|threatened|threatening|following|chasing|attacked|robbed|beat|choked|bit|shot|stabbed|kicked|punched|pushed|pulled (?:a|his) (?:gun|knife) on) (?:me|my (?:house|car|apartment|home|truck|wallet|purse|phone|garage|bike|package))|"
            r"(?:my|our) (?:house|home|apartment|kitchen|car|truck|garage|basement|stove|dryer|oven)(?:'s| is| was| just| has| got| been|'s been| caught)* (?:\w+ )?(?:on fire|burning|broken into|stolen|robbed|flooding|flooded|smoking|hit|rear-ended|filling)|(?:i|we)(?:'ve| have)?(?:'re| were| was| just| got| had|'m)* (?:\w+ )?in (?:a|an) (?:\w+ )?(?:car )?(?:accident|wreck|crash|collision)|(?:i|we) (?:got|had|have|just had|were in) (?:a|an|into an|into a) (?:\w+ )?(?:accident|wreck|crash|break-in|burglary|fender bender)"
        ),
    ),
    (
        "relative",
        0.75,
        (
            rf"(?:my|our) (?!ex\b)(?:[\w-]+ )?{_KIN}(?:,)?{_TROUBLE}|(?:my|our) (?!ex\b)(?:[\w-]+ )?{_KIN} (?:says|said)|"
            rf"(?:shot|stabbed|hit|attacked|bit|killed|beat|beating|hitting|choking|took) (?:my|our) (?!ex\b)(?:[\w-]+ )?{_KIN}|"
            r"(?:mommy|daddy)(?:'s| is| won't| fell| has| can't)|my (?:\w+ )?(?:\w+|\d+)[- ](?:year|month|week)s?[- ]old"
        ),
    ),
    (
        "relative",
        0.65,
        rf"(?:my|our) (?!ex\b)(?:[\w-]+ )?{_KIN}(?:'s)? (?!(?:is |was |are |has |just )?{_IDLE})\w+",
    ),
    (
        "self",
        0.6,
        (
            r"(?:i|we) don't know where (?:i am|i'm at|we are|we're at)|(?:we're|we are) (?:\w+ )?(?:lost|stuck|trapped|stranded)|"
            r"(?:in|inside|into|on|under|behind) (?:my|our) (?:attic|house|home|yard|backyard|basement|garage|apartment|kitchen|bedroom|porch|driveway|shed|roof|property)(?! is)|"
            r"(?:somebody|someone|somebody's|someone's)(?: is)? (?:in|inside|breaking into|trying to get into) (?:the|my|our) (?:house|home|apartment|garage)|(?:my|our) (?:brakes|accelerator|gas pedal)|i (?:locked|lost) my"
        ),
    ),
    (
        "other",
        0.6,
        rf"my (?:\w+ )?{_NEAR}(?:'s| is| was| has| just| fell| won't| isn't| can't| had| got| collapsed| stopped)",
    ),
    (
        "bystander",
        0.55,
        r"(?:some|a|this) (?:\w+ )?(?:man|guy|woman|lady|gentleman|person|kid) (?:here )?(?:just |is |has )*(?:collapsed|fell|passed out|fainted|having a seizure|choking)",
    ),
)
"""What says how the caller stands, the surest first."""
_NOT_ME: Final = frozenset(["if", "like", "said", "says", "told", "saying"])


@dataclass(frozen=True, slots=True)
class RelationClaim:
    """One line's word on how the caller stands to the incident."""

    code: str
    strength: float
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def claims_of(line: Line, before: Sequence[Line]) -> list[RelationClaim]:
    """What `line` says about how the caller stands to the incident."""
    if line.side != CALLER:
        return []
    text, asked = as_text(line), asked_before(before)
    answering = asked is not None and asks_relation(asked)
    claims: list[RelationClaim] = []
    for code, strength, pattern in _STATED:
        for found in text.find(pattern):
            said = {token.text for token in line.tokens[max(0, found.first - 3) : found.first]}
            if found.denied or found.supposed or said & _NOT_ME:
                continue
            reason = (
                "said outright" if strength >= _OUTRIGHT else "told by how the caller speaks of it"
            )
            claims.append(_claim(line, found.first, found.last, code, strength, reason))
            break
    if answering and asked is not None and before[-1].side == CALL_TAKER:
        claims += _answered(line, asked, claims)
    return claims


_OUTRIGHT: Final = 0.9


def _claim(
    line: Line,
    first: int,
    last: int,
    code: str,
    strength: float,
    reason: str,
    asked: Line | None = None,
) -> RelationClaim:
    evidence, sure = (line.evidence(first, last),), line.sureness(first, last)
    if asked is not None:
        end = len(asked.tokens) - 1
        evidence = (asked.evidence(0, end), *evidence)
        sure = min(sure, asked.sureness(0, end))
    return RelationClaim(code, strength, strength * sure, evidence, line.order, first, reason)


_YES_MEANS: Final = (
    ("are you family", "relative"),
    ("related", "relative"),
    ("did you see it", "witness"),
    ("did you witness", "witness"),
    ("do you work there", "employee"),
    ("are you an employee", "employee"),
    ("are you driving by", "passer_by"),
    ("are you passing by", "passer_by"),
    ("are you the victim", "self"),
    ("are you the patient", "self"),
    ("were you involved", "self"),
    ("are you involved", "self"),
    ("are you the one", "self"),
    ("is this your house", "self"),
)


def _answered(line: Line, asked: Line, claims: Sequence[RelationClaim]) -> list[RelationClaim]:
    """A yes, a no or a bare word to the call-taker's question."""
    question = " ".join(token.text for token in asked.tokens)
    word = next((i for i, token in enumerate(line.tokens) if token.text == opening(line)), 0)
    if affirms(line):
        for phrase, code in _YES_MEANS:
            if phrase in question:
                yes = "the caller said yes to the call-taker's question"
                return [_claim(line, word, word, code, 0.85, yes, asked)]
    if denies(line) and "do you know" in question and len(line.tokens) <= 6 and not claims:
        no = "the caller said no to the call-taker's question"
        return [_claim(line, word, word, "bystander", 0.7, no, asked)]
    if denies(line) or any(claim.strength >= _OUTRIGHT for claim in claims):
        return []
    for code, pattern in (
        ("relative", rf"(?:\w+ )?{_KIN}"),
        ("other", _NEAR),
        ("employee", _WORKS),
        ("bystander", "stranger|nobody|no relation|none"),
    ):
        found = next(iter(as_text(line).find(pattern)), None)
        if found is not None and not found.denied:
            reason = "in answer to a question"
            return [_claim(line, found.first, found.last, code, 0.9, reason, asked)]
    return []


def resolve(claims: Sequence[RelationClaim]) -> list[Proposal]:
    """How the caller stands, surest first; of equals the one said first."""
    best: dict[str, RelationClaim] = {}
    for claim in sorted(claims, key=lambda claim: (claim.order, claim.at)):
        held = best.get(claim.code)
        if held is None or claim.strength > held.strength:
            best[claim.code] = claim
    ranked = sorted(best.values(), key=lambda claim: (-claim.strength, claim.order, claim.at))
    return [
        Proposal(
            *("relation", claim.code, RELATIONS[claim.code], round(claim.confidence, 4)),
            *(claim.evidence, claim.reason),
        )
        for claim in ranked
    ][:3]
