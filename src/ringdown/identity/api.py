"""What other features may know: permissions, roles, and who stands behind a credential."""

from typing import Protocol

from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import (
    CLIENT_SCOPES,
    PARTNER_SCOPES,
    ROLE_PERMISSIONS,
    Permission,
    Role,
)

__all__ = [
    "CLIENT_SCOPES",
    "PARTNER_SCOPES",
    "ROLE_PERMISSIONS",
    "Authenticator",
    "Permission",
    "Role",
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

        Asking is no activity: a forgotten console still reaches its idle limit.
        """
        ...
