"""What happens to drafts: utterances are heard, people decide, confirmations are stored."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from ringdown.audit.api import Audit
from ringdown.calls.api import Calls, CallView
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import NotFound, Refused
from ringdown.core.ids import IdSource
from ringdown.core.principal import Person, Principal
from ringdown.incidents import api, model
from ringdown.incidents.api import Confirmation
from ringdown.incidents.cancelling import reason_of, state_after, to_cancel
from ringdown.incidents.events import DraftRevised, EditConflicted, IncidentConfirmed
from ringdown.incidents.model import (
    ConfirmationRow,
    ConfirmationState,
    ConfirmationView,
    Draft,
    DraftView,
    Extracted,
    FieldChanged,
    FieldName,
    FieldView,
)
from ringdown.incidents.places import PlaceView
from ringdown.incidents.placing import Matched, located, pointed
from ringdown.incidents.ports import (
    Attempt,
    ExtractionSession,
    Extractor,
    Gazetteer,
    HeardUtterance,
    IncidentStore,
    Transcript,
)
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.facts import Facts

SESSIONS: Final = 512
"""Calls followed at once; the one not heard for longest is read again from its transcript."""


class OnlyPeopleConfirm(Refused):
    """A program tried to do what only a signed-in person may do."""

    code: ClassVar[str] = "incidents.incident.only_people_confirm"
    action: ClassVar[str] = "Sign in at the console and decide there."


_Act = Callable[[Draft, Person, str], Draft]
"""What a person does to a draft. Raises FieldChanged."""


@dataclass(frozen=True)
class _Decision:
    """A draft before and after a person's act, and when that was."""

    before: Draft
    after: Draft
    at: str

    @property
    def changed(self) -> tuple[FieldName, ...]:
        """The fields that the act changed."""
        old, new = self.before.fields, self.after.fields
        return tuple(name for name in new if new[name] != old[name])


