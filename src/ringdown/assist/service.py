"""Follows calls with a language model: asks with tokens, checks, keeps, and never holds anybody up.

Whoever tells that something was said goes on at once; a task of its own for each call asks, at
most so often, within a budget, and not at all while the model fails. What it wrote is checked
sentence by sentence before it is kept; what does not pass is counted and gone.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import ClassVar, Final

from ringdown.assist.events import NarrativeChanged
from ringdown.assist.lamp import light
from ringdown.assist.model.answer import LONGEST_ANSWER, AnswerUnreadable, Written, read_answer
from ringdown.assist.model.breaker import Breaker
from ringdown.assist.model.checker import Line, Reason, check, cleaned
from ringdown.assist.model.ideas import check_idea
from ringdown.assist.model.narrative import (
    CiteView,
    NarrativeExport,
    NarrativeMark,
    NarrativeView,
    ProposalView,
    RoundView,
    SentenceView,
    Switch,
    added,
    narrative,
)
from ringdown.assist.model.prompt import PROMPT_HASH, Question, estimated_tokens, question
from ringdown.assist.ports import (
    AssistStore,
    LanguageModel,
    ModelAnswerBad,
    ModelFailed,
    NotKept,
    Said,
    Transcript,
)
from ringdown.assist.settings import AssistSettings
from ringdown.audit.api import Audit
from ringdown.calls.api import Calls
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Refused, RingdownError
from ringdown.core.principal import Person, Principal, system
from ringdown.redaction.api import Redaction, ValuesClosed
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.tasks import Tasks, describe
from ringdown.runtime.telemetry import Metrics, get_logger

CONTEXT: Final = 400
"""So many characters of what was said before are looked at when a line is redacted."""
AGAIN: Final = 200
"""So many of the last lines are looked through again when a new value is known."""
NOTES: Final = 30
"""So many of the last notes are sent along."""
DAY: Final = timedelta(hours=24)
JUDGED: Final = 40
"""The lamp judges a model by so many of its last sentences."""
LAMP: Final = "language_model"
SEPARATOR: Final = "\x1e"


class SwitchNeedsPerson(Refused):
    """Only a person switches the language model off or on for a call."""

    code: ClassVar[str] = "assist.switch.person_needed"


@dataclass(slots=True)
class _Follower:
    """What is remembered of a call while it goes on."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    asked: int = 0
    last: float = float("-inf")
    covered: set[str] = field(default_factory=set[str])
    lines: OrderedDict[str, str] = field(default_factory=OrderedDict[str, str])
    """Utterances with tokens in place of values, by id."""
    revisions: dict[str, int] = field(default_factory=dict[str, int])
    """Which revision of each is among the lines."""

    def outdated(self, said: Sequence[Said]) -> None:
        """Forget lines of which a better revision came: it is redacted and asked about anew."""
        for each in said:
            if self.revisions.get(each.utterance_id, each.revision) < each.revision:
                del self.lines[each.utterance_id], self.revisions[each.utterance_id]
                self.covered.discard(each.utterance_id)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, and what its numbers stand for."""

    question: Question
    lines: Mapping[int, Line]
    said: Mapping[int, Said]
    notes: frozenset[int]
    known: frozenset[str]
    covered_ms: int


@dataclass(frozen=True, slots=True)
class _Answer:
    written: Written
    version: str
    tokens: int


class AssistService:
    """Narratives of every centre; implements `assist.api.Narratives`. Idle without a model."""

    def __init__(
        self,
        db: Database,
        store: AssistStore,
        model: LanguageModel | None,
        *,
        redaction: Redaction,
        transcript: Transcript,
        calls: Calls,
        facts: Facts,
        audit: Audit,
        lamps: Lamps,
        metrics: Metrics,
        clock: Clock,
        tasks: Tasks,
        settings: AssistSettings,
    ) -> None:
        self._db = db
        self._store = store
        self._model = model
        self._redaction = redaction
        self._transcript = transcript
        self._calls = calls
        self._facts = facts
        self._audit = audit
        self._lamps = lamps
        self._clock = clock
        self._tasks = tasks
        self._settings = settings
        self._breaker = Breaker()
        self._at_once = asyncio.Semaphore(settings.at_once)
        self._followers: dict[tuple[str, str], _Follower] = {}
        self._passed: deque[bool] = deque(maxlen=JUDGED)
        self._failing: str | None = None
        self._spent = False
        self._log = get_logger("assist")
        self._rounds = metrics.counter(
            "ringdown_assist_rounds_total", "Questions to the language model.", ("outcome",)
        )
        self._sentences = metrics.counter(
            "ringdown_assist_sentences_total", "Sentences and proposals written.", ("outcome",)
        )
        self._withheld = metrics.counter(
            "ringdown_assist_withheld_total", "Why sentences were withheld.", ("reason",)
        )
        self._tokens = metrics.counter(
            "ringdown_assist_tokens_total", "Tokens sent to and received from the model."
        )
        self._seconds = metrics.histogram(
            "ringdown_assist_answer_seconds", "From a question to the end of its answer."
        )
        self._light()

    # ---- from the bus

    def heard(self, centre_id: str, call_id: str) -> None:
        """Something was said. Returns at once."""
        if self._model is None:
            return
        key = (centre_id, call_id)
        follower = self._followers.get(key)
        if follower is None:
            follower = self._followers[key] = _Follower()
            self._tasks.spawn("assist", self._follow(key, follower))
        follower.wake.set()

    def ended(self, centre_id: str, call_id: str) -> None:
        """The call is over: what was said last is asked about, then it is let go."""
        follower = self._followers.get((centre_id, call_id))
        if follower is not None:
            follower.over = True
            follower.wake.set()

    # ---- for people

    async def read(self, principal: Principal, call_id: str) -> NarrativeView:
        """The narrative of a call, in tokens. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return await self._read(tx, principal.centre_id, call_id)

    async def reveal(self, principal: Principal, call_id: str) -> NarrativeView:
        """The same with values in place of tokens; that is written into the audit log first.

        Raises NotFound, TokenUnknown, ValuesClosed.
        """
        view = await self.read(principal, call_id)
        texts = [each.text for each in view.sentences] + [each.value for each in view.proposals]
        if texts:
            # One text, so that it is one line of the audit log.
            whole = SEPARATOR.join(texts)
            restored = await self._redaction.restore(principal, call_id, whole, "the narrative")
            texts = restored.split(SEPARATOR)
        told = iter(texts)
        return view.model_copy(
            update={
                "sentences": tuple(
                    each.model_copy(update={"text": next(told)}) for each in view.sentences
                ),
                "proposals": tuple(
                    each.model_copy(update={"value": next(told)}) for each in view.proposals
                ),
                "revealed": True,
            }
        )

    async def switch(self, principal: Principal, call_id: str, *, off: bool) -> NarrativeView:
        """Switch the language model off for a call, or on again; recorded, and no reason asked.

        Raises NotFound, SwitchNeedsPerson.
        """
        if principal.kind != "user":
            raise SwitchNeedsPerson("a person switches the language model off or on")
        centre_id = principal.centre_id
        async with self._db.write() as tx:
            await self._calls.read(tx, centre_id, call_id)
            before = await self._store.switch(tx, centre_id, call_id)
            if before.mark.off != off:
                mark = before.mark.model_copy(
                    update={"off": off, "version": before.mark.version + 1}
                )
                by = Person(user_id=principal.id, name=principal.name)
                after = Switch(mark, by, iso(self._clock.now()))
                await self._store.set_switch(tx, centre_id, call_id, after)
                await self._facts.append(
                    tx, NarrativeChanged(centre_id=centre_id, call_id=call_id, narrative=mark)
                )
                await self._audit.append(
                    tx,
                    centre_id=centre_id,
                    tag="assist:call:switched_off" if off else "assist:call:switched_on",
                    actor=principal,
                    subject=call_id,
                )
            view = await self._read(tx, centre_id, call_id)
        if not off and (centre_id, call_id) in self._followers:
            self.heard(centre_id, call_id)
        return view

    async def export(self, principal: Principal, call_id: str) -> NarrativeExport:
        """All that language models wrote on a call, in tokens, apart from what people wrote.

        Who asked is written into the audit log. Raises NotFound.
        """
        async with self._db.write() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            rounds = await self._store.rounds(tx, principal.centre_id, call_id)
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag="assist:narrative:exported",
                actor=principal,
                subject=call_id,
                details={"rounds": len(rounds)},
            )
        return NarrativeExport(call_id=call_id, rounds=tuple(rounds))

    async def read_mark(self, tx: Tx, centre_id: str, call_id: str) -> NarrativeMark:
        """How far the narrative of a call has come."""
        return (await self._store.switch(tx, centre_id, call_id)).mark

    async def _read(self, tx: Tx, centre_id: str, call_id: str) -> NarrativeView:
        return narrative(
            call_id,
            None if self._model is None else self._model.info.name,
            await self._store.switch(tx, centre_id, call_id),
            await self._store.rounds(tx, centre_id, call_id),
        )

    # ---- following a call

    async def _follow(self, key: tuple[str, str], follower: _Follower) -> None:
        """Ask about a call whenever something new was said, until it is over."""
        try:
            while True:
                await follower.wake.wait()
                pause = follower.last + self._settings.every_s - self._clock.monotonic()
                pause = max(pause, self._breaker.wait_s(self._clock.monotonic()))
                if pause > 0 and not follower.over:
                    await asyncio.sleep(pause)
                follower.wake.clear()
                follower.last = self._clock.monotonic()
                over = follower.over
                await self._surely(key, follower)
                if over:
                    return
        finally:
            self._followers.pop(key, None)

    async def _surely(self, key: tuple[str, str], follower: _Follower) -> None:
        """One round; a failure is told and leaves the call as it is."""
        async with self._at_once:
            if not self._breaker.may_ask(self._clock.monotonic()):
                return
            try:
                asked = await self._question(key, follower)
                if asked is None:
                    self._breaker.let_go()
                    self._light()
                    return
                started = self._clock.monotonic()
                answer = await self._answer(asked.question)
                self._seconds.observe(self._clock.monotonic() - started)
                self._breaker.succeeded()
                self._failing = None
                await self._keep(key, follower, asked, answer)
                self._rounds.labels("answered").inc()
            except asyncio.CancelledError:
                self._breaker.let_go()
                raise
            except NotKept:
                self._rounds.labels("not_kept").inc()
            except Exception as error:  # noqa: BLE001 - nothing of it may reach the call
                wait = error.retry_after_s if isinstance(error, ModelFailed) else None
                self._breaker.failed(self._clock.monotonic(), wait)
                known = isinstance(error, ModelFailed | AnswerUnreadable | ValuesClosed)
                code = error.code if isinstance(error, RingdownError) else "assist.failed"
                self._rounds.labels("failed").inc()
                follower.wake.set()  # once more, after a pause
                if self._breaker.failing:
                    self._failing = code
                if not known or self._breaker.failing:
                    self._log.warning("language model failed", call_id=key[1], **describe(error))
            self._light()

    async def _question(self, key: tuple[str, str], follower: _Follower) -> _Asked | None:
        """What to ask about a call now; None if there is nothing, or it may not be."""
        centre_id, call_id = key
        async with self._db.read() as tx:
            switch = await self._store.switch(tx, centre_id, call_id)
            said = await self._transcript.read_in(tx, centre_id, call_id)
            rounds = await self._store.rounds(tx, centre_id, call_id)
            spent = await self._store.tokens_since(tx, self._clock.now() - DAY)
        if switch.mark.off:
            return None
        self._spent = spent >= self._settings.tokens_per_day
        used = sum(each.tokens for each in rounds)
        if self._spent or used >= self._settings.tokens_per_call:
            self._rounds.labels("no_budget").inc()
            return None
        if max(follower.asked, len(rounds)) >= self._settings.requests_per_call:
            self._rounds.labels("no_budget").inc()
            return None
        if not follower.covered and rounds:
            until = rounds[-1].covered_ms
            follower.covered = {each.utterance_id for each in said if each.end_ms <= until}
        said = [each for each in said if each.text.strip()]
        follower.outdated(said)
        if all(each.utterance_id in follower.covered for each in said):
            return None
        await self._redact(key, follower, said)
        follower.asked += 1
        return self._asked(follower, said, rounds)

    async def _redact(
        self, key: tuple[str, str], follower: _Follower, said: Sequence[Said]
    ) -> None:
        """Put tokens in place of values, in the order it was said. Raises ValuesClosed."""
        before = ""
        known = 0
        for each in said:
            if each.utterance_id not in follower.lines:
                # A token can only be written by us: brackets that somebody typed are none.
                text = each.text.replace("[", "(").replace("]", ")")
                redacted = await self._redaction.redact(*key, text, before)
                follower.lines[each.utterance_id] = redacted.text
                follower.revisions[each.utterance_id] = each.revision
                known += len(redacted.marks)
                await asyncio.sleep(0)  # others go first
            before = f"{before}\n{each.text}"[-CONTEXT:]
        if known:
            # A value that is known by now may stand open in an earlier line.
            for each in said[-AGAIN:]:
                text = follower.lines[each.utterance_id]
                await asyncio.sleep(0)
                again = await self._redaction.redact(*key, text)
                follower.lines[each.utterance_id] = again.text

    def _asked(
        self, follower: _Follower, said: Sequence[Said], rounds: Sequence[RoundView]
    ) -> _Asked:
        room = self._settings.window_chars
        window: list[tuple[int, Said, Line]] = []
        for number, each in reversed(list(enumerate(said, 1))):
            line = Line(each.side, follower.lines[each.utterance_id])
            room -= len(line.text) + 20
            if room < 0 and window:
                break
            window.append((number, each, line))
        window.reverse()
        new = [n for n, each, _ in window if each.utterance_id not in follower.covered]
        view = narrative("", None, Switch(), rounds)
        notes = [each for each in view.sentences if each.replaced_by is None]
        assert self._model is not None
        return _Asked(
            question(
                [(number, line) for number, _, line in window],
                [(each.number, each.text) for each in notes[-NOTES:]],
                min(new, default=window[0][0]),
                self._settings.openai_compatible.longest_tokens,
            ),
            {number: line for number, _, line in window},
            {number: each for number, each, _ in window},
            frozenset(each.number for each in notes),
            frozenset(_same(each.text) for each in notes),
            max(each.end_ms for _, each, _ in window),
        )

    async def _answer(self, asked: Question) -> _Answer:
        """The whole answer of the model, read. Raises ModelFailed, AnswerUnreadable."""
        assert self._model is not None
        parts: list[str] = []
        version, tokens, length = "", None, 0
        async for piece in self._model.ask(asked):
            parts.append(piece.text)
            length += len(piece.text)
            if length > LONGEST_ANSWER:
                raise ModelAnswerBad("the answer is too long")
            version = piece.version or version
            tokens = piece.tokens if piece.tokens is not None else tokens
        text = "".join(parts)
        sent = estimated_tokens(asked.rules) + estimated_tokens(asked.data)
        # What a server says is believed only if it is not less than it can be.
        counted = max(tokens or 0, (sent + estimated_tokens(text)) // 2)
        return _Answer(read_answer(text), version or self._model.info.name, counted)

    async def _keep(
        self, key: tuple[str, str], follower: _Follower, asked: _Asked, answer: _Answer
    ) -> None:
        """Check what was written, and keep what passes, in one transaction with its audit row."""
        assert self._model is not None
        centre_id, call_id = key
        info, at = self._model.info, iso(self._clock.now())
        kept, ideas, withheld = _checked(asked, answer.written)
        async with self._db.write() as tx:
            before = await self._store.switch(tx, centre_id, call_id)
            if before.mark.off:
                return  # switched off while the model wrote: nothing of it is kept
            rounds = await self._store.rounds(tx, centre_id, call_id)
            first = 1 + sum(len(each.sentences) for each in rounds)
            written = RoundView(
                number=len(rounds) + 1,
                at=at,
                model=info.name,
                version=answer.version,
                host=info.host,
                prompt_hash=PROMPT_HASH,
                request_hash=asked.question.request_hash,
                tokens=answer.tokens,
                sentences=tuple(
                    SentenceView(
                        number=first + place,
                        text=text,
                        cites=_cites(cites, asked.said),
                        model=info.name,
                        at=at,
                        replaces=replaces,
                    )
                    for place, (text, cites, replaces) in enumerate(kept)
                ),
                proposals=tuple(
                    ProposalView(
                        field=name, value=value, cites=_cites(cites, asked.said),
                        model=info.name, at=at,
                    )
                    for name, value, cites in ideas
                ),
                withheld=dict(withheld),
                covered_ms=asked.covered_ms,
            )  # fmt: skip
            await self._store.add(tx, centre_id, call_id, written)
            lost = len(answer.written.sentences) + len(answer.written.ideas)
            lost -= len(kept) + len(ideas) + withheld.get("repeated", 0)
            mark = NarrativeMark(
                version=before.mark.version + 1,
                sentences=before.mark.sentences + len(kept),
                withheld=before.mark.withheld + lost,
            )
            await self._store.set_switch(tx, centre_id, call_id, replace(before, mark=mark))
            await self._facts.append(
                tx, NarrativeChanged(centre_id=centre_id, call_id=call_id, narrative=mark)
            )
            await self._audit.append(
                tx,
                centre_id=centre_id,
                tag="assist:narrative:written",
                actor=system(centre_id, "assist"),
                subject=call_id,
                details={
                    "round": written.number,
                    "model": info.name,
                    "version": answer.version,
                    "host": info.host,
                    "prompt_sha256": PROMPT_HASH,
                    "request_sha256": written.request_hash,
                    "sentences": len(kept),
                    "proposals": len(ideas),
                    "withheld": lost,
                },
            )
        follower.covered |= {each.utterance_id for each in asked.said.values()}
        self._count(len(kept) + len(ideas), lost, withheld, answer.tokens)

    def _count(self, shown: int, lost: int, withheld: Mapping[str, int], tokens: int) -> None:
        self._sentences.labels("shown").inc(shown)
        self._sentences.labels("withheld").inc(lost)
        self._tokens.inc(tokens)
        for reason, count in withheld.items():
            self._withheld.labels(reason).inc(count)
        self._passed.extend([True] * shown + [False] * lost)

    def _light(self) -> None:
        if self._model is None:
            return  # what nobody named needs no lamp
        info = self._model.info
        judged = len(self._passed) >= JUDGED // 2
        lit = light(
            name=info.name,
            host=info.host,
            code=self._failing,
            spent=self._spent,
            distrusted=judged and sum(self._passed) * 2 < len(self._passed),
        )
        self._lamps.set(LAMP, lit.state, lit.text, still_works=lit.still_works)


_Kept = list[tuple[str, tuple[int, ...], int | None]]
_Ideas = list[tuple[str, str, tuple[int, ...]]]


def _checked(asked: _Asked, written: Written) -> tuple[_Kept, _Ideas, dict[str, int]]:
    """What may show, and how often each reason withheld something. `repeated` is no reason."""
    kept: _Kept = []
    ideas: _Ideas = []
    withheld: dict[str, int] = {}
    known = set(asked.known)
    for each in written.sentences:
        text = cleaned(each.text)
        reasons = _reasons(check(each.text, each.cites, asked.lines))
        if not reasons and each.replaces is not None and each.replaces not in asked.notes:
            reasons = {"unknown_citation": 1}
        if not reasons and _same(text) in known:
            reasons = {"repeated": 1}
        if reasons:
            added(withheld, reasons)
        else:
            known.add(_same(text))
            kept.append((text, each.cites, each.replaces))
    for idea in written.ideas:
        reasons = _reasons(check_idea(idea, asked.lines))
        if reasons:
            added(withheld, reasons)
        else:
            ideas.append((idea.field, cleaned(idea.value), idea.cites))
    return kept, ideas, withheld


def _reasons(found: Sequence[Reason]) -> dict[str, int]:
    """The first reason, so that reasons add up to what is withheld."""
    return {found[0]: 1} if found else {}


def _cites(cites: Sequence[int], said: Mapping[int, Said]) -> tuple[CiteView, ...]:
    return tuple(
        CiteView(
            utterance_id=said[cite].utterance_id,
            side=said[cite].side,
            start_ms=said[cite].start_ms,
            end_ms=said[cite].end_ms,
        )
        for cite in sorted(set(cites))
    )


def _same(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
