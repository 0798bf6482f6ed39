"""What others may hear about calls."""

from typing import ClassVar

from ringdown.calls.model import CallView, NoteView
from ringdown.core.events import Fact


class CallStarted(Fact):
    """A call came in, or was placed."""

    kind: ClassVar[str] = "calls.call.started.v1"
    call: CallView


class CallChanged(Fact):
    """State, number, location, assignment, legs or attention changed."""

    kind: ClassVar[str] = "calls.call.changed.v1"
    call: CallView


class CallEnded(Fact):
    """The call ended; it may still wait for a person to close it."""

    kind: ClassVar[str] = "calls.call.ended.v1"
    call: CallView


class EventNoted(Fact):
    """Something happened on the call's clock. `data` may be personal data."""

    kind: ClassVar[str] = "calls.event.noted.v1"
    type: str
    at_ms: int
    data: dict[str, object]


class NoteWritten(Fact):
    """A note was written, or a new version of one."""

    kind: ClassVar[str] = "calls.note.written.v1"
    note: NoteView


FACTS: tuple[type[Fact], ...] = (CallStarted, CallChanged, CallEnded, EventNoted, NoteWritten)
