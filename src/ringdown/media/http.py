"""Routes of media: the socket that sources feed, and listening to calls."""

import asyncio
from typing import Annotated, Literal

from fastapi import Query, WebSocket
from starlette.responses import Response
from starlette.websockets import WebSocketDisconnect

from ringdown.core.clock import Clock
from ringdown.core.errors import RingdownError
from ringdown.core.events import Value
from ringdown.identity.api import Authenticator
from ringdown.media.api import LegRecordingView, Waveform
from ringdown.media.ingest import PERMISSION, CredentialMissing, Source, close_code
from ringdown.media.model import RATE
from ringdown.media.playback import SIDES, Playback
from ringdown.media.service import MediaService
from ringdown.media.settings import MediaSettings
from ringdown.runtime.http import Caller, Routes
from ringdown.wire.wav import pcm16_wav

START_WITHIN_S = 10.0


class RecordingView(Value):
    """The recordings of a call."""

    legs: list[LegRecordingView]


def routes(
    service: MediaService,
    playback: Playback,
    authenticator: Authenticator,
    *,
    clock: Clock,
    settings: MediaSettings,
) -> Routes:
    """The routes of this feature."""
    made = Routes("media")

    @made.websocket("/v1/media/twilio", permission=PERMISSION, deferred=True)
    async def twilio(socket: WebSocket) -> None:  # pyright: ignore[reportUnusedFunction]
        await socket.accept()
        source = Source(
            service,
            authenticator,
            principal=socket.state.principal,
            address=socket.client.host if socket.client else "unknown",
            clock=clock,
            settings=settings,
            send=socket.send_text,
        )
        try:
            await _serve(socket, source)
        finally:
            await source.close()

    @made.get(
        "/v1/calls/{call_id}/audio",
        permission="media:listen",
        response_class=Response,
        responses={200: {"content": {"audio/wav": {}}}},
    )
    async def audio(  # pyright: ignore[reportUnusedFunction]
        call_id: str,
        caller: Caller,
        from_ms: Annotated[int, Query(ge=0)],
        to_ms: Annotated[int, Query(ge=0)],
        sides: Literal["caller", "call_taker", "both"] = "both",
    ) -> Response:
        """At most 60 s as WAV, PCM16 at 8 kHz; both: stereo, the caller left."""
        wanted = SIDES if sides == "both" else (sides,)
        found = await playback.audio(caller, call_id, from_ms, to_ms, wanted)
        return Response(
            pcm16_wav([found.sides[side] for side in wanted], rate=RATE),
            media_type="audio/wav",
            headers={
                "X-From-Ms": str(found.from_ms),
                "X-To-Ms": str(found.to_ms),
                "X-Live-Edge-Ms": str(found.live_edge_ms),
            },
        )

    @made.get("/v1/calls/{call_id}/waveform", permission="media:listen")
    async def waveform(  # pyright: ignore[reportUnusedFunction]
        call_id: str,
        caller: Caller,
        from_ms: Annotated[int, Query(ge=0)] = 0,
        to_ms: Annotated[int | None, Query(ge=0)] = None,
        bucket_ms: Annotated[int, Query(ge=1, le=60_000)] = 100,
    ) -> Waveform:
        """The loudest sample of each bucket, 0…255, up to the live edge."""
        return await playback.waveform(caller, call_id, from_ms, to_ms, bucket_ms)

    @made.get("/v1/calls/{call_id}/recording", permission="calls:read")
    async def recording(  # pyright: ignore[reportUnusedFunction]
        call_id: str, caller: Caller
    ) -> RecordingView:
        """What is known of the recordings: durations, gaps, seals."""
        return RecordingView(legs=await playback.recording(caller, call_id))

    return made


async def _serve(socket: WebSocket, source: Source) -> None:
    """Feed the source until it stops, goes or errs so badly that it must go."""
    try:
        until = asyncio.get_running_loop().time() + START_WITHIN_S
        while not source.begun:
            try:
                async with asyncio.timeout_at(until):
                    frame = await _frame(socket)
            except TimeoutError:
                raise CredentialMissing("no start came within 10 s") from None
            # However long we take over a start that came, its call is not refused for that.
            await source.receive(frame)
        while await source.receive(await _frame(socket)):
            pass
    except WebSocketDisconnect:
        return
    except RingdownError as error:
        await _end(socket, source, error)
    else:
        await _end(socket, source, None)


async def _frame(socket: WebSocket) -> str | bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    text = message.get("text")
    return text if text is not None else message["bytes"]


async def _end(socket: WebSocket, source: Source, error: RingdownError | None) -> None:
    """Say why, if for an error, and close; a source that is gone already is just let go."""
    try:
        if error is None:
            await socket.close(1000)
        else:
            await source.tell(error)
            await socket.close(close_code(error), error.code)
    except (WebSocketDisconnect, RuntimeError, TimeoutError, OSError):
        return
