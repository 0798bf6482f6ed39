"""The worker's main loop: read every leg, finals before partials, the oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ringdown.core.clock import Clock, iso
from ringdown.core.errors import RingdownError
from ringdown.core.events import Value
from ringdown.runtime.telemetry import get_logger
from ringdown.speech.listen import Said, listen, widen
from ringdown.speech.model.gate import hopeless, measure
from ringdown.speech.model.pace import FULL, Pace
from ringdown.speech.model.protocol import (
    Channel,
    Done,
    End,
    Final,
    Follow,
    Heartbeat,
    Listened,
    Order,
    Partial,
    Progress,
    Ready,
    Trouble,
)
from ringdown.speech.model.segment import WINDOW_MS, CutRules
from ringdown.speech.model.steady import changed_words
from ringdown.speech.model.utterance import sample_ms
from ringdown.speech.ports import (
    VAD_RATE,
    VAD_WINDOW,
    AsrEngine,
    EngineState,
    Piece,
    Recognised,
    Reporting,
    VoiceActivity,
)
from ringdown.speech.worker import say
from ringdown.speech.worker.leg import FollowedLeg, Heard, Look
from ringdown.speech.worker.plan import BACKLOG_EVERY, Work, finals, together

HEARTBEAT_S = 0.3
SHORTEST_PARTIAL = 11
"""Voiced windows (0.35 s) before a line is worth a look: less is guessed at, mostly wrongly."""
NEW_AUDIO = 5
"""Windows that must have come since the last look at a line."""
LONG_WINDOWS = 250
"""A longer segment (8 s) is listened to once: a second time would keep everybody waiting."""
END_SOON = 2
"""So many windows before a segment ends, nobody is asked: its words are told first."""
HOLD = 5
"""So many windows before words are asked for, no line is looked at: it would be in the way."""
HELD_S = 0.4
"""No line waits longer than this for the pauses of others."""
NOTHING = Recognised("", (), ())


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
        self._pace = Pace(rules.partial_every_s)
        self._told_at = clock.monotonic()
        self._done_works = 0
        self._shed = self._shown = self._changed = 0
        self._log = get_logger("speech.worker")
        tell(Ready(engine=engine.capabilities.name))

    def obey(self, order: Order) -> None:
        """Take an order of the server; repeating one does no harm."""
        if isinstance(order, Follow):
            self._forget(order.leg.leg_id)
            leg = FollowedLeg(
                order.leg, order.from_sample, self._new_vad(), self._rules.cut, order.names_file
            )
            self._legs[order.leg.leg_id] = leg
            say.names_of(leg)  # opened now, not when the first words are waited for
        elif isinstance(order, End):
            if order.leg_id in self._legs:
                self._legs[order.leg_id].ended = True
        else:
            self._forget(order.leg_id)

    def turn(self) -> bool:
        """Read every leg, then do the most pressing piece of recognition."""
        began = self._clock.monotonic()
        self._hear()
        worked = self._work()
        told = self._tell_decided()
        self._tell_done()
        now = self._clock.monotonic()
        live = [leg.lag_samples() for leg in self._legs.values() if not leg.backlog]
        self._pace.note(now, now - began if worked else 0.0, max(live, default=0) / VAD_RATE)
        self.pulse()
        return worked or told or any(leg.behind for leg in self._legs.values())

    def pulse(self) -> None:
        """Tell the server that this loop turns, if it is time."""
        now = self._clock.monotonic()
        if now - self._told_at < HEARTBEAT_S:
            return
        self._told_at = now
        channels = tuple(self._channel(leg) for leg in self._legs.values())
        state = self._state()
        self._tell(
            Heartbeat(
                lag_ms=max((channel.lag_ms for channel in channels), default=0),
                legs=len(channels),
                shed=self._shed,
                changed=self._changed,
                shown=self._shown,
                channels=channels,
                engine=state.name,
                fallback=state.fallback,
                state=state.text,
            )
        )
        self._shed = self._shown = self._changed = 0

    def close(self) -> None:
        """Let go of every file."""
        for leg_id in list(self._legs):
            self._forget(leg_id)

    def _state(self) -> EngineState:
        if isinstance(self._engine, Reporting):
            return self._engine.state()
        return EngineState(self._engine.capabilities.name)

    def _channel(self, leg: FollowedLeg) -> Channel:
        mode = "catching_up" if leg.backlog else self._pace.mode
        lag_ms = leg.lag_samples() * 1000 // VAD_RATE
        return Channel(leg_id=leg.ref.leg_id, lag_ms=lag_ms, mode=mode)

    def _forget(self, leg_id: str) -> None:
        leg = self._legs.pop(leg_id, None)
        if leg is not None:
            leg.tail.close()

    def _hear(self) -> None:
        """Read what has come on every leg, and judge what of it is speech, all legs together."""
        legs = list(self._legs.values())
        for leg in legs:
            self._read(leg)
            self.pulse()
        found = listen([leg.ear for leg in legs])
        now = self._clock.monotonic()
        for leg, spoken in zip(legs, found, strict=True):
            leg.decide(spoken, now)
            if leg.ear.asking and leg.ear.open_segment() is None:
                leg.answer("open", [])  # a click: there is nothing to recognise
            leg.settle_backlog()
        self.pulse()

    def _read(self, leg: FollowedLeg) -> None:
        try:
            leg.read()
            leg.settle_backlog()
        except RingdownError as error:
            # One second is lost to the transcript, not to the call; then we try again.
            self._trouble(leg, error.code, leg.read_to)
            leg.skip(leg.read_to + VAD_RATE)

    def _work(self) -> bool:
        """Do the most pressing piece of recognition, if there is any."""
        legs = list(self._legs.values())
        due = self._partials_due()
        must = finals(legs)
        if self._ends_soon():
            must = [work for work in must if not work.asked]
        live = [work for work in must if not work.leg.backlog]
        turn_of_backlog = len(live) < len(must) and self._done_works % BACKLOG_EVERY == 0
        most = self._engine.capabilities.batch
        if live or turn_of_backlog:
            chosen = together(must, most, backlog_first=turn_of_backlog)
        else:
            chosen = together(due, most) or together(must, most)
        if not chosen:
            return False
        self._done_works += 1
        self._recognise(chosen)
        return True

    def _recognise(self, works: Sequence[Work]) -> None:
        """Recognise these segments in one call, and let each leg have what was found."""
        sounds = [None if self._is_partial(work) else measure(work.samples) for work in works]
        wanted = [at for at, sound in enumerate(sounds) if sound is None or not hopeless(sound)]
        began = self._clock.monotonic()
        found = self._transcribe([works[at] for at in wanted])
        cost = round((self._clock.monotonic() - began) * 1000)
        results: list[Recognised | None] = [NOTHING] * len(works)
        for at, recognised in zip(wanted, found, strict=True):
            results[at] = recognised
        for at, (work, result, sound) in enumerate(zip(works, results, sounds, strict=True)):
            if work.asked and at not in wanted:
                work.leg.answer("open", [])  # hopeless so far; the whole is judged when it ends
            elif result is None or sound is None:
                self._take(work, result, cost)
            else:
                self._take(work, result, cost, say.judged(result, sound, work.segment))

    def _transcribe(self, works: Sequence[Work]) -> list[Recognised | None]:
        """None for what the engine failed on; together first, then each alone."""
        try:
            return [*self._engine.transcribe([self._piece(work) for work in works], self.pulse)]
        except Exception as error:  # noqa: BLE001 - an engine is somebody else's code
            if len(works) > 1:
                return [one for work in works for one in self._transcribe([work])]
            if works and works[0].heard is not None:  # else it is tried again
                code = str(getattr(error, "code", "speech.engine_failed"))
                self._trouble(works[0].leg, code, works[0].segment.start * VAD_WINDOW)
            return [None] * len(works)

    def _piece(self, work: Work) -> Piece:
        tokens: tuple[int, ...] = ()
        if self._engine.capabilities.partials:
            look = work.leg.look if work.heard is None else None
            tokens = look.recognised.tokens if look else work.heard.tokens if work.heard else ()
        names = say.names_of(work.leg) if self._engine.capabilities.names else None
        wide, book = widen(work.samples, VAD_RATE), names.book if names else None
        hurried = self._pace.mode != "live" or work.length > LONG_WINDOWS
        partial, said = self._is_partial(work), work.leg.said
        before = None
        if said is not None and not (partial or hurried) and self._engine.capabilities.partials:
            before = said.before(work.segment, VAD_RATE)
        return Piece(wide, tokens, book, partial=partial, hurried=hurried, before=before)

    @staticmethod
    def _is_partial(work: Work) -> bool:
        return work.heard is None and not work.asked

    def _take(
        self, work: Work, found: Recognised | None, cost: int, judged: Recognised | None = None
    ) -> None:
        """Keep what was found, if anything; `judged` is what the sound leaves of it."""
        leg, segment = work.leg, work.segment
        if self._legs.get(leg.ref.leg_id) is not leg:
            return
        given = leg.given if work.heard is None else work.heard.given
        if found is not None and found is not NOTHING:
            given.update((found.engine or self._engine.capabilities.name, *found.sent_to))
        recognised = judged or found
        if work.heard is not None:
            work.heard.look = Look(segment.start, segment.end, recognised or NOTHING, cost)
            return
        if recognised is None or found is None:
            leg.looked_at = self._clock.monotonic()
            if work.asked:
                leg.answer("open", [])
            return
        look = Look(segment.start, segment.end, found, cost, thorough=work.asked)
        leg.note_look(look, self._clock.monotonic())
        if work.asked:
            leg.answer(say.verdict(recognised), say.number_windows(recognised, segment))
        if not leg.backlog:
            self._show(leg, work, recognised)

    def _show(self, leg: FollowedLeg, work: Work, recognised: Recognised) -> None:
        words = [word.word for word in recognised.words]
        chances = [word.confidence for word in recognised.words]
        before = list(leg.steady.shown)
        shown = leg.steady.look(words, chances, whole=work.asked)
        if shown == 0 or list(leg.steady.shown) == before:
            return
        self._count(before, words[:shown])
        view = say.utterance(
            leg.ref,
            work.segment,
            recognised,
            engine=self._engine.capabilities.name,
            first_heard=leg.first_heard,
            revision=leg.ear.segmenter.position - work.segment.start,
            doubtful_below=self._rules.doubtful_below,
            shown=shown,
        )
        self._tell(Partial(utterance=view))

    def _count(self, before: Sequence[str], after: Sequence[str]) -> None:
        lost = changed_words(before, after)
        self._changed += lost
        self._shown += max(len(after) - len(before) + lost, 0)

    def _partials_due(self) -> list[Work]:
        """Lines to be shown; a revision missed is counted."""
        now = self._clock.monotonic()
        due: list[Work] = []
        for leg in self._legs.values():
            spoken = self._line_to_show(leg, now)
            if spoken is None:
                leg.due_since = None
                continue
            if leg.due_since is None:
                leg.due_since = now
            elif now - leg.due_since >= self._rules.partial_every_s:
                self._shed += 1
                leg.due_since = now
            if self._pace.mode != "no_partials":
                due.append(spoken)
        return [] if self._hold(now) else due

    def _hold(self, now: float) -> bool:
        """Whether a pause will need the recogniser before a look at a line is over."""
        if any(now - (leg.due_since or now) > HELD_S for leg in self._legs.values()):
            return False
        ears = [leg.ear.segmenter for leg in self._legs.values() if not leg.backlog]
        waits = [wait for ear in ears for wait in (ear.asks_in, ear.ends_in) if wait is not None]
        return self._pace.busy < FULL and min(waits, default=HOLD + 1) <= HOLD

    def _ends_soon(self) -> bool:
        """Whether a segment whose words are there ends with the next audio, and there is time."""
        waiting = (
            leg.ear.segmenter.ends_in
            for leg in self._legs.values()
            if leg.look is not None and leg.look.thorough and not (leg.backlog or leg.ear.asking)
        )
        soon = any(ends_in is not None and ends_in <= END_SOON for ends_in in waiting)
        return soon and self._pace.busy < FULL

    def _line_to_show(self, leg: FollowedLeg, now: float) -> Work | None:
        if leg.backlog or leg.ear.asking or any(not one.silent for one in leg.decided):
            return None
        segment = leg.ear.open_segment()
        if segment is None or sum(segment.voiced) < SHORTEST_PARTIAL:
            return None
        period = self._pace.period((segment.end - segment.start) * WINDOW_MS / 1000)
        since = leg.looked_at + (self._rules.partial_every_s if period is None else period)
        if now < since or (leg.look is not None and segment.end - leg.look.end < NEW_AUDIO):
            return None
        spoken = leg.ear.so_far()
        assert spoken is not None
        return Work(leg, *spoken, since)

    def _tell_decided(self) -> bool:
        """Tell everything whose words are there, leg by leg in order."""
        told = False
        for leg in self._legs.values():
            while leg.decided and (leg.decided[0].silent or leg.decided[0].look is not None):
                self._tell_one(leg, leg.decided.popleft())
                told = True
        return told

    def _tell_one(self, leg: FollowedLeg, heard: Heard) -> None:
        segment, look = heard.spoken.segment, heard.look
        through = heard.spoken.cursor * VAD_WINDOW
        tones = say.tones(leg, through)
        listened = self._listened(leg, heard)
        recognised = NOTHING if look is None else look.recognised
        if heard.reused and segment is not None:
            recognised = say.judged(recognised, measure(heard.spoken.samples), segment)
        if segment is None or look is None or not recognised.words:
            self._tell(
                Progress(
                    leg_id=leg.ref.leg_id, through_sample=through, tones=tones, listened=listened
                )
            )
            return
        view = say.utterance(
            leg.ref,
            segment,
            recognised,
            engine=self._engine.capabilities.name,
            first_heard=heard.first_heard,
            revision=heard.spoken.cursor - segment.start + self._rules.cut.longest,
            doubtful_below=self._rules.doubtful_below,
            names=say.names_of(leg),
        )
        leg.said = Said(segment.end, heard.spoken.samples, look.recognised.tokens)
        self._count(heard.steady.shown, [word.word for word in view.words])
        self._tell(
            Final(
                utterance=view,
                through_sample=through,
                engine_ms=look.engine_ms,
                heard_at=self._heard_at(heard),
                ready_at=iso(self._clock.now()),
                tones=tones,
                listened=listened,
            )
        )

    def _listened(self, leg: FollowedLeg, heard: Heard) -> Listened | None:
        """Who was given this stretch of the leg; None when nobody was."""
        segment, look = heard.spoken.segment, heard.look
        if segment is None or look is None or not heard.given:
            return None
        engine = look.recognised.engine or self._engine.capabilities.name
        return Listened(
            engine=engine,
            from_ms=leg.ref.start_ms + sample_ms(segment.start * VAD_WINDOW),
            to_ms=leg.ref.start_ms + sample_ms(segment.end * VAD_WINDOW),
            words=len(look.recognised.words),
            sent_to=tuple(sorted(heard.given - {engine})),
        )

    def _heard_at(self, heard: Heard) -> str:
        ago = max(self._clock.monotonic() - heard.at, 0.0)
        return iso(self._clock.now() - timedelta(seconds=ago))

    def _tell_done(self) -> None:
        for leg in [leg for leg in self._legs.values() if leg.finished]:
            if not leg.tail.exists():
                self._trouble(leg, "speech.leg_missing", 0)
            rest = say.tones(leg, leg.read_to)
            if rest:
                through = leg.judged_to
                self._tell(Progress(leg_id=leg.ref.leg_id, through_sample=through, tones=rest))
            self._tell(Done(leg_id=leg.ref.leg_id))
            self._forget(leg.ref.leg_id)

    def _trouble(self, leg: FollowedLeg, code: str, from_sample: int) -> None:
        self._log.error("part of a leg is without words", leg_id=leg.ref.leg_id, code=code)
        self._tell(Trouble(leg_id=leg.ref.leg_id, code=code, from_sample=from_sample))
