"""Who stands behind a request or a WebSocket: a cookie session, a client's secret or its token.

A browser sends cookies by itself, so a page of somebody else could use them (RFC 6265 §8.2).
Hence an unsafe request with a cookie carries the session's CSRF token in a header, and a
WebSocket with a cookie comes from a page of ours.
"""

import base64
import binascii
from typing import ClassVar
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from ringdown.core.errors import Refused
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.api import AccessTokens, Authenticator
from ringdown.identity.connections import CredentialUnreadable, source_of
from ringdown.identity.model import COOKIE, csrf_of, same

CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CsrfRefused(Refused):
    """A request that changes something came without the session's CSRF token."""

    code: ClassVar[str] = "identity.csrf"
    action: ClassVar[str] = "Load the page again, then repeat what you did."


class OriginRefused(Refused):
    """The request comes from a page of somebody else."""

    code: ClassVar[str] = "identity.origin"
    action: ClassVar[str] = "Open Ringdown by its own address, or allow this one in the settings."


def session_token(connection: HTTPConnection) -> Sensitive[str] | None:
    """The session token in the cookie, if there is one."""
    token = connection.cookies.get(COOKIE)
    return Sensitive(token, "session.token") if token else None


class HttpAuth:
    """The `authenticate` of `runtime.http.install`."""

    def __init__(
        self,
        authenticator: Authenticator,
        tokens: AccessTokens | None = None,
        *,
        allowed_origins: tuple[str, ...] = (),
    ) -> None:
        self._authenticator = authenticator
        self._tokens = tokens
        self._origins = frozenset(origin.rstrip("/").casefold() for origin in allowed_origins)

    async def __call__(self, connection: HTTPConnection) -> Principal | None:
        """The principal, or None without a credential. Raises `Unauthenticated`, `Refused`."""
        header = connection.headers.get("authorization")
        if header is not None:
            token = _access_token(header)
            if token is not None and self._tokens is not None:
                return await self._tokens.principal_of(token, source=source_of(connection))
            client_id, secret = _credential(header)
            return await self._authenticator.authenticate_client(
                client_id, secret, source=source_of(connection)
            )
        token = session_token(connection)
        if token is None:
            return None
        self.check_origin(connection)
        principal = await self._authenticator.authenticate_session(token)
        if connection.scope["type"] == "http" and connection.scope["method"] not in SAFE_METHODS:
            _check_csrf(connection, token)
        return principal

    def check_origin(self, connection: HTTPConnection) -> None:
        """Refuse what another site's page sends; a WebSocket has to say where it comes from."""
        origin = connection.headers.get("origin")
        if origin is None:
            if connection.scope["type"] == "websocket":
                raise OriginRefused("this connection does not say what page it comes from")
            return
        host = connection.headers.get("host", "")
        own = urlsplit(origin).netloc.casefold() == host.casefold() != ""
        if not own and origin.rstrip("/").casefold() not in self._origins:
            raise OriginRefused("this request comes from another site")


def _check_csrf(connection: HTTPConnection, token: Sensitive[str]) -> None:
    expected = csrf_of(token.reveal("the CSRF token is derived from it"))
    if not same(expected, connection.headers.get(CSRF_HEADER, "")):
        raise CsrfRefused("the request came without the token of this session")


def _access_token(header: str) -> Sensitive[str] | None:
    """A JWT has three parts (RFC 7515 §3.1); `client_id.secret` has two, and no dot inside."""
    scheme, _, value = header.partition(" ")
    text = value.strip()
    if scheme.casefold() != "bearer" or text.count(".") != 2:
        return None
    return Sensitive(text, "access.token")


def _credential(header: str) -> tuple[str, Sensitive[str]]:
    scheme, _, value = header.partition(" ")
    text, separator = value.strip(), "."
    if scheme.casefold() == "basic":
        separator = ":"
        try:
            text = base64.b64decode(text, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise CredentialUnreadable("the credential cannot be read") from None
    elif scheme.casefold() != "bearer":
        raise CredentialUnreadable("this kind of credential is not taken")
    client_id, found, secret = text.partition(separator)
    if not (client_id and found and secret):
        raise CredentialUnreadable("the credential cannot be read")
    return client_id, Sensitive(secret, "client.secret")
