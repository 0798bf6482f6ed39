"""The caller's phone from the question on the call to the page of a crew, in real browsers.

A console, the phone of a caller, a phone that is not the caller's, and a crew's, with the real media
server between them. The phones take part through its relay alone.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import FLAGS, PASSWORD, Launch, LiveConsole, open_call
from tests.e2e.spoken import SpokenCall, signed_in
from tests.partner_app import with_media_server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

NUMBER = "+12025550143"
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
SPOT = {"latitude": 44.0521, "longitude": -91.6663, "accuracy": 14}
RECORD = """() => {
  window.seen = { own: [], others: [], servers: [], connections: [] };
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(settings) {
      super(settings);
      window.seen.connections.push(this);
      window.seen.servers.push(...(settings?.iceServers ?? []).flatMap((one) => one.urls));
      this.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate?.candidate) window.seen.own.push(candidate.candidate);
      });
    }
    async addIceCandidate(given) {
      if (given?.candidate) window.seen.others.push(given.candidate);
      return super.addIceCandidate(given);
    }
    setConfiguration(settings) {
      window.seen.servers.push(...(settings?.iceServers ?? []).flatMap((one) => one.urls));
      return super.setConfiguration(settings);
    }
  };
}"""
"""Keeps what a page's connections offer, are offered, and whom they ask."""
CAMERAS = """() => {
  const paint = (colour) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 640, height: 360 });
    const pen = canvas.getContext("2d");
    let at = 0;
    setInterval(() => {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 640, 360);
      pen.fillStyle = "white";
      pen.fillRect((at += 9) % 640, 0, 30, 30);
    }, 60);
    return canvas.captureStream(15).getVideoTracks()[0];
  };
  window.phone = { lights: [], sounds: [], only: null };
  const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (real) navigator.mediaDevices.getUserMedia = async ({ video, audio }) => {
    const facing = phone.only ?? video.facingMode.ideal;
    const track = paint(facing === "environment" ? "blue" : "red");
    track.getCapabilities = () => ({ torch: facing === "environment" });
    track.applyConstraints = async ({ advanced }) => phone.lights.push(advanced[0].torch);
    phone.camera = track;
    if (audio) phone.sounds = (await real({ audio: true })).getAudioTracks();
    return new MediaStream([track, ...(audio ? phone.sounds : [])]);
  };
}"""
"""Two cameras that can be told apart: the rear one is blue and has a light, the other one is red."""
COLOUR = """(wanted) => {
  const video = [...document.querySelectorAll("video")].find((one) => one.videoWidth > 0);
  const pen = document.createElement("canvas").getContext("2d");
  if (!video) return false;
  pen.drawImage(video, 0, 0, 8, 8);
  const [red, , blue] = pen.getImageData(4, 6, 1, 1).data;
  return wanted === "red" ? red > 100 && blue < 60 : blue > 100 && red < 60;
}"""
SENT = """async () => {
  const sent = {};
  for (const pc of window.seen.connections)
    for (const sender of pc.getSenders()) {
      if (!sender.track || sender.track.readyState !== "live") continue;
      let packets = 0;
      for (const one of (await sender.getStats()).values())
        if (one.type === "outbound-rtp") packets += one.packetsSent;
      const [encoding] = sender.getParameters().encodings;
      sent[sender.track.kind] = { packets, priority: encoding?.priority };
    }
  return sent;
}"""
"""What leaves a page."""
MOVES = "video => video.videoWidth > 0 && video.currentTime > 0.2"


