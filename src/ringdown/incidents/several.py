"""Several extractors on one call: the first, and others that listen beside it.

What another proposes stands among the readings by its confidence; at equal confidence the first one
goes before, and the order that each gives its own readings stays. One that fails is left out for
the rest of its call, and the others go on.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ringdown.incidents.cues import Cue
from ringdown.incidents.model import Extracted, Proposal
from ringdown.incidents.ports import ExtractionSession, Extractor, HeardUtterance
from ringdown.incidents.questions import Question

K = TypeVar("K")
T = TypeVar("T")
Failed = Callable[[str, Exception], None]
"""Told the name of an extractor that failed, and how. What it was hearing is not for logs."""


class SeveralExtractors:
    """An extractor made of others; only those beside the first may fail."""

    def __init__(
        self, first: Extractor, beside: Sequence[tuple[str, Extractor]], on_failure: Failed
    ) -> None:
        self._first = first
        self._beside = beside
        self._on_failure = on_failure

    def open(self) -> ExtractionSession:
        """A session of each."""
        opened: list[tuple[str, ExtractionSession]] = []
        for name, extractor in self._beside:
            try:
                opened.append((name, extractor.open()))
            except Exception as error:  # noqa: BLE001 - another's plugin never harms a call
                self._on_failure(name, error)
        return _Sessions(self._first.open(), opened, self._on_failure)


class _Sessions:
    def __init__(
        self,
        first: ExtractionSession,
        beside: list[tuple[str, ExtractionSession]],
        on_failure: Failed,
    ) -> None:
        self._first = first
        self._beside = beside
        self._on_failure = on_failure

    def hear(self, utterance: HeardUtterance) -> Extracted:
        """What all of them now say."""
        said = [self._first.hear(utterance)]
        for name, session in list(self._beside):
            try:
                said.append(session.hear(utterance))
            except Exception as error:  # noqa: BLE001 - another's plugin never harms a call
                self._beside.remove((name, session))
                self._on_failure(name, error)
        return said[0] if len(said) == 1 else together(said)


def together(said: Sequence[Extracted]) -> Extracted:
    """Everything that several say, each thing once, the surest first."""
    ranked = [pair for extracted in said for pair in _ranked(extracted.proposals)]
    proposals = [proposal for _, proposal in sorted(ranked, key=lambda pair: -pair[0])]
    cues = sorted(
        (each for extracted in said for each in extracted.cues), key=lambda each: -each.confidence
    )
    questions = [each for extracted in said for each in extracted.questions]
    return Extracted(
        proposals=_once(proposals, _reading),
        cues=_once(cues, _danger),
        questions=_once(questions, _asked),
    )


def _ranked(proposals: Sequence[Proposal]) -> list[tuple[float, Proposal]]:
    """Each with a rank that never rises within a field, so that its own order stays."""
    least: dict[str, float] = {}
    ranked: list[tuple[float, Proposal]] = []
    for proposal in proposals:
        least[proposal.field] = min(least.get(proposal.field, 1.0), proposal.confidence)
        ranked.append((least[proposal.field], proposal))
    return ranked


def _reading(proposal: Proposal) -> tuple[str, str]:
    return proposal.field, proposal.value


def _danger(cue: Cue) -> str:
    return cue.kind


def _asked(question: Question) -> str:
    return question.topic


def _once(things: Iterable[T], key: Callable[[T], K]) -> tuple[T, ...]:
    """The first of each key."""
    kept: dict[K, T] = {}
    for thing in things:
        kept.setdefault(key(thing), thing)
    return tuple(kept.values())
