"""The draft of an incident, as pure data: what was heard and what people decided, folded.

Laws: a person's decision is never overwritten by the machine; every change of a field gives it a
new version; a field without evidence is unknown unless a person typed it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, get_args

from pydantic import Field as Kept
from pydantic import field_validator

from ringdown.core.errors import Conflict, Invalid
from ringdown.core.events import Value, untold
from ringdown.core.principal import Person
from ringdown.incidents import cues
from ringdown.incidents.cues import Cue, CueView, KeptCue
from ringdown.incidents.evidence import Evidence, EvidenceView, cited
from ringdown.incidents.places import Disagreement, PlaceMatch, PlaceView
from ringdown.incidents.prompts import asked_next, waiting
from ringdown.incidents.questions import Question, QuestionView, Topic
from ringdown.incidents.types import BY_CODE, CHOICES, LEVELS, type_text

FieldName = Literal[
    "emergency", "category", "type", "location", "victims", "severity", "callback_number",
    "persons", "vehicles", "weapons", "hazards", "relation",
]  # fmt: skip
FIELD_NAMES: Final[tuple[FieldName, ...]] = get_args(FieldName)
State = Literal["unknown", "proposed", "edited", "confirmed", "rejected"]
Origin = Literal["heard", "typed"]
ConfirmationState = Literal["active", "reopened", "cancelled"]
LONGEST_VALUE: Final = 500


@dataclass(frozen=True)
class Proposal:
    """One reading of one field. `confidence` is the rule's strength times the least sure word's."""

    field: FieldName
    value: str
    text: str
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: str


@dataclass(frozen=True)
class Extracted:
    """Everything an extractor now says of a call; each part best first."""

    proposals: tuple[Proposal, ...] = ()
    cues: tuple[Cue, ...] = ()
    questions: tuple[Question, ...] = ()


class Reading(Value):
    """Something heard for a field that is not its value: an alternative or a suggestion."""

    value: str
    text: str
    confidence: float
    evidence: tuple[EvidenceView, ...]


class FieldView(Value):
    """A field as everybody sees it."""

    name: FieldName
    value: str | None = None
    text: str | None = None
    confidence: float | None = None
    state: State = "unknown"
    version: int = 0
    evidence: tuple[EvidenceView, ...] = ()
    reason: str | None = None
    alternatives: tuple[Reading, ...] = ()
    suggestion: Reading | None = None
    by: Person | None = None
    at: str | None = None
    origin: Origin | None = None
    matches: tuple[PlaceMatch, ...] = Kept(default=(), exclude_if=untold)
    """For the location: what it may be on the agency's own map, best first."""


class DraftView(Value):
    """A call's draft as everybody sees it. Version 0 with unknown fields: nothing heard yet.

    What came later is left out where it is empty, so that what was written before stays as it is;
    a draft in an old fact has fewer fields.
    """

    call_id: str
    incident_id: str
    version: int
    fields: dict[FieldName, FieldView]
    confirmations: int
    sent_version: int | None
    cues: tuple[CueView, ...] = Kept(default=(), exclude_if=untold)
    questions: tuple[QuestionView, ...] = Kept(default=(), exclude_if=untold)
    places: tuple[PlaceView, ...] = Kept(default=(), exclude_if=untold)
    disagreements: tuple[Disagreement, ...] = Kept(default=(), exclude_if=untold)


class ConfirmedField(Value):
    """One field of a confirmation. `before` is what stood there before the person decided."""

    value: str
    text: str
    origin: Origin
    evidence: tuple[EvidenceView, ...]
    before: str | None
    after: str


def _is_active(state: object) -> bool:
    return state == "active"


class ConfirmationView(Value):
    """A person's word that these fields may leave for the CAD, or that they are taken back.

    A cancelled one holds what was sent last, and why it does not hold any more.
    """

    confirmation_id: str
    call_id: str
    incident_id: str
    sequence: int
    draft_version: int
    by: Person
    at: str
    digest: str
    fields: dict[FieldName, ConfirmedField]
    state: ConfirmationState = Kept(default="active", exclude_if=_is_active)
    reason: str | None = Kept(default=None, exclude_if=untold)


class Field(Value):
    """A field as kept: the view, and what the fold must remember beside it."""

    view: FieldView
    settled: int = 0
    """The version since which value, state and suggestion are what they are now."""
    basis: str | None = None
    """What was heard when a person decided; hearing it again is no news."""
    before: str | None = None
    """The text that stood here before the person's last change."""


