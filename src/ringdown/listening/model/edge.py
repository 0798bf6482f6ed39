"""Following the live edge of a recording: close behind it, without gaps, never before it."""

from ringdown.listening.model.pace import CHUNK_MS

RESERVE_MS = 180
"""How far behind the edge one begins: what is to wait at the media server's client (up to 120 ms),
and the fits and starts of some 40 ms in which recordings grow."""
FURTHEST_MS = 240
"""Further behind than this one jumps forward to the reserve."""
NEAR_MS = 250
"""A listener who asks for a place this close to the edge means the edge."""


class EdgeFollower:
    """The place in the call that everybody at the live edge hears."""

    def __init__(self) -> None:
        self.position: int | None = None
        self.jumps = 0

    def next(self, edge: int) -> int | None:
        """Where the next piece begins, given that all before `edge` can be played; None: wait.

        A recording that stalls is waited for: the place stays where it is.
        """
        if self.position is None:
            self.position = max(0, edge - RESERVE_MS)
        if edge - self.position > FURTHEST_MS:
            self.position = edge - RESERVE_MS
            self.jumps += 1
        return self.position if self.position + CHUNK_MS <= edge else None

    def played(self) -> None:
        """The piece was handed over."""
        assert self.position is not None
        self.position += CHUNK_MS
