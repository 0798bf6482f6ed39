"""A caller's camera through the real media server: relay only, looked at by who may, gone at once."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
from tests.camera_stage import (
    Tab,
    audited,
    beat,
    chromium,
    linked,
    opened,
    session_cookie,
    shows,
    tab,
    viewing,
    watches,
)
from tests.live import colleague, first_person, raw, until
from tests.partner_app import lamp, with_media_server
from tests.services import free_port

from ringdown.testing.instance import Person, Running, running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(900)]
TURNSERVER = shutil.which("turnserver")


async def relayed_only(phone: Tab, turn: str) -> None:
    """Nobody but this TURN server was named, offered or used, and its STUN is the only one."""
    seen, used = await phone.told("seen"), await phone.told("used()")
    assert {each.partition(":")[2].partition("?")[0] for each in seen["servers"]} == {turn}
    assert set(seen["policies"]) == {"relay"}
    assert seen["offered"]
    assert all(" typ relay raddr 0.0.0.0 " in each for each in seen["offered"])
    assert all(each.split()[4] == "127.0.0.1" for each in seen["offered"] + seen["remote"])
    assert used
    assert {(each["kind"], each["to"]) for each in used} == {("relay", "127.0.0.1")}


async def health(person: Person, call: str, state: str) -> dict[str, Any]:
    """Wait until the live feed says so of the caller's video."""
    async with asyncio.timeout(60):
        async for message in person.feed():
            said = message.get("signal", message)
            if said.get("kind") == "video.health.changed.v1" and said.get("call_id") == call:
                told = said.get("body", said)["health"]
                if told["state"] == state:
                    return told
    raise AssertionError("the feed ended")


async def test_a_camera_is_seen_by_relay_alone_and_is_gone_when_the_caller_says_so(
    tmp_path: Path,
) -> None:
    """Relay only; a pass opens its room alone and only to whom it was given; a restarted media
    server is found again; taken over; stopped: everybody is out, and no pass opens anything."""
    settings = with_media_server()
    turn = f"127.0.0.1:{settings['RINGDOWN_MEDIA_SERVER__TURN_PORT']}"
    async with AsyncExitStack() as stack:
        server: Running = await stack.enter_async_context(
            running(tmp_path / "d", settings=settings)
        )
        browser = await stack.enter_async_context(chromium())
        boss = await first_person(server)
        person, _ = await colleague(boss, "lee")
        stack.push_async_callback(boss.close)
        stack.push_async_callback(person.close)
        link = await linked(person, "video")
        phone = await tab(browser, server.address)
        await opened(phone, link, "video")
        grant = await shows(phone)
        await phone.told(
            "window.beats = setInterval(() => fetch('/l/api/alive', {method: 'POST', headers:"
            " {'content-type': 'application/json'}, body: JSON.stringify({sharing: ['video'],"
            " video: {state: 'live', width: 320, height: 240, fps: 15, kbps: 200}})}), 1000)"
        )
        console = await tab(browser, server.address, session_cookie(person))
        mine = await watches(console, person, link)
        await console.comes("window.frames > 1")
        await relayed_only(phone, turn)
        # The page never learns who looks, or that anybody does.
        assert await phone.told("room.remoteParticipants.size") == 0

        # A pass is not enough: a phone has its cookie, a person is signed in, and the path leads
        # to the signalling alone.
        ask = f"{server.address}/l/rtc/validate"
        stranger = await tab(browser, server.address)
        again = await boss.http.get(ask, params={"access_token": grant["token"]})
        assert (again.status_code, again.json()["code"]) == (403, "video.signal.refused")
        assert (await raw(person, "GET", "/l/rtc/validate")).status_code == 403
        assert (await raw(person, "POST", "/l/twirp/livekit.RoomService/ListRooms")).is_error
        refused = await stranger.page.evaluate(
            "async ([url, token]) => { const room = new LivekitClient.Room(); try {"
            " await room.connect(url, token); return 'in'; } catch (e) { return 'out'; } }",
            [grant["url"], grant["token"]],
        )
        assert refused == "out"

        # The media server dies: nobody is signed out, no call ends; all is as before when it is up.
        pid = json.loads((server.data / "run" / "media-server.pid").read_text())["pid"]
        os.kill(pid, signal.SIGKILL)
        await until(lambda: lamp(person, "media_server"), lambda got: got["state"] != "ok", every=0)
        await until(lambda: lamp(person, "media_server"), lambda got: got["state"] == "ok")
        await shows(phone)
        mine = await watches(console, person, link)
        await console.comes("window.frames > 1")

        # A supervisor looks instead: the other is out, and cannot look again until they have done.
        await person.ask(
            "POST", f"/v1/calls/{link.call}/viewings/{mine}/alive", {"shown_ms": 80_000_000}
        )
        path = f"/v1/calls/{link.call}/viewings/{mine}/take-over"
        assert (await raw(person, "POST", path)).status_code == 403
        over, _ = await colleague(boss, "kim", "supervisor")
        stack.push_async_callback(over.close)
        instead = (await over.ask("POST", path))["viewing"]
        await console.comes("ends.length > 0")
        theirs = await viewing(person, link, mine)
        assert theirs["taken_over_by"]["name"] == "Kim"
        assert (
            0 < theirs["shown_ms"] < 600_000
        )  # what was claimed is bounded by the time it was open
        watch = f"/v1/calls/{link.call}/video/{link.link}/watch"
        denied = await raw(person, "POST", watch)
        assert denied.json()["code"] == "video.viewing.taken_over"
        assert denied.json()["details"]["by"] == "Kim"
        close = f"/v1/calls/{link.call}/viewings/{instead['viewing_id']}/close"
        await over.ask("POST", close, {"shown_ms": 0})
        console = await tab(browser, server.address, session_cookie(person))
        last = await watches(console, person, link)
        await console.comes("window.frames > 1")

        # The page falls silent, and the console hears of it; then the caller takes it back.
        dead = asyncio.ensure_future(health(person, link.call, "dead"))
        await phone.told("clearInterval(window.beats)")
        assert (await dead)["kbps"] == 0
        await beat(phone)
        status, _ = await phone.post("/l/api/stop", {"share": "video"})
        assert status == 200
        await phone.comes("ends.length > 0")
        await console.comes("ends.length > 0")
        gone = await boss.http.get(ask, params={"access_token": grant["token"]})
        assert gone.status_code == 403
        assert (await phone.post("/l/api/video"))[0] == 410  # it was all that was shared
        assert (await raw(person, "POST", watch)).json()["code"] == "caller.link.over"
        ended = await until(lambda: viewing(person, link, last), lambda got: got["ended_at"])
        assert ended["taken_over_by"] is None
        opened_, closed, taken = (
            f"video:viewing:{act}" for act in ("opened", "closed", "taken_over")
        )
        story = [opened_, closed, opened_, closed, taken, opened_, closed, opened_, closed]
        assert await audited(boss, "video:viewing:") == story
        own = await person.ask("GET", "/v1/exposure?days=1")
        assert [one["person"]["name"] for one in own["people"]] == ["Lee"]
        everybody = await over.ask("GET", "/v1/exposure?days=1")
        assert {one["person"]["name"] for one in everybody["people"]} == {"Lee", "Kim"}
        assert "video:exposure:read" in await audited(boss, "video:exposure")


