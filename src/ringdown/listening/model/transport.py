"""One listener's transport: cursor, pause and gains, by the rules of the partner interface.

Positions are whole milliseconds on the call's clock. The player tells how far it has come; this
decides where to play, and what the listener is told.
"""

import json
from dataclasses import dataclass

from ringdown.listening.model.commands import (
    Command,
    Pause,
    Refusal,
    Resume,
    Scrub,
    ScrubToEnd,
    SetGain,
)
from ringdown.listening.model.edge import NEAR_MS
from ringdown.listening.model.protocol import Gains, Restore
from ringdown.listening.model.rules import PlayoutRules


@dataclass(frozen=True)
class Status:
    """What a listener is told: a full snapshot, in whole milliseconds."""

    position: int
    duration: int
    paused: bool
    at_end: bool
    call_over: bool

    def encode(self) -> bytes:
        """The packet, with exactly the six documented keys."""
        told = {
            "kind": "status",
            "position": self.position,
            "duration": self.duration,
            "paused": self.paused,
            "atEnd": self.at_end,
            "callOver": self.call_over,
        }
        return json.dumps(told, separators=(",", ":")).encode()

    @property
    def changed_by(self) -> tuple[bool, bool, bool]:
        """What is told at once when it changes; position and duration are told each second."""
        return (self.paused, self.at_end, self.call_over)


class Transport:
    """Where one listener is in one call."""

    def __init__(self, rules: PlayoutRules) -> None:
        self._rules = rules
        self.position = 0
        self.duration = 0
        self.paused = True
        self.call_over = False
        self.following = False
        """Whether the cursor moves with the live edge; then the player tells the position."""
        self.gains = Gains()
        self.separable = True
        """Whether the sides come on channels of their own."""

    def begin(self, *, autoplay: bool | None) -> None:
        """The listener joins for the first time; the state of the call now decides."""
        live = not self.call_over and autoplay is not False
        self.following = live
        self.paused = not live
        self.position = self.duration if live else 0

    def restore(self, past: Restore) -> None:
        """Go on as another worker left it."""
        self.gains = past.gains
        at_edge = past.position is None
        self.position = self._clamped(self.duration if past.position is None else past.position)
        self.paused = past.paused or self._finished
        self.following = at_edge and not self.paused and not self.call_over

    def call_is(self, duration: int, *, over: bool) -> None:
        """The call is so long by now, and over or not; neither is ever taken back."""
        self.duration = max(self.duration, duration)
        self.call_over = self.call_over or over
        if self.call_over:
            self.following = False
            self.position = min(self.position, self.duration)
            self.paused = self.paused or self._finished

    def played_to(self, position: int) -> None:
        """The listener has heard the call up to here."""
        self.position = self._clamped(position)
        if self._finished:
            self.paused = True

    def freeze(self) -> None:
        """The listener is gone: the cursor stays where it is, everything else too."""
        self.following = False

    def obey(self, command: Command) -> Refusal | None:
        """Do as the listener asks, or say why not; then nothing has changed."""
        match command:
            case Pause():
                self.paused = True
                self.following = False
            case Resume():
                self._resume()
            case Scrub(position):
                self.position = self._clamped(round(min(max(position, 0), self.duration)))
                self.following = False
                if self._finished:
                    self.paused = True
                elif not self.paused:
                    self._resume()
            case ScrubToEnd():
                self.position = self.duration
                self.paused = self.call_over
                self.following = not self.call_over
            case SetGain():
                return self._set_gain(command)
        return None

    def status(self) -> Status:
        """What there is to tell."""
        left = self.duration - self.position
        at_end = left == 0 if self.call_over else left <= self._rules.at_end_ms
        return Status(self.position, self.duration, self.paused, at_end, self.call_over)

    @property
    def _finished(self) -> bool:
        return self.call_over and self.position >= self.duration

    def _resume(self) -> None:
        if self._finished:
            return
        self.paused = False
        near = self.duration - self.position <= NEAR_MS
        self.following = self.following or (near and not self.call_over)

    def _clamped(self, position: int) -> int:
        return min(max(position, 0), self.duration)

    def _set_gain(self, command: SetGain) -> Refusal | None:
        if command.side is not None and not self.separable:
            return Refusal(
                "sides_not_separable", "This call has one channel for both sides.", command.name
            )
        gain = min(max(command.gain, self._rules.min_gain_db), self._rules.max_gain_db)
        sides = ("caller", "call_taker") if command.side is None else (command.side,)
        self.gains = self.gains.model_copy(update=dict.fromkeys(sides, gain))
        return None
