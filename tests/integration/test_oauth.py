"""Ordinary OAuth clients against a running installation, and what a credential's end ends."""

import asyncio
import contextlib
import importlib
import re
import sys
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session
from tests.live import first_person, until
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from ringdown.testing.instance import Person, Running, running

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

with warnings.catch_warnings(record=True):  # it says that it will move to another HTTP client
    authlib = importlib.import_module("authlib.integrations.httpx_client")

PROBE = "/v1/incident_events"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    data = tmp_path_factory.mktemp("oauth") / "data"
    # At the level that says most, so that what is not in the log is in no log.
    async with running(data, settings={"RINGDOWN_LOGS__LEVEL": "debug"}) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(server: Running) -> AsyncIterator[Person]:
    person = await first_person(server)
    yield person
    await person.close()


@pytest_asyncio.fixture(loop_scope="module")
async def made(admin: Person) -> dict[str, Any]:
    return await admin.ask(
        "POST", "/v1/clients", {"name": "Responders", "scopes": ["incident_events"]}
    )


async def probe(server: Running, token: str) -> tuple[int, str]:
    """What a request with this token gets: the status and the error's code."""
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as http:
        answer = await http.get(PROBE, headers={"authorization": f"Bearer {token}"})
    body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return answer.status_code, body.get("code", "")


async def token_of(server: Running, made: dict[str, Any]) -> str:
    asked = {
        "grant_type": "client_credentials",
        "client_id": made["client_id"],
        "client_secret": made["client_secret"],
    }
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as http:
        answer = await http.post("/oauth/token", json=asked)
    answer.raise_for_status()
    return answer.json()["access_token"]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@pytest.mark.parametrize("scope", [None, "incident_events"])
async def test_authlib_gets_and_uses_a_token(
    server: Running, made: dict[str, Any], method: str, scope: str | None
) -> None:
    """With the credential in the header and in the form."""
    async with authlib.AsyncOAuth2Client(
        made["client_id"],
        made["client_secret"],
        scope=scope,
        token_endpoint_auth_method=method,
        trust_env=False,
    ) as client:
        token = await client.fetch_token(f"{server.address}/oauth/token")
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 7200)
        assert token["scope"] == "incident_events"
        assert (await client.get(f"{server.address}{PROBE}")).status_code == 200


async def test_authlib_understands_our_errors(server: Running, made: dict[str, Any]) -> None:
    """By the name that the standard gives them."""
    for secret, scope, error in (
        ("wrong", None, "invalid_client"),
        (made["client_secret"], "cad_incidents", "invalid_scope"),
    ):
        async with authlib.AsyncOAuth2Client(
            made["client_id"], secret, scope=scope, trust_env=False
        ) as client:
            with pytest.raises(authlib.OAuthError) as caught:
                await client.fetch_token(f"{server.address}/oauth/token")
        assert caught.value.error == error


@pytest.mark.parametrize("in_body", [True, False])
async def test_requests_oauthlib_gets_and_uses_a_token(
    server: Running, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, in_body: bool
) -> None:
    """The library's own client for this grant, as its documentation shows it."""
    # It refuses addresses without TLS unless told; this one is loopback.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")

    def work() -> tuple[dict[str, Any], int]:
        client = BackendApplicationClient(made["client_id"])
        with OAuth2Session(client=client) as session:
            session.trust_env = False
            token = session.fetch_token(
                f"{server.address}/oauth/token",
                client_id=made["client_id"],
                client_secret=made["client_secret"],
                include_client_id=in_body,
                auth=None if in_body else (made["client_id"], made["client_secret"]),
                timeout=60,
            )
            return token, session.get(f"{server.address}{PROBE}", timeout=60).status_code

    token, status = await asyncio.to_thread(work)
    assert (token["token_type"], token["expires_in"], status) == ("Bearer", 7200, 200)


async def test_disabling_and_rotating_end_tokens_at_once(server: Running, admin: Person) -> None:
    """The very next request is refused; the console's list shows each credential's state."""
    first, second = [
        await admin.ask("POST", "/v1/clients", {"name": name, "scopes": ["incident_events"]})
        for name in ("First", "Second")
    ]
    one, two = await token_of(server, first), await token_of(server, second)
    assert [(await probe(server, each))[0] for each in (one, two)] == [200, 200]
    await admin.ask("DELETE", f"/v1/clients/{first['client_id']}")
    assert await probe(server, one) == (401, "identity.token.refused")
    assert (await probe(server, two))[0] == 200
    renewed = await admin.ask("POST", f"/v1/clients/{second['client_id']}/rotate")
    assert await probe(server, two) == (401, "identity.token.refused")
    assert (await probe(server, await token_of(server, renewed)))[0] == 200
    listed = {
        each["client_id"]: each for each in (await admin.ask("GET", "/v1/clients"))["clients"]
    }
    assert listed[first["client_id"]]["disabled"] is True
    state = listed[second["client_id"]]
    assert state["scopes"] == ["incident_events"]
    assert state["created_at"] < state["rotated_at"]
    assert state["last_used_at"] is not None
    tags = [row["tag"] for row in (await admin.ask("GET", "/v1/audit?limit=500"))["rows"]]
    assert {"identity:token:issued", "identity:token:refused"} <= set(tags)


