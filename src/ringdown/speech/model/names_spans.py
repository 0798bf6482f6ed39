"""Where in what was heard a local name may stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ringdown.speech.model.names import HeardWord
from ringdown.spoken.places import ROADS, STREET_TYPES, plain_words

Cause = Literal["road", "where", "doubt", "written"]
"""Why a name may stand there: before a kind of road; a doubted word, after a word that says where;
a doubted word elsewhere; written with a capital."""

LONGEST: Final = 4
MOST: Final = 14
"""Spans looked up in one utterance, those before a kind of road first."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON: Final = _words(
    """
    a about above across after again against ago ahead all almost alone along already
    alright also always am an and another any anybody anymore anyone anything anyway are
    aren't arent around as ask at away baby back bad be because been before behind being
    below beside better between big black bleeding blood blue both breathe breathing brother
    brown building bus but by bye call called caller calling came can cannot cant car cars
    child children close come comes coming could couldnt dad daughter day dead did didnt do
    does doesnt dog doing done dont door down driver drove dude each emergency end enough
    entrance every everybody everyone everything exit far fast father feel feels feet fell
    few fine fire first floor for found four friend from front full gas gate get gets
    getting girl give go goes going gone gonna good got gotta great green guess guy guys had
    half hang happened happening hard has have havent having he head hear heard hed hell
    hello help her here hers herself hey hi high him himself his hit hold home hope hospital
    hour hours house how hundred hurry hurt husband i id if ill im in inside into is isnt it
    its ive just keep kid kids kind know last late later least leave left less let lets like
    little live lives living long look looking looks lot ma'am made make man many may maybe
    me mean men mile miles minute minutes mom more morning most mother move much must my
    myself name near need needs never new next nice night no nobody none nope not nothing
    now number of off oh ok okay old on once one only onto or other our ours out outside
    over own pain parked parking passed people person phone place please police pretty
    probably pull put quick quickly quite ran real really red right roof room running said
    same sat saw say saying says second see seem seen send sent she shes should side sir
    sister sits sitting small smell smoke so some somebody someone something somewhere son
    soon sorry standing start started stay still stop stopped straight such suddenly sure
    take taking talk talking tall tell ten than thank thanks that thats the their them then
    there theres these they theyre thing things think this those thought three through till
    time times to today together told tonight too took top toward towards towers traffic
    tree truck try trying turn two uh um under until up upstairs us use used van very wait
    waiting walk walked walking wall want wants was wasnt watch water way we well went were
    weve what whats when where wheres which while white who whole whos why wife will window
    with within without woman women wont work would wouldnt wrong yeah year years yellow yes
    yesterday yet you young your youre yours
    """
)
"""Ordinary words of a call: none of them alone is taken for a misheard name."""

_BEFORE_NO_NAME: Final = _words(
    """
    a access an another any back bike busy county cross dead-end dirt down each empty every
    gravel her his long main my narrow next one-way opposite other our private quiet same
    side small state that the their this what which whole wide your
    """
)
"""Words before a kind of road that are no name: "down the street", "a dirt road"."""

_NUMBERS: Final = _words(
    """
    double eight eighteen eighty eleven fifteen fifty five forty four fourteen hundred nine
    nineteen ninety oh one seven seventeen seventy six sixteen sixty ten thirteen thirty
    thousand three triple twelve twenty two zero
    """
)
_EDGES: Final = _words(
    """
    a about across along am an and april are as at august be been behind between but by can
    december did do does down dr february for friday from get go going got had has have he
    hello her here hey hi him his i if im in inside into is it its ive january july june
    just ma'am march may me miss mister monday mr mrs ms my near no not november october of
    off oh ok okay on onto or our out outside over past please saturday september she sir so
    some sunday than thank thanks that the their them then there these they this those
    thursday to toward towards tuesday uh um under until up us was we wednesday were what
    when where which who why will with would yeah yes you your
    """
)
"""Words that neither begin nor end a name that was misheard."""


_WHERE: Final = frozenset({"on", "at", "near", "by", "off", "onto", "along", "down", "corner"})
"""Words after which people name a place."""


@dataclass(frozen=True)
class Span:
    """Words `first`…`last` (inclusive) that may be a name: its own words, and why.

    `kind` is the kind of road that was heard after it, in full.
    """

    first: int
    last: int
    own: tuple[str, ...]
    kind: str
    cause: Cause


