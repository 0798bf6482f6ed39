"""The transcript socket of the whole product: a real call, its words, and what may not be heard."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from tests.cable_clients import client, installed_node
from tests.cable_world import replaced
from tests.live import PASSWORD, Phones, demo_recording, first_person, newest_call, phones, until
from websockets.asyncio.client import ClientConnection, connect

from ringdown.partners.model import incident_uuid
from ringdown.testing.instance import Person, Running, running
from ringdown.wire.actioncable import BASE, EXTENDED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="module"),
]
PATIENCE_S = 180.0
SPEAKERS = {"caller": "Caller", "call_taker": "CallTaker"}


@dataclass
class Centre:
    server: Running
    dana: Person
    phones: Phones

    @property
    def socket(self) -> str:
        return self.server.address.replace("http", "ws", 1)

    async def partner(self, name: str, by: Person | None = None) -> tuple[str, str]:
        """A new credential of partners, of whoever's centre: its id and a token."""
        form = {"name": name, "scopes": ["incident_events"]}
        made = await (by or self.dana).ask("POST", "/v1/clients", form)
        body = {
            "grant_type": "client_credentials",
            "client_id": made["client_id"],
            "client_secret": made["client_secret"],
        }
        async with httpx.AsyncClient(
            base_url=self.server.address, timeout=PATIENCE_S, trust_env=False
        ) as http:
            answer = await http.post("/oauth/token", json=body)
        return made["client_id"], answer.raise_for_status().json()["access_token"]

    async def colleague_elsewhere(self) -> Person:
        """The first person of a further centre of this installation."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ringdown.cli", "user", "setup-link", "--new-centre"),
            *("--data", str(self.server.data)),
            stdout=asyncio.subprocess.PIPE,
        )
        link, _ = await process.communicate()
        assert process.returncode == 0
        person = Person(self.server.address)
        await person.set_up(link.decode().strip(), username="erin", password=PASSWORD)
        return person

    async def said(self, call_id: str) -> dict[str, str]:
        """What was said, as our own transcript has it."""
        read = await self.dana.ask("GET", f"/v1/calls/{call_id}/transcript")
        return {
            speaker: " ".join(one["text"] for one in read["utterances"] if one["side"] == side)
            for side, speaker in SPEAKERS.items()
        }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Centre]:
    async with running(tmp_path_factory.mktemp("cable") / "data") as server:
        dana = await first_person(server)
        yield Centre(server, dana, await phones(dana, server))
        await dana.close()


def identifier(incident_id: str) -> str:
    return json.dumps({"channel": "PartnerEventsChannel", "incident_id": incident_id})


async def frame(socket: ClientConnection, *types: str | None) -> dict[str, Any]:
    """The next frame of one of these types; None is data."""
    async with asyncio.timeout(PATIENCE_S):
        while (read := json.loads(await socket.recv())).get("type") not in types:
            pass
    return read


async def subscribed(socket: ClientConnection, incident_id: str) -> str:
    """Subscribe, as often as it takes until the incident is known; the answer."""
    await frame(socket, "welcome")
    command = json.dumps({"command": "subscribe", "identifier": identifier(incident_id)})
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await socket.send(command)
            told = await frame(socket, "confirm_subscription", "reject_subscription")
            if told["type"] == "confirm_subscription":
                return told["identifier"]
            await asyncio.sleep(0.2)


def texts(held: list[dict[str, Any]]) -> dict[str, str]:
    return {
        speaker: " ".join(w["word"] for w in held if w["speaker"] == speaker and w["word"])
        for speaker in SPEAKERS.values()
    }


async def test_words_of_a_call_reach_partners_live_and_late(centre: Centre) -> None:
    """A partner from the beginning, AnyCable's client from its end: both hold the transcript."""
    _, token = await centre.partner("Live")
    replay = centre.phones.play(demo_recording(24), speed=2, sid="cable-live")
    frames: list[dict[str, Any]] = []
    async with asyncio.TaskGroup() as group:
        playing = group.create_task(replay.run())
        call_id = await newest_call(centre.dana)
        incident_id = incident_uuid(call_id)
        async with connect(
            f"{centre.socket}/cable?token={token}", subprotocols=[BASE], proxy=None
        ) as socket:
            assert socket.subprotocol == BASE
            await subscribed(socket, incident_id)
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    told = json.loads(await socket.recv())
                    if "message" not in told or told.get("type") == "ping":
                        if playing.done() and await _complete(centre, call_id, frames):
                            break
                        continue
                    frames.append(told)
    held = replaced(frames)
    assert all(word["is_final"] for word in held)
    assert all(0 <= word["start_offset"] <= 30 for word in held)
    async with client(
        installed_node(), centre.socket, client="anycable", extended=True,
        token=token, auth="sub-protocol", incident=incident_id,
    ) as late:  # fmt: skip
        # Words may still be coming; ours and its own are compared as they are by then.
        await until(lambda: centre.said(call_id), lambda said: texts(late.held) == said, PATIENCE_S)


