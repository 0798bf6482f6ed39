"""What speech is unsure of, and what it heard besides words, as a telecommunicator meets it."""

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from ringdown.speech.api import UtteranceView, WordView
from ringdown.speech.events import ToneHeard
from ringdown.speech.model.utterance import NameMatch, NumberView, SuggestionView
from tests.e2e.conftest import PASSWORD, LiveConsole, SignIn, axe, open_call
from tests.e2e.spoken import in_its_own_loop
from tests.words_heard import WAKE, Lane, lane, utterance

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

HEARD = "it is jenny see street at twenty two ten"


class Call:
    """A call on which speech hears what the test says; kept and told as the speech lane does."""

    def __init__(self, console: LiveConsole, http: httpx.Client, name: str) -> None:
        self._console, self._http = console, http
        session = http.post("/v1/session", json={"username": "dana", "password": PASSWORD}).json()
        http.headers["X-CSRF-Token"] = session["csrf_token"]
        self._centre = session["centre"]["centre_id"]
        body = {"external_id": name, "ani": "+15095550142"}
        self.id: str = http.post("/v1/calls", json=body).raise_for_status().json()["call_id"]

    def utterance(self, text: str, at_ms: int, **more: Any) -> UtteranceView:
        """Words; those of a number or a name are unconfirmed, `jenny see` is doubtful."""
        words = tuple(
            WordView(
                word=word, start_ms=at_ms + 300 * n, end_ms=at_ms + 300 * n + 280, confidence=0.9,
                timing_estimated=True, doubtful=word in {"jenny", "see"},
                unconfirmed=text == HEARD and n not in {0, 1, 5},
            )
            for n, word in enumerate(text.split())
        )  # fmt: skip
        return utterance(self.id, "caller", words, doubtful="doubts" in more, **more)

    def hear(self, text: str, at_ms: int, **more: Any) -> None:
        """Final words."""
        said = self.utterance(text, at_ms, **more)
        self._do(lambda speech: speech.hear([said]))

    def hear_address(self) -> None:
        """A street that sounds like others and a number that can be written in two ways."""
        near = tuple(NameMatch(name=n, score=0.8) for n in ("Genesee Street", "Jennings Street"))
        self.hear(
            HEARD,
            4_000,
            numbers=(
                NumberView(
                    first_word=6, last_word=8, kind="number", written="2210",
                    alternatives=("20 2 10",),
                ),
            ),
            suggestions=(SuggestionView(first_word=2, last_word=4, names=near),),
        )  # fmt: skip

    def hear_tone(self, tone: str, at_ms: int, digits: str | None = None) -> None:
        """A tone of the caller's side."""
        fact = ToneHeard(
            centre_id=self._centre, call_id=self.id, leg_id=f"leg_{self.id[5:]}", side="caller",
            tone=tone, digits=digits, start_ms=at_ms, end_ms=at_ms + 1_500,
        )  # fmt: skip
        self._do(lambda speech: speech.tell(fact))

    def location(self) -> dict[str, Any]:
        """The location as the server has it."""
        draft = self._http.get(f"/v1/calls/{self.id}/incident").raise_for_status().json()
        return draft["fields"]["location"]

    def _do(self, act: Callable[[Lane], Coroutine[Any, Any, None]]) -> None:
        async def written() -> None:
            async with lane(self._console.data, self._centre) as speech:
                await act(speech)

        in_its_own_loop(written())
        self._http.post(f"/v1/calls/{self.id}/events", json=WAKE).raise_for_status()


NewCall = Callable[[], Call]


@pytest.fixture
def call(live_console: LiveConsole, request: pytest.FixtureRequest):
    with httpx.Client(base_url=live_console.base_url, trust_env=False, timeout=60) as http:
        made = Call(live_console, http, f"heard-{request.node.name[:50]}")
        yield made
        http.post(f"/v1/calls/{made.id}/hangup", json={})


def pass_through(socket: WebSocketRoute) -> WebSocketRoute:
    """A feed that a test may speak on; of channels it speaks alone."""

    def of_the_server(message: str | bytes) -> None:
        if "speech.channel.changed" not in str(message):
            socket.send(message)

    socket.connect_to_server().on_message(of_the_server)
    return socket


def own_feed(page: Page) -> list[WebSocketRoute]:
    """Opens the page again with a feed that the test may speak on, the newest last."""
    feeds: list[WebSocketRoute] = []
    page.route_web_socket("**/v1/console/feed*", lambda socket: feeds.append(pass_through(socket)))
    page.reload()
    # The console says so itself once its feed is open; until then there is nobody to speak to.
    lamp = page.get_by_role("button", name=re.compile("^Console"))
    expect(lamp).to_contain_text("OK")
    return feeds


def line(page: Page, words: str) -> Locator:
    """The row of the transcript with these words."""
    return page.get_by_role("log", name="Transcript").locator("[data-utterance]", has_text=words)


