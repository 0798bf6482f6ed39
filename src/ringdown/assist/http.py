"""Narratives over HTTP: read in tokens, reveal values, switch off for a call, export apart."""

from typing import Annotated

from fastapi import Path

from ringdown.assist.model.narrative import NarrativeExport, NarrativeView
from ringdown.assist.service import AssistService
from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes

CallId = Annotated[str, Path(max_length=64)]


class SwitchBody(Value):
    """Whether the language model is to be off for this call."""

    off: bool


def assist_routes(service: AssistService) -> Routes:
    """The routes of this feature."""
    routes = Routes("assist")

    @routes.get("/v1/calls/{call_id}/narrative", permission="assist:read")
    async def read(call_id: CallId, caller: Caller) -> NarrativeView:
        """What a language model wrote on this call, with tokens in place of personal values."""
        return await service.read(caller, call_id)

    @routes.post("/v1/calls/{call_id}/narrative/reveal", permission="assist:reveal")
    async def reveal(call_id: CallId, caller: Caller) -> NarrativeView:
        """The same with the values; the audit log says who saw which tokens' values."""
        return await service.reveal(caller, call_id)

    @routes.put("/v1/calls/{call_id}/narrative/switch", permission="assist:switch")
    async def switch(call_id: CallId, body: SwitchBody, caller: Caller) -> NarrativeView:
        """Switch the language model off for this call, or on again."""
        return await service.switch(caller, call_id, off=body.off)

    @routes.get("/v1/calls/{call_id}/narrative/export", permission="assist:read")
    async def export(call_id: CallId, caller: Caller) -> NarrativeExport:
        """Every round with its model, version and hashes, apart from what people wrote."""
        return await service.export(caller, call_id)

    return routes
