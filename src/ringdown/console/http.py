"""Routes of the console: snapshots, the live feed, lamps, health, metrics and the pages."""

import asyncio
import contextlib
import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, ClassVar

from fastapi import Query, WebSocket
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.websockets import WebSocketDisconnect

from ringdown.console.feed import FeedHub
from ringdown.console.model import OpenCallView, SnapshotView
from ringdown.console.service import ConsoleService
from ringdown.core.errors import NotFound, Unavailable
from ringdown.core.principal import Principal
from ringdown.runtime.http import PUBLIC, Caller, Routes
from ringdown.runtime.lamps import Lamps, LampView
from ringdown.runtime.telemetry import Metrics

SEES_ALL = "incidents:read"
"""The console shows drafts and words too, so a machine that may read calls may not read it."""
MOST_POSITION = 2**53 - 1
StillValid = Callable[[Principal], Awaitable[bool]]
RECHECK_S = 5.0


class ConsoleNotBuilt(Unavailable):
    """The console's pages were not built into this copy."""

    code: ClassVar[str] = "console.not_built"
    action: ClassVar[str] = "Run `make web` once, or install the wheel, which holds them."


class _Over(Exception):
    """The feed ends, with this close code (RFC 6455 §7.4; 4xxx are ours)."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


async def _pump(socket: WebSocket, hub: FeedHub, centre_id: str, after: int) -> None:
    """Send what is due. Sending waits for a slow console; `runtime.sockets` cuts a dead one."""
    async with contextlib.aclosing(hub.listen(centre_id, after)) as stream:
        async for messages in stream:
            try:
                for message in messages:
                    await socket.send({"type": "websocket.send", "text": message})
            except (WebSocketDisconnect, RuntimeError):
                raise _Over(1011) from None


async def _reading(work: Awaitable[None]) -> None:
    """A database that is away ends the feed for now (1013); the console comes back by itself."""
    try:
        await work
    except Unavailable:
        raise _Over(1013) from None


async def _until_gone(socket: WebSocket) -> None:
    """Read, so that closing is noticed; what a console says on the feed is not listened to."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    raise _Over(1000)


async def _until_signed_out(principal: Principal, still_valid: StillValid) -> None:
    """End the feed once the session that opened it is over."""
    valid = True
    while valid:
        await asyncio.sleep(RECHECK_S)
        # While the database is away, nobody is signed out.
        with contextlib.suppress(Unavailable):
            valid = await still_valid(principal)
    raise _Over(4401)


def routes(
    console: ConsoleService,
    hub: FeedHub,
    lamps: Lamps,
    metrics: Metrics,
    still_valid: StillValid,
    *,
    ready: Callable[[], Awaitable[bool]],
) -> Routes:
    """The routes of what the console reads."""
    router = Routes("console")

    @router.get("/v1/console/snapshot", permission=SEES_ALL)
    async def snapshot(principal: Caller) -> SnapshotView:
        return await console.snapshot(principal.centre_id)

    @router.get("/v1/console/calls/{call_id}", permission=SEES_ALL)
    async def open_call(call_id: str, principal: Caller) -> OpenCallView:
        return await console.opened(principal, call_id)

    @router.websocket("/v1/console/feed", permission=SEES_ALL)
    async def feed(
        socket: WebSocket,
        principal: Caller,
        after: Annotated[int, Query(ge=0, le=MOST_POSITION)] = 0,
    ) -> None:
        await socket.accept()
        code = 1011
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_reading(_pump(socket, hub, principal.centre_id, after)))
                group.create_task(_until_gone(socket))
                group.create_task(_until_signed_out(principal, still_valid))
        except* _Over as over:
            ends = [end.code for end in over.exceptions if isinstance(end, _Over)]
            code = ends[0]
        if code != 1000:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(code)

    @router.get("/v1/ops/lamps", permission="ops:read")
    async def lamp_list(principal: Caller) -> dict[str, list[LampView]]:
        return {"lamps": lamps.all()}

    @router.get("/metrics", permission="ops:read", include_in_schema=False)
    async def metrics_page(principal: Caller) -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4")

    @router.get("/healthz", permission=PUBLIC)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz", permission=PUBLIC)
    async def readyz() -> JSONResponse:
        fine = await ready()
        return JSONResponse({"status": "ready" if fine else "not ready"}, 200 if fine else 503)

    return router


def contract_routes(document: Callable[[], dict[str, Any]]) -> Routes:
    """The OpenAPI document, for integrators; it holds nothing of a centre."""
    router = Routes("contract")

    @router.get("/v1/openapi.json", permission=PUBLIC, include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(document())

    return router


def pages(folder: Path) -> Routes:
    """The console's own files; every other path without a dot is the single page."""
    router = Routes("pages")
    root = folder.resolve()

    @router.get("/{path:path}", permission=PUBLIC, include_in_schema=False)
    async def page(path: str) -> Response:
        if path.startswith("v1/"):
            raise NotFound("there is nothing at this address")
        index = root / "index.html"
        if not index.is_file():
            raise ConsoleNotBuilt("the console's pages are not built")
        file = (root / path).resolve()
        if path and file.is_relative_to(root) and file.is_file():
            cache = "public, max-age=31536000, immutable" if "assets/" in path else "no-cache"
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return FileResponse(file, media_type=kind, headers={"Cache-Control": cache})
        if "." in path.rpartition("/")[2]:
            raise NotFound("there is nothing at this address")
        return FileResponse(index, media_type="text/html", headers={"Cache-Control": "no-cache"})

    return router
