"""Routes for partners: incident events, stream tokens and recordings (scope `incident_events`)."""

from collections.abc import AsyncGenerator
from typing import Literal

from fastapi import Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ringdown.core.events import Value
from ringdown.partners import reading
from ringdown.partners.limits import RequestLimit
from ringdown.partners.model import added_time
from ringdown.partners.service import BYTES_A_MS, IncidentService, Recorded
from ringdown.runtime.http import PUBLIC, Caller, Routes
from ringdown.uploads.api import Wrapped
from ringdown.wire.wav import pcm16_header

RATE = 8000


class LocationBody(Value):
    """Where the caller was. Times of documented fields read `2030-01-02 03:04:05 UTC`."""

    type: Literal["caller_location"]
    id: str
    incident_id: str
    lat: float
    lng: float
    created_at: str
    source: str
    class_of_service: str | None = None
    uncertainty_m: float | None = None
    altitude_m: float | None = None
    address: str | None = None


class MediaBody(Value):
    """A recording, or a caller's file.

    `url` is a secret and holds until `url_expires_at`; read again for another.
    """

    type: Literal["media"]
    id: str
    incident_id: str
    kind: Literal["photo", "video", "recording", "livestream_recording"]
    url: str
    url_expires_at: str
    content_type: str
    created_at: str


class IncidentBody(Value):
    """An incident: the fields of the `incident_metadata` webhook and what belongs to it."""

    type: Literal["incident_metadata"]
    id: str
    caller_phone_number: str
    is_audio_live: bool
    created_at: str
    updated_at: str
    audio_call_ended_at: str | None
    chatroom_url: str
    latest_location: LocationBody | None
    media: list[MediaBody]
    demo: bool | None = None


class IncidentList(Value):
    """Some incidents, the one that changed last first, and where the list goes on."""

    data: list[IncidentBody]
    next_cursor: str | None


class StreamToken(Value):
    """A token for one listening session. `stream_token` is `token` under another name."""

    token: str
    stream_token: str
    url: str
    incident_id: str
    participant_id: str
    autoplay: bool
    expires_in: int
    expires_at: str


def partner_routes(service: IncidentService, limit: RequestLimit) -> Routes:
    """The routes of this feature that partners use."""
    routes = Routes("partners", scoped=True)

    @routes.get("/v1/incident_events", permission="incident_events", response_model=IncidentList)
    async def incidents(
        caller: Caller,
        limit_: str | None = Query(None, alias="limit"),
        cursor: str | None = None,
        updated_since: str | None = None,
        is_audio_live: str | None = None,
        demo: str | None = None,
    ) -> Response:
        """Incidents, the one that changed last first; demo calls only with `demo=true`."""
        limit.take(caller)
        found = await service.incidents(
            caller,
            limit=reading.limit(limit_),
            cursor=cursor,
            since=reading.instant("updated_since", updated_since),
            live=reading.flag("is_audio_live", is_audio_live),
            demo=reading.flag("demo", demo) or False,
        )
        return JSONResponse({"data": found.data, "next_cursor": found.next_cursor})

    @routes.get(
        "/v1/incident_events/{incident_id}",
        permission="incident_events",
        response_model=IncidentBody,
    )
    async def incident(caller: Caller, incident_id: str) -> Response:
        """One incident."""
        limit.take(caller)
        return JSONResponse(await service.incident(caller, incident_id))

    @routes.post("/v1/incident_events/{incident_id}/stream_token", permission="incident_events")
    async def stream_token(caller: Caller, incident_id: str, request: Request) -> StreamToken:
        """A token to listen to the call, live or recorded, in a room of one's own."""
        limit.take(caller)
        wish = reading.wish(await request.body(), request.query_params.getlist("autoplay"))
        made = await service.stream(
            caller, incident_id, autoplay=wish.autoplay, participant=wish.participant
        )
        token = made.token.reveal("it is the answer to its owner")
        return StreamToken(
            token=token,
            stream_token=token,
            url=made.url,
            incident_id=await service.known_as(caller, incident_id),
            participant_id=made.identity,
            autoplay=made.autoplay,
            expires_in=made.expires_in,
            expires_at=added_time(made.expires_at),
        )

    @routes.get("/v1/incident_events/{incident_id}/media/{media_id}", permission=PUBLIC)
    async def media(request: Request, incident_id: str, media_id: str) -> Response:
        """A recording as stereo WAV, the caller left, or a caller's photo or video as a file.

        The link itself is the credential.
        """
        query = dict(request.query_params)
        found = await service.recorded(request.url.path, query, incident_id, media_id)
        limit.take(found.principal)
        wanted = request.headers.get("range")
        if found.media.upload_id is not None:
            return _file(await service.file(found), found.media.media_id, wanted)
        return _answer(service, found, wanted)

    return routes


def _file(file: Wrapped, media_id: str, wanted: str | None) -> Response:
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "private, no-store",
        "etag": f'"{media_id}-{file.size}"',
        "content-disposition": f'attachment; filename="{file.name}"',
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
    }
    try:
        part = reading.byte_range(wanted, file.size)
    except ValueError:
        lacking = {**headers, "content-range": f"bytes */{file.size}"}
        return Response(status_code=416, headers=lacking)
    start, end = part or (0, file.size)
    headers["content-length"] = str(end - start)
    if part is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{file.size}"
    return StreamingResponse(
        file.parts(start, end), 206 if part else 200, headers, media_type=file.content_type
    )


def _answer(service: IncidentService, found: Recorded, wanted: str | None) -> Response:
    frames = found.media.duration_ms * RATE // 1000
    head = pcm16_header(frames=frames, rate=RATE, channels=2)
    total = len(head) + found.media.duration_ms * BYTES_A_MS
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "private, no-store",
        "etag": f'"{found.media.media_id}-{total}"',
        # A partner's page is on another site, and may play what it has the link to.
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
    }
    try:
        part = reading.byte_range(wanted, total)
    except ValueError:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{total}"})
    start, end = part or (0, total)
    headers["content-length"] = str(end - start)
    if part is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{total}"

    async def pieces() -> AsyncGenerator[bytes, None]:
        if start < len(head):
            yield head[start:end]
        first, last = max(start, len(head)) - len(head), end - len(head)
        if last > first:
            async for piece in service.audio(found, first, last):
                yield piece

    return StreamingResponse(
        pieces(), 200 if part is None else 206, headers, media_type=found.media.content_type
    )