def to_chip(page: Page, chip: Locator) -> None:
    """Go to a chip of the newest line as a person does: to the transcript, then along its line."""
    page.keyboard.press("t")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        if chip.evaluate("one => one === document.activeElement"):
            return
    expect(chip).to_be_focused()


def room(row: Locator) -> list[int]:
    """Where a row lies among the others and how large it is, wherever the page has scrolled to."""
    return row.evaluate("one => [one.offsetTop, one.offsetWidth, one.offsetHeight]")


def words_alone(row: Locator) -> str:
    """What a row says without what stands beside the words."""
    return row.evaluate(
        """row => { const copy = row.querySelector("p").cloneNode(true);
        copy.querySelectorAll("button, .hidden-visually").forEach((part) => part.remove());
        return copy.textContent.replace(/\\s+/g, " ").trim(); }"""
    )


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_doubt_is_seen_and_said(sign_in: SignIn, call: Call, scheme: str) -> None:
    """Doubtful and unconfirmed words look different and say so to a screen reader; a doubtful line
    says why in plain words; nothing that was heard is changed."""
    call.hear_address()
    call.hear("and the and the", 9_000, doubts=("loop", "noise"))
    page = sign_in("dana", color_scheme=scheme)
    open_call(page, call.id)
    row = line(page, "jenny")
    expect(row.locator("[title^=Doubtful]")).to_have_text(["jenny (doubtful)", "see (doubtful)"])
    expect(row).to_contain_text("street (unconfirmed)")
    expect(row).to_contain_text("twenty two ten (unconfirmed)")
    assert words_alone(row) == HEARD
    lines = "one => { const { textDecorationStyle, borderBottomStyle } = getComputedStyle(one); "
    lines += "return [textDecorationStyle, borderBottomStyle]; }"
    doubtful = row.locator("[title^=Doubtful]").first
    unconfirmed = row.locator("[title^=Part]", has_text="twenty")
    assert doubtful.evaluate(lines) != unconfirmed.evaluate(lines), "by shape, not by colour alone"
    expect(line(page, "and the and the")).to_contain_text("repeats itself, may be noise")
    expect(page.get_by_text("Dotted: doubtful Underlined: unconfirmed")).to_be_visible()
    assert axe(page) == []


def test_a_number_and_its_other_reading_by_keyboard(sign_in: SignIn, call: Call) -> None:
    """Both readings stand beside the heard words; the person puts one into the location, sees it
    before it is saved, and saves it as their own."""
    call.hear_address()
    page = sign_in("dana")
    open_call(page, call.id)
    chip = line(page, "jenny").get_by_role("button", name="2210 or 20 2 10")
    expect(chip).to_be_visible()
    to_chip(page, chip)
    page.keyboard.press("Enter")
    readings = page.get_by_role("group", name="Readings of “twenty two ten”")
    expect(readings.get_by_role("listitem")).to_have_count(2)
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(readings).to_be_hidden()
    expect(chip).to_be_focused()

    page.keyboard.press("Enter")
    readings.get_by_role("button", name="Put 20 2 10 into location").focus()
    before = call.location()
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Location")
    expect(editor).to_be_focused()
    assert "20 2 10" in editor.input_value()
    assert call.location() == before, "nothing is saved by itself"
    page.keyboard.press("Escape")
    assert call.location() == before

    readings.get_by_role("button", name="Put 2210 into location").focus()
    page.keyboard.press("Enter")
    expect(editor).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" rear")
    page.keyboard.press("Enter")
    location = page.get_by_role("group", name="Location", exact=True)
    expect(location).to_contain_text("Typed by Dana Reyes")
    assert call.location()["origin"] == "typed"
    assert call.location()["text"].endswith("2210 rear")
    assert words_alone(line(page, "jenny")) == HEARD


def test_a_local_name_is_offered_and_never_taken_by_itself(sign_in: SignIn, call: Call) -> None:
    """The nearest names stand beside the doubtful words, in their place in the address only when a
    person puts them there."""
    call.hear_address()
    page = sign_in("dana")
    open_call(page, call.id)
    page.keyboard.press("2")
    page.keyboard.press("e")
    page.keyboard.type("12 Jenny See Street, Millbrook")
    chip = line(page, "jenny").get_by_role("button", name="sounds like Genesee Street")
    # While a field is being typed in, letters are letters: leave it first, the text stays.
    page.get_by_role("button", name="Cancel").focus()
    to_chip(page, chip)
    page.keyboard.press("Enter")
    names = page.get_by_role("group", name="Names like “jenny see street”")
    expect(names.get_by_role("listitem")).to_have_count(2)
    assert axe(page) == []
    names.get_by_role("button", name="Put Genesee Street into location").focus()
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Location")
    expect(editor).to_have_value("12 Genesee Street, Millbrook")
    expect(editor).to_be_focused()
    assert call.location()["origin"] != "typed"
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Location", exact=True)).to_contain_text("Typed by Dana")
    assert words_alone(line(page, "jenny")) == HEARD


