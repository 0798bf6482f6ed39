"""A caller's camera over a link that is narrow, gone, and there again; then without a media server.

The phone is a browser with the caller's own page in a network namespace shaped by `tc tbf`, so that
it comes from another machine as far as the network knows: to one address, by relay, through one
HTTP port. Meanwhile a call is spoken, heard by the bundled engine, and must not be touched.
"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.async_api import Browser, Request
from tests.camera_stage import (
    WATCH,
    WATCHED,
    Link,
    Tab,
    chromium,
    linked,
    session_cookie,
    tab,
)
from tests.live import (
    assert_heard_as_sent,
    demo_recording,
    first_person,
    lamp,
    phones,
    raw,
    said,
    sealed,
    until,
)
from tests.narrow_link import NoNarrowLink, narrow_link
from tests.partner_app import media_server_ready, with_media_server

from ringdown.testing.instance import Person, running

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]
SPOKEN_S = 21
CUT_S = 10
NUMBERS = {"to", "two", "ten", "twenty", "forty", "fortytwo"}
"""The same sound in other pieces is now "40 to 10", now "40 to ten"."""


async def agreed(browser: Browser, address: str, link: Link) -> Tab:
    """The caller's own page after they agreed to show their camera."""
    context = await browser.new_context(permissions=["camera"])
    await context.add_init_script(WATCHED)
    page = await context.new_page()
    await page.goto(f"{address}/l#{link.token}")
    await page.get_by_role("button", name="Agree and share").click()
    return Tab(page)


@asynccontextmanager
async def looking(console: Tab, person: Person, link: Link) -> AsyncGenerator[None, None]:
    """The person sees the camera move as soon as there is one, and goes on looking."""
    calls = f"/v1/calls/{link.call}"
    path = f"{calls}/video/{link.link}/watch"
    grant = (await until(lambda: raw(person, "POST", path), lambda got: not got.is_error)).json()
    await console.page.evaluate(WATCH, [grant["url"], grant["token"]])

    async def alive() -> None:
        while True:
            await asyncio.sleep(2)
            path = f"{calls}/viewings/{grant['viewing']['viewing_id']}/alive"
            await person.ask("POST", path, {"shown_ms": 0})

    telling = asyncio.ensure_future(alive())
    try:
        await console.comes("window.frames > 3")
        yield
    finally:
        telling.cancel()


async def comes(console: Tab, pictures: int) -> None:
    """So many more pictures are seen."""
    await console.told("window.before = window.frames")
    await console.comes(f"window.frames > window.before + {pictures}")


async def offer(person: Person, call: str) -> str | None:
    """Why the console offers to go on by text, if it does."""
    return (await person.ask("GET", f"/v1/console/calls/{call}"))["links"][0]["offer"]


def measured(request: Request) -> bool:
    """Whether it is a sign of life of the page that tells of pictures sent."""
    if not request.url.endswith("/l/api/alive"):
        return False
    body: Any = request.post_data_json
    return body["video"] is not None and body["video"]["kbps"] > 0


async def heard(person: Person, name: str) -> tuple[str, dict[str, list[str]]]:
    """The call of this name once it is over, and the words of either side so far, save numbers."""

    async def ended() -> list[str]:
        calls = (await person.ask("GET", "/v1/calls?state=ended"))["calls"]
        return [one["call_id"] for one in calls if one["external_id"] == name]

    (call,) = await until(ended, bool)
    utterances = (await sealed(person, call))["utterances"]
    every = {side: said(utterances, side).split() for side in ("caller", "call_taker")}
    return call, {
        side: [word for word in words if not word.isdigit() and word not in NUMBERS]
        for side, words in every.items()
    }


async def test_a_camera_comes_back_and_the_call_is_untouched(tmp_path: Path) -> None:
    """At 250 and 64 kbit/s pictures go on coming; cut for ten seconds, text is offered; mended, and
    again when the media server died, the camera is back by itself. The call that is spoken all
    the while is recorded sample for sample and read like the same call in peace."""
    with ExitStack() as stack:
        try:
            link_ = stack.enter_context(narrow_link())
        except NoNarrowLink as error:
            pytest.skip(f"no shaped link here: {error}")
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
            line = await phones(person, server)
            recording = demo_recording(SPOKEN_S)
            in_peace = asyncio.ensure_future(line.play(recording, speed=6, sid="peace").run())
            link = await linked(person, "video")
            phone = await agreed(there, server.address, link)
            console = await tab(here, server.address, session_cookie(person))
            async with looking(console, person, link):
                used = await phone.told("used()")
                assert {(one["kind"], one["to"]) for one in used} == {("relay", link_.address)}
                await in_peace
                voice = asyncio.ensure_future(line.play(recording, speed=1, sid="trouble").run())
                for kbit, pictures in ((250, 15), (64, 12)):
                    link_.shape(kbit)
                    await comes(console, pictures)
                link_.cut()
                patience = asyncio.ensure_future(asyncio.sleep(CUT_S))
                why = await until(lambda: offer(person, link.call), bool)
                assert why in {"quiet", "media_dead"}
            await patience
            link_.shape(250)
            async with looking(console, person, link):
                await until(lambda: offer(person, link.call), lambda why: why is None)

            pid = json.loads((server.data / "run" / "media-server.pid").read_text())["pid"]
            os.kill(pid, signal.SIGKILL)
            await until(
                lambda: lamp(person, "media_server"), lambda got: got["state"] != "ok", every=0
            )
            await media_server_ready(person)
            async with looking(console, person, link), phone.page.expect_request(measured):
                await until(lambda: offer(person, link.call), lambda why: why is None)

            await voice
            call, _ = await heard(person, "trouble")
            await assert_heard_as_sent(person, call, recording)
            for leg in (await person.ask("GET", f"/v1/calls/{call}/recording"))["legs"]:
                assert leg["gaps"] == []
            _, expected = await heard(person, "peace")
            assert " ".join(expected["caller"]).startswith("my house is on fire please send help")
            with suppress(TimeoutError):  # the last words come a moment after the sound
                await until(lambda: heard(person, "trouble"), lambda got: got[1] == expected)
            assert (await heard(person, "trouble"))[1] == expected
            await person.close()
