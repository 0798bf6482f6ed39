"""One leg inside a worker: read, cut, and remembered until its words are told."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from ringdown.speech.listen import Ear, Said, Spoken
from ringdown.speech.model.segment import WINDOW_MS, Answer, CutRules, Segment
from ringdown.speech.model.steady import Steady
from ringdown.speech.model.tones import Tone, ToneDetector
from ringdown.speech.model.utterance import LegRef
from ringdown.speech.model.words import FirstHeard
from ringdown.speech.ports import VAD_RATE, VAD_WINDOW, Recognised, Samples, VoiceActivity
from ringdown.speech.worker.tail import LegTail

READ_AT_ONCE = 2 * VAD_RATE
"""Samples read in one turn, so that one leg far behind does not hold up the others."""
WAITING_AT_MOST = 4
"""Segments that may wait for the recogniser before the leg is read further."""
BACKLOG = 4 * VAD_RATE
"""Unread samples from which a leg, when it is taken up, counts as catching up."""
ENOUGH = 2
"""Silent windows after the last voiced one that a look needs to have heard its words whole."""
MORE_SILENCE = 5
"""Windows of a pause that a look may have heard beyond the end of what is kept of it."""
CAUGHT_UP = VAD_RATE
"""Lag in samples below which it is live."""


@dataclass
class Look:
    """What the recogniser made of a segment, and the time that took."""

    start: int
    end: int
    recognised: Recognised
    engine_ms: int
    thorough: bool = True
    """Whether it was listened to as what is kept is, not only to be shown."""

    def of(self, segment: Segment) -> bool:
        """Whether it was this stretch, but for some silence at its end."""
        unheard = segment.voiced[max(self.end - ENOUGH - self.start, 0) :]
        return (
            self.start == segment.start
            and self.end - segment.end <= MORE_SILENCE
            and not any(unheard)
        )


@dataclass
class Heard:
    """Something decided, and when (monotonic seconds) the audio that decided it had been read."""

    spoken: Spoken
    at: float
    position: int
    """The sample up to which the leg had been judged when this was decided."""
    first_heard: FirstHeard
    tokens: tuple[int, ...]
    """Of the latest look at it, for verification."""
    steady: Steady
    given: set[str]
    """Every engine that was given any of it."""
    look: Look | None = None
    """Its words, once they are there."""
    reused: bool = False
    """Whether they are those that were asked for in the pause at its end."""

    @property
    def silent(self) -> bool:
        """Whether it needs no recogniser."""
        return self.spoken.segment is None


class FollowedLeg:
    """Reads a leg from its cursor on and keeps what is decided, in order, until it is taken."""

    def __init__(
        self,
        ref: LegRef,
        from_sample: int,
        vad: VoiceActivity,
        rules: CutRules,
        names_file: str | None = None,
    ) -> None:
        self.ref = ref
        self.names_file = names_file
        self.ended = False
        self.decided: deque[Heard] = deque()
        self.tail = LegTail(ref.leg_id, ref.folders)
        cursor = -(-from_sample // VAD_WINDOW)
        self._next = cursor * VAD_WINDOW
        self.ear = Ear(vad, rules, rate=VAD_RATE, cursor=cursor, asks=True)
        self._tones = ToneDetector(start=self._next)
        self._tones_heard: list[Tone] = []
        self._finished = False
        self._exhausted = False
        self.behind = False
        """Whether there is more to read than was read in the last turn."""
        self.backlog: bool | None = None
        """Whether it is catching up with what was recorded before; None before the first look."""
        self.asked_at: float | None = None
        """Since when the ear asks (monotonic seconds)."""
        self.first_heard = FirstHeard.empty()
        self.steady = Steady()
        self.given: set[str] = set()
        """Engines that were given any of the open segment."""
        self.look: Look | None = None
        """The latest look at the open segment."""
        self.said: Said | None = None
        """The words that were told last."""
        self.looked_at = -1e9
        self.due_since: float | None = None

    @property
    def finished(self) -> bool:
        """Whether the leg has ended and everything decided has been taken."""
        return self._finished and not self.decided

    @property
    def read_to(self) -> int:
        """The next sample to be read."""
        return self._next

    @property
    def judged_to(self) -> int:
        """The sample up to which it is known what is speech."""
        return self.ear.segmenter.position * VAD_WINDOW

    def lag_samples(self) -> int:
        """Audio that is there but of which it is not known what was said."""
        there = self._next + self.tail.available(self._next)
        waiting = next((one for one in self.decided if not one.silent), None)
        known = self.judged_to if waiting is None else waiting.position
        return max(there - known - VAD_WINDOW, 0)

    def settle_backlog(self) -> None:
        """Decide whether the leg is live, or catching up with what was recorded before."""
        if self.backlog is None:
            there = self._next + self.tail.available(self._next)
            if there > self.judged_to:
                self.backlog = there - self.judged_to >= BACKLOG
        elif self.backlog and self.lag_samples() < CAUGHT_UP:
            self.backlog = False

    def read(self) -> None:
        """Read what has come, at most two seconds of it. Raises LegUnreadable."""
        self.behind = False
        if self._exhausted or len(self.decided) >= WAITING_AT_MOST:
            return
        if self._next - self.judged_to >= 2 * READ_AT_ONCE:
            return  # the ear asks; what has been read is enough for now
        samples = self.tail.read(self._next, READ_AT_ONCE, thorough=self.ended)
        self.behind = len(samples) == READ_AT_ONCE
        if len(samples):
            self._take(samples)
        elif self.ended:
            self._exhausted = True

    def skip(self, to_sample: int) -> None:
        """Give up on what cannot be read: silence up to `to_sample`."""
        self._take(np.zeros(max(to_sample - self._next, 0), np.float32))

    def _take(self, samples: Samples) -> None:
        self._next += len(samples)
        self._tones_heard += self._tones.push(samples)
        self.ear.add(samples)

    def decide(self, found: list[Spoken], now: float) -> None:
        """Keep what the ear decided; at the end of the leg, have it decide the rest."""
        for spoken in found:
            self._keep(spoken, now)
        if self._exhausted and not self._finished and not self.ear.asking:
            rest = self.ear.finish()
            # The ear may ask once more when the last windows are full; then it goes on later.
            self._finished = not self.ear.asking
            if self._finished:
                self._tones_heard += self._tones.finish()
            for spoken in rest:
                self._keep(spoken, now)
        if not self.ear.asking:
            self.asked_at = None
        elif self.asked_at is None:
            self.asked_at = now

    def _keep(self, spoken: Spoken, now: float) -> None:
        heard = Heard(
            spoken,
            now,
            self.judged_to if spoken.segment is None else max(spoken.cursor * VAD_WINDOW, 0),
            self.first_heard,
            () if self.look is None else self.look.recognised.tokens,
            self.steady,
            self.given,
        )
        look = self.look
        if spoken.segment is not None and look and look.thorough and look.of(spoken.segment):
            heard.look, heard.reused = look, True
        self.decided.append(heard)
        self.first_heard = FirstHeard.empty()
        self.steady = Steady()
        self.given = set()
        self.look = None
        self.looked_at = -1e9

    def note_look(self, look: Look, at: float) -> None:
        """Remember a look at the open segment, and until when its audio went."""
        words = [word.word for word in look.recognised.words]
        self.first_heard.update(words, (look.end - look.start) * WINDOW_MS)
        self.look = look
        self.looked_at = at

    def answer(self, verdict: Answer, apart: list[tuple[int, int]]) -> None:
        """Tell the ear what the words mean for this pause."""
        self.ear.answer(verdict, apart)
        self.asked_at = None

    def tones_before(self, sample: int) -> list[Tone]:
        """The tones that ended before this sample; each is given once."""
        due = [tone for tone in self._tones_heard if tone.end_sample <= sample or self.finished]
        self._tones_heard = [tone for tone in self._tones_heard if tone not in due]
        return due