class Stage:
    """A running installation with its practice phones, and two browsers."""

    def __init__(self, console: LiveConsole, desk: Browser, phones: Browser) -> None:
        self.console, self.desk, self.phones = console, desk, phones
        self.foreign: list[str] = []
        self.broken: list[str] = []

    def _watched(self, context: BrowserContext) -> BrowserContext:
        base = self.console.base_url
        own = (base, base.replace("http", "ws", 1), self.console.phones, "blob:", "data:")
        context.set_default_timeout(60_000)
        context.on(
            "request", lambda r: None if r.url.startswith(own) else self.foreign.append(r.url)
        )
        context.on("weberror", lambda error: self.broken.append(str(error.error)))
        context.on(
            "console",
            lambda m: self.broken.append(m.text) if "Security Policy" in m.text else None,
        )
        return context

    def sign_in(self) -> Page:
        """A telecommunicator at a console."""
        context = self.desk.new_context(
            base_url=self.console.base_url, viewport={"width": 1600, "height": 1000}
        )
        page = self._watched(context).new_page()
        page.goto("/")
        page.get_by_label("User name").fill("dana")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("navigation", name="Calls")).to_be_visible()
        return page

    def phone(self, *more: str) -> BrowserContext:
        """Somebody's phone; its camera and its place are made up."""
        context = self.phones.new_context(
            viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True,
            geolocation=SPOT, permissions=["geolocation", "camera", *more],
        )  # fmt: skip
        context.add_init_script(f"({RECORD})()")
        return self._watched(context)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, launch: Launch) -> Iterator[Stage]:
    """One installation for all of this file."""
    settings = {
        **with_media_server(),
        "RINGDOWN_RESPONDERS__SHOWS": '["incident", "location", "video", "text"]',
        "RINGDOWN_VIDEO__CARRY_AUDIO": "true",
    }
    console = LiveConsole(tmp_path_factory.mktemp("phone"), settings=settings)
    console.start()
    desk = launch([*FLAGS, "--allow-loopback-in-peer-connection"])
    phones = launch([*FLAGS, *CAMERA, "--allow-loopback-in-peer-connection"])
    try:
        console.set_up()
        yield Stage(console, desk, phones)
    finally:
        desk.close()
        phones.close()
        console.stop()


def video_of(page: Page) -> Locator:
    return page.locator("video").first


def moving(page: Page) -> None:
    """The page shows pictures that move."""
    video = video_of(page)
    video.wait_for(state="attached")
    page.wait_for_function(
        f"() => [...document.querySelectorAll('video')].some({MOVES})", timeout=60_000
    )


def relayed_only(page: Page) -> None:
    """Nothing but our relay was ever offered by the page, and nobody but ours was ever asked."""
    seen = page.evaluate("() => window.seen")
    assert seen["own"], "the page's connection had no way at all"
    assert {one.split(" typ ")[1].split()[0] for one in seen["own"]} == {"relay"}
    told = seen["own"] + seen["others"]
    assert {one.split()[4] for one in told} == {"127.0.0.1"}
    assert seen["servers"]
    assert {re.split(r"[:?]", url)[1] for url in seen["servers"]} <= {"127.0.0.1", "localhost"}


def tags(http: Any, call_id: str) -> list[str]:
    """What the audit log tells of the call, in order."""
    found: list[str] = []
    after: int | None = 0
    while after is not None:
        page = http.get("/v1/audit", params={"after": after, "limit": 500}).json()
        found += [row["tag"] for row in page["rows"] if row["subject"] == call_id]
        after = page["next"]
    return found


