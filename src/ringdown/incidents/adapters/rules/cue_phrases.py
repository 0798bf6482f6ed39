"""The phrases by which callers tell of danger to life, with the strength of each. Data only.

A phrase is worth showing by itself from 0.5. A half is a part that makes a cue only beside its other
half: somebody "still inside" is in danger when there is "smoke everywhere".
"""
# ruff: noqa: E501 - a pattern reads best on one line

from dataclasses import dataclass
from typing import Final, Literal

from ringdown.incidents.cues import CueKind

Half = Literal[
    "fire", "inside", "water", "held", "out_cold", "odd_breath", "drug", "birth", "birth_trouble",
    "armed", "menace", "shots", "hiding",
]  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """A pattern that speaks for a cue, or for half of one."""

    of: CueKind | Half
    pattern: str
    strength: float
    own_denial: bool = False
    """The pattern holds a denial of its own, as "not breathing" does."""
    lasting: float = 0.5
    """How much is left when it was yesterday."""


def _s(
    of: CueKind | Half,
    strength: float,
    *patterns: str,
    own_denial: bool = False,
    lasting: float = 0.5,
) -> list[Sign]:
    """A word may be a contraction: "his dad's inside"."""
    return [
        Sign(of, pattern.replace(r"\w+", r"[\w']+"), strength, own_denial, lasting)
        for pattern in patterns
    ]


_KIN: Final = r"(?:husband|wife|boyfriend|girlfriend|mom|mother|mama|mommy|dad|father|daddy|brother|sister|grandma|grandpa|grandmother|grandfather|uncle|aunt|roommate|friend|neighbor|neighbour|cousin|partner|son|daughter|baby|child|kid|kids|children|toddler|infant|nephew|niece|family|dispatcher|patient|client|resident|student)"
_ONE: Final = rf"(?:he|she|they|it|i|we|someone|somebody|people|kids|children|everybody|everyone|others|(?:my|his|her|our|their|the|this|a|an|some|that) (?:\w+ )?(?:{_KIN}|man|men|woman|women|guy|guys|lady|boy|girl|person|people|driver|officer|teenager|teen|worker|gunman|shooter|suspect|ex|ex-husband|ex-boyfriend|dude|male|female|individual|customer|passenger|swimmer|kayaker)s?)"
_IS: Final = r"(?:'s|'re|'m|'ve| is| are| am| was| were| has| have| had| just| been| got| keeps| kept| started| starts| still| now| might be| could be| may be)*"
_HIM: Final = rf"(?:him|her|me|us|them|people|everybody|everyone|someone|somebody|each other|(?:my|your|his|her|our|the|a|this|that|another|an|some) (?:\w+ )?(?:{_KIN}|man|woman|guy|lady|boy|girl|person|people|officer|cop|clerk|cashier|teacher|driver|deputy|employee|bouncer|customer|ex))"
_GUN: Final = r"(?:gun|guns|handgun|pistol|revolver|rifle|shotgun|firearm|weapon|ak-?47|ar-?15|glock|nine millimeter|forty-?five)"
_BLADE: Final = r"(?:knife|knives|machete|sword|axe|ax|hatchet|box cutter|blade|screwdriver|razor|cleaver|scissors|broken bottle)"
_CLUB: Final = r"(?:baseball bat|bat|hammer|crowbar|pipe|tire iron|brick|shovel|golf club)"
_ARM: Final = rf"(?:{_GUN}|{_BLADE}|{_CLUB})"
_NUM: Final = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|a hundred|\d+)"
_DRUG: Final = r"(?:pills?|tablets?|capsules|tylenol|acetaminophen|aspirin|ibuprofen|advil|benadryl|ambien|xanax|valium|klonopin|ativan|percocets?|vicodin|oxy(?:s|codone|contin)?|norcos?|fentanyl|heroin|opioids?|opiates?|meth|methadone|morphine|cocaine|insulin|sleeping pills|pain ?killers|pain pills|antidepressants|blood pressure (?:pills|medicine)|medications?|medicine|meds|gummies|edibles|drugs)"
_POISON: Final = r"(?:bleach|drano|antifreeze|poison|rat poison|lye|gasoline|kerosene|windex|cleaner|detergent|laundry pods?|tide pods?|pesticide|weed ?killer|paint thinner|hand sanitizer|mouthwash|button batter(?:y|ies)|batter(?:y|ies)|nail polish remover|ammonia|lighter fluid|lamp oil)"
_SELF: Final = r"(?:myself|himself|herself|themselves|themself|ourselves)"
_RIVER: Final = r"(?:water|river|creek|lake|pool|pond|canal|ocean|sea|surf|current|rapids|flood ?waters?|flood|reservoir|harbor|bay|ditch|culvert|quarry|undertow)"

