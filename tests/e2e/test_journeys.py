"""What a telecommunicator does with a call, in a real browser, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveConsole, SignIn, axe, open_call

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

HEARD_MS = 60_000
"""The demo call speaks at its own pace; the address comes after some twenty seconds."""


def group(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name=label, exact=True)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement?.textContent ?? ''")


def places(page: Page) -> list[list[float]]:
    """Where the parts of the page stand."""
    return page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, textarea")].map((part) => {
            const { x, y } = part.getBoundingClientRect(); return [x, y]; })"""
    )


def press_until(page: Page, key: str, wanted: Locator) -> None:
    """Presses again as a person would when a value changed just before the key."""
    for _ in range(20):
        page.keyboard.press(key)
        try:
            expect(wanted).to_be_visible(timeout=1_500)
        except AssertionError:
            continue
        return
    expect(wanted).to_be_visible()


def test_answer_watch_correct_confirm_delivered(sign_in: SignIn) -> None:
    """A call is taken, watched, corrected, confirmed and acknowledged by the CAD without a mouse."""
    page = sign_in("dana")
    assert axe(page) == []

    page.keyboard.press("Shift+D")
    expect(page.get_by_role("log", name="Transcript")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("main").get_by_text("DEMO").first).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Your call")).to_be_visible()

    location = group(page, "Location")
    expect(location).to_contain_text("Washington", timeout=HEARD_MS)
    expect(location).to_contain_text("Unconfirmed")
    assert axe(page) == []

    page.keyboard.press("2")
    page.keyboard.press("p")
    expect(page.get_by_role("log").locator("mark").first).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")

    page.keyboard.press("2")
    page.keyboard.press("e")
    page.keyboard.type("4210 Washington Street, rear house")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(location).to_contain_text("Edited, not confirmed")
    expect(location).to_contain_text("Typed by Dana Reyes")

    page.keyboard.press("1")
    by_dana = group(page, "Incident type").get_by_text("Confirmed by Dana Reyes", exact=True)
    press_until(page, "c", by_dana)
    press_until(page, "Control+Enter", page.get_by_text(re.compile("CAD has it")))
    expect(location).to_contain_text("Confirmed by Dana Reyes")
    assert "fire" in focused(page).lower(), "the focus stays where the person left it"
    assert axe(page) == []

    page.keyboard.press("2")
    page.keyboard.press("e")
    page.keyboard.type("4212 Washington Street")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The CAD has an older version.")).to_be_visible()
    press_until(page, "Control+Enter", page.get_by_text(re.compile("update 1")))


def test_reconnect_while_typing(sign_in: SignIn, live_console: LiveConsole, demo_call: str) -> None:
    """The server dies while a note is typed: the console says so, keeps every letter and the
    focus, moves nothing, finds the server again by itself and saves the note."""
    page = sign_in("dana")
    open_call(page, demo_call)
    console_lamp = page.get_by_role("button", name=re.compile("^Console"))
    expect(console_lamp).to_contain_text("OK")
    page.keyboard.press("n")
    page.keyboard.type("Neighbour says the ")

    before = places(page)
    live_console.kill()
    expect(console_lamp).to_contain_text("Down")
    expect(page.get_by_text("Disconnected; reconnecting by itself.")).to_be_visible()
    assert places(page) == before, "nothing moves when a lane is lost"
    page.keyboard.type("back door")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The note is kept here.")).to_be_visible()
    page.keyboard.type(" is open")

    live_console.start()
    expect(console_lamp).to_contain_text("OK")
    note = page.get_by_role("textbox", name="New note")
    expect(note).to_have_value("Neighbour says the back door is open")
    expect(note).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).to_have_value("")
    expect(page.get_by_role("listitem").filter(has_text="back door is open")).to_be_visible()


def test_a_note_is_saved_and_nothing_is_sent(sign_in: SignIn, demo_call: str) -> None:
    """Ctrl+Enter in a note saves the note; it is never taken for "confirm and send"."""
    page = sign_in("sam")
    open_call(page, demo_call)
    sent: list[str] = []
    page.on(
        "request", lambda r: sent.append(r.url) if r.url.endswith("/incident/confirm") else None
    )
    page.keyboard.press("n")
    page.keyboard.type("green door")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("listitem").filter(has_text="green door")).to_be_visible()
    assert sent == []


def test_two_consoles_one_field(sign_in: SignIn, demo_call: str) -> None:
    """Two people edit one field: the second is told, sees both texts, and neither is lost."""
    dana, sam = sign_in("dana"), sign_in("sam")
    for page in (dana, sam):
        open_call(page, demo_call)
        page.keyboard.press("2")
        page.keyboard.press("e")
        expect(page.get_by_role("textbox", name="Location")).to_be_focused()

    dana.keyboard.type("12 Dana Street")
    dana.keyboard.press("Enter")
    expect(group(sam, "Location")).to_contain_text("12 Dana Street")

    sam.keyboard.type("34 Sam Street")
    sam.keyboard.press("Enter")
    clash = group(sam, "Location").get_by_role("alert")
    expect(clash).to_contain_text("Dana Reyes wrote “12 Dana Street”. You typed “34 Sam Street”.")
    expect(sam.get_by_role("textbox", name="Location")).to_have_value("34 Sam Street")
    assert axe(sam) == []
    group(sam, "Location").get_by_role("button", name="Keep mine").focus()
    sam.keyboard.press("Enter")
    expect(group(dana, "Location")).to_contain_text("34 Sam Street")
    expect(group(dana, "Location")).to_contain_text("Typed by Sam Okafor")


def test_a_session_that_ends_keeps_what_was_typed(sign_in: SignIn, demo_call: str) -> None:
    """Signed out under one's hands: no focus is taken, no text is lost, one signs in again."""
    page = sign_in("sam")
    open_call(page, demo_call)
    page.keyboard.press("n")
    page.keyboard.type("half a thought")
    session = page.request.get("/v1/session").json()
    page.request.delete("/v1/session", headers={"X-CSRF-Token": session["csrf_token"]})

    again = page.get_by_role("button", name="Sign in again")
    expect(again).to_be_visible(timeout=15_000)
    note = page.get_by_role("textbox", name="New note")
    expect(note).to_be_focused()
    assert axe(page) == []
    again.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_label("Password").focus()
    page.keyboard.type("birch lantern quiet river")
    page.keyboard.press("Enter")
    expect(again).to_be_hidden()
    expect(note).to_have_value("half a thought")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="half a thought")).to_be_visible()


def test_keys_are_listed_changed_and_switched_off(sign_in: SignIn, demo_call: str) -> None:
    """Every shortcut is in the list, can be another key, and can be switched off."""
    page = sign_in("sam")
    open_call(page, demo_call)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    assert axe(page) == []
    change = dialog.get_by_role("button", name="Change the key for: Notes")
    change.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("q")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("q")
    note = page.get_by_role("textbox", name="New note")
    expect(note).to_be_focused()

    page.get_by_role("button", name="Keys").focus()
    page.keyboard.press("Enter")
    dialog.get_by_label("Shortcuts on").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("q")
    expect(note).not_to_be_focused()
