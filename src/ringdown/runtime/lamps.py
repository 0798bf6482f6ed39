"""Lane lamps: for each part, whether it works, since when, and what still works without it."""

from typing import ClassVar, Literal, Protocol

from ringdown.core.clock import Clock, iso
from ringdown.core.events import Signal, Value

LampState = Literal["ok", "working", "warn", "down", "off"]
EVERY_CENTRE = "*"


class LampView(Value):
    """One lamp as the console shows it. `since` is when this state began (UTC)."""

    name: str
    state: LampState
    since: str
    text: str
    still_works: str


class LampChanged(Signal):
    """A lamp changed its state or its words; goes to every centre on this machine."""

    kind: ClassVar[str] = "ops.lamp.changed.v1"
    lamp: LampView


class Signals(Protocol):
    """Where signals go; the bus is one."""

    def signal(self, signal: Signal) -> None:
        """Tell whoever listens now."""
        ...


class Lamps:
    """The lamps of this machine."""

    def __init__(self, clock: Clock, signals: Signals) -> None:
        self._clock = clock
        self._signals = signals
        self._lamps: dict[str, LampView] = {}

    def set(self, name: str, state: LampState, text: str, *, still_works: str = "") -> None:
        """Light a lamp. Saying the same again changes nothing and tells nobody."""
        before = self._lamps.get(name)
        same_state = before is not None and before.state == state
        since = before.since if before is not None and same_state else iso(self._clock.now())
        lamp = LampView(name=name, state=state, since=since, text=text, still_works=still_works)
        if lamp == before:
            return
        self._lamps[name] = lamp
        self._signals.signal(LampChanged(centre_id=EVERY_CENTRE, lamp=lamp))

    def all(self) -> list[LampView]:
        """Every lamp, in the order they were first lit."""
        return list(self._lamps.values())

    def get(self, name: str) -> LampView | None:
        """One lamp, or None if it was never lit."""
        return self._lamps.get(name)
