"""What others may hear about deliveries to the CAD."""

from typing import ClassVar

from ringdown.cad.model import DeliveryView
from ringdown.cad.summary import IncidentSummary
from ringdown.core.events import Fact


class DeliveryChanged(Fact):
    """A delivery was queued, tried, acknowledged, held or given up."""

    kind: ClassVar[str] = "cad.delivery.changed.v1"
    delivery: DeliveryView


class IncidentSummarised(Fact):
    """A version of an incident that a person confirmed or cancelled, summed up for everybody."""

    kind: ClassVar[str] = "cad.incident.summarised.v1"
    summary: IncidentSummary


FACTS: tuple[type[Fact], ...] = (DeliveryChanged, IncidentSummarised)