BREATHING: Final = [
    *_s(
        "not_breathing",
        0.92,
        r"(?:not|isn't|ain't|aren't|wasn't|(?<!hasn't )(?<!not )(?<!never )stopped|quit|stops|no longer|done quit|barely|hardly) (?:even |really |hardly |actually |responding or |moving or |awake or |conscious or |responsive or )?(?:breathing|breathe)(?! (?:through|right|well|good|very|normal|normally|in my|as|fire|so|too|great|properly|correctly|like|a lot|heavy|hard))",
        r"(?:doesn't|don't|didn't|won't) (?:breathe|breath)(?! (?:through|well|right|a word|in|fire|easy))|(?:doesn't|don't|didn't|does not|do not) (?:seem to be|appear to be|look like \w+|look like (?:he's|she's)) breathing|(?:don't|do not|doesn't|didn't) (?:think|believe) (?:that )?(?:\w+ ){1,3}?breathing|(?:no|without) (?:sign of |signs of )?breathing|no breath (?:coming|from|at all|in|left)|(?:can't|don't|didn't|couldn't) (?:hear|feel|see|find) (?:any |a |him |her |them |his |the |no )*(?:breath|breaths|breathing|breathe)(?! (?:right|well))|not (?:taking|drawing) (?:a |any )?breaths?",
        r"(?:can't|cannot|couldn't|don't|didn't|no longer) (?:find|feel|get|detect|have) (?:a |any |his |her )?(?:pulse|heart ?beat)|(?:no|doesn't have a|hasn't got a|has no|without a) (?:pulse|heart ?beat)|pulseless",
        r"(?:heart|chest)(?:'s| is| has| just)* (?:stopped|quit|not (?:beating|moving|rising)|isn't (?:beating|moving|rising))|(?:don't|can't|didn't) (?:see|feel) (?:his|her|the|any) chest (?:move|moving|rise|rising|going)",
        own_denial=True,
    ),
    *_s(
        "not_breathing",
        0.9,
        r"(?:doing|do|did|started|start|starting|begin|began|giving|gave|performing|need|needs|continue|continuing|keep doing) (?:the |him |her |the baby |my \w+ )?(?:cpr|chest compressions|compressions|mouth to mouth|rescue breaths)(?! (?:class|certif\w+|training|card|course))|cpr (?:is )?in progress|(?:cardiac|respiratory|full) arrest|flat ?lin(?:ed|ing)|(?:he's|she's|is) coding|code blue|agonal|death rattle",
        rf"{_ONE}{_IS} (?:completely |all |totally |turning |turned |going |gone |went |really |already )*(?:blue|purple|gray|grey)(?= (?:and|in|around|now|all|already|please|hurry|he|she|i|at)|$|[.,])",
        r"(?:lips|face|fingers|fingertips|nails|mouth|skin)(?:'s|'re| is| are| was| were| turned| turning| went| going| looks| look| getting)+ (?:\w+ )?(?:blue|purple|gray|grey)|(?:blue|purple|gray|grey) (?:in the face|around (?:the|his|her) (?:mouth|lips))|(?:turning|turned|going|went) (?:all )?(?:blue|purple)",
        r"(?:breath(?:ing|s)?|gasps?|gasping|gulps) (?:only |about |like |just )*(?:every|once every) (?:\w+ ){0,3}?(?:seconds?|few|while|so often|minute)|(?:a |one |just a )(?:breath|gasp) (?:every|here and there|now and then)",
    ),
    *_s(
        "not_breathing",
        0.75,
        r"(?:not|isn't|ain't|aren't|wasn't|hardly) (?:\w+ )?breathing (?:right|well|good|very well|very good|normal|normally|properly|correctly|too good|so good|like (?:he|she) should|as (?:he|she) should)",
        r"(?:don't|do not|can't|cannot|not|couldn't) (?:really |even )?(?:know|tell|sure|see) (?:if|whether) (?:\w+ ){1,3}?(?:breathing|breathe|has a pulse|alive)",
        own_denial=True,
    ),
    *_s(
        "not_breathing",
        0.68,
        rf"(?:he|she|they|it|{_KIN}|man|woman|guy|lady|person|boy|girl) (?:just |still |really |says (?:he|she) )?(?:can't|cannot|can not|can barely|couldn't|can hardly) (?:\w+ )?breathe?(?! (?:through|right|out of))|stuck (?:in (?:his|her) throat )?(?:and )?(?:he|she) (?:can't|cannot|isn't able to) (?:talk|breathe|speak|swallow|cough)|struggling (?:to|for) (?:breathe?|breath|air)|fighting for (?:air|breath)|(?:can't|cannot|not|isn't) (?:get|getting|gets) (?:any |enough |no )?(?:air|oxygen|breath)(?: in)?|(?:throat|airway)(?:'s|s| is| has)? (?:\w+ )?(?:closing|closed|swelling shut|swollen shut|blocked)",
        rf"(?:choking(?! (?:me|him|her|them|us|my|his|down|up|back|on (?:smoke|the smoke|his words|my words|her words|fumes)|hazard|game))|(?<!engine )(?<!motor )(?<!mower )choked) (?:on (?:a |an |the |some |his |her |something)*(?:\w+)?|and|he|she|to death)|(?:he|she|{_KIN}|man|woman|lady|guy|customer|person|someone|somebody){_IS} choking(?! (?:me|him|her|them|us|my|his|down|up|back|out|hazard|the (?:dog|cat)))|(?:food|something|meat|grape|coin|candy|hot ?dog|marble|penny|it|toy|piece of \w+)(?:'s|'re| is| got| gets| has)? (?:\w+ )?(?:stuck|caught|lodged) in (?:his|her|the) (?:throat|windpipe|airway)",
        own_denial=True,
    ),
    *_s(
        "not_breathing",
        0.6,
        r"i (?:just )?(?:can't|cannot|can't hardly|can barely) breathe?(?! (?:through|right|out of|because i'm laughing))|limp and (?:blue|not|cold|won't|isn't)|went (?:completely |all )?limp|lifeless|(?:cold|limp|face ?down|stiff|unconscious|out cold|unresponsive|sweaty|gray) and (?:he's |she's )?(?:blue|purple|gray)|(?:is|looks|he's|she's) (?:\w+ )?(?:limp as|like a rag ?doll)",
        own_denial=True,
    ),
    *_s(
        "out_cold",
        0.7,
        r"unconscious|unresponsive|non-?responsive|passed out|(?:won't|doesn't|isn't|not|can't|wouldn't|don't|didn't|ain't) (?:\w+ )?(?:wak(?:e|es|ing)(?: up)?|respond(?:ing|s)?|awake|conscious|responsive|com(?:e|ing) to)|(?:can't|cannot|couldn't) (?:wake|rouse|get) (?:him|her|them|my \w+|the \w+)(?: (?:up|awake|to wake up|to respond))|(?:he's|she's|he is|she is) out$|collapsed|fainted|out cold|knocked out|in and out of (?:consciousness|it)|(?:he's|she's|is|are|just) (?:completely |totally |all )?(?:limp|out of it)|fell out|nodding (?:out|off)|eyes (?:are |is )?(?:rolled|rolling)",
        own_denial=True,
    ),
    *_s(
        "odd_breath",
        0.7,
        r"gasp(?:ing|s)?|gurgl(?:ing|es|e)|snor(?:ing|es|e)|(?:breathing|breaths?)(?:'s| is| are)? (?:\w+ )?(?:funny|weird|strange|slow|slowly|shallow|noisy|loud|rattl\w+|raspy|heavy|different|wrong)|(?:funny|weird|strange|slow|shallow|odd|loud|snoring|rattling|gurgling|noisy) (?:breath\w*|breathing|sounds?|noises?)|foam(?:ing)? (?:at|from|coming)|drooling|blue|purple|gray|grey",
    ),
]

