"""Routes of calls: for telephone systems that have only ANI/ALI, and for the console."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from ringdown.calls.model import Ali, CallView, Direction, NoteView
from ringdown.calls.service import CallService
from ringdown.core.clock import Clock, ms_between, parse_iso
from ringdown.core.errors import Invalid
from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes

ExternalId = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[str, Field(min_length=1, max_length=64)]
NoteText = Annotated[str, Field(min_length=1, max_length=10_000)]


class NewCall(Value):
    """A call that a telephone system reports."""

    external_id: ExternalId
    ani: Number | None = None
    ali: Ali | None = None
    direction: Direction = "inbound"
    started_at: str | None = None
    demo: bool = False


class NewEvent(Value):
    """Something that happened on a call."""

    type: Literal["answered", "held", "resumed", "transferred", "ali", "dtmf"]
    at: str | None = None
    data: dict[str, object] = Field(default_factory=dict)


class HangUp(Value):
    """The call is over; `reason` is a short code of the telephone system."""

    reason: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "hangup"
    at: str | None = None


class Closing(Value):
    """Why nothing more is to be done about a call."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class NewNote(Value):
    """What the telecommunicator wrote."""

    text: NoteText


class NoteEdit(Value):
    """A new version of a note, written over the one its author saw."""

    text: NoteText
    base_version: int = Field(ge=1)


class CallPage(Value):
    """Some calls."""

    calls: list[CallView]


class NotePage(Value):
    """The notes of a call."""

    notes: list[NoteView]


def call_routes(calls: CallService, clock: Clock) -> Routes:
    """The routes of this feature."""
    routes = Routes("calls")

    def instant(text: str | None) -> datetime:
        """What the sender says, but never later than now: its clock may be ahead of ours."""
        if text is None:
            return clock.now()
        try:
            return min(parse_iso(text), clock.now())
        except ValueError:
            raise Invalid(
                "an instant is written as ISO 8601", details={"example": "2026-03-01T03:12:00Z"}
            ) from None

    @routes.post("/v1/calls", permission="calls:write")
    async def start(caller: Caller, body: NewCall) -> CallView:
        """Report a call; repeating it while the call is open gives the same call."""
        return await calls.start(
            caller,
            external_id=body.external_id,
            ani=body.ani,
            ali=body.ali,
            source=caller.name,
            direction=body.direction,
            demo=body.demo,
            started_at=instant(body.started_at),
        )

    @routes.get("/v1/calls", permission="calls:read")
    async def list_calls(
        caller: Caller,
        state: Literal["open", "ended"] = "open",
        before: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> CallPage:
        """Calls that somebody must still see, or ended ones, newest first, a page at a time."""
        if state == "open":
            return CallPage(calls=await calls.open_calls(caller.centre_id))
        return CallPage(calls=await calls.ended_calls(caller, before=before, limit=limit))

    @routes.get("/v1/calls/{call_id}", permission="calls:read")
    async def get(caller: Caller, call_id: str) -> CallView:
        """One call."""
        return await calls.get(caller, call_id)

    @routes.post("/v1/calls/{call_id}/events", permission="calls:write")
    async def event(caller: Caller, call_id: str, body: NewEvent) -> CallView:
        """Report something that happened on the call."""
        started = parse_iso((await calls.get(caller, call_id)).started_at)
        at_ms = max(0, ms_between(started, instant(body.at)))
        await calls.note_event(caller, call_id, body.type, at_ms, body.data)
        return await calls.get(caller, call_id)

    @routes.post("/v1/calls/{call_id}/hangup", permission="calls:write")
    async def hang_up(caller: Caller, call_id: str, body: HangUp) -> CallView:
        """The call is over; without an answer it stays on the board as abandoned."""
        return await calls.end(caller, call_id, body.reason, instant(body.at))

    @routes.post("/v1/calls/{call_id}/assign", permission="calls:write")
    async def assign(caller: Caller, call_id: str) -> CallView:
        """Take the call."""
        return await calls.assign(caller, call_id)

    @routes.post("/v1/calls/{call_id}/close", permission="calls:write")
    async def close(caller: Caller, call_id: str, body: Closing) -> CallView:
        """Say, as a person, that nothing more is to be done about an abandoned or lost call."""
        return await calls.close(caller, call_id, body.reason)

    @routes.get("/v1/calls/{call_id}/notes", permission="calls:read")
    async def notes(caller: Caller, call_id: str) -> NotePage:
        """The newest version of each note of the call."""
        return NotePage(notes=await calls.notes(caller, call_id))

    @routes.post("/v1/calls/{call_id}/notes", permission="calls:note")
    async def write_note(caller: Caller, call_id: str, body: NewNote) -> NoteView:
        """Write a note."""
        return await calls.write_note(caller, call_id, body.text)

    @routes.put("/v1/calls/{call_id}/notes/{note_id}", permission="calls:note")
    async def edit_note(caller: Caller, call_id: str, note_id: str, body: NoteEdit) -> NoteView:
        """Write a new version; 409 carries the current one when somebody was faster."""
        return await calls.edit_note(caller, call_id, note_id, body.text, body.base_version)

    return routes
