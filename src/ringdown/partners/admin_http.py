"""Routes for administrators: webhook endpoints, deliveries, dead letters."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field, SecretStr

from ringdown.core.clock import parse_iso
from ringdown.core.errors import Invalid
from ringdown.core.events import Value
from ringdown.partners.endpoints import Bearer, EndpointService, NewEndpoint, bearer_of
from ringdown.partners.ledger import DeliveryState, EndpointView, PartnerDeliveryView
from ringdown.partners.model import EventType
from ringdown.runtime.http import Caller, Routes

Name = Annotated[str, Field(min_length=1, max_length=200)]
Url = Annotated[str, Field(min_length=1, max_length=2000)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")]
Hidden = Annotated[SecretStr, Field(min_length=1, max_length=8192)]


def _open(hidden: SecretStr | None) -> str | None:
    return None if hidden is None else hidden.get_secret_value()


class AuthForm(Value):
    """How the receiver knows us: by the signature alone, a long-lived token, or OAuth."""

    kind: Literal["none", "bearer", "oauth"]
    token: Hidden | None = None
    token_url: Url | None = None
    client_id: Name | None = None
    client_secret: Hidden | None = None
    scope: Name | None = None

    def read(self) -> Bearer:
        """As the service takes it. Raises `EndpointInvalid`."""
        return bearer_of(
            kind=self.kind,
            token=_open(self.token),
            token_url=self.token_url,
            client_id=self.client_id,
            client_secret=_open(self.client_secret),
            scope=self.scope,
        )


class NewEndpointForm(Value):
    """An endpoint to add, for a partner's credential."""

    client_id: Id
    name: Name
    url: Url
    events: list[EventType]
    auth: AuthForm = AuthForm(kind="none")
    include_demo: bool = False
    allow_private: bool = False


class EndpointPatch(Value):
    """What to change; what is left out stays."""

    name: Name | None = None
    url: Url | None = None
    events: list[EventType] | None = None
    auth: AuthForm | None = None
    include_demo: bool | None = None
    allow_private: bool | None = None
    enabled: bool | None = None


class EndpointPage(Value):
    """The webhook endpoints of the centre."""

    endpoints: list[EndpointView]


class EndpointSecretView(EndpointView):
    """An endpoint with its signing secret, which is told this once."""

    secret: str


class PartnerDeliveryPage(Value):
    """Some webhook deliveries, newest first."""

    deliveries: list[PartnerDeliveryView]


class Span(Value):
    """Dead letters of an endpoint to send again, by when they were made (ISO 8601)."""

    endpoint_id: Id
    from_: str = Field(alias="from")
    to: str


class Redelivered(Value):
    """How many were sent again; ask once more after a thousand."""

    count: int


def partner_admin_routes(service: EndpointService) -> Routes:
    """The routes of this feature that administrators use."""
    routes = Routes("partners")

    @routes.get("/v1/partners/endpoints", permission="partners:read")
    async def endpoints(caller: Caller) -> EndpointPage:
        """The webhook endpoints of the centre."""
        return EndpointPage(endpoints=await service.every(caller))

    @routes.post("/v1/partners/endpoints", permission="partners:manage", status_code=201)
    async def add(caller: Caller, body: NewEndpointForm) -> EndpointSecretView:
        """Add an endpoint; its signing secret is told this once."""
        made = await service.add(
            caller,
            client_id=body.client_id,
            name=body.name,
            url=body.url,
            events=body.events,
            bearer=body.auth.read(),
            include_demo=body.include_demo,
            allow_private=body.allow_private,
        )
        return _told(made)

    @routes.patch("/v1/partners/endpoints/{endpoint_id}", permission="partners:manage")
    async def change(caller: Caller, endpoint_id: str, body: EndpointPatch) -> EndpointView:
        """Change an endpoint, or switch it on or off."""
        return await service.change(
            caller,
            endpoint_id,
            name=body.name,
            url=body.url,
            events=body.events,
            bearer=None if body.auth is None else body.auth.read(),
            include_demo=body.include_demo,
            allow_private=body.allow_private,
            enabled=body.enabled,
        )

    @routes.delete(
        "/v1/partners/endpoints/{endpoint_id}", permission="partners:manage", status_code=204
    )
    async def remove(caller: Caller, endpoint_id: str) -> None:
        """Remove an endpoint; what waits for it is given up."""
        await service.remove(caller, endpoint_id)

    @routes.post("/v1/partners/endpoints/{endpoint_id}/rotate", permission="partners:manage")
    async def rotate(caller: Caller, endpoint_id: str) -> EndpointSecretView:
        """Give an endpoint a new signing secret; the one before signs as well for a day."""
        return _told(await service.rotate(caller, endpoint_id))

    @routes.post("/v1/partners/endpoints/{endpoint_id}/test", permission="partners:manage")
    async def test(caller: Caller, endpoint_id: str) -> PartnerDeliveryView:
        """Send a harmless event of type `test` now; what came of it is told and not kept."""
        return await service.test(caller, endpoint_id)

    @routes.get("/v1/partners/deliveries", permission="partners:read")
    async def deliveries(
        caller: Caller,
        endpoint_id: str | None = None,
        state: DeliveryState | None = None,
        before: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> PartnerDeliveryPage:
        """Deliveries, newest first, a page at a time."""
        found = await service.deliveries(
            caller, endpoint_id=endpoint_id, state=state, before=before, limit=limit
        )
        return PartnerDeliveryPage(deliveries=found)

    @routes.post("/v1/partners/deliveries/{delivery_id}/redeliver", permission="partners:manage")
    async def redeliver(caller: Caller, delivery_id: str) -> PartnerDeliveryView:
        """Send a delivery again, as a new one with the same event id."""
        return await service.redeliver(caller, delivery_id)

    @routes.post("/v1/partners/redeliver", permission="partners:manage")
    async def redeliver_range(caller: Caller, body: Span) -> Redelivered:
        """Send the dead letters of a time again."""
        try:
            start, end = parse_iso(body.from_), parse_iso(body.to)
        except ValueError:
            raise Invalid(
                "an instant is written as ISO 8601", details={"example": "2026-03-01T03:12:00Z"}
            ) from None
        return Redelivered(
            count=await service.redeliver_range(caller, body.endpoint_id, start, end)
        )

    return routes


def _told(made: NewEndpoint) -> EndpointSecretView:
    secret = made.secret.reveal("it is told once to who made it")
    return EndpointSecretView(**made.view.model_dump(), secret=secret)
