"""Words for weapons, and for what is done with them. Data only."""
# ruff: noqa: E501 - a pattern reads best on one line

from typing import Final

from ringdown.spoken.vocabulary import word_set

NONE: Final = "none"

ANY: Final = "weapon"

KINDS: Final[dict[str, str]] = {
    "handgun": r"handguns?|hand guns?|pistols?|revolvers?|glocks?|nine millimeter|9 ?mm|45 caliber|22 pistol",
    "BB gun": r"(?:bb|b b|pellet|airsoft|air soft|paintball) (?:guns?|rifles?|pistols?)",
    "rifle": r"(?:assault |hunting )?rifles?|ar-?15|a r fifteen|ak-?47|a k forty seven|long guns?",
    "shotgun": r"shotguns?|shot guns?|sawed off",
    "gun": r"guns?(?! (?:club|range|shop|store|show|hill|barrel|lake|safe|permit|license|control|fire|shots?))|firearms?",
    "knife": r"(?:kitchen |butcher |pocket |steak |hunting )?(?:knife|knives)(?! (?:wounds?|river|edge))|switchblades?|box ?cutters?|blades?",
    "machete": r"machetes?",
    "sword": r"swords?|katana",
    "axe": r"axe?|hatchets?",
    "taser": r"tasers?|stun guns?",
    "pepper spray": r"pepper spray|bear spray|mace",
    "bow": r"crossbows?|bow and arrows?",
    "bomb": r"(?:pipe )?bombs?|grenades?|molotov(?: cocktail)?|explosives",
    ANY: r"weapons?",
}
"""What is a weapon wherever it is spoken of."""

TOOLS: Final[dict[str, str]] = {
    "bat": r"(?:baseball |metal |aluminum |wooden )?bat",
    "pipe": r"(?:metal |lead )?pipe|metal rod|rebar",
    "crowbar": r"crow ?bar|tire iron",
    "golf club": r"golf club",
    "hammer": r"(?:sledge ?)?hammer",
    "wrench": r"wrench",
    "bottle": r"(?:broken |beer |glass )?bottles?",
    "rock": r"rocks?|stones?",
    "brick": r"bricks?",
    "stick": r"(?:big |wooden )?(?:stick|club)",
    "board": r"board|two by four|plank",
    "pole": r"pole",
    "cane": r"cane",
    "scissors": r"(?:pair of )?scissors",
    "screwdriver": r"screw ?driver|ice pick",
    "razor": r"razor(?: blade)?",
    "broken glass": r"broken glass|piece of glass|shard of glass",
    "chain": r"chain(?! ?saw)",
    "chainsaw": r"chain ?saw",
    "shovel": r"shovel",
    "chair": r"chairs?",
}
"""What is a weapon only in the hand of somebody who threatens or strikes."""

TOY: Final = word_set(
    "nail water nerf squirt toy glue heat staple caulking caulk massage spray grease price radar "
    "top young hired flare plastic flu rabies booster covid tetanus"
)

IDLE_BEFORE: Final = frozenset(["jump", "jumped", "under", "gunning", "tattoo"])

WITH: Final = (
    r"(?:a|an|the|his|her|their|my|this|that|some|some kind of|some sort of|what looks like a)"
)

STRIKES: Final = (
    r"(?:hit|hits|hitting|beat|beats|beating|struck|attacked|attacking|attacks|threatened|threatening|"
    r"threatens|chasing|chased|smashed|smashing|stabbed|stabbing|assaulted|came|coming|comes|cut|hurt|armed|"
    r"jumped|after|swinging|swung|went)"
)

TOOL_USE: Final = (
    rf"{STRIKES} (?:\w+ ){{0,4}}?with {WITH} (?:\w+ )??(?:{{tool}})",
    rf"(?:swinging|waving|brandishing|wielding|raised|swung|carrying|picked up|grabbed|throwing|threw|throws) (?:{WITH} )?(?:\w+ )??(?:{{tool}})(?: (?:at|around))?",
    rf"(?:has|had|got|holding|have) {WITH} (?:\w+ )??(?:{{tool}}) (?:and (?:\w+ ){{0,2}}(?:is |was |he's |she's )?(?:hit\w*|swing\w*|threat\w*|chas\w*|com\w+|going|smash\w*|break\w*|attack\w*)|in (?:his|her) hands?)",
)

USED: Final = word_set(
    "shot shoot shooting fired firing fires shoots stabbed stabbing stabs stuck sliced sprayed tased maced hit hitting beat beating struck cut "
    "slashed slashing attacked attacking pistol-whipped whipped robbed"
)

IN_HAND: Final = word_set(
    "holding waving pulled pulling pulls pointed pointing points brandishing brandished swinging drew aiming "
    "aimed raised chasing chased held wielding threatening threatened threatens flashed grabbed came coming"
)

