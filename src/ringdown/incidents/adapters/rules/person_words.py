"""Words for persons, and patterns for what is said of them. Data only."""
# ruff: noqa: E501 - word lists

from typing import Final

from ringdown.incidents.adapters.rules.vehicle_words import COLOURS, SHADES
from ringdown.spoken.vocabulary import word_set

_MALE: Final = word_set("man men guy guys male males boy boys gentleman gentlemen dude dudes")
_FEMALE: Final = word_set("woman women lady ladies female females girl girls")
_MALE_KIN: Final = word_set(
    "husband boyfriend father dad daddy brother son grandfather grandpa uncle nephew stepdad "
    "stepfather stepson"
)
_FEMALE_KIN: Final = word_set(
    "wife girlfriend mother mom mommy sister daughter grandmother grandma aunt niece stepmom "
    "stepmother stepdaughter"
)
_KIN: Final = word_set("friend neighbor neighbour roommate coworker partner cousin baby")
_EITHER: Final = word_set(
    "kid kids child children teenager teenagers teen teens toddler infant person people individual "
    "individuals subject subjects suspect suspects juvenile juveniles adult adults patient driver passenger "
    "pedestrian victim resident intruder robber burglar"
)
KIN: Final = _MALE_KIN | _FEMALE_KIN | _KIN
"""Nouns that tell one person from others by themselves."""
SEX: Final = {
    **dict.fromkeys(_MALE | _MALE_KIN, "m"),
    **dict.fromkeys(_FEMALE | _FEMALE_KIN, "f"),
    **dict.fromkeys(_EITHER | _KIN, ""),
}
NOUN: Final = "|".join(sorted(SEX, key=lambda word: (-len(word), word)))
RACE: Final = (
    r"white|black|hispanic|latino|latina|asian|indian|native american|african[- ]american|caucasian|"
    r"middle[- ]eastern|arab|mixed race|biracial|mexican|(?:light|dark|brown|fair|pale)[- ]skinned|spanish"
)
UNITS: Final = "one|two|three|four|five|six|seven|eight|nine"
NUMBER: Final = (
    rf"(?:\d{{1,3}}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?: (?:{UNITS}))?|ten|eleven|twelve|"
    rf"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|{UNITS})"
)
ABOUT: Final = r"(?:(?:about|around|like|maybe|probably|approximately|roughly|at least|i think|i'd say|i would say|between|only|just|almost|or so) )*"
DECADE: Final = (
    r"(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|[1-9]0'?s)"
)
BUILD: Final = (
    r"tall|short|skinny|thin|slim|slender|heavy ?set|heavy-set|overweight|stocky|muscular|chubby|husky|bulky|lanky|"
    r"medium build|average build|thin build|slim build|heavy build|stocky build|medium height|average height|fat|big guy|petite"
)
AGE_WORD: Final = r"young|younger|old|older|elderly|teenage|middle[- ]aged|little|adult|grown"
LOOKS: Final = r"(?:\w+ )(?:weeks|months) pregnant|bald|bearded|blond|blonde|homeless|shirtless|barefoot|naked|pregnant|disabled|blind|deaf|autistic|nonverbal|non-verbal|drunk|intoxicated|unknown|tattooed|redheaded|red-headed"
YEARS_OLD: Final = rf"(?:{NUMBER}|a)[- ](?:year|month|week|day)s?[- ]old"
ADJECTIVE: Final = rf"(?:{YEARS_OLD}|{RACE}|{BUILD}|{AGE_WORD}|{LOOKS}|big|large|small)"
COUNT: Final = r"two|three|four|five|six|seven|eight|nine|ten|several|multiple|a couple of|a couple|a group of|a bunch of|[2-9]|1\d"
OTHERS: Final = r"the other (?:one|guy|man|person|girl|woman|lady)|the second (?:one|guy|man|person)|the first (?:one|guy|man|person)|one of them|the other"

