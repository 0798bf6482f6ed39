"""What is kept of a language model's writing, and what is shown of it: tokens, never values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.core.events import Value
from ringdown.core.principal import Person


class CiteView(Value):
    """An utterance that a sentence rests on; times are milliseconds on the call's clock."""

    utterance_id: str
    side: str
    start_ms: int
    end_ms: int


class SentenceView(Value):
    """A sentence of a language model, with what it rests on.

    `replaces` names the number of a former sentence that this one corrects; `replaced_by` is set
    on that one.
    """

    number: int
    text: str
    cites: tuple[CiteView, ...]
    model: str
    at: str
    replaces: int | None = None
    replaced_by: int | None = None


class ProposalView(Value):
    """What a language model would write into a field of the incident; nothing takes it over."""

    field: str
    value: str
    cites: tuple[CiteView, ...]
    model: str
    at: str


class NarrativeMark(Value):
    """How far the narrative of a call has come, without any of its words."""

    version: int = 0
    sentences: int = 0
    withheld: int = 0
    off: bool = False


class NarrativeView(Value):
    """The running narrative of a call, written by a language model and by nobody else.

    `model` is the one named in the settings, None while there is none. `reasons` says why what was
    withheld was withheld. Words are tokens unless `revealed`.
    """

    call_id: str
    version: int
    model: str | None
    off: bool
    switched_by: Person | None
    switched_at: str | None
    sentences: tuple[SentenceView, ...]
    proposals: tuple[ProposalView, ...]
    withheld: int
    reasons: dict[str, int]
    revealed: bool = False


class RoundView(Value):
    """One answer of a language model as it is kept: by whom, asked how, and what came of it."""

    number: int
    at: str
    model: str
    version: str
    host: str | None
    prompt_hash: str
    request_hash: str
    tokens: int
    sentences: tuple[SentenceView, ...]
    proposals: tuple[ProposalView, ...]
    withheld: dict[str, int]
    covered_ms: int = 0
    """Everything that was said until then was before the model."""


class NarrativeExport(Value):
    """Everything that language models wrote on a call, apart from what people wrote."""

    call_id: str
    written_by: str = "language model"
    rounds: tuple[RoundView, ...]


NOTHING_YET: Final = NarrativeMark()


@dataclass(frozen=True, slots=True)
class Switch:
    """The state of a call's narrative: its mark, and who switched it."""

    mark: NarrativeMark = NOTHING_YET
    by: Person | None = None
    at: str | None = None


def narrative(
    call_id: str, model: str | None, switch: Switch, rounds: Sequence[RoundView]
) -> NarrativeView:
    """What the rounds of a call come to: later sentences correct former ones, the last proposal of
    a field counts.
    """
    replaced: dict[int, int] = {}
    proposals: dict[str, ProposalView] = {}
    reasons: dict[str, int] = {}
    sentences: list[SentenceView] = []
    for each in rounds:
        for sentence in each.sentences:
            sentences.append(sentence)
            if sentence.replaces is not None:
                replaced[sentence.replaces] = sentence.number
        for proposal in each.proposals:
            proposals[proposal.field] = proposal
        added(reasons, each.withheld)
    return NarrativeView(
        call_id=call_id,
        version=switch.mark.version,
        model=model,
        off=switch.mark.off,
        switched_by=switch.by,
        switched_at=switch.at,
        sentences=tuple(
            sentence.model_copy(update={"replaced_by": replaced.get(sentence.number)})
            for sentence in sentences
        ),
        proposals=tuple(proposals[name] for name in sorted(proposals)),
        withheld=switch.mark.withheld,
        reasons=reasons,
    )


def added(counts: dict[str, int], more: Mapping[str, int]) -> None:
    """Count more of each."""
    for reason, count in more.items():
        counts[reason] = counts.get(reason, 0) + count
