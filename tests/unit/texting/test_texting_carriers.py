"""Carriers: the real adapters against the practice carrier and a gateway, webhooks and all.

Everything is asked over HTTP in memory: the adapters, the carrier and the addresses it calls are
those of the product; only the network between them is not there.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI
from tests.tool import ROOT
from tests.unit.texting.texting_world import CALLER, DANA, World

from ringdown.core.errors import BadConfig
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import Database
from ringdown.runtime.http import install
from ringdown.runtime.tasks import Tasks
from ringdown.testing.clock import CountingIds, ManualClock
from ringdown.texting.adapters.asking import fetch
from ringdown.texting.adapters.signed_http import HOOK as HTTP_HOOK
from ringdown.texting.adapters.signed_http import SignedHttpCarrier, open_signed_http
from ringdown.texting.adapters.twilio import HOOK, REPORTS, TwilioCarrier, open_twilio
from ringdown.texting.hooks_http import hook_routes
from ringdown.texting.http import texting_routes
from ringdown.texting.ports import CarrierUnavailable, MediaGone
from ringdown.texting.practice.serving import application
from ringdown.texting.practice.simulator import ACCOUNT, SENDER, Simulator
from ringdown.texting.settings import SignedHttpConfig, TwilioConfig
from ringdown.wire import standard_webhooks, twilio_sms
from ringdown.wire.standard_webhooks import Secret, write_secret

HERE, THERE = "https://ringdown.test", "https://carrier.test"
TOKEN = "a-token-of-the-account"
SECRET = Secret(b"k" * 32)


class Stage:
    """Ringdown and a carrier that reach each other by the addresses they name."""

    def __init__(self, world: World, asgi: FastAPI, client: httpx.AsyncClient) -> None:
        self.world, self.asgi, self.client = world, asgi, client
        self.simulator: Simulator

    async def text(self, call_id: str, words: str = "Where are you?") -> str:
        message = await self.world.texting.send(DANA, call_id, text=words)
        await self.world.texting.outbox.run_once()
        return message.message_id

    async def state(self, message_id: str) -> tuple[str, str | None]:
        view = await self.world.message(message_id)
        return view.state, view.error

    async def until(self, message_id: str, state: str) -> None:
        async with asyncio.timeout(20):
            while (await self.state(message_id))[0] != state:
                await asyncio.sleep(0.005)


def ringdown(world: World, carrier) -> FastAPI:
    asgi = FastAPI(openapi_url=None)

    async def authenticate(connection):
        return DANA if connection.headers.get("x-who") == "dana" else None

    routes = [texting_routes(world.texting), hook_routes(world.texting, carrier, world.clock)]
    install(asgi, authenticate, routes)
    return asgi


class Internet(httpx.AsyncBaseTransport):
    """Leads to applications by host."""

    def __init__(self) -> None:
        self.hosts: dict[str, httpx.AsyncBaseTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in self.hosts:
            raise httpx.ConnectError("nobody is there")
        return await self.hosts[request.url.host].handle_async_request(request)


@pytest.fixture
async def stage(db: Database) -> AsyncIterator[Stage]:
    internet = Internet()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(transport=internet))
        tasks = await stack.enter_async_context(Tasks())
        config = TwilioConfig(url=THERE, account_sid=ACCOUNT, sender=SENDER, timeout_s=1)
        carrier = TwilioCarrier(client, config, Sensitive(TOKEN, "token"), lambda: HERE)
        world = World(db, carrier=carrier)
        made = Stage(world, ringdown(world, carrier), client)
        made.simulator = Simulator(
            TOKEN, client=client, tasks=tasks, clock=ManualClock(), ids=CountingIds(), slow_s=3
        )
        made.simulator.hook, made.simulator.base = (lambda: HERE + HOOK), THERE
        internet.hosts = {
            "ringdown.test": httpx.ASGITransport(made.asgi, raise_app_exceptions=False),
            "carrier.test": httpx.ASGITransport(application(made.simulator)),
        }
        yield made


async def test_a_text_goes_out_and_a_photo_comes_back(stage: Stage) -> None:
    """Through the carrier's interface both ways, with its reports, on the call's one thread."""
    call_id = await stage.world.answered()
    message_id = await stage.text(call_id)
    await stage.until(message_id, "delivered")
    assert [one.text for one in stage.simulator.phone(CALLER)] == ["Where are you?"]
    photo = stage.simulator.keep_media("image/jpeg", b"\xff\xd8 a photo")
    await stage.simulator.write(CALLER, "12 Maple St 🚒", (photo,))
    assert not await stage.world.texting.pictures.run_once()
    answer = await stage.client.get(f"{HERE}/v1/calls/{call_id}/texts", headers={"x-who": "dana"})
    out, back = answer.json()["messages"]
    assert (out["state"], back["text"]) == ("delivered", "12 Maple St 🚒")
    assert back["attachments"] == [f"upl_{back['message_id']}_0"]
    ((kind, content),) = stage.world.album.taken.values()
    assert (kind, content) == ("image/jpeg", b"\xff\xd8 a photo")
    assert stage.simulator.refused_hooks == 0


@pytest.mark.parametrize(
    ("script", "state", "error"),
    [
        ("down", "queued", "The carrier answers with an error."),
        ("busy", "queued", "The carrier is too busy."),
        ("slow", "queued", "The carrier did not answer in time."),
        ("undelivered", "undelivered", "The phone is switched off or out of reach. (30003)"),
    ],
)
async def test_a_carrier_in_trouble_is_told_in_words(stage: Stage, script, state, error) -> None:
    """And while it is not back, the text is not given up."""
    stage.simulator.script = script
    message_id = await stage.text(await stage.world.answered())
    await stage.until(message_id, state)
    assert await stage.state(message_id) == (state, error)
    if state == "queued":
        assert stage.world.lamps.get("texting").state == "down"
        stage.simulator.script = "well"
        stage.world.clock.advance(60)
        await stage.world.texting.outbox.run_once()
        await stage.until(message_id, "delivered")


@pytest.mark.parametrize("script", ["duplicate", "out_of_order", "lose"])
async def test_a_careless_carrier_does_no_harm(stage: Stage, script) -> None:
    """Reports twice, early, or instead of the answer: one text leaves and one comes in."""
    stage.simulator.script = script
    call_id = await stage.world.answered()
    message_id = await stage.text(call_id)
    await stage.until(message_id, "delivered")
    stage.world.clock.advance(60)
    await stage.world.texting.outbox.run_once()
    await stage.simulator.write(CALLER, "I am here")
    assert [one.text for one in stage.simulator.phone(CALLER)] == ["Where are you?", "I am here"]
    assert [one.text for one in await stage.world.thread(call_id)] == [
        "Where are you?",
        "I am here",
    ]
    states = [one.state for one in await stage.world.told() if one.message_id == message_id]
    assert states[-1] == "delivered"
    assert stage.simulator.refused_hooks == 0


async def test_without_an_address_of_ours_texts_leave_and_nobody_knows_more(db: Database) -> None:
    """A carrier elsewhere would refuse a text that names an address it cannot reach."""
    asked: list[bytes] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return httpx.Response(201, json={"sid": "SM1", "status": "queued"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(carrier)) as client:
        config = TwilioConfig(url=THERE, account_sid=ACCOUNT, sender="MG1")
        token = Sensitive(TOKEN, "token")
        world = World(db, carrier=TwilioCarrier(client, config, token, lambda: "http://127.0.0.1"))
        await world.texting.send(DANA, await world.answered(), text="Hello")
        await world.texting.outbox.run_once()
    form = dict(twilio_sms.read_form(asked[0]))
    assert form == {"To": CALLER, "MessagingServiceSid": "MG1", "Body": "Hello"}


async def test_spoofed_webhooks_are_refused_and_recorded_once_a_minute(stage: Stage) -> None:
    """No signature, another's, a changed form, another address: 401, no text, one row."""
    call_id = await stage.world.answered()
    message_id = await stage.text(call_id)
    text = twilio_sms.write_inbound(twilio_sms.Inbound("SM9", CALLER, SENDER, "I am fine"), ACCOUNT)
    forged = twilio_sms.write_report("SM1", "failed", ACCOUNT, 30005)
    right = twilio_sms.signature(TOKEN, HERE + HOOK, text)
    tries = [
        (HOOK, text, ""),
        (HOOK, text, twilio_sms.signature("another-token", HERE + HOOK, text)),
        (HOOK, (*text[:-1], ("To", "+19")), right),
        (HOOK + "?m=1", text, right),
        (REPORTS, text, right),
        (f"{REPORTS}?m={message_id}", forged, right),
    ]
    for path, pairs, signature in tries:
        answer = await stage.client.post(
            HERE + path, content=twilio_sms.write_form(pairs),
            headers={"x-twilio-signature": signature},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (401, "wire.sms.signature_wrong")
        assert CALLER not in answer.text
    broken = await stage.client.post(HERE + HOOK, content=b"\xff=;;&", headers={})
    assert broken.status_code == 400
    assert [one.direction for one in await stage.world.thread(call_id)] == ["out"]
    assert (await stage.world.tags()).count("texting:webhook:refused") == 1
    stage.world.clock.advance(61)
    await stage.client.post(HERE + HOOK, content=b"")
    assert (await stage.world.tags()).count("texting:webhook:refused") == 2
    other = await stage.client.post(HERE + HTTP_HOOK, content=b"{}")
    assert (other.status_code, other.json()["code"]) == (404, "texting.hook.unknown")


async def test_the_page_of_phones_shows_texts_and_answers_them(stage: Stage) -> None:
    """Without a third party, and only within the account's own pages."""
    await stage.text(await stage.world.answered(), "Open https://ringdown.test/l#x")
    page = await stage.client.get(THERE + "/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    shown = (await stage.client.get(f"{THERE}/phone/texts", params={"number": CALLER})).json()
    assert [one["text"] for one in shown["texts"]] == ["Open https://ringdown.test/l#x"]
    body = {"number": CALLER, "text": "b", "photo": {"content_type": "image/png", "base64": "AAAA"}}
    assert (await stage.client.post(f"{THERE}/phone/texts", json=body)).status_code == 201
    assert (await stage.client.put(f"{THERE}/phone/script", json={"script": "down"})).is_success
    assert stage.simulator.script == "down"
    stranger = await stage.client.post(f"{THERE}/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert stranger.status_code == 401


async def test_a_gateway_of_ones_own_signs_both_ways(db: Database) -> None:
    """Texts leave signed under their own id; only what is signed, fresh and whole comes in."""
    asked: list[tuple[dict[str, str], bytes]] = []

    def gateway(request: httpx.Request) -> httpx.Response:
        asked.append((dict(request.headers), request.content))
        return httpx.Response(202, json={"id": "G1"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway)) as client:
        config = SignedHttpConfig(url=f"{THERE}/texts")
        carrier = SignedHttpCarrier(client, config, [SECRET])
        world = World(db, carrier=carrier)
        asgi = ringdown(world, carrier)
        call_id = await world.answered()
        message = await world.texting.send(DANA, call_id, text="Hello")
        await world.texting.outbox.run_once()
        headers, body = asked[0]
        now = world.clock.now().timestamp()
        key = standard_webhooks.verify([SECRET], headers, body, now=now)
        assert (key, json.loads(body)) == (
            message.message_id, {"id": message.message_id, "to": CALLER, "text": "Hello"},
        )  # fmt: skip

        transport = httpx.ASGITransport(asgi, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as posting:

            async def post(told: object, *, at: float = now, key: Secret = SECRET) -> int:
                content = json.dumps(told).encode()
                signed = standard_webhooks.sign([key], "w1", int(at), content)
                return (await posting.post(HTTP_HOOK, content=content, headers=signed)).status_code

            status = {"type": "message.status", "data": {"id": "G1", "status": "delivered"}}
            text = {"type": "message.received", "data": {"id": "G2", "from": CALLER, "text": "hi"}}
            assert [await post(status), await post(text), await post(text)] == [204] * 3
            assert await post(text, key=Secret(b"x" * 32)) == 401
            assert await post(text, at=now - 600) == 401
            for wrong in ({}, [], {"type": "x"}, {**text, "data": {"id": "G3", "from": "\ud800"}}):
                assert await post(wrong) == 400
        assert [(one.text, one.state) for one in await world.thread(call_id)] == [
            ("Hello", "delivered"), ("hi", "received"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://elsewhere.test/picture", MediaGone),
        ("http://carrier.test/picture", MediaGone),
        ("file:///etc/passwd", MediaGone),
        ("https://carrier.test/gone", MediaGone),
        ("https://carrier.test/open", MediaGone),
        ("https://carrier.test/circle", MediaGone),
        ("https://carrier.test/busy", CarrierUnavailable),
    ],
)
async def test_pictures_are_fetched_from_the_carrier_alone(url: str, error) -> None:
    """Never from an address that somebody else chose, nor in the open."""

    def carrier(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/open":
                return httpx.Response(307, headers={"location": "http://store.test/1"})
            case "/circle":
                return httpx.Response(307, headers={"location": "/circle"})
            case "/busy":
                return httpx.Response(503)
            case _:
                return httpx.Response(404)

    async with httpx.AsyncClient(transport=httpx.MockTransport(carrier)) as client:
        with pytest.raises(error):
            _ = [piece async for piece in fetch(client, url, own=httpx.URL(THERE))]


async def test_a_redirect_to_the_carriers_store_carries_no_credential() -> None:
    """The account's token stays with the carrier."""
    seen: dict[str, str | None] = {}

    def carrier(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = request.headers.get("authorization")
        if request.url.host == "carrier.test":
            return httpx.Response(307, headers={"location": "https://store.test/1"})
        return httpx.Response(200, content=b"picture")

    auth = httpx.BasicAuth("AC1", "token")
    async with httpx.AsyncClient(transport=httpx.MockTransport(carrier)) as client:
        pieces = [
            piece async for piece in fetch(client, f"{THERE}/1", own=httpx.URL(THERE), auth=auth)
        ]
    assert b"".join(pieces) == b"picture"
    assert seen["carrier.test"] is not None
    assert seen["store.test"] is None


async def test_settings_that_cannot_work_stop_the_start(tmp_path) -> None:
    """Each names its section and never the secret."""
    file = tmp_path / "token"
    file.write_text("tok en with spaces")
    good = tmp_path / "secret"
    good.write_text(write_secret(b"k" * 32))
    wrong = [
        open_twilio(TwilioConfig(account_sid="AC1", sender="+1"), lambda: HERE),
        open_twilio(TwilioConfig(account_sid="AC1", sender="+1", token_file=file), lambda: HERE),
        open_twilio(TwilioConfig(url="http://1.2.3.4", token_file=good), lambda: HERE),
        open_signed_http(SignedHttpConfig(url="")),
        open_signed_http(SignedHttpConfig(url="https://x.test")),
        open_signed_http(SignedHttpConfig(url="http://x.test", secret_file=good)),
        open_signed_http(SignedHttpConfig(url="https://x.test", secret_file=file)),
    ]
    for opening in wrong:
        with pytest.raises(BadConfig) as refused:
            async with opening:
                pass
        assert "tok en" not in str(refused.value)
    async with open_signed_http(SignedHttpConfig(url="https://x.test", secret_file=good)) as one:
        assert one.name == "http"


async def test_the_page_for_gateways_shows_what_is_taken() -> None:
    """Its samples are read by the very adapter."""
    page = (ROOT / "docs" / "reference" / "texting-gateway.md").read_text(encoding="utf-8")
    out, received, status = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert set(json.loads(out)) == {"id", "to", "text"}
    now = ManualClock().now()
    async with httpx.AsyncClient() as client:
        carrier = SignedHttpCarrier(client, SignedHttpConfig(url=THERE), [SECRET])

        def read(sample: str):
            body = sample.encode()
            signed = standard_webhooks.sign([SECRET], "w1", int(now.timestamp()), body)
            return carrier.read("", signed, body, report=False, now=now)

        arrived, reported = read(received), read(status)
    assert (arrived.carrier_id, arrived.sender, len(arrived.pictures)) == ("G-1", CALLER, 1)
    assert (reported.state, reported.reason) == ("undelivered", "Switched off")
