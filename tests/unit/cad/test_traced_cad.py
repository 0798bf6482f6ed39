"""An attempt to reach the CAD leaves its outcome in a span, and nothing of the incident."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.unit.cad.world import World

from ringdown.cad.adapters.traced import TracedCad
from ringdown.cad.fakes import ScriptedCad
from ringdown.cad.model import Acknowledged, Outcome, Refused, Retry
from ringdown.runtime.traces import OtelTraces


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Acknowledged("CAD-77"), {"ringdown.cad.outcome": "Acknowledged"}),
        (
            Retry("cad.busy", "words of the other side"),
            {
                "ringdown.cad.outcome": "Retry",
                "ringdown.cad.code": "cad.busy",
                "error.type": "cad.busy",
            },
        ),
        (
            Refused("cad.refused", "words of the other side"),
            {
                "ringdown.cad.outcome": "Refused",
                "ringdown.cad.code": "cad.refused",
                "error.type": "cad.refused",
            },
        ),
    ],
)
async def test_an_attempt_is_told_by_its_outcome_and_code(
    outcome: Outcome, told: dict[str, str]
) -> None:
    """The delivery goes on as without traces; of the message nothing is told."""
    spans = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    cad = ScriptedCad([outcome])
    world = World(cad=TracedCad(cad, OtelTraces(provider)))
    call_id = await world.queue(location="12 Elm St")
    await world.deliveries.run_once()
    (span,) = spans.get_finished_spans()
    assert len(cad.sent) == 1
    assert span.name == "cad attempt"
    assert dict(span.attributes or {}) == told
    for secret in ("Elm", "CAD-77", "words of", call_id, cad.sent[0].delivery_id):
        assert secret not in span.to_json()
