"""Routes of the caller's page. They are public: the link's token, then the cookie, is the key."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from starlette.requests import HTTPConnection

from ringdown.caller.door import Door, Knock
from ringdown.caller.model import COOKIE, Order, among
from ringdown.caller.pages import PageService
from ringdown.caller.settings import CallerSettings
from ringdown.caller.views import SHARES, Language, LinkState, PageVideo, Share
from ringdown.core.clock import Clock, iso
from ringdown.core.events import Value
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.http import PUBLIC, Routes
from ringdown.texting.api import MessageView

COOKIE_S: Final = 86_400
PROPOSED: Final = re.compile(r"[A-Za-z0-9_-]{43}")
CheckOrigin = Callable[[HTTPConnection], None]


class FromPhone(BaseModel):
    """What a page sends; one of another version may say more than we know."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class LookBody(FromPhone):
    """The token from the fragment of the link."""

    token: str = Field(max_length=200, repr=False)
    proposed: str = Field(default="", max_length=200, repr=False)
    """What the phone would have as its cookie: it knows itself by it if our answer is lost."""


class OpenBody(LookBody):
    """What the caller agrees to on the page, and on what phone."""

    shares: list[str] = Field(default=[], max_length=20)
    device: str = Field(default="", max_length=400)
    clock: str | None = Field(default=None, max_length=40)
    """The phone's own time. Nothing here depends on it: it may be wrong by days."""


class StopBody(FromPhone):
    """One thing, or `all`."""

    share: str = Field(default="all", max_length=20)
    reason: str = Field(default="", max_length=40)


class AliveBody(FromPhone):
    """A sign of life."""

    sharing: list[str] = Field(default=[], max_length=20)
    video: PageVideo | None = None
    after: str = Field(default="", max_length=64)
    """The last message that the page shows."""
    battery: float | None = None

    @field_validator("video", mode="wrap")
    @classmethod
    def _readable(cls, value: Any, read: Callable[[Any], PageVideo | None]) -> PageVideo | None:
        """Figures that make no sense cost the sign of life nothing."""
        try:
            return read(value)
        except ValidationError:
            return None


class TextBody(FromPhone):
    """What the caller writes."""

    text: str = Field(min_length=1, max_length=1600, repr=False)


class LookView(Value):
    """Who asks for what. The phone's own clock may be wrong: `expires_in_s` needs none."""

    agency: str
    shares: tuple[Share, ...]
    language: Language
    state: LinkState
    expires_at: str
    expires_in_s: int
    carry_audio: bool
    """Whether a camera's sound would come along."""


class PageSessionView(Value):
    """What the page works with from now on."""

    link_id: str
    agency: str
    shares: tuple[Share, ...]
    language: Language
    call_open: bool
    trail_every_s: int
    max_kbps: int
    carry_audio: bool
    now: str


class OpenedView(Value):
    """The page is bound to this phone."""

    session: PageSessionView


class PageMessage(Value):
    """One message of the thread. Who of the centre wrote it is not told."""

    message_id: str
    direction: str
    kind: str
    text: str
    at: str


class PageMessages(Value):
    """Messages, oldest first."""

    messages: list[PageMessage]


class AliveView(Value):
    """What the page is to do, and what is new. Nobody hears why the centre did something."""

    orders: list[Order]
    state: LinkState
    shares: tuple[Share, ...]
    messages: list[PageMessage]
    now: str


class StoppedView(Value):
    """What is left of the link."""

    state: LinkState
    shares: tuple[Share, ...]


