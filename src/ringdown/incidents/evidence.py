"""Where something was heard. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ringdown.core.events import Value


@dataclass(frozen=True)
class Evidence:
    """Words `word_from` … `word_to` (the last one included) of one utterance, as heard."""

    utterance_id: str
    side: str
    word_from: int
    word_to: int
    start_ms: int
    end_ms: int
    quote: str


class EvidenceView(Value):
    """Where a reading was heard; times are milliseconds on the call's clock."""

    utterance_id: str
    side: str
    word_from: int
    word_to: int
    start_ms: int
    end_ms: int
    quote: str


def cited(evidence: Sequence[Evidence]) -> tuple[EvidenceView, ...]:
    """Evidence as everybody sees it."""
    return tuple(EvidenceView.model_validate(asdict(each)) for each in evidence)
