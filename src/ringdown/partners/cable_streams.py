"""The live transcripts that somebody hears: one for each call, however many hear it.

A stream begins with the final words from the store and goes on with facts and signals. Both may
tell the same twice and in any order, which changes nothing. It is kept for a while after its last
listener has gone, so that one who comes back goes on where it was; its `epoch` says that it is
still the same one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

from ringdown.calls.api import Calls
from ringdown.core.clock import Clock, ms_between, parse_iso
from ringdown.core.events import Fact
from ringdown.core.ids import IdSource
from ringdown.media.events import LegSealed
from ringdown.partners.words import Transcript
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts
from ringdown.speech.api import Transcript as Words
from ringdown.speech.api import UtteranceView
from ringdown.speech.events import UtteranceFinalised, UtterancePartial
from ringdown.wire.actioncable import Position, data_prefix, data_suffix

BATCH: Final = 200
KEPT_S: Final = 600.0
"""How long a stream that nobody hears is kept."""
KEPT: Final = 128
"""How many such streams are kept at most."""
OPEN_LEGS: Final = 1_024
"""Of how many legs the newest unfinished words are remembered."""
LAST_WORDS_S: Final = 60.0
"""Words that are not final this long after their leg was sealed never will be."""
AT_ONCE: Final = 50
"""Utterances taken in before others get their turn."""
_KEPT_FRAMES: Final = 64

Frames = tuple[tuple[int, str], ...]
"""Frames to be sent, each with the offset that is reached by it."""


class Listener(Protocol):
    """Somebody who is to be told that a stream has grown."""

    def grown(self, stream: "Stream") -> None:
        """There is more; must return at once."""
        ...


class Stream:
    """One call's transcript as it is told to partners."""

    def __init__(self, centre_id: str, call_id: str, incident_id: str, epoch: str) -> None:
        self.centre_id = centre_id
        self.call_id = call_id
        self.name = f"transcript:{incident_id}"
        self.epoch = epoch
        self.listeners: set[Listener] = set()
        self.loading = asyncio.Lock()
        self.transcript: Transcript | None = None
        self.idle_since: float | None = None
        self._early: list[Callable[[Transcript], None]] = []
        self._frames: dict[tuple[str, bool, int], Frames] = {}
        self._frames_at = -1

    @property
    def head(self) -> int:
        """The offset of the newest event."""
        return 0 if self.transcript is None else self.transcript.offset

    def begin(self, transcript: Transcript) -> None:
        """The stored words are in; whatever came meanwhile follows."""
        for change in self._early:
            change(transcript)
        self._early.clear()
        self.transcript = transcript

    def change(self, what: Callable[[Transcript], None]) -> None:
        """Take something in and tell whoever listens, if it says anything new."""
        if self.transcript is None:
            self._early.append(what)
            return
        before = self.transcript.offset
        what(self.transcript)
        if self.transcript.offset != before:
            for listener in list(self.listeners):
                listener.grown(self)

    def place(self, said: Position | None) -> int:
        """From where a client goes on: its own place if that is one here, else the start."""
        if said is None or said.epoch != self.epoch or said.offset > self.head:
            return 0
        return said.offset

    def frames(self, identifier: str, offset: int, *, extended: bool) -> Frames:
        """What somebody lacks who has read up to `offset`; written once for all who are as far."""
        transcript = self.transcript
        if transcript is None:
            return ()
        if self._frames_at != transcript.offset or len(self._frames) >= _KEPT_FRAMES:
            self._frames.clear()
            self._frames_at = transcript.offset
        key = (identifier, extended, offset)
        found = self._frames.get(key)
        if found is None:
            prefix = data_prefix(identifier)
            found = self._frames[key] = tuple(
                (event.offset, f"{prefix}{event.body}{self._suffix(event.offset, extended)}")
                for event in transcript.since(offset)
            )
        return found

    def _suffix(self, offset: int, extended: bool) -> str:
        return data_suffix(self.name, Position(self.epoch, offset)) if extended else data_suffix()


