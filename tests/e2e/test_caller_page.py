"""The page that a caller's link opens, on a phone's screen, against the real application."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import FLAGS, PASSWORD, Launch, LiveConsole, axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAKE_CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
MOST_BYTES = 20_000
LANGUAGES = ("en", "es", "zh", "vi", "ko", "tl", "ru", "ar", "fr", "pt", "ht")
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def dana(live_console: LiveConsole) -> Iterator[httpx.Client]:
    """The telecommunicator, signed in."""
    form = {"username": "dana", "password": PASSWORD}
    with httpx.Client(base_url=live_console.base_url, trust_env=False, timeout=60) as http:
        session = http.post("/v1/session", json=form).raise_for_status().json()
        http.headers["X-CSRF-Token"] = session["csrf_token"]
        yield http


NUMBERS = itertools.count(142)


class Asked:
    """A call whose caller agreed to a link, and the link."""

    def __init__(self, dana: httpx.Client, language: str = "en") -> None:
        self.dana = dana
        number = f"+12025550{next(NUMBERS)}"
        call = self._post("/v1/calls", {"external_id": f"page {number}", "ani": number})
        self.path = f"/v1/calls/{call['call_id']}"
        shares = ["location", "video", "upload", "chat"]
        wanted = {"shares": shares, "outcome": "agreed", "language": language}
        consent = self._post(f"{self.path}/caller/consents", wanted)
        link = {"consent_id": consent["consent_id"]}
        made = self._post(f"{self.path}/caller/links", link)
        self.link_id = made["link"]["link_id"]
        self.token = made["message"]["text"].rpartition("/l#")[2]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.dana.post(path, json=body).raise_for_status().json()

    def write(self, text: str) -> None:
        self._post(f"{self.path}/texts", {"text": text})

    def revoke(self) -> None:
        self.dana.delete(f"{self.path}/caller/links/{self.link_id}").raise_for_status()

    def told(self) -> dict[str, Any]:
        return self.dana.get(f"{self.path}/caller").raise_for_status().json()


@pytest.fixture(scope="module")
def phones(launch: Launch) -> Iterator[Browser]:
    chromium = launch([*FLAGS, *FAKE_CAMERA])
    yield chromium
    chromium.close()


Hold = Callable[..., Page]


@pytest.fixture
def hold(phones: Browser, live_console: LiveConsole) -> Iterator[Hold]:
    """A phone in somebody's hand; whatever it asks of others, or its policy forbids, is a fault."""
    held: list[BrowserContext] = []
    faults: list[str] = []

    def phone(**options: Any) -> Page:
        usual: dict[str, Any] = {
            "viewport": {"width": 360, "height": 740},
            "geolocation": {"latitude": 43.1, "longitude": -75.2, "accuracy": 14},
            "permissions": ["geolocation", "camera"],
        }
        usual |= {"base_url": live_console.base_url, "color_scheme": "dark", **options}
        context = phones.new_context(**usual)
        context.set_default_timeout(60_000)
        held.append(context)
        page = context.new_page()
        own = (live_console.base_url, live_console.base_url.replace("http", "ws", 1), "blob:")
        page.on("request", lambda r: None if r.url.startswith(own) else faults.append(r.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if "Security Policy" in m.text else None)
        return page

    yield phone
    for context in held:
        context.close()
    assert faults == []


def test_a_caller_agrees_shares_answers_stops_and_is_asked_again(
    hold: Hold, dana: httpx.Client
) -> None:
    """By keyboard alone; light before consent; the second phone is refused, the revoked one told."""
    asked = Asked(dana)
    page = hold()
    weights: list[int] = []
    page.on("response", lambda r: weights.append(int(r.headers.get("content-length", 0))))
    page.goto(f"/l#{asked.token}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("asks you to share")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert 0 < sum(weights) < MOST_BYTES
    assert axe(page) == []

    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Agree and share")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are sharing with")
    expect(page.get_by_text("Accurate to 14 m")).to_be_visible()
    expect(page.locator("video")).to_be_visible()
    assert axe(page) == []

    asked.write("Is anybody hurt?\nA = yes\nB = no")
    page.get_by_role("button", name="B: no").press("Enter")
    expect(page.get_by_role("log").locator("> div")).to_have_count(2)
    page.get_by_label("Your message").fill("we are on the roof")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("we are on the roof")
    expect(page.get_by_text("Not sent yet")).to_have_count(0)

    # One thing is stopped, and agreed to anew.
    page.get_by_role("button", name="Stop my camera").press("Enter")
    expect(page.get_by_text("Your camera is off.")).to_be_visible()
    page.get_by_role("button", name="Turn the camera on").press("Enter")
    expect(page.locator("video")).to_be_visible()

    # Whoever opens it anew is asked anew; another phone is not let in.
    page.reload()
    expect(page.get_by_role("button", name="Agree and share")).to_be_visible()
    stranger = hold()
    stranger.goto(f"/l#{asked.token}")
    expect(stranger.get_by_role("heading", level=1)).to_have_text(
        "This link is open on another phone"
    )

    page.get_by_role("button", name="Agree and share").press("Enter")
    page.get_by_role("button", name="Stop sharing").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You stopped sharing")
    assert axe(page) == []
    page.get_by_role("button", name="Share again").press("Enter")
    page.get_by_role("checkbox", name="Your camera, live, without sound").press("Space")
    page.get_by_role("button", name="Agree and share").press("Enter")
    expect(page.get_by_text("Accurate to 14 m")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)
    asked.revoke()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sharing has ended")
    answers = [(one["via"], one["outcome"]) for one in asked.told()["consents"]]
    assert answers[:4] == [
        ("voice", "agreed"), ("page", "agreed"), ("page", "withdrawn"), ("page", "agreed"),
    ]  # fmt: skip


def test_every_language_fits_a_small_screen_and_arabic_runs_from_the_right(
    hold: Hold, dana: httpx.Client
) -> None:
    """At 320 CSS pixels (a screen of 1280 at 400 %) nothing is cut off or scrolls sideways."""
    page = hold(viewport={"width": 320, "height": 256}, forced_colors="active")
    page.goto(f"/l#{Asked(dana, 'ar').token}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert axe(page) == []
    for language in LANGUAGES:
        page.locator("select").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        assert page.evaluate(WIDER) == 0, language
    page.locator("select").select_option("ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.locator("button").first.click()
    expect(page.get_by_role("button", name="Остановить передачу")).to_be_visible()
    assert page.evaluate(WIDER) == 0


def test_what_goes_wrong_has_its_words(
    hold: Hold, dana: httpx.Client, browser: Browser, live_console: LiveConsole
) -> None:
    """A wrong link, no connection, a phone that does not let the page see anything, a refusal."""
    page = hold(locale="fr-FR")
    page.goto("/l#short")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne fonctionne pas")

    asked = Asked(dana)
    page = hold()
    page.goto(f"/l#{asked.token}")
    page.get_by_role("button", name="No, do not share").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is shared")
    page.get_by_role("button", name="Share again").click()
    page.get_by_role("button", name="Agree and share").click()
    expect(page.get_by_text("Accurate to 14 m")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("Connection lost. Trying again.")).to_be_visible()
    page.get_by_label("Your message").fill("still here")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Not sent yet")).to_have_count(0)
    expect(page.get_by_text("Connection lost. Trying again.")).to_be_hidden()
    assert [one["outcome"] for one in asked.told()["consents"]][:3] == [
        "agreed", "refused", "agreed",
    ]  # fmt: skip

    # This browser asks nobody: it denies.
    strict = browser.new_context(base_url=live_console.base_url, permissions=[])
    page = strict.new_page()
    page.goto(f"/l#{Asked(dana).token}")
    page.get_by_role("button", name="Agree and share").click()
    expect(page.get_by_text("does not let this page see your location")).to_be_visible()
    expect(page.get_by_role("button", name="Turn the camera on")).to_be_visible()
    expect(page.get_by_role("button", name="Stop sharing")).to_be_visible()
    strict.close()


TRACK = "document.querySelector('video').srcObject.getTracks()[0]"
SIGHT = """([state, later]) => {
  const now = Date.now;
  Date.now = () => now() + later;
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_camera_that_is_taken_away_is_told_and_comes_back_when_the_caller_wants(
    hold: Hold, dana: httpx.Client
) -> None:
    """An incoming call, a page out of sight for a while, a camera that ends by itself."""
    page = hold()
    page.goto(f"/l#{Asked(dana).token}")
    page.get_by_role("button", name="Agree and share").click()
    expect(page.locator("video")).to_be_visible()
    page.evaluate(f"{TRACK}.dispatchEvent(new Event('mute'))")
    expect(page.get_by_text("A call or another app uses the camera.")).to_be_visible()
    page.evaluate(f"{TRACK}.dispatchEvent(new Event('unmute'))")
    expect(page.get_by_text("A call or another app uses the camera.")).to_be_hidden()

    page.evaluate(SIGHT, ["hidden", 0])
    page.evaluate(SIGHT, ["visible", 120_000])
    expect(page.get_by_text("The camera paused while you were away")).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    page.get_by_role("button", name="Turn the camera on").click()
    expect(page.locator("video")).to_be_visible()
    page.evaluate(f"{TRACK}.dispatchEvent(new Event('ended'))")
    expect(page.get_by_text("The camera stopped.")).to_be_visible()
    expect(page.get_by_role("button", name="Turn the camera on")).to_be_visible()