FIRE: Final = [
    *_s(
        "trapped_fire",
        0.92,
        r"(?:trapped|stuck|pinned|caught) (?:\w+ ){0,4}?(?:by|in|behind|from|because of|inside) (?:the |a |all the |this )?(?:\w+ )?(?:fire|flames|smoke|burning|blaze)|(?:trapped|stuck|pinned)(?: \w+){0,4} (?:burning|on fire)",
        r"(?:fire|flames|smoke)(?:'s| is| are)? (?:\w+ ){0,3}?(?:blocking|between (?:me|us|him|her|them) and|coming under|at) (?:the |my |our |his |her )?(?:\w+ )?(?:door|stairs|stairway|stairwell|exit|hallway|hall|way out)(?: and \w+ can't)?",
        r"(?:on (?:the|a) (?:roof|balcony|ledge|fire escape)|(?:at|out|from|in) the (?:\w+ )?windows?|hanging out (?:of )?(?:the|a) (?:\w+ )?windows?)(?: \w+){0,4} (?:fire|flames|smoke|burning)|(?:jumping|jump|jumped) (?:out|from) (?:of )?(?:the |a )?(?:\w+ )?(?:window|windows|balcony|balconies|floor)(?: \w+){0,5} (?:fire|flames|smoke|burning)",
        r"(?:clothes|shirt|hair|dress|pants|sleeve|jacket|robe|nightgown)(?:'s|s| is| are| just| has)* (?:caught (?:on )?fire|on fire|in flames)",
        rf"(?!it|everything){_ONE}{_IS} (?:caught (?:on )?fire|on fire|burning (?:alive|to death))(?! (?:with|today|station))",
    ),
    *_s(
        "fire",
        0.8,
        r"(?:on|caught|catching|a|the|there's|is|big|house|kitchen|of|structure|apartment|grease|electrical|this|by) fire(?! (?:station|department|dept|trucks?|engines?|drills?|alarms?|hydrants?|escape|fighters?|extinguisher|rescue|chief|marshal|works|pit|place|wood|ant|ants|doors?|exit|detector))|fire (?:in|on|at|coming|everywhere|spreading|is|started|and|upstairs|downstairs)|flames|blaze|burning(?! (?:sensation|pain|when|feeling|up with))|(?<!smell )(?<!smell of )(?<!\bto )(?<!\bi )(?<!\bhe )(?<!\bshe )(?<!\bthey )(?<!cigarette )(?<!cigar )(?<!weed )smoke(?! (?:detector|alarm|break|shop|free|weed|pot|cigarettes|crack|meth)s?)|smoky|smokey|explosion|exploded|blew up|inferno",
    ),
    *_s(
        "inside",
        0.8,
        rf"{_ONE}{_IS} (?:\w+ ){{0,2}}?(?:trapped|stuck|pinned)(?! (?:on|at|to|up|with|behind a))",
        r"(?:ran|runs|running|went|gone|going|goes) back (?:in|inside|into)(?! (?:time|town|service|bed))|(?:can't|cannot|couldn't) (?:see|find|get to|reach) (?:the |my |a |any )?(?:stairs|stairway|exit|door|way out|hallway|fire escape)|(?:trapped|pinned) (?:in|inside|under|up|behind|on|upstairs)|(?:nobody|i|we|he|she|they|people|somebody|someone|kids|children) (?:\w+ )?(?:can't|cannot|couldn't|can not|unable to) (?:\w+ )?(?:get|make it|find (?:a|the|my|our|his|her) way|climb|come) (?:\w+ )?(?:out|down|to the (?:door|stairs|window)|past|through)|no way out|(?:door|window|exit|stairs|hallway)(?:'s|s| is| are)? (?:\w+ )?(?:blocked|jammed|locked and|won't open|too hot|on fire)",
        own_denial=True,
    ),
    *_s(
        "inside",
        0.66,
        r"(?:i|we)(?:'m|'re| am| are| was| were)* (?:\w+ )?(?:upstairs|in (?:the|my|a|our) (?:\w+ )?(?:bedroom|bathroom|closet|attic|basement|back room|crawl ?space|elevator)|on the (?:\w+teenth|\w+th|second|third|top|upper) floor)",
    ),
    *_s(
        "inside",
        0.75,
        rf"(?:{_KIN}|people|person|someone|somebody|kids?|children|man|woman|guy|lady|residents?|tenants?|he|she|they|students|patients|boy|girl|family)(?:'s|'re| is| are| was| were| might be| may be| could be)? (?:\w+ ){{0,3}}?(?:in there|inside|upstairs|in the (?:basement|attic|back|house|building|apartment|bedroom|room|bathroom|car|truck|back ?seat|back room|second floor)|in (?:his|her|their|my) (?:room|bedroom|crib|bed|apartment|car|wheelchair)|on the (?:second|third|fourth|fifth|sixth|top|upper) floor|not out|missing|unaccounted)(?! (?:out|and (?:safe|fine|okay)))",
        rf"(?:{_KIN}|people|someone|somebody|he|she|they|everybody|kids|man|woman) (?:hasn't|haven't|didn't|isn't|aren't|did not|has not) (?:\w+ )?(?:come|came|get|got|gotten|made it|make it|been seen|out)(?: \w+)? ?(?:out|yet)?",
        own_denial=True,
    ),
]

WATER: Final = [
    *_s(
        "trapped_water",
        0.9,
        rf"drowning(?! (?:in (?:work|debt|bills|paperwork|homework|emails|laundry|sorrow|medical|student)|pool|prevention|lessons|my sorrows|out))|drowned(?! (?:my phone|his phone|her phone|the engine|out))|{_ONE}{_IS} (?:going |went |gone |stuck |trapped |caught |pinned |held )*(?:under ?water|under the (?:water|ice|dock|boat|raft|surface|waves))|went under|going under(?! (?:the knife|anesthesia|anaesthesia|oath))|gone under",
        rf"(?:trapped|stuck|stranded|pinned|clinging|holding on|hanging on|caught|standing on)(?: \w+){{0,7}} (?:in|by|from|against|because of|to|over|into) (?:the |a |this |all this |rising |rushing |high |deep |some |flood )*(?:{_RIVER}|tide|rip current|ice)(?! (?:bottle|heater|main|fountain|department|bill|park|street|road|avenue|slide|company|tower|bank|front|side|view))",
        r"capsized|(?:boat|canoe|kayak|raft|jet ski|dinghy|sailboat|pontoon)(?:'s|s| is| has| just| got)* (?:capsized|flipped|overturned|tipped over|rolled over|swamped)|(?:hanging|holding|clinging) (?:on ?to|onto|to) (?:the |a |their |his )?(?:\w+ )?(?:hull|boat|kayak|buoy|raft|log|canoe|capsized \w+)|swept (?:away|off|downstream|out|under|down|into|over)|(?:washed|carried|pulled) (?:away|downstream|out to sea|off the|under)|(?:rip (?:tide|current)|undertow|current)(?:'s)?(?: \w+){0,3} (?:pulling|taking|took|got|carrying|him|her|me|us|them)|(?:caught|stuck) in (?:a|the) (?:rip|riptide|undertow|current|rapids)",
        r"(?:fell|fallen|went|gone|broke|broken|crashed|walked) (?:\w+ )?through (?:the |thin )?ice|under the ice|(?:man|person|someone|somebody|woman|kid|child|passenger) overboard|(?:fell|fallen|jumped|knocked|went) (?:overboard|off (?:of )?(?:the|our|his|a) (?:boat|dock|pier|ship|ferry|kayak|jet ski))",
        r"(?:car|truck|van|vehicle|suv|bus|jeep|we|i'm|we're|it|it's|boat|pontoon|sailboat|ship|ferry|dinghy|canoe|kayak|raft)(?:'s|'re| is| are| was| has| went| just| started)* (?:\w+ )?(?:sinking|submerged|under ?water|filling (?:up )?with water|taking on water|capsized|in the (?:river|lake|canal|creek|pond|ocean|bay|quarry|reservoir|water)|into (?:the|a) (?:river|lake|canal|creek|pond|ocean|bay|retention pond|quarry|reservoir|water))(?! (?:bottle|department|into|in the))",
        r"(?:found|pulled|got|dragged|getting|pulling) (?:him|her|them|(?:my|a|the|our|his) (?:\w+ )?\w+)(?: \w+){0,2} (?:in|from|out of|at the bottom of|face ?down in|floating in|off) (?:the |our |a |my |their )?(?:\w+ )?(?:pool|bathtub|tub|hot tub|pond|lake|river|creek|canal|water|ocean|jacuzzi|spa)|(?:face ?down|floating|bottom|laying|lying)(?: \w+){0,3} (?:in|of) (?:the |our |a )?(?:\w+ )?(?:pool|bathtub|tub|hot tub|pond|lake|river|creek|canal|water)",
    ),
    *_s(
        "trapped_water",
        0.9,
        r"(?:can't|cannot|couldn't|can not|doesn't know how to|don't know how to) swim|(?:hasn't|haven't|didn't|never|not) (?:come|came|coming|resurfaced|surfaced|resurface) (?:back )?up(?: for| from| out| yet)?|(?:water|it)(?:'s|'s still| is| is still| keeps| was| level is)* (?:\w+ )?(?:up to|past|over|at|above) (?:my|our|his|her|their|the) (?:knees|waist|chest|neck|chin|shoulders|head|heads|hood|doors?|door handles|windows?|seats?|steering wheel|dashboard|roof)|water(?:'s| is)? (?:\w+ )?(?:coming in (?:my|our|the) (?:car|truck|van)|filling (?:up )?(?:the|my|our) (?:car|truck|van))",
        own_denial=True,
    ),
    *_s(
        "trapped_water",
        0.72,
        rf"(?:fell|fallen|slipped|wandered|rolled|pushed|drove|driven|slid|crashed|tumbled|thrown|(?:jumped|went|ran|got)(?! (?:in|into) (?:the|a|our|my|their) (?:\w+ )?(?:pool|hot tub))) (?:\w+ ){{0,4}}?(?:in|into|in to|off into|over into) (?:the |a |our |my |their )?(?:\w+ )?(?:{_RIVER}|septic tank|well|storm drain)(?! (?:bottle|park|street|road|avenue|fountain|house|table|heater|bank|damage|slide|(?:and|but) (?:swam|played|had fun|(?:he |she |we |they )?(?:got|climbed|came|swam|is|are|was) (?:back )?out)))|struggling in (?:the )?(?:\w+ )?{_RIVER}|(?:people|persons?|someone|somebody|man|men|woman|women|kids?|boys?|girls?|child|children|swimmers?|kayakers?|us|them)(?:'s|'re| is| are| was| were| still| out)* (?:in|stuck in|out in) the (?:water|river|lake|ocean|creek|canal|bay|pond)(?! (?:park|bottle|slide|with (?:life|their) (?:jackets|boards)))",
    ),
    *_s(
        "water",
        0.75,
        r"flood(?:ed|ing|s|waters?)?|rising water|high water|deep water|swift water|fast water|water(?:'s| is|'s still| is still| keeps| was| started)* (?:\w+ )?(?:rising|coming (?:in|up|inside|into)|rushing|getting (?:higher|deeper)|filling|pouring in|too deep|so high|really high|everywhere)|(?:creek|river|dam|levee)(?:'s| is| has| just)* (?:\w+ )?(?:overflow\w*|rising|broke|broken|up|out of its banks|over (?:its|the) banks)|under ?water|in the water|sinking",
    ),
    *_s(
        "held",
        0.75,
        rf"{_ONE}{_IS} (?:\w+ ){{0,2}}?(?:trapped|stuck|stranded|pinned|clinging|holding on)|(?:on|in) (?:the|my|our|top of the|top of my|top of our|his|their) (?:roof|attic|car roof|hood|tree|car|truck|van|bus|second floor)|(?:can't|cannot|couldn't|unable to) (?:\w+ )?(?:get|climb|make it|open) (?:\w+ ){{0,2}}?(?:out|off|door|doors|window|windows|away|to (?:dry|high|higher) ground)|(?:people|kids|children|someone|somebody|baby|{_KIN}|driver|man|woman|family)(?:'s|'re| is| are| was| were)? (?:\w+ )?(?:in (?:it|there|the (?:car|truck|van|vehicle|basement|back ?seat))|inside)",
        own_denial=True,
    ),
]

