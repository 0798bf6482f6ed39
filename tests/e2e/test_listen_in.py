"""A supervisor listens in to a call on the console, live and recorded, through the media server."""

import asyncio
import re
import shutil
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.async_api import Browser, Page, async_playwright, expect

from ringdown.testing.instance import Person, Running, running
from tests.e2e.conftest import AXE, FLAGS, RULES
from tests.live import PASSWORD, Phones, colleague, first_person, phones, until
from tests.partner_app import (
    BASS_HZ,
    Run,
    media_server_ready,
    set_up_once,
    tone_call,
    tone_hz,
    with_media_server,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)
HEARD = """() => {
  const element = document.querySelector("audio");
  const place = document.querySelector("[role=slider]");
  const second = Number(place?.getAttribute("aria-valuenow") ?? -1);
  if (!element?.srcObject) return { hz: -1, second };
  if (window.ear?.stream !== element.srcObject) {
    const context = window.ear?.context ?? new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    new MediaStreamAudioSourceNode(context, { mediaStream: element.srcObject }).connect(analyser);
    window.ear = { context, analyser, stream: element.srcObject };
  }
  const { analyser, context } = window.ear;
  const loud = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(loud);
  const best = loud.reduce((at, level, index) => (level > loud[at] ? index : at), 0);
  return { hz: loud[best] < -70 ? 0 : (best * context.sampleRate) / analyser.fftSize, second };
}"""
"""The strongest tone that sounds in the page, and where its playhead stands, in seconds."""


@dataclass
class Desk:
    """A running installation and a browser for its consoles."""

    server: Running
    admin: Person
    phones: Phones
    browser: Browser
    broken: list[str] = field(default_factory=list)

    async def console(self, username: str) -> Page:
        """The console of somebody who has signed in. What its scripts may not do is kept."""
        context = await self.browser.new_context(
            base_url=self.server.address, viewport={"width": 1440, "height": 900}
        )
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on(
            "console",
            lambda m: self.broken.append(m.text) if "Security Policy" in m.text else None,
        )
        await page.goto("/")
        await page.get_by_label("User name").fill(username)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("navigation", name="Calls")).to_be_visible(
            timeout=PATIENCE_MS
        )
        return page

    async def listening(self) -> list[dict[str, Any]]:
        """Who listens now, as the supervisor's administrator sees it."""
        told = (await self.admin.ask("GET", "/v1/listening"))["sessions"]
        return [one for one in told if one["state"] in {"live", "away"}]


