"""The one door that phones on the local network come through: their pages, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

AUTHORITY_AT: Final = "/authority.pem"
_NOT_HERE: Final = PlainTextResponse("There is nothing at this address.\n", 404)


class PhoneDoor:
    """Hands requests on by the first part of their path; the console has no door here.

    `inside` names an application for each first part, such as `/l`. The authority's certificate
    is given to everybody: it is no secret, and a phone needs it before it trusts the rest.
    """

    def __init__(self, inside: Mapping[str, ASGIApp], authority: Path) -> None:
        self._inside = dict(inside)
        self._authority = authority

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] == "http" and path == AUTHORITY_AT:
            kind = "application/x-x509-ca-cert"
            await FileResponse(self._authority, media_type=kind)(scope, receive, send)
            return
        parts = path.split("/")
        app = None if ".." in parts else self._inside.get("/" + parts[1] if parts[1:] else "")
        if app is not None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _NOT_HERE(scope, receive, send)