WEAPON: Final = [
    *_s(
        "weapon_in_use",
        0.92,
        r"(?:shooting|shoots|shot|firing|fired)(?: up)? (?:at|into|toward|towards) (?!the range|a range|targets?|cans|bottles|deer|birds|squirrels|the stars|stars|a target|night|pool)\w+|(?:shooting|firing|shot|fired) (?:off )?(?:a|an|the|his|her|some|their) (?:\w+ )?(?:gun|guns|rifle|pistol|shotgun|handgun|weapon)(?! (?:range|show|video))",
        rf"{_ONE}{_IS} (?:\w+ )?(?:firing|fired) (?:at|into|toward|towards|on|through|rounds|off rounds|shots)|{_ONE}{_IS} (?:\w+ )?(?:shooting|shot|shoots)(?: up)? (?:at|into|toward|towards|on|through|rounds|off rounds|shots|randomly|inside|outside|out of|up the|the place|{_HIM})(?! (?:range|photos|pictures|video|a video|a movie|a music|hoops|pool|baskets|a commercial|a film|camera|fireworks))",
        r"(?:been|got|gotten|was|were|getting|is|just|being|be|get|he's|she's|they're|someone's|somebody's) (?:\w+ )?(?:shot|stabbed|knifed|slashed|hacked)(?! (?:at (?:the|a) (?:range|movie)|on (?:location|film|video|a)|down|up with|with (?:a )?(?:vaccine|camera|novocaine|steroids|cortisone)|of|glass|for (?:covid|flu|tetanus)|by a bb|with a bb|with (?:a )?(?:paintball|nerf|water)))|(?:gunshot|gun shot|stab|bullet|knife) wounds?|shot (?:and killed|dead|to death)|shot in (?:the|his|her|my|both) (?!arm (?:for|with) (?:my|the|a))\w+",
        rf"(?:stab(?:bed|bing|s)|knif(?:ed|ing)|slash(?:ed|ing)|shot|shooting|hack(?:ed|ing)) (?:at )?(?:{_HIM})(?! (?:an? (?:text|email|message|look|dirty look|video|photo)|tires?|a glance))",
        rf"(?:point(?:ed|ing|s)?|aim(?:ed|ing|s)?|pull(?:ed|ing|s)|put|puts|putting|hold(?:ing)?|held|stuck|wav(?:ed|ing|es)|swung|swing(?:ing|s)?|brandish(?:ed|ing)|drew|threaten(?:ed|ing) \w+ with|came at \w+ with|coming at \w+ with|comes at \w+ with|chas(?:ed|ing) \w+ (?:\w+ )?with|attack(?:ed|ing|s) \w+ (?:\w+ )?with|hit(?:ting)? \w+ (?:\w+ ){{0,5}}?with|beat(?:ing)? \w+ (?:\w+ ){{0,2}}?with|after \w+ with|going after \w+ with) (?:out )?(?:a |an |the |his |her |this |some kind of |some sort of |up a )?(?:\w+ )?{_ARM}(?! (?:range|store|show|safe|case|rack|shop|set|block|collection|wound))(?: (?:at|on|to|around|in|up))?(?: {_HIM})?",
        rf"(?:gun|pistol|rifle|shotgun|{_BLADE}) (?:pointed |held |aimed |up |right )*(?:to|at|on|against|in) (?:me|us|him|them|people|everybody|everyone|somebody|someone|(?:my|his|her|their|the) (?:own )?(?!car|truck|house|hand|hands|belt|holster|waist|waistband|pocket|desk|table|back ?pack|bag|purse|floor|ground|counter|drawer|room|lap|glove|trunk|shoulder|hip|kitchen|sink|seat|bed|closet|boot)\w+)|at (?:gun|knife) ?point|held up with|shots (?:were |are |being |was |just |have been )*(?:fired|going off|ringing)|shoot-?out|(?:a drive by|drive-?by)(?! (?:window|testing|coffee))|(?:someone|somebody|he|she|they|people)(?:'s|'re| is| are) (?:still )?shooting(?! (?:off|hoops|pool|fireworks|a|photos|pictures|baskets|for|some|deer|skeet|clay|targets?|video|star))|opened fire|(?:spray(?:ed|ing)) bullets|bullets (?:flying|coming|hit\w*|came)",
    ),
    *_s(
        "weapon_in_use",
        0.9,
        rf"(?:stuck|cut|poked|jabbed|sliced|nicked) {_HIM} (?:\w+ ){{0,4}}?with (?:a |an |the |his |her |some )?(?:\w+ )?{_BLADE}",
    ),
    *_s(
        "weapon_in_use",
        0.8,
        r"stabbed(?! (?:in the back by|me in the heart with words))",
    ),
    *_s(
        "weapon_in_use",
        0.62,
        r"(?:hear|heard|hearing|hears) (?:\w+ ){0,3}?(?:gun ?shots?|gun ?fire|shots|shooting|rounds|guns)(?! of)|gun ?shots?(?! (?:or|or maybe) fireworks| wounds?)|gun ?fire|(?:two|three|four|five|six|seven|eight|nine|ten|several|multiple|a bunch of|more|a lot of) (?:loud )?(?:gun ?)?shots(?! (?:of|for|at the (?:bar|doctor|clinic)))|(?:he|she|they|it|somebody|someone) (?:just |accidentally )?(?:fired|shot off|let off) (?:a |his |her |the |off )*(?:\w+ )?(?:gun|shot|shots|round|rounds|rifle|pistol)|(?:the |my |his |a )?gun (?:just |accidentally )?(?:went|goes) off|(?:a |another |there's a |there was a |there's been a |was a |been a )shooting(?! (?:range|star|gallery|guard|pain|pains))|stabbing(?! (?:pain|pains|headache|sensation|feeling|in (?:my|his|her)))",
    ),
    *_s(
        "armed",
        0.66,
        rf"(?<!nail )(?<!glue )(?<!heat )(?<!radar )(?<!staple )(?<!bb )(?<!caulk )(?<!spray )(?<!pepper )(?:{_GUN}|{_BLADE})(?! (?:range|store|show|safe|case|rack|shop|set|block|license|permit|collection|wound|control|law|laws|registration|and fork))",
    ),
    *_s(
        "armed",
        0.7,
        rf"(?:has|have|got|had|with|carrying|holding|he's got|she's got|grabbed|there's|reaching for|went (?:and got|to get)|gets|getting) (?:out )?(?:a |an |the |his |her |my |some kind of |some sort of |like a )?(?:\w+ )?(?:{_GUN}|{_BLADE}|baseball bat|hammer|crowbar)(?! (?:range|store|show|safe|case|rack|shop|set|block|license|permit|collection|wound))|armed(?! (?:forces|service|guard|security))",
    ),
    *_s(
        "menace",
        0.7,
        rf"(?:going to|gonna|says (?:he'll|she'll|he will|he's gonna|he's going to|he wants to)|said (?:he'd|he'll|he was going to|he would|he's going to|he's gonna)|threatening to|threatened to|trying to|tried to|wants to|about to|will|i'll|i'm gonna) (?:shoot|kill|stab|cut|hurt|blow|use it|get|rob|bust)(?: {_HIM}| up)?|threatening (?:{_HIM}|to)|(?:point(?:ed|ing)|aim(?:ed|ing)|wav(?:ed|ing)|swing(?:ing)?|swung) (?:it|one|that|them) (?:at|around)|(?:coming|came|charging|lunging|lunged|running|ran|swinging|swung) (?:at|after|toward|towards) (?:{_HIM})|demanding (?:money|cash|the|my)|(?:trying|tried|kicking|breaking|broke|banging|pounding) (?:\w+ ){{0,3}}?(?:in|inside|into|down|door)|won't (?:put|drop)|(?:yelling|screaming|fighting)(?: at| with)? (?:{_HIM})|(?:rob(?:bing|bed)?|robbery|holding (?:us|me|them|people))|hostages?",
        own_denial=True,
    ),
]

