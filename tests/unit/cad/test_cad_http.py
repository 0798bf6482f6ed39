"""The routes of the CAD lane, through a real application in memory."""

import httpx
from fastapi import FastAPI
from tests.unit.cad.world import World

from ringdown.cad.fakes import ScriptedCad
from ringdown.cad.http import cad_routes
from ringdown.cad.model import Refused
from ringdown.cad.schema import json_schema
from ringdown.cad.summary import summary_json_schema
from ringdown.core.principal import Principal
from ringdown.runtime.http import install
from ringdown.wire.eido.check import decode
from ringdown.wire.eido.names import MEDIA_TYPE

MAY = frozenset({"cad:read", "cad:retry", "eido:read"})
WHO = {
    "dana": Principal("user", "user_1", "Dana", "a", MAY, "ses_1"),
    "other": Principal("user", "user_2", "Max", "b", MAY, "ses_2"),
    "machine": Principal("client", "client_1", "CAD", "a", frozenset({"eido:read"})),
    "reader": Principal("user", "user_3", "Sam", "a", frozenset({"cad:read"}), "ses_3"),
}


async def test_deliveries_are_read_and_retried_by_those_who_may() -> None:
    """Another centre sees nothing; a reader does not retry; the schema is served."""
    world = World(cad=ScriptedCad([Refused("cad.refused", "The CAD refused the incident (422).")]))
    call_id = await world.queue()
    await world.deliveries.run_once()
    app = FastAPI(openapi_url=None)

    async def authenticate(connection):
        return WHO.get(connection.headers.get("x-who", ""))

    install(app, authenticate, [cad_routes(world.deliveries)])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def ask(who: str, method: str, path: str) -> httpx.Response:
            return await client.request(method, path, headers={"x-who": who})

        shown = (await ask("dana", "GET", f"/v1/calls/{call_id}/cad")).json()["deliveries"]
        assert [(one["state"], one["last_error"]["code"]) for one in shown] == [
            ("dead", "cad.refused")
        ]
        assert (await ask("other", "GET", f"/v1/calls/{call_id}/cad")).status_code == 404
        path = f"/v1/cad/deliveries/{shown[0]['delivery_id']}/retry"
        assert (await ask("nobody", "POST", path)).status_code == 401
        assert (await ask("reader", "POST", path)).status_code == 403
        assert (await ask("other", "POST", path)).status_code == 404
        assert (await ask("dana", "POST", path)).json()["state"] == "queued"
        assert (await ask("reader", "GET", "/v1/cad/schema")).json() == json_schema()
        told = (await ask("reader", "GET", "/v1/cad/summary-schema")).json()
        assert told == summary_json_schema()


async def test_a_confirmed_incident_is_handed_out_as_a_document() -> None:
    """Under its media type; to those who may; nothing while nothing is confirmed."""
    world = World(cad=ScriptedCad())
    call_id = await world.queue()
    draft_only = await world.begin("x2")
    app = FastAPI(openapi_url=None)

    async def authenticate(connection):
        return WHO.get(connection.headers.get("x-who", ""))

    install(app, authenticate, [cad_routes(world.deliveries)])
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def ask(who: str, of: str, query: str = "") -> httpx.Response:
            path = f"/v1/calls/{of}/incident/eido{query}"
            return await client.get(path, headers={"x-who": who})

        assert (await ask("reader", call_id)).status_code == 403
        given = await ask("machine", call_id)
        assert given.status_code == 200
        assert given.headers["content-type"] == MEDIA_TYPE
        assert decode(given.content)["eidoVersion"] == "1.0"
        assert (await ask("dana", call_id, "?version=1")).content == given.content
        for of, query in ((call_id, "?version=2"), (draft_only, "")):
            missing = await ask("dana", of, query)
            assert missing.status_code == 404
            assert missing.json()["code"] == "cad.eido.nothing_confirmed"
        assert (await ask("other", call_id)).json()["code"] != "cad.eido.nothing_confirmed"
        assert (await ask("other", call_id)).status_code == 404
        assert (await ask("nobody", call_id)).status_code == 401
        assert (await ask("dana", call_id, "?version=0")).status_code == 422
