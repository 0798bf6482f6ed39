"""What other features may know: permissions, roles, and who stands behind a credential."""

from typing import Protocol

from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.connections import CredentialUnreadable, socket_token, source_of
from ringdown.identity.model import (
    CLIENT_SCOPES,
    PARTNER_SCOPES,
    ROLE_PERMISSIONS,
    Permission,
    Role,
)
from ringdown.identity.tokens import TokenExpired, TokenRefused

__all__ = [
    "CLIENT_SCOPES",
    "PARTNER_SCOPES",
    "ROLE_PERMISSIONS",
    "AccessTokens",
    "Authenticator",
    "CredentialUnreadable",
    "Permission",
    "Role",
    "TokenExpired",
    "TokenRefused",
    "socket_token",
    "source_of",
]


class Authenticator(Protocol):
    """Turns a credential into a principal."""

    async def authenticate_session(self, token: Sensitive[str]) -> Principal:
        """Whose session this token is; counts as activity. Raises `Unauthenticated`."""
        ...

    async def authenticate_client(
        self, client_id: str, secret: Sensitive[str], *, source: str = "unknown"
    ) -> Principal:
        """Whose credential this is, sent from `source`. Raises `Unauthenticated`."""
        ...

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the session or the client behind a long-lived connection may go on.

        Asking is no activity: a forgotten console still reaches its idle limit. Of who came by an
        access token, `AccessTokens.may_go_on` says the same.
        """
        ...


class AccessTokens(Protocol):
    """The access tokens of partners.

    A token's age asks one thing and its client another: an old token begins nothing new, but cuts
    nothing that runs; a disabled client, or one with a new secret, ends everything at once
    (`events.ClientStopped` tells when).
    """

    async def principal_of(self, token: Sensitive[str], *, source: str = "unknown") -> Principal:
        """Whose token this is, sent from `source`; it may one thing, its scope.

        Raises `TokenExpired`, `TokenRefused`.
        """
        ...

    async def may_begin(self, principal: Principal) -> bool:
        """Whether a new subscription or session may be begun: not with an expired token."""
        ...

    async def may_go_on(self, principal: Principal) -> bool:
        """Whether what runs may run on: not for a disabled client or after a new secret."""
        ...