def phone_routes(
    door: Door,
    pages: PageService,
    check_origin: CheckOrigin,
    *,
    clock: Clock,
    settings: CallerSettings,
    max_kbps: int,
    carry_audio: bool,
) -> Routes:
    """What the caller's page asks of this server, beside video and files."""
    routes = Routes("caller's page")

    @routes.post("/l/api/look", permission=PUBLIC)
    async def look(  # pyright: ignore[reportUnusedFunction]
        request: Request, body: LookBody
    ) -> LookView:
        """Who asks for what. Binds nothing."""
        check_origin(request)
        found = await door.look(_knock(request, body))
        return LookView(
            agency=found.agency,
            shares=found.shares,
            language=found.language,
            state=found.state,
            expires_at=found.expires_at,
            expires_in_s=found.expires_in_s,
            carry_audio=carry_audio,
        )

    @routes.post("/l/api/open", permission=PUBLIC)
    async def open_(  # pyright: ignore[reportUnusedFunction]
        request: Request, response: Response, body: OpenBody
    ) -> OpenedView:
        """The caller agrees; the first phone to come is bound, and known by a cookie."""
        check_origin(request)
        opened = await door.open(
            _knock(request, body), shares=among(SHARES, body.shares), device=body.device
        )
        response.set_cookie(
            COOKIE,
            opened.cookie.reveal("the cookie is what the phone keeps"),
            max_age=COOKIE_S,
            path="/l",
            httponly=True,
            samesite="strict",
            secure=_secure(request),
        )
        link = opened.link
        return OpenedView(
            session=PageSessionView(
                link_id=link.link_id,
                agency=opened.agency,
                shares=link.agreed,
                language=link.language,
                call_open=opened.call_open,
                trail_every_s=settings.trail_every_s,
                max_kbps=max_kbps,
                carry_audio=carry_audio,
                now=iso(clock.now()),
            )
        )

    @routes.post("/l/api/alive", permission=PUBLIC)
    async def alive(  # pyright: ignore[reportUnusedFunction]
        request: Request, body: AliveBody
    ) -> AliveView:
        """A sign of life, about every two seconds; the answer carries orders and messages."""
        check_origin(request)
        told = await pages.alive(
            request.cookies.get(COOKIE),
            sharing=among(SHARES, body.sharing),
            video=body.video,
            after=body.after,
        )
        return AliveView(
            orders=list(told.orders),
            state=told.state,
            shares=told.agreed,
            messages=[_message(each) for each in told.messages],
            now=iso(clock.now()),
        )

    @routes.post("/l/api/stop", permission=PUBLIC)
    async def stop(  # pyright: ignore[reportUnusedFunction]
        request: Request, body: StopBody
    ) -> StoppedView:
        """The caller stops sharing one thing, or all."""
        check_origin(request)
        one = among(SHARES, [body.share])
        link = await pages.stop(request.cookies.get(COOKIE), shares=one or None, reason=body.reason)
        return StoppedView(state=link.state, shares=link.agreed)

    @routes.post("/l/api/text", permission=PUBLIC, status_code=201)
    async def text(  # pyright: ignore[reportUnusedFunction]
        request: Request, body: TextBody
    ) -> PageMessage:
        """The caller writes to the centre."""
        check_origin(request)
        return _message(await pages.write(request.cookies.get(COOKIE), body.text))

    @routes.get("/l/api/messages", permission=PUBLIC)
    async def messages(  # pyright: ignore[reportUnusedFunction]
        request: Request, after: Annotated[str, Query(max_length=64)] = ""
    ) -> PageMessages:
        """The thread after a message."""
        found = await pages.messages(request.cookies.get(COOKIE), after)
        return PageMessages(messages=[_message(each) for each in found])

    return routes


def _knock(request: Request, body: LookBody) -> Knock:
    """Proposed is only what is as hard to guess as what we make ourselves."""
    cookie, proposed = request.cookies.get(COOKIE), PROPOSED.fullmatch(body.proposed)
    return Knock(
        token=Sensitive(body.token, "caller.token"),
        source=request.client.host if request.client else "unknown",
        cookie=Sensitive(cookie, "caller.cookie") if cookie else None,
        proposed=Sensitive(body.proposed, "caller.cookie") if proposed else None,
    )


def _secure(request: Request) -> bool:
    """Whether the phone came by https, also where a proxy before us ends it."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https:")


def _message(message: MessageView) -> PageMessage:
    return PageMessage(
        message_id=message.message_id,
        direction=message.direction,
        kind=message.kind,
        text=message.text,
        at=message.at,
    )
