"""Every place a line mentions: streets first, then landmarks. Pure."""

from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.along import along_mention
from ringdown.incidents.adapters.rules.cities import is_area_word, with_city
from ringdown.incidents.adapters.rules.highways import highway_mention
from ringdown.incidents.adapters.rules.lexicon import CALENDAR, SUFFIXES
from ringdown.incidents.adapters.rules.mention import NOT_IN, Mention
from ringdown.incidents.adapters.rules.numbers import read_ordinal
from ringdown.incidents.adapters.rules.streets import (
    corner_mention,
    is_name,
    street_mention,
    street_name,
    titled,
)
from ringdown.incidents.adapters.rules.tokens import Line, Token
from ringdown.incidents.adapters.rules.units import read_unit, unit_named, with_unit

PLACE_NOUNS: Final = frozenset(
    [
        "school",
        "church",
        "hospital",
        "library",
        "station",
        "bridge",
        "pool",
        "lake",
        "river",
        "creek",
        "mall",
        "store",
        "supermarket",
        "market",
        "hotel",
        "motel",
        "inn",
        "restaurant",
        "diner",
        "bar",
        "club",
        "center",
        "centre",
        "park",
        "playground",
        "airport",
        "stadium",
        "arena",
        "theater",
        "theatre",
        "museum",
        "zoo",
        "college",
        "university",
        "campus",
        "academy",
        "factory",
        "warehouse",
        "barn",
        "farm",
        "pharmacy",
        "bank",
        "gym",
        "cemetery",
        "courthouse",
        "tower",
        "towers",
        "apartments",
        "apartment",
        "complex",
        "condos",
        "plaza",
        "pond",
        "beach",
        "harbor",
        "marina",
        "pier",
        "dock",
        "clinic",
        "nursery",
        "daycare",
        "laundromat",
        "tavern",
        "casino",
        "courtyard",
        "depot",
        "terminal",
        "overpass",
        "underpass",
        "tunnel",
        "dam",
        "reservoir",
        "trailhead",
        "campground",
        "subdivision",
        "estates",
        "village",
        "manor",
        "gardens",
        "lot",
        "garage",
        "field",
        "woods",
        "rink",
        "track",
        "salon",
    ]
)
_SCENERY: Final = frozenset(
    ["lot", "garage", "field", "woods", "apartment", "track", "bar", "complex"]
)
_SPOTS: Final = frozenset(
    (
        *("woods", "field", "garage", "alley", "alleyway", "ditch", "driveway", "median", "lobby"),
        *("shoulder", "parking lot", "back yard", "backyard", "front yard", "basement", "park"),
        *("stairwell", "elevator", "drive through", "drive-through", "gas station", "bushes"),
    )
)
"""Where within a place somebody may be; of each there are many."""
"""Too common to place anything unless another word names them."""
BRANDS: Final = frozenset(
    [
        "mcdonald's",
        "mcdonalds",
        "walmart",
        "target",
        "wendy's",
        "wendys",
        "walgreens",
        "cvs",
        "kroger",
        "costco",
        "starbucks",
        "safeway",
        "wegmans",
        "aldi",
        "publix",
        "ikea",
        "denny's",
        "dennys",
        "ihop",
        "applebee's",
        "subway",
        "sheetz",
        "wawa",
    ]
)
BRAND_PAIRS: Final = frozenset(
    (
        ("burger", "king"),
        ("taco", "bell"),
        ("waffle", "house"),
        ("home", "depot"),
        ("pizza", "hut"),
        ("days", "inn"),
        ("best", "western"),
        ("red", "roof"),
        ("la", "quinta"),
        ("whole", "foods"),
        ("trader", "joe's"),
        ("circle", "k"),
        ("quick", "trip"),
        ("best", "buy"),
        ("dollar", "general"),
        ("dollar", "tree"),
        ("rite", "aid"),
        ("fire", "house"),
        ("motel", "6"),
        ("super", "8"),
        ("motel", "six"),
    )
)
_SERVICES: Final = frozenset(
    (
        *(("fire", "station"), ("police", "station"), ("fire", "department"), ("fire", "hall")),
        *(("police", "department"), ("court", "house"), ("city", "hall"), ("town", "hall")),
        *(("rest", "area"), ("rest", "stop"), ("truck", "stop"), ("toll", "plaza")),
        *(("post", "office"), ("weigh", "station"), ("golf", "course"), ("bus", "stop")),
    )
)
RELATIONS: Final = {
    ("in", "front", "of"): "in front of",
    ("next", "to"): "next to",
    ("next", "door", "to"): "next door to",
    ("across", "from"): "across from",
    ("across", "the", "street", "from"): "across the street from",
    ("right", "below"): "below",
    ("down", "below"): "below",
    ("down", "from"): "down from",
    ("outside", "of"): "outside",
    ("inside", "of"): "inside",
    ("over", "by"): "by",
    ("behind",): "behind",
    ("in", "the", "parking", "lot", "of"): "in the parking lot of",
    ("in", "the", "back", "of"): "in the back of",
    ("in", "back", "of"): "in back of",
    ("on", "top", "of"): "on top of",
    ("at", "the", "back", "of"): "at the back of",
    ("beside",): "beside",
    ("near",): "near",
    ("by",): "by",
    ("outside",): "outside",
    ("inside",): "inside",
    ("below",): "below",
    ("close", "to"): "close to",
    ("just", "past"): "just past",
    ("past",): "past",
    ("passing",): "passing",
    ("off", "of"): "off",
    ("off",): "off",
    ("under",): "under",
    ("into",): "",
    ("onto",): "",
    ("at",): "",
    ("in",): "",
    ("on",): "",
}
_LONGEST_FIRST: Final = sorted(RELATIONS, key=len, reverse=True)
_BY_FIRST: Final = {
    words[0]: tuple(each for each in _LONGEST_FIRST if each[0] == words[0]) for words in RELATIONS
}
_LEADS: Final = frozenset(["it's", "it", "is", "um", "uh", "yeah", "yes", "called", "okay", "well"])
"""What may stand before the name in an answer."""
_NAMED_ONLY: Final = frozenset(["into", "off", "under", "onto", "past", "just", "passing"])
"""Too common to place anything unless a proper name follows."""
_BETWEEN: Final = frozenset(
    [
        *("here", "over", "down", "up", "out", "right", "just", "still", "currently", "back"),
        *("sitting", "standing", "parked", "stuck", "hiding", "walking", "stranded", "stopped"),
        *("laying", "lying", "staying", "hanging", "trapped", "waiting", "locked", "broken"),
        *("lost", "inside", "outside"),
    ]
)
"""What may stand between "I'm" and where the caller is."""
_NUMBERED: Final = frozenset(["pier", "terminal", "gate", "dock", "platform", "hangar", "slip"])
"""Places of which there are many, told apart by a number or letter."""
_TO_NAMES: Final = frozenset(["near", "past", "just past", "passing", "across from", "close to"])
"""Relations to what is no person."""
_AFTER: Final = frozenset(["near", "by", "past", "across", "behind", "next", "right", "just"])
"""What may follow a street that is said without the word Street."""
_CAN_BE_NEAR: Final = frozenset(["street", "highway", "intersection"])
_ARTICLES: Final = frozenset(["the", "a", "an", "this", "that", "our"])


