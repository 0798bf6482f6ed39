"""Virtual time: an event loop that leaps to the next timer instead of waiting for it.

Run with `asyncio.Runner(loop_factory=VirtualLoop)`. Keep threads and real sockets out of such a
test: the loop would leap past them.
"""

import asyncio
import selectors


class _Leap(selectors.DefaultSelector):
    """A selector for which waiting takes no time at all."""

    instant = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Ready keys at once; else let `timeout` seconds have passed."""
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("the scenario waits for something that never comes")
        if not ready and timeout:
            self.instant += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is moved by its own timers."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._leap.instant
