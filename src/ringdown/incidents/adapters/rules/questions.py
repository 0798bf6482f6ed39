"""What the call-taker asked, and whether the caller has answered it. Pure.

A question stays open until something answers it: a value heard since for its field, a yes or a no,
or words that speak of the same. "I don't know" answers for a while; then it may be asked again.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.dialogue import affirms, denies, opening, unsure
from ringdown.incidents.adapters.rules.lexicon import STOP
from ringdown.incidents.adapters.rules.person_words import NUMBER
from ringdown.incidents.adapters.rules.phrases import compiled
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line
from ringdown.incidents.ports import Evidence, Proposal, Question
from ringdown.incidents.questions import Topic
from ringdown.spoken.vocabulary import word_set

TOPICS: Final[tuple[tuple[Topic, str], ...]] = (
    (
        "type",
        (
            r"what's going on|what is going on|what(?:'s| is)? ?happen(?:ed|ing)|what exactly|what(?:'s| is| was) (?:the|your) (?:emergency|problem|nature|issue)|nature of|"
            r"what's wrong|what is wrong|how can i help|what can i do for you|police,? fire,? or|what do you need|why do you need|what are you reporting|what(?:'s| is) it (?:about|for|regarding)|"
            r"what did (?:he|she|they) do|what kind of (?:emergency|problem)|911 what"
        ),
    ),
    (
        "other",
        (
            r"where (?:are|is|did|was|were) (?:you|he|she|they) (?:\w+ )?(?:bleeding|hurt|hurting|shot|bit|bitten|injured|stabbed|going|headed)|"
            r"where(?:'s| is| are|'re) (?:he|she|they|the (?:guy|man|woman|suspect|person|patient|shooter|driver)|your (?:husband|wife|son|daughter|mom|dad|mother|father|boyfriend|girlfriend|ex))\b"
        ),
    ),
    (
        "location",
        (
            r"address|^where\b(?! (?:did|does|do) (?:he|she|they|it)\b)|where(?:'s| is| are|'re| was| were)(?: exactly)? (?:you|this|that|it|they|the|your|located|happening)\b|(?:tell me|know|tell us) (?:exactly )?where|"
            r"location|located|cross street|"
            r"what (?:street|road|city|town|county|exit|intersection|highway|building|floor|apartment|unit|room)|(?:apartment|unit|house|room|suite|lot) number|"
            r"which (?:street|road|exit|building|floor|apartment|way into)|landmark|mile marker"
        ),
    ),
    (
        "callback_number",
        (
            r"(?:phone|cell|telephone|contact|call ?back|call-back|cellphone) number|number (?:you're|you are|i can|we can|to call|that you|for you|are you)|your number|"
            r"what(?:'s| is) (?:a |the |your )?(?:good |best )?number|reach you|area code|what number|call ?back"
        ),
    ),
    (
        "relation",
        r"relation|relationship|related|do you know (?:him|her|them|the)|how do you know|who is (?:he|she) to you|are you (?:family|with (?:the patient|him|her)|the patient|the victim|the one|the owner|involved|an employee)|did you (?:see|witness)|do you work|were you involved",
    ),
    (
        "age",
        r"how old|(?:his|her|your|their|the) ages?|what age|date of birth|birth ?date|birthday",
    ),
    (
        "name",
        r"(?:your|his|her|their|the|last|first|full) names?|name's|what's the name|who am i (?:speaking|talking)|who's calling|who is calling|spell (?:that|your|his|her|the)",
    ),
    (
        "direction",
        r"which way|(?:what|which) direction|direction of travel|where(?:'d| did) (?:he|she|they) (?:go|run)|which direction|(?:headed|heading|going) (?:which|what)",
    ),
    (
        "vehicles",
        r"(?:car|truck|vehicle|van|suv) look(?:s|ed)? like|(?:make|model)\b|(?:what|which) (?:kind|type|color|colour|year|make)(?: of)?(?: \w+)? (?:car|truck|vehicle|van|suv)|(?:what|which) (?:color|colour) (?:is|was) (?:the|it)|license|licence|plates?|tag number|describe the (?:car|truck|vehicle|van)|(?:is|was|were) (?:he|she|they) (?:in a|driving)|(?:vehicle|car) description|driving",
    ),
    (
        "persons",
        r"look(?:s|ed)? like|describe|description|wearing|what race|(?:white|black|hispanic)(?:,)? (?:white|black|or|hispanic)|how tall|how much does|male or(?: a)? female|man or(?: a)? woman|(?:what|which) color (?:shirt|hair|hoodie|jacket|pants|clothes)|hair color|tattoos|how many (?:of them|suspects|guys|men|people (?:are )?(?:there|fighting|outside))",
    ),
    ("weapons", r"weapons?|armed|guns?|firearms?|knife|knives"),
    ("breathing", r"breathing|breathe|breaths?"),
    (
        "conscious",
        r"awake|conscious|unconscious|responding|responsive|alert|talking to you|able to talk|wake (?:him|her|them) up|eyes open",
    ),
    (
        "safety",
        r"(?:you|everyone|everybody|they) (?:\w+ )?safe|safe (?:place|location|spot|distance|right now|now)|out of the (?:house|building|car|room)|outside (?:now|of)|are you (?:inside|outside|in danger|alone|able to (?:leave|get out))|can you (?:get out|leave|get away|get somewhere|lock)|is everyone out|is everybody out|everybody out",
    ),
    (
        "hazards",
        r"hazards?|dangerous|any(?:thing)? (?:fire|smoke|flames|wires|leak\w*|fluids|gas|dogs?|animals|pets|chemicals)|(?:power lines?|wires) down|leaking|(?:is|are) (?:he|she|they|the (?:guy|person|suspect|man)) (?:still|there)|smell (?:any )?(?:gas|smoke)|see (?:any )?(?:smoke|flames|fire)|in the roadway|blocking|has (?:he|she) been drinking|alcohol or drugs|drugs or alcohol",
    ),
    (
        "victims",
        r"(?:hurt|injured|injuries|injury|trapped|wounded)|how many (?:people|patients|victims|kids|children|are)|any(?:one|body)(?: else)? (?:\w+ )?(?:inside|in there|in the|in it|sick|with you|need)|need (?:an ambulance|medical|paramedics|a medic|ems)|where (?:is|are) (?:he|she|you|they) (?:bleeding|hurt|shot|injured)|bleeding|medical attention",
    ),
    ("emergency", r"is (?:this|it) (?:an|a) emergency|do you have an emergency|emergency or non"),
)
"""What is asked about, by the words of the question; the first that fits."""
_ASKING: Final = (
    r"what|where|who|which|when|why|how|is|are|was|were|do|does|did|can|could|has|have|any|anyone|anybody|tell me|"
    r"give me|i need|i'll need|we need|let me get|let me have|confirm|verify|repeat|spell|what's|where's|who's|how's|and (?:what|where|is|are|your|the|how|do|does|did)|"
    r"your|male or|police fire|license|phone number|address|location|age|make and|name|last name|first name"
)
_LEAD: Final = word_set(
    "okay ok alright all right um uh so and now sir ma'am well yes yeah hi hello 911 nine one one county city fire police "
    "rescue emergency got it thank you thanks good i'm sorry"
)
_EMPTY: Final = compiled(
    r"(?:are you (?:still )?there|can you hear me|hello|okay|ok|all right|alright|you know|understand|do you understand|"
    r"are you still (?:with me|on the line|here)|can you hold(?: on)?(?: please)?|can i put you on hold|hold on|stay on the line|you there|sir|ma'am|right|correct|is that (?:right|correct))"
)
_BACK: Final = compiled(
    r"(?:what|huh|hello|excuse me|pardon|what's that|say that again|i'm sorry|sorry|what do you mean|can you hear me)"
)
_ANSWERS: Final[dict[Topic, str]] = {
    "breathing": r"breathing|breathe|breaths?|breath|gasping|wheezing|no pulse|cpr|air",
    "conscious": r"awake|conscious|unconscious|passed out|talking|responding|responsive|respond|moving|eyes|wake|woke|out cold|mumbling",
    "safety": r"anybody|anyone|nobody|going out|getting out|coming out|all out|safe|outside|inside|locked|hiding|hid|out of|i'm in|we're in|bathroom|bedroom|neighbor's|i'm at|everyone's out|everybody's out|we got out|we're out|in my car|alone",
    "age": rf"{NUMBER}(?: years| months| weeks)?|twenties|thirties|forties|fifties|sixties|seventies|eighties|elderly|teenager|adult|[1-9]0s|nineteen \w+",
    "direction": r"north\w*|south\w*|east\w*|west\w*|toward|towards|down|up|left|right|into|behind|that way|through|away",
    "name": r"name is|name's|my name|this is|it's|i'm",
    "victims": r"hurt|okay|fine|bleeding|injur\w+|nobody|everybody|everyone|no one|trapped|inside|(?:one|two|three|four|five|six|\d+)|alone|just me|me|head|leg|arm",
    "hazards": r"went|ran|room|outside|inside|upstairs|downstairs|drove|took off|left|gone|still|here|wires?|smoke|flames?|fire|leaking|dogs?|gas|drunk|drinking|drugs|nothing|blocking",
    "weapons": r"weapons?|guns?|knife|hands|fists|bat",
    "persons": r"white|black|hispanic|male|female|man|woman|shirt|jacket|hoodie|pants|tall|short|hair|jeans|two|three|one|didn't see",
    "vehicles": r"car|truck|van|suv|sedan|plate|white|black|red|blue|silver|gray|on foot|walking|didn't get",
    "relation": r"my|his|her|friend|neighbor|stranger|work|manager|saw|mother|son|daughter|wife|husband",
    "emergency": r"emergency|non-emergency|not really|urgent",
}
_STAY: Final = word_set(
    "location callback_number type victims weapons hazards persons vehicles relation emergency "
    "breathing conscious"
)
"""Topics that stay open for a while after somebody said not to know."""
_YES_OR_NO: Final = frozenset(
    [
        "breathing",
        "conscious",
        "safety",
        "victims",
        "hazards",
        "weapons",
        "relation",
        "emergency",
        "other",
        "persons",
        "vehicles",
    ]
)
KEPT: Final = 60
"""Claims kept of lines that have left the window, the latest ones."""
UNSURE_MS: Final = 60_000
"""How long somebody who does not know is taken at their word."""


@dataclass(frozen=True, slots=True)
class AskClaim:
    """One line's word on a topic: asked, answered, or answered with "I don't know"."""

    topic: Topic
    deed: str
    """`asked`, `answered` or `unsure`."""
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]