HIDING: Final = [
    *_s(
        "shots",
        0.8,
        r"(?:gun ?shots?|gun ?fire|shots|shooting|shooter|gunman|popping (?:noises?|sounds?)|rounds|somebody shot|a man with a (?:gun|rifle)|someone with a gun)(?! (?:of|glass|hoops|pool|range|star|pains?|fireworks))",
    ),
    *_s(
        "hiding",
        0.8,
        r"(?:we're|we are|we|i'm|i am|everyone's|everybody's|they're|kids are|students are)(?: all| are| just| still)* (?:hiding|hid|hidden|barricaded|locked (?:in|down|ourselves)|on lock ?down|crouched|under (?:our|the|my) (?:desks?|tables?)|in (?:the|a|my) (?:\w+ )?(?:closet|supply room|storage room|bathroom|classroom|freezer))|(?:barricaded|locked) (?:the|ourselves|our) (?:\w+ )?(?:door|doors|in)|(?:on|in|under|into) lock ?down|shelter(?:ing)? in place|under (?:our|the|my) desks?|turned (?:off|out) the lights",
    ),
]

STRANGLED: Final = [
    *_s(
        "strangulation",
        0.92,
        rf"strangl(?:e|ed|es|ing|ulation|ulated)|(?:chok(?:ed|ing|es)|choke) (?:out )?(?:me|us|them|{_HIM})(?! (?:up|on))|(?:tried|trying|tries|going|gonna|wants|wanted|attempted) (?:to )?(?:choke|smother|suffocate)(?: {_HIM})?|smother(?:ed|ing) (?:{_HIM})|suffocat(?:ed|ing) (?:{_HIM})",
        r"(?:hands?|arms?|fingers|cord|rope|belt|scarf|wire|forearm|elbow|cable|necklace|leash) (?:\w+ )?(?:around|round|on|to|against|over|across) (?:my|her|his|their|the \w+'s|mommy's|mom's) (?:\w+ )?(?:neck|throat|windpipe)|(?:grabb(?:ed|ing)|held|holding|had|has|got|picked|lift(?:ed|ing)|pinned|snatched) (?:me|her|him|them|us|my \w+|my (?:mom|mother|sister)) (?:up |down )?by (?:the|my|her|his) (?:neck|throat)|(?<!\bshe's )(?<!\bshe )grabb(?:ed|ing) (?:her|my|the) (?:neck|throat)|(?<!\bhe's )(?<!\bhe )grabb(?:ed|ing) (?:his|my|the) (?:neck|throat)|(?:squeez(?:ed|ing|es)|crush(?:ed|ing)|press(?:ed|ing) (?:on )?|kneel(?:ing)? on|knee on|standing on|stepp(?:ed|ing) on|foot on) (?:my|her|his|the) (?:neck|throat|windpipe)",
        r"choke ?-?hold|(?:sleeper|head) ?lock(?:ed)?|pillow (?:\w+ )?(?:over|on|against|to) (?:my|her|his|their) (?:face|head|mouth)|(?:cut|cutting|cuts) off (?:my|her|his) (?:air|breathing|airway|oxygen)|plastic bag over (?:my|her|his) head",
        lasting=0.8,
    ),
]

