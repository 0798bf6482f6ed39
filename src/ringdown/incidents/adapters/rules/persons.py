"""Persons as described: who, how old, how they look, what they wear, which way they went. Pure.

The words are those that were said. A person of whom nothing but "a man" was said is not listed.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from typing import Final

from ringdown.incidents.adapters.rules.asking import asks_looks
from ringdown.incidents.adapters.rules.dialogue import asked_before
from ringdown.incidents.adapters.rules.meant import PLAYED, meant
from ringdown.incidents.adapters.rules.person_answers import answers, asked_of, coloured, names_in
from ringdown.incidents.adapters.rules.person_claims import PersonClaim, claim, said_at, whose
from ringdown.incidents.adapters.rules.person_words import (
    ABOUT,
    ADJECTIVE,
    AGE,
    BUILD,
    CARRIES,
    COUNT,
    DRESSED,
    FAR,
    HAIR,
    HEIGHT,
    IN_CLOTHES,
    KIN,
    LOOKS,
    NOUN,
    NUMBER,
    OTHERS,
    RACE,
    SEX,
    WAY,
    WEARING,
    WEIGHT,
)
from ringdown.incidents.adapters.rules.phrases import Found, Text, as_text, compiled
from ringdown.incidents.adapters.rules.tokens import CALLER, Line
from ringdown.spoken.vocabulary import word_set

_PERSON: Final = rf"(?:(?:{COUNT}) )?(?:{ADJECTIVE}(?: and| or|) )*(?:{NOUN})(?:'s)?|(?:{OTHERS})|(?:{RACE}) (?:male|female)s?"
_IS: Final = r"(?:he|she|they|he's|she's|they're|i'm|i|guy|man|woman|lady|kid|one|patient|person)(?: is| was| are| were| looks| looked| seems| has been)*(?: (?:kind of|like|a|an|very|really|pretty|probably|maybe|about|also|just|fairly|sort of|i think))*"
_COPULA: Final = {
    "race": rf"{_IS} (?:{RACE})",
    "build": rf"{_IS} (?:{BUILD})(?:(?: and|) (?:{BUILD}))?",
    "looks": rf"{_IS} (?:{LOOKS})|(?:{NUMBER}) (?:weeks|months) pregnant",
}
_NUMBER_SAID: Final = rf"(?:he|she|he's|she's|i'm|i am|is|was) (?:is |was )?{ABOUT}{NUMBER}(?: or {NUMBER}| to {NUMBER})?"
_ROUGHLY: Final = (
    rf"(?:about|around|approximately|maybe|like|probably) {NUMBER}(?: or {NUMBER}| to {NUMBER})?"
)
_DETAILS: Final = {
    "age": AGE,
    "height": HEIGHT,
    "weight": WEIGHT,
    "hair": HAIR,
    "clothes": rf"{WEARING}|{IN_CLOTHES}|no shirt|no shoes|(?:{DRESSED})(?:(?: and| with|)(?: a| an| some)? (?:{DRESSED}))*",
    "carries": CARRIES,
    "way": WAY,
}
_COUNTED_ELSEWHERE: Final = word_set("people kids children passengers victims patients")
"""Nouns that with a number alone say how many are concerned, not who they are."""
_NO_PERSON_AFTER: Final = frozenset(
    ["friend", "friend's", "car", "truck", "house", "phone", "apartment", "made", "kind"]
)
_NOT_RACE: Final = frozenset(
    [
        "car",
        "truck",
        "van",
        "suv",
        "house",
        "smoke",
        "shirt",
        "jacket",
        "building",
        "ice",
        "as",
        "out",
        "powder",
        "stuff",
        "vehicle",
    ]
)


def claims_of(line: Line, before: Sequence[Line]) -> list[PersonClaim]:
    """What `line` says about persons, given the lines before it."""
    if line.side != CALLER:
        return []
    text, asked = as_text(line), asked_before(before)
    claims = _named(line, text)
    persons = list(claims)
    claims += _details(line, text, persons, asked)
    if asked is not None and not claims:
        claims += coloured(line, text, asked)
    claims += names_in(line, text, asked, persons)
    claims = meant(claims, line, before, PLAYED)
    return sorted(claims, key=lambda claim: (claim.at, claim.sort != "person"))


def _named(line: Line, text: Text) -> list[PersonClaim]:
    claims: list[PersonClaim] = []
    for found in text.find(_PERSON):
        if found.denied or found.supposed:
            continue
        tokens = line.tokens
        after = tokens[found.last + 1].text if found.last + 1 < len(tokens) else ""
        if after in _NO_PERSON_AFTER and not tokens[found.last].ends_clause:
            continue
        noun = tokens[found.last].text.removesuffix("'s")
        before = tokens[found.first - 1].text if found.first else ""
        other = (
            compiled(OTHERS).match(" ".join(t.text for t in tokens[found.first : found.last + 1]))
            is not None
        )
        described = found.last > found.first and not other
        said = [token.text for token in tokens[found.first : found.last + 1]]
        counted = noun in _COUNTED_ELSEWHERE and not compiled(ADJECTIVE).search(" ".join(said))
        weak = described and said[:-1] in (
            ["old"],
            ["little"],
            ["big"],
            ["small"],
            ["young"],
            ["older"],
        )
        claims.append(
            claim(
                *(line, "person", said_at(line, found.first, found.last).removesuffix("'s")),
                (found.first, found.last),
                *(0.8 if described else 0.6, "described by the caller"),
                who=noun,
                sex=SEX.get(noun, ""),
                opens=other or before not in {"the", "this", "that", "same"} or noun in KIN,
                shown=described
                and not counted
                and not (weak and noun not in {"lady", "man", "woman"}),
            )
        )
    return claims


def _details(
    line: Line, text: Text, persons: Sequence[PersonClaim], asked: Line | None
) -> list[PersonClaim]:
    claims: list[PersonClaim] = []
    taken: set[int] = set()
    for person in persons:
        if person.shown:
            taken |= set(range(person.at, person.at + person.text.count(" ") + 1))
    patterns = [*_DETAILS.items(), *_COPULA.items(), ("age", _NUMBER_SAID), *answers(asked)]
    if persons:
        patterns.append(("age", _ROUGHLY))
    loose = asked is not None and asks_looks(asked)
    for sort, pattern in patterns:
        for found in text.find(pattern):
            span = set(range(found.first, found.last + 1))
            if (
                span & taken
                or found.supposed
                or (found.denied and line.tokens[found.first].text != "no")
            ):
                continue
            first, last = _trimmed(line, sort, found, pattern)
            if _wrong(line, sort, first, last, pattern):
                continue
            if sort == "clothes" and not (persons or loose) and not _worn(line, found):
                continue
            who, sex = whose(line, found.first, persons, first)
            if not who and asked is not None and sort != "way":
                who, sex = asked_of(asked)
            if who == "caller" and sort == "way":
                continue
            if line.tokens[max(0, found.first - 1)].text == "like" and sort == "looks":
                continue
            taken |= span
            reason = (
                "in answer to a question"
                if asked is not None and loose
                else "described by the caller"
            )
            claims.append(
                claim(
                    line,
                    sort,
                    said_at(line, first, last),
                    (first, last),
                    0.75,
                    reason,
                    who=who,
                    sex=sex,
                )
            )
    return claims


def _trimmed(line: Line, sort: str, found: Found, pattern: str) -> tuple[int, int]:
    """Without the words that only lead to the detail."""
    first = found.first
    if pattern in _COPULA.values() or pattern == _NUMBER_SAID:
        if line.tokens[found.last].text == "pregnant" and found.last - found.first >= 2:
            return found.last - 2, found.last
        core = {"race": RACE, "build": BUILD, "looks": LOOKS, "age": rf"{ABOUT}{NUMBER}"}[sort]
        for at in range(found.first + 1, found.last + 1):
            rest = " ".join(token.text for token in line.tokens[at : found.last + 1])
            if compiled(core).match(rest):
                return at, found.last
    while (
        first < found.last
        and line.tokens[first].text
        in {"in", "his", "her", "their", "has", "had", "with", "a", "an", "and"}
        and sort in {"age", "hair", "carries"}
    ):
        first += 1
    return first, found.last


def _wrong(line: Line, sort: str, first: int, last: int, pattern: str) -> bool:
    tokens = line.tokens
    after = tokens[last + 1].text if last + 1 < len(tokens) and not tokens[last].ends_clause else ""
    if sort == "age" and after in FAR:
        return True
    if pattern == _NUMBER_SAID:
        number = [t.text for t in tokens[first : last + 1] if t.text.isdecimal()]
        return after not in {"", "and", "or", "years", "but", "she's", "he's", "she", "he"} or any(
            int(n) > 110 for n in number
        )
    if pattern == _ROUGHLY and after not in {"", "wearing", "with", "years", "in", "he", "he's"}:
        return True
    if sort == "age" and any(
        t.text.isdecimal() and int(t.text) > 110 for t in tokens[first : last + 1]
    ):
        return True
    if sort in {"race", "looks", "build"} and after in _NOT_RACE | {"of", "at", "on"}:
        return True
    return (
        sort == "looks"
        and tokens[last].text in {"drunk", "intoxicated", "homeless", "blind", "unknown"}
        and after != ""
    )


def _worn(line: Line, found: Found) -> bool:
    """Whether somebody wears it: a garment alone may lie in a shop."""
    words = {token.text for token in line.tokens[: found.last + 1]}
    return bool(
        words
        & {
            "wearing",
            "dressed",
            "he",
            "she",
            "he's",
            "she's",
            "they",
            "has",
            "had",
            "shirtless",
            "they're",
            "i'm",
        }
    )