def claims_of(line: Line, before: Sequence[Line]) -> list[AskClaim]:
    """What `line` asks or answers, given the lines before it."""
    if line.side == CALL_TAKER:
        return _asked(line)
    if line.side != CALLER or not line.tokens:
        return []
    return _answered(line, before)


def kept(claims: Sequence[AskClaim]) -> tuple[AskClaim, ...]:
    """The latest claims, so that memory stays bounded."""
    return tuple(claims[-KEPT:])


def _asked(line: Line) -> list[AskClaim]:
    claims: list[AskClaim] = []
    for first, last in _sentences(line):
        topic = _topic(line, first, last)
        if topic is not None and all(claim.topic != topic for claim in claims):
            sure = line.sureness(first, last)
            claims.append(AskClaim(topic, "asked", sure, (line.evidence(first, last),), line.order))
    return claims


def _sentences(line: Line) -> Iterable[tuple[int, int]]:
    first = 0
    for at, token in enumerate(line.tokens):
        if token.ends_sentence or at == len(line.tokens) - 1:
            yield first, at
            first = at + 1


def _topic(line: Line, first: int, last: int) -> Topic | None:
    """What a sentence of the call-taker asks about, or None where it asks nothing."""
    tokens = line.tokens[first : last + 1]
    start = 0
    while start < len(tokens) - 1 and tokens[start].text in _LEAD:
        start += 1
    said = " ".join(token.text for token in tokens[start:])
    marked = tokens[-1].question
    tag = compiled(_TAG).search(said) if marked else None
    if tag is not None and tag.start() > 0 and not compiled(_ASKING).match(said):
        # "…, okay?" makes no question of what stands before it.
        said, marked = said[: tag.start()].strip(), False
    if not said or _EMPTY.fullmatch(said):
        return None
    asking = compiled(_ASKING).match(said) is not None
    if not (marked or asking):
        # Without any punctuation, a question may stand behind other words.
        bare = not any(token.ends_sentence for token in line.tokens)
        inside = compiled(_INSIDE).search(said) if bare else None
        if inside is None:
            return None
        said = said[inside.start() :]
    if compiled(_TELLS).match(said):
        return None
    if not marked:
        said = said[:_REACH]
    for topic, pattern in TOPICS:
        if compiled(pattern).search(said):
            return topic
    return "other" if marked and len(tokens) - start >= _LONG_ENOUGH and asking else None


