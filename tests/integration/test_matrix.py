"""Every route, asked by everybody: anonymous, the wrong role, another centre, the right one.

The routes are those of the real application. One that has no sample here fails the test, so that
no door is added without somebody having tried its lock.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from ringdown.app import World, build
from ringdown.identity.api import CLIENT_SCOPES, ROLE_PERMISSIONS, Role
from ringdown.runtime.http import PUBLIC
from ringdown.settings import load

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASSWORD = "tangerine otter kiln"
NEW_PASSWORD = "walnut ferry lamp oil"
NEVER = "00000000000000000000000000"
ALL_ROLES = sorted(Role)


@dataclass(frozen=True)
class Sample:
    """A request that is right: its path with names of things, its body, the status it gets."""

    path: str
    body: Any = None
    status: frozenset[int] = frozenset({200})
    query: str = ""

    def names(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


def ok(path: str, body: Any = None, *status: int, query: str = "") -> Sample:
    return Sample(path, body, frozenset(status or {200}), query)


CALL = "/v1/calls/{call}"
FIELDS = {
    "type": "structure_fire",
    "location": "14 Elm Street",
    "severity": "high",
    "callback_number": "+1 202 555 0143",
}
"""What was typed into the draft; nobody has said how many victims there are."""
NOWHERE = "https://nowhere.invalid/in"
LANDMARKS = {
    "type": "FeatureCollection",
    "features": [
        {
            "properties": {"name": "Elm Park"},
            "geometry": {"type": "Point", "coordinates": [1.5, 1.5]},
        }
    ],
}
NAMES = {"type": "FeatureCollection", "features": [{"properties": {"name": "Elm Street"}}]}
SAMPLES: dict[tuple[str, str], Sample] = {
    # public
    ("GET", "/healthz"): ok("/healthz"),
    ("GET", "/l"): ok("/l", None, 200, 503),  # whether it is built or not
    ("GET", "/l/icon.svg"): ok("/l/icon.svg", None, 200, 404),
    ("GET", "/l/assets/{name}"): ok("/l/assets/none.js", None, 404),
    ("GET", "/readyz"): ok("/readyz"),
    ("GET", "/v1/openapi.json"): ok("/v1/openapi.json"),
    ("GET", "/v1/setup"): ok("/v1/setup"),
    ("POST", "/v1/setup"): ok(
        "/v1/setup",
        {"token": "x", "centre_name": "x", "username": "x", "display_name": "x", "password": "x"},
        403,  # the token is the credential, and this one is wrong
    ),
    # the credential is in the body, and this one is nobody's
    ("POST", "/oauth/token"): ok(
        "/oauth/token",
        {"grant_type": "client_credentials", "client_id": "x", "client_secret": "x"},
        401,
    ),
    ("POST", "/v1/session"): ok("/v1/session", {"username": "{user_name}", "password": PASSWORD}),
    ("GET", "/{path:path}"): ok(
        "/", None, 200, 404, 503
    ),  # 503 or 404 while the console is not built
    # identity
    ("GET", "/v1/session"): ok("/v1/session"),
    ("DELETE", "/v1/session"): ok("/v1/session", None, 204),
    ("POST", "/v1/session/password"): ok(
        "/v1/session/password", {"current": PASSWORD, "new": NEW_PASSWORD}
    ),
    ("GET", "/v1/users"): ok("/v1/users"),
    ("POST", "/v1/users"): ok(
        "/v1/users",
        {"username": "added", "display_name": "A", "roles": ["auditor"], "password": PASSWORD},
        201,
    ),
    ("PATCH", "/v1/users/{user_id}"): ok("/v1/users/{user}", {"unlock": True}),
    ("GET", "/v1/clients"): ok("/v1/clients"),
    ("POST", "/v1/clients"): ok("/v1/clients", {"name": "X", "scopes": ["calls:read"]}, 201),
    ("POST", "/v1/clients/{client_id}/rotate"): ok("/v1/clients/{spare_client}/rotate"),
    ("DELETE", "/v1/clients/{client_id}"): ok("/v1/clients/{spare_client}", None, 204),
    # audit
    ("GET", "/v1/audit"): ok("/v1/audit"),
    ("GET", "/v1/audit/export"): ok("/v1/audit/export"),
    # calls
    ("POST", "/v1/calls"): ok("/v1/calls", {"external_id": "another"}, 200, 201),
    ("GET", "/v1/calls"): ok("/v1/calls"),
    ("GET", "/v1/calls/{call_id}"): ok(CALL),
    ("POST", "/v1/calls/{call_id}/events"): ok(f"{CALL}/events", {"type": "answered"}),
    ("POST", "/v1/calls/{call_id}/hangup"): ok(f"{CALL}/hangup", {}),
    ("POST", "/v1/calls/{call_id}/assign"): ok(f"{CALL}/assign", {}),
    # closing is for calls whose source is lost; this one's is not
    ("POST", "/v1/calls/{call_id}/close"): ok(f"{CALL}/close", {"reason": "tested"}, 200, 409),
    ("GET", "/v1/calls/{call_id}/notes"): ok(f"{CALL}/notes"),
    ("POST", "/v1/calls/{call_id}/notes"): ok(f"{CALL}/notes", {"text": "hello"}, 200, 201),
    ("PUT", "/v1/calls/{call_id}/notes/{note_id}"): ok(
        f"{CALL}/notes/{{note}}", {"text": "again", "base_version": 1}
    ),
    # media
    ("WS", "/v1/media/twilio"): ok("/v1/media/twilio"),
    ("GET", "/v1/calls/{call_id}/audio"): ok(f"{CALL}/audio", query="?from_ms=0&to_ms=1000"),
    ("GET", "/v1/calls/{call_id}/waveform"): ok(
        f"{CALL}/waveform", query="?from_ms=0&to_ms=1000&bucket_ms=100"
    ),
    ("GET", "/v1/calls/{call_id}/recording"): ok(f"{CALL}/recording"),
    # listening; no media server runs here, so nobody can begin and nobody has a session
    ("POST", "/v1/calls/{call_id}/listening"): ok(f"{CALL}/listening", {"autoplay": False}, 503),
    ("DELETE", "/v1/listening/{session_id}"): ok("/v1/listening/lsn_none", None, 404),
    ("GET", "/v1/listening"): ok("/v1/listening"),
    ("POST", "/v1/media-server/events"): ok("/v1/media-server/events", {}, 401),  # not signed
    # speech
    ("GET", "/v1/calls/{call_id}/transcript"): ok(f"{CALL}/transcript"),
    # local names
    ("GET", "/v1/names"): ok("/v1/names", query="?search=elm"),
    ("PUT", "/v1/names"): ok("/v1/names", NAMES),
    ("POST", "/v1/names"): ok("/v1/names", NAMES),
    ("DELETE", "/v1/names"): ok("/v1/names", None, 204),
    # streets
    ("GET", "/v1/streets"): ok("/v1/streets"),
    ("PUT", "/v1/streets"): ok("/v1/streets", LANDMARKS),
    ("DELETE", "/v1/streets"): ok("/v1/streets", None, 204, query="?layer=roads"),
    ("GET", "/v1/streets/map"): ok("/v1/streets/map", query="?west=1&south=1&east=2&north=2"),
    ("POST", "/v1/streets/match"): ok("/v1/streets/match", {"text": "12 Elm Street"}),
    # incidents
    ("GET", "/v1/incident-types"): ok("/v1/incident-types"),
    ("GET", "/v1/calls/{call_id}/incident"): ok(f"{CALL}/incident"),
    ("PUT", "/v1/calls/{call_id}/incident/fields/{name}"): ok(
        f"{CALL}/incident/fields/victims", {"value": "2", "base_version": 0}
    ),
    ("POST", "/v1/calls/{call_id}/incident/fields/{name}/confirm"): ok(
        f"{CALL}/incident/fields/severity/confirm", {"base_version": 1}
    ),
    ("POST", "/v1/calls/{call_id}/incident/fields/{name}/reject"): ok(
        f"{CALL}/incident/fields/location/reject", {"base_version": 1}
    ),
    ("POST", "/v1/calls/{call_id}/incident/fields/confirm"): ok(
        f"{CALL}/incident/fields/confirm", {"versions": {"type": 2}}
    ),
    ("POST", "/v1/calls/{call_id}/incident/confirm"): ok(
        f"{CALL}/incident/confirm", {"versions": {"callback_number": 1}}
    ),
    ("POST", "/v1/calls/{call_id}/incident/cancel"): ok(
        f"{CALL}/incident/cancel", {"reason": "False alarm", "sequence": 99}, 409
    ),
    ("POST", "/v1/calls/{call_id}/incident/cues/{cue_id}/dismiss"): ok(
        f"{CALL}/incident/cues/none/dismiss", {}, 404
    ),
    ("GET", "/v1/calls/{call_id}/incident/print"): ok(f"{CALL}/incident/print"),
    # cad
    ("GET", "/v1/calls/{call_id}/cad"): ok(f"{CALL}/cad"),
    # without a CAD the delivery is held, so there is nothing to try again
    ("POST", "/v1/cad/deliveries/{delivery_id}/retry"): ok(
        "/v1/cad/deliveries/{delivery}/retry", None, 409
    ),
    ("GET", "/v1/calls/{call_id}/incident/eido"): ok(f"{CALL}/incident/eido"),
    ("GET", "/v1/cad/summary-schema"): ok("/v1/cad/summary-schema"),
    ("GET", "/v1/cad/schema"): ok("/v1/cad/schema"),
    # video; no media server runs here, so no caller shows anything and nobody looks
    ("POST", "/v1/calls/{call_id}/video/{link_id}/watch"): ok(
        f"{CALL}/video/lnk_none/watch", None, 404
    ),
    ("POST", "/v1/calls/{call_id}/viewings/{viewing_id}/alive"): ok(
        f"{CALL}/viewings/view_none/alive", {"shown_ms": 1}, 404
    ),
    ("POST", "/v1/calls/{call_id}/viewings/{viewing_id}/close"): ok(
        f"{CALL}/viewings/view_none/close", None, 404
    ),
    ("POST", "/v1/calls/{call_id}/viewings/{viewing_id}/take-over"): ok(
        f"{CALL}/viewings/view_none/take-over", None, 404
    ),
    ("GET", "/v1/exposure"): ok("/v1/exposure", query="?days=7"),
    # the page's cookie or the pass is the credential, and there is none
    ("POST", "/l/api/video"): ok("/l/api/video", None, 401),
    ("WS", "/l/rtc"): ok("/l/rtc"),
    ("WS", "/l/rtc/v1"): ok("/l/rtc/v1"),
    ("GET", "/l/rtc/validate"): ok("/l/rtc/validate", None, 503),
    ("GET", "/l/rtc/v1/validate"): ok("/l/rtc/v1/validate", None, 503),
    # texting; no carrier is set up, so people send by other means
    ("GET", "/v1/calls/{call_id}/texts"): ok(f"{CALL}/texts"),
    ("POST", "/v1/calls/{call_id}/texts/preview"): ok(f"{CALL}/texts/preview", {"text": "Hello"}),
    ("POST", "/v1/calls/{call_id}/texts"): ok(
        f"{CALL}/texts",
        {"question": "talk", "number": "+12025550143", "other_number_reason": "No number came"},
    ),
    ("GET", "/v1/texts/questions"): ok("/v1/texts/questions", query="?language=es"),
    ("GET", "/v1/text-backs"): ok("/v1/text-backs"),
    ("POST", "/v1/calls/{call_id}/text-back"): ok(f"{CALL}/text-back"),
    # in the queue or not, by what was asked before; there is no number in any case
    ("GET", "/v1/text-backs/{call_id}/wording"): ok(
        "/v1/text-backs/{call}/wording", None, 200, 404
    ),
    ("POST", "/v1/text-backs/{call_id}/text"): ok("/v1/text-backs/{call}/text", None, 404, 409),
    ("POST", "/v1/text-backs/{call_id}/close"): ok(
        "/v1/text-backs/{call}/close", {"reason": "Spoken to"}, 200, 404
    ),
    ("POST", "/hooks/texting/twilio"): ok("/hooks/texting/twilio", None, 404),
    ("POST", "/hooks/texting/twilio/status"): ok("/hooks/texting/twilio/status", None, 404),
    ("POST", "/hooks/texting/http"): ok("/hooks/texting/http", {}, 404),
    # assist
    ("GET", "/v1/calls/{call_id}/narrative"): ok(f"{CALL}/narrative"),
    ("POST", "/v1/calls/{call_id}/narrative/reveal"): ok(f"{CALL}/narrative/reveal"),
    ("PUT", "/v1/calls/{call_id}/narrative/switch"): ok(f"{CALL}/narrative/switch", {"off": True}),
    ("GET", "/v1/calls/{call_id}/narrative/export"): ok(f"{CALL}/narrative/export"),
    # uploads; no caller has sent anything, and a page's credential is nobody's here
    ("GET", "/v1/calls/{call_id}/uploads"): ok(f"{CALL}/uploads"),
    ("GET", "/v1/calls/{call_id}/uploads/{upload_id}/picture"): ok(
        f"{CALL}/uploads/upl_none/picture", None, 404
    ),
    ("GET", "/v1/calls/{call_id}/uploads/{upload_id}/file"): ok(
        f"{CALL}/uploads/upl_none/file", None, 404
    ),
    ("GET", "/v1/calls/{call_id}/uploads/{upload_id}/export"): ok(
        f"{CALL}/uploads/upl_none/export", None, 404
    ),
    ("DELETE", "/v1/calls/{call_id}/uploads/{upload_id}"): ok(
        f"{CALL}/uploads/upl_none", {"reason": "tested"}, 404
    ),
    ("OPTIONS", "/l/api/uploads"): ok("/l/api/uploads", None, 204),
    ("POST", "/l/api/uploads"): ok("/l/api/uploads", None, 412),  # of no version of tus
    ("HEAD", "/l/api/uploads/{upload_id}"): ok("/l/api/uploads/upl_none", None, 412),
    ("PATCH", "/l/api/uploads/{upload_id}"): ok("/l/api/uploads/upl_none", None, 412),
    ("DELETE", "/l/api/uploads/{upload_id}"): ok("/l/api/uploads/upl_none", None, 412),
    ("GET", "/l/api/uploads/{upload_id}"): ok("/l/api/uploads/upl_none", None, 401),
    # responders; the token in the body is the credential, and this one is nobody's
    ("GET", "/v1/calls/{call_id}/responder-links"): ok(f"{CALL}/responder-links"),
    ("POST", "/v1/calls/{call_id}/responder-links"): ok(
        f"{CALL}/responder-links", {"role": "fire", "to": "Engine 4"}, 201
    ),
    ("DELETE", "/v1/calls/{call_id}/responder-links/{link_id}"): ok(
        f"{CALL}/responder-links/rsp_none", None, 404
    ),
    # the caller's phone: its own consents and links; the page's credential is nobody's here
    ("GET", "/v1/caller/script"): ok("/v1/caller/script", query="?shares=location&language=ar"),
    ("GET", "/v1/calls/{call_id}/caller"): ok(f"{CALL}/caller"),
    ("POST", "/v1/calls/{call_id}/caller/consents"): ok(
        f"{CALL}/caller/consents", {"shares": ["location"], "outcome": "refused"}, 201
    ),
    ("POST", "/v1/calls/{call_id}/caller/links/preview"): ok(
        f"{CALL}/caller/links/preview", {"language": "fr"}
    ),
    # nobody has agreed to anything under this name
    ("POST", "/v1/calls/{call_id}/caller/links"): ok(
        f"{CALL}/caller/links", {"consent_id": "cons_none"}, 404
    ),
    ("POST", "/v1/calls/{call_id}/caller/links/{link_id}/stop"): ok(
        f"{CALL}/caller/links/link_none/stop", {"share": "video"}, 404
    ),
    ("DELETE", "/v1/calls/{call_id}/caller/links/{link_id}"): ok(
        f"{CALL}/caller/links/link_none", None, 404
    ),
    ("POST", "/l/api/look"): ok("/l/api/look", {"token": "x"}, 404, 429),
    ("POST", "/l/api/open"): ok("/l/api/open", {"token": "x"}, 404, 429),
    ("POST", "/l/api/alive"): ok("/l/api/alive", {}, 401),
    ("POST", "/l/api/stop"): ok("/l/api/stop", {}, 401),
    ("POST", "/l/api/text"): ok("/l/api/text", {"text": "x"}, 401),
    ("GET", "/l/api/messages"): ok("/l/api/messages", None, 401),
    ("POST", "/l/api/fixes"): ok("/l/api/fixes", {"fixes": []}, 401),
    ("GET", "/v1/calls/{call_id}/caller/trail"): ok(f"{CALL}/caller/trail"),
    ("GET", "/r"): ok("/r", None, 200, 503),  # whether it is built or not
    ("GET", "/r/icon.svg"): ok("/r/icon.svg", None, 200, 404),
    ("GET", "/r/assets/{name}"): ok("/r/assets/none.js", None, 404),
    ("POST", "/r/api/now"): ok("/r/api/now", {"token": "x"}, 404),
    ("POST", "/r/api/video"): ok("/r/api/video", {"token": "x"}, 404),
    ("POST", "/r/api/video/close"): ok("/r/api/video/close", {"token": "x"}, 404),
    # partners
    ("GET", "/v1/incident_events"): ok("/v1/incident_events", query="?limit=5"),
    ("GET", "/v1/incident_events/{incident_id}"): ok("/v1/incident_events/{incident}"),
    # nobody speaks on this call and no media server runs here
    ("POST", "/v1/incident_events/{incident_id}/stream_token"): ok(
        "/v1/incident_events/{incident}/stream_token", {"autoplay": False}, 409, 503
    ),
    # the link is the credential, and this is none of ours
    ("GET", "/v1/incident_events/{incident_id}/media/{media_id}"): ok(
        "/v1/incident_events/x/media/y", None, 403
    ),
    ("GET", "/v1/partners/endpoints"): ok("/v1/partners/endpoints"),
    ("POST", "/v1/partners/endpoints"): ok(
        "/v1/partners/endpoints",
        {"client_id": "client_none", "name": "N", "url": NOWHERE, "events": ["media"]},
        422,  # there is no such partner
    ),
    ("PATCH", "/v1/partners/endpoints/{endpoint_id}"): ok(
        "/v1/partners/endpoints/{endpoint}", {"name": "Renamed"}
    ),
    ("DELETE", "/v1/partners/endpoints/{endpoint_id}"): ok(
        "/v1/partners/endpoints/{spare_endpoint}", None, 204
    ),
    ("POST", "/v1/partners/endpoints/{endpoint_id}/rotate"): ok(
        "/v1/partners/endpoints/{endpoint}/rotate"
    ),
    ("POST", "/v1/partners/endpoints/{endpoint_id}/test"): ok(
        "/v1/partners/endpoints/{endpoint}/test"
    ),
    ("GET", "/v1/partners/deliveries"): ok("/v1/partners/deliveries"),
    # its name leads nowhere, so it is still tried by itself
    ("POST", "/v1/partners/deliveries/{delivery_id}/redeliver"): ok(
        "/v1/partners/deliveries/{webhook}/redeliver", None, 409
    ),
    ("POST", "/v1/partners/redeliver"): ok(
        "/v1/partners/redeliver",
        {"endpoint_id": "whk_none", "from": "2026-01-01", "to": "2026-01-02"},
        404,
    ),
    # console and operations
    ("GET", "/v1/console/snapshot"): ok("/v1/console/snapshot"),
    ("GET", "/v1/console/calls/{call_id}"): ok("/v1/console/calls/{call}"),
    ("WS", "/v1/console/feed"): ok("/v1/console/feed"),
    # it lets everybody connect and refuses in the words of its protocol: see test_cable.py
    ("WS", "/cable"): ok("/cable"),
    ("GET", "/v1/ops/lamps"): ok("/v1/ops/lamps"),
    ("GET", "/metrics"): ok("/metrics"),
    ("POST", "/v1/demo"): ok("/v1/demo", None, 503),  # nothing serves here, so it cannot ring
}
PUBLIC_ROUTES = {
    ("POST", "/l/api/video"),
    ("GET", "/l/rtc/validate"),
    ("GET", "/l/rtc/v1/validate"),
    ("GET", "/healthz"),
    ("GET", "/l"),
    ("GET", "/l/icon.svg"),
    ("GET", "/l/assets/{name}"),
    ("GET", "/readyz"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/setup"),
    ("POST", "/v1/setup"),
    ("POST", "/v1/session"),
    ("POST", "/v1/media-server/events"),
    ("POST", "/hooks/texting/twilio"),
    ("POST", "/hooks/texting/twilio/status"),
    ("POST", "/hooks/texting/http"),
    ("POST", "/oauth/token"),
    ("OPTIONS", "/l/api/uploads"),
    ("POST", "/l/api/uploads"),
    ("HEAD", "/l/api/uploads/{upload_id}"),
    ("PATCH", "/l/api/uploads/{upload_id}"),
    ("DELETE", "/l/api/uploads/{upload_id}"),
    ("GET", "/l/api/uploads/{upload_id}"),
    ("POST", "/l/api/look"),
    ("POST", "/l/api/open"),
    ("POST", "/l/api/alive"),
    ("POST", "/l/api/stop"),
    ("POST", "/l/api/text"),
    ("GET", "/l/api/messages"),
    ("POST", "/l/api/fixes"),
    # the pass in the query is the credential, beside the cookie or the session
    ("WS", "/l/rtc"),
    ("WS", "/l/rtc/v1"),
    ("GET", "/r"),
    ("GET", "/r/icon.svg"),
    ("GET", "/r/assets/{name}"),
    ("POST", "/r/api/now"),
    ("POST", "/r/api/video"),
    ("POST", "/r/api/video/close"),
    ("GET", "/v1/incident_events/{incident_id}/media/{media_id}"),
    ("GET", "/{path:path}"),
}
HTTP = sorted(key for key in SAMPLES if key[0] != "WS")
GUARDED = [key for key in HTTP if key not in PUBLIC_ROUTES]
SCOPED = [key for key in GUARDED if key[1].startswith("/v1/incident_events")]
"""What only partners' credentials may do, and no person."""
OF_AN_OBJECT = [key for key in GUARDED if SAMPLES[key].names()]
OF_A_CENTRE = [key for key in GUARDED if key[0] == "GET" and not SAMPLES[key].names()]


