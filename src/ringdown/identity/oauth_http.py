"""The token endpoint: OAuth 2.0 client credentials (RFC 6749 §4.4, §5)."""

from typing import Any, Final

from fastapi import Request
from starlette.responses import JSONResponse

from ringdown.core.errors import Limited, Malformed, Unauthenticated
from ringdown.core.events import Value
from ringdown.identity.connections import source_of
from ringdown.identity.service.tokens import Tokens
from ringdown.identity.token_request import OAUTH_ERRORS, parse_token_request
from ringdown.runtime.http import PUBLIC, Routes

LARGEST: Final = 16_384
"""Bytes of a request for a token."""
NOT_KEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenView(Value):
    """A new access token (RFC 6749 §5.1); `expires_in` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class TokenErrorView(Value):
    """Why there is no token (RFC 6749 §5.2)."""

    error: str
    error_description: str


_ASKED: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": "client_credentials"},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string"},
        "scope": {"type": "string"},
    },
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _ASKED},
            "application/x-www-form-urlencoded": {"schema": _ASKED},
        },
    }
}
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": TokenErrorView, "description": text}
    for status, text in (
        (400, "The request cannot be answered with a token."),
        (401, "The client is not who it says, or is disabled."),
        (429, "Too many wrong secrets; Retry-After says when to come back."),
    )
}


def oauth_routes(tokens: Tokens) -> Routes:
    """The route that gives out access tokens."""
    routes = Routes("oauth")

    @routes.post(
        "/oauth/token",
        permission=PUBLIC,
        max_body=LARGEST,
        response_model=TokenView,
        responses=_ERRORS,
        openapi_extra=_BODY,
    )
    async def token(request: Request) -> JSONResponse:
        """Get an access token for a client id and its secret."""
        authorization = request.headers.getlist("authorization")
        try:
            issued = await tokens.issue(
                parse_token_request(
                    request.headers.get("content-type", ""), authorization, await request.body()
                ),
                source=source_of(request),
            )
        except (Malformed, Unauthenticated, Limited) as error:
            return _refusal(error, by_header=bool(authorization))
        answer = TokenView(
            access_token=issued.token.reveal("it is given to the client that proved itself"),
            token_type="Bearer",  # noqa: S106 - a kind of token, not one
            expires_in=issued.expires_in,
            scope=issued.scope,
        )
        return JSONResponse(answer.model_dump(), headers=NOT_KEPT)

    return routes


def _refusal(error: Malformed | Unauthenticated | Limited, *, by_header: bool) -> JSONResponse:
    status, name = OAUTH_ERRORS[type(error)]
    headers = dict(NOT_KEPT)
    if status == 401 and by_header:
        headers["WWW-Authenticate"] = 'Basic realm="ringdown"'
    if "retry_after_s" in error.details:
        headers["Retry-After"] = str(error.details["retry_after_s"])
    answer = TokenErrorView(error=name, error_description=error.message)
    return JSONResponse(answer.model_dump(), status, headers)
