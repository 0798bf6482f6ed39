"""A partner's example page in a real Chromium hears real calls through the real media server."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright")
from playwright.async_api import Browser, Page, async_playwright, expect

from ringdown.media.replay import Recording
from ringdown.testing.instance import Person, Running, running
from ringdown.wire.g711 import encode_ulaw
from tests.e2e.conftest import AXE, FLAGS, RULES
from tests.live import Phones, demo_recording, first_person, phones, until
from tests.partner_app import (
    BASS_HZ,
    Listener,
    Partner,
    Run,
    example_node,
    listener,
    media_server_ready,
    partner,
    set_up_once,
    tone_call,
    tone_hz,
    with_media_server,
)
from tests.tool import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

SERVE = ROOT / "examples" / "partner-listener" / "serve.js"
SAMPLE = ROOT / "examples" / "partner-samples" / "listen.js"
TONES = "+15095550160"
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# What the page does for its peer connections is seen from outside, its libraries unmodified.
WATCH_CONNECTIONS = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...all) { super(...all); window.connections.push(this); }
};
"""
WAYS = """async () => {
  const ways = [];
  for (const connection of window.connections) {
    const stats = await connection.getStats();
    for (const pair of stats.values()) {
      if (pair.type === "candidate-pair" && pair.nominated && pair.state === "succeeded") {
        ways.push(stats.get(pair.localCandidateId).candidateType);
      }
    }
  }
  return ways;
}"""

# How tall the picture is, as a share of the room for it, in the first and the last part of a call.
# Whatever marks the place that is played, or words below, is left out.
TALL = """() => {
  const canvas = document.getElementById("wave");
  if (!canvas.width || !canvas.height) return null;
  const scale = window.devicePixelRatio;
  const [width, height] = [canvas.width, Math.round((canvas.clientHeight - 16) * scale)];
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const tall = (from, to) => {
    let most = 0;
    for (let x = Math.round(from * width); x < to * width; x += 1) {
      let inked = 0;
      for (let y = 0; y < height; y += 1) inked += pixels[4 * (y * width + x) + 3] > 40 ? 1 : 0;
      most = Math.max(most, inked);
    }
    return most / height;
  };
  return [tall(0.1, 0.4), tall(0.6, 0.9)];
}"""


@dataclass
class Stage:
    """A running installation with a partner, the example's server and a browser."""

    server: Running
    person: Person
    phones: Phones
    partner: Partner
    address: str
    browser: Browser

    async def page(self) -> Page:
        """The example page, connected with the partner's credential as a person would do it."""
        context = await self.browser.new_context(base_url=self.address)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        await page.add_init_script(WATCH_CONNECTIONS)
        await page.goto("/")
        await page.get_by_label("Address").fill(self.server.address)
        await page.get_by_label("Client ID").fill(self.partner.client_id)
        await page.get_by_label("Client secret").fill(self.partner.client_secret)
        await page.get_by_role("button", name="Connect", exact=True).click()
        await expect(page.get_by_role("heading", name="Calls")).to_be_visible()
        return page


