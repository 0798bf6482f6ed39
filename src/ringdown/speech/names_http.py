"""Routes of local names."""

from typing import Annotated

from fastapi import Query, Request

from ringdown.runtime.http import Caller, Routes
from ringdown.runtime.table_http import LARGEST, TABLE_FILE, Source
from ringdown.speech.names_api import NamesReport, NamesView
from ringdown.speech.names_service import NamesService


def names_routes(names: NamesService) -> Routes:
    """The streets, places and businesses of one's centre."""
    routes = Routes("names")

    @routes.get("/v1/names", permission="names:read")
    async def show(  # pyright: ignore[reportUnusedFunction]
        principal: Caller,
        search: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> NamesView:
        """How many names there are, from which file, since when; `search` gives those with it."""
        return await names.show(principal, search=search, limit=limit)

    @routes.put("/v1/names", permission="names:write", max_body=LARGEST, openapi_extra=TABLE_FILE)
    async def replace(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, request: Request, source: Source = "upload"
    ) -> NamesReport:
        """Replace every name by those of a CSV or GeoJSON file; the same file changes nothing."""
        return await names.load(principal, await request.body(), source=source, replace=True)

    @routes.post("/v1/names", permission="names:write", max_body=LARGEST, openapi_extra=TABLE_FILE)
    async def add(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, request: Request, source: Source = "upload"
    ) -> NamesReport:
        """Add the names of a CSV or GeoJSON file to those there are."""
        return await names.load(principal, await request.body(), source=source, replace=False)

    @routes.delete("/v1/names", permission="names:write", status_code=204)
    async def remove(principal: Caller) -> None:  # pyright: ignore[reportUnusedFunction]
        """Remove every name."""
        await names.remove(principal)

    return routes
