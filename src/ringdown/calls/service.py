"""What can be done with a call: each command is one transaction with its facts and audit row."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import ValidationError

from ringdown.audit.api import Audit
from ringdown.calls import model
from ringdown.calls.events import CallChanged, CallEnded, CallStarted, EventNoted, NoteWritten
from ringdown.calls.model import (
    Ali,
    Call,
    CallView,
    Direction,
    EventView,
    LegView,
    NoteView,
    Side,
)
from ringdown.calls.ports import CallStore
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Conflict, Invalid, NotFound, Refused
from ringdown.core.ids import IdSource
from ringdown.core.principal import Person, Principal
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts

EVENT_DATA_LIMIT = 16_384
Change = Callable[[Call], Call]


class CallNotFound(NotFound):
    """No such call in this centre, or it was begun by another API client."""

    code: ClassVar[str] = "calls.call.not_found"


class NoteNotFound(NotFound):
    """The call has no such note."""

    code: ClassVar[str] = "calls.note.not_found"


class NoteConflict(Conflict):
    """Somebody else wrote a newer version of this note; it is shown to who asked, never logged."""

    code: ClassVar[str] = "calls.note.conflict"
    action: ClassVar[str] = "Read the newer version, then save yours again on top of it."

    def __init__(self, current: NoteView) -> None:
        details = {"note_id": current.note_id, "current_version": current.version}
        super().__init__("somebody else changed this note", details=details)
        self.private = {"current": current.model_dump(mode="json")}


class EventInvalid(Invalid):
    """What was reported about the call cannot be kept as it is."""

    code: ClassVar[str] = "calls.event.invalid"


class PersonNeeded(Refused):
    """Only a person may do this, not a machine with a credential."""

    code: ClassVar[str] = "calls.person_needed"
    action: ClassVar[str] = "Sign in as the person who decides this."


class CallService:
    """The calls of every centre; implements `calls.api.Calls`."""

    def __init__(
        self,
        db: Database,
        store: CallStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._db = db
        self._store = store
        self._facts = facts
        self._audit = audit
        self._clock = clock
        self._ids = ids

    # ---- the life of a call

    async def start(
        self,
        principal: Principal,
        *,
        external_id: str,
        ani: str | None = None,
        ali: Ali | None = None,
        source: str,
        direction: Direction = "inbound",
        demo: bool = False,
        started_at: datetime | None = None,
    ) -> CallView:
        """Begin a call, or find the open one of this client with that external id."""
        async with self._db.write() as tx:
            found = await self._store.find_open(tx, principal.centre_id, principal.id, external_id)
            if found is not None:
                located = model.set_location(found, ani=ani, ali=ali)
                await self._keep(tx, found, located)
                return model.view(located)
            call = Call(
                call_id=self._ids.new("call"),
                centre_id=principal.centre_id,
                client_id=principal.id,
                external_id=external_id,
                source=source,
                started_at=started_at or self._clock.now(),
                direction=direction,
                demo=demo,
                ani=ani,
                ali=ali,
            )
            if not await self._store.insert(tx, call):
                raise Conflict("another open call has this external id")
            shown = model.view(call)
            await self._facts.append(
                tx, CallStarted(centre_id=call.centre_id, call_id=call.call_id, call=shown)
            )
            await self._record(tx, principal, "calls:call:started", call.call_id)
            return shown

    async def add_leg(
        self,
        principal: Principal,
        call_id: str,
        side: Side,
        started_at: datetime | None = None,
        *,
        codec: str = "pcmu",
        rate: int = 8000,
    ) -> LegView:
        """Begin to record a side, or find the leg that does. The call-taker's side answers."""
        at = started_at or self._clock.now()
        leg_id = self._ids.new("leg")
        call = await self._change(
            principal,
            call_id,
            lambda call: model.add_leg(call, leg_id, side, at, codec=codec, rate=rate),
        )
        leg = call.open_leg(side)
        assert leg is not None, "a side that was just added is recording"
        return model.leg_view(call, leg)

    async def end_leg(
        self, principal: Principal, call_id: str, leg_id: str, at: datetime | None = None
    ) -> LegView:
        """A side is no longer recorded."""
        moment = at or self._clock.now()
        call = await self._change(
            principal, call_id, lambda call: model.end_leg(call, leg_id, moment)
        )
        return model.leg_view(call, call.leg(leg_id))

    async def seal_leg(
        self, principal: Principal, call_id: str, leg_id: str, duration_ms: int
    ) -> LegView:
        """The recording of the leg is complete; works on ended calls."""
        now = self._clock.now()
        call = await self._change(
            principal, call_id, lambda call: model.seal_leg(call, leg_id, duration_ms, now)
        )
        return model.leg_view(call, call.leg(leg_id))

    async def answer(
        self, principal: Principal, call_id: str, at: datetime | None = None
    ) -> CallView:
        """Somebody picked up."""
        moment = at or self._clock.now()
        call = await self._change(principal, call_id, lambda call: model.answer(call, moment))
        return model.view(call)

    async def interrupt(self, principal: Principal, call_id: str) -> CallView:
        """The source of the audio has gone."""
        now = self._clock.now()
        call = await self._change(principal, call_id, lambda call: model.interrupt(call, now))
        return model.view(call)

    async def resume(self, principal: Principal, call_id: str) -> CallView:
        """The source is back: the call is what it was."""
        return model.view(await self._change(principal, call_id, model.resume))

    async def lose(self, principal: Principal, call_id: str) -> CallView:
        """The source stayed away too long: attention `source_lost`."""
        return model.view(await self._change(principal, call_id, model.lose))

    async def end(
        self, principal: Principal, call_id: str, reason: str, at: datetime | None = None
    ) -> CallView:
        """Hung up; unanswered: abandoned. `reason` is a short code, never personal data."""
        moment = at or self._clock.now()
        call = await self._change(
            principal,
            call_id,
            lambda call: model.end(call, reason, moment),
            tag="calls:call:ended",
        )
        return model.view(call)

    async def note_event(
        self,
        principal: Principal,
        call_id: str,
        type: str,  # noqa: A002 - its name in the fact
        at_ms: int,
        data: dict[str, object],
    ) -> None:
        """Keep something that happened on the call's clock; answered, held, resumed and ali act."""
        if len(json.dumps(data)) > EVENT_DATA_LIMIT:
            raise EventInvalid(
                "this event carries too much data", details={"limit": EVENT_DATA_LIMIT}
            )
        async with self._db.write() as tx:
            call = await self._own(tx, principal, call_id)
            change = _effect(type, call.started_at + timedelta(milliseconds=at_ms), data)
            changed = change(call)
            event = EventView(type=type, at_ms=max(0, at_ms), data=data)
            await self._note(tx, call, event)
            await self._keep(tx, call, changed)

    # ---- what people do

    async def assign(self, principal: Principal, call_id: str) -> CallView:
        """The person takes the call."""
        person = _person(principal)
        call = await self._change(
            principal,
            call_id,
            lambda call: model.assign(call, person),
            tag="calls:call:assigned",
        )
        return model.view(call)

    async def close(self, principal: Principal, call_id: str, reason: str) -> CallView:
        """A person is done with an abandoned or lost call, and says why."""
        person, now = _person(principal), self._clock.now()
        async with self._db.write() as tx:
            call = await self._own(tx, principal, call_id)
            closed = model.close(call, reason, person, now)
            if closed is not call:
                at_ms = round((now - call.started_at).total_seconds() * 1000)
                data: dict[str, object] = {"reason": reason.strip(), "by": person.model_dump()}
                event = EventView(type="closed", at_ms=max(0, at_ms), data=data)
                await self._note(tx, call, event)
                await self._keep(tx, call, closed)
                await self._record(tx, principal, "calls:call:closed", call_id)
            return model.view(closed)

    async def write_note(self, principal: Principal, call_id: str, text: str) -> NoteView:
        """Write a note on a call, open or ended."""
        return await self._write_note(principal, call_id, self._ids.new("note"), text, None)

    async def edit_note(
        self, principal: Principal, call_id: str, note_id: str, text: str, base_version: int
    ) -> NoteView:
        """Write a new version over `base_version`; the old one stays. Raises `NoteConflict`."""
        return await self._write_note(principal, call_id, note_id, text, base_version)

    async def _write_note(
        self, principal: Principal, call_id: str, note_id: str, text: str, base: int | None
    ) -> NoteView:
        person = _person(principal)
        async with self._db.write() as tx:
            call = await self._own(tx, principal, call_id)
            version = 1
            if base is not None:
                versions = await self._store.note_versions(tx, call.centre_id, call_id, note_id)
                if not versions:
                    raise NoteNotFound("this call has no such note")
                if versions[-1].version != base:
                    raise NoteConflict(versions[-1])
                version = base + 1
            note = NoteView(
                note_id=note_id,
                call_id=call_id,
                text=text,
                version=version,
                by=person,
                at=iso(self._clock.now()),
            )
            await self._store.add_note(tx, call.centre_id, note)
            await self._facts.append(
                tx, NoteWritten(centre_id=call.centre_id, call_id=call_id, note=note)
            )
            tag = "calls:note:written" if base is None else "calls:note:edited"
            await self._record(tx, principal, tag, note_id, call_id=call_id, version=version)
            return note

    # ---- reading

    async def get(self, principal: Principal, call_id: str) -> CallView:
        """One call. Raises `CallNotFound`."""
        async with self._db.read() as tx:
            return await self.read(tx, principal.centre_id, call_id)

    async def open_calls(self, centre_id: str) -> list[CallView]:
        """Calls somebody must still see: open, or waiting to be closed. Oldest first."""
        async with self._db.read() as tx:
            return await self.read_open(tx, centre_id)

    async def ended_calls(
        self, principal: Principal, *, before: str | None = None, limit: int = 50
    ) -> list[CallView]:
        """Ended calls, newest first, that began before the call with id `before`."""
        async with self._db.read() as tx:
            found = await self._store.ended(tx, principal.centre_id, before, limit)
            return [model.view(call) for call in found]

    async def notes(self, principal: Principal, call_id: str) -> list[NoteView]:
        """The newest version of each note of a call. Raises `CallNotFound`."""
        async with self._db.read() as tx:
            await self.read(tx, principal.centre_id, call_id)
            return await self.read_notes(tx, principal.centre_id, call_id)

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> CallView:
        """One call inside a transaction of the caller's own. Raises `CallNotFound`."""
        return model.view(await self._load(tx, centre_id, call_id))

    async def read_open(self, tx: Tx, centre_id: str) -> list[CallView]:
        """As `open_calls`, inside a transaction of the caller's own."""
        return [model.view(call) for call in await self._store.on_the_board(tx, centre_id)]

    async def read_events(self, tx: Tx, centre_id: str, call_id: str) -> list[EventView]:
        """What was noted on the call, in the order it was noted."""
        return await self._store.events(tx, centre_id, call_id)

    async def read_notes(self, tx: Tx, centre_id: str, call_id: str) -> list[NoteView]:
        """The newest version of each note, oldest note first."""
        return await self._store.notes(tx, centre_id, call_id)

    # ---- shared steps

    async def _change(
        self, principal: Principal, call_id: str, change: Change, *, tag: str | None = None
    ) -> Call:
        async with self._db.write() as tx:
            call = await self._own(tx, principal, call_id)
            changed = change(call)
            if changed is not call and tag is not None:
                await self._record(tx, principal, tag, call_id)
            return await self._keep(tx, call, changed)

    async def _keep(self, tx: Tx, before: Call, after: Call) -> Call:
        """Save and tell what changed; nothing when nothing did."""
        if after == before:
            return after
        await self._store.save(tx, after)
        kind = CallEnded if before.open and not after.open else CallChanged
        fact = kind(centre_id=after.centre_id, call_id=after.call_id, call=model.view(after))
        await self._facts.append(tx, fact)
        return after

    async def _note(self, tx: Tx, call: Call, event: EventView) -> None:
        event_id = self._ids.new("evt")
        await self._store.add_event(tx, call.centre_id, call.call_id, event_id, event)
        fact = EventNoted(centre_id=call.centre_id, call_id=call.call_id, **event.model_dump())
        await self._facts.append(tx, fact)

    async def _load(self, tx: Tx, centre_id: str, call_id: str) -> Call:
        call = await self._store.get(tx, centre_id, call_id)
        if call is None:
            raise CallNotFound("there is no such call")
        return call

    async def _own(self, tx: Tx, principal: Principal, call_id: str) -> Call:
        """A call the principal may change: of its centre and, for a client, begun by itself."""
        call = await self._load(tx, principal.centre_id, call_id)
        if principal.kind == "client" and call.client_id != principal.id:
            raise CallNotFound("there is no such call")
        return call

    async def _record(
        self, tx: Tx, principal: Principal, tag: str, subject: str, **details: object
    ) -> None:
        """Write down what a person did; what machines report is told by facts."""
        if principal.kind == "user":
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag=tag,
                actor=principal,
                subject=subject,
                details=details,
            )


def _person(principal: Principal) -> Person:
    if principal.kind != "user":
        raise PersonNeeded("only a person may do this")
    return Person(user_id=principal.id, name=principal.name)


def _effect(kind: str, at: datetime, data: dict[str, object]) -> Change:
    """What an event does to the call besides being noted."""
    match kind:
        case "answered":
            return lambda call: model.answer(call, at)
        case "held":
            return model.hold
        case "resumed":
            return model.unhold
        case "ali":
            ali = _ali(data)
            return lambda call: model.set_location(call, ani=None, ali=ali)
        case _:
            return lambda call: call


def _ali(data: dict[str, object]) -> Ali:
    try:
        return Ali.model_validate(data)
    except ValidationError:
        # The cause would quote the caller's location.
        raise EventInvalid("this is not a location", details={"type": "ali"}) from None
