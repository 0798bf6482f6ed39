"""The administrator's page for partners: a credential, an endpoint, what is sent and who listens."""

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from standardwebhooks.webhooks import Webhook

from tests.e2e.conftest import SignIn, axe

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass
class Receiver:
    """A partner's server on this machine: takes what comes and answers as told."""

    url: str = ""
    status: int = 200
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver(receiver_certificate: Path) -> Iterator[Receiver]:
    mine = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mine.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(mine.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(receiver_certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    mine.url = f"https://localhost:{server.server_address[1]}/events"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield mine
    server.shutdown()
    thread.join()
    server.server_close()


def open_partners(page: Page) -> None:
    page.evaluate("location.hash = '#/admin/partners'")
    expect(page.get_by_role("heading", name="Listening now")).to_be_visible()


def press(button: Locator) -> None:
    """By keyboard, as everything here can be done."""
    button.focus()
    button.press("Enter")


def shown_once(page: Page, label: str) -> str:
    """A value that is shown this one time, beside a button that copies it."""
    notice = page.get_by_role("alert").filter(has_text="shown this once")
    text = notice.locator("p", has_text=label).locator("code").inner_text()
    expect(page.get_by_role("button", name=f"Copy {label}")).to_be_visible()
    return text


def test_a_partner_from_credential_to_redelivery(sign_in: SignIn, receiver: Receiver) -> None:
    """A credential that works, an endpoint that is tested and told why it fails, a delivery that
    is sent again, and a secret that nobody sees twice."""
    page = sign_in("dana")
    open_partners(page)
    page.get_by_role("textbox", name="Partner").fill("Field app")
    press(page.get_by_role("button", name="Add credential"))
    client_id, secret = shown_once(page, "Client ID"), shown_once(page, "Client secret")
    assert axe(page) == []
    token = httpx.post(
        f"{page.url.split('/#')[0]}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(client_id, secret),
        trust_env=False,
        timeout=60,
    )
    assert token.status_code == 200
    press(page.get_by_role("button", name="I have kept it"))
    expect(page.get_by_text(secret)).to_have_count(0)

    endpoints = page.get_by_role("region", name="Endpoints")
    endpoints.get_by_label("Name").fill("Field app, events")
    address = endpoints.get_by_role("textbox", name="Address")
    address.fill("http://localhost/events")
    endpoints.get_by_label("Demo calls too").check()
    press(endpoints.get_by_role("button", name="Add endpoint"))
    expect(page.get_by_role("alert").filter(has_text="https://")).to_be_visible()
    address.fill(receiver.url)
    endpoints.get_by_label("This address may be on our own network").check()
    press(endpoints.get_by_role("button", name="Add endpoint"))
    signing = shown_once(page, "Signing secret")
    assert axe(page) == []
    press(page.get_by_role("button", name="I have kept it"))

    press(page.get_by_role("button", name="Send a test: Field app, events"))
    expect(page.get_by_text("The receiver took the test. It answered 200.")).to_be_visible()
    headers, body = receiver.came[-1]
    assert Webhook(signing).verify(body, headers)["type"] == "test"
    receiver.status = 500
    press(page.get_by_role("button", name="Send a test: Field app, events"))
    expect(page.get_by_text("The test was not taken.")).to_be_visible()
    assert axe(page) == []

    receiver.status = 200
    session = page.request.get("/v1/session").json()
    page.request.post(
        "/v1/calls",
        headers={"X-CSRF-Token": session["csrf_token"]},
        data={"external_id": f"partner-{client_id}", "ani": "+15095550188"},
    )
    deliveries = page.get_by_role("region", name="Deliveries")
    press(deliveries.get_by_role("button", name="newer: show"))
    expect(deliveries.get_by_role("row").filter(has_text="Delivered").first).to_be_visible()
    told = [json.loads(body) for _, body in receiver.came]
    numbers = {one["caller_phone_number"] for one in told if one["type"] == "incident_metadata"}
    assert numbers == {"+15095550188"}

    # Gone: an alarm on top, in words, and nothing more is sent.
    receiver.status = 410
    page.request.post(
        "/v1/calls",
        headers={"X-CSRF-Token": session["csrf_token"]},
        data={"external_id": f"partner-gone-{client_id}", "ani": "+15095550189"},
    )
    gone = page.get_by_role("alert").filter(has_text="says that its address is gone (410)")
    expect(gone).to_be_visible()
    assert axe(page) == []
    receiver.status = 200
    dead = page.get_by_role("alert").filter(has_text="could not be delivered")
    press(dead.get_by_role("button", name="Show them"))
    press(page.get_by_role("button", name="Switch on: Field app, events"))
    expect(gone).to_be_hidden()
    count = len(receiver.came)
    press(deliveries.get_by_role("button", name="Send again").first)
    expect(dead).to_be_hidden()
    deliveries.get_by_label("State").select_option("delivered")
    expect(deliveries.get_by_role("row").filter(has_text="(again)")).to_be_visible()
    assert len(receiver.came) > count

    press(page.get_by_role("button", name="Disable: Field app"))
    press(page.get_by_role("dialog").get_by_role("button", name="Disable now"))
    expect(page.get_by_text("Disabled, and cut off everywhere.")).to_be_visible()
    refused = httpx.get(
        f"{page.url.split('/#')[0]}/v1/incident_events",
        headers={"Authorization": f"Bearer {token.json()['access_token']}"},
        trust_env=False,
        timeout=60,
    )
    assert refused.status_code == 401
