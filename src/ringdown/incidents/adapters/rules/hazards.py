"""What is dangerous for those who come to help: wires, gas, traffic, dogs, people. Pure.

Nothing said is unknown. Weapons have a field of their own.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.asking import (
    asks_animals,
    asks_danger,
    asks_drunk,
    asks_still_there,
)
from ringdown.incidents.adapters.rules.dialogue import affirms, denies, opening
from ringdown.incidents.adapters.rules.meant import IDLE, meant
from ringdown.incidents.adapters.rules.phrases import as_text
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.ports import Evidence, Proposal
from ringdown.spoken.vocabulary import word_set

NONE: Final = "none"
_THE: Final = r"(?:the|a|an|some|my|our|his|her|their|all|one of the|lots of|two|three|several)"
_VEHICLE: Final = r"(?:car|truck|van|vehicle|bus|engine|suv|jeep|trailer|semi|motorcycle|hood|it)"
_HE: Final = r"(?:he|she|they|he's|she's|they're|the (?:guy|man|woman|suspect|person|robber|burglar|shooter|intruder)|someone|somebody)"
_ONE: Final = _HE.replace("they|", "").replace("they're|", "")
HAZARDS: Final[dict[str, str]] = {
    "power line down": (
        r"(?:power ?lines?|wires?|(?:electric(?:al)?|utility|telephone|power|light|live|high voltage) (?:lines?|wires?|cables?|poles?))"
        r"(?:'s| is| are| was| were| has| have| came| come| coming| just| got| been| all| laying| lying| hanging| knocked| fallen| fell| snapped| went)* "
        r"(?:down|hanging|fell|fallen|snapped|in the (?:road|street|yard|water)|on (?:the|my|our|a|top of) \w+|across the \w+)|"
        r"(?:downed|fallen|live|hanging|loose) (?:\w+ )?(?:power ?lines?|wires?|lines?|cables?)|"
        r"(?:knocked|took|brought|pulled|hit) (?:down )?(?:\w+ ){0,2}(?:power ?lines?|wires|power pole|utility pole|electric(?:al)? pole|telephone pole)(?: down)?"
    ),
    "wires sparking": (
        r"(?:wires?|power ?lines?|lines?|transformer|outlet|electrical (?:box|panel)|breaker|panel|pole)(?:'s| is| are| was| were| just| keeps| started| that's)* (?:\w+ )?(?:spark\w*|arcing|arced|popping|buzzing|blew|blew up|exploded|on fire)|"
        r"(?:transformer|breaker box) (?:blew|exploded)|(?:it's|they're|it is|that's|and) (?:sparking|arcing)|sparks (?:\w+ )?(?:flying|coming|everywhere|from|shooting)"
    ),
    "power line struck": r"(?:on|onto|into|against|touching|hit|struck) (?:the |a |some )?(?:power ?lines?|(?:electric(?:al)? |live )?wires|(?:power|utility|electric(?:al)?) (?:lines?|poles?)|transformer)",
    "gas smell": (
        r"(?:smell|smells|smelled|smelling|smelt|odor|scent|whiff)(?: \w+){0,3}? (?:gas|propane|natural gas|rotten eggs)(?! station)|"
        r"(?:strong |bad |heavy |natural )?(?:gas|propane) (?:smell|odor)|rotten eggs?"
    ),
    "gas leak": (
        r"(?:gas|propane) (?:line |main |pipe |tank |meter )?(?:is |was |are |has |have |got |been |just )*(?:leak\w*|broken|broke|ruptured|hit|cut|hissing|struck)(?! (?:\w+ )?(?:all over|on the|from (?:the|my|his|her) (?:car|truck|vehicle|tank|engine)))|"
        r"(?:hit|cut|broke|struck|ruptured|dug into|severed) (?:\w+ ){0,2}(?:gas|propane) ?(?:line|main|pipe|meter|tank)?"
    ),
    "carbon monoxide": r"carbon monoxide|c\.?o\.? (?:alarm|detector|monoxide)|monoxide",
    "chemicals": (
        r"(?:chemicals?|acid|ammonia|chlorine|bleach|pesticides?|solvents?|hazardous materials?|hazmat|toxic|pool chemicals)(?: \w+){0,3}? (?:spill\w*|leak\w*|fumes|mixed|cloud|smell|everywhere|burn\w*|release\w*)|"
        r"(?:spill\w*|leak\w*|mixed|mixing|breathed in|inhaled|fumes)(?: \w+){0,3}? (?:chemicals?|acid|ammonia|chlorine|bleach|pesticides?|mercury|toxic \w+)|"
        r"(?:chlorine|ammonia|acid|chemical|nitrogen) (?:line|tank|pipe|truck|drum|tanker)|chemical (?:spill|leak|fire|smell|odor|fumes|plant)|hazmat|meth lab|toxic fumes"
    ),
    "fuel leaking": (
        r"gas(?: is| was|'s)? (?:leaking|spilling|pouring) (?:\w+ )?(?:all over|on the (?:ground|road|street)|from (?:the|my|his|her) (?:car|truck|vehicle|tank|engine))|"
        r"(?:fuel|gasoline|diesel|oil|petrol)(?:'s| is| are| was| just)* (?:\w+ )?(?:leaking|spilling|pouring|dripping|gushing|all over|everywhere|on the (?:ground|road|street))|"
        r"(?:leaking|spilling|dripping|spilled|leaks) (?:\w+ ){0,2}?(?:fuel|gasoline|diesel|gas|oil|fluids?|coolant|something)|"
        r"(?:fuel|gasoline|diesel|oil) (?:spill|leak)"
    ),
    "vehicle on fire": rf"{_VEHICLE}(?: just)?(?:'s| is| are| was| caught)* (?:\w+ )?(?:on fire|burning|in flames)|(?:car|vehicle|truck|engine) fire|{_VEHICLE} (?:just )?(?:caught|went up in) (?:fire|flames)",
    "vehicle smoking": (
        rf"{_VEHICLE}(?:'s| is| are| was| started)* (?:\w+ )?smoking|"
        r"smoke (?:is |was |'s )?(?:\w+ )?(?:coming|pouring|billowing) (?:\w+ )?(?:from|out of|out) (?:\w+ )?(?:the )?(?:hood|engine|car|truck|vehicle|van|suv)"
    ),
    "explosion": r"(?:loud |big |huge |an |heard an )?explosions?|(?:has |have |just |it )?(?:exploded|blew up|blown up)|(?:about|going|gonna) to (?:explode|blow up)|could (?:explode|blow)",
    "explosive materials": r"(?:propane|oxygen|gas|acetylene|helium|o2|fuel) (?:tanks?|bottles?|cylinders?|cans?)|ammunition|ammo|explosives?|fireworks (?:\w+ )?(?:inside|in (?:the|there))|dynamite|pipe bombs?",
    "suspicious package": r"(?:suspicious|unattended|strange|weird) (?:package|bag|backpack|box|suitcase|device)",
    "collapse": (
        r"(?:roof|ceiling|wall|walls|building|floor|structure|bridge|scaffolding|trench|ground|porch|deck|balcony|house|stairs|crane)(?:'s| is| has| just| part of it| have| are| was| partially| about to)* (?:collaps\w*|caved in|caving in|came down|coming down|fell in|gave way|giving way|unstable)|"
        r"collapsed (?:building|roof|house|structure|trench|wall|bridge|ceiling)|sink ?hole|mud ?slide|land ?slide|rock ?slide"
    ),
    "tree down": r"(?:tree|trees|limb|branch|branches|big limb)(?:'s| is| are| has| have| just| came| fell| that's| fallen| that)* (?:down|fell|fallen|fell (?:down|over)|across|blocking|in the (?:road|street)|on (?:the|my|a|top of) \w+)|(?:downed|fallen) (?:trees?|limbs?|branch(?:es)?)",
    "in the roadway": (
        r"(?:in|blocking|across) (?:the )?(?:middle of the (?:road|street|highway|freeway|lane|intersection)|(?:left|right|center|fast|slow|middle|both|all|two|one|travel|passing)(?: \w+)? lanes?|roadway|whole road|entire road|lanes?|traffic lane)|"
        r"(?:blocking|blocks|blocked) (?:the |all |both )?(?:traffic|road|street|intersection|highway|lane|lanes)|debris (?:\w+ )?(?:in|on|all over|across) (?:the )?(?:\w+ )?(?:road|street|highway|lane|freeway)"
    ),
    "on the tracks": r"(?:on|across|stuck on|over) the (?:train |railroad |rail )?tracks|train(?:'s| is) coming|third rail",
    "water": r"(?:road|street|basement|house|car|it|underpass)(?:'s| is| are| has| was| just| completely| all)* (?:flooded|flooding|under ?water|filling with water|filling up with water)|flood ?waters?|flash flood|(?:water is|water's|waters) (?:rising|moving fast|too deep|too fast)|(?:fast|swift|strong|rip) (?:moving )?(?:water|current)",
    "ice": r"(?:black|thin) ice|(?:fell|went|gone|broke) through the ice|(?:on|off) the ice|(?:road|roads|bridge|it|everything)(?:'s| is| are)* (?:\w+ )?(?:icy|iced over|slick|covered in ice)",
    "dog on the premises": (
        r"(?:has|have|had|got|there's|there are|there is|they have|with|i have|we have|he has) (?:an? |some |two |three |four |big |large |the )*(?:\w+ )?(?<!hot )(?:dogs?|pit ?bulls?|rottweilers?|german shepherds?|dobermans?)(?: \w+){0,3}? (?:in(?:side)?|here|there|house|yard|home|with (?:him|me|us)|loose|outside|but)|"
        r"(?<!hot )(?:dogs?|pit ?bulls?) (?:is|are|in) (?:\w+ )?(?:in the (?:house|yard|back|backyard|basement|garage|kennel)|loose)"
    ),
    "aggressive dog": (
        r"(?:aggressive|vicious|mean|attacking|dangerous|rabid|loose|unfriendly) (?:\w+ )?(?<!hot )(?:dogs?|pit ?bulls?|animals?|rottweilers?|shepherds?)|"
        r"(?<!hot )(?:dogs?|pit ?bulls?|rottweiler|shepherd)(?:'s| is| are| was| were| just| keeps| has| that)* (?:\w+ )?(?:aggressive|vicious|attack\w*|biting|bit|growling|charging|chasing|won't let|loose|not friendly|mean)|"
        r"(?:bit|bitten|attacked|mauled|chased) by (?:a|the|my|his|her|their|two|some) (?:\w+ ){0,2}?(?<!hot )(?:dogs?|pit ?bulls?|rottweiler|shepherd)"
    ),
    "dangerous animal": r"(?:rattle ?snakes?|copperheads?|venomous snake|snake (?:bite|bit)|swarm of (?:bees|wasps|hornets)|(?:bees|wasps|hornets)(?:'?s)? nest|alligators?|bears?(?! (?:with|spray|in mind|arms))|mountain lion|cougar|coyotes?|raccoon (?:\w+ )?(?:rabid|rabies)|angry bull|bull (?:is |got )?loose)",
    "needles": r"(?:needles?|syringes?) (?:\w+ ){0,3}?(?:on|in|everywhere|around|all over|next to|beside|lying|laying|still)|(?:used|dirty|lot of|bunch of) (?:needles?|syringes?)",
    "suspect still there": (
        rf"{_HE}(?:'s| is| are| was)? (?:\w+ )?still (?:here|there|inside|outside|in (?:the|my|our|there)|at the|on (?:scene|the)|around|out (?:here|there|front|back)|with (?:me|us|her|him))(?: (?:house|building|store|apartment|property|door|room|yard|car))?|"
        rf"{_HE}(?:'s| is| are)? (?:\w+ )?(?:trying to (?:get|break|kick) (?:in|inside|the door|my door|down)|breaking in|at (?:the|my) (?:front |back )?(?:door|window)|outside my \w+)|"
        r"(?:someone|somebody|a (?:man|guy|stranger|person)|the (?:suspect|intruder|robber|burglar|shooter))(?:'s| is| are)? (?:\w+ )?(?:in|inside) (?:the|my|our) (?:house|home|apartment|basement|garage)"
    ),
    "suspect coming back": rf"{_HE}(?:'s| is| are| was|'re)? (?:\w+ ){{0,3}}?(?:coming|come|came|be) back",
    "suspect gone": rf"{_HE}(?:'s| is| has| have| are| just| already)* (?:left|gone|ran (?:off|away|out)|took off|drove (?:off|away)|fled|walked (?:off|away))|(?:suspect|guy|man) (?:is |has )?(?:gone|left|fled)",
    "violent person": (
        rf"{_ONE}(?:'s| is| was| are| getting| gets| got| being| really| very| so| becoming| has been| been| still)* (?:violent|combative|aggressive|hostile|out of control|fighting (?:us|them|staff|everyone|the|with)|attacking|swinging at|throwing (?:things|stuff|furniture|chairs)|destroying|breaking (?:things|stuff|windows|everything)|smashing|going crazy|threatening)|"
        r"(?:violent|combative|aggressive|hostile) (?:\w+ )?(?:patient|person|man|male|guy|woman|female|resident|customer|crowd|people)|"
        r"(?:throwing|breaking|smashing|destroying) (?:things|stuff|furniture|everything|windows|the house)"
    ),
    "hostile to police": r"(?:hates|fight|fights|shoot at|shoot|attack|kill|fought|hurt) (?:the |any |with )?(?:cops?|police|officers?)|(?:won't|not going to|not gonna) go (?:easy|quietly|peacefully|back to (?:jail|prison))|suicide by cop|history of (?:violence|fighting)|known to (?:be )?(?:violent|fight)",
    "intoxicated person": rf"{_HE}(?:'s| is| was| are| been| has been| have been| really| very| so| all| pretty| super| extremely| seems| looks| acting)* (?:drunk|intoxicated|drinking(?! (?:water|coffee|soda|milk|tea|juice|enough|fluids|a))|high|wasted|hammered|on (?:drugs|meth|something|pcp|cocaine|crack|alcohol|fentanyl)|under the influence)",
    "barricaded": r"barricaded|locked (?:himself|herself|themselves) in(?:side)?|(?:won't|refuses to|refusing to) (?:come out|let (?:us|anyone|me|anybody) in|open the door)|booby ?trap\w*",
    "crowd": r"(?:big|large|angry|huge|hostile|whole) (?:crowd|group|mob)|(?:crowd|mob|lots of people|(?:twenty|thirty|forty|fifty|a hundred|hundreds of|\d{2,3}) people)(?: \w+){0,2} (?:fighting|gathering|gathered|outside|rioting|brawling)|riot(?:ing)?",
}
"""What may harm a helper, by the name it is shown with."""
_NONE: Final = (
    r"no (?:hazards?|dangers?|safety concerns)|(?:nothing|not anything|isn't anything) (?:\w+ )?(?:dangerous|hazardous)|"
    r"(?:scene|it|it's|everything) (?:is |looks |seems )?(?:all )?(?:safe|secure)(?: now)?"
)


@dataclass(frozen=True, slots=True)
class HazardClaim:
    """One line's word on one hazard; `NONE` when the speaker says that there is none."""

    hazard: str
    strength: float
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def claims_of(line: Line, before: Sequence[Line]) -> list[HazardClaim]:
    """What `line` says about danger at the place, given the lines before it."""
    if line.side != CALLER:
        return []
    text = as_text(line)
    claims: list[HazardClaim] = []
    for hazard, pattern in HAZARDS.items():
        for found in text.find(pattern):
            if found.denied or found.supposed or _inside_denied(line, found.first, found.last):
                continue
            if hazard.startswith("suspect") and not _crime(line, before):
                continue
            if hazard == "intoxicated person" and _only_like(line, found.first):
                continue
            claims.append(_claim(line, found.first, found.last, hazard, 0.8, "said by the caller"))
            break
    claims = meant(claims, line, before, IDLE)
    if before and before[-1].side == CALL_TAKER:
        claims += _answered(line, before[-1], claims, crime=_crime(line, before))
    if not claims:
        claims += [
            _claim(line, found.first, found.last, NONE, 0.7, "said that nothing is dangerous")
            for found in text.find(_NONE)
            if not found.supposed
            and not (found.denied and "no" not in line.tokens[found.first].text)
        ][:1]
    return claims