@dataclass(frozen=True)
class _Token:
    place: int
    """The word it is of."""
    parts: tuple[str, ...]
    """Without capitals and apostrophes, numbers in words; more than one if joined by a hyphen."""
    capital: bool
    doubtful: bool
    ends: bool
    """Whether a sentence or a clause ends with it."""

    @property
    def text(self) -> str:
        return " ".join(self.parts)

    @property
    def number(self) -> bool:
        return all(part in _NUMBERS for part in self.parts)


def spans(words: Sequence[HeardWord]) -> list[Span]:
    """Every stretch worth looking up, those before a kind of road first."""
    tokens = [token for number, word in enumerate(words) for token in _tokens(number, word)]
    found: dict[tuple[int, int], Span] = {}
    for span in (*_before_roads(tokens), *_unsure(tokens)):
        found.setdefault((span.first, span.last), span)
    return list(found.values())[:MOST]


def _tokens(place: int, word: HeardWord) -> list[_Token]:
    """One token, or two where a kind of road is joined to what stands before it."""
    parts = tuple(plain_words(word.word))
    bare = word.word.strip("\"'([")
    capital = bare[:1].isupper() and bare not in {"I", "I'm", "I'll", "I've", "I'd", "OK"}
    ends = word.word.endswith((".", "?", "!", ",", ";"))
    if len(parts) > 1 and STREET_TYPES.get(parts[-1], "") == parts[-1] in ROADS:
        return [
            _Token(place, parts[:-1], capital, word.doubtful, ends=False),
            _Token(place, parts[-1:], capital, word.doubtful, ends),
        ]
    return [_Token(place, parts, capital, word.doubtful, ends)]


def _before_roads(tokens: Sequence[_Token]) -> Iterator[Span]:
    for last, token in enumerate(tokens):
        kind = STREET_TYPES.get(token.text) or STREET_TYPES.get(token.text.removesuffix("s"), "")
        if kind not in ROADS or not last or len(token.text) < 3:
            continue
        begins = _run(tokens, last - 1)
        for first in range(last - 1, begins - 1, -1):
            named = tokens[first:last]
            if any(t.capital or t.doubtful or t.text not in COMMON for t in named):
                yield Span(named[0].place, token.place, _own(named), kind, "road")


def _run(tokens: Sequence[_Token], last: int) -> int:
    """Where the longest name that ends at `last` may begin; after `last` if there is none."""
    first = last + 1
    while first > 0 and last + 1 - first < LONGEST - 1:
        token = tokens[first - 1]
        if not token.parts or (token.ends and first <= last):
            break
        if token.number and not token.capital:
            break
        if token.text in _EDGES and not token.doubtful:
            break
        if first == last + 1 and token.text in _BEFORE_NO_NAME and not token.capital:
            # "down the street"; but "shroud a road" where the little word is doubted
            before = tokens[first - 2] if first > 1 else None
            if not token.doubtful or before is None or not before.doubtful:
                break
        first -= 1
    return first


def _unsure(tokens: Sequence[_Token]) -> Iterator[Span]:
    """Stretches around a doubted word, or of words with capitals inside a sentence."""
    for first in range(len(tokens)):
        for last in range(first, min(first + LONGEST, len(tokens))):
            named = tokens[first : last + 1]
            if not _sound(named):
                break
            if named[-1].text in _EDGES or named[0].text in _EDGES:
                continue
            cause = _cause(named, tokens[first - 1] if first else None)
            if cause is not None:
                yield Span(named[0].place, named[-1].place, _own(named), "", cause)


def _sound(named: Sequence[_Token]) -> bool:
    """Whether no sentence ends inside, and there is no number."""
    return all(t.parts and not t.number for t in named) and not any(t.ends for t in named[:-1])


def _cause(named: Sequence[_Token], before: _Token | None) -> Cause | None:
    unusual = [t for t in named if t.text not in COMMON]
    if not unusual:
        return None
    if any(t.doubtful for t in unusual):
        return "where" if before is not None and before.text in _WHERE else "doubt"
    rest = named[1:] if before is None or before.ends else named
    if rest and all(t.capital for t in named) and any(t in unusual for t in rest):
        return "written"
    return None


def _own(named: Sequence[_Token]) -> tuple[str, ...]:
    return tuple(part for token in named for part in token.parts)
