"""The token endpoint and the tokens it gives, through a real application."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from tests.unit.identity.world import World

from ringdown.core.principal import Principal
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.http_auth import HttpAuth
from ringdown.identity.api import CredentialUnreadable, socket_token
from ringdown.identity.oauth_http import oauth_routes
from ringdown.identity.service.clients import NewSecret
from ringdown.identity.token_request import TokenRequest
from ringdown.runtime.http import Caller, Routes, install

FORM = "application/x-www-form-urlencoded"


def probe_routes() -> Routes:
    routes = Routes("probe", scoped=True)

    @routes.get("/v1/incident_events", permission="incident_events")
    async def events(caller: Caller) -> dict[str, str]:
        return {"by": caller.id}

    @routes.get("/v1/calls", permission="calls:read")
    async def calls(caller: Caller) -> dict[str, str]:
        return {"by": caller.id}

    return routes


@pytest.fixture
def http(world: World) -> httpx.AsyncClient:
    app = FastAPI(openapi_url=None)
    install(
        app,
        HttpAuth(world.authentication, world.tokens),
        [oauth_routes(world.tokens), probe_routes()],
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.7", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://ringdown.test")


@pytest.fixture
async def made(world: World, admin: Principal) -> NewSecret:
    return await world.clients.add(admin, name="Responders", scopes=["incident_events"])


def credential(made: NewSecret) -> dict[str, str]:
    return {"client_id": made.client.client_id, "client_secret": made.secret.reveal("test")}


async def token(http: httpx.AsyncClient, made: NewSecret) -> str:
    asked = {"grant_type": "client_credentials", **credential(made)}
    return (await http.post("/oauth/token", json=asked)).json()["access_token"]


async def test_json_form_and_basic_all_get_a_token(
    http: httpx.AsyncClient, made: NewSecret
) -> None:
    """The answer is that of RFC 6749 §5.1, and nobody on the way keeps it."""
    grant = {"grant_type": "client_credentials", "scope": "incident_events"}
    whole, pair = grant | credential(made), tuple(credential(made).values())
    for answer in (
        await http.post("/oauth/token", json=whole),
        await http.post("/oauth/token", data=whole),
        await http.post("/oauth/token", data=grant, auth=pair),
        await http.post("/oauth/token", json=grant, auth=pair),
    ):
        assert answer.status_code == 200
        body = answer.json()
        assert body.pop("access_token").count(".") == 2
        assert body == {"token_type": "Bearer", "expires_in": 7200, "scope": "incident_events"}
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"scope": "cad_incidents"}, 400, "invalid_scope"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
    ],
)
async def test_errors_are_those_of_the_standard(
    http: httpx.AsyncClient, made: NewSecret, change: dict[str, str], status: int, error: str
) -> None:
    """RFC 6749 §5.2, by JSON and by form; no secret comes back."""
    body = {"grant_type": "client_credentials", **credential(made), **change}
    body = {name: value for name, value in body.items() if value is not None}
    for answer in (
        await http.post("/oauth/token", json=body),
        await http.post("/oauth/token", data=body),
    ):
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        text = answer.json()["error_description"]
        assert all(" " <= letter <= "~" and letter not in '"\\' for letter in text)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"
        assert "www-authenticate" not in answer.headers
        assert made.secret.reveal("test") not in answer.text


async def test_a_wrong_header_is_answered_with_a_challenge(
    http: httpx.AsyncClient, made: NewSecret
) -> None:
    """401 and the scheme the client used (RFC 6749 §5.2)."""
    body = {"grant_type": "client_credentials"}
    answer = await http.post("/oauth/token", data=body, auth=(made.client.client_id, "wrong"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == 'Basic realm="ringdown"'


async def test_too_many_wrong_secrets_are_told_to_wait(
    http: httpx.AsyncClient, made: NewSecret
) -> None:
    """429 with Retry-After; the right secret still gets its token."""
    wrong = {"grant_type": "client_credentials", **credential(made), "client_secret": "wrong"}
    statuses = [(await http.post("/oauth/token", json=wrong)).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert (await http.post("/oauth/token", json=wrong)).headers["retry-after"] == "60"
    assert await token(http, made)


async def test_a_query_carries_no_credential(http: httpx.AsyncClient, made: NewSecret) -> None:
    """A secret in a URL is in somebody's log already (RFC 6749 §2.3.1)."""
    query = {"grant_type": "client_credentials", **credential(made)}
    answer = await http.post("/oauth/token", params=query, headers={"content-type": FORM})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_body_of_any_size_is_not_read(http: httpx.AsyncClient) -> None:
    """A request for a token is small."""
    answer = await http.post("/oauth/token", content=b"x" * 20_000, headers={"content-type": FORM})
    assert answer.status_code == 413