class IncidentService:
    """Incidents of every centre. A command is one transaction."""

    def __init__(
        self,
        *,
        database: Database,
        store: IncidentStore,
        facts: Facts,
        audit: Audit,
        calls: Calls,
        transcript: Transcript,
        extractor: Extractor,
        clock: Clock,
        ids: IdSource,
        gazetteer: Gazetteer | None = None,
    ) -> None:
        self._db = database
        self._store = store
        self._facts = facts
        self._audit = audit
        self._calls = calls
        self._transcript = transcript
        self._extractor = extractor
        self._clock = clock
        self._ids = ids
        self._gazetteer = gazetteer
        self._sessions: OrderedDict[tuple[str, str], ExtractionSession] = OrderedDict()
        self._hearing = asyncio.Lock()

    # What is heard

    async def hear(self, centre_id: str, call_id: str, utterance: HeardUtterance) -> None:
        """Fold a finished utterance into the draft; hearing it again changes nothing."""
        async with self._hearing:
            key = (centre_id, call_id)
            session = self._sessions.get(key)
            if session is None:
                session = await self._rebuilt(centre_id, call_id)
            extracted = session.hear(utterance)
            self._sessions[key] = session
            self._sessions.move_to_end(key)
            if len(self._sessions) > SESSIONS:
                self._sessions.popitem(last=False)
            await self._fold(centre_id, call_id, extracted)

    def forget(self, centre_id: str, call_id: str) -> None:
        """The call is over: let its session go. What comes late is read with the transcript."""
        self._sessions.pop((centre_id, call_id), None)

    async def _rebuilt(self, centre_id: str, call_id: str) -> ExtractionSession:
        session = self._extractor.open()
        async with self._db.read() as tx:
            utterances = await self._transcript.read_in(tx, centre_id, call_id)
        for utterance in utterances:
            session.hear(utterance)
        return session

    async def _fold(self, centre_id: str, call_id: str, extracted: Extracted) -> None:
        async with self._db.read() as tx:
            draft = await self._load(tx, centre_id, call_id)
            call = await self._call(tx, centre_id, call_id)
        revised, _ = model.understood(draft, extracted)
        matched = await self._matched(centre_id, draft, revised)
        if located(revised, call, matched.of(revised)) == draft:
            return
        async with self._db.write() as tx:
            draft = await self._load(tx, centre_id, call_id)
            revised, changed = model.understood(draft, extracted)
            revised = located(revised, call, matched.of(revised))
            await self._store.save(tx, centre_id, revised)
            if changed or revised.version != draft.version:
                await self._told(tx, centre_id, revised, changed, "heard")

    # Where it may be

    async def locate(self, centre_id: str, call_id: str) -> None:
        """Bring the places of a draft up to what the network, the map and people say now."""
        async with self._db.read() as tx:
            draft = await self._load(tx, centre_id, call_id)
            call = await self._call(tx, centre_id, call_id)
        matched = await self._matched(centre_id, None, draft)
        if call is None or located(draft, call, matched.of(draft)) == draft:
            return
        async with self._db.write() as tx:
            draft = await self._load(tx, centre_id, call_id)
            revised = located(draft, call, matched.of(draft))
            if revised != draft:
                await self._store.save(tx, centre_id, revised)
                await self._told(tx, centre_id, revised, (), "heard")

    async def point(self, centre_id: str, call_id: str, place: PlaceView) -> None:
        """Put what a source tells of itself beside the other places; it replaces only its own."""
        async with self._db.read() as tx:
            draft = await self._load(tx, centre_id, call_id)
            if await self._call(tx, centre_id, call_id) is None or pointed(draft, place) == draft:
                return
        async with self._db.write() as tx:
            draft = await self._load(tx, centre_id, call_id)
            revised = pointed(draft, place)
            if revised != draft:
                await self._store.save(tx, centre_id, revised)
                await self._told(tx, centre_id, revised, (), "heard")

    async def _call(self, tx: Tx, centre_id: str, call_id: str) -> CallView | None:
        try:
            return await self._calls.read(tx, centre_id, call_id)
        except NotFound:
            return None

    async def _matched(self, centre_id: str, before: Draft | None, draft: Draft) -> Matched:
        """What the location may be on the map; asked again only if it says something else."""
        text = draft.fields["location"].view.text
        known = None if before is None else before.fields["location"].view
        if self._gazetteer is None or text is None:
            return Matched(text, ())
        if known is not None and known.text == text:
            return Matched(text, known.matches)
        return Matched(text, tuple(await self._gazetteer.match(centre_id, text)))

    # What people decide

    async def edit(
        self, principal: Principal, call_id: str, name: FieldName, value: str, base_version: int
    ) -> FieldView:
        """A person types a value. Raises FieldChanged, ValueInvalid, NotFound."""

        def act(draft: Draft, by: Person, at: str) -> Draft:
            return model.edited(draft, name, value, base_version, by=by, at=at)

        return await self._decide_one(principal, call_id, name, "edited", act, attempted=value)

    async def confirm_field(
        self, principal: Principal, call_id: str, name: FieldName, base_version: int
    ) -> FieldView:
        """A person confirms a field as it stands. Raises FieldChanged, NothingToDecide."""
        act = _confirming({name: base_version})
        return await self._decide_one(principal, call_id, name, "confirmed", act)

    async def reject(
        self, principal: Principal, call_id: str, name: FieldName, base_version: int
    ) -> FieldView:
        """A person says that a field is wrong. Raises FieldChanged, NothingToDecide."""

        def act(draft: Draft, by: Person, at: str) -> Draft:
            return model.rejected(draft, name, base_version, by, at)

        return await self._decide_one(principal, call_id, name, "rejected", act)

    async def dismiss_cue(self, principal: Principal, call_id: str, cue_id: str) -> DraftView:
        """A person has seen a cue and puts it aside. Raises CueNotFound, NotFound."""
        by = _person(principal)
        async with self._db.write() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            draft = await self._load(tx, principal.centre_id, call_id)
            at = iso(self._clock.now())
            decided = model.cue_dismissed(draft, cue_id, by=by, at=at)
            if decided is not draft:
                await self._store.save(tx, principal.centre_id, decided)
                await self._audit.append(
                    tx,
                    centre_id=principal.centre_id,
                    tag="incidents:cue:dismissed",
                    actor=principal,
                    subject=call_id,
                    details={"cue": cue_id, "at": at},
                )
                await self._told(tx, principal.centre_id, decided, (), "person")
            return decided.view()

    async def confirm_fields(
        self, principal: Principal, call_id: str, versions: Mapping[FieldName, int]
    ) -> DraftView:
        """Confirm these fields in one act, all of them or none. Nothing is sent.

        Raises OnlyPeopleConfirm, FieldChanged, NothingToDecide, NotFound.
        """
        decided = await self._decide(principal, call_id, "confirmed", _confirming(versions))
        return decided.view()

    async def confirm(
        self, principal: Principal, call_id: str, versions: Mapping[FieldName, int]
    ) -> ConfirmationView:
        """Confirm these fields, then store a confirmation of every confirmed field.

        Repeating it with nothing changed since gives the confirmation that is there. Raises
        OnlyPeopleConfirm, FieldChanged, NothingToDecide, NothingConfirmed, NotFound.
        """
        async with self._db.write() as tx:
            decision = await self._decision(tx, principal, call_id, _confirming(versions))
            if not isinstance(decision, FieldChanged):
                return await self._confirm(tx, principal, decision)
        raise decision

    async def _confirm(self, tx: Tx, principal: Principal, decision: _Decision) -> ConfirmationView:
        centre_id, call_id = principal.centre_id, decision.before.call_id
        changed, decided = decision.changed, decision.after
        fields = model.to_send(decided)
        last = await self._last(tx, centre_id, call_id)
        sent_so = last is not None and _values(last.fields) == _values(fields)
        if last is not None and sent_so and not changed and last.state != "cancelled":
            return last
        await self._kept(tx, principal, decision, "confirmed")
        state = state_after(last)
        view = await self._add(
            tx, principal, decided, last, at=decision.at, fields=fields, state=state,
            changed=changed,
        )  # fmt: skip
        await self._audit.append(
            tx,
            centre_id=centre_id,
            tag="incidents:incident:confirmed",
            actor=principal,
            subject=call_id,
            details={
                **_named(view),
                "fields": {
                    name: {"before": field.before, "after": field.after, "origin": field.origin}
                    for name, field in fields.items()
                },
            },
        )
        return view

    async def cancel(
        self, principal: Principal, call_id: str, sequence: int, reason: str
    ) -> ConfirmationView:
        """Take back what was sent: `sequence` is the version that the person was looking at.

        Repeating it gives the cancellation that is there. Raises OnlyPeopleConfirm, NotFound,
        NothingToCancel, SentMeanwhile, CancelReasonMissing.
        """
        _person(principal)
        why = reason_of(reason)
        centre_id = principal.centre_id
        async with self._db.write() as tx:
            await self._calls.read(tx, centre_id, call_id)
            last = await self._last(tx, centre_id, call_id)
            taken_back = to_cancel(last, sequence)
            if taken_back is None:
                assert last is not None, "there is a cancellation"
                return last
            draft = await self._load(tx, centre_id, call_id)
            at = iso(self._clock.now())
            fields = taken_back.fields
            view = await self._add(
                tx, principal, draft, last, at=at, fields=fields, state="cancelled", reason=why
            )
            await self._audit.append(
                tx,
                centre_id=centre_id,
                tag="incidents:incident:cancelled",
                actor=principal,
                subject=call_id,
                details={**_named(view), "reason": why},
            )
            return view

    async def _last(self, tx: Tx, centre_id: str, call_id: str) -> ConfirmationView | None:
        """What was confirmed or cancelled last. Raises ConfirmationForged."""
        stored = await self._store.confirmations(tx, centre_id, call_id)
        return api._restored(stored[-1]).view if stored else None  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] # made here alone

    async def _add(
        self,
        tx: Tx,
        principal: Principal,
        draft: Draft,
        last: ConfirmationView | None,
        *,
        at: str,
        fields: Mapping[FieldName, model.ConfirmedField],
        state: ConfirmationState,
        reason: str | None = None,
        changed: Sequence[FieldName] = (),
    ) -> ConfirmationView:
        """Store a person's act, and tell everybody of it."""
        centre_id, call_id = principal.centre_id, draft.call_id
        draft = model.sent(draft)
        row = _row(
            self._ids.new("conf"),
            principal,
            draft,
            sequence=last.sequence + 1 if last else 1,
            at=at,
            fields=fields,
            state=state,
            reason=reason,
        )
        await self._store.add_confirmation(tx, row)
        view = api._restored(row).view  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] # made here alone
        await self._store.save(tx, centre_id, draft)
        await self._told(tx, centre_id, draft, changed, "person")
        await self._facts.append(
            tx, IncidentConfirmed(centre_id=centre_id, call_id=call_id, confirmation=view)
        )
        return view

    async def _decide_one(
        self,
        principal: Principal,
        call_id: str,
        name: FieldName,
        verb: str,
        act: _Act,
        *,
        attempted: str | None = None,
    ) -> FieldView:
        decided = await self._decide(principal, call_id, verb, act, attempted=attempted)
        if name == "location":
            # The decision is stored; what the map says of it may come a moment later.
            await self.locate(principal.centre_id, call_id)
        return decided.fields[name].view

    async def _decide(
        self,
        principal: Principal,
        call_id: str,
        verb: str,
        act: _Act,
        *,
        attempted: str | None = None,
    ) -> Draft:
        async with self._db.write() as tx:
            decision = await self._decision(tx, principal, call_id, act, attempted)
            if not isinstance(decision, FieldChanged):
                if decision.changed:
                    await self._store.save(tx, principal.centre_id, decision.after)
                    await self._kept(tx, principal, decision, verb)
                    await self._told(
                        tx, principal.centre_id, decision.after, decision.changed, "person"
                    )
                return decision.after
        raise decision

    async def _decision(
        self,
        tx: Tx,
        principal: Principal,
        call_id: str,
        act: _Act,
        attempted: str | None = None,
    ) -> _Decision | FieldChanged:
        """What a person's act makes of the draft.

        A conflict is given back for the caller to raise after the transaction: committed, so that
        what the second person typed is not lost.
        """
        by = _person(principal)
        call = await self._calls.read(tx, principal.centre_id, call_id)
        draft = await self._load(tx, principal.centre_id, call_id)
        at = iso(self._clock.now())
        try:
            decided = act(draft, by, at)
        except FieldChanged as error:
            await self._conflicted(tx, principal, draft, error, attempted)
            return error
        return _Decision(draft, _placed(draft, decided, call), at)

    async def _kept(self, tx: Tx, principal: Principal, decision: _Decision, verb: str) -> None:
        """History and audit of one person's decision, field by field."""
        for name in decision.changed:
            view = decision.after.fields[name].view
            await self._remember(tx, principal.centre_id, decision.after.call_id, view, verb)
            await self._audit.append(
                tx,
                centre_id=principal.centre_id,
                tag=f"incidents:field:{verb}",
                actor=principal,
                subject=decision.after.call_id,
                details={
                    "field": name,
                    "version": view.version,
                    "at": view.at,
                    "before": decision.before.fields[name].view.text,
                    "after": view.text,
                },
            )

    async def _conflicted(
        self,
        tx: Tx,
        principal: Principal,
        draft: Draft,
        error: FieldChanged,
        attempted: str | None,
    ) -> None:
        by = _person(principal)
        name: FieldName = next(name for name in draft.fields if name == error.details["field"])
        current = draft.fields[name].view
        if attempted is not None:
            tried = FieldView(
                name=name,
                value=attempted[: model.LONGEST_VALUE],
                text=attempted[: model.LONGEST_VALUE],
                state="edited",
                version=current.version,
                by=by,
                at=iso(self._clock.now()),
                origin="typed",
            )
            await self._remember(tx, principal.centre_id, draft.call_id, tried, "conflicted")
        await self._facts.append(
            tx,
            EditConflicted(
                centre_id=principal.centre_id,
                call_id=draft.call_id,
                field=name,
                attempted_value=None if attempted is None else attempted[: model.LONGEST_VALUE],
                by=by,
                current_version=current.version,
            ),
        )

    # What others read

    async def draft(self, principal: Principal, call_id: str) -> DraftView:
        """The draft of a call of the principal's centre. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return await self.read_draft(tx, principal.centre_id, call_id)

    async def history(self, principal: Principal, call_id: str) -> list[Attempt]:
        """Every version a field had and every refused edit, oldest first. Raises NotFound."""
        async with self._db.read() as tx:
            await self._calls.read(tx, principal.centre_id, call_id)
            return await self._store.history(tx, principal.centre_id, call_id)

    async def read_draft(self, tx: Tx, centre_id: str, call_id: str) -> DraftView:
        """The draft within a snapshot of one's own; version 0 when nothing is known."""
        return (await self._load(tx, centre_id, call_id)).view()

    async def read_drafts(
        self, tx: Tx, centre_id: str, call_ids: Sequence[str]
    ) -> dict[str, DraftView]:
        """The drafts of several calls; a call of which nothing is known is left out."""
        drafts = await self._store.drafts(tx, centre_id, call_ids)
        return {draft.call_id: draft.view() for draft in drafts}

    async def read_confirmations(
        self, tx: Tx, centre_id: str, call_id: str
    ) -> list[ConfirmationView]:
        """The confirmations of a call, by sequence. Raises ConfirmationForged."""
        rows = await self._store.confirmations(tx, centre_id, call_id)
        return [api._restored(row).view for row in rows]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] # made here alone

    async def confirmation(self, tx: Tx, centre_id: str, confirmation_id: str) -> Confirmation:
        """The confirmation to send, checked. Raises NotFound, ConfirmationForged."""
        row = await self._store.confirmation(tx, centre_id, confirmation_id)
        if row is None:
            raise NotFound("there is no such confirmation")
        return api._restored(row)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] # made here alone

    # Within a transaction

    async def _load(self, tx: Tx, centre_id: str, call_id: str) -> Draft:
        return await self._store.load(tx, centre_id, call_id) or model.new_draft(call_id)

    async def _told(
        self,
        tx: Tx,
        centre_id: str,
        draft: Draft,
        changed: Sequence[FieldName],
        because: Literal["heard", "person"],
    ) -> None:
        if because == "heard":
            for name in changed:
                view = draft.fields[name].view
                await self._remember(tx, centre_id, draft.call_id, view, "heard")
        await self._facts.append(
            tx,
            DraftRevised(
                centre_id=centre_id,
                call_id=draft.call_id,
                draft=draft.view(),
                changed=tuple(changed),
                because=because,
            ),
        )

    async def _remember(
        self, tx: Tx, centre_id: str, call_id: str, view: FieldView, kind: str
    ) -> None:
        attempt = Attempt(view.name, view.version, kind, view, iso(self._clock.now()))
        await self._store.add_history(tx, centre_id, call_id, self._ids.new("hist"), attempt)


