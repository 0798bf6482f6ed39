"""The route of the live transcript socket. It refuses in the words of its own protocol."""

import contextlib
from typing import cast

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from ringdown.core.errors import Unauthenticated, Unavailable
from ringdown.core.principal import Principal
from ringdown.identity.api import AccessTokens, TokenExpired, socket_token, source_of
from ringdown.partners.cable import SCOPE, CableService, Gone
from ringdown.runtime.http import OnRefused, Routes
from ringdown.wire.actioncable import Reason, disconnect_frame, opening


class _Accepted:
    """The `Socket` of an accepted connection."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> str | bytes | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        return text if text is not None else message.get("bytes") or b""

    async def send(self, text: str) -> None:
        try:
            # Not `send_text`: this is done for each frame to each client.
            await self._socket.send({"type": "websocket.send", "text": text})
        except (WebSocketDisconnect, RuntimeError, OSError):
            raise Gone from None

    async def close(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            await self._socket.close(1000)


async def _admit(tokens: AccessTokens, socket: WebSocket) -> Principal | tuple[Reason, bool]:
    """Who it is, or why not and whether to come back."""
    try:
        token = socket_token(socket)
        if token is None:
            return "unauthorized", False
        return await tokens.principal_of(token, source=source_of(socket))
    except TokenExpired:
        return "token_expired", False
    except Unauthenticated:
        return "unauthorized", False
    except Unavailable:
        return "server_restart", True


def cable_routes(service: CableService, tokens: AccessTokens) -> Routes:
    """`/cable`."""
    router = Routes("partners")

    @router.websocket("/cable", permission=SCOPE, by_handler=True)
    async def cable(socket: WebSocket) -> None:
        offered = cast("list[str]", socket.scope.get("subprotocols") or [])
        opened = opening(offered, socket.query_params)
        await socket.accept(opened.subprotocol)
        accepted = _Accepted(socket)
        found = await _admit(tokens, socket)
        if not isinstance(found, Principal):
            reason, reconnect = found
            with contextlib.suppress(Gone):
                await accepted.send(disconnect_frame(reason, reconnect=reconnect))
            await accepted.close()
            return
        on_refused = cast("OnRefused | None", socket.app.state.on_refused)
        if not found.may(SCOPE) and on_refused is not None:
            await on_refused(found, SCOPE)  # its subscriptions are rejected one by one
        await service.serve(opened, found, accepted)

    return router
