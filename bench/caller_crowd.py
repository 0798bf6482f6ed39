"""Many callers' cameras at once, beside the audio of as many calls."""

import asyncio
import os
import tempfile
from pathlib import Path

from playwright.async_api import Browser
from tests.camera_stage import chromium
from tests.live import demo_recording, first_person, phones, sealed, until
from tests.partner_app import with_media_server

from bench.caller_stage import busy, desk, looking, phone
from bench.report import Measured
from ringdown.testing.instance import Person, Running, running

AT_ONCE = int(os.environ.get("RINGDOWN_BENCH_CALLER_AT_ONCE", "20"))
AUDIO_S = 30


def run() -> list[Measured]:
    """All on this machine, with the callers' own pages and the real media server."""
    with tempfile.TemporaryDirectory() as folder:
        return [asyncio.run(_run(Path(folder)))]


async def _run(folder: Path) -> Measured:
    async with running(folder / "d", settings=with_media_server()) as server, chromium() as browser:
        person = await first_person(server)
        made = await _at_once(browser, person, server)
        await person.close()
        return made


async def _at_once(browser: Browser, person: Person, server: Running) -> Measured:
    load = busy()
    line = await phones(person, server)
    callers = [
        await phone(browser, person, f"many-{n}", "video", clock=False) for n in range(AT_ONCE)
    ]
    for caller in callers:
        await caller.shares()
        await caller.sending()
    console = await desk(browser, person)
    recording = demo_recording(AUDIO_S)
    known = {caller.link.call for caller in callers}
    async with looking(console, person, callers[0].link):
        await console.comes("window.shown > 5")
        await asyncio.gather(*(line.play(recording, speed=1).run() for _ in range(AT_ONCE)))

    async def played() -> list[str]:
        every = (await person.ask("GET", "/v1/calls?limit=200"))["calls"]
        return [one["call_id"] for one in every if one["call_id"] not in known]

    calls = await until(played, lambda got: len(got) == AT_ONCE)
    gaps = short = legs = 0
    for call_id in calls:
        view = await sealed(person, call_id)
        gaps += len(view.get("gaps", ()))
        for leg in view["call"]["legs"]:
            legs += 1
            short += abs((leg["duration_ms"] or 0) - recording.duration_ms) > 100
    shown = await console.told("shown")
    for caller in callers:
        await caller.gone(person)
    return Measured(
        f"{AT_ONCE} cameras at once, beside the audio of as many calls",
        "no audio lost",
        f"{gaps} gaps, {short} of {legs} legs not whole",
        gaps == 0 and short == 0 and legs > 0,
        {
            **load,
            "Cameras": len(callers),
            "Calls with audio": len(calls),
            "Seconds of audio on each side": AUDIO_S,
            "Gaps in recordings": gaps,
            "Legs that are not whole": short,
            "Pictures of one of them at the console": shown,
        },
        "Each page of a caller sends its camera from one browser, which encodes all of them on the"
        " same cores as the server; meanwhile as many calls bring their audio in real time, and"
        " speech recognition follows as it can. The length of each recording is compared with what"
        " was sent.",
    )
