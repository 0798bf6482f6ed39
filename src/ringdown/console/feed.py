"""The live feed of the operator console: every fact in order, without loss or doubles, and signals.

The log of facts is read once per commit and kept encoded in a short ring; every console has its
own place in it. A console that falls behind the ring reads the database at its own pace, so a slow
one costs no memory and loses nothing; one that is hopelessly behind is told to start over from a
snapshot. Signals are kept latest-wins per subject, so their number is bounded by what is live.
"""

import asyncio
import json
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from itertools import islice

from ringdown.core.events import Signal
from ringdown.media.events import LegSealed
from ringdown.runtime.db import Database
from ringdown.runtime.facts import Facts, Stored
from ringdown.runtime.lamps import EVERY_CENTRE, LampChanged
from ringdown.speech.events import ChannelChanged

RING = 1_024
"""Facts kept encoded per centre."""
TOO_FAR = 5_000
"""Facts behind, from which a snapshot is cheaper than catching up."""
BATCH = 200
PING_S = 10.0
"""A quiet feed says so at this interval, so that a dead line is noticed on both sides."""
SIGNALS = 256
"""Signals one console may have waiting; beyond it the oldest subject is forgotten."""


def encode(message: dict[str, object]) -> str:
    """One feed message as compact JSON."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def encode_fact(stored: Stored) -> str:
    """A fact as the feed carries it."""
    return encode({"type": "fact", **stored.envelope()})


@dataclass
class _Ring:
    """The newest facts of one centre, encoded. `first` is the position of the oldest kept."""

    messages: deque[str] = field(default_factory=lambda: deque[str](maxlen=RING))
    last: int = 0

    @property
    def first(self) -> int:
        return self.last - len(self.messages) + 1


@dataclass(eq=False)
class Listener:
    """One console's place: what it has been sent, and the signals waiting for it."""

    centre_id: str
    position: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    signals: OrderedDict[tuple[str, str], str] = field(
        default_factory=OrderedDict[tuple[str, str], str]
    )

    def tell(self, key: tuple[str, str], message: str) -> None:
        """Keep the newest signal about a subject; its turn is the newest too."""
        self.signals.pop(key, None)
        self.signals[key] = message
        if len(self.signals) > SIGNALS:
            self.signals.popitem(last=False)
        self.wake.set()

    def take_signals(self) -> list[str]:
        """The signals that wait, which then wait no more."""
        waiting = list(self.signals.values())
        self.signals.clear()
        return waiting


def subject_of(signal: Signal) -> tuple[str, str]:
    """What a signal is about: a newer one about the same replaces it."""
    if isinstance(signal, LampChanged):
        return signal.kind, signal.lamp.name
    if isinstance(signal, ChannelChanged):
        return signal.kind, signal.channel.leg_id
    utterance = getattr(signal, "utterance", None)
    return signal.kind, getattr(utterance, "utterance_id", signal.call_id or "")


