"""The caller's phone on the console, played by keyboard: asked, sent, opened, written to, seen, ended."""

import base64
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PASSWORD, LiveConsole, SignIn, axe
from tests.e2e.spoken import SpokenCall, show, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

ANI = "+15095550142"
PANEL = "Caller\u2019s phone"
TUS = {"Tus-Resumable": "1.0.0"}
FILM = """async () => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const painting = setInterval(() => pen.fillRect(Math.random() * 200, 0, 20, 150), 40);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  await new Promise((done) => setTimeout(done, 700));
  const over = new Promise((done) => (recorder.onstop = done));
  recorder.stop();
  await over;
  clearInterval(painting);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""
"""A film as a browser makes it."""


class Phone:
    """A caller's phone: the page's own requests, with the cookie it was given."""

    def __init__(self, console: LiveConsole, token: str) -> None:
        self.http = httpx.Client(base_url=console.base_url, trust_env=False, timeout=60)
        self.http.headers["Origin"] = console.base_url
        self.token = token

    def ask(self, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
        """One request of the page."""
        answer = self.http.post(f"/l/api/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def open(self, *shares: str, status: int = 200) -> dict[str, Any]:
        """The caller taps the link and agrees."""
        return self.ask("open", status, token=self.token, shares=shares, device="iPhone, Safari")

    def photo(self) -> None:
        """A red picture."""
        picture = io.BytesIO()
        Image.new("RGB", (64, 48), "red").save(picture, "JPEG")
        self.sends(picture.getvalue())

    def sends(self, body: bytes) -> None:
        """A file, as tus sends it."""
        made = self.http.post("/l/api/uploads", headers={**TUS, "Upload-Length": str(len(body))})
        assert made.status_code == 201, made.text
        kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        sent = self.http.patch(made.headers["location"], content=body, headers={**TUS, **kind})
        assert sent.status_code == 204, sent.text


@pytest.fixture
def call(live_console: LiveConsole, request: pytest.FixtureRequest) -> Iterator[SpokenCall]:
    with signed_in(live_console) as http:
        made = SpokenCall(live_console, http, f"phone-{request.node.name[:50]}", ani=ANI)
        yield made
        made.over()


@pytest.fixture
def phone_of(live_console: LiveConsole) -> Iterator[Callable[[str], Phone]]:
    """Phones that opened the message with this token in it."""
    held: list[Phone] = []

    def take(token: str) -> Phone:
        held.append(Phone(live_console, token))
        return held[-1]

    yield take
    for phone in held:
        phone.http.close()


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name=PANEL)


def press(page: Page, button: str | re.Pattern[str]) -> None:
    """By keyboard, as everything here."""
    wanted = panel(page).get_by_role("button", name=button)
    expect(wanted).to_be_enabled()
    wanted.focus()
    page.keyboard.press("Enter")


def test_a_caller_is_asked_sent_a_link_seen_with_care_and_let_go(
    sign_in: SignIn, call: SpokenCall, phone_of: Callable[[str], Phone]
) -> None:
    """Nothing can be sent before the answer is recorded; the message is shown before it goes; a photo
    is veiled until it is wanted and gone at Escape; a link that is taken back stops the phone."""
    page = sign_in("dana")
    show(page, call)
    page.keyboard.press("f")
    expect(panel(page).get_by_role("heading", name=PANEL)).to_be_focused()
    script = panel(page).get_by_role("group", name="Say this to the caller, in English")
    expect(script).to_contain_text(re.compile("link|message", re.IGNORECASE))
    expect(panel(page).get_by_role("button", name=re.compile("^Send"))).to_have_count(1)
    for share in ("Photos and videos", "Text chat"):
        panel(page).get_by_label(share).focus()
        page.keyboard.press("Space")
    panel(page).get_by_label("Language").select_option("ar")
    arabic = panel(page).get_by_role("group", name="Say this to the caller, in Arabic")
    expect(arabic.locator("[lang=ar]")).to_have_attribute("dir", "rtl")
    expect(arabic.locator("[lang=en]")).to_be_visible()
    assert axe(page) == []
    panel(page).get_by_label("Language").select_option("en")
    press(page, "Caller refused")
    expect(panel(page).get_by_text(re.compile("Asked and refused")).first).to_be_visible()
    press(page, "Caller agreed")

    message = panel(page).get_by_role("group", name="The message as it goes")
    expect(message).to_contain_text("/l#")
    expect(panel(page).get_by_text(re.compile("SMS segment"))).to_be_visible()
    number = panel(page).get_by_label("To which number")
    expect(number).to_have_value(ANI)
    number.fill("509 555 0199")
    send = panel(page).get_by_role("button", name="Send to (509) 555-0199")
    expect(send).to_be_disabled()
    panel(page).get_by_label("Why another number").fill("calls from a desk")
    expect(send).to_be_enabled()
    number.fill(ANI)
    press(page, re.compile("Send to"))
    by_hand = panel(page).get_by_role("group", name="The text to send").first
    expect(by_hand).to_contain_text("/l#")
    expect(panel(page).get_by_role("img", name="The same text as a QR code").first).to_be_visible()
    assert axe(page) == []

    token = re.search(r"/l#([\w-]{32})", by_hand.inner_text())
    assert token is not None
    phone, stranger = phone_of(token[1]), phone_of(token[1])
    phone.open("location", "video", "upload", "chat")
    stranger.open("location", status=409)
    phone.ask("alive", sharing=["location", "chat"])
    expect(panel(page).get_by_text("Shares location, text chat")).to_be_visible()
    expect(panel(page).get_by_text(re.compile("Another phone tried to open"))).to_be_visible()
    expect(panel(page).get_by_text("iPhone, Safari", exact=False)).to_be_visible()

    page.keyboard.press("r")
    expect(panel(page).get_by_label("Write to the caller\u2019s page")).to_be_focused()
    page.keyboard.type("Which floor are you on?")
    page.keyboard.press("Enter")
    thread = panel(page).get_by_role("log", name="Texts with the caller")
    expect(thread).to_contain_text("Which floor are you on?")
    assert phone.ask("alive", sharing=["chat"])["messages"][-1]["text"] == "Which floor are you on?"
    phone.ask("text", 201, text="third floor, back room")
    expect(thread).to_contain_text("third floor, back room")

    phone.photo()
    page.get_by_text("1 not looked at").wait_for()
    assert panel(page).locator("img").count() == 0
    press(page, "Show the photo")
    shown = panel(page).get_by_role("img", name=re.compile("From the caller"))
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 64
    expect(panel(page).get_by_role("button", name="Close the photo")).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(panel(page).get_by_role("button", name="Show the photo")).to_be_focused()
    expect(page.get_by_text("1 not looked at")).to_be_hidden()
    press(page, "Stop sharing…")
    press(page, "Stop it now")
    expect(panel(page).get_by_text("Taken back", exact=True)).to_be_visible()
    assert "stop" in phone.ask("alive", sharing=["chat"])["orders"]
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()


def test_a_film_is_played_by_keyboard_and_taken_over_by_a_supervisor(
    sign_in: SignIn, call: SpokenCall, phone_of: Callable[[str], Phone], live_console: LiveConsole
) -> None:
    """Silent when it begins; its Space is its own; whoever it is taken from sees it no more."""
    page = sign_in("dana")
    show(page, call)
    page.keyboard.press("f")
    with signed_in(live_console) as http:
        path = f"/v1/calls/{call.id}"
        asked = {"shares": ["upload"], "outcome": "agreed", "language": "en"}
        consent = http.post(f"{path}/caller/consents", json=asked).json()["consent_id"]
        made = http.post(f"{path}/caller/links", json={"consent_id": consent}).json()
        phone = phone_of(made["message"]["text"].rpartition("/l#")[2])
        phone.open("upload")
        phone.sends(base64.b64decode(page.evaluate(FILM)))
        press(page, "Show the video")
        film = panel(page).locator("video")
        expect(film).to_have_js_property("muted", value=True)
        page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
        film.evaluate("one => { one.loop = true; one.focus(); return one.play(); }")
        page.keyboard.press("Space")
        expect(film).to_have_js_property("paused", value=True)
        expect(page.get_by_text("Paused; the call goes on")).to_be_visible()
        assert axe(page) == []

        form = {"username": "sue", "display_name": "Sue Ortega", "password": PASSWORD}
        form |= {"roles": ["supervisor"], "must_change_password": False}
        http.post("/v1/users", json=form).raise_for_status()
        (viewing,) = http.get(f"/v1/console/calls/{call.id}").json()["viewings"]
    with signed_in(live_console, "sue") as supervisor:
        taken = f"{path}/viewings/{viewing['viewing_id']}/take-over"
        supervisor.post(taken).raise_for_status()
    expect(film).to_be_hidden()
    expect(page.get_by_text("Sue Ortega looks instead of you.")).to_be_visible()
    expect(panel(page).get_by_text("Sue Ortega has it open.")).to_be_visible()


def test_calls_and_texts_without_a_call_are_answered_and_closed_by_keyboard(
    sign_in: SignIn, live_console: LiveConsole
) -> None:
    """The approved words are shown before they go, and by hand where there is no carrier; rows stay
    where they are, and so does the focus."""
    page = sign_in("dana")
    queue = page.get_by_role("region", name="To text back")
    with signed_in(live_console) as http:
        SpokenCall(live_console, http, "phone-texted-back", ani="+15095550188").over()
    with httpx.Client(base_url=live_console.phones, trust_env=False) as phones:
        text = {"number": "+12025550177", "text": "somebody is in my house"}
        phones.post("/phone/texts", json=text).raise_for_status()
        stray = queue.get_by_role("button", name="Text without a call")
        expect(stray).to_contain_text(re.compile("wrote .* ago"))
        stray.press("Enter")
        expect(queue.get_by_role("log")).to_contain_text("in my house")
        answer = queue.get_by_label("Answer by SMS")
        answer.fill("Where are you?")
        answer.press("Enter")
        expect(queue.get_by_role("log")).to_contain_text("Where are you?")
        expect(answer).to_be_focused()
        phones.post("/phone/texts", json=text | {"text": "twelve maple"}).raise_for_status()
        expect(queue.get_by_role("log")).to_contain_text("twelve maple")
        expect(answer).to_be_focused()
        assert axe(page) == []

    mine = queue.get_by_role("listitem").filter(has_text="(509) 555-0188")
    expect(mine).to_contain_text(re.compile("waiting for"))
    mine.get_by_role("button", name=re.compile("^Text back")).press("Enter")
    approved = mine.get_by_role("group", name="The approved text")
    expect(approved).to_contain_text("Your call ended before we could speak")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(mine.get_by_role("group", name="The text to send")).to_be_visible()
    mine.get_by_role("button", name="Done").press("Enter")
    expect(mine.get_by_role("button").first).to_be_focused()
    expect(mine).to_contain_text(re.compile("texted"))
    for row in (mine, queue.get_by_role("listitem").filter(has_text="555-0177")):
        row.get_by_role("button", name=re.compile("with a reason")).press("Enter")
        expect(row.get_by_label("Why nothing more is to be done")).to_be_focused()
        page.keyboard.type("police are there")
        page.keyboard.press("Enter")
        expect(row).to_have_count(0)


def test_the_field_gets_a_link_that_is_told_once_and_taken_back(
    sign_in: SignIn, call: SpokenCall
) -> None:
    """Made, copied, taken back: by keyboard; the address is not told a second time. The same at the
    width of a small screen, where nothing hides anything else."""
    page = sign_in("dana", viewport={"width": 1024, "height": 700}, color_scheme="light")
    show(page, call)
    page.keyboard.press("f")
    panel(page).get_by_text("For responders in the field").click()
    panel(page).get_by_label("Unit or name").fill("Engine 4")
    page.keyboard.press("Enter")
    address = panel(page).get_by_role("group", name="Address for the responder")
    expect(address).to_contain_text("/r#")
    assert axe(page) == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "Copy the address")
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address.inner_text()
    press(page, "Done")
    expect(address).to_be_hidden()
    links = panel(page).get_by_role("list", name="Links for responders")
    expect(links).to_contain_text("not opened")
    press(page, "Take back")
    expect(links).to_contain_text("taken back by Dana Reyes")
    panel(page).get_by_text("What you have looked at").click()
    expect(panel(page).get_by_text("Last 24 hours")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
