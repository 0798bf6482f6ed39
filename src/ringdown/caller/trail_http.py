"""Where the caller's phone is, over HTTP: sent by the page that it opened, read by people."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection

from ringdown.caller.api import COOKIE, PageSessions
from ringdown.caller.trail import MOST_AT_ONCE, PhoneFix
from ringdown.caller.trail_service import Taken, TrailService, TrailView
from ringdown.runtime.http import PUBLIC, Caller, Routes

CallId = Annotated[str, Path(max_length=64)]


class FixesBody(BaseModel):
    """What a page sends; `clock` is what the phone's clock says as it is sent."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    fixes: Annotated[list[PhoneFix], Field(max_length=MOST_AT_ONCE)]
    clock: Annotated[str, Field(max_length=40)] | None = None


def trail_routes(
    trail: TrailService, pages: PageSessions, check_origin: Callable[[HTTPConnection], None]
) -> Routes:
    """The routes of the trail."""
    routes = Routes("caller trail")

    @routes.post("/l/api/fixes", permission=PUBLIC)
    async def take(body: FixesBody, request: Request) -> Taken:
        """Keep where the phone of this page is, if its caller agrees to share that."""
        check_origin(request)
        page = await pages.of(request.cookies.get(COOKIE), "location")
        return await trail.take(page, body.fixes, body.clock)

    @routes.get("/v1/calls/{call_id}/caller/trail", permission="calls:read")
    async def read(call_id: CallId, caller: Caller) -> TrailView:
        """Where the caller's phone was, fix by fix; each reading is in the audit log."""
        return await trail.read(caller, call_id)

    return routes
