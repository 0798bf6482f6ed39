"""When the next piece of audio is due: never early, never in bursts, with no drift."""

CHUNK_MS = 80
"""How much is handed over at once; the cost of handing over is per piece, not per second."""
LOW_MS = 40
"""A piece is due when no more than this waits to be played."""
TICK_MS = 20


class Pace:
    """Keeps between `LOW_MS` and `LOW_MS + CHUNK_MS` waiting at the media server's client.

    The client plays in real time what waits there, so what waits follows from what was handed
    over and when. After a stall the waiting audio has run out: the next piece begins a new count,
    nothing is made up for, and no more than one piece is due at a time.
    """

    def __init__(self) -> None:
        self._until = 0.0
        self._running = False
        self.dry = 0
        """How often audio ran out while it was wanted."""

    def waiting_ms(self, now: float) -> int:
        """How much was handed over and is not yet played, at monotonic second `now`."""
        return max(0, round((self._until - now) * 1000))

    def due(self, now: float) -> bool:
        """Whether a piece should be handed over now."""
        return self.waiting_ms(now) <= LOW_MS

    def pushed(self, now: float, ms: int) -> None:
        """A piece of `ms` was handed over."""
        if self._running and self._until < now:
            self.dry += 1
        self._until = max(self._until, now) + ms / 1000
        self._running = True

    def cleared(self, now: float) -> None:
        """What waited was thrown away."""
        self._until = now
        self._running = False

    def rest(self) -> None:
        """Nothing more is wanted for now: running out is no fault."""
        self._running = False
