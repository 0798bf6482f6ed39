"""Listeners hear again, at their place, whatever was restarted; with the real SDK and server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from tests.listening_stage import Ear, Stage, media_settings, staged, until
from tests.live import demo_recording, first_person, newest_call, phones, sealed

from ringdown.testing.instance import start

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(900),
    pytest.mark.slow,
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("restarts")) as made:
        yield made


async def playing_from(ear: Ear, position: int) -> None:
    """Have the listener hear the call from there on; where they are told to be counts from then."""
    await ear.send({"cmd": "scrub", "position": position})
    await ear.send({"cmd": "resume"})
    await until(lambda: ear.status().get("position", 0) > position)
    await ear.hears()
    del ear.packets[:-1]


MOVED_MS = 3000
"""Most that a listener may be moved on from one status to the next: a second of it is the usual
distance, a second was played when a status could not be told any more, and a second is slack."""
REPEATED_MS = 2000
"""Most that they may be taken back: where they stand is told each second."""


async def hears_on_at_the_place(ear: Ear, *before: Ear, repeated_ms: int = REPEATED_MS) -> None:
    """From now on they are told and hear again, and nothing was played to nobody meanwhile.

    Nothing moves while they are away, however long that is: no two statuses, one after the other,
    are further apart than at any time.
    """
    told = len(ear.packets)
    await until(lambda: len(ear.packets) >= told + 2)
    await ear.hears()
    places = [packet["position"] for one in (*before, ear) for packet in one.packets]
    assert all(-repeated_ms <= b - a <= MOVED_MS for a, b in pairwise(places)), places
    assert not ear.over


async def test_a_worker_is_killed_and_its_listeners_hear_again(stage: Stage) -> None:
    """The new worker takes the old one's seat in the same room; the listener does nothing."""
    _, ear = await stage.listener()
    _, paused = await stage.listener()
    await paused.send({"cmd": "scrub", "position": 90_000})
    await until(lambda: paused.status().get("position") == 90_000)
    await playing_from(ear, 10_000)
    (pid,) = stage.lane.pids
    os.kill(pid, signal.SIGKILL)
    await until(lambda: stage.lane.pids not in ([], [pid]) and stage.lane.ready)
    await hears_on_at_the_place(ear)
    paused.packets.clear()
    await until(paused.status)
    assert (paused.status()["position"], paused.status()["paused"]) == (90_000, True)
    await stage.over()


async def test_a_worker_that_hangs_is_replaced_too(stage: Stage) -> None:
    """It holds its connection and its seat, and still another takes over."""
    grant, ear = await stage.listener()
    await playing_from(ear, 10_000)
    (pid,) = stage.lane.pids
    os.kill(pid, signal.SIGSTOP)
    await until(lambda: stage.lane.pids not in ([], [pid]) and stage.lane.ready)
    assert not psutil.pid_exists(pid)
    await hears_on_at_the_place(ear)
    await stage.becomes(grant, "live")
    await stage.over()


async def test_the_media_server_is_killed_and_everybody_hears_again(stage: Stage) -> None:
    """Rooms come back under their names; the client's own reconnect finds them; the place holds."""
    grant, ear = await stage.listener()
    await ear.send({"cmd": "set-gain", "gain": -6, "callerType": "caller"})
    await playing_from(ear, 20_000)
    await stage.kill_media_server()
    await hears_on_at_the_place(ear)
    await stage.becomes(grant, "live")
    await stage.over()


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def alive(process: psutil.Process) -> bool:
    """Whether it still does anything; one that nobody has reaped yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_ringdown_is_killed_leaves_nothing_and_goes_on_where_everybody_was(
    tmp_path: Path,
) -> None:
    """SIGKILL takes the workers and the media server with it; the next start takes up the session."""
    media = media_settings()
    settings = {
        "RINGDOWN_MEDIA_SERVER__MODE": "build",
        "RINGDOWN_MEDIA_SERVER__PORT": str(media.port),
        "RINGDOWN_MEDIA_SERVER__TCP_PORT": str(media.tcp_port),
        "RINGDOWN_MEDIA_SERVER__UDP_PORT": str(media.udp_port),
        "RINGDOWN_MEDIA_SERVER__TURN_PORT": str(media.turn_port),
        "RINGDOWN_LISTENING__BACK_WITHIN_S": "600",
        "RINGDOWN_LISTENING__TOKEN_LIFETIME_S": "3600",
        "RINGDOWN_SPEECH__START_WITHIN_S": "300",
    }
    data = tmp_path / "data"
    server = await start(data, settings=settings)
    ears = [Ear()]
    ear = ears[0]
    try:
        person = await first_person(server)
        line = await phones(person, server)
        playing = asyncio.ensure_future(line.play(demo_recording(60), speed=20).run())
        call_id = await newest_call(person)
        await playing
        await sealed(person, call_id, 240)
        lamps = await person.ask("GET", "/v1/ops/lamps")
        async with asyncio.timeout(240):
            while not any(
                lamp["name"] == "media_server" and lamp["state"] == "ok" for lamp in lamps["lamps"]
            ):
                await asyncio.sleep(0.2)
                lamps = await person.ask("GET", "/v1/ops/lamps")
        page = await person.http.get("/")
        policy = page.headers["content-security-policy"]
        assert f"connect-src 'self' ws://127.0.0.1:{media.port} http://127.0.0.1:{media.port};" in (
            policy
        )
        grant = await person.ask("POST", f"/v1/calls/{call_id}/listening", {"autoplay": False})
        await ear.join(grant["url"], grant["token"])
        await until(ear.status)
        await ear.send({"cmd": "scrub", "position": 15_000})
        await ear.send({"cmd": "resume"})
        await until(lambda: ear.status().get("position", 0) > 17_000)
        del ear.packets[:-1]
        (listed,) = (await person.ask("GET", "/v1/listening"))["sessions"]
        assert (listed["state"], listed["listener"]) == ("live", "Dana Demo")
        family = descendants(server.process.pid)
        assert len(family) >= 3
        await server.kill()
        await until(lambda: not any(alive(one) for one in family))
        port = int(server.address.rpartition(":")[2])
        server = await start(data, port=port, settings=settings)
        told = len(ear.packets)
        try:
            await until(lambda: len(ear.packets) > told, 60)
        except TimeoutError:
            # The start took longer than the client goes on trying: the page is loaded again.
            ears.append(Ear())
            ear = await ears[-1].join(grant["url"], grant["token"])
            await until(ear.status)
        # The place is told and kept each second: what was played since is heard twice, and no
        # second is missed.
        await hears_on_at_the_place(ear, *ears[:-1], repeated_ms=2 * REPEATED_MS)
        rows = (await person.ask("GET", "/v1/listening"))["sessions"]
        assert [one["session_id"] for one in rows] == [grant["session_id"]]
        await person.ask("DELETE", f"/v1/listening/{grant['session_id']}")
        await until(lambda: ear.over)
        await person.close()
    finally:
        for one in ears:
            await one.leave()
        await server.stop()
