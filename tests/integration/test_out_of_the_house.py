"""A whole installation tells a CAD, a reader and NATS of an incident, through kills and outages."""

import secrets
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest
from tests.live import first_person, until
from tests.services import free_port, nats_at

from ringdown.cad.adapters.nats_summaries import STREAM
from ringdown.cad.receiver import Receiver
from ringdown.cad.receiver import serving as serving_cad
from ringdown.cad.summary import IncidentSummary
from ringdown.runtime.clock import SystemClock
from ringdown.testing.instance import Person, start
from ringdown.wire.eido.check import decode
from ringdown.wire.standard_webhooks import Secret, write_secret

pytestmark = [pytest.mark.slow, pytest.mark.nats, pytest.mark.timeout(480)]


async def summaries(url: str) -> list[IncidentSummary]:
    """What somebody else finds on NATS now, each under the subject of its incident."""
    try:
        client = await nats.connect(url, allow_reconnect=False)
    except (nats.errors.Error, OSError):
        return []  # it is only just starting
    try:
        stream = client.jetstream(timeout=30)
        info = await stream.stream_info(STREAM)
        found: list[IncidentSummary] = []
        for number in range(1, info.state.messages + 1):
            message = await stream.get_msg(STREAM, number)
            one = IncidentSummary.model_validate_json(message.data or b"")
            assert message.subject == f"incident.summary.{one.incident_id}"
            found.append(one)
    except nats.errors.Error:
        return []  # there is no stream yet, or it is asked again
    else:
        return found
    finally:
        await client.close()


async def send(person: Person, path: str, location: str) -> None:
    """A person types a location, and sends it."""
    field = (await person.ask("GET", path))["fields"]["location"]
    edit = {"value": location, "base_version": field["version"]}
    edited = await person.ask("PUT", f"{path}/fields/location", edit)
    versions = {"versions": {"location": edited["version"]}}
    await person.ask("POST", f"{path}/confirm", versions)


async def test_every_version_reaches_everybody_once_and_in_order(tmp_path: Path) -> None:
    """Sent while NATS is away, corrected, the server killed at once, cancelled after that."""
    key, secret = secrets.token_bytes(32), tmp_path / "secret"
    secret.write_text(write_secret(key))
    receiver = Receiver([Secret(key)], SystemClock())
    port, here, data = free_port(), free_port(), tmp_path / "data"
    url = f"nats://127.0.0.1:{port}"
    async with serving_cad(receiver) as address:
        settings = {
            "RINGDOWN_CAD__ADAPTER": "webhook",
            "RINGDOWN_CAD__WEBHOOK__URL": address,
            "RINGDOWN_CAD__WEBHOOK__SECRET_FILE": str(secret),
            "RINGDOWN_CAD__WEBHOOK__CONTENT": "eido",
            "RINGDOWN_CAD__EIDO__DOMAIN": "psap.example",
            "RINGDOWN_BUS__URL": url,
        }
        server = await start(data, port=here, settings=settings)
        person = await first_person(server)
        try:
            body = {"external_id": "x1", "ani": "+15095550142"}
            call = (await person.ask("POST", "/v1/calls", body))["call_id"]
            path = f"/v1/calls/{call}/incident"
            reader = await machine(person)
            async with httpx.AsyncClient(base_url=server.address, auth=reader) as cad:
                refused = await cad.get(f"{path}/eido")
                assert refused.json()["code"] == "cad.eido.nothing_confirmed"
                assert (await cad.get(path)).status_code == 403
            await send(person, path, "12 Elm Street")
            with nats_at(port, tmp_path / "nats"):
                await until(lambda: summaries(url), lambda found: len(found) == 1)
                await send(person, path, "14 Elm Street")
                await server.kill()
                server = await start(data, port=here, settings=settings)
                cancel = {"reason": "False alarm", "sequence": 2}
                await person.ask("POST", f"{path}/cancel", cancel)
                told = await until(lambda: summaries(url), lambda found: len(found) == 3)

                async def taken() -> list[dict[str, Any]]:
                    return receiver.documents

                documents = await until(taken, lambda found: len(found) == 3)
            async with httpx.AsyncClient(base_url=server.address, auth=reader) as cad:
                given = [await cad.get(f"{path}/eido?version={n}") for n in (1, 2, 3)]
        finally:
            await person.close()
            await server.stop()
    assert [(one.version, one.state, one.location and one.location.text) for one in told] == [
        (1, "active", "12 Elm Street"),
        (2, "active", "14 Elm Street"),
        (3, "cancelled", "14 Elm Street"),
    ]
    statuses = [one["incidentComponent"]["incidentStatusCommonRegistryText"] for one in documents]
    assert statuses == [["Active"], ["Active"], ["Cancelled"]]
    assert [decode(answer.content) for answer in given] == documents


async def machine(person: Person) -> tuple[str, str]:
    """A CAD's own credential: it reads what was confirmed, and nothing else."""
    form = {"name": "CAD", "scopes": ["eido:read"]}
    made = await person.ask("POST", "/v1/clients", form)
    return made["client_id"], made["client_secret"]