def test_the_whole_journey(stage: Stage, tmp_path: Path) -> None:
    """Asked, agreed, sent, opened, seen with care, stopped, opened again, gone on by text, handed on."""
    with signed_in(stage.console) as http:
        call = SpokenCall(stage.console, http, "callers-phone", ani=NUMBER, demo=True)
        http.post(f"/v1/calls/{call.id}/events", json={"type": "answered"}).raise_for_status()
        call.say(("caller", "my house is on fire at twelve maple street"))
        desk = stage.sign_in()
        open_call(desk, call.id)

        # asked on the call; what will be said and sent is on the screen before
        desk.keyboard.press("f")
        panel = desk.get_by_role("region", name=re.compile("^Caller.s phone$"))
        expect(
            panel.get_by_role("group", name=re.compile("Say this to the caller"))
        ).to_be_visible()
        panel.get_by_text("Written messages").or_(
            panel.get_by_label(re.compile("[Tt]ext"))
        ).first.click()
        panel.get_by_role("button", name="Caller agreed").click()
        expect(panel.get_by_role("group", name="The message as it goes")).to_contain_text("/l#")
        panel.get_by_role("button", name=re.compile("^Send to")).click()
        expect(panel).to_contain_text(re.compile("[Dd]elivered"))

        # the practice phone has the text; a tap opens the page
        caller = stage.phone()
        sms = caller.new_page()
        sms.goto(f"{stage.console.phones}/?number={NUMBER.replace('+', '%2B')}")
        with caller.expect_page() as opened:
            sms.get_by_role("link", name="/l#").click()
        page = opened.value
        expect(page.get_by_role("heading", level=1)).to_contain_text("Millbrook County 911")
        page.get_by_role("button", name="Agree and share").click()
        expect(page.get_by_text("Your camera is sent.")).to_be_visible()
        expect(page.get_by_text(re.compile("Accurate to 14 m"))).to_be_visible()

        # blurred until it is wanted, then live; where the phone is stands beside the other places
        show = panel.get_by_role("button", name=re.compile("^Show the video"))
        expect(show).to_be_visible()
        assert desk.locator("[data-shown=true]").count() == 0
        desk.keyboard.press("s")
        expect(desk.locator("[data-shown=true]")).to_have_count(1)
        moving(desk)
        expect(panel).to_contain_text(re.compile(r"\d+.{1,3}\d+"))
        relayed_only(page)
        desk.screenshot(path=tmp_path / "console.png")
        page.screenshot(path=tmp_path / "phone.png")

        # another phone gets nothing, and the console is told
        other = stage.phone().new_page()
        other.goto(sms.get_by_role("link", name="/l#").get_attribute("href") or "")
        expect(other.get_by_role("heading", level=1)).to_have_text(
            re.compile("open on another phone|asks you to share")
        )
        if other.get_by_role("button", name="Agree and share").count():
            other.get_by_role("button", name="Agree and share").click()
        expect(other.get_by_text("This link is open on another phone")).to_be_visible()
        expect(panel).to_contain_text(re.compile("[Aa]nother phone|other phone|refused"))

        # Escape closes the picture at once; Stop on the phone ends the rest
        desk.keyboard.press("Escape")
        expect(desk.locator("[data-shown=true]")).to_have_count(0)
        page.get_by_role("button", name="Stop sharing").click()
        expect(page.get_by_text("You stopped sharing")).to_be_visible()
        expect(show).to_be_hidden()

        # opening it again asks again
        page.get_by_role("button", name="Share again").click()
        page.get_by_role("button", name="Agree and share").click()
        expect(page.get_by_text("Your camera is sent.")).to_be_visible()
        expect(show).to_be_visible()

        # no network any more: the console offers to go on by text, and the thread does
        caller.set_offline(offline=True)
        go_on = panel.get_by_role("button", name="Go on by text")
        expect(go_on).to_be_visible()
        go_on.click()
        panel.get_by_role("button", name="Send the text").click()
        caller.set_offline(offline=False)
        expect(sms.get_by_role("list", name="Texts").get_by_role("listitem")).to_have_count(2)
        sms.get_by_label("Text", exact=True).fill("second floor, back room")
        sms.get_by_role("button", name="Send").click()
        thread = panel.get_by_role("log", name="Texts with the caller")
        expect(thread).to_contain_text("second floor, back room")

        # what was confirmed goes to a crew
        field = http.get(f"/v1/calls/{call.id}/incident").json()["fields"]
        for name in ("type", "location"):
            version = {"base_version": field[name]["version"]}
            http.post(f"/v1/calls/{call.id}/incident/fields/{name}/confirm", json=version)
        draft = http.get(f"/v1/calls/{call.id}/incident").json()["fields"]
        versions = {name: draft[name]["version"] for name in ("type", "location")}
        http.post(
            f"/v1/calls/{call.id}/incident/confirm", json={"versions": versions}
        ).raise_for_status()
        made = http.post(
            f"/v1/calls/{call.id}/responder-links",
            json={
                "role": "fire", "to": "Engine 4",
                "shows": ["incident", "location", "video", "text"],
            },
        ).raise_for_status().json()  # fmt: skip
        crew = stage.phone().new_page()
        crew.goto(made["address"])
        expect(crew.get_by_role("region", name="Confirmed incident")).to_contain_text("Dana Reyes")
        expect(crew.get_by_role("region", name="The caller's phone")).to_contain_text("44.05210")
        expect(crew.get_by_role("region", name="Texts with the caller")).to_contain_text(
            "back room"
        )
        expect(page.get_by_text("Your camera is sent.")).to_be_visible()
        crew.get_by_role("button", name="Show the camera").click()
        moving(crew)
        relayed_only(crew)
        crew.screenshot(path=tmp_path / "crew.png")
        http.delete(
            f"/v1/calls/{call.id}/responder-links/{made['link']['link_id']}"
        ).raise_for_status()
        expect(crew.get_by_text("This link is over.")).to_be_visible()
        assert crew.locator("video").count() == 0

        # the log of it reads as a story
        told = tags(http, call.id)
    story = [
        "caller:consent:agreed", "caller:link:made", "texting:message:sent",
        "caller:link:opened", "caller:consent:agreed", "caller:share:started",
        "video:viewing:opened", "caller:link:refused",
        "caller:consent:withdrawn", "caller:share:ended", "caller:link:stopped",
        "video:viewing:closed",
        "caller:consent:agreed", "caller:share:started", "video:viewing:opened",
        "texting:message:sent", "texting:message:received",
        "incidents:incident:confirmed", "responders:link:made", "responders:link:opened",
        "responders:video:opened", "responders:link:revoked",
    ]  # fmt: skip
    rest = iter(told)
    missing = [tag for tag in story if tag not in rest]
    assert missing == [], "\n".join(told)
    assert stage.foreign == []
    assert stage.broken == []


