"""The persons of a call, put together from what was said of each. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ringdown.incidents.adapters.rules.person_claims import PersonClaim
from ringdown.incidents.adapters.rules.person_words import (
    KIN,
    OTHERS,
    RACE,
)
from ringdown.incidents.adapters.rules.phrases import compiled
from ringdown.incidents.ports import Proposal

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

_MANY_TIMES: Final = frozenset(["clothes", "hair", "carries", "looks", "build"])

_MOST: Final = 6

_LONGEST: Final = 480


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
