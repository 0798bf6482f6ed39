"""Callers' files on the console: looked at, exported, removed."""

import re
from typing import Annotated, Any, Final

from fastapi import Path, Request
from starlette.responses import Response, StreamingResponse

from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes
from ringdown.uploads.service import Served, UploadService
from ringdown.uploads.views import UploadView

CallId = Annotated[str, Path(max_length=64)]
UploadId = Annotated[str, Path(max_length=64)]
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
STRICT: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Whatever a caller's file is, a browser makes no page of it, runs nothing and keeps nothing."""
_BYTES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"image/jpeg": {}, "video/mp4": {}, "video/webm": {}}},
    206: {"description": "A part of it."},
}


class RemoveBody(Value):
    """Why a file is removed."""

    reason: str


class UploadsView(Value):
    """The files of a call."""

    uploads: list[UploadView]


def upload_routes(service: UploadService) -> Routes:
    """The routes of this feature for people."""
    routes = Routes("uploads")
    one = "/v1/calls/{call_id}/uploads/{upload_id}"

    @routes.get("/v1/calls/{call_id}/uploads", permission="uploads:view")
    async def uploads(call_id: CallId, caller: Caller) -> UploadsView:
        """What came from this caller, in order; this is no viewing."""
        return UploadsView(uploads=await service.uploads(caller, call_id))

    @routes.get(
        f"{one}/picture", permission="uploads:view", response_class=Response, responses=_BYTES
    )
    async def picture(call_id: CallId, upload_id: UploadId, caller: Caller) -> Response:
        """A photo made anew from its pixels. Asking for it is a viewing, and recorded."""
        return _answer(await service.picture(caller, call_id, upload_id), None, "inline")

    @routes.get(f"{one}/file", permission="uploads:view", response_class=Response, responses=_BYTES)
    async def file(
        call_id: CallId, upload_id: UploadId, caller: Caller, request: Request
    ) -> Response:
        """A video to be played, or a part of it. Asking for it is a viewing, and recorded."""
        served = await service.file(caller, call_id, upload_id)
        return _answer(served, request.headers.get("range"), "inline")

    @routes.get(
        f"{one}/export", permission="uploads:export", response_class=Response, responses=_BYTES
    )
    async def export(call_id: CallId, upload_id: UploadId, caller: Caller) -> Response:
        """The file without anything it says of itself, to be kept elsewhere."""
        return _answer(await service.export(caller, call_id, upload_id), None, "attachment")

    @routes.delete(one, permission="uploads:export")
    async def remove(
        call_id: CallId, upload_id: UploadId, body: RemoveBody, caller: Caller
    ) -> UploadView:
        """Remove a file for good, with a reason."""
        return await service.remove(caller, call_id, upload_id, body.reason)

    return routes


def _answer(served: Served, wanted: str | None, shown: str) -> Response:
    headers = {
        **STRICT,
        "Content-Disposition": f'{shown}; filename="{served.name}"',
        "Accept-Ranges": "bytes",
    }
    start, end, status = 0, served.size, 200
    span = _span(wanted, served.size)
    if span is not None:
        start, end, status = *span, 206
        if start >= end:
            headers["Content-Range"] = f"bytes */{served.size}"
            return Response(status_code=416, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(
        served.parts(start, end), status, headers, media_type=served.content_type
    )


def _span(wanted: str | None, size: int) -> tuple[int, int] | None:
    """The part asked for (RFC 9110 §14.1.2); None for all of it, or for what we do not speak."""
    found = _RANGE.fullmatch((wanted or "").strip())
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
