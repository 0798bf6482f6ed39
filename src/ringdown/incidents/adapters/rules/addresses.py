"""An address said on the telephone, taken apart: number, street, unit, city and so on. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.cities import only_area
from ringdown.incidents.adapters.rules.location import PlaceClaim, claims_of, ranked
from ringdown.incidents.adapters.rules.mention import Mention
from ringdown.incidents.adapters.rules.parts import parts_of
from ringdown.incidents.adapters.rules.spelled import put_right, spelled_in
from ringdown.incidents.adapters.rules.streets import read_house
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line, tokenise
from ringdown.incidents.adapters.rules.units import read_unit

_CONTEXT: Final = 6
_LONGEST: Final = 400
"""Words that are read of one text."""
_JOINED: Final = re.compile(r"\d{1,5}(?!th|st|nd|rd|am|pm)[a-z]{1,2}")


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    start_ms: int = 0
    end_ms: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Said:
    utterance_id: str
    side: str
    start_ms: int
    words: tuple[_Word, ...]
    end_ms: int = 0
    revision: int = 1


def parse(text: str) -> dict[str, str]:
    """The parts of the address said in `text`; a part that is absent is unknown.

    The text is taken for words about a place, a read-back among them; the last correction counts.
    """
    lines = _lines(text)
    question = _line(-1, CALL_TAKER, "what is the address")
    claims: list[PlaceClaim] = []
    for at, line in enumerate(lines):
        before = [question, *lines[max(0, at - _CONTEXT + 1) : at]]
        claims += claims_of(line, before) if line.tokens else []
    best = next((claim.mention for claim, _, _ in ranked(claims)), None)
    if best is None:
        return _at_place(lines)
    parts = parts_of(best.text, kind=best.kind)
    if best.also:
        parts["number"], parts["number_as_heard"] = best.also, best.number
    if "city" not in parts and best.kind == "address":
        city = _city_after(lines, claims, best)
        parts |= {"city": city} if city else {}
    if best.kind == "landmark" and "number" not in parts:
        parts = _at_place(lines) | parts if _at_place(lines) else parts
    return _spelled(text, parts)


def _lines(text: str) -> list[Line]:
    """One line for each sentence."""
    words = text.split()[:_LONGEST]
    ends = {token.word for token in _line(0, CALLER, " ".join(words)).tokens if token.ends_sentence}
    sentences: list[list[str]] = [[]]
    for at, word in enumerate(words):
        sentences[-1].append(word)
        if at in ends:
            sentences.append([])
    return [_line(at, CALLER, " ".join(said)) for at, said in enumerate(sentences) if said]


def _line(at: int, side: str, text: str) -> Line:
    words = tuple(_Word(word) for word in text.split())
    return tokenise(_Said(f"s{at:06d}", side, at, words, at))


def _at_place(lines: list[Line]) -> dict[str, str]:
    """As in "apartments, it's 230 DD": a number and unit without a street."""
    best: dict[str, str] = {}
    for line in lines:
        tokens = line.tokens
        at = 0
        while at < len(tokens):
            joined = _JOINED.fullmatch(tokens[at].text)
            house = (joined[0].upper(), at + 1) if joined else read_house(tokens, at)
            unit = None if joined else read_unit(tokens, at)
            if house is None or not _believable(line, at, house):
                at = house[1] if house else at + 1
                continue
            found = _number_and_unit(house[0], unit[0] if unit else "")
            if len("".join(found.values())) >= len("".join(best.values())):
                best = found
            at = house[1]
    return best


def _number_and_unit(number: str, unit: str) -> dict[str, str]:
    whole = re.fullmatch(r"(\d+)([A-Z]{1,2})", unit or number)
    if whole:
        return {"number": whole[1], "unit": whole[2]}
    return {"number": number}


def _believable(line: Line, at: int, house: tuple[str, int]) -> bool:
    """Whether a bare number may be that of a house: alone in its clause, two to five digits."""
    tokens = line.tokens
    digits = re.sub(r"\D", "", house[0])
    if not 2 <= len(digits) <= 5 or digits == "911":
        return False
    starts = at == 0 or tokens[at - 1].ends_clause or tokens[at - 1].text in {"at", "in", "number"}
    after = tokens[house[1]] if house[1] < len(tokens) else None
    ends = after is None or tokens[house[1] - 1].ends_clause or len(after.text) <= 2
    named = after is not None and after.text in {"at", "in"}
    return starts and (ends or named)


def _city_after(lines: list[Line], claims: list[PlaceClaim], best: Mention) -> str:
    """The area that is all of one of the two sentences after the address."""
    said = [
        at
        for at, line in enumerate(lines)
        for claim in claims
        if claim.mention.key == best.key and claim.order == line.order
    ]
    if not said:
        return ""
    for line in lines[max(said) + 1 : max(said) + 3]:
        found = only_area(line)
        if found and (line.tokens[-1].question or found[0].lower() in best.street.lower()):
            continue
        if found and line.cased and found[2] > found[1]:
            return found[0]
        if found and found[1] == 0 and len(line.tokens) == 1 and len(line.tokens[0].text) > 3:
            return found[0]
    return ""


def _spelled(text: str, parts: Mapping[str, str]) -> dict[str, str]:
    """The parts with a name put right that was spelled too, as in "Reed Road. R-E-I-D."."""
    spelled = spelled_in(text.split()[:_LONGEST])
    right = dict(parts)
    for key in ("street", "landmark", "city", "cross_street"):
        found = put_right(right[key], spelled) if spelled and key in right else None
        if found:
            right[key] = found[0]
    return right
