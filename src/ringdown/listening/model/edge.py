"""Following the live edge of a recording: close behind it, without gaps, never before it."""

from ringdown.listening.model.pace import CHUNK_MS

RESERVE_MS = 60
"""How far behind the edge one begins: recordings grow by fits and starts of some 40 ms."""
FURTHEST_MS = 140
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
        newest = max(0, edge - RESERVE_MS)
        if self.position is None:
            self.position = newest
        behind = edge - self.position - CHUNK_MS
        if behind > FURTHEST_MS + RESERVE_MS:
            self.position = max(0, newest - CHUNK_MS)
            self.jumps += 1
        return self.position if self.position + CHUNK_MS <= edge else None

    def played(self) -> None:
        """The piece was handed over."""
        assert self.position is not None
        self.position += CHUNK_MS
