"""Vehicles as described: what was said of each, put together from several sentences. Pure.

A plate is always unconfirmed. Two descriptions that disagree are two vehicles, unless the second
was said as a correction.
"""
# ruff: noqa: E501 - a pattern reads best on one line

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ringdown.incidents.adapters.rules.dialogue import (
    asked_before,
    asks_direction,
    asks_vehicle,
    denies,
    marker_before,
)
from ringdown.incidents.adapters.rules.lexicon import STRONG_SUFFIXES, WEAK_SUFFIXES
from ringdown.incidents.adapters.rules.phrases import Found, Text, as_text, compiled
from ringdown.incidents.adapters.rules.plates import plates_in
from ringdown.incidents.adapters.rules.tokens import CALLER, Line
from ringdown.incidents.adapters.rules.vehicle_words import (
    ADJECTIVES,
    BARE,
    BODIES,
    COLOURS,
    DOUBTFUL_MAKES,
    FEATURES,
    MAKES,
    MODELS,
    NO_VEHICLE_AFTER,
    NO_VEHICLE_BEFORE,
    SHADES,
    STATES,
    SURE_MODELS,
)
from ringdown.incidents.ports import Evidence, Proposal
from ringdown.spoken.vocabulary import word_set

_BODY: Final = "|".join(BODIES.values())
_COLOUR: Final = "|".join(sorted(COLOURS, key=len, reverse=True))
_SHADE: Final = "|".join(sorted(SHADES, key=len, reverse=True))
_ADJECTIVE: Final = "|".join(sorted(ADJECTIVES, key=len, reverse=True))
_YEAR: Final = (
    r"(?:19|20)\d\d|twenty (?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?: (?:one|two|three|four|five|six))?)|"
    r"two thousand(?: and)?(?: (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty))?|"
    r"nineteen (?:seventy|eighty|ninety)(?: (?:one|two|three|four|five|six|seven|eight|nine))?|(?:seventy|eighty|ninety) (?:one|two|three|four|five|six|seven|eight|nine)|'?[6-9]\d"
)
_COUNT: Final = (
    r"two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d|several|multiple|a couple of"
)
_BEFORE: Final = rf"(?:{_SHADE}|{_COLOUR}|{_ADJECTIVE}|{_YEAR})"
_JOIN: Final = rf"(?: (?:and|or|over)(?= (?:{_COLOUR}) ))?"
_NOUN: Final = (
    rf"(?:(?:{MAKES})(?: (?:{MODELS}))?(?: (?:{_BODY}))?|(?:{MODELS})(?: (?:{_BODY}))?|(?:{_BODY}))"
)
_PHRASE: Final = rf"(?:(?:{_COUNT}) )?(?:{_BEFORE}{_JOIN} )*{_NOUN}"
_AFTER: Final = (
    rf"(?:{_NOUN})(?:'s|,)?(?: is| was| that's| it's| it is| it was| that is| that was| which is| looks| looked| like| maybe| probably| i think| a| an| kind of)* "
    rf"(?:(?:{_SHADE}) )?(?:{_COLOUR})(?:(?: and| or)? (?:{_COLOUR}))?"
)
_SLOTS: Final = ("count", "colour", "year", "adjective", "make", "model", "body")
_PAINT: Final = rf"(?:(?:{_SHADE}) )?(?:{_COLOUR})(?:(?: and| or) (?:{_COLOUR}))?"
_DEFINITE: Final = frozenset(["the", "that", "this", "his", "her", "their", "my", "same"])
_SAYS_IT: Final = word_set(
    "it's its is was be like think it a an maybe probably possibly in looks looked guess"
)
_WAY: Final = (
    r"(?:(?:north|south|east|west|north ?east|north ?west|south ?east|south ?west)(?:bound)?)"
    r"(?: (?:on|down|up|along|toward|towards) (?:the |state |county |us |interstate )?[\w'-]+(?: (?:[\w'-]+ )?(?:"
    + "|".join([*STRONG_SUFFIXES, *WEAK_SUFFIXES])
    + r"|\d+))?)?"
)
_GO: Final = (
    r"(?:headed|heading|going|went|drove|driving|took off|turned|drove off|sped off|sped|traveling|travelling|"
    r"speeding|left|flying|was|is|goes)(?: off| away| back| out)?"
)
_WHEELS: Final = re.compile(r"\b(?:drove|driving|sped|speeding|drive|traveling|travelling)\b")
_FEET: Final = re.compile(r"\b(?:running|ran|run|walking|walked|foot)\b")


