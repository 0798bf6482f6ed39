"""A caller's camera over a link that is really narrow; how soon text is offered when it is gone.

The phone is in a network namespace shaped by `tc tbf`, which only root can make. Its link keeps
what it cannot send at once for up to three seconds, as mobile networks do, rather than drop it: a
camera that sends too much is late, and nothing but its own restraint helps.
"""

import asyncio
import os
import random
import tempfile
from pathlib import Path

from tests.camera_stage import Tab, chromium
from tests.live import first_person, until
from tests.narrow_link import NarrowLink, narrow_link
from tests.partner_app import with_media_server

from bench.caller_stage import SENT, Phone, busy, desk, looking, phone
from bench.report import Measured, percentile
from ringdown.testing.instance import Person, running

WATCHED_S = int(os.environ.get("RINGDOWN_BENCH_CALLER_S", "40"))
CUTS = int(os.environ.get("RINGDOWN_BENCH_CALLER_CUTS", "20"))
SETTLED_S = 8
QUEUE_MS = 3000
NARROW_KBIT, NARROWEST_KBIT, WIDE_KBIT = 250, 64, 20_000
PICTURE_EVERY_S = 4
"""After so long without a picture the console calls a camera dead."""


def run() -> list[Measured]:
    """With the caller's own page and the real media server, on this machine. Needs root."""
    with tempfile.TemporaryDirectory() as folder, narrow_link() as link:
        return asyncio.run(_run(Path(folder), link))


async def _run(folder: Path, link: NarrowLink) -> list[Measured]:
    settings = with_media_server() | {
        "RINGDOWN_HTTP__HOST": link.address,
        "RINGDOWN_MEDIA_SERVER__ADDRESS": link.address,
    }
    async with (
        running(folder / "d", settings=settings) as server,
        chromium(link.browser(folder), trusted=server.address) as there,
        chromium() as here,
    ):
        person = await first_person(server)
        caller = await phone(there, person, "far", "video")
        console = await desk(here, person)
        link.shape(NARROW_KBIT, queue_ms=QUEUE_MS)
        await caller.shares()
        async with looking(console, person, caller.link):
            await console.comes("window.shown > 15", 300)
            made = [
                await _late(caller, console),
                await _slides(caller, console, link),
                await _offered(caller, console, person, link),
            ]
        await person.close()
        return made


async def _seen(caller: Phone, console: Tab) -> tuple[list[float], dict[str, object]]:
    """The delays of all pictures of some time, and what else is to be said of them."""
    await asyncio.sleep(SETTLED_S)
    await console.told("void (delays.length = 0, shown = 0, unread = 0)")
    before = await caller.page.evaluate(SENT)
    await asyncio.sleep(WATCHED_S)
    after = await caller.page.evaluate(SENT)
    delays = await console.told("delays")
    shown, unread, height = await console.told("[shown, unread, video.videoHeight]")
    kbps = [(one - other) * 8 / (after[0] - before[0]) for one, other in zip(after, before)]  # noqa: B905
    return delays, {
        "Pictures seen": shown,
        "Pictures a second": round(shown / WATCHED_S, 1),
        "Pictures whose time was unreadable": unread,
        "Their height at the end, pixels": height,
        "p50, ms": round(percentile(delays, 0.5)),
        "p95, ms": round(percentile(delays, 0.95)),
        "Longest, ms": round(max(delays)),
        "Video sent, mean, kbit/s": round(kbps[1]),
        "With all that goes around it, mean, kbit/s": round(kbps[2]),
    }


async def _late(caller: Phone, console: Tab) -> Measured:
    load = busy()
    delays, rows = await _seen(caller, console)
    p95 = percentile(delays, 0.95)
    return Measured(
        f"From the camera to the console's picture, over a link of {NARROW_KBIT} kbit/s",
        "p95 at most 600 ms",
        f"{p95:.0f} ms",
        p95 <= 600,
        {**load, **rows},
        "As above, with the phone at the far end of a link that carries no more than this in"
        " either direction and keeps up to three seconds of what is too much (`tc tbf`).",
    )


async def _slides(caller: Phone, console: Tab, link: NarrowLink) -> Measured:
    load = busy()
    link.shape(NARROWEST_KBIT, queue_ms=QUEUE_MS)
    _, rows = await _seen(caller, console)
    every_s = WATCHED_S / max(1, int(str(rows["Pictures seen"])))
    return Measured(
        f"What comes through a link of {NARROWEST_KBIT} kbit/s",
        f"a picture every {PICTURE_EVERY_S} s at least, in the mean",
        f"{rows['Pictures a second']} pictures a second, p50 {rows['p50, ms']} ms late",
        every_s <= PICTURE_EVERY_S,
        {**load, **rows},
        f"The same camera {SETTLED_S} seconds after the same link became as narrow as this.",
    )


async def _offered(caller: Phone, console: Tab, person: Person, link: NarrowLink) -> Measured:
    load = busy()
    feed = Feed()
    following = asyncio.ensure_future(feed.follow(person, caller.link.link))
    offers: list[float] = []
    for _ in range(CUTS):
        link.shape(WIDE_KBIT)
        await until(lambda: asyncio.sleep(0, feed.offer), lambda offer: offer is None)
        await console.told("window.shown = 0")
        await console.comes("window.shown > 5", 300)
        # Anywhere between two signs of life of the page.
        await asyncio.sleep(2 + random.uniform(0, 2))
        link.cut()
        cut_at = asyncio.get_running_loop().time()
        await until(lambda: asyncio.sleep(0, feed.offer), bool, every=0.01)
        offers.append(feed.told_at - cut_at)
    following.cancel()
    p95 = percentile(offers, 0.95)
    return Measured(
        "From a link that is gone to the offer of text on the console",
        "p95 at most 8 s",
        f"{p95:.1f} s",
        p95 <= 8,
        {
            **load,
            "Cuts": len(offers),
            "Shortest, s": round(min(offers), 1),
            "p50, s": round(percentile(offers, 0.5), 1),
            "p95, s": round(p95, 1),
            "Longest, s": round(max(offers), 1),
        },
        "A camera that is seen; its phone's link carries nothing from one moment on, without being"
        " told so. Until the console's feed has the fact with the offer. Then the link is mended,"
        " and cut again once the camera is back by itself.",
    )


class Feed:
    """What the console's feed said of a link last."""

    offer: str | None = None
    told_at = 0.0

    async def follow(self, person: Person, link_id: str) -> None:
        """Follow it until cancelled."""
        async for message in person.feed():
            if message.get("kind") == "caller.link.changed.v1":
                link = message["body"]["link"]
                if link["link_id"] == link_id:
                    self.offer, self.told_at = link["offer"], asyncio.get_running_loop().time()
