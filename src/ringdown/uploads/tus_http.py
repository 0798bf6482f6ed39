"""Files from the caller's page by tus 1.0; the cookie of the page says whose they are."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Final, Literal

from fastapi import Path, Request
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response

from ringdown.caller.api import COOKIE, PageSession, PageSessions
from ringdown.core.errors import Malformed, RingdownError
from ringdown.core.events import Value
from ringdown.runtime.http import PUBLIC, Routes, problem
from ringdown.uploads.model import FileRefused, TooLarge
from ringdown.uploads.receiving import Receiving
from ringdown.uploads.views import UploadView
from ringdown.wire import tus

UploadId = Annotated[str, Path(max_length=64)]
BASE: Final = "/l/api/uploads"
SILENT_S: Final = 60.0
"""A phone that sends nothing for so long begins again where it stopped."""
SLACK: Final = 1_000_000
AGAIN: Final = 262_144
"""Between two looks at whether the caller still agrees, in bytes."""
Told = Literal["receiving", "checking", "arrived", "refused", "removed"]
_TOLD: Final[dict[str, Told]] = {
    "receiving": "receiving", "checking": "checking", "quarantined": "arrived",
    "viewed": "arrived", "refused": "refused",
}  # fmt: skip


class PageUpload(Value):
    """What a page hears of a file of its own; never who looked at it, or that it was removed."""

    upload_id: str
    state: Told
    size: int
    received: int
    code: str | None = None
    """Why it was refused."""


def page_upload_routes(
    receiving: Receiving,
    sessions: PageSessions,
    check_origin: Callable[[HTTPConnection], None],
) -> Routes:
    """The routes of this feature for callers' pages; `check_origin` keeps other sites' out."""
    routes = Routes("caller's page")
    one = f"{BASE}/{{upload_id}}"

    async def session(request: Request) -> PageSession:
        if request.method not in {"GET", "HEAD"}:
            check_origin(request)
        return await sessions.of(request.cookies.get(COOKIE), "upload")

    @routes.options(BASE, permission=PUBLIC, status_code=204, response_class=Response)
    async def speaks() -> Response:
        """What this server speaks."""
        return _done(
            204,
            {
                "Tus-Version": tus.VERSION,
                "Tus-Extension": tus.EXTENSIONS,
                "Tus-Max-Size": str(receiving.largest),
            },
        )

    @routes.post(BASE, permission=PUBLIC, status_code=201, response_class=Response)
    async def create(request: Request) -> Response:
        """Begin a file; the answer's `Location` is where its bytes go."""

        async def work() -> Response:
            who = await session(request)
            asked = tus.creation(request.headers)
            said = asked.metadata.get("filetype", "")
            view = await receiving.create(who, asked.length, said)
            return _done(201, {"Location": f"{BASE}/{view.upload_id}"})

        return await _spoken(request, work)

    @routes.head(one, permission=PUBLIC, response_class=Response)
    async def offset(upload_id: UploadId, request: Request) -> Response:
        """How many bytes of a file are held."""

        async def work() -> Response:
            view, held = await receiving.progress(await session(request), upload_id)
            if view.state in {"refused", "removed"}:
                return _done(410, {})
            return _done(200, {"Upload-Offset": str(held), "Upload-Length": str(view.size)})

        return await _spoken(request, work)

    @routes.patch(
        one,
        permission=PUBLIC,
        status_code=204,
        response_class=Response,
        max_body=receiving.largest + SLACK,
    )
    async def write(upload_id: UploadId, request: Request) -> Response:
        """Send bytes of a file, from where it goes on."""

        async def work() -> Response:
            who = await session(request)
            at = tus.offset(request.headers)
            if request.headers.get("content-type") != tus.BODY_TYPE:
                return _done(415, {})
            chunks = _chunks(request, session)
            held = await receiving.write(who, upload_id, at, chunks)
            return _done(204, {"Upload-Offset": str(held)})

        return await _spoken(request, work)

    @routes.delete(one, permission=PUBLIC, status_code=204, response_class=Response)
    async def terminate(upload_id: UploadId, request: Request) -> Response:
        """Take back a file that is not whole yet."""

        async def work() -> Response:
            await receiving.terminate(await session(request), upload_id)
            return _done(204, {})

        return await _spoken(request, work)

    @routes.get(one, permission=PUBLIC)
    async def told(upload_id: UploadId, request: Request) -> PageUpload:
        """Whether a file arrived, and why not."""
        view, held = await receiving.progress(await session(request), upload_id)
        return _told(view, held)

    return routes


def _told(view: UploadView, held: int) -> PageUpload:
    by_caller = view.state == "removed" and view.reason == "caller"
    state = "removed" if by_caller else _TOLD.get(view.state, "arrived")
    code = view.reason if state == "refused" else None
    return PageUpload(
        upload_id=view.upload_id, state=state, size=view.size, received=held, code=code
    )


async def _chunks(
    request: Request, session: Callable[[Request], Awaitable[PageSession]]
) -> AsyncIterator[bytes]:
    """The body as it comes; a phone that goes or falls silent just ends it.

    While it comes it is looked again and again whether the caller still agrees: raises if not.
    """
    stream, since = request.stream(), 0
    while True:
        try:
            async with asyncio.timeout(SILENT_S):
                chunk = await anext(stream)
        except (StopAsyncIteration, ClientDisconnect, TimeoutError):
            return
        since += len(chunk)
        if since >= AGAIN:
            since = 0
            await session(request)
        yield chunk


async def _spoken(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    """Answer as the protocol asks for, also where something is wrong."""
    try:
        tus.speaks(request.headers)
        return await work()
    except tus.TusVersion:
        return _done(412, {"Tus-Version": tus.VERSION})
    except tus.TusMalformed as error:
        return _wrong(Malformed(str(error)))
    except RingdownError as error:
        return _wrong(error)


def _wrong(error: RingdownError) -> Response:
    refused = 413 if isinstance(error, TooLarge) else 415
    response = problem(error, refused if isinstance(error, FileRefused) else None)
    response.headers["Tus-Resumable"] = tus.VERSION
    return response


def _done(status: int, headers: dict[str, str]) -> Response:
    own = {"Tus-Resumable": tus.VERSION, "Cache-Control": "no-store"}
    return Response(status_code=status, headers=own | headers)
