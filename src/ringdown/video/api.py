"""What other features may ask of callers' video."""

from ringdown.video.views import Subject, VideoHealth, VideoState, ViewingView

__all__ = [
    "Subject",
    "VideoHealth",
    "VideoState",
    "ViewingView",
]
