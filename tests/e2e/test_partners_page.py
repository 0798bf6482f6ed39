"""The administrator's page for partners: a credential, an endpoint, what is sent and who listens."""

import json
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    paths: list[str] = field(default_factory=list)


@pytest.fixture
def receiver(receiver_certificate: Path) -> Iterator[Receiver]:
    mine = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mine.paths.append(self.path)
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


def with_endpoint(page: Page, receiver: Receiver, name: str) -> str:
    """A partner and an endpoint, both of that name; the endpoint's signing secret."""
    page.get_by_role("textbox", name="Partner").fill(name)
    press(page.get_by_role("button", name="Add credential"))
    shown_once(page, "Client secret")
    press(page.get_by_role("button", name="I have kept it"))
    form = page.get_by_role("region", name="Endpoints")
    if not form.get_by_role("textbox", name="Address").is_visible():
        press(form.get_by_role("button", name=re.compile("^Add")))
    form.get_by_label("Partner", exact=True).select_option(name)
    form.get_by_role("textbox", name="Name").fill(name)
    form.get_by_role("textbox", name="Address").fill(receiver.url)
    form.get_by_label("This address may be on our own network").check()
    press(form.get_by_role("button", name="Add endpoint"))
    secret = shown_once(page, "Signing secret")
    press(page.get_by_role("button", name="I have kept it"))
    return secret


def try_out(page: Page, name: str) -> None:
    """Send a test, and have it taken."""
    press(page.get_by_role("button", name=f"Send a test: {name}"))
    item = page.get_by_role("listitem").filter(has_text=f"for {name}").last
    expect(item.get_by_text("The receiver took the test.")).to_be_visible()


def rings(page: Page, external_id: str, ani: str, **more: Any) -> None:
    """A call begins."""
    session = page.request.get("/v1/session").json()
    made = page.request.post(
        "/v1/calls",
        headers={"X-CSRF-Token": session["csrf_token"]},
        data={"external_id": external_id, "ani": ani, **more},
    )
    assert made.ok


def removed(page: Page, name: str) -> None:
    """Without its endpoint, whose receiver is about to go."""
    press(page.get_by_role("button", name=f"Remove: {name}"))
    press(page.get_by_role("dialog").get_by_role("button", name="Remove it"))
    expect(page.get_by_role("button", name=f"Remove: {name}")).to_have_count(0)


def test_a_new_signing_secret_and_another_address_lose_nothing(
    sign_in: SignIn, receiver: Receiver
) -> None:
    """Both secrets sign after the change; then only the chosen events go, to the new address."""
    page = sign_in("dana")
    open_partners(page)
    name = "Mover"
    old = with_endpoint(page, receiver, name)
    endpoints = page.get_by_role("region", name="Endpoints")
    press(endpoints.get_by_role("button", name=f"New secret: {name}"))
    press(page.get_by_role("dialog").get_by_role("button", name="Make a new secret"))
    new = shown_once(page, "Signing secret")
    assert new != old
    press(page.get_by_role("button", name="I have kept it"))
    expect(page.get_by_text(new)).to_have_count(0)
    try_out(page, name)
    headers, body = receiver.came[-1]
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["type"] == "test"

    press(page.get_by_role("button", name=f"Change: {name}"))
    item = page.get_by_role("listitem").filter(has_text=f"for {name}").last
    item.get_by_role("textbox", name="Address").fill(f"{receiver.url}/moved")
    item.get_by_label("Incident begins, changes or ends").uncheck()
    item.get_by_label("Recording, photo or video").uncheck()
    assert axe(page) == []
    press(item.get_by_role("button", name="Save"))
    expect(item.get_by_text("Sends: Location of the caller.")).to_be_visible()
    expect(item.get_by_text(f"{receiver.url}/moved")).to_be_visible()
    before = len(receiver.came)
    rings(page, "moved", "+15095550190", ali={"text": "14 Elm St", "lat": 47.1, "lon": -117.2})
    press(page.get_by_role("button", name=f"Deliveries: {name}"))
    row = page.get_by_role("row").filter(has_text="Location of the caller")
    newer = page.get_by_role("button", name="newer: show")
    expect(newer.or_(row).first).to_be_visible()
    if newer.is_visible():
        press(newer)
    expect(row.filter(has_text="Delivered")).to_have_count(1)
    try_out(page, name)
    came = [json.loads(body)["type"] for _, body in receiver.came[before:]]
    assert came == ["caller_location", "test"]
    assert {path.rpartition("/")[2] for path in receiver.paths[before:]} == {"moved"}
    removed(page, name)


def test_what_was_not_delivered_in_a_time_goes_out_again(
    sign_in: SignIn, receiver: Receiver
) -> None:
    """The same events with the same bytes; nothing of another time."""
    page = sign_in("dana")
    open_partners(page)
    name = "Late riser"
    with_endpoint(page, receiver, name)
    receiver.status = 410
    rings(page, "asleep", "+15095550191")
    item = page.get_by_role("listitem").filter(has_text=f"for {name}").last
    expect(item.get_by_text("1 not delivered")).to_be_visible()
    ((headers, body),) = receiver.came
    receiver.status = 200
    press(page.get_by_role("button", name=f"Switch on: {name}"))
    expect(page.get_by_role("button", name=f"Switch off: {name}")).to_be_visible()
    press(page.get_by_role("button", name=f"Deliveries: {name}"))

    deliveries = page.get_by_role("region", name="Deliveries", exact=True)
    press(deliveries.get_by_role("button", name="Send undelivered events of a time again"))
    today = datetime.now().astimezone()

    def send(first: timedelta, last: timedelta) -> None:
        for label, at in (("From", today + first), ("Until", today + last)):
            deliveries.get_by_label(label, exact=True).fill(f"{at:%Y-%m-%dT%H:%M}")
        press(deliveries.get_by_role("button", name="Send them again"))

    send(timedelta(days=-9), timedelta(days=-2))
    expect(page.get_by_text("Nothing undelivered lies in that time.")).to_be_visible()
    assert len(receiver.came) == 1
    send(timedelta(days=-2), timedelta(days=2))
    expect(page.get_by_text("1 delivery goes out again.")).to_be_visible()
    expect(item.get_by_text("1 not delivered")).to_be_hidden()
    again = deliveries.get_by_role("row").filter(has_text="(again)").filter(has_text="Delivered")
    expect(again).to_have_count(1)
    assert len(receiver.came) == 2
    later, same = receiver.came[1]
    assert (later["webhook-id"], same) == (headers["webhook-id"], body)
    assert later["ringdown-delivery-id"] != headers["ringdown-delivery-id"]
    removed(page, name)