ASSAILANT: Final = [
    *_s(
        "active_assailant",
        0.94,
        r"active (?:shooter|shooting|assailant|killer|attacker|attack)(?! (?:drill|training|alert system|policy|video|class))|mass (?:shooting|stabbing|casualty)|(?:school|church|mall|workplace) shooting|school shooter",
        rf"(?:shooting|firing|shot|stabbing|stabbed|slashing|hacking|attacking|killing|running over|ran over|mowing down|mowed down|shooting up|plowed (?:into|through)|plowing (?:into|through)|drove (?:into|through)|driving (?:into|through)|cutting|beheading) (?:at |into |up |through |down )*(?:people|everybody|everyone|anybody|anyone|random(?: \w+)?|a (?:crowd|bunch of people|group of people|lot of people)|(?:the|this) (?:crowd|whole \w+|place|school|store|mall|church|office|building|hospital|club|bar|restaurant|kids|students|employees|customers|classroom|parade|theater|people)|students|kids|children|customers|employees|coworkers|{_NUM} (?:\w+ )?people|several people|multiple people|a bunch of (?:people|kids))",
        r"(?:gunman|shooter|man with (?:a|an) (?:\w+ )?(?:gun|rifle|shotgun|assault rifle|machete)|guy with (?:a|an) (?:\w+ )?(?:rifle|assault rifle|ak|ar))(?:'s| is| was| just)* (?:\w+ )?(?:in|inside|at|in side|walking (?:through|around|into)|came into|entered|loose in|running through|going through|still (?:in|inside|here)) (?:the|our|my|this|a) (?:\w+ )?(?:school|building|mall|store|church|office|hospital|classroom|campus|library|theater|club|warehouse|plant|factory|synagogue|mosque|temple|airport|station|lobby|cafeteria|gym|hallway|concert|parade|party)|(?:room to room|door to door|office to office|class(?:room)? to class(?:room)?|floor to floor)(?: \w+){0,3} (?:shoot\w*|kill\w*|gun|stab\w*)|(?:shoot\w*|kill\w*|gun|stab\w*)(?: \w+){0,4} (?:room to room|class(?:room)? to class(?:room)?|office to office|floor to floor)",
        rf"(?:{_NUM}|several|multiple|many|lots of|a lot of|a bunch of|so many|numerous) (?:\w+ )?(?:people|kids|students|children|employees|officers|persons|victims|coworkers|customers|worshippers|of us|of them)(?:'re| are| have| were| got| been| just| all)* (?:shot|stabbed|gunned down|hit by gunfire|been shot|been stabbed)",
        r"(?:there's|there is|we have|have|got|we got) (?:a|an) (?:\w+ )?(?:gunman|shooter|attacker)|(?:the|this) (?:shooter|gunman)(?:'s| is)? (?:still |now )?(?:here|inside|in|moving|shooting|coming|upstairs|downstairs|reloading)",
    ),
    *_s(
        "active_assailant",
        0.7,
        r"(?:throwing|threw|set off|setting off|detonat\w+) (?:a |some |the )?(?:grenades?|bombs?|explosives?|molotovs?|molotov cocktails?|pipe bombs?) (?:at|in|into|inside)|on (?:a|the) (?:rampage|killing spree|shooting spree)|(?:shooting|killing|stabbing) spree|(?:swinging|going after|attacking|chasing) (?:people|everybody|everyone|customers|students|kids|passengers) (?:\w+ ){0,4}?(?:with|using)(?: \w+){0,2}",
    ),
]

OVERDOSE: Final = [
    *_s(
        "overdose",
        0.92,
        r"overdos(?:e|ed|ing|es)(?! (?:awareness|prevention|training|class|kit|of (?:cuteness|sugar|fun|sunshine)))|o\.?d\.?'?(?:ed|ing|d)|od'd|oding|over dos(?:e|ed)|(?:drug|heroin|pill|fentanyl|possible|accidental|intentional) o\.?d\.?",
        rf"(?:took|taken|takes|taking|swallow(?:ed|s|ing)|ate|eaten|eated|ingested|downed|popped|got into|gotten into|drank|chewed|gave (?:him|her|me|the baby)) (?:\w+ ){{0,2}}?(?:too many|too much|a (?:whole |full |entire )?(?:bottle|bunch|lot|handful|ton|fistful|pack|box|month's)(?: worth)?(?: of)?|(?:the|his|her|my|that) (?:whole|entire|full) (?:\w+ )?(?:bottle|bunch|pack|prescription|thing)(?: of)?|all (?:of )?(?:his|her|my|the|them|those|these|of them)|the rest of (?:his|her|my|the)|double|triple|twice|{_NUM}(?: or \w+)?(?: or so)?|about {_NUM}|like {_NUM}|so many|extra|handfuls of) ?(?:\w+ ){{0,4}}?(?:of )?(?:his |her |my |the |mom's |grandma's |those |these )?{_DRUG}",
        rf"(?:drank|drunk|drinked|drinking|swallow(?:ed|ing)|ate|eated|eaten|ingested|licked|bit into|chewed|got into|sprayed|took) (?:\w+ ){{0,5}}?{_POISON}(?! (?:on|all over|stains?|ivy|oak))|(?:been |was |got |he's |she's |i've been |being )poisoned|(?:took|ate|swallowed|downed) (?:\w+ ){{0,4}}?(?:bottles?|handfuls?|packs?) of (?:\w+ )?(?:pills?|tablets|medicine)|(?:whole|entire|full) (?:\w+ )?(?:bottle|pack|prescription) of (?:them|it|{_DRUG})|carbon monoxide (?:poisoning|poisoned)",
        r"(?:needle|syringe) (?:\w+ )?(?:in|sticking out of|hanging out of|still in) (?:his|her|my|the) (?:arm|leg|neck|foot|hand)|(?:gave|given|giving|used|hit|sprayed|administered) (?:him|her|me|them|my \w+|two|one|three|a dose of|some|the|\w+ doses of|(?:him|her) (?:two|one|three|some|a dose of|the|\w+ doses of))? ?(?:of )?(?:narcans?|naloxone)|(?:narcan|naloxone)(?:'s| is| isn't| did| didn't| not| doesn't|ned)+ ?(?:\w+)? ?(?:work\w*|help\w*|him|her)",
        lasting=0.8,
    ),
    *_s(
        "overdose",
        0.78,
        r"(?:shot up|shooting up|injected|snorted|smoked|did|used|using|doing|on|took|high on|some|bad|off) (?:some |a lot of |too much |the |a |of |laced |bad )*(?:heroin|fentanyl|opioids?|opiates?)(?! (?:patch|prescription|addict|addiction|dealer|charges))(?= (?:and|now|he|she|i|or|please|then|earlier|today|tonight|i think|we|with|maybe|at|in|from)|$|[.,])|(?:child|baby|toddler|son|daughter|kid|boy|girl|one year old|two year old|three year old|year old|(?:little|baby|younger|twin) (?:brother|sister|cousin))(?:'s| is| has| just| must have| may have| might have)* (?:\w+ )?(?:got into|gotten into|ate|eaten|eated|swallowed|drank|drinked|took|chewed up|found) (?:\w+ ){0,3}?(?:my |his |her |the |grandma's |grandpa's |some |our |of )?(?:\w+ )?(?:pills?|medicine|medication|medications|edibles?|gummies|batter(?:y|ies)|vape juice|prescription|magnet|magnets|berries|mushrooms|cleaner|pod|pods)|alcohol poisoning|drank (?:himself|herself|myself) (?:to death|unconscious|sick)|took something (?:\w+ )?(?:and|that)",
        lasting=0.8,
    ),
    *_s(
        "drug",
        0.7,
        rf"(?:took|taken|taking|shot|smoked|snorted|did|on|using|used|uses|popped|ate|got|injected|high|drugs?|some|his|her|of|laced) (?:\w+ ){{0,2}}?{_DRUG}|heroin|fentanyl|high on|(?:drank|had|drinking|drunk|been drinking) (?:\w+ ){{0,3}}?(?:vodka|whiskey|liquor|alcohol|tequila|rum|bottles?|too much|a (?:whole )?lot|to drink)|drug addict|user|addict",
    ),
]

