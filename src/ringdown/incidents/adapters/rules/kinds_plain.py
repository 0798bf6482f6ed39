"""Everyday sayings in which no word of the first lists stands, or one that means another thing here.

Data only. "He hit his head" is no assault, "an accident report" no crash, "took some acid" no theft.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from typing import Final

from ringdown.incidents.adapters.rules.kinds import Phrase
from ringdown.incidents.types import Level

_OWN: Final = r"(?:his|her|my|their|your)"
_LIMB: Final = (
    r"(?:arm|leg|hand|finger|fingers|thumb|foot|toe|toes|knee|shin|wrist|ankle|palm|elbow)"
)
_PILLS: Final = r"(?:acid|lsd|molly|ecstasy|mushrooms|shrooms|pills?|drugs|meds|medicine|medication|xanax|bars|percs?|percocets?|oxy\w*|fentanyl|heroin|meth|cocaine|edibles?|gummies|tylenol|ibuprofen|benadryl|aspirin|tablets?)"
_BEASTS: Final = r"(?:cows?|cattle|horses?|deer|elk|moose|goats?|sheep|pigs?|hogs?|dogs?|geese|turkeys?|donkeys?|llamas?|emus?)"
_CYCLE: Final = r"(?:motorcycle|motorcyclist|motorbike|moped|scooter|biker|rider)"


def _p(code: str, strength: float, *patterns: str, level: Level | None = None) -> list[Phrase]:
    return [Phrase(code, pattern, strength, level) for pattern in patterns]


PLAIN: Final[tuple[Phrase, ...]] = (
    *_p(
        "breathing",
        0.86,
        rf"(?:can't|cannot|couldn't|can not|trouble|difficulty|hard time|struggling to|unable to) (?:get|catch|catching|getting) (?:{_OWN} )?breath",
    ),
    *_p(
        "fall",
        0.8,
        r"(?:had|took|has had|taken|having) (?:a |another )(?:\w+ )?(?:fall|tumble|spill)",
        r"(?:hurt|injured|injury|pain) from (?:a|the|his|her) fall",
        rf"(?:fell|fallen|falls|flew|thrown) off (?:of )?(?:{_OWN}|a|the) (?:bike|bicycle|skateboard|horse|trampoline|swing|bunk bed|monkey bars)",
    ),
    *_p(
        "bleeding",
        0.9,
        rf"(?:cut|sliced|slit) {_OWN} (?:own |left |right )?{_LIMB}(?: \w+){{0,3}} (?:with|on) (?:a|the|some) (?:\w+ )?(?:knife|glass|saw|can|blade|scissors|mandoline|tool)",
        r"(?:i|he|she|they|kid|boy|girl|son|daughter|baby|mom|dad) (?:just |accidentally |fell and |tripped and |slipped and )?(?:hit|bumped|banged|smacked|cracked) (?:his|her|my|their) (?:own )?head(?: (?:on|against) (?:the|a)(?: \w+){1,2})?",
    ),
    *_p(
        "assault",
        0.88,
        r"hit (?:him|her|me) (?:in|on|over|across) the (?:head|face|back|neck) with",
    ),
    *_p("assault", 0.8, r"(?:an? |in an? |got into an? |some kind of )?altercation"),
    *_p(
        "overdose",
        0.9,
        rf"(?:took|taken|taking|ate|swallowed|did) (?:some|a bunch of|a lot of|a whole (?:bunch|bottle|lot) of|a handful of|several|all (?:of )?(?:{_OWN}|the|those)|too (?:many|much)|\w+ hits? of)(?: of)?(?: \w+)? {_PILLS}",
        rf"(?:drank|drunk|swallowed|ate) (?:some |the |a |{_OWN} )?(?:\w+ )?(?:bleach|antifreeze|drain cleaner|detergent|lighter fluid|cleaner|poison|ammonia|tide pods?|batter(?:y|ies))",
    ),
    *_p(
        "unconscious",
        0.84,
        r"(?:can't|cannot|cant|couldn't|can not) (?:get (?:him|her|them|my \w+) to )?wake (?:him |her |them |my \w+ )?(?:up)?",
        r"(?:won't|wont|not|isn't|doesn't|wouldn't|will not|stopped) respond(?:ing)?(?: to (?:me|us|anything|anyone))?",
        r"(?:about|going|gonna|starting) to (?:pass out|faint|black out)",
    ),
    *_p(
        "sick",
        0.72,
        r"(?:not|isn't|wasn't|ain't|stopped) acting (?:right|normal|normally|like (?:him|her)self)",
        r"(?:doesn't|don't|didn't) (?:know|remember) (?:where (?:he|she) is|what day it is|who (?:i am|we are|he is|she is)|(?:his|her) own name)",
        r"(?:not|isn't|doesn't) mak(?:e|ing) (?:any )?sense",
    ),
    *_p(
        "suspicious",
        0.8,
        r"(?:won't|refuses to|wouldn't|will not|refusing to|doesn't want to) leave (?:the|my|our|this)? ?(?:\w+ )?(?:store|restaurant|bar|property|building|lobby|office|shop|hotel|premises|house|porch|yard|apartment)",
        r"(?:customer|guy|man|woman|person|patron|patient|guest|lady) (?:is |keeps )?(?:refusing|refuses|won't|will not) (?:to )?leave",
    ),
    *_p(
        "crash",
        0.87,
        r"ran (?:a|the|that|through (?:a|the)) (?:\w+ )?(?:red light|stop ?sign|light) and (?:\w+ ){0,2}(?:hit|smashed|slammed|crashed|t-?boned)(?: \w+)?",
        rf"{_CYCLE}(?: \w+){{0,3}} (?:down|went down|wiped out|laid (?:it|his bike|her bike) down|slid|skidded)",
    ),
    *_p(
        "trapped",
        0.9,
        r"(?:fell|fallen|slipped|slid|rolled|went) (?:off|down|over|from|into|in) (?:of )?(?:a|an|the|this|that|some) (?:\w+ )?(?:cliff|ravine|gorge|canyon|embankment|waterfall|well|bluff|quarry|sinkhole|manhole|mine ?shaft|crevasse|trench|pit|hole)",
        r"(?:hiker|climber|skier|hiking|climbing)(?: \w+){0,5} (?:broke|broken|hurt|injured|twisted|fell|fallen|can't walk)(?: \w+){0,4}? (?:trail|mountain|ridge|canyon|summit|woods|slope|peak)",
        r"(?:broke|broken|hurt|injured|twisted)(?: \w+){0,4} (?:up )?on (?:the|a) (?:\w+ )?(?:trail|mountain|ridge|summit|slope|peak)",
    ),
    *_p(
        "fire",
        0.82,
        r"(?:wires?|power ?lines?|lines?|pole|transformer|outlet|breaker box|cable)(?: \w+){0,6} (?:sparking|sparks|sparked|arcing|shooting sparks|burning|blew up|exploded)",
    ),
    *_p(
        "smoke_alarm",
        0.78,
        r"(?:water ?flow|sprinkler|pull station|fire panel|heat detector|smoke detectors?|co detector|detectors)(?: \w+){0,3} (?:alarm|going off|went off|activated|sounding|tripped|beeping|chirping)",
        r"(?:co|carbon monoxide|smoke|fire|heat) (?:\w+ )?(?:alarms?|detectors?)(?: \w+){0,2} (?:going off|went off|sounding|beeping|ringing|activated)",
    ),
    *_p(
        "animal",
        0.84,
        rf"{_BEASTS}(?: \w+){{0,4}} (?:on|in|crossing|all over|loose on|wandering (?:on|in|down)|running (?:down|on|in|across)|out on) (?:the )?(?:\w+ )?(?:road|roads|highway|street|freeway|interstate|lanes?)",
        r"(?:bat|raccoon|squirrel|bird|possum|opossum|skunk|snake|rat|fox)s?(?: \w+){0,3} (?:in|inside|into) (?:my|our|the) (?:\w+ )?(?:house|home|bedroom|attic|kitchen|garage|apartment|chimney|basement|room|yard)",
    ),
    *_p(
        "information",
        0.9,
        r"(?:accident|police|incident|crash|theft|fire) report(?! (?:a|an|of))",
        r"(?:a |my |the )?cop(?:y|ies) of (?:my|a|the|that) (?:\w+ )?report",
        r"is it (?:legal|illegal|okay|ok|allowed|against the law)(?: for (?:me|us|them|people))? to|are (?:we|you|people) allowed to|burn permit|can (?:i|we) burn",
        r"(?:can|could) you tell me (?:if|when|what time|whether|how|where i can)|do you know (?:if|when|what time|whether) (?:the|they|school|it)",
    ),
    *_p(
        "information",
        0.72,
        r"(?:no|don't have|haven't had|lost|out of|without) (?:any )?(?:hot water|water pressure|heat|power|electricity|internet|cable|air conditioning)(?! (?:line|pole|tool|stroke|exhaust))",
        r"(?:dumped|dumping|left|threw)(?: \w+){0,4} (?:trash|garbage|furniture|mattress|tires|couch)|illegal dumping",
        r"found (?:a|somebody's|someone's) (?:wallet|purse|phone|license|credit card|set of keys)",
    ),
    *_p(
        "noise",
        0.84,
        r"(?:upstairs|downstairs|next door|neighbou?rs?|tenants|people|kids)(?: \w+){0,4} (?:too|so|really|very|being|extremely) (?:\w+ )?(?:loud|noisy)",
    ),
    *_p(
        "dispute",
        0.84,
        r"(?:car|truck|van|suv|vehicle|somebody|someone|neighbou?r|guy|they)(?:'s)?(?: \w+){0,3} (?:blocking|parked in front of|blocked|parked across) (?:my|our|the) (?:\w+ )?(?:driveway|garage|alley|dumpster)",
        r"neighbou?r's (?:tree|fence|bush|hedge|leaves|branches)(?: \w+){0,5}",
    ),
)
