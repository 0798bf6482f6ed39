"""What a telecommunicator does in the draft panel, by keyboard alone, and what stays still there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LiveConsole, SignIn, axe
from tests.e2e.spoken import SpokenCall, row, show, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

FIRE = (
    ("call_taker", "911, what is the address of your emergency?"),
    ("caller", "Forty one twenty Juniper Street. The house is on fire."),
    ("call_taker", "What number are you calling from?"),
    ("caller", "It's five eight five, five five five, oh one four two."),
)
TRAPPED = ("caller", "My son is trapped upstairs in the fire, he can't get out.")
NOT_BREATHING = ("caller", "He's not breathing, he's not breathing at all.")


@pytest.fixture
def call(live_console: LiveConsole, request: pytest.FixtureRequest) -> Iterator[SpokenCall]:
    with signed_in(live_console) as http:
        made = SpokenCall(live_console, http, f"panel-{request.node.name[:50]}")
        yield made
        made.over()


def cues(page: Page) -> Locator:
    return page.get_by_role("region", name="Signs of danger to life")


def places_of_rows(page: Page) -> dict[str, list[float]]:
    """Where each field stands on the screen."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-row]")].map((row) => {
            const { x, y } = row.getBoundingClientRect(); return [row.dataset.row, [x, y]]; }))"""
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


def test_one_field_then_all_clear_ones_are_confirmed_and_nothing_is_sent(
    sign_in: SignIn, call: SpokenCall
) -> None:
    """`c` confirms the field in focus; one key lists what is clear and confirms it, each value
    said before it happens; the CAD gets nothing."""
    call.say(*FIRE)
    page = sign_in("dana")
    show(page, call)
    expect(row(page, "callback_number")).to_contain_text("555-0142")
    page.keyboard.press("2")
    expect(row(page, "location").locator("[data-value]")).to_be_focused()
    by_dana = re.compile("Confirmed by Dana Reyes")
    press_until(page, "c", row(page, "location").locator("[class*=stateText]", has_text=by_dana))

    page.keyboard.press("Shift+A")
    listed = page.get_by_role("region", name="Confirm together")
    expect(listed).to_be_focused()
    expect(listed).to_contain_text("85 % or surer")
    ready = listed.get_by_role("list", name="To be confirmed").get_by_role("listitem")
    expect(ready.first).to_contain_text("Building fire")
    texts = ready.all_text_contents()
    assert not any("Location" in text for text in texts), "it is confirmed already"
    assert axe(page) == []
    press_until(page, "Shift+A", page.get_by_text(re.compile("Nothing was sent")))
    expect(listed).to_be_hidden()
    expect(row(page, "location").locator("[data-value]")).to_be_focused()
    expect(row(page, "type")).to_contain_text("Confirmed by Dana Reyes")
    for name, field in call.draft()["fields"].items():
        if name != "location" and field["state"] == "confirmed":
            assert field["confidence"] >= 0.85
        if field["state"] == "proposed":
            assert field["confidence"] < 0.85 or field["alternatives"]
    assert (call.draft()["confirmations"], call.sent()) == (0, [])


def test_escape_leaves_the_list_and_confirms_nothing(sign_in: SignIn, call: SpokenCall) -> None:
    """A list that was only looked at changes nothing; the focus goes back."""
    call.say(*FIRE)
    page = sign_in("dana")
    show(page, call)
    expect(row(page, "type")).to_contain_text("Building fire")
    page.keyboard.press("1")
    page.keyboard.press("Shift+A")
    expect(page.get_by_role("region", name="Confirm together")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, "type").locator("[data-value]")).to_be_focused()
    states = {field["state"] for field in call.draft()["fields"].values()}
    assert "confirmed" not in states


def test_a_sign_of_danger_moves_nothing_takes_no_focus_and_is_said_once(
    sign_in: SignIn, call: SpokenCall
) -> None:
    """It comes up while a person types, above the fields, with its words; politely, once. Dismissed
    by key, it is gone; with new words it comes back and says so."""
    call.say(*FIRE)
    page = sign_in("dana")
    show(page, call)
    expect(row(page, "callback_number")).to_contain_text("555-0142")
    expect(cues(page)).to_contain_text("No sign of danger to life heard so far.")
    page.keyboard.press("n")
    page.keyboard.type("half a ")
    before = places_of_rows(page)
    call.say(TRAPPED)
    trapped = cues(page).locator("[data-cue=trapped_fire]")
    expect(trapped).to_contain_text("trapped")
    expect(cues(page).get_by_role("status")).to_contain_text("Possible danger to life: Trapped")
    page.keyboard.type("note")
    expect(page.get_by_role("textbox", name="New note")).to_have_value("half a note")
    after = places_of_rows(page)
    assert {name: after[name] for name in before} == before, "nothing moved"
    assert axe(page) == []

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    expect(trapped.get_by_role("button").first).to_be_focused()
    page.keyboard.press("p")
    expect(page.get_by_role("log").locator("mark").first).to_be_visible()
    page.keyboard.press("d")
    expect(trapped).to_be_hidden()
    expect(cues(page)).to_contain_text("since you dismissed: Trapped")
    call.say(("call_taker", "Okay."))
    expect(page.get_by_role("log")).to_contain_text("Okay.")
    expect(trapped).to_be_hidden()
    call.say(("caller", "Please, my son is still trapped in there, the fire is at his door!"))
    expect(trapped).to_contain_text("heard again, new words")
    assert call.draft()["fields"]["location"]["state"] == "proposed"


def test_two_signs_are_seen_together(sign_in: SignIn, call: SpokenCall) -> None:
    """Both are named; dismissing one leaves the focus with the other."""
    call.say(*FIRE, TRAPPED, NOT_BREATHING)
    page = sign_in("dana")
    show(page, call)
    both = cues(page).locator("[data-cue]")
    expect(both).to_have_count(2)
    for one in both.all():
        expect(one).to_be_in_viewport()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(both).to_have_count(1)
    expect(both.get_by_role("button").first).to_be_focused()
    assert axe(page) == []


def test_a_contradiction_stands_beside_what_was_typed(sign_in: SignIn, call: SpokenCall) -> None:
    """What is heard later never overwrites; it is shown beside, with its second, and is chosen by
    key or left."""
    call.say(*FIRE)
    page = sign_in("dana")
    show(page, call)
    location = row(page, "location")
    expect(location).to_contain_text("4120 Juniper Street")
    page.keyboard.press("2")
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("88 Sorrel Lane")
    page.keyboard.press("Enter")
    expect(location).to_contain_text("Typed by Dana Reyes")
    call.say(("caller", "No wait, the address is nine oh five Alder Avenue."))
    expect(location).to_contain_text("Heard later")
    expect(location).to_contain_text("905 Alder Avenue")
    expect(location.locator("[data-value]")).to_contain_text("88 Sorrel Lane")
    expect(location).to_contain_text("New")
    assert axe(page) == []
    page.keyboard.press("Shift+A")
    left = page.get_by_role("list", name="Left for you, one by one")
    expect(left).to_contain_text("something else was heard later")
    page.keyboard.press("Escape")

    page.keyboard.press("2")
    page.keyboard.press("o")
    page.keyboard.press("Enter")
    expect(location.locator("[data-value]")).to_contain_text("905 Alder Avenue")
    assert call.draft()["fields"]["location"]["state"] == "edited"


def test_what_is_new_is_marked_until_looked_at(sign_in: SignIn, call: SpokenCall) -> None:
    """A field that changed since says so; going to it, or one key for all, clears the mark."""
    call.say(*FIRE[:2])
    page = sign_in("dana")
    show(page, call)
    expect(row(page, "location")).to_contain_text("Juniper")
    mark = page.get_by_text("since you last looked")
    page.keyboard.press("u")
    expect(mark).to_have_count(0)
    call.say(*FIRE[2:])
    expect(row(page, "callback_number")).to_contain_text("since you last looked")
    page.keyboard.press("5")
    expect(row(page, "callback_number").get_by_text("since you last looked")).to_have_count(0)
    call.say(("caller", "Two kids are trapped in the back room."))
    expect(row(page, "victims")).to_contain_text("since you last looked")
    page.keyboard.press("u")
    expect(mark).to_have_count(0)


def test_what_is_unknown_says_what_to_ask(sign_in: SignIn, call: SpokenCall) -> None:
    """Asked and not answered stands first, then what is suggested; the seldom fields are hidden
    until something stands there or a person opens them."""
    call.say(("call_taker", "911, what is the address of your emergency?"), ("caller", "Oh God."))
    page = sign_in("dana")
    show(page, call)
    ask = page.get_by_role("region", name="Questions to ask")
    expect(ask).to_contain_text("asked 0:00, no answer yet")
    expect(row(page, "location")).to_contain_text("Asked at 0:00, no answer yet")
    page.keyboard.press("i")
    items = ask.get_by_role("listitem")
    expect(items.first).to_contain_text("asked, no answer yet")
    assert items.count() > 1
    expect(row(page, "weapons")).to_have_count(0)
    page.keyboard.press("b")
    expect(row(page, "weapons")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Shift+W")
    page.keyboard.press("e")
    page.keyboard.type("none")
    page.keyboard.press("Enter")
    expect(row(page, "weapons")).to_contain_text("Typed by Dana Reyes")


def test_places_stand_side_by_side(live_console: LiveConsole, sign_in: SignIn) -> None:
    """The network's place and the spoken one, each with its age and how exact it is; what only the
    words say has no point, and says so."""
    ali: dict[str, Any] = {
        "text": "12 Elm Street, Millbrook", "lat": 47.66, "lon": -117.42, "uncertainty_m": 50,
        "provider": "wireless", "at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    with signed_in(live_console) as http:
        call = SpokenCall(live_console, http, "panel-places", ali=ali)
        call.say(*FIRE)
        page = sign_in("dana")
        show(page, call)
        expect(row(page, "location")).to_contain_text("4120 Juniper Street")
        page.keyboard.press("m")
        cells = page.get_by_role("list", name="What each source says of the place")
        expect(cells.get_by_role("listitem")).to_have_count(5)
        expect(cells).to_contain_text("12 Elm Street")
        expect(cells).to_contain_text("within 50 m")
        expect(cells).to_contain_text("4120 Juniper Street")
        expect(row(page, "location")).to_contain_text("disagree")
        assert axe(page) == []
        page.keyboard.press("Shift+A")
        left = page.get_by_role("list", name="Left for you, one by one")
        expect(left.get_by_role("listitem").filter(has_text="Location")).to_be_visible()
        page.keyboard.press("Escape")
        call.over()
