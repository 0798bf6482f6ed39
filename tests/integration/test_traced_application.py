"""The application with traces switched on: spans of its own work, and nothing personal in them."""

from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ringdown.app import World, build
from ringdown.runtime import traces
from ringdown.settings import load

PASSWORD = "tangerine otter kiln"
CALLER = "+15095550142"


async def test_a_call_leaves_spans_without_anybody_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests by their templates, handlers by their names; nobody's name, number or id."""
    spans = InMemorySpanExporter()
    monkeypatch.setattr(traces, "_otlp", lambda _endpoint: spans)
    settings = load(
        None,
        environ={},
        overrides={
            "data": tmp_path,
            "media_server": {"mode": "off"},
            "identity": {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}},
            "telemetry": {"otlp_endpoint": "http://127.0.0.1:4318"},
        },
    )
    async with build(settings, World.real()) as app:
        transport = httpx.ASGITransport(app.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            form = {
                "token": await app.setup.issue_token(),
                "centre_name": "Fictional County",
                "username": "anna",
                "display_name": "Anna Ames",
                "password": PASSWORD,
            }
            signed_in = (await http.post("/v1/setup", json=form)).json()
            http.headers["X-CSRF-Token"] = signed_in["csrf_token"]
            started = await http.post("/v1/calls", json={"external_id": "CA-9", "ani": CALLER})
            call_id = started.json()["call_id"]
            ended = await http.post(f"/v1/calls/{call_id}/hangup", json={})
            assert ended.status_code == 200
    found = spans.get_finished_spans()
    assert {"POST /v1/setup", "POST /v1/calls", "POST /v1/calls/{call_id}/hangup"} <= {
        span.name for span in found
    }
    assert {key for span in found for key in span.attributes or {}} <= traces.REVIEWED
    text = " ".join(span.to_json() for span in found)
    for secret in (CALLER, "anna", "Ames", call_id, "CA-9", form["token"], PASSWORD):
        assert secret not in text
