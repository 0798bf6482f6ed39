"""The webhook against a real server on loopback, in every way a CAD can misbehave."""

import asyncio
import socket
import ssl
import subprocess
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from tests.unit.cad.world import DANA, World

from ringdown.cad.adapters.webhook import WebhookMisconfigured, open_webhook, plugin, read_secrets
from ringdown.cad.opening import open_adapter, sender_of, zone_of
from ringdown.cad.receiver import Receiver, serving
from ringdown.cad.schema import decode
from ringdown.cad.settings import CadSettings, EidoConfig, WebhookConfig
from ringdown.core.errors import BadConfig
from ringdown.runtime.db import Database
from ringdown.testing.clock import ManualClock
from ringdown.wire.eido.names import MEDIA_TYPE
from ringdown.wire.standard_webhooks import Secret, SecretInvalid, sign, write_secret

KEY, OLD_KEY = b"k" * 32, b"o" * 32
TEXT = SecretStr(write_secret(KEY))


def config(url: str, **more: object) -> WebhookConfig:
    return WebhookConfig.model_validate({"url": url, "secret": TEXT, "timeout_s": 5, **more})


class Site:
    """A receiver, and an installation that sends to it."""

    def __init__(self, stack: AsyncExitStack, receiver: Receiver, world: World, url: str) -> None:
        self.stack, self.receiver, self.world, self.url = stack, receiver, world, url

    async def send(self, failure: str, failures: int | None = None):
        """Queue one incident and make one attempt while the CAD misbehaves."""
        self.receiver.failure, self.receiver.failures = failure, failures
        self.call_id = await self.world.queue()
        self.pause = await self.world.deliveries.run_once()
        return (await self.world.of(self.call_id))[0]

    async def later(self):
        """The next attempt, when it is due."""
        self.world.clock.advance(self.pause or 0)
        self.pause = await self.world.deliveries.run_once()
        return (await self.world.of(self.call_id))[0]


@asynccontextmanager
async def site(db: Database | None = None, **more: object):
    async with AsyncExitStack() as stack:
        clock = ManualClock()
        receiver = Receiver([Secret(KEY)], clock)
        url = await stack.enter_async_context(serving(receiver))
        cad = await stack.enter_async_context(open_webhook(config(url, **more)))
        yield Site(stack, receiver, World(db, cad=cad, clock=clock), url)


async def test_an_incident_arrives_signed_with_its_key_and_is_acknowledged() -> None:
    """What arrives is what was confirmed; the CAD's number comes back."""
    async with site() as here:
        delivery = await here.send("none")
        assert (delivery.state, delivery.cad_incident_id) == ("acknowledged", "CAD-000001")
        (incident,) = here.receiver.accepted
        assert incident.fields["location"].value == "12 Elm St"
        assert here.receiver.keys == [delivery.delivery_id]
        async with httpx.AsyncClient() as client:
            told = (await client.get(here.url + "received")).json()
        assert told["received"][0]["delivery_id"] == delivery.delivery_id


async def test_a_cad_that_wants_eido_documents_gets_them() -> None:
    """By the setting: each version under the media type, signed, once, of one incident."""
    async with site(content="eido") as here:
        delivery = await here.send("503", 1)
        assert delivery.state == "retrying"
        assert (await here.later()).state == "acknowledged"
        await here.world.cancel(here.call_id)
        await here.world.hear()
        await here.world.deliveries.run_once()
        first, second = here.receiver.documents
        assert here.receiver.accepted == []
        assert first["$id"] == second["$id"]
        incident = second["incidentComponent"]
        assert incident["incidentStatusCommonRegistryText"] == ["Cancelled"]
        assert here.receiver.bodies[0] == here.receiver.bodies[1]
        states = [one.cad_incident_id for one in await here.world.of(here.call_id)]
        assert states == ["CAD-000001", "CAD-000001"]


async def test_a_document_that_is_no_eido_is_refused_by_a_careful_receiver() -> None:
    """Its names are checked against the list, however well it is signed."""
    receiver = Receiver([Secret(KEY)], ManualClock())
    for body in (b"{}", b'{"eidoVersion":"1.0"}', b"[", b"null"):
        signed = sign([Secret(KEY)], "dlv_1", int(ManualClock().now().timestamp()), body)
        headers = {"idempotency-key": "dlv_1", "content-type": MEDIA_TYPE, **signed}
        assert receiver.take(headers, body)[0] == 422
    assert receiver.documents == []


