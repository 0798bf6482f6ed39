"""How well signs of danger to life are heard on calls whose dangers are written down. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.cues import CueKind
from ringdown.incidents.ports import Extractor
from ringdown.incidents.report.figures import wilson
from ringdown.incidents.report.lines import WrittenCall, extracted

BUDGET: Final = 5
"""False alerts that 100 calls may bring at most; above it a rule is changed or a kind is cut."""


@dataclass(frozen=True)
class Alerted:
    """The cues of one call beside the dangers that are really in it."""

    id: str
    condition: str
    found: frozenset[CueKind]
    missed: frozenset[CueKind]
    false: frozenset[CueKind]


@dataclass(frozen=True)
class Share:
    """A count of a total with its 95 % interval."""

    count: int
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds of the share."""
        return wilson(self.count, self.total)


@dataclass(frozen=True)
class Summary:
    """One condition: dangers that raised no cue, and calls with a cue raised for nothing."""

    condition: str
    calls: int
    missed: Share
    false: Share
    false_alerts: int


def alerts(
    calls: Iterable[WrittenCall], dangers: Mapping[str, frozenset[CueKind]], extractor: Extractor
) -> list[Alerted]:
    """Each call's cues against its dangers; calls whose dangers nobody wrote down are left out."""
    return [_alerted(call, dangers[call.id], extractor) for call in calls if call.id in dangers]


def _alerted(call: WrittenCall, dangers: frozenset[CueKind], extractor: Extractor) -> Alerted:
    raised: frozenset[CueKind] = frozenset(cue.kind for cue in extracted(call, extractor).cues)
    return Alerted(call.id, call.condition, raised & dangers, dangers - raised, raised - dangers)


def summary(condition: str, alerted: Sequence[Alerted]) -> Summary:
    """The figures of one condition."""
    missed = sum(len(each.missed) for each in alerted)
    dangers = missed + sum(len(each.found) for each in alerted)
    return Summary(
        condition,
        len(alerted),
        Share(missed, dangers),
        Share(sum(bool(each.false) for each in alerted), len(alerted)),
        sum(len(each.false) for each in alerted),
    )
