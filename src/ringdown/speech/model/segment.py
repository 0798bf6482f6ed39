"""Cutting a leg into segments of speech, from the chance of speech in each 32 ms window.

Everything is counted in windows from the start of the leg. What was decided never depends on
audio before the cursor, so a reader that starts again at a cursor cuts in the same places.

How long a pause ends an utterance depends on what was said before it: less when the sentence is
complete, more inside a number. Whoever knows the words is asked for that in the pause, and nothing
is decided until the answer is there; so the cuts do not depend on how busy the recogniser is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from ringdown.core.events import Value

WINDOW_MS = 32


Answer = Literal["complete", "open", "inside"]
"""What a pause follows: a whole sentence, something unfinished, or a number not yet at its end."""


class CutRules(Value):
    """Where an utterance begins and ends; all lengths in windows of 32 ms."""

    start_above: float = Field(default=0.4, description="Chance of speech that opens a segment.")
    keep_above: float = Field(default=0.25, description="Chance of speech that keeps it open.")
    pre_roll: int = Field(default=14, description="Windows kept before the first voiced one.")
    post_roll: int = Field(default=10, description="Windows kept after the last voiced one.")
    ask_after: int = Field(default=6, description="Silent windows before the words are asked for.")
    hang_complete: int = Field(default=14, description="Silent windows that end a whole sentence.")
    hang_over: int = Field(default=24, description="Silent windows that end any utterance.")
    hang_inside: int = Field(default=44, description="The same inside a number.")
    shortest_hang: int = Field(default=5, description="The same once the utterance is long.")
    min_voiced: int = Field(default=3, description="Fewer voiced windows than this are no speech.")
    long_after: int = Field(default=220, description="From here the hang-over shrinks.")
    longest: int = Field(default=420, description="Here it is cut at its quietest point.")
    silence_step: int = Field(default=64, description="Silence after which the cursor moves on.")


@dataclass(frozen=True)
class Window:
    """One window: its chance of speech, and its level (RMS, 0…1)."""

    chance: float
    level: float


@dataclass(frozen=True)
class Segment:
    """A stretch of speech: windows from `start` up to (not including) `end`."""

    start: int
    end: int
    voiced: tuple[bool, ...]
    """Which of its windows were voiced."""


@dataclass(frozen=True)
class Cut:
    """All before window `cursor` is decided: one segment, or only silence."""

    cursor: int
    segment: Segment | None


@dataclass
class Segmenter:
    """Decides, window by window. After a cut, make a new one that begins at the cut's cursor."""

    rules: CutRules
    begin: int = 0
    asks: bool = False
    """Whether somebody answers; otherwise every pause follows something unfinished."""
    windows: list[Window] = field(default_factory=list[Window])
    _start: int | None = None
    _last_voiced: int = 0
    _answered: tuple[int, Answer] | None = None
    """The pause (by its last voiced window) that the answer was given for."""
    _apart: tuple[tuple[int, int], ...] | None = None

    @property
    def position(self) -> int:
        """The window that comes next."""
        return self.begin + len(self.windows)

    @property
    def opened(self) -> bool:
        """Whether somebody seems to be speaking."""
        return self._start is not None

    @property
    def pause(self) -> int:
        """How many windows nobody has spoken now, inside a segment; else 0."""
        return self._silent() if self.opened else 0

    @property
    def asks_in(self) -> int | None:
        """After how many more silent windows the words are asked for; None if they are not."""
        if not self.asks or not self.pause or self._verdict() is not None:
            return None
        return max(self._ask_at() - self.pause, 0)

    @property
    def ends_in(self) -> int | None:
        """After how many more silent windows the segment ends; None while somebody speaks."""
        if self._start is None or not self.pause:
            return None
        return max(self._hang_over(self.position - self._start) - self.pause, 0)

    @property
    def settled(self) -> bool:
        """Whether a pause is as long as what a segment keeps: its audio is complete if it ends."""
        return self.opened and self._silent() >= self.rules.post_roll

    @property
    def asking(self) -> bool:
        """Whether the words of `so_far` must be judged (`answer`) before the next window comes."""
        if not self.asks or self._start is None:
            return False
        length = self.position - 1 - self._start
        if length >= self.rules.longest:
            return self._apart is None
        return self._verdict() is None and self._silent() >= self._ask_at()

    def answer(self, verdict: Answer, apart: Sequence[tuple[int, int]] = ()) -> None:
        """What the words so far say: `apart` are windows (from, to) of the leg not to cut in."""
        assert self._start is not None
        self._answered = (self._last_voiced, verdict)
        if self.position - 1 - self._start >= self.rules.longest:
            self._apart = tuple(apart)

    def _verdict(self) -> Answer | None:
        given = self._answered
        return given[1] if given is not None and given[0] == self._last_voiced else None

    def _silent(self) -> int:
        return self.position - self._last_voiced - 1

    def push(self, window: Window) -> Cut | None:
        """Take the next window; a cut when something before it is decided."""
        at = self.position
        self.windows.append(window)
        rules = self.rules
        if self._start is None:
            if window.chance >= rules.start_above:
                self._start = max(self.begin, at - rules.pre_roll)
                self._last_voiced = at
            elif len(self.windows) >= rules.silence_step + rules.pre_roll:
                return Cut(self.position - rules.pre_roll, None)
            return None
        if window.chance >= rules.keep_above:
            self._last_voiced = at
        elif self._silent() >= self._hang_over(at - self._start):
            return self._close()
        if at - self._start >= rules.longest and (self._apart is not None or not self.asks):
            return self._split()
        return None

    def finish(self) -> Cut:
        """The leg has ended: decide what remains."""
        if self._start is None:
            return Cut(self.position, None)
        return Cut(self.position, self._segment(self._end()))

    def so_far(self) -> Segment | None:
        """The open segment up to now, or up to its end if it should end in this pause."""
        if self._start is None:
            return None
        return self._segment(self._end() if self.settled else self.position)

    def _hang_over(self, length: int) -> int:
        """How long this pause must last to end the utterance."""
        usual = self._usual_hang(length)
        match self._verdict():
            case "inside":
                return self.rules.hang_inside
            case "complete":
                return min(usual, self.rules.hang_complete)
            case _:
                return usual

    def _usual_hang(self, length: int) -> int:
        """The longer somebody speaks, the shorter the pause at which we cut."""
        rules = self.rules
        share = (length - rules.long_after) / (rules.longest - rules.long_after)
        drop = round(min(max(share * 1.5, 0.0), 1.0) * (rules.hang_over - rules.shortest_hang))
        return rules.hang_over - drop

    def _ask_at(self) -> int:
        """Silent windows at which to ask: in time even where a shorter pause than usual ends it."""
        assert self._start is not None
        usual = self._usual_hang(self.position - 1 - self._start)
        return min(self.rules.ask_after, usual - 2)

    def _end(self) -> int:
        return self._last_voiced + 1 + min(self.rules.post_roll, self._silent())

    def _close(self) -> Cut:
        silent = self._silent()
        kept = self.rules.post_roll if silent >= self.rules.post_roll else (silent + 1) // 2
        end = self._last_voiced + 1 + kept
        cursor = max(end, self.position - self.rules.pre_roll)
        return Cut(cursor, self._segment(end))

    def _split(self) -> Cut:
        """Cut at the quietest point of the second half, away from the very end."""
        assert self._start is not None
        first = (self._start + self.position) // 2 - self.begin
        last = len(self.windows) - 10
        allowed = [at for at in range(first, last) if not self._inside(at + self.begin + 1)]
        quietest = min(allowed or range(first, last), key=self._loudness)
        end = self.begin + quietest + 1
        return Cut(end, self._segment(end))

    def _inside(self, window: int) -> bool:
        return any(start < window < end for start, end in self._apart or ())

    def _loudness(self, index: int) -> tuple[float, float]:
        near = self.windows[index - 1 : index + 2]
        return (round(sum(w.chance for w in near), 1), sum(w.level for w in near))

    def _segment(self, end: int) -> Segment | None:
        assert self._start is not None
        inside = self.windows[self._start - self.begin : end - self.begin]
        voiced = tuple(w.chance >= self.rules.keep_above for w in inside)
        if sum(voiced) < self.rules.min_voiced:
            return None
        return Segment(self._start, end, voiced)


def voiced_ms(voiced: Sequence[bool]) -> int:
    """How long the voiced windows last together."""
    return sum(voiced) * WINDOW_MS
