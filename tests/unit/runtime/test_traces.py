"""Traces say how long what took, and nothing of who called or what was said."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ringdown.calls.events import EventNoted
from ringdown.core.errors import NotFound
from ringdown.core.events import FactRecord
from ringdown.runtime.http import PUBLIC, Routes, install
from ringdown.runtime.traces import (
    FRAMEWORK,
    REVIEWED,
    NoTraces,
    OtelTraces,
    TracedBus,
    TracedHttp,
    TracesAddress,
    TracesNotInstalled,
    UnreviewedAttribute,
    open_traces,
)

SECRET = "call_01SECRET"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(spans: InMemorySpanExporter) -> OtelTraces:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return OtelTraces(provider)


async def nobody(connection: object) -> None:
    return None


@pytest.fixture
async def client(traces: OtelTraces):
    routes = Routes("test")

    @routes.get("/v1/calls/{call_id}", permission=PUBLIC)
    async def call(call_id: str, q: str = "") -> dict[str, str]:
        return {"call_id": call_id}

    @routes.post("/v1/calls/{call_id}/notes", permission=PUBLIC)
    async def note(call_id: str) -> None:
        raise NotFound(f"there is no call {call_id}")

    @routes.get("/v1/bug", permission=PUBLIC)
    async def bug() -> None:
        raise ZeroDivisionError(SECRET)

    app = FastAPI(openapi_url=None, telemetry=FRAMEWORK)
    install(app, nobody, [routes])
    app.add_middleware(TracedHttp, traces=traces)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


def written(found: Sequence[ReadableSpan]) -> str:
    """Everything of the spans that would be sent."""
    return " ".join(span.to_json() for span in found)


async def test_a_request_is_told_by_its_route_method_and_status(client, spans) -> None:
    """The template of the route stands for the address."""
    await client.get(f"/v1/calls/{SECRET}")
    (span,) = spans.get_finished_spans()
    assert span.name == "GET /v1/calls/{call_id}"
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "/v1/calls/{call_id}",
        "http.response.status_code": 200,
    }


async def test_nothing_that_was_sent_reaches_a_span(client, spans) -> None:
    """No address, query, header, body or trace context of the sender, whatever the answer."""
    headers = {
        "X-Thing": SECRET,
        "User-Agent": SECRET,
        "traceparent": "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
        "baggage": f"who={SECRET}",
    }
    await client.get(f"/v1/calls/{SECRET}?q={SECRET}", headers=headers)
    await client.post(f"/v1/calls/{SECRET}/notes", json={"text": SECRET}, headers=headers)
    await client.get("/v1/bug", headers=headers)
    await client.get(f"/v1/nowhere/{SECRET}", headers=headers)
    await client.request(SECRET, "/v1/bug", headers=headers)
    found = spans.get_finished_spans()
    assert len(found) == 5
    assert SECRET not in written(found)
    assert "0123456789abcdef" not in written(found)
    assert {key for span in found for key in span.attributes} <= REVIEWED
    assert all(span.events == () for span in found)


async def test_an_error_leaves_its_kind_alone(client, spans) -> None:
    """A bug is marked by its type; a refusal is an answer like any other."""
    await client.get("/v1/bug")
    await client.post(f"/v1/calls/{SECRET}/notes")
    bug, refused = spans.get_finished_spans()
    assert not bug.status.is_ok
    assert bug.attributes["error.type"] == "ZeroDivisionError"
    assert refused.attributes["http.response.status_code"] == 404
    assert refused.status.is_ok or refused.status.is_unset


class OneHandler:
    def subscribe(self, kind, handler, /, *, name: str) -> None:
        self.handler = handler


async def test_a_handler_of_facts_runs_in_a_span(traces, spans) -> None:
    """It tells which handler and which kind of fact, and not what the fact tells."""
    bus, seen = OneHandler(), []

    async def handle(record: FactRecord) -> None:
        seen.append(record)
        raise NotFound(SECRET)

    TracedBus(bus, traces).subscribe(EventNoted, handle, name="incidents")
    fact = EventNoted(centre_id="a", call_id=SECRET, type="dtmf", at_ms=0, data={"digit": SECRET})
    record = FactRecord(1, "evt_1", datetime(2026, 3, 1, tzinfo=UTC), fact)
    with pytest.raises(NotFound):
        await bus.handler(record)
    (span,) = spans.get_finished_spans()
    assert seen == [record]
    assert dict(span.attributes) == {
        "ringdown.subscription": "incidents",
        "ringdown.fact": "calls.event.noted.v1",
        "error.type": NotFound.code,
    }
    assert SECRET not in written([span])


@pytest.mark.parametrize("which", ["on", "off"])
def test_an_attribute_that_nobody_reviewed_is_refused(traces, spans, which: str) -> None:
    """With traces and without, so that a mistake shows in every test."""
    these = traces if which == "on" else NoTraces()
    with these.span("work") as span, pytest.raises(UnreviewedAttribute):
        span.put("call_id", SECRET)
    with pytest.raises(UnreviewedAttribute), these.span("work", {"url.full": SECRET}):
        pass
    assert SECRET not in written(spans.get_finished_spans())


async def test_without_an_address_there_are_no_traces() -> None:
    """And nothing of the SDK is loaded for it."""
    async with open_traces(None, "1") as traces:
        assert not traces.on
        with traces.span("work") as span:
            span.put("http.route", "/")


async def test_spans_are_sent_before_the_end(spans, monkeypatch) -> None:
    """What is left goes out when Ringdown stops; the environment and the host add nothing."""
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", f"who={SECRET}")
    monkeypatch.setenv("OTEL_SERVICE_NAME", SECRET)
    asked: list[str] = []

    def out(endpoint: str) -> InMemorySpanExporter:
        asked.append(endpoint)
        return spans

    async with open_traces("http://127.0.0.1:4318", "7", exporter=out) as traces:
        with traces.span("work"):
            pass
    (span,) = spans.get_finished_spans()
    assert asked == ["http://127.0.0.1:4318/v1/traces"]
    assert dict(span.resource.attributes) == {"service.name": "ringdown", "service.version": "7"}


async def test_missing_packages_are_named(monkeypatch) -> None:
    """What to install, in words, instead of a trace back."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(TracesNotInstalled) as caught:
        async with open_traces("http://127.0.0.1:4318", "1"):
            pass
    assert "ringdown[otel]" in caught.value.action


@pytest.mark.parametrize("address", ["", "collector:4318", "grpc://collector:4317", "http://"])
async def test_what_is_no_address_is_refused(address: str) -> None:
    """At the start, not at the first span."""
    with pytest.raises(TracesAddress):
        async with open_traces(address, "1"):
            pass


def test_the_framework_traces_nothing_by_itself() -> None:
    """Whatever providers the environment brings: its spans would hold addresses and messages."""
    program = """
import asyncio, httpx
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
from fastapi import FastAPI
from ringdown.runtime.traces import FRAMEWORK
async def count(**options):
    app = FastAPI(**options)
    app.get("/x/{name}")(lambda name: name)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as c:
        await c.get("/x/SECRET")
    return len(spans.get_finished_spans())
async def main():
    print(await count(telemetry=FRAMEWORK), await count() > 0)
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["0", "True"], done.stderr
