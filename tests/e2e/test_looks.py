"""The console as tired and differently abled people meet it: large text, zoom, themes, audits."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignIn, axe, open_call

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

LOOKS = {
    "dark": {"color_scheme": "dark"},
    "light": {"color_scheme": "light"},
    "forced colours": {"forced_colors": "active"},
    "reduced motion": {"reduced_motion": "reduce"},
    "400 % zoom": {"viewport": {"width": 320, "height": 256}},
}


def sideways(page: Page) -> int:
    """By how many pixels the page or its main part is wider than the window."""
    return page.evaluate(
        """() => Math.max(...[document.documentElement, document.querySelector("main")].map(
            (part) => part.scrollWidth - part.clientWidth))"""
    )


@pytest.mark.parametrize("look", LOOKS)
def test_a_call_is_accessible(sign_in: SignIn, demo_call: str, look: str) -> None:
    """The checker finds nothing, and nothing needs sideways scrolling."""
    page = sign_in("dana", **LOOKS[look])
    open_call(page, demo_call)
    expect(page.get_by_role("group", name="Location", exact=True)).to_be_attached()
    assert axe(page) == []
    assert sideways(page) <= 0


def test_text_of_twice_the_size(sign_in: SignIn, demo_call: str) -> None:
    """With letters twice as large everything is still there and nothing is cut off sideways."""
    page = sign_in("dana")
    open_call(page, demo_call)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for name in ("Transcript", "Draft", "Notes and events"):
        expect(page.get_by_role("heading", name=name)).to_be_attached()
    assert axe(page) == []
    assert sideways(page) <= 0


@pytest.mark.parametrize("tab", ["users", "clients", "partners", "names", "audit", "password"])
def test_administration_is_accessible(sign_in: SignIn, tab: str) -> None:
    """The administrator's pages pass the checker too."""
    page = sign_in("dana")
    page.evaluate("tab => { location.hash = `#/admin/${tab}` }", tab)
    expect(page.get_by_role("heading", name="Administration")).to_be_attached()
    assert axe(page) == []
    assert sideways(page) <= 0
