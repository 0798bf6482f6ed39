"""What the console shows, and how facts change it: a pure fold over the log.

The sync law: a snapshot, folded with the facts after its position, is the snapshot of now. The
server's views keep to it here; the console's reducer keeps to it on the same logs, exported. Lamps
and `now` are not facts and stay as they were.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from ringdown.assist.api import NarrativeMark
from ringdown.assist.events import NarrativeChanged
from ringdown.cad.api import DeliveryView
from ringdown.cad.events import DeliveryChanged, IncidentSummarised
from ringdown.caller.api import ConsentView, FixView, LinkView
from ringdown.caller.events import CallerLocated, ConsentRecorded, LinkChanged
from ringdown.calls.api import CallView, EventView, NoteView
from ringdown.calls.events import CallChanged, CallEnded, CallStarted, EventNoted, NoteWritten
from ringdown.core.events import Fact, FactRecord, Value
from ringdown.incidents.api import ConfirmationView, DraftView
from ringdown.incidents.events import DraftRevised, EditConflicted, IncidentConfirmed
from ringdown.media.events import GapFound, LegCompleted, LegOpened, LegSealed
from ringdown.responders.api import ResponderLinkView
from ringdown.responders.events import ResponderLinkChanged
from ringdown.runtime.lamps import LampView
from ringdown.speech.api import ToneView, UtteranceView
from ringdown.speech.events import ToneHeard, UtteranceFinalised
from ringdown.texting.api import MessageView, TextBackView
from ringdown.texting.events import MessageChanged, TextBackChanged
from ringdown.uploads.api import UploadView
from ringdown.uploads.events import UploadChanged
from ringdown.video.api import ViewingView
from ringdown.video.events import ViewingChanged

T = TypeVar("T")


class DraftSummary(Value):
    """What the call list shows of a draft."""

    type_text: str | None
    location_text: str | None
    severity: str | None


class SnapshotView(Value):
    """All the console shows before a call is opened. The feed goes on from `position`."""

    position: int
    now: str
    centre: dict[str, str]
    calls: list[CallView]
    lamps: list[LampView]
    drafts: dict[str, DraftSummary]
    tty: list[str]
    """Calls on which the tones of a text telephone were heard."""
    text_backs: list[TextBackView]
    """Calls that ended unanswered, until a person has closed them."""


class OpenCallView(Value):
    """One call with all that is known of it, at a position of the log."""

    position: int
    call: CallView
    events: list[EventView]
    notes: list[NoteView]
    utterances: list[UtteranceView]
    draft: DraftView
    confirmations: list[ConfirmationView]
    deliveries: list[DeliveryView]
    tones: list[ToneView]
    narrative: NarrativeMark
    """How far a language model has come; what it wrote is asked for apart."""
    consents: list[ConsentView]
    links: list[LinkView]
    fixes: list[FixView]
    messages: list[MessageView]
    viewings: list[ViewingView]
    uploads: list[UploadView]
    responder_links: list[ResponderLinkView]


def summary(draft: DraftView) -> DraftSummary:
    """The three fields of a draft that tell calls apart in a list."""
    fields = draft.fields
    return DraftSummary(
        type_text=fields["type"].text,
        location_text=fields["location"].text,
        severity=fields["severity"].value,
    )


def on_the_board(call: CallView) -> bool:
    """Whether the call list shows it: it goes on, or waits for a person to close it."""
    return call.state != "ended" or call.attention is not None


def fold_list(view: SnapshotView, records: Iterable[FactRecord]) -> SnapshotView:
    """The call list after these facts of its centre; one it has seen already changes nothing.

    Raises KeyError for a kind of fact without a case; a test sees to it that there is none.
    """
    for record in records:
        if record.position > view.position:
            changes = LIST_CASES[type(record.fact)](view, record.fact)
            view = view.model_copy(update={**changes, "position": record.position})
    return view


def fold_call(view: OpenCallView, records: Iterable[FactRecord]) -> OpenCallView:
    """An open call after these facts of its centre; those of other calls move its position alone.

    Raises KeyError for a kind of fact without a case; a test sees to it that there is none.
    """
    for record in records:
        if record.position > view.position:
            own = record.fact.call_id == view.call.call_id
            changes = CALL_CASES[type(record.fact)](view, record.fact) if own else {}
            view = view.model_copy(update={**changes, "position": record.position})
    return view


def _put(items: list[T], item: T, key: Callable[[T], object], order: Callable[[T], Any]) -> list[T]:
    """The items with this one in place of the one that has its key, in their order."""
    return sorted([*(one for one in items if key(one) != key(item)), item], key=order)


def _row(view: SnapshotView, fact: Fact) -> dict[str, object]:
    call = cast("CallStarted | CallChanged | CallEnded", fact).call
    others = [one for one in view.calls if one.call_id != call.call_id]
    if on_the_board(call):
        return {"calls": sorted([*others, call], key=lambda one: one.call_id)}
    drafts = {call_id: draft for call_id, draft in view.drafts.items() if call_id != call.call_id}
    tty = [call_id for call_id in view.tty if call_id != call.call_id]
    return {"calls": others, "drafts": drafts, "tty": tty}


def _summed_up(view: SnapshotView, fact: Fact) -> dict[str, object]:
    draft = cast("DraftRevised", fact).draft
    if draft.call_id not in {call.call_id for call in view.calls}:
        return {}
    return {"drafts": {**view.drafts, draft.call_id: summary(draft)}}


def with_tty(tty: Iterable[str], heard: ToneHeard) -> list[str]:
    """The calls with a text telephone after this tone."""
    if heard.tone != "tty" or heard.call_id is None:
        return list(tty)
    return sorted({*tty, heard.call_id})


def _typed(view: SnapshotView, fact: Fact) -> dict[str, object]:
    if fact.call_id not in {call.call_id for call in view.calls}:
        return {}
    return {"tty": with_tty(view.tty, cast("ToneHeard", fact))}


def _call(_view: OpenCallView, fact: Fact) -> dict[str, object]:
    return {"call": cast("CallStarted | CallChanged | CallEnded", fact).call}


def _event(view: OpenCallView, fact: Fact) -> dict[str, object]:
    noted = cast("EventNoted", fact)
    event = EventView(type=noted.type, at_ms=noted.at_ms, data=noted.data)
    return {"events": [*view.events, event]}


def _note(view: OpenCallView, fact: Fact) -> dict[str, object]:
    note = cast("NoteWritten", fact).note
    return {"notes": _put(view.notes, note, lambda one: one.note_id, lambda one: one.note_id)}


def _words(view: OpenCallView, fact: Fact) -> dict[str, object]:
    said = cast("UtteranceFinalised", fact).utterance
    return {
        "utterances": _put(
            view.utterances,
            said,
            lambda one: one.utterance_id,
            lambda one: (one.start_ms, one.utterance_id),
        )
    }


def with_tone(tones: list[ToneView], heard: ToneHeard) -> list[ToneView]:
    """The tones of a call with this one; told again from the same beginning, it has grown."""
    tone = ToneView(**heard.model_dump(exclude={"centre_id", "call_id"}))
    return _put(
        tones,
        tone,
        lambda one: (one.leg_id, one.tone, one.start_ms),
        lambda one: (one.start_ms, one.leg_id, one.tone),
    )


def _tone(view: OpenCallView, fact: Fact) -> dict[str, object]:
    return {"tones": with_tone(view.tones, cast("ToneHeard", fact))}


def _draft(_view: OpenCallView, fact: Fact) -> dict[str, object]:
    return {"draft": cast("DraftRevised", fact).draft}


def _confirmation(view: OpenCallView, fact: Fact) -> dict[str, object]:
    done = cast("IncidentConfirmed", fact).confirmation
    return {
        "confirmations": _put(
            view.confirmations, done, lambda one: one.confirmation_id, lambda one: one.sequence
        )
    }


def _delivery(view: OpenCallView, fact: Fact) -> dict[str, object]:
    delivery = cast("DeliveryChanged", fact).delivery
    return {
        "deliveries": _put(
            view.deliveries, delivery, lambda one: one.delivery_id, lambda one: one.sequence
        )
    }


def _narrative(_view: OpenCallView, fact: Fact) -> dict[str, object]:
    return {"narrative": cast("NarrativeChanged", fact).narrative}


def _text_back(view: SnapshotView, fact: Fact) -> dict[str, object]:
    changed = cast("TextBackChanged", fact).text_back
    others = [one for one in view.text_backs if one.call_id != changed.call_id]
    if changed.state == "closed":
        return {"text_backs": others}
    return {"text_backs": sorted([*others, changed], key=lambda one: one.call_id)}


def _listed(where: str, what: str, key: str) -> Callable[[OpenCallView, Fact], dict[str, object]]:
    """The case of a fact whose `what` is one of the call's list `where`, known by its `key`."""

    def case(view: OpenCallView, fact: Fact) -> dict[str, object]:
        def own(one: object) -> str:
            return getattr(one, key)

        return {where: _put(getattr(view, where), getattr(fact, what), own, own)}

    return case