async def test_eido_documents_need_the_agencys_own_domain() -> None:
    """Identifiers that are nobody's would be worth nothing to the other side."""
    settings = CadSettings(
        adapter="webhook", webhook=config("https://cad.example/", content="eido")
    )
    with pytest.raises(BadConfig, match=r"cad\.eido\.domain"):
        async with open_adapter(settings):
            pass
    whole = settings.model_copy(update={"eido": EidoConfig(domain="psap.example")})
    async with open_adapter(whole) as adapter:
        assert adapter is not None
    assert sender_of(whole).domain == "psap.example"
    assert sender_of(CadSettings()).domain == "ringdown.invalid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"domain": "no domain"},
        {"domain": "psap"},
        {"domain": "https://psap.example"},
        {"domain": "psap.example/"},
        {"agency_type": "urn:emergency:service:responder.psap"},
        {"country": "usa"},
    ],
)
def test_a_sender_that_no_document_could_name_is_refused_at_once(wrong: dict[str, str]) -> None:
    """When the settings are read, not when the first incident is sent."""
    with pytest.raises(ValueError):
        EidoConfig(**wrong)


@pytest.mark.parametrize(
    ("failure", "code", "pause"),
    [
        ("500", "cad.status", 1),
        ("503", "cad.status", 1),
        ("429", "cad.busy", 7),
        ("slow", "cad.timeout", 1),
        ("drop", "cad.connection_lost", 1),
        ("redirect", "cad.redirected", 60),
    ],
)
async def test_what_may_work_later_is_tried_again_until_it_does(failure, code, pause) -> None:
    """The state says why; in the end there is exactly one delivery in the CAD."""
    async with site(timeout_s=1 if failure == "slow" else 30) as here:
        failed = await here.send(failure, 2)
        assert (failed.state, failed.last_error.code) == ("retrying", code)
        assert here.pause == pause
        assert here.world.lamp().state == "down"
        await here.later()
        done = await here.later()
        assert (done.state, done.attempts) == ("acknowledged", 3)
        assert len(here.receiver.accepted) == 1
        assert len(set(here.receiver.keys)) == 1
        assert len(set(here.receiver.bodies)) == 1
        assert here.world.lamp().state == "ok"


@pytest.mark.parametrize("failure", ["422", "401"])
async def test_what_the_cad_refuses_is_a_dead_letter_until_a_person_acts(failure) -> None:
    """Sending the same again by itself is pointless; a person corrects and retries."""
    async with site() as here:
        dead = await here.send(failure, 1)
        assert (dead.state, dead.last_error.code) == ("dead", "cad.refused")
        assert here.pause is None
        assert here.world.lamp().state == "down"
        await here.world.deliveries.retry(DANA, dead.delivery_id)
        assert (await here.later()).state == "acknowledged"
        assert len(here.receiver.accepted) == 1


async def test_an_answer_that_gets_lost_does_not_make_a_second_incident() -> None:
    """The CAD took it and we did not hear so: the key makes the repeat harmless."""
    async with site() as here:
        assert (await here.send("lose", 1)).state == "retrying"
        done = await here.later()
        assert (done.state, here.receiver.attempts) == ("acknowledged", 2)
        assert len(here.receiver.accepted) == 1


async def test_a_cad_that_is_down_and_comes_back(unused_port: int) -> None:
    """Connection refused is waited out."""
    clock = ManualClock()
    async with open_webhook(config(f"http://127.0.0.1:{unused_port}/")) as cad:
        world = World(cad=cad, clock=clock)
        call_id = await world.queue()
        assert await world.deliveries.run_once() == 1
        (failed,) = await world.of(call_id)
        assert (failed.state, failed.last_error.code) == ("retrying", "cad.unreachable")
        assert world.lamp().text == "CAD not answering since 03:00 UTC. 1 incident waiting."
        receiver = Receiver([Secret(KEY)], clock)
        async with serving(receiver, port=unused_port):
            clock.advance(1)
            await world.deliveries.run_once()
        assert (await world.of(call_id))[0].state == "acknowledged"


