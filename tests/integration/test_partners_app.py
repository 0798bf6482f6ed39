"""A partner and a whole server: incidents, recordings and webhooks as somebody outside has them."""

import asyncio
import io
import wave
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
from tests.live import demo_recording, first_person, phones, until

from ringdown.testing.hooks import receiving
from ringdown.testing.instance import Person, Running, running, start

EVENTS = ["incident_metadata", "caller_location", "media"]


async def partner(person: Person, server: Running, name: str = "App") -> tuple[str, Any]:
    """A partner's credential, and a web client that has it."""
    form = {"name": name, "scopes": ["incident_events"]}
    made = await person.ask("POST", "/v1/clients", form)
    asked = httpx.AsyncClient(base_url=server.address, timeout=60, trust_env=False)
    told = await asked.post(
        "/oauth/token",
        json={
            "client_id": made["client_id"],
            "client_secret": made["client_secret"],
            "grant_type": "client_credentials",
            "scope": "incident_events",
        },
    )
    asked.headers["authorization"] = f"Bearer {told.json()['access_token']}"
    return made["client_id"], asked


async def endpoint(person: Person, client_id: str, url: str) -> dict[str, Any]:
    form = {"client_id": client_id, "name": "Hook", "url": url, "events": EVENTS,
            "allow_private": True}  # fmt: skip
    return await person.ask("POST", "/v1/partners/endpoints", form)


async def test_a_call_is_told_listed_and_can_be_fetched_as_a_recording(tmp_path: Path) -> None:
    """From its first ring to its recording, which is served in any part; then the credential
    is disabled and nothing opens any more."""
    async with receiving(tmp_path) as hooks, AsyncExitStack() as stack:
        settings = {"RINGDOWN_PARTNERS__CA_FILE": str(hooks.ca_file)}
        async with running(tmp_path / "data", settings=settings) as server:
            person = await first_person(server)
            stack.push_async_callback(person.close)
            client_id, app = await partner(person, server)
            stack.push_async_callback(app.aclose)
            await endpoint(person, client_id, hooks.url)
            line = await phones(person, server)
            audio = demo_recording(4)
            await line.play(audio, speed=4, ani="+12025550143").run()
            await hooks.until(lambda hits: any(b'"media"' in hit.body for hit in hits))

            page = await until(
                lambda: app.get("/v1/incident_events"),
                lambda got: got.json()["data"] and got.json()["data"][0]["media"],
            )
            (incident,) = page.json()["data"]
            assert page.json()["next_cursor"] is None
            assert incident["caller_phone_number"] == "+12025550143"
            assert (incident["is_audio_live"], incident["latest_location"]) == (False, None)
            assert incident["audio_call_ended_at"].endswith(" UTC")
            path = f"/v1/incident_events/{incident['id']}"
            assert (await app.get(path.upper().replace("V1/INCIDENT_EVENTS", "v1/incident_events"))
                    ).json()["id"] == incident["id"]  # fmt: skip
            live = await app.get("/v1/incident_events?is_audio_live=true")
            assert live.json()["data"] == []
            for wrong in ("cursor=x", "limit=0", "updated_since=x", "is_audio_live=1"):
                refused = await app.get(f"/v1/incident_events?{wrong}")
                assert refused.status_code == 400, wrong
                assert refused.headers["content-type"] == "application/problem+json"

            url = incident["media"][0]["url"]
            async with httpx.AsyncClient(timeout=60, trust_env=False) as anybody:
                whole = await anybody.get(url)
                assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
                with wave.open(io.BytesIO(whole.content)) as file:
                    assert (file.getnchannels(), file.getframerate()) == (2, 8000)
                    assert abs(file.getnframes() / 8 - audio.duration_ms) < 1000
                assert any(whole.content[44:])
                part = await anybody.get(url, headers={"range": "bytes=1001-64007"})
                assert part.status_code == 206
                assert part.content == whole.content[1001:64008]
                beyond = await anybody.get(url, headers={"range": "bytes=99999999-"})
                assert beyond.status_code == 416
                changed = await anybody.get(url.replace("signature=", "signature=A"))
                assert changed.status_code == 403
                rows = await person.ask("GET", "/v1/audit?limit=200")
                assert any(
                    row["tag"] == "media:audio:played" and row["actor_id"] == client_id
                    for row in rows["rows"]
                )
                await person.ask("DELETE", f"/v1/clients/{client_id}")
                assert (await anybody.get(url)).status_code == 403
            assert (await app.get(path)).status_code == 401
            found = await until(
                lambda: person.ask("GET", "/v1/partners/endpoints"),
                lambda got: not got["endpoints"][0]["enabled"],
            )
            assert found["endpoints"][0]["disabled_because"] == "credential"
            names = [hit.headers["webhook-id"] for hit in hooks.hits]
            assert len(set(names)) == len(names), "each event came once"


