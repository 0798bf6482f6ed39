"""What Prometheus sees of the whole."""

from tests.unit.console.test_feed import Rig

from ringdown.console.metrics import Watched
from ringdown.runtime.lamps import Lamps
from ringdown.runtime.telemetry import Metrics
from ringdown.testing.clock import ManualClock


class Nobody:
    def signal(self, signal: object) -> None: ...


async def test_facts_consoles_and_lamps_are_counted() -> None:
    """The page shows kinds, counts and states, and nothing of a call."""
    rig = Rig()
    lamps = Lamps(ManualClock(), Nobody())
    lamps.set("cad", "down", "CAD not answering.")
    stream = rig.hub.listen("a", 0)
    await anext(stream)
    rig.hub.told["test.bell.rang.v1"] += 3
    metrics = Metrics()
    metrics.watch(Watched(rig.hub, lamps))
    page = metrics.page().decode()
    await stream.aclose()
    assert 'ringdown_facts_total{kind="test.bell.rang.v1"} 3.0' in page
    assert "ringdown_consoles 1.0" in page
    assert 'ringdown_lamp{lamp="cad",state="down"} 1.0' in page
