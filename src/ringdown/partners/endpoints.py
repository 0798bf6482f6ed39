"""What administrators do with webhook endpoints and their deliveries; every act is audited."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Final

import httpx

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Conflict, Invalid, NotFound, RingdownError
from ringdown.core.ids import IdSource
from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.partners.addresses import check_url
from ringdown.partners.attempts import Attempts, OAuth, credential_about, secret_about
from ringdown.partners.ledger import (
    OLD_SECRET_SIGNS,
    AuthKind,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointView,
    Failed,
    PartnerDeliveryView,
    attempted,
    delivery_view,
    endpoint_view,
    redelivery,
    trial_body,
)
from ringdown.partners.model import EventType, added_time, incident_uuid
from ringdown.partners.ports import (
    Counts,
    DeliveryLedger,
    EndpointStore,
    OpenPost,
    Partners,
    Vault,
)
from ringdown.runtime.db import Database, Tx
from ringdown.wire.standard_webhooks import write_secret

AT_ONCE: Final = 1_000
"""The most dead letters sent again by one request; the answer says how many, so ask again."""
REMOVED: Final = ("partners.endpoint.removed", "The endpoint was removed before this was sent.")


class EndpointNotFound(NotFound):
    """No such webhook endpoint in this centre."""

    code: ClassVar[str] = "partners.endpoint.not_found"


class DeliveryNotFound(NotFound):
    """No such webhook delivery in this centre."""

    code: ClassVar[str] = "partners.delivery.not_found"


class PartnerNotFound(Invalid):
    """An endpoint belongs to a partner's credential, and this is none."""

    code: ClassVar[str] = "partners.endpoint.partner_unknown"
    action: ClassVar[str] = "Name an enabled credential of this centre with scope incident_events."


class EndpointInvalid(Invalid):
    """An endpoint wants at least one event, a name, and a whole credential."""

    code: ClassVar[str] = "partners.endpoint.invalid"
    action: ClassVar[str] = "Correct what is named; a bearer has a token, OAuth an address too."


class StillUnderWay(Conflict):
    """The delivery is still tried by itself, or was sent again already."""

    code: ClassVar[str] = "partners.delivery.under_way"
    action: ClassVar[str] = "Wait for it, or look at the newer delivery."


@dataclass(frozen=True)
class Bearer:
    """What an endpoint is sent as a credential."""

    kind: AuthKind
    secret: str = field(default="", repr=False)
    """What goes into the vault."""


@dataclass(frozen=True)
class NewEndpoint:
    """An endpoint with its signing secret, which is told once."""

    view: EndpointView
    secret: Sensitive[str] = field(repr=False)