SELF_HARM: Final = [
    *_s(
        "self_harm",
        0.93,
        rf"(?:going to|gonna|want(?:s|ed)? to|wanna|trying to|tried to|tries to|try to|threatening to|threatened to|threatens to|about to|plan(?:s|ning)? (?:to|on)|planned to|thinking (?:about|of)|thought about|thoughts of|talking about|talked about|says (?:he's|she's|he'll|she'll|he|she|they'll)|said (?:he's|she's|he'd|she'd|he'll|she'll|he was|she was|he|she|they'd)|would|might|will|'ll|feel like|feels like|ready to|decided to|attempt(?:ed|ing)? to|keeps saying|i'll|he'll|she'll|i'd) (?:\w+ ){{0,3}}?(?:kill(?:ing)?|hurt(?:ing)?|harm(?:ing)?|shoot(?:ing)?|hang(?:ing)?|cut(?:ting)?|stab(?:bing)?|drown(?:ing)?|burn(?:ing)?|do something to|jump(?:ing)? off|blow(?:ing)?|slit(?:ting)?|end(?:ing)?|overdose|take) (?:{_SELF}|(?:my|his|her|their) (?:own )?(?:life|lives|wrists?|head off|brains out|throat)|it all|all of this|the bridge|a bridge)(?! (?:if (?:the|this) (?:game|team|jets|movie|traffic|wifi)|laughing|of (?:this|the) (?:boredom|traffic|job)|from boredom|over (?:this|the) (?:homework|game)))",
        rf"(?:thinking (?:about|of)|wants? to|wanted to|going to|gonna|ready to|talking about|just) (?:end|ending) it(?! (?:with|between|here|there|now with|peacefully))|suicid(?:al|e)(?! (?:squad|doors?|king|bomber|bombing|mission|wings|squeeze|hotline|lane|machine|prevention|awareness|watch over|by (?:cop )?documentary|sprints?))|(?:kill(?:ed|ing)|hang(?:ed|ing)|hung) {_SELF}|end(?:ing)? (?:my|his|her) (?:own )?life|end it all|(?:suicide|goodbye) (?:note|letter|text|message|video)|(?:wants|want|wanted|wanna|wish|wishes|ready|trying|prefer) (?:to |i was |she was |he was |be )*(?:die|dead)(?! (?:of|down|hard|laughing|from (?:laughing|embarrassment|heat|boredom)))",
        r"(?:standing|sitting|climbed|climbing|hanging off|hanging over|leaning|stepped|person|man|woman|guy|girl|he's|she's|somebody|someone|kid|perched) (?:\w+ ){0,4}?(?:on|over|off|onto(?! the edge)|past) (?:the |a )?(?:other side of the |wrong side of the |outside of the |edge of (?:the|a) |side of (?:the|a) |railing (?:of|on) the )?(?:ledge|edge|railing|rail|guard ?rail|rail of the (?:bridge|overpass)|(?:bridge|overpass|parking garage|roof|balcony) (?:railing|ledge|edge))(?! of (?:her|his|my|their|the|a) (?:seat|bed|chair|couch|table|road|town|woods|yard|property|driveway|pool|sidewalk|curb|street|bath ?tub|tub))(?! (?:and )?(?:taking|fishing|for a photo|drinking|looking at|watching))|(?:going to|gonna|wants to|about to|threatening to|trying to|might|might be about to|looks like (?:he's|she's|they're) (?:going to|gonna|about to)|tried to) jump(?! (?:in|into|up|to|at|back|through|out|on|around|him|her|me|them|us|start|the gun|rope|the fence|my fence|the wall|over the (?:fence|wall|counter)))|jump(?:ed|ing|s) (?:off|from) (?:of )?(?:the|a|that|this) (?:\w+ )?(?:bridge|roof|overpass|building|balcony|parking garage|ledge)|noose",
        lasting=0.85,
    ),
    *_s(
        "self_harm",
        0.93,
        r"(?:don't|doesn't|didn't|not) (?:\w+ )?(?:wanna|want to|wants to|want) (?:\w+ )?(?:live|be here|be alive|go on|wake up|exist|be around)(?: (?:anymore|any more|any longer|like this))?(?! (?:in (?:this|that) (?:house|apartment|city|state)|with (?:him|her|them|my)|there|here in|when))|nothing (?:left )?to live for|(?:no|any) reason to (?:live|go on)|better off (?:dead|without (?:me|him|her))|tired of living|can't (?:go on|do (?:this|it) anymore|take it anymore|live like this)",
        lasting=0.85,
        own_denial=True,
    ),
    *_s(
        "self_harm",
        0.75,
        rf"cutting (?:his|her|my) (?:own )?(?:arms|wrists|legs|thighs|skin)|(?:cutting|hurting|harming|burning|stabbing|choking|starving) {_SELF}(?! (?:off|some|a|the|on accident|accidentally|shaving))|(?:cut|slit|slashed|slicing|slitting|sliced) (?:my|his|her|both|both his|both her|both my|their) (?:own )?(?:wrists?|throat)|shot {_SELF}(?! in the (?:foot|leg|hand|toe|thigh|knee|finger))|self-?(?:harm|inflicted|injur)\w*|(?:gun|pistol|rifle|shotgun|knife) (?:to|in|at|against|on|under) (?:his own|her own|my own|their own|his mouth|her mouth|my mouth|his chin|her wrists?|his wrists?|my wrists?)|(?:pills|overdosed|drank|swallowed|took)(?: \w+){{0,6}} (?:on purpose|to kill|to die|intentionally|deliberately|because (?:he|she) wants)|hanging from (?:a |the )?(?:\w+ )?(?:tree|rafters?|ceiling|rope|beam|fan|closet|door|belt|sheet)",
        lasting=0.85,
    ),
]