def find_places(line: Line, *, asked: bool) -> list[Mention]:
    """The places in a line, in the order said. `asked`: it answers a question for the place."""
    tokens = line.tokens
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        mention = (
            along_mention(line, at)
            or highway_mention(line, at)
            or _firm(street_mention(line, at, asked=asked))
            or corner_mention(line, at, asked=asked)
            or street_mention(line, at, asked=asked)
            or landmark_mention(line, at, asked=asked)
            or area_mention(line, at, asked=asked)
            or spot_mention(line, at)
            or (beside_mention(line, at) if asked else None)
            or (bare_street(line, at, asked=asked) if asked or _is_road(line, at, found) else None)
        )
        if mention is None:
            at += 1
            continue
        if mention.kind == "landmark" and not tokens[mention.last].ends_sentence:
            mention = with_unit(tokens, mention)
        mention = with_city(line, mention)
        if mention.kind == "address":
            relation, lead = _relation_before(tokens, mention.first)
            if relation in NOT_IN:
                mention = replace(mention, first=mention.first - lead, relation=relation)
        if mention.kind in _CAN_BE_NEAR:
            relation, lead = _relation_before(tokens, mention.first)
            mention = replace(mention, relation=relation, lead=lead)
        found.append(mention)
        at = max(mention.last, at) + 1
    return found


def _relation_before(tokens: tuple[Token, ...], first: int) -> tuple[str, int]:
    """The relation that ends before a street and its length: "near the | Liberty Expressway"."""
    end = first - 1 if first and tokens[first - 1].text == "the" else first
    for words in _LONGEST_FIRST:
        start = end - len(words)
        if start >= 0 and tuple(token.text for token in tokens[start:end]) == words:
            apart = any(token.ends_clause for token in tokens[start:end])
            return ("", 0) if apart else (RELATIONS[words] or words[0], first - start)
    return "", 0


def _firm(found: Mention | None) -> Mention | None:
    return found if found and found.kind in {"address", "block", "intersection"} else None


