"""Who may listen is looked at anew when a whole server comes back, and when a recording is gone."""

import asyncio
import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from livekit import rtc
from tests.live import PASSWORD, demo_recording, first_person, phones, until
from tests.partner_app import (
    Partner,
    free_ports,
    listener,
    media_server_ready,
    partner,
    with_media_server,
)

from ringdown.testing.instance import Person, Running, running, start

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
NUMBER = "+12025550144"
PATIENCE_S = 240.0


async def recorded(stack: AsyncExitStack, server: Running, person: Person) -> tuple[Partner, str]:
    """A partner, and the incident of a call that is over."""
    await media_server_ready(person)
    mine = await stack.enter_async_context(partner(person, server))
    line = await phones(person, server)
    await line.play(demo_recording(4), speed=4, ani=NUMBER).run()
    incident = await mine.incident(NUMBER, live=False)
    return mine, incident["id"]


async def command(*words: str, data: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ringdown.cli", *words, "--data", str(data),
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await process.wait() == 0


async def test_a_credential_changed_while_the_server_is_down_hears_nothing_after(
    tmp_path: Path,
) -> None:
    """By the command line: disabled, or with a new secret. Who was left alone goes on."""
    data, settings = tmp_path / "data", with_media_server()
    (port,) = free_ports(socket.SOCK_STREAM, 1)
    server = await start(data, port=port, settings=settings)
    async with AsyncExitStack() as stack:
        try:
            person = await first_person(server)
            stack.push_async_callback(person.close)
            kept, incident = await recorded(stack, server, person)
            rotated = await stack.enter_async_context(partner(person, server))
            disabled = await stack.enter_async_context(partner(person, server))
            listeners: dict[str, Any] = {}
            for one in (kept, rotated, disabled):
                listeners[one.client_id] = await one.stream(incident, autoplay=False)
            opened = (await person.ask("GET", "/v1/listening"))["sessions"]
            assert {one["state"] for one in opened} == {"issued"}
            assert len(opened) == 3
            await server.stop()
            await command("client", "rotate", rotated.client_id, data=data)
            await command("client", "disable", disabled.client_id, data=data)
            server = await start(data, port=port, settings=settings)
            after = await until(
                lambda: person.ask("GET", "/v1/listening"),
                lambda got: sum(one["state"] == "closed" for one in got["sessions"]) >= 2,
            )
            told = sorted((one["state"], one["closed_because"]) for one in after["sessions"][1:])
            assert told == [("closed", "credential_over")] * 2
            assert after["sessions"][0]["state"] == "issued"
            rows = (await person.ask("GET", "/v1/audit?limit=200"))["rows"]
            ended = {one["actor_id"] for one in rows if one["tag"] == "listening:session:closed"}
            assert ended == {rotated.client_id, disabled.client_id}
        finally:
            await server.stop()


async def test_nobody_begins_to_hear_a_recording_that_was_removed(tmp_path: Path) -> None:
    """A stream token is refused with 410 and the code that partners know."""
    async with (
        running(tmp_path / "data", settings=with_media_server()) as server,
        AsyncExitStack() as stack,
    ):
        person = await first_person(server)
        stack.push_async_callback(person.close)
        mine, incident = await recorded(stack, server, person)
        await mine.stream(incident, autoplay=False)
        path = f"/v1/incident_events/{incident}/stream_token"
        bearer = {"authorization": f"Bearer {await mine.token()}"}

        async def asked_without_files() -> Any:
            # Sealing may be at work yet, and write once more.
            for kind in ("*.leg", "*.flac"):
                for file in (tmp_path / "data").rglob(kind):
                    file.unlink(missing_ok=True)
            return await mine.http.post(path, headers=bearer)

        gone = await until(asked_without_files, lambda got: got.status_code != 200)
        assert (gone.status_code, gone.json()["code"]) == (410, "recording_removed")


async def put_out(stack: AsyncExitStack, granted: dict[str, Any]) -> asyncio.Event:
    """Have somebody listen; it is set once the media server has disconnected them."""
    ear = await stack.enter_async_context(listener(granted))
    over = asyncio.Event()
    ear.room.on("disconnected", lambda *_: over.set())
    return over


async def lets_in(granted: dict[str, Any]) -> bool:
    room = rtc.Room()
    try:
        # The client tries three times, each for this long.
        await room.connect(granted["url"], granted["token"], rtc.RoomOptions(connect_timeout=5))
    except rtc.ConnectError:
        return False
    await room.disconnect()
    return True


async def test_who_is_disabled_or_signed_out_is_put_out_at_once(tmp_path: Path) -> None:
    """They are disconnected because of that and not because somebody looked; no token of theirs
    is good for anything after, and who has nothing to do with it hears on."""
    async with (
        running(tmp_path / "data", settings=with_media_server()) as server,
        AsyncExitStack() as stack,
    ):
        person = await first_person(server)
        stack.push_async_callback(person.close)
        kept, incident = await recorded(stack, server, person)
        (call,) = (await person.ask("GET", "/v1/calls?state=ended"))["calls"]
        bystander = await put_out(stack, await kept.stream(incident, autoplay=False))

        for _ in range(2):
            disabled = await stack.enter_async_context(partner(person, server))
            granted = await disabled.stream(incident, autoplay=False)
            over = await put_out(stack, granted)
            await person.ask("DELETE", f"/v1/clients/{disabled.client_id}")
            async with asyncio.timeout(PATIENCE_S):
                await over.wait()
            bearer = {"authorization": f"Bearer {disabled.held}"}
            path = f"/v1/incident_events/{incident}/stream_token"
            for method, asked in (("GET", "/v1/incident_events"), ("POST", path)):
                answer = await disabled.http.request(method, asked, headers=bearer)
                assert answer.status_code == 401
            assert not await lets_in(granted)

        colleague = Person(server.address)
        stack.push_async_callback(colleague.close)
        await colleague.sign_in("dana", PASSWORD)
        granted = await colleague.ask("POST", f"/v1/calls/{call['call_id']}/listening", {})
        over = await put_out(stack, granted)
        await colleague.ask("DELETE", "/v1/session")
        async with asyncio.timeout(PATIENCE_S):
            await over.wait()
        assert not await lets_in(granted)

        rows = (await person.ask("GET", "/v1/audit?limit=200"))["rows"]
        why = [
            one["details"]["because"] for one in rows if one["tag"] == "listening:session:closed"
        ]
        # Whether a credential is good is also looked for every five seconds. Should that fall
        # between the act and its news, it may tell its own reason; not twice, one after another.
        assert len(why) == 3
        assert "client_disabled" in why
        assert set(why) <= {"client_disabled", "signed_out", "credential_over"}
        assert why.count("credential_over") <= 1
        assert not bystander.is_set()
        states = [one["state"] for one in (await person.ask("GET", "/v1/listening"))["sessions"]]
        assert sorted(states) == ["closed", "closed", "closed", "live"]