@asynccontextmanager
async def example_server() -> AsyncGenerator[str, None]:
    """The example's own server on a free port."""
    node = await asyncio.to_thread(example_node)
    process = await asyncio.create_subprocess_exec(
        *(node, str(SERVE), "--port", "0", "--json"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())["address"]
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def staged(data: Path) -> AsyncGenerator[Stage, None]:
    """Everything, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running(data, settings=with_media_server()))
        person = await first_person(server)
        stack.push_async_callback(person.close)
        await media_server_ready(person)
        playwright = await stack.enter_async_context(async_playwright())
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = await playwright.chromium.launch(
            args=[*FLAGS, "--allow-loopback-in-peer-connection"], executable_path=program
        )
        stack.push_async_callback(browser.close)
        yield Stage(
            server,
            person,
            await phones(person, server),
            await stack.enter_async_context(partner(person, server)),
            await stack.enter_async_context(example_server()),
            browser,
        )


@pytest.fixture(scope="module")
def on_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run[Stage]]:
    """One installation for all."""
    with set_up_once(staged(tmp_path_factory.mktemp("partner") / "data")) as run:
        yield run


@asynccontextmanager
async def going_on(stage: Stage, number: str) -> AsyncGenerator[dict[str, Any], None]:
    """A live call of tones; its incident. It ends with the block."""
    replay = stage.phones.play(tone_call(1200), speed=1, ani=number)
    playing = asyncio.ensure_future(replay.run())
    try:
        yield await stage.partner.incident(number, live=True)
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def now(page: Page, what: str) -> Any:
    """What the page hears or was told at this moment."""
    return await page.evaluate(f"window.listening.{what}")


async def hears(page: Page, *tones: int) -> None:
    """Wait until one of these tones is the loudest."""
    await until(
        lambda: now(page, "tone"), lambda got: any(abs(got - tone) < 15 for tone in tones), 120
    )


async def told(page: Page, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait for a status."""
    return await until(lambda: now(page, "status"), lambda got: got and condition(got), 120)


def row(page: Page, incident: dict[str, Any]) -> Any:
    """A call in the page's list."""
    return page.locator(f"[data-incident='{incident['id']}']")


async def scrub(page: Page, ms: int) -> None:
    """Move the bar as a person would: to a place, and let go."""
    bar = page.get_by_role("slider", name="Place in the call")
    await bar.evaluate(
        "(bar, ms) => { bar.value = ms; for (const kind of ['input', 'change'])"
        " bar.dispatchEvent(new Event(kind, { bubbles: true })); }",
        ms,
    )


async def wanders(mine: Listener, places: list[int]) -> None:
    """Scrub from place to place until told to stop."""
    while True:
        for place in places:
            await mine.send(cmd="scrub", position=place)
            await asyncio.sleep(0.5)


async def wandering(
    stack: AsyncExitStack, stage: Stage, incident: str, places: list[int]
) -> Listener:
    """Another partner's listener, who goes to and fro in the same call."""
    granted = await stage.partner.stream(incident, autoplay=False)
    mine = await stack.enter_async_context(listener(granted))
    await mine.send(cmd="resume")
    task = asyncio.ensure_future(wanders(mine, places))

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)
    return mine


def test_the_demo_call_is_heard_live_and_then_recorded_while_others_scrub(
    on_stage: Run[Stage],
) -> None:
    """Sound, words, pause, a jump to live and the recording; nobody moves anybody else."""

    async def test(stage: Stage) -> None:
        before = {
            one["id"]
            for one in (await stage.partner.ask("GET", "/v1/incident_events?demo=true"))["data"]
        }
        await stage.person.ask("POST", "/v1/demo")

        async def begun() -> list[dict[str, Any]]:
            listed = (await stage.partner.ask("GET", "/v1/incident_events?demo=true"))["data"]
            return [one for one in listed if one["id"] not in before]

        (incident,) = await until(begun, bool, 240, every=0.5)
        page = await stage.page()
        async with AsyncExitStack() as stack:
            others = [
                await wandering(stack, stage, incident["id"], places)
                for places in ([0, 2_000], [3_000, 1_000])
            ]
            await row(page, incident).get_by_role("button", name="Listen live").click()
            state = page.get_by_role("status")
            await expect(state).to_have_text("Live")
            await told(page, lambda status: status["atEnd"] and not status["paused"])
            await until(lambda: now(page, "level"), lambda level: level > 0.02, 120)

            await page.get_by_role("button", name="Pause").click()
            await expect(state).to_contain_text("behind live, paused")
            stood = (await told(page, lambda status: status["paused"]))["position"]
            heard = [len(other.told) for other in others]
            for other, count in zip(others, heard, strict=True):
                await until(
                    lambda other=other: asyncio.sleep(0, len(other.told)),
                    lambda got, count=count: got > count + 6,
                )
            assert (await now(page, "status"))["position"] == stood
            assert await until(lambda: now(page, "level"), lambda level: level < 0.01) < 0.01
            await page.get_by_role("button", name="Jump to live").click()
            await expect(state).to_have_text("Live")
            assert all(other.status["position"] < 20_000 for other in others)

            await told(page, lambda status: status["callOver"])
            await page.get_by_role("button", name="Leave").click()
            await expect(row(page, incident)).to_contain_text("Recorded")
            await row(page, incident).get_by_role("button", name="Listen").click()
            first = await told(page, lambda status: status["callOver"])
            assert (first["position"], first["paused"]) == (0, True)
            assert first["duration"] >= demo_recording().duration_ms - 1_000
            await expect(state).to_have_text("Recording, paused")
            await page.get_by_role("button", name="Play").click()
            await until(lambda: now(page, "level"), lambda level: level > 0.02, 120)
            spoken = page.get_by_role("log").get_by_role("listitem")
            await expect(spoken.filter(has_text="Caller").first).to_be_visible(timeout=300_000)
            await expect(spoken.filter(has_text="Call-taker").first).to_be_visible()
            await scrub(page, 30_000)
            await told(page, lambda status: 30_000 <= status["position"] < 40_000)
            assert all(other.status["position"] < 20_000 for other in others)
        await page.context.close()

    on_stage(test)


