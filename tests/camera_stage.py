"""A caller's phone and a colleague's console as browsers, each with LiveKit's own client, beside a
whole installation with the real media server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from ringdown.testing.instance import Person
from tests.live import until
from tests.partner_app import media_server_ready

CLIENT = Path(__file__).parents[1] / "web/node_modules/livekit-client/dist/livekit-client.umd.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection",
    # The empty page of a test comes from no address, so that it counts as from afar.
    "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
]  # fmt: skip

# What a page would learn of the world: every server named, every candidate of either side.
WATCHED = """
window.seen = {servers: [], policies: [], offered: [], remote: []};
const Real = window.RTCPeerConnection;
window.pcs = [];
window.RTCPeerConnection = class extends Real {
  constructor(config) { super(config); note(config); window.pcs.push(this);
    this.addEventListener("icecandidate", (e) => e.candidate && e.candidate.candidate &&
      seen.offered.push(e.candidate.candidate)); }
  setConfiguration(config) { note(config); super.setConfiguration(config); }
  async addIceCandidate(c) { if (c && c.candidate) seen.remote.push(c.candidate); return super.addIceCandidate(c); }
};
const note = (config) => {
  for (const s of config?.iceServers ?? []) seen.servers.push(...[s.urls].flat());
  if (config) seen.policies.push(config.iceTransportPolicy ?? "all");
};
window.used = async () => {
  const found = [];
  for (const pc of window.pcs) {
    const stats = [...(await pc.getStats()).values()];
    for (const pair of stats.filter((s) => s.type === "candidate-pair" && s.state === "succeeded" && s.nominated)) {
      const local = stats.find((s) => s.id === pair.localCandidateId);
      const remote = stats.find((s) => s.id === pair.remoteCandidateId);
      found.push({kind: local.candidateType, relay: local.relayProtocol, url: local.url, to: remote.address, sent: pair.bytesSent});
    }
  }
  return found;
};
"""

POST = """async ([path, body]) => {
  const answer = await fetch(path, {method: "POST", credentials: "same-origin",
    headers: {"content-type": "application/json"}, body: JSON.stringify(body ?? {})});
  return [answer.status, await answer.json().catch(() => null)];
}"""

SHOW = """async ([url, token, policy, kbps]) => {
  await window.room?.disconnect();
  const room = new LivekitClient.Room({adaptiveStream: false, dynacast: false});
  window.room = room; window.ends = [];
  room.on("disconnected", (why) => window.ends.push(why ?? -1));
  await room.connect(url, token, {autoSubscribe: false, rtcConfig: {iceTransportPolicy: policy}});
  const track = await LivekitClient.createLocalVideoTrack(
    {resolution: {width: 320, height: 240, frameRate: 15}});
  await room.localParticipant.publishTrack(track, {simulcast: false, source: "camera",
    videoCodec: "vp8", videoEncoding: {maxBitrate: kbps * 1000, maxFramerate: 15}});
}"""

WATCH = """async ([url, token]) => {
  await window.room?.disconnect();
  const room = new LivekitClient.Room({adaptiveStream: false});
  window.room = room; window.ends = []; window.frames = 0;
  const video = document.createElement("video");
  video.muted = true; video.autoplay = true; video.playsInline = true;
  document.documentElement.append(video);
  window.video = video;
  room.on("disconnected", (why) => window.ends.push(why ?? -1));
  room.on("trackSubscribed", (track) => {
    track.attach(video);
    const count = () => { window.frames += 1; video.requestVideoFrameCallback(count); };
    video.requestVideoFrameCallback(count);
  });
  await room.connect(url, token);
}"""


@dataclass
class Tab:
    """One browser tab with the client in it."""

    page: Page
    errors: list[str] = field(default_factory=list)

    async def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        """A request of the page's own origin, cookie and all."""
        status, answer = await self.page.evaluate(POST, [path, body])
        return status, answer

    async def told(self, script: str) -> Any:
        return await self.page.evaluate(script)

    async def comes(self, script: str, seconds: float = 60) -> None:
        """Wait until the page finds it true."""
        await self.page.wait_for_function(script, timeout=seconds * 1000, polling=50)