@contextmanager
def coturn(folder: Path, port: int, secret: str) -> Iterator[None]:
    """A TURN server with a shared secret, on loopback."""
    assert TURNSERVER is not None
    options = {
        "listening-ip": "127.0.0.1", "relay-ip": "127.0.0.1", "listening-port": port,
        "static-auth-secret": secret, "realm": "psap", "min-port": 42_000, "max-port": 42_400,
        "pidfile": folder / "turn.pid", "log-file": folder / "turn.log",
    }  # fmt: skip
    flags = (
        "use-auth-secret", "no-tls", "no-dtls", "no-cli", "allow-loopback-peers", "simple-log",
        "verbose",
    )  # fmt: skip
    words = [f"--{name}={value}" for name, value in options.items()] + [f"--{f}" for f in flags]
    process = subprocess.Popen(
        [TURNSERVER, "-n", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(TURNSERVER is None, reason="coturn is not on this machine")
async def test_a_coturn_of_the_agency_carries_the_camera_alone(tmp_path: Path) -> None:
    """With short-lived credentials made from its secret; nothing else is named, offered or used."""
    port, secret = free_port(), "a-secret-shared-with-coturn"
    (tmp_path / "turn.secret").write_text(secret)
    file = tmp_path / "turn.secret"
    named = f'[{{host = "127.0.0.1", port = {port}, secret_file = "{file}"}}]'
    settings = with_media_server() | {"RINGDOWN_MEDIA_SERVER__TURN_SERVERS": named}
    with coturn(tmp_path, port, secret):
        async with running(tmp_path / "d", settings=settings) as server, chromium() as browser:
            person = await first_person(server)
            link = await linked(person, "video")
            phone = await tab(browser, server.address)
            await opened(phone, link, "video")
            await shows(phone)
            console = await tab(browser, server.address, session_cookie(person))
            await watches(console, person, link)
            await console.comes("window.frames > 1")
            await relayed_only(phone, f"127.0.0.1:{port}")
            await person.close()
    assert "ALLOCATE processed, success" in (tmp_path / "turn.log").read_text()
    assert secret not in (tmp_path / "d" / "logs" / "media-server.log").read_text()
