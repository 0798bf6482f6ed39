"""Access tokens of partners: got for a client's secret, good for two hours, void at once."""

from dataclasses import dataclass, field

from ringdown.audit.api import INSTALLATION
from ringdown.core.principal import Principal, system
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import PARTNER_SCOPES, Client
from ringdown.identity.ports import TokenSigner
from ringdown.identity.service.clients import Clients, WrongClient
from ringdown.identity.service.means import Brake, Means
from ringdown.identity.token_request import (
    ClientUnproven,
    GrantNotForClient,
    GrantUnsupported,
    ScopeNotHeld,
    TokenRequest,
    TooManyWrongSecrets,
)
from ringdown.identity.tokens import (
    LIFETIME,
    LONGEST,
    Claims,
    TokenRefused,
    check_times,
    claims_of,
    secret_mark,
)

GRANT = "client_credentials"
SOURCES_SHARE = 6
"""So many times as many failures are let through from one source for all clients together."""


@dataclass(frozen=True)
class IssuedToken:
    """A new access token and what it is good for."""

    token: Sensitive[str] = field(repr=False)
    scope: str
    expires_in: int


class Tokens:
    """Implements `identity.api.AccessTokens`, and gives tokens out."""

    def __init__(self, means: Means, clients: Clients, signer: TokenSigner) -> None:
        self._means = means
        self._clients = clients
        self._signer = signer
        most = means.settings.token_failures
        self._per_client, self._per_source = Brake(most), Brake(most * SOURCES_SHARE)

    # ---- giving out

    async def issue(self, request: TokenRequest, *, source: str) -> IssuedToken:
        """A token for a client that proves itself; audited, as failures are.

        Wrong secrets beyond a limit are told to wait, while the right one is always taken: nobody
        can lock a partner out by guessing. Raises the errors of `identity.token_request`.
        """
        if request.grant_type != GRANT:
            raise GrantUnsupported("this grant type is not offered")
        try:
            client = await self._clients.prove(request.client_id, request.secret, source=source)
        except WrongClient:
            self._brake(request.client_id, source)
            raise ClientUnproven("the client id or the secret is wrong") from None
        held = sorted(str(scope) for scope in client.scopes & PARTNER_SCOPES)
        if not held:
            raise GrantNotForClient("this client gets no access tokens")
        if not request.scope <= set(held):
            raise ScopeNotHeld("this credential does not have that scope")
        scope = held[0]
        claims = Claims.fresh(
            token_id=self._means.ids.new("token"),
            client_id=client.client_id,
            centre_id=client.centre_id,
            scope=scope,
            secret=secret_mark(client.secret_hash),
            now=self._means.now(),
        )
        token = self._signer.sign(claims.payload())
        await self._record_issued(client, claims, source)
        return IssuedToken(Sensitive(token, "access.token"), scope, int(LIFETIME.total_seconds()))

    def _brake(self, client_id: str, source: str) -> None:
        now = self._means.clock.monotonic()
        waits = (
            self._per_client.failed(f"{client_id[:64]} {source}", now),
            self._per_source.failed(source, now),
        )
        wait = max(waits)
        if wait:
            raise TooManyWrongSecrets(
                "too many wrong secrets; wait before the next", details={"retry_after_s": wait}
            )

    async def _record_issued(self, client: Client, claims: Claims, source: str) -> None:
        means = self._means
        more = means.tally.due(f"issued {client.client_id} {source}", means.clock.monotonic())
        if more is None:
            return
        async with means.database.write() as tx:
            await means.record(
                tx,
                "identity:token:issued",
                _principal(client, claims),
                client.client_id,
                token=claims.token_id,
                scope=claims.scope,
                source=source,
                more=more,
            )

    # ---- taking in

    async def principal_of(self, token: Sensitive[str], *, source: str = "unknown") -> Principal:
        """Whose token this is. Raises `TokenExpired`, `TokenRefused`.

        Refusals are audited, but not that a token is old: that happens to each partner each day.
        """
        text = token.reveal("its signature is checked")
        claims = None
        try:
            claims = self._read(text)
            check_times(claims, self._means.now())
            client = await self._client_of(claims)
        except TokenRefused:
            await self._record_refused(claims, source)
            raise
        await self._clients.used(client)
        return _principal(client, claims)

    def _read(self, text: str) -> Claims:
        if len(text) > LONGEST:
            raise TokenRefused
        return claims_of(self._signer.payload(text))

    async def may_begin(self, principal: Principal) -> bool:
        """Whether something new may be begun: the token is not too old, and the client stands."""
        token = principal.token
        if token is not None and self._means.clock.now() >= token.expires_at:
            return False
        return await self.may_go_on(principal)

    async def may_go_on(self, principal: Principal) -> bool:
        """Whether what runs may run on, however old the token is."""
        return await self._clients.still_valid(principal)

    async def _client_of(self, claims: Claims) -> Client:
        async with self._means.database.read() as tx:
            client = await self._means.stores.clients.get(tx, claims.centre_id, claims.client_id)
        if (
            client is None
            or client.disabled
            or secret_mark(client.secret_hash) != claims.secret
            or claims.scope not in client.scopes & PARTNER_SCOPES
        ):
            raise TokenRefused
        return client

    async def _record_refused(self, claims: Claims | None, source: str) -> None:
        means = self._means
        subject = claims.client_id if claims else "client:unknown"
        more = means.tally.due(f"refused {subject} {source}", means.clock.monotonic())
        if more is None:
            return
        async with means.database.write() as tx:
            await means.record(
                tx,
                "identity:token:refused",
                system(claims.centre_id if claims else INSTALLATION, "identity"),
                subject,
                source=source,
                reason="void" if claims else "not_ours",
                more=more,
            )


def _principal(client: Client, claims: Claims) -> Principal:
    return Principal(
        "client",
        client.client_id,
        client.name,
        client.centre_id,
        frozenset({claims.scope}),
        token=claims.mark,
    )
