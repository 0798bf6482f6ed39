"""The routes of identity and audit, through a real application with the real authentication."""

import base64
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.websockets import WebSocket
from tests.unit.identity.world import OTHER, PASSWORD, World

from ringdown.audit.http import audit_routes
from ringdown.audit.verify_export import verify
from ringdown.identity.adapters.http_auth import CredentialUnreadable, HttpAuth, _credential
from ringdown.identity.http import IdentityParts, identity_routes
from ringdown.runtime.http import Caller, Routes, install


def probe_routes() -> Routes:
    routes = Routes("probe")

    @routes.websocket("/v1/probe", permission="calls:read")
    async def probe(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.state.principal.id)
        await websocket.close()

    @routes.post("/v1/calls", permission="calls:write")
    async def call(caller: Caller) -> dict[str, str]:
        return {"by": caller.id}

    return routes


async def talk(app: FastAPI, path: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """What the application says on a WebSocket to somebody who only connects."""
    said: list[dict[str, Any]] = []
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.7", 1),
        "server": ("ringdown.test", 80),
        "subprotocols": [],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    return said


class Browser:
    """Keeps cookies and the CSRF token, as the console does."""

    def __init__(self, app: FastAPI, base: str = "http://ringdown.test") -> None:
        transport = httpx.ASGITransport(
            app=app, raise_app_exceptions=False, client=("192.0.2.7", 1)
        )
        self.http = httpx.AsyncClient(transport=transport, base_url=base)
        self.csrf = ""

    async def __call__(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.http.request(
            method,
            path,
            json=body,
            headers=httpx.Headers({"x-csrf-token": self.csrf, **named}, encoding="latin-1"),
        )
        if answer.is_success and b"csrf_token" in answer.content:
            self.csrf = answer.json()["csrf_token"]
        return answer

    async def sign_in(self, username: str = "anna", password: str = PASSWORD) -> httpx.Response:
        return await self("POST", "/v1/session", {"username": username, "password": password})


@pytest.fixture
def app(world: World) -> FastAPI:
    app = FastAPI(openapi_url=None)
    auth = HttpAuth(world.authentication, allowed_origins=("https://console.example.gov",))
    parts = IdentityParts(world.sessions, world.users, world.clients, world.setup)
    features = [
        identity_routes(parts, auth.check_origin),
        audit_routes(world.audit, world.database),
        probe_routes(),
    ]
    install(app, auth, features)
    return app


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    return Browser(app)


@pytest.fixture
async def anna(world: World, app: FastAPI) -> Browser:
    await world.centre()
    made = Browser(app)
    assert (await made.sign_in()).status_code == 200
    return made


async def test_the_setup_link_ends_at_the_console(world: World, browser: Browser) -> None:
    """From nothing to a signed-in administrator, over HTTP."""
    assert (await browser("GET", "/v1/setup")).json() == {"needed": True}
    form = {
        "token": await world.setup.issue_token(),
        "centre_name": "Fictional County",
        "username": "anna",
        "display_name": "Anna",
        "password": PASSWORD,
    }
    answer = await browser("POST", "/v1/setup", form)
    assert answer.json()["user"]["roles"] == ["administrator", "telecommunicator"]
    assert (await browser("GET", "/v1/session")).json() == answer.json()
    assert (await browser("GET", "/v1/setup")).json() == {"needed": False}
    assert (await browser("POST", "/v1/setup", form)).status_code == 403


async def test_the_session_tells_what_the_console_needs(anna: Browser) -> None:
    """Person, centre, permissions, the CSRF token, the log-on before."""
    session = (await anna("GET", "/v1/session")).json()
    assert session["user"]["username"] == "anna"
    assert session["centre"]["name"] == "Fictional County"
    assert "identity:manage" in session["permissions"]
    assert session["csrf_token"] == anna.csrf
    assert session["must_change_password"] is False
    assert session["previous_log_on"] == {"at": "2026-03-01T03:00:00.000Z", "failures": 0}


@pytest.mark.parametrize(
    ("base", "secure"), [("http://ringdown.test", False), ("https://ringdown.test", True)]
)
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    world: World, app: FastAPI, base: str, secure: bool
) -> None:
    """HttpOnly and SameSite=Strict always, Secure over TLS."""
    await world.centre()
    cookie = (await Browser(app, base).sign_in()).headers["set-cookie"].casefold()
    assert cookie.startswith("ringdown_session=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert ("secure" in cookie) is secure


async def test_failed_log_ons_differ_in_nothing(
    world: World, anna: Browser, browser: Browser
) -> None:
    """Status and body are the same for a name that exists and one that does not."""
    known = await browser.sign_in("anna", "wrong wrong wrong")
    unknown = await browser.sign_in("nobody", "wrong wrong wrong")
    assert known.status_code == unknown.status_code == 401
    assert known.content == unknown.content
    assert "anna" not in known.text


@pytest.mark.parametrize("csrf", ["", "wrong", "\xe9"])
async def test_an_unsafe_request_needs_the_token_of_its_session(anna: Browser, csrf: str) -> None:
    """The cookie alone changes nothing."""
    anna.csrf = csrf
    answer = await anna("POST", "/v1/clients", {"name": "X", "scopes": ["calls:read"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "identity.csrf")
    assert (await anna("GET", "/v1/clients")).json() == {"clients": []}


async def test_the_token_of_another_session_is_refused(
    world: World, anna: Browser, browser: Browser
) -> None:
    """Even one of the same user."""
    await browser.sign_in()
    anna.csrf = browser.csrf
    assert (await anna("DELETE", "/v1/session")).status_code == 403


@pytest.mark.parametrize("path", ["/v1/session", "/v1/setup"])
async def test_another_site_cannot_sign_somebody_in(anna: Browser, path: str) -> None:
    """A page of somebody else could otherwise swap the session for its own."""
    answer = await anna(
        "POST",
        path,
        {
            "username": "anna",
            "password": PASSWORD,
            "token": "x",
            "centre_name": "x",
            "display_name": "x",
        },
        origin="https://evil.test",
    )
    assert answer.status_code in {403, 422}
    body = {"username": "anna", "password": PASSWORD}
    refused = await anna("POST", "/v1/session", body, origin="https://evil.test")
    assert refused.json()["code"] == "identity.origin"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://ringdown.test", 200),
        ("https://console.example.gov", 200),
        ("https://evil.test", 403),
        ("null", 403),
        ("http://ringdown.test.evil.test", 403),
    ],
)
async def test_cookies_work_for_our_own_pages_only(anna: Browser, origin: str, status: int) -> None:
    """By the Origin header, when the browser sends one."""
    assert (await anna("GET", "/v1/users", origin=origin)).status_code == status


async def test_signing_out_empties_the_cookie(anna: Browser) -> None:
    """And the session is over on the server."""
    token = anna.http.cookies["ringdown_session"]
    assert (await anna("DELETE", "/v1/session")).status_code == 204
    assert "ringdown_session" not in anna.http.cookies
    answer = await anna("GET", "/v1/session", cookie=f"ringdown_session={token}")
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.session.over")


async def test_changing_the_password_renews_cookie_and_token(anna: Browser) -> None:
    """The console goes on without a new log-on."""
    before = anna.csrf
    answer = await anna("POST", "/v1/session/password", {"current": PASSWORD, "new": OTHER})
    assert answer.status_code == 200
    assert anna.csrf != before
    assert (await anna("GET", "/v1/session")).status_code == 200


async def test_users_are_managed_over_http(anna: Browser, browser: Browser) -> None:
    """Add, first log-on with a limited session, own password, disable."""
    body = {
        "username": "bert",
        "display_name": "Bert",
        "roles": ["telecommunicator"],
        "password": PASSWORD,
    }
    added = await anna("POST", "/v1/users", body)
    assert added.status_code == 201
    session = (await browser.sign_in("bert")).json()
    assert session["must_change_password"] is True
    assert session["permissions"] == ["session:self"]
    await browser("POST", "/v1/session/password", {"current": PASSWORD, "new": OTHER})
    path = f"/v1/users/{added.json()['user_id']}"
    assert (await anna("PATCH", path, {"disabled": True})).json()["disabled"] is True
    assert (await browser("GET", "/v1/session")).status_code == 401
    assert [user["username"] for user in (await anna("GET", "/v1/users")).json()["users"]] == [
        "anna",
        "bert",
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "b", "display_name": "B", "roles": [], "password": PASSWORD}, 422),
        ({"username": "b", "display_name": "B", "roles": ["wizard"], "password": PASSWORD}, 422),
        ({"username": "b", "display_name": "B", "roles": ["auditor"], "password": "tiny"}, 422),
        (
            {"username": "anna", "display_name": "B", "roles": ["auditor"], "password": PASSWORD},
            409,
        ),
        (
            {
                "username": "b",
                "display_name": "B",
                "roles": ["auditor"],
                "password": PASSWORD,
                "x": 1,
            },
            422,
        ),
    ],
    ids=["no role", "unknown role", "weak password", "name taken", "unknown key"],
)
async def test_bad_users_are_refused_without_an_echo(
    anna: Browser, body: dict[str, object], status: int
) -> None:
    """With a problem that never repeats the password."""
    answer = await anna("POST", "/v1/users", body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(body["password"]) not in answer.text


async def test_a_client_secret_is_shown_once(anna: Browser, browser: Browser) -> None:
    """In the answer to the one who asked, never in a list; by Basic and by Bearer it works."""
    made = (await anna("POST", "/v1/clients", {"name": "Phones", "scopes": ["calls:write"]})).json()
    client_id, secret = made["client_id"], made["client_secret"]
    assert secret not in (await anna("GET", "/v1/clients")).text
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    for header in (
        f"Basic {basic}",
        f"Bearer {client_id}.{secret}",
        f"bearer {client_id}.{secret}",
    ):
        answer = await browser("POST", "/v1/calls", {}, authorization=header)
        assert answer.json() == {"by": client_id}
    rotated = (await anna("POST", f"/v1/clients/{client_id}/rotate")).json()
    assert rotated["client_secret"] != secret
    assert (
        await browser("POST", "/v1/calls", {}, authorization=f"Basic {basic}")
    ).status_code == 401
    assert (await anna("DELETE", f"/v1/clients/{client_id}")).status_code == 204
    header = f"Bearer {client_id}.{rotated['client_secret']}"
    assert (await browser("POST", "/v1/calls", {}, authorization=header)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"nocolon").decode(),
        "Bearer nodot",
        "Bearer .x",
        "Digest x",
    ],
)
async def test_unreadable_credentials_are_unauthenticated(browser: Browser, header: str) -> None:
    """Any header is answered with 401 and a code."""
    answer = await browser("POST", "/v1/calls", {}, authorization=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.credential.unreadable")


async def test_a_credential_in_the_header_goes_before_the_cookie(anna: Browser) -> None:
    """A wrong one is not rescued by a session."""
    assert (await anna("GET", "/v1/users", authorization="Bearer client_x.y")).status_code == 401


@pytest.mark.parametrize(
    ("origin", "code"),
    [("http://ringdown.test", None), ("https://evil.test", 4403), (None, 4403)],
)
async def test_sockets_with_a_cookie_come_from_our_own_pages(
    app: FastAPI, anna: Browser, origin: str | None, code: int | None
) -> None:
    """A page of somebody else could open one with the user's cookie (RFC 6455 §10.2)."""
    cookie = f"ringdown_session={anna.http.cookies['ringdown_session']}"
    headers = {"cookie": cookie, "host": "ringdown.test"}
    headers |= {} if origin is None else {"origin": origin}
    said = await talk(app, "/v1/probe", headers)
    assert said[0]["type"] == "websocket.accept"
    if code is None:
        assert said[1]["text"].startswith("user_")
    else:
        assert (said[1]["code"], said[1]["reason"]) == (code, "identity.origin")


async def test_the_audit_log_is_read_and_exported(anna: Browser) -> None:
    """Pages follow one another; the export is whole; both are in the log."""
    first = (await anna("GET", "/v1/audit?limit=2")).json()
    second = (await anna("GET", f"/v1/audit?after={first['next']}&limit=500")).json()
    assert [row["seq"] for row in first["rows"] + second["rows"]] == list(range(1, 7))
    assert second["next"] is None
    export = await anna("GET", "/v1/audit/export")
    lines = export.content.splitlines(keepends=True)
    count, head = int(export.headers["x-audit-count"]), export.headers["x-audit-head"]
    assert verify(lines, head=head, count=count).whole
    assert count == len(lines) == 8
    assert [json.loads(line)["tag"] for line in lines[-3:]] == [
        "audit:log:read",
        "audit:log:read",
        "audit:log:exported",
    ]


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=501", "after=x"])
async def test_pages_are_bounded(anna: Browser, query: str) -> None:
    """Nobody reads everything at once by a large number."""
    assert (await anna("GET", f"/v1/audit?{query}")).status_code == 422


@given(st.text() | st.builds(lambda body: f"Basic {base64.b64encode(body).decode()}", st.binary()))
def test_any_header_is_a_credential_or_unreadable(header: str) -> None:
    """The parser of `Authorization` raises nothing but its documented error."""
    try:
        client_id, secret = _credential(header)
    except CredentialUnreadable:
        return
    assert client_id
    assert secret.reveal("test")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/users/%00",
        "/v1/users/a%2Fb",
        f"/v1/users/{'x' * 65}",
        "/v1/audit?after=9999999999999999999999",
    ],
)
async def test_impossible_ids_are_refused_before_the_database(anna: Browser, path: str) -> None:
    """What could not be an id or a number of a row is the request's mistake."""
    method = "PATCH" if "users" in path else "GET"
    answer = await anna(method, path, {} if method == "PATCH" else None)
    assert answer.status_code in {400, 404, 422}
