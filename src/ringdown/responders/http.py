"""Links for the field over HTTP: the centre makes them; whoever holds one sees by its token."""

from typing import Annotated, ClassVar, Final

from fastapi import Path, Request
from pydantic import Field

from ringdown.core.clock import Clock
from ringdown.core.errors import Limited
from ringdown.core.events import Value
from ringdown.core.sensitive import Sensitive
from ringdown.responders.service import MadeLink, ResponderPage, ResponderService, WatchTicket
from ringdown.responders.views import ResponderLinkView, ResponderRole, Shown
from ringdown.runtime.buckets import Buckets
from ringdown.runtime.http import PUBLIC, Caller, Routes

ASKS_PER_MINUTE: Final = 120
"""For each link, whose pages ask every three seconds, and for wrong tokens from each address."""

CallId = Annotated[str, Path(max_length=64)]
LinkId = Annotated[str, Path(max_length=64)]


class TooOften(Limited):
    """This link, or wrong ones from this address, are asked for more often than pages do."""

    code: ClassVar[str] = "responders.requests.limited"


class WantedLink(Value):
    """For whom a link is, and what it is to show."""

    role: ResponderRole
    to: str = Field(min_length=1, max_length=60, description="A unit or a person: `Engine 4`.")
    shows: tuple[Shown, ...] = ("incident", "location")
    minutes: int | None = Field(default=None, ge=1, le=1440)


class ResponderLinks(Value):
    """The links of a call for the field."""

    links: list[ResponderLinkView]


class Held(Value):
    """The token of a link; it is in the body so that no log has it."""

    token: str = Field(max_length=64, repr=False)
    opening: bool = Field(default=False, description="True once, when the page is opened.")
    watching: bool = Field(default=False, description="True while it shows the camera.")


def responder_routes(service: ResponderService, clock: Clock) -> Routes:
    """The routes of this feature."""
    routes = Routes("responders")
    asked = Buckets(ASKS_PER_MINUTE, clock)

    def token_of(request: Request, held: Held) -> tuple[Sensitive[str], str]:
        source = request.client.host if request.client else "unknown"
        token = Sensitive(held.token, "responder.token")
        # Many units may have one address, that of their carrier: they do not slow each other down.
        wait = asked.take(service.link_of(token) or source)
        if wait is not None:
            raise TooOften("too many requests", details={"retry_after_s": wait})
        return token, source

    @routes.get("/v1/calls/{call_id}/responder-links", permission="calls:read")
    async def links(caller: Caller, call_id: CallId) -> ResponderLinks:
        """The links that were made for responders on this call."""
        return ResponderLinks(links=await service.links(caller, call_id))

    @routes.post(
        "/v1/calls/{call_id}/responder-links", permission="responders:share", status_code=201
    )
    async def make(caller: Caller, call_id: CallId, wanted: WantedLink) -> MadeLink:
        """A link for one responder or unit; its address is told this once."""
        return await service.make(
            caller,
            call_id,
            role=wanted.role,
            to=wanted.to,
            shows=wanted.shows,
            minutes=wanted.minutes,
        )

    @routes.delete("/v1/calls/{call_id}/responder-links/{link_id}", permission="responders:share")
    async def revoke(caller: Caller, call_id: CallId, link_id: LinkId) -> ResponderLinkView:
        """Take a link back: whoever looks through it sees nothing more."""
        return await service.revoke(caller, call_id, link_id)

    @routes.post("/r/api/now", permission=PUBLIC)
    async def now(request: Request, held: Held) -> ResponderPage:
        """What the page of a link shows now; opening it is written down."""
        token, source = token_of(request, held)
        if held.opening:
            return await service.open(token, source)
        return await service.now(token, watching=held.watching)

    @routes.post("/r/api/video", permission=PUBLIC)
    async def video(request: Request, held: Held) -> WatchTicket:
        """A ticket to the caller's camera, if the link shows it and it runs."""
        token, _ = token_of(request, held)
        return await service.watch(token)

    @routes.post("/r/api/video/close", permission=PUBLIC, status_code=204)
    async def close(request: Request, held: Held) -> None:
        """The page shows the camera no more."""
        token, _ = token_of(request, held)
        await service.unwatch(token)

    return routes
