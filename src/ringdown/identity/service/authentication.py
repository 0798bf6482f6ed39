"""Implements `identity.api.Authenticator` over sessions and clients."""

from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.service.clients import Clients
from ringdown.identity.service.sessions import Sessions


class Authentication:
    """Turns a credential into a principal."""

    def __init__(self, sessions: Sessions, clients: Clients) -> None:
        self._sessions = sessions
        self._clients = clients

    async def authenticate_session(self, token: Sensitive[str]) -> Principal:
        """Whose session this token is. Raises `SessionOver`."""
        return (await self._sessions.authenticate(token)).principal

    async def authenticate_client(
        self, client_id: str, secret: Sensitive[str], *, source: str = "unknown"
    ) -> Principal:
        """The API client with this credential. Raises `WrongClient`."""
        return await self._clients.authenticate(client_id, secret, source=source)

    async def still_valid(self, principal: Principal) -> bool:
        """Whether a long-lived connection may go on; Ringdown itself always may."""
        if principal.kind == "user":
            return await self._sessions.still_valid(principal)
        return principal.kind == "system" or await self._clients.still_valid(principal)