BIRTH: Final = [
    *_s(
        "labour_complication",
        0.92,
        r"(?:umbilical |the )?cord(?:'s| is| was| came| coming| hanging| sticking| wrapped| around| prolapsed| has| just)+ ?(?:still |wrapped |tight |tightly |hanging |looped )?(?:around|out|first|wrapped|hanging|showing|between|prolapsed|tight)(?: (?:the |his |her |its |baby's |of (?:her|me) )*(?:baby's )?(?:neck|throat|first|head))?|prolapsed cord|cord prolapse",
        r"breech|(?:baby|baby's|twins?|it|he|she)(?:'s| is| are| was)? (?:\w+ )?(?:coming |come |came )?(?:out )?(?:feet|foot|butt|bottom|legs|arm|hand|buttocks|backwards|sideways)(?: (?:is|are|comes?|coming|came|sticking|out))* (?:first|out)|(?:feet|foot|leg|legs|butt|bottom|arm|hand) (?:is |are |came |come |coming |sticking |hanging )+(?:out )?(?:first|out)(?: (?:of (?:her|me)|instead))?",
        r"(?:baby|baby's|newborn|infant|head|head's|shoulders?|he|she|it)(?:'s| is| are| was| were| got| won't| just)* (?:\w+ ){0,2}?(?:stuck|not coming out|won't come out|isn't coming|jammed|wedged)(?: (?:in|inside|at|halfway|half way|shoulder))?(?= (?:in (?:her|me|the birth)|inside (?:her|me)|halfway|half way|and (?:she|i|the)|she|i)|$|[.,])(?<!car)",
        r"(?:\d\d|twenty|twenty-?\w+|twenty (?:one|two|three|four|five|six|seven|eight|nine)|thirty|thirty-?\w+|thirty (?:one|two|three|four)|(?:five|six|seven|5|6|7)) (?:weeks|months)(?: \w+){0,7} (?:water (?:just )?broke|contractions|in labor|baby(?:'s| is) coming)|(?:water (?:just )?broke|contractions|in labor|baby(?:'s| is) coming)(?: \w+){0,7} (?:2\d|3[0-4]|twenty|twenty-?\w+|twenty (?:one|two|three|four|five|six|seven|eight|nine)|thirty|thirty (?:one|two|three|four)|five|six|seven) (?:weeks|months)",
        r"placenta (?:won't|hasn't|isn't|is not|has not|came (?:out )?first|didn't|is coming first|abruption|previa)|(?:water|fluid)(?:'s| is| was| broke)? (?:\w+ ){0,4}?(?:green|brown|bloody|meconium)|meconium|eclampsia|preeclampsia|pre-eclampsia|hemorrhag\w+ after (?:birth|delivery|having)|uterus",
        own_denial=True,
    ),
    *_s(
        "birth",
        0.8,
        r"in (?:labor|labour)(?! (?:day|union|camp|market))|contractions?|water(?:'s| has| just)* (?:broke|broken)|giving birth|gave birth|(?:having|have|had|delivered|delivering|deliver) (?:a |the |her |my |our |this |twins )*(?:bab(?:y|ies)|twins)|bab(?:y|ies)(?:'s|'re| is| are| was| were| just)* (?:\w+ )?(?:coming|crowning|born|out|here now|head)|pregnant|crowning|newborn|(?:she|i|wife|sister|daughter) (?:just )?delivered|(?:months|weeks) along|(?:weeks|months) pregnant|miscarr\w+|umbilical|placenta",
    ),
    *_s(
        "birth_trouble",
        0.8,
        r"(?:lots? of|so much|heavy|heavily|bad|badly|a lot|too much|won't stop|gushing|pouring|pool of|soaking|soaked|everywhere|tons of) ?(?:\w+ )?(?:blood|bleeding)|(?:blood|bleeding)(?:'s| is)? (?:\w+ ){0,2}?(?:a lot|heavily|badly|bad|everywhere|won't stop|hasn't stopped|isn't stopping|all over|pouring|gushing|so much|through)|hemorrhag\w+|bled (?:a lot|through)",
        r"(?:baby|newborn|he|she|it|infant)(?:'s| is| was|'s still)? (?:\w+ )?(?:not|isn't|won't|ain't|wasn't|didn't|hasn't) (?:\w+ )?(?:breathing|crying|moving|cry|respond\w*|breathe|cried)|(?:baby|newborn|he|she|it)(?:'s| is| was| came out| looks)+ (?:\w+ )?(?:blue|purple|limp|gray|grey|lifeless)|born (?:blue|dead|not breathing)",
        r"(?:seizure|seizing|convuls\w+|passed out|unconscious|fainted|unresponsive|blacked out)|(?:too|so|really|very) (?:early|premature|soon)|premature|preemie|(?:weeks|months) early|(?:isn't|not|hasn't been|stopped|quit) (?:\w+ )?(?:moving|kicking)(?: anymore| any more)?|(?:see|seeing|there's|is) (?:\w+ ){1,3}?(?:foot|feet|arm|hand|butt|bottom|leg)(?: (?:and|not|but|instead|sticking|coming|hanging)|$)|something(?:'s| is) (?:wrong|not right) with the baby|(?:see|feel|touch|touching) (?:the |a )?(?:umbilical )?cord|bleeding|spotting",
        own_denial=True,
    ),
]

SIGNS: Final[tuple[Sign, ...]] = (
    *BREATHING,
    *FIRE,
    *WATER,
    *WEAPON,
    *HIDING,
    *STRANGLED,
    *ASSAILANT,
    *OVERDOSE,
    *SELF_HARM,
    *BIRTH,
)

PAIRS: Final[tuple[tuple[CueKind, Half, Half, float], ...]] = (
    ("not_breathing", "odd_breath", "out_cold", 0.75),
    ("trapped_fire", "inside", "fire", 0.82),
    ("trapped_water", "held", "water", 0.75),
    ("weapon_in_use", "menace", "armed", 0.78),
    ("active_assailant", "hiding", "shots", 0.78),
    ("overdose", "out_cold", "drug", 0.75),
    ("labour_complication", "birth_trouble", "birth", 0.82),
)
"""Two halves that make a cue together: what is new each time, what it is read beside, how strong."""

LATER: Final[tuple[tuple[CueKind, str, float], ...]] = (
    (
        "not_breathing",
        r"(?:he|she|they|baby|it|mom|dad)(?:'s|'re| is| are) (?:\w+ )?breathing(?: (?:now|again|normal|normally|fine|okay|on (?:his|her) own))?|(?:started|starting) (?:to )?breath(?:e|ing)|breathing again|(?:got|have|there's|found) a pulse|(?:he's|she's|it's) (?:awake|talking|crying|conscious|okay) now|(?:coughed|spit|came) (?:it|up|out)(?: (?:up|out))?",
        0.7,
    ),
    (
        "trapped_fire",
        r"(?:everyone|everybody|we all|they all|all of us|all of them|they're all|we're all|he|she|they|we|he's|she's|i'm|we're|they're|kids are|baby is)(?:'s| is| are| got| made it| just| came| have)* (?:\w+ )?(?:out(?! cold| of (?:it|control|breath))(?: (?:now|safe|of the (?:house|building|apartment|car)|okay))?|safe|outside)|nobody(?:'s| is)? (?:\w+ )?(?:in(?:side)?(?: (?:there|the (?:house|building|apartment)))?|trapped|left)",
        0.45,
    ),
    (
        "trapped_water",
        r"(?:he|she|they|i|we|he's|she's|they're|i'm|we're|everyone|everybody|kid|car's)(?:'s| is| are| got| made it| just| came| have)* (?:\w+ )?(?:out(?: (?:now|of (?:the )?(?:water|pool|river|car|lake|creek))?)|on (?:the )?(?:shore|dry land|land|bank)|safe)",
        0.5,
    ),
    (
        "weapon_in_use",
        r"(?:it's|it was|that was|that's|just|only) (?:\w+ )?(?:fireworks|firecrackers|a car backfiring|backfir\w+|the tv|the television|a movie|a toy|a video game|a bb gun|a water gun|a nerf gun|a drill|a training|a cap gun)",
        0.3,
    ),
    (
        "active_assailant",
        r"(?:it's|it was|that was|that's|this is|just|only) (?:just |only )?(?:\w+ )?(?:fireworks|firecrackers|the tv|the television|a movie|a toy|a video game|a drill|the drill|a training|an exercise|a prank)",
        0.3,
    ),
)
"""What is said later and takes from an earlier cue; what is left of it. It never adds to one."""
