"""What other features may ask of the CAD lane."""

from typing import Protocol

from ringdown.cad.model import DeliveryError, DeliveryState, DeliveryView
from ringdown.cad.summary import IncidentSummary
from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx

__all__ = ["Deliveries", "DeliveryError", "DeliveryState", "DeliveryView", "IncidentSummary"]


class Deliveries(Protocol):
    """Deliveries of the principal's centre."""

    async def deliveries(self, principal: Principal, call_id: str) -> list[DeliveryView]:
        """The deliveries of a call, by sequence."""
        ...

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> list[DeliveryView]:
        """The same, inside a transaction of the caller's own."""
        ...
