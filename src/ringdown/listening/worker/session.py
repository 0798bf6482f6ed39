"""One listening session in a worker: its transport, its output, and what it has been told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from ringdown.core.events import Value
from ringdown.listening.model.commands import Refusal, SetGain, parse
from ringdown.listening.model.mix import PER_MS, Pcm16, Voice, joined
from ringdown.listening.model.pace import CHUNK_MS, LOW_MS, Pace
from ringdown.listening.model.protocol import Heard, Open, State
from ringdown.listening.model.rate import CommandRate
from ringdown.listening.model.rules import PlayoutRules
from ringdown.listening.model.stretches import HeardLog
from ringdown.listening.model.transport import Transport
from ringdown.listening.worker.publisher import Output, Packet

SILENCE: Pcm16 = np.zeros(CHUNK_MS * PER_MS, np.int16)
_RECENT = (CHUNK_MS + LOW_MS + 2 * CHUNK_MS) * PER_MS
STATUS_S = 1.0
HEARD_S = 5.0
NAMELESS_S = 5.0
"""The media server announces a listener within three seconds."""


@dataclass
class Counts:
    """What a worker counts over all its sessions."""

    commands: int = 0
    refused: int = 0


@dataclass
class Session:
    """Plays to one listener; `tell` takes what the server is told."""

    order: Open
    rules: PlayoutRules
    tell: Callable[[Value], None]
    counts: Counts
    output: Output | None = None
    present: bool = False
    """Whether the listener is in the room."""
    begun: bool = False
    seated: bool = False
    """Whether the media server has said that the listener is there: nobody else can be."""
    next: int = 0
    """Where the next piece of the call begins."""
    pace: Pace = field(default_factory=Pace)
    transport: Transport = field(init=False)
    voice: Voice = field(init=False)

    def __post_init__(self) -> None:
        """Make what depends on the rules."""
        self.transport = Transport(self.rules)
        self.voice = Voice(self.transport.gains)
        self._heard = HeardLog()
        self._rate = CommandRate(self.rules.commands_per_s)
        self._error_rate = CommandRate(self.rules.commands_per_s)
        self._recent: Pcm16 = np.zeros(0, np.int16)
        self._tail: Pcm16 | None = None
        self._calling = False
        """Whether what waits to be played is of the call, and not the silence of a pause."""
        self._status_at = -1e9
        self._heard_at = 0.0
        self._told: tuple[bool, bool, bool] | None = None
        self._nameless: list[tuple[float, Packet]] = []

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self.order.session_id

    @property
    def listening(self) -> bool:
        """Whether somebody is there and the track plays the call."""
        return self.present and not self.transport.paused

    # -- the listener comes, goes, and sends packets ------------------------------------------

    def came(self, now: float, duration: int, *, over: bool) -> bool:
        """The listener is there; False when that was known (then only told again)."""
        again = self.present
        if not again:
            self.transport.call_is(duration, over=over)
            if not self.begun:
                self._begin()
            self.present = True
            self._cut(now)
            self._heard_at = now
        self.say_status(now)
        return not again

    def went(self, now: float) -> None:
        """The listener is gone: everything stays as it is, and what was heard is told."""
        self.sync(now)
        self._cut(now)
        self.transport.freeze()
        self.present = self.seated = False
        self.say_heard(now)

    def lost(self, now: float) -> None:
        """The room is gone, through no doing of the listener: who was at the edge stays there."""
        following = self.transport.following
        self.went(now)
        self.transport.following = following
        self.output = None

    def keep(self, packet: Packet, now: float) -> None:
        """Keep a packet of nobody knows whom until it is known; what comes too early is lost."""
        if len(self._nameless) < self.rules.commands_per_s:
            self._nameless.append((now, packet))

    def kept(self, now: float) -> list[Packet]:
        """What was kept, as the listener's, who has the other seat in the room; each once."""
        mine = [
            replace(packet, identity=self.order.listener)
            for at, packet in self._nameless
            if now - at <= NAMELESS_S
        ]
        self._nameless.clear()
        return mine

    def forget_kept(self) -> None:
        """What was kept is not known to be the listener's."""
        self._nameless.clear()

    def packet(self, packet: Packet, now: float) -> bool:
        """Do what a packet asks; whether the place or the pause may have changed."""
        if packet.identity != self.order.listener or packet.topic:
            return False
        if not self._rate.allow(now):
            self._refuse(Refusal("rate_limited", "Too many commands a second."), now)
            return False
        command = parse(packet.data)
        if isinstance(command, Refusal):
            self._refuse(command, now)
            return False
        self.sync(now)
        if isinstance(command, SetGain):
            refusal = self.transport.obey(command)
            self.voice.gains = self.transport.gains
        else:
            before = (self.transport.paused, self.transport.following, self.transport.position)
            refusal = self.transport.obey(command)
            after = (self.transport.paused, self.transport.following, self.transport.position)
            if before != after:
                self._cut(now)
        if refusal is not None:
            self._refuse(refusal, now)
            return False
        self.counts.commands += 1
        self.say_status(now)
        return True

    def _begin(self) -> None:
        self.begun = True
        if self.order.restore is None:
            self.transport.begin(autoplay=self.order.autoplay)
        else:
            self.transport.restore(self.order.restore)
        self.voice = Voice(self.transport.gains)

    def _refuse(self, refusal: Refusal, now: float) -> None:
        self.counts.refused += 1
        # A flood is not answered by a flood.
        if self.output is not None and self._error_rate.allow(now):
            self.output.post(refusal.encode(), self.order.listener)

    # -- playing -----------------------------------------------------------------------------------

    def push(self, samples: Pcm16, now: float, call_ms: int) -> None:
        """Hand over a piece: `call_ms` of the call from `next` on, or none of it."""
        if self.output is None:
            return
        if self._tail is not None:
            samples = joined(self._tail, samples)
            self._tail = None
        self.output.push(samples)
        self._recent = np.concatenate([self._recent, samples])[-_RECENT:]
        self.pace.pushed(now, len(samples) // PER_MS)
        self._calling = call_ms > 0
        self._heard.pushed(self.next, self.next + call_ms)
        self.next += call_ms

    def jump(self, position: int, instead_of: Pcm16 | None = None) -> None:
        """The next piece begins elsewhere, without a command: the live edge has moved on.

        `instead_of` is what would have come: it goes down while the new place comes up.
        """
        self.next = position
        if instead_of is not None:
            self._tail = instead_of

    def sync(self, now: float) -> None:
        """See how far the listener has heard."""
        if self.listening and self._calling:
            self.transport.played_to(max(self.next - self.pace.waiting_ms(now), 0))

    def _cut(self, now: float) -> None:
        """What waits is not to be played; the next piece begins at the cursor."""
        waiting = self.pace.waiting_ms(now)
        if waiting:
            if self._calling:
                self._heard.taken_back(waiting)
            self._tail = self._recent[len(self._recent) - waiting * PER_MS :]
        if self.output is not None:
            self.output.clear()
        self.pace.cleared(now)
        self._calling = False
        self._recent = self._recent[:0]
        self.next = self.transport.position
        self.voice.settle()

    # -- telling ---------------------------------------------------------------------------------

    def turn(self, now: float, duration: int, *, over: bool) -> None:
        """Tell what is to be told each second, or at once because it has changed."""
        followed = self.transport.following
        self.sync(now)
        self.transport.call_is(duration, over=over)
        if followed and not self.transport.following and self._calling:
            # The call is over: the rest is played from where the edge was.
            self.transport.played_to(max(self.next - self.pace.waiting_ms(now), 0))
        if not self.present:
            return
        changed = self.transport.status().changed_by != self._told
        if changed or now - self._status_at >= STATUS_S:
            self.say_status(now)
        if now - self._heard_at >= HEARD_S:
            self.say_heard(now)

    def say_status(self, now: float) -> None:
        """Tell the listener and the server how it stands."""
        status = self.transport.status()
        self._told = status.changed_by
        self._status_at = now
        if self.output is not None:
            self.output.post(status.encode(), self.order.listener)
        self.say_state()

    def say_state(self) -> None:
        """Tell the server how it stands."""
        transport = self.transport
        self.tell(
            State(
                session_id=self.session_id,
                position=transport.position,
                duration=transport.duration,
                paused=transport.paused,
                at_edge=transport.following,
                gains=transport.gains,
            )
        )

    def say_heard(self, now: float) -> None:
        """Tell the server what was played since this was last told."""
        self._heard_at = now
        waiting = self.pace.waiting_ms(now) if self._calling else 0
        if stretches := self._heard.take(waiting):
            self.tell(Heard(session_id=self.session_id, stretches=tuple(stretches)))
