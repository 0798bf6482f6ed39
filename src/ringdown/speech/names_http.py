"""Routes of local names."""

from typing import Annotated, Any, Final

from fastapi import Query, Request

from ringdown.runtime.http import Caller, Routes
from ringdown.speech.names_api import NamesReport, NamesView
from ringdown.speech.names_service import NamesService

LARGEST: Final = 32_000_000
"""Bytes of a file that may be sent; the command line takes larger ones."""

_TEXT: Final = {"schema": {"type": "string"}}
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file itself. What it is is seen by what it begins with.",
        "content": {"text/csv": _TEXT, "application/geo+json": {"schema": {"type": "object"}}},
    }
}
Source = Annotated[str, Query(max_length=200, description="The name of the file, for the record.")]


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

    @routes.put("/v1/names", permission="names:write", max_body=LARGEST, openapi_extra=_FILE)
    async def replace(  # pyright: ignore[reportUnusedFunction]
        principal: Caller, request: Request, source: Source = "upload"
    ) -> NamesReport:
        """Replace every name by those of a CSV or GeoJSON file; the same file changes nothing."""
        return await names.load(principal, await request.body(), source=source, replace=True)

    @routes.post("/v1/names", permission="names:write", max_body=LARGEST, openapi_extra=_FILE)
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