def _inside_denied(line: Line, first: int, last: int) -> bool:
    """As in "the lines are not down", "he's not violent"; "won't come out" denies nothing."""
    return any(
        token.text in {"not", "isn't", "aren't", "wasn't", "never"}
        for token in line.tokens[first : last + 1]
    )


def _only_like(line: Line, first: int) -> bool:
    """As in "he's talking like he's drunk": somebody ill may sound so."""
    before = [token.text for token in line.tokens[max(0, first - 2) : first]]
    return before[-1:] == ["like"] and before[:1] not in (["acting"], ["seems"], ["looks"])


_CRIME: Final = word_set(
    "gun knife weapon stole steal stealing stolen robbed robbing robber burglar burglary broke breaking "
    "suspicious threatened threatening attacked attacking fight fighting fought stranger intruder shot shooting "
    "stabbed assault assaulted beat beating hit hitting drunk trespassing suspect yelling screaming argument "
    "followed following stalking harassing banging kicked kicking punched armed"
)
"""Words without which somebody who is still there may as well be a patient."""


def _crime(line: Line, before: Sequence[Line]) -> bool:
    return any(token.text in _CRIME for each in (*before, line) for token in each.tokens)


def _claim(
    line: Line,
    first: int,
    last: int,
    hazard: str,
    strength: float,
    reason: str,
    asked: Line | None = None,
) -> HazardClaim:
    evidence, sure = (line.evidence(first, last),), line.sureness(first, last)
    if asked is not None:
        end = len(asked.tokens) - 1
        evidence = (asked.evidence(0, end), *evidence)
        sure = min(sure, asked.sureness(0, end))
    return HazardClaim(hazard, strength, strength * sure, evidence, line.order, first, reason)