@dataclass(frozen=True, slots=True)
class VehicleClaim:
    """One line's word on a vehicle: a description, a plate, a feature or a way."""

    sort: str
    """`seen`, `plate`, `feature`, `way` or `answer`."""
    slots: tuple[tuple[str, str], ...]
    opens: bool
    """Whether it may begin a new vehicle; else it belongs to the one spoken of before."""
    corrects: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def claims_of(line: Line, before: Sequence[Line]) -> list[VehicleClaim]:
    """What `line` says about vehicles, given the lines before it."""
    if line.side != CALLER:
        return []
    text, asked = as_text(line), asked_before(before)
    asks = asked is not None and asks_vehicle(asked)
    claims = _described(line, text, asked=asks)
    if asked is not None and asks and not claims:
        claims += _bare_answer(line, text, asked)
    if not claims and before and any(_speaks(each) for each in before[-2:]):
        claims += _painted(line, text)
    spoken = bool(claims) or any(_speaks(each) for each in before)
    if spoken:
        claims += _features(line, text)
    claims += [
        VehicleClaim(
            "plate",
            (("plate", _plate_text(plate.written, part=plate.part)),),
            opens=True,
            corrects=denies(line) or plate.reason.endswith("said yes"),
            confidence=plate.confidence,
            evidence=plate.evidence,
            order=line.order,
            at=plate.first,
            reason=plate.reason,
        )
        for plate in plates_in(line, before)
    ]
    claims += _ways(line, text, spoken=spoken, asked=asked is not None and asks_direction(asked))
    return sorted(claims, key=lambda claim: claim.at)


def _plate_text(written: str, *, part: bool) -> str:
    return f"part of plate {written}, unconfirmed" if part else f"plate {written}, unconfirmed"


def _speaks(line: Line) -> bool:
    text = as_text(line)
    return compiled(rf"(?:{_BODY}|{MAKES}|{SURE_MODELS})").search(text.text) is not None


def _claim(
    line: Line,
    sort: str,
    slots: Sequence[tuple[str, str]],
    span: tuple[int, int],
    strength: float,
    reason: str,
    *,
    opens: bool = False,
) -> VehicleClaim:
    first, last = span
    return VehicleClaim(
        *(sort, tuple(slots)),
        opens=opens,
        corrects=denies(line) or marker_before(line.tokens, first) is not None,
        confidence=strength * line.sureness(first, last),
        evidence=(line.evidence(first, last),),
        order=line.order,
        at=first,
        reason=reason,
    )


def _described(line: Line, text: Text, *, asked: bool) -> list[VehicleClaim]:
    claims: list[VehicleClaim] = []
    taken: set[int] = set()
    for pattern in (_AFTER, _PHRASE):
        for found in text.find(pattern):
            if taken & set(range(found.first, found.last + 1)):
                continue
            made = _one(line, found, asked=asked)
            if made is not None:
                claims.append(made)
                taken |= set(range(found.first, found.last + 1))
    return claims


def _one(line: Line, found: Found, *, asked: bool) -> VehicleClaim | None:
    tokens = line.tokens
    if found.denied or found.supposed:
        return None
    before = tokens[found.first - 1].text if found.first else ""
    after = tokens[found.last + 1].text if found.last + 1 < len(tokens) else ""
    if tokens[found.last].ends_clause:
        after = ""
    if before in NO_VEHICLE_BEFORE or after in NO_VEHICLE_AFTER:
        return None
    if after in STRONG_SUFFIXES or (after in WEAK_SUFFIXES and tokens[found.last].capital):
        return None
    slots = _slots(tokens[found.first : found.last + 1])
    if not _says_enough(dict(slots), asked=asked):
        return None
    owner = _owner(tokens[max(0, found.first - 4) : found.first])
    lead = tokens[found.first - 1].text if found.first else ""
    hedge = tokens[found.first - 2].text if found.first > 1 else ""
    opens = lead not in _DEFINITE | _SAYS_IT or (
        lead in {"a", "an", "in"} and hedge not in _SAYS_IT
    )
    strength = 0.85 if len(slots) > 1 else 0.65
    return _claim(
        *(line, "seen", [*slots, *owner], (found.first, found.last), strength),
        "described in answer to a question" if asked else "described by the caller",
        opens=opens,
    )