@asynccontextmanager
async def chromium(
    program: str = "/usr/bin/chromium", *, trusted: str | None = None
) -> AsyncIterator[Browser]:
    """A browser; with `trusted` an origin counts as safe although it is not https."""
    trust = [] if trusted is None else [f"--unsafely-treat-insecure-origin-as-secure={trusted}"]
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=program, args=[*FLAGS, *trust])
        yield browser
        await browser.close()


async def tab(browser: Browser, address: str, cookies: Any = None) -> Tab:
    """A tab on this origin, in a context of its own; it has LiveKit's client and is watched."""
    context = await browser.new_context(permissions=["camera", "microphone"])
    if cookies:
        await context.add_cookies(cookies)
    await context.add_init_script(WATCHED)
    page = await context.new_page()
    empty = f"{address}/empty-page"  # of the same origin, with no policy of its own
    await page.route(empty, lambda route: route.fulfill(content_type="text/html", body="<p>"))
    await page.goto(empty)
    await page.add_script_tag(path=CLIENT)
    return Tab(page)


def session_cookie(person: Person) -> list[dict[str, str]]:
    """The cookie with which a person is signed in, for their browser."""
    name = "ringdown_session"
    value = person.http.cookies.get(name)
    assert value
    return [{"name": name, "value": value, "url": person.address}]


@dataclass
class Link:
    """A call with a link that was sent to its caller by hand."""

    call: str
    link: str
    token: str


async def linked(person: Person, *shares: str, external: str = "x1") -> Link:
    """A call, the caller's consent, and the link as the console shows it to be sent."""
    await media_server_ready(person)
    call = (
        await person.ask("POST", "/v1/calls", {"external_id": external, "ani": "+12025550147"})
    )["call_id"]
    asked = {"shares": list(shares), "outcome": "agreed", "language": "en"}
    consent = await person.ask("POST", f"/v1/calls/{call}/caller/consents", asked)
    made = await person.ask(
        "POST", f"/v1/calls/{call}/caller/links", {"consent_id": consent["consent_id"]}
    )
    text = made["message"]["text"]
    return Link(call, made["link"]["link_id"], text.rpartition("/l#")[2].split()[0])


async def opened(phone: Tab, link: Link, *shares: str) -> None:
    """The caller taps the link and agrees on the page."""
    body = {"token": link.token, "shares": list(shares), "device": "Test", "clock": None}
    status, answer = await phone.post("/l/api/open", body)
    assert status == 200, answer


async def shows(phone: Tab, policy: str = "relay") -> Any:
    """The phone's camera is on; what it was given to do that."""
    status, grant = await phone.post("/l/api/video")
    assert status == 200, grant
    await phone.page.evaluate(SHOW, [grant["url"], grant["token"], policy, grant["max_kbps"]])
    return grant


async def beat(phone: Tab, kbps: float = 200, state: str = "live") -> Any:
    """A sign of life of the page."""
    video = {"state": state, "width": 320, "height": 240, "fps": 15, "kbps": kbps}
    status, answer = await phone.post("/l/api/alive", {"sharing": ["video"], "video": video})
    return answer if status == 200 else status


async def watches(console: Tab, person: Person, link: Link) -> str:
    """The person looks; their viewing."""
    grant = await person.ask("POST", f"/v1/calls/{link.call}/video/{link.link}/watch")
    await console.page.evaluate(WATCH, [grant["url"], grant["token"]])
    return grant["viewing"]["viewing_id"]


async def viewing(person: Person, link: Link, viewing_id: str) -> Any:
    """A viewing as the console's detail has it."""
    detail = await person.ask("GET", f"/v1/console/calls/{link.call}")
    return next(one for one in detail["viewings"] if one["viewing_id"] == viewing_id)


async def audited(person: Person, part: str) -> list[str]:
    """The tags of the audit log of one part, oldest first."""
    rows = await until(lambda: person.ask("GET", "/v1/audit?limit=500"), lambda got: got)
    tags = [row["tag"] for row in rows.get("rows", rows)]
    return [tag for tag in tags if tag.startswith(part)]
