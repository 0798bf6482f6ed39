"""Carries one client's signalling to the media server and back, frame by frame."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from ringdown.runtime.tasks import Tasks
from ringdown.video.model import MediaServerSilent

OPEN_S: Final = 5.0
LARGEST: Final = 1_000_000
"""A signalling message is some kilobytes; more than this is none."""


async def carry(client: WebSocket, url: str) -> None:
    """Open the same at the media server, and carry frames until either side ends.

    Raises `MediaServerSilent` before anything was accepted.
    """
    try:
        beyond = await connect(
            f"{url}?{client.url.query}",
            open_timeout=OPEN_S,
            max_size=LARGEST,
            compression=None,
            proxy=None,
        )
    except InvalidStatus:
        # Closed before it is accepted, it is answered by an HTTP 403: the client asks `validate`.
        await client.close()
        return
    except (OSError, TimeoutError, WebSocketException):
        raise MediaServerSilent("the media server does not answer") from None
    try:
        # Whoever has gone meanwhile is no failure of ours, at any step.
        with suppress(WebSocketDisconnect, RuntimeError):
            await client.accept()
            await _until_either_ends(_there(client, beyond), _back(client, beyond))
            await client.close()
    finally:
        await beyond.close()


async def _until_either_ends(*ways: Coroutine[Any, Any, None]) -> None:
    async with Tasks() as tasks:
        running = [tasks.spawn("signalling", way) for way in ways]
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)


async def ask_beyond(request: Request, url: str) -> Response:
    """The media server's answer to the same question."""
    web = f"http{url.removeprefix('ws')}"
    try:
        async with httpx.AsyncClient(timeout=OPEN_S, trust_env=False) as client:
            answer = await client.get(f"{web}?{request.url.query}")
    except httpx.HTTPError:
        raise MediaServerSilent("the media server does not answer") from None
    return Response(answer.content, answer.status_code, media_type="text/plain")


async def _there(client: WebSocket, beyond: ClientConnection) -> None:
    with suppress(WebSocketDisconnect, ConnectionClosed, RuntimeError):
        while True:
            message = await client.receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes")
            frame = data if data is not None else message["text"]
            if len(frame) > LARGEST:
                return
            await beyond.send(frame)


async def _back(client: WebSocket, beyond: ClientConnection) -> None:
    with suppress(ConnectionClosed, WebSocketDisconnect, RuntimeError):
        async for frame in beyond:
            if isinstance(frame, str):
                await client.send_text(frame)
            else:
                await client.send_bytes(frame)