async def test_a_recording_that_was_removed_is_gone_and_says_so(tmp_path: Path) -> None:
    """410 with a code, whole or in part; the incident itself is still there."""
    async with running(tmp_path / "data") as server, AsyncExitStack() as stack:
        person = await first_person(server)
        stack.push_async_callback(person.close)
        _, app = await partner(person, server)
        stack.push_async_callback(app.aclose)
        line = await phones(person, server)
        await line.play(demo_recording(4), speed=4, ani="+12025550143").run()
        page = await until(
            lambda: app.get("/v1/incident_events"),
            lambda got: got.json()["data"] and got.json()["data"][0]["media"],
        )
        (incident,) = page.json()["data"]
        url = incident["media"][0]["url"]
        async with httpx.AsyncClient(timeout=60, trust_env=False) as anybody:
            assert (await anybody.get(url)).status_code == 200

            async def asked_without_files() -> httpx.Response:
                # Sealing may be at work yet, and write once more.
                for kind in ("*.leg", "*.flac"):
                    for path in (tmp_path / "data").rglob(kind):
                        path.unlink(missing_ok=True)
                return await anybody.get(url, headers={"range": "bytes=0-99"})

            gone = await until(asked_without_files, lambda got: got.status_code != 206)
            assert gone.status_code == 410
            assert gone.headers["content-type"] == "application/problem+json"
            assert gone.json()["code"] == "recording_removed"
            assert (await anybody.get(url)).status_code == 410
        assert (await app.get(f"/v1/incident_events/{incident['id']}")).status_code == 200


async def test_nothing_is_lost_by_a_power_cut_in_mid_delivery(tmp_path: Path) -> None:
    """Killed while receivers hang, started again: every event arrives, with the same bytes."""
    never = asyncio.Event()

    async def hang(_hit):
        await never.wait()

    async with receiving(tmp_path) as hooks, AsyncExitStack() as stack:
        settings = {"RINGDOWN_PARTNERS__CA_FILE": str(hooks.ca_file)}
        hooks.behave = hang
        server = await start(tmp_path / "data", settings=settings)
        try:
            person = await first_person(server)
            stack.push_async_callback(person.close)
            client_id, app = await partner(person, server)
            stack.push_async_callback(app.aclose)
            await endpoint(person, client_id, hooks.url)
            line = await phones(person, server)
            async with line.web as web:
                for number in range(5):
                    form = {"external_id": f"x{number}", "ani": "+12025550143"}
                    assert (await web.post("/v1/calls", json=form)).is_success
            await until(
                lambda: person.ask("GET", "/v1/partners/endpoints"),
                lambda got: got["endpoints"][0]["queued"] == 5,
            )
            await hooks.until(lambda hits: hits)
            before = {hit.headers["webhook-id"]: hit.body for hit in hooks.hits}
            await server.kill()
            hooks.behave = None
            hooks.hits.clear()
            server = await start(tmp_path / "data", settings=settings)
            await hooks.until(lambda hits: len({h.headers["webhook-id"] for h in hits}) == 5)
            after = {hit.headers["webhook-id"]: hit.body for hit in hooks.hits}
            assert before.items() <= after.items()
        finally:
            await server.stop()