def _owner(before: Sequence[object]) -> list[tuple[str, str]]:
    said = [getattr(token, "text", "") for token in before]
    if (
        "my" in said
        or "our" in said
        or any(
            said[at : at + 2] in (["i'm", "in"], ["i'm", "driving"], ["we're", "in"], ["am", "in"])
            for at in range(len(said))
        )
    ):
        return [("owner", "the caller's")]
    return []


def _slots(tokens: Sequence[object]) -> list[tuple[str, str]]:
    """The words of a description by what each says; the nouns are read first."""
    words = [str(getattr(token, "text", "")) for token in tokens]
    raw = [str(getattr(token, "raw", "")) for token in tokens]
    taken: dict[int, str] = {}
    for slot, pattern in (
        ("make", MAKES),
        ("model", MODELS),
        *((f"body {name}", body) for name, body in BODIES.items()),
        ("year", _YEAR),
    ):
        for first, after in _spans(words, pattern, taken):
            for at in range(first, after):
                taken[at] = slot
            break
    if words and compiled(_COUNT).fullmatch(words[0]) and 0 not in taken:
        taken[0] = "count"
    for at, word in enumerate(words):
        if at in taken:
            continue
        leads = word in SHADES or word in {"and", "or", "over"}
        if word in COLOURS or (leads and _next_colour(words, at)):
            taken[at] = "colour"
        elif word in ADJECTIVES | SHADES:
            taken[at] = "adjective"
    made: dict[str, list[str]] = {}
    for at in sorted(taken):
        made.setdefault(taken[at], []).append(raw[at])
    return [(slot, " ".join(parts)) for slot, parts in made.items()]


def _next_colour(words: Sequence[str], at: int) -> bool:
    rest = [word for word in words[at + 1 : at + 4] if word not in SHADES]
    return bool(rest) and rest[0] in COLOURS


def _spans(words: Sequence[str], pattern: str, taken: dict[int, str]) -> list[tuple[int, int]]:
    text = " ".join(words)
    starts: list[int] = []
    length = 0
    for word in words:
        starts.append(length)
        length += len(word) + 1
    found: list[tuple[int, int]] = []
    for match in compiled(pattern).finditer(text):
        first = starts.index(match.start()) if match.start() in starts else None
        if first is None:
            continue
        after = first + match.group().count(" ") + 1
        if not any(at in taken for at in range(first, after)):
            found.append((first, after))
    return found


def _sure(words: Sequence[str]) -> bool:
    return compiled(SURE_MODELS).fullmatch(" ".join(words)) is not None


def _says_enough(slots: dict[str, str], *, asked: bool) -> bool:
    """Whether the words tell one vehicle from others; "a car" does not, "a van" does."""
    bodies = [text for slot, text in slots.items() if slot.startswith("body")]
    details = {slot for slot in slots if not slot.startswith("body")}
    if details == {"adjective"} and bodies and bodies[0].lower() in BARE:
        return slots["adjective"].lower() not in {"big", "little", "new", "old", "other", "up"}
    if details == {"count"}:
        return bool(bodies)
    if "make" in slots and not bodies and details == {"make"}:
        return asked or slots["make"].lower() not in DOUBTFUL_MAKES
    if "model" in slots and not bodies and details == {"model"}:
        return asked or _sure(slots["model"].lower().split())
    if details in ({"model", "adjective"}, {"make", "adjective"}):
        name = slots.get("model", slots.get("make", "")).lower()
        return bool(bodies) or asked or (name not in DOUBTFUL_MAKES and _sure(name.split()))
    if details:
        return True
    return bool(bodies) and (
        bodies[0].lower() not in BARE or (asked and bodies[0].lower() != "car")
    )