async def test_a_name_that_cannot_be_found() -> None:
    """A typing mistake in the address shows as what it is."""
    async with open_webhook(config("https://cad.invalid/")) as cad:
        world = World(cad=cad)
        call_id = await world.queue()
        await world.deliveries.run_once()
        assert (await world.of(call_id))[0].last_error.code in {"cad.dns", "cad.timeout"}


async def test_a_restart_in_mid_attempt_ends_in_one_delivery(sql_database: Database) -> None:
    """Killed while the CAD was slow, and again after the CAD took it: one incident there."""
    async with site(sql_database, timeout_s=30) as here:
        here.receiver.failure, here.receiver.failures = "slow", 1
        call_id = await here.world.queue()
        attempt = asyncio.ensure_future(here.world.deliveries.run_once())
        while not here.receiver.attempts:
            await asyncio.sleep(0)
        attempt.cancel()
        await asyncio.gather(attempt, return_exceptions=True)
        assert (await here.world.of(call_id))[0].state == "sending"

        here.receiver.failure, here.receiver.failures = "lose", 1
        second = here.world.restarted()
        await second.deliveries.recover()
        await second.deliveries.run_once()
        assert (await second.of(call_id))[0].state == "retrying"

        third = second.restarted()
        await third.deliveries.recover()
        third.clock.advance(5)
        await third.deliveries.run_once()
        (done,) = await third.of(call_id)
        assert (done.state, done.attempts) == ("acknowledged", 3)
        assert len(here.receiver.accepted) == 1
        assert len(set(here.receiver.bodies)) == 1


async def test_a_correction_becomes_an_update_of_the_same_incident_there() -> None:
    """The CAD keeps its number; the newest message holds everything."""
    async with site() as here:
        await here.send("none")
        await here.world.confirm(here.call_id, "14 Elm St")
        await here.world.hear()
        await here.world.deliveries.run_once()
        first, second = await here.world.of(here.call_id)
        assert first.cad_incident_id == second.cad_incident_id
        assert [one.kind for one in here.receiver.accepted] == [
            "incident.created",
            "incident.updated",
        ]
        assert here.receiver.accepted[1].fields["location"].value == "14 Elm St"


# ---- certificates


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "36500"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem", folder / "key.pem"


def tls_server(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


async def test_an_untrusted_certificate_sends_nothing_and_is_retried_slowly(certificate) -> None:
    """The incident never leaves for somebody we cannot recognise."""
    clock = ManualClock()
    receiver = Receiver([Secret(KEY)], clock)
    async with (
        serving(receiver, tls=tls_server(certificate)) as url,
        open_webhook(config(url)) as cad,
    ):
        world = World(cad=cad, clock=clock)
        call_id = await world.queue()
        assert await world.deliveries.run_once() == 60
        (failed,) = await world.of(call_id)
        assert (failed.state, failed.last_error.code) == ("retrying", "cad.certificate_wrong")
        assert "certificate" in world.lamp().text
        assert receiver.attempts == 0


async def test_a_certificate_of_the_named_authority_is_trusted(certificate) -> None:
    """A centre's own authority is given by `ca_file`."""
    clock = ManualClock()
    receiver = Receiver([Secret(KEY)], clock)
    async with (
        serving(receiver, tls=tls_server(certificate)) as url,
        open_webhook(config(url, ca_file=certificate[0])) as cad,
    ):
        world = World(cad=cad, clock=clock)
        call_id = await world.queue()
        await world.deliveries.run_once()
        assert (await world.of(call_id))[0].state == "acknowledged"


async def test_a_plain_server_behind_https_is_no_secure_connection(unused_port: int) -> None:
    """A wrong port is told apart from a wrong certificate."""
    clock = ManualClock()
    receiver = Receiver([Secret(KEY)], clock)
    async with (
        serving(receiver, port=unused_port),
        open_webhook(config(f"https://127.0.0.1:{unused_port}/")) as cad,
    ):
        world = World(cad=cad, clock=clock)
        call_id = await world.queue()
        assert await world.deliveries.run_once() == 60
        assert (await world.of(call_id))[0].last_error.code == "cad.tls"


# ---- set-up


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://cad.example/",
        "ftp://127.0.0.1/",
        "https://user:pw@cad.example/",
        "https://",
        "x://[",
    ],
)
async def test_an_address_that_would_leak_is_refused_at_start(url: str) -> None:
    """Plain HTTP is for this machine alone; passwords do not belong in an address."""
    with pytest.raises(WebhookMisconfigured) as caught:
        async with open_webhook(config(url)):
            pass
    assert "pw" not in str(caught.value)


