"""What a connection brings along: where it comes from, and the access token of a WebSocket.

Browsers cannot set headers on a WebSocket, so its token may come in four ways. The two in the URL
are secrets in a URL: nothing here or in the logs ever shows a query string.
"""

from typing import ClassVar, Final, cast

from starlette.requests import HTTPConnection

from ringdown.core.errors import Unauthenticated
from ringdown.core.sensitive import Sensitive

TOKEN_SUBPROTOCOL: Final = "anycable-token."  # noqa: S105 - how an entry begins, no secret
"""A subprotocol entry that begins like this holds a token; it is never chosen as the protocol."""


class CredentialUnreadable(Unauthenticated):
    """The credential is not one that we understand."""

    code: ClassVar[str] = "identity.credential.unreadable"
    action: ClassVar[str] = (
        "Send HTTP Basic, `Bearer client_id.secret`, or `Bearer` and an access token."
    )


def source_of(connection: HTTPConnection) -> str:
    """The address a request comes from."""
    return connection.client.host if connection.client else "unknown"


def socket_token(connection: HTTPConnection) -> Sensitive[str] | None:
    """The access token that comes with a WebSocket, or None.

    From `Authorization: Bearer`, a subprotocol `anycable-token.<token>`, `?token=` or `?jid=`; what
    is empty counts as left out. Raises `CredentialUnreadable` if two of them differ.
    """
    found = set(connection.query_params.getlist("token"))
    found |= set(connection.query_params.getlist("jid"))
    # Not from the header itself: a proxy may have joined or split it.
    offered = cast("list[str]", connection.scope.get("subprotocols") or [])
    found |= {
        each.removeprefix(TOKEN_SUBPROTOCOL)
        for each in offered
        if each.startswith(TOKEN_SUBPROTOCOL)
    }
    for header in connection.headers.getlist("authorization"):
        scheme, _, value = header.partition(" ")
        if scheme.casefold() != "bearer":
            raise CredentialUnreadable("this kind of credential is not taken")
        found.add(value.strip())
    found.discard("")
    if len(found) > 1:
        raise CredentialUnreadable("the connection brings several tokens that differ")
    return Sensitive(found.pop(), "access.token") if found else None