def _nothing(_view: Value, _fact: Fact) -> dict[str, object]:
    """The view does not show what this tells."""
    return {}


LIST_CASES: Final[
    Mapping[type[Fact], Callable[[SnapshotView, Fact], dict[str, object]]]
] = MappingProxyType(
    {
        CallStarted: _row,
        CallChanged: _row,
        CallEnded: _row,
        EventNoted: _nothing,
        NoteWritten: _nothing,
        LegOpened: _nothing,
        GapFound: _nothing,
        LegCompleted: _nothing,
        LegSealed: _nothing,
        UtteranceFinalised: _nothing,
        ToneHeard: _typed,
        DraftRevised: _summed_up,
        EditConflicted: _nothing,
        IncidentConfirmed: _nothing,
        DeliveryChanged: _nothing,
        NarrativeChanged: _nothing,
        IncidentSummarised: _nothing,
        MessageChanged: _nothing,
        TextBackChanged: _text_back,
        ConsentRecorded: _nothing,
        LinkChanged: _nothing,
        CallerLocated: _nothing,
        ViewingChanged: _nothing,
        UploadChanged: _nothing,
        ResponderLinkChanged: _nothing,
    }
)  # fmt: skip
"""What each kind of fact does to the call list."""

CALL_CASES: Final[
    Mapping[type[Fact], Callable[[OpenCallView, Fact], dict[str, object]]]
] = MappingProxyType(
    {
        CallStarted: _call,
        CallChanged: _call,
        CallEnded: _call,
        EventNoted: _event,
        NoteWritten: _note,
        # A call's legs come with the call itself; gaps with its recording.
        LegOpened: _nothing,
        GapFound: _nothing,
        LegCompleted: _nothing,
        LegSealed: _nothing,
        UtteranceFinalised: _words,
        ToneHeard: _tone,
        DraftRevised: _draft,
        # Told to whoever looks at that moment; what was typed is in the field's history.
        EditConflicted: _nothing,
        IncidentConfirmed: _confirmation,
        DeliveryChanged: _delivery,
        NarrativeChanged: _narrative,
        # It says of a confirmation what the confirmation itself says.
        IncidentSummarised: _nothing,
        MessageChanged: _listed("messages", "message", "message_id"),
        # The queue is part of the call list.
        TextBackChanged: _nothing,
        ConsentRecorded: _listed("consents", "consent", "consent_id"),
        LinkChanged: _listed("links", "link", "link_id"),
        CallerLocated: _listed("fixes", "fix", "fix_id"),
        ViewingChanged: _listed("viewings", "viewing", "viewing_id"),
        UploadChanged: _listed("uploads", "upload", "upload_id"),
        ResponderLinkChanged: _listed("responder_links", "link", "link_id"),
    }
)  # fmt: skip
"""What each kind of fact does to an open call."""
