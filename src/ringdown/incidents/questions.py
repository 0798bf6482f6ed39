"""What was asked and not yet answered, and what could be asked next. Pure."""

from dataclasses import dataclass
from typing import Literal

from ringdown.core.events import Value
from ringdown.incidents.evidence import Evidence, EvidenceView

Topic = Literal[
    "emergency", "category", "type", "location", "victims", "severity", "callback_number",
    "persons", "vehicles", "weapons", "hazards", "relation",
    "safety", "breathing", "conscious", "name", "age", "direction", "other",
]  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question of the call-taker that nobody has answered so far."""

    topic: Topic
    evidence: tuple[Evidence, ...]


class QuestionView(Value):
    """Something to ask: asked already and not answered, or, with `asked` None, suggested."""

    topic: Topic
    text: str
    asked: EvidenceView | None = None
