"""Scripted calls drive the console: each is said to a running application, and read off the panel.

What the panel must show comes from the same rules run here over the same words; how often that is
what the call's author meant is counted at the end.
"""

import re
from collections.abc import Iterator
from functools import cache

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.model import Draft, new_draft, understood
from ringdown.incidents.report.lines import WrittenCall, read_calls
from ringdown.incidents.types import BY_CODE, CATEGORIES
from tests.e2e.conftest import PASSWORD, ROOT, LiveConsole, axe
from tests.e2e.spoken import SHOWN, SpokenCall, show, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

LOST = 0.15
"""The share of words lost in every fifth call, said a second time."""
MAIN = ("type", "category", "emergency", "location", "severity", "victims", "callback_number")


@cache
def scripted() -> tuple[WrittenCall, ...]:
    with (ROOT / "tests/data/scripted_calls.jsonl").open(encoding="utf-8") as lines:
        return tuple(read_calls(lines))


CALLS = [*scripted(), *(call.losing(LOST) for call in scripted()[::5])]


class Seen:
    """One console for all the calls, and what it showed of them."""

    def __init__(self, console: LiveConsole, page: Page, http: httpx.Client) -> None:
        self.console, self.page, self.http = console, page, http
        self.sends: list[str] = []
        self.right: dict[str, list[bool]] = {}
        page.on("request", lambda r: self.sends.append(r.url) if r.method == "POST" else None)


@pytest.fixture(scope="module")
def seen(browser: Browser, live_console: LiveConsole) -> Iterator[Seen]:
    context = browser.new_context(
        base_url=live_console.base_url, viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("User name").fill("dana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Calls")).to_be_visible()
    with signed_in(live_console) as http:
        yield Seen(live_console, page, http)
    context.close()


def meant(call: SpokenCall, script: WrittenCall) -> Draft:
    """The draft that the rules make of it."""
    session, draft = RuleExtractor().open(), new_draft(call.id)
    for said in script.utterances():
        if said.words:
            draft, _ = understood(draft, session.hear(call.utterance(said)))
    return draft


@pytest.mark.parametrize("script", CALLS, ids=lambda call: f"{call.id}-{call.condition[:4]}")
def test_the_panel_shows_what_was_said_and_sends_nothing(seen: Seen, script: WrittenCall) -> None:
    """Every field with its words, signs of danger with theirs; the CAD gets nothing by itself."""
    call = SpokenCall(seen.console, seen.http, f"{script.id}-{script.condition[:4].strip()}")
    draft = meant(call, script)
    seen.sends.clear()
    call.hear(script.utterances())
    show(seen.page, call)

    fields = {name: field.view for name, field in draft.fields.items()}
    wanted = {n: f.text for n, f in fields.items() if n in MAIN or f.value is not None}
    texts = f"(wanted) => {{ const shown = ({SHOWN})(); return Object.entries(wanted)"
    texts += ".every(([name, text]) => shown[name] && shown[name].text === text); }"
    try:
        seen.page.wait_for_function(texts, arg=wanted, timeout=30_000)
    except NotInTime:
        shown = {name: one["text"] for name, one in seen.page.evaluate(SHOWN).items()}
        assert shown == wanted
    shown = seen.page.evaluate(SHOWN)
    assert set(shown) == set(wanted), "of the seldom ones those alone that are known"

    words = [call.utterance(said).text for said in script.utterances() if said.words]
    for name, one in shown.items():
        if one["state"] == "unknown":
            assert one["plays"] == []
            continue
        assert one["state"] == "proposed"
        quote = re.search("“(.*)”", one["plays"][0])
        assert quote, f"{name} cites its words"
        assert any(quote[1] in text for text in words), (name, quote[1])
    cues = [cue.view.text for cue in draft.cues if cue.view.state == "open"]
    expect(seen.page.locator("[data-cue] strong:first-of-type")).to_have_text(cues)

    kept = call.draft()
    assert (kept["confirmations"], kept["sent_version"], call.sent()) == (0, None, [])
    assert [url for url in seen.sends if "confirm" in url] == []
    call.over()
    if script.condition == "as given":
        count(seen, script, {name: one["text"] for name, one in shown.items()})


def count(seen: Seen, script: WrittenCall, shown: dict[str, str | None]) -> None:
    """Whether the panel showed what the author of the call meant."""
    labels = script.labels

    def note(name: str, right: bool) -> None:
        seen.right.setdefault(name, []).append(right)

    if "incident_type" in labels:
        note("type", shown["type"] == BY_CODE[labels["incident_type"]].label)
    if labels.get("category") in CATEGORIES:
        note("category", (shown["category"] or "").lower().replace("-", "_") == labels["category"])
    note(
        "emergency", shown["emergency"] == ("Emergency" if labels["emergency"] else "No emergency")
    )
    if labels.get("location_text"):
        wanted = set(re.findall(r"\d+|[a-z]{4,}", labels["location_text"].lower()))
        found = set(re.findall(r"\d+|[a-z]{4,}", (shown["location"] or "").lower()))
        note("location", len(wanted & found) >= 0.6 * len(wanted))
    elif "location_text" in labels:
        note("no place", shown["location"] is None)
    if isinstance(labels.get("victims"), dict):
        note("victims", shown["victims"] is not None)


def test_what_was_shown_is_what_the_authors_meant(seen: Seen) -> None:
    """Most of the time; the report card has the figures, this is the last mile of them."""
    if len(seen.right.get("type", [])) < len(scripted()) / 2:
        pytest.skip("the calls were not all played in this run")
    shares = {name: sum(right) / len(right) for name, right in seen.right.items()}
    for name in ("type", "category", "emergency", "location", "no place"):
        assert shares[name] >= 0.85, (name, shares[name])
    assert shares["victims"] >= 0.3, (
        "the count is often only implied: the report card says how often"
    )


def test_a_call_with_everything_passes_the_accessibility_checker(seen: Seen) -> None:
    """The panel with signs of danger, questions, places and a list open."""
    assert axe(seen.page) == []
