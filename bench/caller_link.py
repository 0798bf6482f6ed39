"""A caller's camera: how soon it is seen, how late, how heavy its page, how much it sends."""

import asyncio
import os
import tempfile
from pathlib import Path

from playwright.async_api import Browser
from tests.camera_stage import chromium
from tests.live import first_person
from tests.partner_app import with_media_server

from bench.caller_stage import SENT, busy, desk, looking, looks, phone
from bench.report import Measured, percentile
from ringdown.testing.instance import Person, running

TAPS = int(os.environ.get("RINGDOWN_BENCH_CALLER_TAPS", "20"))
WATCHED_S = int(os.environ.get("RINGDOWN_BENCH_CALLER_S", "40"))
SETTLED_S = 8


def run() -> list[Measured]:
    """Everything, with the caller's own page and the real media server, on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(Path(folder)))


async def _run(folder: Path) -> list[Measured]:
    async with running(folder / "d", settings=with_media_server()) as server, chromium() as browser:
        person = await first_person(server)
        made = [await _soon(browser, person), *await _sends(browser, person)]
        await person.close()
        return made


async def _soon(browser: Browser, person: Person) -> Measured:
    load = busy()
    took: list[float] = []
    before: list[float] = []
    after: list[float] = []
    for number in range(TAPS):
        caller = await phone(browser, person, f"tap-{number}", "video")
        await caller.page.get_by_role("button", name="Agree and share").wait_for()
        before.append(await caller.weight())
        console = await desk(browser, person)
        began = await caller.shares()
        await looks(console, person, caller.link)
        await console.comes("window.first > 0")
        took.append(await console.told("window.first") - began)
        await caller.sending()
        after.append(await caller.weight() - before[-1])
        await caller.gone(person)
        await console.page.context.close()
    p95 = percentile(took, 0.95)
    light = max(before) <= 20 and max(after) <= 160
    return Measured(
        "From the caller's tap to the first picture at the console",
        "p95 at most 2500 ms; page at most 20 kB before consent, 160 kB after",
        f"{p95:.0f} ms; {max(before):.1f} kB and {max(after):.1f} kB",
        p95 <= 2500 and light,
        {
            **load,
            "Taps": len(took),
            "p50, ms": round(percentile(took, 0.5)),
            "p95, ms": round(p95),
            "Longest, ms": round(max(took)),
            "Loaded before consent, kB": round(max(before), 1),
            "Loaded after consent, kB": round(max(after), 1),
        },
        "The caller's page is open; they press the button. Consent is recorded, the browser's"
        " camera is asked for, LiveKit's client is loaded, a room is made and joined through the"
        " relay; a person asks to see it from that moment on, every 20 ms, and their client joins"
        " and presents the first picture. Loaded: everything for the page, compressed as it goes.",
    )


async def _sends(browser: Browser, person: Person) -> list[Measured]:
    load = busy()
    caller = await phone(browser, person, "watched", "video")
    console = await desk(browser, person)
    await caller.shares()
    async with looking(console, person, caller.link):
        await console.comes("window.shown > 15")
        await asyncio.sleep(SETTLED_S)
        await console.told("void (delays.length = 0, shown = 0, unread = 0)")
        told = [await caller.page.evaluate(SENT)]
        for _ in range(WATCHED_S):
            await asyncio.sleep(1)
            told.append(await caller.page.evaluate(SENT))
        delays = await console.told("delays")
        shown, unread = await console.told("[shown, unread]")
    await caller.gone(person)
    await console.page.context.close()
    video = [_kbps(one, other, 1) for one, other in zip(told, told[2:], strict=False)]
    wire = [_kbps(one, other, 2) for one, other in zip(told, told[2:], strict=False)]
    mean = _kbps(told[0], told[-1], 1)
    p95 = percentile(delays, 0.95)
    return [
        Measured(
            "From the camera to the console's picture, at 250 kbit/s",
            "p95 at most 600 ms",
            f"{p95:.0f} ms",
            p95 <= 600,
            {
                **load,
                "Pictures read": len(delays),
                "Pictures a second": round(shown / WATCHED_S, 1),
                "Pictures whose time was unreadable": unread,
                "p50, ms": round(percentile(delays, 0.5)),
                "p95, ms": round(p95),
                "Longest, ms": round(max(delays)),
            },
            "The phone's camera is a drawn picture of noise that shows the machine's clock; the"
            " console reads it out of each picture as it is presented. Without what a real camera"
            " and a real screen add. The page's own limits; the link itself is loopback.",
        ),
        Measured(
            "What a camera sends",
            "at most 250 kbit/s",
            f"{mean:.0f} kbit/s in the mean, {max(video):.0f} kbit/s in the busiest two seconds",
            max(video) <= 250,
            {
                **load,
                "Seconds": WATCHED_S,
                "Video, mean, kbit/s": round(mean),
                "Video, busiest two seconds, kbit/s": round(max(video)),
                "With all that goes around it, mean, kbit/s": round(_kbps(told[0], told[-1], 2)),
                "With all that goes around it, busiest two seconds, kbit/s": round(max(wire)),
            },
            "Bytes of video by the browser's own count, of a picture that is hard to compress.",
        ),
    ]


def _kbps(one: list[float], other: list[float], which: int) -> float:
    return (other[which] - one[which]) * 8 / (other[0] - one[0])
