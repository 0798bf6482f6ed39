"""What every part of callers' video works with."""

from dataclasses import dataclass

from ringdown.caller.api import CallerLinks
from ringdown.core.clock import Clock, iso
from ringdown.core.ids import IdSource
from ringdown.runtime.db import Database
from ringdown.video.model import VideoOff
from ringdown.video.ports import Eyes, Signals
from ringdown.video.recording import CameraRecordings
from ringdown.video.settings import VideoSettings
from ringdown.video.viewings import ViewingBook


@dataclass
class Desk:
    """Its means. Without `eyes` no media server is set up; without `recordings` none is made."""

    db: Database
    clock: Clock
    ids: IdSource
    links: CallerLinks
    viewings: ViewingBook
    signals: Signals
    settings: VideoSettings
    eyes: Eyes | None
    recordings: CameraRecordings | None = None

    def rooms(self) -> Eyes:
        """The rooms of the media server. Raises `VideoOff`."""
        if self.eyes is None:
            raise VideoOff("no media server is set up")
        return self.eyes

    def now(self) -> str:
        """The present instant, as it is told."""
        return iso(self.clock.now())