@pytest.mark.parametrize("old_packets", [False, True], ids=["reliable", "version-1-style"])
def test_the_page_scrubs_balances_and_pauses_by_what_is_heard(
    on_stage: Run[Stage], old_packets: bool
) -> None:
    """Each second has its tone, so the sound itself says where it comes from; both packet kinds."""

    async def test(stage: Stage) -> None:
        async with going_on(stage, TONES) as incident:
            page = await stage.page()
            if old_packets:
                await page.get_by_text("For trying out networks").click()
                await page.get_by_label("Send commands as version 1").check()
            await row(page, incident).get_by_role("button", name="From the beginning").click()
            first = await told(page, lambda status: not status["callOver"])
            assert (first["position"], first["paused"]) == (0, True)
            assert await now(page, "tone") == 0
            await told(page, lambda status: status["duration"] > 12_000)
            await page.get_by_role("button", name="Play").click()
            await hears(page, tone_hz(0), tone_hz(1), tone_hz(2))
            await scrub(page, 9_000)
            await hears(page, tone_hz(9))
            await page.get_by_role("button", name="10 s back").click()
            await hears(page, *(tone_hz(second) for second in range(4)))
            await page.get_by_role("slider", name="Caller").fill("-60")
            await hears(page, BASS_HZ)
            await page.get_by_role("slider", name="Call-taker").fill("-60")
            await page.get_by_role("slider", name="Caller").fill("0")
            await scrub(page, 5_000)
            await hears(page, tone_hz(5), tone_hz(6))
            await page.get_by_role("button", name="Pause").click()
            await until(lambda: now(page, "tone"), lambda tone: tone == 0)
            await page.get_by_role("button", name="Jump to live").click()
            await expect(page.get_by_role("status")).to_have_text("Live")
            await page.context.close()

    on_stage(test)


def test_sound_comes_through_our_own_turn_server_alone(on_stage: Run[Stage]) -> None:
    """Relay only: every path in use is a relay, and the tones are heard through it."""

    async def test(stage: Stage) -> None:
        async with going_on(stage, "+15095550161") as incident:
            page = await stage.page()
            await page.get_by_text("For trying out networks").click()
            await page.get_by_label("Sound through TURN only").check()
            await row(page, incident).get_by_role("button", name="From the beginning").click()
            await told(page, lambda status: status["paused"])
            await page.get_by_role("button", name="Play").click()
            await hears(page, *(tone_hz(second) for second in range(60)))
            ways = await page.evaluate(WAYS)
            assert ways
            assert set(ways) == {"relay"}
            await page.context.close()

    on_stage(test)


def test_the_sample_on_the_page_of_the_documentation_hears_and_scrubs(on_stage: Run[Stage]) -> None:
    """The twenty lines, exactly as shown, in a page that brings `livekit-client`."""

    async def test(stage: Stage) -> None:
        async with going_on(stage, "+15095550162") as incident:
            granted = await stage.partner.stream(incident["id"], autoplay=False)
            context = await stage.browser.new_context(base_url=stage.address)
            page = await context.new_page()
            await page.route(
                "**/sample.js",
                lambda route: route.fulfill(
                    body=SAMPLE.read_text(encoding="utf-8"), content_type="text/javascript"
                ),
            )
            await page.goto("/")
            await page.evaluate(
                """async (granted) => {
                  const { listen } = await import("/sample.js");
                  const mine = await listen(granted, (status) => { window.told = status; });
                  window.send = mine.send;
                }""",
                granted,
            )

            def status(condition: Callable[[dict[str, Any]], bool]) -> Awaitable[dict[str, Any]]:
                return until(
                    lambda: page.evaluate("window.told ?? null"),
                    lambda got: got and condition(got),
                    120,
                )

            assert (await status(lambda got: got["duration"] > 5_000))["paused"]
            await page.evaluate("window.send({ cmd: 'scrub', position: 4000 })")
            assert (await status(lambda got: got["position"] == 4_000))["paused"]
            await page.evaluate("window.send({ cmd: 'resume' })")
            await status(lambda got: got["position"] > 4_000)
            assert await until(
                lambda: page.evaluate("document.querySelector('audio').currentTime"), bool
            )
            await context.close()

    on_stage(test)


