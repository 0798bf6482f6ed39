"""The samples of the documentation run against an installation, and the reference page is true."""

import asyncio
import base64
import json
import os
import socket
import ssl
import sys
import tomllib
import wave
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.live import Phones, demo_recording, first_person, phones, until
from tests.partner_app import (
    Partner,
    Run,
    example_node,
    free_ports,
    listener,
    loudest_hz,
    media_server_ready,
    partner,
    set_up_once,
    tone_call,
    tone_hz,
    with_media_server,
)
from tests.tool import ROOT
from websockets.asyncio.client import ClientConnection, connect

from ringdown.testing.instance import Person, Running, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SAMPLES = ROOT / "examples" / "partner-samples"
TABLE = ROOT / "docs" / "reference" / "partner-api.toml"
TONES, WORDS = "+15095550170", "+15095550171"
ALI = {
    "text": "2210 Genesee St",
    "lat": 47.1,
    "lon": -117.2,
    "uncertainty_m": 30.0,
    "altitude_m": 12.5,
    "class_of_service": "WPH2",
}
NOT_HERE = {
    "incident.demo": "this call is no demo",
    "incident_metadata.demo": "this call is no demo",
    "stream_token_claims.name": "some versions of the library write it, empty",
    "stream_token_claims.metadata": "some versions of the library write it, empty",
    "cable_welcome.restored": "nobody comes back with a session here",
    "cable_welcome.restored_ids": "nobody comes back with a session here",
    "word.diarized_speaker": "each side has a channel of its own",
    "word.diarized_speaker_confidence": "each side has a channel of its own",
    "webhook_headers.authorization": "this endpoint goes by the signature alone",
}
"""What is sent sometimes and not in this test, with the reason; everything else is seen."""


@dataclass
class Stage:
    """A running installation with a partner, a finished call of tones and one with words."""

    server: Running
    person: Person
    phones: Phones
    partner: Partner
    tones: dict[str, Any]
    certificate: Path


@asynccontextmanager
async def staged(data: Path) -> AsyncGenerator[Stage, None]:
    """Everything, for as long as the block lasts."""
    certificate = make_certificate(data.parent)
    settings = {**with_media_server(), "RINGDOWN_PARTNERS__CA_FILE": str(certificate)}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running(data, settings=settings))
        person = await first_person(server)
        stack.push_async_callback(person.close)
        line = await phones(person, server)
        mine = await stack.enter_async_context(partner(person, server))
        await line.play(tone_call(30), speed=8, ani=TONES).run()
        await media_server_ready(person)
        tones = await mine.incident(TONES, live=False)
        yield Stage(server, person, line, mine, tones, certificate)


@pytest.fixture(scope="module")
def on_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run[Stage]]:
    """One installation for all."""
    with set_up_once(staged(tmp_path_factory.mktemp("samples") / "data")) as run:
        yield run


@dataclass
class Program:
    """A sample while it runs."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def said(self, text: str) -> str:
        """Wait for a line that holds this."""

        async def found() -> list[str]:
            assert self.process.returncode is None, self.lines
            return [line for line in self.lines if text in line]

        return (await until(found, bool, 120))[0]


def command(sample: str) -> list[str]:
    """How a sample is run."""
    node = example_node()
    return [sys.executable if sample.endswith(".py") else node, str(SAMPLES / sample)]


@asynccontextmanager
async def sample(name: str, *arguments: str, **environment: str) -> AsyncGenerator[Program, None]:
    """A sample that runs until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *command(name),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )
    program = Program(process)

    async def read() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            program.lines.append(line.decode().rstrip())

    reading = asyncio.ensure_future(read())
    try:
        yield program
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


