"""What others may hear about the caller's video."""

from typing import ClassVar

from ringdown.core.events import Fact, Signal
from ringdown.video.views import VideoHealth, ViewingView


class ViewingChanged(Fact):
    """Somebody opened or closed a picture of a caller, or a supervisor took it over."""

    kind: ClassVar[str] = "video.viewing.changed.v1"
    viewing: ViewingView


class VideoHealthChanged(Signal):
    """Resolution and bit rate of a caller's video, told as long as it runs and never kept."""

    kind: ClassVar[str] = "video.health.changed.v1"
    health: VideoHealth


FACTS: tuple[type[Fact], ...] = (ViewingChanged,)
SIGNALS: tuple[type[Signal], ...] = (VideoHealthChanged,)
