"""API clients: machines with a client id and a 256-bit secret that is shown once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import ClassVar, Literal

from ringdown.audit.api import INSTALLATION
from ringdown.core.errors import Conflict, Invalid, NotFound, Unauthenticated
from ringdown.core.principal import Principal, system
from ringdown.core.sensitive import Sensitive
from ringdown.identity.events import ClientStopped
from ringdown.identity.model import (
    CLIENT_SCOPES,
    PARTNER_SCOPES,
    Client,
    Permission,
    clean_name,
    could_be_id,
    same,
    secret_hash,
)
from ringdown.identity.service.means import Means
from ringdown.identity.tokens import secret_mark
from ringdown.runtime.db import DatabaseUnavailable, Tx
from ringdown.runtime.telemetry import get_logger

USED_EVERY = timedelta(minutes=10)


class ClientNotFound(NotFound):
    """No such API client in this centre."""

    code: ClassVar[str] = "identity.client.not_found"


class ClientDisabled(Conflict):
    """A disabled client stays disabled."""

    code: ClassVar[str] = "identity.client.disabled"
    action: ClassVar[str] = "Add a new client."


class ScopeInvalid(Invalid):
    """A client can be given only some permissions, and needs at least one."""

    code: ClassVar[str] = "identity.client.scope"
    action: ClassVar[str] = (
        "Choose among calls:write, media:ingest, calls:read and eido:read; or "
        "incident_events, alone."
    )


class WrongClient(Unauthenticated):
    """The client id or the secret is wrong, or the client is disabled."""

    code: ClassVar[str] = "identity.client.wrong"
    action: ClassVar[str] = "Check the client id and the secret, or have the secret rotated."

    def __init__(self) -> None:
        super().__init__("the client id or the secret is wrong")


@dataclass(frozen=True)
class NewSecret:
    """A client with its new secret, which is told once and never kept."""

    client: Client
    secret: Sensitive[str] = field(repr=False)


class Clients:
    """The API clients of a centre."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._log = get_logger("identity")

    async def list(self, actor: Principal) -> list[Client]:
        """The clients of the actor's centre, disabled ones included."""
        async with self._means.database.read() as tx:
            return await self._means.stores.clients.of_centre(tx, actor.centre_id)

    async def add(self, actor: Principal, *, name: str, scopes: Iterable[Permission]) -> NewSecret:
        """Add a client. Raises `NameInvalid`, `ScopeInvalid`."""
        means, given = self._means, frozenset(scopes)
        async with means.audited(actor, "client:new", "add"):
            shown = clean_name(name)
            if not given or not given <= CLIENT_SCOPES:
                raise ScopeInvalid("a client cannot be given these scopes")
            if given & PARTNER_SCOPES and len(given) > 1:
                raise ScopeInvalid("a partner's credential carries its one scope and no other")
            secret, now = means.ids.secret(), means.now()
            client = Client(
                client_id=means.ids.new("client"),
                centre_id=actor.centre_id,
                name=shown,
                scopes=given,
                secret_hash=secret_hash(secret),
                created_at=now,
                rotated_at=now,
            )
            async with means.database.write() as tx:
                await means.stores.clients.add(tx, client)
                await means.record(
                    tx, "identity:client:added", actor, client.client_id, name=shown, scopes=given
                )
        return NewSecret(client, Sensitive(secret, "client.secret"))

    async def rotate(self, actor: Principal, client_id: str) -> NewSecret:
        """Give a client a new secret; the old one is void at once, with every token it got.

        A source's connections stay open: no call is lost by it. What a partner has open by a token
        ends (`ClientStopped`). Raises `ClientNotFound`, `ClientDisabled`.
        """
        means, secret = self._means, self._means.ids.secret()
        async with means.audited(actor, client_id, "rotate"), means.database.write() as tx:
            client = await means.stores.clients.get(tx, actor.centre_id, client_id)
            if client is None:
                raise ClientNotFound("there is no such API client")
            if client.disabled:
                raise ClientDisabled("this API client is disabled")
            client = replace(client, secret_hash=secret_hash(secret), rotated_at=means.now())
            await means.stores.clients.save(tx, client)
            await means.record(tx, "identity:client:rotated", actor, client_id)
            self._stopped(tx, client, "rotated")
        return NewSecret(client, Sensitive(secret, "client.secret"))

    async def disable(self, actor: Principal, client_id: str) -> None:
        """Disable a client for good; doing it again changes nothing. Raises `ClientNotFound`."""
        means = self._means
        async with means.audited(actor, client_id, "disable"), means.database.write() as tx:
            client = await means.stores.clients.get(tx, actor.centre_id, client_id)
            if client is None:
                raise ClientNotFound("there is no such API client")
            if not client.disabled:
                await means.stores.clients.save(tx, replace(client, disabled=True))
                await means.record(tx, "identity:client:disabled", actor, client_id)
            self._stopped(tx, client, "disabled")

    async def authenticate(
        self, client_id: str, secret: Sensitive[str], *, source: str = "unknown"
    ) -> Principal:
        """The client with this credential, as a principal. Raises `WrongClient`."""
        client = await self.prove(client_id, secret, source=source)
        scopes = frozenset(str(scope) for scope in client.scopes)
        return Principal("client", client.client_id, client.name, client.centre_id, scopes)

    async def prove(
        self, client_id: str, secret: Sensitive[str], *, source: str = "unknown"
    ) -> Client:
        """The client with this credential. Raises `WrongClient`."""
        means, client = self._means, None
        if could_be_id(client_id):
            async with means.database.read() as tx:
                client = await means.stores.clients.by_id(tx, client_id)
        given = secret_hash(secret.reveal("it is compared by its hash"))
        fits = same(client.secret_hash if client else "", given)
        if client is None or not fits or client.disabled:
            await self._refuse(client, source)
            raise WrongClient
        await self.used(client)
        return client

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the client is enabled and, if it came by a token, its secret still the same."""
        async with self._means.database.read() as tx:
            client = await self._means.stores.clients.get(tx, principal.centre_id, principal.id)
        if client is None or client.disabled:
            return False
        return principal.token is None or principal.token.secret == secret_mark(client.secret_hash)

    def _stopped(self, tx: Tx, client: Client, why: Literal["disabled", "rotated"]) -> None:
        news = ClientStopped(centre_id=client.centre_id, client_id=client.client_id, why=why)
        tx.after_commit(lambda: self._means.signals.signal(news))

    async def _refuse(self, client: Client | None, source: str) -> None:
        means = self._means
        subject = client.client_id if client else "client:unknown"
        skipped = means.tally.due(f"{subject} {source}", means.clock.monotonic())
        if skipped is None:
            return
        async with means.database.write() as tx:
            await means.record(
                tx,
                "identity:client:refused",
                system(client.centre_id if client else INSTALLATION, "identity"),
                subject,
                source=source,
                reason="disabled" if client and client.disabled else "wrong",
                more=skipped,
            )

    async def used(self, client: Client) -> None:
        """Remember that the client was seen now, to the ten minutes."""
        means, now = self._means, self._means.now()
        if client.last_used_at is not None and now - client.last_used_at < USED_EVERY:
            return
        try:
            async with means.database.write() as tx:
                fresh = await means.stores.clients.get(tx, client.centre_id, client.client_id)
                if fresh is not None:
                    await means.stores.clients.save(tx, replace(fresh, last_used_at=now))
        except DatabaseUnavailable as error:
            # A call that comes in while the disk is full is still taken.
            self._log.warning("client activity not kept", code=error.code)