_TAG: Final = r"(?:okay|ok|all right|alright|right|you know|you understand|understand|please)$"
_TELLS: Final = r"what (?:i|we) (?:want|need|would|am|are)|what i'm|what we're|what i'll|i need (?:you )?to|is (?:going|gonna)|are (?:going|on)|do not|do me"
"""Beginnings of a question's kind that tell something instead."""
_INSIDE: Final = (
    r"(?:what's|where's|what is|where is|where are|how old|how many|is he|is she|are you|do you|did you|does he|does she|"
    r"is there|are there|is anyone|is anybody|tell me|can you tell me|which way)"
)
_REACH: Final = 60
_LONG_ENOUGH: Final = 3


def _answered(line: Line, before: Sequence[Line]) -> list[AskClaim]:
    """The topics that a line of the caller answers, of those asked in the lines before."""
    said = " ".join(token.text for token in line.tokens)
    if _BACK.fullmatch(said):
        return []
    open_now: dict[Topic, bool] = {}
    nearest = next((each for each in reversed(before) if each.side == CALL_TAKER), None)
    direct = nearest is not None and bool(before) and before[-1] is nearest
    for earlier in before:
        if earlier.side == CALL_TAKER:
            for claim in _asked(earlier):
                open_now[claim.topic] = earlier is nearest
    claims: list[AskClaim] = []
    short = (
        affirms(line)
        or denies(line)
        or opening(line) in {"none", "nobody", "nothing", "barely", "hardly", "sort", "kind"}
        or compiled(_ECHO).search(said) is not None
    )
    last = len(line.tokens) - 1
    for topic, just in open_now.items():
        deed = ""
        if just and unsure(line) and not (short and topic in _YES_OR_NO):
            deed = "unsure"
        elif just and direct and (topic == "other" or _part_of_place(nearest, line, topic)):
            deed = "answered"
        elif topic == "type":
            deed = (
                "answered"
                if just and len(line.tokens) >= _LONG_ENOUGH and not _asks_back(line)
                else ""
            )
        elif (
            (topic == "name" and just and direct and len(line.tokens) <= _NAME_LENGTH and not short)
            or (topic == "name" and just and compiled(_REFUSES).search(said))
            or (just and short and topic in _YES_OR_NO)
            or (
                topic in _ANSWERS
                and (just or topic in {"breathing", "conscious"})
                and compiled(_ANSWERS[topic]).search(said)
            )
        ):
            deed = "answered"
        if deed:
            evidence = (line.evidence(0, last),)
            claims.append(AskClaim(topic, deed, line.sureness(0, last), evidence, line.order))
    return claims