def test_the_python_sample_keeps_the_first_ten_seconds(
    on_stage: Run[Stage], tmp_path: Path
) -> None:
    """Ten seconds in a file, and in them the tones of the call's beginning, in their order."""

    async def test(stage: Stage) -> None:
        path = tmp_path / "call.wav"
        async with sample(
            "listen.py",
            *(stage.server.address, stage.tones["id"], str(path)),
            CLIENT_ID=stage.partner.client_id,
            CLIENT_SECRET=stage.partner.client_secret,
        ) as program:
            assert await program.process.wait() == 0, program.lines
            statuses_printed(program)
        with wave.open(str(path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        assert samples.size >= 10 * 16_000
        heard = [
            loudest_hz(samples[at : at + 3_200], 16_000)
            for at in range(0, samples.size - 3_200, 3_200)
        ]
        whistled = [tone_hz(second) for second in range(10)]
        seconds = [
            second
            for tone in heard
            for second, wanted in enumerate(whistled)
            if abs(tone - wanted) < 15
        ]
        # How soon it begins to play is the machine's affair; what is played is the beginning.
        assert {1, 2} <= set(seconds), program.lines

    on_stage(test)


def statuses_printed(program: Program) -> None:
    """Its status packets were printed."""
    told = [json.loads(line) for line in program.lines if line.startswith("{")]
    assert told
    assert told[0]["position"] == 0
    assert told[0]["callOver"] is True


def test_the_javascript_sample_prints_the_words_of_a_live_call(on_stage: Run[Stage]) -> None:
    """Both speakers, while the call goes on."""

    async def test(stage: Stage) -> None:
        playing = asyncio.ensure_future(
            stage.phones.play(demo_recording(40), speed=1, ani=WORDS).run()
        )
        incident = await stage.partner.incident(WORDS)
        async with sample(
            "transcript.js",
            *(stage.partner.cable, incident["id"]),
            ACCESS_TOKEN=await stage.partner.token(),
        ) as program:
            await program.said("Caller: ")
            await program.said("CallTaker: ")
            await playing

    on_stage(test)


@pytest.mark.parametrize("name", ["webhook.py", "webhook.js"])
def test_the_webhook_samples_take_what_is_signed_and_nothing_else(
    on_stage: Run[Stage], name: str
) -> None:
    """A real delivery is believed once; with another byte, or unsigned, it is refused."""

    async def test(stage: Stage) -> None:
        async with receiver(stage.certificate) as told:
            endpoint = await add_endpoint(stage, told.port)
            await stage.phones.play(tone_call(2), speed=8, ani="+15095550173").run()
            first = (await until(lambda: asyncio.sleep(0, told.received), bool, 120))[0]
            await remove_endpoint(stage, endpoint)
        (port,) = free_ports(socket.SOCK_STREAM, 1)
        async with sample(name, str(port), WEBHOOK_SECRET=endpoint["secret"]) as program:
            changed = first.body.replace(b'"type"', b'"Type"')
            bare = {k: v for k, v in first.headers.items() if k != "webhook-signature"}
            assert await post(port, first.headers, changed) == 401
            assert await post(port, bare, first.body) == 401
            assert await post(port, first.headers, first.body) == 200
            assert await post(port, first.headers, first.body) == 200
            kind = json.loads(first.body)["type"]
            await program.said(kind)
            assert len([line for line in program.lines if line.startswith(kind)]) == 1

    on_stage(test)


def test_every_field_on_the_reference_page_is_sent_and_none_besides(on_stage: Run[Stage]) -> None:
    """Each answer, status, error, frame and webhook of a call, against the table of the page."""
    on_stage(compare)


async def compare(stage: Stage) -> None:
    """One call from its beginning to its recording, with everything that partners get to see."""
    seen: dict[str, list[dict[str, Any]]] = {}

    def see(name: str, *objects: dict[str, Any]) -> None:
        seen.setdefault(name, []).extend(objects)

    async with AsyncExitStack() as stack:
        told = await stack.enter_async_context(receiver(stage.certificate))
        endpoint = await add_endpoint(stage, told.port)
        playing = asyncio.ensure_future(
            stage.phones.play(demo_recording(20), speed=1, ani="+15095550172").run()
        )
        live = await stage.partner.incident("+15095550172", live=True)
        await tell_location(stage)
        await see_tokens(stage.partner, see)
        await see_listening(stage.partner, stage.tones["id"], see)
        await see_words(stage.partner, live["id"], see)
        await playing

        async def complete() -> dict[str, Any]:
            return await stage.partner.ask("GET", f"/v1/incident_events/{live['id']}")

        incident = await until(
            complete, lambda got: got["media"] and got["latest_location"], 120, every=0.5
        )
        listed = await stage.partner.ask("GET", "/v1/incident_events?limit=1")
        see("incident_list", listed)
        see("incident", incident, *listed["data"])
        see("caller_location", incident["latest_location"])
        see("media", *incident["media"])
        missing = await stage.partner.http.get(
            "/v1/incident_events/00000000-0000-4000-8000-000000000000",
            headers={"Authorization": f"Bearer {await stage.partner.token()}"},
        )
        assert missing.status_code == 404
        see("problem", missing.json())

        def kinds(got: list[Received]) -> bool:
            bodies = [json.loads(one.body) for one in got]
            return {"incident_metadata", "caller_location", "media"} <= {b["type"] for b in bodies}

        for one in await until(lambda: asyncio.sleep(0, told.received), kinds, 120):
            body = json.loads(one.body)
            see(body["type"], body)
            ours = ("webhook-", "ringdown-", "authorization")
            see("webhook_headers", {k: v for k, v in one.headers.items() if k.startswith(ours)})
        see("test", await sent_test(stage, endpoint, told))
        await remove_endpoint(stage, endpoint)
        await see_removed(stage, incident, see)

    wrong: list[str] = []
    unseen: set[str] = set()
    sent = 0
    for kind in tomllib.loads(TABLE.read_text(encoding="utf-8"))["object"]:
        when = {name: there for name, _type, there, *_ in kind["fields"]}
        if not {"always", "sometimes"} & set(when.values()):
            continue  # what clients send is tested where it is read
        sent += 1
        always = {name for name, there in when.items() if there == "always"}
        got = seen.pop(kind["name"], [])
        if not got:
            wrong.append(f"{kind['name']}: never seen")
        unseen |= {f"{kind['name']}.{name}" for name in when.keys() - {n for o in got for n in o}}
        for one in got:
            wrong += [f"{kind['name']}.{name} is not on the page" for name in one.keys() - when]
            wrong += [f"{kind['name']}.{name} is missing" for name in always - one.keys()]
    assert sorted(set(wrong)) == []
    assert unseen == NOT_HERE.keys()
    assert list(seen) == []
    assert sent > 15


async def tell_location(stage: Stage) -> None:
    """The telephone system learns where the caller of the newest call is."""
    async with stage.phones.web as web:
        calls = (await stage.person.ask("GET", "/v1/calls"))["calls"]
        (call,) = [one for one in calls if one["ani"] == "+15095550172"]
        path = f"/v1/calls/{call['call_id']}/events"
        (await web.post(path, json={"type": "ali", "data": ALI})).raise_for_status()


async def see_tokens(partner: Partner, see: Any) -> None:
    """An access token and a refusal."""
    form = {"grant_type": "client_credentials"}
    right = (partner.client_id, partner.client_secret)
    for auth in (right, (partner.client_id, "wrong")):
        answer = await partner.http.post("/oauth/token", data=form, auth=auth)
        see("token_response" if answer.is_success else "token_error", answer.json())


async def see_listening(partner: Partner, incident: str, see: Any) -> None:
    """A stream token, its claims, statuses and refused commands."""
    granted = await partner.stream(incident, autoplay=False, participant_id="engine 4")
    see("stream_token_response", granted)
    claims = granted["token"].split(".")[1]
    see(
        "stream_token_claims",
        json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))),
    )
    assert granted["token"] == granted["stream_token"]
    async with listener(granted) as mine:
        await mine.send(cmd="scrub", position=2_000)
        await mine.until_told(position=2_000)
        await mine.send(cmd="scrub")
        await mine.send(cmd="dance")
        await mine.send(words="no command")

        async def refused() -> list[dict[str, Any]]:
            return [one for one in mine.told if one["kind"] == "error"]

        see("data_error", *await until(refused, lambda got: len(got) == 3))
        see("status", *[one for one in mine.told if one["kind"] == "status"])


