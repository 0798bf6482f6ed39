"""The phrases by which callers say what happens, with the strength of each. Data only."""
# ruff: noqa: E501 - a pattern reads best on one line

from dataclasses import dataclass
from typing import Final

from ringdown.incidents.types import Level

WHO = (
    r"(?:i|he|she|they|we|(?:my|our|his|her|their|a|an|the|this|one|some) (?:\w+ ){0,3}?\w+|"
    r"someone|somebody|people|guy|man|woman|lady|\w+)"
)


@dataclass(frozen=True)
class Phrase:
    """A pattern that speaks for an incident type; `level` when it says more than the type does."""

    code: str
    pattern: str
    strength: float
    level: Level | None = None


def _p(code: str, strength: float, *patterns: str, level: Level | None = None) -> list[Phrase]:
    return [Phrase(code, pattern, strength, level) for pattern in patterns]


PHRASES: Final[tuple[Phrase, ...]] = (
    *[
        *_p(
            "shooting",
            0.95,
            r"(?:been|got|gotten|was|were|is|get|getting|being) shot(?! at)",
            r"shot (?:him|her|me|us|himself|herself|someone|somebody|people|by|in the|(?:my|his|her|"
            r"the|a) (?!gun|rifle|video|picture|fireworks)\w+)",
            r"shooting (?:at )?(?:people|us|me|everyone|everybody|each other|him|her)",
            r"gunshot wounds?",
            r"active shooter",
            r"(?:shoots?|shot|shooting) (?:himself|herself|themselves)",
        ),
        *_p(
            "shooting",
            0.85,
            r"(?:a |some |the |this |report a )?shooting",
            r"(?:gun ?shots?|shots? (?:were |was |being )?fired|shots|gunfire|drive-by)",
            r"(?:shooting|firing|shot|fired) (?:a |the |his |her |off )?(?:gun|rifle|pistol|weapon)",
            level="critical",
        ),
        *_p(
            "stabbing",
            0.95,
            r"(?:stabbed|stabbing|stab wounds?|been cut with|slashed|cut (?:his|her|my) throat)",
        ),
        *_p(
            "person_with_weapon",
            0.8,
            r"(?:has|have|had|got|with|holding|waving|carrying|pulled|pulling|pointed|pointing|"
            r"pulls|brandishing|swinging|threatening \w+ with) (?:out )?"
            r"(?:a |an |the |his |her |some (?:kind|sort) of )?(?:\w+ )?"
            r"(?:gun|guns|pistol|knife|machete|rifle|shotgun|weapon|handgun|firearm|revolver|bat|ax|"
            r"axe|sword|hatchet)",
            level="high",
        ),
        *_p("person_with_weapon", 0.55, r"(?:gun|pistol|knife|machete|rifle|shotgun)"),
        *_p(
            "assault",
            0.85,
            r"(?:beating|beat|beaten|beats) (?:up |him |her |me |them |my |on |the |a )+(?!traffic)",
            r"(?:been |being |got |was |were |getting )(?:assaulted|attacked|jumped|beaten|beat up|"
            r"punched|hit in the|mugged)",
            r"assaulted|assaulting|attacking (?:me|him|her|us|people|someone)",
            r"(?:punched|punching|kicked|choked|choking|strangled|strangling|hit|hitting|slapped) "
            r"(?:me|him|her|my (?!car|truck|head|vehicle|house|fence|brake)\w+|us|each other)",
        ),
        *_p(
            "assault",
            0.75,
            r"(?:fight|fighting|fistfight|brawl|assault|fighting each other)",
        ),
        *_p(
            "domestic",
            0.85,
            r"(?:my|her|his) (?:ex-?)?(?:husband|wife|boyfriend|girlfriend|ex|spouse|partner)(?: \w+)? "
            r"(?:is |was |just |keeps |has been |been )*(?:hit|hitting|beat|beating|threatening|"
            r"threatened|attacking|choking|choked|abusing|pushed|yelling|screaming|won't leave)"
            r"(?: \w+)?",
            r"domestic (?:violence|dispute|disturbance|abuse|situation)",
        ),
        *_p(
            "domestic",
            0.6,
            r"(?:got|getting|had|in) (?:in |into )?(?:an |a )?argument",
            level="medium",
        ),
        *_p(
            "sexual_assault", 0.95, r"raped|rape|raping|sexually assaulted|molested|sexual assault"
        ),
        *_p(
            "robbery",
            0.9,
            r"(?:been |being |got |was |just )?(?:robbed|mugged|held up|carjacked)|robbery|armed robbery|"
            r"carjacking|robbing",
            r"(?:grabbed|snatched|took|stole|ripped) (?:my|her|his) (?:purse|bag|wallet|chain|phone)"
            r"(?: (?:out|off|from) (?:of )?(?:my|her|his|the) (?:hand|hands|arm|shoulder|car|neck))?",
        ),
        *_p(
            "burglary",
            0.9,
            r"(?:broke|break|breaking|broken|breaks|breakin|trying to break|trying to get) (?:in|into)"
            r"(?: (?:my|the|our|her|his|a|someone's) (?:\w+ )?(?:house|home|apartment|garage|store|"
            r"window|door|shop|church|building))?",
            r"burglar|burglars|burglary|burglarized|home invasion|intruder|break-in|prowler",
            r"(?:someone|somebody|man|guy|stranger|people|they're|he's)(?:'s| is| are|'re)? (?:\w+ ){0,2}"
            r"(?:in|inside) (?:my|our|the) (?:house|home|apartment|basement|garage)",
            r"(?:someone's|somebody's|someone is|somebody is|they're|he's) (?:in here|inside|downstairs|upstairs)",
            r"(?:trying|try|tried|tries) (?:to )?(?:open|opening|opened|get in|kick in|kick down|force|break down) "
            r"(?:the |my |our |through )*(?:\w+ )?(?:door|window|house)?",
        ),
        *_p(
            "theft",
            0.75,
            r"(?:stole|stolen|stealing|steal|theft|shoplifting|shoplifter|shoplifted|pickpocket(?:ed)?)",
        ),
        *_p(
            "missing_person",
            0.9,
            r"(?:can't|cannot|can not|couldn't|unable to) find (?:my|our|his|her|the) (?:\w+ )?"
            r"(?:son|daughter|child|kid|kids|boy|girl|baby|mother|father|husband|wife|brother|sister|"
            r"grandson|granddaughter|grandma|grandpa|grandmother|grandfather)",
            r"(?:(?:son|daughter|child|kid|boy|girl|mother|father|husband|wife|brother|sister|he|she|"
            r"grandson|granddaughter|grandfather|grandmother|person|baby) "
            r"(?:is |has |'s |has been |been |just |went )+missing|missing (?:person|child|kid|boy|girl|"
            r"son|daughter)|ran away|runaway child|wandered off|disappeared)",
        ),
        *_p(
            "kidnapping",
            0.95,
            r"kidnapped|kidnap|kidnapping|kidnapper|abducted|abduction|held hostage|hostage|"
            r"(?:took|taken|grabbed|snatched) (?:my|a|the|her) (?:\w+ )?(?:baby|child|kid|son|daughter|girl|boy)",
            r"(?:holding|held) (?:me|us|her|him) (?:captive|hostage|against)",
        ),
        *_p(
            "suspicious",
            0.7,
            r"suspicious (?:\w+ )?\w+|suspicious|(?:looking|peeking|peering) (?:in|into|through) "
            r"(?:my|the|our|people's) (?:\w+ )?(?:window|windows|cars|house|door)",
            r"(?:jump|jumped|jumping|climbing|climbed) (?:over )?(?:the |my |our |a )(?:wall|fence|gate)",
            r"(?:following|followed|stalking|stalked) (?:me|us|her)|trespassing|trespasser|lurking|"
            r"hanging around|prowling|casing",
            r"(?:knocking|banging|pounding|knock) (?:at|on) (?:my|our|the) (?:\w+ )?(?:door|window)",
        ),
        *_p(
            "threat",
            0.75,
            r"(?:threatening|threatened|threatens|threats|threat|harassing|harassed|harassment|stalker|"
            r"stalking)",
            r"(?:said|says|going|gonna|wants|trying) (?:he's |she's |to |he |she )*kill "
            r"(?:me|us|her|him|them|my \w+|everybody|everyone|people)",
        ),
        *_p(
            "explosive",
            0.9,
            r"bomb|bombs|explosive|explosives|pipe bomb|grenade|grenades|landmine|dynamite|bomb threat|"
            r"suspicious package",
        ),
        *_p(
            "death",
            0.85,
            r"(?:dead|deceased) (?:body|person|man|woman|guy|lady)|found (?:him|her|my \w+|a \w+) "
            r"(?:dead|deceased)|dead body|(?:he|she|mother|father|mom|dad|husband|wife)(?:'s| is| has) "
            r"(?:dead|passed away|deceased)|been murdered|killed (?:my|him|her|someone|somebody|a)(?: \w+)?"
            r"|cold and (?:stiff|blue)|i think (?:he|she)(?:'s| is) dead",
            level="critical",
        ),
        *_p(
            "structure_fire",
            0.95,
            r"(?:house|home|apartment|building|kitchen|garage|school|church|store|bedroom|basement|attic|"
            r"roof|barn|trailer|stove|restaurant|warehouse|hotel|motel|duplex|porch|oven|room|upstairs|"
            r"living room|shed|bathroom|dryer)(?:'s|s)?(?: next door| upstairs| downstairs)?"
            r"(?: is| are| was|'s| just| has)*(?: caught| catching)?(?: completely| fully)? "
            r"(?:on fire|burning|in flames|caught fire|caught on fire|up in flames|engulfed)",
            r"(?:house|apartment|kitchen|building|structure|garage|grease|electrical|attic|stove|chimney|"
            r"barn|dryer|oven|bedroom|basement|closet) (?:fire|is burning)",
            r"(?:fire(?! (?:panel|alarms?|drill|department|trucks?|engine|extinguisher|escape|code|marshal|exit|station|hydrant)(?![\w']))|flames|smoke(?! (?:detector|alarm)s?(?![\w'])))(?: is| are|'s)?(?: \w+){0,3}? (?:in|from|out of|coming from|inside|through|on|at) "
            r"(?:the |my |our |a |an |his |her )(?:\w+ ){0,2}?(?:house|home|apartment|building|kitchen|garage|roof|"
            r"window|windows|basement|attic|bedroom|school|church|store|barn|hotel|room|trailer|oven|"
            r"stove|porch|second floor|first floor|third floor|dryer|restaurant|wall|upstairs)",
            level="critical",
        ),
        *_p(
            "vehicle_fire",
            0.93,
            r"(?:car|truck|vehicle|van|bus|engine|suv|semi|rv|boat|motorcycle|trailer|hood)(?:'s)?"
            r"(?: is| was|'s| just| has)*(?: caught)? (?:on fire|burning|in flames|caught fire|caught on fire)",
            r"(?:car|vehicle|truck|engine) fire",
        ),
        *_p(
            "outdoor_fire",
            0.9,
            r"(?:brush|grass|forest|wild|woods|bush|trash|dumpster|tree|field|hay|rubbish|fence) ?fire|"
            r"wildfire|(?:grass|brush|field|woods|trees|tree|dumpster|trash|bushes|hillside|fence|hill)"
            r"(?: is| are|'s| was| just)*(?: caught)? (?:on fire|burning|in flames|caught fire)|"
            r"illegal burn(?:ing)?",
        ),
        *_p(
            "fire",
            0.75,
            r"(?:there is |there's |we got |we have |big |huge |small |a |the |on )?(?<!open )(?<!opened )(?<!opening )(?<!returned )fire"
            r"(?! (?:station|department|truck|engine|drill|alarm|hydrant|escape|fighters?|extinguisher|"
            r"house|rescue|chief|marshal|or))",
            r"flames|on fire|something burning|is burning",
            level="high",
        ),
        *_p(
            "smoke_alarm",
            0.7,
            r"(?:smoke|fire|carbon monoxide|co) (?:alarm|detector|alarms|detectors)(?: \w+){0,3}",
            r"(?:smell|smelling|smells|smelled|see|seeing|smells like)(?: \w+){0,2}? (?:smoke|burning)|smoke",
        ),
        *_p(
            "gas_leak",
            0.9,
            r"(?:gas|propane|chemical|ammonia|chlorine|carbon monoxide) (?:leak|leaking|spill|line)|"
            r"(?:smell|smells like|smelling|smelled)(?: of| a lot of| strong| like)* (?:gas|propane|rotten eggs)|"
            r"chemical spill|leaking gas|hazmat|carbon monoxide poisoning",
        ),
        *_p(
            "cardiac_arrest",
            0.95,
            r"(?:not|isn't|ain't|aren't|wasn't|stopped|quit|no longer|can't tell if \w+ is) breathing(?! (?:right|well|good|normal))",
            r"(?:doing|do|started|starting|trying|giving|performing) cpr|cpr in progress|no pulse|"
            r"(?:doesn't|don't) have a pulse|can't (?:find|feel|get) a pulse|cardiac arrest|"
            r"heart (?:has |just )?stopped|turning blue|turned blue|is blue|blue in the face|flatlined",
            level="critical",
        ),
        *_p(
            "unconscious",
            0.9,
            r"unconscious|unresponsive|passed out|(?:not|isn't|ain't|won't) "
            r"(?:responding|waking up|wake up|conscious|responsive|respond)|won't wake up|"
            r"can't wake (?:him|her|them|my \w+)(?: up)?|collapsed|fainted|passing out|blacked out|"
            r"knocked out|out cold|found (?:him|her|them) on the floor",
            level="critical",
        ),
        *_p(
            "breathing",
            0.9,
            r"(?:can't|cannot|can not|can barely|barely|hardly|trouble|difficulty|hard time|struggling to|"
            r"problems?|can't hardly|having a hard time|couldn't) (?:breathe|breathing|breath|catch (?:his|her|my) breath)",
            r"(?:is |he's |she's |baby's |baby is |son is |daughter is )?choking(?! (?:me|him|her) )|asthma(?: attack)?|"
            r"shortness of breath|short of breath|gasping|wheezing|allergic reaction|anaphyla\w+",
            level="critical",
        ),
        *_p(
            "chest_pain",
            0.9,
            r"chest pains?|heart attack|(?:pain|pressure|tightness) in (?:his|her|my|the) chest|"
            r"chest (?:hurts|is hurting|is tight|pressure)|heart (?:is )?(?:racing|problems?|condition)|palpitations",
        ),
        *_p(
            "stroke",
            0.9,
            r"(?:having|had|have|has|like) a stroke|a stroke|stroke symptoms|"
            r"(?:slurring|slurred|slurs)(?: \w+)?|face (?:is )?(?:drooping|droopy|dropped)|"
            r"(?:can't|cannot) (?:move|feel) (?:one|his|her|the|my) (?:\w+ )?(?:side|arm|leg|face)",
        ),
        *_p(
            "overdose",
            0.92,
            r"overdose|overdosed|overdosing|od'd|(?:took|taken|swallowed|ate|drank|drunk) "
            r"(?:\w+ ){0,4}?(?:pills|bleach|poison|antifreeze|batteries|battery|heroin|fentanyl|medication|detergent|xanax)|"
            r"poisoned|poisoning|narcan|shot up heroin",
            level="critical",
        ),
        *_p(
            "suicidal",
            0.93,
            r"suicide|suicidal|kill(?:ing)? (?:himself|herself|myself|themselves)|"
            r"(?:hung|hanged|hanging|hang|cut|cutting|hurt|hurting|harm) (?:himself|herself|myself)|"
            r"(?:want|wants) (?:to )?die|(?:want|wants|going|threatening|trying|about|gonna) (?:to )?(?:(?:end (?:it|his life|her life|my life)|"
            r"jump off \w+ \w+))|slit (?:his|her|my) wrists?|standing on the (?:ledge|edge)",
            level="critical",
        ),
        *_p(
            "childbirth",
            0.93,
            r"(?:having|have|delivering|had) (?:a|the|her|my|our) baby(?! (?:who|that|is|with|shower))|in labor|in labour|"
            r"water (?:just )?broke|contractions|giving birth|gave birth|baby is coming|baby's coming|crowning|miscarriage",
        ),
        *_p(
            "bleeding",
            0.82,
            r"bleeding(?: \w+){0,2}|lots of blood|blood (?:everywhere|all over|coming)|cut (?:off )?(?:his|her|my) "
            r"(?:\w+ )?(?:finger|hand|arm|leg|foot|wrist|toe|head)|severed|amputated|broke (?:his|her|my) (?:\w+ )?"
            r"(?:leg|arm|hip|neck|back|ankle|wrist)|burned (?:his|her|my)(?: \w+)?|electrocuted|impaled|head injury",
            level="high",
        ),
        *_p(
            "bleeding",
            0.55,
            r"(?:hurt|injured|hurt bad|badly hurt|injuries)",
            level="high",
        ),
        *_p(
            "fall",
            0.85,
            r"(?:fell|fallen|falling|falls) (?:down|off|out|from|over|through|and)(?: (?:the |a |of |of the |his |her |my |some )*"
            r"(?!in love)\w+)?|(?:fell|fallen)(?! in love| asleep)|can't get up|slipped and",
        ),
        *_p(
            "seizure", 0.93, r"seizure|seizures|seizing|convulsing|convulsions?|epileptic|epilepsy"
        ),
        *_p(
            "sick",
            0.7,
            r"(?:is |'s |really |very |feels? |feeling |mommy's |mom's |got )sick|sick (?:person|woman|man)|heat "
            r"(?:exhaustion|stroke)|diabetic|low blood sugar|insulin|throwing up|vomiting|high fever|fever|dizzy|"
            r"need(?:s)? (?:an |a )?(?:ambulance|medic|paramedics?|medical (?:attention|help))|"
            r"severe pain|in (?:a lot of |so much |severe |terrible )?pain|hypothermia|dehydrated|very weak|"
            r"(?:stomach|abdominal|back) pains?",
            level="medium",
        ),
        *_p(
            "drowning",
            0.95,
            r"drowning|drowned|drown|(?:fell|fallen|jumped|went|swept|pulled|person|someone|man|woman|child|"
            r"kid|boy|girl|baby|people|car)(?: \w+)? (?:in|into|under|out to) (?:the )?"
            r"(?:water|river|lake|pool|pond|ocean|creek|canal|ice|sea|quarry|bay)",
            r"(?:boat|canoe|kayak)(?: \w+)? (?:capsized|sinking|flipped|overturned|taking on water|sunk|sank)|under the ice|through the ice",
        ),
        *_p(
            "trapped",
            0.8,
            r"trapped|pinned|(?:stuck|caught) (?:in|inside|on|under|between|up|at the top)(?: (?:the|a|an|my|this|that))? ?(?!traffic)\w+|"
            r"buried|(?:building|trench|roof|wall|ceiling)(?: \w+)? (?:collapsed|collapse|caved in)|"
            r"locked (?:him|her|my)self in|locked in (?:my|the|a) (?:car|bathroom|room|trunk)",
        ),
        *_p(
            "lost",
            0.82,
            r"(?:i'm|i am|we're|we are|got|are|been|getting) (?:\w+ )?lost|lost (?:in|on) (?:the|a) "
            r"(?:woods|forest|mountain|mountains|trail|desert|snow|hike|canyon|field|park)|stranded|"
            r"can't find (?:my|our|the) way|(?:don't|do not) know where (?:i am|we are|i'm|we're)(?: at)?",
        ),
        *_p(
            "aircraft",
            0.95,
            r"(?:plane|airplane|aircraft|helicopter|jet|jetliner|glider|airliner)(?:'s)? (?:\w+ ){0,5}?(?:crash|crashed|crashing|"
            r"down|went down|going down|landed|hit|fell|in the water|in the river|goes down)|plane crash|"
            r"(?:helicopter|airplane) crash",
            level="critical",
        ),
        *_p(
            "crash",
            0.9,
            r"(?:car|cars|truck|trucks|vehicle|motorcycle|auto|bus|traffic|van|semi|bike|head-on|rollover|multi-car|bad) "
            r"(?:accident|crash|wreck|collision|crashed|wrecked|rolled over|flipped|flipped over|overturned|collided)|"
            r"(?:been|was|got|were|had|just) (?:\w+ )?in (?:a |an )(?:\w+ )?(?:accident|wreck|crash|collision)|"
            r"(?:car|truck|vehicle|van|suv|semi|pickup)(?:'s)? (?:\w+ ){0,2}?(?:crashed|flipped|rolled|hit a|hit the|ran into|"
            r"went off|overturned|upside down|in (?:the|a) ditch|slammed into|struck)(?: (?:a |the )?\w+)?|"
            r"crashed (?:into|his|her|my|the)(?: (?:a |the )?\w+)?|rear-ended|hit and run|fender bender|head-on collision|"
            r"t-boned|(?:hit|ran into) (?:a|the) (?:tree|pole|telephone pole|guardrail|wall|deer|parked car|house)",
        ),
        *_p("crash", 0.75, r"(?:wreck|collision|crash|crashed)"),
        *_p("crash", 0.64, r"accident"),
        *_p(
            "struck_by_vehicle",
            0.93,
            r"(?:been |got |was |were |being |just got )?(?:hit|struck|run over|ran over|runned over|run down)(?: over)? by (?:a |an |the )?"
            r"(?:\w+ )?(?:cars?|truck|vehicle|bus|train|van|suv|motorcycle|driver|semi)|"
            r"(?:car|truck|bus|train|van|driver)(?: \w+)? (?:hit|struck|ran over) (?:a |an |my |the |him|her|me)(?:\w+ )?"
            r"(?:pedestrian|man|woman|boy|girl|kid|child|person|bicyclist|cyclist|lady|guy|son|daughter|$)?|"
            r"pedestrian (?:was |got |has been )?(?:hit|struck|down)|(?:run|ran|rolled) over (?:me|him|her|my \w+)",
        ),
        *_p(
            "impaired_driver",
            0.88,
            r"drunk driv(?:er|ing)|(?:driver|driving|guy|lady|car|truck)(?: \w+){0,3} (?:drunk|swerving|all over the road|erratically|"
            r"recklessly|wrong way|impaired|intoxicated)|swerving|driving (?:drunk|erratically|recklessly|crazy)|"
            r"wrong-way driver|(?:the )?wrong way|reckless driv(?:er|ing)|road rage|racing|in and out of (?:lanes|traffic)|weaving",
        ),
        *_p(
            "traffic_hazard",
            0.78,
            r"(?:tree|pole|debris|ladder|mattress|wires?|power lines?|cow|deer|cows|horse|horses|couch|tire|boulder|rocks?)"
            r"(?: (?:is |are |has |just |fell |fallen |laying |lying |sitting |down ){0,3})?(?:in|on|across|blocking|over|down in) (?:the )?"
            r"(?:middle of (?:the )?)?(?:road|street|highway|lane|freeway|interstate|roadway)|(?:traffic|stop) light (?:is )?"
            r"(?:out|not working|broken)|disabled vehicle|stalled (?:car|vehicle|truck)|broken down|broke down|"
            r"blocking (?:the |a |my )?(?:road|lane|street|traffic|driveway|intersection)|power lines? down|flat tire|pothole",
        ),
        *_p(
            "runaway_vehicle",
            0.93,
            r"(?:accelerator|gas pedal|throttle|pedal)(?:'s| is| got| stays)? (?:stuck|jammed)|"
            r"(?:there's no|no|don't have|lost (?:my|the|our)|have no) brakes|brakes (?:don't work|aren't working|are out|went out|failed|won't work)|"
            r"(?:can't|won't|cannot|doesn't) (?:stop|slow down) (?:the|my|our|this) (?:car|truck|vehicle)",
            level="critical",
        ),
        *_p(
            "animal_attack",
            0.9,
            r"(?:bit|bitten|bite|bites|attacked|attacking|mauled|stung|chasing|chased|charging)(?: \w+)? (?:by )?(?:a |an |the |my |his )?(?:\w+ )?"
            r"(?:dog|dogs|bear|coyote|coyotes|cat|snake|raccoon|pit bull|pitbull|bees|wasps|alligator|cougar|shark|animal|bull|moose)|"
            r"(?:dog|dogs|bear|coyote|coyotes|snake|pit bull|pitbull|alligator|cougar|cat|mountain lion|raccoon|bull|moose)"
            r"(?:'s| is| are| just| has| have| keeps)* (?:\w+ )?(?:bit|biting|attacking|attacked|following|chasing|chased|charging|charged|mauling|after|growling|aggressive|loose and aggressive|won't let)"
            r"(?: (?:me|us|him|her|people|my \w+))?|dog bite|snake bite|aggressive (?:dog|dogs|animal)",
        ),
        *_p(
            "animal",
            0.88,
            r"(?:dog|dogs|cat|cats|kitten|puppy|horse|cow|animal|deer|bird|duck|ducks|ducklings|goat)(?:'s| is| are| just| has| got| have| were| was)* "
            r"(?:\w+ )?(?:stuck|trapped|loose|drowning|jumped|jumps|running|hurt|injured|abandoned|hit|locked|in the (?:road|water|river|pool|street|tree|car|drain)|barking loose|roaming|left)"
            r"(?: (?:in|into|up|on|inside|out)(?: (?:the|a|my))? \w+)?|"
            r"(?:raccoon|raccoons|squirrel|squirrels|possum|skunk|bat|bats|snake|snakes|opossum|rats?|alligator|bear|coyote|coyotes|bees|swarm)"
            r" (?:\w+ ){0,3}?(?:in|on|inside|under) (?:my|our|the|a) (?:\w+ )?(?:attic|house|yard|garage|basement|kitchen|porch|pool|room|car|wall|chimney|bedroom|bathroom|neighborhood)|"
            r"stray (?:dog|dogs|cat|animal)|loose (?:dog|dogs|horse|cow|animal)|animal (?:cruelty|control|abuse)|raccoons?|injured (?:deer|animal|bird|dog|cat)|dead (?:deer|animal|dog|cat|raccoon)",
        ),
        *_p(
            "noise",
            0.88,
            r"loud (?:\w+ )?(?:music|party|noise|noises|tv|neighbors?|stereo|bang|talking)|noise complaint|(?:music|party|tv|stereo)(?:'s| is| are)? "
            r"(?:\w+ )?(?:too |so |really |very )loud|(?:barking|won't stop barking|keeps barking|keep barking)|"
            r"(?:setting off|shooting off|lighting|shooting|firing off|letting off|popping) (?:\w+ )?(?:fireworks|firecrackers)|fireworks?|fireworks|firecrackers?|making (?:a lot of |so much |too much )?noise",
        ),
        *_p(
            "lockout",
            0.92,
            r"locked (?:myself |himself |herself )?out(?: of (?:my|the|our|his|her) \w+)?|(?:locked|lost|left) (?:my |the |his |her )?(?:keys?) (?:\w+ ){0,2}?"
            r"(?:in|inside) (?:my|the|our|his|her) (?:car|truck|house|vehicle|van|apartment|trunk)|"
            r"(?:keys?)(?: are|'re| is| got|'s)? (?:locked )?(?:in|inside) (?:my|the) (?:car|truck|vehicle|house)|unlock (?:my|the|a|our) (?:car|door|truck|vehicle)",
        ),
        *_p(
            "dispute",
            0.85,
            r"(?:my |our |the |a |wrong )(?:\w+ )?(?:pizza|meal|burger|sandwich|refund|money back)"
            r"(?: (?:is|was|from|back|wrong))*|(?:want|get|give|need|wants) (?:me |my |our |us |a )+(?:money back|refund)|neighbou?r dispute|"
            r"parking (?:dispute|spot|complaint)|(?:landlord|tenant|roommate|customer|manager|cashier) (?:won't|refuses|refused|is refusing|isn't)(?: \w+)?|"
            r"(?:file|make) (?:a |my )complaint|custody (?:dispute|issue)|civil matter",
        ),
        *_p(
            "misdial",
            0.93,
            r"wrong number|(?:dialed|called|dialled|hit|pressed) (?:this |you |911 |it |the \w+ )*(?:by (?:accident|mistake)|accidentally|on accident)|"
            r"(?:accidentally|mistakenly) (?:dialed|called|hit|pressed)|pocket (?:dial|dialed|call)|butt (?:dial|dialed|call)|didn't mean to (?:call|dial)|"
            r"misdial(?:ed)?|called by mistake|kid (?:was )?playing with the phone",
        ),
        *_p(
            "information",
            0.75,
            r"(?:not an|isn't an|not a real|not really an|no) emergency|non-?emergency|non emergency|"
            r"(?:speak|talk) (?:to|with) (?:an? |the |that |officer )(?:officer|deputy|detective|sheriff|sergeant|police officer)?(?: \w+)?|"
            r"(?:just |i )?(?:wanted|want|calling|called|like|need) to (?:ask|know|find out)(?: \w+)?|(?:have|had|just) (?:got )?a question|"
            r"(?:need|want|get) (?:the |a |some )(?:phone )?(?:number|information) (?:for|to|about|on)(?: \w+)?|wondering (?:if|what|when|how)|"
            r"what time (?:is it|does)|power (?:is |went |has been )?out(?:age)?|when (?:does|do|is) the|tax(?:es)? (?:office|bill)",
        ),
    ],
)