def landmark_mention(line: Line, at: int, *, asked: bool) -> Mention | None:
    """A named place, or a relation to one: "Cedar Park", "behind the school", "at Walmart"."""
    tokens = line.tokens
    relation, index = _relation(tokens, at)
    if relation is None:
        if not asked or not _opens(tokens, at):
            return None
        index = at
    article = index < len(tokens) and tokens[index].text in _ARTICLES
    if article:
        index += 1
    noun = _place_end(line, index)
    if noun is None:
        return None
    last, named = noun
    if not named and (tokens[at].text in _NAMED_ONLY and relation is not None):
        return None
    if last == index and tokens[last].text in _SCENERY and not named:
        return None
    if relation == "" and not named and tokens[at].text != "at" and tokens[last].text in _SCENERY:
        return None
    if relation == "" and not named and not asked and not (at and _is_here(tokens, at)):
        return None  # "he's at the store" tells of a store; it does not say which
    if relation == "" and not named and article and tokens[index - 1].text in {"a", "an"}:
        return None  # "in a hotel" tells of a hotel; it does not say which
    if tokens[last].text in _NUMBERED and not tokens[last].ends_clause:
        numbered = read_unit(tokens, last + 1)
        last = numbered[1] if numbered else last
        named = named or numbered is not None
    words = " ".join(_written(token) if named else token.raw for token in tokens[index : last + 1])
    article_text = (
        f"{tokens[index - 1].text} " if article and not (relation == "" and named) else ""
    )
    text = f"{relation} {article_text}{words}" if relation else f"{article_text}{words}"
    strength = 0.6 if named else 0.4
    first = at if relation else (index if relation is None or named else at)
    return Mention("landmark", first, last, strength, "", text)


def _area_names(line: Line, first: int) -> list[Token]:
    """The capitalised words, three at most, that may name an area from a word on."""
    names: list[Token] = []
    for index, token in enumerate(line.tokens[first : first + 3], start=first):
        if not token.capital or not is_area_word(line, index) or token.text.endswith("'s"):
            break
        names.append(token)
        if token.ends_clause:
            break
    return names


def spot_mention(line: Line, at: int) -> Mention | None:
    """As in "in the woods", "on the shoulder": where within a place; nothing by itself."""
    tokens = line.tokens
    if tokens[at].text not in {"in", "on"} or at + 2 >= len(tokens) or tokens[at].ends_clause:
        return None
    if tokens[at + 1].text not in {"the", "a", "an"}:
        return None
    two = tokens[at + 2 : at + 4]
    paired = len(two) > 1 and f"{two[0].text} {two[1].text}" in _SPOTS
    last = at + 3 if paired else at + 2
    text = " ".join(token.text for token in tokens[at : last + 1])
    if text.split(" ", 2)[2] not in _SPOTS or _is_compound(tokens, last):
        return None
    return Mention("landmark", at, last, 0.3, "", text, spot=True)


def area_mention(line: Line, at: int, *, asked: bool) -> Mention | None:
    """As in "I'm in Fairview", "we're at the Marlowe": a capitalised name the caller is at."""
    tokens = line.tokens
    if not line.cased or tokens[at].text not in {"in", "at"}:
        return None
    told = asked and tokens[at].text == "in" and _told_where(tokens, at)
    if not told and (at == 0 or not _is_here(tokens, at)):
        return None
    first = at + 1
    article = first < len(tokens) and tokens[first].text == "the"
    if article:
        first += 1
    names = _area_names(line, first)
    if not names or tokens[at].ends_clause or tokens[first - 1].ends_clause:
        return None
    text = " ".join(token.raw for token in names)
    return Mention("area", at, first + len(names) - 1, 0.45, "", text)


def beside_mention(line: Line, at: int) -> Mention | None:
    """As in "just past Miller Gap", said in answer: a relation to a capitalised name."""
    tokens = line.tokens
    relation, first = _relation(tokens, at)
    if not line.cased or relation not in _TO_NAMES:
        return None
    names = _area_names(line, first)
    if not names or names[-1].text in SUFFIXES:
        return None
    text = f"{relation} {' '.join(token.raw for token in names)}"
    return Mention("area", at, first + len(names) - 1, 0.4, "", text)


def _is_road(line: Line, at: int, found: list[Mention]) -> bool:
    """Whether what follows "on" must be a street: "in Fairview on Elm", "on Elm between"."""
    if found and found[-1].kind == "area" and found[-1].last == at - 1:
        return True
    return any(token.text == "between" for token in line.tokens[at + 2 : at + 4])


def bare_street(line: Line, at: int, *, asked: bool) -> Mention | None:
    """As in "on Main", said in answer: one or two capitalised names that end the clause."""
    tokens = line.tokens
    if not line.cased or tokens[at].text != "on" or at + 1 >= len(tokens):
        return None
    if street_name(tokens, at + 1):
        return None
    names: list[Token] = []
    for index, token in enumerate(tokens[at + 1 : at + 3], start=at + 1):
        if not token.capital or not is_area_word(line, index) or token.text.endswith("'s"):
            return None
        names.append(token)
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.ends_clause or not after or after == "between" or (asked and after in _AFTER):
            text = " ".join(titled(name) for name in names)
            return Mention("street", at + 1, index, 0.45, "", text)
    return None


