"""What a partner's program sees when it asks for a stream token, over HTTP: 200 and every refusal."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from tests.listening_world import Theatre, call_view
from tests.unit.partners.world import PARTNER, World, call

from ringdown.partners.http import partner_routes
from ringdown.partners.limits import RequestLimit
from ringdown.partners.model import incident_uuid
from ringdown.runtime.http import install
from ringdown.runtime.tasks import Tasks

INCIDENT = incident_uuid("call_1")
Ask = Callable[..., Awaitable[httpx.Response]]
Scene = Callable[[Theatre, Ask], Awaitable[None]]


def play(folder: Path, scene: Scene, *, per_minute: int = 100, **settings: object) -> None:
    """The route of partners before real listening, with a media server in memory."""

    async def whole() -> None:
        async with Tasks() as tasks:
            theatre, world = Theatre(tasks, folder, **settings), World()
            await world.hear(call())
            world.incidents._listening = theatre.listening

            async def partner(_connection: object) -> object:
                return PARTNER

            app = FastAPI(openapi_url=None)
            limit = RequestLimit(per_minute, theatre.clock)
            install(app, partner, [partner_routes(world.incidents, limit)])  # type: ignore[arg-type]
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

                async def ask(incident: str = INCIDENT, body: bytes = b"") -> httpx.Response:
                    path = f"/v1/incident_events/{incident}/stream_token"
                    return await client.post(path, content=body)

                await scene(theatre, ask)

    asyncio.run(whole())


def refused(answer: httpx.Response, status: int, code: str) -> int | None:
    """The answer is a whole problem; when it says to come back, in the header and in the body."""
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"urn:ringdown:error:{code}"
    assert body["title"] == body["detail"]
    assert body["action"]
    wait = answer.headers.get("retry-after")
    assert body["details"].get("retry_after_s") == (None if wait is None else int(wait))
    return None if wait is None else int(wait)


def test_a_token_is_given_with_everything_that_is_needed_to_join(tmp_path: Path) -> None:
    """The documented shape; one value under both names."""

    async def scene(_theatre: Theatre, ask: Ask) -> None:
        answer = await ask(body=b'{"autoplay": false, "participant_id": "engine 4"}')
        body = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert body.keys() == {
            "token", "stream_token", "url", "incident_id", "participant_id", "autoplay",
            "expires_in", "expires_at",
        }  # fmt: skip
        assert body["token"] == body["stream_token"]
        assert (body["incident_id"], body["autoplay"], body["expires_in"]) == (INCIDENT, False, 600)

    play(tmp_path, scene)


def test_a_call_without_audio_is_a_conflict(tmp_path: Path) -> None:
    """409 no_audio; coming back is of use only once there is some."""

    async def scene(theatre: Theatre, ask: Ask) -> None:
        theatre.calls.view = call_view(legs=())
        assert refused(await ask(), 409, "no_audio") is None

    play(tmp_path, scene)


def test_a_recording_that_was_removed_is_gone(tmp_path: Path) -> None:
    """410 recording_removed, and never to come back."""

    async def scene(theatre: Theatre, ask: Ask) -> None:
        theatre.calls.view = call_view("ended")
        assert refused(await ask(), 410, "recording_removed") is None

    play(tmp_path, scene)


def test_too_many_sessions_of_a_centre_and_too_many_requests_say_when(tmp_path: Path) -> None:
    """429 with Retry-After, for either."""

    async def scene(_theatre: Theatre, ask: Ask) -> None:
        assert (await ask()).status_code == 200
        wait = refused(await ask(), 429, "listening.sessions.too_many")
        assert wait is not None
        assert wait > 0
        wait = refused(await ask(), 429, "partners.requests.limited")
        assert wait is not None
        assert wait > 0

    play(tmp_path, scene, per_minute=2, most_sessions=1)


@pytest.mark.parametrize(
    ("down", "code"), [(True, "listening.rooms.unreachable"), (False, "listening.media_server.off")]
)
def test_a_media_server_that_is_away_says_when(tmp_path: Path, down: bool, code: str) -> None:
    """503 with Retry-After, whether it does not answer or none is set up."""

    async def scene(theatre: Theatre, ask: Ask) -> None:
        if down:
            theatre.rooms.down = True
        else:
            theatre.listening._rooms = None
        wait = refused(await ask(), 503, code)
        assert wait is not None
        assert wait > 0

    play(tmp_path, scene)


def test_an_unknown_incident_and_an_unreadable_wish_are_refused(tmp_path: Path) -> None:
    """404 and 400, without a session or a room."""

    async def scene(theatre: Theatre, ask: Ask) -> None:
        assert (
            refused(await ask(incident_uuid("other")), 404, "partners.incident.not_found") is None
        )
        for body in (b'{"autoplay": 1}', rb'{"participant_id": "\ud800"}', b"x"):
            assert refused(await ask(body=body), 400, "partners.request.unreadable") is None
        assert theatre.rooms.made == []
        assert await theatre.states() == []

    play(tmp_path, scene)
