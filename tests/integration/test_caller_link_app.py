"""A caller's link through the interface of a whole installation: console, phone and a stranger."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ringdown.app import App, World, build
from ringdown.settings import load

CHEAP = {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}
URL = "https://psap.example"


class Stage:
    """An application with a call; browsers that share nothing but its address."""

    def __init__(self, app: App, stack: AsyncExitStack) -> None:
        self.app = app
        self._stack = stack

    async def browser(self, address: str = "203.0.113.7") -> httpx.AsyncClient:
        """A browser with cookies of its own, on a page of ours."""
        transport = httpx.ASGITransport(self.app.asgi, client=(address, 50_000))
        client = httpx.AsyncClient(transport=transport, base_url=URL, headers={"origin": URL})
        return await self._stack.enter_async_context(client)

    async def begin(self) -> None:
        self.console = await self.browser("10.0.0.5")
        answer = await self.console.post(
            "/v1/setup",
            json={
                "token": await self.app.setup.issue_token(), "centre_name": "Spruce County 911",
                "username": "dana", "display_name": "Dana Reyes", "password": "tangerine otter kiln",
            },
        )  # fmt: skip
        self.console.headers["x-csrf-token"] = answer.json()["csrf_token"]
        call = {"external_id": "CA-1", "ani": "+12025550142"}
        self.call_id = (await self.console.post("/v1/calls", json=call)).json()["call_id"]
        self.path = f"/v1/calls/{self.call_id}"

    async def send_link(self) -> str:
        """The token that the phone gets."""
        asked = {"shares": ["location", "video", "chat"], "outcome": "agreed", "language": "ht"}
        consent = await self.console.post(f"{self.path}/caller/consents", json=asked)
        assert consent.status_code == 201, consent.text
        made = await self.console.post(
            f"{self.path}/caller/links", json={"consent_id": consent.json()["consent_id"]}
        )
        assert made.status_code == 201, made.text
        assert made.json()["message"]["state"] == "manual"
        self.link_id = made.json()["link"]["link_id"]
        return made.json()["message"]["text"].rpartition("/l#")[2]

    async def link(self) -> dict[str, object]:
        links = (await self.console.get(f"{self.path}/caller")).json()["links"]
        return next(link for link in links if link["link_id"] == self.link_id)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    overrides = {
        "data": tmp_path, "media_server": {"mode": "off"}, "identity": CHEAP,
        "http": {"public_url": URL},
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        settings = load(None, environ={}, overrides=overrides)
        stage = Stage(await stack.enter_async_context(build(settings, World.real())), stack)
        await stage.begin()
        yield stage


async def ask(browser: httpx.AsyncClient, what: str, **body: object) -> httpx.Response:
    return await browser.post(f"/l/api/{what}", json=body)


async def test_a_phone_a_stranger_and_a_console(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    """The whole of a link as browsers meet it: bound, refused elsewhere, stopped with the call."""
    token = await stage.send_link()
    phone, stranger = await stage.browser(), await stage.browser("198.51.100.9")
    looked = (await ask(phone, "look", token=token)).json()
    assert (looked["agency"], looked["language"]) == ("Spruce County 911", "ht")
    assert phone.cookies == {}, "looking binds nothing"

    opened = await ask(
        phone, "open", token=token, shares=["location", "chat", "x"], device="iPhone"
    )
    assert opened.status_code == 200, opened.text
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("ringdown_caller=")
    for part in ("HttpOnly", "Path=/l", "SameSite=strict", "Secure"):
        assert part in cookie
    session = opened.json()["session"]
    assert (session["shares"], session["call_open"]) == (["location", "chat"], True)
    assert (session["trail_every_s"], session["max_kbps"]) == (5, 250)

    for what in ("look", "open"):
        refused = await ask(stranger, what, token=token, shares=["location"])
        assert (refused.status_code, refused.json()["code"]) == (409, "caller.link.other_device")
    assert (await stage.link())["refused_devices"] == 2
    elsewhere = await phone.post(
        "/l/api/alive", json={}, headers={"origin": "https://elsewhere.example"}
    )
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "identity.origin")

    alive = (await ask(phone, "alive", sharing=["location", "video"], video={"fps": -1})).json()
    assert (alive["orders"], alive["shares"]) == (["stop_video"], ["location", "chat"])
    wrote = await ask(phone, "text", text="mwen anba eskalye a")
    assert wrote.status_code == 201, wrote.text
    after = wrote.json()["message_id"]
    sent = await stage.console.post(f"{stage.path}/texts", json={"text": "Rete la."})
    assert sent.status_code in {200, 201}, sent.text
    alive = (await ask(phone, "alive", sharing=["location"], after=after)).json()
    assert [message["text"] for message in alive["messages"]] == ["Rete la."]
    assert "Dana" not in str(alive), "a page never learns who is there"
    listed = (await phone.get("/l/api/messages")).json()["messages"]
    assert [message["direction"] for message in listed] == ["in", "out"]

    here = {"lat": 40.5, "lon": -75.25, "accuracy_m": 12, "at": "2026-03-01T03:00:00.000Z"}
    assert (await ask(phone, "fixes", fixes=[here], clock=here["at"])).json()["kept"] == 1
    for _ in range(3):
        shown = await stage.console.get(f"/v1/console/calls/{stage.call_id}")
        assert len(shown.json()["fixes"]) == 1
    rows = (await stage.console.get("/v1/audit")).json()["rows"]
    assert [row["subject"] for row in rows if row["tag"] == "caller:location:read"] == [
        stage.call_id
    ]

    hung_up = await stage.console.post(f"{stage.path}/hangup", json={})
    assert hung_up.status_code == 200, hung_up.text
    await stage.console.post(f"{stage.path}/close", json={"reason": "done"})
    alive = (await ask(phone, "alive", sharing=["location"])).json()
    assert (alive["orders"], alive["shares"]) == (["stop"], [])
    for browser in (phone, stranger):
        over = await ask(browser, "look", token=token)
        assert (over.status_code, over.json()["code"]) == (410, "caller.link.over")
    told = capfd.readouterr()
    for secret in (token, phone.cookies["ringdown_caller"], "5550142", "eskalye"):
        assert secret not in told.out + told.err


async def test_a_link_ends_by_a_person_and_with_its_call(stage: Stage) -> None:
    """Within one sign of life; a wrong token is refused, then slowed, then let try again."""
    token = await stage.send_link()
    phone = await stage.browser()
    await ask(phone, "open", token=token, shares=["video"])
    await ask(phone, "alive", sharing=["video"], video={"state": "live", "kbps": 180})
    assert (await stage.link())["sharing"] == ["video"]
    gone = await stage.console.delete(f"{stage.path}/caller/links/{stage.link_id}?reason=wrong")
    assert (gone.status_code, gone.json()["state"]) == (200, "revoked")
    alive = (await ask(phone, "alive", sharing=["video"])).json()
    assert (alive["orders"], alive["state"]) == (["stop"], "revoked")
    codes = [
        (await ask(phone, "look", token=token[:-1] + letter)).status_code
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        if letter != token[-1]
    ]
    assert set(codes) == {404, 429}
    late = await ask(phone, "look", token="x")
    assert int(late.headers["retry-after"]) > 0

    # A call that ends ends its link though the page says nothing: the fact does it.
    other = await stage.send_link()
    await ask(await stage.browser(), "open", token=other, shares=["location"])
    await stage.console.post(f"{stage.path}/events", json={"type": "answered"})
    await stage.console.post(f"{stage.path}/hangup", json={})
    async with asyncio.timeout(30):
        while (await stage.link())["state"] != "stopped":
            await asyncio.sleep(0.02)
