"""What other features may ask of callers' video."""

from dataclasses import dataclass
from typing import Protocol

from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Tx
from ringdown.video.views import Left, Subject, ViewingView

__all__ = [
    "FieldVideo",
    "Left",
    "Subject",
    "VideoPass",
    "ViewingView",
    "Viewings",
]


@dataclass(frozen=True)
class VideoPass:
    """What a LiveKit client needs to see one camera: subscribe only, one room, a short time.

    The address to connect to is that of this server with `/l` (`http.signal_url`).
    """

    link_id: str
    token: Sensitive[str]
    identity: str
    expires_in: int
    carries_audio: bool


class Viewings(Protocol):
    """Who looks at what, written down: for every picture of a caller, not only live ones.

    Its end is told by the console, or found: no sign of life, too long, somebody takes over
    (`/v1/calls/{call}/viewings/{viewing}/alive`, `/close`, `/take-over`).
    """

    async def open_in(
        self, tx: Tx, principal: Principal, call_id: str, subject: Subject, subject_id: str
    ) -> ViewingView:
        """A person has this shown from now on; fact and audit row are in the same transaction.

        Raises `ViewingTakenOver` while a supervisor looks instead.
        """
        ...

    async def read_viewings(self, tx: Tx, centre_id: str, call_id: str) -> list[ViewingView]:
        """Who had pictures of this call open, in order."""
        ...


class FieldVideo(Protocol):
    """Live video for somebody in the field, who has no account here but a link of their own."""

    async def field_pass(self, centre_id: str, call_id: str, who: str) -> VideoPass:
        """A pass to the camera that the call's caller shows now. `who`: the responder link's id.

        Good as long as `field_alive` is called every few seconds. Raises `VideoNotLive`.
        """
        ...

    def field_alive(self, centre_id: str, who: str) -> bool:
        """They still look; False when there is nothing to be seen any more."""
        ...

    async def field_over(self, centre_id: str, who: str) -> None:
        """They see no more, from now on."""
        ...