async def see_removed(stage: Stage, incident: dict[str, Any], see: Any) -> None:
    """The recording is removed while somebody listens: the last packet, and no other token."""
    call_id = incident["chatroom_url"].rpartition("/")[2]
    async with listener(await stage.partner.stream(incident["id"])) as mine:

        async def told_without_files() -> list[dict[str, Any]]:
            # Sealing may be at work yet, and write once more.
            for folder in (stage.certificate.parent / "data").rglob(call_id):
                for kind in ("*.leg", "*.flac"):
                    for path in folder.glob(kind):
                        path.unlink(missing_ok=True)
            return [one for one in mine.told if one["kind"] not in {"status", "error"}]

        see("data_closed", *await until(told_without_files, bool, 120, every=0.5))
    gone = await stage.partner.http.post(
        f"/v1/incident_events/{incident['id']}/stream_token",
        headers={"Authorization": f"Bearer {await stage.partner.token()}"},
    )
    assert (gone.status_code, gone.json()["code"]) == (410, "recording_removed")
    see("problem", gone.json())


async def see_words(partner: Partner, incident: str, see: Any) -> None:
    """The frames of the transcript socket, extended and base."""
    identifier = json.dumps({"channel": "PartnerEventsChannel", "incident_id": incident})
    for protocol in ("actioncable-v1-ext-json", "actioncable-v1-json"):
        token = await partner.token()
        async with cable(partner, protocol, token) as connection:
            see("cable_welcome", await frame(connection, "welcome"))
            await connection.send(json.dumps({"command": "subscribe", "identifier": identifier}))
            see("cable_confirmation", await frame(connection, "confirm_subscription"))
            see("cable_ping", await frame(connection, "ping"))
            data = await frame(connection, None)
            see("cable_data", data)
            see("transcript", data["message"])
            see("word", *data["message"]["words"])
    async with cable(partner, "actioncable-v1-ext-json", "wrong") as connection:
        see("cable_disconnect", await frame(connection, "disconnect"))


