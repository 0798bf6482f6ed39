"""Every attempt to reach the CAD in a span: what came of it and with which code, nothing of it."""

from datetime import datetime

from ringdown.cad.model import Acknowledged, CadMessage, Outcome
from ringdown.cad.ports import CadAdapter, CadCapabilities
from ringdown.runtime.traces import Traces


class TracedCad:
    """An adapter around another."""

    def __init__(self, adapter: CadAdapter, traces: Traces) -> None:
        self._adapter = adapter
        self._traces = traces

    @property
    def capabilities(self) -> CadCapabilities:
        """Those of the adapter inside."""
        return self._adapter.capabilities

    async def send(self, message: CadMessage, *, now: datetime) -> Outcome:
        """Send it, in a span."""
        with self._traces.span("cad attempt") as span:
            outcome = await self._adapter.send(message, now=now)
            span.put("ringdown.cad.outcome", type(outcome).__name__)
            if not isinstance(outcome, Acknowledged):
                span.put("ringdown.cad.code", outcome.code)
                span.failed(outcome.code)
            return outcome
