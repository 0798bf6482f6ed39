"""What others may hear about deliveries to the CAD."""

from typing import ClassVar

from ringdown.cad.model import DeliveryView
from ringdown.core.events import Fact


class DeliveryChanged(Fact):
    """A delivery was queued, tried, acknowledged, held or given up."""

    kind: ClassVar[str] = "cad.delivery.changed.v1"
    delivery: DeliveryView


FACTS: tuple[type[Fact], ...] = (DeliveryChanged,)