CARRIED: Final = word_set(
    "has have had got with carrying carries carried armed he's she's they've having owns own keeps brought"
)

SEEN: Final = word_set("see saw seen spotted noticed sees showed shows showing show")

HEARD: Final = word_set("heard hear hearing sounds sounded")

TOLD: Final = word_set(
    "said says saying told claims claimed claiming telling tells threatened threatens"
)

MAYBE: Final = word_set(
    "might may maybe think thinks thought possibly probably perhaps guess believe could looks looked sure "
    "suspect supposedly usually sometimes"
)

AFTER_USED: Final = r"(?:just |has |have )?(?:went off|was fired|goes off|being fired)"

AFTER_HAND: Final = (
    r"(?:to|at|on) (?:my|me|his|her|him|us|their|them|people|somebody|someone|himself|herself|myself)"
    r"(?: (?:own )?(?:head|neck|throat|face|chest|back|stomach|wrists?))?|in (?:his|her|their|my) hands?"
)

AT_POINT: Final = r"(?:gun|knife) ?point"

PLACE: Final = (
    r"(?:in|on|under|behind|inside|by|next to|beside|tucked in|locked in|locked up in) "
    r"(?:the|his|her|my|their|our|a|that) (?!hands?|head|face|air|guy|man|woman|people|kid|lady|clerk|cashier|driver|person|other|cop|officer|girl|boy)(?:\w+ )?(?!of)\w+"
)

AWAY: Final = (
    r"(?:put|puts|locked|threw|throws|took|tossed|set) (?:\w+ )?(?:{weapon}) (?:away|down|up|outside|in the (?:trunk|safe|car|closet))|"
    r"(?:dropped|drops) (?:\w+ )?(?:{weapon})|(?:{weapon})(?:'s| is| was| are)? (?:now )?(?:put away|locked up|locked away|secured|unloaded|in the safe)"
)

STOLEN: Final = r"(?:stole|took|taking|stolen) (?:[\w']+ ){0,3}(?:{weapon})|(?:{weapon}) (?:was|were|is|are|been|got|has been) (?:just )?(?:stolen|taken|missing)"

IT_AWAY: Final = (
    r"(?:put|puts|locked|threw|throws|tossed|set|took) (?:it|them|that) (?:away|down|up|outside|in the \w+)|"
    r"(?:dropped|drops|hid) (?:it|them)|(?:it's|it is|they're|they are) (?:put away|locked up|locked away|in the safe|unloaded)"
)

THREATS: Final = (
    (
        r"(?:going|gonna|threatening|threatened|wants|threatens|said he'd|said he would|said he'll|he'll|he will) (?:to )?shoot",
        "gun",
    ),
    (
        r"(?:going|gonna|threatening|threatened|wants|threatens|said he'd|said he would|said he'll|he'll|he will) (?:to )?stab",
        "blade",
    ),
)

WHERE: Final = (
    r"where(?:'s| is| are| did (?:he|she|they) put) (?:the|his|her|that|those) (?:{weapon})"
)

SHOTS: Final = (
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

SHOTS_HEARD: Final = r"gun ?shots?|shots? (?:were |was |being |have been )?fired|gun ?fire|(?:heard|hear|hearing) (?:\w+ ){0,3}shots"

STABS: Final = (
    r"(?:been|got|gotten|was|were|getting|being) (?:\w+ )?(?:stabbed|slashed)",
    r"(?:stabbed|stabbing|slashed|slashing) (?:him|her|me|us|himself|herself|myself|someone|somebody|people|(?:my|his|her|a|the|our) (?!tires?|seats?)\w+)",
    r"(?:stab|knife) wounds?",
)

ARMED: Final = (
    r"(?:he|she|they|he's|she's|they're|guy|man|woman|suspect|somebody|someone|both)(?: is| are|'s| was| were)* (?:(?!not |never )\w+ )?armed|"
    r"armed (?:man|men|guy|guys|person|suspect|suspects|robber|robbers|robbery|intruder)"
)
OFFICERS: Final = word_set(
    "officer officers cop cops police deputy deputies trooper guard security guards soldier"
)
NO_WEAPONS: Final = (
    r"(?:no|without any|without|not any|aren't any|isn't any|didn't see any|don't see any|don't have any|"
    r"doesn't have any|don't have|doesn't have a|doesn't have|haven't seen any|never saw a|wasn't any) weapons?|"
    r"(?:not|isn't|aren't|wasn't|unarmed and not) armed|unarmed"
)

ROADS: Final = frozenset(
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

SUBJECTS: Final = word_set(
    "he she they there there's it it's i he's she's they're the a his her my we"
)
