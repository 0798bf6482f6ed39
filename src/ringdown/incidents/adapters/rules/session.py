"""One call as the rules follow it: a window of lines, and the claims they have made."""

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from ringdown.incidents.adapters.rules import (
    cues,
    hazards,
    location,
    person_list,
    persons,
    phone,
    questions,
    relation,
    triage,
    type_severity,
    vehicle_list,
    vehicles,
    victims,
    weapon_list,
    weapons,
)
from ringdown.incidents.adapters.rules.tokens import Line, tokenise
from ringdown.incidents.ports import Extracted, HeardUtterance, Proposal

CONTEXT: Final = 6
"""Lines before that a rule may look at."""
WINDOW: Final = 48
"""Lines kept whole, so that a late or revised one is read in its place."""
KEPT: Final = 40
"""Claims kept of each kind from lines that have left the window."""
LONGEST: Final = 400
"""Words of one utterance that the rules read; speech is never this long without a pause."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What reads a line for one field or two, and what makes proposals of all its claims.

    A claim has `confidence`; where a call is long, the surest are kept.
    """

    claims_of: Callable[[Line, Sequence[Line]], Sequence[Any]]
    resolve: Callable[[Sequence[Any]], Sequence[Proposal]]


_RULES: Final = (
    _Rule(type_severity.claims_of, type_severity.resolve),
    _Rule(location.claims_of, location.resolve),
    _Rule(victims.claims_of, victims.resolve),
    _Rule(phone.claims_of, phone.resolve),
    _Rule(weapons.claims_of, weapon_list.resolve),
    _Rule(hazards.claims_of, hazards.resolve),
    _Rule(persons.claims_of, person_list.resolve),
    _Rule(vehicles.claims_of, vehicle_list.resolve),
    _Rule(relation.claims_of, relation.resolve),
)

_Claims = tuple[tuple[Any, ...], ...]
"""What one line claimed, by rule."""
_NOTHING: Final[_Claims] = ((),) * len(_RULES)


class RuleSession:
    """Reads a call line by line. What a line claims depends on it and the six lines before it.

    Lines stand in the order they were spoken, whatever order they arrive in, so hearing the same
    utterances again after a restart gives the same answer.
    """

    def __init__(self, emergency_at: float = triage.EMERGENCY_AT) -> None:
        self._emergency_at = emergency_at
        self._window: list[Line] = []
        self._order: list[tuple[int, int, str]] = []
        self._at: dict[str, tuple[int, int, str]] = {}
        self._claims: dict[str, _Claims] = {}
        self._old = _NOTHING
        self._dangers: dict[str, list[cues.CueClaim]] = {}
        self._asks: dict[str, list[questions.AskClaim]] = {}
        self._old_asks: tuple[questions.AskClaim, ...] = ()
        self._old_dangers: tuple[cues.CueClaim, ...] = ()

    def hear(self, utterance: HeardUtterance) -> Extracted:
        """Everything now said of the call; proposals best first within each field."""
        known = self._at.get(utterance.utterance_id)
        if known is None and self._order and self._full_and_before(utterance):
            return self._resolved()
        if known is not None:
            index = bisect_left(self._order, known)
            if self._window[index].revision > utterance.revision:
                return self._resolved()
            del self._window[index], self._order[index]
            self._read(index, index + CONTEXT)
        line = tokenise(_Cut(utterance) if len(utterance.words) > LONGEST else utterance)
        insort(self._order, line.order)
        index = bisect_left(self._order, line.order)
        self._window.insert(index, line)
        self._at[line.utterance_id] = line.order
        self._read(index, index + CONTEXT + 1)
        if len(self._window) > WINDOW:
            self._retire()
        return self._resolved()

    def _full_and_before(self, utterance: HeardUtterance) -> bool:
        """A line from before the window: its neighbours are gone, so it cannot be read rightly."""
        key = (utterance.start_ms, utterance.end_ms, utterance.utterance_id)
        return len(self._window) >= WINDOW and key < self._order[0]

    def _read(self, first: int, after: int) -> None:
        for index in range(first, min(after, len(self._window))):
            line = self._window[index]
            before = self._window[max(0, index - CONTEXT) : index]
            self._claims[line.utterance_id] = _claims_of(line, before)
            self._dangers[line.utterance_id] = cues.claims_of(line, before)
            self._asks[line.utterance_id] = questions.claims_of(line, before)

    def _retire(self) -> None:
        """Let the oldest line go; of its claims the surest are kept."""
        line = self._window.pop(0)
        self._order.pop(0)
        del self._at[line.utterance_id]
        gone = self._claims.pop(line.utterance_id)
        dangers = self._dangers.pop(line.utterance_id)
        self._old_dangers = cues.kept((*self._old_dangers, *dangers))
        self._old_asks = questions.kept((*self._old_asks, *self._asks.pop(line.utterance_id)))
        self._old = tuple(
            tuple(_best((*old, *new), key=lambda claim: claim.confidence))
            for old, new in zip(self._old, gone, strict=True)
        )

    def _resolved(self) -> Extracted:
        heard = [self._old, *(self._claims[line.utterance_id] for line in self._window)]
        made = tuple(
            proposal
            for at, rule in enumerate(_RULES)
            for proposal in rule.resolve([claim for each in heard for claim in each[at]])
        )
        needed = triage.proposals(made, self._emergency_at)
        dangers = [self._dangers[line.utterance_id] for line in self._window]
        found = cues.resolve([*self._old_dangers, *(claim for each in dangers for claim in each)])
        asks = [claim for line in self._window for claim in self._asks[line.utterance_id]]
        now_ms = self._window[-1].end_ms if self._window else 0
        waiting = questions.resolve([*self._old_asks, *asks], made, now_ms)
        return Extracted(proposals=(*needed, *made), cues=tuple(found), questions=tuple(waiting))


def _claims_of(line: Line, before: Sequence[Line]) -> _Claims:
    if not line.tokens:
        return _NOTHING
    return tuple(tuple(rule.claims_of(line, before)) for rule in _RULES)


C = TypeVar("C")


def _best(claims: Sequence[C], *, key: Callable[[C], float]) -> list[C]:
    """The surest `KEPT` claims, in the order they were made."""
    if len(claims) <= KEPT:
        return list(claims)
    ranked = sorted(range(len(claims)), key=lambda at: (-key(claims[at]), at))[:KEPT]
    return [claims[at] for at in sorted(ranked)]


class _Cut:
    """An utterance of which only the first `LONGEST` words are read."""

    def __init__(self, whole: HeardUtterance) -> None:
        self.utterance_id = whole.utterance_id
        self.side = whole.side
        self.start_ms = whole.start_ms
        self.end_ms = whole.end_ms
        self.revision = whole.revision
        self.words = whole.words[:LONGEST]