def _part_of_place(asked: Line | None, line: Line, topic: Topic) -> bool:
    """As in "uh, Maple" to "what's the cross street?": no place of its own, yet an answer."""
    if topic != "location" or asked is None or len(line.tokens) > _NAME_LENGTH:
        return False
    question = " ".join(token.text for token in asked.tokens)
    names = [token.text for token in line.tokens if token.text not in STOP | _NO_NAME]
    return compiled(_PARTS).search(question) is not None and bool(names)


_PARTS: Final = r"cross street|apartment|unit|city|town|county|floor|building|room|exit|landmark|(?:which|what) (?:street|road|side|way)"
_NO_NAME: Final = frozenset(["hurry", "help", "second", "minute", "moment", "what", "huh", "god"])
_ECHO: Final = (
    r"^(?:um |uh |well |no |yeah )*(?:i (?:don't |do not |didn't )?(?:think|believe|guess|hope) so|not that i|not yet|not really|i'd rather not|i don't want to say|i'm not (?:saying|telling))|"
    r"(?:he|she|they|it|them|we|i|somebody|someone|everybody|everyone) (?:is|are|isn't|aren't|does|doesn't|did|didn't|am|was|wasn't|has|hasn't|do|don't)$|"
    r"(?:so yeah|so yes|so no|yeah|yes|i (?:do not |don't |didn't )?(?:think|believe|guess|hope) so|i (?:think|guess)|not really|a little|a little bit)$"
)
"""How a line ends that says yes or no in other words."""
_REFUSES: Final = r"rather not|don't want to (?:say|give)|anonymous|not (?:saying|telling|giving)"
_NAME_LENGTH: Final = 6


def _asks_back(line: Line) -> bool:
    return line.tokens[-1].question


def resolve(
    claims: Sequence[AskClaim], proposals: Sequence[Proposal], now_ms: int
) -> list[Question]:
    """What is asked and not answered yet, in the order asked; one question for each topic."""
    asked: dict[Topic, AskClaim] = {}
    for claim in sorted(claims, key=lambda claim: claim.order):
        held = asked.get(claim.topic)
        if claim.deed == "asked":
            asked.pop(claim.topic, None)
            asked[claim.topic] = claim
        elif held is not None and held.order < claim.order:
            stays = claim.deed == "unsure" and claim.topic in _STAY
            if not stays or now_ms - claim.order[1] > UNSURE_MS:
                del asked[claim.topic]
    heard: dict[str, int] = {}
    for proposal in proposals:
        for each in proposal.evidence:
            if each.side == CALLER:
                heard[proposal.field] = max(heard.get(proposal.field, -1), each.start_ms)
    return [
        Question(topic, claim.evidence)
        for topic, claim in asked.items()
        if heard.get(topic, -1) < claim.order[0]
    ][-_MOST:]


_MOST: Final = 8