async def test_a_token_opens_what_its_scope_says(http: httpx.AsyncClient, made: NewSecret) -> None:
    """And nothing else."""
    headers = {"authorization": f"Bearer {await token(http, made)}"}
    answer = await http.get("/v1/incident_events", headers=headers)
    assert answer.json() == {"by": made.client.client_id}
    refused = await http.get("/v1/calls", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    lower = {"authorization": headers["authorization"].replace("Bearer", "bearer")}
    assert (await http.get("/v1/incident_events", headers=lower)).status_code == 200


async def test_a_refused_token_says_how_to_go_on(
    world: World, http: httpx.AsyncClient, admin: Principal, made: NewSecret
) -> None:
    """401 with the challenge of RFC 6750 §3; expired and void have codes of their own."""
    good = await token(http, made)
    seen = []
    for step in ("expired", "disabled", "nonsense"):
        if step == "expired":
            world.clock.advance(7200)
        if step == "disabled":
            good = await token(http, made)
            await world.clients.disable(admin, made.client.client_id)
        sent = "a.b.c" if step == "nonsense" else good
        answer = await http.get("/v1/incident_events", headers={"authorization": f"Bearer {sent}"})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == (
            'Bearer realm="ringdown", error="invalid_token"'
        )
        seen.append(answer.json()["code"])
    assert seen == ["identity.token.expired", "identity.token.refused", "identity.token.refused"]
    anonymous = await http.get("/v1/incident_events")
    assert anonymous.headers["www-authenticate"] == 'Bearer realm="ringdown"'


async def test_the_secret_itself_still_opens_the_same(
    http: httpx.AsyncClient, made: NewSecret
) -> None:
    """As every API client's does, by Basic and by Bearer."""
    client_id, secret_ = credential(made).values()
    assert (await http.get("/v1/incident_events", auth=(client_id, secret_))).status_code == 200
    header = {"authorization": f"Bearer {client_id}.{secret_}"}
    assert (await http.get("/v1/incident_events", headers=header)).status_code == 200


# ---- the token of a WebSocket


def socket(query: str = "", offered: tuple[str, ...] = (), *headers: str) -> HTTPConnection:
    return HTTPConnection(
        {
            "type": "websocket",
            "query_string": query.encode(),
            "subprotocols": list(offered),
            "headers": [(b"authorization", each.encode()) for each in headers],
        }
    )


@pytest.mark.parametrize(
    "connection",
    [
        socket("token=a.b.c"),
        socket("jid=a.b.c"),
        socket("token=a.b.c&jid=a.b.c&pi=3"),
        socket("token=&jid=a.b.c"),
        socket("", ("actioncable-v1-json", "anycable-token.a.b.c")),
        socket("", (), "Bearer a.b.c"),
        socket("token=a.b.c", ("anycable-token.a.b.c",), "bearer a.b.c"),
    ],
)
def test_a_socket_brings_its_token_in_any_of_four_ways(connection: HTTPConnection) -> None:
    """One of them, or several that agree."""
    assert socket_token(connection) == Sensitive("a.b.c", "any")


@pytest.mark.parametrize(
    "connection", [socket(), socket("token="), socket("", ("actioncable-v1-json",)), socket("x=y")]
)
def test_a_socket_may_bring_no_token(connection: HTTPConnection) -> None:
    """Which is for the door to judge."""
    assert socket_token(connection) is None


@pytest.mark.parametrize(
    "connection",
    [
        socket("token=a.b.c&token=a.b.d"),
        socket("token=a.b.c&jid=a.b.d"),
        socket("token=a.b.c", ("anycable-token.a.b.d",)),
        socket("token=a.b.c", (), "Bearer a.b.d"),
        socket("token=a.b.c", (), "Basic YTpi"),
    ],
)
def test_tokens_that_differ_are_refused(connection: HTTPConnection) -> None:
    """Nobody guesses which of them was meant, and the error shows none."""
    with pytest.raises(CredentialUnreadable) as caught:
        socket_token(connection)
    assert "a.b" not in str(caught.value)


async def test_a_sockets_token_is_one_of_ours(world: World, made: NewSecret) -> None:
    """What is found leads to the partner; it prints nowhere."""
    request = TokenRequest("client_credentials", made.client.client_id, made.secret, frozenset())
    issued = await world.tokens.issue(request, source="192.0.2.9")
    found = socket_token(socket(f"token={issued.token.reveal('test')}"))
    assert found is not None
    assert (await world.tokens.principal_of(found)).id == made.client.client_id
    assert issued.token.reveal("test") not in f"{found!r} {found}"
