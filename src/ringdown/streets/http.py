"""Routes of the agency's map."""

from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import Response

from ringdown.runtime.http import Caller, Routes
from ringdown.runtime.table_http import LARGEST, TABLE_FILE, Source
from ringdown.streets.api import AskedPlace, FoundPlaces, StreetsReport, StreetsView
from ringdown.streets.model.features import Layer
from ringdown.streets.model.index import Box
from ringdown.streets.service import StreetsService

_MAP: Final = "application/geo+json"
Degrees = Annotated[float, Query(ge=-180, le=180)]


def streets_routes(streets: StreetsService) -> Routes:
    """The roads, addresses, landmarks and mileposts of one's centre."""
    routes = Routes("streets")

    @routes.get("/v1/streets", permission="streets:read")
    async def show(  # pyright: ignore[reportUnusedFunction]
        principal: Caller,
    ) -> StreetsView:
        """The layers of the map, from which files, since when, and what they cover."""
        return await streets.show(principal)

    @routes.put(
        "/v1/streets", permission="streets:write", max_body=LARGEST, openapi_extra=TABLE_FILE
    )
    async def replace(  # pyright: ignore[reportUnusedFunction]
        principal: Caller,
        request: Request,
        layer: Annotated[Layer | None, Query(description="Unsaid: what the file holds.")] = None,
        source: Source = "upload",
    ) -> StreetsReport:
        """Replace a layer by a CSV or GeoJSON file; the same file changes nothing."""
        return await streets.load(principal, await request.body(), source=source, layer=layer)

    @routes.delete("/v1/streets", permission="streets:write", status_code=204)
    async def remove(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, layer: Layer
    ) -> None:
        """Remove a layer."""
        await streets.remove(principal, layer)

    @routes.get(
        "/v1/streets/map",
        permission="streets:read",
        response_class=Response,
        responses={200: {"content": {_MAP: {"schema": {"type": "object"}}}}},
    )
    async def drawn(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, west: Degrees, south: Degrees, east: Degrees, north: Degrees
    ) -> Response:
        """The roads and landmarks of a part of the map as GeoJSON, for drawing."""
        found = await streets.drawn(principal, Box(west, south, east, north))
        return Response(found, media_type=_MAP)

    @routes.post("/v1/streets/match", permission="streets:read")
    async def match(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, asked: AskedPlace
    ) -> FoundPlaces:
        """What a place as said may mean on the map, best first. Nothing of it is kept."""
        return FoundPlaces(found=tuple(await streets.match(principal.centre_id, asked.text)))

    return routes
