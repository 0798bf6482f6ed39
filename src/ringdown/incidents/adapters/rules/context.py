"""How a phrase is meant: said outright, denied, supposed, long past, told, played or drilled. Pure.

The words "he has a gun" say one thing, "he has a gun in the movie" another. Each phrase found gets
one stance, by the words around it in its sentence and, for drills, by the lines before it. When
nothing speaks for another stance a phrase is meant: what is doubtful stays a person's business.
"""
# ruff: noqa: E501 - a pattern reads best on one line

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ringdown.incidents.adapters.rules.dialogue import sentence
from ringdown.incidents.adapters.rules.tokens import Line, Token

Stance = Literal[
    "meant", "reported", "uncertain", "recent",
    "denied", "supposed", "asked", "past", "told_in_media", "fiction", "drill", "figure",
]  # fmt: skip
DISCOUNTED: Final[frozenset[Stance]] = frozenset(
    ["denied", "supposed", "asked", "past", "told_in_media", "fiction", "drill", "figure"]
)
"""Stances in which a phrase says nothing of what happens here and now."""
WEIGHTS: Final[dict[Stance, float]] = {
    "meant": 1.0,
    "reported": 0.85,
    "uncertain": 0.8,
    "recent": 0.5,
}
"""How much a phrase counts for a danger that lasts; those not named count for nothing."""


