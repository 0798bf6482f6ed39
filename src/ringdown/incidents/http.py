"""The draft over HTTP: look, edit, confirm, reject, send, print."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import HTMLResponse
from pydantic import Field as Limited

from ringdown.calls.api import Calls
from ringdown.core.clock import Clock
from ringdown.core.events import Value
from ringdown.incidents.cancelling import LONGEST_REASON
from ringdown.incidents.model import (
    LONGEST_VALUE,
    ConfirmationView,
    DraftView,
    FieldName,
    FieldView,
)
from ringdown.incidents.printed import STYLE, page
from ringdown.incidents.service import IncidentService
from ringdown.incidents.types import CHOICES, INCIDENT_TYPES, LEVELS
from ringdown.runtime.db import Database
from ringdown.runtime.http import Caller, Routes

CallId = Annotated[str, Path(max_length=64)]
CueId = Annotated[str, Path(max_length=64)]
Version = Annotated[int, Limited(ge=0, le=2**31)]


class EditBody(Value):
    """A typed value, and the version of the field that the person was looking at."""

    value: Annotated[str, Limited(max_length=LONGEST_VALUE)]
    base_version: Version


class DecideBody(Value):
    """The version of the field that the person was looking at."""

    base_version: Version


class ConfirmBody(Value):
    """The fields to confirm now, with the versions that the person was looking at."""

    versions: dict[FieldName, Version]


class CancelBody(Value):
    """Why, and the number of the version that the person was looking at."""

    reason: Annotated[str, Limited(max_length=LONGEST_REASON)]
    sequence: Annotated[int, Limited(ge=1, le=2**31)]


class TypeView(Value):
    """A kind of incident that may be chosen."""

    code: str
    label: str
    category: str


class ChoiceView(Value):
    """A value that a field may have, and the words a person reads."""

    value: str
    label: str


class IncidentTypesView(Value):
    """What may be chosen for type and severity, and for the other fields with few values."""

    types: list[TypeView]
    severities: list[str]
    choices: dict[str, list[ChoiceView]]


def incident_routes(
    service: IncidentService, calls: Calls, database: Database, clock: Clock
) -> Routes:
    """The routes of this feature."""
    routes = Routes("incidents")

    @routes.get("/v1/incident-types", permission="incidents:read")
    async def types() -> IncidentTypesView:
        """The kinds of incident and the severities that a person may choose from."""
        return IncidentTypesView(
            types=[
                TypeView(code=kind.code, label=kind.label, category=kind.category)
                for kind in INCIDENT_TYPES
            ],
            severities=list(LEVELS),
            choices={
                name: [ChoiceView(value=value, label=label) for value, label in known.items()]
                for name, known in CHOICES.items()
            },
        )

    @routes.get("/v1/calls/{call_id}/incident", permission="incidents:read")
    async def draft(call_id: CallId, caller: Caller) -> DraftView:
        """The draft; version 0 with unknown fields while nothing was heard."""
        return await service.draft(caller, call_id)

    @routes.put("/v1/calls/{call_id}/incident/fields/{name}", permission="incidents:edit")
    async def edit(call_id: CallId, name: FieldName, body: EditBody, caller: Caller) -> FieldView:
        """Type a value. 409 with `details.current` if the field has changed meanwhile."""
        return await service.edit(caller, call_id, name, body.value, body.base_version)

    @routes.post(
        "/v1/calls/{call_id}/incident/fields/{name}/confirm", permission="incidents:confirm"
    )
    async def confirm_field(
        call_id: CallId, name: FieldName, body: DecideBody, caller: Caller
    ) -> FieldView:
        """Confirm the field as it stands; nothing is sent yet."""
        return await service.confirm_field(caller, call_id, name, body.base_version)

    @routes.post("/v1/calls/{call_id}/incident/fields/{name}/reject", permission="incidents:edit")
    async def reject(
        call_id: CallId, name: FieldName, body: DecideBody, caller: Caller
    ) -> FieldView:
        """Say that what stands in the field is wrong."""
        return await service.reject(caller, call_id, name, body.base_version)

    @routes.post("/v1/calls/{call_id}/incident/fields/confirm", permission="incidents:confirm")
    async def confirm_fields(call_id: CallId, body: ConfirmBody, caller: Caller) -> DraftView:
        """Confirm these fields as they stand, all of them or none; nothing is sent yet."""
        return await service.confirm_fields(caller, call_id, body.versions)

    @routes.post("/v1/calls/{call_id}/incident/confirm", permission="incidents:confirm")
    async def confirm(call_id: CallId, body: ConfirmBody, caller: Caller) -> ConfirmationView:
        """Confirm these fields and send every confirmed one to the CAD."""
        return await service.confirm(caller, call_id, body.versions)

    @routes.post("/v1/calls/{call_id}/incident/cues/{cue_id}/dismiss", permission="incidents:edit")
    async def dismiss_cue(call_id: CallId, cue_id: CueId, caller: Caller) -> DraftView:
        """Put a cue aside; it comes back only with words that it has not cited yet."""
        return await service.dismiss_cue(caller, call_id, cue_id)

    @routes.post("/v1/calls/{call_id}/incident/cancel", permission="incidents:confirm")
    async def cancel(call_id: CallId, body: CancelBody, caller: Caller) -> ConfirmationView:
        """Take back what was sent, with a reason; the CAD is told."""
        return await service.cancel(caller, call_id, body.sequence, body.reason)

    @routes.get(
        "/v1/calls/{call_id}/incident/print",
        permission="incidents:read",
        response_class=HTMLResponse,
    )
    async def printed(call_id: CallId, caller: Caller) -> HTMLResponse:
        """The draft as a page to print or read to somebody; works without script."""
        async with database.read() as tx:
            call = await calls.read(tx, caller.centre_id, call_id)
            view = await service.read_draft(tx, caller.centre_id, call_id)
            sent = await service.read_confirmations(tx, caller.centre_id, call_id)
        return HTMLResponse(
            page(call, view, sent, clock.now()),
            headers={
                # The page carries its own style and nothing else: no script, no picture.
                "Content-Security-Policy": (
                    f"default-src 'none'; style-src '{STYLE.source}'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'"
                ),
            },
        )

    return routes