@dataclass
class Somebody:
    """A browser with a session, or a machine with a credential."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    user_name: str = ""

    async def ask(self, key: tuple[str, str], things: dict[str, str]) -> httpx.Response:
        sample = SAMPLES[key]
        path = sample.path
        for name in sample.names():
            path = path.replace(f"{{{name}}}", things[name])
        body = sample.body
        if isinstance(body, dict):
            text = json.dumps(body).replace("{user_name}", self.user_name)
            body = json.loads(text)
        return await self.http.request(key[0], path + sample.query, json=body, headers=self.headers)

    def socket_headers(self) -> dict[str, str]:
        found = {"host": "ringdown.test", "origin": "http://ringdown.test", **self.headers}
        token = self.http.cookies.get("ringdown_session")
        return found | ({"cookie": f"ringdown_session={token}"} if token else {})


class Stage:
    """The application with two centres: ours, which has everything, and another."""

    def __init__(self, asgi: FastAPI) -> None:
        self.asgi = asgi
        self.things: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self.roles: dict[Role, Somebody] = {}
        self._made = 0

    def anybody(self) -> Somebody:
        transport = httpx.ASGITransport(app=self.asgi, raise_app_exceptions=False)
        return Somebody(httpx.AsyncClient(transport=transport, base_url="http://ringdown.test"))

    async def set_up(self, setup: Any) -> None:
        self.admin = await self._centre(setup, "ours")
        self.foreign_admin = await self._centre(setup, "theirs")
        for role in ALL_ROLES:
            self.roles[role] = await self.person([role])
        self.stranger = await self.person(ALL_ROLES, admin=self.foreign_admin)
        # Never asks for anything of ours by name, so none of it stands in their audit log.
        far = await self._centre(setup, "far")
        self.outsider = await self.person(ALL_ROLES, admin=far)
        self.foreign_partner = await self.machine(["incident_events"], self.foreign_admin)
        self.far_partner = await self.machine(["incident_events"], far)
        self.machines = {str(scope): await self.machine([scope]) for scope in sorted(CLIENT_SCOPES)}
        await self._furnish()

    async def _centre(self, setup: Any, name: str) -> Somebody:
        admin = self.anybody()
        answer = await admin.http.post(
            "/v1/setup",
            json={
                "token": await setup.issue_token(new_centre=True),
                "centre_name": f"Centre {name}",
                "username": f"admin.{name}",
                "display_name": name,
                "password": PASSWORD,
            },
        )
        assert answer.status_code == 200, answer.text
        admin.headers["x-csrf-token"] = answer.json()["csrf_token"]
        admin.user_name = f"admin.{name}"
        return admin

    async def person(self, roles: list[Role], admin: Somebody | None = None) -> Somebody:
        """A new user with a fresh session."""
        self._made += 1
        made, admin = self.anybody(), admin or self.admin
        made.user_name = f"person.{self._made}"
        body = {
            "username": made.user_name,
            "display_name": made.user_name,
            "roles": roles,
            "password": PASSWORD,
            "must_change_password": False,
        }
        answer = await admin.http.post("/v1/users", json=body, headers=admin.headers)
        assert answer.status_code == 201, answer.text
        session = await made.http.post(
            "/v1/session", json={"username": made.user_name, "password": PASSWORD}
        )
        assert session.status_code == 200, session.text
        made.headers["x-csrf-token"] = session.json()["csrf_token"]
        return made

    async def machine(self, scopes: list[str], admin: Somebody | None = None) -> Somebody:
        """A new API client."""
        made, admin = self.anybody(), admin or self.admin
        answer = await admin.http.post(
            "/v1/clients", json={"name": "Machine", "scopes": scopes}, headers=admin.headers
        )
        client = answer.json()
        credential = f"{client['client_id']}:{client['client_secret']}".encode()
        made.headers["authorization"] = f"Basic {base64.b64encode(credential).decode()}"
        made.user_name = client["client_id"]
        return made

    async def _furnish(self) -> None:
        """One of everything in our centre, made through the interface itself."""
        one = await self.person(ALL_ROLES)

        async def make(method: str, path: str, body: Any) -> Any:
            answer = await one.http.request(method, path, json=body, headers=one.headers)
            assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
            return answer.json()

        hook = {
            "client_id": self.machines["incident_events"].user_name,
            "name": "Hook",
            "url": NOWHERE,
            "events": ["incident_metadata"],
        }
        endpoint = (await make("POST", "/v1/partners/endpoints", hook))["endpoint_id"]
        call = (await make("POST", "/v1/calls", {"external_id": "matrix"}))["call_id"]
        await make("POST", f"/v1/calls/{call}/assign", {})
        note = await make("POST", f"/v1/calls/{call}/notes", {"text": "first"})
        for name, value in FIELDS.items():
            path = f"/v1/calls/{call}/incident/fields/{name}"
            edited = await make("PUT", path, {"value": value, "base_version": 0})
            assert edited["version"] == 1
        await make("POST", f"/v1/calls/{call}/incident/confirm", {"versions": {"type": 1}})
        users = (await make("GET", "/v1/users", None))["users"]
        self.things = {
            "call": call,
            "note": note["note_id"],
            "user": next(user["user_id"] for user in users if user["username"] == "person.1"),
            "delivery": await self._delivery(one, call),
            "spare_client": (await self.machine(["calls:read"])).user_name,
            "endpoint": endpoint,
            **await self._webhook(one),
            "spare_endpoint": (await make("POST", "/v1/partners/endpoints", hook))["endpoint_id"],
        }
        self.missing = {
            name: f"{thing.split('_')[0]}_{NEVER}" for name, thing in self.things.items()
        }

    async def _delivery(self, one: Somebody, call: str) -> str:
        """The delivery of what was confirmed, as soon as the handlers have made it."""
        async with asyncio.timeout(10):
            while True:
                answer = await one.http.get(f"/v1/calls/{call}/cad")
                found = answer.json()["deliveries"]
                if found:
                    return str(found[0]["delivery_id"])
                await asyncio.sleep(0.01)

    async def _webhook(self, one: Somebody) -> dict[str, str]:
        """What partners were told of the call, as soon as the handlers have made it."""
        async with asyncio.timeout(60):
            while True:
                answer = await one.http.get("/v1/partners/deliveries")
                found = answer.json()["deliveries"]
                if found:
                    first = found[-1]
                    return {"webhook": first["delivery_id"], "incident": first["incident_id"]}
                await asyncio.sleep(0.01)

    def refusal(self, key: tuple[str, str]) -> str:
        """The code for whoever may not use this door."""
        return "insufficient_scope" if key in SCOPED else "identity.refused"

    async def talk(
        self, path: str, somebody: Somebody, *messages: str, enough: int = 2
    ) -> list[dict[str, Any]]:
        """What the application says on a WebSocket, until it has said enough or closes."""
        said: list[dict[str, Any]] = []
        told = asyncio.Event()
        waiting = iter(
            [
                {"type": "websocket.connect"},
                *({"type": "websocket.receive", "text": m} for m in messages),
            ]
        )
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(n.encode(), v.encode()) for n, v in somebody.socket_headers().items()],
            "client": ("192.0.2.7", 1),
            "server": ("ringdown.test", 80),
            "subprotocols": [],
        }

        async def receive() -> dict[str, Any]:
            message = next(waiting, None)
            if message is not None:
                return message
            await told.wait()
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Any) -> None:
            said.append(message)
            if len(said) >= enough or message["type"] == "websocket.close":
                told.set()

        async with asyncio.timeout(10):
            await self.asgi(scope, receive, send)
        return said


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    data: Path = tmp_path_factory.mktemp("matrix")
    settings = load(
        None,
        environ={},
        overrides={
            "data": data,
            "media_server": {"mode": "off"},
            "identity": {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}},
        },
    )
    async with build(settings, World.real()) as app:
        made = Stage(app.asgi)
        await made.set_up(app.setup)
        yield made


def registered(routes: list[Any]) -> Iterator[tuple[str, str]]:
    """Every door of the application, however deep it was mounted."""
    for route in routes:
        inside = getattr(route, "original_router", route)
        inner = getattr(inside, "routes", None)
        methods = getattr(route, "methods", None)
        if methods:
            yield from ((method, route.path) for method in methods)
        elif inner:
            yield from registered(inner)
        else:
            yield ("WS" if "WebSocket" in type(route).__name__ else "MOUNT"), route.path


def allowed(permission: str, role: Role) -> bool:
    return permission in ROLE_PERMISSIONS[role]


# ---- the table itself


async def test_every_route_has_a_sample_and_a_permission(stage: Stage) -> None:
    """A route that nobody wrote a sample for, or that bypasses the guard, fails here."""
    found = set(registered(stage.asgi.router.routes))
    assert found == set(SAMPLES)
    assert found == set(stage.asgi.state.permissions)


async def test_only_the_known_doors_are_public(stage: Stage) -> None:
    """Adding a public route is a decision that shows in a diff of this file."""
    public = {
        key for key, permission in stage.asgi.state.permissions.items() if permission == PUBLIC
    }
    assert public == PUBLIC_ROUTES


async def test_every_permission_is_one_that_somebody_has(stage: Stage) -> None:
    """A route that nobody could ever use is a spelling mistake."""
    held = {str(p) for given in ROLE_PERMISSIONS.values() for p in given} | set(
        map(str, CLIENT_SCOPES)
    )
    assert set(stage.asgi.state.permissions.values()) <= held | {PUBLIC}


# ---- anonymous


@pytest.mark.parametrize("key", GUARDED, ids=" ".join)
async def test_anonymous_is_told_to_sign_in(stage: Stage, key: tuple[str, str]) -> None:
    """401 before anything else: neither the body nor the id is looked at."""
    for things in (stage.things, stage.missing):
        answer = await stage.anybody().ask(key, things)
        assert (answer.status_code, answer.json()["code"]) == (401, "identity.unauthenticated")


@pytest.mark.parametrize("key", [key for key in HTTP if key in PUBLIC_ROUTES], ids=" ".join)
async def test_public_doors_open_for_anybody(stage: Stage, key: tuple[str, str]) -> None:
    """And tell nothing of what is inside."""
    somebody = stage.anybody()
    somebody.user_name = "admin.ours"
    answer = await somebody.ask(key, {})
    assert answer.status_code in SAMPLES[key].status
    assert not any(thing in answer.text for thing in stage.things.values())


# ---- wrong and right roles


@pytest.mark.parametrize("key", GUARDED, ids=" ".join)
@pytest.mark.parametrize("role", ALL_ROLES)
async def test_each_role_does_what_it_may_and_no_more(
    stage: Stage, key: tuple[str, str], role: Role
) -> None:
    """403 without the permission; with it, an object that is not there is what is missing."""
    permission = stage.asgi.state.permissions[key]
    if not allowed(permission, role):
        answer = await stage.roles[role].ask(key, stage.things)
        assert (answer.status_code, answer.json()["code"]) == (403, stage.refusal(key))
        assert answer.json()["details"] == {"permission": permission}
    elif key[0] == "GET" or SAMPLES[key].names():
        answer = await stage.roles[role].ask(key, stage.missing)
        assert answer.status_code not in {401, 403}


@pytest.mark.parametrize("key", GUARDED, ids=" ".join)
async def test_machines_do_only_what_their_scope_says(stage: Stage, key: tuple[str, str]) -> None:
    """An API client with any other scope is refused."""
    permission = stage.asgi.state.permissions[key]
    for scope, machine in stage.machines.items():
        if scope != permission:
            answer = await machine.ask(key, stage.things)
            assert (answer.status_code, answer.json()["code"]) == (403, stage.refusal(key))


@pytest.mark.parametrize("key", [key for key in GUARDED if key[0] != "GET"], ids=" ".join)
async def test_a_cookie_alone_changes_nothing(stage: Stage, key: tuple[str, str]) -> None:
    """Every unsafe request needs the CSRF token of its session."""
    somebody = await stage.person(ALL_ROLES)
    somebody.headers = {}
    answer = await somebody.ask(key, stage.things)
    assert (answer.status_code, answer.json()["code"]) == (403, "identity.csrf")


@pytest.mark.parametrize("key", GUARDED, ids=" ".join)
async def test_the_right_person_is_served(stage: Stage, key: tuple[str, str]) -> None:
    """Somebody of this centre with every role gets what was asked for."""
    things = dict(stage.things)
    if "spare_client" in SAMPLES[key].names():
        things["spare_client"] = (await stage.machine(["calls:read"])).user_name
    partner = stage.machines["incident_events"]
    answer = await (partner if key in SCOPED else await stage.person(ALL_ROLES)).ask(key, things)
    assert answer.status_code in SAMPLES[key].status, answer.text


# ---- another centre


@pytest.mark.parametrize("key", OF_AN_OBJECT, ids=" ".join)
async def test_another_centres_object_looks_missing(stage: Stage, key: tuple[str, str]) -> None:
    """The very answer that an id gets which never was."""
    somebody = stage.foreign_partner if key in SCOPED else stage.stranger
    real = await somebody.ask(key, stage.things)
    never = await somebody.ask(key, stage.missing)
    assert real.status_code == never.status_code == 404
    assert real.json() == never.json()


@pytest.mark.parametrize("key", OF_A_CENTRE, ids=" ".join)
async def test_nothing_of_another_centre_is_listed(stage: Stage, key: tuple[str, str]) -> None:
    """Neither ids nor names of our centre."""
    answer = await (stage.far_partner if key in SCOPED else stage.outsider).ask(key, {})
    assert answer.status_code == 200
    assert not any(thing in answer.text for thing in stage.things.values())
    assert "Centre ours" not in answer.text


# ---- WebSockets


START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound", "outbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {},
    },
}


async def test_the_feed_wants_a_session(stage: Stage) -> None:
    """Anonymous: accepted only to be told why, then closed."""
    said = await stage.talk("/v1/console/feed", stage.anybody())
    assert (said[-1]["type"], said[-1]["code"]) == ("websocket.close", 4401)


@pytest.mark.parametrize("role", [role for role in ALL_ROLES if not allowed("calls:read", role)])
async def test_the_feed_wants_the_permission(stage: Stage, role: Role) -> None:
    """An administrator as such sees no call."""
    said = await stage.talk("/v1/console/feed", stage.roles[role])
    assert (said[-1]["type"], said[-1]["code"]) == ("websocket.close", 4403)


async def test_the_feed_shows_ones_own_centre_only(stage: Stage) -> None:
    """Both centres are told that they are connected; only ours hears of our call."""
    ours = await stage.talk("/v1/console/feed", stage.roles[Role.TELECOMMUNICATOR], enough=3)
    theirs = await stage.talk("/v1/console/feed", stage.stranger)
    assert [said[0]["type"] for said in (ours, theirs)] == ["websocket.accept"] * 2
    assert json.loads(ours[1]["text"])["type"] == json.loads(theirs[1]["text"])["type"] == "ready"
    assert stage.things["call"] in str(ours)
    assert stage.things["call"] not in str(theirs)


async def test_the_media_socket_wants_a_credential(stage: Stage) -> None:
    """Without one a `start` is refused, and the socket is closed."""
    said = await stage.talk("/v1/media/twilio", stage.anybody(), json.dumps(START), enough=99)
    assert said[-1]["type"] == "websocket.close"
    assert said[-1]["code"] not in {1000, 1011}


async def test_the_media_socket_wants_the_scope(stage: Stage) -> None:
    """Another scope, or any person, is closed out before a byte of audio."""
    for somebody in (
        stage.machines["calls:read"],
        stage.machines["calls:write"],
        *stage.roles.values(),
    ):
        said = await stage.talk("/v1/media/twilio", somebody)
        assert (said[-1]["type"], said[-1]["code"]) == ("websocket.close", 4403)


async def test_the_media_socket_takes_the_right_machine(stage: Stage) -> None:
    """With media:ingest it is accepted and listened to."""
    said = await stage.talk("/v1/media/twilio", stage.machines["media:ingest"], enough=1)
    assert said[0]["type"] == "websocket.accept"
    assert "websocket.close" not in {message["type"] for message in said}