@asynccontextmanager
async def staged(data: Path) -> AsyncGenerator[Desk, None]:
    """Everything, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        # The relay's ports cannot be told by environment; nothing is relayed on one machine.
        settings = {k: v for k, v in with_media_server().items() if "RELAY" not in k}
        server = await stack.enter_async_context(running(data, settings=settings))
        admin = await first_person(server)
        stack.push_async_callback(admin.close)
        kim, _ = await colleague(admin, "kim", "supervisor")
        stack.push_async_callback(kim.close)
        await media_server_ready(admin)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            args=[*FLAGS, "--allow-loopback-in-peer-connection"],
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        )
        stack.push_async_callback(browser.close)
        desk = Desk(server, admin, await phones(admin, server), browser)
        yield desk
        assert desk.broken == []


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run[Desk]]:
    """One installation for all."""
    with set_up_once(staged(tmp_path_factory.mktemp("listen") / "data")) as run:
        yield run


@asynccontextmanager
async def going_on(desk: Desk, number: str) -> AsyncGenerator[str, None]:
    """A live call of tones; its id. Its source goes away with the block."""
    playing = asyncio.ensure_future(desk.phones.play(tone_call(1200), speed=1, ani=number).run())

    async def begun() -> list[str]:
        calls = (await desk.admin.ask("GET", "/v1/calls"))["calls"]
        return [one["call_id"] for one in calls if one["ani"] == number and one["legs"]]

    try:
        yield (await until(begun, bool))[0]
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def open_call(page: Page, call_id: str) -> None:
    await page.evaluate("id => { location.hash = `#/call/${id}` }", call_id)
    await expect(page.get_by_role("log", name="Transcript")).to_be_visible()


async def hears(page: Page, right: Callable[[float, int], bool]) -> None:
    """Wait until the tone that sounds is right for the place of the playhead."""
    lately: deque[Any] = deque(maxlen=8)

    async def now() -> dict[str, Any]:
        got = await page.evaluate(HEARD)
        lately.append(got)
        return got

    try:
        await until(now, lambda got: right(got["hz"], got["second"]), 240)
    except TimeoutError:
        shown = await page.get_by_role("region", name="Recording").inner_text()
        raise AssertionError(f"heard {[*lately]} while the page shows {shown!r}") from None


def at_playhead(hz: float, second: int) -> bool:
    """Whether the tone is one of where the playhead stands: sound is heard later, the more so on a
    slow machine. A tone comes again after a minute alone."""
    return any(abs(hz - tone_hz(at)) < 15 for at in range(max(0, second - 6), second + 2))


def silence(hz: float, _second: int) -> bool:
    return hz == 0


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text() + "; 0")
    result = await page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in result["violations"]]


def test_a_supervisor_listens_to_a_live_call_by_keyboard(at_desk: Run[Desk]) -> None:
    """Live, back ten seconds, each side as loud as wished, paused, live again; others see who
    listens, and the audit log has it."""

    async def test(desk: Desk) -> None:
        async with going_on(desk, "+15095550170") as call_id:
            page = await desk.console("kim")
            await open_call(page, call_id)
            region = page.get_by_role("region", name="Recording")
            await page.keyboard.press("h")
            await expect(region.get_by_text("Listening live")).to_be_visible()
            await expect(region.get_by_role("button", name="Listen in")).to_have_attribute(
                "aria-pressed", "true"
            )
            await hears(page, lambda hz, second: second > 12 and at_playhead(hz, second))
            await expect(page.get_by_role("button", name="1 listening: Kim")).to_be_visible()
            assert [one["listener"] for one in await desk.listening()] == ["Kim"]
            assert await violations(page) == []

            await page.keyboard.press("[")
            await expect(region.get_by_text("s behind live")).to_be_visible()
            await hears(page, at_playhead)
            caller = page.get_by_role("slider", name="Caller: loudness")
            await caller.focus()
            await page.keyboard.press("Home")
            await expect(caller).to_have_value("-60")
            await hears(page, lambda hz, _: abs(hz - BASS_HZ) < 15)
            await page.get_by_role("button", name=re.compile("Caller: .60 dB, back to 0 dB")).press(
                "Enter"
            )
            await hears(page, at_playhead)

            await page.get_by_role("button", name="Pause").press("Enter")
            await expect(region.get_by_text("behind live; the call goes on")).to_be_visible()
            await hears(page, silence)
            await page.keyboard.press(".")
            await expect(region.get_by_text("Listening live")).to_be_visible()
            await hears(page, at_playhead)

            await page.keyboard.press("h")
            await expect(page.get_by_role("slider", name="Caller: loudness")).to_be_hidden()
            await until(desk.listening, lambda got: not got)
            rows = (await desk.admin.ask("GET", "/v1/audit?limit=200"))["rows"]
            tags = {row["tag"] for row in rows if row["actor_name"] == "Kim"}
            assert any(tag.startswith("listening:") for tag in tags), tags
            await page.context.close()

    at_desk(test)


def test_a_finished_call_is_heard_the_same_way(at_desk: Run[Desk]) -> None:
    """From the playhead on, by the tones; a scrub on the timeline goes where it points."""

    async def test(desk: Desk) -> None:
        async with going_on(desk, "+15095550171") as call_id:

            async def length() -> int:
                path = f"/v1/calls/{call_id}/waveform?from_ms=0&to_ms=100"
                return (await desk.admin.ask("GET", path))["live_edge_ms"]

            await until(length, lambda got: got > 15_000)
        await desk.admin.ask("POST", f"/v1/calls/{call_id}/hangup", {})
        page = await desk.console("kim")
        await open_call(page, call_id)
        region = page.get_by_role("region", name="Recording")
        place = page.get_by_role("slider", name="Moment of the call")
        await place.press("Home")
        await page.keyboard.press("h")
        await expect(region.get_by_text("Listening to the recording")).to_be_visible()
        await hears(page, at_playhead)
        await place.press("Home")
        await place.press("PageUp")
        await hears(page, lambda hz, second: second >= 13 and at_playhead(hz, second))
        await page.keyboard.press("Space")
        await page.context.close()

    at_desk(test)
