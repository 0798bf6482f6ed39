"""Which stretches of a call were played, merged, for the audit log."""

Stretch = tuple[int, int]


def merged(stretches: list[Stretch]) -> list[Stretch]:
    """The same milliseconds, in order, each once."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif end > start:
            found.append((start, end))
    return found


class HeardLog:
    """What was played since it was last told. What was pushed but taken back was not heard."""

    def __init__(self) -> None:
        self._pushed: list[Stretch] = []

    def pushed(self, start: int, end: int) -> None:
        """A stretch was handed to the media server's client."""
        if self._pushed and self._pushed[-1][1] == start:
            self._pushed[-1] = (self._pushed[-1][0], end)
        elif end > start:
            self._pushed.append((start, end))

    def taken_back(self, ms: int) -> None:
        """The last `ms` of what was pushed were never played."""
        while ms > 0 and self._pushed:
            start, end = self._pushed.pop()
            if end - start > ms:
                self._pushed.append((start, end - ms))
            ms -= end - start

    def take(self, waiting_ms: int = 0) -> list[Stretch]:
        """All but the last `waiting_ms`, which are not played yet; told once."""
        kept: list[Stretch] = []
        while waiting_ms > 0 and self._pushed:
            start, end = self._pushed.pop()
            cut = max(start, end - waiting_ms)
            kept.append((cut, end))
            if cut > start:
                self._pushed.append((start, cut))
            waiting_ms -= end - cut
        told, self._pushed = self._pushed, kept[::-1]
        return merged(told)