def cable(partner: Partner, protocol: str, token: str) -> Any:
    """The socket, opened as AnyCable's client does it."""
    return connect(f"{partner.cable}?token={token}", subprotocols=[protocol], proxy=None)  # type: ignore[list-item]


async def frame(connection: ClientConnection, kind: str | None) -> dict[str, Any]:
    """The next frame of a type; data frames have none."""
    async with asyncio.timeout(120):
        while True:
            got = json.loads(await connection.recv())
            if got.get("type") == kind:
                return got


# ---- webhooks


@dataclass(frozen=True)
class Received:
    """A delivery as it came."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A receiver that takes everything."""

    port: int
    received: list[Received] = field(default_factory=list)


def make_certificate(folder: Path) -> Path:
    """A key and a certificate for this machine, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver of a partner")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "receiver.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def receiver(certificate: Path) -> AsyncGenerator[Receiver, None]:
    """A receiver on this machine."""
    mine = Receiver(0)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
                headers = {name.lower(): value for name, _, value in lines}
                body = await reader.readexactly(int(headers["content-length"]))
                mine.received.append(Received(headers, body))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    server = await asyncio.start_server(take, "localhost", 0, family=socket.AF_INET, ssl=tls)
    async with server:
        mine.port = server.sockets[0].getsockname()[1]
        yield mine


async def add_endpoint(stage: Stage, port: int) -> dict[str, Any]:
    """An endpoint on this machine, which an administrator allows."""
    form = {
        "name": "Fire app",
        "client_id": stage.partner.client_id,
        "url": f"https://localhost:{port}/events",
        "events": ["incident_metadata", "caller_location", "media"],
        "allow_private": True,
    }
    return await stage.person.ask("POST", "/v1/partners/endpoints", form)


async def sent_test(stage: Stage, endpoint: dict[str, Any], told: Receiver) -> dict[str, Any]:
    """What comes when an administrator tries the way."""
    path = f"/v1/partners/endpoints/{endpoint['endpoint_id']}/test"
    await stage.person.ask("POST", path)

    def came(got: list[Received]) -> bool:
        return any(json.loads(one.body)["type"] == "test" for one in got)

    found = await until(lambda: asyncio.sleep(0, told.received), came, 120)
    (body,) = [one for one in (json.loads(each.body) for each in found) if one["type"] == "test"]
    assert body["created_at"].endswith("+00:00")
    return body


async def remove_endpoint(stage: Stage, endpoint: dict[str, Any]) -> None:
    """Nothing more is sent there."""
    await stage.person.ask("DELETE", f"/v1/partners/endpoints/{endpoint['endpoint_id']}")


async def post(port: int, headers: dict[str, str], body: bytes) -> int:
    """Hand a delivery on to a sample, once it listens."""
    sent = {k: v for k, v in headers.items() if k not in {"host", "content-length", "connection"}}

    async def status() -> int:
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                answer = await http.post(f"http://127.0.0.1:{port}/", headers=sent, content=body)
            except httpx.ConnectError:
                return 0
            return answer.status_code

    return await until(status, bool, 120)