class Streams:
    """Every stream of this machine."""

    def __init__(
        self,
        db: Database,
        facts: Facts,
        words: Words,
        calls: Calls,
        clock: Clock,
        ids: IdSource,
        *,
        language: str = "en-US",
    ) -> None:
        self._db = db
        self._facts = facts
        self._words = words
        self._calls = calls
        self._clock = clock
        self._ids = ids
        self._language = language
        self._streams: dict[str, Stream] = {}
        self._open_words: OrderedDict[str, tuple[str, UtteranceView]] = OrderedDict()
        self._cursor: int | None = None
        self._wake = asyncio.Event()
        facts.on_commit(self._wake.set)

    async def listen(
        self, centre_id: str, call_id: str, incident_id: str, listener: Listener
    ) -> Stream:
        """The stream of a call, with its stored words in it; `listener` hears of its growth.

        Raises NotFound when the centre has no such call, Unavailable without a database.
        """
        self._tidy()
        stream = self._streams.get(call_id)
        if stream is None or stream.centre_id != centre_id:
            stream = Stream(centre_id, call_id, incident_id, self._ids.new("epoch"))
            self._streams[call_id] = stream
        stream.listeners.add(listener)
        try:
            async with stream.loading:
                if stream.transcript is None:
                    await self._load(stream)
        except BaseException:
            self.leave(stream, listener)
            raise
        stream.idle_since = None
        return stream

    def leave(self, stream: Stream, listener: Listener) -> None:
        """Somebody no longer listens."""
        stream.listeners.discard(listener)
        if stream.listeners:
            return
        if stream.transcript is None and self._streams.get(stream.call_id) is stream:
            del self._streams[stream.call_id]
        stream.idle_since = self._clock.monotonic()

    def count(self) -> int:
        """How many streams are held."""
        return len(self._streams)

    async def _load(self, stream: Stream) -> None:
        async with self._db.read() as tx:
            call = await self._calls.read(tx, stream.centre_id, stream.call_id)
            known = await self._words.read_in(tx, stream.centre_id, stream.call_id)
        began = parse_iso(call.started_at)
        # Faster than words can come, so that numbers go on growing after a restart.
        seq = max(ms_between(began, self._clock.now()), 0)
        transcript = Transcript(began, language=self._language, seq=seq)
        for number, utterance in enumerate(known, 1):
            transcript.hear(utterance, final=True)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        sealed = {leg.leg_id for leg in call.legs if leg.state == "sealed"}
        for leg_id, (call_id, utterance) in self._open_words.items():
            if call_id == stream.call_id and leg_id not in sealed:
                transcript.hear(utterance, final=False)
        stream.begin(transcript)

    def partial(self, signal: UtterancePartial) -> None:
        """Words that may still change."""
        utterance = signal.utterance
        self._open_words[utterance.leg_id] = (utterance.call_id, utterance)
        self._open_words.move_to_end(utterance.leg_id)
        if len(self._open_words) > OPEN_LEGS:
            self._open_words.popitem(last=False)
        stream = self._streams.get(utterance.call_id)
        if stream is not None and stream.centre_id == signal.centre_id:
            stream.change(lambda transcript: transcript.hear(utterance, final=False))

    async def run(self) -> None:
        """Read the log as it grows; supervised. Without any stream nothing of it is read."""
        if self._cursor is None:
            async with self._db.read() as tx:
                self._cursor = await self._facts.last_seq(tx)
        self._wake.set()
        while True:
            await self._wake.wait()
            self._wake.clear()
            if not self._streams:
                async with self._db.read() as tx:
                    newest = await self._facts.last_seq(tx)
                # Whoever came meanwhile may have read an older state.
                self._cursor = self._cursor if self._streams else newest
            while self._streams:
                async with self._db.read() as tx:
                    batch = await self._facts.after_seq(tx, self._cursor, BATCH)
                if not batch:
                    break
                for stored in batch:
                    self._take(stored.record.fact)
                self._cursor = batch[-1].seq

    def _take(self, fact: Fact) -> None:
        stream = self._streams.get(fact.call_id or "")
        if stream is None or stream.centre_id != fact.centre_id:
            return
        if isinstance(fact, UtteranceFinalised):
            stream.change(lambda transcript: transcript.hear(fact.utterance, final=True))
        elif isinstance(fact, LegSealed):
            leg_id = fact.leg_id

            def no_more(transcript: Transcript) -> None:
                transcript.end_leg(leg_id)

            asyncio.get_running_loop().call_later(LAST_WORDS_S, stream.change, no_more)

    def _tidy(self) -> None:
        """Forget streams that nobody has heard for long, and the oldest of too many."""
        now = self._clock.monotonic()
        idle = [
            (stream.idle_since, call_id)
            for call_id, stream in self._streams.items()
            if stream.idle_since is not None and not stream.listeners
        ]
        idle.sort()
        spare = len(idle) - KEPT
        for number, (since, call_id) in enumerate(idle):
            if number < spare or now - since > KEPT_S:
                del self._streams[call_id]
