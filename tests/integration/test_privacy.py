"""No name, number, address, note or password of anybody reaches a log, a metric or a URL."""

import asyncio
import base64
import contextlib
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest
from tests.live import (
    PASSWORD,
    Phones,
    demo_recording,
    first_person,
    phones,
    raw,
    sealed,
    until,
)
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ringdown.demo import load as load_demo
from ringdown.testing.instance import Person, Running, running
from ringdown.wire.standard_webhooks import write_secret

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

NAME = "Wilhelmina Quackenbush"
STAFF = "Ottoline Farnsworth"
USERNAME = "ofarnsworth"
STREET = "4418 Periwinkle Hollow Road"
NOTE = "Caller says Bartholomew hid the shotgun under the trampoline"
NUMBER = "+1 (415) 555-0137"
OTHER_NUMBER = "9255550168"
PLACE = {"lat": 37.774931, "lon": -122.419417}
WRONG_PASSWORD = "marmalade9 zeppelin7"
CLIENT_SECRET = "rdtangerinezanzibar"
EVERYTHING = f"{NAME}, {STREET}, {NUMBER}, {NOTE}"

WORDS = (
    "wilhelmina", "quackenbush", "ottoline", "farnsworth", "periwinkle", "hollow", "bartholomew",
    "shotgun", "trampoline", "marmalade9", "zeppelin7", "tangerine", "zanzibar",
)  # fmt: skip
DIGITS = ("4155550137", "5550137", "9255550168", "5550168", "774931", "419417")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().+\-/]+(?=\d)")


def leaks(text: str, words: tuple[str, ...], digits: tuple[str, ...]) -> set[str]:
    """Which of these occur in a text, in whatever case, escaping or punctuation."""
    plain = unquote(text)
    with contextlib.suppress(UnicodeDecodeError):
        plain += plain.encode("latin-1", "ignore").decode("unicode_escape", "ignore")
    low = plain.lower()
    joined = BETWEEN_DIGITS.sub("", low)
    return {word for word in words if word in low} | {
        number for number in digits if number in low or number in joined
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GET /v1/calls/Quackenbush", {"quackenbush"}),
        ('{"ani": "+1 (415) 555-0137"}', {"4155550137", "5550137"}),
        ("415.555.0137", {"4155550137", "5550137"}),
        ("%50eriwinkle%20hollow", {"periwinkle", "hollow"}),
        (r"SHOTGUN ZEPPELIN7", {"shotgun", "zeppelin7"}),
        ("2026-03-01T03:12:00Z 415 555", set()),
    ],
)
def test_the_search_finds_what_it_looks_for(text: str, found: set[str]) -> None:
    """Punctuation, case, percent signs and escapes hide nothing."""
    assert leaks(text, WORDS, DIGITS) == found


class NastyCad:
    """A CAD that refuses everything and repeats what it was sent wherever it can."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.answers = [
            f"HTTP/1.1 500 {NAME} {NUMBER}",
            f"HTTP/1.1 302 Found\r\nLocation: https://cad.example/{quote(STREET)}",
            f"HTTP/1.1 {NAME} nonsense",
            f"HTTP/1.1 422 {NOTE}",
        ]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head.decode())
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(found[1])) if found else b""
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        echo = body + EVERYTHING.encode()
        writer.write(f"{answer}\r\nContent-Length: {len(echo)}\r\n\r\n".encode() + echo)
        writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str, None]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/incidents"


async def frames(line: Phones, messages: list[Any], *, credential: str | None = None) -> None:
    """Send these to the media socket, good or bad, and let the server say what it likes."""
    pair = credential or f"{line.client_id}:{line.secret}"
    basic = base64.b64encode(pair.encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "User-Agent": EVERYTHING}
    with contextlib.suppress(ConnectionClosed, InvalidStatus, TimeoutError):
        async with (
            asyncio.timeout(10),
            connect(line.target.url, additional_headers=headers, proxy=None) as socket,
        ):
            for message in messages:
                await socket.send(
                    message if isinstance(message, str | bytes) else json.dumps(message)
                )
            await asyncio.sleep(0.3)


def start(sid: str, **changes: Any) -> dict[str, Any]:
    body = {
        "streamSid": f"MZ{sid}",
        "callSid": sid,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"ani": NUMBER, "caller": EVERYTHING},
    }
    return {
        "event": "start",
        "streamSid": f"MZ{sid}",
        "sequenceNumber": "1",
        "start": body | changes,
    }


async def bad_frames(line: Phones) -> None:
    """Everything a broken source could put a caller's data into."""
    sid = f"CA-{NAME}-{NUMBER}"
    media = {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": "////"}
    say = {"event": "media", "streamSid": f"MZ{sid}", "sequenceNumber": "2"}
    await frames(
        line,
        [
            EVERYTHING,
            EVERYTHING.encode(),
            {"event": NAME, "caller": EVERYTHING},
            {"event": "media", "media": EVERYTHING},
            start(sid),
            start(sid),
            say | {"media": media | {"track": NAME}},
            say | {"media": media | {"payload": EVERYTHING}},
            say | {"media": media | {"timestamp": NUMBER}},
            say | {"media": media | {"timestamp": OTHER_NUMBER}},
            say | {"media": media, "streamSid": NAME},
            {
                "event": "dtmf",
                "streamSid": f"MZ{sid}",
                "dtmf": {"track": "inbound", "digit": NUMBER},
            },
            {"event": "mark", "streamSid": f"MZ{sid}", "mark": {"name": EVERYTHING}},
            {"event": "stop", "streamSid": f"MZ{sid}", "stop": {"callSid": sid}},
        ],
    )
    for changes in (
        {"mediaFormat": {"encoding": NAME, "sampleRate": 8000, "channels": 1}},
        {"mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": OTHER_NUMBER, "channels": 1}},
        {"tracks": [NAME]},
        {"customParameters": {"external_id": "x" * 5000 + NAME}},
    ):
        await frames(line, [start("CAbad", **changes)])
    await frames(line, [start("CAnobody")], credential=f"{USERNAME}:{CLIENT_SECRET}")
    await frames(line, ["x" * 70_000 + NAME])