def _confirming(versions: Mapping[FieldName, int]) -> _Act:
    def act(draft: Draft, by: Person, at: str) -> Draft:
        return model.all_confirmed(draft, versions, by, at)

    return act


def _placed(before: Draft, decided: Draft, call: CallView) -> Draft:
    """A person's decision with the places as they are after it, as one change."""
    old, new = (each.fields["location"].view for each in (before, decided))
    if new == old:
        return decided
    matches = old.matches if new.text == old.text else ()
    return located(decided, call, matches).model_copy(update={"version": decided.version})


def _person(principal: Principal) -> Person:
    """The signed-in person behind a principal. Raises OnlyPeopleConfirm."""
    if principal.kind != "user" or not principal.id or principal.session_id is None:
        raise OnlyPeopleConfirm("only a signed-in person decides about an incident")
    return Person(user_id=principal.id, name=principal.name)


def _named(view: ConfirmationView) -> dict[str, object]:
    """What the audit log keeps of a confirmation besides its fields."""
    return {
        "confirmation_id": view.confirmation_id,
        "sequence": view.sequence,
        "digest": view.digest,
        "at": view.at,
    }


def _values(fields: Mapping[FieldName, model.ConfirmedField]) -> dict[FieldName, tuple[str, str]]:
    return {name: (field.value, field.text) for name, field in fields.items()}


def _row(
    confirmation_id: str,
    principal: Principal,
    draft: Draft,
    *,
    sequence: int,
    at: str,
    fields: Mapping[FieldName, model.ConfirmedField],
    state: ConfirmationState,
    reason: str | None,
) -> ConfirmationRow:
    content = model.canonical_content(
        confirmation_id=confirmation_id,
        centre_id=principal.centre_id,
        call_id=draft.call_id,
        incident_id=draft.incident_id,
        sequence=sequence,
        draft_version=draft.version,
        user_id=principal.id,
        user_name=principal.name,
        at=at,
        fields=fields,
        state=state,
        reason=reason,
    )
    return ConfirmationRow(
        confirmation_id=confirmation_id,
        centre_id=principal.centre_id,
        call_id=draft.call_id,
        incident_id=draft.incident_id,
        sequence=sequence,
        draft_version=draft.version,
        user_id=principal.id,
        user_name=principal.name,
        at=at,
        digest=model.digest_of(content),
        content=content,
    )
