"""A caller's phone with its own page and a colleague's console, with a camera that shows the time.

The picture that the phone's camera gives is drawn by the bench: moving noise, hard to compress, and
the milliseconds of the machine's clock as a row of black and white fields. The console's side reads
them back out of the picture as it is presented, so that the delay between both is measured.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page
from tests.camera_stage import WATCH, WATCHED, Link, Tab, linked, session_cookie, tab
from tests.live import raw, until

from ringdown.testing.instance import Person

PATIENCE_MS = 300_000
CAMERA = """
(() => {
  const cells = 20, width = 640, height = 360;
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [width, height];
  const pen = sheet.getContext("2d");
  const draw = () => {
    for (let at = 0; at < 40; at += 1) {
      pen.fillStyle = `hsl(${Math.random() * 360} 60% ${30 + Math.random() * 40}%)`;
      pen.fillRect(Math.random() * width, 90 + Math.random() * (height - 90), 60, 45);
    }
    let code = Date.now() % 2 ** (cells - 4);
    const parity = [0, 4, 8, 12].reduce((sum, shift) => sum ^ (code >> shift) & 15, 0);
    code = code * 16 + parity;
    for (let at = 0; at < cells; at += 1) {
      pen.fillStyle = Math.floor(code / 2 ** at) % 2 ? "#fff" : "#000";
      pen.fillRect((at * width) / cells, 0, width / cells, 90);
    }
  };
  draw();
  setInterval(draw, 1000 / 15);
  navigator.mediaDevices.getUserMedia = async () => sheet.captureStream(15);
})();
"""
"""In place of the phone's camera."""

LIGHT_CAMERA = """
(() => {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [64, 36];
  const pen = sheet.getContext("2d");
  setInterval(() => {
    pen.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
    pen.fillRect(Math.random() * 64, Math.random() * 36, 9, 9);
  }, 1000 / 15);
  navigator.mediaDevices.getUserMedia = async () => sheet.captureStream(15);
  const work = `onrtctransform = ({transformer}) => transformer.readable.pipeThrough(
    new TransformStream({transform(frame, out) {
      const all = new Uint8Array(Math.max(frame.data.byteLength, 1700));
      all.set(new Uint8Array(frame.data));
      frame.data = all.buffer;
      out.enqueue(frame);
    }})).pipeTo(transformer.writable);`;
  const plain = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (track, init) {
    const made = plain.call(this, track, init);
    if (track.kind === "video")
      made.sender.transform = new RTCRtpScriptTransform(
        new Worker(URL.createObjectURL(new Blob([work]))));
    return made;
  };
})();
"""
"""A camera of few points, its pictures filled up to what a real one sends: a phone has a processor
of its own, so that encoding must cost next to nothing where many phones share this machine."""

READ = """
(() => {
  const cells = 20;
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [cells * 4, 40];
  const pen = sheet.getContext("2d", {willReadFrequently: true});
  window.delays = []; window.shown = 0; window.unread = 0; window.first = 0;
  const look = () => {
    const now = Date.now();
    window.first ||= now;
    window.shown += 1;
    pen.drawImage(video, 0, 0, sheet.width, sheet.height);
    const row = pen.getImageData(0, 5, sheet.width, 1).data;
    let code = 0;
    for (let at = 0; at < cells; at += 1) code += row[(at * 4 + 2) * 4 + 1] > 127 ? 2 ** at : 0;
    const parity = code % 16, time = Math.floor(code / 16), size = 2 ** (cells - 4);
    if ([0, 4, 8, 12].reduce((sum, shift) => sum ^ (time >> shift) & 15, 0) === parity)
      window.delays.push((now - time + 2 * size) % size);
    else window.unread += 1;
    video.requestVideoFrameCallback(look);
  };
  window.readFrames = () => video.requestVideoFrameCallback(look);
})();
"""
"""At the console: when each picture was presented, and what time it shows."""

SENT = """async () => {
  let video = 0, wire = 0;
  for (const pc of window.pcs) for (const one of (await pc.getStats()).values()) {
    if (one.type === "outbound-rtp" && one.kind === "video") video += one.bytesSent;
    if (one.type === "transport") wire += one.bytesSent;
  }
  return [performance.now(), video, wire];
}"""
"""Bytes of video, and of everything that went by its connections."""

WEIGHT = """() => {
  const all = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  return all.filter((one) => !one.name.includes("/l/api/")).map((one) => one.encodedBodySize);
}"""


def busy() -> dict[str, object]:
    """How much else this machine has to do, so that nobody takes a busy one for a quiet one."""
    return {"Programs that want a core, in the minute before": round(os.getloadavg()[0], 1)}


@dataclass
class Phone:
    """A phone with the page of its link open."""

    context: BrowserContext
    page: Page
    link: Link

    async def shares(self) -> float:
        """The caller taps; the machine's clock then, in ms."""
        button = self.page.get_by_role("button", name="Agree and share")
        await button.wait_for(timeout=PATIENCE_MS)
        return await button.evaluate("(one) => { const at = Date.now(); one.click(); return at; }")

    async def sending(self) -> None:
        """Until the page says that the camera is sent."""
        await self.page.get_by_text("Your camera is sent.").wait_for(timeout=PATIENCE_MS)

    async def gone(self, person: Person) -> None:
        """The link is revoked and the page closed."""
        await person.ask("DELETE", f"/v1/calls/{self.link.call}/caller/links/{self.link.link}")
        await self.context.close()

    async def weight(self) -> float:
        """What was loaded for the page so far, in kB as sent; not what it asks of the interface."""
        return sum(await self.page.evaluate(WEIGHT)) / 1000


async def phone(
    browser: Browser, person: Person, name: str, *shares: str, camera: str = CAMERA
) -> Phone:
    """A call, its caller's consent, and the page as it stands after a tap on the link."""
    link = await linked(person, *shares, external=name)
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, permissions=["camera", "geolocation"],
        geolocation={"latitude": 44.05, "longitude": -91.66, "accuracy": 14}, is_mobile=True,
        bypass_csp=camera is LIGHT_CAMERA,  # the page's policy allows no worker
    )  # fmt: skip
    await context.add_init_script(WATCHED)
    await context.add_init_script(camera)
    page = await context.new_page()
    await page.goto(f"{person.address}/l#{link.token}")
    return Phone(context, page, link)


async def desk(browser: Browser, person: Person) -> Tab:
    """A console that is ready to show a camera."""
    made = await tab(browser, person.address, session_cookie(person))
    await made.page.evaluate(READ)
    return made


async def looks(console: Tab, person: Person, link: Link) -> dict[str, Any]:
    """The person has the camera shown as soon as the server lets them."""
    path = f"/v1/calls/{link.call}/video/{link.link}/watch"
    answer = await until(
        lambda: raw(person, "POST", path), lambda got: not got.is_error, every=0.02
    )
    grant = answer.json()
    await console.page.evaluate(WATCH, [grant["url"], grant["token"]])
    await console.page.evaluate("readFrames()")
    return grant


@asynccontextmanager
async def looking(console: Tab, person: Person, link: Link) -> AsyncIterator[None]:
    """The camera is shown, and the console says so, for as long as the block lasts."""
    viewing = (await looks(console, person, link))["viewing"]["viewing_id"]

    async def alive() -> None:
        while True:
            await asyncio.sleep(2)
            path = f"/v1/calls/{link.call}/viewings/{viewing}/alive"
            await person.ask("POST", path, {"shown_ms": 0})

    told = asyncio.ensure_future(alive())
    try:
        yield
    finally:
        told.cancel()
