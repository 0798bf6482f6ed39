"""The edge: no route without a permission, and every error as a problem with a code."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import HTTPConnection, Request

from ringdown.core import errors
from ringdown.core.principal import Principal
from ringdown.runtime.http import PUBLIC, Caller, Routes, install

ANNA = Principal("user", "user_1", "Anna", "centre_1", frozenset({"calls:read"}))


class Body(BaseModel):
    count: int


class Loose(BaseModel):
    text: str = ""
    data: dict[str, object] = {}


async def authenticate(connection: HTTPConnection) -> Principal | None:
    return ANNA if connection.headers.get("x-who") == "anna" else None


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    routes = Routes("test")

    @routes.get("/open", permission=PUBLIC)
    async def open_() -> dict[str, str]:
        return {"hello": "all"}

    @routes.get("/mine", permission="calls:read")
    async def mine(principal: Caller) -> dict[str, str]:
        return {"hello": principal.name}

    @routes.get("/other", permission="audit:read")
    async def other(principal: Caller) -> dict[str, str]:
        return {}

    @routes.post("/count", permission=PUBLIC)
    async def count(body: Body) -> dict[str, int]:
        return {"count": body.count}

    @routes.post("/keep/{name}", permission=PUBLIC)
    async def keep(name: str, body: Loose, tag: str = "") -> dict[str, object]:
        kept = {"name": name, "tag": tag, **body.model_dump()}
        json.dumps(kept, ensure_ascii=False).encode()
        return kept

    @routes.get("/fails/{what}", permission=PUBLIC)
    async def fails(what: str) -> None:
        error = getattr(errors, what)("told", details={"safe": 1})
        error.private = {"current": "for your eyes"}
        raise error

    @routes.get("/bug", permission=PUBLIC)
    async def bug() -> None:
        raise ZeroDivisionError("12 Elm Street")

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, authenticate, [routes])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


def test_a_route_without_a_permission_cannot_be_declared() -> None:
    """An open door by oversight does not start."""
    with pytest.raises(TypeError):
        Routes("x").get("/x")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="declares no permission"):
        Routes("x").get("/x", permission="")
    with pytest.raises(ValueError, match="declares no permission"):
        Routes("x").websocket("/x", permission="")


@pytest.mark.parametrize(
    ("path", "who", "status", "code"),
    [
        ("/open", "", 200, None),
        ("/mine", "anna", 200, None),
        ("/mine", "", 401, "identity.unauthenticated"),
        ("/other", "anna", 403, "identity.refused"),
        ("/nowhere", "anna", 404, "request.not_found"),
    ],
)
async def test_the_guard(
    client: httpx.AsyncClient, path: str, who: str, status: int, code: str | None
) -> None:
    """Anonymous, allowed, wrong role and unknown each get their own answer."""
    answer = await client.get(path, headers={"x-who": who})
    assert answer.status_code == status
    assert answer.json().get("code") == code


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Invalid", 422), ("NotFound", 404), ("Conflict", 409), ("Limited", 429),
     ("Unavailable", 503), ("RingdownError", 500)],
)  # fmt: skip
async def test_errors_are_problems(client: httpx.AsyncClient, kind: str, status: int) -> None:
    """An error says what happened, its code and what to do, to who asked."""
    answer = await client.get(f"/fails/{kind}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["title"] == "told"
    assert body["action"]
    assert body["details"] == {"safe": 1, "current": "for your eyes"}


async def test_a_wrong_value_is_named_and_not_repeated(client: httpx.AsyncClient) -> None:
    """The answer says where the mistake is without echoing what was sent."""
    answer = await client.post("/count", json={"count": "12 Elm Street"})
    assert answer.status_code == 422
    assert answer.json()["details"]["problems"][0]["at"] == "body.count"
    assert "Elm" not in answer.text


async def test_a_bug_tells_nothing(client: httpx.AsyncClient) -> None:
    """The text of an unexpected error stays inside."""
    answer = await client.get("/bug")
    assert answer.status_code == 500
    assert "Elm" not in answer.text


async def test_a_large_body_is_refused(client: httpx.AsyncClient) -> None:
    """Nobody fills the memory through a form."""
    answer = await client.post("/count", content=b"x" * 1_000_001)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    answer = await client.post(
        "/count", content=unannounced(), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request.body_too_large")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/keep/x", rb'{"text":"\ud800"}'),
        ("/keep/x", rb'{"text":"a\u0000b"}'),
        ("/keep/x", rb'{"data":{"deep":[{"x":"\udc00\ud800"}]}}'),
        ("/keep/x", rb'{"data":{"\udfff":1}}'),
        ("/keep/x", rb'{"\ud800":1}'),
        ("/keep/x", b'{"text":"\xed\xa0\x80"}'),
        ("/keep/x", b'{"data":{"x":NaN}}'),
        ("/keep/x", b'{"data":{"x":[-Infinity]}}'),
        ("/keep/x", b'{"data":{"x":1e999}}'),
        ("/keep/a%00b", b"{}"),
        ("/keep/x?tag=%00", b"{}"),
        ("/keep/x?%00=1", b"{}"),
    ],
)
async def test_what_no_store_takes_stops_at_the_door(
    client: httpx.AsyncClient, path: str, body: bytes
) -> None:
    """In a value, a key, the path or the query: 400 before anything is done."""
    answer = await client.post(path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unstorable")


async def test_everything_else_passes_the_door(client: httpx.AsyncClient) -> None:
    """Line breaks, whole surrogate pairs, and what is no JSON gets the answer it always got."""
    content = rb'{"text":"\ud83d\ude92 \n\t","data":{"a":[null,1.5,true]}}'
    kind = {"content-type": "application/json"}
    answer = await client.post("/keep/x?tag=%C3%B1", content=content, headers=kind)
    assert answer.json() == {
        "name": "x", "tag": "ñ", "text": "\U0001f692 \n\t", "data": {"a": [None, 1.5, True]},
    }  # fmt: skip
    for body in (b"{", b"", b"[" * 100_000):
        answer = await client.post("/keep/x", content=body, headers=kind)
        assert answer.status_code in {400, 422}
        assert answer.json()["code"] == "request.invalid"


async def test_every_answer_is_shielded(client: httpx.AsyncClient) -> None:
    """The browser is told to load nothing from elsewhere and to keep nothing."""
    answer = await client.get("/open")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_application_with_an_unguarded_route_does_not_start() -> None:
    """A route that somebody mounts beside ours is found out at the start."""
    app = FastAPI(openapi_url=None)

    @app.get("/by/oversight")
    async def open_door() -> None: ...

    with pytest.raises(ValueError, match="GET /by/oversight declares no permission"):
        install(app, authenticate, [])


async def test_a_refusal_is_told_to_whoever_keeps_the_record(client: httpx.AsyncClient) -> None:
    """Somebody signed in who asks for too much is written down; a stranger is not a somebody."""
    told: list[tuple[str, str]] = []

    async def refused(principal: Principal, permission: str) -> None:
        told.append((principal.id, permission))

    transport = client._transport
    transport.app.state.on_refused = refused  # type: ignore[attr-defined]
    await client.get("/other", headers={"x-who": "anna"})
    await client.get("/other")
    assert told == [("user_1", "audit:read")]


async def test_a_larger_body_is_for_the_paths_that_say_so() -> None:
    """A name in a declared path stands for one part of it, and for no more."""
    routes = Routes("files")

    @routes.patch("/files/{name}", permission=PUBLIC, max_body=2_000_000)
    async def write(name: str, request: Request) -> int:
        return len(await request.body())

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, authenticate, [routes])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://psap"
    ) as http:
        assert (await http.patch("/files/one", content=bytes(1_500_000))).status_code == 200
        assert (await http.patch("/files/one", content=bytes(2_000_001))).status_code == 413
        assert (await http.patch("/files/one/two", content=bytes(1_500_000))).status_code == 413


async def test_a_head_route_of_its_own_needs_a_permission_too() -> None:
    """It is a door like any other; the one that comes with GET has its lock."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.add_api_route("/open", lambda: None, methods=["HEAD"])
    with pytest.raises(ValueError, match="HEAD /open"):
        install(app, authenticate, [])
    routes = Routes("files")

    @routes.head("/files", permission=PUBLIC)
    async def look() -> None: ...

    @routes.options("/files", permission=PUBLIC)
    async def speaks() -> None: ...

    install(FastAPI(openapi_url=None, docs_url=None, redoc_url=None), authenticate, [routes])