async def bad_requests(server: Running, person: Person, call_id: str) -> None:
    """Wrong addresses, bodies and credentials with somebody's data in every part."""
    headers = {
        "User-Agent": EVERYTHING,
        "X-Request-Id": NUMBER,
        "Referer": f"https://x/{quote(NAME)}",
    }
    async with httpx.AsyncClient(
        base_url=server.address, headers=headers, trust_env=False
    ) as nobody:
        for path in (f"/v1/calls/{NAME}", f"/{NUMBER}/{NAME}.png", f"/v1/{STREET}?caller={NUMBER}"):
            await nobody.get(path)
            await raw(person, "GET", path)
        await nobody.post("/v1/session", json={"username": USERNAME, "password": WRONG_PASSWORD})
        await nobody.post("/v1/session", json={"username": WRONG_PASSWORD, "password": NAME})
        await nobody.post("/v1/session", json={"username": NAME, "password": [WRONG_PASSWORD]})
        await nobody.post("/v1/session", content=f'{{"username": "{NAME}", {NOTE}')
        await nobody.post("/v1/setup", json={"token": CLIENT_SECRET, "centre_name": NAME})
        await nobody.get("/v1/calls", headers={"Authorization": f"Bearer {NAME}.{CLIENT_SECRET}"})
        await nobody.get("/v1/calls", auth=(USERNAME, CLIENT_SECRET))
        await nobody.get("/v1/session", headers={"Cookie": f"ringdown_session={CLIENT_SECRET}"})
        await nobody.request("QUACKENBUSH", f"/v1/calls/{NUMBER}")
    draft = f"/v1/calls/{call_id}/incident"
    for method, path, body in (
        ("PUT", f"{draft}/fields/{NAME}", {"value": NAME, "base_version": 0}),
        ("PUT", f"{draft}/fields/type", {"value": NAME, "base_version": 0}),
        ("PUT", f"{draft}/fields/callback_number", {"value": STREET, "base_version": 999}),
        ("PUT", f"{draft}/fields/location", {"value": STREET, NAME: NOTE}),
        ("PUT", f"{draft}/fields/location", {"value": STREET * 500, "base_version": 0}),
        ("POST", f"{draft}/confirm", {"versions": {NAME: 1}}),
        ("POST", f"{draft}/confirm", {"versions": {"location": NOTE}}),
        ("POST", f"/v1/calls/{call_id}/notes", {"text": {"note": NOTE}}),
        ("POST", f"/v1/calls/{call_id}/close", {"reason": NOTE}),
        ("GET", f"/v1/calls?before={NUMBER}&limit={NAME}", None),
        ("GET", f"/v1/calls/{call_id}/audio?from_ms={NAME}&to_ms={NUMBER}", None),
        ("GET", f"/v1/calls/{call_id}/transcript?after={NAME}", None),
        ("POST", f"/v1/cad/deliveries/{NAME}/retry", None),
        ("POST", "/v1/users", {"username": NAME, "display_name": STAFF, "roles": ["king"],
                               "password": WRONG_PASSWORD}),
        ("POST", "/v1/users", {"username": USERNAME, "display_name": STAFF,
                               "roles": ["telecommunicator"], "password": USERNAME}),
        ("POST", "/v1/clients", {"name": STAFF, "scopes": [NAME]}),
        ("POST", "/v1/session/password", {"current": WRONG_PASSWORD, "new": CLIENT_SECRET}),
    ):  # fmt: skip
        answer = await raw(person, method, path, body)
        assert answer.status_code < 500, (method, path)
    url = server.address.replace("http", "ws", 1)
    for path in (f"/v1/console/feed?after={quote(NAME)}", f"/v1/{quote(STREET)}"):
        with contextlib.suppress(InvalidStatus, ConnectionClosed):
            async with connect(f"{url}{path}", proxy=None) as socket:
                await socket.recv()