_COLOUR: Final = "|".join(sorted(COLOURS | SHADES, key=len, reverse=True))
_CUT: Final = (
    r"long|short|sleeve|sleeved|sleeveless|striped|stripe|plaid|flannel|checkered|leather|denim|jean|baggy|ripped|torn|"
    r"dirty|work|construction|hooded|zip|zip-up|zipped|puffy|winter|rain|camouflage|camo|hospital|tie dye|nike|adidas|jordan|"
    r"cowboy|ball|baseball|ski|knit|bucket|cargo|sweat|basketball|athletic|gym|dress|school|safety|reflective|hi-vis|tank|button|"
    r"polo|football|jersey|old|new|big|oversized|fur|wool|hawaiian|tactical|bulletproof|surgical|halloween|clown|long-sleeve|short-sleeve"
)
GARMENT: Final = (
    r"hoodies|masks|ski masks|jackets|coats|vests|hats|uniforms|dresses|suits|sweatshirts|sweaters|"
    r"shirts?|t-?shirt|t shirt|tee shirt|tee|hoodie|hoody|sweatshirt|sweater|jacket|coat|vest|pants|jeans|shorts|"
    r"sweatpants|sweats|leggings|dress|skirt|blouse|hat|cap|beanie|ski mask|mask|bandana|boots|shoes|sneakers|sandals|slippers|"
    r"gown|nightgown|pajamas|pyjamas|robe|uniform|suit|scrubs|tank top|tank|top|overalls|jumpsuit|coveralls|gloves|helmet|"
    r"glasses|sunglasses|scarf|socks|underwear|boxers|bra|bathing suit|swimsuit|jersey|poncho|raincoat|turban|hijab|kilt|tie|diaper"
)
_MOD: Final = rf"(?:(?:{_COLOUR}|{_CUT})(?: (?:and|or) (?={_COLOUR}))? ?)"
DRESSED: Final = rf"(?:(?:{_COLOUR}|{_CUT})(?: (?:and|or)(?= (?:{_COLOUR})))? )+(?:{GARMENT})"
"""A garment with its colour or cut."""
_ITEM: Final = rf"(?:(?:a|an|some|his|her|the|like|just|only|all|no|pair of|kind of) )*(?:[\w'-]+ )??(?:(?:{_COLOUR}|{_CUT})(?: (?:and|or)(?= (?:{_COLOUR})))? )*(?:{GARMENT}|backpack|back pack|black|white|camo|red)"
WEARING: Final = rf"(?:wearing|dressed in|had on|has on|got on|have on|having on) {_ITEM}(?:(?: and| with|) {_ITEM})*"
IN_CLOTHES: Final = rf"in (?:a |an |the |all |his |her )?(?:{DRESSED})(?:(?: and| with|)(?: a| an| some)? {DRESSED})*|in (?:a |an )(?:hoodie|suit|dress|uniform|mask|ski mask|hospital gown|wheelchair|robe|costume|vest)|in (?:hoodies|masks|ski masks|uniforms|suits|pajamas)|in all (?:{_COLOUR})"
HAIR: Final = (
    rf"(?:(?:{_COLOUR}|long|short|curly|straight|wavy|brown|blond|blonde|red|dirty blonde|shoulder length|buzzed|shaved|messy|spiky|thinning|balding|dyed) )+hair|"
    r"(?:dreadlocks|dreads|braids|cornrows|ponytail|pony tail|afro|mohawk|mullet|buzz cut|crew cut|shaved head|(?:a )?bald head)|"
    r"(?:(?:long|short|full|thick|gray|grey|white|black|brown|red|big|scruffy|bushy) )*(?:beard|mustache|moustache|goatee|sideburns)|(?:brown|blue|green|hazel) eyes|"
    r"(?:face |neck |arm |hand )?tattoos?(?: (?:on|all over|of) (?:his|her|the|their|a) (?:\w+))?|(?:a )?scar (?:on|over|across) (?:his|her|the) \w+|(?:nose|lip|eyebrow) (?:ring|piercing)"
)
CARRIES: Final = (
    rf"(?:carrying|has|had|with|holding|pushing|pulling|riding|on|walking|and) (?:a |an |his |her |some )(?:(?:{_COLOUR}|big|small|large|little|duffel|duffle|shopping|garbage|plastic|trash|messenger|gym|laptop|computer) )*"
    r"(?:backpack|back pack|bag|bags|purse|suitcase|skateboard|cane|walker|crutches|stroller|shopping cart|cart|guitar|box|briefcase|flashlight|cooler|pillowcase|sign|wheelchair|fanny pack|dog)"
)
HEIGHT: Final = (
    rf"{ABOUT}(?:four|five|six|seven|[4-7]) ?(?:foot|feet|ft|'|')(?: ?(?:{UNITS}|ten|eleven|\d{{1,2}})(?! (?:inch|feet|foot))(?: inches)?)?(?: (?:{UNITS}|ten|eleven|\d{{1,2}}) inches)?(?: tall)?|"
    rf"[4-7]'\s?\d{{1,2}}\"?|{ABOUT}(?:four|five|six|[4-6]) (?:{UNITS}|ten|eleven|\d{{1,2}}) tall"
)
BARE_HEIGHT: Final = rf"{ABOUT}(?:four|five|six|[4-6]) (?:{UNITS}|ten|eleven|\d{{1,2}})(?: tall| or so)?|{ABOUT}[4-6]\d{{1,2}}"
WEIGHT: Final = rf"{ABOUT}(?:(?:a|one|two|three) hundred(?: and)?(?: {NUMBER})?|one {NUMBER}|two {NUMBER}|\d{{2,3}}|{NUMBER}) (?:pounds|lbs|pound)"
AGE: Final = (
    rf"{ABOUT}{NUMBER}(?: or {NUMBER}| to {NUMBER})?[- ](?:years?|months?|weeks?|days?)[- ]old|(?:in )?(?:his|her|their|the) (?:early |mid |mid-|late |lower |upper )*{DECADE}|"
    rf"(?:early|mid|late) {DECADE}|{ABOUT}{NUMBER}[- ]ish|(?:age|aged) {NUMBER}|{NUMBER} years of age"
)
FAR: Final = word_set(
    "feet foot minutes minute miles mile blocks block pounds lbs weeks months days of percent hours hour times degrees "
    "yards inches inch people kids men women guys dollars seconds doors houses floors stories more other miles calls"
)
_ROAD: Final = r"(?:street|avenue|road|drive|lane|boulevard|st|ave|rd|court|way|highway)"
_NO_WAY: Final = (
    r"(?!(?:the |a |my |his |her )?(?:ice|water|lake|river|ditch|pool|wall|window|windshield|floor|roof|glass|labor|cardiac|shock|"
    r"seizures?|coma|convulsions|tree|pole|traffic|fit|flames|hill|drain|stairs|anaphyl\w+|respiratory)\b)"
)
WAY: Final = (
    r"(?:ran|running|run|walked|walking|fled|took off|taking off|headed|heading|went|going|biking|riding|jogging|wandered|left)(?: off| away| out| back| on foot)* "
    rf"(?:(?:north|south|east|west|north ?east|north ?west|south ?east|south ?west)(?:bound)?(?: (?:on|down|up|along|toward|towards) (?:the )?[\w'-]+(?: {_ROAD})?)?|"
    rf"(?:toward|towards|into|behind|through|across) {_NO_WAY}(?:the |a |my |his |her )?[\w'-]+(?: (?:{_ROAD}|store|school|park|station|lot|building|house|woods))?|"
    rf"(?:down|up) (?:the {_NO_WAY}[\w'-]+|[\w'-]+ {_ROAD}))|"
    r"(?:took off|left|fled|ran off|ran away) on foot"
)