def test_another_camera_a_light_and_the_sound(stage: Stage) -> None:
    """The other camera takes the first one's place and the sound goes on, more urgent than pictures;
    one that cannot be had, or is taken away, leaves a way on."""
    with signed_in(stage.console) as http:
        call = SpokenCall(stage.console, http, "two-cameras", ani="+12025550144")
        path = f"/v1/calls/{call.id}/caller"
        asked = {"shares": ["video"], "outcome": "agreed", "language": "en"}
        consent = http.post(f"{path}/consents", json=asked).json()["consent_id"]
        made = http.post(f"{path}/links", json={"consent_id": consent}).json()
    phone = stage.phone("microphone")
    phone.add_init_script(f"({CAMERAS})()")
    page = phone.new_page()
    page.goto(f"{stage.console.base_url}/l#{made['message']['text'].rpartition('/l#')[2]}")
    expect(page.get_by_label("Your camera, live, with sound")).to_be_checked()
    page.get_by_role("button", name="Agree and share").click()
    expect(page.get_by_text("Your camera is sent.")).to_be_visible()
    desk = stage.sign_in()
    open_call(desk, call.id)
    desk.keyboard.press("f")
    panel = desk.get_by_role("region", name=re.compile("^Caller.s phone$"))
    expect(panel).to_contain_text("video yields to it first")
    panel.get_by_role("button", name=re.compile("^Show the video")).press("Enter")
    expect(panel.get_by_role("button", name="Close the video")).to_be_focused()
    panel.get_by_role("button", name="Sound of the video").press("Enter")
    desk.wait_for_function(COLOUR, arg="blue")

    page.get_by_role("button", name="Light").click()
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("phone.lights") == [True]
    before = page.evaluate(SENT)
    assert (before["video"]["priority"], before["audio"]["priority"]) == ("low", "high")
    page.get_by_role("button", name="Other camera").click()
    desk.wait_for_function(COLOUR, arg="red")
    expect(page.get_by_role("button", name="Light")).to_be_hidden()
    assert page.evaluate("phone.sounds[0].readyState") == "live"
    page.wait_for_function(
        f"(least) => ({SENT})().then((sent) => sent.audio.packets > least)",
        arg=before["audio"]["packets"],
    )
    # Nobody who looks is put out by it.
    expect(panel.get_by_role("button", name="Sound of the video")).to_have_attribute(
        "aria-pressed", "true"
    )

    # A phone with one camera shows it whichever is asked for; one that is taken away is told.
    page.evaluate("phone.only = 'user'")
    page.get_by_role("button", name="Other camera").click()
    expect(page.get_by_text("Your camera is sent.")).to_be_visible()
    page.evaluate("phone.camera.dispatchEvent(new Event('ended'))")
    expect(page.get_by_text("The camera stopped.")).to_be_visible()
    expect(panel.get_by_text("The camera is not on.")).to_be_visible()
    assert page.evaluate(SENT) == {}
    page.get_by_role("button", name="Turn the camera on").click()
    expect(page.get_by_text("Your camera is sent.")).to_be_visible()
    expect(panel.get_by_role("button", name=re.compile("^Show the video"))).to_be_visible()
    assert stage.foreign == []
    assert stage.broken == []
