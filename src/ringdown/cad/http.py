"""Routes of the CAD lane."""

from typing import Annotated, Any

from fastapi import Query, Response

from ringdown.cad.eido import MEDIA_TYPE
from ringdown.cad.model import DeliveryView
from ringdown.cad.schema import json_schema
from ringdown.cad.service import DeliveryService
from ringdown.cad.summary import summary_json_schema
from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes

Version = Annotated[int | None, Query(ge=1, le=2**31, description="Its number, from 1.")]


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

    @routes.get(
        "/v1/calls/{call_id}/incident/eido",
        permission="eido:read",
        response_class=Response,
        responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}},
    )
    async def eido(caller: Caller, call_id: str, version: Version = None) -> Response:
        """The newest confirmed version, or the one named, as EIDO 1.0. 404 while none is."""
        return Response(await service.eido(caller, call_id, version), media_type=MEDIA_TYPE)

    @routes.post("/v1/cad/deliveries/{delivery_id}/retry", permission="cad:retry")
    async def retry(caller: Caller, delivery_id: str) -> DeliveryView:
        """Try a delivery again now."""
        return await service.retry(caller, delivery_id)

    @routes.get("/v1/cad/summary-schema", permission="cad:read")
    async def summary_schema() -> dict[str, Any]:
        """The JSON schema of what is published as `incident.summary.{id}`."""
        return summary_json_schema()

    @routes.get("/v1/cad/schema", permission="cad:read")
    async def schema() -> dict[str, Any]:
        """The JSON schema of what a CAD is sent."""
        return json_schema()

    return routes