def _bare_answer(line: Line, text: Text, asked: Line) -> list[VehicleClaim]:
    """A colour, a year or a body alone, in answer to a question."""
    found = next(iter(text.find(_PAINT)), None)
    slot = "colour"
    if found is None and any(token.text == "year" for token in asked.tokens):
        found, slot = next(iter(text.find(_YEAR)), None), "year"
    if found is None or found.denied or found.supposed:
        return []
    slots = [(slot, _raw(line, found))]
    span = (found.first, found.last)
    made = _claim(line, "answer", slots, span, 0.75, "described in answer to a question")
    question = as_text(asked)
    for name, body in BODIES.items():
        named = next(iter(question.find(body)), None)
        if named is not None:
            return [
                replace(
                    made,
                    slots=((f"body {name}", _raw(asked, named)), *made.slots),
                    evidence=(asked.evidence(named.first, named.last), *made.evidence),
                )
            ]
    return [made]


def _painted(line: Line, text: Text) -> list[VehicleClaim]:
    """As in "it was silver", of the vehicle spoken of just before."""
    pattern = rf"(?:it's|it is|it was|was|no|no sorry|not \w+) (?:\w+ )??(?:{_PAINT})"
    for found in text.find(pattern):
        after = line.tokens[found.last + 1] if found.last + 1 < len(line.tokens) else None
        if after is not None and not line.tokens[found.last].ends_clause:
            continue
        colours = [
            at
            for at in range(found.first, found.last + 1)
            if line.tokens[at].text in COLOURS
            or (line.tokens[at].text in SHADES and line.tokens[at].text != "two")
        ]
        span = (colours[0], colours[-1])
        said = " ".join(line.tokens[at].raw for at in colours)
        return [_claim(line, "answer", [("colour", said)], span, 0.7, "described by the caller")]
    return []


def _raw(line: Line, found: Found) -> str:
    return " ".join(token.raw for token in line.tokens[found.first : found.last + 1])


def _features(line: Line, text: Text) -> list[VehicleClaim]:
    state = rf"(?:{STATES}) (?:license )?(?:plates?|tags?)"
    claims: list[VehicleClaim] = []
    for found in text.find(rf"{FEATURES}|{state}"):
        said = _raw(line, found)
        first = line.tokens[found.first].text
        if found.supposed or (found.denied and first not in {"no", "without"}):
            continue
        claims.append(
            _claim(
                line,
                "feature",
                [("feature", said)],
                (found.first, found.last),
                0.75,
                "described by the caller",
            )
        )
    return claims


def _ways(line: Line, text: Text, *, spoken: bool, asked: bool) -> list[VehicleClaim]:
    """Which way it went, if a vehicle goes there."""
    said = text.text
    if not spoken or (_FEET.search(said) and not _WHEELS.search(said)):
        return []
    patterns = [
        rf"{_GO} {_WAY}",
        r"(?:north|south|east|west)bound(?: (?:on|lanes?) [\w'-]+(?: \d+)?)?",
    ]
    if asked:
        patterns.append(_WAY)
    for pattern in patterns:
        for found in text.find(pattern):
            if found.denied or found.supposed:
                continue
            words = " ".join(token.raw for token in line.tokens[found.first : found.last + 1])
            return [
                _claim(
                    line,
                    "way",
                    [("way", words)],
                    (found.first, found.last),
                    0.75,
                    "which way it went",
                )
            ]
    return []