def _answered(
    line: Line, taker: Line, claims: Sequence[HazardClaim], *, crime: bool
) -> list[HazardClaim]:
    """A yes or a no to the call-taker's question."""
    said = {claim.hazard for claim in claims}
    word = next((i for i, token in enumerate(line.tokens) if token.text == opening(line)), 0)
    yes, no = (
        "the caller said yes to the call-taker's question",
        "the caller said no to the call-taker's question",
    )
    short = len(line.tokens) <= 6
    if crime and asks_still_there(taker) and not said & {"suspect still there", "suspect gone"}:
        if affirms(line):
            return [_claim(line, word, word, "suspect still there", 0.75, yes, taker)]
        room = next(iter(as_text(line).find(_THERE)), None)
        if room is not None and not room.denied:
            answer = "in answer to a question"
            return [_claim(line, room.first, room.last, "suspect still there", 0.75, answer, taker)]
        if denies(line) and short:
            return [_claim(line, word, word, "suspect gone", 0.65, no, taker)]
    if (
        asks_animals(taker)
        and affirms(line)
        and not any("dog" in each or "animal" in each for each in said)
    ):
        name = (
            "dog on the premises"
            if any("dog" in t.text for t in taker.tokens)
            else "animal on the premises"
        )
        return [_claim(line, word, word, name, 0.75, yes, taker)]
    if asks_drunk(taker) and affirms(line) and "intoxicated person" not in said:
        return [_claim(line, word, word, "intoxicated person", 0.75, yes, taker)]
    if asks_danger(taker) and not said:
        if (denies(line) and short) or opening(line) in {"none", "nothing"}:
            safe = any(token.text == "safe" for token in taker.tokens)
            return [] if safe else [_claim(line, word, word, NONE, 0.75, no, taker)]
        if affirms(line) and short and any(token.text == "safe" for token in taker.tokens):
            return [_claim(line, word, word, NONE, 0.7, yes, taker)]
    return []