class FeedHub:
    """Every open console of this machine."""

    def __init__(self, db: Database, facts: Facts) -> None:
        self._db = db
        self._facts = facts
        self._rings: dict[str, _Ring] = {}
        self._listeners: dict[str, set[Listener]] = {}
        self._channels: dict[str, OrderedDict[tuple[str, str], str]] = {}
        self._wake = asyncio.Event()
        self.told: Counter[str] = Counter()
        """How many facts of each kind were passed on since the start."""
        facts.on_commit(self._wake.set)

    def count(self) -> int:
        """How many consoles are connected."""
        return sum(len(group) for group in self._listeners.values())

    async def run(self) -> None:
        """Read the log as it grows and pass it on; supervised."""
        async with self._db.read() as tx:
            cursor = await self._facts.last_seq(tx)
        # What was committed while nobody read is in the database; consoles read it from there.
        self._rings.clear()
        for group in self._listeners.values():
            for listener in group:
                listener.wake.set()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while True:
                async with self._db.read() as tx:
                    batch = await self._facts.after_seq(tx, cursor, BATCH)
                if not batch:
                    break
                for stored in batch:
                    self._keep(stored)
                cursor = batch[-1].seq
                for centre_id in {stored.centre_id for stored in batch}:
                    for listener in self._listeners.get(centre_id, ()):
                        listener.wake.set()

    def _keep(self, stored: Stored) -> None:
        fact = stored.record.fact
        self.told[fact.kind] += 1
        if isinstance(fact, LegSealed) and stored.centre_id in self._channels:
            self._channels[stored.centre_id].pop((ChannelChanged.kind, fact.leg_id), None)
        ring = self._rings.setdefault(stored.centre_id, _Ring())
        if ring.messages and stored.record.position != ring.last + 1:
            ring.messages.clear()
        ring.messages.append(encode_fact(stored))
        ring.last = stored.record.position

    def signal(self, signal: Signal) -> None:
        """Pass a signal on to the consoles of its centre, or of every centre."""
        everyone = signal.centre_id == EVERY_CENTRE
        groups = self._listeners.values() if everyone else [
            self._listeners.get(signal.centre_id, set[Listener]())
        ]  # fmt: skip
        stays = isinstance(signal, ChannelChanged)
        if not any(groups) and not stays:
            return
        body = signal.model_dump(mode="json", exclude={"centre_id", "call_id"})
        message = encode(
            {"type": "signal", "kind": signal.kind, "call_id": signal.call_id, "body": body}
        )
        key = subject_of(signal)
        if stays:
            self._stay(signal.centre_id, key, message)
        for group in groups:
            for listener in group:
                listener.tell(key, message)

    def _stay(self, centre_id: str, key: tuple[str, str], message: str) -> None:
        """Keep how a leg is followed for consoles that come later: it is told when it changes."""
        kept = self._channels.setdefault(centre_id, OrderedDict[tuple[str, str], str]())
        kept[key] = message
        kept.move_to_end(key)
        if len(kept) > SIGNALS:
            kept.popitem(last=False)

    async def listen(self, centre_id: str, after: int) -> AsyncGenerator[list[str], None]:
        """Encoded messages for one console, from position `after` on, until it goes away.

        They come some at a time, at most `BATCH` or `SIGNALS`. The caller sends them before asking
        for more: that is the whole flow control.
        """
        listener = Listener(centre_id, after)
        group = self._listeners.setdefault(centre_id, set())
        group.add(listener)
        try:
            async with self._db.read() as tx:
                head = await self._facts.head(tx, centre_id)
            if after > head or head - after > TOO_FAR:
                yield [encode({"type": "resync", "reason": "too far behind"})]
                listener.position = head
            yield [encode({"type": "ready", "position": head})]
            if centre_id in self._channels:
                listener.signals = self._channels[centre_id] | listener.signals
            listener.wake.set()
            while True:
                try:
                    async with asyncio.timeout(PING_S):
                        await listener.wake.wait()
                except TimeoutError:
                    yield [encode({"type": "ping"})]
                    continue
                listener.wake.clear()
                async for messages in self._due(listener):
                    yield messages
                if listener.signals:
                    yield listener.take_signals()
        finally:
            group.discard(listener)

    async def _due(self, listener: Listener) -> AsyncIterator[list[str]]:
        """The facts this console has not been sent, from the ring or from the database."""
        while True:
            ring = self._rings.get(listener.centre_id)
            if ring is not None and ring.messages and ring.first <= listener.position + 1:
                skip = listener.position + 1 - ring.first
                messages = list(islice(ring.messages, skip, skip + BATCH))
                if not messages:
                    return
                listener.position += len(messages)
                yield messages
                continue
            async with self._db.read() as tx:
                batch = await self._facts.since(tx, listener.centre_id, listener.position, BATCH)
                head = await self._facts.head(tx, listener.centre_id)
            if head - listener.position > TOO_FAR:
                listener.position = head
                yield [encode({"type": "resync", "reason": "too slow"})]
                return
            if not batch:
                return
            listener.position = batch[-1].record.position
            yield [encode_fact(stored) for stored in batch]
