"""What other features may ask of media: where legs lie, and what is in them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ringdown.core.events import Value
from ringdown.core.principal import Principal
from ringdown.media.folders import Folders, LegPlace
from ringdown.media.model import GapReason
from ringdown.media.reader import LegReader
from ringdown.media.replay import CallFacts, Replay, Target
from ringdown.media.replay import load as load_recording

__all__ = [
    "AudioSlice",
    "CallFacts",
    "Folders",
    "GapView",
    "LegPlace",
    "LegReader",
    "LegRecordingView",
    "MediaServerAccess",
    "Recordings",
    "Replay",
    "Target",
    "Waveform",
    "load_recording",
]


@dataclass(frozen=True)
class MediaServerAccess:
    """How to reach the media server: its HTTP address, API key and secret (never logged)."""

    url: str
    api_key: str
    api_secret: str

    def __repr__(self) -> str:
        return f"MediaServerAccess(url={self.url!r})"


class GapView(Value):
    """A stretch of silence because nothing came, on the call's clock."""

    from_ms: int
    to_ms: int
    reason: GapReason


class LegRecordingView(Value):
    """The recording of a leg. `sha256` covers the raw file and appears once it is sealed."""

    leg_id: str
    side: str
    start_ms: int
    duration_ms: int | None
    state: str
    sha256: str | None
    bytes: int | None
    gaps: list[GapView]


@dataclass(frozen=True)
class AudioSlice:
    """PCM16 at 8 kHz of the sides asked for, on the call's clock, up to the live edge."""

    from_ms: int
    to_ms: int
    live_edge_ms: int
    sides: dict[str, NDArray[np.int16]]


class Waveform(Value):
    """The loudest sample of each bucket as 0…255, for each side."""

    from_ms: int
    to_ms: int
    bucket_ms: int
    live_edge_ms: int
    sides: dict[str, list[int]]


class Recordings(Protocol):
    """The recordings of the principal's centre; another centre's call is not found."""

    def place(self, centre_id: str, call_id: str, leg_id: str) -> LegPlace:
        """Where the files of a leg are; plain values that may go to another process."""
        ...

    def folders_of(self, centre_id: str, call_id: str) -> tuple[str, ...]:
        """The folders that may hold files of a call's legs, the preferred one first."""
        ...

    async def audio(
        self, principal: Principal, call_id: str, from_ms: int, to_ms: int, sides: tuple[str, ...]
    ) -> AudioSlice:
        """Read a stretch of a call, live or not; audited as played. Raises NotFound."""
        ...