_THERE: Final = (
    r"(?:he's|she's|they're|he is|she is|they are) (?:\w+ )?(?:in the|in my|in his|in her|outside|upstairs|downstairs|right here|"
    r"on the|at the|sitting|standing|sleeping|hiding)(?: other)?(?: \w+)?"
)
_SAME: Final = {
    "gas smell": "gas leak",
    "dog on the premises": "aggressive dog",
    "vehicle smoking": "vehicle on fire",
}
"""What is left out where the graver one was said too."""


_MOST: Final = 12


def resolve(claims: Sequence[HazardClaim]) -> list[Proposal]:
    """All hazards in one line, in the order of the table; then that there are none, if said."""
    ordered = sorted(claims, key=lambda claim: (claim.order, claim.at))
    last = {claim.hazard: claim for claim in ordered}
    there, gone = last.get("suspect still there"), last.get("suspect gone")
    if there is not None and gone is not None and (gone.order, gone.at) > (there.order, there.at):
        del last["suspect still there"]
    last.pop("suspect gone", None)
    none = last.pop(NONE, None)
    for less, more in _SAME.items():
        if more in last:
            last.pop(less, None)
    names = [name for name in (*HAZARDS, "animal on the premises") if name in last][:_MOST]
    proposals: list[Proposal] = []
    if names:
        chosen = [
            max((c for c in ordered if c.hazard == name), key=lambda c: c.confidence)
            for name in names
        ]
        text = "; ".join(names)
        evidence = tuple(dict.fromkeys(each for claim in chosen for each in claim.evidence))
        sure = round(min(claim.confidence for claim in chosen), 4)
        proposals.append(
            Proposal("hazards", text, text[:1].upper() + text[1:], sure, evidence, chosen[0].reason)
        )
    if none is not None:
        proposals.append(
            Proposal(
                "hazards", NONE, "None known", round(none.confidence, 4), none.evidence, none.reason
            )
        )
    return proposals