class EndpointService:
    """The endpoints and deliveries of the principal's centre."""

    def __init__(
        self,
        db: Database,
        store: EndpointStore,
        ledger: DeliveryLedger,
        *,
        partners: Partners,
        vault: Vault,
        open_post: OpenPost,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        random_bytes: Callable[[int], bytes],
        timeout_s: float = 15.0,
        on_changed: Callable[[], None] = lambda: None,
        on_queued: Callable[[list[str]], None] = lambda _endpoints: None,
    ) -> None:
        self._db = db
        self._store = store
        self._ledger = ledger
        self._partners = partners
        self._vault = vault
        self._open_post = open_post
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._random_bytes = random_bytes
        self._timeout_s = timeout_s
        self._on_changed = on_changed
        self._on_queued = on_queued

    # ---- endpoints

    async def every(self, principal: Principal) -> list[EndpointView]:
        """The endpoints of the centre, oldest first."""
        async with self._db.read() as tx:
            found = await self._store.of_centre(tx, principal.centre_id)
            counts = await self._ledger.counts(tx, principal.centre_id)
        return [_view(one, counts) for one in found]

    async def add(
        self,
        principal: Principal,
        *,
        client_id: str,
        name: str,
        url: str,
        events: Iterable[EventType],
        bearer: Bearer,
        include_demo: bool = False,
        allow_private: bool = False,
    ) -> NewEndpoint:
        """A new endpoint. Raises `UrlRefused`, `PartnerNotFound`, `EndpointInvalid`."""
        secret, now = self._secret(), self._clock.now()
        one = Endpoint(
            endpoint_id=self._ids.new("whk"),
            centre_id=principal.centre_id,
            client_id=client_id,
            name=_name(name),
            url=check_url(url, allow_private=allow_private),
            events=_events(events),
            created_at=now,
            secret="",
            include_demo=include_demo,
            allow_private=allow_private,
        )
        sealed = self._vault.seal(secret, secret_about(one))
        one = self._with_bearer(replace(one, secret=sealed), bearer)
        async with self._db.write() as tx:
            partner = await self._partners.partner(tx, principal.centre_id, client_id)
            if partner is None or not partner.enabled:
                raise PartnerNotFound("this is no credential of a partner of this centre")
            await self._store.add(tx, one)
            await self._record(
                tx, principal, "partners:endpoint:added", one, client_id=client_id,
                events=sorted(one.events), auth=one.auth, allow_private=allow_private,
            )  # fmt: skip
            tx.after_commit(self._on_changed)
        return NewEndpoint(_view(one, {}), Sensitive(secret, "webhook.secret"))

    async def change(
        self,
        principal: Principal,
        endpoint_id: str,
        *,
        name: str | None = None,
        url: str | None = None,
        events: Iterable[EventType] | None = None,
        bearer: Bearer | None = None,
        include_demo: bool | None = None,
        allow_private: bool | None = None,
        enabled: bool | None = None,
    ) -> EndpointView:
        """Change what is given. Raises as `add` does, and `EndpointNotFound`."""
        async with self._db.write() as tx:
            before = await self._get(tx, principal, endpoint_id)
            private = before.allow_private if allow_private is None else allow_private
            after = replace(
                before,
                name=before.name if name is None else _name(name),
                url=check_url(before.url if url is None else url, allow_private=private),
                events=before.events if events is None else _events(events),
                include_demo=before.include_demo if include_demo is None else include_demo,
                allow_private=private,
            )
            if bearer is not None:
                after = self._with_bearer(after, bearer)
            if enabled is True:
                partner = await self._partners.partner(tx, after.centre_id, after.client_id)
                if partner is None or not partner.enabled:
                    raise PartnerNotFound("the credential of this endpoint is disabled")
                after = replace(after, disabled_because=None)
            elif enabled is False and before.enabled:
                after = replace(after, disabled_because="administrator")
            if after != before:
                await self._store.save(tx, after)
                changed = sorted(
                    key
                    for key in ("name", "url", "events", "auth", "credential", "include_demo",
                                "allow_private", "disabled_because")
                    if getattr(after, key) != getattr(before, key)
                )  # fmt: skip
                await self._record(
                    tx, principal, "partners:endpoint:changed", after,
                    changed=changed, enabled=after.enabled,
                    allow_private=after.allow_private,
                )  # fmt: skip
                tx.after_commit(self._on_changed)
            counts = await self._ledger.counts(tx, principal.centre_id)
        return _view(after, counts)

    async def rotate(self, principal: Principal, endpoint_id: str) -> NewEndpoint:
        """A new signing secret; the one before signs as well for a day."""
        secret, now = self._secret(), self._clock.now()
        async with self._db.write() as tx:
            before = await self._get(tx, principal, endpoint_id)
            after = replace(
                before,
                secret=self._vault.seal(secret, secret_about(before)),
                old_secret=before.secret,
                old_secret_until=now + OLD_SECRET_SIGNS,
            )
            await self._store.save(tx, after)
            await self._record(tx, principal, "partners:endpoint:rotated", after)
            tx.after_commit(self._on_changed)
            counts = await self._ledger.counts(tx, principal.centre_id)
        return NewEndpoint(_view(after, counts), Sensitive(secret, "webhook.secret"))

    async def remove(self, principal: Principal, endpoint_id: str) -> None:
        """Remove an endpoint; what waits for it is given up."""
        async with self._db.write() as tx:
            one = await self._get(tx, principal, endpoint_id)
            await self._ledger.abandon(tx, endpoint_id, *REMOVED)
            await self._store.remove(tx, endpoint_id, self._clock.now())
            await self._record(
                tx, principal, "partners:endpoint:removed", one, host=httpx.URL(one.url).host
            )
            tx.after_commit(self._on_changed)

    async def test(self, principal: Principal, endpoint_id: str) -> PartnerDeliveryView:
        """Send a harmless event now and tell what came of it."""
        async with self._db.write() as tx:
            one = await self._get(tx, principal, endpoint_id)
            await self._record(
                tx, principal, "partners:endpoint:tested", one, host=httpx.URL(one.url).host
            )
        now = self._clock.now()
        delivery_id = self._ids.new("dlv")
        trial = Delivery(
            delivery_id=delivery_id,
            centre_id=one.centre_id,
            endpoint_id=endpoint_id,
            event_id=self._ids.new("evt"),
            type="incident_metadata",
            incident_id=incident_uuid(delivery_id),
            body="",
            created_at=now,
        )
        post = self._open_post(allow_private=one.allow_private, connections=1)
        try:
            attempts = Attempts(one, post, self._vault, self._clock, timeout_s=self._timeout_s)
            outcome = await attempts.make(
                event_id=trial.event_id,
                delivery_id=delivery_id,
                attempt=1,
                body=trial_body(trial.incident_id, added_time(now)),
            )
        except RingdownError as error:
            outcome = Failed(error.code, error.message)
        finally:
            await post.close()
        # Not kept, and tried once: a schedule of one attempt.
        done = attempted(trial, outcome, self._clock.now(), 0.0, (0.0,))
        return delivery_view(done).model_copy(update={"type": "test"})

    # ---- deliveries

    async def deliveries(
        self,
        principal: Principal,
        *,
        endpoint_id: str | None = None,
        state: DeliveryState | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> list[PartnerDeliveryView]:
        """Deliveries of the centre, newest first."""
        async with self._db.read() as tx:
            found = await self._ledger.page(
                tx, principal.centre_id,
                endpoint_id=endpoint_id, state=state, before=before, limit=limit,
            )  # fmt: skip
        return [delivery_view(one) for one in found]

    async def redeliver(self, principal: Principal, delivery_id: str) -> PartnerDeliveryView:
        """Send one delivery again, as a new one. Raises `DeliveryNotFound`, `StillUnderWay`."""
        async with self._db.write() as tx:
            old = await self._ledger.get(tx, principal.centre_id, delivery_id)
            if old is None:
                raise DeliveryNotFound("there is no such delivery")
            await self._get(tx, principal, old.endpoint_id)
            if not old.settled or old.redelivered_as is not None:
                raise StillUnderWay("this is under way", details={"state": old.state})
            (new,) = await self._again(tx, [old])
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag="partners:delivery:redelivered",
                actor=principal,
                subject=delivery_id,
                details={"as": new.delivery_id, "endpoint_id": old.endpoint_id},
            )
        return delivery_view(new)

    async def redeliver_range(
        self, principal: Principal, endpoint_id: str, start: datetime, end: datetime
    ) -> int:
        """Send the dead letters of a time range again; how many there were, up to a thousand."""
        async with self._db.write() as tx:
            one = await self._get(tx, principal, endpoint_id)
            old = await self._ledger.dead_between(
                tx, principal.centre_id, endpoint_id, start, end, AT_ONCE
            )
            await self._again(tx, old)
            await self._record(
                tx, principal, "partners:delivery:range_redelivered", one,
                start=iso(start), end=iso(end), count=len(old),
            )  # fmt: skip
        return len(old)

    async def _again(self, tx: Tx, old: list[Delivery]) -> list[Delivery]:
        now = self._clock.now()
        made = [redelivery(one, self._ids.new("dlv"), now) for one in old]
        await self._ledger.add(tx, made)
        await self._ledger.redelivered(
            tx, {one.delivery_id: new.delivery_id for one, new in zip(old, made, strict=True)}
        )
        queued = sorted({one.endpoint_id for one in made})
        tx.after_commit(lambda: self._on_queued(queued))
        tx.after_commit(self._on_changed)
        return made

    # ---- shared steps

    async def _get(self, tx: Tx, principal: Principal, endpoint_id: str) -> Endpoint:
        found = await self._store.get(tx, principal.centre_id, endpoint_id)
        if found is None:
            raise EndpointNotFound("there is no such endpoint")
        return found

    def _secret(self) -> str:
        return write_secret(self._random_bytes(32))

    def _with_bearer(self, endpoint: Endpoint, bearer: Bearer) -> Endpoint:
        if bearer.kind == "none":
            return replace(endpoint, auth="none", credential=None)
        if bearer.kind == "oauth":
            check_url(OAuth.read(bearer.secret).token_url, allow_private=endpoint.allow_private)
        sealed = self._vault.seal(bearer.secret, credential_about(endpoint))
        return replace(endpoint, auth=bearer.kind, credential=sealed)

    async def _record(
        self, tx: Tx, principal: Principal, tag: str, endpoint: Endpoint, **details: Any
    ) -> None:
        await self._audit.append(
            tx,
            centre_id=principal.centre_id,
            tag=tag,
            actor=principal,
            subject=endpoint.endpoint_id,
            # The host alone: some addresses hold a secret in their path.
            details={"host": httpx.URL(endpoint.url).host, **details},
        )


def bearer_of(
    *,
    kind: AuthKind,
    token: str | None = None,
    token_url: str | None = None,
    client_id: str | None = None,
    client_secret: str | None = None,
    scope: str | None = None,
) -> Bearer:
    """A credential as it was given. Raises `EndpointInvalid`."""
    if kind == "none":
        return Bearer("none")
    if kind == "bearer":
        if not token or not token.isascii() or not token.isprintable():
            raise EndpointInvalid("a bearer has a token")
        return Bearer("bearer", token)
    if not token_url or not client_id or not client_secret:
        raise EndpointInvalid("OAuth has an address, a client id and a client secret")
    return Bearer("oauth", OAuth(token_url, client_id, client_secret, scope).written())


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise EndpointInvalid("an endpoint has a name of at most 120 characters")
    return name


def _events(events: Iterable[EventType]) -> frozenset[EventType]:
    found = frozenset(events)
    if not found:
        raise EndpointInvalid("an endpoint wants at least one kind of event")
    return found


def _view(endpoint: Endpoint, counts: dict[str, Counts]) -> EndpointView:
    count = counts.get(endpoint.endpoint_id, Counts())
    return endpoint_view(endpoint, queued=count.queued, dead=count.dead)
