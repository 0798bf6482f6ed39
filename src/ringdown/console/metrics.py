"""Numbers about the whole for Prometheus, read when somebody looks: facts, consoles, lamps."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ringdown.console.feed import FeedHub
from ringdown.runtime.lamps import Lamps


class Watched(Collector):
    """Calls, gaps, utterances, drafts and deliveries all show as facts; labels are kinds only."""

    def __init__(self, hub: FeedHub, lamps: Lamps) -> None:
        self._hub = hub
        self._lamps = lamps

    def collect(self) -> Iterator[Metric]:
        """The numbers now."""
        facts = CounterMetricFamily(
            "ringdown_facts", "Facts passed on since the start, by kind.", labels=["kind"]
        )
        for kind, count in sorted(self._hub.told.items()):
            facts.add_metric([kind], count)
        yield facts
        yield GaugeMetricFamily(
            "ringdown_consoles", "Consoles connected to the live feed.", value=self._hub.count()
        )
        lamps = GaugeMetricFamily(
            "ringdown_lamp", "1 for the state that a lamp shows.", labels=["lamp", "state"]
        )
        for lamp in self._lamps.all():
            lamps.add_metric([lamp.name, lamp.state], 1)
        yield lamps