async def test_tokens_are_taken_after_a_restart(
    server: Running, made: dict[str, Any], tmp_path: Path
) -> None:
    """The key is kept, private; that of another installation is another one."""
    data = tmp_path / "data"
    async with running(data) as other:
        admin = await first_person(other)
        body = {"name": "Responders", "scopes": ["incident_events"]}
        theirs = await token_of(other, await admin.ask("POST", "/v1/clients", body))
        await admin.close()
    kept = data / "secrets" / "access-token.key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() != (server.data / "secrets" / "access-token.key").read_text()
    async with running(data) as other:
        assert (await probe(other, theirs))[0] == 200
        ours = await token_of(server, made)
        assert await probe(other, ours) == (401, "identity.token.refused")


async def test_a_command_ends_tokens_and_what_runs(
    server: Running, admin: Person, made: dict[str, Any]
) -> None:
    """`ringdown client disable` in another process closes the transcript socket here."""
    token = await token_of(server, made)
    address = server.address.replace("http", "ws", 1)
    async with connect(f"{address}/cable?token={token}", proxy=None) as socket:
        assert '"welcome"' in str(await socket.recv())
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "ringdown.cli", "client", "disable", made["client_id"]),
            *("--data", str(server.data)),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert (process.returncode, made["client_id"] in said.decode()) == (0, True)
        frames = []
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(90):
                while True:
                    frames.append(str(await socket.recv()))
    assert '"unauthorized"' in frames[-1]
    assert await probe(server, token) == (401, "identity.token.refused")


async def test_commands_add_list_and_rotate(server: Running, admin: Person) -> None:
    """With a secret that works on the running server, shown once."""

    async def command(*words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "ringdown.cli", "client", *words, "--data", str(server.data)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    def shown(text: str) -> dict[str, str]:
        return dict(re.findall(r"^(client_id|client_secret) +(\S+)$", text, re.MULTILINE))

    first = shown(await command("add", "Responder app", "--scope", "incident_events"))
    token = await token_of(server, first)
    assert (await probe(server, token))[0] == 200
    second = shown(await command("rotate", first["client_id"]))
    assert second["client_id"] == first["client_id"]
    assert second["client_secret"] != first["client_secret"]
    assert await probe(server, token) == (401, "identity.token.refused")
    assert (await probe(server, await token_of(server, second)))[0] == 200
    listed = await command("list")
    assert f"{first['client_id']}  Responder app\n    incident_events; made 20" in listed
    assert not any(each["client_secret"] in listed for each in (first, second))


async def test_no_log_shows_a_token_or_a_secret(
    server: Running, admin: Person, made: dict[str, Any]
) -> None:
    """Neither that of a URL, nor of a header, nor of a body; refused ones as little."""
    token = await token_of(server, made)
    address = server.address.replace("http", "ws", 1)
    marks = {"query": "aaa.bbb.querysecret", "jid": "aaa.bbb.jidsecret", "body": "bodysecret"}
    for path in (
        f"/cable?token={token}",
        f"/cable?jid={token}",
        f"/cable?token={marks['query']}",
        f"/cable?jid={marks['jid']}",
        f"/v1/incident_events?token={marks['query']}",
        f"/nowhere/{marks['query']}?token={marks['query']}",
    ):
        with contextlib.suppress(WebSocketException):
            async with connect(f"{address}{path}", proxy=None) as socket:
                await socket.recv()
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as http:
        await http.get(f"/v1/incident_events?token={marks['query']}")
        wrong = {**made, "grant_type": "client_credentials", "client_secret": marks["body"]}
        await http.post("/oauth/token", json=wrong)
        await http.post("/oauth/token", data={"client_secret": marks["body"], "x": "y"})
    log = server.data / "logs" / "ringdown.log"

    async def lines() -> str:
        return log.read_text(errors="replace")

    written = await until(lines, lambda text: "request refused" in text)
    stderr = server.data.with_name(f"{server.data.name}.stderr").read_text(errors="replace")
    for secret in (token, made["client_secret"], *marks.values(), token.rpartition(".")[2]):
        assert secret not in written
        assert secret not in stderr
