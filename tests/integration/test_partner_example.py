"""The small server of the example listener: it is for this machine's page alone and keeps the secret."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from tests.partner_app import example_node
from tests.tool import ROOT

SERVE = ROOT / "examples" / "partner-listener" / "serve.js"
SECRET = "the secret of a partner"
CREDENTIAL = {"client_id": "client_1", "client_secret": SECRET}


@asynccontextmanager
async def ringdown(asked: list[tuple[str, dict[str, str]]]) -> AsyncGenerator[str, None]:
    """Stands in for Ringdown: gives a token for the right secret, refuses the first use of it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in lines if line)}
        sent = await reader.readexactly(int(headers.get("content-length", "0")))
        path = first.split(" ")[1]
        asked.append((path, headers))
        status, body = "200 OK", b'{"data": [], "next_cursor": null}'
        if path == "/oauth/token":
            right = json.loads(sent)["client_secret"] == SECRET
            token = f"token{sum(path == '/oauth/token' for path, _ in asked)}"
            body = json.dumps({"access_token": token, "expires_in": 7200}).encode()
            if not right:
                status, body = "401 Unauthorized", b'{"error": "invalid_client"}'
        elif headers["authorization"] == "Bearer token1":
            status, body = "401 Unauthorized", b'{"code": "identity.token.expired"}'
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def example() -> AsyncGenerator[httpx.AsyncClient, None]:
    """The example's server, and a browser's requests to it."""
    node = await asyncio.to_thread(example_node)
    process = await asyncio.create_subprocess_exec(
        *(node, str(SERVE), "--port", "0", "--json"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        address = json.loads(await process.stdout.readline())["address"]
        async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as http:
            yield http
    finally:
        process.terminate()
        await process.wait()


async def test_the_secret_goes_in_and_never_comes_out() -> None:
    """The page gets a cookie that scripts cannot read; a token that has ended is renewed once."""
    asked: list[tuple[str, dict[str, str]]] = []
    async with ringdown(asked) as base, example() as http:
        wrong = {"base_url": base, **CREDENTIAL, "client_secret": "wrong"}
        refused = await http.post("/api/connection", json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_client")
        asked.clear()
        answer = await http.post("/api/connection", json={"base_url": base, **CREDENTIAL})
        assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["set-cookie"].split("; "))
        listed = await http.get("/api/incidents")
        assert listed.json() == {"data": [], "next_cursor": None}
        assert [path.split("?")[0] for path, _ in asked] == [
            *("/oauth/token", "/v1/incident_events") * 2,
        ]
        words = await http.get("/api/words")
        assert words.json()["token"] == "token2"
        answers = [answer, listed, words, await http.get("/api/connection")]
        assert all(SECRET not in one.text + str(one.headers) for one in answers)
        await http.delete("/api/connection")
        assert (await http.get("/api/incidents")).status_code == 401


FOREIGN: list[tuple[str, dict[str, str]]] = [
    ("GET /parts/../../package.json", {}),
    ("GET /parts/nanoevents/../../../package.json", {}),
    ("GET /parts/nanoevents/%2e%2e/%2e%2e/%2e%2e/package.json", {}),
    ("GET /parts/nanoevents/..%2f..%2f..%2fpackage.json", {}),
    ("GET /serve.js", {}),
    ("GET /parts/ws/index.js", {}),
    ("GET /", {"Host": "partner.example"}),
    ("POST /api/connection", {"Content-Type": "text/plain", "Content-Length": "2"}),
    ("GET /api/words", {}),
]


async def test_nothing_else_is_served() -> None:
    """No file beside the page's own, no other host name, no form of another page, no stranger."""
    async with example() as http:
        for request_line, headers in FOREIGN:
            sent = {"Host": "127.0.0.1", "Connection": "close", **headers}
            lines = [f"{request_line} HTTP/1.1", *(f"{k}: {v}" for k, v in sent.items()), "", ""]
            body = "{}" if "Content-Length" in sent else ""
            with socket.create_connection(("127.0.0.1", http.base_url.port or 0)) as connection:
                connection.sendall(("\r\n".join(lines) + body).encode())
                answer = await asyncio.to_thread(received, connection)
            assert int(answer.split(" ")[1]) in {401, 404, 415, 421}, request_line
            assert "ringdown-examples" not in answer, request_line


def received(connection: socket.socket) -> str:
    """Everything until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


async def test_the_page_may_run_its_own_scripts_alone() -> None:
    """Its policy allows the one inline piece, by hash, and every file that the page asks for is there."""
    async with example() as http:
        page = await http.get("/")
        policy: dict[str, Any] = dict(
            part.strip().split(" ", 1)
            for part in page.headers["content-security-policy"].split(";")
        )
        assert policy["script-src"].startswith("'self' 'sha256-")
        assert "unsafe" not in page.headers["content-security-policy"]
        imports = json.loads(page.text.split('<script type="importmap">')[1].split("</script>")[0])
        own = ["/style.css", "/page/main.js", "/page/player.js", "/page/words.js", "/page/wave.js"]
        for path in [*imports["imports"].values(), *own]:
            assert (await http.get(path)).status_code == 200, path
