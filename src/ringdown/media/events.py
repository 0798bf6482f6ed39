"""What others may hear about recordings."""

from typing import ClassVar

from ringdown.core.events import Fact, Value
from ringdown.media.model import GapReason


class LegRecording(Value):
    """A leg whose recording began. `start_ms` is its first sample on the call's clock."""

    leg_id: str
    side: str
    start_ms: int
    first_instant: str
    codec: str
    rate: int


class LegOpened(Fact):
    """A leg is being recorded and can be read."""

    kind: ClassVar[str] = "media.leg.opened.v1"
    leg: LegRecording


class GapFound(Fact):
    """No audio came for a while: the recording has silence there. Times are on the call's clock."""

    kind: ClassVar[str] = "media.gap.found.v1"
    leg_id: str
    side: str
    from_ms: int
    to_ms: int
    reason: GapReason


class LegCompleted(Fact):
    """All of the leg's audio is durable and no more will come."""

    kind: ClassVar[str] = "media.leg.completed.v1"
    leg_id: str
    side: str
    duration_ms: int


class LegSealed(Fact):
    """The leg's digest is in the audit log. `bytes` counts the raw file, header included."""

    kind: ClassVar[str] = "media.leg.sealed.v1"
    leg_id: str
    side: str
    sha256: str
    duration_ms: int
    bytes: int


FACTS: tuple[type[Fact], ...] = (LegOpened, GapFound, LegCompleted, LegSealed)