def test_secrets_come_from_settings_or_a_file_newest_first(tmp_path: Path) -> None:
    """While a secret is replaced both sign."""
    file = tmp_path / "secrets"
    file.write_text(f"{write_secret(KEY)}\n{write_secret(OLD_KEY)}\n")
    assert read_secrets(WebhookConfig(secret_file=file)) == [Secret(KEY), Secret(OLD_KEY)]
    old = SecretStr(write_secret(OLD_KEY))
    both = read_secrets(WebhookConfig(secret=TEXT, previous_secret=old))
    assert both == [Secret(KEY), Secret(OLD_KEY)]


@pytest.mark.parametrize(
    "wrong", [{}, {"secret_file": Path("/nowhere/secret")}, {"secret": SecretStr("whsec_hello")}]
)
def test_a_missing_or_wrong_secret_is_found_at_start(wrong) -> None:
    """Not when the first incident is to leave."""
    with pytest.raises((WebhookMisconfigured, SecretInvalid)):
        read_secrets(WebhookConfig(**wrong))


async def test_a_certificate_file_that_is_none_is_found_at_start(tmp_path: Path) -> None:
    """Missing, or not a certificate."""
    (tmp_path / "junk").write_text("junk")
    for name in ("missing", "junk"):
        with pytest.raises(WebhookMisconfigured):
            async with open_webhook(config("https://cad.example/", ca_file=tmp_path / name)):
                pass


async def test_the_adapter_named_in_the_settings_is_opened() -> None:
    """None named: none opened. A name that nobody offers is a wrong setting."""
    async with open_adapter(CadSettings()) as none:
        assert none is None
    webhook = config("http://127.0.0.1:1/")
    async with open_adapter(CadSettings(adapter="webhook", webhook=webhook)) as cad:
        assert cad is not None
        assert cad.capabilities.updates
    with pytest.raises(BadConfig):
        async with open_adapter(CadSettings(adapter="nobody")):
            pass
    assert plugin.name == "webhook"


def test_the_lamps_time_zone_is_checked() -> None:
    """A typing mistake is found at start."""
    assert str(zone_of(CadSettings(timezone="America/Chicago"))) == "America/Chicago"
    with pytest.raises(BadConfig):
        zone_of(CadSettings(timezone="Mars/Olympus"))


# ---- the receiver is a careful one


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_receiver_refuses_what_a_careful_cad_would() -> None:
    """No signature, no key, no valid payload: nothing is taken."""
    async with site() as here:
        await here.send("none")
        body, key = here.receiver.bodies[0], here.receiver.keys[0]
        incident = decode(body)
        receiver = Receiver([Secret(OLD_KEY)], here.world.clock)
        async with serving(receiver) as url, httpx.AsyncClient() as client:
            assert (await client.post(url, content=body)).status_code == 401
            assert (await client.get(url)).status_code == 404
            from ringdown.wire.standard_webhooks import sign

            now = int(here.world.clock.now().timestamp())

            async def post(content: bytes, **headers: str) -> int:
                signed = sign([Secret(OLD_KEY)], key, now, content)
                return (
                    await client.post(url, content=content, headers=signed | headers)
                ).status_code

            assert await post(body) == 400
            assert await post(b"{}", **{"idempotency-key": key}) == 422
            assert await post(body, **{"idempotency-key": key}) == 200
        assert receiver.accepted == [incident]


async def test_the_receiver_survives_what_is_no_http() -> None:
    """Any bytes on the port close that connection and harm no other."""
    async with site() as here:
        port = int(here.url.rstrip("/").rpartition(":")[2])
        for junk in (
            b"\x00\xff\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(junk)
            writer.write_eof()
            with pytest.raises(ConnectionError):
                assert not await reader.read()
                raise ConnectionResetError
            writer.close()
        assert (await here.send("none")).state == "acknowledged"
