"""The routes of incidents, through a real application in memory."""

import dataclasses

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from tests.unit.incidents.world import DANA, LEE, MAX, PHONES, World, made

from ringdown.core.principal import Principal
from ringdown.incidents.http import incident_routes
from ringdown.runtime.http import install

READER = Principal(
    "user", "user_dana", "Dana Reyes", "centre_a", frozenset({"incidents:read"}), "ses_1"
)
MACHINE = dataclasses.replace(PHONES, permissions=DANA.permissions)
WHO = {"dana": DANA, "lee": LEE, "max": MAX, "reader": READER, "machine": MACHINE}
FIRE = "C: my house is on fire at 40 Oak Street"


class Site:
    def __init__(self, world: World) -> None:
        self.world = world
        app = FastAPI(openapi_url=None)

        async def authenticate(connection: HTTPConnection) -> Principal | None:
            return WHO.get(connection.headers.get("x-who", ""))

        routes = incident_routes(world.service, world.calls, world.db, world.clock)
        install(app, authenticate, [routes])
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://test/v1")

    async def __call__(self, who: str, method: str, path: str, body=None) -> httpx.Response:
        return await self.client.request(method, path, json=body, headers={"x-who": who})


@pytest.fixture
async def site():
    site = Site(await made())
    async with site.client:
        yield site


async def call(site: Site, **more) -> str:
    call_id = await site.world.begin(**more)
    await site.world.hear(call_id, FIRE)
    return f"calls/{call_id}/incident"


async def test_look_edit_confirm_send(site: Site) -> None:
    """The way of a call-taker through a draft."""
    path = await call(site)
    draft = (await site("dana", "GET", path)).json()
    assert draft["fields"]["location"]["value"] == "40 Oak Street"
    edit = {"value": "42 Oak Street", "base_version": draft["fields"]["location"]["version"]}
    edited = (await site("dana", "PUT", f"{path}/fields/location", edit)).json()
    assert (edited["state"], edited["origin"]) == ("edited", "typed")
    confirm = {"base_version": edited["version"]}
    confirmed = (await site("dana", "POST", f"{path}/fields/location/confirm", confirm)).json()
    assert confirmed["state"] == "confirmed"
    sent = await site("dana", "POST", f"{path}/confirm", {"versions": {"type": 1}})
    assert sent.status_code == 200
    assert set(sent.json()["fields"]) == {"location", "type"}


async def test_a_conflict_carries_the_field_as_it_is_now(site: Site) -> None:
    """409, for the one who asked; nothing of it in the details that are logged."""
    path = await call(site)
    body = {"value": "42 Oak Street", "base_version": 1}
    await site("dana", "PUT", f"{path}/fields/location", body)
    second = await site("lee", "PUT", f"{path}/fields/location", {**body, "value": "44 Elm"})
    assert second.status_code == 409
    problem = second.json()
    assert problem["code"] == "incidents.field.changed"
    assert problem["details"]["current"]["value"] == "42 Oak Street"
    assert problem["details"]["current"]["by"]["name"] == "Dana Reyes"


async def test_a_field_is_rejected(site: Site) -> None:
    """What was heard stays as an alternative."""
    path = await call(site)
    body = {"base_version": 1}
    rejected = (await site("dana", "POST", f"{path}/fields/type/reject", body)).json()
    assert (rejected["state"], rejected["value"]) == ("rejected", None)
    assert rejected["alternatives"][0]["value"] == "structure_fire"


@pytest.mark.parametrize(
    ("who", "method", "end", "body", "status"),
    [
        ("nobody", "GET", "", None, 401),
        ("reader", "PUT", "/fields/type", {"value": "fire", "base_version": 1}, 403),
        ("reader", "POST", "/fields/type/confirm", {"base_version": 1}, 403),
        ("reader", "POST", "/fields/type/reject", {"base_version": 1}, 403),
        ("reader", "POST", "/fields/confirm", {"versions": {"type": 1}}, 403),
        ("machine", "POST", "/fields/confirm", {"versions": {"type": 1}}, 403),
        ("max", "POST", "/fields/confirm", {"versions": {"type": 1}}, 404),
        ("reader", "POST", "/confirm", {"versions": {}}, 403),
        ("machine", "POST", "/confirm", {"versions": {"type": 1}}, 403),
        ("machine", "PUT", "/fields/type", {"value": "fire", "base_version": 1}, 403),
        ("max", "GET", "", None, 404),
        ("max", "GET", "/print", None, 404),
        ("max", "POST", "/confirm", {"versions": {"type": 1}}, 404),
        ("dana", "PUT", "/fields/colour", {"value": "fire", "base_version": 1}, 422),
        ("dana", "PUT", "/fields/type", {"value": "nonsense", "base_version": 1}, 422),
        ("dana", "PUT", "/fields/type", {"value": "fire"}, 422),
        ("dana", "PUT", "/fields/type", {"value": "x" * 501, "base_version": 1}, 422),
        ("dana", "POST", "/confirm", {"versions": {"colour": 1}}, 422),
        ("dana", "POST", "/confirm", {"versions": {}}, 422),
        ("dana", "POST", "/confirm", {"versions": {"victims": 0}}, 422),
    ],
)
async def test_what_is_not_allowed_says_so(site: Site, who, method, end, body, status) -> None:
    """Anonymous, wrong role, a machine, another centre, wrong input."""
    path = await call(site)
    assert (await site(who, method, f"{path}{end}", body)).status_code == status


async def test_the_types_and_severities_to_choose_from(site: Site) -> None:
    """What an edit of these fields accepts."""
    listed = (await site("dana", "GET", "incident-types")).json()
    assert {"code": "noise", "label": "Noise complaint", "category": "non_emergency"} in listed[
        "types"
    ]
    assert listed["severities"] == ["low", "medium", "high", "critical"]


async def test_the_page_to_print(site: Site) -> None:
    """Heard and typed text differ in words; unconfirmed is marked; no script, style pinned."""
    path = await call(site)
    await site("dana", "PUT", f"{path}/fields/victims", {"value": "2 adults", "base_version": 0})
    answer = await site("dana", "GET", f"{path}/print")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]
    page = answer.text
    assert "UNCONFIRMED" in page
    assert '<p class="heard">40 Oak Street <span class="small">(heard)</span></p>' in page
    assert '<p class="typed">2 adults <span class="small">(typed)</span></p>' in page
    assert "<q>40 Oak Street</q>" in page
    assert "<script" not in page
    assert "DEMO" not in page


async def test_a_demo_call_prints_as_one(site: Site) -> None:
    """Nobody takes it for real."""
    path = await call(site, demo=True)
    assert "DEMO. This is not a real call." in (await site("dana", "GET", f"{path}/print")).text


async def test_what_was_said_cannot_become_markup(site: Site) -> None:
    """Everything on the page is escaped."""
    path = await call(site)
    body = {"value": "<img src=x onerror=alert(1)>", "base_version": 1}
    await site("dana", "PUT", f"{path}/fields/location", body)
    page = (await site("dana", "GET", f"{path}/print")).text
    assert "<img" not in page
    assert "&lt;img src=x" in page


async def test_the_page_lists_what_was_confirmed(site: Site) -> None:
    """With its number, person and time."""
    path = await call(site)
    heard = ("emergency", "category", "type", "location", "severity", "relation")
    await site("dana", "POST", f"{path}/confirm", {"versions": dict.fromkeys(heard, 1)})
    page = (await site("dana", "GET", f"{path}/print")).text
    assert "No. 1, by Dana Reyes at 2026-03-01T03:00:00.000Z" in page
    assert "UNCONFIRMED" not in page
