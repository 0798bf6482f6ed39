"""Two kinds of news: facts, which are durable, and signals, which are disposable.

A fact has happened and is kept: it is written in the same transaction as what it tells of, gets
a position in its centre's log, and reaches every handler at least once. A signal (partial words,
a lamp) is only worth having now: latest wins, never stored, never used for a decision.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that travels inside an event; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def untold(value: object) -> bool:
    """Whether a field says nothing: None or an empty tuple.

    For `exclude_if` of fields that came later: what was written before them stays as it was.
    """
    return value is None or value == ()


class Fact(Value):
    """Something that happened. `kind` is its stable wire name; a changed shape is a new version."""

    kind: ClassVar[str] = ""
    centre_id: str
    call_id: str | None = None


class Signal(Value):
    """Something worth knowing now and worthless later."""

    kind: ClassVar[str] = ""
    centre_id: str
    call_id: str | None = None


@dataclass(frozen=True)
class FactRecord:
    """A fact with its place in the centre's log. `event_id` makes handlers idempotent."""

    position: int
    event_id: str
    at: datetime
    fact: Fact