async def one_call(server: Running, person: Person, line: Phones) -> str:
    """A reported call with everything that people type into it; returns its id."""
    async with line.web as web:
        report = {
            "external_id": f"T-{NUMBER}",
            "ani": NUMBER,
            "ali": {"text": f"{NAME}\n{STREET}", "provider": STAFF, "uncertainty_m": 12, **PLACE},
        }
        answer = await web.post("/v1/calls", json=report)
        assert answer.status_code == 200, answer.text
        call_id = answer.json()["call_id"]
        for body in (
            {"type": "answered"},
            {"type": "transferred", "data": {"to": OTHER_NUMBER, "who": NAME}},
            {"type": "dtmf", "data": {"digit": NUMBER}},
            {"type": "ali", "data": report["ali"]},
            {"type": NAME},
        ):
            await web.post(f"/v1/calls/{call_id}/events", json=body)
    note = await person.ask("POST", f"/v1/calls/{call_id}/notes", {"text": NOTE})
    edit = {"text": f"{NOTE} {STREET}", "base_version": note["version"]}
    await person.ask("PUT", f"/v1/calls/{call_id}/notes/{note['note_id']}", edit)
    base = f"/v1/calls/{call_id}/incident"
    typed = {
        "type": "structure_fire",
        "location": STREET,
        "victims": f"2 ({NAME})",
        "callback_number": NUMBER,
    }
    versions = {}
    for name, value in typed.items():
        body = {"value": value, "base_version": 0}
        versions[name] = (await person.ask("PUT", f"{base}/fields/{name}", body))["version"]
    await person.ask("POST", f"{base}/confirm", {"versions": versions})
    return call_id


def everything_written(data: Path) -> str:
    """All log files and what the server wrote to its terminal."""
    logs = [file for file in (data / "logs").rglob("*") if file.is_file()]
    assert logs
    said = [*logs, data.with_name(f"{data.name}.stderr")]
    return "\n".join(file.read_text(errors="replace") for file in said)


async def test_nothing_personal_is_written_where_engineers_look(tmp_path: Path) -> None:
    """Names, numbers, addresses, notes, user names and passwords are planted in every part of
    calls, requests and media messages; none is in a log of the most talkative level, on the
    terminal, in a metric, on a lamp or in an address that is asked or served."""
    data = tmp_path / "data"
    secret = tmp_path / "cad-secret"
    secret.write_text(write_secret(bytes(range(32))))
    cad = NastyCad()
    async with cad.serving() as address:
        settings = {
            "RINGDOWN_LOGS__LEVEL": "debug",
            "RINGDOWN_CAD__ADAPTER": "webhook",
            "RINGDOWN_CAD__WEBHOOK__URL": address,
            "RINGDOWN_CAD__WEBHOOK__SECRET_FILE": str(secret),
        }
        async with running(data, settings=settings) as server:
            person = await first_person(server)
            line = await phones(person, server)
            await person.ask(
                "POST",
                "/v1/users",
                {
                    "username": USERNAME,
                    "display_name": STAFF,
                    "roles": ["telecommunicator"],
                    "password": PASSWORD,
                },
            )
            playing = asyncio.create_task(
                line.play(demo_recording(40), speed=4, sid="CAdemo", ani=OTHER_NUMBER).run()
            )
            call_id = await one_call(server, person, line)
            await bad_frames(line)
            await bad_requests(server, person, call_id)
            await playing
            ended = await until(
                lambda: person.ask("GET", "/v1/calls", params={"state": "ended"}),
                lambda got: any(call["external_id"] == "CAdemo" for call in got["calls"]),
            )
            (played,) = [call for call in ended["calls"] if call["external_id"] == "CAdemo"]
            view = await sealed(person, played["call_id"])
            await until(
                lambda: person.ask("GET", f"/v1/calls/{call_id}/cad"),
                lambda got: got["deliveries"][0]["attempts"] >= 2,
            )
            metrics = (await person.ask("GET", "/metrics")).decode()
            lamps = json.dumps(await person.ask("GET", "/v1/ops/lamps"))
            await person.close()

    heard = [u["text"].lower() for u in view["utterances"] if len(u["text"].split()) >= 3]
    assert heard, "the demo call was turned into words"
    demo = load_demo()
    words = (
        *WORDS,
        *heard,
        *(text.strip(".?!") for text in heard),
        demo.fields["location"].lower(),
    )
    digits = (*DIGITS, demo.fields["callback_number"])
    urls = "\n".join(request.partition("\r\n\r\n")[0] for request in cad.requests)
    logs = everything_written(data)
    for told in ("source refused", "request refused", "delivery attempted"):
        assert told in logs, "there is something to look through"
    assert "ringdown_speech_words_total" in metrics
    for place, text in (("logs", logs), ("metrics", metrics), ("lamps", lamps), ("CAD", urls)):
        found = leaks(text, words, digits)
        lines = [one for one in text.splitlines() if leaks(one, words, digits)]
        assert not found, f"{place}: {found} in {lines[:5]}"
