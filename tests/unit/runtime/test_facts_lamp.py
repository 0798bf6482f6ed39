"""The lamp of the facts says what is wrong, the worst first, and nothing once all is well."""

from ringdown.runtime.facts_lamp import FactsLamp
from ringdown.runtime.lamps import Lamps
from ringdown.testing.clock import ManualClock


class Nobody:
    def signal(self, signal: object) -> None:
        """Nobody listens."""


def test_the_worst_is_shown_and_what_is_set_aside_stays() -> None:
    """Database before message server before facts set aside; these outlast every recovery."""
    lamps = Lamps(ManualClock(), Nobody())
    lamp = FactsLamp(lamps)

    def now() -> tuple[str, str]:
        view = lamps.get("facts")
        assert view is not None
        return view.state, view.text

    lamp.starting()
    assert now()[0] == "working"
    lamp.written(False)
    assert now()[0] == "down"
    lamp.written(True)
    assert now()[0] == "working", "the message server has not answered yet"
    lamp.connected(True)
    assert now()[0] == "ok"
    lamp.connected(False)
    assert "NATS" in now()[1]
    lamp.written(False)
    assert "database" in now()[1]
    lamp.dead_letter("cad")
    lamp.written(True)
    assert "NATS" in now()[1]
    lamp.connected(True)
    assert now()[0] == "down"
    assert "cad" in now()[1]


def test_without_a_message_server_all_is_well_at_once() -> None:
    """One machine needs nobody else."""
    lamps = Lamps(ManualClock(), Nobody())
    FactsLamp(lamps).ok()
    assert [view.state for view in lamps.all()] == ["ok"]
