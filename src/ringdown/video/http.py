"""Routes of callers' video: the phone's, those of people who look, and the way to the media server.

Phones, consoles and people in the field speak to the media server through this server, so that one
HTTPS port is enough: `/l/rtc…` leads to the media server's `/rtc…` and to nothing else of it.
"""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Body, Path, Query, Request, WebSocket
from pydantic import Field
from starlette.requests import HTTPConnection

from ringdown.caller.api import COOKIE
from ringdown.core.errors import Unauthenticated
from ringdown.core.events import Value
from ringdown.core.principal import Principal
from ringdown.runtime.http import PUBLIC, Authenticate, Caller, Routes
from ringdown.video.api import VideoPass
from ringdown.video.proxy import ask_beyond, carry
from ringdown.video.service import VideoService, Watching
from ringdown.video.views import ExposureView, ViewingView

SIGNAL_PATH = "/l"
"""LiveKit's clients add `/rtc…` to it."""
Id = Annotated[str, Path(max_length=80)]


class PhoneVideoGrant(Value):
    """What the caller's page needs to show its camera: relay only, no more bits than this."""

    url: str
    token: str
    ice: str = "relay"
    max_kbps: int
    carry_audio: bool
    expires_in: int


class WatchGrant(Value):
    """A viewing and, of live video, what a LiveKit client needs to see it: subscribe only."""

    viewing: ViewingView
    url: str | None = None
    token: str | None = None
    expires_in: int | None = None
    carries_audio: bool = False


class Shown(Value):
    """For how long the picture has been unblurred, altogether."""

    shown_ms: int = Field(ge=0, le=86_400_000)


def signal_url(request: Request) -> str:
    """The WebSocket address of this server as the one who asks reaches it."""
    host, origin = request.headers.get("host", ""), urlsplit(request.headers.get("origin", ""))
    # Behind a proxy that ends TLS only the browser knows that it is https.
    scheme = origin.scheme if origin.netloc == host and origin.scheme else request.url.scheme
    return f"{'wss' if scheme == 'https' else 'ws'}://{host}{SIGNAL_PATH}"


def _grant(watching: Watching, request: Request) -> WatchGrant:
    one = watching.video
    if one is None:
        return WatchGrant(viewing=watching.view)
    return WatchGrant(
        viewing=watching.view,
        url=signal_url(request),
        token=_joins(one),
        expires_in=one.expires_in,
        carries_audio=one.carries_audio,
    )


def _joins(one: VideoPass) -> str:
    return one.token.reveal("a client joins with it")


def video_routes(
    video: VideoService,
    authenticate: Authenticate,
    check_origin: Callable[[HTTPConnection], None],
) -> Routes:
    """The routes of this feature; `authenticate` finds the person behind a WebSocket."""
    routes = Routes("video")

    # Its own credential is the page's cookie.
    @routes.post("/l/api/video", permission=PUBLIC)
    async def start(request: Request) -> PhoneVideoGrant:
        """A bound phone whose caller agreed begins to show its camera, or comes back."""
        check_origin(request)
        one = await video.start(request.cookies.get(COOKIE))
        return PhoneVideoGrant(
            url=signal_url(request),
            token=_joins(one),
            max_kbps=video.settings.max_kbps,
            carry_audio=one.carries_audio,
            expires_in=one.expires_in,
        )

    @routes.post("/v1/calls/{call_id}/video/{link_id}/watch", permission="video:view")
    async def watch(call_id: Id, link_id: Id, principal: Caller, request: Request) -> WatchGrant:
        """Have a caller's camera shown; written down from this moment."""
        return _grant(await video.watch(principal, call_id, link_id), request)

    @routes.post("/v1/calls/{call_id}/viewings/{viewing_id}/alive", permission="session:self")
    async def alive(call_id: Id, viewing_id: Id, principal: Caller, shown: Shown) -> ViewingView:
        """A sign of life every two seconds; without one for ten seconds the viewing ends.

        One that has ended (`ended_at`) is to be closed on the screen.
        """
        return await video.viewings.alive(principal, call_id, viewing_id, shown.shown_ms)

    @routes.post("/v1/calls/{call_id}/viewings/{viewing_id}/close", permission="session:self")
    async def close(
        call_id: Id,
        viewing_id: Id,
        principal: Caller,
        shown: Annotated[Shown | None, Body()] = None,
    ) -> ViewingView:
        """Close a picture of one's own."""
        told = None if shown is None else shown.shown_ms
        return await video.viewings.close(principal, call_id, viewing_id, told)

    @routes.post(
        "/v1/calls/{call_id}/viewings/{viewing_id}/take-over", permission="video:take_over"
    )
    async def take_over(
        call_id: Id, viewing_id: Id, principal: Caller, request: Request
    ) -> WatchGrant:
        """Look instead of somebody else, whose viewing ends."""
        return _grant(await video.take_over(principal, call_id, viewing_id), request)

    @routes.get("/v1/exposure", permission="session:self")
    async def exposure(
        principal: Caller, days: Annotated[int, Query(ge=1, le=366)] = 30
    ) -> ExposureView:
        """How much one has seen of what callers show; supervisors see their centre's people."""
        return await video.viewings.exposure(principal, days)

    async def admitted(connection: Request | WebSocket) -> str:
        async def who() -> Principal | None:
            try:
                return await authenticate(connection)
            except Unauthenticated:
                return None

        token = connection.query_params.get("access_token", "")
        return await video.admit(token, connection.cookies.get(COOKIE), who)

    # The pass is in the query, as LiveKit's clients send it from browsers; what it opens, and to
    # whom: see `VideoService.admit`.
    for path in ("/l/rtc", "/l/rtc/v1"):

        @routes.websocket(path, permission=PUBLIC)
        async def signal(  # pyright: ignore[reportUnusedFunction]
            websocket: WebSocket, path: str = path
        ) -> None:
            """The signalling of the media server, for who has a pass to a room open to them."""
            beyond = await admitted(websocket)
            await carry(websocket, f"{beyond}{path.removeprefix(SIGNAL_PATH)}")

        @routes.get(f"{path}/validate", permission=PUBLIC, include_in_schema=False)
        async def validate(  # pyright: ignore[reportUnusedFunction]
            request: Request, path: str = path
        ) -> object:
            """Why a connection was refused, in the media server's words."""
            beyond = await admitted(request)
            return await ask_beyond(request, f"{beyond}{path.removeprefix(SIGNAL_PATH)}/validate")

    return routes
