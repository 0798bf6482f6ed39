"""The routes of calls, through a real application in memory."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from tests.unit.calls.test_call_service import World

from ringdown.calls.http import call_routes
from ringdown.core.principal import Principal
from ringdown.runtime.http import install

PHONES = Principal("client", "client_1", "Phones", "a", frozenset({"calls:write"}))
DANA = Principal(
    "user", "user_1", "Dana", "a", frozenset({"calls:read", "calls:write", "calls:note"})
)
OTHER = Principal("user", "user_9", "Max", "b", DANA.permissions)
WHO = {"phones": PHONES, "dana": DANA, "other": OTHER}


class Site:
    def __init__(self) -> None:
        self.world = World()
        app = FastAPI(openapi_url=None)

        async def authenticate(connection: HTTPConnection) -> Principal | None:
            return WHO.get(connection.headers.get("x-who", ""))

        install(app, authenticate, [call_routes(self.world.service, self.world.clock)])
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://test")

    async def __call__(
        self, who: str, method: str, path: str, body: object = None
    ) -> httpx.Response:
        return await self.client.request(
            method, f"/v1/calls{path}", json=body, headers={"x-who": who}
        )


@pytest.fixture
async def site():
    made = Site()
    async with made.client:
        yield made


async def begin(site: Site, **more: object) -> str:
    answer = await site("phones", "POST", "", {"external_id": "x1", **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["call_id"]


async def test_a_telephone_system_reports_a_whole_call(site: Site) -> None:
    """ANI, ALI, answer, hold and hang-up are enough to drive a call."""
    call_id = await begin(site, ani="+15550100", ali={"text": "12 Elm St"})
    site.world.clock.advance(2)
    await site("phones", "POST", f"/{call_id}/events", {"type": "answered"})
    await site("phones", "POST", f"/{call_id}/events", {"type": "dtmf", "data": {"digit": "1"}})
    ended = await site("phones", "POST", f"/{call_id}/hangup", {})
    assert ended.json()["state"] == "ended"
    assert ended.json()["answered_at"] == "2026-03-01T03:00:02.000Z"
    assert ended.json()["source"] == "Phones"
    listed = await site("dana", "GET", "?state=ended")
    assert [call["call_id"] for call in listed.json()["calls"]] == [call_id]


async def test_a_clock_that_is_ahead_does_not_end_a_call_in_the_future(site: Site) -> None:
    """What is reported has happened: never later than now."""
    call_id = await begin(site, started_at="2031-01-01T00:00:00Z")
    ended = await site("phones", "POST", f"/{call_id}/hangup", {"at": "2031-01-01T00:00:00Z"})
    assert ended.json()["ended_at"] == "2026-03-01T03:00:00.000Z"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"external_id": ""}),
        ("", {"external_id": "x", "colour": "red"}),
        ("", {"external_id": "x", "started_at": "yesterday"}),
        ("/{id}/events", {"type": "exploded"}),
        ("/{id}/hangup", {"reason": "he said he lives in 12 Elm St"}),
    ],
)
async def test_a_wrong_value_is_refused_and_not_repeated(site: Site, path: str, body: dict) -> None:
    """422 as problem details, without the caller's words."""
    call_id = await begin(site)
    answer = await site("phones", "POST", path.format(id=call_id), body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Elm" not in answer.text


async def test_another_centre_sees_nothing(site: Site) -> None:
    """Reading, changing and listing all look as if the call did not exist."""
    call_id = await begin(site)
    assert (await site("other", "GET", f"/{call_id}")).status_code == 404
    assert (await site("other", "GET", f"/{call_id}/notes")).status_code == 404
    assert (await site("other", "POST", f"/{call_id}/assign")).status_code == 404
    assert (await site("other", "GET", "")).json() == {"calls": []}


async def test_a_machine_neither_takes_nor_closes_a_call_nor_writes_notes(site: Site) -> None:
    """These are decisions of a person."""
    call_id = await begin(site)
    assert (await site("phones", "POST", f"/{call_id}/assign")).status_code == 403
    await site("phones", "POST", f"/{call_id}/hangup", {})
    closing = {"reason": "done"}
    assert (await site("phones", "POST", f"/{call_id}/close", closing)).status_code == 403
    assert (await site("phones", "POST", f"/{call_id}/notes", {"text": "x"})).status_code == 403
    assert (await site("dana", "GET", "")).json()["calls"][0]["attention"] == "abandoned"
    assert (await site("dana", "POST", f"/{call_id}/close", closing)).status_code == 200
    assert (await site("dana", "GET", "")).json() == {"calls": []}


async def test_a_note_conflict_brings_the_current_version(site: Site) -> None:
    """409 carries what somebody else wrote, so that nothing typed is lost."""
    call_id = await begin(site)
    note = (await site("dana", "POST", f"/{call_id}/notes", {"text": "one"})).json()
    path = f"/{call_id}/notes/{note['note_id']}"
    second = await site("dana", "PUT", path, {"text": "two", "base_version": 1})
    assert second.json()["version"] == 2
    late = await site("dana", "PUT", path, {"text": "three", "base_version": 1})
    assert late.status_code == 409
    assert late.json()["details"]["current"] == second.json()
    assert (await site("dana", "GET", f"/{call_id}/notes")).json()["notes"] == [second.json()]