class Draft(Value):
    """A draft as kept."""

    call_id: str
    incident_id: str
    version: int = 0
    fields: dict[FieldName, Field]
    confirmations: int = 0
    sent_version: int | None = None
    cues: tuple[KeptCue, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    places: tuple[PlaceView, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @field_validator("fields")
    @classmethod
    def _whole(cls, fields: dict[FieldName, Field]) -> dict[FieldName, Field]:
        """A draft kept before there were as many fields: the others are unknown."""
        return {name: fields.get(name) or Field(view=FieldView(name=name)) for name in FIELD_NAMES}

    def view(self) -> DraftView:
        """The draft as everybody sees it."""
        return DraftView(
            call_id=self.call_id,
            incident_id=self.incident_id,
            version=self.version,
            fields={name: field.view for name, field in self.fields.items()},
            confirmations=self.confirmations,
            sent_version=self.sent_version,
            cues=tuple(cue.view for cue in self.cues),
            questions=asked_next(_known(self), self.questions),
            places=self.places,
            disagreements=self.disagreements,
        )


@dataclass(frozen=True)
class ConfirmationRow:
    """A confirmation as stored; `content` is the canonical JSON that `digest` covers."""

    confirmation_id: str
    centre_id: str
    call_id: str
    incident_id: str
    sequence: int
    draft_version: int
    user_id: str
    user_name: str
    at: str
    digest: str
    content: str


class FieldChanged(Conflict):
    """Somebody or something changed the field since it was looked at. Nothing typed is lost."""

    code: ClassVar[str] = "incidents.field.changed"
    action: ClassVar[str] = (
        "Look at what the field says now; what you typed is kept in its history. Then decide."
    )


class ValueInvalid(Invalid):
    """The value cannot stand in this field."""

    code: ClassVar[str] = "incidents.field.value_invalid"
    action: ClassVar[str] = "Correct the value; reject the field if nothing is known."


class NothingToDecide(Invalid):
    """The field is unknown or rejected, so that there is nothing to confirm or reject."""

    code: ClassVar[str] = "incidents.field.nothing_to_decide"
    action: ClassVar[str] = "Type a value first, or leave the field unknown."


class NothingConfirmed(Invalid):
    """No field of the draft is confirmed, so that there is nothing to send."""

    code: ClassVar[str] = "incidents.incident.nothing_confirmed"
    action: ClassVar[str] = "Confirm at least one field, then send."


def new_draft(call_id: str) -> Draft:
    """The draft of a call of which nothing is known. One call has one incident."""
    return Draft(
        call_id=call_id,
        incident_id=f"inc_{call_id.partition('_')[2] or call_id}",
        fields={name: Field(view=FieldView(name=name)) for name in FIELD_NAMES},
    )


def heard(draft: Draft, proposals: Sequence[Proposal]) -> tuple[Draft, tuple[FieldName, ...]]:
    """Fold in what the extractor now proposes; the draft, and the fields that changed."""
    fields: dict[FieldName, Field] = {}
    for name, field in draft.fields.items():
        readings = [proposal for proposal in proposals if proposal.field == name]
        fields[name] = _heard(field, [proposal for proposal in readings if proposal.evidence])
    return _changed(draft, fields)


def understood(draft: Draft, extracted: Extracted) -> tuple[Draft, tuple[FieldName, ...]]:
    """Fold in everything an extractor now says; the draft, and the fields that changed."""
    revised, changed = heard(draft, extracted.proposals)
    kept = cues.understood(draft.cues, extracted.cues)
    asked = waiting(extracted.questions)
    if (kept, asked) == (draft.cues, draft.questions):
        return revised, changed
    version = revised.version + (0 if changed else 1)
    return (
        revised.model_copy(update={"version": version, "cues": kept, "questions": asked}),
        changed,
    )


def cue_dismissed(draft: Draft, cue_id: str, *, by: Person, at: str) -> Draft:
    """A person puts a cue aside. Raises CueNotFound."""
    kept = cues.dismissed(draft.cues, cue_id, by=by, at=at)
    if kept == draft.cues:
        return draft
    return draft.model_copy(update={"version": draft.version + 1, "cues": kept})


def edited(
    draft: Draft, name: FieldName, value: str, base_version: int, *, by: Person, at: str
) -> Draft:
    """A person typed a value. Raises FieldChanged, ValueInvalid."""
    value, text = typed(name, value)
    field = _guarded(draft, name, base_version)
    old = field.view
    was_heard = _as_reading(old) if old.origin == "heard" else None
    others = tuple(other for other in old.alternatives if not _same(other.value, value))
    kept = (was_heard, *others) if was_heard and not _same(was_heard.value, value) else others
    view = old.model_copy(
        update={
            "value": value,
            "text": text,
            "confidence": None,
            "state": "edited",
            "evidence": (),
            "reason": None,
            "alternatives": kept,
            "suggestion": None,
            "by": by,
            "at": at,
            "origin": "typed",
            "matches": (),
        }
    )
    return _decided(draft, field, view, before=old.text)


def confirmed(draft: Draft, name: FieldName, base_version: int, by: Person, at: str) -> Draft:
    """A person confirmed the value as it stands; confirming twice changes nothing.

    Raises FieldChanged, NothingToDecide.
    """
    field = _guarded(draft, name, base_version)
    old = field.view
    if old.value is None or old.state in {"unknown", "rejected"}:
        raise NothingToDecide("there is no value here to confirm", details={"field": name})
    if old.state == "confirmed" and old.suggestion is None:
        return draft
    view = old.model_copy(update={"state": "confirmed", "by": by, "at": at, "suggestion": None})
    before = field.before if old.state in {"edited", "confirmed"} else old.text
    return _decided(draft, field, view, before=before)


def all_confirmed(draft: Draft, versions: Mapping[FieldName, int], by: Person, at: str) -> Draft:
    """A person confirmed these fields as they stood at these versions: all of them or none.

    Raises FieldChanged, NothingToDecide.
    """
    for name, base_version in versions.items():
        draft = confirmed(draft, name, base_version, by, at)
    return draft


def rejected(draft: Draft, name: FieldName, base_version: int, by: Person, at: str) -> Draft:
    """A person said that what stands here is wrong: the field has no value any more.

    Raises FieldChanged, NothingToDecide.
    """
    field = _guarded(draft, name, base_version)
    old = field.view
    if old.value is None:
        raise NothingToDecide("there is no value here to reject", details={"field": name})
    refused = _as_reading(old)
    alternatives = (refused, *old.alternatives) if refused else old.alternatives
    view = FieldView(
        name=name,
        state="rejected",
        version=old.version,
        alternatives=alternatives,
        by=by,
        at=at,
    )
    return _decided(draft, field, view, before=old.text)


def sent(draft: Draft) -> Draft:
    """The draft after a confirmation of it was stored."""
    version = draft.version + 1
    return draft.model_copy(
        update={
            "version": version,
            "confirmations": draft.confirmations + 1,
            "sent_version": version,
        }
    )


def to_send(draft: Draft) -> dict[FieldName, ConfirmedField]:
    """Every confirmed field, as a confirmation holds it. Raises NothingConfirmed."""
    fields: dict[FieldName, ConfirmedField] = {}
    for name, field in draft.fields.items():
        view = field.view
        if view.state != "confirmed" or view.value is None:
            continue
        fields[name] = ConfirmedField(
            value=view.value,
            text=view.text or view.value,
            origin=view.origin or "typed",
            evidence=view.evidence,
            before=field.before,
            after=view.text or view.value,
        )
    if not fields:
        raise NothingConfirmed("no field is confirmed yet")
    return fields


def typed(name: FieldName, value: str) -> tuple[str, str]:
    """What a person typed, checked and tidied: the value, and the text to show for it.

    Raises ValueInvalid.
    """
    tidy = " ".join(value.split())
    if not tidy:
        raise ValueInvalid("the value is empty", details={"field": name})
    if len(tidy) > LONGEST_VALUE or not tidy.isprintable():
        raise ValueInvalid(
            "the value is too long or not plain text",
            details={"field": name, "most": LONGEST_VALUE},
        )
    if name == "type":
        if tidy not in BY_CODE:
            raise ValueInvalid("no incident type has this code", details={"field": name})
        return tidy, type_text(tidy)
    if name == "severity":
        if tidy.lower() not in LEVELS:
            raise ValueInvalid("no such severity", details={"field": name, "known": list(LEVELS)})
        return tidy.lower(), tidy.capitalize()
    known = CHOICES.get(name)
    if known is None:
        return tidy, tidy
    if tidy.lower() not in known:
        raise ValueInvalid(
            "no such value for this field", details={"field": name, "known": list(known)}
        )
    return tidy.lower(), known[tidy.lower()]


def canonical_content(
    *,
    confirmation_id: str,
    centre_id: str,
    call_id: str,
    incident_id: str,
    sequence: int,
    draft_version: int,
    user_id: str,
    user_name: str,
    at: str,
    fields: Mapping[FieldName, ConfirmedField],
    state: ConfirmationState = "active",
    reason: str | None = None,
) -> str:
    """The one JSON text of a confirmation: keys sorted, no spaces, ASCII only.

    An active one is without its state, as they were before there were others.
    """
    content: dict[str, object] = {
        "confirmation_id": confirmation_id,
        "centre_id": centre_id,
        "call_id": call_id,
        "incident_id": incident_id,
        "sequence": sequence,
        "draft_version": draft_version,
        "by": {"user_id": user_id, "name": user_name},
        "at": at,
        "fields": {name: field.model_dump(mode="json") for name, field in fields.items()},
    }
    if state != "active":
        content["state"] = state
    if reason is not None:
        content["reason"] = reason
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest_of(content: str) -> str:
    """SHA-256 of the canonical content, in hexadecimal."""
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _known(draft: Draft) -> dict[Topic, str]:
    views = [field.view for field in draft.fields.values()]
    return {view.name: view.value for view in views if view.value is not None}


def _heard(field: Field, readings: Sequence[Proposal]) -> Field:
    old = field.view
    if old.state in {"edited", "confirmed", "rejected"}:
        return _suggested(field, readings)
    if not readings:
        view = FieldView(name=old.name, version=old.version)
        return _bumped(field, view)
    best, rest = readings[0], readings[1:]
    view = FieldView(
        name=old.name,
        value=best.value,
        text=best.text,
        confidence=best.confidence,
        state="proposed",
        version=old.version,
        evidence=cited(best.evidence),
        reason=best.reason,
        alternatives=tuple(_reading(proposal) for proposal in rest),
        origin="heard",
        matches=old.matches if best.text == old.text else (),
    )
    return _bumped(field, view)


def _suggested(field: Field, readings: Sequence[Proposal]) -> Field:
    """What is heard after a person decided becomes a suggestion, if it is news."""
    old = field.view
    best = readings[0] if readings else None
    known = [value for value in (old.value, field.basis) if value is not None]
    news = best is not None and not any(
        _same(best.value, value) or _same(best.text, value) for value in known
    )
    suggestion = _reading(best) if best is not None and news else None
    if best is not None and field.basis is not None and not _same(best.value, field.basis):
        # Once something else was heard, hearing the first reading again is news too.
        field = field.model_copy(update={"basis": None})
    return _bumped(field, old.model_copy(update={"suggestion": suggestion}))


def _bumped(field: Field, view: FieldView) -> Field:
    old = field.view
    if view == old:
        return field
    version = old.version + 1
    same = (view.value, view.state, view.suggestion and view.suggestion.value) == (
        old.value,
        old.state,
        old.suggestion and old.suggestion.value,
    )
    return field.model_copy(
        update={
            "view": view.model_copy(update={"version": version}),
            "settled": field.settled if same else version,
        }
    )


def _guarded(draft: Draft, name: FieldName, base_version: int) -> Field:
    """The field, if it still says what it said at `base_version`. Raises FieldChanged."""
    field = draft.fields[name]
    if not field.settled <= base_version <= field.view.version:
        error = FieldChanged(
            "this field has changed since you looked at it",
            details={"field": name, "current_version": field.view.version},
        )
        error.private["current"] = field.view.model_dump(mode="json")
        raise error
    return field


def _decided(draft: Draft, field: Field, view: FieldView, *, before: str | None) -> Draft:
    version = field.view.version + 1
    heard_now = field.view.value if field.view.origin == "heard" else field.basis
    if field.view.suggestion is not None:
        heard_now = field.view.suggestion.value
    decided = Field(
        view=view.model_copy(update={"version": version}),
        settled=version,
        basis=heard_now,
        before=before,
    )
    return draft.model_copy(
        update={
            "version": draft.version + 1,
            "fields": {**draft.fields, view.name: decided},
        }
    )


def _changed(draft: Draft, fields: dict[FieldName, Field]) -> tuple[Draft, tuple[FieldName, ...]]:
    changed: tuple[FieldName, ...] = tuple(
        name
        for name, field in fields.items()
        if field.view.version != draft.fields[name].view.version
    )
    if not changed and fields == draft.fields:
        return draft, ()
    bump = 1 if changed else 0
    return (
        draft.model_copy(update={"version": draft.version + bump, "fields": fields}),
        changed,
    )


def _reading(proposal: Proposal) -> Reading:
    return Reading(
        value=proposal.value,
        text=proposal.text,
        confidence=proposal.confidence,
        evidence=cited(proposal.evidence),
    )


def _as_reading(view: FieldView) -> Reading | None:
    if view.value is None or view.text is None or view.confidence is None:
        return None
    return Reading(
        value=view.value, text=view.text, confidence=view.confidence, evidence=view.evidence
    )


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(_letters(text))


def _letters(text: str) -> Iterable[str]:
    return (letter for letter in text.casefold() if letter.isalnum())
