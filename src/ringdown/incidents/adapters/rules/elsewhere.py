"""Whose place a mention is: where help is needed, somebody's home, or where somebody went. Pure."""

import re
from typing import Final, Literal

from ringdown.incidents.adapters.rules.dialogue import sentence
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.tokens import Line, Token

Bearing = Literal["here", "meant", "plain", "home", "other", "gone"]
"""`here`: said to be where it happens. `meant`: asked for as that. `plain`: nothing is said.
`home`: where the caller lives, which is often the same. `other`: another's home, or where
something was. `gone`: where somebody went, came from or was long ago, or a place in a story; that
is never the place by itself."""

_WHO: Final = (
    r"(he|she|they|he's|she's|they're|who|guys?|man|men|woman|suspects?|kids?|boys?|girls?|dude|"
    r"driver|person|people|somebody|someone|husband|boyfriend|wife|girlfriend|brother|son|ex)"
)
_WENT: Final = (
    r"(ran|run|runs|running|fled|fleeing|took off|taken off|walked|walking|left|headed|heading|"
    r"went|going|goes|drove|driving|drives|got away|escaped|turned|sped|speeding|rode|riding|"
    r"chased|followed|moved|flew|taking|take|took|bring|bringing|brought)"
)
_TOWARDS: Final = r"(to|toward|towards|for|down|up|through|behind|along)"
_GONE_BEFORE: Final = re.compile(
    rf"\b{_WHO}( \S+){{0,3}} {_WENT}( \S+){{0,4}} {_TOWARDS}( the| a| my| our)?$"
    rf"|\b(last seen|{_WHO} (just )?left)( \S+){{0,3}}$"
    r"|\b(coming|came|come|comes|drove|driving|traveling|travelling|flew|moved|visiting|here) "
    r"from( the)?$"
    r"|\b(i'm|he's|she's|they're|we're|are|is|am|originally) (originally )?from( the)?$"
    r"|\b(on|in|to) (my|his|her|their|our) way to( the)?$"
    r"|\b(take|taking|took|transport|get|bring) (him|her|me|them|us) to( the)?$"
    r"|\b(student|teacher|nurse|doctor|manager|patient|bought|buys?|shops?|plays?|played|"
    r"graduated|enrolled|school|account|job|meeting|appointment)( \S+){0,2} (at|from|in)( the)?$"
    r"|\b(grew up|born|raised) (in|at|on|near)( the)?$"
)
_GONE_AROUND: Final = re.compile(
    r"\b(used to (live|be|work|stay|own)|facebook|instagram|on tv|on the news|the movie|the show|"
    r"the song|years ago|last (year|month|week|summer|winter)|when i was a kid)\b"
)
_OTHER_BEFORE: Final = re.compile(
    rf"\b({_WHO}|mother|father|mom|mother's|dad|sister|uncle|aunt|cousin|friend|neighbor|grandma|"
    r"grandmother|grandpa|grandfather|daughter|roommate|parents|landlord|boss)( \S+)? "
    r"(lives?|works?|stays?|lived|worked|stayed|staying|living|working)( \S+){0,2}$"
    r"|\b(i|we|i've) (work|worked|just left|left)( \S+){0,2}$"
    r"|\b(he|she|they|i|we|it) (was|were|had been|have been|been) (just |still |over |down )?"
    r"(at|in|on|by)( the)?$"
    r"|\b(mailing|billing|home|work|old|other|permanent|his|her|their) address (is|was)( at)?$"
    r"|\b(registered|registration|license says|warrant)( \S+){0,3}$"
)
_HOME_BEFORE: Final = re.compile(
    r"\b(i|we) (live|stay|reside)( \S+){0,2}$"
    r"|\b(i'm|we're|i am|just) calling (you )?from( \S+)?$"
    r"|\bmy (home |own |house |mailing |billing )?address is( at)?$"
)
_ASKS_HERE: Final = re.compile(
    r"\b(emergency|accident|fire|crash|wreck|incident|happening|happened|happen|scene|patient|"
    r"victim|right now|you now|is (it|this|that|he|she)|they (at|now))\b"
)
_ASKS_HOME: Final = re.compile(
    r"\b(your (own |home |house |mailing |current )?address|home address|where do you live|"
    r"where you live|your (house|home)|calling from)\b"
)
_PARTS: Final = frozenset(["but", "now", "tonight", "today"])
_HERE_BEFORE: Final = re.compile(
    r"\b(i'm|we're|i am|we are|happening|happened|emergency is|(fire|accident|crash|wreck|fight|"
    r"shooting|car|body|guy|man|woman|he|she|they|it) (is|are|was)|it's|he's|she's|they're|there's|"
    r"crashed|wrecked|stuck|stranded|trapped|fell|fallen|jumped|drowning|sinking|collapsed|flipped|"
    r"laying|lying|send|come|need)( \S+){0,6}$"
)
_UNNAMED_WHERE: Final = re.compile(
    r"\bwhere('s|'d|'re)? (\S+ ){0,4}(go|goes|going|gone|went|run|ran|running|head|heading|headed|"
    r"live|lives|work|works|hit|shot|stabbed|cut|hurt|hurts|hurting|bleeding|pain|gun|knife|weapon|"
    r"from)\b"
)


def bearing_of(line: Line, mention: Mention) -> Bearing:
    """What the words before a mention in its sentence say of it."""
    tokens = line.tokens
    start, end = sentence(tokens, mention.first)
    before = " ".join(token.text for token in tokens[start : mention.first])
    around = _around(tokens, start, end, mention)
    clause = re.split(r"\b(?:but|now|so)\b", before)[-1]
    led = f"{clause} {tokens[mention.first].text}"
    for text in (clause, led):
        if _GONE_BEFORE.search(text):
            return "gone"
    if _GONE_AROUND.search(around):
        return "gone"
    for text in (clause, led):
        if _OTHER_BEFORE.search(text):
            return "other"
    if _HOME_BEFORE.search(clause):
        return "home"
    return "here" if _HERE_BEFORE.search(clause) else "plain"


def _around(tokens: tuple[Token, ...], start: int, end: int, mention: Mention) -> str:
    """The words of the part of a sentence that a mention stands in; "but" and "now" part it."""
    first, last = start, end
    for at in range(start, end + 1):
        if tokens[at].text in _PARTS and at < mention.first:
            first = at
        elif tokens[at].text in _PARTS and at > mention.last:
            last = at - 1
            break
    return " ".join(token.text for token in tokens[first : last + 1])


def question_bearing(line: Line) -> Bearing:
    """Whose place a call-taker asks for: where it happens, or where the caller lives."""
    said = " ".join(token.text for token in line.tokens)
    if _ASKS_HERE.search(said):
        return "meant"
    return "home" if _ASKS_HOME.search(said) else "plain"


def asks_elsewhere(line: Line) -> bool:
    """Whether a "where" asks for something else than the place: "where did he go"."""
    return bool(_UNNAMED_WHERE.search(" ".join(token.text for token in line.tokens)))
