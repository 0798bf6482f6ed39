"""Routes of the CAD lane."""

from typing import Any

from ringdown.cad.model import DeliveryView
from ringdown.cad.schema import json_schema
from ringdown.cad.service import DeliveryService
from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes


class DeliveryPage(Value):
    """The deliveries of a call."""

    deliveries: list[DeliveryView]


def cad_routes(service: DeliveryService) -> Routes:
    """The routes of this feature."""
    routes = Routes("cad")

    @routes.get("/v1/calls/{call_id}/cad", permission="cad:read")
    async def deliveries(caller: Caller, call_id: str) -> DeliveryPage:
        """What was sent to the CAD about this call, and how far it has come."""
        return DeliveryPage(deliveries=await service.deliveries(caller, call_id))

    @routes.post("/v1/cad/deliveries/{delivery_id}/retry", permission="cad:retry")
    async def retry(caller: Caller, delivery_id: str) -> DeliveryView:
        """Try a delivery again now."""
        return await service.retry(caller, delivery_id)

    @routes.get("/v1/cad/schema", permission="cad:read")
    async def schema() -> dict[str, Any]:
        """The JSON schema of what a CAD is sent."""
        return json_schema()

    return routes
