"""An incident that was sent is taken back in a real browser, by keyboard, and opened again."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, LiveConsole, SignIn, axe, open_call

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def sent(live_console: LiveConsole):
    """A call whose incident the CAD has; a client to ask the server with, and the call's id."""
    with httpx.Client(base_url=live_console.base_url, trust_env=False, timeout=60) as http:
        form = {"username": "dana", "password": PASSWORD}
        session = http.post("/v1/session", json=form).raise_for_status().json()
        http.headers["X-CSRF-Token"] = session["csrf_token"]
        body = {"external_id": "taken-back", "ani": "+15095550142"}
        call = http.post("/v1/calls", json=body).raise_for_status().json()["call_id"]
        path = f"/v1/calls/{call}/incident"
        edit = {"value": "4210 Washington Street", "base_version": 0}
        field = http.put(f"{path}/fields/location", json=edit).raise_for_status().json()
        versions = {"versions": {"location": field["version"]}}
        http.post(f"{path}/confirm", json=versions).raise_for_status()
        yield http, call
        http.post(f"/v1/calls/{call}/hangup", json={})


def test_what_was_sent_is_taken_back_with_a_reason(
    sign_in: SignIn, sent: tuple[httpx.Client, str]
) -> None:
    """The reason is asked for, the CAD acknowledges, everybody sees it; then it is sent again."""
    http, call = sent
    page = sign_in("sam")
    open_call(page, call)
    status = page.get_by_role("status", name="CAD")
    expect(status).to_contain_text("CAD has it")

    page.get_by_role("button", name="Cancel what was sent…").focus()
    page.keyboard.press("Enter")
    reason = page.get_by_label("Why it is cancelled")
    expect(reason).to_be_focused()
    page.keyboard.press("Escape")
    expect(reason).to_have_count(0)
    page.get_by_role("button", name="Cancel what was sent…").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("False alarm, owner on scene")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(status).to_contain_text(re.compile("Cancellation: CAD has it"))
    told = page.get_by_text(re.compile("by Sam Okafor: False alarm, owner on scene"))
    expect(told).to_be_visible()
    expect(page.get_by_role("button", name="Cancel what was sent…")).to_have_count(0)
    assert axe(page) == []

    document = http.get(f"/v1/calls/{call}/incident/eido").raise_for_status()
    assert document.headers["content-type"] == 'application/emergency.eido+json;version="1"'
    incident = document.json()["incidentComponent"]
    assert incident["incidentStatusCommonRegistryText"] == ["Cancelled"]

    page.keyboard.press("Control+Enter")  # a habit of the hand sends nothing again
    again = page.get_by_role("button", name=re.compile("Confirm and send again"))
    expect(again).not_to_contain_text("Enter")
    again.focus()
    page.keyboard.press("Enter")
    expect(told).to_have_count(0)
    expect(status).to_contain_text(re.compile("update 2"))
    incident = http.get(f"/v1/calls/{call}/incident/eido").json()["incidentComponent"]
    assert incident["incidentStatusCommonRegistryText"] == ["ReOpened"]
