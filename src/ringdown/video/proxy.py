"""Carries one client's signalling to the media server and back, frame by frame."""

import asyncio
from contextlib import suppress
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

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
    except InvalidStatus as error:
        # Before it is accepted, closing is answered by an HTTP 403: the client asks `validate` why.
        await client.close()
        del error
        return
    except (OSError, TimeoutError, WebSocketException):
        raise MediaServerSilent("the media server does not answer") from None
    try:
        await client.accept()
        there = asyncio.ensure_future(_there(client, beyond))
        back = asyncio.ensure_future(_back(client, beyond))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
    finally:
        await beyond.close()
        with suppress(RuntimeError):  # it has closed already
            await client.close()


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
    with suppress(WebSocketDisconnect, ConnectionClosed):
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
