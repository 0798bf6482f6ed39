"""The sync law through the whole application: its routes, its bus, its CAD lane, its console."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from ringdown.app import FACTS, World, build
from ringdown.composition.foundation import database_url
from ringdown.console.model import OpenCallView, SnapshotView, fold_call, fold_list
from ringdown.core.events import FactRecord
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.settings import Settings, load
from ringdown.testing.clock import CountingIds, ManualClock

UNTOLD = {"lamps", "now"}


async def told(settings: Settings, centre_id: str, after: int) -> list[FactRecord]:
    """The log as another reader of the database finds it."""
    db = SqlDatabase(database_url(settings))
    try:
        facts = Facts(SqlFactStore(), ManualClock(), CountingIds(), FACTS)
        async with db.read() as tx:
            return [stored.record for stored in await facts.since(tx, centre_id, after)]
    finally:
        await db.close()


class Console:
    """Somebody signed in at the console of an application in this process."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def snapshot(self) -> SnapshotView:
        return SnapshotView.model_validate(await self.ask("GET", "/v1/console/snapshot"))

    async def call(self, call_id: str) -> OpenCallView:
        return OpenCallView.model_validate(await self.ask("GET", f"/v1/console/calls/{call_id}"))


async def work_on(console: Console, call_id: str) -> None:
    """A telecommunicator takes a call, notes, types, confirms; the CAD has it; the call ends."""
    here = f"/v1/calls/{call_id}"
    await console.ask("POST", f"{here}/events", {"type": "answered"})
    await console.ask("POST", f"{here}/assign")
    await console.ask("POST", f"{here}/events", {"type": "dtmf", "data": {"digit": "5"}})
    note = await console.ask("POST", f"{here}/notes", {"text": "two engines"})
    await console.ask(
        "PUT", f"{here}/notes/{note['note_id']}", {"text": "three engines", "base_version": 1}
    )
    field = await console.ask(
        "PUT",
        f"{here}/incident/fields/location",
        {"value": "12 Maple Street", "base_version": 0},
    )
    await console.ask(
        "POST", f"{here}/incident/confirm", {"versions": {"location": field["version"]}}
    )
    async with asyncio.timeout(30):
        while True:
            (delivery,) = (await console.call(call_id)).deliveries or [None]
            if delivery is not None and delivery.state == "acknowledged":
                break
            await asyncio.sleep(0.05)
    await console.ask("POST", f"{here}/hangup", {})


async def test_a_whole_call_folds_to_what_the_console_is_shown(tmp_path: Path) -> None:
    """From before the call and from within it, the facts lead to the same list and the same call."""
    settings = load(
        None,
        environ={},
        overrides={
            "data": tmp_path,
            "media_server": {"mode": "off"},
            "identity": {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}},
        },
    )
    async with build(settings, World.real(), practice_cad=True) as app:
        transport = httpx.ASGITransport(app.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            console = Console(http)
            form = {
                "token": await app.setup.issue_token(),
                "centre_name": "Fictional County",
                "username": "anna",
                "display_name": "Anna Ames",
                "password": "tangerine otter kiln",
            }
            signed_in = await console.ask("POST", "/v1/setup", form)
            http.headers["X-CSRF-Token"] = signed_in["csrf_token"]
            nothing = await console.snapshot()
            started = await console.ask("POST", "/v1/calls", {"external_id": "CA-1"})
            listed, call = await console.snapshot(), await console.call(started["call_id"])
            await work_on(console, call.call.call_id)
            now, shown = await console.snapshot(), await console.call(call.call.call_id)

        records = await told(settings, signed_in["centre"]["centre_id"], 0)
        assert len({record.fact.kind for record in records}) >= 8
        for before in (nothing, listed):
            folded = fold_list(before, [r for r in records if r.position <= now.position])
            assert folded.model_dump(exclude=UNTOLD) == now.model_dump(exclude=UNTOLD)
        assert fold_call(call, [r for r in records if r.position <= shown.position]) == shown
        assert shown.call.state == "ended"
        assert shown.deliveries[0].cad_incident_id
