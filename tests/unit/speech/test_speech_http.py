"""The transcript over HTTP."""

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from ringdown.core.principal import Principal
from ringdown.runtime import http
from ringdown.speech.http import routes

from .test_transcript_service import DANA, LEG, Desk, said


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.service.follow(LEG)
    await made.service.finalise("a", said(1), 8000)
    await made.service.finalise("a", said(2), 16_000)
    return made


def client(desk: Desk, principal: Principal | None) -> AsyncClient:
    app = FastAPI(openapi_url=None)
    http.install(app, _always(principal), [routes(desk.service)])
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


def _always(principal):
    async def authenticate(_connection):
        return principal

    return authenticate


async def test_a_transcript_is_read_and_read_on(desk: Desk) -> None:
    """From the beginning, then from where one was."""
    async with client(desk, DANA) as web:
        whole = (await web.get("/v1/calls/call_1/transcript")).json()
        rest = (await web.get("/v1/calls/call_1/transcript?after=utt_1")).json()
    assert [u["text"] for u in whole["utterances"]] == ["word1", "word2"]
    assert whole["next"] == "utt_2"
    assert [u["text"] for u in rest["utterances"]] == ["word2"]


async def test_another_centres_call_looks_like_a_missing_one(desk: Desk) -> None:
    """404 both ways, with the same body."""
    other = Principal("user", "user_2", "Eve", "b", frozenset({"calls:read"}))
    async with client(desk, other) as web:
        theirs = await web.get("/v1/calls/call_1/transcript")
    async with client(desk, DANA) as web:
        missing = await web.get("/v1/calls/call_9/transcript")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json() == missing.json()


async def test_the_transcript_needs_its_permission(desk: Desk) -> None:
    """Without `calls:read` nothing is shown."""
    nobody = Principal("user", "user_3", "Max", "a", frozenset())
    async with client(desk, nobody) as web:
        assert (await web.get("/v1/calls/call_1/transcript")).status_code == 403
