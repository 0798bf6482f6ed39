"""A lamp says since when, and does not repeat itself."""

from ringdown.runtime.lamps import LampChanged, Lamps
from ringdown.testing.clock import ManualClock


class Ear:
    def __init__(self) -> None:
        self.heard: list[LampChanged] = []

    def signal(self, signal: LampChanged) -> None:
        self.heard.append(signal)


def test_since_is_kept_while_the_state_lasts(clock: ManualClock) -> None:
    """New words for the same state do not restart its clock; a new state does."""
    lamps = Lamps(clock, Ear())  # type: ignore[arg-type]
    lamps.set("speech", "down", "No transcript since 3:00.")
    began = lamps.get("speech").since  # type: ignore[union-attr]
    clock.advance(60)
    lamps.set("speech", "down", "No transcript since 3:00. Restarting.")
    assert lamps.get("speech").since == began  # type: ignore[union-attr]
    lamps.set("speech", "ok", "Following 2 legs.")
    assert lamps.get("speech").since > began  # type: ignore[union-attr]


def test_saying_the_same_again_tells_nobody(clock: ManualClock) -> None:
    """Consoles are not woken for nothing."""
    ear = Ear()
    lamps = Lamps(clock, ear)  # type: ignore[arg-type]
    for _ in range(3):
        lamps.set("cad", "ok", "Acknowledging.", still_works="")
    assert len(ear.heard) == 1
