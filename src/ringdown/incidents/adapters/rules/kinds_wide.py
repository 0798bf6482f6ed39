"""More ways in which callers say what happens: wider and weaker than the first list. Data only.

A phrase here speaks for its type until a stronger one is heard. Those below 0.5 are single words
that only a call without anything clearer is named by.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from typing import Final

from ringdown.incidents.adapters.rules.kinds import Phrase
from ringdown.incidents.types import Level

_CHILD: Final = r"(?:son|daughter|child|children|kid|kids|boy|girl|baby|toddler|grandson|granddaughter|nephew|niece|grandchild)"
_KIN: Final = r"(?:husband|wife|boyfriend|girlfriend|mom|mother|dad|father|brother|sister|grandma|grandpa|grandmother|grandfather|uncle|aunt|roommate|friend|neighbor|neighbour|mommy|daddy|cousin|partner|stepdad|stepfather|ex)"
_WHOM: Final = rf"(?:me|him|her|us|them|(?:my|his|her|the|a) (?:\w+ )?(?:{_CHILD}|{_KIN}|man|woman|guy|lady|officer|face|head|arm|leg))"
_ROOM: Final = r"(?:house|home|apartment|garage|basement|kitchen|bedroom|hallway|building|store|shop|church|school|office|trailer|condo)"
_LIMB: Final = r"(?:arm|leg|hand|finger|fingers|foot|toe|head|face|neck|back|hip|wrist|ankle|knee|shoulder|eye|ribs?|skull|nose|thumb|mouth|stomach|throat)"
_NOW: Final = r"(?:'s|'re| is| are| was| were| just| has| have| had| been| got)*"
_BEAST: Final = r"(?:bear|bears|coyote|coyotes|alligator|gator|cougar|mountain lion|bobcat|wolf|wolves|shark|pit ?bulls?|rattlesnake|copperhead|snake|moose|bull|boar|chimp|monkey|hornets|bees|wasps)"
_PET: Final = r"(?:dogs?|cats?|horses?|cows?|pigs?|goats?|deer|birds?|goose|geese|ducks?|owl|squirrels?|raccoons?|possum|opossum|skunk|bats?|turtle|kittens?|pupp(?:y|ies)|chickens?|rooster|peacock|parrot|ferret|hamster|cattle|sheep|llama|swan|pigeon|iguana|lizard)"
_FOOD: Final = r"(?:burgers?|cheeseburgers?|fries|nuggets?|mcnuggets|pizza|sandwich|tacos?|burritos?|shrimp|chicken|wings|meal|coffee|lemonade|food|drive-?thr(?:u|ough)|cookies?|soda|ice cream|hot ?dogs?|noodles|fried rice)"


def _p(code: str, strength: float, *patterns: str, level: Level | None = None) -> list[Phrase]:
    return [Phrase(code, pattern, strength, level) for pattern in patterns]


_CRIME: Final = [
    *_p(
        "shooting",
        0.82,
        r"(?:shooting|shot|shoots|firing|fired) at",
        r"opened fire|gunman|shooter|drive by|mass shooting|shot and killed|shot dead|shot up",
        r"bullet(?: holes?| wounds?)?|bullets (?:flying|coming)",
        r"(?:heard|hear|hearing)(?: \w+){0,4} (?:gun ?shots?|shots|gunfire|shooting|gun go off|guns?)",
        rf"(?:just |accidentally |i |he |she |they |somebody |someone )shot {_WHOM}",
        r"(?:gun|it) (?:just )?went off|popping sounds|pop pop",
        level="critical",
    ),
    *_p(
        "stabbing",
        0.85,
        rf"stab(?:s|bed|bing)?|knifed|sliced (?:\w+ )?(?:open|up)|(?:cut|slashed|sliced|stuck) {_WHOM} (?:with|in|on|across|open|up)",
        r"knife (?:in|sticking out of|to) (?:his|her|my|the) \w+",
        level="critical",
    ),
    *_p(
        "person_with_weapon",
        0.72,
        r"(?:gun|knife|weapon|pistol|rifle|shotgun|machete)(?: \w+){0,2} (?:at|on|to|in) (?:me|us|him|her|them|people|my|his|her|the|their)(?: \w+)?",
        r"(?:has|have|got|had|with)(?: \w+){0,3} (?:guns?|knife|weapon|pistol|rifle|shotgun|machete|firearm|axe|hammer|crowbar)",
        r"(?:he's|she's|they're|is|was) armed|armed (?:man|guy|person|suspect|with)|at (?:gun|knife) ?point|loaded gun|ak-?47|assault rifle",
        level="high",
    ),
    *_p(
        "assault",
        0.78,
        rf"(?:hit|hits|hitting|punch(?:ed|es|ing)?|kick(?:ed|ing)?|slapp(?:ed|ing)|chok(?:ed|ing)|strangl(?:ed|es|ing)|push(?:ed|ing)|shov(?:ed|ing)|grabb(?:ed|ing)|jumped|jumping|beat|beating|attack(?:ed|s|ing)|hurting|tased|maced) (?:on |up )?{_WHOM}",
        r"strangl(?:ed|ing) \w+|pepper spray(?:ed)?|threw (?:acid|a brick|a rock|a bottle|something) (?:on|at|in|through) \w+|acid (?:on|in) (?:my|his|her|the) \w+",
        r"(?:beat|beaten|beating|beats)(?: \w+){0,2} (?:up|down|unconscious|with|to death|badly)|being (?:attacked|assaulted|beaten|jumped|hit)",
        r"(?:trying|tried) (?:to )?(?:hurt|attack|beat|kill|fight|hit|stab|shoot) (?:me|us|him|her|them|somebody|someone|people|each other|everybody|my \w+)",
        r"swung (?:at|on)|throwing punches|ganging up|jumped by|big fight|fistfight|(?:start(?:ed|ing)|getting in|got in|in) (?:to )?(?:a |an )?fights?|spit (?:on|at|in)",
    ),
    *_p(
        "domestic",
        0.76,
        rf"(?:my|her|his) (?:ex-?\s?)?{_KIN}{_NOW} (?:\w+ )?(?:drunk|drinking|going crazy|gone crazy|out of control|violent|abusive|breaking|tearing up|trashing|destroying|threatening|screaming at|yelling at|hitting|fighting|beating|refusing|not letting)",
        r"restraining order|protective order|order of protection|protection order|(?:won't|wouldn't|not|doesn't) (?:let|letting) me (?:leave|go|out)|(?:parents|mom and dad) are fighting",
        rf"(?:fighting|argument|arguing|altercation|fight) with (?:my|her|his) (?:\w+ )?{_KIN}|domestic|beats me|he hits me",
        level="high",
    ),
    *_p(
        "sexual_assault",
        0.88,
        r"rap(?:e|ed|ist|ing)|molest\w*|sexually|forced (?:himself|herself) on|touch(?:ed|ing) (?:me|her|him|my \w+) (?:inappropriately|private|down)|sex offender|groped|groping",
    ),
    *_p(
        "robbery",
        0.85,
        r"rob(?:s|bed|bing|bers?|bery)|hold-?up|held (?:me |us )?up|stick-?up|carjack\w*|mugg(?:ed|ing|er)|give (?:me|him|them|us)(?: all)? (?:the|your|my) money",
        r"(?:took|stole|take|grabbed|snatched)(?: \w+){0,2} (?:money|cash|register|purse|wallet|necklace|chain)(?: \w+){0,3} (?:ran|gun|knife|away|off)",
        r"bank (?:was |has |is )?(?:just )?(?:been )?rob\w*|demand(?:ed|ing) (?:money|cash)",
    ),
    *_p(
        "burglary",
        0.8,
        rf"(?:someone|somebody|some (?:man|guy|dude|lady)|a (?:man|guy|stranger|woman))(?:'s| is| was| just| has| got| came| broke| trying| trying to| come| walked)* (?:\w+ )?(?:in|inside|into|in to) (?:my|our) (?:\w+ )?{_ROOM}",
        r"(?:he|she|they)(?:'s|'ve| has| have| just)* (?:broke|broken|got|came|climbed|walked|gotten) (?:in|into|inside|in to) (?:my|our|the)(?: \w+)?",
        r"(?:someone|somebody|he|she|they)(?:'s|'re| is| are| was)? (?:\w+ )?(?:trying to|tried to|gonna|going to) (?:get|come|break|climb) (?:in|inside|into)(?: \w+){0,2}",
        r"(?:i think |think )(?:someone|somebody|there's someone)(?:'s| is)? in(?:side)?",
        r"(?:kick(?:ed|ing)|bust(?:ed|ing)|break(?:ing)?|broke|bang(?:ed|ing)|beat(?:ing)?|smash(?:ed|ing)|pry(?:ing)?)(?: \w+){0,3} (?:door|window|windows|glass|lock)(?: \w+)?",
        r"(?:hear|heard|hearing)(?: \w+){0,3} (?:footsteps|someone|somebody|voices|noises?|people|glass)(?: \w+){0,3} (?:in|inside|downstairs|upstairs|house|basement|attic|doors?|windows?|break|breaking)",
        r"(?:burglar|alarm|security|house|home) alarm(?:'s| is| was)?(?: \w+)?|alarm (?:is |was )?(?:going|went) off|there's someone in (?:my|the|our) \w+",
    ),
    *_p(
        "burglary",
        0.7,
        r"hid(?:e|ing|den)? (?:in|under|inside|behind) (?:a|the|my|our) (?:\w+ )?(?:closet|bed|bathroom|bedroom|room|attic|basement|desk|shower)",
        level="critical",
    ),
    *_p(
        "theft",
        0.72,
        r"(?:my|our|his|her|the) (?:\w+ ){0,2}(?:car|truck|vehicle|bike|bicycle|motorcycle|purse|wallet|phone|cell ?phone|package|packages|mail|money|laptop|computer|jewelry|gun|tools|trailer|scooter|plates?|tires?|catalytic converter)(?:'s| is| was| are| were| has| have| been| got| just)+ (?:gone|missing|stolen|taken|broken into)",
        r"(?:took|stole|take|taking|stealing|steals|swiped) (?:my|our|his|her|the|a|some|all)(?: \w+){1,3}|ran off with|took off with|without paying|didn't pay|walked out with|shoplift\w*|stolen|pickpocket\w*",
        r"scam(?:med|mer)?|fraud|identity theft|counterfeit|forged|credit card(?: \w+){0,3} (?:stolen|used)|broke into my (?:car|truck|vehicle|van)|broken into",
    ),
    *_p(
        "damage",
        0.72,
        r"vandal\w*|graffiti|spray ?paint\w*|egg(?:ed|ing) (?:my|our|the)|slash(?:ed|ing)?(?: \w+)? tires|keyed (?:my|our|the)|(?:threw|throwing|thrown)(?: \w+){0,3} (?:through|at) (?:my|our|the) (?:\w+ )?(?:window|house|car)|(?:broke|smashed|busted|shot) (?:out )?(?:my|our|the|all)(?: \w+){0,2} windows?|tearing up (?:my|our|the)",
    ),
    *_p(
        "missing_person",
        0.82,
        r"(?:haven't|hasn't|have not|has not|didn't|not) (?:seen|heard from)(?: \w+){0,4} (?:since|in|for|all)",
        rf"{_CHILD}(?: \w+){{0,2}}{_NOW} (?:miss(?:ing|ed)?|lost|gone|disappeared|vanished|nowhere|ran away|run away|never came|not home|walked off|walked away|not back)",
        rf"(?:lost|can't find|cannot find|couldn't find|looking for|searching for|missing) (?:my|her|his|our|a|the) (?:\w+ )?(?:{_CHILD}|{_KIN})",
        r"(?:can't|cannot|couldn't|unable to) (?:find|locate) (?:him|her|them)|amber alert|runaway|went missing|he's gone|she's gone|(?:didn't|never) (?:come|came) (?:home|back)|didn't make it home|wandered (?:off|away)",
    ),
    *_p(
        "kidnapping",
        0.86,
        r"kidnap\w*|abduct\w*|(?:forced|pulled|dragged|threw|put|shoved|grabbed|took) (?:me|her|him|a \w+|my \w+) (?:in|into|in to) (?:the|a|his|her|their) (?:\w+ )?(?:car|van|truck|trunk|vehicle)|in the trunk|(?:tied|chained|duct taped|locked) (?:me |us |her |him |them )?up|against (?:my|her|his) will|(?:holding|held|keeping|kept) (?:me|us|her|him|them|people|my \w+)(?: \w+){0,2} (?:hostage|captive|prisoner|here|against|at gunpoint)|hostages?|traffick\w+",
        rf"(?:took|taken|stole|snatched|grabbed|taking) (?:my|her|the|our|a|his) (?:\w+ )?{_CHILD}",
    ),
    *_p(
        "suspicious",
        0.68,
        r"(?:strange|weird|suspicious|unknown|creepy|sketchy|unfamiliar|drunk|naked|homeless|crazy|random|masked) (?:\w+ )?(?:man|men|guy|guys|car|vehicle|van|truck|person|people|woman|lady|noise|noises|package|male|males|kids|dude|individual)",
        r"(?:sitting|parked|standing|walking|sneaking|creeping|hanging|lurking|prowling|pacing|driving|running|peeking|looking|staring|hiding|sleeping)(?: \w+){0,3} (?:outside|in front of|around|behind|through|in|into|at|by) (?:my|our|the|people's|her|his|a) (?:\w+ )?(?:house|houses|home|window|windows|door|yard|apartment|building|cars?|driveway|street|neighborhood|bushes|porch|bank|school|store)",
        r"(?:outside|at|in|on) my (?:\w+ )?(?:window|door|yard|driveway|porch|backyard|property|roof)|(?:won't|refuses to|refusing to|not|doesn't want to|wouldn't) (?:leave|leaving|go away)(?: me alone)?|trespass\w*|loiter\w*|peeping|prowl\w*|break-?ins?",
        r"(?:follow(?:ing|ed|s)|chas(?:ing|ed)) (?:me|us|her|him|my \w+)|exposing (?:himself|herself)|exposed (?:himself|herself)|indecent|masturbat\w+|flash(?:ed|ing) (?:me|us|people|kids|her)|drug deal\w*|selling drugs|smoking (?:crack|weed|meth|pot)|doing drugs|prostitut\w+|knock(?:ed|ing|s) (?:on|at) (?:my|our|the|people's) (?:\w+ )?(?:door|window)|ring(?:s|ing) (?:my|the|our) doorbell|panhandl\w+",
        r"jump(?:ed|ing) (?:over )?(?:my|our|the|a) (?:\w+ )?(?:fence|wall|gate)|wearing (?:a )?(?:mask|ski mask|hoodie)|intoxicated|disorderly|causing a (?:scene|disturbance)|disturbance|stranger",
    ),
    *_p(
        "threat",
        0.74,
        r"threat\w*|(?:going to|gonna|will|he'll|wants to|want to|said he'd|said he would) (?:shoot|kill|stab|hurt|beat|burn|blow|come after|get) (?:me|us|him|her|them|you|up|my \w+|everybody|everyone|people|the \w+)|stalk\w*|harass\w*|keeps (?:calling|texting|following|coming|messaging|bothering)|blackmail\w*|extort\w*|intimidat\w+|violat(?:ed|ing|es) (?:\w+ ){0,3}(?:order|restraining)|scared of (?:him|her|them)|afraid of (?:him|her|them)",
    ),
    *_p(
        "explosive",
        0.85,
        r"bomb\w*|blow (?:up|this|it)(?: \w+)?|explosives?|detonat\w+|suspicious (?:package|bag|device)|molotov",
        level="high",
    ),
    *_p(
        "death",
        0.82,
        r"(?:has|have|had|been|was|got|just) (?:been )?(?:killed|murdered)|(?:killed|murdered) (?:my|his|her|the|him|a|two|three|them|somebody|someone)(?: \w+)?|murder\w*|homicide|i (?:just )?(?:killed|murdered)(?: \w+)?|(?:found|find|there's|it's) (?:a |the )?(?:dead )?(?:body|corpse|skeleton|human remains)|hanging from|lifeless body|stiff and cold|been dead",
        rf"(?:{_KIN}|{_CHILD}|he|she|man|woman|they)(?:'s| is| are|'re| was) (?:\w+ )?dead|think (?:he|she|they)(?:'s| is| are|'re) (?:\w+ )?dead",
        level="critical",
    ),
    *_p(
        "unknown_trouble",
        0.5,
        r"(?:need|want|send|get|call|calling|have) (?:me |us |you to send |you guys to send |some |the |an? |for )*(?:police|cops?|officers?|deput(?:y|ies)|sheriff|trooper|squad car|law enforcement|someone out here|somebody out here|help)(?: \w+){0,2}",
        r"(?:police|cops?|officers?|sheriff|deput(?:y|ies)) (?:here|over here|out here|now|quick|please|right away|right now)|help me|please help|help us|send (?:somebody|someone|help)|we need help|somebody help",
        level="high",
    ),
    *_p(
        "welfare",
        0.62,
        r"welfare check|well-?being check|check (?:on|up on) (?:my|her|him|them|a|the|our)(?: \w+)?|(?:not|isn't|won't) answer(?:ing|s)?(?: (?:the|her|his|my|their))? (?:phone|door|calls)|worried about (?:my|her|him|them)|child (?:abuse|neglect)|left (?:\w+ )?(?:kids?|child|children|baby) (?:\w+ )?alone|home alone|(?:kids?|child|children|baby|toddler) (?:wandering|walking|alone|unattended|by (?:himself|herself|themselves))(?: \w+){0,4}",
    ),
]
_FIRE: Final = [
    *_p(
        "structure_fire",
        0.88,
        r"(?:house|home|apartment|building|kitchen|garage|place|shed|barn|store|church|school|trailer|bedroom|basement|attic|roof|stove|oven|microwave|dryer|furnace|heater|couch|mattress|curtains|fireplace|chimney|wall|ceiling|deck|porch|duplex|hotel|motel|restaurant|factory|warehouse)(?:'s| is| are| was| has| just| caught| catching| all| completely| really| fully)* (?:burning|burned|burnt|on fire|afire|ablaze|in flames|smoking|full of smoke|filling up|filled with smoke|filling with smoke|going up|lit up|engulfed)",
        r"(?:full of|filled with|filling with|filling up with|heavy|thick|black|so much|lots of|a lot of) smoke|smoke(?:'s| is)? (?:\w+ ){0,3}(?:everywhere|pouring|billowing|in here|inside|filling|out of|from the (?:roof|house|building|window|windows|attic|vents?|apartment|basement))",
        r"(?:stove|grease|electrical|outlet|kitchen|chimney|oven|dryer|attic|apartment|house|building|structure|commercial|residential|breaker|wire|wires|panel|closet) (?:is |was |box )?(?:fire|fires|sparking|sparks|smoking)|burn(?:ing|ed)? (?:down|up)(?: (?:my|the|our|his|her) (?:house|home))?|set (?:the|my|her|his|our|a) (?:\w+ )?(?:house|home|apartment|building|kitchen|bed|store|garage)(?: \w+)? (?:on fire|afire)|arson\w*",
        level="critical",
    ),
    *_p(
        "vehicle_fire",
        0.86,
        r"(?:car|truck|vehicle|van|bus|engine|suv|semi|rv|boat|motorcycle|tractor|trailer|jeep|pickup|forklift)(?:'s| is| was| just| caught| has| smoking)* (?:\w+ )?(?:on fire|burning|in flames|caught fire|flames|ablaze|smoking)|(?:smoke|flames|fire)(?: \w+){0,3} (?:under|from under|out of|coming from|in) (?:the |my |a |his |her )(?:hood|engine|car|truck|vehicle|van|bus)",
    ),
    *_p(
        "outdoor_fire",
        0.8,
        r"(?:brush|grass|wild ?land|forest|woods|leaf|leaves|mulch|trash|dumpster|garbage|tree|field|yard|bonfire|camp|campfire|pole|transformer|bush|hay|pallets|debris) (?:fire|fires|is burning|on fire|is on fire|are burning)|burning (?:\w+ )?(?:leaves|trash|brush|garbage|grass|debris|wood|tires)|bonfire|burn ban|fire (?:in|on) the (?:woods|field|hill|hillside|mountain|side of the road|median|park|grass)|transformer(?: \w+){0,2} (?:blew|exploded|blown|sparking|fire)|lightning (?:hit|struck)",
    ),
    *_p(
        "fire",
        0.7,
        r"(?:it's|is|was|caught|catch(?:ing)?) (?:\w+ )?(?:on fire|fire|burning)|(?<!open )(?<!opened )(?<!opening )(?<!returned )fires?(?! (?:station|department|dept|trucks?|engine|drill|hydrant|escape|fighters?|extinguisher|rescue|chief|marshal|works|or|him|her|me))|flames?|explo(?:ded|sion|ding|sions)|blew up|blown up|big boom|huge boom|burning",
        level="high",
    ),
    *_p(
        "smoke_alarm",
        0.66,
        r"smok(?:e|y|ing)(?! (?:weed|pot|crack|meth|cigarettes?|a))|(?:smoke|fire|co|carbon monoxide|heat) (?:alarm|detector)s?|fire alarm|alarm(?:s)? (?:is |are )?(?:beeping|sounding)|sprinkler|smell(?:s|ing|ed)?(?: \w+){0,3} (?:burning|burnt|smoke|electrical)|water flow alarm|general alarm",
    ),
    *_p(
        "gas_leak",
        0.84,
        r"(?:gas|propane|fuel|chemical|ammonia|chlorine|freon|diesel|gasoline|oil)(?: \w+)? (?:leak|leaks|leaking|leaked|spill|spilled|smell|odor|odour|line|main|fumes|hissing)|smell(?:s|ing|ed)?(?: \w+){0,3} (?:gas|propane|chemicals?|fumes|rotten eggs|sulfur)|odor of gas|carbon monoxide|fumes|haz-?mat|(?:hit|struck|cut|broke|ruptured) (?:a |the |our )?gas (?:line|main|meter|pipe)|leaking (?:gas|fuel|propane|diesel|oil)|chemical (?:burn|spill|reaction)",
    ),
]
_MEDICAL: Final = [
    *_p(
        "cardiac_arrest",
        0.9,
        r"(?:not|isn't|ain't|aren't|wasn't|stopped|quit|stops|don't think \w+|doesn't|don't) (?:even |really |hardly )?(?:breathing|breathe|breath|taking (?:a )?breaths?)(?! (?:right|well|good|normal))",
        r"not (?:\w+ )?breathing(?! (?:right|well|good|normal))|no (?:pulse|heart ?beat|breath(?:ing)?)|(?:turn(?:ed|ing)|is|are|looks?|looking|lips|he's|she's|baby's) (?:\w+ )?(?:blue|purple|gray|grey)(?: in the face)?|limp and|went limp|is limp|lifeless|cpr|compressions|heart (?:just |has )?(?:stopped|quit)|cardiac arrest|defibrillator|pulseless|coding",
        level="critical",
    ),
    *_p(
        "unconscious",
        0.86,
        r"(?:won't|doesn't|not|can't|isn't|ain't|wouldn't|don't|didn't|barely|hardly|isn't even|not even) (?:\w+ )?(?:respond(?:ing|s)?|responsive|wak(?:e|es|ing)(?: up)?|moving|awake|conscious|coherent|alert)",
        r"unconscious\w*|unresponsive|pass(?:ed|es|ing) out|black(?:ed|ing) out|faint(?:ed|ing|s)?|collaps(?:ed|ing|es)|knocked (?:him |her |me )?(?:out|unconscious)|out cold|fell out|in and out of (?:it|consciousness|conscious)|lost consciousness|semi-?conscious|comatose|syncop\w+",
        r"(?:found|find|see|there's) (?:him|her|them|someone|somebody|(?:my|a|an|the|this|some) (?:\w+ )?(?:man|woman|guy|lady|person|boy|girl|kid|child|baby|husband|wife|mom|mother|dad|father|brother|sister|friend|neighbor|roommate)) (?:\w+ )?(?:laying|lying|slumped|passed out|face down|down)(?: \w+){0,4}|slumped (?:over|down)|face ?down",
        level="critical",
    ),
    *_p(
        "unconscious",
        0.6,
        r"(?:laying|lying|laid out|down) (?:\w+ ){0,2}(?:on|in) (?:the |a |his |her |my )?(?:floor|ground|street|road|sidewalk|yard|bathroom|driveway|parking lot|middle of)|man down|person down|body (?:on|in) the",
        level="high",
    ),
    *_p(
        "breathing",
        0.84,
        r"(?:can't|cannot|can't hardly|can barely|barely|hardly|trouble|difficulty|difficult|hard|harder|struggling|problems?|issues|unable|couldn't|labored|shallow|short) (?:\w+ )?(?:to |with )?(?:breath\w*|get(?:ting)? (?:any |enough )?air)|breath\w* (?:\w+ )?(?:problems?|heavy|heavily|hard|funny|weird|fast|shallow|trouble|difficulty)",
        r"(?:can't|cannot|couldn't|trying to) (?:get|catch) (?:her|his|my|any|a|their) (?:breath|air)|asthma\w*|inhaler|nebulizer|chok(?:ed|ing|es) (?:on|to death)(?: \w+){0,3}|(?:something|food|it|penny|grape|coin)(?:'s| is)? (?:\w+ )?stuck in (?:his|her|my) throat|(?:throat|tongue|face|lips)(?:'s| is| are)? (?:\w+ )?(?:closing|swelling|swollen)|anaphyl\w+|epi-?pen|suffocat\w+|gasp\w+|wheez\w+|short(?:ness)? of breath|gurgl\w+|hyperventilat\w+",
        level="critical",
    ),
    *_p("breathing", 0.55, r"allergic|oxygen (?:tank|level|is)|copd|emphysema", level="high"),
    *_p(
        "chest_pain",
        0.88,
        r"(?:having|had|has|have|like|another|massive|possible) (?:\w+ )?heart attack|heart attack",
        level="critical",
    ),
    *_p(
        "chest_pain",
        0.76,
        r"chest(?:'s| is| hurts| hurting| pains?| tightness| pressure| discomfort)+|(?:pains?|pressure|tightness|hurting|hurts|burning|discomfort)(?: \w+){0,3} (?:chest|heart)|heart (?:\w+ )?(?:racing|rate|pounding|problems?|condition|trouble|beating|fluttering|failure|surgery|hurts)|palpitations|pacemaker|nitro\w*|a-?fib|cardiac|my heart|angina",
    ),
    *_p(
        "stroke",
        0.86,
        r"strokes?(?! of)|(?:arm|side|leg|face|mouth|hand)(?:'s| is| went| goes| feels?| are)* (?:\w+ )?(?:numb|weak|droop\w*|paraly\w+|limp|crooked)|slurr?\w*(?: \w+)?|(?:can't|cannot|couldn't|unable to) (?:talk|speak|move (?:one|her|his|my|the)(?: \w+)? (?:side|arm|leg))|(?:talking|speaking) (?:funny|weird|gibberish)|(?:left|right) side(?: \w+){0,3} (?:numb|weak|paralyzed)|aneurysm|facial droop",
        level="critical",
    ),
    *_p(
        "overdose",
        0.84,
        r"overdos\w*|o\.?d\.?'?(?:ed|ing)|(?:took|taken|takes|swallow(?:ed|ing)?|ate|eaten|drank|drunk|ingested|had|got into)(?: \w+){0,5} (?:pills?|drugs?|tylenol|aspirin|ibuprofen|bleach|poison|antifreeze|lye|battery|batteries|heroin|fentanyl|meth|cocaine|medications?|medicine|detergent|xanax|sleeping pills|percocets?|oxycodone|mushrooms|berries|acid|lsd|ecstasy|windex|cleaner|brownies|edibles|vodka|whiskey)|poison\w*|narcan|naloxone|too (?:many|much) (?:pills|drugs|medication|medicine|alcohol|insulin)|alcohol poisoning",
        level="critical",
    ),
    *_p(
        "overdose",
        0.48,
        r"(?:heroin|fentanyl|xanax|opioid|opiate|percocet)s?|high on(?: \w+)?",
        level="high",
    ),
    *_p(
        "suicidal",
        0.88,
        r"(?:kill(?:ed|ing|s)?|hurt(?:ing)?|shoot(?:ing)?|hang(?:ed|ing|s)?|hung|cut(?:ting)?|stab(?:bed|bing)?|harm(?:ed|ing)?|drown) (?:myself|himself|herself|themselves|yourself)|suicid\w*|(?:don't|doesn't|didn't|not) (?:\w+ )?want(?:s)? to (?:live|be here|be alive)(?: anymore)?|want(?:s|ed)? to die|end(?:ing)? (?:it all|my life|his life|her life|it)|jump(?:ing|ed)? (?:off|from) (?:of )?(?:the|a|this)(?: \w+)? ?(?:bridge|building|roof|overpass|balcony|ledge)|(?:on|over|off) the (?:edge|ledge|railing|side) of (?:the|a) (?:bridge|building|overpass|roof)|slit(?:ting)? (?:his|her|my)(?: \w+)?|cut (?:my|his|her)(?: own)? (?:wrists?|throat)|noose|self-?harm\w*",
        level="critical",
    ),
    *_p(
        "mental_health",
        0.66,
        r"(?:mental|psychiatric|psych|psychotic|schizo\w+|bipolar|delusion\w+|hallucinat\w+|paranoi\w+|nervous breakdown|off (?:his|her|my) (?:meds|medication)|hearing voices|manic|panic attack|anxiety(?: attack)?|mentally ill|dementia|alzheimer's?|ptsd|depress(?:ed|ion))(?: \w+)?",
    ),
    *_p(
        "mental_health",
        0.82,
        r"(?:thinks|believes|convinced|swears)(?: \w+){0,6} (?:poison\w*|after (?:him|her)|spying on|watching (?:him|her)|bugged|out to get|talking about (?:him|her)|reading (?:his|her) mind)",
        level="high",
    ),
    *_p(
        "childbirth",
        0.86,
        r"(?:in|into|going into) lab(?:o|ou)r|contractions?|water(?:'s| has| just)* broke|(?:having|have|delivered?|delivering|had|birthing) (?:a|the|her|my|our|this|twins)? ?bab(?:y|ies)(?! (?:who|that|with|shower|sitter))|baby(?:'s| is| was)? (?:\w+ )?(?:coming|crowning|born|head|out|here now)|(?:giving|gave|give) birth|(?:head|feet) (?:is |are )?(?:coming )?out|umbilical|placenta|crown(?:ing|s)|minutes apart|due (?:date|today|tomorrow)|miscarr\w+",
        level="high",
    ),
    *_p("childbirth", 0.62, r"(?:\w+ )?(?:months|weeks) (?:pregnant|along)|pregnant", level="high"),
    *_p(
        "bleeding",
        0.74,
        r"(?:bleed(?:ing|s)?|bled|hemorrhag\w*|bloody|blood)(?: \w+){0,2}|nose ?bleed",
        rf"(?:broke|broken|hurt|cut|injur(?:ed|y)|burn(?:ed|t)|smash(?:ed)?|crush(?:ed)?|fractured?|sprained|dislocated|twisted|busted|split|scald(?:ed)?|sliced|lost|mangled|severed|amputated|hit|bumped|cracked|gash(?:ed)?|stitches|laceration)(?: \w+){{0,3}} {_LIMB}",
        rf"{_LIMB} (?:\w+ )?(?:injury|injuries|wound|is broken|is bleeding|laceration|got cut|got caught|is cut)|electrocut\w*|(?:got|been|was|is) (?:shocked|burned|burnt|scalded|crushed|impaled|injured|cut)|third degree|burns|chain ?saw|lawn ?mower|table saw|nail gun|(?:bad|serious|severe|multiple) (?:injur\w+|burns?|cut|wounds?)",
        level="high",
    ),
    *_p(
        "fall",
        0.74,
        r"(?:fell|fallen|falls|falling|slipped (?:on|in|and|off|down|getting)|tripped)(?! (?:in love|asleep|apart|for))(?: \w+){0,4}|took a (?:fall|spill|tumble)|(?:can't|cannot|couldn't|unable to|trying to) (?:get|pick|lift) (?:him |her |me |them |back |my \w+ )?(?:up|off)(?: \w+){0,3}|down the (?:stairs|steps)|off (?:of )?(?:a|the|his|her) (?:ladder|roof|bed|horse|balcony|bike|toilet|couch|chair|wheelchair)|lift assist|help(?: getting)? (?:him|her|me)? ?up|broken hip",
    ),
    *_p(
        "seizure",
        0.86,
        r"seiz(?:e|ed|ing|ures?)|convuls\w+|epilep\w+|foaming at|eyes (?:are |is )?(?:rolled|rolling)(?: back)?|(?:shaking|jerking|twitching|trembling) (?:\w+ )?(?:all over|uncontrollably|violently|real bad|on the)|having a fit|fitting",
    ),
    *_p(
        "sick",
        0.66,
        r"(?:really|very|so|getting|been|feel(?:s|ing)?|is|are|'s|'m|was|mommy's|mom's|gets|pretty|awful|real|violently) (?:\w+ )?(?:sick|ill|weak|dizzy|faint|lightheaded|light-headed|nauseous|nauseated|dehydrated|feverish|clammy|pale|confused|disoriented|lethargic)",
        r"not feeling (?:well|good|right)|(?:doesn't|don't|didn't) feel (?:good|well|right)|vomit\w*|throw(?:ing|s|n)? up|threw up|fever|diabet\w*|(?:blood )?sugar(?:'s| is| level)?(?: \w+)? ?(?:low|high|dropped|\d+)?|blood pressure|insulin|dialysis|kidney \w+|appendi\w+|gall ?bladder|(?:stomach|abdominal|back|belly|side|leg|severe|bad|terrible|flank|groin|neck|head|hip|knee) (?:pains?|aches?|cramps?|hurts?)|migraine|headache|(?:a lot of|so much|lots of|severe|extreme|in|terrible|excruciating) pain|hurts? (?:so |really |real )?(?:bad|much)|heat (?:stroke|exhaustion)|frostbite|hypotherm\w+|infection|pneumonia|covid|flu|diarrhea|hives|bitten by a spider|sting|stung|surgery|medical (?:emergency|problem|issue|alarm|alert)|life ?alert",
        r"(?:need|needs|send|get|want|call|calling for|require|requesting|have)(?: \w+){0,4} (?:ambulance|paramedics?|medics?|ems|medical|emt|rescue squad|doctor|hospital)",
        level="medium",
    ),
    *_p("sick", 0.5, r"ambulance|paramedics?|medical help|emt|sick", level="medium"),
]
_RESCUE: Final = [
    *_p(
        "drowning",
        0.86,
        r"drown\w*|under ?water|(?:fell|fallen|jumped|went|swept|driven|drove|floating|struggling|someone|somebody|man|woman|person|people|child|kid|boy|girl|baby|car|he's|she's|we're|they're|i'm|body)(?: \w+){0,3} (?:in|into|in to|through|under) (?:the |a |our |my )?(?:\w+ )?(?:water|river|lake|pool|pond|ocean|creek|canal|ice|sea|quarry|bay|ditch full|bathtub|tub|reservoir|lagoon|swimming pool|hot tub|waves)",
        r"(?:boat|canoe|kayak|jet ski|raft|ship|car|plane|vehicle|we|it|we're|it's)(?:'s| is| are| was| has)* (?:\w+ )?(?:sinking|capsized|sank|sunk|going under|taking on water|filling up)|(?:boat|canoe|kayak|jet ski|raft)(?: \w+)? (?:flipped|overturned)(?: over)?|swept (?:away|out|off)|can't swim|rip (?:tide|current)|(?:water)(?:'s| is)? (?:\w+ )?(?:rising|coming in|up to my|up to our|filling)|life (?:jackets?|vests?|preservers?)|fell (?:overboard|through the ice)|man overboard",
        level="critical",
    ),
    *_p("drowning", 0.5, r"flood(?:ed|ing|s|waters?)?|flash flood|boat|coast guard", level="high"),
    *_p(
        "trapped",
        0.76,
        r"trapp(?:ed|ing)|pinned|entrap\w+|stuck (?:in|on|inside|between|up|under|at|down)(?: \w+){0,2}(?<!traffic)|(?:building|roof|ceiling|bridge|wall|floor|house|trench|crane|scaffold\w*|tunnel|mine|bleachers|deck|balcony)(?:'s| is| has| just| was)* (?:(?!and )\w+ )?(?:collaps(?:ed|ing)|fell|fallen|caved|gave way|coming down)|cave-?in|collapse|rubble|avalanche|landslide|mud ?slide|tornado|earthquake|(?:fell|fallen|down|stuck|in) (?:in |into |down )?(?:a|the) (?:well|hole|ravine|manhole|shaft|gorge|canyon|crevice|storm drain|silo)|hanging (?:off|from|onto)|stranded",
        r"(?:can't|cannot|unable to|couldn't) get (?:him|her|them|me|us|my \w+) (?:out|down)",
        r"(?:baby|child|kid|son|daughter|toddler|infant|grandson|granddaughter)(?:'s| is| are| got| has| been)* (?:\w+ )?(?:locked|stuck|trapped) in(?:side)?(?: \w+){0,2} (?:car|truck|van|vehicle|bathroom|room|house)|locked in(?:side)? (?:my|the|a|this|his|her) (?:\w+ )?(?:car|trunk|bathroom|room|freezer|cooler|basement|closet)",
    ),
    *_p("trapped", 0.48, r"elevator|cliff|ledge", level="high"),
    *_p(
        "trapped",
        0.52,
        r"(?:can't|cannot|unable to|couldn't) get (?:\w+ )?(?:out|down)",
        level="high",
    ),
    *_p(
        "lost",
        0.72,
        r"(?:i'm|i am|we're|we are|we|i|got|are|been|getting|they're|he's) (?:\w+ )?lost(?! (?:my|our|his|her|their|the|a|control|it|all|some))|lost (?:in|on|out)(?: \w+){0,3}|(?:don't|do not|no) (?:know|idea) where (?:i am|we are|i'm|we're|he is|she is|they are|i)(?: at)?|can't find (?:our|my|the) (?:way|trail)",
    ),
    *_p(
        "lost",
        0.45,
        r"hik(?:ers?|ing)|climb(?:ers?|ing) (?:a |the )?(?:mountain|rock|cliff)|(?:in|on) the (?:woods|mountains?|forest|desert|trail|wilderness|swamp|blizzard|canyon)|turned around",
    ),
    *_p(
        "aircraft",
        0.84,
        r"(?:plane|airplane|aircraft|helicopter|jet|airliner|jetliner|glider|cessna|airbus|boeing|hot air balloon|chopper)(?:'s| is| was| has| just| had)* (?:\w+ ){0,4}(?:crash\w*|down|went down|going down|landed|landing|hit|fell|falling|fire|smoking|trouble|low|water|river|building|field)|plane crash|emergency landing|(?:crash(?:ed)?|ditch(?:ed)?) (?:landed|landing|in)(?: \w+){0,3}|crashed (?:a|my|our|the) plane",
        level="critical",
    ),
    *_p(
        "aircraft", 0.5, r"planes?|airplanes?|aircraft|helicopters?|pilot|cockpit", level="critical"
    ),
]
_TRAFFIC: Final = [
    *_p(
        "crash",
        0.82,
        r"(?:car|auto|traffic|vehicle|motorcycle|truck|bus|bad|major|terrible|big|multi-?car|two-?car|three-?car|roll-?over|head-?on|bike|atv|four-?wheeler|train|boat|semi|hit and run) (?:\w+ )?(?:accidents?|wreck|crash\w*|collision|wrecked|collided|pile-?up)|injury accident|wreck(?:ed)?|crash(?:ed|es|ing)?|collision|collided|mva|mvc|mvi|fender ?bender|rear-?end\w*|t-?bon\w+|side-?swip\w+|jack-?knif\w+|pile-?up|airbags?|totaled|hit (?:and|n) run",
        r"(?:car|cars|truck|vehicle|van|suv|bus|motorcycle|semi|pickup|jeep|tractor|trailer|bike|tractor trailer|18 wheeler|moped|driver)(?:'s| is| was| has| just| have| had)* (?:\w+ ){0,2}(?:flipped|rolled(?! down)|overturned|upside down|crashed|wrecked|hit|ran off|ran into|went off|slid|skidded|in (?:a|the) ditch|into (?:a|the)|off (?:the|of the) (?:road|bridge|highway)|smashed|slammed|plowed|on its (?:side|roof|top))(?: \w+){0,3}",
        r"(?:hit|struck|ran into|run into|slammed into|crashed into|backed into|smashed into|plowed into|drove into) (?:my|our|a|the|another|his|her|some)(?: \w+)? ?(?:car|truck|vehicle|van|tree|pole|house|building|wall|fence|guardrail|deer|bus|median|mailbox|hydrant|bridge|barrier|store|ditch)|(?:got|been|was|just got) (?:hit|rear-?ended|sideswiped)|ran (?:a|the) (?:red light|stop sign)|lost control|spun out|slid off|(?:flipped over|overturned|turned over|rolled over)(?: \w+){0,2}",
    ),
    *_p(
        "struck_by_vehicle",
        0.88,
        rf"(?:hit|struck|ran over|run over|ran down|runned over|knocked down)(?: \w+)? (?:by|a|an|the|my|this|some) (?:\w+ )?(?:pedestrian|bicyclist|cyclist|biker|person walking|{_CHILD}|man|woman|lady|guy|car|truck|bus|train|van|vehicle|suv|motorcycle|driver|semi)(?: (?:on|with|and|in|off)(?: \w+)?)?|(?:pedestrian|bicyclist|cyclist|jogger)(?:'s| is| was| has| been| got| just)* (?:hit|struck|down|injured|run over)|(?:run|ran|rolled|backed) over (?:me|him|her|my \w+|someone|somebody|a \w+)|train (?:hit|struck)(?: \w+){{0,2}}|(?:jumped|fell|on|standing on) (?:in front of|onto|on)? ?the (?:train|subway|tracks)",
        level="critical",
    ),
    *_p(
        "impaired_driver",
        0.78,
        r"drunk(?:en)? driv\w+|driv(?:ing|es|er|en)(?: \w+){0,3} (?:drunk|crazy|erratic\w*|reckless\w*|wrong|impaired|intoxicated|all over|too fast|really fast|without|with no|slow|like)|(?:all over|in and out of|weaving|swerv\w+)(?: \w+)? (?:the road|lanes?|traffic)|swerv\w+|weaving|wrong (?:way|side of the (?:road|highway|street))|road rage|(?:street|drag) rac(?:ing|ers?)|racing|speeding|(?:cut|cutting) (?:me|us|people) off|(?:run|ran|running|forced?|trying to run) (?:me|us|people|cars?|him|her) off (?:the|of the)? ?(?:road|highway)|tailgat\w+|reckless\w*|erratic\w*|dui|dwi|running (?:red lights|stop signs)|doing (?:donuts|burnouts)|brake ?check\w*",
    ),
    *_p(
        "traffic_hazard",
        0.7,
        r"(?:traffic |stop ?)lights? (?:is |are |went )?(?:\w+ )?(?:out|dark|not working|broken)|traffic (?:light|signal)s? (?:is |are )?(?:out|dark|not working|stuck|flashing)",
        r"(?:across|blocking|laying in|lying in|middle of) (?:the )?(?:middle of (?:the )?)?(?:road|roadway|highway|lane|freeway|interstate|intersection|expressway|turnpike|railroad tracks|train tracks)|(?:tree|trees|limb|branch|branches|pole|sign|light)(?:'s| is| are| has| just)* (?:\w+ )?(?:down|fell|fallen|leaning|hanging|blocking|across)(?: \w+){0,3}|(?:power|electric|electrical|phone|cable|utility|live|hydro)? ?(?:lines?|wires?|cables?|poles?)(?:'s| is| are| just| has| have)* (?:down|hanging|sparking|arcing|fell|on the ground|low|snapped|broken|laying|lying)|downed (?:power )?(?:lines?|wires?|tree|pole)|traffic (?:lights?|signals?|jam)|debris|(?:road|street|highway|bridge)(?:'s| is| are)? (?:\w+ )?(?:flooded|closed|icy|blocked|washed out|flooding|buckled)|stalled|(?:ran|run|running|out) out? ?of gas|flat tire|blew a tire|brok(?:e|en) down|sink ?hole|disabled vehicle|stop sign (?:is )?(?:down|missing)|crossing (?:gates?|arms?)",
    ),
    *_p("traffic_hazard", 0.84, r"swerving (?:around|to (?:avoid|miss))(?: \w+)?"),
    *_p(
        "runaway_vehicle",
        0.86,
        r"(?:accelerator|gas pedal|throttle|pedal|gas)(?:'s| is| got| was| has)* (?:\w+ )?(?:stuck|jammed|to the floor)|(?:no|lost (?:my|the|our|his|her)|don't have|haven't got|my|the|our) brakes? ?(?:aren't|are not|don't|won't|went|gone|failed|is|are|not)?(?: \w+)?|(?:can't|won't|cannot|doesn't|couldn't|not able to) (?:\w+ )?(?:stop|slow down|slow)(?: \w+){0,2} (?:car|truck|vehicle|bus|it|van)|(?:car|truck|vehicle|bus|van)(?: \w+)? (?:won't|can't|doesn't|isn't) (?:stop|stopping|slow|slowing)(?: down)?|going (?:over )?(?:a hundred|\d{2,3})(?: \w+)? (?:and|can't|won't)",
        level="critical",
    ),
]
_ANIMAL: Final = [
    *_p(
        "animal_attack",
        0.84,
        rf"(?:bit|bitten|bite|bites|biting|attack(?:ed|ing|s)?|maul(?:ed|ing)?|stung|chas(?:ing|ed)|charg(?:ing|ed)|tearing|ripped|mauling|clawed|kicked|trampled|gored)(?: \w+){{0,3}} (?:by|from) (?:\w+ ){{0,3}}(?:{_BEAST}|{_PET}|animal)|(?:{_BEAST}|{_PET}|animal)(?:'s|'re| is| are| was| just| has| have| keeps?| got| trying to)* (?:\w+ ){{0,2}}(?:bit|bite|bitten|biting|attack(?:ed|ing|s)?|following|chas(?:ed|ing)|charg(?:ed|ing)|maul\w*|after (?:me|us|him|her)|growl\w*|aggressive|vicious|ripping|tearing|killing|killed|won't let|surround\w*|corner\w*|stalking|eating|lunging)",
        level="high",
    ),
    *_p(
        "animal_attack",
        0.62,
        rf"(?:a|the|this|that|four|three|two|big|huge|some|several|these|of) (?:\w+ )?{_BEAST}|rabid|rabies|vicious (?:dog|dogs|animal)|(?:dog|snake|cat|spider|animal|raccoon) ?bites?|swarm of \w+",
        level="medium",
    ),
    *_p(
        "animal",
        0.76,
        rf"{_PET}(?:'s|'re| is| are| just| has| have| got| was| were| been)* (?:\w+ ){{0,2}}(?:stuck|trapped|loose|out|running (?:loose|around)|hurt|injured|abandoned|hit|sick|dying|dead|left|locked|roaming|in (?:the|my|our|a)(?: \w+)? (?:road|street|attic|house|yard|garage|tree|drain|chimney|basement|car|kitchen|pool|pond|well|wall|walls|garden|trash|room|bedroom|highway)|up (?:a|the|in a|in the) (?:tree|pole)|on (?:the|my|our) (?:road|roof|highway|street|property|porch|freeway)|barking|missing|starving|tied|acting|wandering)(?: \w+)?|(?:stray|loose|injured|dead|hurt|wild|sick|lost|abandoned) (?:\w+ )?(?:{_PET}|animals?)|animal (?:cruelty|control|abuse|neglect|complaint|shelter|problem)|(?:hit|struck|ran over|killed) (?:a|the|some) (?:deer|dog|cat|raccoon|cow|horse)|(?:beating|kicking|abusing|hitting|starving|neglecting) (?:his|her|a|the|their) (?:dog|dogs|horse|cat|puppy|animals?)|veterinarian",
        level="low",
    ),
    *_p("animal", 0.42, rf"{_PET}", level="low"),
]
_CALM: Final = [
    *_p(
        "noise",
        0.8,
        r"(?:loud|noisy|blasting|blaring|cranked|blasted)(?: \w+){0,3} (?:music|party|parties|noise|noises|tv|television|stereo|radio|bass|neighbors?|talking|karaoke|band|drums|guitar|speakers?)|(?:music|party|parties|tv|stereo|bass|radio|neighbors?|dogs?)(?:'s|'re| is| are| was| were| been)* (?:\w+ ){0,2}(?:loud|noisy|blasting|blaring|barking|thumping|keeping (?:me|us)(?: up| awake)?)|noise (?:complaint|ordinance|problem|issue)|bark(?:s|ing)|turn (?:it|that|the music|their music) down|keep(?:ing|s)? (?:me|us|everyone|everybody|my \w+) (?:up|awake)|can't sleep|disturbing the peace|(?:fireworks|firecrackers)|leaf blower|(?:lawn ?mower|construction|jackhammer)(?: \w+){0,3} (?:early|morning|night|loud)|loud (?:party|music|noise|neighbors?)|(?:kids|students|teenagers|neighbors?|people|they're|frat)(?: \w+){0,4} loud (?:again|all night|outside|every night)",
    ),
    *_p(
        "lockout",
        0.84,
        r"lock(?:ed)? (?:\w+ )?(?:my|the|his|her|our|up my)? ?keys?|lock(?:ed)? (?:myself|my self|ourselves|me|us|himself|herself) out|locked out|(?:lost|left|forgot|dropped|can't find) (?:my|the|our|his|her) (?:\w+ )?keys?|keys?(?:'s|'re| is| are| got| were)* (?:\w+ )?(?:in|inside|locked in) (?:my|the|our|his|her) (?:\w+ )?(?:car|truck|house|trunk|vehicle|van|apartment|ignition)|locksmith|unlock (?:my|the|a|our|his|her) (?:car|truck|vehicle|van)|pop (?:my|the) lock|slim ?jim",
    ),
    *_p(
        "dispute",
        0.76,
        rf"(?:ordered|ordering|paid for|asked for|gave me|wrong|cold|fresh|messed up|remake|refund)(?: \w+){{0,4}} {_FOOD}|{_FOOD}(?:'s| is| was| are| were| isn't| aren't)* (?:\w+ )?(?:wrong|cold|late|burnt|burned|raw|missing|not right|messed up|nasty|stale|undercooked|out)",
        r"(?:my|the|our|wrong) order(?:'s| is| was| wasn't| isn't)? (?:wrong|right|cold|late|missing|messed|back)|(?:won't|wouldn't|will not|refus(?:e|es|ed|ing) to|don't want to|didn't) (?:(?:serve|refund|exchange|honor|accept|wait on|remake)(?: (?:me|my|us|it|the|a))+|give (?:me|us) (?:my|our|a|the|any|back my) (?:\w+ )?(?:money|food|refund|change|receipt|bag|deposit|back))|refunds?|(?:my|our|the|his|her) money back|customer service|overcharg\w*|ripped? (?:me |us )?off|(?:rude|mean|disrespectful) (?:to me|employee|manager|cashier|waitress|lady|people|worker|customer)",
        r"landlord|tenant|evict\w*|property line|park(?:ed|ing|s) in (?:my|our|the|front of my) (?:\w+ )?(?:spot|space|driveway|handicap\w*|yard|parking)|parking (?:spot|space|problem|complaint|lot dispute)|(?:illegally|double) parked|home ?owners? association|hoa|neighbou?r'?s? (?:tree|fence|leaves|trash|branches|grass|cat|kids)|civil (?:matter|issue|dispute)|small claims|custody|visitation|child support|(?:cable|internet|electric|phone|water|light|gas) bill|tow(?:ed|ing) (?:my|our|the|his|a)(?: \w+)?|(?:haircut|hairdresser|nail salon|prom dress|cell ?phone (?:bill|company|store)|warranty|return policy)|(?:brother|sister|kids?|son|daughter)(?: \w+){0,2} (?:won't|wouldn't|doesn't|not) (?:share|clean|eat|listen|do (?:his|her|their) homework|go to (?:school|bed)|mind)",
    ),
    *_p(
        "misdial",
        0.84,
        r"wrong number|(?:call(?:ed|ing)?|dial(?:ed|led|ing)?|phone|number|hit|pressed|911)(?: \w+){0,3} (?:by|on) (?:accident|mistake)|accidental(?:ly)? (?:call\w*|dial\w*|hit|press\w*|911)|mis-?dial\w*|(?:didn't|did not|don't) (?:mean|intend|want) to (?:call|dial|hit|press)|pocket[- ]?dial\w*|butt[- ]?dial\w*|pocket call|(?:playing|messing|fooling|playing around) with (?:the|my|a|his|her|this) (?:\w+ )?(?:phone|cell|tablet|watch)|test(?:ing)? (?:call|my phone|the phone|the line|the system|911|this phone|our (?:phones?|system))|this is (?:just )?a test|(?:trying to|meant to|supposed to|thought i was) (?:call|dial|dialing|calling) (?:411|information|the operator|my|the|a|1|area|9)(?: \w+)?|didn't (?:call|dial)|nobody (?:here )?called|no one (?:here )?called",
    ),
    *_p(
        "misdial",
        0.62,
        r"everything(?:'s| is)? (?:\w+ )?(?:fine|okay|ok|all right|alright)(?: here)?|(?:there's no|it's not an|not an|isn't an|ain't no|there is no) emergency|never ?mind|(?:by|on) (?:accident|mistake)",
    ),
    *_p(
        "information",
        0.76,
        r"(?:not|isn't|ain't|wasn't|hardly)(?: (?:really|exactly|even|like|a|an|actually|necessarily|real|life|major|big|much|of))* emergency|non-?\s?emergency(?: (?:number|line|police))?|(?:what|what's|whats) (?:is )?(?:the |your )?(?:time|date|day|weather|temperature|number (?:for|to)|phone number (?:for|to|of)|non|website)(?: \w+){0,2}|(?:how|where|who) (?:do|can|would|should|could) (?:i|we|you) (?:go about )?(?:contact|reach|apply|pay|file|report|cook|renew|register|complain|obtain|get (?:a copy|in touch|the number|hold of))(?: \w+){0,3}",
        r"(?:can|could|will|would) (?:you|i) (?:please |just )?(?:tell|give|get) (?:me )?(?:the |a |some )?(?:number|phone number|time|weather|directions|address (?:for|of)|information)(?: \w+)?|directions (?:to|how|from)|(?:power|electricity|lights|cable|internet|water|phone)(?:'s| is| are| went| has| have| been| just| goes)+ (?:out|off|down|not working|shut off|disconnected)|power outage|(?:copy of|get) (?:a |the |my )?(?:police |accident )?report|(?:speak|talk) (?:to|with) (?:an? |the |that |my |officer |detective |sergeant )+(?:officer|deputy|detective|sheriff|sergeant|police|supervisor|chief|captain|lieutenant|somebody|someone|person)?(?: \w+)?|(?:have|had|got|just|quick|ask(?:ing)?|it's) (?:a |you a |just a |another )+question|(?:question|inquir\w+|curious|wonder(?:ed|ing)?) (?:about|if|what|when|how|why|whether)",
        r"(?:parking|speeding|traffic) tickets?|court (?:date|house)|(?:have|got|is|for) (?:a |any )?warrants?|(?:driver's|dog|fishing|hunting|marriage) licen[sc]e|permit|curfew|trick or treat\w*|parade|school (?:closed|closing|open)|(?:trash|garbage) (?:pick ?up|day|collection|can)|homework|math problem|recipe|(?:cook|thaw|roast|fry|bake)(?:ing)? (?:a |my |the )?turkey|follow(?:ing)? up on|checking (?:on|up on) (?:the|a|my) (?:status|report|case)|report(?:ing)? (?:a )?(?:pothole|street ?light|lost (?:wallet|phone|purse|dog|cat))|lost (?:my|a|his|her) (?:wallet|purse|license|passport|dog|cat|remote)|found (?:a|somebody's|someone's) (?:wallet|phone|purse|dog|cat)|(?:need|want|get|give me|call) (?:a |me a |us a )+(?:ride|taxi|cab|lift|tow truck|tow)(?: \w+)?|daylight savings|ufo|jury duty|notary|fingerprint\w*|(?:administrative|business|front desk|records|admin) (?:line|office|number|department)?",
    ),
    *_p(
        "nuisance",
        0.76,
        r"(?:somebody|someone|you|friend|anyone|girl|girls) to talk (?:to|with)|(?:just )?(?:kidding|joking|pranking)|prank\w*|(?:it's|was|just) a (?:joke|prank|dare)|(?:i'm |so |just |really )+(?:bored|lonely)|what are you wearing|(?:will|would) you marry|sexy|(?:buy|bring|get) me (?:some |a )?(?:beer|cigarettes?|pizza|drink|mcdonald's|food|hamburger|cheeseburger|sandwich)|(?:my|the|some|bad|fake|his) (?:weed|marijuana|pot|crack|dope|drug dealer|dealer)(?: \w+){0,3}|(?:tv|remote|toilet|computer|xbox|playstation|video games?|wifi|wi-?fi|printer)(?:'s| is| isn't| won't| doesn't| not)+ (?:\w+ )?(?:working|broken|work|clogged|stuck|on|flush)|you(?:'re| are) (?:cute|funny|ugly)",
    ),
]

_CALM_MORE: Final = [
    *_p(
        "information",
        0.7,
        r"did (?:we|you|anybody|anyone) (?:just )?(?:have|feel)(?: \w+){0,2} earthquake|(?:set|change) (?:my|the) clock|out of minutes|no minutes left|when (?:will|does|is)(?: \w+){0,4} (?:open|opening|close|closing|reopen|start|over)|(?:election|voting|polling|vote|voter)(?: \w+)?|weather (?:report|forecast|like)|(?:hurricane|storm|tornado) (?:coming|warning|watch|update)|lights in the sky|shooting star|meteor",
        r"(?:toilet|sink|sewer|septic|pipe|water heater|faucet)(?:'s| is)? (?:\w+ )?(?:overflow\w*|backed up|clogged|leaking|broke|burst)|plumber|(?:name of|who was) (?:the|that) (?:\w+ )?(?:officer|cop|deputy)|(?:officer|cop|deputy)(?: \w+){0,5} (?:cute|good looking|handsome)",
    ),
    *_p(
        "dispute",
        0.7,
        r"vending machine|(?:wrong|right) (?:change|price|size|sauce|toppings?|receipt)|coupon|(?:gas|pump) price|price match|return (?:it|this|my|an? \w+) (?:without|to the store)|(?:took|takes|taking) (?:away )?my (?:playstation|xbox|video games?|phone privileges|toys?|ipad|tablet)|grounded|won't (?:do|clean|finish|eat) (?:his|her|their|my) (?:\w+ )?(?:chores|room|dinner|homework|vegetables|supper)|(?:throwing|threw) (?:away|out) my (?:beer|cigarettes)|(?:basketball|skateboard\w*|ball) (?:in the street|hoop)|shovel\w* snow|snow (?:in|on|into) my (?:driveway|yard)|(?:snowballs?|water balloons?)|snoring|(?:prom|wedding) dress|hair ?cut|hair ?dresser|manicure|drycleaner|dry cleaners?",
    ),
    *_p(
        "nuisance",
        0.7,
        r"(?:brother|sister|mom|dad|mother|father)(?: \w+){0,2} (?:won't|wouldn't|doesn't) (?:give|let|share)(?: \w+){0,4} (?:remote|tablet|ipad|toys?|turn|game|controller)|(?:need|want|out of|buy|bring)(?: \w+){0,3} (?:cigarettes|beer|liquor|condoms|diapers|milk)|(?:tv|television) remote|can't find (?:my|the) remote|(?:facebook|netflix|youtube|instagram)(?: \w+)? (?:down|not working|won't load)|(?:wi-?fi|internet) password",
    ),
    *_p(
        "animal",
        0.7,
        r"(?:spiders?|cockroach(?:es)?|roach(?:es)?|mouse|mice|rats?|ants|bugs|frog|lizard)(?: \w+){0,4} (?:in|on|inside) (?:my|our|the) (?:\w+ )?(?:house|kitchen|bathroom|bedroom|car|room|bed|tub|bathtub|wall|garage)",
        level="low",
    ),
]

WIDE: Final[tuple[Phrase, ...]] = (
    *_CRIME,
    *_FIRE,
    *_MEDICAL,
    *_RESCUE,
    *_TRAFFIC,
    *_ANIMAL,
    *_CALM,
    *_CALM_MORE,
)
"""The phrases, in no order that matters."""

TAKER: Final[tuple[Phrase, ...]] = (
    *_p(
        "cardiac_arrest",
        0.75,
        r"(?:chest )?compressions|start cpr|do cpr|doing cpr|with cpr|pump(?:ing)? (?:his|her|the) chest|(?:center|middle) of (?:his|her|the) chest|push down (?:hard|firmly)|tilt (?:his|her|the) head|pinch (?:his|her|the) nose|mouth to mouth|(?:two|give) (?:regular )?breaths|heel of your hand",
        level="critical",
    ),
    *_p(
        "breathing",
        0.65,
        r"heimlich|abdominal thrusts?|back blows|(?:use|got|have) (?:your|his|her) inhaler",
        level="critical",
    ),
    *_p(
        "bleeding",
        0.6,
        r"(?:direct|put|apply|firm) pressure|clean,? dry (?:cloth|towel)|tourniquet|stop the bleeding|control the bleeding",
        level="high",
    ),
    *_p(
        "childbirth",
        0.62,
        r"(?:baby's|babies) head|how far apart|time the contractions|umbilical cord|deliver the baby|don't push|wrap the baby",
        level="high",
    ),
    *_p(
        "sick",
        0.5,
        r"(?:ambulance|paramedics?|medics?|ems|rescue squad|medical help)(?:'s|'re| is| are)? (?:\w+ )?(?:on (?:the|its|their) way|en ?route|coming|out there|headed)|(?:send(?:ing)?|getting|start(?:ing)?|get|dispatch\w*)(?: \w+){0,3} (?:ambulance|paramedics?|medics?|ems)|anything to eat or drink|nothing to eat or drink|help is on the way for (?:him|her)",
        level="medium",
    ),
    *_p(
        "fire",
        0.55,
        r"(?:fire (?:department|trucks?|engines?|crews?)|firefighters)(?:'s|'re| is| are)? (?:\w+ )?(?:on (?:the|its|their) way|en ?route|coming|out there|headed)|(?:get|getting|everyone|everybody) out of the (?:house|building|apartment|home)|stay low|don't go back (?:in|inside)|(?:send(?:ing)?|get(?:ting)?|start(?:ing)?)(?: \w+){0,3} fire (?:department|trucks?)",
        level="high",
    ),
    *_p(
        "unknown_trouble",
        0.5,
        r"(?:officers?|deput(?:y|ies)|police|units?|troopers?|patrol|squad|sheriff|cops?|cars?)(?:'s|'re| is| are| will be| have)? (?:\w+ )?(?:on (?:the|its|their) way|en ?route|coming|out there|headed|over there|there now)|(?:send(?:ing)?|get(?:ting)?|dispatch\w*|have|sent)(?: \w+){0,3} (?:officers?|deput(?:y|ies)|police|units?|troopers?|patrol|squad cars?|sheriff)",
        level="high",
    ),
    *_p(
        "person_with_weapon",
        0.5,
        r"put (?:the|that|your) (?:gun|knife|weapon) (?:down|away)|where(?:'s| is) the (?:gun|knife|weapon)",
        level="high",
    ),
    *_p(
        "information",
        0.78,
        r"(?:we|police|officers|they|911) (?:don't|do not|can't|cannot|won't) (?:\w+ )?(?:send|come out|respond|unlock|handle|do)(?: \w+){0,5} (?:for (?:that|this|those)|that|cars|vehicles)|not something (?:that )?(?:the |we |our )?(?:police|officers?|we|they|911)?(?: \w+){0,2}|(?:code|parking) enforcement|(?:clerk's|clerk|tax|mayor's|water) office|not (?:a|your) (?:taxi|cab|ride|delivery|tow|shuttle)(?: \w+)?|check (?:the|our|their|with the|your)(?: \w+){0,2} (?:website|web site|newspaper|app|schedule)|(?:call|try|contact) (?:them|us|back)?(?: \w+)? ?(?:in the morning|during (?:business|office|regular) hours|on monday|tomorrow)|give you (?:the|a|their) (?:phone )?number (?:of|for|to)",
        r"(?:call|need to call|use|dial|transfer you to|calling|give you)(?: \w+){0,4} (?:non-?\s?emergency|administrative|business|animal control|city hall|public works|seven digit|regular)(?: (?:number|line|office))?|non-?\s?emergency (?:number|line)|(?:not|isn't|is not|ain't|wouldn't be)(?: \w+){0,2} (?:emergency|police matter|911 call|9-1-1 call|reason to call)|(?:911|9-1-1|nine one one)(?:'s| is)? (?:\w+ )?(?:for|only for) (?:\w+ )?(?:emergenc(?:y|ies)|life)|(?:for|only for|only) emergenc(?:y|ies)(?: only)?|civil (?:matter|issue)|(?:call|contact|get|need) (?:a|your|the) (?:\w+ )?(?:locksmith|landlord|lawyer|attorney|tow (?:truck|company)|plumber|taxi|cab|manager|power company|electric company|phone company|corporate)",
    ),
    *_p(
        "information",
        0.68,
        r"(?:dialed|called|calling|call) (?:911|9-1-1|nine one one) (?:for|because|to (?:ask|complain|tell|get))|(?:we|they|police|officers|deputies) (?:don't|do not|can't|cannot|won't|aren't going to|are not going to) (?:do that|handle|respond to|help you with|deal with|get involved)(?: \w+)?|nothing (?:that )?(?:we|the police|i|an officer|they) can do|(?:that's|that is|it's|this is|this isn't|that isn't) (?:not )?(?:a |an |our )?(?:police|criminal|911|9-1-1) (?:matter|issue|problem|emergency)",
    ),
    *_p(
        "nuisance",
        0.78,
        r"you(?:'ve| have)? called (?:us |here |this \w+ |911 )?(?:\w+ ){1,3}times|(?:sixth|fifth|fourth|third|tenth) time you(?:'ve| have)? called|(?:tying|tie) up (?:the|this|an|our|my|a)(?: \w+)? lines?|(?:stop|quit|don't|do not|keep|keeps) (?:calling|call|playing|play)(?: \w+){0,2} (?:911|9-1-1|here|back|us|this number|on the phone|with the phone)|misus(?:e|ing)(?: \w+)? (?:911|9-1-1)|abus(?:e|ing)(?: \w+)? (?:911|9-1-1)|(?:prank|hoax|crank|nuisance|playing on the|false) (?:calls?|phone|report)|against the law to call|(?:arrested|jail) for (?:calling|misusing|abusing)",
    ),
    *_p("animal", 0.55, r"animal (?:control|services|shelter)|wildlife|game warden", level="low"),
    *_p(
        "misdial",
        0.72,
        r"(?:dialed|called|dial|call|calling|hung up on|dialing)(?: \w+){0,3} (?:by (?:accident|mistake)|accidentally|on accident|in error)|(?:misdial|wrong number|accidental (?:call|dial)|pocket dial)",
    ),
)
"""What the call-taker says to a caller that tells what kind of call it is. Questions tell nothing."""

ASKED: Final[tuple[Phrase, ...]] = (
    *_p(
        "domestic",
        0.9,
        r"(?:is|are|was|did|has) (?:he|she|they|someone|somebody|your \w+|the person)(?: \w+){0,2}? (?:hurt(?:ing)?|hit(?:ting)?|beat(?:ing)?|threaten(?:ing|ed)?|harm(?:ing)?|chok(?:ing|ed)?|attack(?:ing|ed)?) you",
        r"(?:are you|do you feel) (?:\w+ )?(?:in danger|unsafe|afraid of (?:him|her|them))|someone (?:\w+ ){0,2}(?:is|with you|there) (?:that|who) (?:is |might |could )?(?:hurt|danger)\w*",
    ),
    *_p(
        "unknown_trouble",
        0.86,
        r"(?:can|can't) you (?:not )?(?:talk|speak) (?:freely|right now|openly)|(?:are you|is it that you're) (?:not able|unable) to (?:talk|speak)(?: \w+)?|is (?:someone|somebody) (?:there )?(?:listening|with you right now)",
    ),
)
"""What the call-taker asks a caller who cannot speak freely; a yes is as good as saying it."""