async def _complete(centre: Centre, call_id: str, frames: list[dict[str, Any]]) -> bool:
    """Whether everything is final, and the partner holds it."""
    said = await centre.said(call_id)
    return bool(said["Caller"] and said["CallTaker"]) and texts(replaced(frames)) == said


async def a_call(centre: Centre, external_id: str) -> str:
    async with centre.phones.web as web:
        answer = await web.post("/v1/calls", json={"external_id": external_id})
    return answer.raise_for_status().json()["call_id"]


async def test_what_is_refused_is_refused_in_the_words_of_the_protocol(centre: Centre) -> None:
    """No token, a wrong one: told to stay away. An unknown incident: rejected."""
    for query in ("", "?token=wrong", "?jid=a.b.c"):
        async with connect(
            f"{centre.socket}/cable{query}", subprotocols=[EXTENDED, BASE], proxy=None
        ) as socket:
            told = await frame(socket, "disconnect", "welcome")
        assert told == {"type": "disconnect", "reason": "unauthorized", "reconnect": False}
    _, token = await centre.partner("Curious")
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(f"{centre.socket}/cable", additional_headers=headers, proxy=None) as socket:
        await frame(socket, "welcome")
        unknown = identifier(incident_uuid("call_nowhere"))
        await socket.send(json.dumps({"command": "subscribe", "identifier": unknown}))
        told = await frame(socket, "confirm_subscription", "reject_subscription")
        assert told == {"type": "reject_subscription", "identifier": unknown}


async def test_a_partner_of_another_centre_cannot_follow(centre: Centre) -> None:
    """To them an incident of ours looks as one that does not exist, and nothing of it comes."""
    call_id = await a_call(centre, "cable-elsewhere")
    erin = await centre.colleague_elsewhere()
    client_id, token = await centre.partner("Elsewhere", erin)
    _, ours = await centre.partner("Ours")
    wanted = identifier(incident_uuid(call_id))
    async with connect(f"{centre.socket}/cable?token={ours}", proxy=None) as socket:
        assert await subscribed(socket, incident_uuid(call_id)) == wanted
    async with connect(f"{centre.socket}/cable?token={token}", proxy=None) as socket:
        await frame(socket, "welcome")
        await socket.send(json.dumps({"command": "subscribe", "identifier": wanted}))
        told = await frame(socket, "confirm_subscription", "reject_subscription", None)
        assert told == {"type": "reject_subscription", "identifier": wanted}
        await socket.send(
            json.dumps({"command": "history", "identifier": wanted, "history": {"since": 0}})
        )
        told = await frame(socket, "confirm_history", "reject_history", "ping", None)
        assert told["type"] in {"reject_history", "ping"}
    for person in (centre.dana, erin):
        log = (await person.ask("GET", "/v1/audit/export")).decode()
        rows = [json.loads(line) for line in log.splitlines() if "transcript:heard" in line]
        assert client_id not in [row["actor_id"] for row in rows]
    await erin.close()


async def test_disabled_credential_is_cut_off_and_the_others_go_on(centre: Centre) -> None:
    """At once, and it cannot come back."""
    call_id = await a_call(centre, "cable-disabled")
    client_id, token = await centre.partner("Disabled")
    _, other = await centre.partner("Other")
    async with (
        connect(f"{centre.socket}/cable?token={token}", proxy=None) as socket,
        connect(f"{centre.socket}/cable?token={other}", proxy=None) as bystander,
    ):
        await subscribed(socket, incident_uuid(call_id))
        await subscribed(bystander, incident_uuid(call_id))
        await centre.dana.ask("DELETE", f"/v1/clients/{client_id}")
        told = await frame(socket, "disconnect")
        assert told == {"type": "disconnect", "reason": "unauthorized", "reconnect": False}
        await frame(bystander, "ping")
    async with connect(f"{centre.socket}/cable?token={token}", proxy=None) as socket:
        assert (await frame(socket, "disconnect", "welcome"))["reason"] == "unauthorized"


async def test_hearing_is_in_the_audit_log(centre: Centre) -> None:
    """Which partner heard which call."""
    call_id = await a_call(centre, "cable-audited")
    client_id, token = await centre.partner("Audited")
    async with connect(f"{centre.socket}/cable?token={token}", proxy=None) as socket:
        await subscribed(socket, incident_uuid(call_id))
    log = (await centre.dana.ask("GET", "/v1/audit/export")).decode()
    rows = [json.loads(line) for line in log.splitlines() if "partners:transcript:heard" in line]
    assert [row["actor_id"] for row in rows if row["subject"] == call_id] == [client_id]


async def test_shutdown_tells_everybody_to_come_back(centre: Centre) -> None:
    """The last test: it stops the server."""
    call_id = await a_call(centre, "cable-shutdown")
    _, token = await centre.partner("Patient")
    async with connect(f"{centre.socket}/cable?token={token}", proxy=None) as socket:
        await subscribed(socket, incident_uuid(call_id))
        stopping = asyncio.ensure_future(centre.server.stop())
        told = await frame(socket, "disconnect")
        assert told == {"type": "disconnect", "reason": "server_restart", "reconnect": True}
        await stopping
