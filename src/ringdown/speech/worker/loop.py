"""The worker's main loop: read every leg, finals before partials, the oldest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ringdown.core.clock import Clock, iso
from ringdown.core.errors import RingdownError
from ringdown.core.events import Value
from ringdown.runtime.telemetry import get_logger
from ringdown.speech.listen import recognise, widen, word_views
from ringdown.speech.model.protocol import (
    Done,
    End,
    Final,
    Follow,
    Heartbeat,
    Order,
    Partial,
    Progress,
    Ready,
    Trouble,
)
from ringdown.speech.model.segment import CutRules, Segment
from ringdown.speech.model.utterance import UtteranceView, sample_ms, utterance_id
from ringdown.speech.model.words import FirstHeard
from ringdown.speech.ports import VAD_RATE, VAD_WINDOW, AsrEngine, Recognised, VoiceActivity
from ringdown.speech.worker.leg import FollowedLeg, Heard

HEARTBEAT_S = 0.3
SHORTEST_PARTIAL = 16
"""Voiced windows (0.5 s) before a line is worth showing: less is guessed at, mostly wrongly."""


@dataclass(frozen=True)
class LoopRules:
    """How the loop cuts, doubts and shows."""

    cut: CutRules
    doubtful_below: float
    partial_every_s: float


class WorkerLoop:
    """All legs of one worker. `turn` does one piece of work and says whether there was any."""

    def __init__(
        self,
        engine: AsrEngine,
        new_vad: Callable[[], VoiceActivity],
        tell: Callable[[Value], None],
        clock: Clock,
        rules: LoopRules,
    ) -> None:
        self._engine = engine
        self._new_vad = new_vad
        self._tell = tell
        self._clock = clock
        self._rules = rules
        self._legs: dict[str, FollowedLeg] = {}
        self._told_at = clock.monotonic()
        self._shed = 0
        self._log = get_logger("speech.worker")
        tell(Ready(engine=engine.capabilities.name))

    def obey(self, order: Order) -> None:
        """Take an order of the server; repeating one does no harm."""
        if isinstance(order, Follow):
            self._forget(order.leg.leg_id)
            leg = FollowedLeg(order.leg, order.from_sample, self._new_vad(), self._rules.cut)
            self._legs[order.leg.leg_id] = leg
        elif isinstance(order, End):
            if order.leg_id in self._legs:
                self._legs[order.leg_id].ended = True
        else:
            self._forget(order.leg_id)

    def turn(self) -> bool:
        """Read every leg, then do the most pressing piece of recognition."""
        for leg in list(self._legs.values()):
            self._read(leg)
            self.pulse()
        due = self._partials_due()
        worked = self._tell_final() or self._tell_partial(due)
        self._tell_done()
        self.pulse()
        return worked or any(leg.behind for leg in self._legs.values())

    def pulse(self) -> None:
        """Tell the server that this loop turns, if it is time."""
        now = self._clock.monotonic()
        if now - self._told_at < HEARTBEAT_S:
            return
        self._told_at = now
        lag = max((leg.lag_samples() for leg in self._legs.values()), default=0)
        self._tell(Heartbeat(lag_ms=lag * 1000 // VAD_RATE, legs=len(self._legs), shed=self._shed))
        self._shed = 0

    def close(self) -> None:
        """Let go of every file."""
        for leg_id in list(self._legs):
            self._forget(leg_id)

    def _forget(self, leg_id: str) -> None:
        leg = self._legs.pop(leg_id, None)
        if leg is not None:
            leg.tail.close()

    def _read(self, leg: FollowedLeg) -> None:
        try:
            leg.read(self._clock.monotonic)
        except RingdownError as error:
            # One second is lost to the transcript, not to the call; then we try again.
            self._trouble(leg, error.code, leg.read_to)
            leg.skip(leg.read_to + VAD_RATE)

    def _tell_final(self) -> bool:
        """Tell the oldest thing decided; True if the recogniser was needed for it."""
        waiting = [leg for leg in self._legs.values() if leg.decided]
        if not waiting:
            return False
        leg = min(waiting, key=lambda one: one.decided[0].at)
        heard = leg.decided.popleft()
        through = heard.spoken.cursor * VAD_WINDOW
        segment = heard.spoken.segment
        if segment is not None:
            utterance, engine_ms = self._final(leg, heard, segment)
            if utterance is not None and utterance.words:
                self._tell(
                    Final(
                        utterance=utterance,
                        through_sample=through,
                        engine_ms=engine_ms,
                        heard_at=self._heard_at(heard),
                        ready_at=iso(self._clock.now()),
                    )
                )
                return True
        self._tell(Progress(leg_id=leg.ref.leg_id, through_sample=through))
        return True

    def _heard_at(self, heard: Heard) -> str:
        ago = max(self._clock.monotonic() - heard.at, 0.0)
        return iso(self._clock.now() - timedelta(seconds=ago))

    def _final(
        self, leg: FollowedLeg, heard: Heard, segment: Segment
    ) -> tuple[UtteranceView | None, int]:
        """The final words of a segment: always decoded afresh, so that a repeat says the same."""
        ready = leg.settled
        leg.settled = None
        if ready is not None and ready[0] == (segment.start, segment.end):
            _, recognised, engine_ms = ready
        else:
            started = self._clock.monotonic()
            try:
                samples = widen(heard.spoken.samples, VAD_RATE)
                recognised = recognise(self._engine, samples, pulse=self.pulse)
            except Exception as error:  # noqa: BLE001 - an engine is somebody else's code
                code = getattr(error, "code", "speech.engine_failed")
                self._trouble(leg, str(code), segment.start * VAD_WINDOW)
                return None, 0
            engine_ms = round((self._clock.monotonic() - started) * 1000)
        revision = heard.spoken.cursor - segment.start + self._rules.cut.longest
        return self._view(leg, segment, recognised, heard.first_heard, revision), engine_ms

    def _partials_due(self) -> list[FollowedLeg]:
        """Legs with a line to show, the longest waiting first; a revision missed is counted."""
        now = self._clock.monotonic()
        due: list[FollowedLeg] = []
        for leg in self._legs.values():
            if not self._partial_due(leg, now):
                leg.due_since = None
                continue
            if leg.due_since is None:
                leg.due_since = now
            elif now - leg.due_since >= self._rules.partial_every_s:
                self._shed += 1
                leg.due_since = now
            due.append(leg)
        return sorted(due, key=lambda one: one.partial_at)

    def _tell_partial(self, due: list[FollowedLeg]) -> bool:
        """Show the line that has waited longest, if nobody is behind."""
        if not due or any(leg.behind for leg in self._legs.values()):
            return False
        leg = due[0]
        now = self._clock.monotonic()
        found = leg.open_segment()
        assert found is not None
        segment, samples = found
        pausing = leg.in_pause
        previous = None if pausing else leg.partial_tokens
        started = self._clock.monotonic()
        try:
            wide = widen(samples, VAD_RATE)
            recognised = recognise(self._engine, wide, previous=previous, pulse=self.pulse)
        except Exception:  # noqa: BLE001 - the final of the same audio tells the trouble
            leg.partial_at = now
            leg.partial_end = segment.end
            return True
        if pausing:
            cost = round((self._clock.monotonic() - started) * 1000)
            leg.settled = ((segment.start, segment.end), recognised, cost)
        leg.note_partial(recognised, segment, self._clock.monotonic())
        revision = leg.position - segment.start
        utterance = self._view(leg, segment, recognised, leg.bounds(), revision)
        if utterance.words:
            self._tell(Partial(utterance=utterance))
        return True

    def _partial_due(self, leg: FollowedLeg, now: float) -> bool:
        waited = now - leg.partial_at >= self._rules.partial_every_s
        if leg.decided or not (waited or leg.in_pause):
            return False
        found = leg.open_segment()
        if found is None:
            return False
        segment, _ = found
        if leg.in_pause:
            return leg.settled is None or leg.settled[0] != (segment.start, segment.end)
        return segment.end != leg.partial_end and sum(segment.voiced) >= SHORTEST_PARTIAL

    def _view(
        self,
        leg: FollowedLeg,
        segment: Segment,
        recognised: Recognised,
        first_heard: FirstHeard,
        revision: int,
    ) -> UtteranceView:
        words, doubtful = word_views(
            recognised,
            segment,
            origin_ms=leg.ref.start_ms,
            first_heard=first_heard,
            doubtful_below=self._rules.doubtful_below,
        )
        first, last = segment.start * VAD_WINDOW, segment.end * VAD_WINDOW
        return UtteranceView(
            utterance_id=utterance_id(leg.ref.leg_id, first),
            call_id=leg.ref.call_id,
            leg_id=leg.ref.leg_id,
            side=leg.ref.side,
            start_ms=leg.ref.start_ms + sample_ms(first),
            end_ms=leg.ref.start_ms + sample_ms(last),
            text=" ".join(word.word for word in words),
            revision=revision,
            engine=self._engine.capabilities.name,
            doubtful=doubtful,
            words=words,
        )

    def _tell_done(self) -> None:
        for leg in [leg for leg in self._legs.values() if leg.finished]:
            if not leg.tail.exists():
                self._trouble(leg, "speech.leg_missing", 0)
            self._tell(Done(leg_id=leg.ref.leg_id))
            self._forget(leg.ref.leg_id)

    def _trouble(self, leg: FollowedLeg, code: str, from_sample: int) -> None:
        self._log.error("part of a leg is without words", leg_id=leg.ref.leg_id, code=code)
        self._tell(Trouble(leg_id=leg.ref.leg_id, code=code, from_sample=from_sample))