def test_everybody_can_use_the_page_and_it_keeps_no_secret(on_stage: Run[Stage]) -> None:
    """The accessibility checker finds nothing on its three screens; nothing stays in the browser."""

    async def test(stage: Stage) -> None:
        async with going_on(stage, "+15095550163") as incident:
            context = await stage.browser.new_context(base_url=stage.address)
            page = await context.new_page()
            await page.goto("/")
            await expect(page.get_by_role("heading", name="Connect to Ringdown")).to_be_visible()
            assert await axe(page) == []
            await page.get_by_label("Client ID").fill(stage.partner.client_id)
            await page.get_by_label("Client secret").fill("not the secret")
            await page.get_by_label("Address").fill(stage.server.address)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("alert")).to_contain_text("secret is wrong")
            await context.close()

            page = await stage.page()
            assert await axe(page) == []
            await row(page, incident).get_by_role("button", name="Listen live").click()
            await told(page, lambda status: status["atEnd"])
            assert await axe(page) == []
            kept = await page.evaluate(
                "JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage },"
                " [...document.querySelectorAll('input')].map((one) => one.value)])"
            )
            assert stage.partner.client_secret not in kept
            (cookie,) = [c for c in await page.context.cookies() if c.get("name") == "listener"]
            assert cookie.get("httpOnly")
            assert cookie.get("sameSite") == "Strict"
            await page.get_by_role("button", name="Forget the credential").click()
            await expect(page.get_by_role("heading", name="Connect to Ringdown")).to_be_visible()
            await page.reload()
            await expect(page.get_by_role("heading", name="Connect to Ringdown")).to_be_visible()
            await page.context.close()

    on_stage(test)


def loud_and_silent() -> Recording:
    """A caller who speaks for ten seconds and is silent for ten; the call-taker says nothing."""
    at = np.arange(10 * 8000) / 8000
    loud = (0.5 * np.sin(2 * np.pi * 440 * at) * 32767).astype(np.int16)
    silence = np.zeros_like(loud)
    return Recording(
        {
            "caller": encode_ulaw(np.concatenate([loud, silence])),
            "call_taker": encode_ulaw(np.concatenate([silence, silence])),
        }
    )


def test_a_recorded_call_is_drawn_as_loud_as_it_is(on_stage: Run[Stage]) -> None:
    """The picture is tall where somebody spoke and flat where nobody did, before it is played."""

    async def test(stage: Stage) -> None:
        number = "+15095550164"
        await stage.phones.play(loud_and_silent(), speed=4, ani=number).run()
        incident = await stage.partner.incident(number, live=False)

        async def again() -> dict[str, Any]:
            return await stage.partner.ask("GET", f"/v1/incident_events/{incident['id']}")

        await until(again, lambda got: got["media"], 240, every=0.5)
        page = await stage.page()
        await row(page, incident).get_by_role("button", name="Listen").click()
        first = await told(page, lambda status: status["callOver"])
        assert (first["position"], first["paused"]) == (0, True)
        loud, silent = await until(
            lambda: page.evaluate(TALL), lambda got: got and got[0] > 0.3, 120
        )
        assert loud > 0.5, "half of full scale is drawn taller than half"
        assert silent < 0.1
        assert (await now(page, "status"))["position"] == 0
        await page.context.close()

    on_stage(test)


async def axe(page: Page) -> list[str]:
    """What the accessibility checker finds."""
    await page.evaluate(AXE.read_text() + "; 0")
    found = await page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    return [
        f"{one['id']}: {node['html'][:300]} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]
