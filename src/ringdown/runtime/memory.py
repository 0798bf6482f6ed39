"""Memory that a long-running process no longer needs goes back to the system.

Recognising segments of ever new lengths leaves holes in the heap of glibc, which keeps them: the
process seems to grow for hours though nothing is lost. `malloc_trim(3)` gives the holes back.
"""

import ctypes
from collections.abc import Callable


def _trim() -> Callable[[int], int] | None:
    try:
        found = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None  # another C library: macOS and musl look after it themselves
    found.argtypes, found.restype = [ctypes.c_size_t], ctypes.c_int
    return found


class Tidy:
    """Gives unused memory back, at most once in `every_s` seconds (of any monotonic clock)."""

    def __init__(self, every_s: float = 30.0) -> None:
        self._every_s = every_s
        self._trim = _trim()
        self._last = float("-inf")

    def __call__(self, now: float) -> None:
        """Do it if it is time."""
        if self._trim is not None and now - self._last >= self._every_s:
            self._last = now
            self._trim(0)