def test_a_side_that_is_behind_says_so(sign_in: SignIn, demo_call: str) -> None:
    """How far words are behind stands over them while they are, in a place that does not move; the
    engine's name is a look away."""
    page = sign_in("dana")
    feeds = own_feed(page)
    open_call(page, demo_call)
    legs = page.request.get(f"/v1/calls/{demo_call}").json()["legs"]
    leg_ids = {leg["side"]: leg["leg_id"] for leg in legs}

    def tell(lag_ms: int, mode: str) -> None:
        channel = {"leg_id": leg_ids["caller"], "side": "caller", "lag_ms": lag_ms, "mode": mode}
        kind, body = "speech.channel.changed.v1", {"channel": {**channel, "engine": "tiny"}}
        signal = {"type": "signal", "kind": kind, "call_id": demo_call, "body": body}
        feeds[-1].send(json.dumps(signal))

    listening = page.get_by_role("button", name="Listening")
    expect(listening).to_be_visible()
    top = page.get_by_role("log", name="Transcript").bounding_box()
    tell(4_100, "catching_up")
    late = page.get_by_role("button", name="Caller: words 4 s behind, catching up")
    expect(late).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="words are late")).to_be_attached()
    assert page.get_by_role("log", name="Transcript").bounding_box() == top
    assert axe(page) == []
    late.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("tiny listens")
    page.keyboard.press("Escape")
    tell(700, "no_partials")
    expect(page.get_by_text("Caller: drafts of words paused: too much load").first).to_be_visible()
    tell(200, "live")
    expect(listening).to_be_visible()


def test_words_in_progress_move_nothing(sign_in: SignIn, call: Call) -> None:
    """A draft of words that grows shorter keeps its room, and words that stay are not drawn anew."""
    page = sign_in("dana", viewport={"width": 1280, "height": 800})
    feeds = own_feed(page)
    open_call(page, call.id)

    def draft(text: str, revision: int) -> None:
        said = call.utterance(text, 3_000).model_copy(update={"revision": revision})
        kind, body = "speech.utterance.partial.v1", {"utterance": said.model_dump(mode="json")}
        signal = {"type": "signal", "kind": kind, "call_id": call.id, "body": body}
        feeds[-1].send(json.dumps(signal))

    first = "there is water coming in under the door"
    draft(f"{first} and it keeps rising and we cannot get up to the road anymore", 1)
    row = line(page, "under the door")
    expect(row).to_contain_text("road anymore")
    before = room(row)
    row.locator("p span").first.evaluate("one => { one.dataset.same = 'yes' }")
    draft(first, 2)
    expect(row).not_to_contain_text("road anymore")
    assert room(row) == before
    expect(row.locator("[data-same]")).to_have_count(1)
    call.hear(first, 3_000)
    expect(row).to_have_attribute("data-final", "true")
    expect(row).to_have_count(1)


def test_a_text_telephone_is_not_overlooked(sign_in: SignIn, call: Call) -> None:
    """TTY tones are told at once and after a reload, moving nothing, until a person has seen them;
    tones after that are told again, and the call list marks the call. Keys and other tones are
    events with their time."""
    page = sign_in("dana")
    open_call(page, call.id)
    call.hear_tone("dtmf", 2_000, "911#")
    notes = page.get_by_role("region", name="Notes and events")
    expect(notes).to_contain_text("0:02Keys heard: 9 1 1 # (caller)")
    box = page.get_by_role("log", name="Transcript").bounding_box()
    call.hear_tone("tty", 5_000)
    alert = page.get_by_role("alert").filter(has_text="TTY")
    expect(alert).to_contain_text("The caller may be deaf. Start a TTY or text session.")
    expect(notes).to_contain_text("0:05TTY tones heard (caller)")
    assert page.get_by_role("log", name="Transcript").bounding_box() == box
    assert axe(page) == []

    listed = page.get_by_role("navigation", name="Calls").locator(f"[data-call='{call.id}']")
    expect(listed.get_by_text("TTY", exact=True)).to_be_visible()
    page.reload()
    expect(alert).to_be_visible()
    expect(listed.get_by_text("TTY", exact=True)).to_be_visible()
    expect(notes).to_contain_text("Keys heard: 9 1 1 #")
    page.get_by_role("button", name="Seen").focus()
    page.keyboard.press("Enter")
    expect(alert).to_be_hidden()
    expect(page.get_by_role("main").get_by_text("TTY", exact=True)).to_have_count(2)
    call.hear_tone("tty", 30_000)
    expect(alert).to_contain_text("0:30")