def _is_here(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether "I'm" or "we are" stands before token `at`, "here" or "over" between allowed."""
    back = at - 1
    while back > 0 and tokens[back].text in _BETWEEN and not tokens[back - 1].ends_clause:
        back -= 1
    text = tokens[back].text
    return not tokens[back].ends_clause and (
        text in {"i'm", "we're"}
        or (text in {"am", "are"} and back > 0 and tokens[back - 1].text in {"i", "we"})
    )


def _told_where(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether "in" opens an answer, or follows a place within it: "in the woods in Fairview"."""
    return _opens(tokens, at) or any(
        tokens[back].text
        in {"woods", "park", "field", "lot", "house", "somewhere", "out", "downtown"}
        for back in range(max(0, at - 1), at)
        if not tokens[back].ends_clause
    )


def _opens(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether token `at` begins a sentence, a filler or two before it allowed."""
    while at and not tokens[at - 1].ends_clause and tokens[at - 1].text in _LEADS:
        at -= 1
    return at == 0 or tokens[at - 1].ends_clause


def _relation(tokens: tuple[Token, ...], at: int) -> tuple[str | None, int]:
    for words in _BY_FIRST.get(tokens[at].text, ()):
        end = at + len(words)
        if tuple(token.text for token in tokens[at:end]) == words and end < len(tokens):
            if tokens[end - 1].ends_clause:
                return None, at
            return RELATIONS[words], end
    return None, at


def _place_end(line: Line, at: int) -> tuple[int, bool] | None:
    """The last token of a place that begins at `at`, and whether a proper name is in it."""
    tokens = line.tokens
    named = False
    for index in range(at, min(at + 5, len(tokens))):
        token = tokens[index]
        if token.text in BRANDS:
            return index, True
        pair = (token.text, tokens[index + 1].text if index + 1 < len(tokens) else "")
        if pair in BRAND_PAIRS:
            return index + 1, True
        if pair in _SERVICES and not token.ends_clause:
            return index + 1, named
        if token.text in {"building", "house"} and named and token.capital:
            return index, True
        if token.text in PLACE_NOUNS:
            if _is_compound(tokens, index) or _then_park(tokens, index):
                named = named or token.capital
                continue
            proper = named or (token.capital and index > at)
            return index, proper
        if index > at and token.text in {"trailer", "home", "mobile"} and _then_park(tokens, at):
            continue
        if token.ends_clause or not (_in_name(token) or _of_street(line, at, index)):
            return None
        named = named or (token.capital and line.cased and token.text not in CALENDAR)
        if token.text in {"lake", "camp"}:
            named = True
    return None


def _is_compound(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether another place noun follows, as in "library parking lot" or "lake park"."""
    return (
        at + 1 < len(tokens)
        and not tokens[at].ends_clause
        and unit_named(tokens, at + 1) is None
        and (tokens[at + 1].text in PLACE_NOUNS or _then_noun(tokens, at + 1))
    )


def _then_park(tokens: tuple[Token, ...], at: int) -> bool:
    """As in "Cedar Creek | trailer park", "mobile home park"."""
    said = [token.text for token in tokens[at + 1 : at + 5]]
    return any(
        said[k : k + 2] in (["trailer", "park"], ["home", "park"]) for k in range(3)
    ) and not (tokens[at].ends_clause)


def _then_noun(tokens: tuple[Token, ...], at: int) -> bool:
    return (
        at + 1 < len(tokens)
        and is_name(tokens[at])
        and not tokens[at].ends_clause
        and tokens[at + 1].text in PLACE_NOUNS
    )


def _in_name(token: Token) -> bool:
    return (is_name(token) and token.text not in SUFFIXES) or token.text in {"st", "mt", "ft"}


def _of_street(line: Line, first: int, at: int) -> bool:
    """As in "the 14th Street Bridge", "by the Elm Avenue Library": a place named by its street."""
    tokens = line.tokens
    if not line.cased or not (tokens[at].capital or tokens[at].text[:1].isdigit()):
        return False
    if tokens[at].text not in SUFFIXES:
        ordinal = read_ordinal(tokens, at)
        follows = ordinal is not None and at == first and ordinal[1] == at + 1
        return follows and at + 1 < len(tokens) and tokens[at + 1].text in SUFFIXES
    for token in tokens[at + 1 : at + 4]:
        if token.text in PLACE_NOUNS and token.text not in SUFFIXES:
            return token.capital
        if not token.capital or token.ends_clause:
            return False
    return False


def _written(token: Token) -> str:
    return token.raw if token.capital else token.raw[:1].upper() + token.raw[1:]