def words(text: str) -> frozenset[str]:
    """A set of words written as one text."""
    return frozenset(text.split())


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(patterns)})(?![\w'])")


_WORK: Final = r"(?:movie|film|tv show|show|series|episode|(?:video|computer|board) games?|song|novel|book(?! ?(?:store|shop|bag|case))|sitcom|cartoon|music video|podcast|skit|commercial|(?:movie|film) trailer|dream|nightmare|play(?! ?(?:area|ground|room|pen)))"
_IN_FICTION: Final = _any(
    rf"(?:in|from|of) (?:a|an|the|this|that|some|my|his|her) (?:\w+ )?{_WORK}(?! (?:theaters?|theatres?|house|room|store|tickets?|of mine))",
    rf"(?:it's|it is|it was|that's|that was|this is|this was|was) (?:just |only |all )*(?:a|an|the|from|on|in|my|his|our|for)(?: (?:a|the|my|his))? (?:\w+ )?(?:{_WORK}|tv|television|movies|prop|costume|decoration|toy|joke|prank)(?! (?:theater|theatre|store|stand))",
    r"(?:watching|reading|writing|filming|making|playing|seen|saw) (?:\w+ ){0,3}?(?:movie|film|show|novel|book|script|scene|game|series|episode) (?:where|about|in which|with|called|and (?:the|this) (?:guy|character|killer|bad guy))",
    r"(?:on|from) (?:netflix|youtube|tiktok|the playstation|the xbox)|on (?:the |my |his |her |our )?(?:tv|television|screen)(?! stand)",
    r"(?:the |that |this |a )?(?:lyrics?|song|chorus|poem|quote) (?:that )?(?:goes|says?|called|from|is|was|about|like)|(?:a|that|the|just a) line (?:from|in) (?:a|the|that|this)|quoting|title of",
    r"call of duty|fortnite|grand theft auto|(?:plays?|playing|in) (?:\w+ ){0,2}?video games?|the game i|in (?:a|this|my|his) game",
    r"(?:toy|fake|plastic|prop|water|squirt|nerf|foam|rubber|cap|paintball|airsoft|imaginary|pretend|laser tag|stage|costume) (?:\w+ )?(?:gun|guns|knife|knives|sword|rifle|pistol|weapon|blood|bomb|body|noose)",
    r"halloween (?:\w+ )?(?:costume|decorations?|prop)|cosplay|mannequin|actors?|actress|acting class|stunt|rehears\w+|school play|film crew|movie set|on set",
    r"(?:just|only) pretending|playing (?:cops|dead|pretend)|a character|make[- ]believe|just acting",
)
_DRILL: Final = _any(
    r"(?:this is|it's|it is|this was|it was|that was|that's|just|only|was just|were just) (?:just |only )*(?:a|an|the|our|part of (?:a|an|the|our)|for (?:a|an|the)) (?:\w+ ){0,3}?(?:drill|exercise(?! (?:class|room|bike|ball|machine))|simulation|rehearsal|mock \w+|practice run|test(?:ing)?|scenario)",
    r"exercise exercise|drill drill|test test|testing (?:the|our|my) \w+",
    r"(?:we're|we are|i'm|i am|they're|they are|school is|we'll be|we will be|department is) (?:just |only |doing |running |having |holding |conducting |going to (?:be )?(?:have|having|doing|do|run|running) )+(?:a|an|the|our|some) (?:\w+ ){0,3}?(?:drills?|exercise|simulation|training|test|scenario)",
    r"(?:for|as part of) (?:a|an|our|the) (?:\w+ ){0,2}?(?:training exercise|training class|drill|practice run|first aid class|cpr class|training scenario)",
    r"simulated|simulating|a mock|(?:practicing|practising) (?:cpr|calling|our|a|an|for (?:a|an)) ?(?:drill|lockdown|emergenc(?:y|ies)|911|response)?",
)
_BACK: Final = _any(r"(?:and|but|so) (?:now|then)|now (?:he|she|they|i|there)(?:'s|'re|'m)?")
"""Words that lead from a film or a game back to the room."""
_FIGURE: Final = _any(
    r"(?:shot|shoot|shooting|shoots) (?:me |him |her |us |them |you )?(?:an? |the )?(?:\w+ )?(?:text|email|e-mail|message|look|glance|note|breeze)",
    r"shooting (?:pains?|stars?|hoops|baskets?|pool|dice|craps|photos?|pictures|(?:a |the )?(?:music )?(?:videos?|movie|film|commercial|scene)|range|guard|blanks|darts|skeet|clays?)",
    r"stabbing (?:pains?|headaches?|sensations?|feeling|ache)|(?:flu|covid|tetanus|allergy|rabies|vaccine|booster|jello|whiskey|tequila|espresso|cortisone|mug|head|long|cheap|free|foul|jump|insulin|cheap) shots?|shots? of (?:\w+ )?(?:whiskey|tequila|vodka|espresso|rum|fireball|novocaine|cortisone)",
    r"drown(?:ing)? in (?:\w+ )?(?:paper|paperwork|debt|bills|work|emails?|laundry|homework|sorrows?|calls)",
    r"(?:traffic|parking|humidity|heat|line) (?:is|was|here is)? ?(?:\w+ )?(?:murder|killing (?:me|us)|brutal)",
    r"(?:stuck|trapped|caught) in (?:\w+ )?(?:traffic|meeting|contract|lease|marriage|relationship|rut|line)",
    r"(?:market|stocks?|computer|website|system|server|app|laptop|economy|prices)(?:'s| has| just| keeps)* (?:crash\w*|died)",
    r"bomb (?:cook|food|party|shell)|the bomb$|(?:photo|bath|cherry) bombs?",
    r"overdos\w+ (?:on|of) (?:\w+ )?(?:sunshine|sugar|chocolate|cuteness|candy|tv|television|love|news)",
    r"(?:deadlines?|job|work|debt|bills|taxes|rent|heat|humidity|paperwork|inflation|traffic)(?:'s| is| are)? (?:strangl|chok|smother|suffocat|drown|kill)\w*",
    r"laugh\w* (?:so|too) (?:hard|much)(?: \w+){0,4}|(?:scared|bored|starved|tickled|worried|freezing|embarrassed|talked) (?:me |us |half )?to death",
    r"(?:nearly|almost|about|practically) (?:had|have) a (?:heart attack|stroke) (?:when|over|at)",
    r"dead (?:battery|batteries|line|zone|end|tired|phone|tree|grass|lawn|weight|heat|spot)|(?:phone|battery|line|cell|laptop|engine|radio|remote)(?:'s| is| went| was)? (?:completely |about )?(?:dead|dying|died)",
)
"""Ways of speaking in which nobody is hurt."""
_DRILLED: Final = _any(
    r"drills?|exercises?|training|class|classes|seminar|policy|plan|certification|certified|course|awareness|prevention|hotline|statistics|museum|documentary|movie|song|video|game|scene|simulation"
)
"""Words right after a phrase that make it a name: "active shooter training"."""
_REAL: Final = _any(
    r"(?:not|isn't|no|ain't) (?:just )?(?:a |an |the |any |some )?(?:drill|exercise|joke|test|movie|prank|game|toy|tv show|dream)",
    r"really|actually|for real|real|in real life|seriously|an actual",
)
_MEDIA: Final = _any(
    r"(?:on|in|from|over) (?:the |my |a |our )?(?:\w+ )?(?:news|radio|scanner|newspaper)",
    r"(?:read|saw|seen|heard|watching|watched) (?:about |that |the |a |an |this |it )*(?:\w+ )?(?:news|article|headlines?|documentary)|(?:read|reading) about|(?:article|documentary|headline)s? (?:on|about)|newspaper (?:says?|said|had)",
)
_FAR: Final = _any(
    r"(?:years?|months?|weeks|decades?) (?:ago|back)",
    r"last (?:year|month|summer|winter|spring|fall|christmas|thanksgiving|january|february|march|april|may|june|july|august|september|october|november|december|time)",
    r"when (?:i|he|she|we|they) (?:was|were) (?:\w+ )?(?:little|young|younger|a kid|a child|kids|growing up|\d+|five|six|seven|eight|nine|ten|twelve|sixteen|in (?:school|high school|college|the army|the service|vietnam|iraq|prison|jail))",
    r"used to|back in (?:the (?:\w+ties|day|war|army)|\d\d\d\d|nineteen|two thousand|twenty (?:ten|\w+teen))|(?:a |his |her |my |the )?(?:family |medical |past |whole )?history of|in the past|previously|formerly|as a (?:kid|child|teenager)|years back|the year before|in (?:19|20)\d\d|a long time ago|way back|in (?:vietnam|iraq|afghanistan)|during the war|in the war",
    r"remember when|anniversary|(?:had|has had) (?:a |one |some |them |it |\w+ )before",
)
_NEAR: Final = _any(
    r"yesterday|last (?:night|week|evening|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|the other (?:day|night|week)|(?:days?|a week|one week) ago|earlier (?:this|in the) week|this (?:past|last) (?:week|weekend)|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
)
_STILL: Final = _any(
    r"now|again|still|today|tonight|this time|but|currently|just|ever since|since|until|all night"
)
"""Words between a time long past and a phrase that bring the speech back to now."""
_SUBJECT: Final = _any(
    r"(?:i|he|she|they|we|you|it|there)(?:'s|'re|'m|'ll|'ve|'d)?|someone's|somebody's|who's"
)
_KIN: Final = _any(
    r"(?:my|his|her|our|the|this|a|some) (?:\w+ )?(?:mom|mother|dad|father|son|daughter|wife|husband|brother|sister|baby|man|woman|guy|kid|friend|neighbor|boyfriend|girlfriend|lady|boy|girl)"
)
_IF: Final = _any(r"if|in case|suppose|supposing|imagine|unless|pretend|hypothetically")
_KNOWING: Final = re.compile(
    r"(?:know|sure|tell|see|say|certain|ask|asking|check|checking|idea|wonder|wondering|out|remember|as|looks|look|sounds|acting|like|feels|even) if$"
)
_WOULD: Final = _any(
    r"(?:would|could|should) have (?:\w+ )?(?:been |got |gotten )?$",
    r"(?:would|could|should|might|must)'ve (?:been |got )?$|would (?:be |get |ever |never )*$|(?:would|could|can) (?:it|that|this|i|one|a person) (?:be |have |get )?(?:an? )?$",
    r"(?:what (?:happens|should i do|do i do) (?:if|when)|how (?:do|would|can) (?:you|i|one|people) (?:know|tell))(?: \w+){0,4} $",
)
_SOME_DAY: Final = _any(r"some ?day|one day|one of these days|eventually|down the road")
_ASKS: Final = _any(
    r"is there|was there|are there|were there|was that|has there been|have there been|how many|how much|how often|if there's|if there is|if there was|did (?:somebody|someone|anybody|anyone|they|he|she)|has (?:anybody|anyone|somebody|someone)"
)
_REPORTED: Final = _any(
    r"(?:neighbou?rs?|someone|somebody|they|he|she|friend|people|guy|lady|kid|kids|mom|dad|mother|father|son|daughter|husband|wife|boss|coworker|girl|boy|caller|customer|students?|sister|brother|roommate|tenant|employee|teacher|cousin|aunt|uncle) (?:just |is |was |had |has )?(?:said|says|saying|told|tells|telling|claims|claimed|reported|reports|called|texted|heard|thinks|thought)",
    r"(?:i|we) (?:just |was |were )?(?:been told|was told|were told|got told|got a (?:call|text))|according to|apparently|supposedly|allegedly|rumou?r",
)
_DOUBT: Final = _any(
    r"(?:don't|do not|didn't|not|can't|cannot) (?:really |even )?(?:know|sure|tell|certain) (?:if|whether|that)|might|may|maybe|possibly|not sure|could|i guess|sounded like|sounds like|looked like"
)
_NEGATORS: Final = words(
    "no not never nobody none without nothing neither nor cannot isn't aren't wasn't weren't don't "
    "doesn't didn't haven't hasn't hadn't ain't can't couldn't won't wouldn't noone"
)
_QUIET: Final = words(
    "know care hang worry understand stop stopped stand wait talk tell speak leave stay joke "
    "kidding joking sure lying only just crazy playing doubt idea matter lie way time longer put "
    "let drop drops give gives sleep from supposed stopping even okay ok listen listening "
    "calm"
)
"""After a denial these take it: "I can't stop", "no doubt"; nothing after them is denied."""
_QUIET_NOUN: Final = frozenset(["joke", "prank", "drill", "first", "game", "movie", "lie"])
_RAISING: Final = words("think believe see look seem appear feel say said want heard hear seen")
"""Verbs that hand a denial on: "I don't think he has a gun"."""
_STOPS: Final = words("but and because cause except so until if when or")
_REACH: Final = 6
_NOBODY: Final = _any(
    r"nobody(?:'s|'ll)?|no one(?:'s)?|noone|none of (?:them|us|the \w+)|neither of (?:them|us)|without|not a single|no (?!he|she|it|they|i|we|you|there|that|this|my|the)\w+ (?:is|are|was|were|got|has|have)|nothing (?:about|like)"
)
_BREAK: Final = _any(r"but|except|because|cause|and|so|until|if|when")
_TALKED: Final = _any(
    r"(?:didn't|did not|never|not|don't|isn't|wasn't) (?:say|said|saying|mean|like|that|tell you|claim)(?: (?:that|he|she|they|it|was|is|it's|he's|she's|someone))*$"
)
_ANSWER_NO: Final = re.compile(r"^(?:no|nope|nah|none|not that i)\b")


@dataclass(frozen=True, slots=True)
class Around:
    """The words of a sentence around a phrase, lower-case and joined by one space."""

    clause: str
    """Before the phrase, in its clause."""
    before: str
    """Before the phrase, in its sentence."""
    phrase: str
    after: str
    """After the phrase, in its sentence."""
    following: str
    """The next sentence."""
    question: bool


def around(line: Line, first: int, last: int) -> Around:
    """The words around tokens `first` … `last`."""
    tokens = line.tokens
    start, _ = sentence(tokens, first)
    _, end = sentence(tokens, last)
    clause = first
    while clause > start and not tokens[clause - 1].ends_clause:
        clause -= 1
    after_end = sentence(tokens, end + 1)[1] if end + 1 < len(tokens) else end
    return Around(
        _join(tokens[clause:first]),
        _join(tokens[start:first]),
        _join(tokens[first : last + 1]),
        _join(tokens[last + 1 : end + 1]),
        _join(tokens[end + 1 : after_end + 1]),
        tokens[end].question,
    )


def _join(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


_NARROW: Final = 14
"""Words to each side in which speech without full stops still speaks of the same thing."""


def stance(
    line: Line, first: int, last: int, before: Sequence[Line] = (), *, own_denial: bool = False
) -> Stance:
    """How the phrase at tokens `first` … `last` is meant; `before` are the lines before it.

    A phrase with a denial of its own ("not breathing") is not denied by the words before it, unless
    they speak of speaking: "I didn't say he's not breathing".
    """
    near = around(line, first, last)
    if _TALKED.search(near.clause) if own_denial else denied(near):
        return "denied"
    if _FIGURE.search(_near(near)):
        return "figure"
    return _played(line, near, before) or _thought(near) or _timed(near) or _told(near) or "meant"


def _near(near: Around) -> str:
    return f"{_last(near.before, 3)} {near.phrase} {_first(near.after, 5)}".strip()


def denied(near: Around) -> bool:
    """Whether the speaker says that it is not so."""
    if near.question and _ANSWER_NO.match(near.following):
        return True
    clause = _last(near.clause, _NARROW)
    for found in _NOBODY.finditer(clause):
        between = clause[found.end() :]
        if not _BREAK.search(between) and not _SUBJECT.search(between):
            return True
    said = clause.split()[-_REACH:]
    for back in range(len(said) - 1, -1, -1):
        if said[back] in _STOPS:
            return False
        if said[back] in _NEGATORS and _denies(said[back:]):
            return True
    return False


def _denies(said: Sequence[str]) -> bool:
    """Whether a denying word reaches over the words after it."""
    word, between = said[0], said[1:]
    nearby = between[:1]
    if nearby and nearby[0] == "a" and set(between[:2]) & _QUIET_NOUN:
        return False
    if nearby and nearby[0] in _QUIET:
        return False
    if nearby and nearby[0] in _RAISING:
        return word not in {"can't", "cannot", "couldn't"}
    if len(between) > _LONG and word != "never":
        return False
    return not _SUBJECT.search(" ".join(between))


_LONG: Final = 4
"""Words beyond which a denial has mostly run out."""


def _last(text: str, most: int) -> str:
    return " ".join(text.split()[-most:])


def _first(text: str, most: int) -> str:
    return " ".join(text.split()[:most])


def _played(line: Line, near: Around, before: Sequence[Line]) -> Stance | None:
    said = f"{_last(near.before, _NARROW)} {near.phrase} {_first(near.after, 10)}"
    if _DRILLED.fullmatch(near.after.split(" ", 1)[0]):
        return "drill"
    if _REAL.search(said):
        return None
    played = _IN_FICTION.search(said)
    if played and not _BACK.search(said[played.end() :]):
        return "fiction"
    if _drilled(line, before):
        return "drill"
    return "told_in_media" if _MEDIA.search(said) else None


def _drilled(line: Line, before: Sequence[Line]) -> bool:
    """Whether a drill was announced on this side of the call, and not taken back since."""
    for each in (line, *reversed(before)):
        if each.side != line.side:
            continue
        told = _join(each.tokens)
        if _DRILL.search(told):
            return not _REAL.search(told)
        if _REAL.search(told):
            return False
    return False


def _timed(near: Around) -> Stance | None:
    """Whether the sentence speaks of a time past and has not come back to now."""
    said: tuple[tuple[re.Pattern[str], Stance], ...] = ((_FAR, "past"), (_NEAR, "recent"))
    before, after = _last(near.before, _NARROW), _first(near.after, _NARROW)
    for pattern, kind in said:
        for found in pattern.finditer(before):
            between = before[found.end() :]
            fronted = len(before[: found.start()].split()) <= _FRONTED
            if not _STILL.search(between) and _subjects(between) <= fronted:
                return kind
        found = pattern.search(after)
        if found:
            between = after[: found.start()]
            if not _STILL.search(between) and not _subjects(between):
                return kind
    return None


_FRONTED: Final = 2
"""Words that may stand before a time said first: "and then last year he was shot"."""


def _subjects(text: str) -> int:
    return len(_SUBJECT.findall(text)) + len(_KIN.findall(text))


def _thought(near: Around) -> Stance | None:
    before = _last(near.before, 9)
    for found in _IF.finditer(before):
        if _KNOWING.search(before[: found.end()]):
            continue
        if len(_SUBJECT.findall(before[found.end() :])) <= 1:
            return "supposed"
    if _WOULD.search(f"{before} "):
        return "supposed"
    said = _last(near.before, 8)
    if _SOME_DAY.search(_first(near.after, 5)):
        return "supposed"
    asked = _ASKS.search(f"{said} {near.phrase}".strip())
    if asked and asked.start() < len(said) and not _subjects(said[asked.end() :]):
        return "asked"
    return None


def _told(near: Around) -> Stance | None:
    before = _last(near.before, _NARROW)
    if _REPORTED.search(before):
        return "reported"
    return "uncertain" if _DOUBT.search(_last(near.before, 7)) else None
