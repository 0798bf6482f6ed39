"""Persons as described: who, how old, how they look, what they wear, which way they went. Pure.

The words are those that were said. A person of whom nothing but "a man" was said is not listed.
"""
# ruff: noqa: E501 - a pattern reads best on one line

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ringdown.incidents.adapters.rules.dialogue import (
    asked_before,
    asks_age,
    asks_direction,
    asks_looks,
    asks_name,
)
from ringdown.incidents.adapters.rules.lexicon import STOP
from ringdown.incidents.adapters.rules.person_words import (
    ABOUT,
    ADJECTIVE,
    AGE,
    BARE_HEIGHT,
    BUILD,
    CARRIES,
    COUNT,
    DRESSED,
    FAR,
    GARMENT,
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
from ringdown.incidents.adapters.rules.vehicle_words import COLOURS
from ringdown.incidents.ports import Evidence, Proposal
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
_MANY_TIMES: Final = frozenset(["clothes", "hair", "carries", "looks", "build"])
_NAME: Final = r"(?:his|her) (?:first |last |full |whole )?name(?:'s| is| was) (?:is )?((?:[\w'-]+)(?: [\w'-]+){0,2})|(?:named|called) ((?:[\w'-]+)(?: [\w'-]+)?)"
_HE: Final = {"he": "m", "he's": "m", "his": "m", "him": "m", "she": "f", "she's": "f", "her": "f"}
_ME: Final = frozenset(["i", "i'm", "i've", "me", "my"])
_THEY: Final = frozenset(["they", "they're", "them", "their"])
_ORDER: Final = (
    "race",
    "age",
    "height",
    "weight",
    "build",
    "hair",
    "looks",
    "clothes",
    "carries",
    "name",
    "way",
)
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


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """One line's word on a person: a noun that opens one, or something said of one."""

    sort: str
    """`person`, or which detail: see `_ORDER`."""
    text: str
    who: str
    """The noun, or he, she, they, caller, or "" for whoever was spoken of last."""
    sex: str
    opens: bool
    shown: bool
    """Whether this alone is worth listing."""
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    at: int
    reason: str


def claims_of(line: Line, before: Sequence[Line]) -> list[PersonClaim]:
    """What `line` says about persons, given the lines before it."""
    if line.side != CALLER:
        return []
    text, asked = as_text(line), asked_before(before)
    claims = _named(line, text)
    persons = list(claims)
    claims += _details(line, text, persons, asked)
    if asked is not None and not claims:
        claims += _coloured(line, text, asked)
    claims += _names(line, text, asked, persons)
    return sorted(claims, key=lambda claim: (claim.at, claim.sort != "person"))


def _claim(
    line: Line,
    sort: str,
    text: str,
    span: tuple[int, int],
    strength: float,
    reason: str,
    **more: object,
) -> PersonClaim:
    first, last = span
    return PersonClaim(
        sort,
        text,
        who=str(more.get("who", "")),
        sex=str(more.get("sex", "")),
        opens=bool(more.get("opens", False)),
        shown=bool(more.get("shown", True)),
        confidence=strength * line.sureness(first, last),
        evidence=(line.evidence(first, last),),
        order=line.order,
        at=first,
        reason=reason,
    )


def _said(line: Line, first: int, last: int) -> str:
    return " ".join(token.raw for token in line.tokens[first : last + 1])


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
            _claim(
                *(line, "person", _said(line, found.first, found.last).removesuffix("'s")),
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
    patterns = [*_DETAILS.items(), *_COPULA.items(), ("age", _NUMBER_SAID), *_answers(asked)]
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
            who, sex = _whose(line, found.first, persons, first)
            if not who and asked is not None and sort != "way":
                who, sex = _asked_of(asked)
            if who == "caller" and sort == "way":
                continue
            taken |= span
            reason = (
                "in answer to a question"
                if asked is not None and loose
                else "described by the caller"
            )
            claims.append(
                _claim(
                    line,
                    sort,
                    _said(line, first, last),
                    (first, last),
                    0.75,
                    reason,
                    who=who,
                    sex=sex,
                )
            )
    return claims


_THINGS: Final = word_set(
    "car truck van suv vehicle vehicles motorcycle bike house building color colour shirt jacket pants hat shoes "
    "dog animal package"
)
_PERSONAL: Final = word_set(
    "he she him her they them person suspect suspects guy man woman male female race description describe "
    "subject subjects hispanic white black tall height build hair"
)


def _coloured(line: Line, text: Text, asked: Line) -> list[PersonClaim]:
    """As in "white" to "what colour is his shirt?"."""
    if not any(token.text in {"color", "colour"} for token in asked.tokens):
        return []
    garment = next(iter(as_text(asked).find(GARMENT)), None)
    colour = next(iter(text.find("|".join(sorted(COLOURS)))), None)
    if garment is None or colour is None or colour.denied:
        return []
    said = f"{_said(line, colour.first, colour.last)} {_said(asked, garment.first, garment.last)}"
    made = _claim(
        *(line, "clothes", said, (colour.first, colour.last), 0.7, "in answer to a question")
    )
    question = asked.evidence(garment.first, garment.last)
    sure = min(made.confidence, 0.7 * asked.sureness(garment.first, garment.last))
    return [replace(made, evidence=(question, *made.evidence), confidence=sure)]


def _answers(asked: Line | None) -> list[tuple[str, str]]:
    """What counts as an answer only after its question."""
    if asked is None:
        return []
    made: list[tuple[str, str]] = []
    said = {token.text for token in asked.tokens}
    if asks_age(asked) and "birth" not in said:
        made.append(
            (
                "age",
                rf"{ABOUT}{NUMBER}(?: or {NUMBER}| to {NUMBER})?(?: (?:years?|months?|weeks?|days?)(?: old)?)?",
            )
        )
    if asks_looks(asked) and not said & _THINGS and said & _PERSONAL:
        made += [("race", RACE), ("build", BUILD), ("looks", r"bald|naked|shirtless|male|female")]
        made.append(("age", rf"{ABOUT}{NUMBER}(?: or {NUMBER}| to {NUMBER})"))
        if said & {"tall", "height", "describe", "description", "look"}:
            made.append(("height", BARE_HEIGHT))
    if said & {"hair"}:
        made.append(
            (
                "hair",
                rf"(?:{'|'.join(sorted(COLOURS))}|blond|blonde|long|short|curly)(?: (?:and|or) (?:\w+))?",
            )
        )
    if asks_direction(asked):
        made.append(
            (
                "way",
                r"(?:north|south|east|west)(?:bound)?(?: (?:on|down|up) [\w'-]+)?|(?:toward|towards|into|down|behind|through) (?:the )?[\w'-]+(?: \w+)?",
            )
        )
    return made


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


def _whose(line: Line, at: int, persons: Sequence[PersonClaim], last: int) -> tuple[str, str]:
    """Whom a detail at token `at` is about: the nearest person or pronoun before it."""
    for back in range(min(last, len(line.tokens) - 1), -1, -1):
        word = line.tokens[back].text
        for person in persons:
            if person.at <= back <= person.at + person.text.count(" ") and person.at < max(at, 1):
                return person.who, person.sex
        if back > at:
            continue
        if word in _HE:
            return ("he" if _HE[word] == "m" else "she"), _HE[word]
        if word in {"i'm", "i"}:
            return "caller", ""
        if word in _THEY:
            return "they", ""
    return "", ""


def _asked_of(asked: Line) -> tuple[str, str]:
    """Whom a question is about: as in "how old are you?", "how old is she?"."""
    words = [token.text for token in asked.tokens]
    for word in words:
        if word in _HE:
            return ("he" if _HE[word] == "m" else "she"), _HE[word]
    asks_caller = any(
        words[at : at + 2] in (["are", "you"], ["your", "age"], ["you", "wearing"])
        for at in range(len(words))
    )
    return ("caller", "") if asks_caller else ("", "")


def _names(
    line: Line, text: Text, asked: Line | None, persons: Sequence[PersonClaim]
) -> list[PersonClaim]:
    claims: list[PersonClaim] = []
    for match in compiled(_NAME).finditer(text.text):
        group = 1 if match.group(1) else 2
        first = text.text.count(" ", 0, match.start(group))
        last = first
        while (
            last < len(line.tokens) - 1
            and last - first < 2
            and not line.tokens[last].ends_clause
            and _is_name(line, last + 1)
        ):
            last += 1
        if not _is_name(line, first):
            continue
        who, sex = _whose(line, first, persons, first)
        claims.append(
            _claim(
                line,
                "name",
                f"named {_said(line, first, last)}",
                (first, last),
                0.7,
                "said by name",
                who=who,
                sex=sex,
            )
        )
    if claims or asked is None or not asks_name(asked):
        return claims
    words = [token.text for token in asked.tokens]
    if not {"his", "her", "their"} & set(words) or len(line.tokens) > 5:
        return []
    start = 2 if [t.text for t in line.tokens[:2]] in (["it's", "uh"], ["his", "name"]) else 0
    start = next((at for at in range(start, len(line.tokens)) if _is_name(line, at)), None) or 0
    if not line.tokens or not _is_name(line, start):
        return []
    last = start
    while (
        last < len(line.tokens) - 1
        and last - start < 2
        and not line.tokens[last].ends_clause
        and _is_name(line, last + 1)
    ):
        last += 1
    who, sex = ("she", "f") if "her" in words else ("he", "m") if "his" in words else ("", "")
    return [
        _claim(
            line,
            "name",
            f"named {_said(line, start, last)}",
            (start, last),
            0.6,
            "a name in answer to a question",
            who=who,
            sex=sex,
        )
    ]


def _is_name(line: Line, at: int) -> bool:
    token = line.tokens[at]
    plain = token.text.replace("'", "").replace("-", "").isalpha()
    return (
        plain
        and len(token.text) > 1
        and token.text not in STOP | {"unknown", "name", "first", "last", "didn't", "is", "calling"}
        and (token.capital or not line.cased)
    )


@dataclass(slots=True)
class _Person:
    who: str
    sex: str
    noun: PersonClaim | None = None
    details: dict[str, list[PersonClaim]] = field(default_factory=dict[str, list[PersonClaim]])

    def fits(self, claim: PersonClaim) -> bool:
        """Whether a noun may be this person said again."""
        if self.who == "caller" or (claim.sex and self.sex and claim.sex != self.sex):
            return False
        if self.who in KIN or claim.who in KIN:
            return self.who == claim.who
        races = set(_races(claim.text))
        mine = {race for each in self.nouns() for race in _races(each.text)}
        mine |= {race for each in self.details.get("race", []) for race in _races(each.text)}
        return not races or not mine or bool(races & mine)

    def nouns(self) -> list[PersonClaim]:
        """The noun as described, if there is one."""
        return [self.noun] if self.noun is not None else []

    def add(self, claim: PersonClaim) -> None:
        """Take over what was said."""
        if claim.sort == "person":
            if (
                self.noun is None
                or (claim.shown and len(claim.text) > len(self.noun.text))
                or not self.noun.shown
            ):
                self.noun = claim if self.noun is None or claim.shown else self.noun
            self.sex = self.sex or claim.sex
            return
        held = self.details.setdefault(claim.sort, [])
        words = claim.text.lower()
        if self.noun is not None and words in self.noun.text.lower():
            return
        same = [each for each in held if each.text.lower() in words or words in each.text.lower()]
        if same:
            if len(words) > len(same[0].text):
                held[held.index(same[0])] = claim
        elif claim.sort in _MANY_TIMES:
            held.append(claim)
        else:
            # Said anew: the later word counts.
            held[:] = [claim]

    def shown(self) -> bool:
        """Whether enough was said to tell this person from others."""
        nobody = self.noun is None and self.who in {"person", "they", ""}
        return any(
            held for sort, held in self.details.items() if not nobody or sort != "way"
        ) or any(noun.shown for noun in self.nouns())


def _races(text: str) -> list[str]:
    return [match.group().lower() for match in compiled(RACE).finditer(text.lower())]


def resolve(claims: Sequence[PersonClaim]) -> list[Proposal]:
    """All persons described, in one line, in the order in which they came up."""
    persons: list[_Person] = []
    recent: _Person | None = None
    for claim in sorted(claims, key=lambda claim: (claim.order, claim.at, claim.sort != "person")):
        recent = _home(claim, persons, recent)
        if recent not in persons:
            persons.append(recent)
        recent.add(claim)
    told = [person for person in persons if person.shown()][-_MOST:]
    if not told:
        return []
    parts: list[tuple[str, list[PersonClaim]]] = []
    for person in told:
        part = _text(person)
        if sum(len(text) + 2 for text, _ in parts) + len(part[0]) <= _LONGEST:
            parts.append(part)
    text = "; ".join(said for said, _ in parts)
    used = [claim for _, chosen in parts for claim in chosen]
    evidence = tuple(dict.fromkeys(cited for claim in used for cited in claim.evidence))
    sure = round(min(claim.confidence for claim in used), 4)
    return [Proposal("persons", text, text[:1].upper() + text[1:], sure, evidence, used[0].reason)]


_MOST: Final = 6
_LONGEST: Final = 480


def _home(claim: PersonClaim, persons: Sequence[_Person], recent: _Person | None) -> _Person:
    """The person that a claim is about; a new one where nobody fits."""
    if claim.sort == "person":
        other = compiled(OTHERS).match(claim.text.lower()) is not None
        beside = (
            recent is not None
            and any(n.order == claim.order for n in recent.nouns())
            and claim.opens
        )
        for person in reversed(persons):
            again = person.noun is not None and person.noun.text.lower() == claim.text.lower()
            if not other and person.fits(claim) and (again or not (beside and person is recent)):
                return person
        return _Person(claim.who, claim.sex)
    if claim.who == "caller":
        return next((each for each in persons if each.who == "caller"), None) or _Person(
            "caller", ""
        )
    for person in reversed(persons):
        if claim.who and claim.who == person.who:
            return person
    if (
        recent is not None
        and recent.who != "caller"
        and (not claim.sex or recent.sex in {claim.sex, ""})
    ):
        return recent
    for person in reversed(persons):
        if person.who != "caller" and (not claim.sex or person.sex in {claim.sex, ""}):
            return person
    return _Person(claim.who or "person", claim.sex)


def _text(person: _Person) -> tuple[str, list[PersonClaim]]:
    chosen = person.nouns()
    label = person.noun.text if person.noun is not None else person.who
    parts = [] if label in {"person", "they"} else [label]
    for sort in _ORDER:
        for claim in person.details.get(sort, []):
            parts.append(claim.text)
            chosen = [*chosen, claim]
    return ", ".join(parts), chosen