@dataclass(slots=True)
class _Vehicle:
    slots: dict[str, str] = field(default_factory=dict[str, str])
    features: list[str] = field(default_factory=list[str])
    claims: list[VehicleClaim] = field(default_factory=list[VehicleClaim])

    def add(self, claim: VehicleClaim) -> None:
        """Take over what a claim says."""
        for slot, text in claim.slots:
            if slot == "feature":
                if text.lower() not in [each.lower() for each in self.features]:
                    self.features.append(text)
                continue
            key = _key(slot)
            if key == "body":
                self.slots = {k: v for k, v in self.slots.items() if _key(k) != "body" or k == slot}
            held = self.slots.get(slot)
            if held is None or claim.corrects or key in {"plate", "way"} or len(text) > len(held):
                self.slots[slot] = text
        if claim.sort == "plate":
            # A plate that was said anew or corrected is cited where it was said last.
            kept = self.slots.get("plate")
            self.claims = [
                c for c in self.claims if c.sort != "plate" or ("plate", kept) in c.slots
            ]
        self.claims.append(claim)

    def fits(self, claim: VehicleClaim) -> bool:
        """Whether nothing in the claim contradicts what is known."""
        for slot, text in claim.slots:
            key = _key(slot)
            for mine, held in self.slots.items():
                if _key(mine) != key or key in {"plate", "way", "adjective", "owner"}:
                    continue
                if key == "body" and not _same_body(mine, slot):
                    return False
                if key != "body" and not _same_words(text, held):
                    return False
        return True

    def shares(self, claim: VehicleClaim) -> bool:
        """Whether the claim names something that is known of this vehicle."""
        return any(
            _key(slot) in {"body", "make", "model", "colour"}
            and any(_key(k) == _key(slot) for k in self.slots)
            for slot, _ in claim.slots
        )


def _key(slot: str) -> str:
    return "body" if slot.startswith("body") else slot


def _same_body(one: str, other: str) -> bool:
    return one == other or "body " in (one, other) or {one, other} <= {"body car", "body suv"}


def _same_words(one: str, other: str) -> bool:
    a, b = one.lower(), other.lower()
    return (
        a in b or b in a or bool(set(a.split()) & set(b.split()) - {"or", "and", "dark", "light"})
    )


def resolve(claims: Sequence[VehicleClaim]) -> list[Proposal]:
    """All vehicles in one line, in the order in which they came up."""
    vehicles: list[_Vehicle] = []
    last: VehicleClaim | None = None
    for claim in sorted(claims, key=lambda claim: (claim.order, claim.at)):
        home = _home(claim, vehicles, last)
        if home is not None:
            home.add(claim)
        elif claim.sort in {"seen", "plate"} or len(claim.slots) > 1:
            vehicles.append(_Vehicle())
            vehicles[-1].add(claim)
        last = claim
    told = [
        each for each in vehicles if any(c.sort in {"seen", "plate", "answer"} for c in each.claims)
    ]
    if not told:
        return []
    shown = told[-_MOST:]
    text = "; ".join(_text(each) for each in shown)
    used = [claim for each in shown for claim in each.claims]
    evidence = tuple(dict.fromkeys(cited for claim in used for cited in claim.evidence))
    sure = round(min(claim.confidence for claim in used), 4)
    return [Proposal("vehicles", text, text[:1].upper() + text[1:], sure, evidence, used[0].reason)]


_MOST: Final = 5


def _home(
    claim: VehicleClaim, vehicles: Sequence[_Vehicle], last: VehicleClaim | None
) -> _Vehicle | None:
    """The vehicle that a claim is about, or None for a new one."""
    if not vehicles:
        return None
    if claim.sort != "seen" or claim.corrects:
        return vehicles[-1]
    beside = last is not None and last.order == claim.order and claim.opens and last.sort == "seen"
    for vehicle in reversed(vehicles):
        if vehicle.fits(claim) and (
            vehicle.shares(claim) or (not claim.opens) or claim.reason.endswith("question")
        ):
            return None if beside and vehicle is vehicles[-1] else vehicle
    return None


def _text(vehicle: _Vehicle) -> str:
    slots = vehicle.slots
    body = next((text for slot, text in slots.items() if slot.startswith("body")), "")
    if "make" in slots and body.lower() in {"car", "vehicle"}:
        body = ""
    named = [slots[slot] for slot in _SLOTS[:-1] if slot in slots] + ([body] if body else [])
    parts = [" ".join(named)] if named else []
    parts += vehicle.features
    parts += [slots[slot] for slot in ("plate", "way", "owner") if slot in slots]
    return ", ".join(parts)
