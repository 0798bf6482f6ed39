"""Listeners hear again, at their place, whatever was restarted; with the real SDK and server."""

import asyncio
import os
import signal
import time
from pathlib import Path

from tests.listening_stage import staged, until


async def test_the_media_server_is_killed_and_everybody_hears_again(tmp_path: Path) -> None:
    """Rooms come back under their names; the client's own reconnect finds them; the place holds."""
    async with staged(tmp_path) as stage:
        grant, ear = await stage.listener()
        await ear.send({"cmd": "scrub", "position": 61_000})
        await ear.send({"cmd": "resume"})
        await ear.hears()
        await until(lambda: ear.status()["position"] > 61_000)
        before = ear.status()["position"]
        ear.packets.clear()
        await stage.kill_media_server()
        back = time.monotonic()
        await ear.hears()
        print("heard again after", time.monotonic() - back)
        await until(ear.status)
        assert before - 2000 <= ear.status()["position"] <= before + 60_000
        await stage.becomes(grant, "live")
        assert not ear.over


async def test_a_worker_is_killed_and_its_listeners_hear_again(tmp_path: Path) -> None:
    """The new worker takes the old one's seat in the same room; the listener does nothing."""
    async with staged(tmp_path) as stage:
        _, ear = await stage.listener()
        await ear.send({"cmd": "scrub", "position": 61_000})
        await ear.send({"cmd": "resume"})
        await ear.hears()
        await until(lambda: ear.status()["position"] > 61_000)
        before = ear.status()["position"]
        ear.packets.clear()
        (pid,) = stage.lane.pids
        os.kill(pid, signal.SIGKILL)
        await until(lambda: stage.lane.pids not in ([], [pid]) and stage.lane.ready)
        back = time.monotonic()
        await ear.hears()
        print("heard again after", time.monotonic() - back)
        await until(ear.status)
        assert before - 2000 <= ear.status()["position"] <= before + 60_000
        assert not ear.over


async def test_a_worker_that_hangs_is_replaced_too(tmp_path: Path) -> None:
    """It holds its socket and its seat, and still somebody else takes over."""
    async with staged(tmp_path) as stage:
        _, ear = await stage.listener()
        await ear.send({"cmd": "resume"})
        await ear.hears()
        (pid,) = stage.lane.pids
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: stage.lane.pids not in ([], [pid]) and stage.lane.ready)
        await asyncio.sleep(0)
        await ear.hears()
        assert not ear.over
