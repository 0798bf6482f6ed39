"""One leg inside a worker: read, cut, and remembered until its words are told."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ringdown.speech.listen import Ear, Spoken
from ringdown.speech.model.segment import CutRules, Segment
from ringdown.speech.model.utterance import LegRef
from ringdown.speech.model.words import FirstHeard
from ringdown.speech.ports import VAD_RATE, VAD_WINDOW, Recognised, Samples, VoiceActivity
from ringdown.speech.worker.tail import LegTail

READ_AT_ONCE = 2 * VAD_RATE
"""Samples read in one turn, so that one leg far behind does not hold up the others."""
WAITING_AT_MOST = 4
"""Segments that may wait for the recogniser before the leg is read further."""


@dataclass(frozen=True)
class Heard:
    """Something decided, and when (monotonic seconds) the audio that decided it had been read."""

    spoken: Spoken
    at: float
    first_heard: FirstHeard


class FollowedLeg:
    """Reads a leg from its cursor on and keeps what is decided, in order, until it is taken."""

    def __init__(self, ref: LegRef, from_sample: int, vad: VoiceActivity, rules: CutRules) -> None:
        self.ref = ref
        self.ended = False
        self.decided: deque[Heard] = deque()
        self.tail = LegTail(ref.leg_id, ref.folders)
        cursor = -(-from_sample // VAD_WINDOW)
        self._next = cursor * VAD_WINDOW
        self._ear = Ear(vad, rules, rate=VAD_RATE, cursor=cursor)
        self._finished = False
        self._heard_first = FirstHeard.empty()
        self.behind = False
        """Whether there is more to read than was read in the last turn."""
        self.partial_tokens: tuple[int, ...] = ()
        self.partial_end = 0
        self.partial_at = 0.0
        self.due_since: float | None = None
        self.settled: tuple[tuple[int, int], Recognised, int] | None = None
        """The words of the open segment, if it should end in this pause, and what they cost."""

    @property
    def finished(self) -> bool:
        """Whether the leg has ended and everything decided has been taken."""
        return self._finished and not self.decided

    @property
    def read_to(self) -> int:
        """The next sample to be read."""
        return self._next

    def lag_samples(self) -> int:
        """Audio that is there but not read, or read but waiting for the recogniser."""
        unread = self.tail.available(self._next)
        waiting = self.decided[0].spoken.segment if self.decided else None
        return unread + (self._next - waiting.end * VAD_WINDOW if waiting else 0)

    def read(self, monotonic: Callable[[], float]) -> None:
        """Read what has come, at most two seconds of it. Raises LegUnreadable."""
        if self._finished or len(self.decided) >= WAITING_AT_MOST:
            return
        samples = self.tail.read(self._next, READ_AT_ONCE, thorough=self.ended)
        self.behind = len(samples) == READ_AT_ONCE
        if len(samples):
            self._next += len(samples)
            self._decide(self._ear.push(samples), monotonic())
        elif self.ended:
            self._finished = True
            self._decide(self._ear.finish(), monotonic())

    def skip(self, to_sample: int) -> None:
        """Give up on what cannot be read: silence up to `to_sample`."""
        missing = max(to_sample - self._next, 0)
        self._next += missing
        self._decide(self._ear.push(np.zeros(missing, np.float32)), 0.0)

    def open_segment(self) -> tuple[Segment, Samples] | None:
        """What is being said now, unless it is too little to be worth showing."""
        return self._ear.so_far()

    @property
    def in_pause(self) -> bool:
        """Whether what is being said may just have ended."""
        return self._ear.segmenter.settled

    @property
    def position(self) -> int:
        """The window that is judged next: grows with every revision of a line."""
        return self._ear.segmenter.position

    def note_partial(self, recognised: Recognised, segment: Segment, at: float) -> None:
        """Remember what a partial showed and until when its audio went."""
        self._heard_first.update(
            [word.word for word in recognised.words], (segment.end - segment.start) * 32
        )
        self.partial_tokens = recognised.tokens
        self.partial_end = segment.end
        self.partial_at = at

    def bounds(self) -> FirstHeard:
        """When the words of the open segment were first heard."""
        return self._heard_first

    def _decide(self, found: list[Spoken], at: float) -> None:
        for spoken in found:
            self.decided.append(Heard(spoken, at, self._heard_first))
            self._heard_first = FirstHeard.empty()
            self.partial_tokens = ()
            self.partial_end = 0
