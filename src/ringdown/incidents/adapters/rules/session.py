"""One call as the rules follow it: a window of lines, and the claims they have made."""

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

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


_Read = Callable[[Line, Sequence[Line]], Sequence[Any]]
_Kept = Callable[[Sequence[Any]], Sequence[Any]]
_Resolve = Callable[[Sequence[Any]], Sequence[Proposal]]


def _surest(claims: Sequence[Any]) -> Sequence[Any]:
    """The surest `KEPT` claims by their `confidence`, in the order they were made."""
    if len(claims) <= KEPT:
        return claims
    ranked = sorted(range(len(claims)), key=lambda at: (-claims[at].confidence, at))[:KEPT]
    return [claims[at] for at in sorted(ranked)]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads a line, given those before it, and which claims outlive their line."""

    claims_of: _Read
    kept: _Kept = _surest


_FIELDS: Final[tuple[tuple[_Read, _Resolve], ...]] = (
    (type_severity.claims_of, type_severity.resolve),
    (location.claims_of, location.resolve),
    (victims.claims_of, victims.resolve),
    (phone.claims_of, phone.resolve),
    (weapons.claims_of, weapon_list.resolve),
    (hazards.claims_of, hazards.resolve),
    (persons.claims_of, person_list.resolve),
    (vehicles.claims_of, vehicle_list.resolve),
    (relation.claims_of, relation.resolve),
)
"""What reads a line for one field or two, and what makes proposals of all its claims."""
_READERS: Final[tuple[_Reader, ...]] = (
    *(_Reader(claims_of) for claims_of, _ in _FIELDS),
    _Reader(cues.claims_of, cues.kept),
    _Reader(questions.claims_of, questions.kept),
)

_Claims = tuple[Sequence[Any], ...]
"""What one line claimed, by reader."""
_NOTHING: Final[_Claims] = ((),) * len(_READERS)


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
        self._old: _Claims = _NOTHING

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

    def _retire(self) -> None:
        """Let the oldest line go; of its claims those are kept that may still count."""
        line = self._window.pop(0)
        self._order.pop(0)
        del self._at[line.utterance_id]
        gone = self._claims.pop(line.utterance_id)
        self._old = tuple(
            reader.kept((*old, *new))
            for reader, old, new in zip(_READERS, self._old, gone, strict=True)
        )

    def _resolved(self) -> Extracted:
        heard = [self._old, *(self._claims[line.utterance_id] for line in self._window)]
        *fields, dangers, asks = (
            [claim for each in heard for claim in each[at]] for at in range(len(_READERS))
        )
        made = tuple(
            proposal
            for (_, resolve), claims in zip(_FIELDS, fields, strict=True)
            for proposal in resolve(claims)
        )
        needed = triage.proposals(made, self._emergency_at)
        found = cues.resolve(dangers)
        now_ms = self._window[-1].end_ms if self._window else 0
        waiting = questions.resolve(asks, made, now_ms)
        return Extracted(proposals=(*needed, *made), cues=tuple(found), questions=tuple(waiting))


def _claims_of(line: Line, before: Sequence[Line]) -> _Claims:
    if not line.tokens:
        return _NOTHING
    return tuple(reader.claims_of(line, before) for reader in _READERS)


class _Cut:
    """An utterance of which only the first `LONGEST` words are read."""

    def __init__(self, whole: HeardUtterance) -> None:
        self.utterance_id = whole.utterance_id
        self.side = whole.side
        self.start_ms = whole.start_ms
        self.end_ms = whole.end_ms
        self.revision = whole.revision
        self.words = whole.words[:LONGEST]
