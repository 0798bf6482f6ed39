"""Parts of a place that answer a question: the cross street, the city, the block. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ringdown.incidents.adapters.rules.cities import CITY_QUESTION, is_area_word, only_area
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.numbers import read_number
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line

Answer = tuple[Mention, tuple[int, int], str]
"""The earlier mention with the answer in it, the tokens that answer, and the reason."""
Asked = tuple[int, int] | None
"""The words of the question that the answer needs: "which exit"."""

_CROSS: Final = re.compile(
    r"\b(cross(ing)? street|crosses|intersect(s|ing|ion)?|(nearest|closest) (street|road|corner)|"
    r"(and|at) what|what's (it|that) (near|by)|corner of what)\b"
)
_MARKER: Final = re.compile(r"\b(mile ?marker|mile ?post|exit)\b")
_PASSING: Final = re.compile(
    r"\b(?:what|where|which)\b.{0,30}\b(passing|near|past|close|closest|nearest|by)\b"
)
_SHORT: Final = 8
_DISPLACED: Final = (
    (("across", "the", "street"), "across the street from"),
    (("next", "door"), "next door to"),
)
_IT_IS: Final = frozenset(["it's", "its", "is", "he's", "she's", "they're", "that's", "right"])


def asked_for(line: Line, mention: Mention) -> Asked:
    """The tokens of a question that name a marker which the mention has."""
    label = "exit" if mention.detail.startswith("exit") else "mile"
    if mention.near:
        relation = mention.near.split()[0]
        near = {relation, "close", "closest", "nearest"} if relation == "near" else {relation}
        found = [at for at, token in enumerate(line.tokens) if token.text in near]
        return (found[-1], found[-1]) if found else None
    if mention.kind != "highway" or not mention.detail:
        return None
    for at, token in enumerate(line.tokens):
        if token.text.startswith(label):
            two = token.text == "mile" and at + 1 < len(line.tokens)
            return at, at + 1 if two else at
    return None


def answered(
    line: Line, before: Sequence[Line], mentions: Sequence[Mention], earlier: Mention | None
) -> Answer | None:
    """What a line adds to the place said before it, when the call-taker asked for just that."""
    if line.side != CALLER or earlier is None or not before or before[-1].side != CALL_TAKER:
        return None
    question = " ".join(token.text for token in before[-1].tokens)
    return (
        _cross_street(question, mentions, earlier)
        or _city(question, line, earlier)
        or _block(line, earlier)
        or _beside(question, line, mentions, earlier)
        or _marker(question, line, mentions, earlier)
    )


def _cross_street(question: str, mentions: Sequence[Mention], earlier: Mention) -> Answer | None:
    if earlier.kind not in {"street", "highway"} or earlier.detail or not mentions:
        return None
    other = mentions[0]
    crossing = other.kind in {"street", "highway"} and not other.detail
    same = other.street.lower() == earlier.street.lower()
    if not crossing or same or not _CROSS.search(question):
        return None
    joined = replace(
        earlier, kind="intersection", detail=other.street, strength=0.8, city=other.city
    )
    return joined, (other.first, other.last), "cross street said in answer to a question"


def _city(question: str, line: Line, earlier: Mention) -> Answer | None:
    if earlier.city or earlier.kind == "area" or not CITY_QUESTION.search(question):
        return None
    found = only_area(line)
    if found is None:
        return None
    joined = replace(earlier, city=found[0])
    return joined, (found[1], found[2]), "city said in answer to a question"


def _beside(
    question: str, line: Line, mentions: Sequence[Mention], earlier: Mention
) -> Answer | None:
    """As in "what are you passing?" "Miller Gap": names that say how far along a road."""
    asked = _PASSING.search(question)
    if not asked or mentions or earlier.near or earlier.kind not in {"highway", "street"}:
        return None
    names = _names(line)
    if names is None:
        return None
    relation = {"close": "near", "closest": "near", "nearest": "near"}.get(asked[1], asked[1])
    said = " ".join(token.raw for token in line.tokens[names[0] : names[1] + 1])
    joined = replace(earlier, near=f"{relation} {said}", strength=0.6)
    return joined, names, "said in answer to a question what is near"


def _names(line: Line) -> tuple[int, int] | None:
    """The last run of capitalised words that ends a clause; not the first word of a sentence."""
    tokens = line.tokens
    for last in range(len(tokens) - 1, 0, -1):
        ended = last == len(tokens) - 1 or tokens[last].ends_clause
        first = last
        while first >= 0 and tokens[first].capital and is_area_word(line, first):
            first -= 1
            if first >= 0 and tokens[first].ends_clause:
                break
        first += 1
        opens = first == 0 or tokens[first - 1].ends_sentence
        if ended and first <= last and line.cased and not (opens and last == first and first):
            return first, last
    return None


def displaced(line: Line, earlier: Mention) -> Answer | None:
    """As in "no, it's across the street": the place is beside the one said before."""
    if earlier.kind != "address" or earlier.beside or len(line.tokens) > _SHORT:
        return None
    texts = [token.text for token in line.tokens]
    for words, relation in _DISPLACED:
        for at in range(len(texts) - len(words) + 1):
            led = at > 0 and texts[at - 1] in _IT_IS
            if led and tuple(texts[at : at + len(words)]) == words:
                last = at + len(words) - 1
                joined = replace(earlier, relation=relation, strength=0.9)
                return joined, (at, last), "said to be beside the place before"
    return None


def _block(line: Line, earlier: Mention) -> Answer | None:
    """As in "which block?" "the nine hundred block"."""
    if earlier.kind != "street" or len(line.tokens) > _SHORT:
        return None
    for at in range(len(line.tokens)):
        number = read_number(line.tokens, at)
        if number and number[1] < len(line.tokens) and line.tokens[number[1]].text == "block":
            joined = replace(earlier, kind="block", number=number[0], strength=0.8)
            return joined, (at, number[1]), "block said in answer to a question"
    return None


def _marker(
    question: str, line: Line, mentions: Sequence[Mention], earlier: Mention
) -> Answer | None:
    """As in "which mile marker?" "forty two", or a marker said by itself after its road."""
    if earlier.kind != "highway" or earlier.detail or _MARKER.match(earlier.street):
        return None
    if mentions and _MARKER.match(mentions[0].street):
        mark = mentions[0]
        joined = replace(earlier, detail=mark.street, strength=0.85)
        return joined, (mark.first, mark.last), "marker said after its road"
    asked = _MARKER.search(question)
    if not asked or mentions or len(line.tokens) > _SHORT:
        return None
    label = "exit" if asked[0] == "exit" else "mile marker"
    for at in range(len(line.tokens)):
        number = read_number(line.tokens, at)
        if number and len(number[0]) <= 3:
            joined = replace(earlier, detail=f"{label} {number[0]}", strength=0.8)
            return joined, (at, number[1] - 1), f"{label} said in answer to a question"
    return None
