"""A caller's camera over a link that is narrow and then gone: a network namespace shaped by `tc tbf`.

The phone is a browser in a namespace of its own, so that it comes from another machine as far as
the network knows: to one address, by relay, through one HTTP port.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from tests.camera_stage import chromium, linked, opened, session_cookie, shows, tab, watches
from tests.live import demo_recording, first_person, phones, until
from tests.partner_app import with_media_server

from ringdown.testing.instance import Person, running

NEEDED = ("ip", "tc")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(shutil.which(tool) for tool in NEEDED),
        reason="only root can make network namespaces",
    ),
]


def run(*words: str) -> None:
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")


@dataclass
class Air:
    """The only link between a phone and the rest of the world."""

    name: str
    here: str
    there: str
    address: str

    def shape(self, kbit: int) -> None:
        """So many bits a second in either direction."""
        limit = ("root", "tbf", "rate", f"{kbit}kbit", "burst", "4kb", "latency", "400ms")
        run("tc", "qdisc", "replace", "dev", self.here, *limit)
        run("ip", "netns", "exec", self.name, "tc", "qdisc", "replace", "dev", self.there, *limit)

    def cut(self, *, off: bool) -> None:
        """No bit gets through, or they do again."""
        run("ip", "link", "set", self.here, "down" if off else "up")

    def browser(self, folder: Path) -> str:
        """Chromium at the far end of it."""
        program = folder / "chromium-there"
        program.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} /usr/bin/chromium "$@"\n')
        program.chmod(0o755)
        return str(program)


@contextmanager
def air() -> Iterator[Air]:
    """A namespace with one veth pair to here; skipped where the kernel does not let us."""
    number = os.getpid() % 250
    made = Air(f"ringdown-{number}", f"rdh{number}", f"rdp{number}", f"10.77.{number}.1")
    inside = ("ip", "netns", "exec", made.name)
    try:
        try:
            run("ip", "netns", "add", made.name)
            run("ip", "link", "add", made.here, "type", "veth", "peer", "name", made.there)
            run("ip", "link", "set", made.there, "netns", made.name)
            run("ip", "addr", "add", f"{made.address}/30", "dev", made.here)
            run("ip", "link", "set", made.here, "up")
            run(*inside, "ip", "addr", "add", f"10.77.{number}.2/30", "dev", made.there)
            run(*inside, "ip", "link", "set", "lo", "up")
            run(*inside, "ip", "link", "set", made.there, "up")
            made.shape(20_000)
        except OSError as error:
            pytest.skip(f"no shaped link here: {error}")
        yield made
    finally:
        subprocess.run(["ip", "link", "del", made.here], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", made.name], check=False, capture_output=True)


async def offer(person: Person, call: str) -> str | None:
    """Why the console offers to go on by text, if it does."""
    return (await person.ask("GET", f"/v1/console/calls/{call}"))["links"][0]["offer"]


async def test_a_narrow_link_carries_the_camera_and_a_cut_one_offers_text(tmp_path: Path) -> None:
    """At 250 and 64 kbit/s pictures go on coming; cut, text is offered while the call is heard and
    written down as ever; mended, the camera is back. Always by relay through the one address."""
    with air() as link_:
        settings = with_media_server() | {
            "RINGDOWN_HTTP__HOST": link_.address,
            "RINGDOWN_MEDIA_SERVER__ADDRESS": link_.address,
        }
        async with (
            running(tmp_path / "d", settings=settings) as server,
            chromium(link_.browser(tmp_path), trusted=server.address) as there,
            chromium() as here,
        ):
            person = await first_person(server)
            link = await linked(person, "video")
            phone = await tab(there, server.address)
            await opened(phone, link, "video")
            await shows(phone)
            await phone.told(
                "window.beats = setInterval(() => fetch('/l/api/alive', {method: 'POST', headers:"
                " {'content-type': 'application/json'}, body: JSON.stringify({sharing: ['video'],"
                " video: {state: 'live', kbps: 100}})}).catch(() => 0), 2000)"
            )
            console = await tab(here, server.address, session_cookie(person))
            mine = await watches(console, person, link)
            alive = f"/v1/calls/{link.call}/viewings/{mine}/alive"

            async def looking() -> None:
                while True:
                    await person.ask("POST", alive, {"shown_ms": 0})
                    await asyncio.sleep(2)

            looks = asyncio.ensure_future(looking())
            await console.comes("window.frames > 5")
            used = await phone.told("used()")
            assert {(each["kind"], each["to"]) for each in used} == {("relay", link_.address)}
            for kbit, more in ((250, 15), (64, 8)):
                link_.shape(kbit)
                await console.told("window.before = window.frames")
                await console.comes(f"window.frames > window.before + {more}")
            line = await phones(person, server)
            voice = asyncio.ensure_future(
                line.play(demo_recording(8), speed=2, ani="+12025550199").run()
            )
            link_.cut(off=True)
            why = await until(lambda: offer(person, link.call), bool)
            assert why in {"quiet", "media_dead"}
            await voice
            link_.cut(off=False)
            link_.shape(250)
            status, _ = await phone.post("/l/api/alive", {"sharing": ["video"]})
            assert status == 200
            await shows(phone)
            looks.cancel()
            await watches(console, person, link)
            await console.comes("window.frames > 1")
            (spoken,) = (await person.ask("GET", "/v1/calls?state=ended"))["calls"]
            for leg in (await person.ask("GET", f"/v1/calls/{spoken['call_id']}/recording"))[
                "legs"
            ]:
                assert leg["gaps"] == []
            await person.close()