SELF_NEGATING: Final = frozenset(
    {
        "cardiac_arrest",
        "unconscious",
        "breathing",
        "runaway_vehicle",
        "information",
        "fall",
        "misdial",
    }
)
"""Types whose phrases hold a denial of their own ("not breathing"), so another does not cancel."""

RAISED: Final[tuple[tuple[str, Level, float], ...]] = (
    (
        (
            r"(?:kids|children|people|baby|babies|family|child|someone|somebody|person|mother|mom|dad|father|man|woman|wife|husband|brother|sister|grandmother|grandma|son|daughter)"
            r"(?:'s| is| are| still| was| were)* (?:\w+ ){0,2}?(?:in there|trapped|inside|stuck inside|in the house|can't get out)"
        ),
        "critical",
        0.8,
    ),
    (
        r"(?:is|are|he's|she's|they're|might be|gonna|going to) (?:dying|dead|gonna die|going to die|die)",
        "critical",
        0.8,
    ),
    (
        r"lots? of blood|bleeding (?:a lot|badly|bad|heavily|out)|blood everywhere|bleeding to death",
        "critical",
        0.85,
    ),
    (r"(?:gun|shotgun|rifle|pistol) (?:to|at|on) (?:his|her|my|their) \w+", "critical", 0.85),
    (
        r"(?:hiding|hid|i'm hiding) (?:in|under|inside) (?:the|my|a) (?:\w+ )?(?:closet|bathroom|bed|room|basement|bedroom)",
        "critical",
        0.75,
    ),
    (
        r"(?:i'm|i am|we're|we are|me and my \w+ are) hid(?:ing|den)|in (?:a|the|my|our) (?:\w+ )?closet|under (?:the|my|a) bed|(?:someone|somebody)(?:'s| is) (?:in|inside) (?:my|the|our) (?:house|home|apartment)",
        "critical",
        0.75,
    ),
    (
        r"(?:we're|i'm|it's|we are|i am) (?:going to |gonna )?(?:sinking|sink|going under|filling up|drowning|suffocating|crash|burning up|burn)|still (?:shooting|stabbing|inside|in there)|(?:he|she|man|person|woman|kid)(?:'s| is) on fire",
        "critical",
        0.8,
    ),
    (
        r"(?:isn't|not|stopped|aren't) (?:moving|breathing)|bleeding out|(?:so much|tons of|covered in|pool of|whole lot of) blood|(?:holding|held) (?:\w+ ){0,2}(?:hostage|at gunpoint|a gun to)|(?:several|multiple|many|lots of|a bunch of|three|four|five|six|seven|eight|nine|ten) (?:\w+ )?(?:people |kids |children |students |victims )?(?:shot|stabbed|dead|hurt bad)",
        "critical",
        0.8,
    ),
    (r"(?:hurry|oh my god|oh god)", "high", 0.35),
)
"""Phrases that raise the severity whatever the type."""
