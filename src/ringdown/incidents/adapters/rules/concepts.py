"""What happens, from things that are named near each other, in whatever order. Data and one search.

A phrase list hears "they kicked in the door" and misses "my door's been kicked in". Here a kind of
incident is a few groups of words that must stand close together in one sentence: a thing, and what
is done to it. The last group is what happens: if that is denied, nothing happens.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.context import DISCOUNTED, stance
from ringdown.incidents.adapters.rules.phrases import Found, Text, compiled
from ringdown.incidents.types import Level


@dataclass(frozen=True)
class Concept:
    """Groups of words that mean a kind of incident when they stand within `reach` words."""

    code: str
    strength: float
    groups: tuple[str, ...]
    level: Level | None = None
    reach: int = 10
    follows: bool = False
    """Whether what it happens to must come after it: "kicking him", not "he is kicking"."""


_CHILD = r"(?:son|daughter|child|children|kids?|boys?|girls?|baby|toddler|grandson|granddaughter|nephew|niece|infant|newborn|teenager|students?|(?:\w+ )?year[ -]old)(?:'s)?"
_KIN = r"(?:husband|wife|mom|mommy|mother|dad|daddy|father|brother|sister|grandm(?:a|other)|grandp(?:a|ather)|uncle|aunt|roommate|friend|buddy|cousin|mother-in-law|father-in-law|coworker|co-worker|boss|neighbou?r)(?:'s)?"
_PARTNER = r"(?:husband|wife|boyfriend|girlfriend|ex|ex-?husband|ex-?wife|ex-?boyfriend|ex-?girlfriend|spouse|fianc[eé]+|baby'?s? (?:daddy|father|mama)|stepdad|stepfather|partner)(?:'s)?"
_PERSON = rf"(?:{_CHILD}|{_KIN}|{_PARTNER}|man|men|woman|women|guys?|lady|ladies|person|people|worker|rider|driver|passenger|customer|patient|resident|victim|someone|somebody|fella|gentleman|swimmers?|climber|hiker|bartender|clerk|cashier|employee|teacher|nurse|officer|guard|bouncer|manager|fisherm[ae]n|dude)"
_ANYONE = (
    rf"(?:{_PERSON}|he|she|they|him|her|them|i|i'm|i've|me|us|we|he's|she's|they're|we're|one)"
)
_VEHICLE = r"(?:cars?|trucks?|vans?|suvs?|pickups?|jeep|minivan|buses|bus|semi|tractor trailer|eighteen wheeler|18 wheeler|motorcycles?|motorbike|moped|scooter|vehicles?|sedan|rv|camper|atv|four-?wheeler|dump truck|box truck|taxi|cab|trailer|tractor)(?:'s)?"
_STRUCTURE = r"(?:house|home|roof|chimney|kitchen|walls?|curtains?|attic|basement|garage|porch|apartment|building|trailer|ceiling|couch|sofa|bed|mattress|stove|oven|dryer|furnace|closet|outlet|deck|shed|barn|school|church|store|restaurant|warehouse|bedroom|siding|eaves|vents?|townhouse|condo|duplex|cabin|laundry room|living room|hallway|balcony|factory|shop|motel|hotel|microwave|toaster|space heater|fuse box|breaker box|insulation|carpet|christmas tree|cabinets|stairwell|stairs|grease|frying pan|pan|oil|candle|pillow|blanket|fireplace)(?:'s)?"
_FLAME = r"(?:fires?(?! (?:department|trucks?|engines?|station|alarms?|drill|hydrant|escape|extinguisher|code|chief|marshal|works|pit|panel(?:'s)?|box|watch|crew|inspection|place|wood|ants?|hall|fighters?|police|or|lane)(?![\w']))|flames?|burning|ablaze|blaze|smolder\w*|engulfed|caught|going up|went up|smoky|smokey|haze|lit up|sparks?|sparking|smoke (?:is )?(?:coming|pouring|billowing|rolling|everywhere)|(?:black|heavy|thick) smoke|smoking|roaring)"
_GUN = r"(?:guns?|pistol|rifle|shotgun|handgun|firearm|revolver|knife|knives|machete|hatchet|axe|crowbar|sword|baseball bat|box cutter|switchblade|taser|blade)"
_HIT = r"(?:broke a \w+ over|hit (?:him|her|me) (?:over|with|in)|by the (?:hair|throat|neck|collar)|in a headlock|stomp(?:ing|ed)|kick(?:ing|ed)|punch(?:ing|ed)|swinging at|jump(?:ing|ed) on|beat(?:ing|en)?(?: up)?|chok(?:ing|ed)|slapp(?:ing|ed)|head-?butt\w*|hitting|wail(?:ing|ed) on|whaling on|ganged up|gang(?:ing)? up|tackled|body slam\w*|pummel\w*|attack(?:ing|ed)|swung|swinging|strangl\w*|dragg(?:ing|ed)|shov(?:ing|ed)|pinned (?:him|her|me)|pistol whipped|threw (?:him|her|me)|hurting|smack(?:ing|ed)|hits)"
_WATER = r"(?:water|river|lake|pond|pool|ocean|creek|canal|ice|harbor|surf|waves?|current|breakwall|pier|dam|falls|undertow|reservoir|culvert|spillway|lagoon|quarry|marina|inlet|bay|flood ?waters?|rapids)(?:'s)?(?! (?:road|rd|street|st|avenue|ave|drive|lane|court|place|way|boulevard|terrace|circle))"
_GONE = r"(?:can't see (?:him|her|them) anywhere|don't see (?:him|her|them)|lost sight of|lost track of|was gone|can't find|cannot find|couldn't find|can't locate|gone|missing|never (?:came|made it|showed|got)|didn't (?:come|make it|get off|show)|hasn't (?:come|been|shown|returned)|haven't seen|wandered|walked (?:off|out|away)|(?:left|slipped out of|got out of|ran out of) (?:the|our|his|her) (?:house|home|facility|building|yard)|ran off|nowhere|looked everywhere|looking everywhere|not in (?:his|her) (?:room|bed)|wasn't (?:there|at|in))"
_BODY = r"(?:arms?|legs?|hands?|fingers?|foot|feet|toes?|head|face|neck|back|hips?|wrists?|ankles?|knees?|shoulders?|eyes?|ribs?|skull|nose|thumb|forehead|scalp|elbow|thigh|shin|chin|lip|ear|throat)"
_ROAD = r"(?:road|roadway|lanes?|highway|street|intersection|freeway|bridge|(?:on|off)?-?ramp|shoulder|interstate|overpass|expressway|thruway|parkway|turnpike|median|route \w+|i-?\d+|crosswalk|tracks|railroad crossing)"
_TILL = r"(?:cash register|register|counter|till|cashier|teller|clerk|safe|cash drawer|bank|gas station|liquor store|jewelry store|pharmacy)"

CONCEPTS: Final[tuple[Concept, ...]] = (
    # Crime
    Concept(
        "burglary",
        0.78,
        (
            r"(?:(?:front |back |side |cellar |patio |sliding |garage |screen )?door(?:'s)?|windows?|lock|deadbolt|house|apartment|shed|storage unit|office|shop)",
            r"(?:kicked (?:in|open|down)|kick(?:ing)? (?:in|it in|open)|pried|prying|jimm(?:y|ied|ying)|(?:been |was )?forced(?: open)?|broken into|broke into|busted (?:in|open|down)|ransacked|tossed|(?:was |is )?wide open|break(?:ing)? in|smashed in|crawl(?:ed|ing) (?:in|through)|climb(?:ed|ing) (?:in|through)|letting (?:himself|themselves) in)",
        ),
    ),
    Concept(
        "burglary",
        0.68,
        (
            r"(?:someone|somebody|stranger|flashlight|a light|footsteps|voices|intruder|(?:some|a|this|strange) (?:guy|man|woman|person))(?:'s)?",
            r"(?:moving around inside|walking around (?:inside|in|downstairs|upstairs)|(?:in|inside|around) (?:my|our|the) (?:house|home|apartment|basement|garage|kitchen|attic|hallway)|coming up the (?:stairs|steps)|coming down the (?:stairs|hall)|down ?stairs|up ?stairs|coming (?:in )?through (?:the|my|our) (?:window|door|back))",
        ),
        "high",
    ),
    Concept(
        "burglary",
        0.74,
        (
            r"(?:heard|hear|hearing)",
            r"(?:windows?|door|glass|drawers|downstairs|upstairs|basement|garage|attic)",
            r"(?:break|breaking|broke|smash\w*|shatter\w*|opening|creak\w*|footsteps|somebody|someone|walking|moving)",
        ),
        "high",
    ),
    Concept(
        "robbery",
        0.82,
        (
            _TILL,
            r"(?:emptied|clean(?:ed|ing) out|demand(?:ed|ing)|handed (?:me|her|him) a note|passed (?:me|her|him) a note|took (?:all )?(?:the )?(?:money|cash|drawer)|grabb(?:ed|ing) (?:all )?(?:the )?(?:money|cash)|(?:jumped|came|hopped|reached) over|give (?:me|him|them|us) (?:the|all|your)|held (?:us )?up|rob\w*)",
        ),
    ),
    Concept(
        "robbery",
        0.8,
        (
            rf"(?:{_GUN}|hand in his pocket|weapon|ski masks?|masks?)",
            r"(?:(?:took|take|taking|wanted|gave|give|demanded|stole|grabbed|emptied)(?: \w+){0,3} (?:money|cash|wallet|purse|phone|jewelry|watch|car|keys|bag|chain|register|drawer)|hand over)",
        ),
        reach=16,
    ),
    Concept(
        "robbery",
        0.82,
        (
            r"(?:purse|bag|chain|phone|necklace|wallet|handbag|cash|backpack)",
            r"(?:right )?(?:off|from|out of|outta) (?:of )?(?:my|his|her|this|the|an?) (?:\w+ ){0,2}?(?:shoulder|arm|neck|hands?|lady|woman|man|guy)(?:'s)?",
            r"(?:ripped|snatch(?:ed|ing)|yanked|tore|pulled|grabbed|torn)",
        ),
        reach=10,
    ),
    Concept(
        "theft",
        0.74,
        (
            r"(?:gas|pumps?|tab|bill|meal|fare|check|cart|store|register|merchandise|beer)",
            r"(?:drive-?offs?|never paid|didn't pay|without paying|skipped out|walked out|ran out without|took off without|dine and dash)",
        ),
    ),
    Concept(
        "theft",
        0.72,
        (
            r"(?:packages?|bikes?|bicycle|wallet|purse|phone|laptop|tools|mail|catalytic converter|copper|license plates?|tv|jewelry|lawn ?mower|trailer|scooter|merchandise|clothes|beer|gas|bag|backpack|tires|rims|car|truck|motorcycle|dog)",
            r"(?:stole|stolen|stealing|ripped off|swiped|helping (?:himself|herself|themselves)|(?:without|didn't|not) pay\w*|(?:taking|took|grabbed|taken)(?: \w+){0,3} (?:off|from|out of) (?:my|our|the|his|her) (?:\w+ )?(?:porch|driveway|garage|yard|doorstep|shelf|store|car|truck|locker|desk|mailbox|rack|lot))",
        ),
        reach=12,
    ),
    Concept(
        "assault",
        0.78,
        (
            rf"(?:him|her|me|each other|one another|us|them|somebody|someone|(?:a|an|the|this|that|one|another|my|his|our) (?:\w+ )?{_PERSON})(?:'s)?",
            _HIT,
        ),
        reach=8,
        follows=True,
    ),
    Concept(
        "assault",
        0.68,
        (
            r"(?:guys|men|girls|women|kids|people|teenagers|students|customers|drunks|crowd|two of them|bunch)",
            r"(?:fighting|brawling|going at it|throwing (?:punches|chairs|bottles)|swinging|rolling around|squaring up|about to fight|brawl|fists|started a fight)",
        ),
    ),
    Concept(
        "domestic",
        0.83,
        (
            rf"(?:{_PARTNER}|(?:my|her) (?:\w+ )?(?:mom|mother)'s boyfriend)",
            rf"(?:{_HIT}|beating on (?:the|my) door|pound(?:ing|ed) on|throwing (?:things|stuff|dishes|furniture)|smash(?:ing|ed)|broke (?:my|the) (?:phone|door|window)|(?:protection|protective|restraining) order|threaten\w*|put (?:his|her) hands on|won't (?:leave|let (?:me|us))|taking the kids|took (?:my|the) (?:phone|keys|kids)|screaming at|came at me|violent|trying to (?:get|break) in|break (?:it|the door) down|locked (?:me|us) in|flipping out|trashing|went off on|fist through|drag me|gonna (?:kill|beat|hurt|drag) (?:me|us)|going to (?:beat|hurt) (?:me|us)|hands around my|by the (?:hair|throat|neck|arm)|in a headlock)",
        ),
        reach=12,
    ),
    Concept(
        "domestic",
        0.8,
        (
            r"(?:mom|mommy|mama|mother|my (?:\w+ )?sister|my (?:\w+ )?brother)",
            r"(?:dad|daddy|father|stepdad|stepfather|boyfriend)(?:'s)?",
            rf"(?:{_HIT}|fighting|hurt|yelling at|screaming at|hit)",
        ),
        reach=8,
    ),
    Concept(
        "domestic",
        0.58,
        (
            r"(?:neighbors?|upstairs|downstairs|next door|couple|apartment above|across the hall)",
            r"(?:screaming (?:for help|at each other|and crying)|yelling for help|things (?:breaking|crashing|smashing)|throwing (?:things|stuff|furniture)|(?:woman|lady|girl|she)(?:'s| is)? (?:crying|screaming|begging)|thrown (?:around|against)|slamming)",
        ),
        "high",
    ),
    Concept(
        "person_with_weapon",
        0.8,
        (
            _GUN,
            r"(?:pointed|pointing|waving|pulled|aimed|aiming|flashed|flashing|showed|showing|swinging|brandish\w*|lifted (?:up )?his shirt|carrying|holding|in his (?:hand|waistband|belt|pocket)|walking (?:around|down)|reached for|tucked|running around|threatening)",
        ),
        reach=8,
    ),
    Concept(
        "explosive",
        0.76,
        (
            r"(?:backpack|(?:duffel |gym )?bag|package|box|suitcase|device|briefcase|pipe|container)(?:'s)?",
            r"(?:wires?|ticking|unattended|timer|fuse|taped|detonat\w*|blinking|nobody(?:'s| has)? claimed|no one(?:'s| has)? claimed|blow up)",
        ),
        reach=18,
    ),
    Concept(
        "damage",
        0.74,
        (
            r"(?:windshields?|(?:parked |passing )?cars?|windows?|tires|mailbox(?:es)?|fence|walls?|signs?|gravestones|headstones|mirrors|garage door|playground|vending machine|glass)",
            r"(?:throw(?:ing|n)? (?:\w+ ){0,2}?(?:rocks?|bricks?|bottles?|eggs?|stones?)|threw (?:\w+ ){0,2}?(?:rock|brick|bottle|eggs?|stone)s?|slash(?:ed|ing)|spray[- ]?paint\w*|keyed|busted|smash(?:ed|ing)|knock(?:ed|ing) over|egg(?:ed|ing)|graffiti|tagg(?:ed|ing)|shot out|(?:baseball bat|bb gun|paintball\w*)|breaking (?:out )?(?:the |all )?|kicked over|vandal\w*)",
        ),
        reach=9,
    ),
    Concept(
        "missing_person",
        0.84,
        (
            rf"(?:{_CHILD}|{_KIN}|{_PARTNER}|dementia|alzheimer'?s?|autis(?:m|tic)|elderly (?:man|woman)|resident|patient)",
            _GONE,
        ),
        reach=14,
    ),
    Concept(
        "kidnapping",
        0.86,
        (
            r"(?:girl|woman|kid|child|boy|her|him|lady|baby|teenager|man|guy|daughter|son|me)",
            r"(?:into|in|inside) (?:a|the|his|this|their|that) (?:\w+ )?(?:van|car|truck|trunk|suv|vehicle|minivan)",
            r"(?:drag(?:ged|ging|s)?|pull(?:ed|ing)|forc(?:ed|ing)|shov(?:ed|ing)|threw|throw(?:ing|n)|snatch(?:ed|ing)|grabb(?:ed|ing)|stuff(?:ed|ing)|push(?:ed|ing)|screaming|tied)",
        ),
        reach=12,
    ),
    Concept(
        "suspicious",
        0.66,
        (
            r"(?:man|guy|guys|someone|somebody|car|van|truck|dude|kids|people|person|men|woman|he|he's|they're|two of them)",
            r"(?:(?:trying|pulling on|checking|testing|jiggling|yanking) (?:\w+ ){0,2}?(?:car |door )?(?:doors?|handles?|locks?|cars)|door handles?|circling|driving (?:real |really )?slow\w*|casing|ski masks?|crouch(?:ing|ed)|hiding (?:in|behind)|taking pictures of|peek(?:ing|ed)|peer(?:ing|ed)|offer(?:ing|ed) (?:\w+ ){0,2}?(?:candy|ride)|watching (?:the|my|our|kids|me)|creep\w*|snooping|shining a (?:flash)?light|looking (?:in|into|through) (?:the|my|our|people's|car)|exposing|urinat\w*|car to car|which ones are (?:open|unlocked)|going through (?:cars|mailboxes|the mail|garages)|door to door|passed out in|following (?:me|us|her|the)|behind me (?:for|since|the whole)|every turn|tailing|turn for turn|won't leave|refus(?:es|ing) to leave)",
        ),
        reach=10,
    ),
    Concept(
        "threat",
        0.76,
        (
            r"(?:messages?|voicemails|notes|letters|said|says|saying|texted|texting|texts?|messages?|posted|posting|called|wrote|sent|sending|telling|told|keeps|voicemail|threat\w*|email\w*|note)",
            r"(?:kill (?:me|us|my|her|him|them|you|everyone|everybody)|shoot up|hurt (?:me|us|my|her|him)|beat (?:me|us) up|burn (?:my|the|our|it) (?:house|place|down)|come after (?:me|us|my)|blow (?:up|it up)|gonna get (?:me|us)|watching me|knows? where i live|find (?:me|us)|cut me|slit (?:my|her)|bring a gun|put a bullet|watch my back|knows? where i (?:live|park|work)|make me (?:pay|sorry)|regret)",
        ),
        reach=12,
    ),
    Concept(
        "shooting",
        0.82,
        (
            r"(?:shots?|gun ?shots?|gunfire|shooting|rifle fire|automatic weapon)",
            r"(?:heard|hear|hearing|rang out|fired|going off|outside|hallway|down the (?:street|block|hall)|parking lot|being fired|coming from|next door)",
        ),
        "critical",
        reach=8,
    ),
    Concept(
        "stabbing",
        0.8,
        (
            r"(?:knife|blade|screwdriver|scissors|box cutter|broken bottle|ice pick|machete)",
            r"(?:in (?:his|her|my|the) (?:stomach|chest|neck|back|side|gut|arm|leg)|bleeding|blood|sticking out|cut (?:him|her|me))",
        ),
        "critical",
    ),
    Concept(
        "death",
        0.8,
        (
            rf"(?:{_KIN}|{_PARTNER}|{_CHILD}|he|she|he's|she's|hospice|tenant|resident|body)",
            r"(?:(?:cold|blue|hard) and (?:stiff|cold|hard)|rigor|dead a while|been dead|passed (?:away|during|in (?:his|her|the))|(?:is|was|found) deceased|decompos\w*|died (?:in|last|this|during)|no longer (?:alive|with us)|expired|beyond help)",
        ),
        "critical",
    ),
    Concept(
        "welfare",
        0.68,
        (
            rf"(?:{_KIN}|{_CHILD}|tenant|(?:old|elderly) (?:man|woman|lady|couple)|customer|employee|client|her|him)",
            r"(?:haven't (?:been able to|heard|seen|gotten)|hasn't (?:answered|been seen|come out|picked up|shown up)|not (?:answering|picking up|been seen|able to reach)|isn't (?:answering|picking up)|mail(?:'s| is)? piling|newspapers?|papers|doesn't come to the door|hasn't taken|lights (?:have been |are )?on all night|unable to (?:reach|contact|get)|can't (?:reach|get (?:a )?hold of|get in touch)|lives? (?:alone|by (?:him|her)self)|check on|look in on|make sure (?:he|she|they)(?:'s|'re| is| are) (?:okay|ok|all right|alright|fine))",
        ),
        reach=12,
    ),
    Concept(
        "welfare",
        0.66,
        (
            r"(?:baby|toddler|kids?|child|children|little (?:boy|girl)|(?:\w+ )?year[ -]old|infant)",
            r"(?:by (?:himself|herself|themselves)|all alone|left alone|no (?:parents?|adults?|shoes|coat)|wandering|in a (?:hot )?car|(?:in|wearing) (?:just |only )?a diaper|unsupervised|nobody with|no one with)",
        ),
        "high",
    ),
    # Fire
    Concept("structure_fire", 0.84, (_STRUCTURE, _FLAME), "critical", reach=9),
    Concept(
        "vehicle_fire",
        0.86,
        (
            rf"(?:{_VEHICLE}|engine|hood|boat|camper|dashboard|wheels?|tires?|brakes?|battery)",
            _FLAME,
        ),
        reach=7,
    ),
    Concept(
        "outdoor_fire",
        0.85,
        (
            r"(?:grass|fields?|brush|woods|hillside|trees?|leaves|hedge|bush(?:es)?|median|forest|dumpster|trash can|trash|mulch|hay|pasture|ditch|embankment|park bench|telephone pole|power pole|transformer|fence|railroad ties|pallets|campsite|garbage can)",
            _FLAME,
        ),
        reach=7,
    ),
    Concept(
        "gas_leak",
        0.83,
        (
            r"(?:gas(?! (?:station|pedal))|propane|chlorine|ammonia|carbon monoxide|chemicals?|acid|fumes|natural gas|pool chemicals|bleach|fuel oil|refrigerant|pesticide|diesel)",
            r"(?:leak\w*|smell\w*|hiss\w*|spill\w*|let go|ruptured|odor|headaches?|dizzy|venting|cloud|fog|alarm|detector|beeping|cracked (?:line|pipe)|hit (?:a|the) (?:line|main|pipe)|burning (?:my|our) eyes|coughing|mixed)",
        ),
        reach=12,
    ),
    Concept(
        "smoke_alarm",
        0.72,
        (
            r"(?:smoke (?:detectors?|alarms?)|(?:fire )?alarms?|heat detector|sprinklers?|pull station|(?:fire|alarm) panel(?:'s)?)",
            r"(?:going off|showing|trouble|zone|went off|beep\w*|chirp\w*|sounding|ringing|activated|won't stop|blaring)",
        ),
    ),
    Concept(
        "gas_leak",
        0.84,
        (
            r"(?:line|main|pipe|backhoe|excavator|bulldozer|digging|dug|crew|contractor|meter)",
            r"(?:hit|broke|cut|nicked|struck|ruptured|snapped|busted)",
            r"(?:hiss\w*|smells?|gas|leak\w*|blowing|spraying)",
        ),
        reach=14,
    ),
    # Medical
    Concept(
        "unconscious",
        0.85,
        (
            rf"(?:{_PERSON}|he|she|him|her|he's|she's)",
            r"(?:won't wake|can't wake|couldn't wake|not waking|(?:not|isn't|won't|doesn't|don't) (?:answer(?:ing)? me|open (?:his|her) eyes|say(?:ing)? (?:anything|nothing)|talk(?:ing)? to me)|shook (?:him|her)|keeled over|(?:just )?(?:went|dropped) (?:limp|to the (?:floor|ground))|slumped|out of it|(?:can't|cannot|couldn't) get (?:him|her|them|\w+) to (?:wake|respond|answer)|non-?responsive|lying there (?:and )?not|went (?:down )?(?:unconscious|out))",
        ),
        "critical",
    ),
    Concept(
        "chest_pain",
        0.84,
        (
            r"(?:chest|heart|breastbone|rib ?cage)",
            r"(?:pressure|tight\w*|squeez\w*|crush\w*|standing on|sitting on|elephant|heavy|heaviness|weight|burning|pains?|hurts?|hurting|flutter\w*|pounding|jumping|skipping|down (?:my|his|her) (?:left )?arm|jaw)",
        ),
    ),
    Concept(
        "stroke",
        0.87,
        (
            r"(?:face|mouth|side|arm|leg|speech|words?|smile|eyelid|cheek|talk\w*|sentence)",
            r"(?:droop\w*|hanging|numb\w*|(?:gone |got |really )?weak\w*|crooked|garbled|slur\w*|twisted|lopsided|sagg\w*|pulled (?:down|to one side)|(?:can't|couldn't|cannot) (?:get (?:his|her|the|my) words|lift|raise|move|hold|find (?:his|her|the|my) words|form|smile)|jumbled|paraly\w*|gibberish|(?:is |just |gone |went )+dead|limp|can't squeeze|like (?:he's|she's) drunk|won't move|not working right)",
        ),
        "critical",
        reach=7,
    ),
    Concept(
        "breathing",
        0.86,
        (
            r"(?:throat|airway|tongue|windpipe|lips|face)",
            r"(?:closing|clos(?:ed|es) up|swell\w*|swollen|blocked|tightening|stuck)",
        ),
        "critical",
        reach=7,
    ),
    Concept(
        "breathing",
        0.89,
        (
            r"(?:piece|steak|meat|food|candy|grape|hot ?dog|coin|toy|bone|pill|chicken|bite|sandwich|apple|chip|marble|penny|quarter|jawbreaker|peanut|popcorn|something|it)",
            r"(?:choking on|stuck in (?:his|her|my|their) (?:throat|windpipe)|went down (?:the )?wrong|grabbing (?:at )?(?:his|her) (?:neck|throat)|can't (?:cough|swallow)|heimlich|stuck and (?:he|she) can't)",
        ),
        "critical",
        reach=16,
    ),
    Concept(
        "breathing",
        0.84,
        (
            rf"(?:{_ANYONE}|breath\w*)",
            r"(?:turning (?:blue|purple)|fighting for (?:air|breath)|(?:can't|couldn't|can barely|hardly) (?:breathe|get (?:any )?air|catch)|gasping|gulping|rattl\w*|sounds like (?:he's|she's) drowning|working hard to breathe|oxygen (?:is|ran|machine|tank)|inhaler(?:'s| is)? (?:empty|not)|coughing up)",
        ),
        "critical",
    ),
    Concept(
        "overdose",
        0.86,
        (
            r"(?:(?:laundry |detergent |tide |dishwasher )?pods?|detergent|bleach|cleaner|drano|lye|antifreeze|medicines?|pills?|tablets|vitamins|batter(?:y|ies)|magnets?|mushrooms?|rat poison|gumm(?:y|ies)|edibles?|nail polish|lamp oil|gasoline|meds|medication|prescription|sleeping pills|whole bottle|drugs|dose|insulin)",
            r"(?:swallow(?:ed|ing)|ate|eaten|eating|drank|drinking|bit (?:in|into|on)|chew(?:ed|ing)|got (?:into|a ?hold of)|took (?:a (?:bunch|lot|handful)|all|the whole|too many|some|\w+ of)|taken (?:a|all|too)|found (?:him|her) with|too (?:much|many)|twice|double)",
        ),
        "critical",
    ),
    Concept(
        "overdose",
        0.82,
        (
            r"(?:needle|syringe|tin ?foil|heroin|fentanyl|narcan|pills?|meth|crack|oxy\w*|percocets?|dope|drugs|fake pills|pill bottle)",
            r"(?:blue|purple|not breathing|won't wake|passed out|slumped|nodding|out cold|unresponsive|barely breathing|gurgling|snoring|foam\w*|shot up|using|relapsed)",
        ),
        "critical",
        reach=16,
    ),
    Concept(
        "suicidal",
        0.88,
        (
            r"(?:note|said|says|saying|texts?|texted|texting|wants?|wanted|threaten\w*|going to|gonna|talking about|keeps|letter|posted|thinking about|trying to|about to|tired)",
            r"(?:end (?:it|it all|his life|her life|my life|things)|goodbye|(?:doesn't|don't|didn't) want to (?:live|be here|be alive|wake up|go on)|take (?:his|her|my)(?: own)? life|better off without|(?:kill|hurt|harm|hang|shoot|cut) (?:him|her|my)self|no reason to live|not be around|jump (?:off|from|in front of)|can't (?:go on|do this anymore|take it anymore)|of living)",
        ),
        "critical",
    ),
    Concept(
        "suicidal",
        0.86,
        (
            rf"(?:{_PERSON}|he|she|he's|she's|i|i'm|me)",
            r"(?:(?:bridge|overpass|roof|ledge|railing|parking garage|train tracks|balcony)(?: \w+){0,6}? (?:jump|edge|over the (?:side|rail|edge)|wrong side|outside of)|(?:wrong|other|far|outer) side of (?:the |a )?(?:rail|railing|fence|guard ?rail|barrier|wall)|(?:sitting|standing|climb\w*|leaning) (?:up )?(?:on|over|onto) (?:top of )?the (?:railing|rail|ledge|edge|barrier|parapet)|(?:outside|over|other side) (?:of )?the (?:railing|guard ?rail|ledge)|(?:rope|belt|cord|sheet) around (?:his|her|my) neck|razor blade|cutting (?:him|her|my)self|gun (?:in|to) (?:his|her|my) (?:own )?(?:mouth|head))",
        ),
        "critical",
    ),
    Concept(
        "suicidal",
        0.84,
        (
            r"(?:gun|pistol|revolver|knife|razor|rope|pills|bottle)",
            r"(?:in my (?:lap|hand|mouth)|next to me|in front of me|to my (?:head|chest))",
        ),
        "critical",
        reach=8,
    ),
    Concept(
        "mental_health",
        0.8,
        (
            rf"(?:{_PERSON}|he|she|he's|she's|i|i'm)",
            r"(?:off (?:of )?(?:his|her|my|their) (?:meds|medication|medicine)|schizo\w*|bipolar|hearing voices|hears? voices|psychosis|psychotic|manic|paranoid|hallucinat\w*|seeing things|talking to (?:himself|herself|people (?:who|that) aren't)|hasn't slept (?:in|for)|nervous breakdown|losing (?:his|her|my) mind|(?:thinks|believes) (?:that )?(?:the|people|someone|somebody|everyone|everybody|they|we|i'm)(?: \w+){0,5} (?:poison\w*|after (?:him|her)|watching|following|spying|bugged|cameras|out to get)|mental (?:health|breakdown)|not in (?:his|her) right mind|having an episode)",
        ),
        "high",
        reach=16,
    ),
    Concept(
        "childbirth",
        0.87,
        (
            r"(?:pregnant|weeks|months|wife|sister|girlfriend|baby(?:'s)?|babies|contractions?|water|daughter|she(?:'s)?|due|labor|twins|mother-to-be)",
            r"(?:(?:has|wants|needs|feels like she has|starting|urge) to push|push(?:ing|ed) (?:already|now)|in labor|(?:having )?contractions|water (?:just )?broke|broke her water|head (?:is )?(?:showing|out|coming|right there)|see the head|minutes apart|crowning|coming (?:right )?now|about to (?:have|deliver|give birth)|feet first|(?:baby|it)(?:'s| is) coming|miscarr\w*)",
        ),
        "high",
    ),
    Concept(
        "bleeding",
        0.76,
        (
            _BODY,
            r"(?:cut|cuts|broke|broken|burn(?:ed|t)|bleed\w*|blood|sliced|gash(?:ed)?|split open|smashed|crushed|bent|bone (?:is )?(?:sticking|showing|out)|swollen|popped out|dislocated|caught in|nail through|hook in|snapped|torn|ripped|mangled|cracked|hit (?:his|her|my)|stitches|deep|boiling|scald\w*|grease)",
        ),
        "high",
        reach=6,
    ),
    Concept(
        "bleeding",
        0.74,
        (
            r"(?:blood|bleed\w*|port|stitches|incision|varicose|nose|tonsils|surgery|shunt|fistula|tourniquet)",
            r"(?:won't stop|can't stop (?:it|the)|soak\w*|all over|everywhere|spurt\w*|squirt\w*|gush\w*|pouring|came (?:loose|out|open)|opened up|a lot of|so much|pool of|through the (?:towel|bandage)|dripping|clots)",
        ),
        "high",
    ),
    Concept(
        "fall",
        0.8,
        (
            rf"(?:{_PERSON}|he|she|i|grandparents)",
            r"(?:slipped (?:in|on|and|off|getting)|fell|fallen|tripped|took a (?:tumble|spill|fall)|tumbled|(?:can't|cannot|couldn't) get (?:back )?up|(?:off|from) (?:of )?(?:the|a|his|her) (?:ladder|roof|scaffold\w*|bunk bed|trampoline|monkey bars|toilet|wheelchair|stool|step)|on the floor (?:since|all|for)|down (?:the|a flight of) (?:stairs|steps))",
        ),
        reach=8,
    ),
    Concept(
        "fall",
        0.76,
        (
            rf"(?:{_KIN}|{_PARTNER}|(?:old|elderly) (?:man|woman|lady)|resident|patient)",
            r"went down",
            r"(?:in|on|by|outside|coming|getting|down) (?:the |out of )?(?:\w+ )?(?:hallway|bathroom|kitchen|stairs|steps|floor|yard|driveway|sidewalk|shower|tub|bed|garage|porch)",
        ),
    ),
    Concept(
        "bleeding",
        0.7,
        (
            rf"(?:{_ANYONE}|foot|leg|hip|arm|knee|ankle|back|shoulder)(?:'s)?",
            r"(?:(?:heard|felt) (?:something|it|a) (?:\w+ )?(?:crack|pop|snap)|turned out|can't put (?:any )?weight|bone|out of (?:its|the) socket|through (?:his|her|my) (?:\w+))",
        ),
        "high",
        reach=8,
    ),
    Concept(
        "breathing",
        0.84,
        (
            r"(?:nuts?|peanuts?|shellfish|shrimp|bee|wasp|allerg\w*|stung|medicine|antibiotic|ate|eaten|penicillin|latex)",
            r"(?:tongue|throat|lips?|face|eyes?)(?:'s| is| are)?",
            r"(?:big|bigger|thick|itch\w*|tingl\w*|tight\w*|puff\w*|swell\w*|swollen|clos\w*|hives)",
        ),
        "critical",
        reach=14,
    ),
    Concept(
        "seizure",
        0.88,
        (
            r"(?:shak(?:ing|es)|jerk(?:ing|s)|twitch\w*|convuls\w*|stiff(?:ened)?|flopping|trembl\w*)",
            r"(?:all over|eyes (?:are |is )?roll\w*|rolled back|uncontroll\w*|foam\w*|on the (?:floor|ground)|whole body|can't stop|his body|her body|epilep\w*)",
        ),
        reach=12,
    ),
    Concept(
        "sick",
        0.7,
        (
            r"(?:sugar|diabetic|diabetes|insulin|glucose|fever|temperature|stomach|belly|abdomen|side|back|kidney|head|migraine|heat|flu|blood pressure|pulse|appendix|gall ?bladder|legs)",
            r"(?:low|high|dropped|sweat\w*|confused|shaky|nonsense|pains?|hurts?|hurting|killing (?:me|him|her)|throwing up|vomit\w*|dizzy|weak|faint|hundred and \w+|cramp\w*|chills|lethargic|pale|dehydrated|doubled over|can't (?:keep|walk|stand)|numb)",
        ),
        "medium",
        reach=7,
    ),
    # Rescue
    Concept(
        "drowning",
        0.86,
        (
            rf"(?:{_PERSON}|{_VEHICLE}|boat|kayaks?|canoe|raft|jet ski|he|she|they|we|him|her|them|it|we're|he's|she's|they're)",
            _WATER,
            r"(?:fell|went (?:in|into|through|under|off|over)|in the (?:water|river|lake|pond|pool|canal)|nose down|up to the windows|taking on|tipped|flipped|capsiz\w*|can't swim|hanging on(?:to)?|holding on(?:to)?|taking (?:him|her|them|us)|float\w*|face ?down|going under|under(?:neath)?|swept|sink\w*|sank|struggl\w*|washed|stranded|drift\w*|carried|jumped|drove|pulled (?:out|under)|out past|screaming for help|treading|disappeared|not come up|didn't come up)",
        ),
        "critical",
        reach=12,
    ),
    Concept(
        "trapped",
        0.82,
        (
            rf"(?:{_ANYONE}|\w+man|crew)(?:'s)?",
            r"(?:elevator|grain bin|bin|silo|trench|well|hole|ledge|cliff|machine\w*|conveyor|auger|rubble|shaft|crane|sewer|manhole|escalator|press|crevice|bucket truck|scaffold\w*|corn|cave|pipe|ravine|ditch|tractor|forklift|debris|rocks?|beam|tree stand|ski ?lift|chair ?lift|ferris wheel|roller coaster|zip ?line|mine|tank|vault|garbage truck)",
            r"(?:stuck|trapped|pinned|buried|sank|sinking|sucked|can't (?:get|pull|move)|cannot get|caught|cav(?:ed|ing)|jammed|stopped (?:between|halfway)|hanging|dangling|wedged|fell (?:in|into|down|on)|collaps\w*|under(?:neath)?|rolled (?:over )?on|went down|won't move)",
        ),
        reach=18,
    ),
    Concept(
        "trapped",
        0.82,
        (
            r"(?:platform|harness(?:es)?|scaffold\w*|bucket|lift|basket|ropes?|strap|ladder|catwalk|tower|cables?|parachute|tree stand)(?:'s)?",
            r"(?:dangl\w*|hanging|tilted|tipped|stuck|swinging|suspended)",
        ),
        reach=10,
    ),
    Concept(
        "lost",
        0.8,
        (
            r"(?:trail|path|route|campsite|trailhead)",
            r"(?:nothing looks|looks (?:right|familiar)|almost dark|getting dark|don't recognize|no signal|which way|off the|can't find|circles)",
        ),
        reach=18,
    ),
    Concept(
        "lost",
        0.8,
        (
            r"(?:woods|trails?|hik\w*|snowmobil\w*|forest|mountains?|swamp|desert|canyon|snow\w*|dark|fog|corn ?field|cave|backcountry|sled)",
            r"(?:lost|turned around|no idea where|(?:don't|do not) know where|can't find (?:our|my|the)|off the trail|separated|stranded|which way)",
        ),
        reach=18,
    ),
    Concept(
        "aircraft",
        0.84,
        (
            r"(?:plane|airplane|helicopter|glider|hot air balloon|jet|cessna|paraglider|hang glider|parachut\w*|skydiver|ultralight|crop duster)(?:'s)?",
            r"(?:went down|go(?:ing|es)? down|crash\w*|fell|nose[- ]?d\w*|smok\w*|into the (?:trees|field|lake|woods|ground|water|house|hill\w*)|spinning|power lines?|no engine|too low|disappeared)",
        ),
        "critical",
    ),
    # Traffic
    Concept(
        "crash",
        0.82,
        (
            rf"(?:{_VEHICLE}|rider|drivers?|bicycle|bike)",
            r"(?:rear[- ]?end\w*|clipped|crash\w*|wreck\w*|flipped|rolled over|went off (?:the|of the) (?:road|highway|bridge|exit|ramp|edge)|went airborne|(?:in|into) (?:the|a) ditch|ran into|slammed|smashed into|head[- ]on|collid\w*|spun out|went down in|t-?boned|overturned|(?:laying |lying )?on (?:its|their) (?:side|roof|top)|upside down|jumped the curb|(?:into|hit|against) (?:a|the|my) (?:pole|tree|wall|guardrail|hydrant|house|building|bus stop|median|barrier|fence|deer|parked)|pile-?up|jack-?knif\w*|airbags?|hit (?:me|us|my car|another|each other)|(?:up )?on the guardrail|smashed in|(?:in|into) the median|blew (?:the|a) (?:light|stop sign)|wrapped around|through the (?:fence|window|wall|front)|hydroplan\w*|lost control|plowed into)",
        ),
        reach=8,
    ),
    Concept(
        "crash",
        0.8,
        (
            r"(?:we|i|somebody|someone|guy|lady|man|woman|gentleman|kid|he|she|they)",
            r"(?:rear[- ]?ended|t-?boned|side-?swiped|head[- ]on|spun out|hit (?:my car|another car|a parked car|a telephone pole|a guardrail)|ran into (?:a|my|another) (?:car|truck|pole|tree|house)|drove (?:through|into) (?:a|the|my) (?:\w+ )?(?:front|window|wall|store|house|building|pole|pharmacy|fence|ditch))",
        ),
        reach=10,
    ),
    Concept(
        "crash",
        0.8,
        (
            r"(?:bumper|insurance|fender|plate|dent|tail ?light|parking lot|somebody|someone|pickup|suv|car|truck|van|bus)",
            r"(?:hit and run|kept (?:on )?going|won't (?:give|exchange)|backed into (?:me|us|my|his|her|a)|side-?swip\w*|scrap(?:ed|ing)|tapped (?:me|us|my|from behind)|bumped (?:me|us|my|into)|hit (?:me|us) from behind|from behind by)",
        ),
        "medium",
        reach=16,
    ),
    Concept(
        "struck_by_vehicle",
        0.86,
        (
            r"(?:pedestrian|bicyclist|cyclist|jogger|crossing guard|skateboarder|wheelchair|stroller|crosswalk|ran out|walking|on (?:a|his|her) (?:bike|bicycle|scooter|skateboard))",
            rf"(?:{_VEHICLE}|driver|train)",
            r"(?:hit|struck|clipped|knocked (?:down|over)|ran (?:him|her|them) (?:over|down)|run over|mowed down|took out|flew|flying|thrown|plowed)",
        ),
        "critical",
        reach=16,
    ),
    Concept(
        "struck_by_vehicle",
        0.88,
        (
            rf"(?:{_VEHICLE}|driver|train|trolley|golf cart)",
            rf"(?:{_CHILD}|man|woman|lady|guy|person|somebody|someone|jogger|worker|flagger|officer)",
            r"(?:took out|ran (?:him|her|them|over)|mowed|flew|went flying|sent (?:him|her) flying|thrown|dragged (?:him|her)|drove over|plowed into (?:a|some|the) (?:crowd|people))",
        ),
        "critical",
        reach=14,
    ),
    Concept(
        "impaired_driver",
        0.8,
        (
            rf"(?:{_VEHICLE}|driver|driving|guy|behind|lane)",
            r"(?:weaving|all over the (?:road|place|highway)|wrong (?:way|side)|in and out of|drunk|racing|cut (?:me|us|people) off|tailgat\w*|(?:ran|blew|running|blowing) (?:\w+ ){0,2}?(?:light|stop sign)s?|cross(?:ing|ed) the (?:center |yellow |double )?line|nodding off|falling asleep|(?:passed out|asleep) at the (?:wheel|light)|drifting|(?:doing|going) (?:\w+ )?(?:eighty|ninety|a hundred|eighty-five|ninety-five|80|90|100)|almost hit|nearly hit|(?:hitting|hit|up on) the (?:curb|rumble)|open beer|beer can|drinking (?:while|and) driving|can't stay in (?:his|her|the) lane|no (?:head)?lights on|swerved (?:at|into))",
        ),
    ),
    Concept(
        "traffic_hazard",
        0.8,
        (
            r"(?:trees?|branch(?:es)?|limb|ladder|mattress|tires?|couch|poles?|wires?|power lines?|debris|rocks?|boulders?|deer|cows?|horses?|lumber|plywood|pipes?|hay|furniture|gravel|black ice|oil|grill|shopping cart|barrels?|cones?|refrigerator|washing machine|cardboard|trash|dead (?:deer|animal)|stalled (?:car|truck)|disabled (?:car|vehicle|truck)|manhole cover|mud|flood\w*)",
            _ROAD,
        ),
        "medium",
        reach=13,
    ),
    Concept(
        "traffic_hazard",
        0.84,
        (
            r"(?:traffic (?:lights?|signals?)|stop ?lights?|red lights?|signals?|stop signs?|crossing (?:gates?|arms?)|railroad gates?)(?:'s)?",
            r"(?:out|not working|dark|broken|flashing|stuck|down|knocked (?:down|over)|malfunction\w*|missing|nobody's stopping|no one's stopping)",
        ),
        "medium",
        reach=6,
    ),
    Concept(
        "traffic_hazard",
        0.84,
        (
            r"(?:cars?|people|everybody|everyone|traffic|trucks|drivers)",
            r"(?:swerv(?:e|ing) (?:around|to (?:avoid|miss)|to get)|slamming on (?:their|the) brakes|going around (?:it|him|them)|almost hitting it)",
        ),
        "medium",
        reach=5,
    ),
    Concept(
        "traffic_hazard",
        0.8,
        (
            r"(?:underpass|road|street|highway|tunnel|intersection|bridge|ramp|route \w+)",
            r"(?:full of water|under ?water|flood\w*|water (?:over|across|on|is)|washed (?:out|away)|caved in|sink ?hole|buckled|iced over|solid ice|glare ice|collapsed)",
        ),
        "medium",
        reach=8,
    ),
    Concept(
        "runaway_vehicle",
        0.86,
        (
            r"(?:gas pedal|accelerator|pedal|throttle|brakes?|cruise control|car|truck|van|bus)",
            r"(?:stuck (?:down|to)|(?:is|got|it's|'s) stuck|jammed|(?:won't|can't|doesn't|not) (?:slow|stop|stopping|slowing)|to the floor|went out|gave out|failed|don't work|aren't working|speeding up (?:by itself|on its own))",
            r"(?:won't (?:slow|stop|come up)|can't (?:slow|stop)|(?:doing|going) (?:\w+ ){0,2}?(?:seventy|eighty|ninety|hundred|\d{2,3})|no brakes|brakes?|downhill|down the hill|speeding|floor)",
        ),
        "critical",
        reach=14,
    ),
    # Animals
    Concept(
        "animal_attack",
        0.84,
        (
            r"(?:dogs?|pit ?bulls?|rottweiler|(?:german )?shepherd|husky|mastiff|doberman|coyotes?|bears?|raccoon|fox|skunk|bat|bull|boar|bees|hornets|wasps|yellow jackets|snake|rattlesnake|cougar|mountain lion|bobcat|moose|goose|geese|alligator|shark|stray|monkey)",
            r"(?:bit|bitten|biting|attack\w*|maul\w*|chas(?:ed|ing)|charg(?:ed|ing)|stung|stinging|lung(?:ed|ing)|growl\w*|snarl\w*|went after|going after|coming (?:at|after)|cornered|foaming|(?:has|got) (?:him|her|my \w+|the \w+|a \w+) by (?:the|his|her)|won't let go|jumped (?:on|at)|won't let (?:me|us|go)|has (?:him|her|my)|latched|snapp(?:ed|ing)|aggressive|vicious|circling (?:me|us)|got (?:me|him|her) (?:on|by|in)|(?:got|have|has) (?:me|us) (?:pinned|trapped|cornered)|(?:in|near|by|at) the (?:school|kids|playground))",
        ),
        reach=9,
    ),
    Concept(
        "animal_danger",
        0.84,
        (
            r"(?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?|animals?|pets?)",
            r"(?:in (?:a|the|this|their) (?:\w+ )?(?:car|truck|van|vehicle|suv)|windows? up|windows? (?:rolled|closed|cracked)|through the ice|in the (?:river|lake|canal|well)|burning|barn|hit by|on the (?:ice|tracks|highway|freeway|interstate))",
            r"(?:pant\w*|hot|degrees|sweltering|windows? (?:rolled )?up|heat|not moving|struggl\w*|drown\w*|fell|bleeding|dying|whimper\w*|yelp\w*|loose on|running (?:on|down|across)|locked|left)",
        ),
        "medium",
        reach=20,
    ),
    Concept(
        "animal",
        0.76,
        (
            r"(?:cats?|kittens?|dogs?|pupp(?:y|ies)|beagle|lab|labrador|husky|terrier|poodle|chihuahua|collie|bulldog|retriever|spaniel|cows?|cattle|horses?|goats?|pigs?|sheep|chickens?|ducks?|ducklings|geese|goose|swans?|deer|fawn|birds?|owl|hawk|squirrels?|raccoons?|opossum|possum|skunks?|groundhog|turtle|garter snakes?|snakes?|bats?|parrot|iguana|lizard|ferret|rabbits?|bunny|peacock|llama|alpaca|emu|turkeys?)",
            r"(?:(?:up )?in (?:a|the|my|our) (?:\w+ )?(?:tree|garage|attic|yard|basement|chimney|drain|storm drain|pool|house|kitchen|dryer vent|wall|shed|road)|(?:got|get|gets|getting) (?:out|loose)|on the loose|loose|wandering|roaming|won't come down|came down|storm drain|eating|injured|limping|hurt|sick|stray|abandoned|no (?:collar|owner|food|water|shelter)|tied (?:up|out)|dead|lost|chained|in the cold|skinny|starving|hanging around|been around|showed up|flew (?:in|into)|flapping|sunroom|got in(?:to|side)?|under (?:the|my) (?:porch|deck|house))",
        ),
        "low",
        reach=9,
    ),
    # Nobody in danger
    Concept(
        "noise",
        0.8,
        (
            r"(?:leaf ?blowers?|lawn ?mowers?|mower|construction|music|party|parties|karaoke|drums?|drummer|bass|dogs?|rooster|stereo|tv|television|jackhammer|chain ?saw|motorcycles?|band|speakers?|generator|garbage truck|church bells|ice cream truck|wind chimes|car alarm|fireworks|stomping|instruments?|trumpet|singing)",
            r"(?:loud\w*|in the morning|at night|all night|middle of the night|can't sleep|trying to sleep|sleep|asleep|hours|o'clock|blast\w*|blar\w*|won't (?:stop|quit|turn)|turn (?:it|that|them) (?:down|off)|a\.?m\.?|noise|keeps? (?:going|barking|me|us)|early|midnight|quiet hours|non-?stop|annoying|rattl\w*|vibrat\w*|thump\w*|so hard|every (?:single )?night|keeping)",
        ),
        reach=12,
    ),
    Concept(
        "dispute",
        0.8,
        (
            r"(?:store|shop|manager|cashier|clerk|waiter|waitress|server|restaurant|landlord|employees?|company|contractor|mechanic|garage|salon|barber|hotel|front desk|airline|bank|dealer(?:ship)?|seller|plumber|roofer|uber driver|taxi driver|cab driver|drive-?thr(?:u|ough)|laundromat|gym|they|he|she)",
            r"(?:refund|receipt|(?:take|return|bring) (?:it |this |that |a \w+ )?back|overcharg\w*|(?:wrong|higher|full) price|money back|deposit|exchange (?:it|this|the)|warranty|coupon|gift card|store credit|didn't finish|half done|rip-?off|discount|tip|undercooked|my order|change back|cancel my|owe (?:him|them|her)|quoted|estimate|holding my|won't release|the bill|hidden fees)",
        ),
        reach=12,
    ),
    Concept(
        "dispute",
        0.78,
        (
            r"(?:parked|parking|park|blocking|blocked)",
            r"(?:(?:my|our|the|his) (?:driveway|spot|space|parking (?:spot|space)|garage)|handicap\w* (?:spot|space)|fire hydrant|in front of my|double parked|assigned)",
        ),
        "low",
        reach=8,
    ),
    Concept(
        "dispute",
        0.78,
        (
            r"(?:neighbou?rs?|landlord|tenants?|roommate|hoa|homeowners?|sister|brother|cousin|ex)",
            r"(?:property line|fence|hedges?|my (?:trash|garbage) cans?|leaves|branches|lawn|snow (?:on|in)|security camera|drone|smoke from (?:his|her|their) (?:grill|cigarettes)|rent|eviction|evict\w*|security deposit|lease|utilities|borrowed|owes? me|won't give (?:me )?back my|won't return|owe|custody|visitation|smok\w* (?:weed|pot|cigarettes))",
        ),
        "low",
        reach=12,
    ),
    Concept(
        "misdial",
        0.84,
        (
            r"(?:watch|phone|cell|tablet|ipad|kid|toddler|baby|dog|cat|buttons?|pocket|purse|remote|car|sos|emergency button|crash detection|grandson|granddaughter|son|daughter|it|headset|alexa|siri)(?:'s)?",
            r"(?:call(?:ed|ing)? (?:you|911|9-1-1|nine one one) (?:by itself|by accident|on its own|accidentally|by mistake)|by itself|on its own|sat on|dialed (?:it|you|911|by|on)|(?:hit|pressed|pushed|bumped) (?:the|it|that|a) (?:\w+ )?(?:button|by)?|must have (?:called|dialed|hit|pressed)|playing with|setting (?:it|this) up|set it off|in my pocket|on accident|by mistake|went off by|didn't mean)",
        ),
        reach=8,
    ),
    Concept(
        "misdial",
        0.82,
        (
            r"(?:sat on|rolled over on|leaned on|dropped|bumped|fell on|unlocked)",
            r"(?:my|the) (?:phone|cell ?phone|watch|button)",
        ),
        reach=4,
    ),
    Concept(
        "misdial",
        0.82,
        (
            r"(?:dial(?:ed|ing)?|call(?:ed|ing)?|area code|number|finger|thumb|digits?|button|nine one one|911)",
            r"(?:slipped|by accident|by mistake|wrong|meant to|trying to (?:call|dial|reach)|fooling around|fiddling|didn't realize|accidentally|nine one nine|nine one four|area code|transpos\w*|misread|fat[- ]?finger\w*)",
        ),
        reach=10,
    ),
    Concept(
        "nuisance",
        0.78,
        (
            r"(?:who|what|when|tell|will you|can you|could you|do you|would you|let's|wanna|want to)",
            r"(?:won the (?:game|super bowl|election|series)|the score|lottery|winning numbers|sing|a joke|your name|go out with|a date|my horoscope|like you|your favorite|what you're wearing|married|pretty|talk dirty|play a (?:song|game))",
        ),
        reach=7,
    ),
    Concept(
        "nuisance",
        0.72,
        (
            r"(?:ride|taxi|bus|uber|lyft|cab|cigarettes?|beer|pizza|burger|snacks?|money for|dollars)",
            r"(?:give me a|missed (?:the|my)|bring me|bring (?:some|over)|pick me up|home|take me (?:home|to)|run out of|lend me|out of)",
        ),
        reach=7,
    ),
    Concept(
        "information",
        0.74,
        (
            r"(?:who|where|how|what number|which (?:number|office)|what office|when)",
            r"(?:do|should|would|can|could) (?:i|we|you|someone|a person) (?:call|contact|talk to|speak (?:to|with)|go|get|report|find out|pay|file|look up|apply|ask|know if)",
        ),
        reach=5,
    ),
    Concept(
        "information",
        0.72,
        (
            r"(?:(?:are|is) (?:the|there)|when|what time|know if|know when|wondering|find out|do you know)",
            r"(?:roads?|streets?|bridge|office|library|courthouse|dmv|schools?|beach|park|pool|mall|station|airport|parade|fireworks show|post office|bank|city hall|trash|power|electric|internet|water main)",
            r"(?:clos(?:ed|es|ing)|open(?:s|ed|ing)?|hours|reopen\w*|start(?:s|ing)?|tonight|come(?:s)? back on|back on|picked up|cancel\w*|delayed)",
        ),
        reach=14,
    ),
)
"""Kinds by what is named together; the strengths are a little below those of whole phrases."""


Span = tuple[int, int]
_ALMOST: Final = frozenset(["almost", "nearly"])


def named_together(text: Text) -> list[tuple[Concept, Found]]:
    """Every kind whose groups all stand close together; of what may burn, what stands nearest."""
    seen: dict[str, list[Span]] = {}
    made: list[tuple[Concept, Found]] = []
    burning: dict[Span, tuple[Concept, Found]] = {}
    for concept in CONCEPTS:
        spans: list[list[Span]] = []
        for group in reversed(concept.groups):
            found = seen.get(group)
            if found is None:
                found = seen[group] = _spans(text, group)
            if not found:
                break
            spans.append(found)
        else:
            for event, whole in _near(text, concept, spans):
                if concept.code not in _BURNING:
                    made.append((concept, whole))
                elif event not in burning or _length(whole) < _length(burning[event][1]):
                    burning[event] = concept, whole
    return [*made, *burning.values()]


_BURNING: Final = frozenset(["structure_fire", "vehicle_fire", "outdoor_fire"])


def _length(found: Found) -> int:
    return found.last - found.first


def _spans(text: Text, group: str) -> list[Span]:
    """The tokens of every place where a group stands, whatever is meant by it."""
    return [
        (
            text.tokens[bisect_right(text.starts, match.start()) - 1],
            text.tokens[bisect_right(text.starts, match.end() - 1) - 1],
        )
        for match in compiled(group).finditer(text.text)
    ]


def _near(text: Text, concept: Concept, spans: list[list[Span]]) -> Iterator[tuple[Span, Found]]:
    """The closest of each group around each thing that happens."""
    for event in spans[0]:
        first, last = event
        for others in spans[1:]:
            free = [one for one in others if one[0] > event[1]]
            if not concept.follows:
                free += [one for one in others if one[1] < event[0]]
            if not free:
                break
            near = min(free, key=lambda one: max(event[0] - one[1], one[0] - event[1]))
            first, last = min(first, near[0]), max(last, near[1])
        else:
            if last - first < concept.reach and not _parted(text, first, last):
                yield event, _meant(text, event, (first, last))


def _meant(text: Text, event: Span, span: Span) -> Found:
    """How what happens is meant; what almost happened is denied."""
    tokens, (first, last) = text.line.tokens, event
    meant = stance(text.line, first, last, text.before)
    no = meant == "denied" or (first > 0 and tokens[first - 1].text in _ALMOST)
    return Found(*span, no, meant in DISCOUNTED and not no, meant)


def _parted(text: Text, first: int, last: int) -> bool:
    return any(token.ends_sentence for token in text.line.tokens[first:last])
